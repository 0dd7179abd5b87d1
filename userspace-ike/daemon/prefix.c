// SPDX-License-Identifier: MIT
#include <string.h>

#include "prefix.h"

/* the last address of the prefix of @len bits that begins at @lo */
static void last_of(const uint8_t *lo, size_t octets, unsigned int len,
		    uint8_t *last)
{
	unsigned int i;

	memcpy(last, lo, octets);
	for (i = len; i < octets * 8; i++)
		last[i / 8] |= (uint8_t)(0x80 >> i % 8);
}

static unsigned int trailing_zeros(const uint8_t *lo, size_t octets)
{
	unsigned int n = 0, bits = (unsigned int)octets * 8;

	while (n < bits && !(lo[(bits - 1 - n) / 8] & 1 << n % 8))
		n++;
	return n;
}

void prefix_first(const struct ike_ts *ts, struct ipsecx_route *route)
{
	size_t octets = ike_ts_addr_len(ts);
	unsigned int bits = (unsigned int)octets * 8;
	uint8_t last[IKE_TS_V6_LEN];
	unsigned int len = bits - trailing_zeros(ts->lo, octets);

	for (len = len ? len : 1; len < bits; len++) {
		last_of(ts->lo, octets, len, last);
		if (memcmp(last, ts->hi, octets) <= 0)
			break;
	}
	route->prefix_len = (uint8_t)len;
	route->dst.len = (uint8_t)octets;
	memcpy(route->dst.bytes, ts->lo, octets);
}

bool prefix_cut(struct ike_ts *ts, const struct ipsecx_route *route)
{
	size_t i, octets = ike_ts_addr_len(ts);

	last_of(ts->lo, octets, route->prefix_len, ts->lo);
	if (memcmp(ts->lo, ts->hi, octets) >= 0)
		return false;
	for (i = octets; i-- > 0 && !++ts->lo[i];)
		;
	return true;
}
