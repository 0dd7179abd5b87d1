// SPDX-License-Identifier: MIT
/*
 * Key derivation and PSK authentication against vectors.h, which is made by
 * another implementation that is itself held against a CAVP vector.
 */
#include <errno.h>
#include <string.h>

#include "auth.h"
#include "ike_helper.h"
#include "vectors.h"

static uint8_t ni[32], nr[36], shared[32];

static struct ike_keymat keymat(void)
{
	for (unsigned int i = 0; i < sizeof(nr); i++)
		nr[i] = (uint8_t)(0x80 + i);
	for (unsigned int i = 0; i < sizeof(ni); i++) {
		ni[i] = (uint8_t)(0x40 + i);
		shared[i] = (uint8_t)(0xc0 + i);
	}
	return (struct ike_keymat){
		.ni = { ni, sizeof(ni) },
		.nr = { nr, sizeof(nr) },
		.spi_i = 0x0102030405060708,
		.spi_r = 0x1112131415161718,
		.shared = { shared, sizeof(shared) },
	};
}

struct prf_case {
	uint16_t prf;
	uint8_t len;
	const char *gcm, *cbc, *child, *child_ke, *child_cbc, *rekey, *psk;
};

static const struct prf_case cases[] = {
	{ IKE_PRF_HMAC_SHA2_256, 32, keys_gcm256_sha256, keys_cbc128_sha256,
	  keys_child_sha256, keys_child_ke_sha256, keys_child_cbc_sha256,
	  keys_rekey_sha256, auth_psk_sha256 },
	{ IKE_PRF_HMAC_SHA2_384, 48, keys_gcm256_sha384, keys_cbc128_sha384,
	  keys_child_sha384, keys_child_ke_sha384, keys_child_cbc_sha384,
	  keys_rekey_sha384, auth_psk_sha384 },
	{ IKE_PRF_HMAC_SHA2_512, 64, keys_gcm256_sha512, keys_cbc128_sha512,
	  keys_child_sha512, keys_child_ke_sha512, keys_child_cbc_sha512,
	  keys_rekey_sha512, auth_psk_sha512 },
};

#define CASES (sizeof(cases) / sizeof(cases[0]))

/* the keys one after another are the octets of the stream */
static void keys_are(const struct ike_key *const *keys, size_t n,
		     const size_t *lens, const char *hex)
{
	struct ike_span stream = unhex(0, hex);
	size_t off = 0;

	for (size_t i = 0; i < n; i++) {
		assert_int_equal(keys[i]->len, lens[i]);
		assert_true(off + lens[i] <= stream.len);
		assert_memory_equal(keys[i]->data, stream.p + off, lens[i]);
		off += lens[i];
	}
	assert_int_equal(off, stream.len);
}

static void sa_keys_are(const struct ike_sa_keys *k, size_t prf, size_t integ,
			size_t encr, const char *hex)
{
	const struct ike_key *const keys[] = {
		&k->d, &k->ai, &k->ar, &k->ei, &k->er, &k->pi, &k->pr
	};
	const size_t lens[] = { prf, integ, integ, encr, encr, prf, prf };

	keys_are(keys, 7, lens, hex);
}

static struct ike_suite gcm256(uint16_t prf)
{
	return (struct ike_suite){
		.proto = IKE_PROTO_IKE, .encr = IKE_ENCR_AES_GCM_16,
		.key_bits = 256, .prf = prf, .ke = IKE_KE_X25519,
	};
}

static const uint16_t integ_of[] = {
	IKE_INTEG_HMAC_SHA2_256_128, IKE_INTEG_HMAC_SHA2_384_192,
	IKE_INTEG_HMAC_SHA2_512_256,
};

static void test_sa_keys(void **state)
{
	struct ike_keymat km = keymat();
	struct ike_sa_keys keys;

	for (size_t i = 0; i < CASES; i++) {
		struct ike_suite suite = gcm256(cases[i].prf);

		assert_int_equal(ike_sa_keys_derive(&suite, &km, &keys), 0);
		sa_keys_are(&keys, cases[i].len, 0, 36, cases[i].gcm);
		suite.encr = IKE_ENCR_AES_CBC;
		suite.key_bits = 128;
		suite.integ = integ_of[i];
		assert_int_equal(ike_sa_keys_derive(&suite, &km, &keys), 0);
		sa_keys_are(&keys, cases[i].len, cases[i].len, 16, cases[i].cbc);
	}
}

static void test_rekey(void **state)
{
	struct ike_keymat km = keymat();
	struct ike_sa_keys keys, new_keys;

	for (size_t i = 0; i < CASES; i++) {
		struct ike_suite suite = gcm256(cases[i].prf);

		assert_int_equal(ike_sa_keys_derive(&suite, &km, &keys), 0);
		assert_int_equal(ike_sa_keys_rekey(&suite, cases[i].prf, &keys.d,
						   &km, &new_keys), 0);
		sa_keys_are(&new_keys, cases[i].len, 0, 36, cases[i].rekey);
	}
}

