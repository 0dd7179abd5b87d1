// SPDX-License-Identifier: MIT
/* What clients of the control socket ask for. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "daemon.h"
#include "log.h"

static void command_unknown(struct ctl_client *client,
			    const struct ctl_request *req)
{
	char text[2 * CONFIG_NAME_MAX + 64];

	snprintf(text, sizeof(text), "no connection \"%s\"%s%s%s is configured",
		 req->conn, req->child ? " with a child \"" : "",
		 req->child ? req->child : "", req->child ? "\"" : "");
	ctl_error(client, text, "ipsecx status lists those there are");
}

static bool command_named(struct ctl_client *client,
			  const struct ctl_request *req)
{
	if (req->conn)
		return true;
	ctl_error(client, "which connection?",
		  "ipsecx status lists those there are");
	return false;
}

/* ---- up and down ---- */

struct is_up {
	const char *conn;
	const char *child;
	bool found;
	bool here;
};

static void is_up_conn(void *ctx, const struct ike_conn_status *status)
{
	struct is_up *up = ctx;

	up->here = !strcmp(status->conn, up->conn);
}

static void is_up_sa(void *ctx, const struct ike_sa_status *status)
{
	(void)ctx;
	(void)status;
}

static void is_up_child(void *ctx, const struct ike_child_status *status)
{
	struct is_up *up = ctx;

	if (up->here && (!up->child || !strcmp(status->child, up->child)) &&
	    !strcmp(status->state, "installed"))
		up->found = true;
}

static bool command_is_up(const struct daemon *d, const struct ctl_request *req)
{
	static const struct ike_status_ops ops = {
		.conn = is_up_conn,
		.sa = is_up_sa,
		.child = is_up_child,
	};
	struct is_up up = { .conn = req->conn, .child = req->child };

	ike_engine_status(d->engine, &ops, &up);
	return up.found;
}

static void command_up(struct ctl_client *client, const struct ctl_request *req,
		       void *data)
{
	struct daemon *d = data;
	struct daemon_wait *wait;

	if (!command_named(client, req))
		return;
	if (command_is_up(d, req)) {
		ctl_ok(client, NULL);
		return;
	}
	wait = calloc(1, sizeof(*wait));
	if (!wait) {
		ctl_error(client, "out of memory", NULL);
		return;
	}
	wait->client = client;
	snprintf(wait->conn, sizeof(wait->conn), "%s", req->conn);
	LIST_INSERT_HEAD(&d->waiting, wait, next);
	if (ike_engine_up(d->engine, daemon_now(), req->conn, req->child)) {
		command_gone(client, d);
		command_unknown(client, req);
	}
	daemon_arm(d);
}

static void command_down(struct ctl_client *client,
			 const struct ctl_request *req, void *data)
{
	struct daemon *d = data;

	if (!command_named(client, req))
		return;
	if (ike_engine_down(d->engine, daemon_now(), req->conn, req->child))
		command_unknown(client, req);
	else
		ctl_ok(client, NULL);
	daemon_arm(d);
}

void command_gone(struct ctl_client *client, void *data)
{
	struct daemon *d = data;
	struct daemon_wait *wait, *next;

	for (wait = LIST_FIRST(&d->waiting); wait; wait = next) {
		next = LIST_NEXT(wait, next);
		if (wait->client != client)
			continue;
		LIST_REMOVE(wait, next);
		free(wait);
	}
}

void command_event(struct daemon *d, const struct ike_event *event)
{
	struct daemon_wait *wait, *next;
	struct ctl_client *client;

	for (wait = LIST_FIRST(&d->waiting); wait; wait = next) {
		next = LIST_NEXT(wait, next);
		client = wait->client;
		if (!event->conn || strcmp(event->conn, wait->conn))
			continue;
		if (event->type != IKE_EV_FAILED)
			ctl_event(client,
				  json_pack("{s:s, s:s}", "event", "progress",
					    "text", event->text));
		if (event->type != IKE_EV_CHILD_UP &&
		    event->type != IKE_EV_FAILED)
			continue;
		LIST_REMOVE(wait, next);
		free(wait);
		if (event->type == IKE_EV_CHILD_UP)
			ctl_ok(client, NULL);
		else
			ctl_error(client, event->text, event->hint);
	}
}

/* ---- status ---- */

/**
 * struct status - a status answer being made
 * @client: who asked
 * @only: about this connection, NULL: all
 * @now: the time
 * @conn: the connection being told, NULL: skipped
 */
struct status {
	struct ctl_client *client;
	const char *only;
	uint64_t now;
	json_t *conn;
};

