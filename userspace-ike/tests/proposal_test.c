// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "auth.h"
#include "ike_helper.h"
#include "proposal.h"
#include "sk.h"

static struct ike_proposals parsed(uint8_t proto, const char *text)
{
	static struct ike_proposals list;
	struct ike_diag diag;

	if (ike_proposals_parse(text, proto, &list, &diag))
		fail_msg("%s: %s", text, diag.text);
	return list;
}

#define IKE(text) parsed(IKE_PROTO_IKE, text)
#define ESP(text) parsed(IKE_PROTO_ESP, text)

static const struct {
	uint8_t proto;
	const char *text, *print;
} good[] = {
	{ IKE_PROTO_IKE, "aes256gcm16-prfsha256-x25519",
	  "aes256gcm16-prfsha256-x25519" },
	{ IKE_PROTO_IKE, "aes128-sha256-modp2048",
	  "aes128-sha256-modp2048-prfsha256" },
	{ IKE_PROTO_IKE, " AES128GCM - prfsha512-curve25519 ,\taes256-sha512-prfsha384-ecp256",
	  "aes128gcm16-prfsha512-x25519, aes256-sha512-prfsha384-ecp256" },
	{ IKE_PROTO_IKE, "aes128-aes128-sha2_256-ecp256-ecp256",
	  "aes128-sha256-ecp256-prfsha256" },
	{ IKE_PROTO_IKE, "chacha20poly1305-prfsha256-x25519",
	  "chacha20poly1305-prfsha256-x25519" },
	{ IKE_PROTO_ESP, "aes256gcm16", "aes256gcm16-esn-noesn" },
	{ IKE_PROTO_ESP, "aes128gcm16-noesn", "aes128gcm16-noesn" },
	{ IKE_PROTO_ESP, "aes256gcm16-aes128gcm16-x25519-nopfs-esn",
	  "aes256gcm16-aes128gcm16-x25519-nopfs-esn" },
	{ IKE_PROTO_ESP, "aes128-sha256-noesn", "aes128-sha256-noesn" },
	{ IKE_PROTO_ESP, "default", "aes256gcm16-aes128gcm16-esn-noesn, "
	  "aes256-aes128-sha256-sha384-sha512-esn-noesn" },
	{ IKE_PROTO_ESP, "aes128gcm16-esn, default",
	  "aes128gcm16-esn, aes256gcm16-aes128gcm16-esn-noesn, "
	  "aes256-aes128-sha256-sha384-sha512-esn-noesn" },
};

static void test_parse(void **state)
{
	char text[512];

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct ike_proposals list = parsed(good[i].proto, good[i].text);

		ike_proposals_print(&list, text, sizeof(text));
		assert_string_equal(text, good[i].print);
	}
}

