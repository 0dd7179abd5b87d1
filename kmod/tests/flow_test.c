// SPDX-License-Identifier: GPL-2.0
/* What flow.c reads out of packets, whole, cut and in pieces. */

#include <kunit/test.h>
#include <linux/hex.h>
#include <linux/prandom.h>
#include <linux/slab.h>
#include "../flow.c"

/* A packet in hexadecimal, and what there is to be read, or @bad. */
struct flow_case {
	const char *packet;
	u8 protocol;
	u16 source;
	u16 dest;
	bool ports;
	bool fragment;
	bool bad;
};

#define V4(first, len, frag, proto) \
	first "00" len "0000" frag "40" proto "0000" "0a000001" "0a000002"
#define V6(len, next) \
	"60000000" len next "40" \
	"fd000000000000000000000000000001" \
	"fd000000000000000000000000000002"
#define UDP "03e807d0000c0000" "11223344"

static const struct flow_case flow_cases[] = {
	{ V4("45", "0020", "0000", "11") UDP, 17, 1000, 2000, true },
	{ V4("46", "0024", "0000", "11") "01010101" UDP,
	  17, 1000, 2000, true },
	{ V4("45", "0020", "2000", "11") UDP, 17, 1000, 2000, true, true },
	{ V4("45", "0020", "0001", "11") UDP, 17, 0, 0, false, true },
	/* ICMP: type 3, code 0xe8; in a later fragment, or cut, none */
	{ V4("45", "0020", "0000", "01") UDP, 1, 1000, 1000, true },
	{ V4("45", "0020", "0001", "01") UDP, 1, 0, 0, false, true },
	{ V4("45", "0017", "0000", "01") "0308ff", 1 },
	{ V4("45", "0020", "0000", "2f") UDP, 47 },
	{ V6("0008", "3a") "8001000000000000", 58, 0x8001, 0x8001, true },
	/* Mobility Header: the type is its third byte */
	{ V6("0008", "87") "3b0005aa00000000", 135, 0x0500, 0x0500, true },
	{ V6("0010", "3c") "8700010400000000" "3b00070000000000",
	  135, 0x0700, 0x0700, true },
	{ V4("45", "0016", "0000", "06") "03e8", 6 },
	{ V4("45", "0014", "0000", "00"), 0 },
	/* what follows the packet is not part of it */
	{ V4("45", "0016", "0000", "11") UDP, 17 },
	{ V6("000c", "11") UDP, 17, 1000, 2000, true },
	{ V6("0014", "00") "1100010400000000" UDP, 17, 1000, 2000, true },
	{ V6("001c", "3c") "2b00010400000000" "1100010400000000" UDP,
	  17, 1000, 2000, true },
	{ V6("0014", "2c") "1100000100000000" UDP,
	  17, 1000, 2000, true, true },
	{ V6("0014", "2c") "1100000800000000" UDP, 17, 0, 0, false, true },
	/* a fragment of everything (RFC 6946) */
	{ V6("0014", "2c") "1100000000000000" UDP, 17, 1000, 2000, true },
	{ .packet = V4("44", "0020", "0000", "11") UDP, .bad = true },
	{ .packet = V4("4f", "0020", "0000", "11") UDP, .bad = true },
	{ .packet = V4("45", "0021", "0000", "11") UDP, .bad = true },
	{ .packet = V4("45", "0013", "0000", "11") UDP, .bad = true },
	{ .packet = V4("55", "0020", "0000", "11") UDP, .bad = true },
	{ .packet = V4("05", "0020", "0000", "11") UDP, .bad = true },
	{ .packet = V6("000d", "11") UDP, .bad = true },
	{ .packet = V6("0000", "11") UDP, .bad = true },
	{ .packet = V6("0014", "00") "1102010400000000" UDP, .bad = true },
	{ .packet = V6("0004", "2c") "11000000", .bad = true },
	{ .packet = "6000000000081140"
		    "00000000000000000000ffff0a000001"
		    "fd000000000000000000000000000002"
		    "03e807d000080000", .bad = true },
};

/*
 * The first @len bytes of @packet, of which @head are linear and the others
 * in a page.
 */
static struct sk_buff *flow_skb(struct kunit *test, const u8 *packet,
				unsigned int len, unsigned int head)
{
	struct sk_buff *skb = alloc_skb(max(head, 1U), GFP_KERNEL);
	struct page *page;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_put_data(skb, packet, head);
	if (head == len)
		return skb;
	page = alloc_page(GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, page);
	memcpy(page_address(page), packet + head, len - head);
	skb_add_rx_frag(skb, 0, page, 0, len - head, PAGE_SIZE);
	return skb;
}

