// SPDX-License-Identifier: GPL-2.0
/* The outer headers and the way to the wire: all that differs by family. */

#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/math.h>
#include <linux/udp.h>
#include <net/dst_cache.h>
#include <net/flow.h>
#include <net/inet_ecn.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/ip6_route.h>
#include <net/ip_tunnels.h>
#include <net/ipv6.h>
#include <net/route.h>
#include <net/udp.h>
#include "drop.h"
#include "esp.h"
#include "mtu.h"
#include "packet.h"
#include "sa.h"

#define OUTPUT_DEPTH_MAX	5

static DEFINE_PER_CPU(u8, output_depth);

u8 ipsecx_output_depth(void)
{
	return this_cpu_read(output_depth);
}

static u8 output_protocol(const struct ipsecx_sa *sa,
			  const struct ipsecx_outer *outer)
{
	return outer->encap == IPSECX_ENCAP_UDP ? IPPROTO_UDP : sa->protocol;
}

static struct dst_entry *output_lookup4(const struct ipsecx_dev *idev,
					struct ipsecx_outer *outer, u8 protocol)
{
	struct flowi4 fl4 = {
		.flowi4_oif = READ_ONCE(idev->link),
		.flowi4_mark = READ_ONCE(idev->fwmark),
		.flowi4_proto = protocol,
		.saddr = outer->local4,
		.daddr = outer->remote4,
		.fl4_sport = outer->local_port,
		.fl4_dport = outer->remote_port,
	};
	struct rtable *rt = ip_route_output_key(idev->xn->net, &fl4);

	if (IS_ERR(rt))
		return ERR_CAST(rt);
	dst_cache_set_ip4(&outer->cache, &rt->dst, fl4.saddr);
	return &rt->dst;
}

/*
 * An underlay counts only in a lookup without a source address, or else the
 * route of a transport mode peer would lead back into the device.
 */
static struct dst_entry *output_lookup6(const struct ipsecx_dev *idev,
					struct ipsecx_outer *outer, u8 protocol)
{
	int link = READ_ONCE(idev->link);
	struct flowi6 fl6 = {
		.flowi6_oif = link,
		.flowi6_mark = READ_ONCE(idev->fwmark),
		.flowi6_proto = protocol,
		.saddr = link ? in6addr_any : outer->local,
		.daddr = outer->remote,
		.fl6_sport = outer->local_port,
		.fl6_dport = outer->remote_port,
	};
	struct dst_entry *dst;

	dst = ip6_dst_lookup_flow(idev->xn->net, NULL, &fl6, NULL);
	if (!IS_ERR(dst))
		dst_cache_set_ip6(&outer->cache, dst, &fl6.saddr);
	return dst;
}

/* With a reference; ERR_PTR: -ELOOP for a route into ourselves, or no route. */
static struct dst_entry *output_route(const struct ipsecx_dev *idev,
				      struct ipsecx_outer *outer, u8 protocol)
{
	struct dst_entry *dst = dst_cache_get(&outer->cache);

	if (!dst)
		dst = outer->family == AF_INET ?
			output_lookup4(idev, outer, protocol) :
			output_lookup6(idev, outer, protocol);
	if (!IS_ERR(dst) && unlikely(dst_dev(dst) == idev->dev)) {
		dst_release(dst);
		return ERR_PTR(-ELOOP);
	}
	return dst;
}

static unsigned int output_ip_len(const struct ipsecx_outer *outer)
{
	return outer->family == AF_INET ? sizeof(struct iphdr) :
					  sizeof(struct ipv6hdr);
}

/*
 * The largest inner packet that fits into @mtu: what the outer headers and
 * the ICV leave, in whole cipher blocks, less the ESP tail. In transport mode
 * the IP header is not encrypted but counts as part of the inner packet. AH
 * is all header, and its ICV a part of that.
 */
static unsigned int output_inner_mtu(const struct ipsecx_policy *policy,
				     const struct ipsecx_outer *outer,
				     const struct ipsecx_sa *sa,
				     unsigned int mtu)
{
	unsigned int ip = output_ip_len(outer);
	unsigned int fixed = ip + ipsecx_seal_headroom(sa, outer->family ==
							   AF_INET);
	unsigned int block = 1, tail = 0, inner;

	if (!ipsecx_sa_is_ah(sa)) {
		fixed += sa->t.icv_len;
		block = sa->t.block;
		tail = sizeof(struct ipsecx_esp_tail);
	}
	if (outer->encap == IPSECX_ENCAP_UDP)
		fixed += sizeof(struct udphdr);
	if (mtu < fixed + block)
		return 0;
	inner = round_down(mtu - fixed, block) - tail;
	return policy->mode == IPSECX_MODE_TUNNEL ? inner : inner + ip;
}

