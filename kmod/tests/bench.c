// SPDX-License-Identifier: GPL-2.0
/*
 * Packets of every shape, through a device of the module that is loaded, both
 * ways. What they were lent must stay as it is to the byte, what comes out must
 * be what RFC 4303 makes of their bytes, and everything must be given back.
 */

#include <linux/module.h>
#include <net/page_pool/helpers.h>
#include <net/sock.h>
#include "bench.h"

static unsigned int shapes = 16000;
module_param(shapes, uint, 0444);
MODULE_PARM_DESC(shapes, "how many packets, all kinds of worlds together");

static unsigned long long seed = 1;
module_param(seed, ullong, 0444);
MODULE_PARM_DESC(seed, "of the first; each packet's is one more");

/* A test ends after so many packets that went wrong. */
#define BENCH_FAILURES	5
/* Pages of the pool come back and are used again: a few do for all. */
#define BENCH_POOL_PAGES	200

/* How often each kind of shape was there, over all tests. */
static unsigned int bench_shapes[SHAPE_KINDS];

struct bench *bench_new(struct kunit *test, const struct world_kind *kind)
{
	struct page_pool_params params = { .pool_size = 64, .nid = -1 };
	struct bench *b = kunit_kzalloc(test, sizeof(*b), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, b);
	b->clear = kunit_kmalloc(test, WORLD_MAX, GFP_KERNEL);
	b->want = kunit_kmalloc(test, WORLD_MAX, GFP_KERNEL);
	b->in.bytes = kunit_kmalloc(test, WORLD_MAX, GFP_KERNEL);
	KUNIT_ASSERT_TRUE(test, b->clear && b->want && b->in.bytes);
	b->pool = page_pool_create(&params);
	KUNIT_ASSERT_FALSE(test, IS_ERR(b->pool));
	KUNIT_ASSERT_EQ(test, 0, sock_create_kern(&init_net, AF_INET,
						  SOCK_DGRAM, 0, &b->sock));
	b->w = world_new(test, kind);
	return b;
}

void bench_free(struct kunit *test, struct bench *b)
{
	KUNIT_EXPECT_LT(test, b->pool->pages_state_hold_cnt, BENCH_POOL_PAGES);
	world_free(b->w);
	sock_release(b->sock);
	page_pool_destroy(b->pool);
}

/* Whatever is random about the packet follows from its number. */
static void bench_begin(struct bench *b, u64 number, bool super)
{
	memset(&b->shape, 0, sizeof(b->shape));
	prandom_seed_state(&b->shape.rnd, number);
	b->shape.pool = b->pool;
	inner_make(&b->in, &b->w->kind, &b->shape.rnd, super);
	b->seq = 1 + (prandom_u32_state(&b->shape.rnd) >> 1);
	if (b->w->kind.esn && inner_random(&b->shape.rnd, 2))
		b->seq |= (u64)prandom_u32_state(&b->shape.rnd) << 31;
	world_set_seq(b->w, b->seq);
}

/* Whoever else can see these bytes would notice. */
static void bench_scribble(struct sk_buff *skb)
{
	memset(skb->head, 0xa5, skb_end_offset(skb));
	kfree_skb(skb);
}

static void bench_wait(struct bench *b, struct sk_buff_head *queue,
		       unsigned int n)
{
	if (b->wait)
		b->wait(queue, n);
}

/* The stack leaves headers in front, but nobody has to. */
static unsigned int bench_linear(struct bench *b)
{
	struct inner *in = &b->in;

	if (in->sum_start)
		return max(in->sum_at + 2, in->data);
	return inner_random(&b->shape.rnd, 4) ? in->data : 0;
}

const char *bench_tx_make(struct bench *b, u64 number)
{
	struct shape *s = &b->shape;
	struct inner *in = &b->in;

	bench_begin(b, number, true);
	s->bytes = in->bytes;
	s->len = in->len;
	s->sk = b->sock->sk;
	if (in->gso_size && !inner_random(&s->rnd, 4))
		return shape_make_gso_list(s, in, b->clear) ? NULL :
							      "no memory";
	if (!shape_make(s, bench_linear(b)))
		return "no memory";
	shape_offload(s, in);
	return NULL;
}

void bench_tx_push(struct bench *b)
{
	bool core = !(b->shape.what & BIT(SHAPE_SHARED)) &&
		    inner_random(&b->shape.rnd, 2);

	world_send(b->w, b->shape.skb, core);
}

