/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IPSECX_EVENT_H
#define _IPSECX_EVENT_H

#include <linux/jiffies.h>
#include <linux/types.h>
#include <uapi/linux/ipsecx.h>

struct ipsecx_flow;
struct ipsecx_policy;
struct ipsecx_sa;
struct net;
struct sk_buff;
struct udphdr;

/*
 * Events for the group "events" in the namespace the device is in now. They
 * are lost rather than waited for when memory is short. Any context.
 */
void ipsecx_event_acquire(const struct ipsecx_policy *policy,
			  const struct ipsecx_flow *flow);
void ipsecx_event_sa_expire(const struct ipsecx_sa *sa,
			    enum ipsecx_expire_kind kind,
			    enum ipsecx_expire_cause cause);
void ipsecx_event_sa_del(const struct ipsecx_sa *sa,
			 enum ipsecx_delete_reason reason);
void ipsecx_event_policy_del(const struct ipsecx_policy *policy,
			     enum ipsecx_delete_reason reason);
/* Is it a second since @told? If so, that is now. Several CPUs may agree. */
static inline bool ipsecx_once_a_second(unsigned long *told)
{
	unsigned long now = jiffies;

	if (time_before(now, READ_ONCE(*told) + HZ))
		return false;
	WRITE_ONCE(*told, now);
	return true;
}

/*
 * About an ESP packet, whose network header is the outer one; @uh is its UDP
 * header or NULL. The callers see to it that this is not too often.
 */
void ipsecx_event_peer_moved(const struct ipsecx_sa *sa,
			     const struct sk_buff *packet,
			     const struct udphdr *uh);
void ipsecx_event_unknown_spi(struct net *net, const struct sk_buff *packet,
			      const struct udphdr *uh, __be32 spi);

#endif /* _IPSECX_EVENT_H */
