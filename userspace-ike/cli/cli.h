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

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "client.h"

enum {
	CLI_OK,
	CLI_FAILED,
	CLI_USAGE,
};

#define CLI_ERROR_LEN 1024

/**
 * struct cli - one run of the command
 * @argc: words not yet taken
 * @argv: the words; a key among them is wiped when it is taken
 * @json: print JSON
 * @stats: print more
 * @timeout: seconds to wait for ipsecxd
 * @socket: where ipsecxd listens
 * @out: where the output goes
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
	char error[CLI_ERROR_LEN];
};

/**
 * struct cli_word - a word that may come next
 * @name: it or a beginning of it that no other word has
 * @take: takes what belongs to it; the word itself is taken already
 * @needed: it must not be missing
 * @again: it may come more than once
 */
struct cli_word {
	const char *name;
	int (*take)(struct cli *cli, void *obj);
	bool needed;
	bool again;
};

#define CLI_WORD(word, fn, ...)                           \
	{                                                 \
		.name = (word), .take = (fn), __VA_ARGS__ \
	}

/* More words than that no command has. */
#define CLI_WORDS_MAX 32

/**
 * cli_fail() - note that something does not work
 * @cli: run
 * @fmt: explanation
 *
 * Return: CLI_FAILED
 */
int cli_fail(struct cli *cli, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * cli_usage() - note that the words make no sense
 * @cli: run
 * @fmt: explanation
 *
 * Return: CLI_USAGE
 */
int cli_usage(struct cli *cli, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * cli_options() - take the options out of the words
 * @cli: run, with all of argv but the program's name; @cli->argv is rearranged
 *
 * Return: exit code
 */
int cli_options(struct cli *cli);

/**
 * cli_next() - take a word
 * @cli: run
 *
 * Return: the word, or NULL when none is left.
 */
char *cli_next(struct cli *cli);

/**
 * cli_value() - take a word that must be there
 * @cli: run
 * @after: the word before, for the explanation
 * @what: what is expected
 *
 * Return: the word, or NULL after explaining.
 */
char *cli_value(struct cli *cli, const char *after, const char *what);

/**
 * cli_shown() - a word as it may be repeated in an explanation
 * @word: any word
 *
 * Return: @word, or a substitute if it looks like a piece of a key.
 */
const char *cli_shown(const char *word);

/**
 * cli_command() - take a word and do what it stands for
 * @cli: run
 * @words: what is known, ends in a NULL name
 * @fallback: to do when no word is left
 *
 * Return: exit code
 */
int cli_command(struct cli *cli, const struct cli_word *words,
		const struct cli_word *fallback);

/**
 * cli_words() - take all words that are left
 * @cli: run
 * @words: what is known, ends in a NULL name
 * @obj: what the words describe
 *
 * Return: exit code
 */
int cli_words(struct cli *cli, const struct cli_word *words, void *obj);

/**
 * cli_count() - take a number of 64 bits, not 0
 * @cli: run
 * @after: the word before
 * @value: set
 *
 * Return: exit code
 */
int cli_count(struct cli *cli, const char *after, uint64_t *value);

/**
 * cli_number() - take a number
 * @cli: run
 * @after: the word before
 * @min: smallest
 * @max: largest
 * @value: set
 *
 * Return: exit code
 */
int cli_number(struct cli *cli, const char *after, uint32_t min, uint32_t max,
	       uint32_t *value);

/**
 * cli_device() - find a device by its name
 * @cli: run
 * @ifname: name
 * @ifindex: set
 *
 * Return: exit code
 */
int cli_device(struct cli *cli, const char *ifname, uint32_t *ifindex);

/**
 * cli_open() - open a socket to the kernel
 * @cli: run
 * @nl: set
 *
 * Return: exit code
 */
int cli_open(struct cli *cli, struct ipsecx_nl **nl);

/**
 * cli_result() - the outcome of a call to the kernel
 * @cli: run
 * @nl: socket
 * @rc: what the call returned
 *
 * Return: exit code
 */
int cli_result(struct cli *cli, const struct ipsecx_nl *nl, int rc);

/* The commands; @obj is not used. Each returns an exit code. */
int cli_show(struct cli *cli, void *obj);
int cli_policy(struct cli *cli, void *obj);
int cli_sa(struct cli *cli, void *obj);
int cli_link(struct cli *cli, void *obj);
int cli_spi(struct cli *cli, void *obj);
int cli_socket(struct cli *cli, void *obj);
int cli_monitor(struct cli *cli, void *obj);
int cli_caps(struct cli *cli, void *obj);
int cli_up(struct cli *cli, void *obj);
int cli_down(struct cli *cli, void *obj);
int cli_status(struct cli *cli, void *obj);
int cli_reload(struct cli *cli, void *obj);
int cli_help(struct cli *cli, void *obj);

/**
 * cli_run() - do what the words say
 * @cli: run, options taken
 *
 * Return: exit code
 */
int cli_run(struct cli *cli);

#endif
