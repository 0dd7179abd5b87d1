// SPDX-License-Identifier: GPL-2.0
/* From the wire to decryption: RFC 4303 section 3.4.3, the cheap checks. */

#include <linux/ip.h>
#include <linux/ipv6.h>
#include <net/ipv6.h>
#include "ah.h"
#include "drop.h"
#include "esp.h"
#include "packet.h"
#include "sa.h"

/* Header, IV, one block and ICV at least, and whole blocks. */
static bool rx_length_ok(const struct ipsecx_sa *sa, struct sk_buff *skb)
{
	const struct ipsecx_transform *t = &sa->t;
	unsigned int fixed = sizeof(struct ipsecx_esp_hdr) + t->iv_len +
			     t->icv_len;

	if (ipsecx_sa_is_ah(sa))
		return ipsecx_ah_length_ok(sa, skb);
	return skb->len >= fixed + t->block &&
	       (skb->len - fixed) % t->block == 0 &&
	       pskb_may_pull(skb, sizeof(struct ipsecx_esp_hdr));
}

/*
 * Note where the outer headers are and own the packet from there on, since
 * transport mode needs them again, and so does ECN. AH covers them, and has to
 * have room for what it puts aside. NULL without memory.
 */
static struct sk_buff *rx_own(const struct ipsecx_sa *sa, struct sk_buff *skb,
			      bool udp)
{
	unsigned int hlen = -skb_network_offset(skb);
	bool ah = ipsecx_sa_is_ah(sa);
	u16 nhoff = IP6CB(skb)->nhoff;
	struct sk_buff *own;

	/* Nor is there a sum inside that we would have to complete. */
	skb->ip_summed = CHECKSUM_NONE;
	__skb_push(skb, hlen);
	own = ipsecx_own(skb, ah ? hlen : 0,
			 ah ? ipsecx_seal_tailroom(sa) : 0);
	if (!own) {
		__skb_pull(skb, hlen);
		return NULL;
	}
	skb_reset_network_header(own);
	memset(own->cb, 0, sizeof(own->cb));
	ipsecx_cb(own)->hlen = hlen;
	ipsecx_cb(own)->nhoff = nhoff;
	ipsecx_cb(own)->udp = udp;
	__skb_pull(own, ah ? 0 : hlen);
	return own;
}

static u64 rx_sequence(const struct ipsecx_sa *sa, const struct sk_buff *skb)
{
	const struct ipsecx_esp_hdr *esp = (const void *)skb->data;
	const struct ip_auth_hdr *ah = (const void *)skb->data;
	u32 low = ntohl(ipsecx_sa_is_ah(sa) ? ah->seq_no : esp->seq);

	return sa->esn ? ipsecx_replay_esn(&sa->replay, low) : low;
}

static bool rx_encap_ok(const struct ipsecx_sa *sa, bool udp)
{
	const struct ipsecx_outer *outer = rcu_dereference(sa->policy->outer);

	return (outer->encap == IPSECX_ENCAP_UDP) == udp;
}

/*
 * In transport mode the outer header becomes the clear packet's, and no ESP
 * covers it: its addresses are what the policy says, or nobody's.
 */
static bool rx_addresses_ok(const struct ipsecx_sa *sa,
			    const struct sk_buff *skb)
{
	const struct ipsecx_outer *outer = rcu_dereference(sa->policy->outer);
	const struct ipv6hdr *ip6h = ipv6_hdr(skb);
	const struct iphdr *iph = ip_hdr(skb);

	if (sa->policy->mode == IPSECX_MODE_TUNNEL)
		return true;
	if (iph->version == 4)
		return outer->family == AF_INET &&
		       iph->saddr == outer->remote4 &&
		       iph->daddr == outer->local4;
	return outer->family == AF_INET6 &&
	       ipv6_addr_equal(&ip6h->saddr, &outer->remote) &&
	       ipv6_addr_equal(&ip6h->daddr, &outer->local);
}

/* Everything before decryption; returns a reason, or 0 to go on. */
static enum ipsecx_drop_reason rx_check(const struct ipsecx_sa *sa,
					struct sk_buff *skb, bool udp,
					u64 *seq)
{
	if (unlikely(READ_ONCE(sa->spent)))
		return IPSECX_DROP_REASON_SA_EXPIRED;
	if (!rx_encap_ok(sa, udp))
		return IPSECX_DROP_REASON_ENCAP_MISMATCH;
	if (!rx_addresses_ok(sa, skb))
		return IPSECX_DROP_REASON_SELECTOR_MISMATCH;
	/* No such packet is a superpacket, whatever a virtual machine says. */
	if (!rx_length_ok(sa, skb) || skb_is_gso(skb))
		return IPSECX_DROP_REASON_ESP_MALFORMED;
	if (!pskb_may_pull(skb, sizeof(struct ipsecx_esp_hdr)))
		return IPSECX_DROP_REASON_NO_MEMORY;
	*seq = rx_sequence(sa, skb);
	switch (ipsecx_replay_check(&sa->replay, *seq)) {
	case IPSECX_REPLAY_SEEN:
		return IPSECX_DROP_REASON_REPLAY;
	case IPSECX_REPLAY_OLD:
		return IPSECX_DROP_REASON_REPLAY_OLD;
	default:
		return 0;
	}
}

void ipsecx_rx(struct ipsecx_sa *sa, struct sk_buff *skb, bool udp)
{
	enum ipsecx_drop_reason reason;
	struct sk_buff *own;
	u64 seq;

	reason = rx_check(sa, skb, udp, &seq);
	if (reason) {
		ipsecx_drop(sa->idev, sa, skb, reason);
		return;
	}
	own = rx_own(sa, skb, udp);
	if (own)
		ipsecx_open(sa, own, seq);
	else
		ipsecx_drop(sa->idev, sa, skb, IPSECX_DROP_REASON_NO_MEMORY);
}
