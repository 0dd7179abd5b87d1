// SPDX-License-Identifier: GPL-2.0
/* What ethtool shows of a device. */

#include <linux/ethtool.h>
#include <linux/netdevice.h>
#include "device.h"
#include "drop.h"
#include "ethtool.h"

static void ethtool_drvinfo(struct net_device *dev,
			    struct ethtool_drvinfo *info)
{
	strscpy(info->driver, "ipsecx", sizeof(info->driver));
}

static int ethtool_sset_count(struct net_device *dev, int sset)
{
	return sset == ETH_SS_STATS ? IPSECX_DROP_REASON_MAX : -EOPNOTSUPP;
}

static void ethtool_strings(struct net_device *dev, u32 sset, u8 *data)
{
	int reason;

	if (sset != ETH_SS_STATS)
		return;
	for (reason = 1; reason <= IPSECX_DROP_REASON_MAX; reason++)
		ethtool_sprintf(&data, "drop-%s", ipsecx_drop_name(reason));
}

static void ethtool_stats(struct net_device *dev, struct ethtool_stats *stats,
			  u64 *data)
{
	struct ipsecx_dev *idev = netdev_priv(dev);
	int reason;

	for (reason = 1; reason <= IPSECX_DROP_REASON_MAX; reason++)
		*data++ = ipsecx_drops_sum(idev->drops, reason);
}

const struct ethtool_ops ipsecx_ethtool_ops = {
	.get_drvinfo = ethtool_drvinfo,
	.get_link = ethtool_op_get_link,
	.get_ts_info = ethtool_op_get_ts_info,
	.get_sset_count = ethtool_sset_count,
	.get_strings = ethtool_strings,
	.get_ethtool_stats = ethtool_stats,
};
