// SPDX-License-Identifier: MIT
/* Ranges become prefixes that cover them exactly, and selectors of pairs. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../daemon/prefix.h"
#include "../daemon/selector.h"
#include "ts_list.h"

static void expect(const char *range, const char *const *prefixes)
{
	struct ipsecx_route route;
	struct ike_ts ts, want;
	bool left = true;

	assert_int_equal(ike_ts_parse(range, &ts, NULL), 0);
	for (; *prefixes; prefixes++) {
		assert_true(left);
		assert_int_equal(ike_ts_parse(*prefixes, &want, NULL), 0);
		prefix_first(&ts, &route);
		assert_memory_equal(route.dst.bytes, want.lo,
				    route.dst.len);
		assert_int_equal(route.prefix_len, atoi(strchr(*prefixes, '/') + 1));
		left = prefix_cut(&ts, &route);
	}
	assert_false(left);
}

static void test_known(void **state)
{
	expect("10.1.0.0/16", (const char *[]){ "10.1.0.0/16", NULL });
	expect("10.0.0.1", (const char *[]){ "10.0.0.1/32", NULL });
	expect("10.0.0.1-10.0.0.9",
	       (const char *[]){ "10.0.0.1/32", "10.0.0.2/31", "10.0.0.4/30",
				 "10.0.0.8/31", NULL });
	expect("0.0.0.0/0",
	       (const char *[]){ "0.0.0.0/1", "128.0.0.0/1", NULL });
	expect("::/0", (const char *[]){ "::/1", "8000::/1", NULL });
	expect("fd00::ff-fd00::100",
	       (const char *[]){ "fd00::ff/128", "fd00::100/128", NULL });
	expect("255.255.255.254-255.255.255.255",
	       (const char *[]){ "255.255.255.254/31", NULL });
}

/* against arithmetic: prefixes are aligned, adjacent, and end at the end */
static void test_random(void **state)
{
	struct ike_ts ts = { .type = IKE_TS_IPV4_ADDR_RANGE };
	struct ipsecx_route route;
	uint64_t lo, hi, at;
	int i;

	srand(1);
	for (i = 0; i < 2000; i++) {
		lo = (uint32_t)rand() * 2u >> rand() % 32;
		hi = lo + ((uint32_t)rand() >> rand() % 32);
		if (hi > UINT32_MAX)
			hi = UINT32_MAX;
		ike_put32(ts.lo, (uint32_t)lo);
		ike_put32(ts.hi, (uint32_t)hi);
		for (at = lo;;) {
			prefix_first(&ts, &route);
			assert_int_equal(ike_get32(route.dst.bytes), at);
			assert_int_equal(at % (1ull << (32 - route.prefix_len)), 0);
			at += 1ull << (32 - route.prefix_len);
			if (!prefix_cut(&ts, &route))
				break;
		}
		assert_int_equal(at, hi + 1);
	}
}

static int fill(struct ipsecx_policy *policy, const char *local,
		const char *remote, struct ike_diag *diag)
{
	struct ike_ts_list l, r;

	assert_int_equal(ike_ts_list_parse(local, &l, NULL), 0);
	assert_int_equal(ike_ts_list_parse(remote, &r, NULL), 0);
	memset(policy, 0, sizeof(*policy));
	return selector_fill(policy, &l, &r, diag);
}

static void test_selectors(void **state)
{
	struct ipsecx_policy policy;
	struct ike_diag diag;

	assert_int_equal(fill(&policy, "10.1.0.0/16, fd00::/64",
			      "10.2.0.0/16, 10.3.0.0/16, fd01::/64", &diag),
			 0);
	assert_int_equal(policy.n_selector, 3);
	assert_int_equal(policy.selector[2].remote_start.len, 16);
	assert_int_equal(
		fill(&policy, "10.1.0.0/16[tcp/80]", "10.2.0.0/16", &diag), 0);
	assert_int_equal(policy.selector[0].protocol, 6);
	assert_true(policy.selector[0].has &
		    IPSECX_HAS(SELECTOR_LOCAL_PORT_START));
	assert_false(policy.selector[0].has &
		     IPSECX_HAS(SELECTOR_REMOTE_PORT_START));
	assert_int_equal(policy.selector[0].local_port_end, 80);
	/* no pair can meet; a port where there is none; too many */
	assert_int_equal(fill(&policy, "10.0.0.0/8", "fd00::/8", &diag),
			 -EOPNOTSUPP);
	assert_int_equal(fill(&policy, "10.0.0.0/8[tcp]", "11.0.0.0/8[udp]",
			      &diag),
			 -EOPNOTSUPP);
	assert_int_equal(fill(&policy, "10.0.0.0/8[gre/8]", "11.0.0.0/8",
			      &diag),
			 -EOPNOTSUPP);
	assert_int_equal(fill(&policy, "10.0.0.0/8[icmp/opaque]", "11.0.0.0/8",
			      &diag),
			 -EOPNOTSUPP);
	assert_int_equal(fill(&policy, "10.0.0.0/8[icmp/8]", "11.0.0.0/8",
			      &diag),
			 0);
	assert_int_equal(policy.selector[0].local_port_start, 0x800);
	assert_int_equal(policy.selector[0].local_port_end, 0x8ff);
}

static void test_too_many(void **state)
{
	struct ipsecx_policy policy = { 0 };
	struct ike_ts_list list = { .n = 9 };
	struct ike_diag diag;
	unsigned int i;

	for (i = 0; i < list.n; i++)
		ike_ts_host(&list.ts[i], &i, 4);
	assert_int_equal(selector_fill(&policy, &list, &list, &diag),
			 -EOPNOTSUPP);
	list.n = 8;
	assert_int_equal(selector_fill(&policy, &list, &list, &diag), 0);
	assert_int_equal(policy.n_selector, 64);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_selectors),
		cmocka_unit_test(test_too_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