static void status_flush(struct status *s)
{
	if (s->conn)
		ctl_event(s->client, s->conn);
	s->conn = NULL;
}

static void status_conn(void *ctx, const struct ike_conn_status *status)
{
	struct status *s = ctx;

	status_flush(s);
	if (s->only && strcmp(s->only, status->conn))
		return;
	s->conn = json_pack("{s:s, s:s, s:s, s:b, s:[]}", "event", "connection",
			    "conn", status->conn, "state",
			    status->wanted ? "down" : "off", "wanted",
			    status->wanted, "children");
	if (status->error[0])
		json_object_set_new(s->conn, "error",
				    json_string(status->error));
	if (status->hint[0])
		json_object_set_new(s->conn, "hint", json_string(status->hint));
	if (status->retry != IKE_NEVER && status->retry > s->now)
		json_object_set_new(
			s->conn, "retry-in",
			json_integer(
				(json_int_t)((status->retry - s->now) / 1000)));
}

static void status_again(struct status *s)
{
	json_t *name = json_incref(json_object_get(s->conn, "conn"));

	status_flush(s);
	s->conn = json_pack("{s:s, s:o, s:[]}", "event", "connection", "conn",
			    name, "children");
}

static void status_sa(void *ctx, const struct ike_sa_status *status)
{
	char local[IKE_ADDR_TEXT_MAX], remote[IKE_ADDR_TEXT_MAX], spis[40];
	struct status *s = ctx;

	if (!s->conn)
		return;
	/* one that has told of an SA already: another peer's */
	if (json_object_get(s->conn, "spis"))
		status_again(s);
	snprintf(spis, sizeof(spis), "%016llx/%016llx",
		 (unsigned long long)status->spi_i,
		 (unsigned long long)status->spi_r);
	json_object_update_new(
		s->conn,
		json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:b}",
			  "state", status->state, "role",
			  status->initiator ? "initiator" : "responder", "spis",
			  spis, "local",
			  ike_addr_print(&status->path.local, local), "remote",
			  ike_addr_print(&status->path.remote, remote),
			  "local-id", status->local_id, "remote-id",
			  status->remote_id, "suite", status->suite,
			  "nat-local", status->nat_local, "nat-remote",
			  status->nat_remote));
	if (status->since)
		json_object_set_new(
			s->conn, "age",
			json_integer(
				(json_int_t)((s->now - status->since) / 1000)));
}

static void status_child(void *ctx, const struct ike_child_status *status)
{
	char in[12], out[12];
	struct status *s = ctx;

	if (!s->conn)
		return;
	snprintf(in, sizeof(in), "0x%08x", status->spi_in);
	snprintf(out, sizeof(out), "0x%08x", status->spi_out);
	json_array_append_new(
		json_object_get(s->conn, "children"),
		json_pack("{s:s, s:s, s:s, s:b, s:s, s:s, s:s, s:s, s:s, s:I}",
			  "child", status->child, "state", status->state,
			  "mode", status->transport ? "transport" : "tunnel",
			  "udp", status->encap, "spi-in", in, "spi-out", out,
			  "suite", status->suite, "local-ts", status->local_ts,
			  "remote-ts", status->remote_ts, "age",
			  (json_int_t)((s->now - status->since) / 1000)));
}

static void command_status(struct ctl_client *client,
			   const struct ctl_request *req, void *data)
{
	static const struct ike_status_ops ops = {
		.conn = status_conn,
		.sa = status_sa,
		.child = status_child,
	};
	struct daemon *d = data;
	struct status s = {
		.client = client,
		.only = req->conn,
		.now = daemon_now(),
	};

	if (req->conn && !config_conn_find(d->config, req->conn)) {
		command_unknown(client, req);
		return;
	}
	ike_engine_status(d->engine, &ops, &s);
	status_flush(&s);
	ctl_ok(client, NULL);
}

/* ---- the rest ---- */

static void command_reload(struct ctl_client *client,
			   const struct ctl_request *req, void *data)
{
	char error[CONFIG_ERROR_MAX];
	struct daemon *d = data;

	(void)req;
	if (daemon_reload(d, error))
		ctl_error(client, error, "nothing was changed");
	else
		ctl_ok(client, NULL);
}

static void command_version(struct ctl_client *client,
			    const struct ctl_request *req, void *data)
{
	(void)req;
	(void)data;
	ctl_ok(client, json_pack("{s:s}", "version", DAEMON_VERSION));
}

const struct ctl_command daemon_commands[] = {
	{ "status", command_status },	{ "up", command_up },
	{ "down", command_down },	{ "reload", command_reload },
	{ "version", command_version }, { NULL, NULL },
};
