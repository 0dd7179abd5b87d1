// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ike_helper.h"
#include "ts.h"
#include "ts_list.h"

static struct ike_ts one(const char *text)
{
	struct ike_diag diag;
	struct ike_ts ts;

	if (ike_ts_parse(text, &ts, &diag))
		fail_msg("%s: %s", text, diag.text);
	return ts;
}

static struct ike_ts_list list(const char *text)
{
	struct ike_diag diag;
	struct ike_ts_list l;

	if (ike_ts_list_parse(text, &l, &diag))
		fail_msg("%s: %s", text, diag.text);
	return l;
}

static const char *const texts[][2] = {
	{ "10.1.0.0/16", "10.1.0.0/16" },
	{ "10.0.0.1", "10.0.0.1" },
	{ "10.0.0.1/32", "10.0.0.1" },
	{ "0.0.0.0/0", "0.0.0.0/0" },
	{ "10.0.0.1-10.0.0.9", "10.0.0.1-10.0.0.9" },
	{ "10.0.0.0-10.0.0.255", "10.0.0.0/24" },
	{ "0.0.0.0-255.255.255.255", "0.0.0.0/0" },
	{ "255.255.255.255", "255.255.255.255" },
	{ "fd00::/8", "fd00::/8" },
	{ "::/0", "::/0" },
	{ "2001:db8::1-2001:db8::5", "2001:db8::1-2001:db8::5" },
	{ "2001:db8::1", "2001:db8::1" },
	{ "10.1.0.0/16[udp/53]", "10.1.0.0/16[udp/53]" },
	{ "10.1.0.0/16[tcp/1024-65535]", "10.1.0.0/16[tcp/1024-65535]" },
	{ "10.1.0.0/16[tcp]", "10.1.0.0/16[tcp]" },
	{ "10.1.0.0/16[6/0-65535]", "10.1.0.0/16[tcp]" },
	{ "10.1.0.0/16[200]", "10.1.0.0/16[200]" },
	{ "10.1.0.0/16[any]", "10.1.0.0/16" },
	{ "10.0.0.1[icmp/8]", "10.0.0.1[icmp/8]" },
	{ "::1[icmpv6/128-129]", "::1[icmpv6/128-129]" },
	{ "10.0.0.1[udp/opaque]", "10.0.0.1[udp/opaque]" },
};

static void test_text(void **state)
{
	char text[IKE_TS_TEXT_MAX];

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct ike_ts ts = one(texts[i][0]);

		ike_ts_print(&ts, text, sizeof(text));
		assert_string_equal(text, texts[i][1]);
	}
}

static const char *const bad[][2] = {
	{ "", "no IP address" },
	{ "10.1", "no IP address" },
	{ "example.org", "no IP address" },
	{ "10.1.0.0/33", "prefix" },
	{ "10.1.0.0/", "prefix" },
	{ "10.1.0.0/-1", "prefix" },
	{ "10.1.0.0/4294967297", "prefix" },
	{ "fd00::/129", "prefix" },
	{ "10.1.2.3/16", "beyond its prefix" },
	{ "10.0.0.9-10.0.0.1", "ends before" },
	{ "10.0.0.9-fd00::1", "end with" },
	{ "10.0.0.9-", "end with" },
	{ "10.0.0.0/8-10.0.0.9", "prefix" },
	{ "10.0.0.1[", "\"]\" is missing" },
	{ "10.0.0.1[tcp", "\"]\" is missing" },
	{ "10.0.0.1[]", "no protocol" },
	{ "10.0.0.1[tpc]", "no protocol" },
	{ "10.0.0.1[256]", "no protocol" },
	{ "10.0.0.1[tcp/]", "port" },
	{ "10.0.0.1[tcp/65536]", "port" },
	{ "10.0.0.1[tcp/9-8]", "port" },
	{ "10.0.0.1[icmp/256]", "port" },
	{ "10.0.0.1[any/5]", "need a protocol" },
};

