// SPDX-License-Identifier: GPL-2.0
/* Commands: policy-new, policy-set, policy-get, policy-del. */

#include <linux/slab.h>
#include <net/ipv6.h>
#include "attr.h"
#include "netlink.h"
#include "packet.h"
#include "policy.h"
#include "sa.h"

/* With a text if there is none. @idev->lock held. */
static struct ipsecx_policy *policy_find(struct ipsecx_dev *idev,
					 struct genl_info *info)
{
	struct ipsecx_policy *policy;

	if (ipsecx_nl_need(info, IPSECX_A_POLICY_ID, "id is missing"))
		return ERR_PTR(-EINVAL);
	policy = xa_load(&idev->policies,
			 nla_get_u32(info->attrs[IPSECX_A_POLICY_ID]));
	if (policy)
		return policy;
	NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[IPSECX_A_POLICY_ID],
			    "the device has no policy with this id");
	return ERR_PTR(-ENOENT);
}

/* An outer address: back from v4-mapped, since packets want it plain. */
static int outer_addr(struct genl_info *info, int attr, struct in6_addr *addr)
{
	struct in6_addr any;
	int family = ipsecx_attr_addr(info->attrs[attr], &any, info->extack);

	if (family < 0)
		return family;
	memset(addr, 0, sizeof(*addr));
	if (family == AF_INET)
		addr->s6_addr32[0] = any.s6_addr32[3];
	else
		*addr = any;
	return family;
}

static bool outer_addr_unicast(u8 family, const struct in6_addr *addr)
{
	__be32 v4 = addr->s6_addr32[0];

	if (family == AF_INET)
		return v4 && !ipv4_is_multicast(v4) && !ipv4_is_lbcast(v4);
	return !ipv6_addr_any(addr) && !ipv6_addr_is_multicast(addr);
}

static int outer_set_addrs(struct ipsecx_outer *outer, struct genl_info *info)
{
	int local = outer_addr(info, IPSECX_A_POLICY_LOCAL, &outer->local);
	int remote;

	if (local < 0)
		return local;
	remote = outer_addr(info, IPSECX_A_POLICY_REMOTE, &outer->remote);
	if (remote < 0)
		return remote;
	if (local != remote)
		return ipsecx_nl_refuse(info, IPSECX_A_POLICY_REMOTE,
					"local and remote are of different families");
	outer->family = local;
	if (!outer_addr_unicast(local, &outer->local))
		return ipsecx_nl_refuse(info, IPSECX_A_POLICY_LOCAL,
					"local is not a unicast address");
	if (!outer_addr_unicast(local, &outer->remote))
		return ipsecx_nl_refuse(info, IPSECX_A_POLICY_REMOTE,
					"remote is not a unicast address");
	return 0;
}

static int outer_set_encap(struct ipsecx_outer *outer, struct genl_info *info)
{
	struct nlattr *encap = info->attrs[IPSECX_A_POLICY_ENCAP];
	struct nlattr *lport = info->attrs[IPSECX_A_POLICY_LOCAL_PORT];
	struct nlattr *rport = info->attrs[IPSECX_A_POLICY_REMOTE_PORT];

	outer->encap = encap ? nla_get_u32(encap) : IPSECX_ENCAP_NONE;
	if (outer->encap == IPSECX_ENCAP_NONE) {
		if (lport || rport)
			return ipsecx_nl_refuse(info, lport ?
						IPSECX_A_POLICY_LOCAL_PORT :
						IPSECX_A_POLICY_REMOTE_PORT,
						"ports go with encap udp only");
		return 0;
	}
	if (!lport || !rport)
		return ipsecx_nl_refuse(info, IPSECX_A_POLICY_ENCAP,
					"encap udp needs local-port and remote-port");
	outer->local_port = htons(nla_get_u16(lport));
	outer->remote_port = htons(nla_get_u16(rport));
	return 0;
}

static struct ipsecx_outer *outer_parse(struct genl_info *info)
{
	struct ipsecx_outer *outer;
	int err;

	err = ipsecx_nl_need(info, IPSECX_A_POLICY_LOCAL, "local is missing") ?:
	      ipsecx_nl_need(info, IPSECX_A_POLICY_REMOTE, "remote is missing");
	if (err)
		return ERR_PTR(err);
	outer = ipsecx_outer_new();
	if (!outer)
		return ERR_PTR(-ENOMEM);
	err = outer_set_addrs(outer, info) ?: outer_set_encap(outer, info);
	if (!err)
		return outer;
	ipsecx_outer_free(outer);
	return ERR_PTR(err);
}

/* AH does not go in UDP. @idev->lock held. */
static bool policy_has_ah(const struct ipsecx_policy *policy)
{
	const struct ipsecx_sa *sa;

	list_for_each_entry(sa, &policy->sas, policy_entry)
		if (ipsecx_sa_is_ah(sa))
			return true;
	return false;
}

