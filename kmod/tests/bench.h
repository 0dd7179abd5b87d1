/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IPSECX_TESTS_BENCH_H
#define _IPSECX_TESTS_BENCH_H

#include <kunit/test.h>
#include "shape.h"

/**
 * struct bench - a world, a packet for it, and what they need
 * @w: the world
 * @shape: of the packet at hand
 * @in: its clear packet
 * @seq: its number, or that of its first segment
 * @clear: one packet of it
 * @want: what the packet should look like outside
 * @pool: pages of drivers
 * @sock: who sends
 * @wait: lets crypto that answers later do so, until @n packets have arrived in
 *	@queue; or NULL
 */
struct bench {
	struct world *w;
	struct shape shape;
	struct inner in;
	u64 seq;
	u8 *clear;
	u8 *want;
	struct page_pool *pool;
	struct socket *sock;
	void (*wait)(struct sk_buff_head *queue, unsigned int n);
};

/* The @number-th packet there can be, on one way; a text if all is not well. */
typedef const char *(*bench_one_t)(struct bench *b, u64 number);

struct bench *bench_new(struct kunit *test, const struct world_kind *kind);
void bench_free(struct kunit *test, struct bench *b);

/* Make it; without memory a text. It is in @b->shape.skb. */
const char *bench_tx_make(struct bench *b, u64 number);
const char *bench_rx_make(struct bench *b, u64 number);
/* Give it away. */
void bench_tx_push(struct bench *b);
void bench_rx_push(struct bench *b);
/* Has it arrived as it should, all of it and nothing else? */
const char *bench_tx_compare(struct bench *b);
const char *bench_rx_compare(struct bench *b);
/* It is over: @why, or what the lenders have to say. */
const char *bench_end(struct bench *b, const char *why);

/* All of this in a row. */
const char *bench_tx(struct bench *b, u64 number);
const char *bench_rx(struct bench *b, u64 number);

/* How many packets the module is loaded for, of a kind of world and a way. */
unsigned int bench_count(void);
/* @n of them, from the first that the module is told on. */
void bench_run(struct kunit *test, struct bench *b, bench_one_t one,
	       unsigned int n);
/* Were there all kinds of shapes? */
void bench_seen(struct kunit *test);

/* KUnit's parameters: every kind of world. */
const void *bench_kinds(struct kunit *test, const void *prev, char *desc);

#endif /* _IPSECX_TESTS_BENCH_H */
