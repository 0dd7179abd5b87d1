/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IPSECX_MTU_H
#define _IPSECX_MTU_H

#include <linux/skbuff.h>
#include <linux/workqueue.h>

struct ipsecx_policy;

/*
 * @policy can carry @mtu bytes now, 0 for nothing: unless the user has set the
 * device's MTU it becomes the least of what its policies carry. Any context,
 * the device cannot go meanwhile.
 */
void ipsecx_mtu_note(struct ipsecx_policy *policy, unsigned int mtu);
/* Find out anew and note what @policy can carry. */
void ipsecx_mtu_look(struct ipsecx_policy *policy);
/* The work of ipsecx_dev.mtu_work. */
void ipsecx_mtu_follow(struct work_struct *work);

/*
 * A router outside cannot pass on the packet that begins at skb->data, which
 * is ESP or ESP in UDP, but only @mtu bytes: the routes that it may have taken
 * learn it, for a while (RFC 4301 section 8.2.1). What is cached of them
 * follows by itself. RCU.
 */
void ipsecx_mtu_learn4(struct net *net, struct sk_buff *skb, u32 mtu,
		       u8 protocol);
void ipsecx_mtu_learn6(struct net *net, struct sk_buff *skb, __be32 mtu);

#endif /* _IPSECX_MTU_H */
