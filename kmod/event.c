// SPDX-License-Identifier: GPL-2.0
/* What listeners of the group "events" are told. */

#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/udp.h>
#include <net/genetlink.h>
#include "attr.h"
#include "event.h"
#include "netlink.h"
#include "sa.h"

/* NULL when nobody listens, too. */
static struct sk_buff *event_new_net(struct net *net, u8 cmd, void **hdr)
{
	const struct ipsecx_nl_msg msg = { .cmd = cmd };
	struct sk_buff *skb;

	if (!genl_has_listeners(&ipsecx_nl_family, net, IPSECX_NLGRP_EVENTS))
		return NULL;
	skb = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_ATOMIC);
	if (skb)
		*hdr = ipsecx_nl_begin(skb, &msg);
	return skb;
}

static void event_send_net(struct net *net, struct sk_buff *skb, void *hdr,
			   int err)
{
	if (err) {
		nlmsg_free(skb);
		return;
	}
	genlmsg_end(skb, hdr);
	genlmsg_multicast_netns(&ipsecx_nl_family, net, skb, 0,
				IPSECX_NLGRP_EVENTS, GFP_ATOMIC);
}

static struct sk_buff *event_new(const struct ipsecx_dev *idev, u8 cmd,
				 void **hdr)
{
	return event_new_net(dev_net(idev->dev), cmd, hdr);
}

static void event_send(const struct ipsecx_dev *idev, struct sk_buff *skb,
		       void *hdr, int err)
{
	event_send_net(dev_net(idev->dev), skb, hdr, err);
}

static int put_acquire(struct sk_buff *skb, const struct ipsecx_policy *policy,
		       const struct ipsecx_flow *flow)
{
	int err;

	err = nla_put_u32(skb, IPSECX_A_ACQUIRE_IFINDEX,
			  policy->idev->dev->ifindex) ?:
	      nla_put_u32(skb, IPSECX_A_ACQUIRE_POLICY, policy->id) ?:
	      ipsecx_attr_put_addr(skb, IPSECX_A_ACQUIRE_LOCAL,
				   &flow->local) ?:
	      ipsecx_attr_put_addr(skb, IPSECX_A_ACQUIRE_REMOTE,
				   &flow->remote) ?:
	      nla_put_u8(skb, IPSECX_A_ACQUIRE_PROTOCOL, flow->protocol);
	if (err || !flow->has_ports)
		return err;
	return nla_put_u16(skb, IPSECX_A_ACQUIRE_LOCAL_PORT,
			   flow->local_port) ?:
	       nla_put_u16(skb, IPSECX_A_ACQUIRE_REMOTE_PORT,
			   flow->remote_port);
}

void ipsecx_event_acquire(const struct ipsecx_policy *policy,
			  const struct ipsecx_flow *flow)
{
	struct sk_buff *skb;
	void *hdr;

	skb = event_new(policy->idev, IPSECX_CMD_ACQUIRE_NTF, &hdr);
	if (skb)
		event_send(policy->idev, skb, hdr,
			   put_acquire(skb, policy, flow));
}

static int put_sa(struct sk_buff *skb, const struct ipsecx_sa *sa)
{
	return nla_put_u32(skb, IPSECX_A_SA_IFINDEX, sa->idev->dev->ifindex) ?:
	       nla_put_u32(skb, IPSECX_A_SA_ID, sa->id) ?:
	       nla_put_u32(skb, IPSECX_A_SA_POLICY, sa->policy->id) ?:
	       nla_put_u32(skb, IPSECX_A_SA_DIRECTION, sa->direction) ?:
	       nla_put_be32(skb, IPSECX_A_SA_SPI, sa->spi);
}

void ipsecx_event_sa_expire(const struct ipsecx_sa *sa,
			    enum ipsecx_expire_kind kind,
			    enum ipsecx_expire_cause cause)
{
	struct sk_buff *skb;
	void *hdr;

