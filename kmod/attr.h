/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IPSECX_ATTR_H
#define _IPSECX_ATTR_H

#include <net/genetlink.h>
#include "policy.h"
#include "selector.h"

/*
 * An address attribute, v4-mapped if it is IPv4. Returns its family, or
 * -EINVAL with a text for a length that no address has.
 */
int ipsecx_attr_addr(const struct nlattr *attr, struct in6_addr *addr,
		     struct netlink_ext_ack *extack);
/* @addr, unless v4-mapped, in 16 bytes, else in 4. */
int ipsecx_attr_put_addr(struct sk_buff *skb, int attr,
			 const struct in6_addr *addr);
/* An outer address, which is not v4-mapped. */
int ipsecx_attr_put_outer(struct sk_buff *skb, int attr, u8 family,
			  const struct in6_addr *addr);

/*
 * All selectors among the policy attributes of @info; NULL if there are none,
 * ERR_PTR with a text if one is wrong.
 */
struct ipsecx_selectors *ipsecx_attr_selectors(struct genl_info *info);
int ipsecx_attr_put_selectors(struct sk_buff *skb,
			      const struct ipsecx_selectors *sels);

#endif /* _IPSECX_ATTR_H */
