// SPDX-License-Identifier: MIT
/* Words of the command line, iproute2's way: unique beginnings will do. */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

int cli_fail(struct cli *cli, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(cli->error, sizeof(cli->error), fmt, ap);
	va_end(ap);
	return CLI_FAILED;
}

int cli_usage(struct cli *cli, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(cli->error, sizeof(cli->error), fmt, ap);
	va_end(ap);
	return CLI_USAGE;
}

char *cli_next(struct cli *cli)
{
	if (!cli->argc)
		return NULL;
	cli->argc--;
	return *cli->argv++;
}

char *cli_value(struct cli *cli, const char *after, const char *what)
{
	if (!cli->argc)
		cli_usage(cli, "%s after '%s' is missing", what, after);
	return cli_next(cli);
}

const char *cli_shown(const char *word)
{
	size_t hex = strspn(word, "0123456789abcdefABCDEFxX");

	return hex >= 8 && !word[hex] ? "..." : word;
}

static bool begins(const char *name, const char *start)
{
	return !strncmp(start, name, strlen(start));
}

/* The names of all words that begin with @start: "a, b or c". */
static void list_words(const struct cli_word *words, const char *start,
		       char *to, size_t len)
{
	const struct cli_word *w, *last = NULL;
	size_t at = 0;

	for (w = words; w->name; w++)
		if (begins(w->name, start))
			last = w;
	to[0] = 0;
	for (w = words; w->name && at < len; w++)
		if (begins(w->name, start))
			at += snprintf(to + at, len - at, "%s%s",
				       !at	 ? "" :
				       w == last ? " or " :
						   ", ",
				       w->name);
}

/* "del" and "delete" */
static bool same(const struct cli_word *a, const struct cli_word *b)
{
	return a->take == b->take && a->attrs == b->attrs &&
	       a->words == b->words && a->cmd == b->cmd;
}

/* A whole word wins over a beginning: "key" over "key-file". */
static const struct cli_word *find_word(struct cli *cli, const char *word,
					const struct cli_word *words)
{
	const struct cli_word *w, *found = NULL;
	bool unique = true;
	char list[512];

	for (w = words; w->name; w++) {
		if (!strcmp(word, w->name))
			return w;
		if (!*word || !begins(w->name, word))
			continue;
		unique = unique && (!found || same(found, w));
		found = w;
	}
	if (found && unique)
		return found;
	list_words(words, found ? word : "", list, sizeof(list));
	if (found)
		cli_usage(cli, "'%s' could be %s", word, list);
	else
		cli_usage(cli, "unknown word '%s'; expected %s",
			  cli_shown(word), list);
	return NULL;
}

int cli_command(struct cli *cli, const struct cli_word *word, void *obj)
{
	const struct cli_word *w = word->words;

	if (cli->argc)
		w = find_word(cli, cli_next(cli), word->words);
	else if (word->what)
		return cli_usage(cli, "%s is missing after '%s'", word->what,
				 word->name);
	return w ? w->take(cli, w, NULL) : CLI_USAGE;
}

int cli_words(struct cli *cli, const struct cli_word *words, void *obj)
{
	bool seen[CLI_WORDS_MAX] = { false };
	const struct cli_word *w;
	int rc;

	while (cli->argc) {
		w = find_word(cli, cli_next(cli), words);
		if (!w)
			return CLI_USAGE;
		if (seen[w - words] && !w->again)
			return cli_usage(cli, "'%s' comes twice", w->name);
		seen[w - words] = true;
		rc = w->take(cli, w, obj);
		if (rc)
			return rc;
	}
	for (w = words; w->name; w++)
		if (w->needed && !seen[w - words])
			return cli_usage(cli, "'%s' is missing", w->name);
	return CLI_OK;
}

int cli_number(struct cli *cli, const char *after, const char *word,
	       uint64_t min, uint64_t max, uint64_t *value)
{
	char *end;

	errno = 0;
	*value = strtoull(word, &end, 0);
	if (!errno && !*end && isdigit((unsigned char)*word) && *value >= min &&
	    *value <= max)
		return CLI_OK;
	return cli_usage(cli,
			 "'%s' needs a number from %" PRIu64 " to %" PRIu64
			 ", not '%s'",
			 after, min, max, cli_shown(word));
}