static const struct {
	uint8_t proto;
	const char *text, *want, *hint;
} bad[] = {
	{ IKE_PROTO_IKE, "", "missing", "" },
	{ IKE_PROTO_IKE, ",", "missing", "" },
	{ IKE_PROTO_IKE, "aes128-", "missing before \"end\"", "" },
	{ IKE_PROTO_IKE, "aes128--sha256", "missing before \"-\"", "" },
	{ IKE_PROTO_IKE, "aes128-sha256-x25519,", "missing", "" },
	{ IKE_PROTO_IKE, "aes257gcm16-prfsha256-x25519", "\"aes257gcm16\"",
	  "\"aes256gcm16\"" },
	{ IKE_PROTO_IKE, "aes256gcm16-prfsha256-x25519-modp2049",
	  "\"modp2049\"", "\"modp2048\"" },
	{ IKE_PROTO_IKE, "qwertyuiop", "unknown algorithm", "for example" },
	{ IKE_PROTO_IKE, "3des-sha1-modp1024", "\"3des\" is not supported", "" },
	{ IKE_PROTO_IKE, "aes128-sha1-modp2048", "\"sha1\" is not", "" },
	{ IKE_PROTO_IKE, "aes128-sha256-modp1024", "\"modp1024\" is not", "" },
	{ IKE_PROTO_IKE, "null-sha256-x25519", "\"null\" is not", "" },
	{ IKE_PROTO_IKE, "aes128-sha256-nopfs", "\"nopfs\" is not", "" },
	{ IKE_PROTO_IKE, "aes256gcm16-sha256-x25519", "no integrity",
	  "prfsha256" },
	{ IKE_PROTO_IKE, "aes256gcm16-aes256-sha256-x25519",
	  "in one proposal", "comma" },
	{ IKE_PROTO_IKE, "aes256-prfsha256-x25519", "needs an integrity",
	  "sha256" },
	{ IKE_PROTO_IKE, "aes256gcm16-x25519", "no PRF", "prfsha256" },
	{ IKE_PROTO_IKE, "aes256gcm16-prfsha256", "no key exchange", "x25519" },
	{ IKE_PROTO_IKE, "prfsha256-x25519", "no encryption", "aes256gcm16" },
	{ IKE_PROTO_IKE, "aes256gcm16-prfsha256-x25519-esn", "\"esn\" has no",
	  "leave" },
	{ IKE_PROTO_ESP, "aes256gcm16-prfsha256", "\"prfsha256\" has no",
	  "leave" },
	{ IKE_PROTO_ESP, "aes128-sha1", "not supported for ESP", "" },
	{ IKE_PROTO_ESP, "aes128", "needs an integrity", "sha256" },
	{ IKE_PROTO_ESP, "esn", "no encryption", "" },
	{ IKE_PROTO_IKE, "default-x25519", "unknown", "" },
	{ IKE_PROTO_IKE, "aes128 sha256", "no algorithm", "" },
	{ IKE_PROTO_IKE, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	  "no algorithm", "" },
	{ IKE_PROTO_IKE, "\xff\x01", "no algorithm", "" },
	{ IKE_PROTO_AH, "sha256", "protocol 2", "" },
};

static void test_parse_bad(void **state)
{
	struct ike_proposals list;
	struct ike_diag diag;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		int err = ike_proposals_parse(bad[i].text, bad[i].proto, &list,
					      &diag);

		if (err != -EINVAL || !strstr(diag.text, bad[i].want) ||
		    !strstr(diag.hint, bad[i].hint))
			fail_msg("\"%s\": %d %s (%s)", bad[i].text, err,
				 diag.text, diag.hint);
	}
}

static void test_too_many(void **state)
{
	char text[IKE_PROPOSALS_MAX * 32 + 64] = "aes256gcm16";
	struct ike_proposals list;

	for (int i = 1; i < IKE_PROPOSALS_MAX; i++)
		strcat(text, ",aes256gcm16");
	assert_int_equal(ike_proposals_parse(text, IKE_PROTO_ESP, &list, NULL),
			 0);
	assert_int_equal(list.n, IKE_PROPOSALS_MAX);
	strcat(text, ",aes256gcm16");
	assert_int_equal(ike_proposals_parse(text, IKE_PROTO_ESP, &list, NULL),
			 -EINVAL);
}

static void select_is(struct ike_proposals mine, struct ike_proposals theirs,
		      uint16_t hint, const char *want)
{
	struct ike_proposal chosen;
	struct ike_suite suite;
	struct ike_diag diag;
	char text[256];

	if (ike_proposals_select(&mine, &theirs, hint, &chosen, &suite, &diag))
		fail_msg("%s: %s", want, diag.text);
	ike_proposal_print(&chosen, text, sizeof(text));
	assert_string_equal(text, want);
}

