// SPDX-License-Identifier: GPL-2.0
/* The genetlink family, and what its commands share. */

#include <net/genetlink.h>
#include <net/netlink.h>
#include <net/sock.h>
#include "device.h"
#include "netlink.h"
#include "selector.h"

/* The same in every set of attributes that has it. */
#define NL_IFINDEX	((int)IPSECX_A_DEVICE_IFINDEX)
static_assert(NL_IFINDEX == IPSECX_A_POLICY_IFINDEX);
static_assert(NL_IFINDEX == IPSECX_A_SA_IFINDEX);
static_assert(NL_IFINDEX == IPSECX_A_SPI_IFINDEX);

int ipsecx_nl_allowed(const struct net *net, struct netlink_ext_ack *extack)
{
	if (ipsecx_allowed(net))
		return 0;
	NL_SET_ERR_MSG(extack, "not in a user namespace, see allow_userns");
	return -EPERM;
}

int ipsecx_nl_need(struct genl_info *info, int attr, const char *text)
{
	if (info->attrs[attr])
		return 0;
	info->extack->_msg = text;
	return -EINVAL;
}

int ipsecx_nl_refuse(struct genl_info *info, int attr, const char *text)
{
	NL_SET_BAD_ATTR(info->extack, info->attrs[attr]);
	info->extack->_msg = text;
	return -EINVAL;
}

static int locked_run(struct ipsecx_dev *idev, struct genl_info *info,
		      ipsecx_nl_run_t run)
{
	int err = -ENODEV;

	mutex_lock(&idev->lock);
	if (idev->dead)
		NL_SET_ERR_MSG(info->extack, "the device is being removed");
	else
		err = run(idev, info);
	mutex_unlock(&idev->lock);
	return err;
}

int ipsecx_nl_locked(struct genl_info *info, ipsecx_nl_run_t run)
{
	struct net *net = genl_info_net(info);
	struct ipsecx_dev *idev;
	int err;

	err = ipsecx_nl_allowed(net, info->extack) ?:
	      ipsecx_nl_need(info, NL_IFINDEX, "ifindex is missing");
	if (err)
		return err;
	idev = ipsecx_dev_get(net, nla_get_u32(info->attrs[NL_IFINDEX]));
	if (IS_ERR(idev)) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[NL_IFINDEX],
				    "no ipsecx device has this ifindex");
		return PTR_ERR(idev);
	}
	err = locked_run(idev, info, run);
	ipsecx_dev_put(idev);
	return err;
}

void *ipsecx_nl_begin(struct sk_buff *skb, const struct ipsecx_nl_msg *msg)
{
	return genlmsg_put(skb, msg->portid, msg->seq, &ipsecx_nl_family,
			   msg->flags, msg->cmd);
}

/* The largest object: a policy with all the IPv6 selectors it may have. */
#define NL_REPLY_SIZE	(IPSECX_SELECTORS_MAX * 128 + 512)

struct sk_buff *ipsecx_nl_reply_new(struct genl_info *info, void **hdr)
{
	struct sk_buff *skb = genlmsg_new(NL_REPLY_SIZE, GFP_KERNEL);

	if (!skb)
		return NULL;
	*hdr = genlmsg_put_reply(skb, info, &ipsecx_nl_family, 0,
				 info->genlhdr->cmd);
	return skb;
}

int ipsecx_nl_reply(struct sk_buff *skb, void *hdr, struct genl_info *info,
		    int err)
{
	if (err) {
		nlmsg_free(skb);
		return err;
	}
	genlmsg_end(skb, hdr);
	return genlmsg_reply(skb, info);
}

int ipsecx_nl_get(struct genl_info *info, const struct ipsecx_nl_kind *kind,
		  void *object)
{
	struct sk_buff *reply;
	void *hdr;

	reply = ipsecx_nl_reply_new(info, &hdr);
	if (!reply)
		return -ENOMEM;
	return ipsecx_nl_reply(reply, hdr, info, kind->put(reply, object));
}

int ipsecx_nl_put_drop(struct sk_buff *skb, int attr,
		       enum ipsecx_drop_reason reason, u64 packets)
{
	struct nlattr *nest;

	if (!packets)
		return 0;
	nest = nla_nest_start(skb, attr);
	if (!nest || nla_put_u32(skb, IPSECX_A_DROP_REASON, reason) ||
	    nla_put_uint(skb, IPSECX_A_DROP_PACKETS, packets))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int dump_one(struct sk_buff *skb, const struct ipsecx_nl_msg *msg,
		    const struct ipsecx_nl_kind *kind, void *object)
{
	void *hdr = ipsecx_nl_begin(skb, msg);

	if (!hdr)
		return -EMSGSIZE;
	if (kind->put(skb, object)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

/* All of one device, from *@id on. */
static int dump_device(struct sk_buff *skb, const struct ipsecx_nl_msg *msg,
		       const struct ipsecx_nl_kind *kind,
		       struct ipsecx_dev *idev, unsigned long *id)
{
	void *object;
	int err = 0;

	mutex_lock(&idev->lock);
	while (!idev->dead && (object = kind->find(idev, id))) {
		err = dump_one(skb, msg, kind, object);
		if (err)
			break;
		(*id)++;
	}
	mutex_unlock(&idev->lock);
	return err;
}

/* cb->args: 0 the device's index, 1 the object's id, where to go on. */
int ipsecx_nl_dump(struct sk_buff *skb, struct netlink_callback *cb,
		   const struct ipsecx_nl_kind *kind)
{
	struct nlattr *only = genl_info_dump(cb)->attrs[NL_IFINDEX];
	u32 ifindex = only ? nla_get_u32(only) : 0;
	struct net *net = sock_net(cb->skb->sk);
	struct ipsecx_nl_msg msg = {
		.portid = NETLINK_CB(cb->skb).portid,
		.seq = cb->nlh->nlmsg_seq,
		.flags = NLM_F_MULTI,
		.cmd = kind->cmd,
	};
	unsigned long id = cb->args[1];
	struct ipsecx_dev *idev;
	int err;

	err = ipsecx_nl_allowed(net, cb->extack);
	while (!err && (idev = ipsecx_dev_next(net, cb->args[0]))) {
		u32 here = idev->dev->ifindex;

		if (here != cb->args[0])
			id = 0;
		cb->args[0] = here;
		if (!only || here == ifindex)
			err = dump_device(skb, &msg, kind, idev, &id);
		ipsecx_dev_put(idev);
		if (!err) {
			cb->args[0]++;
			id = 0;
		}
	}
	cb->args[1] = id;
	return err == -EMSGSIZE && skb->len ? skb->len : err;
}

/* By hand: the generated one would let everybody listen to addresses. */
static const struct genl_multicast_group nl_groups[] = {
	[IPSECX_NLGRP_EVENTS] = {
		.name = "events",
		.flags = GENL_MCAST_CAP_NET_ADMIN,
	},
};

struct genl_family ipsecx_nl_family __ro_after_init = {
	.name = IPSECX_FAMILY_NAME,
	.version = IPSECX_FAMILY_VERSION,
	.netnsok = true,
	.parallel_ops = true,
	.module = THIS_MODULE,
	.ops = ipsecx_nl_ops,
	.n_ops = ARRAY_SIZE(ipsecx_nl_ops),
	.mcgrps = nl_groups,
	.n_mcgrps = ARRAY_SIZE(nl_groups),
};

int ipsecx_nl_init(void)
{
	return genl_register_family(&ipsecx_nl_family);
}

void ipsecx_nl_exit(void)
{
	genl_unregister_family(&ipsecx_nl_family);
}
