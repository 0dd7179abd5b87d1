// SPDX-License-Identifier: GPL-2.0
/* Selectors against the plain reading of RFC 4301, over all of a small world. */

#include <kunit/test.h>
#include <linux/in.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <net/ipv6.h>
#include "../selector.c"

/* A range of a world of four values; the last one stands for any. */
struct span {
	u8 start;
	u8 end;
};

static const struct span spans[] = {
	{ 0, 0 }, { 0, 1 }, { 1, 2 }, { 2, 3 }, { 3, 3 }, { 0, 3 },
};

#define ANY (ARRAY_SIZE(spans) - 1)

static bool span_has(u8 value, const struct span *r)
{
	return value >= r->start && value <= r->end;
}

/* Addresses whose order is not that of their last byte alone. */
static void world_addr(struct in6_addr *addr, u8 value)
{
	static const u32 high[] = { 0, 1, 0x80000000, 0xffffffff };

	memset(addr, 0, sizeof(*addr));
	addr->s6_addr32[0] = htonl(0x20010db8);
	addr->s6_addr32[2] = htonl(high[value]);
}

static u16 world_port(u8 value)
{
	static const u16 ports[] = { 0, 255, 256, 65535 };

	return ports[value];
}

static void world_selector(struct ipsecx_selector *sel, u8 protocol,
			   const struct span *la, const struct span *ra,
			   const struct span *lp, const struct span *rp)
{
	world_addr(&sel->local_start, la->start);
	world_addr(&sel->local_end, la->end);
	world_addr(&sel->remote_start, ra->start);
	world_addr(&sel->remote_end, ra->end);
	sel->local_port_start = world_port(lp->start);
	sel->local_port_end = world_port(lp->end);
	sel->remote_port_start = world_port(rp->start);
	sel->remote_port_end = world_port(rp->end);
	sel->protocol = protocol;
}

/* Bits of @f: local address, remote address, ports, ports there, protocol. */
static void world_flow(struct ipsecx_flow *flow, unsigned int f)
{
	memset(flow, 0, sizeof(*flow));
	world_addr(&flow->local, f & 3);
	world_addr(&flow->remote, f >> 2 & 3);
	flow->has_ports = f >> 8 & 1;
	if (flow->has_ports) {
		flow->local_port = world_port(f >> 4 & 3);
		flow->remote_port = world_port(f >> 6 & 3);
	}
	flow->protocol = f >> 9 & 1 ? IPPROTO_UDP : IPPROTO_TCP;
}

static bool naive_port(bool has, u8 value, const struct span *r)
{
	return r == &spans[ANY] || (has && span_has(value, r));
}

static void selector_all(struct kunit *test)
{
	const unsigned int n = ARRAY_SIZE(spans);
	unsigned int s, f, wrong = 0;

	for (s = 0; s < n * n * n * n * 2; s++) {
		const struct span *la = &spans[s % n],
				   *ra = &spans[s / n % n],
				   *lp = &spans[s / n / n % n],
				   *rp = &spans[s / n / n / n % n];
		u8 protocol = s / n / n / n / n ? IPPROTO_UDP : 0;
		struct ipsecx_selector sel;
		struct ipsecx_flow flow;

		world_selector(&sel, protocol, la, ra, lp, rp);
		for (f = 0; f < 1 << 10; f++) {
			bool has = f >> 8 & 1;
			bool want = span_has(f & 3, la) &&
				    span_has(f >> 2 & 3, ra) &&
				    naive_port(has, f >> 4 & 3, lp) &&
				    naive_port(has, f >> 6 & 3, rp) &&
				    (!protocol || f >> 9 & 1);

			world_flow(&flow, f);
			wrong += ipsecx_selector_match(&sel, &flow) != want;
		}
		cond_resched();
	}
	KUNIT_EXPECT_EQ(test, wrong, 0);
}

static void flow_set(struct ipsecx_flow *flow, u8 family, __be32 addr)
{
	flow->family = family;
	if (family == AF_INET)
		ipv6_addr_set_v4mapped(addr, &flow->local);
	else
		ipv6_addr_set(&flow->local, addr, 0, 0, 0);
	flow->remote = flow->local;
}

/*
 * An IPv4 range takes no IPv6 address in, nor the other way round, though one
 * of IPv6 may go past where the v4-mapped ones are.
 */
static void selector_families(struct kunit *test)
{
	struct ipsecx_selector sel = { .local_port_end = U16_MAX,
				       .remote_port_end = U16_MAX };
	struct ipsecx_flow flow = {};

	memset(&sel.local_end, 0xff, sizeof(sel.local_end));
	sel.remote_end = sel.local_end;
	sel.family = AF_INET6;
	flow_set(&flow, AF_INET, htonl(0x0a000001));
	KUNIT_EXPECT_FALSE(test, ipsecx_selector_match(&sel, &flow));
	flow_set(&flow, AF_INET6, htonl(0x20010db8));
	KUNIT_EXPECT_TRUE(test, ipsecx_selector_match(&sel, &flow));
	sel.family = 0;
	KUNIT_EXPECT_TRUE(test, ipsecx_selector_match(&sel, &flow));
	flow_set(&flow, AF_INET, htonl(0x0a000001));
	KUNIT_EXPECT_TRUE(test, ipsecx_selector_match(&sel, &flow));
	sel.family = AF_INET;
	KUNIT_EXPECT_TRUE(test, ipsecx_selector_match(&sel, &flow));
	flow_set(&flow, AF_INET6, htonl(0x20010db8));
	KUNIT_EXPECT_FALSE(test, ipsecx_selector_match(&sel, &flow));
}

