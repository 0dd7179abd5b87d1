// SPDX-License-Identifier: GPL-2.0
/* IPsec as a network device: what is set up first is taken down last. */

#include <linux/module.h>
#include <linux/rcupdate.h>
#include <net/genetlink.h>
#include <net/rtnetlink.h>
#include "device.h"
#include "net.h"
#include "netlink.h"
#include "packet.h"
#include "sa.h"

static bool allow_userns;
module_param(allow_userns, bool, 0644);
MODULE_PARM_DESC(allow_userns,
		 "Serve network namespaces of unprivileged users, too");

bool ipsecx_allowed(const struct net *net)
{
	return net->user_ns == &init_user_ns || READ_ONCE(allow_userns);
}

static int __init ipsecx_init(void)
{
	int err = ipsecx_request_init();

	if (err)
		return err;
	err = ipsecx_sa_init();
	if (err)
		goto err_request;
	err = ipsecx_net_init();
	if (err)
		goto err_sa;
	err = ipsecx_proto_init();
	if (err)
		goto err_net;
	err = rtnl_link_register(&ipsecx_link_ops);
	if (err)
		goto err_proto;
	err = ipsecx_nl_init();
	if (err)
		goto err_link;
	return 0;

err_link:
	rtnl_link_unregister(&ipsecx_link_ops);
err_proto:
	ipsecx_proto_exit();
err_net:
	ipsecx_net_exit();
err_sa:
	ipsecx_sa_exit();
err_request:
	ipsecx_request_exit();
	return err;
}

/*
 * Commands end first, then devices with all they have, then what packets come
 * in by. The last callbacks run before the code goes.
 */
static void __exit ipsecx_exit(void)
{
	ipsecx_nl_exit();
	rtnl_link_unregister(&ipsecx_link_ops);
	ipsecx_proto_exit();
	ipsecx_net_exit();
	ipsecx_sa_exit();
	rcu_barrier();
	ipsecx_request_exit();
}

module_init(ipsecx_init);
module_exit(ipsecx_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("IPsec as a network device");
MODULE_AUTHOR("The ipsecx developers");
MODULE_ALIAS_RTNL_LINK("ipsecx");
MODULE_ALIAS_GENL_FAMILY(IPSECX_FAMILY_NAME);
