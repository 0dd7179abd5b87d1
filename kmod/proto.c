// SPDX-License-Identifier: GPL-2.0
/*
 * IP protocols 50 and 51, of both families, ahead of the kernel's own ESP and
 * AH: what has no SA here goes on to the next handler, so both live in one
 * kernel.
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
	u8 protocol = ip_hdr(skb)->version == 4 ? ip_hdr(skb)->protocol :
		      skb_network_header(skb)[IP6CB(skb)->nhoff];
	bool ah = protocol == IPPROTO_AH;
	struct ipsecx_sa *sa;
	__be32 spi;

	if (!pskb_may_pull(skb, ah ? sizeof(struct ip_auth_hdr) :
				     sizeof(struct ipsecx_esp_hdr)))
		return -EINVAL;
	spi = ah ? ((const struct ip_auth_hdr *)skb->data)->spi :
		   ((const struct ipsecx_esp_hdr *)skb->data)->spi;
	sa = ipsecx_sa_lookup(ipsecx_net(dev_net(skb->dev)), spi);
	if (!sa || sa->protocol != protocol)
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
	const struct iphdr *sent = (const struct iphdr *)skb->data;

	if (icmp_hdr(skb)->type == ICMP_DEST_UNREACH &&
	    icmp_hdr(skb)->code == ICMP_FRAG_NEEDED)
		ipsecx_mtu_learn4(dev_net(skb->dev), skb, info,
				  sent->protocol);
	return -ENOENT;
}

static int proto_err6(struct sk_buff *skb, struct inet6_skb_parm *opt, u8 type,
		      u8 code, int offset, __be32 info)
{
	if (type == ICMPV6_PKT_TOOBIG)
		ipsecx_mtu_learn6(dev_net(skb->dev), skb, info);
	return -ENOENT;
}

#define PROTO(_err) \
	{ .handler = proto_rcv, .input_handler = proto_input, \
	  .cb_handler = proto_cb, .err_handler = (_err), \
	  .priority = PROTO_PRIORITY }

static struct xfrm4_protocol proto4_esp = PROTO(proto_err4);
static struct xfrm4_protocol proto4_ah = PROTO(proto_err4);
static struct xfrm6_protocol proto6_esp = PROTO(proto_err6);
static struct xfrm6_protocol proto6_ah = PROTO(proto_err6);

static int proto_add(struct xfrm4_protocol *proto4,
		     struct xfrm6_protocol *proto6, u8 protocol)
{
	int err = xfrm4_protocol_register(proto4, protocol);

	if (err)
		return err;
	err = xfrm6_protocol_register(proto6, protocol);
	if (err)
		xfrm4_protocol_deregister(proto4, protocol);
	return err;
}

/* Both wait until no packet is inside any more. */
static void proto_remove(struct xfrm4_protocol *proto4,
			 struct xfrm6_protocol *proto6, u8 protocol)
{
	xfrm6_protocol_deregister(proto6, protocol);
	xfrm4_protocol_deregister(proto4, protocol);
}

int ipsecx_proto_init(void)
{
	int err = proto_add(&proto4_esp, &proto6_esp, IPPROTO_ESP);

	if (err)
		return err;
	err = proto_add(&proto4_ah, &proto6_ah, IPPROTO_AH);
	if (err)
		proto_remove(&proto4_esp, &proto6_esp, IPPROTO_ESP);
	return err;
}

void ipsecx_proto_exit(void)
{
	proto_remove(&proto4_ah, &proto6_ah, IPPROTO_AH);
	proto_remove(&proto4_esp, &proto6_esp, IPPROTO_ESP);
}
