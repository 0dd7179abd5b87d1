/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IPSECX_ETHTOOL_H
#define _IPSECX_ETHTOOL_H

#include <linux/ethtool.h>

/* "ethtool -S" shows the drop reasons by name, prefixed with "drop-". */
extern const struct ethtool_ops ipsecx_ethtool_ops;

#endif /* _IPSECX_ETHTOOL_H */
