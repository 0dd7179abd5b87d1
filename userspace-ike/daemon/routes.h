/* SPDX-License-Identifier: MIT */
/*
 * Routes for what is behind the peers. One route may serve several policies
 * and goes with the last of them; routes of others are never touched.
 */
#ifndef DAEMON_ROUTES_H
#define DAEMON_ROUTES_H

#include <sys/queue.h>

#include "route.h"
#include "ts.h"

/* who made a route, so that people and we can tell: "ip route show proto 73" */
#define ROUTES_PROTO 73

struct routes_entry;

/**
 * struct routes - all routes we made
 * @rt: rtnetlink socket
 * @list: the routes
 */
struct routes {
	struct ipsecx_nl *rt;
	LIST_HEAD(routes_entry_list, routes_entry) list;
};

/**
 * routes_add() - route selectors into a device
 * @routes: all routes
 * @ifindex: the device
 * @source: preferred source address, len 0 for none
 * @list: selectors
 *
 * A route that cannot be made is logged: the SAs are good without it.
 */
void routes_add(struct routes *routes, uint32_t ifindex,
		const struct ipsecx_addr *source,
		const struct ike_ts_list *list);

/* the inverse, with the same arguments */
void routes_del(struct routes *routes, uint32_t ifindex,
		const struct ike_ts_list *list);

/* remove all that are left */
void routes_flush(struct routes *routes);

#endif
