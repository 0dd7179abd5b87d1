// SPDX-License-Identifier: GPL-2.0
/* NAT keepalives (RFC 3948 section 2.3): a byte when nothing else is sent. */

#include <linux/jiffies.h>
#include "packet.h"
#include "policy.h"
#include "sa.h"

/* The work of ipsecx_policy.keepalive_work. */
void ipsecx_keepalive_tick(struct work_struct *work)
{
	struct ipsecx_policy *policy =
		container_of(to_delayed_work(work), struct ipsecx_policy,
			     keepalive_work);
	unsigned long every = READ_ONCE(policy->keepalive) * (unsigned long)HZ;
	unsigned long next = every, idle;
	const struct ipsecx_sa *sa;

	if (!every)
		return;
	rcu_read_lock();
	local_bh_disable();
	sa = rcu_dereference(policy->tx);
	idle = sa ? jiffies - (READ_ONCE(sa->last_used) ?: sa->created) : 0;
	if (idle < every)
		next -= idle;
	else
		ipsecx_output_keepalive(policy);
	local_bh_enable();
	rcu_read_unlock();
	schedule_delayed_work(&policy->keepalive_work, next);
}

void ipsecx_keepalive_set(struct ipsecx_policy *policy, u32 seconds)
{
	WRITE_ONCE(policy->keepalive, seconds);
	mod_delayed_work(system_wq, &policy->keepalive_work, 0);
}
