// SPDX-License-Identifier: GPL-2.0
/* The netdevice: "ip link add ipsec0 type ipsecx". */

#include <linux/if_arp.h>
#include <linux/netdevice.h>
#include <linux/wait_bit.h>
#include <net/ip_tunnels.h>
#include <net/rtnetlink.h>
#include "device.h"
#include "ethtool.h"
#include "mtu.h"
#include "packet.h"
#include "policy.h"

#define DEVICE_FEATURES	(NETIF_F_SG | NETIF_F_FRAGLIST | NETIF_F_HIGHDMA | \
			 NETIF_F_HW_CSUM | NETIF_F_RXCSUM | \
			 NETIF_F_GSO_SOFTWARE)

static int idev_init(struct net_device *dev)
{
	struct ipsecx_dev *idev = netdev_priv(dev);
	int err = -ENOMEM;

	idev->drops = alloc_percpu(struct ipsecx_drops);
	if (!idev->drops)
		return err;
	err = gro_cells_init(&idev->gro, dev);
	if (err)
		goto err_drops;
	err = ipsecx_spd_init(&idev->spd);
	if (err)
		goto err_gro;
	atomic_inc(&idev->xn->n_devices);
	return 0;

err_gro:
	gro_cells_destroy(&idev->gro);
err_drops:
	free_percpu(idev->drops);
	return err;
}

/*
 * No policy or SA can be added from here on. What is in the crypto layer
 * still holds the device, and dies when it comes back.
 */
static void idev_uninit(struct net_device *dev)
{
	struct ipsecx_dev *idev = netdev_priv(dev);
	struct ipsecx_policy *policy;
	unsigned long id;

	mutex_lock(&idev->lock);
	idev->dead = true;
	xa_for_each(&idev->policies, id, policy)
		ipsecx_policy_del(policy, IPSECX_DELETE_REASON_DEVICE);
	mutex_unlock(&idev->lock);
	list_del_rcu(&idev->net_entry);
}

/* All references are gone, those of SAs included. */
static void idev_destroy(struct net_device *dev)
{
	struct ipsecx_dev *idev = netdev_priv(dev);

	ipsecx_spd_fini(&idev->spd);
	gro_cells_destroy(&idev->gro);
	free_percpu(idev->drops);
	xa_destroy(&idev->sas);
	xa_destroy(&idev->policies);
	mutex_destroy(&idev->lock);
	/* The last that is done in the namespace, which may go now. */
	if (atomic_dec_and_test(&idev->xn->n_devices))
		wake_up_var(&idev->xn->n_devices);
}

/* Its own index stands for none, but is another device's where that was made. */
static int idev_iflink(const struct net_device *dev)
{
	const struct ipsecx_dev *idev = netdev_priv(dev);
	int link = READ_ONCE(idev->link);

	if (link || !net_eq(dev_net(dev), idev->xn->net))
		return link;
	return dev->ifindex;
}

/* Called by ipsecx_mtu_follow(), too, which takes the note back. */
static int idev_change_mtu(struct net_device *dev, int mtu)
{
	struct ipsecx_dev *idev = netdev_priv(dev);

	idev->mtu_fixed = true;
	WRITE_ONCE(dev->mtu, mtu);
	return 0;
}

static const struct net_device_ops idev_ops = {
	.ndo_init = idev_init,
	.ndo_uninit = idev_uninit,
	.ndo_start_xmit = ipsecx_xmit,
	.ndo_get_stats64 = dev_get_tstats64,
	.ndo_get_iflink = idev_iflink,
	.ndo_change_mtu = idev_change_mtu,
};

static const struct device_type idev_type = { .name = "ipsecx" };

