// SPDX-License-Identifier: MIT
/* What the file wants: devices and routes at once, connections in the engine. */
#include <stdlib.h>

#include "daemon.h"
#include "log.h"

static void each_child(struct daemon *d, const struct config *config,
		       void (*fn)(struct kern *kern,
				  const struct config_child *child))
{
	const struct config_child *child;
	const struct config_conn *conn;

	STAILQ_FOREACH(conn, &config->conns, next)
		STAILQ_FOREACH(child, &conn->children, next)
			fn(d->kern, child);
}

void wanted_open(struct daemon *d, const struct config *config)
{
	each_child(d, config, kern_want);
}

void wanted_close(struct daemon *d, const struct config *config)
{
	each_child(d, config, kern_unwant);
}

/*
 * NAT detection and identities want to know our address before the first
 * message is sent. While there is no route the last one stays: a tunnel
 * outlives a cable that is plugged elsewhere.
 */
static void conn_source(const struct daemon *d, struct config_conn *from)
{
	const struct config_child *child;
	const char *link = "";

	STAILQ_FOREACH(child, &from->children, next)
		if (child->link[0] && !link[0])
			link = child->link;
	net_source(&from->ike.remote, d->config->net.fwmark, link,
		   &from->source);
}

static struct ike_conn *conn_make(const struct daemon *d,
				  struct config_conn *from)
{
	const struct config_child *child;
	struct ike_conn *conn;
	unsigned int n = 0;

	STAILQ_FOREACH(child, &from->children, next)
		n++;
	conn = ike_conn_new(n);
	if (!conn)
		return NULL;
	*conn = from->ike;
	conn->n_children = n;
	if (!from->ike.local.len) {
		if (from->ike.remote.len)
			conn_source(d, from);
		conn->local = from->source;
	}
	n = 0;
	STAILQ_FOREACH(child, &from->children, next)
		conn->children[n++] = child->ike;
	return conn;
}

static bool same_child(const struct config_child *a,
		       const struct config_child *b)
{
	return !strcmp(a->device, b->device) && !strcmp(a->link, b->link) &&
	       a->routes == b->routes && a->mtu == b->mtu &&
	       a->replay_window == b->replay_window &&
	       ike_addr_same_host(&a->source, &b->source);
}

/* what the engine cannot see differs */
static bool differs(const struct config_conn *conn, const struct config *old)
{
	const struct config_conn *was = config_conn_find(old, conn->ike.name);
	const struct config_child *child, *c;

	if (!was)
		return false;
	STAILQ_FOREACH(child, &conn->children, next) {
		c = config_child_find(was, child->ike.name);
		if (c && !same_child(child, c))
			return true;
	}
	return false;
}

/* without a route just now, a reload is no reason to forget our address */
static void inherit(struct config_conn *conn, const struct config *old)
{
	const struct config_conn *was = config_conn_find(old, conn->ike.name);

	if (was && ike_addr_same_host(&conn->ike.remote, &was->ike.remote))
		conn->source = was->source;
}

struct ike_conn **wanted_conns(struct daemon *d, const struct config *config,
			       const struct config *old)
{
	struct ike_conn **conns = calloc(config->n_conns + 1, sizeof(*conns));
	struct config_conn *from;
	unsigned int n = 0;

	if (!conns)
		return NULL;
	STAILQ_FOREACH(from, &config->conns, next) {
		if (old)
			inherit(from, old);
		if (old && differs(from, old)) {
			n++;
			continue;
		}
		conns[n] = conn_make(d, from);
		if (!conns[n++])
			log_err("connection \"%s\": out of memory, or too many children",
				from->ike.name);
	}
	return conns;
}
