// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ike_helper.h"
#include "sk.h"
#include "vectors.h"

static void sk_gcm(struct ike_sk *sk)
{
	struct ike_suite suite = { .encr = IKE_ENCR_AES_GCM_16, .key_bits = 256 };
	struct ike_key ek = { .len = 36 }, ak = { .len = 0 };

	for (uint8_t i = 0; i < 36; i++)
		ek.data[i] = i;
	assert_int_equal(ike_sk_init(sk, &suite, &ek, &ak), 0);
}

static void sk_cbc(struct ike_sk *sk)
{
	struct ike_suite suite = {
		.encr = IKE_ENCR_AES_CBC, .key_bits = 256,
		.integ = IKE_INTEG_HMAC_SHA2_256_128,
	};
	struct ike_key ek = { .len = 32 }, ak = { .len = 32 };

	for (uint8_t i = 0; i < 32; i++) {
		ek.data[i] = i;
		ak.data[i] = (uint8_t)(32 + i);
	}
	assert_int_equal(ike_sk_init(sk, &suite, &ek, &ak), 0);
}

static const struct {
	void (*init)(struct ike_sk *sk);
	const char *message, *inner;
} vectors[] = {
	{ sk_gcm, msg_auth_gcm, inner_auth },
	{ sk_cbc, msg_auth_cbc, inner_auth },
	{ sk_gcm, msg_delete_gcm, inner_delete },
	{ sk_gcm, msg_empty_gcm, "" },
};

#define VECTORS (sizeof(vectors) / sizeof(vectors[0]))

/* exactly as long as it is, for the sanitizer to see a read past its end */
static int open_copy(const struct ike_sk *sk, struct ike_span raw,
		     struct ike_msg *msg, uint8_t *buf, struct ike_diag *diag)
{
	uint8_t *copy = malloc(raw.len ? raw.len : 1);
	int err;

	assert_non_null(copy);
	memcpy(copy, raw.p, raw.len);
	err = ike_msg_parse(ike_span(copy, raw.len), msg, diag);
	if (!err)
		err = ike_sk_open(sk, msg, buf, raw.len, diag);
	free(copy);
	return err;
}

static void test_open_foreign(void **state)
{
	for (size_t i = 0; i < VECTORS; i++) {
		struct ike_span raw = unhex(0, vectors[i].message);
		struct ike_span inner = unhex(1, vectors[i].inner);
		struct ike_diag diag;
		struct ike_msg msg;
		struct ike_sk sk;
		uint8_t buf[1024];

		vectors[i].init(&sk);
		assert_int_equal(ike_msg_parse(raw, &msg, &diag), 0);
		assert_int_equal(ike_sk_open(&sk, &msg, buf, sizeof(buf), &diag),
				 0);
		assert_int_equal(ike_msg_check(&msg, &diag), 0);
		assert_memory_equal(buf, inner.p, inner.len);
		ike_wipe(&sk, sizeof(sk));
	}
}

/* any bit of the message flipped, any octet cut off: refused */
static void test_open_damaged(void **state)
{
	for (size_t i = 0; i < VECTORS; i++) {
		struct ike_span raw = unhex(0, vectors[i].message);
		uint8_t copy[1024], buf[1024];
		struct ike_diag diag;
		struct ike_msg msg;
		struct ike_sk sk;

		vectors[i].init(&sk);
		for (size_t bit = 0; bit < 8 * raw.len; bit++) {
			memcpy(copy, raw.p, raw.len);
			copy[bit / 8] ^= (uint8_t)(1 << bit % 8);
			assert_int_not_equal(open_copy(&sk,
				ike_span(copy, raw.len), &msg, buf, &diag), 0);
		}
		for (size_t len = 0; len < raw.len; len++)
			assert_int_not_equal(open_copy(&sk,
				ike_span(raw.p, len), &msg, buf, &diag), 0);
	}
}

