/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IPSECX_DEVICE_H
#define _IPSECX_DEVICE_H

#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/xarray.h>
#include <net/gro_cells.h>
#include <uapi/linux/if_ipsecx.h>
#include "drop.h"
#include "net.h"
#include "spd.h"

/*
 * What ESP adds at most: IPv6 and UDP outside, ESP header and IV in front;
 * padding, trailer and ICV behind.
 */
#define IPSECX_HEAD_MAX		(40 + 8 + 8 + 16)
#define IPSECX_TAIL_MAX		(15 + 2 + 32)
#define IPSECX_OVERHEAD_MAX	(IPSECX_HEAD_MAX + IPSECX_TAIL_MAX)
#define IPSECX_MTU_DEFAULT	1418

/**
 * struct ipsecx_dev - an ipsecx device (netdev_priv())
 * @dev: its netdevice
 * @xn: the namespace its outer packets use, the one it was created in. Not
 *	refcounted: its pernet exit removes the device first
 * @net_entry: in @xn->devices, under RTNL, read under RCU
 * @link: ifindex of the underlay in @xn that outer packets must use, or 0;
 *	written under RTNL, read racily
 * @fwmark: mark of outer packets; this and the next three are written under
 *	RTNL, read racily
 * @ttl: of the outer header in tunnel mode; 0: the route's
 * @dscp: likewise; IPSECX_DSCP_COPY: the inner one
 * @df: likewise over IPv4; enum ipsecx_df
 * @mtu_fixed: the user has set the MTU; under RTNL
 * @mtu_work: sets it otherwise
 * @lock: serialises everything that changes policies and SAs of this device;
 *	may be taken under RTNL, never the other way round
 * @dead: nothing may be added any more; under @lock
 * @policies: by id, under @lock for change and RCU for lookup
 * @sas: by id, likewise
 * @next_policy: where the search for a free policy id starts
 * @next_sa: likewise for SAs; ids are not used again soon
 * @spd: policies by what they cover
 * @n_policies: entries in @policies; under @lock
 * @n_sas: entries in @sas; under @lock
 * @held_size: memory of all packets that wait for an SA, in bytes
 * @gro: receive queue that clear packets are merged in
 * @drops: by reason, per CPU
 */
struct ipsecx_dev {
	struct net_device *dev;
	struct ipsecx_net *xn;
	struct list_head net_entry;
	int link;
	u32 fwmark;
	u8 ttl;
	u8 dscp;
	u8 df;
	bool mtu_fixed;
	struct work_struct mtu_work;
	struct mutex lock;	/* policies and SAs */
	bool dead;
	struct xarray policies;
	struct xarray sas;
	u32 next_policy;
	u32 next_sa;
	struct ipsecx_spd spd;
	u32 n_policies;
	u32 n_sas;
	atomic_t held_size;
	struct gro_cells gro;
	struct ipsecx_drops __percpu *drops;
};

extern struct rtnl_link_ops ipsecx_link_ops;

bool ipsecx_dev_is(const struct net_device *dev);
/*
 * The device with index @ifindex in @net, with a reference for the caller
 * (ipsecx_dev_put()), or an ERR_PTR: -ENODEV, -EOPNOTSUPP for another kind.
 */
struct ipsecx_dev *ipsecx_dev_get(struct net *net, u32 ifindex);
void ipsecx_dev_put(struct ipsecx_dev *idev);
/* The device in @net with the lowest index from @ifindex on; as above, or NULL. */
struct ipsecx_dev *ipsecx_dev_next(struct net *net, u32 ifindex);
/* May @net be served? Not outside the initial user namespace, by default. */
bool ipsecx_allowed(const struct net *net);
/* Carrier is up while there is a policy. @idev->lock held. */
void ipsecx_dev_update_carrier(struct ipsecx_dev *idev);

#endif /* _IPSECX_DEVICE_H */
