// SPDX-License-Identifier: GPL-2.0
/* The one way for a packet to die. */

#include <linux/netdevice.h>
#include "device.h"
#include "drop.h"
#include "sa.h"
#include "trace.h"

#define NAME(reason, name)	\
	[IPSECX_DROP_REASON_##reason] = (name)

static const char *const drop_names[] = {
	NAME(UNSPEC, "unspec"),
	NAME(INNER_MALFORMED, "inner-malformed"),
	NAME(NO_POLICY, "no-policy"),
	NAME(NO_SA, "no-sa"),
	NAME(HOLD_OVERFLOW, "hold-overflow"),
	NAME(TOO_BIG, "too-big"),
	NAME(NO_ROUTE, "no-route"),
	NAME(LOOP, "loop"),
	NAME(SEQ_EXHAUSTED, "seq-exhausted"),
	NAME(NO_MEMORY, "no-memory"),
	NAME(CRYPTO, "crypto"),
	NAME(SEGMENT, "segment"),
	NAME(MODE, "mode"),
	NAME(DEVICE_DOWN, "device-down"),
	NAME(ESP_MALFORMED, "esp-malformed"),
	NAME(UNKNOWN_SPI, "unknown-spi"),
	NAME(ENCAP_MISMATCH, "encap-mismatch"),
	NAME(REPLAY, "replay"),
	NAME(REPLAY_OLD, "replay-old"),
	NAME(INTEGRITY, "integrity"),
	NAME(PADDING, "padding"),
	NAME(NEXT_HEADER, "next-header"),
	NAME(SELECTOR_MISMATCH, "selector-mismatch"),
	NAME(DECAP_MALFORMED, "decap-malformed"),
	NAME(ECN, "ecn"),
	NAME(DUMMY, "dummy"),
	NAME(SA_EXPIRED, "sa-expired"),
	NAME(OUTPUT, "output"),
};

static_assert(ARRAY_SIZE(drop_names) == IPSECX_DROP_REASON_MAX + 1);

const char *ipsecx_drop_name(enum ipsecx_drop_reason reason)
{
	return drop_names[reason];
}

u64 ipsecx_drops_sum(const struct ipsecx_drops __percpu *drops,
		     enum ipsecx_drop_reason reason)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu_ptr(drops, cpu)->packets[reason]);
	return sum;
}

/* The core's reasons are a closed enum; these say it best. */
static enum skb_drop_reason drop_core(enum ipsecx_drop_reason reason)
{
	switch (reason) {
	case IPSECX_DROP_REASON_NO_MEMORY:
		return SKB_DROP_REASON_NOMEM;
	case IPSECX_DROP_REASON_TOO_BIG:
		return SKB_DROP_REASON_PKT_TOO_BIG;
	default:
		return SKB_DROP_REASON_NOT_SPECIFIED;
	}
}

/* Before the SA is known, a packet without one was on its way out. */
static bool drop_inbound(const struct ipsecx_sa *sa)
{
	return sa && sa->direction == IPSECX_DIRECTION_IN;
}

void ipsecx_drop(struct ipsecx_dev *idev, struct ipsecx_sa *sa,
		 struct sk_buff *skb, enum ipsecx_drop_reason reason)
{
	trace_drop(idev->dev->name, sa ? sa->spi : 0, reason);
	this_cpu_inc(idev->drops->packets[reason]);
	if (sa)
		atomic_inc(&sa->drops[reason]);
	/* A dummy was meant to go no further. */
	if (reason == IPSECX_DROP_REASON_DUMMY) {
		consume_skb(skb);
		return;
	}
	if (drop_inbound(sa))
		dev_core_stats_rx_dropped_inc(idev->dev);
	else
		dev_core_stats_tx_dropped_inc(idev->dev);
	kfree_skb_reason(skb, drop_core(reason));
}

void ipsecx_drop_netns(struct ipsecx_net *xn, struct sk_buff *skb,
		       enum ipsecx_drop_reason reason)
{
	trace_drop("", 0, reason);
	this_cpu_inc(xn->drops->packets[reason]);
	kfree_skb_reason(skb, drop_core(reason));
}
