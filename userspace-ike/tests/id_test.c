// SPDX-License-Identifier: MIT
#include <errno.h>
#include <string.h>

#include "id.h"
#include "ike_helper.h"

static struct ike_id id_of(const char *text)
{
	struct ike_diag diag;
	struct ike_id id;

	if (ike_id_parse(text, &id, &diag))
		fail_msg("%s: %s", text, diag.text);
	return id;
}

static const struct {
	const char *text;
	uint8_t type;
	const char *hex;
	const char *print; /* NULL: as it was */
} ids[] = {
	{ "192.0.2.1", IKE_ID_IPV4_ADDR, "c0000201", NULL },
	{ "2001:db8::1", IKE_ID_IPV6_ADDR, "20010db8000000000000000000000001",
	  NULL },
	{ "gw.example", IKE_ID_FQDN, "67772e6578616d706c65", NULL },
	{ "@gw.example", IKE_ID_FQDN, "67772e6578616d706c65", "gw.example" },
	{ "fqdn:192.0.2.1", IKE_ID_FQDN, "3139322e302e322e31", NULL },
	{ "fqdn:a@b", IKE_ID_FQDN, "614062", NULL },
	{ "me@example.org", IKE_ID_RFC822_ADDR, "6d65406578616d706c652e6f7267",
	  NULL },
	{ "email:me", IKE_ID_RFC822_ADDR, "6d65", NULL },
	{ "@#C0ffee", IKE_ID_KEY_ID, "c0ffee", "keyid:#c0ffee" },
	{ "keyid:secret", IKE_ID_KEY_ID, "736563726574",
	  "keyid:#736563726574" },
	{ "keyid:#00", IKE_ID_KEY_ID, "00", NULL },
	{ "asn1dn:#3000", IKE_ID_DER_ASN1_DN, "3000", NULL },
	{ "%any", IKE_ID_FQDN, "2a", NULL },
	{ "*", IKE_ID_FQDN, "2a", "%any" },
	{ "*.example", IKE_ID_FQDN, "2a2e6578616d706c65", NULL },
};

static void test_text(void **state)
{
	char text[IKE_ID_TEXT_MAX];

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		struct ike_id id = id_of(ids[i].text), again;

		assert_int_equal(id.type, ids[i].type);
		assert_span(ike_id_span(&id), ids[i].hex);
		ike_id_print(&id, text, sizeof(text));
		assert_string_equal(text,
				    ids[i].print ? ids[i].print : ids[i].text);
		again = id_of(text);
		assert_true(ike_id_equal(&id, &again));
	}
}

static void test_text_bad(void **state)
{
	static const char *const bad[] = {
		"",
		"@",
		"@#",
		"@#1",
		"@#xy",
		"keyid:",
		"keyid:#123",
		"ipv4:fd00::1",
		"ipv4:",
		"ipv6:1.2.3.4",
		"asn1dn:C=CH",
		"C=CH, O=ipsecx",
		"fqdn:",
	};
	char long_text[IKE_ID_MAX + 2];
	struct ike_diag diag;
	struct ike_id id;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		memset(&diag, 0, sizeof(diag));
		assert_int_equal(ike_id_parse(bad[i], &id, &diag), -EINVAL);
		assert_true(diag.text[0]);
	}
	memset(long_text, 'a', sizeof(long_text));
	long_text[IKE_ID_MAX + 1] = '\0';
	assert_int_equal(ike_id_parse(long_text, &id, &diag), -EINVAL);
	assert_int_equal(ike_id_parse(long_text + 1, &id, &diag), 0);
}

static void test_read(void **state)
{
	static const uint8_t data[IKE_ID_MAX + 1] = { 'a' };
	struct ike_diag diag;
	struct ike_id id;
	char text[64];

	for (size_t len = 0; len <= IKE_ID_MAX + 1; len++) {
		bool fits = len && len <= IKE_ID_MAX;
		struct ike_span s = ike_span(data, len);

		assert_int_equal(!ike_id_read(IKE_ID_IPV4_ADDR, s, &id, &diag),
				 len == 4);
		assert_int_equal(!ike_id_read(IKE_ID_IPV6_ADDR, s, &id, &diag),
				 len == 16);
		assert_int_equal(!ike_id_read(IKE_ID_FQDN, s, &id, &diag),
				 fits);
		assert_int_equal(!ike_id_read(200, s, &id, &diag), fits);
		assert_int_equal(ike_id_read(IKE_ID_NONE, s, &id, &diag),
				 -EPROTO);
		assert_int_equal(diag.notify, IKE_N_INVALID_SYNTAX);
	}
	/* what a peer sends is printed in printable form, and cut to fit */
	assert_int_equal(ike_id_read(IKE_ID_FQDN, ike_span("a\0\x1b[2J", 6),
				     &id, &diag),
			 0);
	ike_id_print(&id, text, sizeof(text));
	assert_string_equal(text, "fqdn:#61001b5b324a");
	ike_id_print(&id, text, 6);
	assert_string_equal(text, "fqdn:");
	assert_int_equal(ike_id_read(77, ike_span("x", 1), &id, &diag), 0);
	ike_id_print(&id, text, sizeof(text));
	assert_string_equal(text, "type?:#78");
}

static bool match(const char *pattern, const char *text)
{
	struct ike_id p = id_of(pattern), id = id_of(text);

	return ike_id_match(&p, &id);
}

static void test_match(void **state)
{
	struct ike_id p = id_of("*.example"), nul;

	assert_true(match("%any", "gw.example"));
	assert_true(match("%any", "192.0.2.1"));
	assert_true(match("GW.Example", "gw.eXAMPLE"));
	assert_false(match("gw.example", "gw.example.org"));
	assert_false(match("gw.example", "gw2example"));
	assert_false(match("192.0.2.1", "192.0.2.2"));
	assert_false(match("192.0.2.1", "fqdn:192.0.2.1"));
	assert_false(match("fqdn:a@b", "a@b"));
	assert_true(match("*.example", "gw.example"));
	assert_true(match("*.example", "a.gw.EXAMPLE"));
	assert_false(match("*.example", ".example"));
	assert_false(match("*.example", "example"));
	assert_false(match("*.example", "gwexample"));
	assert_false(match("*.example", "gw.example.org"));
	assert_true(match("*@example.org", "me@example.org"));
	assert_false(match("*@example.org", "@#00"));
	assert_false(match("*@example.org", "me@sub.example.org"));
	assert_true(match("@#4142", "keyid:AB"));
	assert_false(match("@#4142", "keyid:ab"));
	/* a NUL in a name fools nobody */
	assert_int_equal(ike_id_read(IKE_ID_FQDN,
				     ike_span("evil.org\0.example", 17), &nul,
				     NULL),
			 0);
	assert_false(ike_id_match(&p, &nul));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_text_bad),
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_match),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
