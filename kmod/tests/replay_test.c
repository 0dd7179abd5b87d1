// SPDX-License-Identifier: GPL-2.0
/* The replay window against a reference that remembers every number. */

#include <kunit/test.h>
#include <linux/random.h>
#include <linux/slab.h>
#include "../replay.c"

#define SEEN_MAX	4096

/* The reference: RFC 4303 section 3.4.3 word for word, no cleverness. */
struct naive {
	u64 base;
	u64 top;
	u32 window;
	bool seen[SEEN_MAX];
};

static enum ipsecx_replay_verdict naive_update(struct naive *n, u64 seq)
{
	if (!seq)
		return IPSECX_REPLAY_OLD;
	if (seq <= n->top && n->top - seq >= n->window)
		return IPSECX_REPLAY_OLD;
	if (n->seen[seq - n->base])
		return IPSECX_REPLAY_SEEN;
	n->seen[seq - n->base] = true;
	n->top = max(n->top, seq);
	return IPSECX_REPLAY_OK;
}

static struct naive *naive_new(struct kunit *test, u64 base, u32 window)
{
	struct naive *n = kunit_kzalloc(test, sizeof(*n), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, n);
	n->base = base;
	n->window = window;
	return n;
}

/* Every sequence of five numbers out of a few interesting ones. */
static void replay_exhaustive(struct kunit *test)
{
	static const u64 numbers[] = {
		0, 1, 2, 63, 64, 65, 127, 128, 129, 191, 192, 300,
	};
	const unsigned int n = ARRAY_SIZE(numbers);
	unsigned int round, step, i;

	for (round = 0; round < n * n * n * n; round++) {
		struct naive *naive = kzalloc(sizeof(*naive), GFP_KERNEL);
		struct ipsecx_replay r;

		KUNIT_ASSERT_NOT_NULL(test, naive);
		naive->window = 64;
		KUNIT_ASSERT_EQ(test, ipsecx_replay_init(&r, 64), 0);
		for (step = 0, i = round; step < 5; step++, i /= n) {
			u64 seq = numbers[step < 4 ? i % n : round % n];
			int want = naive_update(naive, seq);

			KUNIT_EXPECT_EQ(test, ipsecx_replay_check(&r, seq),
					want);
			KUNIT_EXPECT_EQ(test, ipsecx_replay_update(&r, seq),
					want);
		}
		ipsecx_replay_fini(&r);
		kfree(naive);
	}
}

static void replay_random(struct kunit *test, u64 base, u32 window)
{
	struct naive *naive = naive_new(test, base, window);
	struct ipsecx_replay r;
	unsigned int i;

	KUNIT_ASSERT_EQ(test, ipsecx_replay_init(&r, window), 0);
	r.top = base;
	naive->top = base;
	naive->seen[0] = true;
	*replay_word(&r, base) |= BIT_ULL(base % WORD_BITS);
	for (i = 0; i < 20000; i++) {
		u64 seq = base + 1 + get_random_u32() % min(SEEN_MAX - 1,
							    i / 4 + 8);

		KUNIT_EXPECT_EQ(test, ipsecx_replay_update(&r, seq),
				naive_update(naive, seq));
	}
	KUNIT_EXPECT_EQ(test, r.top, naive->top);
	ipsecx_replay_fini(&r);
}

static void replay_windows(struct kunit *test)
{
	static const u32 windows[] = { 64, 128, 192, 1024, 2048, 8192 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(windows); i++) {
		replay_random(test, 1000, windows[i]);
		/* Across the end of the low half. */
		replay_random(test, U32_MAX - 2000ULL, windows[i]);
	}
}

/* Appendix A2: of the numbers with these low bits, the one in the window. */
static void replay_esn(struct kunit *test)
{
	static const u64 tops[] = {
		1, 500, 1023, 1024, 0x7fffffff, 0xfffffff0, 0xffffffff,
		0x100000000, 0x100000001, 0x1000003fe, 0x1000003ff,
		0x100000400, 0x5fffffffe, 0x700000010,
	};
	struct ipsecx_replay r;
	unsigned int i;
	s64 d;

	KUNIT_ASSERT_EQ(test, ipsecx_replay_init(&r, 1024), 0);
	for (i = 0; i < ARRAY_SIZE(tops); i++) {
		r.top = tops[i];
		/* The window's left edge up to far ahead. */
		for (d = -1023; d < 5000; d++) {
			if ((s64)tops[i] + d <= 0)
				continue;
			KUNIT_EXPECT_EQ(test,
					ipsecx_replay_esn(&r, tops[i] + d),
					tops[i] + d);
		}
	}
	/* Before the first number there is none. */
	r.top = 5;
	KUNIT_EXPECT_EQ(test, ipsecx_replay_esn(&r, 0xffffffff), 0ULL);
	ipsecx_replay_fini(&r);
}

static void replay_off(struct kunit *test)
{
	struct ipsecx_replay r;

	KUNIT_ASSERT_EQ(test, ipsecx_replay_init(&r, 0), 0);
	KUNIT_EXPECT_EQ(test, ipsecx_replay_update(&r, 7), IPSECX_REPLAY_OK);
	KUNIT_EXPECT_EQ(test, ipsecx_replay_update(&r, 7), IPSECX_REPLAY_OK);
	KUNIT_EXPECT_EQ(test, r.top, 7ULL);
	ipsecx_replay_fini(&r);
}

static struct kunit_case replay_cases[] = {
	KUNIT_CASE(replay_exhaustive),
	KUNIT_CASE(replay_windows),
	KUNIT_CASE(replay_esn),
	KUNIT_CASE(replay_off),
	{}
};

static struct kunit_suite replay_suite = {
	.name = "ipsecx-replay",
	.test_cases = replay_cases,
};

kunit_test_suite(replay_suite);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("KUnit suites of ipsecx");
