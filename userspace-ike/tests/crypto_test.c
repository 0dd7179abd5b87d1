// SPDX-License-Identifier: MIT
#include <errno.h>
#include <string.h>

#include "ike_helper.h"

/* RFC 4231 sections 4.3 and 4.7 (a key longer than the block) */
static void test_hmac(void **state)
{
	struct ike_span data = ike_span("what do ya want for nothing?", 28);
	uint8_t out[IKE_PRF_MAX], key[131];

	assert_int_equal(ike_prf(IKE_PRF_HMAC_SHA2_256, ike_span("Jefe", 4),
				 &data, 1, out), 0);
	assert_span(ike_span(out, 32), "5bdcc146bf60754e6a042426089575c7"
		    "5a003f089d2739839dec58b964ec3843");
	assert_int_equal(ike_prf(IKE_PRF_HMAC_SHA2_384, ike_span("Jefe", 4),
				 &data, 1, out), 0);
	assert_span(ike_span(out, 48), "af45d2e376484031617f78d2b58a6b1b"
		    "9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649");
	assert_int_equal(ike_prf(IKE_PRF_HMAC_SHA2_512, ike_span("Jefe", 4),
				 &data, 1, out), 0);
	assert_span(ike_span(out, 64), "164b7a7bfcf819e2e395fbe73b56e0a3"
		    "87bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fd"
		    "caeab1a34d4a6b4b636e070a38bce737");
	memset(key, 0xaa, sizeof(key));
	data = ike_span("Test Using Larger Than Block-Size Key - Hash Key First",
			54);
	assert_int_equal(ike_prf(IKE_PRF_HMAC_SHA2_256,
				 ike_span(key, sizeof(key)), &data, 1, out), 0);
	assert_span(ike_span(out, 32), "60e431591ee0b67f0d8a26aacbf5b77f"
		    "8e0bc6213728c5140546040f0ee37f54");
}

/* RFC 4868 section 2.7.2: the AUTH256-2 and AUTH512-2 vectors */
static void test_integ(void **state)
{
	struct ike_span jefe = ike_span("JefeJefeJefeJefeJefeJefeJefeJefe"
					"JefeJefeJefeJefeJefeJefeJefeJefe", 64);
	struct ike_span data = ike_span("what do ya want for nothing?", 28);
	uint8_t out[IKE_ICV_MAX];

	jefe.len = 32;
	assert_int_equal(ike_integ(IKE_INTEG_HMAC_SHA2_256_128, jefe, data,
				   out), 0);
	assert_span(ike_span(out, 16), "167f928588c5cc2eef8e3093caa0e87c");
	jefe.len = 48;
	assert_int_equal(ike_integ(IKE_INTEG_HMAC_SHA2_384_192, jefe, data,
				   out), 0);
	assert_span(ike_span(out, 24),
		    "2c7353974f1842fd66d53c452ca42122b28c0b594cfb184d");
	jefe.len = 64;
	assert_int_equal(ike_integ(IKE_INTEG_HMAC_SHA2_512_256, jefe, data,
				   out), 0);
	assert_span(ike_span(out, 32), "cb370917ae8a7ce28cfd1d8f4705d614"
		    "1c173b2a9362c15df235dfb251b15454");
}

static void test_sha1(void **state)
{
	struct ike_span parts[] = { { (const uint8_t *)"a", 1 },
				    { (const uint8_t *)"bc", 2 } };
	uint8_t out[20];

	assert_int_equal(ike_sha1(parts, 2, out), 0);
	assert_span(ike_span(out, 20),
		    "a9993e364706816aba3e25717850c26c9cd0d89d");
}

