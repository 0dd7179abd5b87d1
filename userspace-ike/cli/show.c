// SPDX-License-Identifier: MIT
/* ipsecx show: devices, their policies, the policies' SAs. */
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "list.h"
#include "text.h"

/* the objects of all kinds that devices have, and the devices */
struct all {
	struct list devices;
	struct list policies;
	struct list sas;
};

static json_t *device_json(const struct all *all,
			   const struct ipsecx_device *dev)
{
	json_t *value = json_told(IPSECX_CMD_DEVICE_GET, dev);

	json_object_set_new(value, "policy",
			    list_json(&all->policies, dev->ifindex));
	json_object_set_new(value, "sa", list_json(&all->sas, dev->ifindex));
	return value;
}

static void policy_text(const struct cli *cli, const struct all *all,
			const struct ipsecx_policy *policy)
{
	const struct ipsecx_sa *sa = all->sas.item;
	size_t i;

	fputc('\n', cli->out);
	text_policy(cli, policy);
	for (i = 0; i < all->sas.n; i++, sa++)
		if (sa->ifindex == policy->ifindex && sa->policy == policy->id)
			text_sa(cli, sa);
}

static void device_text(const struct cli *cli, const struct all *all,
			const struct ipsecx_device *dev)
{
	const struct ipsecx_policy *policy = all->policies.item;
	size_t i;

	text_device(cli, dev);
	for (i = 0; i < all->policies.n; i++, policy++)
		if (policy->ifindex == dev->ifindex)
			policy_text(cli, all, policy);
}

static int print(struct cli *cli, const struct all *all)
{
	const struct ipsecx_device *dev = all->devices.item;
	json_t *array = cli->json ? json_array() : NULL;
	size_t i;

	for (i = 0; i < all->devices.n; i++, dev++) {
		if (cli->json) {
			json_array_append_new(array, device_json(all, dev));
			continue;
		}
		if (i)
			fputc('\n', cli->out);
		device_text(cli, all, dev);
	}
	return cli->json ? json_print(cli, array) : CLI_OK;
}

static int read_all(struct cli *cli, const char *dev, struct all *all)
{
	uint32_t ifindex = 0;
	int rc = cli_open(cli);

	if (!rc && dev)
		rc = cli_device(cli, dev, &ifindex);
	all->devices.want.head.ifindex = ifindex;
	all->policies.want.head.ifindex = ifindex;
	all->sas.want.head.ifindex = ifindex;
	if (!rc)
		rc = list_read(cli, &all->devices);
	if (!rc)
		rc = list_read(cli, &all->policies);
	return rc ? rc : list_read(cli, &all->sas);
}

int cli_show(struct cli *cli, const struct cli_word *w, void *obj)
{
	const char *word = cli_next(cli);
	struct all all = {
		.devices.cmd = IPSECX_CMD_DEVICE_GET,
		.policies.cmd = IPSECX_CMD_POLICY_GET,
		.sas.cmd = IPSECX_CMD_SA_GET,
	};
	int rc;

	/* `show dev ipsec0` means the same as `show ipsec0`. */
	if (word && cli->argc && !strcmp(word, "dev"))
		word = cli_next(cli);
	if (cli->argc)
		return cli_usage(cli,
				 "expected nothing after the device, not '%s'",
				 cli_shown(cli->argv[0]));
	rc = read_all(cli, word, &all);
	if (!rc)
		rc = print(cli, &all);
	free(all.devices.item);
	free(all.policies.item);
	free(all.sas.item);
	return rc;
}
