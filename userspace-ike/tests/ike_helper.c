// SPDX-License-Identifier: MIT
#include <string.h>

#include "ike_helper.h"

static uint8_t nibble(char c)
{
	return (uint8_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
}

struct ike_span unhex(unsigned int slot, const char *hex)
{
	static uint8_t buf[8][2048];
	size_t len = strlen(hex) / 2;

	assert_true(slot < 8 && len <= sizeof(buf[0]) && strlen(hex) % 2 == 0);
	for (size_t i = 0; i < len; i++)
		buf[slot][i] = (uint8_t)(nibble(hex[2 * i]) << 4 |
					 nibble(hex[2 * i + 1]));
	return ike_span(buf[slot], len);
}

static int counting_fill(void *ctx, void *buf, size_t len)
{
	uint8_t *state = ctx, *p = buf;

	while (len--)
		*p++ = (*state)++;
	return 0;
}

struct ike_rng counting_rng(uint8_t *state)
{
	return (struct ike_rng){ .fill = counting_fill, .ctx = state };
}

static int fixed_fill(void *ctx, void *buf, size_t len)
{
	struct ike_span *octets = ctx;
	size_t skip = len > octets->len ? len - octets->len : 0;

	memset(buf, 0, skip);
	memcpy((uint8_t *)buf + skip, octets->p, len - skip);
	return 0;
}

struct ike_rng fixed_rng(struct ike_span *octets)
{
	return (struct ike_rng){ .fill = fixed_fill, .ctx = octets };
}

uint32_t dice(uint64_t *state, uint32_t limit)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return (uint32_t)(*state >> 32) % limit;
}
