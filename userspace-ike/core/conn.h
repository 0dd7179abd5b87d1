/* SPDX-License-Identifier: MIT */
/*
 * Connections: what the operator wants, as plain data. The daemon fills one
 * in from its configuration, the engine owns it from then on.
 */
#ifndef IKE_CONN_H
#define IKE_CONN_H

#include "id.h"
#include "proposal.h"
#include "ts.h"

#define IKE_NAME_MAX	  64
#define IKE_PSK_MAX	  256
#define IKE_CHILDREN_MAX  32
#define IKE_ADDR_TEXT_MAX 64

/**
 * struct ike_addr - an address and a UDP port
 * @len: octets of @ip: 4, 16, or 0 for any address
 * @ip: network order
 * @port: host order
 */
struct ike_addr {
	uint8_t len;
	uint8_t ip[16];
	uint16_t port;
};

static inline bool ike_addr_same_host(const struct ike_addr *a,
				      const struct ike_addr *b)
{
	return a->len == b->len && !memcmp(a->ip, b->ip, a->len);
}

/* as text, with the port unless it is 0 */
const char *ike_addr_print(const struct ike_addr *addr,
			   char buf[IKE_ADDR_TEXT_MAX]);

enum ike_encap {
	IKE_ENCAP_AUTO, /* when there is a NAT */
	IKE_ENCAP_YES,
};

/**
 * struct ike_child_conf - a Child SA that is wanted
 * @name: unique in its connection
 * @local_ts: our side's traffic selectors; none: our outer address
 * @remote_ts: the peer's side; none: its outer address
 * @esp: ESP proposals
 * @transport: transport mode
 * @start: keep it up
 */
struct ike_child_conf {
	char name[IKE_NAME_MAX];
	struct ike_ts_list local_ts;
	struct ike_ts_list remote_ts;
	struct ike_proposals esp;
	bool transport;
	bool start;
};

/**
 * struct ike_conn - a peer and how to talk to it
 * @name: unique
 * @local: our address, port ignored; len 0: any
 * @remote: the peer's address, port ignored; len 0: any, responder only
 * @local_id: our identity; type IKE_ID_NONE: our address
 * @remote_id: the peer's, may be a pattern; type IKE_ID_NONE: its address
 * @psk_len: octets of @psk
 * @psk: the shared key
 * @ike: IKE proposals
 * @encap: ESP in UDP
 * @dpd: seconds of silence after which the peer is asked for a sign of life,
 *	0: never
 * @n_children: entries in @children
 * @children: its Child SAs
 */
struct ike_conn {
	char name[IKE_NAME_MAX];
	struct ike_addr local;
	struct ike_addr remote;
	struct ike_id local_id;
	struct ike_id remote_id;
	size_t psk_len;
	uint8_t psk[IKE_PSK_MAX];
	struct ike_proposals ike;
	enum ike_encap encap;
	uint32_t dpd;
	unsigned int n_children;
	struct ike_child_conf children[];
};

/* all zero but for the number of children; NULL without memory */
struct ike_conn *ike_conn_new(unsigned int n_children);
/* wipes the key */
void ike_conn_free(struct ike_conn *conn);
/* the same in everything that counts */
bool ike_conn_equal(const struct ike_conn *a, const struct ike_conn *b);

#endif
