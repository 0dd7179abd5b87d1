// SPDX-License-Identifier: MIT
/*
 * Traffic selectors and identities from text. Two lists of selectors with a
 * line feed between them are also narrowed.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "id.h"
#include "ts.h"
#include "../tests/ts_list.h"

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	fuzz_seed_text("10.1.0.0/16, fd00::/8\n10.1.0.0/24[udp/53]");
	fuzz_seed_text("10.0.0.1-10.0.0.9[tcp/1-99]\n0.0.0.0/0 ::/0");
	fuzz_seed_text("10.0.0.1[icmp/8],::1[icmpv6/opaque]");
	fuzz_seed_text("me@example.org\n*@example.org");
	fuzz_seed_text("keyid:#c0ffee");
	fuzz_seed_text("fqdn:192.0.2.1\n%any");
	return 0;
}

static bool ts_parse(const char *text, struct ike_ts_list *list)
{
	char printed[IKE_TS_TEXT_MAX];
	struct ike_diag diag = { .notify = 0 };
	struct ike_ts again;

	if (ike_ts_list_parse(text, list, &diag)) {
		REQUIRE(diag.text[0]);
		return false;
	}
	for (unsigned int i = 0; i < list->n; i++) {
		ike_ts_print(&list->ts[i], printed, sizeof(printed));
		REQUIRE(!ike_ts_parse(printed, &again, NULL));
		REQUIRE(ike_ts_equal(&list->ts[i], &again));
	}
	return true;
}

static void narrow(const struct ike_ts_list *a, const struct ike_ts_list *b)
{
	struct ike_ts_list ab, ba;
	struct ike_diag diag;
	int err = ike_ts_list_narrow(a, b, &ab, &diag);

	REQUIRE(!err == !ike_ts_list_narrow(b, a, &ba, &diag));
	if (err) {
		REQUIRE(diag.text[0] && diag.notify == IKE_N_TS_UNACCEPTABLE);
		return;
	}
	REQUIRE(ike_ts_list_covers(a, &ab) && ike_ts_list_covers(b, &ab));
	if (ab.n < IKE_TS_MAX && ba.n < IKE_TS_MAX) {
		REQUIRE(ike_ts_list_covers(&ab, &ba));
		REQUIRE(ike_ts_list_covers(&ba, &ab));
	}
}

static bool id_parse(const char *text, struct ike_id *id)
{
	char printed[IKE_ID_TEXT_MAX];
	struct ike_diag diag = { .notify = 0 };
	struct ike_id again;

	if (ike_id_parse(text, id, &diag)) {
		REQUIRE(diag.text[0]);
		return false;
	}
	ike_id_print(id, printed, sizeof(printed));
	REQUIRE(!ike_id_parse(printed, &again, &diag));
	REQUIRE(ike_id_equal(id, &again));
	REQUIRE(ike_id_match(id, id) || ike_id_is_pattern(id));
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *text = malloc(len + 1), *second;
	struct ike_ts_list a, b;
	struct ike_id id, pattern;

	REQUIRE(text);
	memcpy(text, data, len);
	text[len] = '\0';
	second = strchr(text, '\n');
	if (second)
		*second++ = '\0';
	if (ts_parse(text, &a) && second && ts_parse(second, &b))
		narrow(&a, &b);
	if (id_parse(text, &id) && second && id_parse(second, &pattern))
		ike_id_match(&pattern, &id);
	free(text);
	return 0;
}