static void test_text_bad(void **state)
{
	char long_text[300];
	struct ike_diag diag;
	struct ike_ts ts;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(ike_ts_parse(bad[i][0], &ts, &diag), -EINVAL);
		if (!strstr(diag.text, bad[i][1]))
			fail_msg("%s: %s", bad[i][0], diag.text);
	}
	ike_ts_parse("10.1.2.3/16", &ts, &diag);
	assert_string_equal(diag.hint, "did you mean \"10.1.0.0/16\"?");
	memset(long_text, '1', sizeof(long_text));
	long_text[299] = '\0';
	assert_int_equal(ike_ts_parse(long_text, &ts, &diag), -EINVAL);
}

static void test_list_text(void **state)
{
	struct ike_ts_list l = list(" 10.0.0.1, fd00::/8\t10.2.0.0/16[udp] ");
	char text[IKE_TS_MAX * 12 + 32] = "10.0.0.1";
	struct ike_diag diag;

	assert_int_equal(l.n, 3);
	assert_int_equal(l.ts[2].proto, 17);
	assert_int_equal(ike_ts_list_parse(" ,", &l, &diag), -EINVAL);
	for (int i = 1; i < IKE_TS_MAX; i++)
		strcat(text, ",10.0.0.1");
	assert_int_equal(ike_ts_list_parse(text, &l, &diag), 0);
	strcat(text, ",10.0.0.1");
	assert_int_equal(ike_ts_list_parse(text, &l, &diag), -EINVAL);
}

static void test_wire(void **state)
{
	struct ike_ts_list l = list("10.0.0.1[udp/opaque], fd00::/8, "
				    "10.2.0.0-10.2.0.7[tcp/5-9]");
	struct ike_ts_list again;
	uint8_t buf[256];
	struct ike_writer w = { .buf = buf, .cap = sizeof(buf) };
	struct ike_diag diag;

	ike_ts_list_write(&w, &l);
	assert_false(w.failed);
	assert_int_equal(w.len, 4 + 16 + 40 + 16);
	assert_int_equal(ike_ts_list_read(ike_span(buf, w.len), &again, &diag),
			 0);
	assert_int_equal(again.n, l.n);
	for (unsigned int i = 0; i < l.n; i++)
		assert_true(ike_ts_equal(&l.ts[i], &again.ts[i]));
	for (size_t len = 0; len < w.len; len++) {
		uint8_t *copy = malloc(len + 1);

		assert_non_null(copy);
		memcpy(copy, buf, len);
		assert_int_equal(ike_ts_list_read(ike_span(copy, len), &again,
						  &diag), -EPROTO);
		free(copy);
	}
}

static const struct {
	const char *hex;
	int n;	/* selectors, -1: refused */
} wires[] = {
	{ "", -1 },
	{ "00000000", -1 },
	{ "01000000", -1 },
	{ "01000000070000100000ffff0a0000000a0000ff", 1 },
	{ "02000000070000100000ffff0a0000000a0000ff", -1 },
	{ "ff000000070000100000ffff0a0000000a0000ff", -1 },
	{ "00000000070000100000ffff0a0000000a0000ff", -1 },
	{ "01000000070000100000ffff0a0000000a0000ff00", -1 },
	{ "010000000700000f0000ffff0a0000000a0000ff", -1 },
	{ "01000000070000000000ffff0a0000000a0000ff", -1 },
	{ "01000000070000030000ffff0a0000000a0000ff", -1 },
	{ "0100000007000004", -1 },
	{ "01000000080000100000ffff0a0000000a0000ff", -1 },
	{ "01000000070000100000ffff0a0000ff0a000000", -1 },	/* lo > hi */
	{ "0100000007060010000500040a0000000a0000ff", -1 },
	{ "0100000007060010ffff00000a0000000a0000ff", 1 },	/* OPAQUE */
	{ "0100000009000004", 0 },				/* unknown type */
	{ "020000000900000800000000070000100000ffff0a0000000a0000ff", 1 },
};

