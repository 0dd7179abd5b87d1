/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
#ifndef _UAPI_LINUX_IF_IPSECX_H
#define _UAPI_LINUX_IF_IPSECX_H

/**
 * enum ipsecx_link_attr - IFLA_INFO_DATA of "ip link add type ipsecx"
 * @IFLA_IPSECX_UNSPEC: not used
 * @IFLA_IPSECX_FWMARK: u32, mark of the outer packets
 * @IFLA_IPSECX_TTL: u8, TTL or hop limit of tunnel mode's outer header; 0, the
 *	default, is what the route or the system says (RFC 4301 section 5.1.2)
 * @IFLA_IPSECX_DSCP: u8, its DSCP; IPSECX_DSCP_COPY, the default, is that of
 *	the packet inside. ECN is always as RFC 6040 says
 * @IFLA_IPSECX_DF: u8, enum ipsecx_df: its DF bit over IPv4
 *
 * All are optional and may be changed later. The underlay that outer packets
 * must use is the generic IFLA_LINK.
 */
enum ipsecx_link_attr {
	IFLA_IPSECX_UNSPEC,
	IFLA_IPSECX_FWMARK,
	IFLA_IPSECX_TTL,
	IFLA_IPSECX_DSCP,
	IFLA_IPSECX_DF,

	__IFLA_IPSECX_MAX
};

#define IFLA_IPSECX_MAX	(__IFLA_IPSECX_MAX - 1)

#define IPSECX_DSCP_MAX		63
#define IPSECX_DSCP_COPY	255

#endif /* _UAPI_LINUX_IF_IPSECX_H */
