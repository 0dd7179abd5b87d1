/* SPDX-License-Identifier: MIT */
/* Making and changing ipsecx network devices; the kind of `ip link`. */
#ifndef IPSECX_NL_LINK_H
#define IPSECX_NL_LINK_H

#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>

#include "socket.h"

/**
 * struct ipsecx_link - a network device
 * @ifindex: its index
 * @ifname: its name
 * @is_ipsecx: its kind is ipsecx
 * @up: it is administratively up
 * @carrier: traffic can flow
 * @mtu: its MTU
 */
struct ipsecx_link {
	uint32_t ifindex;
	char ifname[IF_NAMESIZE];
	bool is_ipsecx;
	bool up;
	bool carrier;
	uint32_t mtu;
};

/**
 * struct ipsecx_link_outside - what a device's outer headers are to be like
 * @has_fwmark: change @fwmark; so for the others
 * @fwmark: mark of the packets
 * @ttl: TTL or hop limit; 0: what the route says
 * @dscp: 0 to 63, or IPSECX_DSCP_COPY
 * @df: enum ipsecx_df
 */
struct ipsecx_link_outside {
	bool has_fwmark;
	bool has_ttl;
	bool has_dscp;
	bool has_df;
	uint32_t fwmark;
	uint8_t ttl;
	uint8_t dscp;
	uint8_t df;
};

/**
 * ipsecx_link_new() - create an ipsecx device
 * @nl: socket of ipsecx_nl_open_route()
 * @ifname: its name
 * @underlay: ifindex that outer packets leave by, 0 for whatever routing says
 *
 * Return: 0 or -errno; -EEXIST when the name is taken.
 */
int ipsecx_link_new(struct ipsecx_nl *nl, const char *ifname,
		    uint32_t underlay);

/**
 * ipsecx_link_del() - remove a device, with all its policies and SAs
 * @nl: socket
 * @ifindex: of the device
 */
int ipsecx_link_del(struct ipsecx_nl *nl, uint32_t ifindex);

/**
 * ipsecx_link_get() - look a device up by name
 * @nl: socket
 * @ifname: its name
 * @link: filled
 *
 * Return: 0 or -errno; -ENODEV when there is none.
 */
int ipsecx_link_get(struct ipsecx_nl *nl, const char *ifname,
		    struct ipsecx_link *link);

/**
 * ipsecx_link_set_up() - set a device up or down
 * @nl: socket
 * @ifindex: of the device
 * @up: up or down
 */
int ipsecx_link_set_up(struct ipsecx_nl *nl, uint32_t ifindex, bool up);

/**
 * ipsecx_link_set_mtu() - set a device's MTU
 * @nl: socket
 * @ifindex: of the device
 * @mtu: in bytes
 */
int ipsecx_link_set_mtu(struct ipsecx_nl *nl, uint32_t ifindex, uint32_t mtu);

/**
 * ipsecx_link_set_outside() - change a device's outer headers
 * @nl: socket
 * @ifindex: of the device
 * @outside: how
 */
int ipsecx_link_set_outside(struct ipsecx_nl *nl, uint32_t ifindex,
			    const struct ipsecx_link_outside *outside);

#endif
