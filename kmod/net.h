/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IPSECX_NET_H
#define _IPSECX_NET_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rhashtable.h>
#include <linux/spinlock.h>
#include <net/net_namespace.h>
#include "drop.h"

/**
 * struct ipsecx_net - a network namespace in which outer packets travel
 * @net: the namespace
 * @sas: inbound SAs by SPI; readers under RCU, insertion is atomic by the
 *	table itself, so two devices cannot both win an SPI
 * @reserved_lock: guards @reserved; nests inside a device's lock
 * @reserved: SPIs given out by spi-alloc and not yet taken over, oldest first
 * @n_reserved: length of @reserved; under its lock
 * @devices: devices born here, wherever they live now; RCU, changed under RTNL
 * @n_devices: how many there are, with those that are on their way out of
 *	another namespace and not listed any more
 * @sockets_lock: guards @sockets
 * @sockets: UDP sockets that hand us ESP
 * @unknown_told: jiffies of the last event about an unknown SPI
 * @drops: packets of which no device can be blamed
 */
struct ipsecx_net {
	struct net *net;
	struct rhashtable sas;
	spinlock_t reserved_lock;	/* reserved, n_reserved */
	struct list_head reserved;
	unsigned int n_reserved;
	struct list_head devices;
	atomic_t n_devices;
	spinlock_t sockets_lock;	/* sockets */
	struct list_head sockets;
	unsigned long unknown_told;
	struct ipsecx_drops __percpu *drops;
};

extern const struct rhashtable_params ipsecx_net_sas_params;

struct ipsecx_net *ipsecx_net(const struct net *net);
int ipsecx_net_init(void);
void ipsecx_net_exit(void);

#endif /* _IPSECX_NET_H */
