/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IPSECX_AH_H
#define _IPSECX_AH_H

#include <linux/skbuff.h>
#include <uapi/linux/ipsecx.h>

struct ipsecx_sa;

/**
 * DOC: AH (RFC 4302 sections 2 and 3.3.3)
 *
 *	IP header and extensions | AH, ICV, padding | payload
 *	|<--- ICV: mutable fields and itself taken as zero --->| high half
 *
 * The payload is a whole inner packet in tunnel mode. With ESN the sequence
 * number's high half is covered as if it followed the packet. There is no
 * cipher: for the crypto layer this is ESP's NULL encryption, with the packet
 * as it stands between ipsecx_ah_begin() and ipsecx_ah_end().
 */

/* The AH header with its ICV and padding, over IPv4 or IPv6. */
unsigned int ipsecx_ah_len(const struct ipsecx_sa *sa, bool v4);
/* Inbound, skb->data at AH: is the header this SA's? May move skb->head. */
bool ipsecx_ah_length_ok(const struct ipsecx_sa *sa, struct sk_buff *skb);

/*
 * Lay the packet at skb->data out as the ICV covers it, in place: the
 * ipsecx_cb.hlen bytes in front of AH are kept before skb->data, in room that
 * is there, and behind the packet come the high half and the ICV. Returns
 * false for headers that AH cannot have in front of it.
 */
bool ipsecx_ah_begin(const struct ipsecx_sa *sa, struct sk_buff *skb, u64 seq);
/* Undo that; the ICV goes back into AH. Returns the payload's protocol. */
u8 ipsecx_ah_end(const struct ipsecx_sa *sa, struct sk_buff *skb);

/*
 * From payload at skb->data to a whole packet that has begun. Returns a reason
 * to drop it, or 0. RCU, BH off.
 */
enum ipsecx_drop_reason ipsecx_ah_seal(const struct ipsecx_sa *sa,
				       struct sk_buff *skb, u8 next, u64 seq);

#endif /* _IPSECX_AH_H */
