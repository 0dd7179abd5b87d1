// SPDX-License-Identifier: MIT
/*
 * ipsecx_flow_parse() against a second parser that reads a flat buffer byte by
 * byte. The input: one byte, bit 0 of which says that the packet goes out; two
 * that say how much of it is linear; the packet.
 */
#include "../../kmod/flow.c"
#include <stdio.h>
#include "fuzz.h"

/* What is at @at, or what is read beyond the end: nothing that is there. */
struct reader {
	const uint8_t *b;
	size_t n;
	bool over;
};

static unsigned int byte(struct reader *r, size_t at)
{
	if (at < r->n)
		return r->b[at];
	r->over = true;
	return 0;
}

static unsigned int word(struct reader *r, size_t at)
{
	return byte(r, at) << 8 | byte(r, at + 1);
}

static bool is_extension(unsigned int protocol)
{
	switch (protocol) {
	case 0: case 43: case 44: case 51: case 59: case 60:
		return true;
	}
	return false;
}

static bool with_ports(unsigned int protocol)
{
	switch (protocol) {
	case 6: case 17: case 33: case 132: case 136:
		return true;
	}
	return false;
}

static void read_ports(struct reader *r, size_t at, bool out,
		       struct ipsecx_flow *flow)
{
	if (at + 4 > flow->len)
		return;
	if (flow->protocol == 1 || flow->protocol == 58) { /* type, code */
		flow->local_port = flow->remote_port = word(r, at);
	} else if (flow->protocol == 135) { /* the third byte */
		flow->local_port = flow->remote_port = byte(r, at + 2) << 8;
	} else if (with_ports(flow->protocol)) {
		flow->local_port = word(r, out ? at : at + 2);
		flow->remote_port = word(r, out ? at + 2 : at);
	} else {
		return;
	}
	flow->has_ports = true;
}

static void mapped(struct in6_addr *addr, const uint8_t *v4)
{
	memset(addr, 0, 10);
	addr->s6_addr[10] = addr->s6_addr[11] = 0xFF;
	memcpy(addr->s6_addr + 12, v4, 4);
}

/* RFC 791 section 3.1. */
static bool read4(struct reader *r, bool out, struct ipsecx_flow *flow)
{
	unsigned int hlen = (byte(r, 0) & 15) * 4, frag = word(r, 6);

	flow->len = word(r, 2);
	if (hlen < 20 || hlen > r->n || flow->len < hlen || flow->len > r->n)
		return false;
	flow->family = AF_INET;
	flow->protocol = byte(r, 9);
	flow->fragment = (frag & 0x3FFF) != 0;
	mapped(&flow->local, r->b + (out ? 12 : 16));
	mapped(&flow->remote, r->b + (out ? 16 : 12));
	if (!(frag & 0x1FFF))
		read_ports(r, hlen, out, flow);
	return true;
}

/* Where the upper layer begins (RFC 8200 section 4); 0 if nowhere. */
static size_t read_extensions(struct reader *r, struct ipsecx_flow *flow,
			      bool *later)
{
	size_t at = 40, n;

	for (n = 0; is_extension(flow->protocol); n++) {
		unsigned int kind = flow->protocol, units = byte(r, at + 1);

		if (kind == 59 || n == 12)
			return 0;
		flow->protocol = byte(r, at);
		if (kind == 44) {
			unsigned int frag = word(r, at + 2);

			flow->fragment = frag != 0;
			*later = frag >> 3;
			if (*later)
				word(r, at + 6);
			if (r->over || *later)
				return r->over ? 0 : at;
			at += 8;
		} else {
			/* a fragment header that was before counts no more */
			at += kind == 51 ? units * 4 + 8 : units * 8 + 8;
		}
		if (r->over)
			return 0;
	}
	return at;
}

static bool read6(struct reader *r, bool out, struct ipsecx_flow *flow)
{
	static const uint8_t v4[12] = { [10] = 0xFF, [11] = 0xFF };
	bool later = false;
	size_t at;

	if (r->n < 40 || !word(r, 4))
		return false;
	flow->len = word(r, 4) + 40;
	if (flow->len > r->n || !memcmp(r->b + 8, v4, 12) ||
	    !memcmp(r->b + 24, v4, 12))
		return false;
	flow->family = AF_INET6;
	memcpy(&flow->local, r->b + (out ? 8 : 24), 16);
	memcpy(&flow->remote, r->b + (out ? 24 : 8), 16);
	flow->protocol = byte(r, 6);
	at = read_extensions(r, flow, &later);
	if (!at || at > flow->len)
		return false;
	if (!later)
		read_ports(r, at, out, flow);
	return true;
}

static bool read_flow(struct reader *r, bool out, struct ipsecx_flow *flow)
{
	memset(flow, 0, sizeof(*flow));
	if (r->n < 20)
		return false;
	if (byte(r, 0) >> 4 == 4)
		return read4(r, out, flow);
	return byte(r, 0) >> 4 == 6 && read6(r, out, flow);
}

static void compare(const struct ipsecx_flow *flow,
		    const struct ipsecx_flow *want)
{
	REQUIRE(flow->len == want->len);
	REQUIRE(flow->family == want->family);
	REQUIRE(flow->protocol == want->protocol);
	REQUIRE(flow->fragment == want->fragment);
	REQUIRE(flow->has_ports == want->has_ports);
	REQUIRE(flow->local_port == want->local_port);
	REQUIRE(flow->remote_port == want->remote_port);
	REQUIRE(ipv6_addr_equal(&flow->local, &want->local));
	REQUIRE(ipv6_addr_equal(&flow->remote, &want->remote));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct ipsecx_flow flow, want;
	struct reader r = { data + 3, len - 3 };
	struct sk_buff *skb;
	bool out, good;

	if (len < 3)
		return 0;
	out = data[0] & 1;
	skb = skb_make(r.b, r.n, (data[1] << 8 | data[2]) % (r.n + 1), 0);
	good = read_flow(&r, out, &want);
	REQUIRE(!ipsecx_flow_parse(skb, out, &flow) == good);
	REQUIRE(skb->len == r.n);
	if (good) {
		REQUIRE(flow.len <= skb->len);
		compare(&flow, &want);
	}
	skb_free(skb);
	return 0;
}

#define V4(first, len, frag, proto) \
	first "00" len "0000" frag "40" proto "0000" "0a000001" "0a000002"
#define V6(len, next) \
	"60000000" len next "40" \
	"fd000000000000000000000000000001" \
	"fd000000000000000000000000000002"
#define UDP "03e807d0000c000011223344"

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static const char *const seeds[] = {
		V4("45", "0020", "0000", "11") UDP,
		V4("46", "0024", "0000", "06") "01010101" UDP,
		V4("45", "0020", "2001", "11") UDP,
		V6("000c", "84") UDP,
		V4("45", "0020", "0000", "01") UDP,
		V6("000c", "3a") UDP,
		V6("000c", "87") UDP,
		V6("0014", "00") "1100010400000000" UDP,
		V6("001c", "3c") "2b00010400000000" "1100010400000000" UDP,
		V6("001c", "33") "1102000000000000" "0000000000000000" UDP,
		V6("0014", "2c") "1100000100000000" UDP,
		V6("001c", "2c") "3c00000000000000" "1100000000000000" UDP,
		V6("0014", "2c") "1100000800000000" UDP,
	};
	char text[512];
	size_t i;

	for (i = 0; i < sizeof(seeds) / sizeof(*seeds); i++) {
		snprintf(text, sizeof(text), "00%02x%s", (int)(i * 9), seeds[i]);
		fuzz_seed_hex(i % 2, text);
	}
	return 0;
}
