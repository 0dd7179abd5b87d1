// SPDX-License-Identifier: MIT
/* ipsecx: show and change what IPsec protects. */
#include "cli.h"

#define CTL_SOCKET "/run/ipsecx/ctl.sock"

/* Connecting by IKE may retransmit for a while. */
#define CTL_TIMEOUT 60

int main(int argc, char **argv)
{
	struct cli cli = {
		.argc = argc,
		.argv = argv,
		.timeout = CTL_TIMEOUT,
		.socket = CTL_SOCKET,
		.out = stdout,
	};
	int rc = cli_options(&cli);

	if (!rc)
		rc = cli_run(&cli);
	if (!rc && fflush(stdout))
		rc = cli_fail(&cli, "cannot write the output: %m");
	if (rc)
		fprintf(stderr, "ipsecx: %s\n", cli.error);
	return rc;
}
