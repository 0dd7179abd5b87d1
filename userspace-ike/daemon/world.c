// SPDX-License-Identifier: MIT
/* What the engine asks of the world, done with sockets and the kernel. */
#include <errno.h>
#include <stdlib.h>

#include "daemon.h"
#include "log.h"
#include "notify.h"
#include "selector.h"

/* ---- addresses ---- */

void world_addr_to_net(const struct ike_addr *from, union net_addr *to)
{
	memset(to, 0, sizeof(*to));
	if (from->len == 16) {
		to->v6.sin6_family = AF_INET6;
		memcpy(&to->v6.sin6_addr, from->ip, 16);
	} else {
		to->v4.sin_family = AF_INET;
		memcpy(&to->v4.sin_addr, from->ip, from->len);
	}
	net_addr_set_port(to, from->port);
}

void world_addr_from_net(const union net_addr *from, struct ike_addr *to)
{
	memset(to, 0, sizeof(*to));
	if (from->sa.sa_family == AF_INET6) {
		to->len = 16;
		memcpy(to->ip, &from->v6.sin6_addr, 16);
	} else if (from->sa.sa_family == AF_INET) {
		to->len = 4;
		memcpy(to->ip, &from->v4.sin_addr, 4);
	} else {
		return;
	}
	to->port = net_addr_port(from);
}

/* the link of the connection with this peer: the way must not be the tunnel */
static const char *world_link(const struct daemon *d,
			      const union net_addr *remote)
{
	const struct config_child *child;
	const struct config_conn *conn;

	STAILQ_FOREACH(conn, &d->config->conns, next) {
		if (!net_addr_same_host(&conn->remote, remote))
			continue;
		STAILQ_FOREACH(child, &conn->children, next) {
			if (child->link[0])
				return child->link;
		}
	}
	return NULL;
}

static void path_to_net(const struct daemon *d, const struct ike_path *from,
			struct net_path *to)
{
	const char *link;

	memset(to, 0, sizeof(*to));
	world_addr_to_net(&from->local, &to->local);
	if (!from->local.len)
		to->local.sa.sa_family = AF_UNSPEC;
	world_addr_to_net(&from->remote, &to->remote);
	to->natt = from->natt;
	link = world_link(d, &to->remote);
	if (link)
		to->ifindex = kern_ifindex(d->kern, link);
}

void world_input(const struct net_path *path, struct ike_span msg, void *data)
{
	struct ike_path from = { .natt = path->natt };
	struct daemon *d = data;

	world_addr_from_net(&path->local, &from.local);
	world_addr_from_net(&path->remote, &from.remote);
	ike_engine_datagram(d->engine, daemon_now(), &from, msg);
	daemon_arm(d);
}

/* ---- messages ---- */

static void world_send(void *ctx, const struct ike_path *path,
		       struct ike_span msg)
{
	struct daemon *d = ctx;
	struct net_path to;
	int err;

	path_to_net(d, path, &to);
	err = net_send(d->net, &to, msg);
	if (err) {
		char text[IKE_ADDR_TEXT_MAX];

		log_warn("cannot send to %s: %s",
			 ike_addr_print(&path->remote, text), strerror(-err));
	}
}

static void world_keepalive(void *ctx, const struct ike_path *path)
{
	struct daemon *d = ctx;
	struct net_path to;

	path_to_net(d, path, &to);
	net_keepalive(d->net, &to);
}

/* ---- the kernel ---- */

/* The engine names what it was given, but the file may have changed. */
static const struct config_child *
world_child(const struct daemon *d, const char *conn, const char *child)
{
	const struct config_conn *c = config_conn_find(d->config, conn);

	return c ? config_child_find(c, child) : NULL;
}

static struct kern_device world_device(const struct config_child *child)
{
	return (struct kern_device){
		.name = child->device,
		.link = child->link,
		.mtu = child->mtu,
	};
}

static uint32_t world_spi_alloc(void *ctx, const char *conn, const char *child)
{
	struct daemon *d = ctx;
	const struct config_child *c = world_child(d, conn, child);
	struct ike_diag diag = { 0 };
	struct kern_device dev;
	uint32_t spi;

	if (!c)
		return 0;
	dev = world_device(c);
	if (!kern_spi_alloc(d->kern, &dev, &spi, &diag))
		return spi;
	log_diag(LOG_ERR, conn, &diag);
	return 0;
}

static void world_spi_free(void *ctx, const char *conn, const char *child,
			   uint32_t spi)
{
	struct daemon *d = ctx;
	const struct config_child *c = world_child(d, conn, child);

	if (c)
		kern_spi_free(d->kern, c->device, spi);
}