static const char *bench_tx_segment(struct bench *b, unsigned int i)
{
	unsigned int len = inner_segment(&b->in, i, b->clear);
	struct sk_buff *skb = skb_dequeue(&b->w->sent);
	const char *why;

	if (!skb)
		return "nothing was sent";
	len = world_seal(b->w, b->clear, len, b->seq + i, false, b->want);
	why = world_same(b->w, skb, b->want, len);
	if (why)
		kfree_skb(skb);
	else
		bench_scribble(skb);
	return why;
}

const char *bench_tx_compare(struct bench *b)
{
	unsigned int i, n = inner_segments(&b->in);
	const char *why = NULL;

	bench_wait(b, &b->w->sent, n);
	for (i = 0; i < n && !why; i++)
		why = bench_tx_segment(b, i);
	return why ?: !skb_queue_empty(&b->w->sent) ? "too much was sent" :
						      NULL;
}

const char *bench_rx_make(struct bench *b, u64 number)
{
	struct shape *s = &b->shape;

	bench_begin(b, number, false);
	s->bytes = b->want;
	s->len = world_seal(b->w, b->in.bytes, b->in.len, b->seq, true,
			    b->want);
	return shape_make(s, 0) ? NULL : "no memory";
}

void bench_rx_push(struct bench *b)
{
	world_receive(b->w, b->shape.skb);
}

static const char *bench_rx_same(struct bench *b, const struct sk_buff *skb)
{
	if (skb_is_nonlinear(skb) || skb_cloned(skb) || skb_shared(skb))
		return "what was received is not private";
	if (skb->len != b->in.len || memcmp(skb->data, b->in.bytes, skb->len))
		return "what was received has other bytes";
	return NULL;
}

const char *bench_rx_compare(struct bench *b)
{
	struct sk_buff *skb;
	const char *why;

	bench_wait(b, &b->w->got, 1);
	skb = skb_dequeue(&b->w->got);
	if (!skb)
		return "nothing was received";
	why = bench_rx_same(b, skb);
	if (why)
		kfree_skb(skb);
	else
		bench_scribble(skb);
	return why ?: !skb_queue_empty(&b->w->got) ? "too much was received" :
						     NULL;
}

const char *bench_end(struct bench *b, const char *why)
{
	const char *lenders;
	unsigned int i;

	skb_queue_purge(&b->w->sent);
	skb_queue_purge(&b->w->got);
	for (i = 0; i < SHAPE_KINDS; i++)
		bench_shapes[i] += b->shape.what >> i & 1;
	lenders = shape_check(&b->shape);
	return why ?: lenders;
}

const char *bench_tx(struct bench *b, u64 number)
{
	const char *why = bench_tx_make(b, number);

	if (why)
		return why;
	bench_tx_push(b);
	return bench_end(b, bench_tx_compare(b));
}

const char *bench_rx(struct bench *b, u64 number)
{
	const char *why = bench_rx_make(b, number);

	if (why)
		return why;
	bench_rx_push(b);
	return bench_end(b, bench_rx_compare(b));
}

static void bench_fail(struct kunit *test, struct bench *b, u64 number,
		       const char *why)
{
	unsigned int i, len = 0;
	char what[256] = "";

	for (i = 0; i < SHAPE_KINDS; i++)
		if (b->shape.what & BIT(i))
			len += scnprintf(what + len, sizeof(what) - len, " %s",
					 shape_names[i]);
	KUNIT_FAIL(test, "seed=%llu shapes=1: %s; %u bytes, protocol %u, segments of %u:%s\n",
		   number, why, b->shape.len, b->in.protocol, b->in.gso_size,
		   what);
}

unsigned int bench_count(void)
{
	return DIV_ROUND_UP(shapes, 2 * world_kinds_n);
}

void bench_run(struct kunit *test, struct bench *b, bench_one_t one,
	       unsigned int n)
{
	unsigned int i, failed = 0;
	const char *why;

	for (i = 0; i < n && failed < BENCH_FAILURES; i++) {
		why = one(b, seed + i);
		if (why) {
			bench_fail(test, b, seed + i, why);
			failed++;
		}
		cond_resched();
	}
}

void bench_seen(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < SHAPE_KINDS; i++) {
		kunit_info(test, "%s: %u\n", shape_names[i], bench_shapes[i]);
		if (shapes >= 1000)
			KUNIT_EXPECT_GT(test, bench_shapes[i], 0);
	}
}

const void *bench_kinds(struct kunit *test, const void *prev, char *desc)
{
	const struct world_kind *kind = prev;

	kind = kind ? kind + 1 : world_kinds;
	if (kind == world_kinds + world_kinds_n)
		return NULL;
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%s IPv%u%s%s",
		 kind->transport ? "transport" : "tunnel", kind->v6 ? 6 : 4,
		 kind->udp ? " UDP" : "", kind->esn ? " ESN" : "");
	return kind;
}
