/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/ipsecx.yaml */
/* YNL-GEN kernel header */
/* To regenerate run: tools/net/ynl/ynl-regen.sh */

#ifndef _LINUX_IPSECX_GEN_H
#define _LINUX_IPSECX_GEN_H

#include <net/netlink.h>
#include <net/genetlink.h>

#include <uapi/linux/ipsecx.h>

/* Common nested types */
extern const struct nla_policy ipsecx_selector_nl_policy[IPSECX_A_SELECTOR_REMOTE_PORT_END + 1];

extern const struct nla_policy ipsecx_cap_get_nl_policy[IPSECX_A_CAP_ENCR + 1];

extern const struct nla_policy ipsecx_device_get_nl_policy[IPSECX_A_DEVICE_IFINDEX + 1];

extern const struct nla_policy ipsecx_policy_new_nl_policy[IPSECX_A_POLICY_TFC_PAD + 1];

extern const struct nla_policy ipsecx_policy_set_nl_policy[IPSECX_A_POLICY_TFC_PAD + 1];

extern const struct nla_policy ipsecx_policy_get_nl_policy[IPSECX_A_POLICY_ID + 1];

extern const struct nla_policy ipsecx_policy_del_nl_policy[IPSECX_A_POLICY_ID + 1];

extern const struct nla_policy ipsecx_sa_new_nl_policy[IPSECX_A_SA_PROTOCOL + 1];

extern const struct nla_policy ipsecx_sa_set_nl_policy[IPSECX_A_SA_ACTIVATE + 1];

extern const struct nla_policy ipsecx_sa_get_nl_policy[IPSECX_A_SA_ID + 1];

extern const struct nla_policy ipsecx_sa_del_nl_policy[IPSECX_A_SA_ID + 1];

extern const struct nla_policy ipsecx_spi_alloc_nl_policy[IPSECX_A_SPI_HIGHEST + 1];

extern const struct nla_policy ipsecx_spi_free_nl_policy[IPSECX_A_SPI_SPI + 1];

extern const struct nla_policy ipsecx_socket_attach_nl_policy[IPSECX_A_SOCKET_FD + 1];

/* Ops table for ipsecx */
extern const struct genl_ops ipsecx_nl_ops[13];

int ipsecx_nl_cap_get_doit(struct sk_buff *skb, struct genl_info *info);
int ipsecx_nl_device_get_doit(struct sk_buff *skb, struct genl_info *info);
int ipsecx_nl_device_get_dumpit(struct sk_buff *skb,
				struct netlink_callback *cb);
int ipsecx_nl_policy_new_doit(struct sk_buff *skb, struct genl_info *info);
int ipsecx_nl_policy_set_doit(struct sk_buff *skb, struct genl_info *info);
int ipsecx_nl_policy_get_doit(struct sk_buff *skb, struct genl_info *info);
int ipsecx_nl_policy_get_dumpit(struct sk_buff *skb,
				struct netlink_callback *cb);
int ipsecx_nl_policy_del_doit(struct sk_buff *skb, struct genl_info *info);
int ipsecx_nl_sa_new_doit(struct sk_buff *skb, struct genl_info *info);
int ipsecx_nl_sa_set_doit(struct sk_buff *skb, struct genl_info *info);
int ipsecx_nl_sa_get_doit(struct sk_buff *skb, struct genl_info *info);
int ipsecx_nl_sa_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int ipsecx_nl_sa_del_doit(struct sk_buff *skb, struct genl_info *info);
int ipsecx_nl_spi_alloc_doit(struct sk_buff *skb, struct genl_info *info);
int ipsecx_nl_spi_free_doit(struct sk_buff *skb, struct genl_info *info);
int ipsecx_nl_socket_attach_doit(struct sk_buff *skb, struct genl_info *info);

enum {
	IPSECX_NLGRP_EVENTS,
};

#endif /* _LINUX_IPSECX_GEN_H */
