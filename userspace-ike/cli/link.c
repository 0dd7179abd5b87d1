// SPDX-License-Identifier: MIT
/* ipsecx link: what iproute2 has no words for in a device of this kind. */
#include <string.h>

#include <linux/if_ipsecx.h>

#include "help.h"
#include "link.h"
#include "object.h"

/* a number, or the word @what that stands for @instead */
static int take_or(struct cli *cli, const struct cli_word *w,
		   struct object *obj, uint64_t instead)
{
	if (!cli->argc || strcmp(cli->argv[0], w->what))
		return object_value(cli, w, obj);
	cli_next(cli);
	ipsecx_field_set(w->field, &obj->device, instead);
	return CLI_OK;
}

static int word_ttl(struct cli *cli, const struct cli_word *w, void *obj)
{
	return take_or(cli, w, obj, 0);
}

static int word_dscp(struct cli *cli, const struct cli_word *w, void *obj)
{
	return take_or(cli, w, obj, IPSECX_DSCP_COPY);
}

static const struct cli_word set_words[] = {
	{ OBJECT_DEV, .needed = true },
	{ "fwmark", .attrs = IPSECX_HAS(DEVICE_FWMARK) },
	{ "ttl", word_ttl, .attrs = IPSECX_HAS(DEVICE_TTL), .min = 1,
	  .what = "default" },
	{ "dscp", word_dscp, .attrs = IPSECX_HAS(DEVICE_DSCP),
	  .max = IPSECX_DSCP_MAX, .what = "copy" },
	{ "df", .attrs = IPSECX_HAS(DEVICE_DF) },
	{},
};

static int link_set(struct cli *cli, const struct cli_word *w, void *unused)
{
	struct object obj = { 0 };
	int rc = object_words(cli, IPSECX_CMD_DEVICE_GET, set_words, &obj);

	if (!rc)
		rc = cli_device(cli, obj.dev, &obj.device.ifindex);
	if (rc)
		return rc;
	rc = ipsecx_nl_open_route(&cli->nl);
	if (rc)
		return cli_fail(cli, "cannot open a socket: %s", strerror(-rc));
	return cli_result(cli, ipsecx_link_set(cli->nl, &obj.device));
}

const struct cli_word link_commands[] = {
	{ "set", link_set },
	{ "help", help_word, .what = "link" },
	{},
};
