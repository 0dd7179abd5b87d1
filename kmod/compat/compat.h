/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IPSECX_COMPAT_H
#define _IPSECX_COMPAT_H

/*
 * The only place that knows about kernels: everything else reads as current
 * mainline. Included before every file; config.h is written by the probe.
 */

#include <crypto/aead.h>
#include <linux/local_lock.h>
#include <linux/netdevice.h>
#include <net/genetlink.h>
#include <net/netlink.h>
#include <net/rtnetlink.h>
#include <net/sock.h>
#include "config.h"

/* Until 6.3 a completion gets the request, which has its data. */
#ifdef HAVE_CRYPTO_COMPLETION_DATA
#define crypto_completion_arg void
#define crypto_completion_data(arg) (arg)
#else
#define crypto_completion_arg struct crypto_async_request
#define crypto_completion_data(arg) ((arg)->data)
#endif

static inline void netif_set_lltx(struct net_device *dev)
{
#ifdef HAVE_DEV_LLTX
	dev->lltx = true;
#else
	dev->features |= NETIF_F_LLTX;
#endif
}

/* Until 6.15 newlink gets its parameters one by one. */
#ifdef HAVE_RTNL_NEWLINK_PARAMS
#define IPSECX_NEWLINK(fn) fn
#define IPSECX_NEWLINK_WRAP(fn)
#else
struct rtnl_newlink_params {
	struct net *src_net;
	struct nlattr **tb;
	struct nlattr **data;
};

/* The core passes the namespace of IFLA_LINK_NETNSID here, or the caller's. */
static inline struct net *
rtnl_newlink_link_net(struct rtnl_newlink_params *params)
{
	return params->src_net;
}

#define IPSECX_NEWLINK(fn) fn##_compat
#define IPSECX_NEWLINK_WRAP(fn)						\
static int fn##_compat(struct net *src_net, struct net_device *dev,	\
		       struct nlattr *tb[], struct nlattr *data[],	\
		       struct netlink_ext_ack *extack)			\
{									\
	struct rtnl_newlink_params params = {				\
		.src_net = src_net, .tb = tb, .data = data,		\
	};								\
									\
	return fn(dev, &params, extack);				\
}
#endif

#ifndef HAVE_RTNL_LINK_NET_CAPABLE
static inline bool rtnl_dev_link_net_capable(const struct net_device *dev,
					     const struct net *link_net)
{
	return net_eq(link_net, dev_net(dev)) ||
	       ns_capable(link_net->user_ns, CAP_NET_ADMIN);
}
#endif

#ifndef HAVE_NLA_PUT_UINT
static inline int nla_put_uint(struct sk_buff *skb, int attrtype, u64 value)
{
	u32 small = value;

	if (small == value)
		return nla_put_u32(skb, attrtype, small);
	return nla_put(skb, attrtype, sizeof(value), &value);
}
#endif

#ifndef NLA_POLICY_MAX_LEN
#define NLA_POLICY_MAX_LEN(_len) { .type = NLA_BINARY, .len = (_len) }
#endif

#ifndef HAVE_GENL_INFO_DUMP
#define genl_info_dump(cb) genl_dumpit_info(cb)
#endif

#ifndef HAVE_IS_SKB_WMEM
/* tcp_wfree() cannot be named from a module; what else a TCP socket puts on
 * a packet that is on its way out can.
 */
static inline bool is_skb_wmem(const struct sk_buff *skb)
{
	if (skb->destructor == sock_wfree)
		return true;
	return skb->destructor && sk_fullsock(skb->sk) &&
	       sk_is_tcp(skb->sk) && skb->destructor != sock_edemux &&
	       skb->destructor != sock_efree && skb->destructor != sock_rfree;
}
#endif

/* Until 6.11, with PREEMPT_RT, who has BH off has the CPU for itself. */
#ifndef local_lock_nested_bh
#define local_lock_nested_bh(lock)	((void)(lock))
#define local_unlock_nested_bh(lock)	((void)(lock))
#endif

#endif /* _IPSECX_COMPAT_H */
