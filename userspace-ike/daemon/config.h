/* SPDX-License-Identifier: MIT */
/*
 * The configuration file, ipsecx.conf(5), checked: whatever is in here can be
 * used as it is.
 */
#ifndef DAEMON_CONFIG_H
#define DAEMON_CONFIG_H

#include <net/if.h>
#include <stdio.h>
#include <sys/queue.h>

#include "net.h"

#define CONFIG_PATH	 "/etc/ipsecx/ipsecx.conf"
#define CONFIG_ERROR_MAX 1024

/* what becomes of the ESP proposals */
enum config_esn {
	CONFIG_ESN_AUTO, /* as they say */
	CONFIG_ESN_YES,
	CONFIG_ESN_NO,
};

/**
 * struct config_child - a "child" section
 * @next: the next one of its connection
 * @ike: for the engine
 * @device: the ipsecx device that it protects
 * @link: underlay of the device when we create it, may be empty
 * @esn: enum config_esn
 * @routes: route the remote selectors into @device
 * @source: preferred source of these routes, len 0: none
 * @mtu: of the device, 0: the device knows best
 * @replay_window: in packets
 */
struct config_child {
	STAILQ_ENTRY(config_child) next;
	struct ike_child_conf ike;
	char device[IF_NAMESIZE];
	char link[IF_NAMESIZE];
	uint8_t esn;
	bool routes;
	struct ike_addr source;
	uint32_t mtu;
	uint32_t replay_window;
};

/**
 * struct config_conn - a "connection" section
 * @next: the next one
 * @children: its children
 * @source: our address towards the peer when routing last knew one; not from
 *	the file
 * @ike: for the engine, without the children
 */
struct config_conn {
	STAILQ_ENTRY(config_conn) next;
	STAILQ_HEAD(config_children, config_child) children;
	struct ike_addr source;
	struct ike_conn ike;
};

/* the file, once @complete; a change of @net needs a restart */
struct config {
	struct net_config net;
	STAILQ_HEAD(config_conn_list, config_conn) conns;
	unsigned int n_conns;
	bool complete;
};

/*
 * Read a file; one with a psk in it that others may read is refused. On failure
 * @error is "file:line: what, and what would be right". Free with config_free().
 * Return: 0 or a negative errno.
 */
int config_load(const char *path, struct config **config,
		char error[CONFIG_ERROR_MAX]);
/* likewise from a stream that calls itself @name; permissions are not asked */
int config_read(FILE *file, const char *name, struct config **config,
		char error[CONFIG_ERROR_MAX]);
/* wipes what is secret */
void config_free(struct config *config);

struct config_conn *config_conn_find(const struct config *config,
				     const char *name);
struct config_child *config_child_find(const struct config_conn *conn,
				       const char *name);

#endif
