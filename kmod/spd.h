/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IPSECX_SPD_H
#define _IPSECX_SPD_H

#include <linux/in6.h>
#include <linux/list.h>
#include <linux/rhashtable-types.h>
#include "selector.h"

struct ipsecx_policy;

/**
 * DOC: finding a policy
 *
 * A selector is filed under the longest prefixes that hold its remote and its
 * local range. A flow is looked up once for each pair of prefix lengths that
 * is in use, of which there are few however many policies there are; what is
 * found is then held against the selector itself.
 */

/**
 * struct ipsecx_spd_shape - a pair of prefix lengths that is in use
 * @entry: in ipsecx_spd.shapes
 * @users: how many selectors have it
 * @family: of them, 0 for either
 * @remote_len: bits, of 128
 * @local_len: bits, of 128
 * @rcu: frees it
 */
struct ipsecx_spd_shape {
	struct list_head entry;
	unsigned int users;
	u8 family;
	u8 remote_len;
	u8 local_len;
	struct rcu_head rcu;
};

/* What is hashed: prefixes, and which. No padding, or it is zero. */
struct ipsecx_spd_key {
	struct in6_addr remote;
	struct in6_addr local;
	u8 family;
	u8 remote_len;
	u8 local_len;
	u8 zero;
};

/**
 * struct ipsecx_spd_entry - a selector where it is filed; lives with it
 * @node: in ipsecx_spd.entries
 * @key: under what
 * @shape: of the key
 * @policy: whose
 * @sel: the selector itself
 */
struct ipsecx_spd_entry {
	struct rhlist_head node;
	struct ipsecx_spd_key key;
	struct ipsecx_spd_shape *shape;
	struct ipsecx_policy *policy;
	const struct ipsecx_selector *sel;
};

/**
 * struct ipsecx_spd - the policies of a device (RFC 4301 section 4.4.1)
 * @entries: by key; read under RCU, changed under the device's lock
 * @shapes: RCU list, likewise
 */
struct ipsecx_spd {
	struct rhltable entries;
	struct list_head shapes;
};

int ipsecx_spd_init(struct ipsecx_spd *spd);
void ipsecx_spd_fini(struct ipsecx_spd *spd);

/*
 * File @policy under all of @sels, or -ENOMEM and under none. The device's
 * lock held.
 */
int ipsecx_spd_file(struct ipsecx_spd *spd, struct ipsecx_policy *policy,
		    struct ipsecx_selectors *sels);
/* Undo that; readers may see them for a grace period. The device's lock held. */
void ipsecx_spd_unfile(struct ipsecx_spd *spd, struct ipsecx_selectors *sels);

/*
 * The policy of the least priority number, the older of several, that covers
 * @flow; or NULL. RCU read lock held; the result lives as long as that.
 */
struct ipsecx_policy *ipsecx_spd_lookup(struct ipsecx_spd *spd,
					const struct ipsecx_flow *flow);

#endif /* _IPSECX_SPD_H */