static void world_fill(const struct ike_child_spec *spec,
		       const struct config_child *c, struct kern_spec *k)
{
	memset(k, 0, sizeof(*k));
	k->dev = world_device(c);
	k->peer = spec->peer;
	world_addr_to_net(&spec->path.local, &k->local);
	world_addr_to_net(&spec->path.remote, &k->remote);
	k->encap = spec->encap;
	k->transport = spec->transport;
	k->routes = c->routes;
	if (c->source.sa.sa_family)
		selector_addr(&c->source, &k->source);
	else if (spec->transport)
		selector_addr(&k->local, &k->source);
	k->local_ts = spec->local_ts;
	k->remote_ts = spec->remote_ts;
	k->encr = spec->encr;
	k->integ = spec->integ;
	k->esn = spec->esn;
	k->replay_window = c->replay_window;
	k->in = (struct kern_sa){ spec->spi_in, spec->key_in, spec->integ_in };
	k->out = (struct kern_sa){ spec->spi_out, spec->key_out,
				   spec->integ_out };
	k->activate = spec->activate;
}

/* "systemctl status" shows it */
static void world_count(const struct daemon *d)
{
	const struct daemon_child *child;
	unsigned int n = 0;

	LIST_FOREACH(child, &d->children, next)
		n++;
	notify_send("STATUS=%u Child SAs are up", n);
}

static int world_install(void *ctx, const struct ike_child_spec *spec,
			 struct ike_diag *diag)
{
	struct daemon *d = ctx;
	const struct config_child *c = world_child(d, spec->conn, spec->child);
	struct daemon_child *child;
	struct kern_spec k;
	int err;

	if (!c)
		return ike_diag_set(diag, 0, -ENOENT,
				    "child \"%s\" is not configured any more",
				    spec->child);
	child = calloc(1, sizeof(*child));
	if (!child)
		return ike_diag_set(diag, 0, -ENOMEM, "out of memory");
	world_fill(spec, c, &k);
	err = kern_child_install(d->kern, &k, &child->kern, diag);
	if (err) {
		free(child);
		return err;
	}
	child->id = spec->id;
	LIST_INSERT_HEAD(&d->children, child, next);
	world_count(d);
	return 0;
}

static struct daemon_child *world_find(struct daemon *d, uint32_t id)
{
	struct daemon_child *child;

	LIST_FOREACH(child, &d->children, next)
		if (child->id == id)
			return child;
	return NULL;
}

static uint32_t world_id(const struct daemon *d, const struct kern_child *kern)
{
	struct daemon_child *child;

	LIST_FOREACH(child, &d->children, next)
		if (child->kern == kern)
			return child->id;
	return 0;
}

void world_expired(struct kern_child *kern, void *data)
{
	struct daemon *d = data;
	uint32_t id = world_id(d, kern);

	if (!id)
		return;
	log_warn("the kernel ended a Child SA: making another");
	ike_engine_child_expired(d->engine, daemon_now(), id);
	daemon_arm(d);
}

static void world_activate(void *ctx, uint32_t id)
{
	struct daemon *d = ctx;
	struct daemon_child *child = world_find(d, id);
	struct ike_diag diag = { 0 };

	if (child && kern_child_activate(d->kern, child->kern, &diag))
		log_diag(LOG_ERR, "cannot send on new keys", &diag);
}

static void world_remove(void *ctx, uint32_t id)
{
	struct daemon *d = ctx;
	struct daemon_child *child = world_find(d, id);

	if (!child)
		return;
	kern_child_remove(d->kern, child->kern);
	LIST_REMOVE(child, next);
	free(child);
	world_count(d);
}

static void world_event(void *ctx, const struct ike_event *event)
{
	struct daemon *d = ctx;
	bool hint = event->hint && event->hint[0];
	const char *sep = event->child ? "/" : "";
	const char *child = event->child ? event->child : "";

	log_at(event->type == IKE_EV_FAILED ? LOG_ERR : LOG_INFO,
	       "%s%s%s: %s%s%s%s", event->conn ? event->conn : "-", sep, child,
	       event->text, hint ? " (" : "", hint ? event->hint : "",
	       hint ? ")" : "");
	command_event(d, event);
}

void world_env(struct daemon *d, struct ike_env *env)
{
	*env = (struct ike_env){
		.ctx = d,
		.rng = ike_rng_openssl,
		.send = world_send,
		.keepalive = world_keepalive,
		.spi_alloc = world_spi_alloc,
		.spi_free = world_spi_free,
		.install = world_install,
		.activate = world_activate,
		.remove = world_remove,
		.event = world_event,
	};
}
