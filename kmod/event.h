/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IPSECX_EVENT_H
#define _IPSECX_EVENT_H

#include <uapi/linux/ipsecx.h>

struct ipsecx_flow;
struct ipsecx_policy;
struct ipsecx_sa;

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

#endif /* _IPSECX_EVENT_H */
