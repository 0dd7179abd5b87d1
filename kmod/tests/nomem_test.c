// SPDX-License-Identifier: GPL-2.0
/*
 * Each allocation that a packet or a command needs fails in turn. A packet then
 * arrives as it should or is one counted drop; a command is refused and nothing
 * has changed, or it is done.
 */

#include <linux/sched.h>
#include "bench.h"
#include "later.h"

/* No packet and no command allocates that often. */
#define NOMEM_MAX	500

static void nomem_arm(unsigned int nth)
{
	WRITE_ONCE(current->fail_nth, nth);
}

/* Was there an allocation to fail? */
static bool nomem_fired(void)
{
	bool fired = !READ_ONCE(current->fail_nth);

	WRITE_ONCE(current->fail_nth, 0);
	return fired;
}

/* So many arrived and so many were dropped: nothing else can have happened. */
static const char *nomem_sum(unsigned int arrived, u64 drops, unsigned int n)
{
	if (arrived + drops == n || (!arrived && drops == 1))
		return NULL;
	return arrived + drops > n ? "counted twice" : "lost and not counted";
}

static const char *nomem_tx(struct bench *b, u64 number, unsigned int nth,
			    bool *fired)
{
	u64 before = world_drops_all(b->w);
	unsigned int arrived, n;
	const char *why = bench_tx_make(b, number);

	if (why)
		return why;
	n = inner_segments(&b->in);
	nomem_arm(nth);
	world_send(b->w, b->shape.skb, false);
	*fired = nomem_fired();
	if (b->wait)
		b->wait(&b->w->sent, n);
	arrived = skb_queue_len(&b->w->sent);
	why = nomem_sum(arrived, world_drops_all(b->w) - before, n);
	if (!why && arrived == n)
		why = bench_tx_compare(b);
	return bench_end(b, why);
}

static const char *nomem_rx(struct bench *b, u64 number, unsigned int nth,
			    bool *fired)
{
	u64 before = world_drops_all(b->w);
	const char *why = bench_rx_make(b, number);
	unsigned int arrived;

	if (why)
		return why;
	nomem_arm(nth);
	bench_rx_push(b);
	*fired = nomem_fired();
	if (b->wait)
		b->wait(&b->w->got, 1);
	arrived = skb_queue_len(&b->w->got);
	/* The stack clones what is shared, and pulls, before it gets here. */
	if (!arrived && *fired && world_drops_all(b->w) == before)
		return bench_end(b, NULL);
	why = nomem_sum(arrived, world_drops_all(b->w) - before, 1);
	if (!why && arrived)
		why = bench_rx_compare(b);
	return bench_end(b, why);
}

typedef const char *(*nomem_t)(struct bench *b, u64 number, unsigned int nth,
			       bool *fired);

static unsigned int nomem_all(struct kunit *test, struct bench *b, u64 number,
			      nomem_t one)
{
	unsigned int nth;
	bool fired = true;
	const char *why = NULL;

	for (nth = 1; fired && !why && nth < NOMEM_MAX; nth++)
		why = one(b, number, nth, &fired);
	if (why)
		KUNIT_FAIL(test, "packet %llu, allocation %u: %s", number,
			   nth - 1, why);
	KUNIT_EXPECT_LT(test, nth, NOMEM_MAX);
	return nth - 2;
}

static void nomem_run(struct kunit *test, struct bench *b)
{
	unsigned int i, tx = 0, rx = 0;

	for (i = 0; i < 8 + bench_count() / 64; i++) {
		tx += nomem_all(test, b, i, nomem_tx);
		rx += nomem_all(test, b, i, nomem_rx);
	}
	kunit_info(test, "%u allocations failed out, %u in\n", tx, rx);
	KUNIT_EXPECT_GT(test, tx, 0);
	KUNIT_EXPECT_GT(test, rx, 0);
}

static void nomem_packets(struct kunit *test)
{
	struct bench *b = bench_new(test, test->param_value);

	nomem_run(test, b);
	bench_free(test, b);
}

static void nomem_wait(struct sk_buff_head *queue, unsigned int n)
{
	later_answer(0, false);
}

static void nomem_packets_later(struct kunit *test)
{
	struct bench *b;

	KUNIT_ASSERT_EQ(test, later_register(), 0);
	b = bench_new(test, test->param_value);
	b->wait = nomem_wait;
	nomem_run(test, b);
	bench_free(test, b);
	later_unregister();
}

/* What a command may change. */
struct nomem_state {
	unsigned int policies;
	unsigned int sas;
	unsigned int out;
	unsigned int in;
	int refs;
};

static struct nomem_state nomem_state(struct world *w)
{
	return (struct nomem_state){
		.policies = w->idev->n_policies,
		.sas = w->idev->n_sas,
		.out = !!world_sa(w, WORLD_SPI_OUT),
		.in = !!world_sa(w, WORLD_SPI_IN),
		.refs = netdev_refcnt_read(w->dev),
	};
}

static int nomem_sa_out(struct world *w)
{
	return world_sa_new(w, true);
}

