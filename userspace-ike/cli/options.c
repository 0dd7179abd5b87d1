// SPDX-License-Identifier: MIT
/* Options; they may stand before, between and after the words. */
#include <string.h>

#include "cli.h"

static int option_json(struct cli *cli, void *obj)
{
	cli->json = true;
	return CLI_OK;
}

static int option_stats(struct cli *cli, void *obj)
{
	cli->stats = true;
	return CLI_OK;
}

static int option_timeout(struct cli *cli, void *obj)
{
	return cli_number(cli, "-t", 1, 86400, &cli->timeout);
}

static int option_socket(struct cli *cli, void *obj)
{
	cli->socket = cli_value(cli, "-S", "the path of a socket");
	return cli->socket ? CLI_OK : CLI_USAGE;
}

static const struct {
	const char *brief, *name;
	int (*take)(struct cli *cli, void *obj);
} options[] = {
	{ "-j", "-json", option_json },
	{ "-s", "-statistics", option_stats },
	{ "-s", "-stats", option_stats },
	{ "-t", "-timeout", option_timeout },
	{ "-S", "-socket", option_socket },
};

static int take_option(struct cli *cli, const char *word)
{
	/* iproute2 has one dash before long names, everybody else two. */
	const char *name = word[1] == '-' ? word + 1 : word;
	size_t i;

	for (i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (!strcmp(word, options[i].brief) ||
		    !strcmp(name, options[i].name))
			return options[i].take(cli, NULL);
	return cli_usage(cli, "unknown option '%s'; expected -j, -s, -t or -S",
			 cli_shown(word));
}

/* A lone dash is a word: the key comes from the standard input. */
static bool is_option(const char *word)
{
	return word[0] == '-' && word[1];
}

int cli_options(struct cli *cli)
{
	char **words = cli->argv, **argv = cli->argv;
	int n = 0, rc;

	while (cli->argc) {
		char *word = cli_next(cli);

		if (is_option(word)) {
			rc = take_option(cli, word);
			if (rc)
				return rc;
		} else {
			words[n++] = word;
		}
	}
	cli->argv = argv;
	cli->argc = n;
	return CLI_OK;
}
