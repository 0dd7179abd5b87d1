/* SPDX-License-Identifier: MIT */
/*
 * The control socket, /run/ipsecx/ctl.sock: SOCK_SEQPACKET, one JSON object
 * in a packet. A client asks one thing at a time; each request is answered by
 * any number of events and then one result.
 *
 *   -> {"cmd": "version"}
 *   -> {"cmd": "status", "conn": "office"}		conn may be absent: all
 *   -> {"cmd": "up", "conn": "office", "child": "lan"}	child absent: all
 *   -> {"cmd": "down", "conn": "office", "child": "lan"}
 *   -> {"cmd": "reload"}
 *   <- {"event": "...", ...}
 *   <- {"ok": true, ...}
 *   <- {"ok": false, "error": "what", "hint": "what to do"}
 *
 * Events of status are "connection", one for each:
 *
 *   {"event": "connection", "conn": "office", "state": "established", ...
 *    "children": [{"child": "lan", "state": "up", ...}, ...]}
 *
 * Events of up, while it waits, are "progress" with a "text".
 */
#ifndef DAEMON_CTL_H
#define DAEMON_CTL_H

#include <jansson.h>
#include <stdbool.h>

#define CTL_PATH	"/run/ipsecx/ctl.sock"
#define CTL_REQUEST_MAX 4096
#define CTL_NAME_MAX	64

struct event_base;
struct ctl;
struct ctl_client;

/* a well-formed request; @conn and @child are NULL for all */
struct ctl_request {
	const char *cmd;
	const char *conn;
	const char *child;
};

/*
 * A command; a table of them ends in a NULL name. @run is called for a request
 * and has to end in one ctl_ok() or ctl_error(), at once or later.
 */
struct ctl_command {
	const char *name;
	void (*run)(struct ctl_client *client, const struct ctl_request *req,
		    void *data);
};

/*
 * Listen at @path, where a socket left by a dead daemon is replaced. @gone is
 * called when a client leaves whose request has no result yet; it and the
 * commands get @data. Return: 0 or a negative errno; the reason is logged.
 */
int ctl_open(struct ctl **ctl, struct event_base *base, const char *path,
	     const struct ctl_command *commands,
	     void (*gone)(struct ctl_client *client, void *data), void *data);

/* queue an event; takes the reference of @event, which may be NULL */
void ctl_event(struct ctl_client *client, json_t *event);

/* the result: {"ok": true} and the members of @more, which may be NULL */
void ctl_ok(struct ctl_client *client, json_t *more);

/* the other result; @hint may be NULL or empty */
void ctl_error(struct ctl_client *client, const char *error, const char *hint);

/* close everything and remove the socket */
void ctl_close(struct ctl *ctl);

#endif
