/* SPDX-License-Identifier: MIT */
/* Making and changing ipsecx network devices; the kind of `ip link`. */
#ifndef IPSECX_NL_LINK_H
#define IPSECX_NL_LINK_H

#include "client.h"

/* a network device of any kind; the sockets here are ipsecx_nl_open_route()'s */
struct ipsecx_link {
	uint32_t ifindex;
	char ifname[IF_NAMESIZE];
	bool is_ipsecx;
	bool up;
	uint32_t mtu;
};

/* @underlay: ifindex that outer packets leave by, 0: whatever routing says */
int ipsecx_link_new(struct ipsecx_nl *nl, const char *ifname,
		    uint32_t underlay);
/* with all its policies and SAs */
int ipsecx_link_del(struct ipsecx_nl *nl, uint32_t ifindex);
/* by its name; -ENODEV when there is none */
int ipsecx_link_get(struct ipsecx_nl *nl, const char *ifname,
		    struct ipsecx_link *link);
/* set it up, and its MTU unless that is 0 */
int ipsecx_link_up(struct ipsecx_nl *nl, uint32_t ifindex, uint32_t mtu);
/* change what is there of fwmark, ttl, dscp and df */
int ipsecx_link_set(struct ipsecx_nl *nl, const struct ipsecx_device *dev);

#endif
