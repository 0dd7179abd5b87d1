// SPDX-License-Identifier: MIT
#include <errno.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "ctl.h"
#include "log.h"

#define CLIENTS_MAX 32
#define UNREAD_MAX  (8 << 20) /* bytes one client may leave unread */

/* @busy: a request has no result yet; @broken: gone or too slow */
struct ctl_client {
	LIST_ENTRY(ctl_client) next;
	struct ctl *ctl;
	int fd;
	struct event *readable;
	bool busy;
	bool broken;
};

/* @gone tells that a client left with its request open */
struct ctl {
	struct event_base *base;
	char *path;
	struct evconnlistener *listener;
	const struct ctl_command *commands;
	void (*gone)(struct ctl_client *client, void *data);
	void *data;
	unsigned int n_clients;
	LIST_HEAD(ctl_client_list, ctl_client) clients;
};

static void client_free(struct ctl_client *c)
{
	if (c->busy)
		c->ctl->gone(c, c->ctl->data);
	if (c->readable)
		event_free(c->readable);
	close(c->fd);
	LIST_REMOVE(c, next);
	c->ctl->n_clients--;
	free(c);
}

/* the caller may still use the client: let the loop free it */
static void client_break(struct ctl_client *c)
{
	c->broken = true;
	event_active(c->readable, EV_READ, 0);
}

/* What a client has not read waits in the kernel. */
static void client_buffer(int fd)
{
	int size = UNREAD_MAX;

	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
}

/* takes the reference of @json */
static void client_send(struct ctl_client *c, json_t *json)
{
	char *text = json_dumps(json, JSON_COMPACT);

	json_decref(json);
	if (c->broken)
		;
	else if (!text || send(c->fd, text, strlen(text),
			       MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
		client_break(c);
	free(text);
}

void ctl_event(struct ctl_client *client, json_t *event)
{
	client_send(client, event);
}

void ctl_ok(struct ctl_client *client, json_t *more)
{
	json_t *result = json_pack("{s:b}", "ok", 1);

	client->busy = false;
	json_object_update_missing(result, more);
	json_decref(more);
	client_send(client, result);
}

void ctl_error(struct ctl_client *client, const char *error, const char *hint)
{
	json_t *result = json_pack("{s:b,s:s}", "ok", 0, "error", error);

	client->busy = false;
	if (!result) /* not UTF-8: something the peer or a file said */
		result = json_pack("{s:b,s:s}", "ok", 0, "error",
				   "failed, and the reason is not text");
	if (hint && *hint)
		json_object_set_new(result, "hint", json_string(hint));
	client_send(client, result);
}

static const char *request_check(json_t *json, struct ctl_request *req)
{
	const char *key;
	json_t *value;

	if (!json_is_object(json))
		return "the request is not a JSON object";
	json_object_foreach(json, key, value) {
		const char *text = json_string_value(value);

		if (!text || strlen(text) >= CTL_NAME_MAX)
			return "cmd, conn and child are strings of at most 63 bytes";
		if (!strcmp(key, "cmd"))
			req->cmd = text;
		else if (!strcmp(key, "conn"))
			req->conn = text;
		else if (!strcmp(key, "child"))
			req->child = text;
		else
			return "the request has a member that is none of cmd, conn and child";
	}
	if (!req->cmd)
		return "the request has no cmd";
	if (req->child && !req->conn)
		return "the request names a child but no conn";
	return NULL;
}

static void command_run(struct ctl_client *c, const struct ctl_request *req)
{
	const struct ctl_command *cmd;

	for (cmd = c->ctl->commands; cmd->name; cmd++)
		if (!strcmp(cmd->name, req->cmd))
			break;
	if (cmd->name)
		cmd->run(c, req, c->ctl->data);
	else
		ctl_error(c, "unknown command",
			  "ipsecx and ipsecxd may be of different versions");
}

static void request_run(struct ctl_client *c, const char *text, size_t len)
{
	struct ctl_request req = { 0 };
	json_error_t where;
	json_t *json = json_loadb(text, len, JSON_REJECT_DUPLICATES, &where);
	const char *error;

	error = json ? request_check(json, &req) : "the request is not JSON";
	c->busy = true;
	if (error)
		ctl_error(c, error, NULL);
	else
		command_run(c, &req);
	json_decref(json);
}

static void on_request(evutil_socket_t fd, short what, void *data)
{
	struct ctl_client *c = data;
	char buf[CTL_REQUEST_MAX + 1];
	/* MSG_TRUNC: the length that the packet had */
	ssize_t len = recv(fd, buf, sizeof(buf), MSG_DONTWAIT | MSG_TRUNC);

	if (len < 0 && !c->broken && (errno == EAGAIN || errno == EINTR))
		return;
	if (len <= 0 || c->broken) {
		client_free(c);
		return;
	}
	if (c->busy) {
		/* one result per request, or nobody knows which is whose */
		client_break(c);
		return;
	}
	if (len > CTL_REQUEST_MAX) {
		ctl_error(c, "the request is longer than 4096 bytes", NULL);
		return;
	}
	request_run(c, buf, (size_t)len);
}

static void client_new(struct ctl *ctl, int fd)
{
	struct ctl_client *c = calloc(1, sizeof(*c));

	if (!c) {
		close(fd);
		return;
	}
	c->ctl = ctl;
	c->fd = fd;
	client_buffer(fd);
	LIST_INSERT_HEAD(&ctl->clients, c, next);
	ctl->n_clients++;
	c->readable =
		event_new(ctl->base, fd, EV_READ | EV_PERSIST, on_request, c);
	if (!c->readable || event_add(c->readable, NULL))
		client_free(c);
}

static void on_accept(struct evconnlistener *listener, evutil_socket_t fd,
		      struct sockaddr *from, int len, void *data)
{
	struct ctl *ctl = data;

	if (ctl->n_clients >= CLIENTS_MAX)
		close(fd);
	else
		client_new(ctl, fd);
}

/* somebody answers at @sun; else what is there is dead, or nothing is */
static bool is_alive(const struct sockaddr_un *sun)
{
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK,
			0);
	bool alive;

	if (fd < 0)
		return true;
	/* EAGAIN: its backlog is full */
	alive = !connect(fd, (const struct sockaddr *)sun, sizeof(*sun)) ||
		errno == EAGAIN;
	close(fd);
	return alive;
}

static int bind_path(int fd, const char *path)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	mode_t mask;
	int err = 0;

	if (strlen(path) >= sizeof(sun.sun_path))
		return -ENAMETOOLONG;
	strcpy(sun.sun_path, path);
	if (is_alive(&sun))
		return -EADDRINUSE;
	unlink(path);
	/* from its first moment nobody else may connect */
	mask = umask(0177);
	if (bind(fd, (struct sockaddr *)&sun, sizeof(sun)))
		err = -errno;
	umask(mask);
	return err;
}

