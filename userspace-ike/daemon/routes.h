/* SPDX-License-Identifier: MIT */
/*
 * Routes for what is behind the peers. One route may serve several policies
 * and goes with the last of them; routes of others are never touched.
 */
#ifndef DAEMON_ROUTES_H
#define DAEMON_ROUTES_H

#include <sys/queue.h>

#include "conn.h"
#include "route.h"

/* who made a route, so that people and we can tell: "ip route show proto 73" */
#define ROUTES_PROTO 73

struct routes_entry;

/* all routes we made, with an rtnetlink socket */
struct routes {
	struct ipsecx_nl *rt;
	LIST_HEAD(routes_entry_list, routes_entry) list;
};

/*
 * Route selectors into a device, with a preferred source address unless its
 * len is 0. A route that cannot be made is logged: the SAs are good without.
 */
void routes_add(struct routes *routes, uint32_t ifindex,
		const struct ike_addr *source, const struct ike_ts_list *list);
void routes_del(struct routes *routes, uint32_t ifindex,
		const struct ike_ts_list *list);
/* remove all that are left */
void routes_flush(struct routes *routes);

#endif