static void test_wire_bad(void **state)
{
	for (size_t i = 0; i < sizeof(wires) / sizeof(wires[0]); i++) {
		struct ike_ts_list l;
		struct ike_diag diag;
		int err = ike_ts_list_read(unhex(0, wires[i].hex), &l, &diag);

		if ((err ? -1 : (int)l.n) != wires[i].n)
			fail_msg("%s", wires[i].hex);
	}
}

static void narrow_is(const char *mine, const char *theirs, const char *want)
{
	struct ike_ts_list m = list(mine), t = list(theirs), out;
	struct ike_diag diag;
	char text[512];

	assert_int_equal(ike_ts_list_narrow(&m, &t, &out, &diag), 0);
	ike_ts_list_print(&out, text, sizeof(text));
	assert_string_equal(text, want);
	assert_true(ike_ts_list_covers(&t, &out));
	assert_true(ike_ts_list_covers(&m, &out));
}

static void test_narrow(void **state)
{
	struct ike_ts_list m, t, out;
	struct ike_diag diag;

	narrow_is("10.1.0.0/16", "0.0.0.0/0", "10.1.0.0/16");
	narrow_is("0.0.0.0/0", "10.1.0.0/16", "10.1.0.0/16");
	narrow_is("10.1.0.0/16, fd00::/8", "::/0, 0.0.0.0/0",
		  "fd00::/8, 10.1.0.0/16");
	narrow_is("10.1.0.0/16[tcp]", "10.1.5.0/24", "10.1.5.0/24[tcp]");
	narrow_is("10.1.0.0/16[tcp/20-30]", "10.1.0.0/16[tcp/25-99]",
		  "10.1.0.0/16[tcp/25-30]");
	narrow_is("10.0.0.5-10.0.0.20", "10.0.0.10-10.0.0.30",
		  "10.0.0.10-10.0.0.20");
	/* the packet that asked for the SA, and the range it came from */
	narrow_is("10.1.0.0/16", "10.1.0.7[udp/53], 10.1.0.0/24", "10.1.0.0/24");
	narrow_is("10.1.0.0/24, 10.2.0.0/24", "10.2.0.7[udp/53], 10.0.0.0/8",
		  "10.2.0.0/24, 10.1.0.0/24");
	narrow_is("10.1.0.0/16[udp]", "10.1.0.1[udp/opaque]",
		  "10.1.0.1[udp/opaque]");

	m = list("10.1.0.0/16");
	t = list("10.2.0.0/16, fd00::/8");
	assert_int_equal(ike_ts_list_narrow(&m, &t, &out, &diag), -ENOENT);
	assert_int_equal(diag.notify, IKE_N_TS_UNACCEPTABLE);
	assert_string_equal(diag.text, "no common traffic: we allow 10.1.0.0/16, "
			    "the peer asks for 10.2.0.0/16, fd00::/8");
	m = list("10.1.0.0/16[udp/53]");
	t = list("10.1.0.1[udp/opaque]");
	assert_int_equal(ike_ts_list_narrow(&m, &t, &out, &diag), -ENOENT);
	t.n = 0;
	assert_int_equal(ike_ts_list_narrow(&m, &t, &out, &diag), -ENOENT);
}

/* a small world: sixteen addresses, three protocols, sixteen ports */
static struct ike_ts random_ts(uint64_t *dice_state)
{
	static const uint8_t protos[] = { 0, 6, 17 };
	struct ike_ts ts = { .type = IKE_TS_IPV4_ADDR_RANGE };
	uint32_t a = dice(dice_state, 16), b = dice(dice_state, 16);
	uint32_t p = dice(dice_state, 16), q = dice(dice_state, 16);

	ike_put32(ts.lo, 0x0a000000 + (a < b ? a : b));
	ike_put32(ts.hi, 0x0a000000 + (a < b ? b : a));
	ts.proto = protos[dice(dice_state, 3)];
	ts.port_lo = (uint16_t)(ts.proto ? (p < q ? p : q) : 0);
	ts.port_hi = (uint16_t)(ts.proto ? (p < q ? q : p) : UINT16_MAX);
	if (!dice(dice_state, 20))
		ts.type = IKE_TS_IPV6_ADDR_RANGE;
	return ts;
}

