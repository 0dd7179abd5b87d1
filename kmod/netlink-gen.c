// SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause)
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/ipsecx.yaml */
/* YNL-GEN kernel source */
/* To regenerate run: tools/net/ynl/ynl-regen.sh */

#include <net/netlink.h>
#include <net/genetlink.h>

#include "netlink-gen.h"

#include <uapi/linux/ipsecx.h>

/* Common nested types */
const struct nla_policy ipsecx_selector_nl_policy[IPSECX_A_SELECTOR_REMOTE_PORT_END + 1] = {
	[IPSECX_A_SELECTOR_LOCAL_START] = NLA_POLICY_MAX_LEN(16),
	[IPSECX_A_SELECTOR_LOCAL_END] = NLA_POLICY_MAX_LEN(16),
	[IPSECX_A_SELECTOR_REMOTE_START] = NLA_POLICY_MAX_LEN(16),
	[IPSECX_A_SELECTOR_REMOTE_END] = NLA_POLICY_MAX_LEN(16),
	[IPSECX_A_SELECTOR_PROTOCOL] = { .type = NLA_U8, },
	[IPSECX_A_SELECTOR_LOCAL_PORT_START] = { .type = NLA_U16, },
	[IPSECX_A_SELECTOR_LOCAL_PORT_END] = { .type = NLA_U16, },
	[IPSECX_A_SELECTOR_REMOTE_PORT_START] = { .type = NLA_U16, },
	[IPSECX_A_SELECTOR_REMOTE_PORT_END] = { .type = NLA_U16, },
};

/* IPSECX_CMD_CAP_GET - do */
const struct nla_policy ipsecx_cap_get_nl_policy[IPSECX_A_CAP_ENCR + 1] = {
	[IPSECX_A_CAP_ENCR] = { .type = NLA_U16, },
};

