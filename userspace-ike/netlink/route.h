/* SPDX-License-Identifier: MIT */
/* Routes into ipsecx devices. */
#ifndef IPSECX_NL_ROUTE_H
#define IPSECX_NL_ROUTE_H

#include <stdint.h>

#include "client.h"

/**
 * struct ipsecx_route - a unicast route
 * @dst: destination prefix; its length says which family
 * @prefix_len: bits of @dst that count, 0 for a default route
 * @ifindex: device it leads into
 * @src: preferred source address, len 0 for none
 * @table: 0 for main
 * @metric: 0 for the kernel's default
 * @proto: who made it (RTPROT_*), 0 for RTPROT_STATIC
 */
struct ipsecx_route {
	struct ipsecx_addr dst;
	uint8_t prefix_len;
	uint32_t ifindex;
	struct ipsecx_addr src;
	uint32_t table;
	uint32_t metric;
	uint8_t proto;
};

/**
 * ipsecx_route_add() - add a route
 * @nl: socket of ipsecx_nl_open_route()
 * @route: to add
 *
 * Return: 0 or -errno; -EEXIST when there is one of that prefix, table and
 * metric already (IPv6 would let both stand; here they are refused alike).
 */
int ipsecx_route_add(struct ipsecx_nl *nl, const struct ipsecx_route *route);

/**
 * ipsecx_route_replace() - add a route, in the place of another if need be
 * @nl: socket
 * @route: to add; replaces one of the same prefix, table and metric
 */
int ipsecx_route_replace(struct ipsecx_nl *nl,
			 const struct ipsecx_route *route);

/**
 * ipsecx_route_del() - remove a route
 * @nl: socket
 * @route: to remove; every field must be as it was added
 *
 * Return: 0 or -errno; -ESRCH when there is none.
 */
int ipsecx_route_del(struct ipsecx_nl *nl, const struct ipsecx_route *route);

#endif
