/* SPDX-License-Identifier: MIT */
/* Routes into ipsecx devices. */
#ifndef IPSECX_NL_ROUTE_H
#define IPSECX_NL_ROUTE_H

#include "client.h"

/**
 * struct ipsecx_route - a unicast route of the main table
 * @dst: destination prefix; its length says which family
 * @prefix_len: bits of @dst that count, 0 for a default route
 * @ifindex: device it leads into
 * @src: preferred source address, len 0 for none
 * @proto: who made it (RTPROT_*)
 */
struct ipsecx_route {
	struct ipsecx_addr dst;
	uint8_t prefix_len;
	uint32_t ifindex;
	struct ipsecx_addr src;
	uint8_t proto;
};

/*
 * -EEXIST when there is one of that prefix already (IPv6 would let both stand;
 * here they are refused alike)
 */
int ipsecx_route_add(struct ipsecx_nl *nl, const struct ipsecx_route *route);
/* every field must be as it was added; -ESRCH when there is none */
int ipsecx_route_del(struct ipsecx_nl *nl, const struct ipsecx_route *route);

#endif