unsigned int ipsecx_output_mtu(struct ipsecx_policy *policy)
{
	struct ipsecx_outer *outer = rcu_dereference(policy->outer);
	struct ipsecx_sa *sa = rcu_dereference(policy->tx);
	struct dst_entry *dst;
	unsigned int mtu = 0;

	dst = sa ? output_route(sa->idev, outer, output_protocol(sa, outer)) :
		   ERR_PTR(-ENOENT);
	if (!IS_ERR(dst)) {
		mtu = output_inner_mtu(policy, outer, sa, dst_mtu(dst));
		dst_release(dst);
	}
	ipsecx_mtu_note(policy, mtu);
	return mtu;
}

static void output_udp(const struct ipsecx_outer *outer, struct sk_buff *skb)
{
	struct udphdr *uh = skb_push(skb, sizeof(*uh));

	skb_reset_transport_header(skb);
	uh->source = outer->local_port;
	uh->dest = outer->remote_port;
	uh->len = htons(skb->len);
	/* RFC 3948 section 2.1 wants none over IPv4; IPv6 has to have one. */
	uh->check = 0;
	if (outer->family == AF_INET6)
		udp6_set_csum(false, skb, &outer->local, &outer->remote,
			      skb->len);
}

/* RFC 6040: the inner ECN as it is, congestion marks included. */
static u8 output_tos(const struct ipsecx_dev *idev, u8 inner)
{
	u8 dscp = READ_ONCE(idev->dscp);

	if (dscp == IPSECX_DSCP_COPY)
		return inner;
	return dscp << 2 | (inner & INET_ECN_MASK);
}

static __be16 output_df(const struct ipsecx_dev *idev,
			const struct ipsecx_cb *cb)
{
	u8 df = READ_ONCE(idev->df);

	return df == IPSECX_DF_SET || (df == IPSECX_DF_COPY && cb->df) ?
	       htons(IP_DF) : 0;
}

static void output_header4(const struct ipsecx_dev *idev,
			   const struct ipsecx_outer *outer,
			   struct sk_buff *skb, u8 protocol)
{
	const struct ipsecx_cb *cb = ipsecx_cb(skb);
	struct iphdr *iph;

	iph = skb_push(skb, cb->hlen ?: sizeof(*iph));
	skb_reset_network_header(skb);
	if (!cb->hlen) {
		memset(iph, 0, sizeof(*iph));
		iph->version = 4;
		iph->ihl = sizeof(*iph) / 4;
		iph->tos = output_tos(idev, cb->tos);
		iph->frag_off = output_df(idev, cb);
		iph->ttl = READ_ONCE(idev->ttl);
		iph->saddr = outer->local4;
		iph->daddr = outer->remote4;
	}
	iph->protocol = protocol;
	iph->tot_len = htons(skb->len);
	if (!cb->hlen)
		__ip_select_ident(idev->xn->net, iph, 1);
}

static void output_header6(const struct ipsecx_dev *idev,
			   const struct ipsecx_outer *outer,
			   struct sk_buff *skb, u8 protocol)
{
	const struct ipsecx_cb *cb = ipsecx_cb(skb);
	struct ipv6hdr *ip6h;

	ip6h = skb_push(skb, cb->hlen ?: sizeof(*ip6h));
	skb_reset_network_header(skb);
	ip6h->payload_len = htons(skb->len - sizeof(*ip6h));
	if (cb->hlen) {
		skb->data[cb->nhoff] = protocol;
		return;
	}
	ip6_flow_hdr(ip6h, output_tos(idev, cb->tos), 0);
	ip6h->nexthdr = protocol;
	ip6h->hop_limit = READ_ONCE(idev->ttl);
	ip6h->saddr = outer->local;
	ip6h->daddr = outer->remote;
}

/* All in front of ESP or AH, but for a TTL that the route has to say. */
static void output_header(const struct ipsecx_dev *idev,
			  const struct ipsecx_outer *outer,
			  struct sk_buff *skb, u8 protocol)
{
	skb_reset_transport_header(skb);
	if (outer->encap == IPSECX_ENCAP_UDP)
		output_udp(outer, skb);
	if (outer->family == AF_INET)
		output_header4(idev, outer, skb, protocol);
	else
		output_header6(idev, outer, skb, protocol);
	ipsecx_cb(skb)->hlen = skb_network_header_len(skb);
}

/*
 * In transport mode the header is where an outer part has put it that the
 * policy may have replaced meanwhile, and AH is of one family's size.
 */
