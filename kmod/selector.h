/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IPSECX_SELECTOR_H
#define _IPSECX_SELECTOR_H

#include <linux/in6.h>
#include <linux/skbuff.h>
#include <linux/types.h>

/**
 * DOC: addresses
 *
 * Selectors and flows keep every address in 16 bytes, IPv4 ones in their
 * v4-mapped form (RFC 4291 section 2.5.5.2), so one comparison serves both
 * families. No packet may carry a v4-mapped address itself:
 * ipsecx_flow_parse() refuses it, or it could pass for the IPv4 one.
 */

#define IPSECX_SELECTORS_MAX	64

struct ipsecx_spd_entry;

/**
 * struct ipsecx_selector - a traffic selector pair (RFC 4301 section 4.4.1.1)
 * @local_start: first address at this end
 * @local_end: last address at this end
 * @remote_start: first address at the far end
 * @remote_end: last address at the far end
 * @local_port_start: host order; 0 to 65535 means any, and fits a packet
 *	without ports
 * @local_port_end: last port, not below the first
 * @remote_port_start: as @local_port_start
 * @remote_port_end: as @local_port_end
 * @family: AF_INET or AF_INET6, 0 for either: then the addresses are all of
 *	them. Told apart here and not by address: a range of IPv6 may go past
 *	where the v4-mapped ones are
 * @protocol: upper layer protocol, 0 for any
 */
struct ipsecx_selector {
	struct in6_addr local_start;
	struct in6_addr local_end;
	struct in6_addr remote_start;
	struct in6_addr remote_end;
	u16 local_port_start;
	u16 local_port_end;
	u16 remote_port_start;
	u16 remote_port_end;
	u8 family;
	u8 protocol;
};

/**
 * struct ipsecx_selectors - what a policy covers; replaced whole, under RCU
 * @rcu: for kfree_rcu()
 * @any: one selector covers everything, no need to look
 * @filed: where they are filed in the device's SPD, one each; NULL before
 * @n: entries in @sel
 * @sel: the selectors, any of which may match
 */
struct ipsecx_selectors {
	struct rcu_head rcu;
	bool any;
	struct ipsecx_spd_entry *filed;
	unsigned int n;
	struct ipsecx_selector sel[] __counted_by(n);
};

/**
 * struct ipsecx_flow - what of a clear packet its selectors look at
 * @local: source on the way out, destination on the way in
 * @remote: the other one
 * @local_port: host order, meaningful with @has_ports. Of ICMP both are type
 *	and code, in high and low byte, of Mobility Header the type, high
 * @remote_port: host order, meaningful with @has_ports
 * @len: what the IP header says the packet measures; never more than it does
 * @protocol: the upper layer protocol, behind IPv6 extension headers
 * @has_ports: the ports could be read: not so in a later fragment or in a
 *	protocol without ports
 * @fragment: it is a fragment, whichever
 * @family: AF_INET or AF_INET6
 */
struct ipsecx_flow {
	struct in6_addr local;
	struct in6_addr remote;
	u16 local_port;
	u16 remote_port;
	u32 len;
	u8 protocol;
	bool has_ports;
	bool fragment;
	u8 family;
};

/*
 * Read the flow of the clear packet whose IP header is at skb->data. @out
 * tells which address is local. The packet's length must cover what its IP
 * header claims; may reallocate skb->head. Returns 0 or -EINVAL.
 */
int ipsecx_flow_parse(struct sk_buff *skb, bool out, struct ipsecx_flow *flow);
/* Pure. */
bool ipsecx_flow_has_ports(u8 protocol);
bool ipsecx_selector_match(const struct ipsecx_selector *sel,
			   const struct ipsecx_flow *flow);
/* Pure; @sels is under RCU or the device's lock. */
bool ipsecx_selectors_match(const struct ipsecx_selectors *sels,
			    const struct ipsecx_flow *flow);

#endif /* _IPSECX_SELECTOR_H */
