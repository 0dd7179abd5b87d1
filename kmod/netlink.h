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

/* What a command does with its device, which is locked. */
typedef int (*ipsecx_nl_run_t)(struct ipsecx_dev *idev, struct genl_info *info);

/*
 * Run the command with the device of its ifindex, the first attribute in every
 * set that has one; or refuse it with a text.
 */
int ipsecx_nl_locked(struct genl_info *info, ipsecx_nl_run_t run);

/* -EINVAL with @text if attribute @attr is missing. */
int ipsecx_nl_need(struct genl_info *info, int attr, const char *text);
/* Refuse attribute @attr, present or not, with @text. */
int ipsecx_nl_refuse(struct genl_info *info, int attr, const char *text);

/*
 * A reply to @info for one object, which must fit; @hdr takes what
 * genlmsg_end() wants. NULL without memory.
 */
struct sk_buff *ipsecx_nl_reply_new(struct genl_info *info, void **hdr);
/* Send it, unless there was an error; returns that. */
int ipsecx_nl_reply(struct sk_buff *skb, void *hdr, struct genl_info *info,
		    int err);

/* Where a message goes and comes from. */
struct ipsecx_nl_msg {
	u32 portid;
	u32 seq;
	int flags;
	u8 cmd;
};

void *ipsecx_nl_begin(struct sk_buff *skb, const struct ipsecx_nl_msg *msg);

/**
 * struct ipsecx_nl_kind - objects of a device that can be asked for
 * @cmd: by which command
 * @find: the first with an id not below *@id, which it leaves there, or NULL;
 *	the device is locked
 * @put: write its attributes, or -EMSGSIZE
 */
struct ipsecx_nl_kind {
	u8 cmd;
	void *(*find)(struct ipsecx_dev *idev, unsigned long *id);
	int (*put)(struct sk_buff *skb, void *object);
};

/* Reply with one @object. */
int ipsecx_nl_get(struct genl_info *info, const struct ipsecx_nl_kind *kind,
		  void *object);
/* Dump all of a kind, device by device, or those of one device. */
int ipsecx_nl_dump(struct sk_buff *skb, struct netlink_callback *cb,
		   const struct ipsecx_nl_kind *kind);

/* A nested counter, if there is something to count. */
int ipsecx_nl_put_drop(struct sk_buff *skb, int attr,
		       enum ipsecx_drop_reason reason, u64 packets);

#endif /* _IPSECX_NETLINK_H */
