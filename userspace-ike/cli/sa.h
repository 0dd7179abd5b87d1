/* SPDX-License-Identifier: MIT */
/* The words of `ipsecx sa`. */
#ifndef IPSECX_CLI_SA_H
#define IPSECX_CLI_SA_H

#include "key.h"
#include "target.h"

/**
 * struct sa_words - what the words have said
 * @target: the device, and the SA if it is not new
 * @sa: the rest
 * @key: the key, which the caller wipes
 * @integ_key: likewise, of the integrity algorithm
 */
struct sa_words {
	struct target target;
	struct ipsecx_sa sa;
	struct key key;
	struct key integ_key;
};

/**
 * sa_parse_add() - read the words after `sa add`
 * @cli: run
 * @sw: zeroed; filled
 *
 * Return: exit code
 */
int sa_parse_add(struct cli *cli, struct sa_words *sw);

#endif
