// SPDX-License-Identifier: GPL-2.0
/*
 * What cannot be had on demand: numbers that run out, memory that does, and a
 * superpacket that cannot be cut. Each packet dies under its own reason.
 */

#include <kunit/test.h>

/* tx.c's neighbours, in place of the module's. */
#define ipsecx_drop		tx_test_drop
#define ipsecx_own		tx_test_own
#define ipsecx_seal		tx_test_seal
#define ipsecx_hold		tx_test_hold
#define ipsecx_output_mtu	tx_test_mtu
#define ipsecx_output_depth	tx_test_depth
#define ipsecx_sa_seq_reserve	tx_test_seq_reserve
#define ipsecx_sa_count		tx_test_count
#include "../tx.c"

static enum ipsecx_drop_reason tx_test_reason;
static unsigned int tx_test_sealed;
static bool tx_test_no_memory;
static u64 tx_test_seq;

void ipsecx_drop(struct ipsecx_dev *idev, struct ipsecx_sa *sa,
		 struct sk_buff *skb, enum ipsecx_drop_reason reason)
{
	tx_test_reason = reason;
	kfree_skb(skb);
}

struct sk_buff *ipsecx_own(struct sk_buff *skb, unsigned int headroom,
			   unsigned int tailroom)
{
	return tx_test_no_memory ? NULL : skb;
}

void ipsecx_seal(struct ipsecx_sa *sa, struct sk_buff *skb, u8 next, u64 seq)
{
	tx_test_sealed++;
	kfree_skb(skb);
}

void ipsecx_hold(struct ipsecx_policy *policy, struct sk_buff *skb,
		 const struct ipsecx_flow *flow)
{
	kfree_skb(skb);
}

unsigned int ipsecx_output_mtu(struct ipsecx_policy *policy)
{
	return 0;
}

u8 ipsecx_output_depth(void)
{
	return 0;
}

u64 ipsecx_sa_seq_reserve(struct ipsecx_sa *sa, unsigned int n)
{
	return tx_test_seq;
}

void ipsecx_sa_count(struct ipsecx_sa *sa, unsigned int len)
{
}

/* A packet of IPv4 on its way out, and what becomes of it. */
static void tx_test_one(struct kunit *test, bool superpacket)
{
	struct ipsecx_policy *policy;
	struct ipsecx_outer *outer;
	struct ipsecx_sa *sa;
	struct sk_buff *skb;
	struct iphdr *iph;

	policy = kunit_kzalloc(test, sizeof(*policy), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, policy);
	policy->mode = IPSECX_MODE_TUNNEL;
	outer = kunit_kzalloc(test, sizeof(*outer), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, outer);
	outer->family = AF_INET;
	rcu_assign_pointer(policy->outer, outer);
	sa = kunit_kzalloc(test, sizeof(*sa), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, sa);
	skb = alloc_skb(2000, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_reserve(skb, 200);
	iph = skb_put_zero(skb, 1400);
	iph->version = 4;
	iph->ihl = 5;
	skb_reset_mac_header(skb);
	skb_reset_network_header(skb);
	if (superpacket) {
		/* of a kind that nobody knows how to cut */
		skb->protocol = htons(ETH_P_LOOPBACK);
		skb->ip_summed = CHECKSUM_PARTIAL;
		skb_shinfo(skb)->gso_type = SKB_GSO_TCPV4;
		skb_shinfo(skb)->gso_size = 500;
	}
	tx_test_reason = 0;
	tx_test_sealed = 0;
	local_bh_disable();
	rcu_read_lock();
	ipsecx_tx(policy, sa, skb);
	rcu_read_unlock();
	local_bh_enable();
}

static void tx_sealed(struct kunit *test)
{
	tx_test_seq = 1;
	tx_test_one(test, false);
	KUNIT_EXPECT_EQ(test, tx_test_reason, 0);
	KUNIT_EXPECT_EQ(test, tx_test_sealed, 1);
}

static void tx_seq_exhausted(struct kunit *test)
{
	tx_test_seq = 0;
	tx_test_one(test, false);
	KUNIT_EXPECT_EQ(test, tx_test_reason, IPSECX_DROP_REASON_SEQ_EXHAUSTED);
	KUNIT_EXPECT_EQ(test, tx_test_sealed, 0);
}

static void tx_no_memory(struct kunit *test)
{
	tx_test_seq = 1;
	tx_test_no_memory = true;
	tx_test_one(test, false);
	tx_test_no_memory = false;
	KUNIT_EXPECT_EQ(test, tx_test_reason, IPSECX_DROP_REASON_NO_MEMORY);
	KUNIT_EXPECT_EQ(test, tx_test_sealed, 0);
}

static void tx_segment(struct kunit *test)
{
	tx_test_one(test, true);
	KUNIT_EXPECT_EQ(test, tx_test_reason, IPSECX_DROP_REASON_SEGMENT);
	KUNIT_EXPECT_EQ(test, tx_test_sealed, 0);
}

static struct kunit_case tx_cases[] = {
	KUNIT_CASE(tx_sealed),
	KUNIT_CASE(tx_seq_exhausted),
	KUNIT_CASE(tx_no_memory),
	KUNIT_CASE(tx_segment),
	{}
};

static struct kunit_suite tx_suite = {
	.name = "ipsecx-tx",
	.test_cases = tx_cases,
};

kunit_test_suite(tx_suite);
