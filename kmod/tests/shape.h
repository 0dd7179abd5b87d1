/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IPSECX_TESTS_SHAPE_H
#define _IPSECX_TESTS_SHAPE_H

#include <linux/skbuff.h>
#include <net/page_pool/types.h>
#include "inner.h"

#define SHAPE_LENT_MAX	40
#define SHAPE_HELD_MAX	10

/**
 * struct shape_lent - pages that a packet has been lent
 * @page: the first; one reference is the lender's
 * @order: how many
 * @off: where in them the packet's bytes are
 * @at: where in the packet they are
 * @len: of them
 */
struct shape_lent {
	struct page *page;
	unsigned int order;
	unsigned int off;
	unsigned int at;
	unsigned int len;
};

/**
 * struct shape_held - an skb whose head a packet shares
 * @skb: the other one
 * @at: where in the packet it begins
 */
struct shape_held {
	struct sk_buff *skb;
	unsigned int at;
};

/**
 * struct shape - the bytes of a packet, in one of the many ways an skb can have
 * @rnd: what decides
 * @skb: to be given away
 * @bytes: what is in it
 * @len: of them
 * @lent: the pages
 * @n_lent: how many
 * @held: the heads
 * @n_held: how many
 * @ubuf: of a packet with zerocopy, whose user wants to know
 * @pool: where pages of the page pool come from
 * @sk: who is charged for packets, or NULL
 * @what: kinds of trouble it is made of, for a failure's report
 */
struct shape {
	struct rnd_state rnd;
	struct sk_buff *skb;
	const u8 *bytes;
	unsigned int len;
	struct shape_lent lent[SHAPE_LENT_MAX];
	unsigned int n_lent;
	struct shape_held held[SHAPE_HELD_MAX];
	unsigned int n_held;
	struct ubuf_info ubuf;
	struct page_pool *pool;
	struct sock *sk;
	unsigned int what;
};

/* What a shape can be made of; @what of a shape is a set of them. */
enum shape_kind {
	SHAPE_FRAGS,
	SHAPE_COMPOUND,
	SHAPE_POOL,
	SHAPE_LENT,
	SHAPE_SHARED_FRAG,
	SHAPE_LIST,
	SHAPE_LIST_CLONED,
	SHAPE_CLONED,
	SHAPE_HEADER_CLONED,
	SHAPE_FCLONE,
	SHAPE_SHARED,
	SHAPE_HEAD_FRAG,
	SHAPE_ZEROCOPY,
	SHAPE_DONT_ORPHAN,
	SHAPE_MANAGED,
	SHAPE_OWNED,
	SHAPE_PARTIAL,
	SHAPE_GSO,
	SHAPE_GSO_LIST,
	SHAPE_KINDS,
};

extern const char *const shape_names[SHAPE_KINDS];

/*
 * Give @s->bytes the shape that @s->rnd says. The first @linear bytes are in the
 * head. False without memory, and nothing is left.
 */
bool shape_make(struct shape *s, unsigned int linear);
/* The notes of a superpacket, and of a checksum that is still to be made. */
void shape_offload(struct shape *s, const struct inner *in);
/*
 * A superpacket as a list of the segments that came, as forwarding makes it, and
 * with its offload. @buf is for WORLD_MAX bytes.
 */
bool shape_make_gso_list(struct shape *s, struct inner *in, u8 *buf);
/*
 * The packet is gone. Is what it had been lent as it was, and all given back?
 * A text if not. Ends the shape.
 */
const char *shape_check(struct shape *s);

#endif /* _IPSECX_TESTS_SHAPE_H */
