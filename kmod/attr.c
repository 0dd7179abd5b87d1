// SPDX-License-Identifier: GPL-2.0
/* Addresses and selectors, to and from netlink attributes. */

#include <linux/in.h>
#include <linux/slab.h>
#include <net/genetlink.h>
#include <net/ipv6.h>
#include "attr.h"
#include "netlink-gen.h"

int ipsecx_attr_addr(const struct nlattr *attr, struct in6_addr *addr,
		     struct netlink_ext_ack *extack)
{
	switch (nla_len(attr)) {
	case sizeof(struct in_addr):
		ipv6_addr_set_v4mapped(nla_get_in_addr(attr), addr);
		return AF_INET;
	case sizeof(struct in6_addr):
		*addr = nla_get_in6_addr(attr);
		if (!ipv6_addr_v4mapped(addr))
			return AF_INET6;
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "IPv4 addresses have 4 bytes here");
		return -EINVAL;
	default:
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "an address has 4 or 16 bytes");
		return -EINVAL;
	}
}

int ipsecx_attr_put_outer(struct sk_buff *skb, int attr, u8 family,
			  const struct in6_addr *addr)
{
	return nla_put(skb, attr, family == AF_INET ? sizeof(struct in_addr) :
						      sizeof(*addr), addr);
}

int ipsecx_attr_put_addr(struct sk_buff *skb, int attr,
			 const struct in6_addr *addr)
{
	if (ipv6_addr_v4mapped(addr))
		return nla_put_in_addr(skb, attr, addr->s6_addr32[3]);
	return nla_put_in6_addr(skb, attr, addr);
}

/*
 * One end's addresses. Absent ones take everything of the family that the
 * other end is of (@family, 0 while unknown).
 */
static int selector_range(const struct nlattr *from, const struct nlattr *to,
			  struct in6_addr *start, struct in6_addr *end,
			  int *family, struct netlink_ext_ack *extack)
{
	int f;

	if (!from != !to) {
		NL_SET_ERR_MSG_ATTR(extack, from ?: to,
				    "a range needs its start and its end");
		return -EINVAL;
	}
	if (!from)
		return 0;
	f = ipsecx_attr_addr(from, start, extack);
	if (f < 0)
		return f;
	if (ipsecx_attr_addr(to, end, extack) != f || (*family && *family != f)) {
		NL_SET_ERR_MSG_ATTR(extack, to,
				    "addresses of different families");
		return -EINVAL;
	}
	if (memcmp(start, end, sizeof(*start)) > 0) {
		NL_SET_ERR_MSG_ATTR(extack, to, "the range ends before it starts");
		return -EINVAL;
	}
	*family = f;
	return 0;
}

/* Everything, of both families while the family is unknown. */
static void selector_any(struct in6_addr *start, struct in6_addr *end,
			 int family)
{
	memset(start, 0, sizeof(*start));
	memset(end, 0xff, sizeof(*end));
	if (family != AF_INET)
		return;
	ipv6_addr_set_v4mapped(htonl(INADDR_ANY), start);
	ipv6_addr_set_v4mapped(htonl(INADDR_BROADCAST), end);
}

static int selector_addrs(struct nlattr *tb[], struct ipsecx_selector *sel,
			  struct netlink_ext_ack *extack)
{
	int family = 0, err;

	err = selector_range(tb[IPSECX_A_SELECTOR_LOCAL_START],
			     tb[IPSECX_A_SELECTOR_LOCAL_END],
			     &sel->local_start, &sel->local_end, &family,
			     extack) ?:
	      selector_range(tb[IPSECX_A_SELECTOR_REMOTE_START],
			     tb[IPSECX_A_SELECTOR_REMOTE_END],
			     &sel->remote_start, &sel->remote_end, &family,
			     extack);
	if (err)
		return err;
	if (!tb[IPSECX_A_SELECTOR_LOCAL_START])
		selector_any(&sel->local_start, &sel->local_end, family);
	if (!tb[IPSECX_A_SELECTOR_REMOTE_START])
		selector_any(&sel->remote_start, &sel->remote_end, family);
	sel->family = family;
	return 0;
}

static int selector_ports(const struct nlattr *from, const struct nlattr *to,
			  u16 *start, u16 *end, u8 protocol,
			  struct netlink_ext_ack *extack)
{
	*start = from ? nla_get_u16(from) : 0;
	*end = to ? nla_get_u16(to) : U16_MAX;
	if (!from && !to)
		return 0;
	if (!from || !to || *start > *end) {
		NL_SET_ERR_MSG_ATTR(extack, from ?: to,
				    "a port range needs its start, and its end not before");
		return -EINVAL;
	}
	if (ipsecx_flow_has_ports(protocol))
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, from, "ports need a protocol that has them");
	return -EINVAL;
}

