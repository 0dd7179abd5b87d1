/* SPDX-License-Identifier: MIT */
/*
 * The agent: what the parts have in common.
 *
 *   main.c      options                    config.c  the file
 *   daemon.c    start, signals, reload     wanted.c  what it means for the rest
 *   world.c     what the engine asks for
 *   commands.c  what clients ask for       ctl.c     how they ask
 *   net.c       UDP sockets                kern.c    devices, policies, SAs, routes
 */
#ifndef DAEMON_DAEMON_H
#define DAEMON_DAEMON_H

#include <sys/queue.h>

#include "ctl.h"
#include "kern.h"

#define DAEMON_VERSION "0.1"

struct event;
struct event_base;

struct daemon_options {
	const char *config;
	const char *ctl;
};

/* a client that waits for "up" to come true */
struct daemon_wait {
	LIST_ENTRY(daemon_wait) next;
	struct ctl_client *client;
	char conn[IKE_NAME_MAX];
};

/* everything; @timer fires when the engine wants to be called */
struct daemon {
	const struct daemon_options *options;
	struct event_base *base;
	struct event *timer;
	struct config *config;
	struct net *net;
	struct kern *kern;
	struct ctl *ctl;
	struct ike_engine *engine;
	LIST_HEAD(daemon_wait_list, daemon_wait) waiting;
};

/* run until a signal says stop; 0 or a negative errno, logged */
int daemon_run(const struct daemon_options *options);

/* milliseconds of a clock that never goes back */
uint64_t daemon_now(void);
/* after each call of the engine: when does it want to be called again? */
void daemon_arm(struct daemon *d);
/* read the file again; what is wrong with it is in @error, and nothing changed */
int daemon_reload(struct daemon *d, char error[CONFIG_ERROR_MAX]);

/* world.c: the engine's environment, and what happens to it */
void world_env(struct daemon *d, struct ike_env *env);
void world_input(const struct ike_path *path, struct ike_span msg, void *data);
void world_expired(uint32_t id, void *data);

/* wanted.c: what the file says, for the kernel and for the engine */
void wanted_open(struct daemon *d, const struct config *config);
void wanted_close(struct daemon *d, const struct config *config);
/**
 * wanted_conns() - connections for the engine
 * @d: the daemon
 * @config: the file
 * @old: leave out those whose children it has on other devices, routes, ...
 *	of which the engine knows nothing; NULL: all
 *
 * Return: an array as long as config->n_conns, NULL in places; NULL without
 * memory.
 */
struct ike_conn **wanted_conns(struct daemon *d, const struct config *config,
			       const struct config *old);

/* commands.c */
extern const struct ctl_command daemon_commands[];
/* a waiting client left */
void command_gone(struct ctl_client *client, void *data);
/* tell waiting clients what happened to their connection */
void command_event(struct daemon *d, const struct ike_event *event);

#endif
