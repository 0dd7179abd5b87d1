// SPDX-License-Identifier: MIT
/*
 * What an authentic packet becomes: open.c as it is, from the padding on,
 * against a second reading of RFC 4303 section 3.4.4, RFC 4301 section 5.2 and
 * RFC 6040. Delivered or dropped for the one reason, never both; and what is
 * delivered is what was inside, and nothing else.
 *
 * The input: what the SA is like, the outer header's TOS and next header's
 * place, then what was encrypted.
 */
#include <stdio.h>
#include "../../kmod/flow.c"
#include "../../kmod/selector.c"
#include "../../kmod/open.c"
#include "../../kmod/replay.c"
#include "fuzz.h"

#define LEN_MAX		2048

enum { TRANSPORT = 1, OUTER6 = 2, UDP = 4, DOWN = 8, ANY = 16 };

static struct sk_buff *delivered;
static int dropped;

void ipsecx_drop(struct ipsecx_dev *idev, struct ipsecx_sa *sa,
		 struct sk_buff *skb, enum ipsecx_drop_reason reason)
{
	REQUIRE(!delivered && !dropped && reason > 0);
	dropped = reason;
}

void fuzz_gro(struct sk_buff *skb)
{
	REQUIRE(!delivered && !dropped);
	delivered = skb;
}

void ipsecx_event_peer_moved(const struct ipsecx_sa *sa,
			     const struct sk_buff *packet,
			     const struct udphdr *uh)
{
}

void ipsecx_sa_count(struct ipsecx_sa *sa, unsigned int len)
{
}

/* Of ESP, all of them. */
unsigned int ipsecx_ah_len(const struct ipsecx_sa *sa, bool v4)
{
	abort();
}

bool ipsecx_ah_begin(const struct ipsecx_sa *sa, struct sk_buff *skb, u64 seq)
{
	abort();
}

u8 ipsecx_ah_end(const struct ipsecx_sa *sa, struct sk_buff *skb)
{
	abort();
}

void ipsecx_request_run(struct ipsecx_sa *sa, struct sk_buff *skb, u64 seq,
			unsigned int len, bool encrypt, ipsecx_done_t done)
{
}

struct input {
	unsigned int flags;
	uint8_t tos;
	unsigned int ohl;
	const uint8_t *plain;
	size_t n;
};

/* 10.0.0.0/8 and UDP with port 7, or everything. */
static struct ipsecx_selectors *selectors(unsigned int flags)
{
	struct ipsecx_selectors *s = calloc(1, struct_size(s, sel, 1));

	s->n = 1;
	s->any = flags & ANY;
	s->sel[0].family = AF_INET;
	s->sel[0].protocol = 17;
	ipv6_addr_set_v4mapped(htonl(0x0A000000), &s->sel[0].local_start);
	ipv6_addr_set_v4mapped(htonl(0x0AFFFFFF), &s->sel[0].local_end);
	ipv6_addr_set_v4mapped(0, &s->sel[0].remote_start);
	ipv6_addr_set_v4mapped(~0, &s->sel[0].remote_end);
	s->sel[0].local_port_start = s->sel[0].local_port_end = 7;
	s->sel[0].remote_port_end = U16_MAX;
	return s;
}

static unsigned int tos_of(const uint8_t *ip)
{
	return ip[0] >> 4 == 4 ? ip[1] : (ip[0] << 4 | ip[1] >> 4) & 0xFF;
}

static unsigned int be16(const uint8_t *p)
{
	return p[0] << 8 | p[1];
}

/* In which case of RFC 6040 figure 4 it dies, or what becomes of the mark. */
static int decapsulated(unsigned int outer, unsigned int inner)
{
	static const int table[4][4] = {
		/* outer: not, ECT(1), ECT(0), CE; inner: not ECT */
		{ 0, 0, 0, -1 },
		{ 1, 1, 1, 3 },
		{ 2, 1, 2, 3 },
		{ 3, 3, 3, 3 },
	};

	return table[inner & 3][outer & 3];
}

