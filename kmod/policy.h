/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IPSECX_POLICY_H
#define _IPSECX_POLICY_H

#include <linux/in6.h>
#include <linux/kref.h>
#include <linux/skbuff.h>
#include <linux/workqueue.h>
#include <net/dst_cache.h>
#include <uapi/linux/ipsecx.h>
#include "device.h"
#include "selector.h"

struct ipsecx_sa;

/**
 * struct ipsecx_outer - where a policy's packets go; replaced whole, under RCU
 * @rcu: frees it
 * @local: outer source; IPv4 in the first four bytes, not v4-mapped
 * @remote: outer destination, likewise
 * @family: AF_INET or AF_INET6, of both
 * @encap: native or in UDP
 * @local_port: UDP source port, network order
 * @remote_port: UDP destination port, network order
 * @cache: the route, dropped with this object when the policy moves
 */
struct ipsecx_outer {
	struct rcu_head rcu;
	union {
		struct in6_addr local;
		__be32 local4;
	};
	union {
		struct in6_addr remote;
		__be32 remote4;
	};
	u8 family;
	u8 encap;
	__be16 local_port;
	__be16 remote_port;
	struct dst_cache cache;
};

/**
 * struct ipsecx_policy - an SPD entry that protects (RFC 4301 section 4.4.1)
 * @tx: the current outbound SA; RCU, changed under the device's lock
 * @outer: where to; RCU, changed under the device's lock
 * @selectors: what; RCU, changed under the device's lock
 * @mtu: of inner packets when last looked at, 0 for no SA or route; racy
 * @idev: its device, which outlives it
 * @mode: enum ipsecx_mode; immutable
 * @id: in @idev->policies; immutable
 * @priority: the smallest wins; changed under the device's lock
 * @sas: its SAs, by ipsecx_sa.policy_entry; under the device's lock
 * @ref: one for being in the tables, one for each of its SAs
 * @rcu: readers may hold it until a grace period after the last reference
 * @held: packets that wait for an SA; its own lock
 * @acquired: jiffies of the last acquire event; guarded by @held's lock
 * @moved_told: jiffies of the last event about the peer's address
 * @held_work: drops what has waited too long
 * @tfc_pad: what shorter packets are padded to, at most to @mtu; 0: none;
 *	changed under the device's lock, read racily
 * @keepalive: seconds without a packet until a NAT keepalive is sent; 0: never;
 *	changed under the device's lock
 * @keepalive_work: sends it
 * @dead: unpublished: holds nothing any more; under the lock of @held
 */
struct ipsecx_policy {
	struct ipsecx_sa __rcu *tx;
	struct ipsecx_outer __rcu *outer;
	struct ipsecx_selectors __rcu *selectors;
	unsigned int mtu;
	struct ipsecx_dev *idev;
	u8 mode;
	u16 tfc_pad;
	u32 id;
	u32 priority;
	struct list_head sas;
	struct kref ref;
	struct rcu_head rcu;
	struct sk_buff_head held;
	unsigned long acquired;
	unsigned long moved_told;
	struct delayed_work held_work;
	u32 keepalive;
	struct delayed_work keepalive_work;
	bool dead;
};

/*
 * Publish a policy. Takes over @outer and @sels on success. @idev->lock held.
 * -ENOMEM, -ENOSPC, or -ENODEV for a device on its way out.
 */
struct ipsecx_policy *ipsecx_policy_new(struct ipsecx_dev *idev, u8 mode,
					u32 priority,
					struct ipsecx_outer *outer,
					struct ipsecx_selectors *sels);
/*
 * Replace what is given (NULL leaves it alone), and take it over. No packet
 * finds the policy missing meanwhile. Or -ENOMEM, and nothing has changed.
 * @idev->lock held.
 */
int ipsecx_policy_set(struct ipsecx_policy *policy, u32 priority,
		      struct ipsecx_outer *outer,
		      struct ipsecx_selectors *sels);
/* Unpublish with all its SAs and drop what it holds. @idev->lock held. */
void ipsecx_policy_del(struct ipsecx_policy *policy,
		       enum ipsecx_delete_reason reason);
void ipsecx_policy_put(struct ipsecx_policy *policy);

/* dst_cache and all; for an object that was never published. */
struct ipsecx_outer *ipsecx_outer_new(void);
void ipsecx_outer_free(struct ipsecx_outer *outer);
/* Likewise. */
void ipsecx_selectors_free(struct ipsecx_selectors *sels);

#endif /* _IPSECX_POLICY_H */
