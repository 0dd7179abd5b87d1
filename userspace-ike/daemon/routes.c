// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "prefix.h"
#include "routes.h"
#include "selector.h"

/* prefixes that one selector may be cut into, at most: ::1 to fff...e */
#define PREFIXES_MAX 254

/* a route as it was added, and how many selectors need it */
struct routes_entry {
	LIST_ENTRY(routes_entry) next;
	struct ipsecx_route route;
	unsigned int users;
};

static struct routes_entry *find(struct routes *routes,
				 const struct ipsecx_route *route)
{
	struct routes_entry *e;

	LIST_FOREACH(e, &routes->list, next)
		if (e->route.ifindex == route->ifindex &&
		    e->route.prefix_len == route->prefix_len &&
		    !memcmp(&e->route.dst, &route->dst, sizeof(route->dst)))
			return e;
	return NULL;
}

static void complain(struct routes *routes, const struct ipsecx_route *route,
		     int err)
{
	struct ike_addr to = { .len = route->dst.len };
	char text[IKE_ADDR_TEXT_MAX];

	memcpy(to.ip, route->dst.bytes, to.len);
	log_warn(
		"no route to %s/%u was made: %s", ike_addr_print(&to, text),
		route->prefix_len,
		err == -EEXIST ?
			"there is one that is not ours (routes = no to keep it)" :
			ipsecx_nl_error(routes->rt));
}

static void add(struct routes *routes, const struct ipsecx_route *route)
{
	struct routes_entry *e = find(routes, route);
	int err;

	if (e) {
		e->users++;
		return;
	}
	/* one that a dead ipsecxd has left */
	ipsecx_route_del(routes->rt, route);
	err = ipsecx_route_add(routes->rt, route);
	if (err) {
		complain(routes, route, err);
		return;
	}
	e = calloc(1, sizeof(*e));
	if (!e) {
		ipsecx_route_del(routes->rt, route);
		return;
	}
	e->users = 1;
	e->route = *route;
	LIST_INSERT_HEAD(&routes->list, e, next);
}

static void entry_free(struct routes *routes, struct routes_entry *e)
{
	ipsecx_route_del(routes->rt, &e->route);
	LIST_REMOVE(e, next);
	free(e);
}

static void del(struct routes *routes, const struct ipsecx_route *route)
{
	struct routes_entry *e = find(routes, route);

	if (e && !--e->users)
		entry_free(routes, e);
}

void routes_flush(struct routes *routes)
{
	struct routes_entry *e;

	while ((e = LIST_FIRST(&routes->list)))
		entry_free(routes, e);
}

static void each(struct routes *routes, uint32_t ifindex,
		 const struct ike_addr *source, const struct ike_ts_list *list,
		 void (*fn)(struct routes *routes,
			    const struct ipsecx_route *route))
{
	unsigned int i, n;

	for (i = 0; i < list->n; i++) {
		struct ike_ts left = list->ts[i];
		struct ipsecx_route route = {
			.ifindex = ifindex,
			.proto = ROUTES_PROTO,
		};

		if (source && source->len == ike_ts_addr_len(&left))
			selector_addr(source, &route.src);
		for (n = 0; n < PREFIXES_MAX; n++) {
			prefix_first(&left, &route);
			fn(routes, &route);
			if (!prefix_cut(&left, &route))
				break;
		}
	}
}

void routes_add(struct routes *routes, uint32_t ifindex,
		const struct ike_addr *source, const struct ike_ts_list *list)
{
	each(routes, ifindex, source, list, add);
}

void routes_del(struct routes *routes, uint32_t ifindex,
		const struct ike_ts_list *list)
{
	each(routes, ifindex, NULL, list, del);
}
