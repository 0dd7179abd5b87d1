// SPDX-License-Identifier: MIT
/* Options; they may stand before, between and after the words. */
#include <getopt.h>
#include <stdlib.h>

#include "cli.h"
#include "help.h"

/* iproute2 has one dash before long names, everybody else two. */
static const struct option options[] = {
	{ "json", no_argument, NULL, 'j' },
	{ "statistics", no_argument, NULL, 's' },
	{ "stats", no_argument, NULL, 's' },
	{ "timeout", required_argument, NULL, 't' },
	{ "socket", required_argument, NULL, 'S' },
	{ "help", no_argument, NULL, 'h' },
	{ "Version", no_argument, NULL, 'V' },
	{ "version", no_argument, NULL, 'V' },
	{},
};

/* getopt leaves the letter of a short option, and nothing of a long one. */
static int refuse(struct cli *cli, int option)
{
	char brief[] = { '-', (char)optopt, 0 };
	const char *word = optopt ? brief : cli->argv[optind - 1];

	if (option == ':')
		return cli_usage(cli, "a value after '%s' is missing", word);
	return cli_usage(cli, "unknown option '%s'; expected -j, -s, -t or -S",
			 cli_shown(word));
}

static int take(struct cli *cli, int option)
{
	uint64_t seconds = 0;
	int rc = CLI_OK;

	switch (option) {
	case 'j':
		cli->json = true;
		return CLI_OK;
	case 's':
		cli->stats = true;
		return CLI_OK;
	case 't':
		rc = cli_number(cli, "-t", optarg, 1, 86400, &seconds);
		cli->timeout = seconds;
		return rc;
	case 'S':
		cli->socket = optarg;
		return CLI_OK;
	case 'h':
		exit(help_print(cli->out, NULL));
	case 'V':
		exit(help_version(cli->out));
	default:
		return refuse(cli, option);
	}
}

int cli_options(struct cli *cli)
{
	int option, rc = CLI_OK;

	opterr = 0;
	optind = 0;
	while (!rc &&
	       (option = getopt_long_only(cli->argc, cli->argv, ":jst:S:hV",
					  options, NULL)) != -1)
		rc = take(cli, option);
	cli->argc -= optind;
	cli->argv += optind;
	return rc;
}