static void test_prf_plus_bounds(void **state)
{
	struct ike_span seed[7] = { { (const uint8_t *)"s", 1 } };
	static uint8_t out[255 * 32 + 1], again[64];

	assert_int_equal(ike_prf_plus(IKE_PRF_HMAC_SHA2_256, ike_span("k", 1),
				      seed, 1, out, 255 * 32), 0);
	assert_int_equal(ike_prf_plus(IKE_PRF_HMAC_SHA2_256, ike_span("k", 1),
				      seed, 1, again, 33), 0);
	assert_memory_equal(out, again, 33);
	assert_int_equal(ike_prf_plus(IKE_PRF_HMAC_SHA2_256, ike_span("k", 1),
				      seed, 1, out, 255 * 32 + 1), -EINVAL);
	assert_int_equal(ike_prf_plus(IKE_PRF_HMAC_SHA2_256, ike_span("k", 1),
				      seed, 7, out, 1), -EINVAL);
	assert_int_equal(ike_prf_plus(IKE_PRF_HMAC_SHA1, ike_span("k", 1),
				      seed, 1, out, 1), -ENOTSUP);
}

struct gcm_case {
	uint16_t bits;
	const char *key, *nonce, *aad, *plain, *cipher, *icv;
};

/* the GCM specification's test cases 4, 10 and 16, and 14 without any data */
static const struct gcm_case gcm_cases[] = {
	{ 128, "feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
	  "feedfacedeadbeeffeedfacedeadbeefabaddad2",
	  "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
	  "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
	  "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
	  "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091",
	  "5bc94fbc3221a5db94fae95ae7121a47" },
	{ 192, "feffe9928665731c6d6a8f9467308308feffe9928665731c",
	  "cafebabefacedbaddecaf888",
	  "feedfacedeadbeeffeedfacedeadbeefabaddad2",
	  "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
	  "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
	  "3980ca0b3c00e841eb06fac4872a2757859e1ceaa6efd984628593b40ca1e19c"
	  "7d773d00c144c525ac619d18c84a3f4718e2448b2fe324d9ccda2710",
	  "2519498e80f1478f37ba55bd6d27618c" },
	{ 256, "feffe9928665731c6d6a8f9467308308"
	  "feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
	  "feedfacedeadbeeffeedfacedeadbeefabaddad2",
	  "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
	  "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
	  "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
	  "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
	  "76fc6ece0f4e1768cddf8853bb2d551b" },
	{ 256, "0000000000000000000000000000000000000000000000000000000000000000",
	  "000000000000000000000000", "", "00000000000000000000000000000000",
	  "cea7403d4d606b6e074ec5d3baf39d18",
	  "d0d1c8a799996bf0265b98b5d48ab919" },
};

/* our key material is key and salt, our IV is the rest of the nonce */
static void gcm_run(const struct gcm_case *c)
{
	const struct ike_alg *alg = ike_encr_alg(IKE_ENCR_AES_GCM_16,
						      c->bits);
	struct ike_span key = unhex(0, c->key), nonce = unhex(1, c->nonce);
	struct ike_span aad = unhex(2, c->aad), plain = unhex(3, c->plain);
	uint8_t material[IKE_KEY_MAX], buf[64], icv[16];

	memcpy(material, key.p, key.len);
	memcpy(material + key.len, nonce.p, 4);
	key = ike_span(material, key.len + 4);
	memcpy(buf, plain.p, plain.len);
	assert_int_equal(ike_aead_seal(alg, key, nonce.p + 4, aad, buf,
				       plain.len, icv), 0);
	assert_span(ike_span(buf, plain.len), c->cipher);
	assert_span(ike_span(icv, 16), c->icv);
	assert_int_equal(ike_aead_open(alg, key, nonce.p + 4, aad, buf,
				       plain.len, icv), 0);
	assert_memory_equal(buf, plain.p, plain.len);
	/* what it now has is not its ciphertext: refused, and wiped */
	assert_int_equal(ike_aead_open(alg, key, nonce.p + 4, aad, buf,
				       plain.len, icv), -EBADMSG);
	for (size_t i = 0; i < plain.len; i++)
		assert_int_equal(buf[i], 0);
	key.len--;
	assert_int_equal(ike_aead_seal(alg, key, nonce.p + 4, aad, buf,
				       plain.len, icv), -EINVAL);
}

static void test_gcm(void **state)
{
	for (size_t i = 0; i < sizeof(gcm_cases) / sizeof(gcm_cases[0]); i++)
		gcm_run(&gcm_cases[i]);
}

