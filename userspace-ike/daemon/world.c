// SPDX-License-Identifier: MIT
/* What the engine asks of the world, done with sockets and the kernel. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon.h"
#include "log.h"
#include "selector.h"

/* ---- addresses ---- */

static void addr_to_net(const struct ike_addr *from, union net_addr *to)
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

static void addr_from_net(const union net_addr *from, struct ike_addr *to)
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

static void path_to_net(const struct ike_path *from, struct net_path *to)
{
	memset(to, 0, sizeof(*to));
	addr_to_net(&from->local, &to->local);
	if (!from->local.len)
		to->local.sa.sa_family = AF_UNSPEC;
	addr_to_net(&from->remote, &to->remote);
	to->natt = from->natt;
}

void world_input(const struct net_path *path, struct ike_span msg, void *data)
{
	struct ike_path from = { .natt = path->natt };
	struct daemon *d = data;

	addr_from_net(&path->local, &from.local);
	addr_from_net(&path->remote, &from.remote);
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

	path_to_net(path, &to);
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

	path_to_net(path, &to);
	net_keepalive(d->net, &to);
}

/* ---- the kernel ---- */

/* The engine names what it was given, but the file may have changed. */
static const struct config_child *world_child(const struct daemon *d,
					      const char *conn,
					      const char *child)
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

static void world_fill(const struct ike_child_spec *spec,
		       const struct config_child *c, struct kern_spec *k)
{
	memset(k, 0, sizeof(*k));
	k->dev = world_device(c);
	addr_to_net(&spec->path.local, &k->local);
	addr_to_net(&spec->path.remote, &k->remote);
	k->encap = spec->encap;
	k->transport = spec->transport;
	k->routes = c->routes;
	if (c->source.sa.sa_family)
		selector_addr(&c->source, &k->source);
	k->local_ts = spec->local_ts;
	k->remote_ts = spec->remote_ts;
	k->encr = spec->encr;
	k->esn = spec->esn;
	k->replay_window = c->replay_window;
	k->in = (struct kern_sa){ spec->spi_in, spec->key_in };
	k->out = (struct kern_sa){ spec->spi_out, spec->key_out };
	k->activate = spec->activate;
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
		.install = world_install,
		.activate = world_activate,
		.remove = world_remove,
		.event = world_event,
	};
}

/* ---- connections ---- */

/*
 * Our address towards a peer, as routing has it: NAT detection and identities
 * want to know it before the first message is sent.
 */
static void conn_source(const struct daemon *d, struct ike_conn *conn)
{
	union net_addr remote, local;
	socklen_t len = sizeof(local);
	int fd = d->probe[conn->remote.len == 16];

	if (conn->local.len || !conn->remote.len || fd < 0)
		return;
	conn->remote.port = 500;
	addr_to_net(&conn->remote, &remote);
	conn->remote.port = 0;
	if (!connect(fd, &remote.sa, sizeof(remote)) &&
	    !getsockname(fd, &local.sa, &len)) {
		addr_from_net(&local, &conn->local);
		conn->local.port = 0;
	}
}

void world_open(struct daemon *d)
{
	d->probe[0] = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	d->probe[1] = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
}

void world_close(struct daemon *d)
{
	int i;

	for (i = 0; i < 2; i++)
		if (d->probe[i] >= 0)
			close(d->probe[i]);
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
				  const struct config_conn *from)
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
	addr_from_net(&from->local, &conn->local);
	addr_from_net(&from->remote, &conn->remote);
	conn->local_id = from->local_id;
	conn->remote_id = from->remote_id;
	conn->psk_len = from->psk_len;
	memcpy(conn->psk, from->psk, from->psk_len);
	conn->ike = from->ike;
	conn->encap = from->encap == CONFIG_YES ? IKE_ENCAP_YES :
						  IKE_ENCAP_AUTO;
	conn->dpd = from->dpd;
	conn_source(d, conn);
	n = 0;
	STAILQ_FOREACH(child, &from->children, next)
		conn_child(child, &conn->children[n++]);
	return conn;
}

struct ike_conn **world_conns(const struct daemon *d)
{
	const struct config *config = d->config;
	struct ike_conn **conns = calloc(config->n_conns + 1, sizeof(*conns));
	const struct config_conn *from;
	unsigned int n = 0;

	if (!conns)
		return NULL;
	STAILQ_FOREACH(from, &config->conns, next) {
		conns[n] = conn_make(d, from);
		if (!conns[n++])
			log_err("connection \"%s\": out of memory, or too many children",
				from->name);
	}
	return conns;
}
