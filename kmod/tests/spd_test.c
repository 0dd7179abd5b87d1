// SPDX-License-Identifier: GPL-2.0
/* The SPD against a plain walk along all policies, and what it costs. */

#include <kunit/test.h>
#include <linux/in.h>
#include <linux/prandom.h>
#include <linux/slab.h>
#include "../selector.h"

/* How often a selector was looked at. */
static unsigned int spd_compared;

static bool spd_compare(const struct ipsecx_selector *sel,
			const struct ipsecx_flow *flow)
{
	spd_compared++;
	return ipsecx_selector_match(sel, flow);
}

#define ipsecx_selector_match spd_compare
#include "../spd.c"
#undef ipsecx_selector_match

#define POLICIES	200

/* A policy as far as the SPD knows it. */
struct spd_policy {
	struct ipsecx_policy policy;
	struct ipsecx_selectors *sels;
};

struct spd_world {
	struct ipsecx_spd spd;
	struct rnd_state rnd;
	struct spd_policy *p;
	unsigned int n;
};

static struct spd_world *spd_world(struct kunit *test, unsigned int max)
{
	struct spd_world *w = kunit_kzalloc(test, sizeof(*w), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, w);
	w->p = kvcalloc(max, sizeof(*w->p), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, w->p);
	KUNIT_ASSERT_EQ(test, 0, ipsecx_spd_init(&w->spd));
	prandom_seed_state(&w->rnd, 17);
	return w;
}

static void spd_addr(struct in6_addr *addr, u8 family, u32 value)
{
	if (family == AF_INET)
		ipv6_addr_set_v4mapped(htonl(value), addr);
	else
		ipv6_addr_set(addr, htonl(0x20010db8), 0, 0, htonl(value));
}

static u32 spd_rnd(struct spd_world *w, u32 below)
{
	return prandom_u32_state(&w->rnd) % below;
}

/* Few addresses, so that ranges overlap; of either family, or of both. */
static void spd_range(struct spd_world *w, u8 family, struct in6_addr *start,
		      struct in6_addr *end)
{
	u32 from = spd_rnd(w, 64), to = from + spd_rnd(w, 64 - from);

	if (!family || !spd_rnd(w, 8)) {
		memset(start, 0, sizeof(*start));
		memset(end, 0xff, sizeof(*end));
		return;
	}
	spd_addr(start, family, 0x0a000000 + from);
	spd_addr(end, family, 0x0a000000 + to);
}

static u8 spd_family(struct spd_world *w)
{
	static const u8 families[] = { AF_INET, AF_INET6, 0 };

	return families[spd_rnd(w, 3)];
}

static void spd_selector(struct spd_world *w, struct ipsecx_selector *sel)
{
	sel->family = spd_family(w);
	sel->protocol = spd_rnd(w, 2) ? IPPROTO_UDP : 0;
	sel->local_port_end = U16_MAX;
	sel->remote_port_end = U16_MAX;
	spd_range(w, sel->family, &sel->local_start, &sel->local_end);
	spd_range(w, sel->family, &sel->remote_start, &sel->remote_end);
}

static struct ipsecx_selectors *spd_selectors(struct kunit *test,
					      struct spd_world *w,
					      unsigned int n)
{
	struct ipsecx_selectors *sels = kzalloc(struct_size(sels, sel, n),
						GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, sels);
	sels->n = n;
	for (i = 0; i < n; i++)
		spd_selector(w, &sels->sel[i]);
	return sels;
}

static void spd_add(struct kunit *test, struct spd_world *w, u32 priority,
		    struct ipsecx_selectors *sels)
{
	struct spd_policy *p = &w->p[w->n];

	p->sels = sels;
	p->policy.id = ++w->n;
	p->policy.priority = priority;
	KUNIT_ASSERT_EQ(test, 0, ipsecx_spd_file(&w->spd, &p->policy, sels));
}

static void spd_free(struct spd_policy *p)
{
	synchronize_rcu();
	kfree(p->sels->filed);
	kfree(p->sels);
	p->sels = NULL;
}

static void spd_del(struct spd_world *w, unsigned int i)
{
	if (!w->p[i].sels)
		return;
	ipsecx_spd_unfile(&w->spd, w->p[i].sels);
	spd_free(&w->p[i]);
}

