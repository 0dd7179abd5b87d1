/* SPDX-License-Identifier: MIT */
/*
 * The command `ipsecx`: words in, text or JSON out.
 *
 * What can fail returns an exit code: 0, CLI_FAILED when something was
 * refused or does not work, CLI_USAGE when the words make no sense. The
 * explanation waits in struct cli and main() prints it, once.
 */
#ifndef IPSECX_CLI_H
#define IPSECX_CLI_H

#include <stdio.h>

#include "client.h"

enum {
	CLI_OK,
	CLI_FAILED,
	CLI_USAGE,
};

/**
 * struct cli - one run of the command
 * @argc: words not yet taken
 * @argv: the words; a key among them is wiped when it is taken
 * @json: print JSON
 * @stats: print more
 * @timeout: seconds to wait for ipsecxd
 * @socket: where ipsecxd listens
 * @out: where the output goes
 * @nl: socket to the kernel, once it is open; cli_run() closes it
 * @error: what went wrong
 */
struct cli {
	int argc;
	char **argv;
	bool json;
	bool stats;
	unsigned int timeout;
	const char *socket;
	FILE *out;
	struct ipsecx_nl *nl;
	char error[1024];
};

/**
 * struct cli_word - a word that may come next; a table ends in a NULL name
 * @name: it or a beginning of it that no other word has
 * @take: takes what belongs to it; the word itself is taken already. Without
 *	it the word is for the one attribute in @attrs
 * @attrs: IPSECX_HAS() of what it says, see object.h
 * @min: of a number, instead of the contract's
 * @max: of a number, instead of the contract's, unless it is 0
 * @what: what is expected, for explanations; or whatever @take makes of it
 * @words: those that come after it, of a command
 * @cmd: the operation that a command is for
 * @needed: it must not be missing
 * @again: it may come more than once
 * @field: of @attrs; filled in
 */
struct cli_word {
	const char *name;
	int (*take)(struct cli *cli, const struct cli_word *word, void *obj);
	uint64_t attrs;
	uint64_t min;
	uint64_t max;
	const char *what;
	const struct cli_word *words;
	uint8_t cmd;
	bool needed;
	bool again;
	const struct ipsecx_field *field;
};

/* More words than that no command has. */
#define CLI_WORDS_MAX 48

/* note that something does not work. Return: CLI_FAILED */
int cli_fail(struct cli *cli, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* note that the words make no sense. Return: CLI_USAGE */
int cli_usage(struct cli *cli, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* take the options out of the words; argv has the program's name before them */
int cli_options(struct cli *cli);

/* take a word; NULL when none is left */
char *cli_next(struct cli *cli);
/* take a word that must be there, a @what; NULL after explaining */
char *cli_value(struct cli *cli, const char *after, const char *what);
/* a word as an explanation may repeat it: no piece of a key */
const char *cli_shown(const char *word);

/*
 * As cli_word.take: take one of @words and do what it stands for. When none is
 * left it is the first, unless @what says what is missing then.
 */
int cli_command(struct cli *cli, const struct cli_word *word, void *obj);
/* take all words that are left; they describe @obj */
int cli_words(struct cli *cli, const struct cli_word *words, void *obj);

/* read a number; @after is the word before it, for the explanation */
int cli_number(struct cli *cli, const char *after, const char *word,
	       uint64_t min, uint64_t max, uint64_t *value);

int cli_device(struct cli *cli, const char *ifname, uint32_t *ifindex);
int cli_open(struct cli *cli);
/* the outcome of a call to the kernel that returned @rc */
int cli_result(struct cli *cli, int rc);
/* open the socket if need be, run a command on its object */
int cli_ask(struct cli *cli, uint8_t cmd, void *obj);

/* the commands, as cli_word.take */
int cli_show(struct cli *cli, const struct cli_word *word, void *obj);
int cli_socket(struct cli *cli, const struct cli_word *word, void *obj);
int cli_monitor(struct cli *cli, const struct cli_word *word, void *obj);
int cli_caps(struct cli *cli, const struct cli_word *word, void *obj);
/* up, down, status and reload */
int cli_daemon(struct cli *cli, const struct cli_word *word, void *obj);
int cli_help(struct cli *cli, const struct cli_word *word, void *obj);

/* what there is of the others */
extern const struct cli_word link_commands[];
extern const struct cli_word policy_commands[];
extern const struct cli_word sa_commands[];
extern const struct cli_word spi_commands[];

/* do what the words say, options taken */
int cli_run(struct cli *cli);

#endif
