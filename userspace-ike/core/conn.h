/* SPDX-License-Identifier: MIT */
/*
 * Configured connections and their children, as plain data, and which of them
 * a peer belongs to. Whoever configures makes them with ike_conn_new() and
 * ike_child_conf_new(), fills in the members and hands the list over with
 * ike_engine_load().
 */
#ifndef IKE_CONN_H
#define IKE_CONN_H

#include <sys/queue.h>

#include "id.h"
#include "proposal.h"
#include "ts.h"

#define IKE_NAME_MAX	64	/* with the NUL */
#define IKE_DEVICE_MAX	16
#define IKE_PSK_MAX	256
#define IKE_ADDR_TEXT	56

#define IKE_PORT	500
#define IKE_NATT_PORT	4500

/**
 * struct ike_addr - an address and a port
 * @len: 4 or 16; 0 is "any" in a configuration
 * @ip: the address, network order
 * @port: in host order
 */
struct ike_addr {
	uint8_t len;
	uint8_t ip[16];
	uint16_t port;
};

/**
 * struct ike_path - the way of a datagram
 * @local: our end
 * @remote: the peer's end
 * @natt: by the socket of port 4500. The non-ESP marker is the socket's
 *	business: the core neither sees nor makes it
 * @ifindex: interface it came by or has to leave by, 0: routing decides. The
 *	core hands it back in answers and looks at it no further
 */
struct ike_path {
	struct ike_addr local;
	struct ike_addr remote;
	bool natt;
	uint32_t ifindex;
};

bool ike_addr_same_host(const struct ike_addr *a, const struct ike_addr *b);
bool ike_addr_equal(const struct ike_addr *a, const struct ike_addr *b);

/* "192.0.2.1", "2001:db8::1", with the port when @port; NUL-terminated */
void ike_addr_print(const struct ike_addr *addr, bool port, char *buf,
		    size_t size);

enum ike_choice {
	IKE_AUTO,
	IKE_YES,
	IKE_NO,
};

/**
 * struct ike_child_conf - a configured Child SA
 * @next: the next one of its connection
 * @name: unique in its connection
 * @device: name of the device it protects; passed through
 * @opaque: passed through; a change of it makes the child a changed one. A
 *	hash over what the daemon configures beyond this struct
 * @local_ts: what is on our side; empty: our outer address
 * @remote_ts: what is on the peer's side; empty: its outer address
 * @transport: transport mode
 * @esp: ESP proposals
 * @esn: IKE_YES and IKE_NO leave only such in @esp
 * @start: bring it up and keep it up
 * @replay_window: passed through
 * @lifetime: seconds until we rekey it, 0: the core's default
 */
struct ike_child_conf {
	STAILQ_ENTRY(ike_child_conf) next;
	char name[IKE_NAME_MAX];
	char device[IKE_DEVICE_MAX];
	uint64_t opaque;
	struct ike_ts_list local_ts;
	struct ike_ts_list remote_ts;
	bool transport;
	struct ike_proposals esp;
	enum ike_choice esn;
	bool start;
	uint32_t replay_window;
	uint32_t lifetime;
};

/**
 * struct ike_conn - a configured connection
 * @next: the next one
 * @name: unique
 * @local: our address, len 0: any
 * @remote: the peer's, len 0: any (we can only wait for it). A port other
 *	than 0 and 500 is taken for one of UDP encapsulation
 * @local_id: our identity; type 0: our address
 * @remote_id: the peer's, may be a pattern; type 0: its address
 * @psk_len: octets of @psk
 * @psk: the shared key
 * @ike: IKE proposals
 * @encap: ESP in UDP: with a NAT in between, always, never
 * @dpd: seconds of silence before the peer is asked for a sign of life, 0:
 *	never
 * @lifetime: seconds until we rekey the IKE SA, 0: the core's default
 * @children: struct ike_child_conf
 */
struct ike_conn {
	STAILQ_ENTRY(ike_conn) next;
	char name[IKE_NAME_MAX];
	struct ike_addr local;
	struct ike_addr remote;
	struct ike_id local_id;
	struct ike_id remote_id;
	size_t psk_len;
	uint8_t psk[IKE_PSK_MAX];
	struct ike_proposals ike;
	enum ike_choice encap;
	uint32_t dpd;
	uint32_t lifetime;
	STAILQ_HEAD(, ike_child_conf) children;
};

STAILQ_HEAD(ike_conn_list, ike_conn);

/**
 * ike_conn_new() - a connection with defaults, appended to a list
 * @list: where to
 * @name: its name
 *
 * Return: the connection, NULL without memory.
 */
struct ike_conn *ike_conn_new(struct ike_conn_list *list, const char *name);

/* likewise a child of a connection */
struct ike_child_conf *ike_child_conf_new(struct ike_conn *conn,
					  const char *name);

/* everything on the list, keys wiped; the list is empty then */
void ike_conn_list_free(struct ike_conn_list *list);
void ike_conn_free(struct ike_conn *conn);

struct ike_conn *ike_conn_find(const struct ike_conn_list *list,
			       const char *name);
struct ike_child_conf *ike_conn_child(const struct ike_conn *conn,
				      const char *name);

/* do they mean the same? children are compared on their own */
bool ike_conn_equal(const struct ike_conn *a, const struct ike_conn *b);
bool ike_child_conf_equal(const struct ike_child_conf *a,
			  const struct ike_child_conf *b);

/* could a datagram on this path be for the connection? 0: no, higher: closer */
unsigned int ike_conn_fits(const struct ike_conn *conn,
			   const struct ike_path *path);

/**
 * ike_conn_ids() - the identities of a connection on a path
 * @conn: connection
 * @path: where an unset identity takes its address from
 * @local: takes ours
 * @remote: takes the pattern for the peer's
 */
void ike_conn_ids(const struct ike_conn *conn, const struct ike_path *path,
		  struct ike_id *local, struct ike_id *remote);

#endif
