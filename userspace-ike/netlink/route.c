// SPDX-License-Identifier: MIT
/* Routes into ipsecx devices. */
#include <errno.h>
#include <sys/socket.h>

#include <linux/rtnetlink.h>

#include "request.h"
#include "route.h"

static int route_check(struct ipsecx_nl *nl, const struct ipsecx_route *route)
{
	const struct ipsecx_addr *dst = &route->dst;

	if ((dst->len != 4 && dst->len != 16) ||
	    route->prefix_len > dst->len * 8 ||
	    (route->src.len && route->src.len != dst->len))
		return ipsecx_nl_fail(nl, -EINVAL,
				      "the route's addresses do not fit");
	return 0;
}

static void route_put(struct ipsecx_nl_request *req,
		      const struct ipsecx_route *route)
{
	struct rtmsg *rtm;

	rtm = mnl_nlmsg_put_extra_header(req->hdr, sizeof(*rtm));
	rtm->rtm_family = route->dst.len == 4 ? AF_INET : AF_INET6;
	rtm->rtm_dst_len = route->prefix_len;
	rtm->rtm_protocol = route->proto;
	rtm->rtm_type = RTN_UNICAST;
	/* IPv4 compares the scope when deleting; `ip route` says link too. */
	rtm->rtm_scope = rtm->rtm_family == AF_INET ? RT_SCOPE_LINK :
						      RT_SCOPE_UNIVERSE;
	if (route->prefix_len)
		mnl_attr_put(req->hdr, RTA_DST, route->dst.len,
			     route->dst.bytes);
	if (route->src.len)
		mnl_attr_put(req->hdr, RTA_PREFSRC, route->src.len,
			     route->src.bytes);
	mnl_attr_put_u32(req->hdr, RTA_OIF, route->ifindex);
	mnl_attr_put_u32(req->hdr, RTA_TABLE, RT_TABLE_MAIN);
}

static int route_run(struct ipsecx_nl *nl, const struct ipsecx_route *route,
		     uint16_t type, uint16_t flags)
{
	struct ipsecx_nl_request req;
	int rc = route_check(nl, route);

	if (rc)
		return rc;
	ipsecx_nl_request_begin(nl, &req, type, NLM_F_ACK | flags);
	route_put(&req, route);
	return ipsecx_nl_request_run(nl, &req, NULL, NULL);
}

int ipsecx_route_add(struct ipsecx_nl *nl, const struct ipsecx_route *route)
{
	return route_run(nl, route, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL);
}

int ipsecx_route_del(struct ipsecx_nl *nl, const struct ipsecx_route *route)
{
	return route_run(nl, route, RTM_DELROUTE, 0);
}
