// SPDX-License-Identifier: GPL-2.0
/* Packets of every shape, where the crypto answers at once. */

#include <linux/module.h>
#include "bench.h"

static void shape_run(struct kunit *test, bench_one_t one)
{
	struct bench *b = bench_new(test, test->param_value);

	bench_run(test, b, one, bench_count());
	KUNIT_EXPECT_EQ(test, world_drops_all(b->w), 0);
	bench_free(test, b);
}

static void shape_tx(struct kunit *test)
{
	shape_run(test, bench_tx);
}

static void shape_rx(struct kunit *test)
{
	shape_run(test, bench_rx);
}

static struct kunit_case shape_cases[] = {
	KUNIT_CASE_PARAM(shape_tx, bench_kinds),
	KUNIT_CASE_PARAM(shape_rx, bench_kinds),
	KUNIT_CASE(bench_seen),
	{}
};

static struct kunit_suite shape_suite = {
	.name = "ipsecx-shape",
	.attr = { .speed = KUNIT_SPEED_VERY_SLOW },
	.test_cases = shape_cases,
};

kunit_test_suite(shape_suite);

MODULE_DESCRIPTION("ipsecx: packets of every shape");
MODULE_LICENSE("GPL");