static int selector_parse(const struct nlattr *attr,
			  struct ipsecx_selector *sel,
			  struct netlink_ext_ack *extack)
{
	struct nlattr *tb[IPSECX_A_SELECTOR_MAX + 1];
	int err;

	err = nla_parse_nested(tb, IPSECX_A_SELECTOR_MAX, attr,
			       ipsecx_selector_nl_policy, extack);
	if (err)
		return err;
	if (tb[IPSECX_A_SELECTOR_PROTOCOL])
		sel->protocol = nla_get_u8(tb[IPSECX_A_SELECTOR_PROTOCOL]);
	return selector_addrs(tb, sel, extack) ?:
	       selector_ports(tb[IPSECX_A_SELECTOR_LOCAL_PORT_START],
			      tb[IPSECX_A_SELECTOR_LOCAL_PORT_END],
			      &sel->local_port_start, &sel->local_port_end,
			      sel->protocol, extack) ?:
	       selector_ports(tb[IPSECX_A_SELECTOR_REMOTE_PORT_START],
			      tb[IPSECX_A_SELECTOR_REMOTE_PORT_END],
			      &sel->remote_port_start, &sel->remote_port_end,
			      sel->protocol, extack);
}

/* Ports need a protocol, so there are none either. */
static bool selector_is_any(const struct ipsecx_selector *sel)
{
	return !sel->family && !sel->protocol;
}

static unsigned int selectors_count(const struct genl_info *info)
{
	const struct nlattr *attr;
	unsigned int n = 0;
	int rem;

	nla_for_each_attr(attr, genlmsg_data(info->genlhdr),
			  genlmsg_len(info->genlhdr), rem)
		n += nla_type(attr) == IPSECX_A_POLICY_SELECTOR;
	return n;
}

static int selectors_parse(struct genl_info *info,
			   struct ipsecx_selectors *sels)
{
	const struct nlattr *attr;
	unsigned int i = 0;
	int rem, err;

	nla_for_each_attr(attr, genlmsg_data(info->genlhdr),
			  genlmsg_len(info->genlhdr), rem) {
		if (nla_type(attr) != IPSECX_A_POLICY_SELECTOR)
			continue;
		err = selector_parse(attr, &sels->sel[i], info->extack);
		if (err)
			return err;
		sels->any |= selector_is_any(&sels->sel[i++]);
	}
	return 0;
}

struct ipsecx_selectors *ipsecx_attr_selectors(struct genl_info *info)
{
	unsigned int n = selectors_count(info);
	struct ipsecx_selectors *sels;
	int err;

	if (!n)
		return NULL;
	if (n > IPSECX_SELECTORS_MAX) {
		NL_SET_ERR_MSG(info->extack, "more than 64 selectors");
		return ERR_PTR(-E2BIG);
	}
	sels = kzalloc(struct_size(sels, sel, n), GFP_KERNEL);
	if (!sels)
		return ERR_PTR(-ENOMEM);
	sels->n = n;
	err = selectors_parse(info, sels);
	if (!err)
		return sels;
	kfree(sels);
	return ERR_PTR(err);
}

static int put_range(struct sk_buff *skb, int first,
		     const struct in6_addr *start, const struct in6_addr *end)
{
	return ipsecx_attr_put_addr(skb, first, start) ?:
	       ipsecx_attr_put_addr(skb, first + 1, end);
}

static int put_ranges(struct sk_buff *skb, const struct ipsecx_selector *sel)
{
	return put_range(skb, IPSECX_A_SELECTOR_LOCAL_START,
			 &sel->local_start, &sel->local_end) ?:
	       put_range(skb, IPSECX_A_SELECTOR_REMOTE_START,
			 &sel->remote_start, &sel->remote_end);
}

static int put_ports(struct sk_buff *skb, int first, u16 start, u16 end)
{
	if (start == 0 && end == U16_MAX)
		return 0;
	return nla_put_u16(skb, first, start) ?:
	       nla_put_u16(skb, first + 1, end);
}

static int put_selector(struct sk_buff *skb, const struct ipsecx_selector *sel)
{
	struct nlattr *nest = nla_nest_start(skb, IPSECX_A_POLICY_SELECTOR);

	if (!nest || (sel->family && put_ranges(skb, sel)) ||
	    (sel->protocol && nla_put_u8(skb, IPSECX_A_SELECTOR_PROTOCOL,
					 sel->protocol)) ||
	    put_ports(skb, IPSECX_A_SELECTOR_LOCAL_PORT_START,
		      sel->local_port_start, sel->local_port_end) ||
	    put_ports(skb, IPSECX_A_SELECTOR_REMOTE_PORT_START,
		      sel->remote_port_start, sel->remote_port_end))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

int ipsecx_attr_put_selectors(struct sk_buff *skb,
			      const struct ipsecx_selectors *sels)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < sels->n && !err; i++)
		err = put_selector(skb, &sels->sel[i]);
	return err;
}