static void flow_expect(struct kunit *test, const struct flow_case *c,
			const struct ipsecx_flow *flow, bool out)
{
	KUNIT_EXPECT_EQ(test, flow->protocol, c->protocol);
	KUNIT_EXPECT_EQ(test, flow->has_ports, c->ports);
	KUNIT_EXPECT_EQ(test, flow->fragment, c->fragment);
	KUNIT_EXPECT_EQ(test, flow->local_port, out ? c->source : c->dest);
	KUNIT_EXPECT_EQ(test, flow->remote_port, out ? c->dest : c->source);
	KUNIT_EXPECT_EQ(test, flow->local.s6_addr[15], out ? 1 : 2);
	KUNIT_EXPECT_EQ(test, flow->remote.s6_addr[15], out ? 2 : 1);
}

/* However the packet is spread, the answer is the same. */
static void flow_table(struct kunit *test)
{
	unsigned int i, len, head;
	struct ipsecx_flow flow;
	struct sk_buff *skb;
	u8 packet[128];
	int err;

	for (i = 0; i < ARRAY_SIZE(flow_cases); i++) {
		const struct flow_case *c = &flow_cases[i];

		len = strlen(c->packet) / 2;
		KUNIT_ASSERT_EQ(test, hex2bin(packet, c->packet, len), 0);
		for (head = 0; head <= len; head++) {
			skb = flow_skb(test, packet, len, head);
			err = ipsecx_flow_parse(skb, head % 2, &flow);
			KUNIT_EXPECT_EQ_MSG(test, err, c->bad ? -EINVAL : 0,
					    "case %u head %u", i, head);
			if (!err)
				flow_expect(test, c, &flow, head % 2);
			kfree_skb(skb);
		}
	}
}

/* Cut anywhere before its end, no packet is good. */
static void flow_truncated(struct kunit *test)
{
	struct ipsecx_flow flow;
	struct sk_buff *skb;
	unsigned int i, len, cut;
	u8 packet[128];

	for (i = 0; i < ARRAY_SIZE(flow_cases); i++) {
		const struct flow_case *c = &flow_cases[i];

		len = strlen(c->packet) / 2;
		KUNIT_ASSERT_EQ(test, hex2bin(packet, c->packet, len), 0);
		if (packet[0] >> 4 == 4)
			len = min(len, get_unaligned_be16(packet + 2) + 0U);
		for (cut = 0; cut < len; cut++) {
			skb = flow_skb(test, packet, cut, cut / 2);
			KUNIT_EXPECT_EQ(test, -EINVAL,
					ipsecx_flow_parse(skb, true, &flow));
			kfree_skb(skb);
		}
	}
}

/* Noise: linear or not makes no difference, and no length is believed. */
static void flow_noise(struct kunit *test)
{
	struct ipsecx_flow linear, split;
	unsigned int round, len, good = 0;
	struct sk_buff *a, *b;
	struct rnd_state rnd;
	u8 packet[128];
	int err;

	prandom_seed_state(&rnd, 4301);
	for (round = 0; round < 5000; round++) {
		const struct flow_case *c =
			&flow_cases[round % ARRAY_SIZE(flow_cases)];

		len = strlen(c->packet) / 2;
		KUNIT_ASSERT_EQ(test, hex2bin(packet, c->packet, len), 0);
		packet[prandom_u32_state(&rnd) % len] =
			prandom_u32_state(&rnd);
		a = flow_skb(test, packet, len, len);
		b = flow_skb(test, packet, len, round % len);
		err = ipsecx_flow_parse(a, true, &linear);
		KUNIT_EXPECT_EQ(test, err, ipsecx_flow_parse(b, true, &split));
		if (!err) {
			good++;
			KUNIT_EXPECT_LE(test, linear.len, len);
			KUNIT_EXPECT_MEMEQ(test, &linear, &split,
					   sizeof(linear));
		}
		kfree_skb(a);
		kfree_skb(b);
	}
	KUNIT_EXPECT_GT(test, good, 1000);
}

static struct kunit_case flow_kunit_cases[] = {
	KUNIT_CASE(flow_table),
	KUNIT_CASE(flow_truncated),
	KUNIT_CASE(flow_noise),
	{}
};

static struct kunit_suite flow_suite = {
	.name = "ipsecx-flow",
	.test_cases = flow_kunit_cases,
};

kunit_test_suite(flow_suite);
