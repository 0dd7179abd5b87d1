/* SPDX-License-Identifier: MIT */
/* Output for people. */
#ifndef IPSECX_CLI_TEXT_H
#define IPSECX_CLI_TEXT_H

#include "cli.h"
#include "enums.h"

#define TEXT_LEN	32
#define TEXT_IFNAME_LEN 32

/**
 * text_bytes() - an amount of bytes
 * @bytes: amount
 * @to: at least TEXT_LEN
 *
 * Return: @to, such as "1.18 MiB"
 */
const char *text_bytes(uint64_t bytes, char *to);

/**
 * text_seconds() - a span of time
 * @seconds: span
 * @to: at least TEXT_LEN
 *
 * Return: @to, such as "3h 5m": the two largest units that count
 */
const char *text_seconds(uint32_t seconds, char *to);

/**
 * text_name() - the name of a number, or the number
 * @names: which enum
 * @value: number
 * @to: at least TEXT_LEN
 */
const char *text_name(const struct ipsecx_names *names, uint32_t value,
		      char *to);

/**
 * text_ifname() - the name of a device, or "ifN" when it is gone
 * @ifindex: of the device
 * @to: at least TEXT_IFNAME_LEN
 */
const char *text_ifname(uint32_t ifindex, char *to);

/**
 * text_safe() - write a string from outside; nothing in it can drive a terminal
 * @text: string
 * @out: where
 */
void text_safe(const char *text, FILE *out);

/**
 * text_policy() - write a policy and its selectors
 * @cli: run
 * @policy: policy
 */
void text_policy(const struct cli *cli, const struct ipsecx_policy *policy);

/**
 * text_sa() - write an SA
 * @cli: run
 * @sa: SA
 */
void text_sa(const struct cli *cli, const struct ipsecx_sa *sa);

/**
 * text_device() - write a device
 * @cli: run
 * @dev: device
 */
void text_device(const struct cli *cli, const struct ipsecx_device *dev);

#endif
