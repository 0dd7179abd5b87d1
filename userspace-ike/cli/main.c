// SPDX-License-Identifier: MIT
/* ipsecx: show and change what IPsec protects. */
#include <string.h>

#include "cli.h"
#include "help.h"

#define CTL_SOCKET "/run/ipsecx/ctl.sock"

/* Connecting by IKE may retransmit for a while. */
#define CTL_TIMEOUT 60

static const char *const help_options[] = { "-h", "-help", "--help" };
static const char *const version_options[] = { "-V", "-Version", "--version" };

static bool is_one_of(const char *word, const char *const *list, size_t n)
{
	while (n--)
		if (word && !strcmp(word, list[n]))
			return true;
	return false;
}

int main(int argc, char **argv)
{
	struct cli cli = {
		.argc = argc ? argc - 1 : 0,
		.argv = argv + 1,
		.timeout = CTL_TIMEOUT,
		.socket = CTL_SOCKET,
		.out = stdout,
	};
	int rc;

	if (is_one_of(argv[1], help_options, 3))
		return help_print(stdout, NULL);
	if (is_one_of(argv[1], version_options, 3))
		return help_version(stdout);
	rc = cli_options(&cli);
	if (!rc)
		rc = cli_run(&cli);
	if (!rc && fflush(stdout))
		rc = cli_fail(&cli, "cannot write the output: %m");
	if (rc)
		fprintf(stderr, "ipsecx: %s\n", cli.error);
	return rc;
}
