// SPDX-License-Identifier: MIT
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "prefix.h"
#include "routes.h"

/* prefixes that one selector may be cut into, at most: ::1 to fff...e */
#define PREFIXES_MAX 254

/**
 * struct routes_entry - a route
 * @next: another one
 * @route: as it was added
 * @users: how many selectors need it
 */
struct routes_entry {
	LIST_ENTRY(routes_entry) next;
	struct ipsecx_route route;
	unsigned int users;
};

static struct routes_entry *find(struct routes *routes, uint32_t ifindex,
				 const struct prefix *prefix)
{
	struct routes_entry *e;

	LIST_FOREACH(e, &routes->list, next)
		if (e->route.ifindex == ifindex &&
		    e->route.prefix_len == prefix->len &&
		    e->route.dst.len == prefix->addr.len &&
		    !memcmp(e->route.dst.bytes, prefix->addr.bytes,
			    prefix->addr.len))
			return e;
	return NULL;
}

static void complain(struct routes *routes, const struct prefix *prefix,
		     int err)
{
	char text[INET6_ADDRSTRLEN] = "?";

	inet_ntop(prefix->addr.len == 4 ? AF_INET : AF_INET6,
		  prefix->addr.bytes, text, sizeof(text));
	log_warn(
		"no route to %s/%u was made: %s", text, prefix->len,
		err == -EEXIST ?
			"there is one that is not ours (routes = no to keep it)" :
			ipsecx_nl_error(routes->rt));
}

static void add_prefix(struct routes *routes, uint32_t ifindex,
		       const struct ipsecx_addr *source,
		       const struct prefix *prefix)
{
	struct routes_entry *e = find(routes, ifindex, prefix);
	int err;

	if (e) {
		e->users++;
		return;
	}
	e = calloc(1, sizeof(*e));
	if (!e)
		return;
	e->users = 1;
	e->route = (struct ipsecx_route){
		.dst = prefix->addr,
		.prefix_len = prefix->len,
		.ifindex = ifindex,
		.proto = ROUTES_PROTO,
	};
	if (source->len == prefix->addr.len)
		e->route.src = *source;
	/* one that a dead ipsecxd has left */
	ipsecx_route_del(routes->rt, &e->route);
	err = ipsecx_route_add(routes->rt, &e->route);
	if (err) {
		complain(routes, prefix, err);
		free(e);
		return;
	}
	LIST_INSERT_HEAD(&routes->list, e, next);
}

static void entry_free(struct routes *routes, struct routes_entry *e)
{
	ipsecx_route_del(routes->rt, &e->route);
	LIST_REMOVE(e, next);
	free(e);
}

static void del_prefix(struct routes *routes, uint32_t ifindex,
		       const struct prefix *prefix)
{
	struct routes_entry *e = find(routes, ifindex, prefix);

	if (!e || --e->users)
		return;
	entry_free(routes, e);
}

void routes_flush(struct routes *routes)
{
	struct routes_entry *e;

	while ((e = LIST_FIRST(&routes->list)))
		entry_free(routes, e);
}

void routes_add(struct routes *routes, uint32_t ifindex,
		const struct ipsecx_addr *source,
		const struct ike_ts_list *list)
{
	unsigned int i, n;

	for (i = 0; i < list->n; i++) {
		struct ike_ts left = list->ts[i];
		struct prefix prefix;

		for (n = 0; n < PREFIXES_MAX; n++) {
			prefix_first(&left, &prefix);
			add_prefix(routes, ifindex, source, &prefix);
			if (!prefix_cut(&left, &prefix))
				break;
		}
	}
}

void routes_del(struct routes *routes, uint32_t ifindex,
		const struct ike_ts_list *list)
{
	unsigned int i, n;

	for (i = 0; i < list->n; i++) {
		struct ike_ts left = list->ts[i];
		struct prefix prefix;

		for (n = 0; n < PREFIXES_MAX; n++) {
			prefix_first(&left, &prefix);
			del_prefix(routes, ifindex, &prefix);
			if (!prefix_cut(&left, &prefix))
				break;
		}
	}
}
