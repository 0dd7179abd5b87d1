// SPDX-License-Identifier: MIT
/* ipsecx link: what iproute2 has no words for in a device of this kind. */
#include <string.h>

#include <linux/if_ipsecx.h>

#include "enums.h"
#include "help.h"
#include "link.h"
#include "target.h"

struct link_words {
	struct target target;
	struct ipsecx_link_outside outside;
};

static int word_fwmark(struct cli *cli, void *obj)
{
	struct link_words *lw = obj;

	lw->outside.has_fwmark = true;
	return cli_number(cli, "fwmark", 0, UINT32_MAX, &lw->outside.fwmark);
}

/* a number, or a word that stands for @instead */
static int octet(struct cli *cli, const char *after, const char *word,
		 uint8_t instead, uint32_t min, uint32_t max, uint8_t *value)
{
	uint32_t number;
	int rc;

	if (cli->argc && !strcmp(cli->argv[0], word)) {
		cli_next(cli);
		*value = instead;
		return CLI_OK;
	}
	rc = cli_number(cli, after, min, max, &number);
	if (rc)
		return rc;
	*value = (uint8_t)number;
	return CLI_OK;
}

static int word_ttl(struct cli *cli, void *obj)
{
	struct link_words *lw = obj;

	lw->outside.has_ttl = true;
	return octet(cli, "ttl", "default", 0, 1, 255, &lw->outside.ttl);
}

static int word_dscp(struct cli *cli, void *obj)
{
	struct link_words *lw = obj;

	lw->outside.has_dscp = true;
	return octet(cli, "dscp", "copy", IPSECX_DSCP_COPY, 0, IPSECX_DSCP_MAX,
		     &lw->outside.dscp);
}

static int word_df(struct cli *cli, void *obj)
{
	const char *word = cli_value(cli, "df", "clear, copy or set");
	struct link_words *lw = obj;
	uint32_t df;

	if (!word)
		return CLI_USAGE;
	if (!ipsecx_name_find(&ipsecx_df_names, word, &df))
		return cli_usage(cli,
				 "unknown df '%s'; expected clear, copy or set",
				 cli_shown(word));
	lw->outside.has_df = true;
	lw->outside.df = (uint8_t)df;
	return CLI_OK;
}

static const struct cli_word set_words[] = {
	CLI_WORD("dev", target_dev, .needed = true),
	CLI_WORD("fwmark", word_fwmark),
	CLI_WORD("ttl", word_ttl),
	CLI_WORD("dscp", word_dscp),
	CLI_WORD("df", word_df),
	{},
};

static int set_outside(struct cli *cli, struct link_words *lw)
{
	int err = ipsecx_nl_open_route(&lw->target.nl);

	if (err)
		return cli_fail(cli, "cannot open a socket: %s",
				strerror(-err));
	err = ipsecx_link_set_outside(lw->target.nl, lw->target.ifindex,
				      &lw->outside);
	return target_close(cli, &lw->target, err);
}

static int link_set(struct cli *cli, void *obj)
{
	struct link_words lw = { 0 };
	int rc = cli_words(cli, set_words, &lw);

	if (!rc)
		rc = cli_device(cli, lw.target.dev, &lw.target.ifindex);
	return rc ? rc : set_outside(cli, &lw);
}

static int link_help(struct cli *cli, void *obj)
{
	return help_print(cli->out, "link");
}

static const struct cli_word commands[] = {
	CLI_WORD("set", link_set),
	CLI_WORD("help", link_help),
	{},
};

int cli_link(struct cli *cli, void *obj)
{
	if (!cli->argc)
		return cli_usage(cli, "'set' is missing after 'link'");
	return cli_command(cli, commands, NULL);
}
