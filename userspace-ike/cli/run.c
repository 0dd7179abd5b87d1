// SPDX-License-Identifier: MIT
/* The commands by name, and what they share. */
#include "cli.h"

static const struct cli_word commands[] = {
	{ "show", cli_show },
	{ "link", cli_command, .words = link_commands, .what = "'set'" },
	{ "policy", cli_command, .words = policy_commands },
	{ "sa", cli_command, .words = sa_commands },
	{ "spi", cli_command, .words = spi_commands,
	  .what = "'alloc' or 'free'" },
	{ "socket", cli_socket },
	{ "monitor", cli_monitor },
	{ "caps", cli_caps },
	{ "up", cli_daemon, .min = 1, .max = 2 },
	{ "down", cli_daemon, .min = 1, .max = 2 },
	{ "status", cli_daemon, .max = 1 },
	{ "reload", cli_daemon },
	{ "help", cli_help },
	{},
};

int cli_run(struct cli *cli)
{
	const struct cli_word all = { .words = commands };
	int rc = cli_command(cli, &all, NULL);

	ipsecx_nl_close(cli->nl);
	cli->nl = NULL;
	return rc;
}

int cli_device(struct cli *cli, const char *ifname, uint32_t *ifindex)
{
	*ifindex = if_nametoindex(ifname);
	if (*ifindex)
		return CLI_OK;
	return cli_fail(cli,
			"there is no device '%s' (ip link add %s type ipsecx)",
			ifname, ifname);
}

int cli_open(struct cli *cli)
{
	char error[IPSECX_NL_ERROR_LEN];

	if (cli->nl || !ipsecx_nl_open(&cli->nl, error, sizeof(error)))
		return CLI_OK;
	return cli_fail(cli, "%s", error);
}

int cli_result(struct cli *cli, int rc)
{
	return rc ? cli_fail(cli, "%s", ipsecx_nl_error(cli->nl)) : CLI_OK;
}

int cli_ask(struct cli *cli, uint8_t cmd, void *obj)
{
	int rc = cli_open(cli);

	return rc ? rc : cli_result(cli, ipsecx_command(cli->nl, cmd, obj));
}
