// SPDX-License-Identifier: GPL-2.0
/* What of a clear packet its selectors look at. */

#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include "selector.h"

struct flow_ports {
	__be16 source;
	__be16 dest;
};

bool ipsecx_flow_has_ports(u8 protocol)
{
	switch (protocol) {
	case IPPROTO_TCP:
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
	case IPPROTO_SCTP:
	case IPPROTO_DCCP:
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
	case IPPROTO_MH:
		return true;
	default:
		return false;
	}
}

/*
 * A packet that ends before its ports has none, and fits no port selector.
 * ICMP begins with type and code; Mobility Header has its type third.
 */
static void flow_read_ports(const struct sk_buff *skb, int offset, bool out,
			    struct ipsecx_flow *flow)
{
	struct flow_ports buf, *ports;
	u16 source, dest;

	if (!ipsecx_flow_has_ports(flow->protocol))
		return;
	if (offset + sizeof(buf) > flow->len)
		return;
	ports = skb_header_pointer(skb, offset, sizeof(buf), &buf);
	if (!ports)
		return;
	source = ntohs(ports->source);
	dest = ntohs(ports->dest);
	if (flow->protocol == IPPROTO_MH)
		source = dest &= 0xff00;
	else if (flow->protocol == IPPROTO_ICMP ||
		 flow->protocol == IPPROTO_ICMPV6)
		dest = source;
	flow->has_ports = true;
	flow->local_port = out ? source : dest;
	flow->remote_port = out ? dest : source;
}

static int flow_parse4(struct sk_buff *skb, bool out, struct ipsecx_flow *flow)
{
	const struct iphdr *iph = (const struct iphdr *)skb->data;
	unsigned int hlen = iph->ihl * 4;

	if (hlen < sizeof(*iph) || !pskb_may_pull(skb, hlen))
		return -EINVAL;
	iph = (const struct iphdr *)skb->data;
	flow->len = ntohs(iph->tot_len);
	if (flow->len < hlen || flow->len > skb->len)
		return -EINVAL;
	flow->family = AF_INET;
	flow->protocol = iph->protocol;
	flow->fragment = ip_is_fragment(iph);
	ipv6_addr_set_v4mapped(out ? iph->saddr : iph->daddr, &flow->local);
	ipv6_addr_set_v4mapped(out ? iph->daddr : iph->saddr, &flow->remote);
	if (!(iph->frag_off & htons(IP_OFFSET)))
		flow_read_ports(skb, hlen, out, flow);
	return 0;
}

/*
 * In a later fragment the walk along the headers ends at the fragment header,
 * which knows the protocol but not where it is.
 */
static int flow_read_fragment(const struct sk_buff *skb, int offset,
			      struct ipsecx_flow *flow)
{
	struct frag_hdr buf, *fh;

	fh = skb_header_pointer(skb, offset, sizeof(buf), &buf);
	if (!fh)
		return -EINVAL;
	flow->protocol = fh->nexthdr;
	return 0;
}

static int flow_parse6(struct sk_buff *skb, bool out, struct ipsecx_flow *flow)
{
	const struct ipv6hdr *ip6h;
	__be16 frag_off = 0;
	int offset;

	if (!pskb_may_pull(skb, sizeof(*ip6h)))
		return -EINVAL;
	ip6h = (const struct ipv6hdr *)skb->data;
	flow->len = ntohs(ip6h->payload_len) + sizeof(*ip6h);
	/* No jumbograms: a payload length of 0 means one, or nothing. */
	if (!ip6h->payload_len || flow->len > skb->len)
		return -EINVAL;
	if (ipv6_addr_v4mapped(&ip6h->saddr) ||
	    ipv6_addr_v4mapped(&ip6h->daddr))
		return -EINVAL;
	flow->family = AF_INET6;
	flow->local = out ? ip6h->saddr : ip6h->daddr;
	flow->remote = out ? ip6h->daddr : ip6h->saddr;
	flow->protocol = ip6h->nexthdr;
	offset = ipv6_skip_exthdr(skb, sizeof(*ip6h), &flow->protocol,
				  &frag_off);
	/* It believes what the headers say of their length. */
	if (offset < 0 || offset > flow->len)
		return -EINVAL;
	/* A lone fragment header (RFC 6946) leaves frag_off 0 as well. */
	flow->fragment = frag_off != 0;
	if (frag_off & htons(IP6_OFFSET))
		return flow_read_fragment(skb, offset, flow);
	flow_read_ports(skb, offset, out, flow);
	return 0;
}

int ipsecx_flow_parse(struct sk_buff *skb, bool out, struct ipsecx_flow *flow)
{
	memset(flow, 0, sizeof(*flow));
	if (!pskb_may_pull(skb, sizeof(struct iphdr)))
		return -EINVAL;
	switch (skb->data[0] >> 4) {
	case 4:
		return flow_parse4(skb, out, flow);
	case 6:
		return flow_parse6(skb, out, flow);
	default:
		return -EINVAL;
	}
}
