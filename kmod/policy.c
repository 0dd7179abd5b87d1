// SPDX-License-Identifier: GPL-2.0
/* Policies: the SPD entries that protect (RFC 4301 section 4.4.1). */

#include <linux/slab.h>
#include "event.h"
#include "mtu.h"
#include "packet.h"
#include "policy.h"
#include "sa.h"

struct ipsecx_outer *ipsecx_outer_new(void)
{
	struct ipsecx_outer *outer = kzalloc(sizeof(*outer), GFP_KERNEL);

	if (outer && dst_cache_init(&outer->cache, GFP_KERNEL)) {
		kfree(outer);
		return NULL;
	}
	return outer;
}

void ipsecx_outer_free(struct ipsecx_outer *outer)
{
	if (!outer)
		return;
	dst_cache_destroy(&outer->cache);
	kfree(outer);
}

static void outer_free_rcu(struct rcu_head *rcu)
{
	ipsecx_outer_free(container_of(rcu, struct ipsecx_outer, rcu));
}

void ipsecx_selectors_free(struct ipsecx_selectors *sels)
{
	if (!sels)
		return;
	kfree(sels->filed);
	kfree(sels);
}

static void selectors_free_rcu(struct rcu_head *rcu)
{
	ipsecx_selectors_free(container_of(rcu, struct ipsecx_selectors, rcu));
}

static void policy_free_rcu(struct rcu_head *rcu)
{
	struct ipsecx_policy *policy =
		container_of(rcu, struct ipsecx_policy, rcu);

	ipsecx_outer_free(rcu_dereference_protected(policy->outer, true));
	ipsecx_selectors_free(rcu_dereference_protected(policy->selectors,
							true));
	kfree(policy);
}

static void policy_release(struct kref *ref)
{
	struct ipsecx_policy *policy =
		container_of(ref, struct ipsecx_policy, ref);

	call_rcu(&policy->rcu, policy_free_rcu);
}

void ipsecx_policy_put(struct ipsecx_policy *policy)
{
	kref_put(&policy->ref, policy_release);
}

static struct ipsecx_policy *policy_alloc(struct ipsecx_dev *idev, u8 mode,
					  u32 priority)
{
	struct ipsecx_policy *policy = kzalloc(sizeof(*policy), GFP_KERNEL);

	if (!policy)
		return NULL;
	policy->idev = idev;
	policy->mode = mode;
	policy->priority = priority;
	policy->moved_told = jiffies - HZ;
	INIT_LIST_HEAD(&policy->sas);
	kref_init(&policy->ref);
	ipsecx_hold_init(policy);
	INIT_DELAYED_WORK(&policy->keepalive_work, ipsecx_keepalive_tick);
	return policy;
}

struct ipsecx_policy *ipsecx_policy_new(struct ipsecx_dev *idev, u8 mode,
					u32 priority,
					struct ipsecx_outer *outer,
					struct ipsecx_selectors *sels)
{
	struct ipsecx_policy *policy;
	int err;

	lockdep_assert_held(&idev->lock);
	if (idev->dead)
		return ERR_PTR(-ENODEV);
	policy = policy_alloc(idev, mode, priority);
	if (!policy)
		return ERR_PTR(-ENOMEM);
	err = xa_alloc_cyclic(&idev->policies, &policy->id, policy,
			      xa_limit_31b, &idev->next_policy, GFP_KERNEL);
	if (err < 0) {
		kfree(policy);
		return ERR_PTR(err == -EBUSY ? -ENOSPC : err);
	}
	rcu_assign_pointer(policy->outer, outer);
	rcu_assign_pointer(policy->selectors, sels);
	if (ipsecx_spd_file(&idev->spd, policy, sels)) {
		xa_erase(&idev->policies, policy->id);
		kfree(policy);
		return ERR_PTR(-ENOMEM);
	}
	idev->n_policies++;
	ipsecx_dev_update_carrier(idev);
	return policy;
}

int ipsecx_policy_set(struct ipsecx_policy *policy, u32 priority,
		      struct ipsecx_outer *outer,
		      struct ipsecx_selectors *sels)
{
	struct ipsecx_dev *idev = policy->idev;

	lockdep_assert_held(&idev->lock);
	if (sels && ipsecx_spd_file(&idev->spd, policy, sels))
		return -ENOMEM;
	WRITE_ONCE(policy->priority, priority);
	if (outer) {
		outer = rcu_replace_pointer(policy->outer, outer,
					    lockdep_is_held(&idev->lock));
		call_rcu(&outer->rcu, outer_free_rcu);
		ipsecx_mtu_look(policy);
	}
	if (sels) {
		sels = rcu_replace_pointer(policy->selectors, sels,
					   lockdep_is_held(&idev->lock));
		ipsecx_spd_unfile(&idev->spd, sels);
		call_rcu(&sels->rcu, selectors_free_rcu);
	}
	return 0;
}

void ipsecx_policy_del(struct ipsecx_policy *policy,
		       enum ipsecx_delete_reason reason)
{
	enum ipsecx_delete_reason with = reason == IPSECX_DELETE_REASON_DEVICE ?
		reason : IPSECX_DELETE_REASON_POLICY;
	struct ipsecx_dev *idev = policy->idev;
	struct ipsecx_sa *sa, *tmp;

	lockdep_assert_held(&idev->lock);
	ipsecx_spd_unfile(&idev->spd,
			  rcu_dereference_protected(policy->selectors,
						    lockdep_is_held(&idev->lock)));
	xa_erase(&idev->policies, policy->id);
	idev->n_policies--;
	list_for_each_entry_safe(sa, tmp, &policy->sas, policy_entry)
		ipsecx_sa_del(sa, with);
	ipsecx_hold_fini(policy);
	cancel_delayed_work_sync(&policy->keepalive_work);
	ipsecx_dev_update_carrier(idev);
	ipsecx_event_policy_del(policy, reason);
	ipsecx_policy_put(policy);
}
