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

/**
 * struct ike_path - the way of a datagram
 * @local: our end
 * @remote: the peer's end
 * @natt: over the socket of port 4500, where the caller adds the non-ESP
 *	marker and takes it away
 */
struct ike_path {
	struct ike_addr local;
	struct ike_addr remote;
	bool natt;
};

/**
 * struct ike_child_spec - a Child SA to install
 * @id: names it from now on; never 0
 * @conn: name of its connection
 * @child: name of its child
 * @peer: identity of the peer, as text
 * @path: outer addresses; with @encap, its ports
 * @encap: ESP in UDP
 * @transport: transport mode
 * @activate: send on it at once; else ike_env.activate follows
 * @esn: 64 bit sequence numbers
 * @encr: transform ID
 * @integ: transform ID, 0 with an AEAD
 * @local_ts: what is protected on our side
 * @remote_ts: and on the peer's
 * @spi_in: what we receive on, host order; from ike_env.spi_alloc
 * @spi_out: what we send on
 * @key_in: with salt; the engine wipes it after the call
 * @key_out: likewise
 * @integ_in: likewise; empty with an AEAD
 * @integ_out: likewise
 */
struct ike_child_spec {
	uint32_t id;
	const char *conn;
	const char *child;
	const char *peer;
	struct ike_path path;
	bool encap;
	bool transport;
	bool activate;
	bool esn;
	uint16_t encr;
	uint16_t integ;
	const struct ike_ts_list *local_ts;
	const struct ike_ts_list *remote_ts;
	uint32_t spi_in;
	uint32_t spi_out;
	struct ike_span key_in;
	struct ike_span key_out;
	struct ike_span integ_in;
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

/**
 * struct ike_event - something the operator may want to know
 * @type: what happened
 * @conn: its connection, or NULL
 * @child: its child, or NULL
 * @text: one line, without secrets; the peer's words in printable form
 * @hint: what would repair it, may be empty
 */
struct ike_event {
	enum ike_event_type type;
	const char *conn;
	const char *child;
	const char *text;
	const char *hint;
};

/**
 * struct ike_env - the world, as the engine sees it
 * @ctx: passed to the calls
 * @rng: random numbers
 * @send: send an IKE message; losses are repeated by the engine
 * @keepalive: send a NAT-keepalive
 * @spi_alloc: reserve an inbound SPI for a child, host order; 0: failed
 * @spi_free: give back one that no Child SA was installed with
 * @install: install a Child SA, whole or not at all; 0 or a negative errno
 * @activate: send on this one from now on
 * @remove: remove a Child SA that was installed
 * @event: tell the operator
 */
struct ike_env {
	void *ctx;
	struct ike_rng rng;
	void (*send)(void *ctx, const struct ike_path *path,
		     struct ike_span msg);
	void (*keepalive)(void *ctx, const struct ike_path *path);
	uint32_t (*spi_alloc)(void *ctx, const char *conn, const char *child);
	void (*spi_free)(void *ctx, const char *conn, const char *child,
			 uint32_t spi);
	int (*install)(void *ctx, const struct ike_child_spec *spec,
		       struct ike_diag *diag);
	void (*activate)(void *ctx, uint32_t id);
	void (*remove)(void *ctx, uint32_t id);
	void (*event)(void *ctx, const struct ike_event *event);
};

struct ike_engine;

/* copies @env; NULL without memory */
struct ike_engine *ike_engine_new(const struct ike_env *env);
/* removes all Child SAs and forgets everything, without telling the peers */
void ike_engine_free(struct ike_engine *e);

/**
 * ike_engine_load() - what is wanted from now on
 * @e: engine
 * @now: time
 * @conns: connections, which it takes over
 * @n: how many
 *
 * Connections that did not change are left alone. One that is gone or changed
 * is closed, and the new one is brought up.
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

/**
 * struct ike_sa_status - an IKE SA, for the operator
 * @conn: its connection
 * @state: in a word
 * @initiator: we began it
 * @spi_i: initiator's SPI
 * @spi_r: responder's SPI
 * @path: where it is
 * @suite: what was agreed on, in configuration words
 * @local_id: who we are, as text
 * @remote_id: who the peer is, as text
 * @since: when it was established; 0: not yet
 * @nat_local: we are behind a NAT
 * @nat_remote: the peer is behind a NAT
 */
struct ike_sa_status {
	const char *conn;
	const char *state;
	bool initiator;
	uint64_t spi_i;
	uint64_t spi_r;
	struct ike_path path;
	const char *suite;
	const char *local_id;
	const char *remote_id;
	uint64_t since;
	bool nat_local;
	bool nat_remote;
};

/**
 * struct ike_child_status - a Child SA, for the operator
 * @id: as in struct ike_child_spec
 * @child: its name
 * @state: in a word
 * @transport: transport mode
 * @encap: ESP in UDP
 * @spi_in: what we receive on
 * @spi_out: what we send on
 * @suite: in configuration words
 * @local_ts: as text
 * @remote_ts: as text
 * @since: when it was installed
 */
struct ike_child_status {
	uint32_t id;
	const char *child;
	const char *state;
	bool transport;
	bool encap;
	uint32_t spi_in;
	uint32_t spi_out;
	const char *suite;
	const char *local_ts;
	const char *remote_ts;
	uint64_t since;
};

/**
 * struct ike_conn_status - a connection, for the operator
 * @conn: its name
 * @wanted: it is kept up
 * @retry: when it is tried again; IKE_NEVER: no need
 * @error: what failed last, may be empty
 * @hint: what would repair that, may be empty
 */
struct ike_conn_status {
	const char *conn;
	bool wanted;
	uint64_t retry;
	const char *error;
	const char *hint;
};

/**
 * struct ike_status_ops - takes what there is; each call's data lives for it
 * @conn: for each connection
 * @sa: for each IKE SA of it
 * @child: for each Child SA of that
 */
struct ike_status_ops {
	void (*conn)(void *ctx, const struct ike_conn_status *status);
	void (*sa)(void *ctx, const struct ike_sa_status *status);
	void (*child)(void *ctx, const struct ike_child_status *status);
};

void ike_engine_status(const struct ike_engine *e,
		       const struct ike_status_ops *ops, void *ctx);

#endif
