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
 * key_take() - take the key that follows the word "key", and wipe the word
 * @cli: run
 * @key: filled; "-" reads it from the standard input
 *
 * Return: exit code
 */
int key_take(struct cli *cli, struct key *key);

/**
 * key_take_file() - take the key from the file that follows "key-file"
 * @cli: run
 * @key: filled
 *
 * Return: exit code
 */
int key_take_file(struct cli *cli, struct key *key);

/**
 * key_wipe() - forget a key
 * @key: key
 */
void key_wipe(struct key *key);

#endif