	skb = event_new(sa->idev, IPSECX_CMD_SA_EXPIRE_NTF, &hdr);
	if (skb)
		event_send(sa->idev, skb, hdr, put_sa(skb, sa) ?:
			   nla_put_u32(skb, IPSECX_A_SA_KIND, kind) ?:
			   nla_put_u32(skb, IPSECX_A_SA_CAUSE, cause));
}

void ipsecx_event_sa_del(const struct ipsecx_sa *sa,
			 enum ipsecx_delete_reason reason)
{
	struct sk_buff *skb;
	void *hdr;

	skb = event_new(sa->idev, IPSECX_CMD_SA_DEL_NTF, &hdr);
	if (skb)
		event_send(sa->idev, skb, hdr, put_sa(skb, sa) ?:
			   nla_put_u32(skb, IPSECX_A_SA_REASON, reason));
}

void ipsecx_event_policy_del(const struct ipsecx_policy *policy,
			     enum ipsecx_delete_reason reason)
{
	struct sk_buff *skb;
	void *hdr;
	int err;

	skb = event_new(policy->idev, IPSECX_CMD_POLICY_DEL_NTF, &hdr);
	if (!skb)
		return;
	err = nla_put_u32(skb, IPSECX_A_POLICY_IFINDEX,
			  policy->idev->dev->ifindex) ?:
	      nla_put_u32(skb, IPSECX_A_POLICY_ID, policy->id) ?:
	      nla_put_u32(skb, IPSECX_A_POLICY_REASON, reason);
	event_send(policy->idev, skb, hdr, err);
}

static int put_peer4(struct sk_buff *skb, const struct iphdr *iph)
{
	return nla_put_in_addr(skb, IPSECX_A_PEER_LOCAL, iph->daddr) ?:
	       nla_put_in_addr(skb, IPSECX_A_PEER_REMOTE, iph->saddr);
}

static int put_peer6(struct sk_buff *skb, const struct ipv6hdr *ip6h)
{
	return nla_put_in6_addr(skb, IPSECX_A_PEER_LOCAL, &ip6h->daddr) ?:
	       nla_put_in6_addr(skb, IPSECX_A_PEER_REMOTE, &ip6h->saddr);
}

static int put_peer(struct sk_buff *skb, const struct sk_buff *packet,
		    const struct udphdr *uh)
{
	const struct iphdr *iph = ip_hdr(packet);
	int err = iph->version == 4 ? put_peer4(skb, iph) :
				      put_peer6(skb, ipv6_hdr(packet));

	if (err || !uh)
		return err;
	return nla_put_u16(skb, IPSECX_A_PEER_LOCAL_PORT, ntohs(uh->dest)) ?:
	       nla_put_u16(skb, IPSECX_A_PEER_REMOTE_PORT, ntohs(uh->source));
}

void ipsecx_event_peer_moved(const struct ipsecx_sa *sa,
			     const struct sk_buff *packet,
			     const struct udphdr *uh)
{
	struct sk_buff *skb;
	void *hdr;

	skb = event_new(sa->idev, IPSECX_CMD_PEER_MOVED_NTF, &hdr);
	if (skb)
		event_send(sa->idev, skb, hdr,
			   nla_put_u32(skb, IPSECX_A_PEER_IFINDEX,
				       sa->idev->dev->ifindex) ?:
			   nla_put_u32(skb, IPSECX_A_PEER_POLICY,
				       sa->policy->id) ?:
			   nla_put_u32(skb, IPSECX_A_PEER_SA, sa->id) ?:
			   nla_put_be32(skb, IPSECX_A_PEER_SPI, sa->spi) ?:
			   put_peer(skb, packet, uh));
}

void ipsecx_event_unknown_spi(struct net *net, const struct sk_buff *packet,
			      const struct udphdr *uh, __be32 spi)
{
	struct sk_buff *skb;
	void *hdr;

	skb = event_new_net(net, IPSECX_CMD_UNKNOWN_SPI_NTF, &hdr);
	if (skb)
		event_send_net(net, skb, hdr,
			       nla_put_be32(skb, IPSECX_A_PEER_SPI, spi) ?:
			       put_peer(skb, packet, uh));
}
