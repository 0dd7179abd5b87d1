// SPDX-License-Identifier: MIT
/* Making and changing ipsecx network devices. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <linux/if_ipsecx.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include "link.h"
#include "request.h"

#define LINK_KIND "ipsecx"

static struct ifinfomsg *link_begin(struct ipsecx_nl *nl,
				    struct ipsecx_nl_request *req,
				    uint16_t type, uint16_t flags)
{
	ipsecx_nl_request_begin(nl, req, type, NLM_F_ACK | flags);
	return mnl_nlmsg_put_extra_header(req->hdr, sizeof(struct ifinfomsg));
}

int ipsecx_link_new(struct ipsecx_nl *nl, const char *ifname, uint32_t underlay)
{
	struct ipsecx_nl_request req;
	struct nlattr *info;

	if (strlen(ifname) >= IF_NAMESIZE)
		return ipsecx_nl_fail(nl, -ENAMETOOLONG, NULL);
	link_begin(nl, &req, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
	mnl_attr_put_strz(req.hdr, IFLA_IFNAME, ifname);
	if (underlay)
		mnl_attr_put_u32(req.hdr, IFLA_LINK, underlay);
	info = mnl_attr_nest_start(req.hdr, IFLA_LINKINFO);
	mnl_attr_put_str(req.hdr, IFLA_INFO_KIND, LINK_KIND);
	mnl_attr_nest_end(req.hdr, info);
	return ipsecx_nl_request_run(nl, &req, NULL, NULL);
}

int ipsecx_link_del(struct ipsecx_nl *nl, uint32_t ifindex)
{
	struct ipsecx_nl_request req;

	link_begin(nl, &req, RTM_DELLINK, 0)->ifi_index = ifindex;
	return ipsecx_nl_request_run(nl, &req, NULL, NULL);
}

static bool info_is_ipsecx(const struct nlattr *info)
{
	const struct nlattr *attr;

	/* Kernels differ in whether the kind ends in a NUL. */
	mnl_attr_for_each_nested(attr, info) {
		size_t len = mnl_attr_get_payload_len(attr);

		if (mnl_attr_get_type(attr) == IFLA_INFO_KIND)
			return len >= strlen(LINK_KIND) &&
			       !strncmp(mnl_attr_get_payload(attr), LINK_KIND,
					len);
	}
	return false;
}

static void link_take_attr(struct ipsecx_link *link, const struct nlattr *attr)
{
	size_t len = mnl_attr_get_payload_len(attr);
	int type = mnl_attr_get_type(attr);

	if (type == IFLA_IFNAME)
		snprintf(link->ifname, sizeof(link->ifname), "%.*s", (int)len,
			 (const char *)mnl_attr_get_payload(attr));
	else if (type == IFLA_MTU && len == sizeof(uint32_t))
		link->mtu = mnl_attr_get_u32(attr);
	else if (type == IFLA_LINKINFO)
		link->is_ipsecx = info_is_ipsecx(attr);
}

static int link_take(const struct nlmsghdr *hdr, void *data)
{
	const struct ifinfomsg *ifi = mnl_nlmsg_get_payload(hdr);
	struct ipsecx_link *link = data;
	const struct nlattr *attr;

	if (mnl_nlmsg_get_payload_len(hdr) < sizeof(*ifi))
		return -EBADMSG;
	link->ifindex = ifi->ifi_index;
	link->up = ifi->ifi_flags & IFF_UP;
	mnl_attr_for_each(attr, hdr, sizeof(*ifi)) {
		link_take_attr(link, attr);
	}
	return 0;
}

int ipsecx_link_get(struct ipsecx_nl *nl, const char *ifname,
		    struct ipsecx_link *link)
{
	struct ipsecx_nl_request req;

	memset(link, 0, sizeof(*link));
	if (strlen(ifname) >= IF_NAMESIZE)
		return ipsecx_nl_fail(nl, -ENAMETOOLONG, NULL);
	link_begin(nl, &req, RTM_GETLINK, 0);
	mnl_attr_put_strz(req.hdr, IFLA_IFNAME, ifname);
	return ipsecx_nl_request_run(nl, &req, link_take, link);
}

int ipsecx_link_up(struct ipsecx_nl *nl, uint32_t ifindex, uint32_t mtu)
{
	struct ipsecx_nl_request req;
	struct ifinfomsg *ifi = link_begin(nl, &req, RTM_NEWLINK, 0);

	ifi->ifi_index = ifindex;
	ifi->ifi_change = ifi->ifi_flags = IFF_UP;
	if (mtu)
		mnl_attr_put_u32(req.hdr, IFLA_MTU, mtu);
	return ipsecx_nl_request_run(nl, &req, NULL, NULL);
}

int ipsecx_link_set(struct ipsecx_nl *nl, const struct ipsecx_device *dev)
{
	struct ipsecx_nl_request req;
	struct nlattr *info, *data;

	link_begin(nl, &req, RTM_NEWLINK, 0)->ifi_index = dev->ifindex;
	info = mnl_attr_nest_start(req.hdr, IFLA_LINKINFO);
	mnl_attr_put_str(req.hdr, IFLA_INFO_KIND, LINK_KIND);
	data = mnl_attr_nest_start(req.hdr, IFLA_INFO_DATA);
	if (dev->has & IPSECX_HAS(DEVICE_FWMARK))
		mnl_attr_put_u32(req.hdr, IFLA_IPSECX_FWMARK, dev->fwmark);
	if (dev->has & IPSECX_HAS(DEVICE_TTL))
		mnl_attr_put_u8(req.hdr, IFLA_IPSECX_TTL, dev->ttl);
	if (dev->has & IPSECX_HAS(DEVICE_DSCP))
		mnl_attr_put_u8(req.hdr, IFLA_IPSECX_DSCP, dev->dscp);
	if (dev->has & IPSECX_HAS(DEVICE_DF))
		mnl_attr_put_u8(req.hdr, IFLA_IPSECX_DF, dev->df);
	mnl_attr_nest_end(req.hdr, data);
	mnl_attr_nest_end(req.hdr, info);
	return ipsecx_nl_request_run(nl, &req, NULL, NULL);
}
