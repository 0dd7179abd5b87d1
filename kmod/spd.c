// SPDX-License-Identifier: GPL-2.0
/* Which policy covers a flow? One lookup costs the same however many there are. */

#include <linux/rculist.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>
#include <net/ipv6.h>
#include "policy.h"
#include "spd.h"

static const struct rhashtable_params spd_params = {
	.key_len = sizeof(struct ipsecx_spd_key),
	.key_offset = offsetof(struct ipsecx_spd_entry, key),
	.head_offset = offsetof(struct ipsecx_spd_entry, node),
	.automatic_shrinking = true,
};

int ipsecx_spd_init(struct ipsecx_spd *spd)
{
	INIT_LIST_HEAD(&spd->shapes);
	return rhltable_init(&spd->entries, &spd_params);
}

void ipsecx_spd_fini(struct ipsecx_spd *spd)
{
	rhltable_destroy(&spd->entries);
}

/* Where something with these addresses is filed under this shape. */
static void spd_key(struct ipsecx_spd_key *key,
		    const struct ipsecx_spd_shape *shape,
		    const struct in6_addr *remote, const struct in6_addr *local)
{
	ipv6_addr_prefix(&key->remote, remote, shape->remote_len);
	ipv6_addr_prefix(&key->local, local, shape->local_len);
	key->family = shape->family;
	key->remote_len = shape->remote_len;
	key->local_len = shape->local_len;
	key->zero = 0;
}

static struct ipsecx_spd_shape *shape_find(struct ipsecx_spd *spd, u8 family,
					   u8 remote_len, u8 local_len)
{
	struct ipsecx_spd_shape *shape;

	list_for_each_entry(shape, &spd->shapes, entry)
		if (shape->family == family &&
		    shape->remote_len == remote_len &&
		    shape->local_len == local_len)
			return shape;
	return NULL;
}

static struct ipsecx_spd_shape *shape_new(struct ipsecx_spd *spd, u8 family,
					  u8 remote_len, u8 local_len)
{
	struct ipsecx_spd_shape *shape = kzalloc(sizeof(*shape), GFP_KERNEL);

	if (!shape)
		return NULL;
	shape->family = family;
	shape->remote_len = remote_len;
	shape->local_len = local_len;
	list_add_tail_rcu(&shape->entry, &spd->shapes);
	return shape;
}

/* The shape of @sel, with one user more; NULL without memory. */
static struct ipsecx_spd_shape *shape_get(struct ipsecx_spd *spd,
					  const struct ipsecx_selector *sel)
{
	u8 remote = ipv6_addr_diff(&sel->remote_start, &sel->remote_end);
	u8 local = ipv6_addr_diff(&sel->local_start, &sel->local_end);
	struct ipsecx_spd_shape *shape =
		shape_find(spd, sel->family, remote, local) ?:
		shape_new(spd, sel->family, remote, local);

	if (shape)
		shape->users++;
	return shape;
}

static void shape_put(struct ipsecx_spd_shape *shape)
{
	if (--shape->users)
		return;
	list_del_rcu(&shape->entry);
	kfree_rcu(shape, rcu);
}

static int entry_file(struct ipsecx_spd *spd, struct ipsecx_spd_entry *entry)
{
	int err;

	entry->shape = shape_get(spd, entry->sel);
	if (!entry->shape)
		return -ENOMEM;
	spd_key(&entry->key, entry->shape, &entry->sel->remote_start,
		&entry->sel->local_start);
	err = rhltable_insert(&spd->entries, &entry->node, spd_params);
	if (err)
		shape_put(entry->shape);
	return err ? -ENOMEM : 0;
}

static void entries_unfile(struct ipsecx_spd *spd,
			   struct ipsecx_spd_entry *entries, unsigned int n)
{
	while (n--) {
		rhltable_remove(&spd->entries, &entries[n].node, spd_params);
		shape_put(entries[n].shape);
	}
}

int ipsecx_spd_file(struct ipsecx_spd *spd, struct ipsecx_policy *policy,
		    struct ipsecx_selectors *sels)
{
	struct ipsecx_spd_entry *entries;
	unsigned int i;

	entries = kcalloc(sels->n, sizeof(*entries), GFP_KERNEL);
	if (!entries)
		return -ENOMEM;
	for (i = 0; i < sels->n; i++) {
		entries[i].policy = policy;
		entries[i].sel = &sels->sel[i];
		if (entry_file(spd, &entries[i]))
			goto undo;
	}
	sels->filed = entries;
	return 0;

undo:
	entries_unfile(spd, entries, i);
	/* Somebody may have found them, and the policy by them. */
	synchronize_rcu();
	kfree(entries);
	return -ENOMEM;
}

void ipsecx_spd_unfile(struct ipsecx_spd *spd, struct ipsecx_selectors *sels)
{
	entries_unfile(spd, sels->filed, sels->n);
}

/* Is @policy to be taken, rather than @than? */
static bool spd_before(const struct ipsecx_policy *policy,
		       const struct ipsecx_policy *than)
{
	u32 mine, other;

	if (!than)
		return true;
	mine = READ_ONCE(policy->priority);
	other = READ_ONCE(than->priority);
	return mine < other || (mine == other && policy->id < than->id);
}

static struct ipsecx_policy *spd_best(struct rhlist_head *list,
				      const struct ipsecx_flow *flow,
				      struct ipsecx_policy *best)
{
	struct ipsecx_spd_entry *entry;
	struct rhlist_head *pos;

	rhl_for_each_entry_rcu(entry, pos, list, node)
		if (spd_before(entry->policy, best) &&
		    ipsecx_selector_match(entry->sel, flow))
			best = entry->policy;
	return best;
}

struct ipsecx_policy *ipsecx_spd_lookup(struct ipsecx_spd *spd,
					const struct ipsecx_flow *flow)
{
	struct ipsecx_policy *best = NULL;
	struct ipsecx_spd_shape *shape;
	struct ipsecx_spd_key key;

	list_for_each_entry_rcu(shape, &spd->shapes, entry) {
		if (shape->family && shape->family != flow->family)
			continue;
		spd_key(&key, shape, &flow->remote, &flow->local);
		best = spd_best(rhltable_lookup(&spd->entries, &key,
						spd_params), flow, best);
	}
	return best;
}