/* the same, but every length field says what is there */
static void test_open_short(void **state)
{
	for (size_t i = 0; i < VECTORS; i++) {
		struct ike_span raw = unhex(0, vectors[i].message);
		uint8_t copy[1024], buf[1024];
		struct ike_diag diag;
		struct ike_msg msg;
		struct ike_sk sk;

		vectors[i].init(&sk);
		memcpy(copy, raw.p, raw.len);
		for (size_t len = IKE_HDR_LEN + 4; len < raw.len; len++) {
			ike_put32(copy + 24, (uint32_t)len);
			ike_put16(copy + 30, (uint16_t)(len - IKE_HDR_LEN));
			assert_int_equal(open_copy(&sk, ike_span(copy, len),
						   &msg, buf, &diag), -EBADMSG);
		}
	}
}

static const struct ike_hdr hdr = {
	.spi_i = 1, .spi_r = 2, .exchange = IKE_EX_INFORMATIONAL,
	.flags = IKE_FLAG_INITIATOR, .msgid = 5,
};

/* an SK that holds @plain octet by octet, pad length included or not */
static struct ike_span seal_raw(struct ike_sk *sk, uint8_t *buf, size_t cap,
				uint8_t first, struct ike_span plain)
{
	uint8_t seed = 9;
	struct ike_rng rng = counting_rng(&seed);
	struct ike_builder b;
	struct ike_span out;

	ike_msg_begin(&b, buf, cap, &hdr);
	ike_sk_begin(&b, sk);
	b.w.buf[b.sk_at] = first;
	ike_write(&b.w, plain);
	assert_int_equal(ike_sk_end(&b, sk, &rng), 0);
	assert_int_equal(ike_msg_end(&b, &out), 0);
	return out;
}

/* every length of plaintext, both kinds; the vendor ID comes out again */
static void test_round_trip(void **state)
{
	for (int kind = 0; kind < 2; kind++)
		for (size_t len = 4; len < 80; len++) {
			uint8_t plain[80] = { 0 }, buf[256], text[256];
			struct ike_diag diag;
			struct ike_span out;
			struct ike_msg msg;
			struct ike_sk sk;

			(kind ? sk_cbc : sk_gcm)(&sk);
			ike_put16(plain + 2, (uint16_t)len);
			memset(plain + 4, 0x5a, len - 4);
			out = seal_raw(&sk, buf, sizeof(buf), IKE_PL_VENDOR,
				       ike_span(plain, len));
			assert_int_equal(sk.iv, !kind);
			assert_int_equal(open_copy(&sk, out, &msg, text, &diag),
					 0);
			assert_int_equal(msg.n, 2);
			assert_true(msg.pl[1].encrypted);
			assert_int_equal(msg.pl[1].body.len, len - 4);
			assert_memory_equal(msg.pl[1].body.p, plain + 4, len - 4);
			assert_int_equal(ike_msg_check(&msg, &diag), 0);
		}
}

