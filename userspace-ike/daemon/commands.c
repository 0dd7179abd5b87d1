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
	char text[2 * IKE_NAME_MAX + 64];

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

/* ---- status ---- */

/*
 * The connections told so far, of one only unless @only is NULL. @conn is the
 * one being told, in the list, NULL: skipped.
 */
struct status {
	const char *only;
	uint64_t now;
	json_t *list;
	json_t *conn;
};

static json_t *seconds(uint64_t from, uint64_t to)
{
	return json_integer((json_int_t)((to - from) / 1000));
}

/* takes the reference */
static void status_begin(struct status *s, json_t *conn)
{
	json_array_append_new(s->list, conn);
	s->conn = conn;
}

static void status_conn(void *ctx, const struct ike_conn_status *status)
{
	struct status *s = ctx;
	bool waits = status->retry != IKE_NEVER && status->retry > s->now;

	s->conn = NULL;
	if (s->only && strcmp(s->only, status->conn))
		return;
	status_begin(
		s, json_pack("{s:s, s:s, s:s, s:b, s:[], s:s*, s:s*, s:o*}",
			     "event", "connection", "conn", status->conn,
			     "state", status->wanted ? "down" : "off", "wanted",
			     status->wanted, "children", "error",
			     status->error[0] ? status->error : NULL, "hint",
			     status->hint[0] ? status->hint : NULL, "retry-in",
			     waits ? seconds(s->now, status->retry) : NULL));
}

static void status_sa(void *ctx, const struct ike_sa_status *status)
{
	char local[IKE_ADDR_TEXT_MAX], remote[IKE_ADDR_TEXT_MAX];
	struct status *s = ctx;

	if (!s->conn)
		return;
	/* one that has told of an SA already: another peer's */
	if (json_object_get(s->conn, "spis"))
		status_begin(s, json_pack("{s:s, s:s, s:[]}", "event",
					  "connection", "conn", status->conn,
					  "children"));
	json_object_update_new(
		s->conn,
		json_pack(
			"{s:s, s:s, s:o, s:s, s:s, s:s, s:s, s:s, s:b, s:b, s:o*}",
			"state", status->state, "role",
			status->initiator ? "initiator" : "responder", "spis",
			json_sprintf("%016llx/%016llx",
				     (unsigned long long)status->spi_i,
				     (unsigned long long)status->spi_r),
			"local", ike_addr_print(&status->path.local, local),
			"remote", ike_addr_print(&status->path.remote, remote),
			"local-id", status->local_id, "remote-id",
			status->remote_id, "suite", status->suite, "nat-local",
			status->nat_local, "nat-remote", status->nat_remote,
			"age",
			status->since ? seconds(status->since, s->now) : NULL));
}

static void status_child(void *ctx, const struct ike_child_status *status)
{
	struct status *s = ctx;

	if (!s->conn)
		return;
	json_array_append_new(
		json_object_get(s->conn, "children"),
		json_pack("{s:s, s:s, s:s, s:b, s:o, s:o, s:s, s:s, s:s, s:o}",
			  "child", status->child, "state", status->state,
			  "mode", status->transport ? "transport" : "tunnel",
			  "udp", status->encap, "spi-in",
			  json_sprintf("0x%08x", status->spi_in), "spi-out",
			  json_sprintf("0x%08x", status->spi_out), "suite",
			  status->suite, "local-ts", status->local_ts,
			  "remote-ts", status->remote_ts, "age",
			  seconds(status->since, s->now)));
}

/* an array of events, each a connection; @only may be NULL */
static json_t *status_get(const struct daemon *d, const char *only)
{
	static const struct ike_status_ops ops = {
		.conn = status_conn,
		.sa = status_sa,
		.child = status_child,
	};
	struct status s = {
		.only = only,
		.now = daemon_now(),
		.list = json_array(),
	};

	ike_engine_status(d->engine, &ops, &s);
	return s.list;
}

static void command_status(struct ctl_client *client,
			   const struct ctl_request *req, void *data)
{
	struct daemon *d = data;
	json_t *list, *conn;
	size_t i;

	if (req->conn && !config_conn_find(d->config, req->conn)) {
		command_unknown(client, req);
		return;
	}
	list = status_get(d, req->conn);
	json_array_foreach(list, i, conn) {
		ctl_event(client, json_incref(conn));
	}
	json_decref(list);
	ctl_ok(client, NULL);
}

/* ---- up and down ---- */

static bool command_is_up(const struct daemon *d, const struct ctl_request *req)
{
	json_t *list = status_get(d, req->conn), *conn, *child;
	const char *name = "", *state = "";
	bool up = false;
	size_t i, j;

	json_array_foreach(list, i, conn) {
		json_array_foreach(json_object_get(conn, "children"), j,
				   child) {
			json_unpack(child, "{s:s, s:s}", "child", &name,
				    "state", &state);
			if ((!req->child || !strcmp(name, req->child)) &&
			    !strcmp(state, "installed"))
				up = true;
		}
	}
	json_decref(list);
	return up;
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

/* ---- the rest ---- */

static void command_reload(struct ctl_client *client,
			   const struct ctl_request *req, void *data)
{
	char error[CONFIG_ERROR_MAX];
	struct daemon *d = data;

	if (daemon_reload(d, error))
		ctl_error(client, error, "nothing was changed");
	else
		ctl_ok(client, NULL);
}

static void command_version(struct ctl_client *client,
			    const struct ctl_request *req, void *data)
{
	ctl_ok(client, json_pack("{s:s}", "version", DAEMON_VERSION));
}

const struct ctl_command daemon_commands[] = {
	{ "status", command_status },	{ "up", command_up },
	{ "down", command_down },	{ "reload", command_reload },
	{ "version", command_version }, { NULL, NULL },
};
