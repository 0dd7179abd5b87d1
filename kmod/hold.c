// SPDX-License-Identifier: GPL-2.0
/* Packets that wait for an SA, and the request for one. */

#include <linux/jiffies.h>
#include <linux/sizes.h>
#include <net/dst.h>
#include "drop.h"
#include "event.h"
#include "packet.h"
#include "sa.h"

#define HOLD_MAX	64
/* Memory that the packets of all a device's policies may take. */
#define HOLD_SIZE_MAX	SZ_4M
#define HOLD_TIMEOUT	(5 * HZ)
#define HOLD_ACQUIRE	HZ

static void hold_timeout(struct work_struct *work)
{
	struct ipsecx_policy *policy =
		container_of(work, struct ipsecx_policy, held_work.work);

	ipsecx_hold_purge(policy, IPSECX_DROP_REASON_NO_SA);
}

void ipsecx_hold_init(struct ipsecx_policy *policy)
{
	skb_queue_head_init(&policy->held);
	INIT_DELAYED_WORK(&policy->held_work, hold_timeout);
	policy->acquired = jiffies - HOLD_ACQUIRE;
}

void ipsecx_hold_fini(struct ipsecx_policy *policy)
{
	spin_lock_bh(&policy->held.lock);
	policy->dead = true;
	spin_unlock_bh(&policy->held.lock);
	cancel_delayed_work_sync(&policy->held_work);
	ipsecx_hold_purge(policy, IPSECX_DROP_REASON_NO_SA);
}

/* Is it time to ask for an SA again? @policy->held.lock held. */
static bool hold_should_ask(struct ipsecx_policy *policy)
{
	if (time_before(jiffies, policy->acquired + HOLD_ACQUIRE))
		return false;
	policy->acquired = jiffies;
	return true;
}

/* The first of @list, accounted for no more; NULL if it is empty. */
static struct sk_buff *hold_dequeue(struct ipsecx_policy *policy,
				    struct sk_buff_head *list)
{
	struct sk_buff *skb = __skb_dequeue(list);

	if (skb)
		atomic_sub(skb->truesize, &policy->idev->held_size);
	return skb;
}

/*
 * Queue @skb, and return the packet that has to go instead: the oldest to
 * make room, or @skb itself if the device holds enough. @policy->held.lock
 * held.
 */
static struct sk_buff *hold_queue(struct ipsecx_policy *policy,
				  struct sk_buff *skb)
{
	atomic_t *size = &policy->idev->held_size;
	struct sk_buff *gone = NULL;

	if (atomic_read(size) + skb->truesize > HOLD_SIZE_MAX)
		return skb;
	if (skb_queue_len(&policy->held) >= HOLD_MAX)
		gone = hold_dequeue(policy, &policy->held);
	/* Held packets must not pin the route, or what it pins. */
	skb_dst_drop(skb);
	atomic_add(skb->truesize, size);
	__skb_queue_tail(&policy->held, skb);
	/* Under the lock, so never after ipsecx_hold_fini() stopped it. */
	schedule_delayed_work(&policy->held_work, HOLD_TIMEOUT);
	return gone;
}

/*
 * Under the lock it shows whether an SA has come since the caller looked,
 * whose ipsecx_hold_release() would not see the packet any more.
 */
void ipsecx_hold(struct ipsecx_policy *policy, struct sk_buff *skb,
		 const struct ipsecx_flow *flow)
{
	enum ipsecx_drop_reason reason = IPSECX_DROP_REASON_NO_SA;
	struct sk_buff *gone = skb;
	struct ipsecx_sa *sa;
	bool ask = false;

	spin_lock(&policy->held.lock);
	sa = rcu_dereference(policy->tx);
	if (!sa && !policy->dead) {
		reason = IPSECX_DROP_REASON_HOLD_OVERFLOW;
		gone = hold_queue(policy, skb);
		ask = hold_should_ask(policy);
	}
	spin_unlock(&policy->held.lock);
	if (sa)
		ipsecx_tx(policy, sa, skb);
	else if (gone)
		ipsecx_drop(policy->idev, NULL, gone, reason);
	if (ask)
		ipsecx_event_acquire(policy, flow);
}

static void hold_take(struct ipsecx_policy *policy, struct sk_buff_head *list)
{
	__skb_queue_head_init(list);
	spin_lock_bh(&policy->held.lock);
	skb_queue_splice_init(&policy->held, list);
	spin_unlock_bh(&policy->held.lock);
}

void ipsecx_hold_purge(struct ipsecx_policy *policy,
		       enum ipsecx_drop_reason reason)
{
	struct sk_buff_head list;
	struct sk_buff *skb;

	hold_take(policy, &list);
	while ((skb = hold_dequeue(policy, &list)))
		ipsecx_drop(policy->idev, NULL, skb, reason);
}

void ipsecx_hold_release(struct ipsecx_policy *policy)
{
	struct sk_buff_head list;
	struct ipsecx_sa *sa;
	struct sk_buff *skb;

	hold_take(policy, &list);
	rcu_read_lock();
	local_bh_disable();
	sa = rcu_dereference(policy->tx);
	while ((skb = hold_dequeue(policy, &list))) {
		/* Its sender is not on the stack any more. */
		skb_orphan(skb);
		if (sa)
			ipsecx_tx(policy, sa, skb);
		else
			ipsecx_drop(policy->idev, NULL, skb,
				    IPSECX_DROP_REASON_NO_SA);
	}
	local_bh_enable();
	rcu_read_unlock();
}
