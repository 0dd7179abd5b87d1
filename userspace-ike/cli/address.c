// SPDX-License-Identifier: MIT
/* Addresses, ranges of them, ports and protocols as people write them. */
#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "text.h"

/* Room for "first-last" of IPv6. */
#define RANGE_LEN (2 * INET6_ADDRSTRLEN)

bool address_parse(const char *word, struct ipsecx_addr *addr)
{
	memset(addr, 0, sizeof(*addr));
	if (inet_pton(AF_INET, word, addr->bytes) == 1)
		addr->len = 4;
	else if (inet_pton(AF_INET6, word, addr->bytes) == 1)
		addr->len = 16;
	return addr->len;
}

const char *address_text(const struct ipsecx_addr *addr)
{
	int family = addr->len == 4 ? AF_INET : AF_INET6;
	char text[INET6_ADDRSTRLEN];

	if (!addr->len)
		return "any";
	return text_format("%s",
			   inet_ntop(family, addr->bytes, text, sizeof(text)));
}

static bool number_parse(const char *word, unsigned long max,
			 unsigned long *value)
{
	char *end;

	if (!isdigit((unsigned char)*word))
		return false;
	*value = strtoul(word, &end, 10);
	return !*end && *value <= max;
}

/*
 * Set the bits behind a prefix in @end.
 *
 * Return: whether they were all zero before.
 */
static bool host_bits_set(struct ipsecx_addr *end, unsigned int prefix)
{
	bool zero = true;
	unsigned int bit;

	for (bit = prefix; bit < end->len * 8u; bit++) {
		uint8_t mask = 0x80 >> bit % 8;

		zero = zero && !(end->bytes[bit / 8] & mask);
		end->bytes[bit / 8] |= mask;
	}
	return zero;
}

static const char *prefix_parse(char *word, char *slash,
				struct ipsecx_addr *start,
				struct ipsecx_addr *end)
{
	unsigned long prefix;

	*slash = 0;
	if (!address_parse(word, start))
		return "that is no address";
	if (!number_parse(slash + 1, start->len * 8, &prefix))
		return "the prefix length does not fit";
	*end = *start;
	if (!host_bits_set(end, prefix))
		return "bits behind the prefix are set";
	return NULL;
}

static const char *pair_parse(char *word, char *dash, struct ipsecx_addr *start,
			      struct ipsecx_addr *end)
{
	*dash = 0;
	if (!address_parse(word, start) || !address_parse(dash + 1, end))
		return "that is no address";
	if (start->len != end->len)
		return "a range has one address family";
	if (memcmp(start->bytes, end->bytes, start->len) > 0)
		return "the range ends before it begins";
	return NULL;
}

const char *range_parse(const char *word, struct ipsecx_addr *start,
			struct ipsecx_addr *end)
{
	char copy[RANGE_LEN], *at;

	memset(start, 0, sizeof(*start));
	memset(end, 0, sizeof(*end));
	if (!strcmp(word, "any"))
		return NULL;
	if (strlen(word) >= sizeof(copy))
		return "that is no address";
	strcpy(copy, word);
	at = strchr(copy, '/');
	if (at)
		return prefix_parse(copy, at, start, end);
	at = strchr(copy, '-');
	if (at)
		return pair_parse(copy, at, start, end);
	if (!address_parse(copy, start))
		return "that is no address";
	*end = *start;
	return NULL;
}

/* The length of the prefix that is exactly the range, or -1. */
static int range_prefix(const struct ipsecx_addr *start,
			const struct ipsecx_addr *end)
{
	struct ipsecx_addr last;
	int prefix;

	for (prefix = 0; prefix <= start->len * 8; prefix++) {
		last = *start;
		if (host_bits_set(&last, prefix) &&
		    !memcmp(last.bytes, end->bytes, last.len))
			return prefix;
	}
	return -1;
}

const char *range_text(const struct ipsecx_addr *start,
		       const struct ipsecx_addr *end)
{
	int prefix = start->len == end->len ? range_prefix(start, end) : -1;

	if (!start->len || prefix == start->len * 8)
		return address_text(start);
	if (prefix >= 0)
		return text_format("%s/%d", address_text(start), prefix);
	return text_format("%s-%s", address_text(start), address_text(end));
}

