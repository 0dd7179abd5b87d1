/* SPDX-License-Identifier: MIT */
/*
 * The IKEv2 engine. It has no sockets, clocks or globals: datagrams, time and
 * kernel events come in by the functions below, and what is to be done goes
 * out by the calls of struct ike_env, made before the function returns. These
 * must not call the engine back.
 *
 * Time is in milliseconds from any origin and never goes back. After each
 * call ask ike_engine_next() when the next ike_engine_timer() is due.
 */
#ifndef IKE_ENGINE_H
#define IKE_ENGINE_H

#include "conn.h"
#include "crypto.h"

#define IKE_NEVER UINT64_MAX

/* the way of a datagram */
struct ike_path {
	struct ike_addr local; /* our end */
	struct ike_addr remote; /* the peer's end */
	/*
	 * over the socket of port 4500, where the caller adds the non-ESP
	 * marker and takes it away
	 */
	bool natt;
};

/* a Child SA to install */
struct ike_child_spec {
	uint32_t id; /* names it from now on; never 0 */
	const char *conn; /* name of its connection */
	const char *child; /* name of its child */
	const char *peer; /* identity of the peer, as text */
	struct ike_path path; /* outer addresses; with @encap, its ports */
	bool encap; /* ESP in UDP */
	bool transport; /* transport mode */
	bool activate; /* send on it at once; else ike_env.activate follows */
	bool esn; /* 64 bit sequence numbers */
	uint16_t encr; /* transform ID */
	uint16_t integ; /* transform ID, 0 with an AEAD */
	const struct ike_ts_list *local_ts; /* what is protected on our side */
	const struct ike_ts_list *remote_ts; /* and on the peer's */
	/* what we receive on, host order; from ike_env.spi_alloc */
	uint32_t spi_in;
	uint32_t spi_out; /* what we send on */
	/* with salt; the engine wipes it after the call */
	struct ike_span key_in;
	struct ike_span key_out;
	struct ike_span integ_in; /* empty with an AEAD */
	struct ike_span integ_out;
};

enum ike_event_type {
	IKE_EV_IKE_UP,
	IKE_EV_IKE_DOWN,
	IKE_EV_CHILD_UP,
	IKE_EV_CHILD_DOWN,
	IKE_EV_FAILED, /* one for each failed negotiation */
	IKE_EV_INFO,
};

/* something the operator may want to know */
struct ike_event {
	enum ike_event_type type; /* what happened */
	const char *conn; /* its connection, or NULL */
	const char *child; /* its child, or NULL */
	/* one line, without secrets; the peer's words in printable form */
	const char *text;
	const char *hint; /* what would repair it, may be empty */
};

/* the world, as the engine sees it */
struct ike_env {
	void *ctx; /* passed to the calls */
	struct ike_rng rng; /* random numbers */
	/* send an IKE message; losses are repeated by the engine */
	void (*send)(void *ctx, const struct ike_path *path,
		     struct ike_span msg);
	/* send a NAT-keepalive */
	void (*keepalive)(void *ctx, const struct ike_path *path);
	/* reserve an inbound SPI for a child, host order; 0: failed */
	uint32_t (*spi_alloc)(void *ctx, const char *conn, const char *child);
	/* give back one that no Child SA was installed with */
	void (*spi_free)(void *ctx, const char *conn, const char *child,
			 uint32_t spi);
	/* install a Child SA, whole or not at all; 0 or a negative errno */
	int (*install)(void *ctx, const struct ike_child_spec *spec,
		       struct ike_diag *diag);
	/* send on this one from now on */
	void (*activate)(void *ctx, uint32_t id);
	/* remove a Child SA that was installed */
	void (*remove)(void *ctx, uint32_t id);
	/* tell the operator */
	void (*event)(void *ctx, const struct ike_event *event);
};

struct ike_engine;

/* copies @env; NULL without memory */
struct ike_engine *ike_engine_new(const struct ike_env *env);
/* removes all Child SAs and forgets everything, without telling the peers */
void ike_engine_free(struct ike_engine *e);

/*
 * What is wanted from now on: @n connections, which it takes over. Those that
 * did not change are left alone. One that is gone or changed is closed, and
 * the new one is brought up.
 */
void ike_engine_load(struct ike_engine *e, uint64_t now,
		     struct ike_conn *const *conns, unsigned int n);

/* a message came in, without the non-ESP marker */
void ike_engine_datagram(struct ike_engine *e, uint64_t now,
			 const struct ike_path *path, struct ike_span msg);
/* time has passed */
void ike_engine_timer(struct ike_engine *e, uint64_t now);
/* when to call ike_engine_timer(); IKE_NEVER */
uint64_t ike_engine_next(const struct ike_engine *e);

/*
 * Bring up a connection, or one child of it, and keep it up; or close it and
 * keep it closed. @child may be NULL: all. -ENOENT: no such name.
 */
int ike_engine_up(struct ike_engine *e, uint64_t now, const char *conn,
		  const char *child);
int ike_engine_down(struct ike_engine *e, uint64_t now, const char *conn,
		    const char *child);
/* close everything; done when ike_engine_idle(), or when patience ends */
void ike_engine_shutdown(struct ike_engine *e, uint64_t now);
bool ike_engine_idle(const struct ike_engine *e);

/* the kernel says that a Child SA is used up or gone: it is replaced */
void ike_engine_child_expired(struct ike_engine *e, uint64_t now, uint32_t id);

/* an IKE SA, for the operator */
struct ike_sa_status {
	const char *conn; /* its connection */
	const char *state; /* in a word */
	bool initiator; /* we began it */
	uint64_t spi_i; /* initiator's SPI */
	uint64_t spi_r; /* responder's SPI */
	struct ike_path path; /* where it is */
	const char *suite; /* what was agreed on, in configuration words */
	const char *local_id; /* who we are, as text */
	const char *remote_id; /* who the peer is, as text */
	uint64_t since; /* when it was established; 0: not yet */
	bool nat_local; /* we are behind a NAT */
	bool nat_remote; /* the peer is behind a NAT */
};

/* a Child SA, for the operator */
struct ike_child_status {
	uint32_t id; /* as in struct ike_child_spec */
	const char *child; /* its name */
	const char *state; /* in a word */
	bool transport; /* transport mode */
	bool encap; /* ESP in UDP */
	uint32_t spi_in; /* what we receive on */
	uint32_t spi_out; /* what we send on */
	const char *suite; /* in configuration words */
	const char *local_ts; /* as text */
	const char *remote_ts; /* as text */
	uint64_t since; /* when it was installed */
};

/* a connection, for the operator */
struct ike_conn_status {
	const char *conn; /* its name */
	bool wanted; /* it is kept up */
	uint64_t retry; /* when it is tried again; IKE_NEVER: no need */
	const char *error; /* what failed last, may be empty */
	const char *hint; /* what would repair that, may be empty */
};

/* takes what there is; each call's data lives for it */
struct ike_status_ops {
	/* for each connection */
	void (*conn)(void *ctx, const struct ike_conn_status *status);
	/* for each IKE SA of it */
	void (*sa)(void *ctx, const struct ike_sa_status *status);
	/* for each Child SA of that */
	void (*child)(void *ctx, const struct ike_child_status *status);
};

void ike_engine_status(const struct ike_engine *e,
		       const struct ike_status_ops *ops, void *ctx);

#endif
