/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IPSECX_PACKET_H
#define _IPSECX_PACKET_H

#include <linux/ipv6.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/udp.h>
#include <uapi/linux/ipsecx.h>

struct ipsecx_flow;
struct ipsecx_net;
struct ipsecx_policy;
struct ipsecx_sa;

/**
 * DOC: the packet's walk
 *
 * Out: ipsecx_xmit() (tx.c) parses the flow, finds policy and SA, segments,
 * and for each packet ipsecx_own() (own.c) makes it writable, ipsecx_seal()
 * (seal.c) lays out and encrypts, ipsecx_output() (output.c) puts the outer
 * headers on and sends. AH (ah.c) covers the outer headers, so it has them put
 * on before.
 *
 * In: IP protocol 50 or 51 (proto.c) or a UDP socket (udp.c) finds the SA by SPI,
 * ipsecx_rx() (rx.c) checks replay and owns, ipsecx_open() (open.c) decrypts,
 * checks again, unwraps and hands the clear packet to the device.
 *
 * All of it runs with BH off under RCU. Crypto that answers later ends in the
 * same function as crypto that answers at once (request.c).
 */

/**
 * struct ipsecx_cb - a packet's notes in skb->cb while it is in this module
 * @hlen: bytes of IP header, and IPv6 extension headers, kept outside in
 *	transport mode; outer headers in front of ESP on the way in, and of AH
 * @nhoff: IPv6: where in them the protocol number of what follows is
 * @len: out: length of the clear packet
 * @tos: out, tunnel: the inner DSCP and ECN
 * @df: out, tunnel: no router may fragment the packet inside
 * @udp: in: came in UDP; out, transport mode: has room for UDP
 * @v4: out: the outside is IPv4
 * @depth: out: how many of our devices it has been through before this one
 */
struct ipsecx_cb {
	u16 hlen;
	u16 nhoff;
	u32 len;
	u8 tos;
	bool df;
	bool udp;
	bool v4;
	u8 depth;
};

static inline struct ipsecx_cb *ipsecx_cb(struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct ipsecx_cb) > sizeof(skb->cb));
	return (struct ipsecx_cb *)skb->cb;
}

/*
 * own.c: the one place that decides whether a packet's bytes may be written.
 * skb->data is at its first byte that matters. Returns @skb itself where it
 * is provably private and has the room, else a linear copy, checksum filled
 * in, with @skb consumed; NULL without memory, and @skb is the caller's.
 */
struct sk_buff *ipsecx_own(struct sk_buff *skb, unsigned int headroom,
			   unsigned int tailroom);

/*
 * seal.c: from payload at skb->data to ESP header at skb->data, then
 * ipsecx_output(). @skb is owned and has the room. BH off, RCU. Consumes.
 */
void ipsecx_seal(struct ipsecx_sa *sa, struct sk_buff *skb, u8 next, u64 seq);
/* What ipsecx_seal() puts in front of and behind the payload, at most. */
unsigned int ipsecx_seal_headroom(const struct ipsecx_sa *sa, bool v4);
unsigned int ipsecx_seal_tailroom(const struct ipsecx_sa *sa);

/* Outer headers, and what the link below wants in front of them. */
#define IPSECX_OUTER_ROOM	(sizeof(struct ipv6hdr) + \
				 sizeof(struct udphdr) + LL_MAX_HEADER)
/* output.c: UDP and IP around ESP at skb->data, and out. Consumes. */
void ipsecx_output(struct ipsecx_sa *sa, struct sk_buff *skb);
/* How many of our devices the packet that is being sent has been through. */
u8 ipsecx_output_depth(void);
/* IP around AH, before that. False if the policy's outside has changed. */
bool ipsecx_output_header(const struct ipsecx_sa *sa, struct sk_buff *skb);

/* ndo_start_xmit. Consumes @skb. */
netdev_tx_t ipsecx_xmit(struct sk_buff *skb, struct net_device *dev);
/* Protect and send @skb, which @policy covers, on @sa. BH off, RCU. Consumes. */
void ipsecx_tx(struct ipsecx_policy *policy, struct ipsecx_sa *sa,
	       struct sk_buff *skb);
/*
 * A packet for @sa: skb->data at the ESP or AH header, the network header at
 * the outer IP header. BH off, RCU. Consumes.
 */
void ipsecx_rx(struct ipsecx_sa *sa, struct sk_buff *skb, bool udp);
/* open.c: decrypt, check, unwrap and deliver what ipsecx_rx() let through. */
void ipsecx_open(struct ipsecx_sa *sa, struct sk_buff *skb, u64 seq);

/* hold.c: keep @skb until @policy gets an SA, and ask for one. Consumes. */
void ipsecx_hold(struct ipsecx_policy *policy, struct sk_buff *skb,
		 const struct ipsecx_flow *flow);
/* Send what is held now that there is an SA. Process context. */
void ipsecx_hold_release(struct ipsecx_policy *policy);
/* Drop what is held, for @reason. */
void ipsecx_hold_purge(struct ipsecx_policy *policy,
		       enum ipsecx_drop_reason reason);
void ipsecx_hold_init(struct ipsecx_policy *policy);
/* Stop the timer for good; may sleep. */
void ipsecx_hold_fini(struct ipsecx_policy *policy);

/* keepalive.c: every @seconds without a packet, 0 for never. Device locked. */
void ipsecx_keepalive_set(struct ipsecx_policy *policy, u32 seconds);
void ipsecx_keepalive_tick(struct work_struct *work);
/* output.c: send one, if there is UDP. RCU, BH off. */
void ipsecx_output_keepalive(struct ipsecx_policy *policy);

/* request.c: the per-CPU crypto requests. */
int ipsecx_request_init(void);
void ipsecx_request_exit(void);

/* proto.c: IP protocols 50 and 51 of both families. */
int ipsecx_proto_init(void);
void ipsecx_proto_exit(void);

/* udp.c: attach the socket behind @fd; sleeps. Text of a refusal in extack. */
int ipsecx_udp_attach(struct net *net, int fd, struct netlink_ext_ack *extack);
/* Detach all sockets of a namespace; some may be inside until rcu_barrier(). */
void ipsecx_udp_detach_all(struct ipsecx_net *xn);

/*
 * output.c: inner MTU of @policy now; 0 if it has no SA or no route. The device
 * follows. RCU, BH off.
 */
unsigned int ipsecx_output_mtu(struct ipsecx_policy *policy);

#endif /* _IPSECX_PACKET_H */
