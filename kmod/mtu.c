// SPDX-License-Identifier: GPL-2.0
/* What fits: a device's MTU follows its policies', routes what routers say. */

#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <net/ip6_route.h>
#include <net/route.h>
#include "mtu.h"
#include "packet.h"
#include "policy.h"
#include "sa.h"

/* The least of what the policies can carry now, or 0 if none has an SA. */
static unsigned int mtu_least(struct ipsecx_dev *idev)
{
	struct ipsecx_policy *policy;
	unsigned int mtu, least = 0;
	unsigned long id;

	rcu_read_lock();
	xa_for_each(&idev->policies, id, policy) {
		mtu = READ_ONCE(policy->mtu);
		if (mtu && (!least || mtu < least))
			least = mtu;
	}
	rcu_read_unlock();
	return least;
}

/*
 * Below IPv6's least the device would lose its IPv6 addresses, by the word of
 * a router outside; outer packets are fragmented instead.
 */
void ipsecx_mtu_follow(struct work_struct *work)
{
	struct ipsecx_dev *idev = container_of(work, struct ipsecx_dev,
					       mtu_work);
	struct net_device *dev = idev->dev;
	unsigned int mtu;

	rtnl_lock();
	mtu = mtu_least(idev);
	if (mtu && !idev->mtu_fixed && dev->reg_state == NETREG_REGISTERED) {
		dev_set_mtu(dev, clamp_t(unsigned int, mtu, IPV6_MIN_MTU,
					 dev->max_mtu));
		idev->mtu_fixed = false;
	}
	rtnl_unlock();
	dev_put(dev);
}

/* With a reference, so that the work need not be waited for under RTNL. */
void ipsecx_mtu_note(struct ipsecx_policy *policy, unsigned int mtu)
{
	struct ipsecx_dev *idev = policy->idev;

	if (likely(READ_ONCE(policy->mtu) == mtu))
		return;
	WRITE_ONCE(policy->mtu, mtu);
	dev_hold(idev->dev);
	if (!ipsecx_sa_work(&idev->mtu_work))
		dev_put(idev->dev);
}

void ipsecx_mtu_look(struct ipsecx_policy *policy)
{
	rcu_read_lock();
	local_bh_disable();
	ipsecx_output_mtu(policy);
	local_bh_enable();
	rcu_read_unlock();
}

/* The general route first, then those that only an underlay or a mark finds. */
void ipsecx_mtu_learn4(struct net *net, struct sk_buff *skb, u32 mtu,
		       u8 protocol)
{
	struct ipsecx_dev *idev;

	ipv4_update_pmtu(skb, net, mtu, 0, protocol);
	list_for_each_entry_rcu(idev, &ipsecx_net(net)->devices, net_entry)
		if (READ_ONCE(idev->link))
			ipv4_update_pmtu(skb, net, mtu, READ_ONCE(idev->link),
					 protocol);
}

void ipsecx_mtu_learn6(struct net *net, struct sk_buff *skb, __be32 mtu)
{
	kuid_t uid = sock_net_uid(net, NULL);
	struct ipsecx_dev *idev;

	ip6_update_pmtu(skb, net, mtu, 0, 0, uid);
	list_for_each_entry_rcu(idev, &ipsecx_net(net)->devices, net_entry)
		if (READ_ONCE(idev->link) || READ_ONCE(idev->fwmark))
			ip6_update_pmtu(skb, net, mtu, READ_ONCE(idev->link),
					READ_ONCE(idev->fwmark), uid);
}
