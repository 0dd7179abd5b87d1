// SPDX-License-Identifier: MIT
/* The commands by name, and what they share. */
#include <errno.h>
#include <net/if.h>

#include "cli.h"

/* clang-format off */
static const struct cli_word commands[] = {
	CLI_WORD("show", cli_show),
	CLI_WORD("link", cli_link),
	CLI_WORD("policy", cli_policy),
	CLI_WORD("sa", cli_sa),
	CLI_WORD("spi", cli_spi),
	CLI_WORD("socket", cli_socket),
	CLI_WORD("monitor", cli_monitor),
	CLI_WORD("caps", cli_caps),
	CLI_WORD("up", cli_up),
	CLI_WORD("down", cli_down),
	CLI_WORD("status", cli_status),
	CLI_WORD("reload", cli_reload),
	CLI_WORD("help", cli_help),
	{},
};
/* clang-format on */

int cli_run(struct cli *cli)
{
	return cli_command(cli, commands, &commands[0]);
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

int cli_open(struct cli *cli, struct ipsecx_nl **nl)
{
	char error[IPSECX_NL_ERROR_LEN];

	if (!ipsecx_nl_open(nl, error, sizeof(error)))
		return CLI_OK;
	return cli_fail(cli, "%s", error);
}

int cli_result(struct cli *cli, const struct ipsecx_nl *nl, int rc)
{
	if (!rc)
		return CLI_OK;
	return cli_fail(cli, "%s", ipsecx_nl_error(nl));
}