/* policy-set: the outer part comes whole or not at all. NULL if not. */
static struct ipsecx_outer *outer_parse_if(const struct ipsecx_policy *policy,
					   struct genl_info *info)
{
	static const int attrs[] = {
		IPSECX_A_POLICY_LOCAL, IPSECX_A_POLICY_REMOTE,
		IPSECX_A_POLICY_ENCAP, IPSECX_A_POLICY_LOCAL_PORT,
		IPSECX_A_POLICY_REMOTE_PORT,
	};
	const struct nlattr *encap = info->attrs[IPSECX_A_POLICY_ENCAP];
	int i;

	if (encap && nla_get_u32(encap) == IPSECX_ENCAP_UDP &&
	    policy_has_ah(policy)) {
		ipsecx_nl_refuse(info, IPSECX_A_POLICY_ENCAP,
				 "AH, which the policy has, does not go in UDP");
		return ERR_PTR(-EINVAL);
	}
	for (i = 0; i < ARRAY_SIZE(attrs); i++)
		if (info->attrs[attrs[i]])
			return outer_parse(info);
	return NULL;
}

static u32 policy_priority(const struct genl_info *info, u32 otherwise)
{
	const struct nlattr *attr = info->attrs[IPSECX_A_POLICY_PRIORITY];

	return attr ? nla_get_u32(attr) : otherwise;
}

static int put_id(struct sk_buff *skb, const struct ipsecx_policy *policy)
{
	return nla_put_u32(skb, IPSECX_A_POLICY_IFINDEX,
			   policy->idev->dev->ifindex) ?:
	       nla_put_u32(skb, IPSECX_A_POLICY_ID, policy->id);
}

/* What needs no memory comes last, so nothing can fail behind it. */
static void policy_set_habits(struct ipsecx_policy *policy,
			      const struct genl_info *info)
{
	const struct nlattr *alive = info->attrs[IPSECX_A_POLICY_KEEPALIVE];
	const struct nlattr *tfc = info->attrs[IPSECX_A_POLICY_TFC_PAD];

	if (alive)
		ipsecx_keepalive_set(policy, nla_get_u16(alive));
	if (tfc)
		WRITE_ONCE(policy->tfc_pad, nla_get_u16(tfc));
}

/* The end of a transport mode packet is not told by what is in it. */
static int policy_check_tfc(struct genl_info *info, u32 mode)
{
	const struct nlattr *tfc = info->attrs[IPSECX_A_POLICY_TFC_PAD];

	if (!tfc || !nla_get_u16(tfc) || mode == IPSECX_MODE_TUNNEL)
		return 0;
	return ipsecx_nl_refuse(info, IPSECX_A_POLICY_TFC_PAD,
				"tfc-pad goes with tunnel mode only");
}

/* Takes over @outer and @sels. The reply is there first: it must not fail. */
static int policy_create(struct ipsecx_dev *idev, struct genl_info *info,
			 struct ipsecx_outer *outer,
			 struct ipsecx_selectors *sels)
{
	u32 mode = nla_get_u32(info->attrs[IPSECX_A_POLICY_MODE]);
	struct ipsecx_policy *policy = ERR_PTR(-ENOMEM);
	u32 priority = policy_priority(info, 0);
	struct sk_buff *reply;
	void *hdr;

	reply = ipsecx_nl_reply_new(info, &hdr);
	if (reply)
		policy = ipsecx_policy_new(idev, mode, priority, outer, sels);
	if (!IS_ERR(policy)) {
		policy_set_habits(policy, info);
		return ipsecx_nl_reply(reply, hdr, info,
				       put_id(reply, policy));
	}
	nlmsg_free(reply);
	ipsecx_outer_free(outer);
	ipsecx_selectors_free(sels);
	return PTR_ERR(policy);
}

static int policy_new(struct ipsecx_dev *idev, struct genl_info *info)
{
	struct ipsecx_selectors *sels;
	struct ipsecx_outer *outer;
	int err;

	err = ipsecx_nl_need(info, IPSECX_A_POLICY_MODE, "mode is missing") ?:
	      ipsecx_nl_need(info, IPSECX_A_POLICY_SELECTOR,
			     "selector is missing; an empty one covers all");
	if (!err)
		err = policy_check_tfc(info,
				       nla_get_u32(info->attrs[IPSECX_A_POLICY_MODE]));
	if (err)
		return err;
	outer = outer_parse(info);
	if (IS_ERR(outer))
		return PTR_ERR(outer);
	sels = ipsecx_attr_selectors(info);
	if (IS_ERR(sels)) {
		ipsecx_outer_free(outer);
		return PTR_ERR(sels);
	}
	return policy_create(idev, info, outer, sels);
}

int ipsecx_nl_policy_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	return ipsecx_nl_locked(info, policy_new);
}

