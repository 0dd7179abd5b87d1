// SPDX-License-Identifier: GPL-2.0
/* From the device to the policy's SA: the first half of the way out. */

#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <net/dsfield.h>
#include <net/dst.h>
#include <net/gso.h>
#include <net/icmp.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include "drop.h"
#include "packet.h"
#include "sa.h"

static bool tx_is_ipv4(const struct sk_buff *skb)
{
	return skb->data[0] >> 4 == 4;
}

/*
 * Transport mode: the IP header stays in front, so what goes outside must be
 * what the policy says goes outside, whole (RFC 4303 section 3.3.4).
 * Returns the length of the part that stays, or 0.
 */
static unsigned int tx_outside4(const struct ipsecx_outer *outer,
				const struct iphdr *iph)
{
	if (outer->family != AF_INET || iph->saddr != outer->local4 ||
	    iph->daddr != outer->remote4 || ip_is_fragment(iph))
		return 0;
	return iph->ihl * 4;
}

static unsigned int tx_outside6(const struct ipsecx_outer *outer,
				struct sk_buff *skb)
{
	const struct ipv6hdr *ip6h = ipv6_hdr(skb);
	u8 *nexthdr;
	int hlen;

	if (outer->family != AF_INET6 ||
	    !ipv6_addr_equal(&ip6h->saddr, &outer->local) ||
	    !ipv6_addr_equal(&ip6h->daddr, &outer->remote))
		return 0;
	hlen = ip6_find_1stfragopt(skb, &nexthdr);
	if (hlen < 0 || *nexthdr == NEXTHDR_FRAGMENT || hlen > skb->len)
		return 0;
	ipsecx_cb(skb)->nhoff = nexthdr - skb_network_header(skb);
	return hlen;
}

/*
 * The header moves forward by what comes between it and its payload. Returns
 * false if the packet cannot travel in transport mode; @next becomes the
 * payload's protocol.
 */
static bool tx_part(struct ipsecx_sa *sa, const struct ipsecx_outer *outer,
		    struct sk_buff *skb, u8 *next)
{
	unsigned int room = ipsecx_seal_headroom(sa, tx_is_ipv4(skb));
	unsigned int hlen;

	if (tx_is_ipv4(skb)) {
		hlen = tx_outside4(outer, ip_hdr(skb));
		*next = ip_hdr(skb)->protocol;
	} else {
		hlen = tx_outside6(outer, skb);
		*next = skb_network_header(skb)[ipsecx_cb(skb)->nhoff];
	}
	if (!hlen)
		return false;
	ipsecx_cb(skb)->udp = outer->encap == IPSECX_ENCAP_UDP;
	if (ipsecx_cb(skb)->udp)
		room += sizeof(struct udphdr);
	memmove(skb->data - room, skb->data, hlen);
	ipsecx_cb(skb)->hlen = hlen;
	skb_pull(skb, hlen);
	return true;
}

/* Tunnel mode: note what the outer header takes over. */
static u8 tx_wrap(struct sk_buff *skb)
{
	skb_reset_inner_headers(skb);
	if (tx_is_ipv4(skb)) {
		ipsecx_cb(skb)->tos = ip_hdr(skb)->tos;
		ipsecx_cb(skb)->df = ip_hdr(skb)->frag_off & htons(IP_DF);
		return IPPROTO_IPIP;
	}
	ipsecx_cb(skb)->df = true;
	ipsecx_cb(skb)->tos = ipv6_get_dsfield(ipv6_hdr(skb));
	return IPPROTO_IPV6;
}

/* Traffic flow confidentiality: how much comes behind @len (RFC 4303 2.7). */
static unsigned int tx_tfc(const struct ipsecx_policy *policy,
			   const struct ipsecx_sa *sa, unsigned int len)
{
	unsigned int to = READ_ONCE(policy->tfc_pad);

	/* AH hides nothing. */
	if (likely(!to) || ipsecx_sa_is_ah(sa))
		return 0;
	to = min(to, READ_ONCE(policy->mtu));
	return to > len ? to - len : 0;
}

/* One packet of its final size. */
static void tx_one(struct ipsecx_policy *policy, struct ipsecx_sa *sa,
		   struct sk_buff *skb)
{
	const struct ipsecx_outer *outer = rcu_dereference(policy->outer);
	unsigned int tfc = tx_tfc(policy, sa, skb->len);
	bool v4 = outer->family == AF_INET;
	struct sk_buff *own;
	u64 seq;
	u8 next;

	own = ipsecx_own(skb, IPSECX_OUTER_ROOM + ipsecx_seal_headroom(sa, v4),
			 ipsecx_seal_tailroom(sa) + tfc);
	if (unlikely(!own)) {
		ipsecx_drop(sa->idev, sa, skb, IPSECX_DROP_REASON_NO_MEMORY);
		return;
	}
	skb_reset_network_header(own);
	memset(own->cb, 0, sizeof(own->cb));
	ipsecx_cb(own)->len = own->len;
	ipsecx_cb(own)->depth = ipsecx_output_depth();
	ipsecx_cb(own)->v4 = v4;
	skb_put_zero(own, tfc);
	if (policy->mode == IPSECX_MODE_TUNNEL) {
		next = tx_wrap(own);
	} else if (!tx_part(sa, outer, own, &next)) {
		ipsecx_drop(sa->idev, sa, own, IPSECX_DROP_REASON_MODE);
		return;
	}
	if (unlikely(READ_ONCE(sa->spent))) {
		ipsecx_drop(sa->idev, sa, own, IPSECX_DROP_REASON_SA_EXPIRED);
		return;
	}
	seq = ipsecx_sa_seq_reserve(sa, 1);
	if (unlikely(!seq)) {
		ipsecx_drop(sa->idev, sa, own,
			    IPSECX_DROP_REASON_SEQ_EXHAUSTED);
		return;
	}
	ipsecx_sa_count(sa, ipsecx_cb(own)->len);
	ipsecx_seal(sa, own, next, seq);
}

