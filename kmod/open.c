// SPDX-License-Identifier: GPL-2.0
/* ESP, or AH, to clear packet: RFC 4303 section 3.4.4, RFC 4301 section 5.2. */

#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/udp.h>
#include <net/dsfield.h>
#include <net/dst.h>
#include <net/inet_ecn.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include "ah.h"
#include "drop.h"
#include "esp.h"
#include "event.h"
#include "packet.h"
#include "request.h"
#include "sa.h"
#include "trace.h"

/* Cut off padding and tail; the pad bytes must count up from 1 (2.4). */
static bool open_unpad(struct sk_buff *skb, u8 *next)
{
	const struct ipsecx_esp_tail *tail;
	const u8 *pad;
	unsigned int i;

	tail = (const void *)(skb_tail_pointer(skb) - sizeof(*tail));
	if (tail->pad_len + sizeof(*tail) > skb->len)
		return false;
	pad = (const u8 *)tail - tail->pad_len;
	for (i = 0; i < tail->pad_len; i++)
		if (pad[i] != i + 1)
			return false;
	*next = tail->next;
	__skb_trim(skb, skb->len - sizeof(*tail) - tail->pad_len);
	return true;
}

/* From authentic packet to payload; AH has no padding. */
static bool open_strip(const struct ipsecx_sa *sa, struct sk_buff *skb,
		       u8 *next)
{
	if (ipsecx_sa_is_ah(sa)) {
		*next = ipsecx_ah_end(sa, skb);
		__skb_pull(skb, ipsecx_cb(skb)->hlen +
				ipsecx_ah_len(sa, ip_hdr(skb)->version == 4));
		return true;
	}
	__skb_trim(skb, skb->len - sa->t.icv_len);
	__skb_pull(skb, sizeof(struct ipsecx_esp_hdr) + sa->t.iv_len);
	return open_unpad(skb, next);
}

/* RFC 6040 section 4.2; @skb->data is at the inner header. */
static bool open_ecn(struct sk_buff *skb)
{
	const void *outer = skb_network_header(skb);
	u8 tos, inner;

	if (*(const u8 *)outer >> 4 == 4)
		tos = ((const struct iphdr *)outer)->tos;
	else
		tos = ipv6_get_dsfield(outer);
	inner = skb->data[0] >> 4;
	skb_reset_network_header(skb);
	/* What it says decides where a mark is written. */
	skb->protocol = inner == 4 ? htons(ETH_P_IP) : htons(ETH_P_IPV6);
	if (inner == 4)
		return INET_ECN_decapsulate(skb, tos, ip_hdr(skb)->tos) <= 1;
	return INET_ECN_decapsulate(skb, tos,
				    ipv6_get_dsfield(ipv6_hdr(skb))) <= 1;
}

/* Put the outer IP header back in front of the payload, as it was inside. */
static void open_join(struct sk_buff *skb, u8 next)
{
	const struct ipsecx_cb *cb = ipsecx_cb(skb);
	unsigned int hlen = cb->hlen - (cb->udp ? sizeof(struct udphdr) : 0);
	u8 *hdr = skb_network_header(skb);
	struct iphdr *iph;

	memmove(skb->data - hlen, hdr, hlen);
	skb_push(skb, hlen);
	skb_reset_network_header(skb);
	if (skb->data[0] >> 4 == 6) {
		skb->data[cb->nhoff] = next;
		ipv6_hdr(skb)->payload_len =
			htons(skb->len - sizeof(struct ipv6hdr));
		return;
	}
	iph = ip_hdr(skb);
	iph->protocol = next;
	iph->tot_len = htons(skb->len);
	ip_send_check(iph);
}

static bool open_next_ok(const struct ipsecx_sa *sa, const struct sk_buff *skb,
			 u8 next)
{
	if (sa->policy->mode == IPSECX_MODE_TRANSPORT)
		return true;
	if (!skb->len)
		return false;
	return (next == IPPROTO_IPIP && skb->data[0] >> 4 == 4) ||
	       (next == IPPROTO_IPV6 && skb->data[0] >> 4 == 6);
}

static bool open_selected(const struct ipsecx_sa *sa,
			  const struct ipsecx_flow *flow)
{
	return ipsecx_selectors_match(rcu_dereference(sa->policy->selectors),
				      flow);
}

/* From authentic packet to clear packet; returns a reason or 0. */
static enum ipsecx_drop_reason open_unwrap(struct ipsecx_sa *sa,
					   struct sk_buff *skb)
{
	bool tunnel = sa->policy->mode == IPSECX_MODE_TUNNEL;
	struct ipsecx_flow flow;
	u8 next;

	if (!open_strip(sa, skb, &next))
		return IPSECX_DROP_REASON_PADDING;
	if (next == IPSECX_ESP_NEXT_DUMMY && !ipsecx_sa_is_ah(sa))
		return IPSECX_DROP_REASON_DUMMY;
	if (!open_next_ok(sa, skb, next))
		return IPSECX_DROP_REASON_NEXT_HEADER;
	if (!tunnel)
		open_join(skb, next);
	if (ipsecx_flow_parse(skb, false, &flow))
		return IPSECX_DROP_REASON_DECAP_MALFORMED;
	if (!open_selected(sa, &flow))
		return IPSECX_DROP_REASON_SELECTOR_MISMATCH;
	/* What follows the packet is traffic flow confidentiality padding. */
	__skb_trim(skb, flow.len);
	if (tunnel && !open_ecn(skb))
		return IPSECX_DROP_REASON_ECN;
	return 0;
}

