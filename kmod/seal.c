// SPDX-License-Identifier: GPL-2.0
/* Payload to ESP: RFC 4303 section 3.3.2; or to AH, with more help. */

#include <linux/math.h>
#include <linux/random.h>
#include <linux/unaligned.h>
#include "ah.h"
#include "drop.h"
#include "esp.h"
#include "packet.h"
#include "request.h"
#include "sa.h"
#include "trace.h"

unsigned int ipsecx_seal_headroom(const struct ipsecx_sa *sa, bool v4)
{
	if (ipsecx_sa_is_ah(sa))
		return ipsecx_ah_len(sa, v4);
	return sizeof(struct ipsecx_esp_hdr) + sa->t.iv_len;
}

unsigned int ipsecx_seal_tailroom(const struct ipsecx_sa *sa)
{
	return sa->t.block - 1 + sizeof(struct ipsecx_esp_tail) +
	       sa->t.icv_len;
}

/* Returns the length of the encrypted part: payload, padding and tail. */
static unsigned int seal_pad(struct sk_buff *skb,
			     const struct ipsecx_transform *t, u8 next)
{
	unsigned int len = ALIGN(skb->len + sizeof(struct ipsecx_esp_tail),
				 t->block);
	u8 pad = len - skb->len - sizeof(struct ipsecx_esp_tail);
	u8 *p = skb_put(skb, pad + sizeof(struct ipsecx_esp_tail));
	struct ipsecx_esp_tail *tail = (struct ipsecx_esp_tail *)(p + pad);
	u8 i;

	for (i = 0; i < pad; i++)
		p[i] = i + 1;
	tail->pad_len = pad;
	tail->next = next;
	return len;
}

/*
 * The sequence number is the IV: it cannot repeat under a key (RFC 4106 3.1).
 * CBC needs one that nobody can foresee.
 */
static void seal_header(const struct ipsecx_sa *sa, struct sk_buff *skb,
			u64 seq)
{
	struct ipsecx_esp_hdr *esp = skb_push(skb, sizeof(*esp) + sa->t.iv_len);

	esp->spi = sa->spi;
	esp->seq = htonl(lower_32_bits(seq));
	if (sa->t.iv_random)
		get_random_bytes(esp + 1, sa->t.iv_len);
	else if (sa->t.iv_len)
		put_unaligned_be64(seq, esp + 1);
}

static void seal_send(struct ipsecx_sa *sa, struct sk_buff *skb, u64 seq)
{
	if (ipsecx_sa_is_ah(sa))
		ipsecx_ah_end(sa, skb);
	trace_tx(sa->idev->dev->name, sa->spi, seq, ipsecx_cb(skb)->len);
	ipsecx_output(sa, skb);
}

static void seal_done(struct ipsecx_sa *sa, struct sk_buff *skb, u64 seq,
		      int err)
{
	if (unlikely(err))
		ipsecx_drop(sa->idev, sa, skb, IPSECX_DROP_REASON_CRYPTO);
	else if (unlikely(READ_ONCE(sa->dead)))
		ipsecx_drop(sa->idev, sa, skb, IPSECX_DROP_REASON_DEVICE_DOWN);
	else
		seal_send(sa, skb, seq);
}

static void seal_ah(struct ipsecx_sa *sa, struct sk_buff *skb, u8 next,
		    u64 seq)
{
	enum ipsecx_drop_reason reason = ipsecx_ah_seal(sa, skb, next, seq);

	if (reason)
		ipsecx_drop(sa->idev, sa, skb, reason);
	else
		ipsecx_request_run(sa, skb, seq, skb->len - sa->t.icv_len -
				   sizeof(struct ipsecx_esp_hdr), true,
				   seal_done);
}

void ipsecx_seal(struct ipsecx_sa *sa, struct sk_buff *skb, u8 next, u64 seq)
{
	unsigned int len;

	if (ipsecx_sa_is_ah(sa)) {
		seal_ah(sa, skb, next, seq);
		return;
	}
	len = seal_pad(skb, &sa->t, next);
	skb_put(skb, sa->t.icv_len);
	seal_header(sa, skb, seq);
	ipsecx_request_run(sa, skb, seq, len, true, seal_done);
}
