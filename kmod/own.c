// SPDX-License-Identifier: GPL-2.0
/*
 * Whose bytes are these? ESP in the kernel used to write where it should only
 * have read: page cache lent by splice(), frags shared with a clone. Here
 * nothing is inferred from a flag that some other code may have forgotten to
 * set: a packet is written in place only if it is linear and nobody else can
 * have its head, and everything else is copied.
 */

#include <linux/skbuff.h>
#include <net/checksum.h>
#include <net/sock.h>
#include "packet.h"

static bool own_private(struct sk_buff *skb, unsigned int headroom,
			unsigned int tailroom)
{
	return !skb_shared(skb) && !skb_cloned(skb) &&
	       !skb_is_nonlinear(skb) && !skb_zcopy(skb) &&
	       skb_headroom(skb) >= headroom && skb_tailroom(skb) >= tailroom;
}

/* Copy and sum in one pass. The checksum's place must be in the linear part. */
static int own_copy_csum(struct sk_buff *to, struct sk_buff *from)
{
	unsigned int field = skb_checksum_start_offset(from) +
			     from->csum_offset;
	__sum16 *sum;

	if (skb_checksum_start_offset(from) < 0 ||
	    field + sizeof(*sum) > skb_headlen(from))
		return -EINVAL;
	skb_copy_and_csum_dev(from, to->data);
	sum = (__sum16 *)(to->data + field);
	/* In UDP, 0 would mean there is none. */
	if (!*sum)
		*sum = CSUM_MANGLED_0;
	return 0;
}

static int own_copy_bytes(struct sk_buff *to, struct sk_buff *from)
{
	if (from->ip_summed == CHECKSUM_PARTIAL)
		return own_copy_csum(to, from);
	return skb_copy_bits(from, 0, to->data, from->len);
}

/*
 * The sender's socket is charged for the copy instead, or it would take the
 * packet for sent already and lose its back-pressure.
 */
static void own_move_owner(struct sk_buff *to, struct sk_buff *from)
{
	int delta = to->truesize - from->truesize;

	if (skb_shared(from) || !from->sk || !is_skb_wmem(from))
		return;
	swap(to->sk, from->sk);
	swap(to->destructor, from->destructor);
	if (delta >= 0)
		refcount_add(delta, &to->sk->sk_wmem_alloc);
	else
		WARN_ON_ONCE(refcount_sub_and_test(-delta,
						   &to->sk->sk_wmem_alloc));
}

static void own_copy_notes(struct sk_buff *to, const struct sk_buff *from)
{
	to->dev = from->dev;
	to->protocol = from->protocol;
	to->pkt_type = from->pkt_type;
	to->mark = from->mark;
	to->priority = from->priority;
	to->skb_iif = from->skb_iif;
	skb_copy_queue_mapping(to, from);
	memcpy(to->cb, from->cb, sizeof(to->cb));
}

struct sk_buff *ipsecx_own(struct sk_buff *skb, unsigned int headroom,
			   unsigned int tailroom)
{
	struct sk_buff *copy;

	if (own_private(skb, headroom, tailroom) &&
	    (skb->ip_summed != CHECKSUM_PARTIAL || !skb_checksum_help(skb)))
		return skb;
	copy = alloc_skb(headroom + skb->len + tailroom, GFP_ATOMIC);
	if (!copy)
		return NULL;
	skb_reserve(copy, headroom);
	skb_put(copy, skb->len);
	if (own_copy_bytes(copy, skb)) {
		kfree_skb(copy);
		return NULL;
	}
	own_copy_notes(copy, skb);
	own_move_owner(copy, skb);
	consume_skb(skb);
	return copy;
}
