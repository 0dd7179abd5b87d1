// SPDX-License-Identifier: GPL-2.0
/*
 * IP protocol 50, of both families, ahead of the kernel's own ESP: what has no
 * SA here goes on to the next handler, so both live in one kernel.
 */

#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <net/ip6_route.h>
#include <net/route.h>
#include <net/xfrm.h>
#include "esp.h"
#include "net.h"
#include "packet.h"
#include "sa.h"

#define PROTO_PRIORITY	200

static int proto_rcv(struct sk_buff *skb)
{
	struct ipsecx_esp_hdr buf, *esp;
	struct ipsecx_sa *sa;

	esp = skb_header_pointer(skb, 0, sizeof(buf), &buf);
	if (!esp)
		return -EINVAL;
	sa = ipsecx_sa_lookup(ipsecx_net(dev_net(skb->dev)), esp->spi);
	if (!sa)
		return -EINVAL;
	ipsecx_rx(sa, skb, false);
	return 0;
}

/* The handlers' other entries are xfrm's own business, never ours. */
static int proto_input(struct sk_buff *skb, int nexthdr, __be32 spi,
		       int encap_type)
{
	return -EINVAL;
}

static int proto_cb(struct sk_buff *skb, int err)
{
	return 1;
}

/*
 * The core takes mark and addresses from @skb here, so for a moment that is
 * what we have sent, whose header is at skb->data.
 */
static void proto_mtu4_marked(struct sk_buff *skb, struct net *net, u32 mtu,
			      int link, u32 mark)
{
	const struct iphdr *iph = (const struct iphdr *)skb->data;
	int nhoff = skb_network_offset(skb);
	struct flowi4 fl4 = {
		.flowi4_oif = link,
		.flowi4_mark = mark,
		.flowi4_proto = IPPROTO_ESP,
		.saddr = iph->saddr,
		.daddr = iph->daddr,
	};
	struct rtable *rt = ip_route_output_key(net, &fl4);

	if (IS_ERR(rt))
		return;
	swap(skb->mark, mark);
	skb_reset_network_header(skb);
	rt->dst.ops->update_pmtu(&rt->dst, NULL, skb, mtu, true);
	skb_set_network_header(skb, nhoff);
	swap(skb->mark, mark);
	ip_rt_put(rt);
}

static void proto_mtu4(struct sk_buff *skb, struct net *net, __be32 info,
		       int link, u32 mark)
{
	if (mark)
		proto_mtu4_marked(skb, net, ntohl(info), link, mark);
	else
		ipv4_update_pmtu(skb, net, ntohl(info), link, IPPROTO_ESP);
}

static void proto_mtu6(struct sk_buff *skb, struct net *net, __be32 info,
		       int link, u32 mark)
{
	ip6_update_pmtu(skb, net, info, link, mark, sock_net_uid(net, NULL));
}

/*
 * The routes that devices of this namespace use learn of a smaller path MTU,
 * as they would for a ping; what is cached of them follows. The error is not
 * ours alone: xfrm sees it, too.
 */
static void proto_mtu(struct sk_buff *skb, __be32 info,
		      void (*update)(struct sk_buff *skb, struct net *net,
				     __be32 info, int link, u32 mark))
{
	struct net *net = dev_net(skb->dev);
	struct ipsecx_dev *idev;
	int link, link_done = 0;
	u32 mark, mark_done = 0;

	update(skb, net, info, 0, 0);
	list_for_each_entry_rcu(idev, &ipsecx_net(net)->devices, net_entry) {
		link = READ_ONCE(idev->link);
		mark = READ_ONCE(idev->fwmark);
		/* Many devices are often set up alike. */
		if (link == link_done && mark == mark_done)
			continue;
		update(skb, net, info, link, mark);
		link_done = link;
		mark_done = mark;
	}
}

static int proto_err4(struct sk_buff *skb, u32 info)
{
	if (icmp_hdr(skb)->type == ICMP_DEST_UNREACH &&
	    icmp_hdr(skb)->code == ICMP_FRAG_NEEDED)
		proto_mtu(skb, htonl(info), proto_mtu4);
	return -ENOENT;
}

static int proto_err6(struct sk_buff *skb, struct inet6_skb_parm *opt, u8 type,
		      u8 code, int offset, __be32 info)
{
	if (type == ICMPV6_PKT_TOOBIG)
		proto_mtu(skb, info, proto_mtu6);
	return -ENOENT;
}

static struct xfrm4_protocol proto4 = {
	.handler = proto_rcv,
	.input_handler = proto_input,
	.cb_handler = proto_cb,
	.err_handler = proto_err4,
	.priority = PROTO_PRIORITY,
};

static struct xfrm6_protocol proto6 = {
	.handler = proto_rcv,
	.input_handler = proto_input,
	.cb_handler = proto_cb,
	.err_handler = proto_err6,
	.priority = PROTO_PRIORITY,
};

int ipsecx_proto_init(void)
{
	int err = xfrm4_protocol_register(&proto4, IPPROTO_ESP);

	if (err)
		return err;
	err = xfrm6_protocol_register(&proto6, IPPROTO_ESP);
	if (err)
		xfrm4_protocol_deregister(&proto4, IPPROTO_ESP);
	return err;
}

/* Both wait until no packet is inside any more. */
void ipsecx_proto_exit(void)
{
	xfrm6_protocol_deregister(&proto6, IPPROTO_ESP);
	xfrm4_protocol_deregister(&proto4, IPPROTO_ESP);
}