/* The length of the whole packet at @p, 0 if it is none, as the selector wants. */
static unsigned int want_packet(const struct input *in, const uint8_t *p,
				size_t n, int *reason)
{
	struct ipsecx_selectors *sels = selectors(in->flags);
	struct sk_buff *skb = skb_make(p, n, n, 0);
	struct ipsecx_flow flow;
	unsigned int len = 0;

	/* Both have a fuzzer of their own. */
	if (ipsecx_flow_parse(skb, false, &flow))
		*reason = IPSECX_DROP_REASON_DECAP_MALFORMED;
	else if (!ipsecx_selectors_match(sels, &flow))
		*reason = IPSECX_DROP_REASON_SELECTOR_MISMATCH;
	else
		len = flow.len;
	skb_free(skb);
	free(sels);
	return len;
}

/* Where the plain text ends, and what it is; or a reason. */
static int want_unpadded(const struct input *in, size_t *n, unsigned int *next)
{
	unsigned int pad = in->plain[in->n - 2], i;

	if (pad + 2 > in->n)
		return IPSECX_DROP_REASON_PADDING;
	*n = in->n - 2 - pad;
	for (i = 0; i < pad; i++)
		if (in->plain[*n + i] != i + 1)
			return IPSECX_DROP_REASON_PADDING;
	*next = in->plain[in->n - 1];
	return *next == 59 ? IPSECX_DROP_REASON_DUMMY : 0;
}

static int want_tunnel(const struct input *in, size_t n, unsigned int next,
		       uint8_t *to, size_t *len)
{
	const uint8_t *p = in->plain;
	int reason = 0, ecn;

	if (!n || !((next == 4 && p[0] >> 4 == 4) ||
		    (next == 41 && p[0] >> 4 == 6)))
		return IPSECX_DROP_REASON_NEXT_HEADER;
	*len = want_packet(in, p, n, &reason);
	if (!*len)
		return reason;
	ecn = decapsulated(in->tos, tos_of(p));
	if (ecn < 0)
		return IPSECX_DROP_REASON_ECN;
	memcpy(to, p, *len);
	if (ecn == (tos_of(p) & 3))
		return 0;
	if (p[0] >> 4 == 6) {
		to[1] = (p[1] & 0xCF) | ecn << 4;
		return 0;
	}
	to[1] = (p[1] & 0xFC) | ecn;
	/* RFC 1624, on whatever the sum was; who looks at it comes later */
	to[10] = to[11] = 0;
	return 0;
}

static size_t outer_header(const struct input *in, uint8_t *to);

static int want_transport(const struct input *in, size_t n, unsigned int next,
			  uint8_t *to, size_t *len)
{
	size_t hlen = outer_header(in, to);
	int reason = 0;

	memcpy(to + hlen, in->plain, n);
	if (in->flags & OUTER6) {
		to[hlen > 40 ? 40 : 6] = next;
		to[4] = (hlen + n - 40) >> 8;
		to[5] = hlen + n - 40;
	} else {
		to[9] = next;
		to[2] = (hlen + n) >> 8;
		to[3] = hlen + n;
		to[10] = to[11] = 0;
	}
	*len = want_packet(in, to, hlen + n, &reason);
	return *len ? 0 : reason;
}

/* Returns its length without UDP. */
static size_t outer_header(const struct input *in, uint8_t *to)
{
	static const uint8_t v4[] = {
		0x45, 0, 0, 0, 0, 0, 0, 0, 64, 50, 0, 0, 10, 0, 0, 2, 10, 0, 0, 1
	};
	static const uint8_t v6[8] = { 0x60, 0, 0, 0, 0, 0, 50, 64 };

	memset(to, 0, 120);
	if (in->flags & OUTER6) {
		memcpy(to, v6, sizeof(v6));
		to[0] |= in->tos >> 4;
		to[1] = in->tos << 4;
		to[23] = 1;
		to[39] = 2;
		if (in->ohl % 2)
			to[6] = 60;
		to[40] = 50;
		return in->ohl % 2 ? 48 : 40;
	}
	memcpy(to, v4, sizeof(v4));
	to[0] += in->ohl % 11;
	to[1] = in->tos;
	memset(to + 20, 1, in->ohl % 11 * 4);
	return 20 + in->ohl % 11 * 4;
}

static int want(const struct input *in, uint8_t *to, size_t *len)
{
	unsigned int next;
	size_t n;
	int reason = want_unpadded(in, &n, &next);

	if (!reason)
		reason = in->flags & TRANSPORT ?
			want_transport(in, n, next, to, len) :
			want_tunnel(in, n, next, to, len);
	if (!reason && in->flags & DOWN)
		reason = IPSECX_DROP_REASON_DEVICE_DOWN;
	return reason;
}