static void test_select(void **state)
{
	struct ike_proposals theirs;

	select_is(IKE("default"), IKE("default"), 0,
		  "aes256gcm16-prfsha256-x25519");
	select_is(IKE("default"), IKE("default"), IKE_KE_MODP2048,
		  "aes256gcm16-prfsha256-modp2048");
	select_is(IKE("aes128-sha256-ecp256"), IKE("default"), IKE_KE_X25519,
		  "aes128-prfsha256-sha256-ecp256");
	/* our order decides, between proposals and within */
	select_is(IKE("aes128-sha256-x25519, default"), IKE("default"), 0,
		  "aes128-prfsha256-sha256-x25519");
	select_is(ESP("aes128gcm16-aes256gcm16-noesn-esn"), ESP("default"), 0,
		  "aes128gcm16-noesn");
	/* KE left out, and KE of NONE, are the same */
	select_is(ESP("aes256gcm16-esn"), ESP("aes256gcm16-x25519-nopfs"), 0,
		  "aes256gcm16-nopfs-esn");
	select_is(ESP("aes256gcm16-x25519-nopfs"), ESP("aes256gcm16-esn"), 0,
		  "aes256gcm16-esn");
	/* a peer that forgets ESN means 32-bit numbers */
	theirs = ESP("aes256gcm16");
	ike_proposals_strip(&theirs, IKE_TF_ESN);
	select_is(ESP("default"), theirs, 0, "aes256gcm16");
	/* INTEG of NONE beside an AEAD (RFC 7296 section 3.3) */
	theirs = ESP("aes256gcm16-noesn");
	theirs.p[0].tf[theirs.p[0].n++] =
		(struct ike_transform){ .type = IKE_TF_INTEG };
	select_is(ESP("default"), theirs, 0, "aes256gcm16-nointeg-noesn");
}

static void test_select_suite(void **state)
{
	struct ike_proposals mine = ESP("default"), theirs = ESP("default");
	struct ike_proposal chosen;
	struct ike_suite suite;
	char text[128];

	ike_proposals_set_spi(&theirs, "\xc0\xff\xee\x01", 4);
	theirs.p[0].num = 3;
	assert_int_equal(ike_proposals_select(&mine, &theirs, 0, &chosen,
					      &suite, NULL), 0);
	assert_int_equal(chosen.num, 3);
	assert_int_equal(chosen.spi_len, 4);
	assert_memory_equal(chosen.spi, "\xc0\xff\xee\x01", 4);
	assert_int_equal(suite.proto, IKE_PROTO_ESP);
	assert_int_equal(suite.encr, IKE_ENCR_AES_GCM_16);
	assert_int_equal(suite.key_bits, 256);
	assert_true(suite.esn);
	assert_int_equal(suite.ke, 0);
	ike_suite_print(&suite, text, sizeof(text));
	assert_string_equal(text, "aes256gcm16-esn");
}

static void test_lists(void **state)
{
	struct ike_proposals list = IKE("aes128-sha512-modp3072-x25519, default");
	struct ike_suite suite;
	struct ike_proposal chosen;
	char text[128];

	assert_int_equal(ike_proposals_first_ke(&list), IKE_KE_MODP3072);
	assert_true(ike_proposals_has_ke(&list, IKE_KE_ECP256));
	assert_false(ike_proposals_has_ke(&list, IKE_KE_ECP521));
	assert_int_equal(ike_proposals_select(&list, &list, 0, &chosen, &suite,
					      NULL), 0);
	ike_suite_print(&suite, text, sizeof(text));
	assert_string_equal(text, "aes128-sha512-prfsha512-modp3072");
	ike_proposals_strip(&list, IKE_TF_KE);
	assert_int_equal(ike_proposals_first_ke(&list), IKE_KE_NONE);
	ike_proposal_print(&list.p[0], text, sizeof(text));
	assert_string_equal(text, "aes128-sha512-prfsha512");
	/* an SPI that cannot be one changes nothing */
	ike_proposals_set_spi(&list, "123456789", 9);
	assert_int_equal(list.p[0].spi_len, 0);
}

