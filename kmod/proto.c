// SPDX-License-Identifier: GPL-2.0
/*
 * IP protocol 50, of both families, ahead of the kernel's own ESP: what has no
 * SA here goes on to the next handler, so both live in one kernel.
 */

#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <net/xfrm.h>
#include "esp.h"
#include "mtu.h"
#include "net.h"
#include "packet.h"
#include "sa.h"

#define PROTO_PRIORITY	200

static int proto_rcv(struct sk_buff *skb)
{
	const struct ipsecx_esp_hdr *esp;
	struct ipsecx_sa *sa;

	if (!pskb_may_pull(skb, sizeof(*esp)))
		return -EINVAL;
	esp = (const struct ipsecx_esp_hdr *)skb->data;
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

/* The error is not ours alone: xfrm sees it, too. */
static int proto_err4(struct sk_buff *skb, u32 info)
{
	if (icmp_hdr(skb)->type == ICMP_DEST_UNREACH &&
	    icmp_hdr(skb)->code == ICMP_FRAG_NEEDED)
		ipsecx_mtu_learn4(dev_net(skb->dev), skb, info, IPPROTO_ESP);
	return -ENOENT;
}

static int proto_err6(struct sk_buff *skb, struct inet6_skb_parm *opt, u8 type,
		      u8 code, int offset, __be32 info)
{
	if (type == ICMPV6_PKT_TOOBIG)
		ipsecx_mtu_learn6(dev_net(skb->dev), skb, info);
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
