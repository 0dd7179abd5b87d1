// SPDX-License-Identifier: GPL-2.0
/* Security Associations: their life, their numbers, their counters. */

#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>
#include "event.h"
#include "mtu.h"
#include "packet.h"
#include "sa.h"
#include "spi.h"

static struct workqueue_struct *sa_wq;

int ipsecx_sa_init(void)
{
	sa_wq = alloc_workqueue("ipsecx", WQ_UNBOUND, 0);
	return sa_wq ? 0 : -ENOMEM;
}

void ipsecx_sa_exit(void)
{
	destroy_workqueue(sa_wq);
}

bool ipsecx_sa_work(struct work_struct *work)
{
	return queue_work(sa_wq, work);
}

struct ipsecx_sa *ipsecx_sa_lookup(struct ipsecx_net *xn, __be32 spi)
{
	return rhashtable_lookup(&xn->sas, &spi, ipsecx_net_sas_params);
}

/* Frees what sa_alloc() made. Also the end of an SA that was never published. */
static void sa_free(struct ipsecx_sa *sa)
{
	if (!IS_ERR_OR_NULL(sa->aead))
		crypto_free_aead(sa->aead);
	ipsecx_replay_fini(&sa->replay);
	ipsecx_lifetime_fini(sa);
	free_percpu(sa->stats);
	kfree(sa);
}

static void sa_destroy(struct work_struct *work)
{
	struct ipsecx_sa *sa = container_of(work, struct ipsecx_sa, destroy);
	struct net_device *dev = sa->idev->dev;
	netdevice_tracker tracker = sa->dev_tracker;

	ipsecx_policy_put(sa->policy);
	sa_free(sa);
	netdev_put(dev, &tracker);
}

static void sa_release(struct kref *ref)
{
	struct ipsecx_sa *sa = container_of(ref, struct ipsecx_sa, ref);

	queue_work(sa_wq, &sa->destroy);
}

void ipsecx_sa_hold(struct ipsecx_sa *sa)
{
	kref_get(&sa->ref);
}

void ipsecx_sa_put(struct ipsecx_sa *sa)
{
	kref_put(&sa->ref, sa_release);
}

static void sa_retire(struct work_struct *work)
{
	struct ipsecx_sa *sa = container_of(to_rcu_work(work),
					    struct ipsecx_sa, retire);

	ipsecx_sa_put(sa);
}

static int sa_fill(struct ipsecx_sa *sa, const struct ipsecx_sa_config *config)
{
	int err;

	sa->spi = config->spi;
	sa->direction = config->direction;
	sa->protocol = config->protocol;
	sa->esn = config->esn;
	sa->t = config->t;
	sa->created = jiffies;
	kref_init(&sa->ref);
	INIT_RCU_WORK(&sa->retire, sa_retire);
	INIT_WORK(&sa->destroy, sa_destroy);
	err = ipsecx_lifetime_init(sa, &config->limits) ?:
	      ipsecx_replay_init(&sa->replay, config->replay_window);
	if (err)
		return err;
	sa->stats = netdev_alloc_pcpu_stats(struct ipsecx_sa_stats);
	if (!sa->stats)
		return -ENOMEM;
	/* In AH the high half is where it is put, not where ESP has it. */
	sa->aead = ipsecx_transform_new(&sa->t,
					sa->esn && !ipsecx_sa_is_ah(sa),
					&config->keys);
	return PTR_ERR_OR_ZERO(sa->aead);
}

static struct ipsecx_sa *sa_alloc(const struct ipsecx_sa_config *config)
{
	struct ipsecx_sa *sa = kzalloc(sizeof(*sa), GFP_KERNEL);
	int err;

	if (!sa)
		return ERR_PTR(-ENOMEM);
	err = sa_fill(sa, config);
	if (!err)
		return sa;
	sa_free(sa);
	return ERR_PTR(err);
}

/* Inbound: from here on packets find it, so it must be whole. */
static int sa_publish_spi(struct ipsecx_net *xn, struct ipsecx_sa *sa)
{
	int err;

	if (sa->direction == IPSECX_DIRECTION_OUT)
		return 0;
	err = rhashtable_lookup_insert_fast(&xn->sas, &sa->spi_node,
					    ipsecx_net_sas_params);
	if (!err)
		ipsecx_spi_release(xn, sa->spi);
	return err;
}

