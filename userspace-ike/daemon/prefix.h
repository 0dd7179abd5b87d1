/* SPDX-License-Identifier: MIT */
/* Ranges of addresses as prefixes, for routes. */
#ifndef DAEMON_PREFIX_H
#define DAEMON_PREFIX_H

#include "route.h"
#include "ts.h"

/*
 * The largest prefix that a range begins with, as the destination of a route;
 * the rest of a selector does not matter here. Everything, 0.0.0.0/0, comes as
 * two halves: a route to each of them beats the default route that outer
 * packets still need.
 */
void prefix_first(const struct ike_ts *ts, struct ipsecx_route *route);
/* take it from the range. Return: whether anything is left */
bool prefix_cut(struct ike_ts *ts, const struct ipsecx_route *route);

#endif