/* RFC 8439 section 2.8.2 */
static void test_chacha(void **state)
{
	static const char text[] =
		"Ladies and Gentlemen of the class of '99: If I could offer you "
		"only one tip for the future, sunscreen would be it.";
	const struct ike_alg *alg =
		ike_encr_alg(IKE_ENCR_CHACHA20_POLY1305, 0);
	uint8_t buf[sizeof(text) - 1], icv[16];

	memcpy(buf, text, sizeof(buf));
	assert_int_equal(ike_aead_seal(alg,
		unhex(0, "808182838485868788898a8b8c8d8e8f9091929394959697"
			 "98999a9b9c9d9e9f07000000"),
		unhex(1, "4041424344454647").p,
		unhex(2, "50515253c0c1c2c3c4c5c6c7"), buf, sizeof(buf), icv), 0);
	assert_span(ike_span(buf, 16), "d31a8d34648e60db7b86afbc53ef7ec2");
	assert_span(ike_span(icv, 16), "1ae10b594f09e26a7e902ecbd0600691");
}

/* RFC 3602 section 4, case 2; NIST SP 800-38A F.2.5 for 256 bits */
static void test_cbc(void **state)
{
	const struct ike_alg *alg = ike_encr_alg(IKE_ENCR_AES_CBC, 128);
	struct ike_span key = unhex(0, "c286696d887c9aa0611bbb3e2025a45a");
	struct ike_span iv = unhex(1, "562e17996d093d28ddb3ba695a2e6f58");
	uint8_t buf[32];

	for (uint8_t i = 0; i < 32; i++)
		buf[i] = i;
	assert_int_equal(ike_cbc(alg, key, iv.p, buf, 32, true), 0);
	assert_span(ike_span(buf, 32), "d296cd94c2cccf8a3a863028b5e1dc0a"
		    "7586602d253cfff91b8266bea6d61ab1");
	assert_int_equal(ike_cbc(alg, key, iv.p, buf, 32, false), 0);
	assert_int_equal(buf[31], 31);
	assert_int_equal(ike_cbc(alg, key, iv.p, buf, 31, false), -EINVAL);

	alg = ike_encr_alg(IKE_ENCR_AES_CBC, 256);
	key = unhex(0, "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a3"
		    "0914dff4");
	iv = unhex(1, "000102030405060708090a0b0c0d0e0f");
	memcpy(buf, unhex(2, "6bc1bee22e409f96e93d7e117393172a").p, 16);
	assert_int_equal(ike_cbc(alg, key, iv.p, buf, 16, true), 0);
	assert_span(ike_span(buf, 16), "f58c4c04d6e5f1ba779eabfb5f7bfbd6");
}

static struct ike_ke *ke_fixed(uint16_t id, const char *priv)
{
	struct ike_span octets = unhex(6, priv);
	struct ike_rng rng = fixed_rng(&octets);
	struct ike_ke *ke;

	assert_int_equal(ike_ke_new(id, &rng, &ke), 0);
	assert_int_equal(ike_ke_id(ke), id);
	return ke;
}

