/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IPSECX_LIFETIME_H
#define _IPSECX_LIFETIME_H

#include <linux/percpu_counter.h>
#include <linux/types.h>
#include <linux/workqueue.h>
#include <uapi/linux/ipsecx.h>

struct ipsecx_sa;

/**
 * struct ipsecx_limit - two levels of one kind of limit, 0 for none
 * @soft: time to replace the SA
 * @hard: the end of it
 */
struct ipsecx_limit {
	u64 soft;
	u64 hard;
};

/**
 * struct ipsecx_limits - how long an SA may live (RFC 4301 section 4.4.2.1)
 * @bytes: of clear packets
 * @packets: carried
 * @seconds: since it was installed
 * @idle: seconds without a packet after which that is told, 0 for never
 */
struct ipsecx_limits {
	struct ipsecx_limit bytes;
	struct ipsecx_limit packets;
	struct ipsecx_limit seconds;
	u32 idle;
};

/**
 * struct ipsecx_lifetime - an SA's limits, and how near they are
 * @limits: what was asked for; immutable
 * @bytes: carried, if there is a limit to them or to packets
 * @packets: likewise
 * @born: ktime_get_seconds() at installation
 * @idle_told: last_used of the SA, plus 1, when idleness was told; 0 if never
 * @told: bits of enum ipsecx_expire_kind that were told
 * @tick: looks at the clock
 */
struct ipsecx_lifetime {
	struct ipsecx_limits limits;
	struct percpu_counter bytes;
	struct percpu_counter packets;
	time64_t born;
	unsigned long idle_told;
	unsigned long told;
	struct delayed_work tick;
};

/* Before the SA is published. 0 or -ENOMEM; fini in any case. */
int ipsecx_lifetime_init(struct ipsecx_sa *sa,
			 const struct ipsecx_limits *limits);
void ipsecx_lifetime_fini(struct ipsecx_sa *sa);
/* The clock runs from the SA's publication until it is deleted. Sleeps. */
void ipsecx_lifetime_start(struct ipsecx_sa *sa);
void ipsecx_lifetime_stop(struct ipsecx_sa *sa);
/* One packet of @len bytes, of an SA that is limited. BH off. */
void ipsecx_lifetime_count(struct ipsecx_sa *sa, unsigned int len);
/* Tell of soft or hard expiry, each of them once. Any context. */
void ipsecx_lifetime_reached(struct ipsecx_sa *sa,
			     enum ipsecx_expire_kind kind,
			     enum ipsecx_expire_cause cause);

#endif /* _IPSECX_LIFETIME_H */
