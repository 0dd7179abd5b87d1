// SPDX-License-Identifier: MIT
/* ipsecx show: devices, their policies, the policies' SAs. */
#include <string.h>

#include "json.h"
#include "snapshot.h"
#include "text.h"

/* Zero matches all. */
static bool matches(uint32_t wanted, uint32_t value)
{
	return !wanted || wanted == value;
}

static void json_add(json_t *list, const struct ipsecx_fields *fields,
		     const void *obj, uint32_t ifindex)
{
	json_array_append_new(list, json_named(fields, obj, ifindex));
}

static json_t *policies_json(const struct snapshot *snap, uint32_t ifindex,
			     uint32_t id)
{
	const struct ipsecx_policy *policy = snap->policies.item;
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < snap->policies.n; i++, policy++)
		if (matches(ifindex, policy->ifindex) &&
		    matches(id, policy->id))
			json_add(list, &ipsecx_policy_fields, policy,
				 policy->ifindex);
	return list;
}

static json_t *sas_json(const struct snapshot *snap, uint32_t ifindex,
			uint32_t id, uint32_t policy)
{
	const struct ipsecx_sa *sa = snap->sas.item;
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < snap->sas.n; i++, sa++)
		if (matches(ifindex, sa->ifindex) && matches(id, sa->id) &&
		    matches(policy, sa->policy))
			json_add(list, &ipsecx_sa_fields, sa, sa->ifindex);
	return list;
}

static void sas_text(const struct cli *cli, const struct snapshot *snap,
		     const struct ipsecx_policy *policy)
{
	const struct ipsecx_sa *sa = snap->sas.item;
	size_t i;

	for (i = 0; i < snap->sas.n; i++, sa++)
		if (sa->ifindex == policy->ifindex && sa->policy == policy->id)
			text_sa(cli, sa);
}

/* Lists of one kind name the device once, before what it has. */
static void text_heading(const struct cli *cli, uint32_t *last,
			 uint32_t ifindex)
{
	char name[TEXT_IFNAME_LEN];

	if (ifindex != *last)
		fprintf(cli->out, "%s\n", text_ifname(ifindex, name));
	*last = ifindex;
}

int snapshot_show_policies(struct cli *cli, const struct snapshot *snap,
			   uint32_t id)
{
	const struct ipsecx_policy *policy = snap->policies.item;
	uint32_t last = 0;
	size_t i;

	if (cli->json)
		return json_print(cli, policies_json(snap, 0, id));
	for (i = 0; i < snap->policies.n; i++, policy++) {
		if (!matches(id, policy->id))
			continue;
		text_heading(cli, &last, policy->ifindex);
		text_policy(cli, policy);
	}
	return CLI_OK;
}

int snapshot_show_sas(struct cli *cli, const struct snapshot *snap, uint32_t id,
		      uint32_t policy)
{
	const struct ipsecx_sa *sa = snap->sas.item;
	uint32_t last = 0;
	size_t i;

	if (cli->json)
		return json_print(cli, sas_json(snap, 0, id, policy));
	for (i = 0; i < snap->sas.n; i++, sa++) {
		if (!matches(id, sa->id) || !matches(policy, sa->policy))
			continue;
		text_heading(cli, &last, sa->ifindex);
		text_sa(cli, sa);
	}
	return CLI_OK;
}

static json_t *device_json(const struct snapshot *snap,
			   const struct ipsecx_device *dev)
{
	json_t *value = json_fields(&ipsecx_device_fields, dev);

	json_object_set_new(value, "policy",
			    policies_json(snap, dev->ifindex, 0));
	json_object_set_new(value, "sa", sas_json(snap, dev->ifindex, 0, 0));
	return value;
}

static void device_text(const struct cli *cli, const struct snapshot *snap,
			const struct ipsecx_device *dev)
{
	const struct ipsecx_policy *policy = snap->policies.item;
	size_t i;

	text_device(cli, dev);
	for (i = 0; i < snap->policies.n; i++, policy++) {
		if (policy->ifindex != dev->ifindex)
			continue;
		fputc('\n', cli->out);
		text_policy(cli, policy);
		sas_text(cli, snap, policy);
	}
}

int snapshot_show(struct cli *cli, const struct snapshot *snap)
{
	const struct ipsecx_device *dev = snap->devices.item;
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < snap->devices.n; i++, dev++) {
		if (cli->json) {
			json_array_append_new(list, device_json(snap, dev));
			continue;
		}
		if (i)
			fputc('\n', cli->out);
		device_text(cli, snap, dev);
	}
	if (cli->json)
		return json_print(cli, list);
	json_decref(list);
	return CLI_OK;
}

int cli_show(struct cli *cli, void *obj)
{
	const char *word = cli_next(cli);
	struct snapshot snap = { 0 };
	int rc;

	/* `show dev ipsec0` means the same as `show ipsec0`. */
	if (word && cli->argc && !strcmp(word, "dev"))
		word = cli_next(cli);
	if (cli->argc)
		return cli_usage(cli,
				 "expected nothing after the device, not '%s'",
				 cli_shown(cli->argv[0]));
	rc = snapshot_read(cli, &snap, word, SNAPSHOT_ALL);
	if (!rc)
		rc = snapshot_show(cli, &snap);
	snapshot_free(&snap);
	return rc;
}