/* The service manager makes the directory; without one it is our job. */
static void make_parent(const char *path)
{
	char *dir = strdup(path), *slash = dir ? strrchr(dir, '/') : NULL;

	if (slash && slash != dir) {
		*slash = '\0';
		mkdir(dir, 0755);
	}
	free(dir);
}

/* @ctl->path is what is ours to remove */
static int ctl_listen(struct ctl *ctl, const char *path)
{
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK,
			0);
	int err;

	if (fd < 0)
		return -errno;
	make_parent(path);
	err = bind_path(fd, path);
	if (err) {
		close(fd);
		return err;
	}
	ctl->path = strdup(path);
	ctl->listener = evconnlistener_new(
		ctl->base, on_accept, ctl,
		LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 8, fd);
	if (ctl->listener)
		return ctl->path ? 0 : -ENOMEM;
	close(fd);
	return -ENOMEM;
}

int ctl_open(struct ctl **ctl, struct event_base *base, const char *path,
	     const struct ctl_command *commands,
	     void (*gone)(struct ctl_client *client, void *data), void *data)
{
	struct ctl *c = calloc(1, sizeof(*c));
	int err;

	if (!c)
		return -ENOMEM;
	c->base = base;
	c->commands = commands;
	c->gone = gone;
	c->data = data;
	err = ctl_listen(c, path);
	if (!err) {
		*ctl = c;
		return 0;
	}
	log_err("cannot listen on %s: %s", path,
		err == -EADDRINUSE ? "another ipsecxd is running" :
				     strerror(-err));
	ctl_close(c);
	return err;
}

void ctl_close(struct ctl *ctl)
{
	struct ctl_client *c;

	if (!ctl)
		return;
	while ((c = LIST_FIRST(&ctl->clients)))
		client_free(c);
	if (ctl->listener)
		evconnlistener_free(ctl->listener);
	if (ctl->path)
		unlink(ctl->path);
	free(ctl->path);
	free(ctl);
}
