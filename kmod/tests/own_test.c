// SPDX-License-Identifier: GPL-2.0
/*
 * Whoever lent a packet its bytes finds them as they were: every shape of skb
 * goes through ipsecx_own(), what comes out is overwritten from end to end,
 * and the lender's copy is compared.
 */

#include <kunit/test.h>
#include <linux/slab.h>
#include "../own.c"

#define OWN_LEN		1000

/* How the bytes are spread, and who else can see them. */
enum own_spread { LINEAR, FRAGS, FRAG_LIST, SPREADS };
enum own_sharing { PRIVATE, CLONED, SHARED, ZEROCOPY, SHARINGS };

/**
 * struct own_shape - one skb, and what was lent to it
 * @skb: to be owned
 * @other: holds the other reference, if there is one
 * @page: behind the fragments; one reference is the test's own
 * @linear: bytes in the head
 */
struct own_shape {
	struct sk_buff *skb;
	struct sk_buff *other;
	struct page *page;
	unsigned int linear;
};

static u8 own_byte(unsigned int i)
{
	return i * 7 + i / 256;
}

static void own_fill(u8 *to, unsigned int from, unsigned int len)
{
	unsigned int i;

	for (i = 0; i < len; i++)
		to[i] = own_byte(from + i);
}

static void own_add_frags(struct kunit *test, struct own_shape *s)
{
	unsigned int rest = OWN_LEN - s->linear, half = rest / 2;

	s->page = alloc_page(GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, s->page);
	own_fill(page_address(s->page), s->linear, rest);
	get_page(s->page);
	skb_add_rx_frag(s->skb, 0, s->page, 0, half, half);
	get_page(s->page);
	skb_add_rx_frag(s->skb, 1, s->page, half, rest - half, rest - half);
}

static void own_add_list(struct kunit *test, struct own_shape *s)
{
	unsigned int rest = OWN_LEN - s->linear;
	struct sk_buff *more = alloc_skb(rest, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, more);
	own_fill(skb_put(more, rest), s->linear, rest);
	skb_shinfo(s->skb)->frag_list = more;
	s->skb->len += rest;
	s->skb->data_len += rest;
	s->skb->truesize += more->truesize;
}

static void own_share(struct kunit *test, struct own_shape *s,
		      enum own_sharing sharing)
{
	switch (sharing) {
	case CLONED:
		s->other = skb_clone(s->skb, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, s->other);
		break;
	case SHARED:
		s->other = skb_get(s->skb);
		break;
	case ZEROCOPY:
		/* The mark alone, as MSG_ZEROCOPY leaves it on a packet. */
		skb_shinfo(s->skb)->flags |= SKBFL_SHARED_FRAG;
		break;
	default:
		break;
	}
}

static void own_make(struct kunit *test, struct own_shape *s,
		     enum own_spread spread, enum own_sharing sharing,
		     unsigned int head, unsigned int tail)
{
	memset(s, 0, sizeof(*s));
	s->linear = spread == LINEAR ? OWN_LEN : 60;
	s->skb = alloc_skb(head + s->linear + tail, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, s->skb);
	skb_reserve(s->skb, head);
	own_fill(skb_put(s->skb, s->linear), 0, s->linear);
	if (spread == FRAGS)
		own_add_frags(test, s);
	else if (spread == FRAG_LIST)
		own_add_list(test, s);
	own_share(test, s, sharing);
}

/* What the lender sees is as it was. */
static void own_lender(struct kunit *test, struct own_shape *s)
{
	unsigned int i, wrong = 0;
	const u8 *p;

	if (s->page) {
		p = page_address(s->page);
		for (i = 0; i < OWN_LEN - s->linear; i++)
			wrong += p[i] != own_byte(s->linear + i);
		put_page(s->page);
	}
	if (s->other) {
		u8 *buf = kmalloc(OWN_LEN, GFP_KERNEL);

		KUNIT_ASSERT_NOT_NULL(test, buf);
		KUNIT_EXPECT_EQ(test, s->other->len, OWN_LEN);
		KUNIT_EXPECT_EQ(test, 0, skb_copy_bits(s->other, 0, buf,
						       OWN_LEN));
		for (i = 0; i < OWN_LEN; i++)
			wrong += buf[i] != own_byte(i);
		kfree(buf);
		kfree_skb(s->other);
	}
	KUNIT_EXPECT_EQ(test, wrong, 0);
}