static void idev_setup(struct net_device *dev)
{
	struct ipsecx_dev *idev = netdev_priv(dev);

	idev->dev = dev;
	mutex_init(&idev->lock);
	INIT_WORK(&idev->mtu_work, ipsecx_mtu_follow);
	xa_init_flags(&idev->policies, XA_FLAGS_ALLOC1);
	xa_init_flags(&idev->sas, XA_FLAGS_ALLOC1);
	INIT_LIST_HEAD(&idev->net_entry);
	idev->dscp = IPSECX_DSCP_COPY;

	dev->netdev_ops = &idev_ops;
	/* From idev_init() on; a failed registration calls it, too. */
	dev->priv_destructor = idev_destroy;
	dev->needs_free_netdev = true;
	dev->header_ops = &ip_tunnel_header_ops;
	dev->ethtool_ops = &ipsecx_ethtool_ops;
	SET_NETDEV_DEVTYPE(dev, &idev_type);
	dev->type = ARPHRD_NONE;
	dev->flags = IFF_POINTOPOINT | IFF_NOARP | IFF_MULTICAST;
	dev->needed_headroom = LL_MAX_HEADER + IPSECX_HEAD_MAX;
	dev->needed_tailroom = IPSECX_TAIL_MAX;
	dev->mtu = IPSECX_MTU_DEFAULT;
	dev->min_mtu = 68;
	dev->max_mtu = IP_MAX_MTU - IPSECX_OVERHEAD_MAX;
	dev->priv_flags |= IFF_NO_QUEUE;
	/* Without HW_CSUM the core would cut superpackets before they get here. */
	dev->features = DEVICE_FEATURES;
	dev->hw_features = DEVICE_FEATURES;
	dev->hw_enc_features = DEVICE_FEATURES;
	dev->vlan_features = 0;
	dev->pcpu_stat_type = NETDEV_PCPU_STAT_TSTATS;
	netif_set_lltx(dev);
	netif_keep_dst(dev);
	netif_set_tso_max_size(dev, GSO_LEGACY_MAX_SIZE);
}

static u8 attr_u8(const struct nlattr *attr)
{
	return attr ? nla_get_u8(attr) : 0;
}

static int idev_validate_data(struct nlattr *data[],
			      struct netlink_ext_ack *extack)
{
	u8 dscp = attr_u8(data[IFLA_IPSECX_DSCP]);

	if (dscp > IPSECX_DSCP_MAX && dscp != IPSECX_DSCP_COPY) {
		NL_SET_ERR_MSG_ATTR(extack, data[IFLA_IPSECX_DSCP],
				    "dscp is 0 to 63, or 255 to copy it");
		return -ERANGE;
	}
	if (attr_u8(data[IFLA_IPSECX_DF]) > IPSECX_DF_SET) {
		NL_SET_ERR_MSG_ATTR(extack, data[IFLA_IPSECX_DF],
				    "df is clear, copy or set");
		return -ERANGE;
	}
	return 0;
}

static int idev_validate(struct nlattr *tb[], struct nlattr *data[],
			 struct netlink_ext_ack *extack)
{
	if (tb[IFLA_ADDRESS]) {
		NL_SET_ERR_MSG(extack, "an ipsecx device has no address");
		return -EINVAL;
	}
	return data ? idev_validate_data(data, extack) : 0;
}

/* The underlay is looked up where outer packets will travel. */
static int idev_set_link(struct ipsecx_dev *idev, struct net *net,
			 struct nlattr *tb[], struct netlink_ext_ack *extack)
{
	u32 link;

	if (!tb[IFLA_LINK])
		return 0;
	link = nla_get_u32(tb[IFLA_LINK]);
	if (!__dev_get_by_index(net, link)) {
		NL_SET_ERR_MSG(extack, "no such underlay device");
		return -ENODEV;
	}
	idev->link = link;
	return 0;
}

/* The routes of outer packets are looked up again. */
static void idev_forget_routes(struct ipsecx_dev *idev)
{
	struct ipsecx_policy *policy;
	struct ipsecx_outer *outer;
	unsigned long id;

	mutex_lock(&idev->lock);
	xa_for_each(&idev->policies, id, policy) {
		outer = rcu_dereference_protected(policy->outer,
						  lockdep_is_held(&idev->lock));
		dst_cache_reset(&outer->cache);
	}
	mutex_unlock(&idev->lock);
}

static void idev_set_u8(u8 *value, const struct nlattr *attr)
{
	if (attr)
		WRITE_ONCE(*value, nla_get_u8(attr));
}

static void idev_set_data(struct ipsecx_dev *idev, struct nlattr *data[])
{
	if (!data)
		return;
	idev_set_u8(&idev->ttl, data[IFLA_IPSECX_TTL]);
	idev_set_u8(&idev->dscp, data[IFLA_IPSECX_DSCP]);
	idev_set_u8(&idev->df, data[IFLA_IPSECX_DF]);
	if (!data[IFLA_IPSECX_FWMARK])
		return;
	WRITE_ONCE(idev->fwmark, nla_get_u32(data[IFLA_IPSECX_FWMARK]));
	idev_forget_routes(idev);
}

static int idev_newlink(struct net_device *dev,
			struct rtnl_newlink_params *params,
			struct netlink_ext_ack *extack)
{
	struct net *net = rtnl_newlink_link_net(params);
	struct ipsecx_dev *idev = netdev_priv(dev);
	int err;

