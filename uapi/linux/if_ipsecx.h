/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
#ifndef _UAPI_LINUX_IF_IPSECX_H
#define _UAPI_LINUX_IF_IPSECX_H

/**
 * enum ipsecx_link_attr - IFLA_INFO_DATA of "ip link add type ipsecx"
 * @IFLA_IPSECX_UNSPEC: not used
 * @IFLA_IPSECX_FWMARK: u32, mark of the outer packets; may be changed later
 *
 * All are optional. The underlay that outer packets must use is the generic
 * IFLA_LINK.
 */
enum ipsecx_link_attr {
	IFLA_IPSECX_UNSPEC,
	IFLA_IPSECX_FWMARK,

	__IFLA_IPSECX_MAX
};

#define IFLA_IPSECX_MAX	(__IFLA_IPSECX_MAX - 1)

#endif /* _UAPI_LINUX_IF_IPSECX_H */