static int policy_set(struct ipsecx_dev *idev, struct genl_info *info)
{
	struct ipsecx_policy *policy = policy_find(idev, info);
	struct ipsecx_selectors *sels;
	struct ipsecx_outer *outer;
	int err;

	if (IS_ERR(policy))
		return PTR_ERR(policy);
	err = policy_check_tfc(info, policy->mode);
	if (err)
		return err;
	outer = outer_parse_if(policy, info);
	if (IS_ERR(outer))
		return PTR_ERR(outer);
	sels = ipsecx_attr_selectors(info);
	if (IS_ERR(sels)) {
		ipsecx_outer_free(outer);
		return PTR_ERR(sels);
	}
	if (ipsecx_policy_set(policy, policy_priority(info, policy->priority),
			      outer, sels)) {
		ipsecx_outer_free(outer);
		ipsecx_selectors_free(sels);
		return -ENOMEM;
	}
	policy_set_habits(policy, info);
	if (info->attrs[IPSECX_A_POLICY_DROP_HELD])
		ipsecx_hold_purge(policy, IPSECX_DROP_REASON_NO_SA);
	return 0;
}

int ipsecx_nl_policy_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	return ipsecx_nl_locked(info, policy_set);
}

static int policy_del(struct ipsecx_dev *idev, struct genl_info *info)
{
	struct ipsecx_policy *policy = policy_find(idev, info);

	if (IS_ERR(policy))
		return PTR_ERR(policy);
	ipsecx_policy_del(policy, IPSECX_DELETE_REASON_USER);
	return 0;
}

int ipsecx_nl_policy_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	return ipsecx_nl_locked(info, policy_del);
}

static int put_outer(struct sk_buff *skb, const struct ipsecx_outer *outer)
{
	if (ipsecx_attr_put_outer(skb, IPSECX_A_POLICY_LOCAL, outer->family,
				  &outer->local) ||
	    ipsecx_attr_put_outer(skb, IPSECX_A_POLICY_REMOTE, outer->family,
				  &outer->remote) ||
	    nla_put_u32(skb, IPSECX_A_POLICY_ENCAP, outer->encap))
		return -EMSGSIZE;
	if (outer->encap == IPSECX_ENCAP_NONE)
		return 0;
	return nla_put_u16(skb, IPSECX_A_POLICY_LOCAL_PORT,
			   ntohs(outer->local_port)) ?:
	       nla_put_u16(skb, IPSECX_A_POLICY_REMOTE_PORT,
			   ntohs(outer->remote_port));
}

static int put_state(struct sk_buff *skb, struct ipsecx_policy *policy)
{
	const struct ipsecx_sa *sa;
	unsigned int mtu;
	int err = 0;

	rcu_read_lock();
	local_bh_disable();
	sa = rcu_dereference(policy->tx);
	mtu = ipsecx_output_mtu(policy);
	if (sa)
		err = nla_put_u32(skb, IPSECX_A_POLICY_SA, sa->id);
	if (mtu && !err)
		err = nla_put_u32(skb, IPSECX_A_POLICY_MTU, mtu);
	local_bh_enable();
	rcu_read_unlock();
	return err;
}

/* @idev->lock held. */
static int policy_put(struct sk_buff *skb, void *object)
{
	struct ipsecx_policy *policy = object;
	struct ipsecx_dev *idev = policy->idev;
	const struct ipsecx_selectors *sels;
	const struct ipsecx_outer *outer;

	outer = rcu_dereference_protected(policy->outer,
					  lockdep_is_held(&idev->lock));
	sels = rcu_dereference_protected(policy->selectors,
					 lockdep_is_held(&idev->lock));
	return put_id(skb, policy) ?:
	       nla_put_u32(skb, IPSECX_A_POLICY_MODE, policy->mode) ?:
	       nla_put_u32(skb, IPSECX_A_POLICY_PRIORITY, policy->priority) ?:
	       nla_put_u16(skb, IPSECX_A_POLICY_KEEPALIVE,
			   policy->keepalive) ?:
	       nla_put_u16(skb, IPSECX_A_POLICY_TFC_PAD, policy->tfc_pad) ?:
	       put_outer(skb, outer) ?:
	       ipsecx_attr_put_selectors(skb, sels) ?:
	       put_state(skb, policy);
}

static void *policy_next(struct ipsecx_dev *idev, unsigned long *id)
{
	return xa_find(&idev->policies, id, ULONG_MAX, XA_PRESENT);
}

static const struct ipsecx_nl_kind policy_kind = {
	.cmd = IPSECX_CMD_POLICY_GET,
	.find = policy_next,
	.put = policy_put,
};

static int policy_get(struct ipsecx_dev *idev, struct genl_info *info)
{
	struct ipsecx_policy *policy = policy_find(idev, info);

	if (IS_ERR(policy))
		return PTR_ERR(policy);
	return ipsecx_nl_get(info, &policy_kind, policy);
}

int ipsecx_nl_policy_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return ipsecx_nl_locked(info, policy_get);
}

int ipsecx_nl_policy_get_dumpit(struct sk_buff *skb,
				struct netlink_callback *cb)
{
	return ipsecx_nl_dump(skb, cb, &policy_kind);
}