static void test_child_keys(void **state)
{
	struct ike_suite child = {
		.proto = IKE_PROTO_ESP, .encr = IKE_ENCR_AES_GCM_16,
		.key_bits = 256, .esn = true,
	};
	struct ike_keymat km = keymat(), plain = km;
	struct ike_child_keys keys;
	const struct ike_key *const order[] = {
		&keys.ei, &keys.ai, &keys.er, &keys.ar
	};
	struct ike_sa_keys sa;

	plain.shared = ike_span(NULL, 0);
	for (size_t i = 0; i < CASES; i++) {
		struct ike_suite suite = gcm256(cases[i].prf);

		assert_int_equal(ike_sa_keys_derive(&suite, &km, &sa), 0);
		child.key_bits = 256;
		assert_int_equal(ike_child_keys_derive(&child, cases[i].prf,
						       &sa.d, &plain, &keys), 0);
		keys_are(order, 4, (size_t[]){ 36, 0, 36, 0 }, cases[i].child);
		child.key_bits = 128;
		assert_int_equal(ike_child_keys_derive(&child, cases[i].prf,
						       &sa.d, &km, &keys), 0);
		keys_are(order, 4, (size_t[]){ 20, 0, 20, 0 },
			 cases[i].child_ke);
	}
}

/* keys of both kinds, in the order encryption, integrity, per direction */
static void test_child_keys_cbc(void **state)
{
	struct ike_suite child = {
		.proto = IKE_PROTO_ESP, .encr = IKE_ENCR_AES_CBC, .key_bits = 128,
	};
	struct ike_keymat km = keymat(), plain = km;
	struct ike_child_keys keys;
	const struct ike_key *const order[] = {
		&keys.ei, &keys.ai, &keys.er, &keys.ar
	};
	struct ike_sa_keys sa;

	plain.shared = ike_span(NULL, 0);
	for (size_t i = 0; i < CASES; i++) {
		struct ike_suite suite = gcm256(cases[i].prf);
		size_t len = cases[i].len;

		child.integ = integ_of[i];
		assert_int_equal(ike_sa_keys_derive(&suite, &km, &sa), 0);
		assert_int_equal(ike_child_keys_derive(&child, cases[i].prf,
						       &sa.d, &plain, &keys), 0);
		keys_are(order, 4, (size_t[]){ 16, len, 16, len },
			 cases[i].child_cbc);
	}
}

static void test_psk(void **state)
{
	static const char psk[] = "a shared key of the tests";
	struct ike_keymat km = keymat();
	struct ike_sa_keys keys;
	struct ike_key auth;
	uint8_t rest[32];

	for (size_t i = 0; i < CASES; i++) {
		struct ike_suite suite = gcm256(cases[i].prf);
		struct ike_auth_input in = {
			.prf = cases[i].prf,
			.init_msg = { (const uint8_t *)"the message", 11 },
			.nonce = km.nr,
			.id = ike_id_rest(IKE_ID_FQDN, ike_span("gw.example", 10),
					  rest, sizeof(rest)),
		};

		assert_int_equal(ike_sa_keys_derive(&suite, &km, &keys), 0);
		in.sk_p = ike_key_span(&keys.d);
		assert_int_equal(ike_auth_psk(&in, ike_span(psk, sizeof(psk) - 1),
					      &auth), 0);
		assert_span(ike_key_span(&auth), cases[i].psk);
	}
}

static void test_refused(void **state)
{
	static const uint8_t big[IKE_NONCE_MAX + 1];
	struct ike_suite suite = gcm256(IKE_PRF_HMAC_SHA1);
	struct ike_keymat km = keymat();
	struct ike_child_keys child;
	struct ike_sa_keys keys;

	assert_int_equal(ike_sa_keys_derive(&suite, &km, &keys), -ENOTSUP);
	suite.prf = IKE_PRF_HMAC_SHA2_256;
	suite.encr = IKE_ENCR_AES_CBC;
	assert_int_equal(ike_sa_keys_derive(&suite, &km, &keys), -ENOTSUP);
	assert_int_equal(keys.d.len, 0);
	assert_int_equal(ike_child_keys_derive(&suite, suite.prf, &keys.d, &km,
					       &child), -ENOTSUP);
	suite = gcm256(IKE_PRF_HMAC_SHA2_256);
	km.ni = ike_span(big, sizeof(big));
	assert_int_equal(ike_sa_keys_derive(&suite, &km, &keys), -EINVAL);
	assert_int_equal(ike_id_rest(1, ike_span(big, 4), (uint8_t[7]){ 0 },
				     7).len, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sa_keys),
		cmocka_unit_test(test_rekey),
		cmocka_unit_test(test_child_keys),
		cmocka_unit_test(test_child_keys_cbc),
		cmocka_unit_test(test_psk),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