/* RFC 7748 section 6.1 */
static void test_x25519(void **state)
{
	struct ike_ke *ke = ke_fixed(IKE_KE_X25519,
		"77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
	struct ike_secret secret;

	assert_span(ike_ke_public(ke), "8520f0098930a754748b7ddcb43ef75a"
		    "0dbf3a0d26381af4eba4a98eaa9b4e6a");
	assert_int_equal(ike_ke_derive(ke, unhex(0,
		"de9edb7d7b7dc1b4d35b61c2ece43537"
		"3f8343c85b78674dadfc7e146f882b4f"), &secret), 0);
	assert_span(ike_secret_span(&secret), "4a5d9d5ba4ce2de1728e3bf480350f25"
		    "e07e21c947d19e3376f09b3c1e161742");
	ike_ke_free(ke);
}

/*
 * RFC 5903 section 8.1. The private key is (octets mod (n - 1)) + 1, so the
 * vector's i is given as i - 1.
 */
static void test_ecp256(void **state)
{
	struct ike_ke *ke = ke_fixed(IKE_KE_ECP256,
		"c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1432");
	struct ike_secret secret;

	assert_span(ike_ke_public(ke),
		    "dad0b65394221cf9b051e1feca5787d098dfe637fc90b9ef945d0c3772581180"
		    "5271a0461cdb8252d61f1c456fa3e59ab1f45b33accf5f58389e0577b8990bb3");
	assert_int_equal(ike_ke_derive(ke, unhex(0,
		"d12dfb5289c8d4f81208b70270398c342296970a0bccb74c736fc7554494bf63"
		"56fbf3ca366cc23e8157854c13c58d6aac23f046ada30f8353e74f33039872ab"),
		&secret), 0);
	assert_span(ike_secret_span(&secret),
		    "d6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de");
	ike_ke_free(ke);
}

static const uint16_t groups[] = {
	IKE_KE_X25519, IKE_KE_ECP256, IKE_KE_ECP384, IKE_KE_ECP521,
	IKE_KE_MODP2048, IKE_KE_MODP3072, IKE_KE_MODP4096,
};

#define GROUPS (sizeof(groups) / sizeof(groups[0]))

/* both ends agree, the same octets give the same key, others another */
static void test_ke_agree(void **state)
{
	for (size_t i = 0; i < GROUPS; i++) {
		uint8_t seed_a = 1, seed_b = 100, seed_c = 1;
		struct ike_rng a = counting_rng(&seed_a);
		struct ike_rng b = counting_rng(&seed_b);
		struct ike_rng c = counting_rng(&seed_c);
		struct ike_secret sa, sb;
		struct ike_ke *ka, *kb, *kc;

		assert_int_equal(ike_ke_new(groups[i], &a, &ka), 0);
		assert_int_equal(ike_ke_new(groups[i], &b, &kb), 0);
		assert_int_equal(ike_ke_new(groups[i], &c, &kc), 0);
		assert_true(ike_span_equal(ike_ke_public(ka), ike_ke_public(kc)));
		assert_false(ike_span_equal(ike_ke_public(ka), ike_ke_public(kb)));
		assert_int_equal(ike_ke_derive(ka, ike_ke_public(kb), &sa), 0);
		assert_int_equal(ike_ke_derive(kb, ike_ke_public(ka), &sb), 0);
		assert_int_equal(sa.len, ike_ke_alg(groups[i])->secret_len);
		assert_true(ike_secret_equal(ike_secret_span(&sa),
					     ike_secret_span(&sb)));
		ike_ke_free(ka);
		ike_ke_free(kb);
		ike_ke_free(kc);
	}
}

static void ke_refuses(const struct ike_ke *ke, struct ike_span peer)
{
	struct ike_secret secret;

	assert_int_equal(ike_ke_derive(ke, peer, &secret), -EINVAL);
	assert_int_equal(secret.len, 0);
}

/* every length but the right one; 0; all ones, which is above every prime */
static void test_ke_wrong(void **state)
{
	static uint8_t zero[IKE_KE_MAX + 1], ones[IKE_KE_MAX];

	memset(ones, 0xff, sizeof(ones));
	for (size_t i = 0; i < GROUPS; i++) {
		struct ike_ke *ke;
		size_t len = ike_ke_alg(groups[i])->out_len;
		uint8_t bad[IKE_KE_MAX];

		assert_int_equal(ike_ke_new(groups[i], &ike_rng_openssl, &ke), 0);
		for (size_t n = 0; n <= IKE_KE_MAX; n++)
			if (n != len)
				ke_refuses(ke, ike_span(zero, n));
		ke_refuses(ke, ike_span(NULL, 0));
		ke_refuses(ke, ike_span(zero, len));
		if (groups[i] != IKE_KE_X25519)
			ke_refuses(ke, ike_span(ones, len));
		/* our own point with one bit wrong is not on the curve */
		memcpy(bad, ike_ke_public(ke).p, len);
		bad[len - 1] ^= 1;
		if (ike_ke_alg(groups[i])->name[0] == 'P')
			ke_refuses(ke, ike_span(bad, len));
		ike_ke_free(ke);
	}
}

/* RFC 3526 section 3: p ends in ones, so p - 1 and p + 1 are easy to make */
static void test_modp_range(void **state)
{
	static const char prime[] =
		"FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74"
		"020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F1437"
		"4FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
		"EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF05"
		"98DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552BB"
		"9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B"
		"E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF695581718"
		"3995497CEA956AE515D2261898FA051015728E5A8AACAA68FFFFFFFFFFFFFFFF";
	uint8_t y[256] = { 0 };
	struct ike_secret secret;
	struct ike_ke *ke;

	assert_int_equal(ike_ke_new(IKE_KE_MODP2048, &ike_rng_openssl, &ke), 0);
	y[255] = 1;
	ke_refuses(ke, ike_span(y, 256));
	y[255] = 2;
	assert_int_equal(ike_ke_derive(ke, ike_span(y, 256), &secret), 0);
	memcpy(y, unhex(0, prime).p, 256);
	ke_refuses(ke, ike_span(y, 256));
	y[255] = 0xfe;
	ke_refuses(ke, ike_span(y, 256));
	y[255] = 0xfd;
	assert_int_equal(ike_ke_derive(ke, ike_span(y, 256), &secret), 0);
	ike_ke_free(ke);
}

/* points of small order (RFC 7748 section 6.1, all-zero output) */
static void test_x25519_small_order(void **state)
{
	static const char *const points[] = {
		"0000000000000000000000000000000000000000000000000000000000000000",
		"0100000000000000000000000000000000000000000000000000000000000000",
		"e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
		"5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	};
	struct ike_ke *ke;

	assert_int_equal(ike_ke_new(IKE_KE_X25519, &ike_rng_openssl, &ke), 0);
	for (size_t i = 0; i < sizeof(points) / sizeof(points[0]); i++)
		ke_refuses(ke, unhex(0, points[i]));
	ike_ke_free(ke);
}

static int rng_broken(void *ctx, void *buf, size_t len)
{
	return -EIO;
}

static void test_unsupported(void **state)
{
	struct ike_rng rng = { .fill = rng_broken };
	struct ike_ke *ke;

	assert_null(ike_encr_alg(IKE_ENCR_AES_CBC, 0));
	assert_null(ike_encr_alg(IKE_ENCR_NULL, 0));
	assert_null(ike_prf_alg(IKE_PRF_HMAC_SHA1));
	assert_null(ike_integ_alg(IKE_INTEG_NONE));
	assert_int_equal(ike_ke_new(IKE_KE_MODP1024, &ike_rng_openssl, &ke),
			 -ENOTSUP);
	assert_null(ke);
	assert_int_equal(ike_ke_new(IKE_KE_X25519, &rng, &ke), -EIO);
	assert_null(ke);
	ike_ke_free(NULL);
}

static void test_secret_equal(void **state)
{
	assert_true(ike_secret_equal(ike_span("abc", 3), ike_span("abc", 3)));
	assert_false(ike_secret_equal(ike_span("abc", 3), ike_span("abd", 3)));
	assert_false(ike_secret_equal(ike_span("abc", 3), ike_span("abc", 2)));
	assert_true(ike_secret_equal(ike_span(NULL, 0), ike_span(NULL, 0)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hmac),
		cmocka_unit_test(test_integ),
		cmocka_unit_test(test_sha1),
		cmocka_unit_test(test_prf_plus_bounds),
		cmocka_unit_test(test_gcm),
		cmocka_unit_test(test_chacha),
		cmocka_unit_test(test_cbc),
		cmocka_unit_test(test_x25519),
		cmocka_unit_test(test_ecp256),
		cmocka_unit_test(test_ke_agree),
		cmocka_unit_test(test_ke_wrong),
		cmocka_unit_test(test_modp_range),
		cmocka_unit_test(test_x25519_small_order),
		cmocka_unit_test(test_unsupported),
		cmocka_unit_test(test_secret_equal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
