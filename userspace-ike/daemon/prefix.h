/* SPDX-License-Identifier: MIT */
/* Ranges of addresses as prefixes, for routes. */
#ifndef DAEMON_PREFIX_H
#define DAEMON_PREFIX_H

#include <stdint.h>

#include "client.h"
#include "ts.h"

/**
 * struct prefix - an address prefix
 * @addr: network address
 * @len: bits that count
 */
struct prefix {
	struct ipsecx_addr addr;
	uint8_t len;
};

/**
 * prefix_first() - the largest prefix that a range begins with
 * @ts: range of addresses; the rest of a selector does not matter here
 * @prefix: takes it
 *
 * Everything, 0.0.0.0/0, comes as two halves: a route to each of them beats
 * the default route that outer packets still need.
 */
void prefix_first(const struct ike_ts *ts, struct prefix *prefix);

/**
 * prefix_cut() - take a prefix from the beginning of a range
 * @ts: range that prefix_first() was called on
 * @prefix: what it said
 *
 * Return: whether anything is left.
 */
bool prefix_cut(struct ike_ts *ts, const struct prefix *prefix);

#endif