/* IPSECX_CMD_DEVICE_GET - do */
const struct nla_policy ipsecx_device_get_nl_policy[IPSECX_A_DEVICE_IFINDEX + 1] = {
	[IPSECX_A_DEVICE_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* IPSECX_CMD_POLICY_NEW - do */
const struct nla_policy ipsecx_policy_new_nl_policy[IPSECX_A_POLICY_TFC_PAD + 1] = {
	[IPSECX_A_POLICY_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[IPSECX_A_POLICY_MODE] = NLA_POLICY_MAX(NLA_U32, 1),
	[IPSECX_A_POLICY_LOCAL] = NLA_POLICY_MAX_LEN(16),
	[IPSECX_A_POLICY_REMOTE] = NLA_POLICY_MAX_LEN(16),
	[IPSECX_A_POLICY_ENCAP] = NLA_POLICY_MAX(NLA_U32, 1),
	[IPSECX_A_POLICY_LOCAL_PORT] = NLA_POLICY_MIN(NLA_U16, 1),
	[IPSECX_A_POLICY_REMOTE_PORT] = NLA_POLICY_MIN(NLA_U16, 1),
	[IPSECX_A_POLICY_PRIORITY] = { .type = NLA_U32, },
	[IPSECX_A_POLICY_SELECTOR] = NLA_POLICY_NESTED(ipsecx_selector_nl_policy),
	[IPSECX_A_POLICY_KEEPALIVE] = { .type = NLA_U16, },
	[IPSECX_A_POLICY_TFC_PAD] = { .type = NLA_U16, },
};

/* IPSECX_CMD_POLICY_SET - do */
const struct nla_policy ipsecx_policy_set_nl_policy[IPSECX_A_POLICY_TFC_PAD + 1] = {
	[IPSECX_A_POLICY_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[IPSECX_A_POLICY_ID] = NLA_POLICY_MIN(NLA_U32, 1),
	[IPSECX_A_POLICY_LOCAL] = NLA_POLICY_MAX_LEN(16),
	[IPSECX_A_POLICY_REMOTE] = NLA_POLICY_MAX_LEN(16),
	[IPSECX_A_POLICY_ENCAP] = NLA_POLICY_MAX(NLA_U32, 1),
	[IPSECX_A_POLICY_LOCAL_PORT] = NLA_POLICY_MIN(NLA_U16, 1),
	[IPSECX_A_POLICY_REMOTE_PORT] = NLA_POLICY_MIN(NLA_U16, 1),
	[IPSECX_A_POLICY_PRIORITY] = { .type = NLA_U32, },
	[IPSECX_A_POLICY_SELECTOR] = NLA_POLICY_NESTED(ipsecx_selector_nl_policy),
	[IPSECX_A_POLICY_DROP_HELD] = { .type = NLA_FLAG, },
	[IPSECX_A_POLICY_KEEPALIVE] = { .type = NLA_U16, },
	[IPSECX_A_POLICY_TFC_PAD] = { .type = NLA_U16, },
};

/* IPSECX_CMD_POLICY_GET - do */
const struct nla_policy ipsecx_policy_get_nl_policy[IPSECX_A_POLICY_ID + 1] = {
	[IPSECX_A_POLICY_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[IPSECX_A_POLICY_ID] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* IPSECX_CMD_POLICY_DEL - do */
const struct nla_policy ipsecx_policy_del_nl_policy[IPSECX_A_POLICY_ID + 1] = {
	[IPSECX_A_POLICY_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[IPSECX_A_POLICY_ID] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* IPSECX_CMD_SA_NEW - do */
const struct nla_policy ipsecx_sa_new_nl_policy[IPSECX_A_SA_PROTOCOL + 1] = {
	[IPSECX_A_SA_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[IPSECX_A_SA_POLICY] = NLA_POLICY_MIN(NLA_U32, 1),
	[IPSECX_A_SA_DIRECTION] = NLA_POLICY_MAX(NLA_U32, 1),
	[IPSECX_A_SA_SPI] = { .type = NLA_BE32, },
	[IPSECX_A_SA_PROTOCOL] = NLA_POLICY_RANGE(NLA_U32, 50, 51),
	[IPSECX_A_SA_ENCR] = { .type = NLA_U16, },
	[IPSECX_A_SA_ENCR_KEY] = NLA_POLICY_MAX_LEN(64),
	[IPSECX_A_SA_INTEG] = { .type = NLA_U16, },
	[IPSECX_A_SA_INTEG_KEY] = NLA_POLICY_MAX_LEN(64),
	[IPSECX_A_SA_ESN] = { .type = NLA_FLAG, },
	[IPSECX_A_SA_REPLAY_WINDOW] = NLA_POLICY_MAX(NLA_U32, 8192),
	[IPSECX_A_SA_ACTIVATE] = { .type = NLA_FLAG, },
	[IPSECX_A_SA_BYTE_SOFT] = { .type = NLA_U64, },
	[IPSECX_A_SA_BYTE_HARD] = { .type = NLA_U64, },
	[IPSECX_A_SA_PACKET_SOFT] = { .type = NLA_U64, },
	[IPSECX_A_SA_PACKET_HARD] = { .type = NLA_U64, },
	[IPSECX_A_SA_TIME_SOFT] = { .type = NLA_U32, },
	[IPSECX_A_SA_TIME_HARD] = { .type = NLA_U32, },
	[IPSECX_A_SA_IDLE] = { .type = NLA_U32, },
};

/* IPSECX_CMD_SA_SET - do */
const struct nla_policy ipsecx_sa_set_nl_policy[IPSECX_A_SA_ACTIVATE + 1] = {
	[IPSECX_A_SA_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[IPSECX_A_SA_ID] = NLA_POLICY_MIN(NLA_U32, 1),
	[IPSECX_A_SA_ACTIVATE] = { .type = NLA_FLAG, },
};

/* IPSECX_CMD_SA_GET - do */
const struct nla_policy ipsecx_sa_get_nl_policy[IPSECX_A_SA_ID + 1] = {
	[IPSECX_A_SA_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[IPSECX_A_SA_ID] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* IPSECX_CMD_SA_DEL - do */
const struct nla_policy ipsecx_sa_del_nl_policy[IPSECX_A_SA_ID + 1] = {
	[IPSECX_A_SA_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[IPSECX_A_SA_ID] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* IPSECX_CMD_SPI_ALLOC - do */
const struct nla_policy ipsecx_spi_alloc_nl_policy[IPSECX_A_SPI_HIGHEST + 1] = {
	[IPSECX_A_SPI_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[IPSECX_A_SPI_LOWEST] = { .type = NLA_U32, },
	[IPSECX_A_SPI_HIGHEST] = { .type = NLA_U32, },
};

/* IPSECX_CMD_SPI_FREE - do */
const struct nla_policy ipsecx_spi_free_nl_policy[IPSECX_A_SPI_SPI + 1] = {
	[IPSECX_A_SPI_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[IPSECX_A_SPI_SPI] = { .type = NLA_BE32, },
};

/* IPSECX_CMD_SOCKET_ATTACH - do */
const struct nla_policy ipsecx_socket_attach_nl_policy[IPSECX_A_SOCKET_FD + 1] = {
	[IPSECX_A_SOCKET_FD] = { .type = NLA_U32, },
};

/* Ops table for ipsecx */
const struct genl_ops ipsecx_nl_ops[13] = {
	{
		.cmd		= IPSECX_CMD_CAP_GET,
		.doit		= ipsecx_nl_cap_get_doit,
		.policy		= ipsecx_cap_get_nl_policy,
		.maxattr	= IPSECX_A_CAP_ENCR,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= IPSECX_CMD_DEVICE_GET,
		.doit		= ipsecx_nl_device_get_doit,
		.dumpit		= ipsecx_nl_device_get_dumpit,
		.policy		= ipsecx_device_get_nl_policy,
		.maxattr	= IPSECX_A_DEVICE_IFINDEX,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= IPSECX_CMD_POLICY_NEW,
		.doit		= ipsecx_nl_policy_new_doit,
		.policy		= ipsecx_policy_new_nl_policy,
		.maxattr	= IPSECX_A_POLICY_TFC_PAD,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= IPSECX_CMD_POLICY_SET,
		.doit		= ipsecx_nl_policy_set_doit,
		.policy		= ipsecx_policy_set_nl_policy,
		.maxattr	= IPSECX_A_POLICY_TFC_PAD,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= IPSECX_CMD_POLICY_GET,
		.doit		= ipsecx_nl_policy_get_doit,
		.dumpit		= ipsecx_nl_policy_get_dumpit,
		.policy		= ipsecx_policy_get_nl_policy,
		.maxattr	= IPSECX_A_POLICY_ID,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= IPSECX_CMD_POLICY_DEL,
		.doit		= ipsecx_nl_policy_del_doit,
		.policy		= ipsecx_policy_del_nl_policy,
		.maxattr	= IPSECX_A_POLICY_ID,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= IPSECX_CMD_SA_NEW,
		.doit		= ipsecx_nl_sa_new_doit,
		.policy		= ipsecx_sa_new_nl_policy,
		.maxattr	= IPSECX_A_SA_PROTOCOL,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= IPSECX_CMD_SA_SET,
		.doit		= ipsecx_nl_sa_set_doit,
		.policy		= ipsecx_sa_set_nl_policy,
		.maxattr	= IPSECX_A_SA_ACTIVATE,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= IPSECX_CMD_SA_GET,
		.doit		= ipsecx_nl_sa_get_doit,
		.dumpit		= ipsecx_nl_sa_get_dumpit,
		.policy		= ipsecx_sa_get_nl_policy,
		.maxattr	= IPSECX_A_SA_ID,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= IPSECX_CMD_SA_DEL,
		.doit		= ipsecx_nl_sa_del_doit,
		.policy		= ipsecx_sa_del_nl_policy,
		.maxattr	= IPSECX_A_SA_ID,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= IPSECX_CMD_SPI_ALLOC,
		.doit		= ipsecx_nl_spi_alloc_doit,
		.policy		= ipsecx_spi_alloc_nl_policy,
		.maxattr	= IPSECX_A_SPI_HIGHEST,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= IPSECX_CMD_SPI_FREE,
		.doit		= ipsecx_nl_spi_free_doit,
		.policy		= ipsecx_spi_free_nl_policy,
		.maxattr	= IPSECX_A_SPI_SPI,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= IPSECX_CMD_SOCKET_ATTACH,
		.doit		= ipsecx_nl_socket_attach_doit,
		.policy		= ipsecx_socket_attach_nl_policy,
		.maxattr	= IPSECX_A_SOCKET_FD,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
};

static const struct genl_multicast_group ipsecx_nl_mcgrps[] = {
	[IPSECX_NLGRP_EVENTS] = { "events", },
};
