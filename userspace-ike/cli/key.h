/* SPDX-License-Identifier: MIT */
/* Reading keys without leaving them behind. */
#ifndef IPSECX_CLI_KEY_H
#define IPSECX_CLI_KEY_H

#include "cli.h"

#define KEY_MAX 64

struct key {
	size_t len;
	uint8_t bytes[KEY_MAX];
};

/*
 * Take the key that follows the word @name: digits, which are wiped there, or
 * "-" for the standard input; after a word that ends in "-file", a file.
 */
int key_take(struct cli *cli, struct key *key, const char *name);
void key_wipe(struct key *key);

#endif
