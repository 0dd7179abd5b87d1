// SPDX-License-Identifier: MIT
/* What the file wants: devices and routes at once, connections in the engine. */
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon.h"
#include "log.h"
#include "selector.h"

static void child_open(struct daemon *d, const struct config_child *child)
{
	struct kern_device dev = {
		.name = child->device,
		.link = child->link,
		.mtu = child->mtu,
	};
	struct ipsecx_addr source = { 0 };
	struct ike_diag diag;

	/* not the end: it is tried again when an SA needs it */
	if (kern_device_ready(d->kern, &dev, &diag))
		log_diag(LOG_ERR, child->name, &diag);
	if (child->source.sa.sa_family)
		selector_addr(&child->source, &source);
	if (child->routes)
		kern_routes_add(d->kern, child->device, &source,
				&child->remote_ts);
}

static void child_close(struct daemon *d, const struct config_child *child)
{
	if (child->routes)
		kern_routes_del(d->kern, child->device, &child->remote_ts);
}

static void each_child(struct daemon *d, const struct config_conn *conn,
		       void (*fn)(struct daemon *d,
				  const struct config_child *child))
{
	const struct config_child *child;

	STAILQ_FOREACH(child, &conn->children, next)
		fn(d, child);
}

void wanted_open(struct daemon *d, const struct config *config)
{
	const struct config_conn *conn;

	STAILQ_FOREACH(conn, &config->conns, next)
		each_child(d, conn, child_open);
}

void wanted_close(struct daemon *d, const struct config *config)
{
	const struct config_conn *conn;

	STAILQ_FOREACH(conn, &config->conns, next)
		each_child(d, conn, child_close);
}

/* on which interface and with which mark the peer is to be looked for */
static void probe_options(const struct daemon *d,
			  const struct config_conn *from, int fd)
{
	const struct config_child *child;
	uint32_t mark = d->config->net.fwmark;

	if (mark)
		setsockopt(fd, SOL_SOCKET, SO_MARK, &mark, sizeof(mark));
	STAILQ_FOREACH(child, &from->children, next) {
		if (!child->link[0])
			continue;
		setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, child->link,
			   (socklen_t)strlen(child->link));
		return;
	}
}

/*
 * Our address towards a peer, as routing has it: NAT detection and identities
 * want to know it before the first message is sent. While there is no route
 * the last one stays: a tunnel outlives a cable that is plugged elsewhere.
 */
static void conn_source(const struct daemon *d, struct config_conn *from)
{
	union net_addr remote = from->remote, local;
	socklen_t len = sizeof(local);
	int fd;

	net_addr_set_port(&remote, 500);
	fd = socket(remote.sa.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	probe_options(d, from, fd);
	if (!connect(fd, &remote.sa, sizeof(remote)) &&
	    !getsockname(fd, &local.sa, &len)) {
		net_addr_set_port(&local, 0);
		from->source = local;
	}
	close(fd);
}

static void conn_child(const struct config_child *from,
		       struct ike_child_conf *to)
{
	memcpy(to->name, from->name, sizeof(to->name));
	to->local_ts = from->local_ts;
	to->remote_ts = from->remote_ts;
	to->esp = from->esp;
	to->transport = from->transport;
	to->start = from->start;
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
	memcpy(conn->name, from->name, sizeof(conn->name));
	if (!from->local.sa.sa_family && from->remote.sa.sa_family)
		conn_source(d, from);
	world_addr_from_net(from->local.sa.sa_family ? &from->local :
						       &from->source,
			    &conn->local);
	world_addr_from_net(&from->remote, &conn->remote);
	conn->local_id = from->local_id;
	conn->remote_id = from->remote_id;
	conn->psk_len = from->psk_len;
	memcpy(conn->psk, from->psk, from->psk_len);
	conn->ike = from->ike;
	conn->encap = from->encap ? IKE_ENCAP_YES : IKE_ENCAP_AUTO;
	conn->dpd = from->dpd;
	n = 0;
	STAILQ_FOREACH(child, &from->children, next)
		conn_child(child, &conn->children[n++]);
	return conn;
}

static bool same_addr(const union net_addr *a, const union net_addr *b)
{
	return a->sa.sa_family == b->sa.sa_family &&
	       (!a->sa.sa_family || net_addr_same_host(a, b));
}

static bool same_child(const struct config_child *a,
		       const struct config_child *b)
{
	return !strcmp(a->device, b->device) && !strcmp(a->link, b->link) &&
	       a->routes == b->routes && a->mtu == b->mtu &&
	       a->replay_window == b->replay_window &&
	       same_addr(&a->source, &b->source);
}

/* what the engine cannot see differs */
static bool differs(const struct config_conn *conn, const struct config *old)
{
	const struct config_conn *was = config_conn_find(old, conn->name);
	const struct config_child *child, *c;

	if (!was)
		return false;
	STAILQ_FOREACH(child, &conn->children, next) {
		c = config_child_find(was, child->name);
		if (c && !same_child(child, c))
			return true;
	}
	return false;
}

/* without a route just now, a reload is no reason to forget our address */
static void inherit(struct config_conn *conn, const struct config *old)
{
	const struct config_conn *was = config_conn_find(old, conn->name);

	if (was && same_addr(&conn->remote, &was->remote))
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
				from->name);
	}
	return conns;
}
