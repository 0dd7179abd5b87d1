/* SPDX-License-Identifier: MIT */
/* Addresses, ranges of them, ports and protocols as people write them. */
#ifndef IPSECX_CLI_ADDRESS_H
#define IPSECX_CLI_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client.h"

/* Room for "first-last" of IPv6, and for a selector. */
#define ADDRESS_LEN  48
#define RANGE_LEN    (2 * ADDRESS_LEN)
#define SELECTOR_LEN (2 * RANGE_LEN + 64)

/**
 * address_parse() - read an address
 * @word: "192.0.2.1" or "2001:db8::1"
 * @addr: filled
 *
 * Return: whether it is one.
 */
bool address_parse(const char *word, struct ipsecx_addr *addr);

/**
 * address_text() - write an address
 * @addr: address, or none
 * @to: at least ADDRESS_LEN
 *
 * Return: @to
 */
const char *address_text(const struct ipsecx_addr *addr, char *to);

/**
 * range_parse() - read a range of addresses
 * @word: "any", an address, a prefix or "first-last"
 * @start: filled; none for any
 * @end: filled
 *
 * Return: NULL, or what is wrong with it.
 */
const char *range_parse(const char *word, struct ipsecx_addr *start,
			struct ipsecx_addr *end);

/**
 * range_text() - write a range of addresses the shortest way
 * @start: first, or none for any
 * @end: last
 * @to: at least RANGE_LEN
 *
 * Return: @to
 */
const char *range_text(const struct ipsecx_addr *start,
		       const struct ipsecx_addr *end, char *to);

/**
 * ports_parse() - read a range of ports
 * @word: "any", a port or "first-last"
 * @start: set
 * @end: set
 *
 * Return: whether it is one.
 */
bool ports_parse(const char *word, uint16_t *start, uint16_t *end);

/**
 * protocol_parse() - read an IP protocol
 * @word: number, name or "any"
 * @protocol: set
 *
 * Return: whether it is one.
 */
bool protocol_parse(const char *word, uint8_t *protocol);

/**
 * protocol_text() - write an IP protocol
 * @protocol: number
 * @to: at least 8 bytes
 *
 * Return: a name, or the number in @to.
 */
const char *protocol_text(uint8_t protocol, char *to);

/**
 * selector_text() - write a selector
 * @sel: selector
 * @to: at least SELECTOR_LEN
 *
 * Return: @to
 */
const char *selector_text(const struct ipsecx_selector *sel, char *to);

#endif
