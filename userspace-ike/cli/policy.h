/* SPDX-License-Identifier: MIT */
/* The words of `ipsecx policy`. */
#ifndef IPSECX_CLI_POLICY_H
#define IPSECX_CLI_POLICY_H

#include "target.h"

/**
 * struct policy_words - what the words have said
 * @target: the device, and the policy if it is not new
 * @policy: the rest
 */
struct policy_words {
	struct target target;
	struct ipsecx_policy policy;
};

/**
 * policy_parse_add() - read the words after `policy add`
 * @cli: run
 * @pw: zeroed; filled
 *
 * Return: exit code
 */
int policy_parse_add(struct cli *cli, struct policy_words *pw);

/**
 * policy_parse_set() - read the words after `policy set`
 * @cli: run
 * @pw: zeroed; filled
 *
 * Return: exit code
 */
int policy_parse_set(struct cli *cli, struct policy_words *pw);

/**
 * policy_complete() - fill up where a policy goes, which changes as a whole
 * @policy: what shall change
 * @old: what the kernel has
 */
void policy_complete(struct ipsecx_policy *policy,
		     const struct ipsecx_policy *old);

#endif
