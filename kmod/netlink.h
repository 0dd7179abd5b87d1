/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IPSECX_NETLINK_H
#define _IPSECX_NETLINK_H

#include <net/genetlink.h>
#include <uapi/linux/ipsecx.h>
#include "device.h"
#include "netlink-gen.h"

extern struct genl_family ipsecx_nl_family;

int ipsecx_nl_init(void);
void ipsecx_nl_exit(void);

/* -EPERM with a text where the module does not serve the caller. */
int ipsecx_nl_allowed(const struct net *net, struct netlink_ext_ack *extack);

/*
 * The device of attribute @attr, referenced and locked, or ERR_PTR with a
 * text. Every command that names a device starts with this and ends with
 * ipsecx_nl_dev_put().
 */
struct ipsecx_dev *ipsecx_nl_dev_get(struct genl_info *info, int attr);
void ipsecx_nl_dev_put(struct ipsecx_dev *idev);

/* -EINVAL with @text if attribute @attr is missing. */
int ipsecx_nl_need(struct genl_info *info, int attr, const char *text);
/* Refuse attribute @attr, present or not, with @text. */
int ipsecx_nl_refuse(struct genl_info *info, int attr, const char *text);

/* A reply to @info; @hdr takes what genlmsg_end() wants. NULL without memory. */
struct sk_buff *ipsecx_nl_reply_new(struct genl_info *info, void **hdr);
int ipsecx_nl_reply(struct sk_buff *skb, void *hdr, struct genl_info *info);

/* Where a message goes and comes from. */
struct ipsecx_nl_msg {
	u32 portid;
	u32 seq;
	int flags;
	u8 cmd;
};

void *ipsecx_nl_begin(struct sk_buff *skb, const struct ipsecx_nl_msg *msg);

/* Put one object of the locked device, from id @id on; see ipsecx_nl_dump(). */
typedef int (*ipsecx_nl_put_t)(struct sk_buff *skb,
			       const struct ipsecx_nl_msg *msg,
			       struct ipsecx_dev *idev, unsigned long *id);

/*
 * Dump what @put puts, device by device. @put writes the first object with an
 * id not below *@id and leaves its id there; -ENOENT when there is none.
 */
int ipsecx_nl_dump(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd,
		   int attr, ipsecx_nl_put_t put);

/* One nested counter for each reason that has any; @count gives them. */
int ipsecx_nl_put_drop(struct sk_buff *skb, int attr,
		       enum ipsecx_drop_reason reason, u64 packets);

#endif /* _IPSECX_NETLINK_H */
