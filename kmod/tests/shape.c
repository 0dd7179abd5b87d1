// SPDX-License-Identifier: GPL-2.0
/*
 * The shapes that a packet can have in the kernel, and who else may look at its
 * bytes meanwhile. Memory around the bytes is filled, so that whoever writes
 * there is seen, too.
 */

#include <linux/mm.h>
#include <net/page_pool/helpers.h>
#include <net/sock.h>
#include "shape.h"

#define SHAPE_GUARD	0x5a

#define NAME(kind, name)	\
	[SHAPE_##kind] = (name)

const char *const shape_names[SHAPE_KINDS] = {
	NAME(FRAGS, "frags"),
	NAME(COMPOUND, "compound"),
	NAME(POOL, "page-pool"),
	NAME(LENT, "lent"),
	NAME(SHARED_FRAG, "shared-frag"),
	NAME(LIST, "frag-list"),
	NAME(LIST_CLONED, "frag-list-cloned"),
	NAME(CLONED, "cloned"),
	NAME(HEADER_CLONED, "header-cloned"),
	NAME(FCLONE, "fclone"),
	NAME(SHARED, "shared"),
	NAME(HEAD_FRAG, "head-frag"),
	NAME(ZEROCOPY, "zerocopy"),
	NAME(DONT_ORPHAN, "dont-orphan"),
	NAME(MANAGED, "managed"),
	NAME(OWNED, "owned"),
	NAME(PARTIAL, "partial"),
	NAME(GSO, "gso"),
	NAME(GSO_LIST, "gso-list"),
};

static bool shape_one_in(struct shape *s, unsigned int n)
{
	return !inner_random(&s->rnd, n);
}

static void shape_note(struct shape *s, enum shape_kind kind)
{
	s->what |= 1 << kind;
}

/* Room in front and behind: none, little, what is needed, plenty. */
static unsigned int shape_room(struct shape *s)
{
	static const u16 most[] = { 1, 16, 64, 200, 300, 600 };

	return inner_random(&s->rnd, most[inner_random(&s->rnd, 6)]);
}

/* A head that is part of a page, as drivers make them. */
static struct sk_buff *shape_head_frag(struct shape *s, unsigned int size)
{
	unsigned int whole = SKB_HEAD_ALIGN(size);
	void *head;

	if (whole > PAGE_SIZE)
		return NULL;
	head = netdev_alloc_frag(whole);
	if (!head)
		return NULL;
	shape_note(s, SHAPE_HEAD_FRAG);
	return build_skb(head, whole);
}

static struct sk_buff *shape_head(struct shape *s, unsigned int at,
				  unsigned int len, bool fclone)
{
	unsigned int room = shape_room(s);
	unsigned int size = room + len + shape_room(s);
	struct sk_buff *skb = NULL;

	if (fclone)
		skb = alloc_skb_fclone(size, GFP_KERNEL);
	else if (shape_one_in(s, 4))
		skb = shape_head_frag(s, size);
	skb = skb ?: alloc_skb(size, GFP_KERNEL);
	if (!skb)
		return NULL;
	skb_reserve(skb, room);
	skb_put_data(skb, s->bytes + at, len);
	memset(skb->head, SHAPE_GUARD, skb_headroom(skb));
	memset(skb_tail_pointer(skb), SHAPE_GUARD, skb_tailroom(skb));
	return skb;
}

static bool shape_pool_frag(struct shape *s, struct sk_buff *skb,
			    unsigned int at, unsigned int len)
{
	struct page *page;

	if (!skb->pp_recycle || len > PAGE_SIZE)
		return false;
	page = page_pool_alloc_pages(s->pool, GFP_KERNEL);
	if (!page)
		return false;
	memcpy(page_address(page), s->bytes + at, len);
	skb_add_rx_frag(skb, skb_shinfo(skb)->nr_frags, page, 0, len,
			PAGE_SIZE);
	shape_note(s, SHAPE_POOL);
	return true;
}

/* With @managed, the packet gets no reference of its own. */
static bool shape_lend(struct shape *s, struct sk_buff *skb, unsigned int at,
		       unsigned int len, bool managed)
{
	struct shape_lent *lent = &s->lent[s->n_lent];

	*lent = (struct shape_lent){ .at = at, .len = len };
	lent->off = shape_one_in(s, 3) ? 0 :
		    inner_random(&s->rnd, shape_one_in(s, 4) ? 9000 : 3000);
	lent->order = get_order(lent->off + len);
	lent->page = alloc_pages(GFP_KERNEL | __GFP_COMP, lent->order);
	if (!lent->page)
		return false;
	memset(page_address(lent->page), SHAPE_GUARD,
	       PAGE_SIZE << lent->order);
	memcpy(page_address(lent->page) + lent->off, s->bytes + at, len);
	if (!managed)
		get_page(lent->page);
	skb_add_rx_frag(skb, skb_shinfo(skb)->nr_frags, lent->page, lent->off,
			len, PAGE_SIZE << lent->order);
	shape_note(s, lent->order ? SHAPE_COMPOUND : SHAPE_LENT);
	s->n_lent++;
	return true;
}

static bool shape_frags(struct shape *s, struct sk_buff *skb, unsigned int at,
			unsigned int len, unsigned int most, bool managed)
{
	unsigned int n = 1 + inner_random(&s->rnd, min(most, len)), piece;

	shape_note(s, SHAPE_FRAGS);
	for (; len; at += piece, len -= piece, n--) {
		piece = n == 1 ? len : 1 + inner_random(&s->rnd, len - n + 1);
		if (!shape_pool_frag(s, skb, at, piece) &&
		    !shape_lend(s, skb, at, piece, managed))
			return false;
	}
	return true;
}

/* One skb with @len bytes, @linear of them at least in its head. */
static struct sk_buff *shape_part(struct shape *s, unsigned int at,
				  unsigned int len, unsigned int linear,
				  bool fclone, bool managed)
{
	unsigned int most = at ? 4 : MAX_SKB_FRAGS;
	struct sk_buff *skb;

	if (shape_one_in(s, 3) && len < 8000)
		linear = len;
	else
		linear += inner_random(&s->rnd, min(len - linear, 200U) + 1);
	skb = shape_head(s, at, linear, fclone);
	if (!skb)
		return NULL;
	if (s->pool && !managed && shape_one_in(s, 5))
		skb_mark_for_recycle(skb);
	if (linear == len ||
	    shape_frags(s, skb, at + linear, len - linear, most, managed))
		return skb;
	kfree_skb(skb);
	return NULL;
}

static bool shape_hold(struct shape *s, struct sk_buff *skb, unsigned int at)
{
	if (!skb)
		return false;
	s->held[s->n_held++] = (struct shape_held){ .skb = skb, .at = at };
	return true;
}

static void shape_link(struct sk_buff *skb, struct sk_buff **end,
		       struct sk_buff *more)
{
	*end = more;
	skb->len += more->len;
	skb->data_len += more->len;
	skb->truesize += more->truesize;
}

static bool shape_list(struct shape *s, struct sk_buff *skb, unsigned int at)
{
	struct sk_buff **end = &skb_shinfo(skb)->frag_list, *more;
	unsigned int n = 1 + inner_random(&s->rnd, 4), len;

	shape_note(s, SHAPE_LIST);
	for (; at < s->len; at += len, end = &more->next, n--) {
		len = n == 1 ? s->len - at :
			       1 + inner_random(&s->rnd, s->len - at);
		n = max(n, 2U);
		more = shape_part(s, at, len, 0, false, false);
		if (!more)
			return false;
		shape_link(skb, end, more);
		if (!shape_one_in(s, 4))
			continue;
		shape_note(s, SHAPE_LIST_CLONED);
		if (!shape_hold(s, skb_clone(more, GFP_KERNEL), at))
			return false;
	}
	return true;
}

static void shape_ubuf_complete(struct sk_buff *skb, struct ubuf_info *ubuf,
				bool success)
{
	refcount_dec(&ubuf->refcnt);
}

static const struct ubuf_info_ops shape_ubuf_ops = {
	.complete = shape_ubuf_complete,
};

static void shape_zerocopy(struct shape *s, struct sk_buff *skb, bool managed)
{
	s->ubuf.ops = &shape_ubuf_ops;
	s->ubuf.flags = SKBFL_ZEROCOPY_FRAG;
	shape_note(s, SHAPE_ZEROCOPY);
	if (managed) {
		s->ubuf.flags |= SKBFL_MANAGED_FRAG_REFS | SKBFL_DONT_ORPHAN;
		shape_note(s, SHAPE_MANAGED);
	} else if (shape_one_in(s, 2)) {
		s->ubuf.flags |= SKBFL_DONT_ORPHAN;
		shape_note(s, SHAPE_DONT_ORPHAN);
	}
	skb_zcopy_set(skb, &s->ubuf, NULL);
}

/* Which of the two is given away should not matter. */
static bool shape_clone(struct shape *s, struct sk_buff *skb)
{
	struct sk_buff *clone = skb_clone(skb, GFP_KERNEL);

	if (!clone)
		return false;
	if (shape_one_in(s, 2))
		swap(skb, clone);
	s->skb = clone;
	return shape_hold(s, skb, 0);
}

static bool shape_share(struct shape *s, struct sk_buff *skb, bool fclone)
{
	if (fclone) {
		shape_note(s, SHAPE_FCLONE);
		return shape_clone(s, skb);
	}
	switch (inner_random(&s->rnd, 6)) {
	case 0:
		shape_note(s, SHAPE_CLONED);
		return shape_clone(s, skb);
	case 1:
		/* As TCP does: the header is the one's, the payload both's. */
		shape_note(s, SHAPE_HEADER_CLONED);
		__skb_header_release(skb);
		return shape_clone(s, skb);
	case 2:
		/* Not even the kernel can clone that. */
		if (skb_zcopy(skb) && !(s->ubuf.flags & SKBFL_DONT_ORPHAN))
			return true;
		shape_note(s, SHAPE_SHARED);
		return shape_hold(s, skb_get(skb), 0);
	default:
		return true;
	}
}

bool shape_make(struct shape *s, unsigned int linear)
{
	bool fclone = shape_one_in(s, 6), managed = shape_one_in(s, 8);
	unsigned int len = s->len;
	struct sk_buff *skb;

	refcount_set(&s->ubuf.refcnt, 1);
	if (shape_one_in(s, 3))
		len = linear + inner_random(&s->rnd, len - linear + 1);
	skb = shape_part(s, 0, len, linear, fclone, managed);
	s->skb = skb;
	if (!skb || (len < s->len && !shape_list(s, skb, len)))
		return false;
	if (skb_shinfo(skb)->nr_frags && (managed || shape_one_in(s, 6)))
		shape_zerocopy(s, skb, managed);
	/* What a splice should say, and what a driver may have forgotten. */
	if (skb_shinfo(skb)->nr_frags && shape_one_in(s, 2)) {
		shape_note(s, SHAPE_SHARED_FRAG);
		skb_shinfo(skb)->flags |= SKBFL_SHARED_FRAG;
	}
	if (!shape_share(s, skb, fclone))
		return false;
	if (s->sk && shape_one_in(s, 2)) {
		shape_note(s, SHAPE_OWNED);
		skb_set_owner_w(s->skb, s->sk);
	}
	return true;
}

void shape_offload(struct shape *s, const struct inner *in)
{
	struct skb_shared_info *sh = skb_shinfo(s->skb);

	s->skb->protocol = in->v6 ? htons(ETH_P_IPV6) : htons(ETH_P_IP);
	skb_reset_network_header(s->skb);
	skb_set_transport_header(s->skb, in->l4);
	if (in->gso_size) {
		shape_note(s, SHAPE_GSO);
		sh->gso_size = in->gso_size;
		sh->gso_segs = inner_segments(in);
		sh->gso_type = in->gso_type;
	}
	if (!in->sum_start)
		return;
	shape_note(s, SHAPE_PARTIAL);
	s->skb->ip_summed = CHECKSUM_PARTIAL;
	s->skb->csum_start = skb_headroom(s->skb) + in->sum_start;
	s->skb->csum_offset = in->sum_at - in->sum_start;
}

/* A member of a list of segments: its headers are in front of its data. */
static struct sk_buff *shape_segment(struct shape *s, const struct inner *in,
				     unsigned int n, u8 *buf)
{
	unsigned int len = inner_segment(in, n, buf), room = shape_room(s);
	struct sk_buff *skb = alloc_skb(room + len + shape_room(s), GFP_KERNEL);

	if (!skb)
		return NULL;
	skb_reserve(skb, room);
	skb_put_data(skb, buf, len);
	skb_reset_network_header(skb);
	skb_set_transport_header(skb, in->l4);
	skb_pull(skb, in->data);
	return skb;
}

bool shape_make_gso_list(struct shape *s, struct inner *in, u8 *buf)
{
	struct sk_buff *skb, **end, *more;
	unsigned int n;

	refcount_set(&s->ubuf.refcnt, 1);
	/* Segments that came with these flags are not put together. */
	if (in->protocol == IPPROTO_TCP)
		in->bytes[in->l4 + 13] = 0x10;
	in->gso_type &= ~SKB_GSO_TCP_ECN;
	inner_segment(in, 0, buf);
	memcpy(in->bytes + in->sum_at, buf + in->sum_at, 2);
	skb = shape_head(s, 0, in->data + in->gso_size, false);
	if (!skb)
		return false;
	end = &skb_shinfo(skb)->frag_list;
	for (n = 1; n < inner_segments(in); n++, end = &more->next) {
		more = shape_segment(s, in, n, buf);
		if (!more)
			return false;
		shape_link(skb, end, more);
	}
	s->skb = skb;
	shape_offload(s, in);
	skb->ip_summed = CHECKSUM_UNNECESSARY;
	skb_shinfo(skb)->gso_type |= SKB_GSO_FRAGLIST;
	shape_note(s, SHAPE_GSO_LIST);
	return shape_share(s, skb, false);
}

static bool shape_guarded(const u8 *from, const u8 *to)
{
	return from >= to || !memchr_inv(from, SHAPE_GUARD, to - from);
}

static const char *shape_check_held(struct shape *s,
				    const struct shape_held *held)
{
	const struct sk_buff *skb = held->skb;

	if (memcmp(skb->data, s->bytes + held->at, skb_headlen(skb)))
		return "the bytes of a shared head have changed";
	if (!shape_guarded(skb->head, skb->data) ||
	    !shape_guarded(skb_tail_pointer(skb), skb_end_pointer(skb)))
		return "the room around a shared head has changed";
	return NULL;
}

static const char *shape_check_lent(struct shape *s,
				    const struct shape_lent *lent)
{
	const u8 *page = page_address(lent->page);

	if (memcmp(page + lent->off, s->bytes + lent->at, lent->len))
		return "the bytes of a page have changed";
	if (!shape_guarded(page, page + lent->off) ||
	    !shape_guarded(page + lent->off + lent->len,
			   page + (PAGE_SIZE << lent->order)))
		return "the room around a page's bytes has changed";
	return NULL;
}

static const char *shape_check_bytes(struct shape *s)
{
	const char *why = NULL;
	unsigned int i;

	for (i = 0; i < s->n_held && !why; i++)
		why = shape_check_held(s, &s->held[i]);
	for (i = 0; i < s->n_lent && !why; i++)
		why = shape_check_lent(s, &s->lent[i]);
	return why;
}

/* References and charges, once the lenders have no more of their own. */
static const char *shape_check_refs(struct shape *s)
{
	const char *why = NULL;
	unsigned int i;

	for (i = 0; i < s->n_lent; i++) {
		if (page_ref_count(s->lent[i].page) != 1)
			why = "a page was not given back";
		put_page(s->lent[i].page);
	}
	if (refcount_read(&s->ubuf.refcnt) != 1)
		why = "the zerocopy user was not told, or too often";
	if (s->sk && refcount_read(&s->sk->sk_wmem_alloc) != 1)
		why = "the socket is charged for what is gone";
	return why;
}

const char *shape_check(struct shape *s)
{
	const char *why = shape_check_bytes(s);
	unsigned int i;

	for (i = 0; i < s->n_held; i++)
		kfree_skb(s->held[i].skb);
	return why ?: shape_check_refs(s);
}