static int nomem_sa_in(struct world *w)
{
	return world_sa_new(w, false);
}

static int nomem_unsa_out(struct world *w)
{
	return world_sa_del(w, world_sa(w, WORLD_SPI_OUT));
}

static int nomem_unsa_in(struct world *w)
{
	return world_sa_del(w, world_sa(w, WORLD_SPI_IN));
}

static int nomem_nothing(struct world *w)
{
	return 0;
}

static int nomem_unpolicy(struct world *w)
{
	u32 id = w->policy;
	int err;

	/* The newest is ours, even if its id did not get here. */
	w->policy = w->idev->next_policy - 1;
	err = world_policy_del(w);
	w->policy = id;
	return err;
}

static int nomem_policy(struct world *w)
{
	u32 id = w->policy;
	int err = world_policy_new(w);

	w->policy = id;
	return err;
}

static const struct {
	const char *name;
	int (*run)(struct world *w);
	int (*undo)(struct world *w);
} nomem_commands[] = {
	{ "sa-new out", nomem_sa_out, nomem_unsa_out },
	{ "sa-new in", nomem_sa_in, nomem_unsa_in },
	{ "policy-new", nomem_policy, nomem_unpolicy },
	{ "policy-set", world_policy_set, nomem_nothing },
};

/* No SA yet. */
static void nomem_clear(struct kunit *test, struct world *w)
{
	KUNIT_ASSERT_EQ(test, world_sa_del(w, w->out), 0);
	KUNIT_ASSERT_EQ(test, world_sa_del(w, w->in), 0);
	world_settle();
}

static bool nomem_done(const struct nomem_state *old,
		       const struct nomem_state *new)
{
	return new->policies + new->sas == old->policies + old->sas + 1;
}

/* An acknowledgment may be lost as well: then the command is done. */
static void nomem_command(struct kunit *test, struct world *w, unsigned int c,
			  unsigned int nth, bool *fired)
{
	struct nomem_state old = nomem_state(w), new;
	int err;

	nomem_arm(nth);
	err = nomem_commands[c].run(w);
	*fired = nomem_fired();
	new = nomem_state(w);
	if (err && err != -ENOMEM && err != -ENOBUFS && err != -EAGAIN)
		KUNIT_FAIL(test, "%s, allocation %u: error %d",
			   nomem_commands[c].name, nth, err);
	if (nomem_done(&old, &new)) {
		KUNIT_EXPECT_EQ(test, nomem_commands[c].undo(w), 0);
		world_settle();
		new = nomem_state(w);
	} else if (nomem_commands[c].undo != nomem_nothing) {
		KUNIT_EXPECT_NE(test, err, 0);
	}
	KUNIT_EXPECT_EQ_MSG(test, memcmp(&old, &new, sizeof(old)), 0,
			    "%s, allocation %u", nomem_commands[c].name, nth);
}

static void nomem_commands_all(struct kunit *test)
{
	struct world *w = world_new(test, test->param_value);
	unsigned int c, nth;
	bool fired;

	nomem_clear(test, w);
	for (c = 0; c < ARRAY_SIZE(nomem_commands); c++) {
		fired = true;
		for (nth = 1; fired && nth < NOMEM_MAX; nth++)
			nomem_command(test, w, c, nth, &fired);
		kunit_info(test, "%s: %u allocations failed\n",
			   nomem_commands[c].name, nth - 2);
		KUNIT_EXPECT_GT(test, nth, 3);
		KUNIT_EXPECT_LT(test, nth, NOMEM_MAX);
	}
	world_free(w);
}

/* A device that did not come to be is not there. */
static void nomem_link(struct kunit *test)
{
	struct world *w = world_new(test, test->param_value);
	bool fired = true;
	unsigned int nth;
	int err;

	KUNIT_ASSERT_EQ(test, world_link_del(w), 0);
	for (nth = 1; fired && nth < NOMEM_MAX; nth++) {
		nomem_arm(nth);
		err = world_link_new(w);
		fired = nomem_fired();
		if (w->dev)
			KUNIT_EXPECT_EQ(test, world_link_del(w), 0);
		else
			KUNIT_EXPECT_NE(test, err, 0);
	}
	kunit_info(test, "link: %u allocations failed\n", nth - 2);
	KUNIT_EXPECT_LT(test, nth, NOMEM_MAX);
	world_free(w);
}

static struct kunit_case nomem_cases[] = {
	KUNIT_CASE_PARAM(nomem_packets, bench_kinds),
	KUNIT_CASE_PARAM(nomem_packets_later, bench_kinds),
	KUNIT_CASE_PARAM(nomem_commands_all, bench_kinds),
	KUNIT_CASE_PARAM(nomem_link, bench_kinds),
	{}
};

static struct kunit_suite nomem_suite = {
	.name = "ipsecx-nomem",
	.attr = { .speed = KUNIT_SPEED_VERY_SLOW },
	.test_cases = nomem_cases,
};

kunit_test_suite(nomem_suite);