static bool output_fits(const struct ipsecx_sa *sa,
			const struct ipsecx_outer *outer,
			const struct ipsecx_cb *cb)
{
	return (!cb->hlen && !ipsecx_sa_is_ah(sa)) ||
	       (cb->udp == (outer->encap == IPSECX_ENCAP_UDP) &&
		cb->v4 == (outer->family == AF_INET));
}

bool ipsecx_output_header(const struct ipsecx_sa *sa, struct sk_buff *skb)
{
	const struct ipsecx_outer *outer = rcu_dereference(sa->policy->outer);

	if (!output_fits(sa, outer, ipsecx_cb(skb)))
		return false;
	output_header(sa->idev, outer, skb, output_protocol(sa, outer));
	return true;
}

static int output_send(const struct ipsecx_dev *idev,
		       const struct ipsecx_outer *outer, struct sk_buff *skb,
		       struct dst_entry *dst)
{
	u8 depth = this_cpu_read(output_depth);
	struct net *net = idev->xn->net;
	int err;

	this_cpu_write(output_depth, ipsecx_cb(skb)->depth + 1);
	memset(skb->cb, 0, sizeof(skb->cb));
	skb_dst_set(skb, dst);
	skb->mark = READ_ONCE(idev->fwmark);
	skb->ignore_df = 1;
	if (outer->family == AF_INET) {
		if (!ip_hdr(skb)->ttl)
			ip_hdr(skb)->ttl = ip4_dst_hoplimit(dst);
		err = ip_local_out(net, NULL, skb);
	} else {
		if (!ipv6_hdr(skb)->hop_limit)
			ipv6_hdr(skb)->hop_limit = ip6_dst_hoplimit(dst);
		err = ip6_local_out(net, NULL, skb);
	}
	this_cpu_write(output_depth, depth);
	return err;
}

/*
 * Devices that send through each other: as deep as the core's own tunnels may
 * go, since every level takes stack. Crypto that answers later begins with a
 * new stack, so what the packet itself has been through counts, too.
 */
static bool output_too_deep(const struct ipsecx_cb *cb)
{
	return dev_recursion_level() > OUTPUT_DEPTH_MAX ||
	       cb->depth > OUTPUT_DEPTH_MAX;
}

static enum ipsecx_drop_reason output_reason(const struct dst_entry *dst)
{
	return PTR_ERR(dst) == -ELOOP ? IPSECX_DROP_REASON_LOOP :
					IPSECX_DROP_REASON_NO_ROUTE;
}

void ipsecx_output(struct ipsecx_sa *sa, struct sk_buff *skb)
{
	struct ipsecx_outer *outer = rcu_dereference(sa->policy->outer);
	u8 protocol = output_protocol(sa, outer);
	unsigned int len = ipsecx_cb(skb)->len;
	struct ipsecx_dev *idev = sa->idev;
	struct dst_entry *dst;
	int err;

	if (unlikely(!output_fits(sa, outer, ipsecx_cb(skb)))) {
		ipsecx_drop(idev, sa, skb, IPSECX_DROP_REASON_MODE);
		return;
	}
	dst = unlikely(output_too_deep(ipsecx_cb(skb))) ?
		      ERR_PTR(-ELOOP) :
		      output_route(idev, outer, protocol);
	if (IS_ERR(dst)) {
		ipsecx_drop(idev, sa, skb, output_reason(dst));
		return;
	}
	skb_scrub_packet(skb, !net_eq(idev->xn->net, dev_net(idev->dev)));
	skb_clear_hash_if_not_l4(skb);
	skb->encapsulation = 0;
	if (!ipsecx_sa_is_ah(sa))
		output_header(idev, outer, skb, protocol);
	err = output_send(idev, outer, skb, dst);
	if (likely(!net_xmit_eval(err)))
		dev_sw_netstats_tx_add(idev->dev, 1, len);
	else
		ipsecx_drop(idev, sa, NULL, IPSECX_DROP_REASON_OUTPUT);
}

void ipsecx_output_keepalive(struct ipsecx_policy *policy)
{
	struct ipsecx_outer *outer = rcu_dereference(policy->outer);
	struct dst_entry *dst;
	struct sk_buff *skb;

	if (outer->encap != IPSECX_ENCAP_UDP)
		return;
	skb = alloc_skb(IPSECX_OUTER_ROOM + 1, GFP_ATOMIC);
	if (!skb)
		return;
	dst = output_route(policy->idev, outer, IPPROTO_UDP);
	if (IS_ERR(dst)) {
		kfree_skb(skb);
		return;
	}
	skb_reserve(skb, IPSECX_OUTER_ROOM);
	skb_put_u8(skb, 0xff);
	memset(skb->cb, 0, sizeof(skb->cb));
	output_header(policy->idev, outer, skb, IPPROTO_UDP);
	output_send(policy->idev, outer, skb, dst);
}