static const struct {
	const char *mine, *theirs;
	const char *text, *hint;
} misses[] = {
	{ "aes256gcm16-prfsha256-x25519", "aes256gcm16-prfsha256-modp2048",
	  "key exchange: we allow x25519, the peer has modp2048",
	  "add \"modp2048\" here, or \"x25519\" at the peer" },
	{ "aes256gcm16-prfsha256-x25519", "aes128-sha256-ecp256,"
	  "aes128gcm16-prfsha256-x25519",
	  "encryption: we allow aes256gcm16, the peer has aes128gcm16; PRF ok; key exchange ok",
	  "add \"aes128gcm16\" here" },
	{ "aes256-sha512-modp4096", "aes256gcm16-prfsha512-modp4096",
	  "encryption: we allow aes256, the peer has aes256gcm16", "" },
};

static void test_explain(void **state)
{
	for (size_t i = 0; i < sizeof(misses) / sizeof(misses[0]); i++) {
		struct ike_proposals mine = IKE(misses[i].mine);
		struct ike_proposals theirs = IKE(misses[i].theirs);
		struct ike_proposal chosen;
		struct ike_suite suite;
		struct ike_diag diag;

		assert_int_equal(ike_proposals_select(&mine, &theirs, 0, &chosen,
						      &suite, &diag), -ENOENT);
		assert_int_equal(diag.notify, IKE_N_NO_PROPOSAL_CHOSEN);
		if (!strstr(diag.text, misses[i].text) ||
		    !strstr(diag.hint, misses[i].hint))
			fail_msg("%s (%s)", diag.text, diag.hint);
	}
}

/* what we could never do is not advised to be added here */
static void test_explain_foreign(void **state)
{
	struct ike_proposals mine = IKE("aes256gcm16-prfsha256-x25519");
	struct ike_proposals theirs = mine, none = { .n = 0 };
	struct ike_proposal chosen;
	struct ike_suite suite;
	struct ike_diag diag;

	theirs.p[0].tf[2].id = IKE_KE_MODP1024;
	assert_int_equal(ike_proposals_select(&mine, &theirs, 0, &chosen, &suite,
					      &diag), -ENOENT);
	assert_non_null(strstr(diag.text, "the peer has modp1024"));
	assert_string_equal(diag.hint, "add \"x25519\" at the peer");
	theirs.p[0].tf[2].id = 60000;
	assert_int_equal(ike_proposals_select(&mine, &theirs, 0, &chosen, &suite,
					      &diag), -ENOENT);
	assert_non_null(strstr(diag.text, "the peer has t4:60000"));
	theirs = mine;
	theirs.p[0].tf[2].odd = true;
	assert_int_equal(ike_proposals_select(&mine, &theirs, 0, &chosen, &suite,
					      &diag), -ENOENT);
	theirs = mine;
	theirs.p[0].tf[theirs.p[0].n++] = (struct ike_transform){ .type = 77 };
	assert_int_equal(ike_proposals_select(&mine, &theirs, 0, &chosen, &suite,
					      &diag), -ENOENT);
	assert_non_null(strstr(diag.text, "do not know"));
	theirs = ESP("default");
	assert_int_equal(ike_proposals_select(&mine, &theirs, 0, &chosen, &suite,
					      &diag), -ENOENT);
	assert_non_null(strstr(diag.text, "none for the protocol"));
	assert_int_equal(ike_proposals_select(&none, &theirs, 0, &chosen, &suite,
					      &diag), -ENOENT);
	assert_int_equal(ike_proposals_select(&mine, &none, 0, &chosen, &suite,
					      NULL), -ENOENT);
}

