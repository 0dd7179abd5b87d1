// SPDX-License-Identifier: MIT
/* What the engine asks of the world, done with sockets and the kernel. */
#include <errno.h>

#include "daemon.h"
#include "log.h"
#include "notify.h"

void world_input(const struct ike_path *path, struct ike_span msg, void *data)
{
	struct daemon *d = data;

	ike_engine_datagram(d->engine, daemon_now(), path, msg);
	daemon_arm(d);
}

void world_expired(uint32_t id, void *data)
{
	struct daemon *d = data;

	log_warn("the kernel ended a Child SA: making another");
	ike_engine_child_expired(d->engine, daemon_now(), id);
	daemon_arm(d);
}

/* the link of the connection with this peer: the way must not be the tunnel */
static unsigned int world_link(const struct daemon *d,
			       const struct ike_path *path)
{
	const struct config_child *child;
	const struct config_conn *conn;

	STAILQ_FOREACH(conn, &d->config->conns, next) {
		if (!ike_addr_same_host(&conn->ike.remote, &path->remote))
			continue;
		STAILQ_FOREACH(child, &conn->children, next) {
			if (child->link[0])
				return kern_ifindex(d->kern, child->link);
		}
	}
	return 0;
}

static void world_send(void *ctx, const struct ike_path *path,
		       struct ike_span msg)
{
	struct daemon *d = ctx;
	int err = net_send(d->net, path, world_link(d, path), msg);
	char text[IKE_ADDR_TEXT_MAX];

	if (err)
		log_warn("cannot send to %s: %s",
			 ike_addr_print(&path->remote, text), strerror(-err));
}

static void world_keepalive(void *ctx, const struct ike_path *path)
{
	struct daemon *d = ctx;

	net_keepalive(d->net, path, world_link(d, path));
}

/* The engine names what it was given, but the file may have changed. */
static const struct config_child *
world_child(const struct daemon *d, const char *conn, const char *child)
{
	const struct config_conn *c = config_conn_find(d->config, conn);

	return c ? config_child_find(c, child) : NULL;
}

static uint32_t world_spi_alloc(void *ctx, const char *conn, const char *child)
{
	struct daemon *d = ctx;
	const struct config_child *c = world_child(d, conn, child);
	struct ike_diag diag = { 0 };
	uint32_t spi;

	if (!c)
		return 0;
	if (!kern_spi_alloc(d->kern, c, &spi, &diag))
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
		kern_spi_free(d->kern, c, spi);
}

/* "systemctl status" shows it */
static void world_count(const struct daemon *d)
{
	notify_send("STATUS=%u Child SAs are up", kern_count(d->kern));
}

static int world_install(void *ctx, const struct ike_child_spec *spec,
			 struct ike_diag *diag)
{
	struct daemon *d = ctx;
	const struct config_child *c = world_child(d, spec->conn, spec->child);
	int err;

	if (!c)
		return ike_diag_set(diag, 0, -ENOENT,
				    "child \"%s\" is not configured any more",
				    spec->child);
	err = kern_install(d->kern, spec, c, diag);
	if (!err)
		world_count(d);
	return err;
}

static void world_activate(void *ctx, uint32_t id)
{
	struct daemon *d = ctx;
	struct ike_diag diag = { 0 };

	if (kern_activate(d->kern, id, &diag))
		log_diag(LOG_ERR, "cannot send on new keys", &diag);
}

static void world_remove(void *ctx, uint32_t id)
{
	struct daemon *d = ctx;

	kern_remove(d->kern, id);
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
