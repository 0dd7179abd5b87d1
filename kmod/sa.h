/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IPSECX_SA_H
#define _IPSECX_SA_H

#include <linux/kref.h>
#include <linux/rhashtable-types.h>
#include <linux/u64_stats_sync.h>
#include <linux/workqueue.h>
#include "lifetime.h"
#include "policy.h"
#include "replay.h"
#include "transform.h"

/**
 * DOC: the life of an SA
 *
 * ipsecx_sa_new() builds it whole, publishes it last. Packets find it by
 * policy->tx (out) or by SPI (in) and use it under RCU without a reference.
 * ipsecx_sa_del() unpublishes it. A grace period later, when nobody can find
 * it any more, the tables' reference is dropped; requests that are still in
 * the crypto layer hold one each, taken while they were under RCU. The last
 * reference queues the destruction to process context, since freeing a
 * transform may sleep. The SA holds its policy and its netdevice until then.
 */

/**
 * struct ipsecx_sa_stats - per-CPU counters of an SA
 * @packets: clear packets carried
 * @bytes: bytes of clear packets
 * @syncp: makes the two whole on 32 bit
 */
struct ipsecx_sa_stats {
	u64_stats_t packets;
	u64_stats_t bytes;
	struct u64_stats_sync syncp;
};

/* Numbers left on an SA without ESN when the soft expiry is raised. */
#define IPSECX_SEQ_SOFT_LEFT	BIT(28)

/**
 * struct ipsecx_sa - a Security Association (RFC 4301 section 4.4.2)
 * @spi: network order; immutable
 * @direction: enum ipsecx_direction; immutable
 * @protocol: enum ipsecx_protocol, IP's number of it; immutable
 * @esn: 64 bit sequence numbers; immutable
 * @dead: unpublished; async completions check it before they deliver
 * @counted: bytes or packets are limited; immutable
 * @spent: a hard limit was reached, it carries nothing any more
 * @t: its algorithms; immutable
 * @aead: the keyed transform, the only place where the key is; immutable
 * @policy: its policy, referenced; immutable
 * @idev: its device; immutable
 * @stats: per CPU
 * @seq: outbound: the last number used, never decreases (RFC 4303 3.3.3)
 * @replay: inbound: the window
 * @last_used: jiffies of the last packet or 0; written when it changes
 * @created: jiffies at installation
 * @id: in @idev->sas; immutable
 * @spi_node: inbound: in ipsecx_net.sas
 * @policy_entry: in @policy->sas, under the device's lock
 * @drops: by reason; atomic, since a drop is no fast path
 * @ref: the tables' and one for each request in flight
 * @dev_tracker: of the reference to @idev->dev
 * @lifetime: its limits
 * @retire: drops the tables' reference after a grace period
 * @destroy: runs the destruction
 */
struct ipsecx_sa {
	__be32 spi;
	u8 direction;
	u8 protocol;
	bool esn;
	bool dead;
	bool counted;
	bool spent;
	struct ipsecx_transform t;
	struct crypto_aead *aead;
	struct ipsecx_policy *policy;
	struct ipsecx_dev *idev;
	struct ipsecx_sa_stats __percpu *stats;
	unsigned long last_used;
	unsigned long created;
	u32 id;
	struct rhash_head spi_node;
	struct list_head policy_entry;
	struct kref ref;
	netdevice_tracker dev_tracker;
	struct ipsecx_lifetime lifetime;
	struct rcu_work retire;
	struct work_struct destroy;
	atomic_t drops[IPSECX_DROP_REASON_MAX + 1];
	struct ipsecx_replay replay;
	atomic64_t seq ____cacheline_aligned_in_smp;
};

/**
 * struct ipsecx_sa_config - what sa-new asks for, already validated
 * @policy: the policy it will belong to
 * @t: algorithms
 * @keys: keys; the caller wipes them
 * @spi: network order
 * @limits: how long it may live
 * @replay_window: in packets
 * @direction: enum ipsecx_direction
 * @protocol: enum ipsecx_protocol
 * @esn: 64 bit sequence numbers
 * @activate: outbound: make it the policy's current one
 */
struct ipsecx_sa_config {
	struct ipsecx_policy *policy;
	struct ipsecx_transform t;
	struct ipsecx_transform_keys keys;
	struct ipsecx_limits limits;
	__be32 spi;
	u32 replay_window;
	u8 direction;
	u8 protocol;
	bool esn;
	bool activate;
};

static inline bool ipsecx_sa_is_ah(const struct ipsecx_sa *sa)
{
	return sa->protocol == IPSECX_PROTOCOL_AH;
}

/* An inbound SA by SPI, of either protocol; RCU read lock held, result lives as long as that. */
struct ipsecx_sa *ipsecx_sa_lookup(struct ipsecx_net *xn, __be32 spi);

/*
 * Build and publish. @idev->lock held, sleeps. ERR_PTR: -ENOMEM, -EEXIST for
 * an SPI in use, -ENOENT if the kernel lacks the algorithm, -ENODEV for a
 * device on its way out.
 */
struct ipsecx_sa *ipsecx_sa_new(struct ipsecx_dev *idev,
				const struct ipsecx_sa_config *config);
/* Make an outbound SA its policy's current one. @idev->lock held. */
void ipsecx_sa_activate(struct ipsecx_sa *sa);
/* Unpublish. @idev->lock held. */
void ipsecx_sa_del(struct ipsecx_sa *sa, enum ipsecx_delete_reason reason);
/* For requests that go asynchronous; RCU read lock held since the lookup. */
void ipsecx_sa_hold(struct ipsecx_sa *sa);
void ipsecx_sa_put(struct ipsecx_sa *sa);

/*
 * Reserve @n sequence numbers for sending and return the last of them, or 0
 * if the SA has not that many left: the number space ends at 2^32 - 1, with
 * ESN at 2^64 - 1, and never wraps. Raises the expiry events. Any context.
 */
u64 ipsecx_sa_seq_reserve(struct ipsecx_sa *sa, unsigned int n);
/* Count one clear packet of @len bytes. BH off. */
void ipsecx_sa_count(struct ipsecx_sa *sa, unsigned int len);

/* Queue @work where destruction runs; false if it is there already. */
bool ipsecx_sa_work(struct work_struct *work);
/* Module-wide set-up of that queue. */
int ipsecx_sa_init(void);
void ipsecx_sa_exit(void);

#endif /* _IPSECX_SA_H */