static void test_accept(void **state)
{
	struct ike_proposals offer = IKE("default"), answer;
	struct ike_proposal chosen;
	struct ike_suite suite;
	struct ike_diag diag;

	answer = IKE("aes128-sha256-modp2048");
	assert_int_equal(ike_proposals_accept(&offer, &answer, &chosen, &suite,
					      &diag), 0);
	assert_int_equal(suite.integ, IKE_INTEG_HMAC_SHA2_256_128);
	assert_int_equal(suite.ke, IKE_KE_MODP2048);
	answer = IKE("aes128-sha256-modp4096");
	assert_int_equal(ike_proposals_accept(&offer, &answer, &chosen, &suite,
					      &diag), -EPROTO);
	assert_non_null(strstr(diag.text, "did not offer"));
	answer = IKE("aes128-sha256-modp2048, aes128-sha256-modp2048");
	assert_int_equal(ike_proposals_accept(&offer, &answer, &chosen, &suite,
					      &diag), -EPROTO);
	answer = IKE("aes128-sha256-modp2048-ecp256");
	assert_int_equal(ike_proposals_accept(&offer, &answer, &chosen, &suite,
					      &diag), -EPROTO);
	assert_non_null(strstr(diag.text, "left the choice to us"));
	/* half of one offer and half of another is not an offer */
	offer = IKE("aes128-sha256-modp2048, aes256-sha512-x25519");
	answer = IKE("aes128-sha256-x25519");
	assert_int_equal(ike_proposals_accept(&offer, &answer, &chosen, &suite,
					      &diag), -EPROTO);
	/* the integrity transform left out of the answer */
	answer = IKE("aes128-sha256-modp2048");
	ike_proposals_strip(&answer, IKE_TF_INTEG);
	assert_int_equal(ike_proposals_accept(&offer, &answer, &chosen, &suite,
					      &diag), -EPROTO);
	answer.n = 0;
	assert_int_equal(ike_proposals_accept(&offer, &answer, &chosen, &suite,
					      &diag), -EPROTO);
}

static void test_wire(void **state)
{
	static const struct {
		uint8_t proto;
		uint8_t spi_len;
	} kinds[] = { { IKE_PROTO_IKE, 0 }, { IKE_PROTO_IKE, 8 },
		      { IKE_PROTO_ESP, 4 } };
	uint8_t buf[1024];

	for (size_t i = 0; i < 3; i++) {
		struct ike_writer w = { .buf = buf, .cap = sizeof(buf) };
		struct ike_proposals list, again;
		struct ike_diag diag;
		char a[512], b[512];

		ike_proposals_default(kinds[i].proto, &list);
		assert_true(list.n > 0);
		ike_proposals_set_spi(&list, "12345678", kinds[i].spi_len);
		ike_proposals_write(&w, &list);
		assert_false(w.failed);
		assert_int_equal(ike_proposals_read(ike_span(buf, w.len), &again,
						    &diag), 0);
		ike_proposals_print(&list, a, sizeof(a));
		ike_proposals_print(&again, b, sizeof(b));
		assert_string_equal(a, b);
		assert_int_equal(again.p[0].spi_len, kinds[i].spi_len);
		assert_int_equal(again.p[again.n - 1].num, again.n);
	}
}

static const struct {
	const char *hex;
	const char *want;	/* NULL: read, and printed as: */
	const char *print;
} wires[] = {
	{ "", "no proposal", NULL },
	{ "0000000801010000", NULL, "" },
	{ "00000010010300010000000801000014", "SPI size of 0", NULL },
	{ "0000000c0103040001020304", NULL, "" },
	{ "0000000c0101040001020304", "SPI size of 4", NULL },
	{ "00000007010100", "SPI size", NULL },
	{ "000000030101", "says 3", NULL },
	{ "0200000801010000", "says 2", NULL },
	{ "00000008010100000000000802010000", "says 0", NULL },
	{ "0000000801010001", "says 1 transforms and has 0", NULL },
	{ "000000100101000200000008" "02000005", "says 2 transforms", NULL },
	{ "000000100101000100000008" "02000005", NULL, "prfsha256" },
	{ "000000100101000103000008" "02000005", "says 3", NULL },
	{ "000000100101000100000007" "02000005", "transform", NULL },
	/* key length */
	{ "00000014010100010000000c" "01000014" "800e0100", NULL, "aes256gcm16" },
	{ "00000014010100010000000c" "01000014" "800e0000", NULL, "t1:20" },
	{ "00000014010100010000000c" "01000014" "800e0040", NULL, "t1:20:64" },
	{ "00000016010100010000000e" "01000014" "000e00020100", NULL, "t1:20" },
	{ "00000014010100010000000c" "01000014" "000e0100", "cut off", NULL },
	{ "00000013010100010000000b" "01000014" "800e01", "cut off", NULL },
};

