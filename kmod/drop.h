/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IPSECX_DROP_H
#define _IPSECX_DROP_H

#include <linux/atomic.h>
#include <linux/skbuff.h>
#include <uapi/linux/ipsecx.h>

struct ipsecx_dev;
struct ipsecx_net;
struct ipsecx_sa;

/**
 * DOC: drops
 *
 * A packet that dies in this module dies in ipsecx_drop() or, when no device
 * can be blamed, in ipsecx_drop_netns(); nothing else frees a packet that
 * was not delivered. Each drop names one reason, so the reasons' counters add
 * up to the packets lost.
 */

/**
 * struct ipsecx_drops - packets lost, by reason
 * @packets: one counter for each enum ipsecx_drop_reason. Of a device and a
 *	namespace: per CPU, written with this_cpu_inc(), summed by readers.
 */
struct ipsecx_drops {
	unsigned long packets[IPSECX_DROP_REASON_MAX + 1];
};

/* @skb is NULL if whoever refused it has freed it. */
void ipsecx_drop(struct ipsecx_dev *idev, struct ipsecx_sa *sa,
		 struct sk_buff *skb, enum ipsecx_drop_reason reason);
void ipsecx_drop_netns(struct ipsecx_net *xn, struct sk_buff *skb,
		       enum ipsecx_drop_reason reason);

/* The name the spec gives a reason, for ethtool and the tracepoint. */
const char *ipsecx_drop_name(enum ipsecx_drop_reason reason);
/* The sum over all CPUs of one reason. */
u64 ipsecx_drops_sum(const struct ipsecx_drops __percpu *drops,
		     enum ipsecx_drop_reason reason);

#endif /* _IPSECX_DROP_H */
