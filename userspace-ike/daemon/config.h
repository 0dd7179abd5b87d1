/* SPDX-License-Identifier: MIT */
/*
 * The configuration file, ipsecx.conf(5), checked: whatever is in here can be
 * used as it is.
 */
#ifndef DAEMON_CONFIG_H
#define DAEMON_CONFIG_H

#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/queue.h>

#include "id.h"
#include "net.h"
#include "proposal.h"
#include "ts.h"

#define CONFIG_PATH	 "/etc/ipsecx/ipsecx.conf"
#define CONFIG_NAME_MAX	 64
#define CONFIG_PSK_MAX	 256
#define CONFIG_LIST_TEXT 1024
#define CONFIG_ERROR_MAX 1024

enum config_choice {
	CONFIG_AUTO,
	CONFIG_YES,
	CONFIG_NO,
};

/**
 * struct config_list - a list of words as it was written, joined by commas
 * @text: the words
 */
struct config_list {
	char text[CONFIG_LIST_TEXT];
};

/**
 * struct config_child - a "child" section
 * @next: the next one of its connection
 * @name: its title
 * @device: the ipsecx device that it protects
 * @link: underlay of the device when we create it, may be empty
 * @local_ts: what is on our side; empty: our outer address
 * @remote_ts: what is on the peer's side; empty: its outer address
 * @transport: transport mode
 * @esp_text: the ESP proposals as written
 * @esp: the ESP proposals
 * @esn: extended sequence numbers; auto: whatever @esp_text says
 * @start: keep it up
 * @routes: route @remote_ts into @device
 * @source: preferred source of these routes, family 0: none
 * @mtu: of the device, 0: the device knows best
 * @replay_window: in packets
 */
struct config_child {
	STAILQ_ENTRY(config_child) next;
	char name[CONFIG_NAME_MAX];
	char device[IF_NAMESIZE];
	char link[IF_NAMESIZE];
	struct ike_ts_list local_ts;
	struct ike_ts_list remote_ts;
	bool transport;
	struct config_list esp_text;
	struct ike_proposals esp;
	enum config_choice esn;
	bool start;
	bool routes;
	union net_addr source;
	uint32_t mtu;
	uint32_t replay_window;
};

STAILQ_HEAD(config_children, config_child);

/**
 * struct config_conn - a "connection" section
 * @next: the next one
 * @name: its title
 * @local: our address, family 0: any
 * @remote: the peer's address, family 0: any
 * @local_id: our identity, type 0: our address
 * @remote_id: the peer's, type 0: its address
 * @psk_len: octets of @psk
 * @psk: the shared key
 * @ike_text: the IKE proposals as written
 * @ike: the IKE proposals
 * @encap: ESP in UDP, always or when there is a NAT
 * @dpd: seconds of silence before the peer is asked for a sign of life
 * @children: its children
 * @source: our address towards the peer when routing last knew one; not from
 *	the file
 */
struct config_conn {
	STAILQ_ENTRY(config_conn) next;
	char name[CONFIG_NAME_MAX];
	union net_addr local;
	union net_addr remote;
	struct ike_id local_id;
	struct ike_id remote_id;
	size_t psk_len;
	uint8_t psk[CONFIG_PSK_MAX];
	struct config_list ike_text;
	struct ike_proposals ike;
	bool encap;
	uint32_t dpd;
	struct config_children children;
	union net_addr source;
};

/**
 * struct config - the file
 * @net: sockets; a change needs a restart
 * @conns: connections
 * @n_conns: how many
 * @complete: read to its end
 */
struct config {
	struct net_config net;
	STAILQ_HEAD(config_conn_list, config_conn) conns;
	unsigned int n_conns;
	bool complete;
};

/**
 * config_load() - read a file
 * @path: its name
 * @config: takes it; free with config_free()
 * @error: on failure "file:line: what, and what would be right"
 *
 * A file with a psk in it that others may read is refused.
 *
 * Return: 0 or a negative errno.
 */
int config_load(const char *path, struct config **config,
		char error[CONFIG_ERROR_MAX]);

/* likewise from a stream that calls itself @name; permissions are not asked */
int config_read(FILE *file, const char *name, struct config **config,
		char error[CONFIG_ERROR_MAX]);

/* wipes what is secret */
void config_free(struct config *config);

const struct config_conn *config_conn_find(const struct config *config,
					   const char *name);
const struct config_child *config_child_find(const struct config_conn *conn,
					     const char *name);

#endif