/* authentic but malformed inside: an answer is due, not silence */
static void test_malformed_inside(void **state)
{
	static const struct {
		uint8_t first;
		const char *hex, *want;
	} cases[] = {
		{ IKE_PL_NOTIFY, "", "cut off" },
		{ IKE_PL_NOTIFY, "00000004ff", "after the last payload" },
		{ IKE_PL_NOTIFY, "0000000300", "says 3 octets" },
		{ IKE_PL_NOTIFY, "0000ffff00", "says 65535 octets" },
		{ IKE_PL_NOTIFY, "29000004", "cut off" },
		{ IKE_PL_SK, "00000004", "SK inside SK" },
		{ IKE_PL_SKF, "00000004", "SK inside SK" },
		{ IKE_PL_NONE, "00", "after the last payload" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint8_t buf[256], text[256];
		struct ike_diag diag;
		struct ike_span out;
		struct ike_msg msg;
		struct ike_sk sk;

		sk_gcm(&sk);
		out = seal_raw(&sk, buf, sizeof(buf), cases[i].first,
			       unhex(0, cases[i].hex));
		assert_int_equal(open_copy(&sk, out, &msg, text, &diag),
				 -EPROTO);
		assert_int_equal(diag.notify, IKE_N_INVALID_SYNTAX);
		assert_non_null(strstr(diag.text, cases[i].want));
	}
}

/* pad length of all that is there and more: CBC seals what it is given */
static void test_pad_length(void **state)
{
	uint8_t icv_buf[256], text[256];
	struct ike_diag diag;
	struct ike_msg msg;
	struct ike_sk sk;

	sk_cbc(&sk);
	diag.text[0] = '\0';
	for (unsigned int pad = 0; pad < 256; pad++) {
		struct ike_span out = seal_raw(&sk, icv_buf, sizeof(icv_buf), 0,
					       ike_span(NULL, 0));
		uint8_t block[16] = { 0 };
		uint8_t *at = icv_buf + IKE_HDR_LEN + 4;

		/* replace its only block by one with this pad length */
		block[15] = (uint8_t)pad;
		assert_int_equal(ike_cbc(sk.encr, ike_key_span(&sk.ek), at,
					 block, 16, true), 0);
		memcpy(at + 16, block, 16);
		assert_int_equal(ike_integ(sk.integ, ike_key_span(&sk.ak),
					   ike_span(icv_buf, out.len - 16),
					   icv_buf + out.len - 16), 0);
		assert_int_equal(open_copy(&sk, out, &msg, text, &diag),
				 pad == 15 ? 0 : -EPROTO);
		assert_int_equal(pad > 15, !!strstr(diag.text, "of padding"));
	}
}

static void test_limits(void **state)
{
	struct ike_suite suite = { .encr = IKE_ENCR_NULL };
	struct ike_key key = { .len = 0 };
	struct ike_builder b;
	struct ike_diag diag;
	struct ike_span out;
	struct ike_msg msg;
	struct ike_sk sk;
	uint8_t buf[256];

	assert_int_equal(ike_sk_init(&sk, &suite, &key, &key), -ENOTSUP);
	suite.encr = IKE_ENCR_AES_GCM_16;
	suite.key_bits = 128;
	assert_int_equal(ike_sk_init(&sk, &suite, &key, &key), -EINVAL);
	sk_gcm(&sk);
	for (size_t cap = 0; cap < IKE_HDR_LEN + 4 + 8 + 1 + 16; cap++) {
		ike_msg_begin(&b, buf, cap, &hdr);
		ike_sk_begin(&b, &sk);
		assert_int_equal(ike_sk_end(&b, &sk, &ike_rng_openssl),
				 -EMSGSIZE);
		assert_int_equal(ike_msg_end(&b, &out), -EMSGSIZE);
		assert_null(out.p);
	}
	/* an IV is never used twice, not even when there are none left */
	sk.iv = UINT64_MAX;
	ike_msg_begin(&b, buf, sizeof(buf), &hdr);
	ike_sk_begin(&b, &sk);
	assert_int_equal(ike_sk_end(&b, &sk, &ike_rng_openssl), -EOVERFLOW);
	assert_int_equal(ike_msg_end(&b, &out), -EMSGSIZE);
	/* a message left open is not a message */
	ike_msg_begin(&b, buf, sizeof(buf), &hdr);
	ike_sk_begin(&b, &sk);
	assert_int_equal(ike_msg_end(&b, &out), -EMSGSIZE);

	assert_int_equal(ike_msg_parse(unhex(0, msg_init_request), &msg, &diag),
			 0);
	assert_int_equal(ike_sk_open(&sk, &msg, buf, sizeof(buf), &diag),
			 -ENOENT);
	assert_int_equal(ike_msg_parse(unhex(0, msg_auth_gcm), &msg, &diag), 0);
	assert_int_equal(ike_sk_open(&sk, &msg, buf, 10, &diag), -EMSGSIZE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_open_foreign),
		cmocka_unit_test(test_open_damaged),
		cmocka_unit_test(test_open_short),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_malformed_inside),
		cmocka_unit_test(test_pad_length),
		cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
