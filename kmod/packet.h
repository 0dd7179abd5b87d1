/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IPSECX_PACKET_H
#define _IPSECX_PACKET_H

#include <linux/netdevice.h>
#include <linux/skbuff.h>

struct ipsecx_outer;
struct ipsecx_policy;
struct ipsecx_sa;

/**
 * DOC: the packet's walk
 *
 * Out: ipsecx_xmit() (tx.c) parses the flow, finds policy and SA, segments,
 * and for each packet ipsecx_own() (own.c) makes it writable, ipsecx_seal()
 * (seal.c) lays out and encrypts, ipsecx_output() (output.c) puts the outer
 * headers on and sends.
 *
 * In: ipsecx_rcv4/6() (proto.c) or ipsecx_udp_rcv() (udp.c) find the SA by
 * SPI, ipsecx_rx() (rx.c) checks replay, owns, decrypts, checks again,
 * unwraps and hands the clear packet to the device.
 *
 * All of it runs with BH off under RCU. Crypto that answers later ends in the
 * same function as crypto that answers at once (request.c).
 */

/* ndo_start_xmit. Consumes @skb. */
netdev_tx_t ipsecx_xmit(struct sk_buff *skb, struct net_device *dev);
/* Protect and send @skb, which @policy covers, on @sa. BH off, RCU. Consumes. */
void ipsecx_tx(struct ipsecx_policy *policy, struct ipsecx_sa *sa,
	       struct sk_buff *skb);
/*
 * An ESP packet for @sa: skb->data at the ESP header, the network header at
 * the outer IP header. BH off, RCU. Consumes.
 */
void ipsecx_rx(struct ipsecx_sa *sa, struct sk_buff *skb, bool udp);

/* hold.c: keep @skb until @policy gets an SA, and ask for one. Consumes. */
void ipsecx_hold(struct ipsecx_policy *policy, struct sk_buff *skb);
/* Send what is held now that there is an SA. Process context. */
void ipsecx_hold_release(struct ipsecx_policy *policy);
/* Drop what is held, for @reason. */
void ipsecx_hold_purge(struct ipsecx_policy *policy,
		       enum ipsecx_drop_reason reason);
void ipsecx_hold_init(struct ipsecx_policy *policy);
/* Stop the timer for good; may sleep. */
void ipsecx_hold_fini(struct ipsecx_policy *policy);

/* request.c: the per-CPU crypto requests. */
int ipsecx_request_init(void);
void ipsecx_request_exit(void);

/* proto.c: IP protocol 50 of both families. */
int ipsecx_proto_init(void);
void ipsecx_proto_exit(void);

/* udp.c: attach the socket behind @fd; sleeps. Text of a refusal in extack. */
int ipsecx_udp_attach(struct net *net, int fd, struct netlink_ext_ack *extack);
/* Detach all sockets of a namespace; sleeps. */
void ipsecx_udp_detach_all(struct ipsecx_net *xn);

/* output.c: inner MTU of @policy now; 0 if there is no route. RCU, BH off. */
unsigned int ipsecx_output_mtu(struct ipsecx_policy *policy);

#endif /* _IPSECX_PACKET_H */