/* The id first, since that step is easily undone. */
static int sa_publish(struct ipsecx_dev *idev, struct ipsecx_sa *sa)
{
	int err = xa_alloc_cyclic(&idev->sas, &sa->id, sa, xa_limit_31b,
				  &idev->next_sa, GFP_KERNEL);

	if (err < 0)
		return err == -EBUSY ? -ENOSPC : err;
	err = sa_publish_spi(idev->xn, sa);
	if (err)
		xa_erase(&idev->sas, sa->id);
	return err;
}

struct ipsecx_sa *ipsecx_sa_new(struct ipsecx_dev *idev,
				const struct ipsecx_sa_config *config)
{
	struct ipsecx_sa *sa;
	int err;

	lockdep_assert_held(&idev->lock);
	if (idev->dead)
		return ERR_PTR(-ENODEV);
	sa = sa_alloc(config);
	if (IS_ERR(sa))
		return sa;
	sa->idev = idev;
	sa->policy = config->policy;
	err = sa_publish(idev, sa);
	if (err) {
		sa_free(sa);
		return ERR_PTR(err);
	}
	kref_get(&sa->policy->ref);
	netdev_hold(idev->dev, &sa->dev_tracker, GFP_KERNEL);
	list_add_tail(&sa->policy_entry, &sa->policy->sas);
	idev->n_sas++;
	ipsecx_lifetime_start(sa);
	if (config->activate)
		ipsecx_sa_activate(sa);
	return sa;
}

void ipsecx_sa_activate(struct ipsecx_sa *sa)
{
	lockdep_assert_held(&sa->idev->lock);
	rcu_assign_pointer(sa->policy->tx, sa);
	ipsecx_mtu_look(sa->policy);
	ipsecx_hold_release(sa->policy);
}

void ipsecx_sa_del(struct ipsecx_sa *sa, enum ipsecx_delete_reason reason)
{
	struct ipsecx_dev *idev = sa->idev;

	lockdep_assert_held(&idev->lock);
	WRITE_ONCE(sa->dead, true);
	if (rcu_access_pointer(sa->policy->tx) == sa) {
		RCU_INIT_POINTER(sa->policy->tx, NULL);
		ipsecx_mtu_note(sa->policy, 0);
	}
	if (sa->direction == IPSECX_DIRECTION_IN)
		rhashtable_remove_fast(&idev->xn->sas, &sa->spi_node,
				       ipsecx_net_sas_params);
	xa_erase(&idev->sas, sa->id);
	list_del(&sa->policy_entry);
	idev->n_sas--;
	ipsecx_lifetime_stop(sa);
	ipsecx_event_sa_del(sa, reason);
	queue_rcu_work(sa_wq, &sa->retire);
}

u64 ipsecx_sa_seq_reserve(struct ipsecx_sa *sa, unsigned int n)
{
	u64 last = sa->esn ? U64_MAX : U32_MAX;
	s64 old = atomic64_read(&sa->seq);

	/* Checked before it is taken: no other CPU ever sees a wrapped one. */
	do {
		if (unlikely((u64)old > last - n)) {
			ipsecx_lifetime_reached(sa, IPSECX_EXPIRE_KIND_HARD,
						IPSECX_EXPIRE_CAUSE_SEQUENCE);
			return 0;
		}
	} while (!atomic64_try_cmpxchg(&sa->seq, &old, old + n));
	if (unlikely(last - (u64)old - n < IPSECX_SEQ_SOFT_LEFT))
		ipsecx_lifetime_reached(sa, IPSECX_EXPIRE_KIND_SOFT,
					IPSECX_EXPIRE_CAUSE_SEQUENCE);
	return (u64)old + n;
}

void ipsecx_sa_count(struct ipsecx_sa *sa, unsigned int len)
{
	struct ipsecx_sa_stats *stats = this_cpu_ptr(sa->stats);
	unsigned long now = jiffies ?: 1;

	u64_stats_update_begin(&stats->syncp);
	u64_stats_inc(&stats->packets);
	u64_stats_add(&stats->bytes, len);
	u64_stats_update_end(&stats->syncp);
	if (READ_ONCE(sa->last_used) != now)
		WRITE_ONCE(sa->last_used, now);
	if (sa->counted)
		ipsecx_lifetime_count(sa, len);
}
