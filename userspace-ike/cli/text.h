/* SPDX-License-Identifier: MIT */
/*
 * Output for people. What returns a string keeps it until 16 more have been
 * made; "ifN" is a device that is gone, a number one of a newer kernel.
 */
#ifndef IPSECX_CLI_TEXT_H
#define IPSECX_CLI_TEXT_H

#include "cli.h"

const char *text_format(const char *fmt, ...)
	__attribute__((format(printf, 1, 2)));
/* such as "1.18 MiB" */
const char *text_bytes(uint64_t bytes);
/* such as "3h 5m": the two largest units that count */
const char *text_seconds(uint32_t seconds);
const char *text_name(const struct ipsecx_names *names, uint32_t value);
const char *text_ifname(uint32_t ifindex);

/* write a string from outside; nothing in it can drive a terminal */
void text_safe(const char *text, FILE *out);
void text_policy(const struct cli *cli, const struct ipsecx_policy *policy);
void text_sa(const struct cli *cli, const struct ipsecx_sa *sa);
void text_device(const struct cli *cli, const struct ipsecx_device *dev);

#endif
