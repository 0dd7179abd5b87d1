// SPDX-License-Identifier: MIT
/* Words of the command line, iproute2's way: unique beginnings will do. */
#include <ctype.h>
#include <errno.h>
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

static bool is_beginning(const char *word, const char *name)
{
	return *word && !strncmp(word, name, strlen(word));
}

static const char *list_separator(bool inside, bool last)
{
	if (!inside)
		return "";
	return last ? " or " : ", ";
}

/* The names of all words that begin with @start: "a, b or c". */
static void list_words(const struct cli_word *words, const char *start,
		       char *to, size_t len)
{
	const struct cli_word *w, *last = NULL;
	size_t at = 0;

	for (w = words; w->name; w++)
		if (!strncmp(start, w->name, strlen(start)))
			last = w;
	to[0] = 0;
	for (w = words; w->name && at < len; w++)
		if (!strncmp(start, w->name, strlen(start)))
			at += snprintf(to + at, len - at, "%s%s",
				       list_separator(at, w == last), w->name);
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
		if (!is_beginning(word, w->name))
			continue;
		unique = unique && (!found || found->take == w->take);
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

int cli_command(struct cli *cli, const struct cli_word *words,
		const struct cli_word *fallback)
{
	const struct cli_word *w = fallback;

	if (cli->argc)
		w = find_word(cli, cli_next(cli), words);
	return w ? w->take(cli, NULL) : CLI_USAGE;
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
		rc = w->take(cli, obj);
		if (rc)
			return rc;
	}
	for (w = words; w->name; w++)
		if (w->needed && !seen[w - words])
			return cli_usage(cli, "'%s' is missing", w->name);
	return CLI_OK;
}

static bool parse_count(const char *word, uint64_t min, uint64_t max,
			uint64_t *value)
{
	char *end;

	errno = 0;
	*value = strtoull(word, &end, 0);
	return !errno && !*end && isdigit((unsigned char)*word) &&
	       *value >= min && *value <= max;
}

static bool parse_number(const char *word, uint32_t min, uint32_t max,
			 uint32_t *value)
{
	uint64_t number;

	if (!parse_count(word, min, max, &number))
		return false;
	*value = number;
	return true;
}

int cli_count(struct cli *cli, const char *after, uint64_t *value)
{
	const char *word = cli_value(cli, after, "a number");

	if (!word)
		return CLI_USAGE;
	if (!parse_count(word, 1, UINT64_MAX, value))
		return cli_usage(cli, "'%s' needs a number from 1 on, not '%s'",
				 after, cli_shown(word));
	return CLI_OK;
}

int cli_number(struct cli *cli, const char *after, uint32_t min, uint32_t max,
	       uint32_t *value)
{
	const char *word = cli_value(cli, after, "a number");

	if (!word)
		return CLI_USAGE;
	if (!parse_number(word, min, max, value))
		return cli_usage(cli,
				 "'%s' needs a number from %u to %u, not '%s'",
				 after, min, max, cli_shown(word));
	return CLI_OK;
}