static bool matches(const struct ike_ts_list *l, uint32_t addr, uint8_t proto,
		    uint16_t port)
{
	for (unsigned int i = 0; i < l->n; i++) {
		const struct ike_ts *ts = &l->ts[i];

		if (ts->type == IKE_TS_IPV4_ADDR_RANGE &&
		    ike_get32(ts->lo) <= addr && addr <= ike_get32(ts->hi) &&
		    (!ts->proto || ts->proto == proto) &&
		    ts->port_lo <= port && port <= ts->port_hi)
			return true;
	}
	return false;
}

/* a packet matches the narrowed list if and only if it matches both */
static void test_narrow_brute(void **state)
{
	uint64_t seed = 0x9e3779b97f4a7c15;

	for (int round = 0; round < 3000; round++) {
		struct ike_ts_list m = { .n = 1 + dice(&seed, 4) };
		struct ike_ts_list t = { .n = 1 + dice(&seed, 4) };
		struct ike_ts_list out;

		for (unsigned int i = 0; i < m.n; i++)
			m.ts[i] = random_ts(&seed);
		for (unsigned int i = 0; i < t.n; i++)
			t.ts[i] = random_ts(&seed);
		ike_ts_list_narrow(&m, &t, &out, NULL);
		for (uint32_t addr = 0x0a000000; addr < 0x0a000010; addr++)
			for (uint8_t proto = 6; proto <= 17; proto += 11)
				for (uint16_t port = 0; port < 16; port++)
					assert_true((matches(&m, addr, proto, port) &&
						     matches(&t, addr, proto, port)) ==
						    matches(&out, addr, proto, port));
		/* no selector of the result is inside another */
		for (unsigned int i = 0; i < out.n; i++)
			for (unsigned int j = 0; j < out.n; j++)
				assert_true(i == j ||
					    !ike_ts_covers(&out.ts[i], &out.ts[j]));
	}
}

/* covers says what trying every packet says */
static void test_covers_brute(void **state)
{
	uint64_t seed = 42;

	for (int round = 0; round < 3000; round++) {
		struct ike_ts_list a = { .n = 1, .ts = { random_ts(&seed) } };
		struct ike_ts_list b = { .n = 1, .ts = { random_ts(&seed) } };
		bool all = a.ts[0].type == b.ts[0].type;

		if (b.ts[0].type != IKE_TS_IPV4_ADDR_RANGE)
			continue;
		/* a selector of every protocol is more than the two we try */
		if (!b.ts[0].proto && a.ts[0].proto)
			all = false;
		for (uint32_t addr = 0x0a000000; all && addr < 0x0a000010; addr++)
			for (uint8_t proto = 6; proto <= 17; proto += 11)
				for (uint16_t port = 0; port < 16; port++)
					if (matches(&b, addr, proto, port) &&
					    !matches(&a, addr, proto, port))
						all = false;
		assert_true(all == ike_ts_covers(&a.ts[0], &b.ts[0]));
	}
}

static void test_substitute(void **state)
{
	struct ike_ts_list l = list("192.168.1.2[udp/500], 192.168.1.0/24, "
				    "192.168.1.2, fd00::1");
	static const uint8_t from[] = { 192, 168, 1, 2 }, to[] = { 203, 0, 113, 5 };
	struct ike_ts host;
	char text[128];

	assert_int_equal(ike_ts_list_substitute(&l, from, to, 4), 2);
	ike_ts_list_print(&l, text, sizeof(text));
	assert_string_equal(text, "203.0.113.5[udp/500], 192.168.1.0/24, "
			    "203.0.113.5, fd00::1");
	ike_ts_host(&host, to, 4);
	assert_true(ike_ts_equal(&host, &l.ts[2]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_text_bad),
		cmocka_unit_test(test_list_text),
		cmocka_unit_test(test_wire),
		cmocka_unit_test(test_wire_bad),
		cmocka_unit_test(test_narrow),
		cmocka_unit_test(test_narrow_brute),
		cmocka_unit_test(test_covers_brute),
		cmocka_unit_test(test_substitute),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
