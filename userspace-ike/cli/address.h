/* SPDX-License-Identifier: MIT */
/* Addresses, ranges of them, ports and protocols as people write them. */
#ifndef IPSECX_CLI_ADDRESS_H
#define IPSECX_CLI_ADDRESS_H

#include "client.h"

/* texts are text.h's: kept for a while */
bool address_parse(const char *word, struct ipsecx_addr *addr);
/* "any" for none */
const char *address_text(const struct ipsecx_addr *addr);

/*
 * "any", which fills in none, an address, a prefix or "first-last".
 * Return: NULL, or what is wrong with it.
 */
const char *range_parse(const char *word, struct ipsecx_addr *start,
			struct ipsecx_addr *end);
/* the shortest way */
const char *range_text(const struct ipsecx_addr *start,
		       const struct ipsecx_addr *end);

/* a port or "first-last" */
bool ports_parse(const char *word, uint16_t *start, uint16_t *end);
/* a name, a number, or "any", which is 0 */
bool protocol_parse(const char *word, uint8_t *protocol);
#define PROTOCOL_MH 135
/* is it ICMP or Mobility Header: message types where others have ports? */
bool protocol_has_types(uint8_t protocol);
const char *protocol_text(uint8_t protocol);
const char *selector_text(const struct ipsecx_selector *sel);

#endif
