// SPDX-License-Identifier: GPL-2.0
/* Packets of every shape, where the crypto is the kernel's cryptd. */

#include <linux/delay.h>
#include <linux/err.h>
#include <linux/string.h>
#include "bench.h"

/* As long as it is there, it outranks what it was made of. */
static struct crypto_aead *cryptd_tfm;

/* It answers from a worker. */
static void cryptd_wait(struct sk_buff_head *queue, unsigned int n)
{
	unsigned int tries;

	for (tries = 0; tries < 100000 && skb_queue_len(queue) < n; tries++)
		usleep_range(10, 50);
}

static void cryptd_shapes(struct kunit *test)
{
	struct bench *b = bench_new(test, test->param_value);
	const char *driver = crypto_tfm_alg_driver_name(crypto_aead_tfm(b->w->out->aead));

	KUNIT_EXPECT_TRUE_MSG(test, strstarts(driver, "cryptd("), "%s", driver);
	b->wait = cryptd_wait;
	bench_run(test, b, bench_tx, 8 + bench_count() / 16);
	bench_run(test, b, bench_rx, 8 + bench_count() / 16);
	KUNIT_EXPECT_EQ(test, world_drops_all(b->w), 0);
	bench_free(test, b);
}

/* It is found by the name that its driver has. */
static int cryptd_init(struct kunit_suite *suite)
{
	struct crypto_aead *sync = crypto_alloc_aead("rfc4106(gcm(aes))", 0,
						     CRYPTO_ALG_ASYNC);
	char name[CRYPTO_MAX_ALG_NAME];

	if (IS_ERR(sync))
		return PTR_ERR(sync);
	snprintf(name, sizeof(name), "cryptd(%s)",
		 crypto_tfm_alg_driver_name(crypto_aead_tfm(sync)));
	crypto_free_aead(sync);
	cryptd_tfm = crypto_alloc_aead(name, 0, 0);
	return PTR_ERR_OR_ZERO(cryptd_tfm);
}

static void cryptd_exit(struct kunit_suite *suite)
{
	if (!IS_ERR(cryptd_tfm))
		crypto_free_aead(cryptd_tfm);
}

static struct kunit_case cryptd_cases[] = {
	KUNIT_CASE_PARAM(cryptd_shapes, bench_kinds),
	{}
};

static struct kunit_suite cryptd_suite = {
	.name = "ipsecx-shape-cryptd",
	.attr = { .speed = KUNIT_SPEED_VERY_SLOW },
	.suite_init = cryptd_init,
	.suite_exit = cryptd_exit,
	.test_cases = cryptd_cases,
};

kunit_test_suite(cryptd_suite);
