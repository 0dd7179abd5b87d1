// SPDX-License-Identifier: MIT
#include <errno.h>
#include <event2/event.h>
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
#define BACKLOG_MAX (4u << 20) /* bytes one client may leave unread */

/**
 * struct ctl_packet - an answer that waits for room in the socket
 * @next: the one behind it
 * @len: bytes of @text
 * @text: JSON
 */
struct ctl_packet {
	STAILQ_ENTRY(ctl_packet) next;
	size_t len;
	char *text;
};

/**
 * struct ctl_client - a connected client
 * @next: another one
 * @ctl: the listener
 * @fd: its socket
 * @readable: a request is there
 * @writable: there is room for @queue
 * @queue: answers
 * @backlog: bytes in @queue
 * @busy: a request has no result yet
 * @broken: gone or too slow; freed from the event loop, never under a caller
 */
struct ctl_client {
	LIST_ENTRY(ctl_client) next;
	struct ctl *ctl;
	int fd;
	struct event *readable;
	struct event *writable;
	STAILQ_HEAD(ctl_packet_list, ctl_packet) queue;
	size_t backlog;
	bool busy;
	bool broken;
};

/**
 * struct ctl - the listener
 * @base: event loop
 * @fd: listening socket
 * @path: its name
 * @acceptable: a client knocks
 * @commands: what may be asked
 * @gone: tells that a client left with its request open
 * @data: of the callbacks
 * @n_clients: how many
 * @clients: who
 */
struct ctl {
	struct event_base *base;
	int fd;
	char *path;
	struct event *acceptable;
	const struct ctl_command *commands;
	void (*gone)(struct ctl_client *client, void *data);
	void *data;
	unsigned int n_clients;
	LIST_HEAD(ctl_client_list, ctl_client) clients;
};

static void packet_free(struct ctl_client *c, struct ctl_packet *p)
{
	c->backlog -= p->len;
	free(p->text);
	free(p);
}

static void client_free(struct ctl_client *c)
{
	struct ctl_packet *p;

	if (c->busy)
		c->ctl->gone(c, c->ctl->data);
	while ((p = STAILQ_FIRST(&c->queue))) {
		STAILQ_REMOVE_HEAD(&c->queue, next);
		packet_free(c, p);
	}
	if (c->readable)
		event_free(c->readable);
	if (c->writable)
		event_free(c->writable);
	close(c->fd);
	LIST_REMOVE(c, next);
	c->ctl->n_clients--;
	free(c);
}

/* the caller may still use the client: let the loop free it */
static void client_break(struct ctl_client *c)
{
	c->broken = true;
	event_active(c->writable, EV_WRITE, 0);
}

static void client_flush(struct ctl_client *c)
{
	struct ctl_packet *p;

	while (!c->broken && (p = STAILQ_FIRST(&c->queue))) {
		if (send(c->fd, p->text, p->len, MSG_DONTWAIT | MSG_NOSIGNAL) <
		    0) {
			if (errno != EAGAIN && errno != EINTR)
				client_break(c);
			else
				event_add(c->writable, NULL);
			return;
		}
		STAILQ_REMOVE_HEAD(&c->queue, next);
		packet_free(c, p);
	}
}

static void on_writable(evutil_socket_t fd, short what, void *data)
{
	struct ctl_client *c = data;

	if (c->broken)
		client_free(c);
	else
		client_flush(c);
}

/* takes the reference of @json */
static void client_send(struct ctl_client *c, json_t *json)
{
	struct ctl_packet *p = calloc(1, sizeof(*p));

	if (p)
		p->text = json_dumps(json, JSON_COMPACT);
	json_decref(json);
	if (!p || !p->text || c->backlog > BACKLOG_MAX) {
		if (p)
			free(p->text);
		free(p);
		client_break(c);
		return;
	}
	p->len = strlen(p->text);
	c->backlog += p->len;
	STAILQ_INSERT_TAIL(&c->queue, p, next);
	client_flush(c);
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

	if (len < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (len <= 0) {
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
	STAILQ_INIT(&c->queue);
	LIST_INSERT_HEAD(&ctl->clients, c, next);
	ctl->n_clients++;
	c->readable =
		event_new(ctl->base, fd, EV_READ | EV_PERSIST, on_request, c);
	c->writable = event_new(ctl->base, fd, EV_WRITE, on_writable, c);
	if (!c->readable || !c->writable || event_add(c->readable, NULL))
		client_free(c);
}

static void on_accept(evutil_socket_t fd, short what, void *data)
{
	struct ctl *ctl = data;
	int client = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (client < 0)
		return;
	if (ctl->n_clients >= CLIENTS_MAX)
		close(client);
	else
		client_new(ctl, client);
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
	if (bind(fd, (struct sockaddr *)&sun, sizeof(sun)) || listen(fd, 8))
		err = -errno;
	umask(mask);
	return err;
}

/* The service manager makes the directory; without one it is our job. */
static void make_parent(const char *path)
{
	char dir[sizeof(((struct sockaddr_un *)NULL)->sun_path)];
	char *slash;

	snprintf(dir, sizeof(dir), "%s", path);
	slash = strrchr(dir, '/');
	if (!slash || slash == dir)
		return;
	*slash = '\0';
	mkdir(dir, 0755);
}

static int ctl_listen(struct ctl *ctl)
{
	int err;

	make_parent(ctl->path);

	ctl->fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK,
			 0);
	if (ctl->fd < 0)
		return -errno;
	err = bind_path(ctl->fd, ctl->path);
	if (err) {
		/* it is not ours to remove */
		free(ctl->path);
		ctl->path = NULL;
		return err;
	}
	ctl->acceptable = event_new(ctl->base, ctl->fd, EV_READ | EV_PERSIST,
				    on_accept, ctl);
	if (!ctl->acceptable || event_add(ctl->acceptable, NULL))
		return -ENOMEM;
	return 0;
}

int ctl_open(struct ctl **ctl, struct event_base *base, const char *path,
	     const struct ctl_command *commands,
	     void (*gone)(struct ctl_client *client, void *data), void *data)
{
	struct ctl *c = calloc(1, sizeof(*c));
	int err = -ENOMEM;

	if (!c)
		return err;
	*c = (struct ctl){ .base = base,
			   .fd = -1,
			   .path = strdup(path),
			   .commands = commands,
			   .gone = gone,
			   .data = data };
	LIST_INIT(&c->clients);
	if (c->path)
		err = ctl_listen(c);
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
	if (ctl->acceptable)
		event_free(ctl->acceptable);
	if (ctl->fd >= 0)
		close(ctl->fd);
	if (ctl->path)
		unlink(ctl->path);
	free(ctl->path);
	free(ctl);
}