static void own_one(struct kunit *test, enum own_spread spread,
		    enum own_sharing sharing, unsigned int head,
		    unsigned int tail)
{
	unsigned int i, wrong = 0;
	struct own_shape s;
	struct sk_buff *own;

	own_make(test, &s, spread, sharing, head, tail);
	own = ipsecx_own(s.skb, 48, 33);
	KUNIT_ASSERT_NOT_NULL(test, own);
	KUNIT_EXPECT_EQ(test, own->len, OWN_LEN);
	KUNIT_EXPECT_FALSE(test, skb_is_nonlinear(own));
	KUNIT_EXPECT_GE(test, skb_headroom(own), 48);
	KUNIT_EXPECT_GE(test, skb_tailroom(own), 33);
	for (i = 0; i < OWN_LEN; i++)
		wrong += own->data[i] != own_byte(i);
	KUNIT_EXPECT_EQ(test, wrong, 0);
	/* As encryption would: the packet, and the room before and behind. */
	skb_push(own, 48);
	skb_put(own, 33);
	memset(own->data, 0xa5, own->len);
	own_lender(test, &s);
	kfree_skb(own);
}

static void own_shapes(struct kunit *test)
{
	static const unsigned int rooms[] = { 0, 1, 47, 48, 200 };
	unsigned int i, spread, sharing;

	for (i = 0; i < 25; i++)
		for (spread = 0; spread < SPREADS; spread++)
			for (sharing = 0; sharing < SHARINGS; sharing++)
				own_one(test, spread, sharing, rooms[i % 5],
					rooms[i / 5]);
}

/* The packet that may be written is not copied: that is what it is all for. */
static void own_in_place(struct kunit *test)
{
	struct own_shape s;

	own_make(test, &s, LINEAR, PRIVATE, 48, 33);
	KUNIT_EXPECT_PTR_EQ(test, ipsecx_own(s.skb, 48, 33), s.skb);
	kfree_skb(s.skb);
}

static void own_sum(struct kunit *test, enum own_spread spread,
		    enum own_sharing sharing)
{
	unsigned int i, wrong = 0;
	struct own_shape s;
	struct sk_buff *own;
	__sum16 want;

	own_make(test, &s, spread, sharing, 48, 33);
	s.skb->ip_summed = CHECKSUM_PARTIAL;
	s.skb->csum_start = skb_headroom(s.skb) + 20;
	s.skb->csum_offset = 6;
	want = csum_fold(skb_checksum(s.skb, 20, OWN_LEN - 20, 0));
	own = ipsecx_own(s.skb, 48, 33);
	KUNIT_ASSERT_NOT_NULL(test, own);
	KUNIT_EXPECT_FALSE(test, own->ip_summed == CHECKSUM_PARTIAL);
	KUNIT_EXPECT_EQ(test, (__force u16)want,
			(__force u16)*(__sum16 *)(own->data + 26));
	for (i = 0; i < OWN_LEN; i++)
		wrong += i / 2 != 13 && own->data[i] != own_byte(i);
	KUNIT_EXPECT_EQ(test, wrong, 0);
	own_lender(test, &s);
	kfree_skb(own);
}

/* A checksum still to be made is made, in place and in the copy alike. */
static void own_checksum(struct kunit *test)
{
	unsigned int spread, sharing;

	for (spread = 0; spread < FRAG_LIST; spread++)
		for (sharing = 0; sharing < ZEROCOPY; sharing++)
			own_sum(test, spread, sharing);
}

/* A checksum that would lie outside of the packet's head. */
static void own_checksum_outside(struct kunit *test)
{
	struct own_shape s;

	own_make(test, &s, FRAGS, PRIVATE, 48, 33);
	s.skb->ip_summed = CHECKSUM_PARTIAL;
	s.skb->csum_start = skb_headroom(s.skb) + 500;
	s.skb->csum_offset = 6;
	KUNIT_EXPECT_NULL(test, ipsecx_own(s.skb, 48, 33));
	kfree_skb(s.skb);
	put_page(s.page);
}

static struct kunit_case own_cases[] = {
	KUNIT_CASE(own_shapes),
	KUNIT_CASE(own_in_place),
	KUNIT_CASE(own_checksum),
	KUNIT_CASE(own_checksum_outside),
	{}
};

static struct kunit_suite own_suite = {
	.name = "ipsecx-own",
	.test_cases = own_cases,
};

kunit_test_suite(own_suite);