static void test_wire_bad(void **state)
{
	for (size_t i = 0; i < sizeof(wires) / sizeof(wires[0]); i++) {
		struct ike_span in = unhex(0, wires[i].hex);
		uint8_t *copy = malloc(in.len + 1);
		struct ike_proposals list;
		struct ike_diag diag = { 0 };
		char text[128] = "";
		int err;

		assert_non_null(copy);
		memcpy(copy, in.p, in.len);
		err = ike_proposals_read(ike_span(copy, in.len), &list, &diag);
		if (!err)
			ike_proposals_print(&list, text, sizeof(text));
		if (!err != !wires[i].want ||
		    (err && !strstr(diag.text, wires[i].want)) ||
		    (!err && strcmp(text, wires[i].print)))
			fail_msg("%s: %s%s", wires[i].hex, diag.text, text);
		free(copy);
	}
}

/* a key length twice, or in the long form, is not ours to choose */
static void test_odd(void **state)
{
	struct ike_proposals list;

	assert_int_equal(ike_proposals_read(unhex(0,
		"00000018010100010000001001000014800e0100800e0080"), &list,
		NULL), 0);
	assert_true(list.p[0].tf[0].odd);
	assert_int_equal(ike_proposals_read(unhex(0,
		"00000016010100010000000e01000014000e00020100"), &list, NULL), 0);
	assert_true(list.p[0].tf[0].odd);
}

/*
 * What can be negotiated can be built (the class of bugs where it could not
 * is old): every suite of every word, keys and SK and all.
 */
static void test_negotiable_is_constructible(void **state)
{
	static const uint8_t nonce[32], spi[8];
	struct ike_keymat km = {
		.ni = { nonce, 32 }, .nr = { nonce, 32 }, .shared = { spi, 8 },
	};
	unsigned int suites = 0;

	for (const struct ike_alg *e = ike_algs; e->word; e++)
		for (const struct ike_alg *p = ike_algs; p->word; p++)
			for (const struct ike_alg *i = ike_algs; i->word; i++) {
				struct ike_proposals list;
				struct ike_proposal chosen;
				struct ike_sa_keys keys;
				struct ike_suite suite;
				struct ike_sk sk;
				char text[128];

				if (e->type != IKE_TF_ENCR ||
				    p->type != IKE_TF_PRF ||
				    (i->type != IKE_TF_INTEG &&
				     strcmp(i->word, "x25519")))
					continue;
				snprintf(text, sizeof(text), "%s-%s-%s-x25519",
					 e->word, p->word, i->word);
				if (ike_proposals_parse(text, IKE_PROTO_IKE,
							&list, NULL))
					continue;
				assert_int_equal(ike_proposals_select(&list,
					&list, 0, &chosen, &suite, NULL), 0);
				assert_int_equal(ike_sa_keys_derive(&suite, &km,
								    &keys), 0);
				assert_int_equal(ike_sk_init(&sk, &suite,
					&keys.ei, &keys.ai), 0);
				suites++;
			}
	/* 4 AEADs and 4 more names of them, 6 names of CBC with 6 of SHA-2 */
	assert_int_equal(suites, 3 * (8 + 6 * 6));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_parse_bad),
		cmocka_unit_test(test_too_many),
		cmocka_unit_test(test_select),
		cmocka_unit_test(test_select_suite),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_explain),
		cmocka_unit_test(test_explain_foreign),
		cmocka_unit_test(test_accept),
		cmocka_unit_test(test_wire),
		cmocka_unit_test(test_wire_bad),
		cmocka_unit_test(test_odd),
		cmocka_unit_test(test_negotiable_is_constructible),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
