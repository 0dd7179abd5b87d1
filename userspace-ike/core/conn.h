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

/* an address and a UDP port */
struct ike_addr {
	uint8_t len; /* octets of @ip: 4, 16, or 0 for any address */
	uint8_t ip[16]; /* network order */
	uint16_t port; /* host order */
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

/* a Child SA that is wanted */
struct ike_child_conf {
	char name[IKE_NAME_MAX]; /* unique in its connection */
	/* our side's traffic selectors; none: our outer address */
	struct ike_ts_list local_ts;
	/* the peer's side; none: its outer address */
	struct ike_ts_list remote_ts;
	struct ike_proposals esp; /* ESP proposals */
	bool transport; /* transport mode */
	bool start; /* keep it up */
};

/* a peer and how to talk to it */
struct ike_conn {
	char name[IKE_NAME_MAX]; /* unique */
	struct ike_addr local; /* our address, port ignored; len 0: any */
	/* the peer's address, port ignored; len 0: any, responder only */
	struct ike_addr remote;
	/* our identity; type IKE_ID_NONE: our address */
	struct ike_id local_id;
	/* the peer's, may be a pattern; type IKE_ID_NONE: its address */
	struct ike_id remote_id;
	size_t psk_len; /* octets of @psk */
	uint8_t psk[IKE_PSK_MAX]; /* the shared key */
	struct ike_proposals ike; /* IKE proposals */
	enum ike_encap encap; /* ESP in UDP */
	/*
	 * seconds of silence after which the peer is asked for a sign of life,
	 * 0: never
	 */
	uint32_t dpd;
	unsigned int n_children; /* entries in @children */
	struct ike_child_conf children[]; /* its Child SAs */
};

/* all zero but for the number of children; NULL without memory */
struct ike_conn *ike_conn_new(unsigned int n_children);
/* wipes the key */
void ike_conn_free(struct ike_conn *conn);
/* the same in everything that counts */
bool ike_conn_equal(const struct ike_conn *a, const struct ike_conn *b);

#endif
