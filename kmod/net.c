// SPDX-License-Identifier: GPL-2.0
/* Network namespaces in which outer packets travel. */

#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/rtnetlink.h>
#include <linux/wait_bit.h>
#include <net/netns/generic.h>
#include "device.h"
#include "net.h"
#include "packet.h"
#include "sa.h"
#include "spi.h"

static unsigned int net_id;

const struct rhashtable_params ipsecx_net_sas_params = {
	.key_len = sizeof(__be32),
	.key_offset = offsetof(struct ipsecx_sa, spi),
	.head_offset = offsetof(struct ipsecx_sa, spi_node),
	.automatic_shrinking = true,
};

struct ipsecx_net *ipsecx_net(const struct net *net)
{
	return net_generic(net, net_id);
}

static int __net_init net_create(struct net *net)
{
	struct ipsecx_net *xn = ipsecx_net(net);
	int err;

	xn->net = net;
	spin_lock_init(&xn->reserved_lock);
	spin_lock_init(&xn->sockets_lock);
	INIT_LIST_HEAD(&xn->reserved);
	INIT_LIST_HEAD(&xn->devices);
	INIT_LIST_HEAD(&xn->sockets);
	xn->unknown_told = jiffies - HZ;
	xn->drops = alloc_percpu(struct ipsecx_drops);
	if (!xn->drops)
		return -ENOMEM;
	err = rhashtable_init(&xn->sas, &ipsecx_net_sas_params);
	if (err)
		free_percpu(xn->drops);
	return err;
}

/*
 * Devices born here go with the namespace, wherever they live. Dropping RTNL
 * waits for their last reference, so for their last SA. What somebody else is
 * removing elsewhere is waited for, too.
 */
static void net_remove_devices(struct ipsecx_net *xn)
{
	struct ipsecx_dev *idev, *tmp;
	LIST_HEAD(gone);

	rtnl_lock();
	list_for_each_entry_safe(idev, tmp, &xn->devices, net_entry)
		ipsecx_link_ops.dellink(idev->dev, &gone);
	unregister_netdevice_many(&gone);
	rtnl_unlock();
	wait_var_event(&xn->n_devices, !atomic_read(&xn->n_devices));
}

static void __net_exit net_leave(struct list_head *nets)
{
	struct net *net;

	list_for_each_entry(net, nets, exit_list) {
		net_remove_devices(ipsecx_net(net));
		ipsecx_udp_detach_all(ipsecx_net(net));
	}
	/*
	 * Until no packet is in a socket's hook, no socket is going that was
	 * hooked, and the routes that policies had cached, which look into
	 * the namespace as they go, are on their way.
	 */
	synchronize_net();
	rcu_barrier();
}

static void __net_exit net_destroy(struct net *net)
{
	struct ipsecx_net *xn = ipsecx_net(net);

	ipsecx_spi_release_all(xn);
	rhashtable_destroy(&xn->sas);
	free_percpu(xn->drops);
}

/*
 * In two steps: devices go while the namespace still has all it had; the
 * tables that packets look into go when no device is left to receive any.
 */
static struct pernet_operations net_tables_ops = {
	.init = net_create,
	.exit = net_destroy,
	.id = &net_id,
	.size = sizeof(struct ipsecx_net),
};

static struct pernet_operations net_devices_ops = {
	.exit_batch = net_leave,
};

int ipsecx_net_init(void)
{
	int err = register_pernet_subsys(&net_tables_ops);

	if (err)
		return err;
	err = register_pernet_device(&net_devices_ops);
	if (err)
		unregister_pernet_subsys(&net_tables_ops);
	return err;
}

void ipsecx_net_exit(void)
{
	unregister_pernet_device(&net_devices_ops);
	unregister_pernet_subsys(&net_tables_ops);
}
