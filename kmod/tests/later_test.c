// SPDX-License-Identifier: GPL-2.0
/*
 * Packets whose crypto answers later, in every way that it can; and SAs,
 * policies and devices that go meanwhile. What was under way then does not
 * arrive, and is counted.
 */

#include <linux/err.h>
#include <linux/workqueue.h>
#include "bench.h"
#include "later.h"

static void later_wait(struct sk_buff_head *queue, unsigned int n)
{
	later_answer(0, false);
}

static const char *later_one(struct bench *b, u64 number, bench_one_t one)
{
	later_set(number % 3);
	return one(b, number);
}

static const char *later_tx_one(struct bench *b, u64 number)
{
	return later_one(b, number, bench_tx);
}

static const char *later_rx_one(struct bench *b, u64 number)
{
	return later_one(b, number, bench_rx);
}

/* What the driver has no room for: a packet, or a segment, is one drop. */
static const char *later_refused(struct bench *b, u64 drops, unsigned int n)
{
	if (!skb_queue_empty(&b->w->sent) || !skb_queue_empty(&b->w->got))
		return "refused and yet there";
	if (world_drops(b->w, IPSECX_DROP_REASON_CRYPTO) != drops + n)
		return "a refused request is not one drop";
	return NULL;
}

static const char *later_tx_refused(struct bench *b, u64 number)
{
	u64 drops = world_drops(b->w, IPSECX_DROP_REASON_CRYPTO);
	const char *why = bench_tx_make(b, number);

	if (why)
		return why;
	later_set(LATER_REFUSED);
	bench_tx_push(b);
	return bench_end(b, later_refused(b, drops, inner_segments(&b->in)));
}

static const char *later_rx_refused(struct bench *b, u64 number)
{
	u64 drops = world_drops(b->w, IPSECX_DROP_REASON_CRYPTO);
	const char *why = bench_rx_make(b, number);

	if (why)
		return why;
	later_set(LATER_REFUSED);
	bench_rx_push(b);
	return bench_end(b, later_refused(b, drops, 1));
}

static struct bench *later_bench(struct kunit *test)
{
	struct bench *b = bench_new(test, test->param_value);

	KUNIT_ASSERT_STREQ(test, "rfc4106-gcm-aes-later",
			   crypto_tfm_alg_driver_name(crypto_aead_tfm(b->w->out->aead)));
	b->wait = later_wait;
	return b;
}

static void later_shapes(struct kunit *test)
{
	struct bench *b = later_bench(test);

	bench_run(test, b, later_tx_one, DIV_ROUND_UP(bench_count(), 4));
	bench_run(test, b, later_rx_one, DIV_ROUND_UP(bench_count(), 4));
	KUNIT_EXPECT_EQ(test, world_drops_all(b->w), 0);
	bench_run(test, b, later_tx_refused, DIV_ROUND_UP(bench_count(), 16));
	bench_run(test, b, later_rx_refused, DIV_ROUND_UP(bench_count(), 16));
	bench_free(test, b);
}

/* Held by the requests that wait. */
static struct ipsecx_sa *later_sa;

static void later_do_answer(struct work_struct *work)
{
	if (READ_ONCE(later_sa->dead))
		later_answer(0, true);
	else
		schedule_delayed_work(to_delayed_work(work), 1);
}

static DECLARE_DELAYED_WORK(later_work, later_do_answer);

static int later_remove_sa(struct world *w)
{
	return world_sa_del(w, w->out) ?: world_sa_del(w, w->in);
}

/* It is not gone before what it waits for has been answered. */
static int later_remove_link(struct world *w)
{
	schedule_delayed_work(&later_work, 1);
	return world_link_del(w);
}

/* Nothing goes here: what was under way arrives. */
static int later_remove_nothing(struct world *w)
{
	return world_policy_set(w);
}

static const struct {
	const char *name;
	int (*remove)(struct world *w);
	bool arrives;
} later_removals[] = {
	{ "sa", later_remove_sa },
	{ "policy", world_policy_del },
	{ "link", later_remove_link },
	{ "nothing", later_remove_nothing, true },
};

static unsigned int later_arrived(struct bench *b)
{
	return skb_queue_len(&b->w->sent) + skb_queue_len(&b->w->got);
}

/*
 * A packet is under way, something goes, a grace period passes or not, and then
 * the crypto answers.
 */
static void later_removal(struct kunit *test, unsigned int how, bool out,
			  bool settle, int err)
{
	struct bench *b = later_bench(test);
	u64 number = how * 8 + out * 4 + settle * 2 + !!err;
	unsigned int n;

	later_set(LATER_HELD);
	KUNIT_ASSERT_NULL(test, out ? bench_tx_make(b, number) :
				      bench_rx_make(b, number));
	if (out)
		bench_tx_push(b);
	else
		bench_rx_push(b);
	later_sa = out ? b->w->out : b->w->in;
	n = later_waiting();
	KUNIT_EXPECT_EQ(test, n, out ? inner_segments(&b->in) : 1);
	KUNIT_EXPECT_EQ_MSG(test, 0, later_removals[how].remove(b->w), "%s",
			    later_removals[how].name);
	if (settle)
		world_settle();
	later_answer(err, true);
	cancel_delayed_work_sync(&later_work);
	n = later_removals[how].arrives && !err ? n : 0;
	KUNIT_EXPECT_EQ_MSG(test, later_arrived(b), n, "%s %u %d",
			    later_removals[how].name, out, err);
	if (b->w->dev)
		KUNIT_EXPECT_EQ(test, world_drops_all(b->w) + n,
				out ? inner_segments(&b->in) : 1);
	KUNIT_EXPECT_NULL(test, bench_end(b, NULL));
	bench_free(test, b);
}

static void later_removals_all(struct kunit *test)
{
	static const int errs[] = { 0, -EBADMSG, -EIO };
	unsigned int how, i;

	for (how = 0; how < ARRAY_SIZE(later_removals); how++)
		for (i = 0; i < 6; i++)
			later_removal(test, how, i & 1, (how + i / 2) & 1,
				      errs[i / 2]);
}

static int later_init(struct kunit_suite *suite)
{
	return later_register();
}

static void later_exit(struct kunit_suite *suite)
{
	later_unregister();
}

static struct kunit_case later_cases[] = {
	KUNIT_CASE_PARAM(later_shapes, bench_kinds),
	KUNIT_CASE_PARAM(later_removals_all, bench_kinds),
	{}
};

static struct kunit_suite later_suite = {
	.name = "ipsecx-shape-later",
	.attr = { .speed = KUNIT_SPEED_VERY_SLOW },
	.suite_init = later_init,
	.suite_exit = later_exit,
	.test_cases = later_cases,
};

kunit_test_suite(later_suite);