/* Without a family set, the addresses alone tell IPv4 from IPv6. */
static void selector_mapped(struct kunit *test)
{
	struct ipsecx_selector sel = { .local_port_end = U16_MAX,
				       .remote_port_end = U16_MAX };
	struct ipsecx_flow flow = { .family = AF_INET };

	ipv6_addr_set_v4mapped(0, &sel.local_start);
	ipv6_addr_set_v4mapped(htonl(~0U), &sel.local_end);
	sel.remote_start = sel.local_start;
	sel.remote_end = sel.local_end;
	ipv6_addr_set_v4mapped(htonl(0x0a000001), &flow.local);
	flow.remote = flow.local;
	KUNIT_EXPECT_TRUE(test, ipsecx_selector_match(&sel, &flow));
	world_addr(&flow.local, 1);
	KUNIT_EXPECT_FALSE(test, ipsecx_selector_match(&sel, &flow));
	flow.remote = flow.local;
	KUNIT_EXPECT_FALSE(test, ipsecx_selector_match(&sel, &flow));
	memset(&flow.local, 0, sizeof(flow.local));
	flow.remote = flow.local;
	KUNIT_EXPECT_FALSE(test, ipsecx_selector_match(&sel, &flow));
}

/* Any of several does, none of none. */
static void selector_several(struct kunit *test)
{
	const struct span *any = &spans[ANY];
	struct ipsecx_selectors *sels;
	struct ipsecx_flow flow;

	sels = kunit_kzalloc(test, struct_size(sels, sel, 2), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, sels);
	world_flow(&flow, 2);
	KUNIT_EXPECT_FALSE(test, ipsecx_selectors_match(sels, &flow));
	sels->n = 2;
	world_selector(&sels->sel[0], 0, &spans[0], any, any, any);
	world_selector(&sels->sel[1], 0, &spans[2], any, any, any);
	KUNIT_EXPECT_TRUE(test, ipsecx_selectors_match(sels, &flow));
	world_flow(&flow, 3);
	KUNIT_EXPECT_FALSE(test, ipsecx_selectors_match(sels, &flow));
	sels->any = true;
	KUNIT_EXPECT_TRUE(test, ipsecx_selectors_match(sels, &flow));
}

/*
 * ICMP, all types and codes: RFC 4301 section 4.4.1.1 has them in one number,
 * at whichever end the selector has it.
 */
static void selector_messages(struct kunit *test)
{
	static const u8 ranges[][4] = { /* types, codes */
		{ 8, 8, 0, 0 }, { 8, 8, 0, 255 }, { 3, 3, 1, 9 },
		{ 0, 8, 0, 255 }, { 3, 5, 2, 1 }, { 255, 255, 255, 255 },
	};
	unsigned int i, v, end, wrong = 0;

	for (i = 0; i < ARRAY_SIZE(ranges) * 3; i++) {
		const u8 *r = ranges[i / 3];
		u16 first = r[0] * 256 + r[2], last = r[1] * 256 + r[3];
		struct ipsecx_selector sel = { .protocol = IPPROTO_ICMP };

		memset(&sel.local_end, 0xff, sizeof(sel.local_end));
		sel.remote_end = sel.local_end;
		end = i % 3 + 1; /* local, remote, both */
		sel.local_port_start = end & 1 ? first : 0;
		sel.local_port_end = end & 1 ? last : U16_MAX;
		sel.remote_port_start = end & 2 ? first : 0;
		sel.remote_port_end = end & 2 ? last : U16_MAX;
		for (v = 0; v <= U16_MAX; v++) {
			struct ipsecx_flow flow = {
				.protocol = IPPROTO_ICMP, .has_ports = true,
				.local_port = v, .remote_port = v,
			};

			wrong += ipsecx_selector_match(&sel, &flow) !=
				 (first <= v && v <= last);
			flow.has_ports = false;
			wrong += ipsecx_selector_match(&sel, &flow);
		}
	}
	KUNIT_EXPECT_EQ(test, wrong, 0);
}

static struct kunit_case selector_cases[] = {
	KUNIT_CASE(selector_all),
	KUNIT_CASE(selector_families),
	KUNIT_CASE(selector_mapped),
	KUNIT_CASE(selector_messages),
	KUNIT_CASE(selector_several),
	{}
};

static struct kunit_suite selector_suite = {
	.name = "ipsecx-selector",
	.test_cases = selector_cases,
};

kunit_test_suite(selector_suite);
