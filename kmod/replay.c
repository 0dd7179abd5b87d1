// SPDX-License-Identifier: GPL-2.0
/* The anti-replay window: RFC 4303 section 3.4.3, laid out as in RFC 6479. */

#include <linux/log2.h>
#include <linux/slab.h>
#include "replay.h"

#define WORD_BITS	64U

int ipsecx_replay_init(struct ipsecx_replay *r, u32 window)
{
	u32 words;

	spin_lock_init(&r->lock);
	r->top = 0;
	r->window = round_up(window, WORD_BITS);
	r->mask = 0;
	r->bits = NULL;
	if (!window)
		return 0;
	/* One word more, since the newest is shared with the oldest. */
	words = roundup_pow_of_two(r->window / WORD_BITS + 1);
	r->bits = kcalloc(words, sizeof(*r->bits), GFP_KERNEL);
	if (!r->bits)
		return -ENOMEM;
	r->mask = words - 1;
	return 0;
}

void ipsecx_replay_fini(struct ipsecx_replay *r)
{
	kfree(r->bits);
	r->bits = NULL;
}

u64 ipsecx_replay_esn(const struct ipsecx_replay *r, u32 low)
{
	u32 window = r->window ?: IPSECX_REPLAY_WINDOW_DEFAULT;
	u64 top = READ_ONCE(r->top);
	u32 high = upper_32_bits(top);
	u32 bottom = lower_32_bits(top) - window + 1;

	if (lower_32_bits(top) >= window - 1)
		high += low < bottom;
	else if (low >= bottom)
		/* Before number 0 there is nothing: no valid number at all. */
		return high ? (u64)(high - 1) << 32 | low : 0;
	return (u64)high << 32 | low;
}

static u64 *replay_word(const struct ipsecx_replay *r, u64 seq)
{
	return &r->bits[(seq / WORD_BITS) & r->mask];
}

enum ipsecx_replay_verdict ipsecx_replay_check(const struct ipsecx_replay *r,
					       u64 seq)
{
	u64 top = READ_ONCE(r->top);

	if (!r->window)
		return IPSECX_REPLAY_OK;
	if (!seq)
		return IPSECX_REPLAY_OLD;
	if (seq > top)
		return IPSECX_REPLAY_OK;
	if (top - seq >= r->window)
		return IPSECX_REPLAY_OLD;
	if (READ_ONCE(*replay_word(r, seq)) & BIT_ULL(seq % WORD_BITS))
		return IPSECX_REPLAY_SEEN;
	return IPSECX_REPLAY_OK;
}

/* Make room for @seq, which is new: what the window leaves behind is 0. */
static void replay_advance(struct ipsecx_replay *r, u64 seq)
{
	u64 word = r->top / WORD_BITS;
	u64 n = min_t(u64, seq / WORD_BITS - word, (u64)r->mask + 1);

	while (n--)
		*replay_word(r, ++word * WORD_BITS) = 0;
	WRITE_ONCE(r->top, seq);
}

enum ipsecx_replay_verdict ipsecx_replay_update(struct ipsecx_replay *r,
						u64 seq)
{
	enum ipsecx_replay_verdict verdict;

	spin_lock(&r->lock);
	verdict = ipsecx_replay_check(r, seq);
	if (verdict == IPSECX_REPLAY_OK && !r->window) {
		WRITE_ONCE(r->top, max(r->top, seq));
	} else if (verdict == IPSECX_REPLAY_OK) {
		if (seq > r->top)
			replay_advance(r, seq);
		*replay_word(r, seq) |= BIT_ULL(seq % WORD_BITS);
	}
	spin_unlock(&r->lock);
	return verdict;
}
