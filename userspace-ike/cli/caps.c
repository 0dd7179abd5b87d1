// SPDX-License-Identifier: MIT
/* ipsecx caps: what this kernel can do. */
#include "help.h"
#include "json.h"
#include "text.h"

static void encr_text(const struct cli *cli, const struct ipsecx_encr_cap *encr)
{
	unsigned int i;

	fprintf(cli->out,
		"encr %s: ", text_name(&ipsecx_encr_names, encr->encr));
	for (i = 0; i < encr->n_key_length; i++)
		fprintf(cli->out, "%s %u", i ? "," : "keys of",
			encr->key_length[i]);
	fputs(i ? " bytes, salt included; driver " : "no key; driver ",
	      cli->out);
	text_safe(encr->driver, cli->out);
	fputs(encr->async ? ", asynchronous\n" : "\n", cli->out);
}

static void integ_text(const struct cli *cli,
		       const struct ipsecx_integ_cap *integ)
{
	fprintf(cli->out, "integ %s: keys of %u bytes; driver ",
		text_name(&ipsecx_integ_names, integ->integ),
		integ->key_length);
	text_safe(integ->driver, cli->out);
	fputc('\n', cli->out);
}

static int caps_print(struct cli *cli, const struct ipsecx_cap *cap)
{
	unsigned int i;

	if (cli->json)
		return json_print(cli, json_told(IPSECX_CMD_CAP_GET, cap));
	for (i = 0; i < cap->n_encr_cap; i++)
		encr_text(cli, &cap->encr_cap[i]);
	for (i = 0; i < cap->n_integ_cap; i++)
		integ_text(cli, &cap->integ_cap[i]);
	fprintf(cli->out, "replay window: up to %u packets\n",
		cap->max_replay_window);
	return CLI_OK;
}

int cli_caps(struct cli *cli, const struct cli_word *w, void *obj)
{
	struct ipsecx_cap cap = { 0 };
	int rc;

	if (cli->argc)
		return help_only(cli, "caps");
	rc = cli_ask(cli, IPSECX_CMD_CAP_GET, &cap);
	return rc ? rc : caps_print(cli, &cap);
}