/*
 * A NAT changed addresses under the checksum of a transport mode payload; the
 * ICV vouches for it instead (RFC 3948 section 3.1.2).
 */
static void open_deliver(struct ipsecx_sa *sa, struct sk_buff *skb, u64 seq)
{
	bool natted = sa->policy->mode == IPSECX_MODE_TRANSPORT &&
		      ipsecx_cb(skb)->udp;
	struct net_device *dev = sa->idev->dev;
	bool v4 = skb->data[0] >> 4 == 4;

	trace_rx(dev->name, sa->spi, seq, skb->len);
	ipsecx_sa_count(sa, skb->len);
	skb->ip_summed = natted ? CHECKSUM_UNNECESSARY : CHECKSUM_NONE;
	skb->csum_level = natted ? ~0 : 0;
	skb->protocol = v4 ? htons(ETH_P_IP) : htons(ETH_P_IPV6);
	skb->pkt_type = PACKET_HOST;
	skb->encapsulation = 0;
	memset(skb->cb, 0, sizeof(skb->cb));
	skb_reset_mac_header(skb);
	skb_reset_mac_len(skb);
	skb_scrub_packet(skb, !net_eq(sa->idev->xn->net, dev_net(dev)));
	skb_clear_hash(skb);
	skb->dev = dev;
	dev_sw_netstats_rx_add(dev, skb->len);
	gro_cells_receive(&sa->idev->gro, skb);
}

/* The UDP header ends where ESP begins. */
static const struct udphdr *open_udp(struct sk_buff *skb)
{
	const struct ipsecx_cb *cb = ipsecx_cb(skb);

	if (!cb->udp)
		return NULL;
	return (const void *)(skb_network_header(skb) + cb->hlen -
			      sizeof(struct udphdr));
}

static bool open_from_peer(const struct ipsecx_outer *outer,
			   const struct sk_buff *skb, const struct udphdr *uh)
{
	if (uh && uh->source != outer->remote_port)
		return false;
	if (ip_hdr(skb)->version == 4)
		return outer->family == AF_INET &&
		       ip_hdr(skb)->saddr == outer->remote4;
	return outer->family == AF_INET6 &&
	       ipv6_addr_equal(&ipv6_hdr(skb)->saddr, &outer->remote);
}

/*
 * Whoever has the key tells by its newest packet where it is now (RFC 7296
 * section 2.23); what follows from that is the agent's to say.
 */
static void open_note_peer(struct ipsecx_sa *sa, struct sk_buff *skb, u64 seq)
{
	const struct ipsecx_outer *outer = rcu_dereference(sa->policy->outer);
	const struct udphdr *uh = open_udp(skb);

	if (likely(open_from_peer(outer, skb, uh)) ||
	    READ_ONCE(sa->replay.top) != seq)
		return;
	if (ipsecx_once_a_second(&sa->policy->moved_told))
		ipsecx_event_peer_moved(sa, skb, uh);
}

/* The packet is authentic: is it new, and what is in it? */
static void open_authentic(struct ipsecx_sa *sa, struct sk_buff *skb, u64 seq)
{
	enum ipsecx_drop_reason reason;

	switch (ipsecx_replay_update(&sa->replay, seq)) {
	case IPSECX_REPLAY_SEEN:
		reason = IPSECX_DROP_REASON_REPLAY;
		break;
	case IPSECX_REPLAY_OLD:
		reason = IPSECX_DROP_REASON_REPLAY_OLD;
		break;
	default:
		open_note_peer(sa, skb, seq);
		reason = open_unwrap(sa, skb);
	}
	if (!reason && !(READ_ONCE(sa->idev->dev->flags) & IFF_UP))
		reason = IPSECX_DROP_REASON_DEVICE_DOWN;
	if (reason)
		ipsecx_drop(sa->idev, sa, skb, reason);
	else
		open_deliver(sa, skb, seq);
}

static void open_done(struct ipsecx_sa *sa, struct sk_buff *skb, u64 seq,
		      int err)
{
	if (unlikely(err == -EBADMSG))
		ipsecx_drop(sa->idev, sa, skb, IPSECX_DROP_REASON_INTEGRITY);
	else if (unlikely(err))
		ipsecx_drop(sa->idev, sa, skb, IPSECX_DROP_REASON_CRYPTO);
	else if (unlikely(READ_ONCE(sa->dead)))
		ipsecx_drop(sa->idev, sa, skb, IPSECX_DROP_REASON_DEVICE_DOWN);
	else
		open_authentic(sa, skb, seq);
}

void ipsecx_open(struct ipsecx_sa *sa, struct sk_buff *skb, u64 seq)
{
	unsigned int hlen = sizeof(struct ipsecx_esp_hdr) + sa->t.iv_len;

	if (ipsecx_sa_is_ah(sa) && !ipsecx_ah_begin(sa, skb, seq))
		ipsecx_drop(sa->idev, sa, skb,
			    IPSECX_DROP_REASON_ESP_MALFORMED);
	else
		ipsecx_request_run(sa, skb, seq, skb->len - hlen, false,
				   open_done);
}