static const struct ipsecx_policy *naive(const struct spd_world *w,
					 const struct ipsecx_flow *flow)
{
	const struct ipsecx_policy *best = NULL, *policy;
	unsigned int i;

	for (i = 0; i < w->n; i++) {
		policy = &w->p[i].policy;
		if (!w->p[i].sels ||
		    !ipsecx_selectors_match(w->p[i].sels, flow))
			continue;
		if (!best || policy->priority < best->priority)
			best = policy;
	}
	return best;
}

static void spd_flow(struct spd_world *w, struct ipsecx_flow *flow)
{
	memset(flow, 0, sizeof(*flow));
	flow->family = spd_rnd(w, 2) ? AF_INET : AF_INET6;
	flow->protocol = spd_rnd(w, 2) ? IPPROTO_UDP : IPPROTO_TCP;
	spd_addr(&flow->local, flow->family, 0x0a000000 + spd_rnd(w, 66));
	spd_addr(&flow->remote, flow->family, 0x0a000000 + spd_rnd(w, 66));
}

static unsigned int spd_wrong(struct spd_world *w, unsigned int flows)
{
	unsigned int wrong = 0;
	struct ipsecx_flow flow;

	while (flows--) {
		spd_flow(w, &flow);
		rcu_read_lock();
		wrong += ipsecx_spd_lookup(&w->spd, &flow) != naive(w, &flow);
		rcu_read_unlock();
	}
	return wrong;
}

static void spd_random(struct kunit *test)
{
	struct spd_world *w = spd_world(test, POLICIES);
	unsigned int i, round;

	KUNIT_EXPECT_EQ(test, spd_wrong(w, 10), 0);
	for (round = 0; round < 20; round++) {
		for (i = 0; i < POLICIES / 20; i++)
			spd_add(test, w, spd_rnd(w, 3),
				spd_selectors(test, w, 1 + spd_rnd(w, 4)));
		spd_del(w, spd_rnd(w, w->n));
		w->p[spd_rnd(w, w->n)].policy.priority = spd_rnd(w, 3);
		KUNIT_EXPECT_EQ(test, spd_wrong(w, 500), 0);
	}
	for (i = 0; i < w->n; i++)
		spd_del(w, i);
	KUNIT_EXPECT_TRUE(test, list_empty(&w->spd.shapes));
	KUNIT_EXPECT_EQ(test, spd_wrong(w, 10), 0);
	ipsecx_spd_fini(&w->spd);
	kvfree(w->p);
}

/* The network 10.x.y.0/24 for the policy of the number xy. */
static void spd_network(struct kunit *test, struct spd_world *w, u32 number)
{
	struct ipsecx_selectors *sels = spd_selectors(test, w, 1);
	struct ipsecx_selector *sel = &sels->sel[0];

	sel->family = AF_INET;
	sel->protocol = 0;
	spd_addr(&sel->local_start, AF_INET, 0);
	spd_addr(&sel->local_end, AF_INET, ~0U);
	spd_addr(&sel->remote_start, AF_INET, 0x0a000000 | number << 8);
	spd_addr(&sel->remote_end, AF_INET, 0x0a0000ff | number << 8);
	spd_add(test, w, 0, sels);
}

/* As many selectors are looked at with one policy as with ten thousand. */
static void spd_cost(struct kunit *test)
{
	struct spd_world *w = spd_world(test, 10000);
	struct ipsecx_flow flow = { .family = AF_INET };
	unsigned int i, wrong = 0;

	spd_addr(&flow.local, AF_INET, 0x0b000001);
	for (i = 0; i < 10000; i++)
		spd_network(test, w, i);
	spd_compared = 0;
	for (i = 0; i < 10000; i++) {
		spd_addr(&flow.remote, AF_INET, 0x0a000001 | i << 8);
		rcu_read_lock();
		wrong += ipsecx_spd_lookup(&w->spd, &flow) != &w->p[i].policy;
		rcu_read_unlock();
	}
	KUNIT_EXPECT_EQ(test, wrong, 0);
	KUNIT_EXPECT_EQ(test, spd_compared, 10000);
	for (i = 0; i < w->n; i++)
		ipsecx_spd_unfile(&w->spd, w->p[i].sels);
	for (i = 0; i < w->n; i++) {
		kfree(w->p[i].sels->filed);
		kfree(w->p[i].sels);
	}
	ipsecx_spd_fini(&w->spd);
	kvfree(w->p);
}

static struct kunit_case spd_cases[] = {
	KUNIT_CASE(spd_random),
	KUNIT_CASE(spd_cost),
	{}
};

static struct kunit_suite spd_suite = {
	.name = "ipsecx-spd",
	.test_cases = spd_cases,
};

kunit_test_suite(spd_suite);