/* ESP header, IV and ICV of nothing around the plain text, the rest in front. */
static struct sk_buff *packet(const struct input *in)
{
	static uint8_t buf[LEN_MAX + 256];
	size_t hlen = outer_header(in, buf), n;
	struct sk_buff *skb;

	if (in->flags & UDP) {
		memset(buf + hlen, 0, 8);
		hlen += 8;
	}
	n = hlen;
	memset(buf + n, 0xEE, 16);
	memcpy(buf + n + 16, in->plain, in->n);
	memset(buf + n + 16 + in->n, 0xEE, 16);
	skb = skb_make(buf, n + in->n + 32, n + in->n + 32, 0);
	ipsecx_cb(skb)->hlen = hlen;
	ipsecx_cb(skb)->nhoff = in->ohl % 2 ? 40 : 6;
	ipsecx_cb(skb)->udp = in->flags & UDP;
	__skb_pull(skb, hlen);
	return skb;
}

static void compare(const struct input *in, const struct sk_buff *skb,
		    uint8_t *expected, size_t len)
{
	uint8_t got[LEN_MAX + 256];

	REQUIRE(skb->len == len && skb->headlen == len);
	REQUIRE(skb->network == skb->data);
	REQUIRE(skb->protocol == htons(expected[0] >> 4 == 4 ? ETH_P_IP :
							     ETH_P_IPV6));
	memcpy(got, skb->data, len);
	/* A sum that had to be made anew was made. */
	if (expected[0] >> 4 == 4 && !be16(expected + 10))
		got[10] = got[11] = 0;
	REQUIRE(!memcmp(got, expected, len));
}

static void run(const struct input *in)
{
	static struct net_device dev = { .name = "ipsec0" };
	static struct ipsecx_net xn;
	static struct ipsecx_dev idev = { .dev = &dev, .xn = &xn };
	static uint8_t expected[LEN_MAX + 256];
	struct ipsecx_selectors *sels = selectors(in->flags);
	struct ipsecx_outer outer = { .family = AF_INET };
	struct ipsecx_policy policy = {
		.mode = in->flags & TRANSPORT ? IPSECX_MODE_TRANSPORT :
						IPSECX_MODE_TUNNEL,
		.selectors = sels, .outer = &outer, .idev = &idev,
	};
	struct ipsecx_sa sa = {
		.policy = &policy, .idev = &idev, .t = { .iv_len = 8,
							 .icv_len = 16 },
	};
	struct sk_buff *skb = packet(in);
	size_t len = 0;
	int reason = want(in, expected, &len);

	dev.flags = in->flags & DOWN ? 0 : IFF_UP;
	delivered = NULL;
	dropped = 0;
	open_done(&sa, skb, 1, 0);
	REQUIRE(dropped == reason);
	REQUIRE(!delivered == !!reason);
	if (delivered)
		compare(in, skb, expected, len);
	skb_free(skb);
	free(sels);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct input in = { .plain = data + 3, .n = len - 3 };

	if (len < 5 || len > LEN_MAX)
		return 0;
	in.flags = data[0] & 31;
	in.tos = data[1];
	in.ohl = data[2];
	run(&in);
	return 0;
}

#define V4	"4500001c000000004011" "0000" "0a0000020a000001" "0007000700080000"
#define V6	"6000000000083a40" "fd000000000000000000000000000001" \
		"fd000000000000000000000000000002" "0007000700080000"

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static const char *const seeds[] = {
		"100000" V4 "01020204", "100300" V6 "01020229",
		"100200" V4 "00000000000001020204", "000100" V4 "01020204",
		"110000" "0007000700080000" "01020211",
		"150005" "0007000700080000" "01020211",
		"130001" "0007000700080000" "01020211",
		"180000" V4 "01020204", "10000059" "01020304043b",
		"120300" V4 "01020204", "120001" V6 "0029",
	};
	size_t i;

	for (i = 0; i < sizeof(seeds) / sizeof(*seeds); i++)
		fuzz_seed_hex(-1, seeds[i]);
	return 0;
}