/* For IPv6 never below its least: there the outer packets are fragmented. */
static unsigned int tx_mtu(struct ipsecx_policy *policy,
			   const struct sk_buff *skb)
{
	unsigned int mtu = ipsecx_output_mtu(policy);

	if (!mtu || tx_is_ipv4(skb))
		return mtu;
	return max_t(unsigned int, mtu, IPV6_MIN_MTU);
}

/* A packet whose sender must learn a smaller MTU. */
static bool tx_too_big(struct sk_buff *skb, unsigned int mtu)
{
	if (skb_is_gso(skb) ? skb_gso_validate_network_len(skb, mtu) :
			      skb->len <= mtu)
		return false;
	return !tx_is_ipv4(skb) || ip_hdr(skb)->frag_off & htons(IP_DF);
}

static void tx_tell_sender(struct sk_buff *skb, unsigned int mtu)
{
	skb_dst_update_pmtu_no_confirm(skb, mtu);
	if (tx_is_ipv4(skb))
		icmp_ndo_send(skb, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED,
			      htonl(mtu));
	else
		icmpv6_ndo_send(skb, ICMPV6_PKT_TOOBIG, 0, mtu);
}

/*
 * Behind a head without frags, skb_segment() takes a member of the list for a
 * whole segment once their lengths are equal, be it by chance, and then BUG()s
 * over what is missing.
 */
static bool tx_has_odd_list(const struct sk_buff *skb)
{
	return skb_has_frag_list(skb) && !skb_shinfo(skb)->nr_frags &&
	       !(skb_shinfo(skb)->gso_type & SKB_GSO_FRAGLIST);
}

static void tx_segments(struct ipsecx_policy *policy, struct ipsecx_sa *sa,
			struct sk_buff *skb)
{
	struct sk_buff *segs = NULL, *seg, *next;

	/* No features: every segment comes linear, private and summed. */
	if (likely(!tx_has_odd_list(skb)) || !skb_linearize(skb))
		segs = skb_gso_segment(skb, 0);
	if (IS_ERR_OR_NULL(segs)) {
		ipsecx_drop(sa->idev, sa, skb, IPSECX_DROP_REASON_SEGMENT);
		return;
	}
	consume_skb(skb);
	skb_list_walk_safe(segs, seg, next) {
		skb_mark_not_on_list(seg);
		tx_one(policy, sa, seg);
	}
}

void ipsecx_tx(struct ipsecx_policy *policy, struct ipsecx_sa *sa,
	       struct sk_buff *skb)
{
	unsigned int mtu = tx_mtu(policy, skb);

	if (mtu && tx_too_big(skb, mtu)) {
		tx_tell_sender(skb, mtu);
		ipsecx_drop(sa->idev, sa, skb, IPSECX_DROP_REASON_TOO_BIG);
		return;
	}
	/* The inner route was needed for ICMP only. */
	skb_dst_drop(skb);
	if (skb_is_gso(skb))
		tx_segments(policy, sa, skb);
	else
		tx_one(policy, sa, skb);
}

/* RFC 4301 section 5.1: the sender of what is not let through may know why. */
static void tx_refuse(struct sk_buff *skb)
{
	if (tx_is_ipv4(skb))
		icmp_ndo_send(skb, ICMP_DEST_UNREACH, ICMP_PKT_FILTERED, 0);
	else
		icmpv6_ndo_send(skb, ICMPV6_DEST_UNREACH, ICMPV6_ADM_PROHIBITED,
				0);
}

/* The policy's verdict on a flow. */
static void tx_dispatch(struct ipsecx_dev *idev, struct sk_buff *skb,
			const struct ipsecx_flow *flow)
{
	struct ipsecx_policy *policy = ipsecx_spd_lookup(&idev->spd, flow);
	struct ipsecx_sa *sa;

	if (!policy) {
		tx_refuse(skb);
		ipsecx_drop(idev, NULL, skb, IPSECX_DROP_REASON_NO_POLICY);
		return;
	}
	sa = rcu_dereference(policy->tx);
	if (sa)
		ipsecx_tx(policy, sa, skb);
	else
		ipsecx_hold(policy, skb, flow);
}

/* Parsing may move the head, which a shared packet must not. */
static struct sk_buff *tx_unshare(struct ipsecx_dev *idev, struct sk_buff *skb)
{
	struct sk_buff *clone;

	if (likely(!skb_shared(skb)))
		return skb;
	clone = skb_clone(skb, GFP_ATOMIC);
	if (clone)
		consume_skb(skb);
	else
		ipsecx_drop(idev, NULL, skb, IPSECX_DROP_REASON_NO_MEMORY);
	return clone;
}

netdev_tx_t ipsecx_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct ipsecx_dev *idev = netdev_priv(dev);
	struct ipsecx_flow flow;

	rcu_read_lock();
	skb = tx_unshare(idev, skb);
	if (!skb) {
		rcu_read_unlock();
		return NETDEV_TX_OK;
	}
	skb_reset_network_header(skb);
	if (ipsecx_flow_parse(skb, true, &flow) ||
	    pskb_trim_rcsum(skb, flow.len))
		ipsecx_drop(idev, NULL, skb,
			    IPSECX_DROP_REASON_INNER_MALFORMED);
	else
		tx_dispatch(idev, skb, &flow);
	rcu_read_unlock();
	return NETDEV_TX_OK;
}