	if (!ipsecx_allowed(net) || !ipsecx_allowed(dev_net(dev))) {
		NL_SET_ERR_MSG(extack,
			       "not in a user namespace, see allow_userns");
		return -EPERM;
	}
	idev->xn = ipsecx_net(net);
	err = idev_set_link(idev, net, params->tb, extack);
	if (err)
		return err;
	idev_set_data(idev, params->data);
	idev->mtu_fixed = params->tb[IFLA_MTU];
	netif_carrier_off(dev);
	err = register_netdevice(dev);
	if (err)
		return err;
	list_add_tail_rcu(&idev->net_entry, &idev->xn->devices);
	return 0;
}

IPSECX_NEWLINK_WRAP(idev_newlink)

static int idev_changelink(struct net_device *dev, struct nlattr *tb[],
			   struct nlattr *data[],
			   struct netlink_ext_ack *extack)
{
	struct ipsecx_dev *idev = netdev_priv(dev);

	if (!rtnl_dev_link_net_capable(dev, idev->xn->net)) {
		NL_SET_ERR_MSG(extack,
			       "no rights in the outer packets' namespace");
		return -EPERM;
	}
	idev_set_data(idev, data);
	return 0;
}

static void idev_dellink(struct net_device *dev, struct list_head *head)
{
	unregister_netdevice_queue(dev, head);
}

static size_t idev_get_size(const struct net_device *dev)
{
	return nla_total_size(sizeof(u32)) + 3 * nla_total_size(sizeof(u8));
}

static int idev_fill_info(struct sk_buff *skb, const struct net_device *dev)
{
	const struct ipsecx_dev *idev = netdev_priv(dev);

	return nla_put_u32(skb, IFLA_IPSECX_FWMARK, READ_ONCE(idev->fwmark)) ?:
	       nla_put_u8(skb, IFLA_IPSECX_TTL, READ_ONCE(idev->ttl)) ?:
	       nla_put_u8(skb, IFLA_IPSECX_DSCP, READ_ONCE(idev->dscp)) ?:
	       nla_put_u8(skb, IFLA_IPSECX_DF, READ_ONCE(idev->df));
}

static struct net *idev_link_net(const struct net_device *dev)
{
	const struct ipsecx_dev *idev = netdev_priv(dev);

	return idev->xn->net;
}

static const struct nla_policy idev_policy[IFLA_IPSECX_MAX + 1] = {
	[IFLA_IPSECX_FWMARK] = { .type = NLA_U32 },
	[IFLA_IPSECX_TTL] = { .type = NLA_U8 },
	[IFLA_IPSECX_DSCP] = { .type = NLA_U8 },
	[IFLA_IPSECX_DF] = { .type = NLA_U8 },
};

struct rtnl_link_ops ipsecx_link_ops = {
	.kind = "ipsecx",
	.priv_size = sizeof(struct ipsecx_dev),
	.setup = idev_setup,
	.validate = idev_validate,
	.newlink = IPSECX_NEWLINK(idev_newlink),
	.changelink = idev_changelink,
	.dellink = idev_dellink,
	.maxtype = IFLA_IPSECX_MAX,
	.policy = idev_policy,
	.get_size = idev_get_size,
	.fill_info = idev_fill_info,
	.get_link_net = idev_link_net,
};

bool ipsecx_dev_is(const struct net_device *dev)
{
	return dev->netdev_ops == &idev_ops;
}

struct ipsecx_dev *ipsecx_dev_get(struct net *net, u32 ifindex)
{
	struct net_device *dev = dev_get_by_index(net, ifindex);

	if (!dev)
		return ERR_PTR(-ENODEV);
	if (!ipsecx_dev_is(dev)) {
		dev_put(dev);
		return ERR_PTR(-EOPNOTSUPP);
	}
	return netdev_priv(dev);
}

void ipsecx_dev_put(struct ipsecx_dev *idev)
{
	dev_put(idev->dev);
}

struct ipsecx_dev *ipsecx_dev_next(struct net *net, u32 ifindex)
{
	struct net_device *dev, *next = NULL;

	rcu_read_lock();
	for_each_netdev_rcu(net, dev)
		if (ipsecx_dev_is(dev) && dev->ifindex >= ifindex &&
		    (!next || dev->ifindex < next->ifindex))
			next = dev;
	dev_hold(next);
	rcu_read_unlock();
	return next ? netdev_priv(next) : NULL;
}

void ipsecx_dev_update_carrier(struct ipsecx_dev *idev)
{
	lockdep_assert_held(&idev->lock);
	if (idev->n_policies && !idev->dead)
		netif_carrier_on(idev->dev);
	else
		netif_carrier_off(idev->dev);
}
