// SPDX-License-Identifier: GPL-2.0
/* How long an SA may live: RFC 4301 section 4.4.2.1. */

#include <linux/jiffies.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/sizes.h>
#include <linux/timekeeping.h>
#include "event.h"
#include "sa.h"

/* Of a limit, what may still lie on the CPUs, uncounted: all of them together. */
#define LIFETIME_SLACK	64
/* The clock is looked at once an hour at least. */
#define LIFETIME_TICK	3600

static bool limit_is_set(const struct ipsecx_limit *limit)
{
	return limit->soft || limit->hard;
}

void ipsecx_lifetime_reached(struct ipsecx_sa *sa,
			     enum ipsecx_expire_kind kind,
			     enum ipsecx_expire_cause cause)
{
	if (!test_bit(kind, &sa->lifetime.told) &&
	    !test_and_set_bit(kind, &sa->lifetime.told))
		ipsecx_event_sa_expire(sa, kind, cause);
}

/* The end of it: from here on its packets are dropped. */
static void lifetime_end(struct ipsecx_sa *sa, enum ipsecx_expire_cause cause)
{
	WRITE_ONCE(sa->spent, true);
	ipsecx_lifetime_reached(sa, IPSECX_EXPIRE_KIND_HARD, cause);
}

/*
 * How much a CPU may keep to itself: so little that all of them together stay
 * within the slack of @limit.
 */
static s32 limit_batch(const struct ipsecx_limit *limit)
{
	u64 least = limit->hard && limit->soft ?
		min(limit->hard, limit->soft) : limit->hard ?: limit->soft;

	least = div_u64(least, LIFETIME_SLACK * num_possible_cpus());
	return clamp_t(u64, least, 1, SZ_1M);
}

static void limit_count(struct ipsecx_sa *sa, struct percpu_counter *counter,
			const struct ipsecx_limit *limit, unsigned int n,
			enum ipsecx_expire_cause cause)
{
	s32 batch;
	u64 sum;

	if (!limit_is_set(limit))
		return;
	batch = limit_batch(limit);
	percpu_counter_add_batch(counter, n, batch);
	sum = percpu_counter_read_positive(counter) +
	      (u64)(batch - 1) * num_possible_cpus();
	if (limit->hard && sum >= limit->hard)
		lifetime_end(sa, cause);
	else if (limit->soft && sum >= limit->soft)
		ipsecx_lifetime_reached(sa, IPSECX_EXPIRE_KIND_SOFT, cause);
}

void ipsecx_lifetime_count(struct ipsecx_sa *sa, unsigned int len)
{
	struct ipsecx_lifetime *life = &sa->lifetime;

	limit_count(sa, &life->bytes, &life->limits.bytes, len,
		    IPSECX_EXPIRE_CAUSE_BYTES);
	limit_count(sa, &life->packets, &life->limits.packets, 1,
		    IPSECX_EXPIRE_CAUSE_PACKETS);
}

/* Is @limit reached? If not, it is the @next thing to wait for, maybe. */
static bool tick_due(u64 now, u64 limit, u64 *next)
{
	if (!limit)
		return false;
	if (now >= limit)
		return true;
	*next = min(*next, limit - now);
	return false;
}

static void tick_idle(struct ipsecx_sa *sa, u64 *next)
{
	struct ipsecx_lifetime *life = &sa->lifetime;
	unsigned long used = READ_ONCE(sa->last_used);
	u64 idle = (jiffies - (used ?: sa->created)) / HZ;

	if (!tick_due(idle, life->limits.idle, next))
		return;
	*next = min_t(u64, *next, life->limits.idle);
	if (life->idle_told == used + 1)
		return;
	life->idle_told = used + 1;
	ipsecx_event_sa_expire(sa, IPSECX_EXPIRE_KIND_IDLE,
			       IPSECX_EXPIRE_CAUSE_IDLE);
}

static void lifetime_tick(struct work_struct *work)
{
	struct ipsecx_sa *sa = container_of(to_delayed_work(work),
					    struct ipsecx_sa, lifetime.tick);
	const struct ipsecx_limit *limit = &sa->lifetime.limits.seconds;
	u64 age = ktime_get_seconds() - sa->lifetime.born;
	u64 next = LIFETIME_TICK;

	if (tick_due(age, limit->hard, &next)) {
		lifetime_end(sa, IPSECX_EXPIRE_CAUSE_TIME);
		return;
	}
	if (tick_due(age, limit->soft, &next))
		ipsecx_lifetime_reached(sa, IPSECX_EXPIRE_KIND_SOFT,
					IPSECX_EXPIRE_CAUSE_TIME);
	tick_idle(sa, &next);
	schedule_delayed_work(&sa->lifetime.tick, next * HZ);
}

int ipsecx_lifetime_init(struct ipsecx_sa *sa,
			 const struct ipsecx_limits *limits)
{
	struct ipsecx_lifetime *life = &sa->lifetime;

	life->limits = *limits;
	life->born = ktime_get_seconds();
	INIT_DELAYED_WORK(&life->tick, lifetime_tick);
	sa->counted = limit_is_set(&limits->bytes) ||
		      limit_is_set(&limits->packets);
	if (!sa->counted)
		return 0;
	return percpu_counter_init(&life->bytes, 0, GFP_KERNEL) ?:
	       percpu_counter_init(&life->packets, 0, GFP_KERNEL);
}

/* A counter that was not set up is left alone. */
void ipsecx_lifetime_fini(struct ipsecx_sa *sa)
{
	percpu_counter_destroy(&sa->lifetime.packets);
	percpu_counter_destroy(&sa->lifetime.bytes);
}

void ipsecx_lifetime_start(struct ipsecx_sa *sa)
{
	if (limit_is_set(&sa->lifetime.limits.seconds) ||
	    sa->lifetime.limits.idle)
		schedule_delayed_work(&sa->lifetime.tick, 0);
}

void ipsecx_lifetime_stop(struct ipsecx_sa *sa)
{
	cancel_delayed_work_sync(&sa->lifetime.tick);
}
