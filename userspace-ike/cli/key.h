/* SPDX-License-Identifier: MIT */
/* Reading keys without leaving them behind. */
#ifndef IPSECX_CLI_KEY_H
#define IPSECX_CLI_KEY_H

#include "cli.h"

/**
 * struct key - a key, wherever it came from
 * @len: bytes of it
 * @bytes: the key
 */
struct key {
	size_t len;
	uint8_t bytes[IPSECX_KEY_MAX];
};

/**
 * key_parse() - read a key from hexadecimal digits
 * @key: filled, or wiped on failure
 * @text: digits, "0x" before them or not, white space around them or not
 *
 * Return: whether it is one.
 */
bool key_parse(struct key *key, const char *text);

/**
 * key_take() - take the key that follows a word, and wipe it there
 * @cli: run
 * @key: filled; "-" reads it from the standard input
 * @name: the word
 *
 * Return: exit code
 */
int key_take(struct cli *cli, struct key *key, const char *name);

/**
 * key_take_file() - take the key from the file that follows a word
 * @cli: run
 * @key: filled
 * @name: the word
 *
 * Return: exit code
 */
int key_take_file(struct cli *cli, struct key *key, const char *name);

/**
 * key_wipe() - forget a key
 * @key: key
 */
void key_wipe(struct key *key);

#endif