bool ports_parse(const char *word, uint16_t *start, uint16_t *end)
{
	unsigned long first, last;
	char copy[16], *dash;

	if (strlen(word) >= sizeof(copy))
		return false;
	strcpy(copy, word);
	dash = strchr(copy, '-');
	if (dash)
		*dash++ = 0;
	if (!number_parse(copy, UINT16_MAX, &first) ||
	    !number_parse(dash ? dash : copy, UINT16_MAX, &last) ||
	    first > last)
		return false;
	*start = first;
	*end = last;
	return true;
}

/* No look into /etc/protocols: the same words mean the same everywhere. */
static const struct {
	uint8_t number;
	const char *name;
} protocols[] = {
	{ 0, "any" },	     { 1, "icmp" },	 { 2, "igmp" },
	{ 4, "ipip" },	     { 6, "tcp" },	 { 17, "udp" },
	{ 33, "dccp" },	     { 41, "ipv6" },	 { 47, "gre" },
	{ 50, "esp" },	     { 58, "icmpv6" },	 { 89, "ospf" },
	{ 103, "pim" },	     { 112, "vrrp" },	 { 115, "l2tp" },
	{ 132, "sctp" },     { 136, "udplite" }, { 135, "mobility-header" },
	{ 58, "ipv6-icmp" },
};

bool protocol_parse(const char *word, uint8_t *protocol)
{
	unsigned long number;
	size_t i;

	for (i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++) {
		if (strcmp(word, protocols[i].name))
			continue;
		*protocol = protocols[i].number;
		return true;
	}
	if (!number_parse(word, UINT8_MAX, &number))
		return false;
	*protocol = number;
	return true;
}

bool protocol_has_types(uint8_t protocol)
{
	return protocol == 1 || protocol == 58 || protocol == PROTOCOL_MH;
}

const char *protocol_text(uint8_t protocol)
{
	size_t i;

	for (i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++)
		if (protocols[i].number == protocol)
			return protocols[i].name;
	return text_format("%u", protocol);
}

static const char *ports_text(const char *name, uint16_t start, uint16_t end)
{
	if (start == end)
		return text_format(" %s %u", name, start);
	return text_format(" %s %u-%u", name, start, end);
}

/*
 * Of both ends if they are alike: message types, with all codes or, of one
 * type, some. NULL if it has to be said as ports.
 */
static const char *types_text(const struct ipsecx_selector *sel)
{
	const uint64_t both = IPSECX_HAS(SELECTOR_LOCAL_PORT_START) |
			      IPSECX_HAS(SELECTOR_REMOTE_PORT_START);
	uint16_t start = sel->local_port_start, end = sel->local_port_end;
	bool all = !(start & 255) && (end & 255) == 255;

	if (!protocol_has_types(sel->protocol) || (sel->has & both) != both ||
	    start != sel->remote_port_start || end != sel->remote_port_end ||
	    (start >> 8 != end >> 8 && !all))
		return NULL;
	return text_format("%s%s", ports_text("type", start >> 8, end >> 8),
			   all ? "" :
				 ports_text("code", start & 255, end & 255));
}

static const char *ends_text(const struct ipsecx_selector *sel)
{
	return text_format("%s%s",
			   sel->has & IPSECX_HAS(SELECTOR_LOCAL_PORT_START) ?
				   ports_text("lport", sel->local_port_start,
					      sel->local_port_end) :
				   "",
			   sel->has & IPSECX_HAS(SELECTOR_REMOTE_PORT_START) ?
				   ports_text("rport", sel->remote_port_start,
					      sel->remote_port_end) :
				   "");
}

const char *selector_text(const struct ipsecx_selector *sel)
{
	const char *types = types_text(sel);
	const char *local = range_text(&sel->local_start, &sel->local_end);
	const char *remote = range_text(&sel->remote_start, &sel->remote_end);

	return text_format("%s %s%s%s%s", local, remote,
			   sel->protocol ? " proto " : "",
			   sel->protocol ? protocol_text(sel->protocol) : "",
			   types ? types : ends_text(sel));
}
