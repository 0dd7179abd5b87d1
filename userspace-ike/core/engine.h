/* SPDX-License-Identifier: MIT */
/*
 * The IKEv2 engine: datagrams, time, commands and what the kernel says go in,
 * actions come out. It opens no socket, reads no clock, writes no log and
 * keeps no global state; two engines in one process know nothing of each
 * other.
 *
 *	ike_engine_new(); ike_engine_load();
 *	for (;;) {
 *		while ((action = ike_engine_pop(engine))) {
 *			carry it out, in this order;
 *			ike_action_free(action);
 *		}
 *		wait for a datagram, a command, the kernel, or the time that
 *		ike_engine_timeout() says; call the function for it
 *	}
 *
 * Any input may make actions: pop until there are none after each. The
 * functions are not reentrant, and callbacks must not call into the engine.
 */
#ifndef IKE_ENGINE_H
#define IKE_ENGINE_H

#include "auth.h"
#include "conn.h"

struct ike_engine;

#define IKE_NEVER	UINT64_MAX
#define IKE_TEXT_MAX	400
#define IKE_HINT_MAX	240

/**
 * struct ike_env - what the engine asks of the world around it
 * @ctx: passed to the functions
 * @random: fill @buf with random octets; 0 or a negative errno
 * @spi_alloc: reserve an SPI for a child to receive ESP on; 0: impossible.
 *	It is taken over by IKE_ACT_INSTALL or given back by IKE_ACT_SPI_FREE
 * @source: our address towards a peer, for a connection without one; the port
 *	does not matter. 0 or a negative errno. May be NULL: the address is
 *	then left unspecified
 * @child_idle: seconds since a child received anything, UINT32_MAX: unknown.
 *	May be NULL. @id is that of IKE_ACT_INSTALL
 * @port: our UDP port of IKE, 0 for 500
 * @natt_port: our UDP port of IKE and ESP in UDP, 0 for 4500
 */
struct ike_env {
	void *ctx;
	int (*random)(void *ctx, void *buf, size_t len);
	uint32_t (*spi_alloc)(void *ctx, const struct ike_conn *conn,
			      const struct ike_child_conf *child);
	int (*source)(void *ctx, const struct ike_addr *remote,
		      struct ike_addr *local);
	uint32_t (*child_idle)(void *ctx, uint32_t id);
	uint16_t port;
	uint16_t natt_port;
};

/**
 * enum ike_action_type - what the engine wants done
 * @IKE_ACT_SEND: send @send.data by @send.path
 * @IKE_ACT_KEEPALIVE: send the one octet 0xff by @send.path, no marker
 * @IKE_ACT_INSTALL: @install; report back with ike_engine_child_failed() when
 *	the kernel refuses
 * @IKE_ACT_ACTIVATE: send on the outbound SA of child @id from now on
 * @IKE_ACT_MOVE: child @id has new outer addresses: @path and @encap of
 *	@install
 * @IKE_ACT_REMOVE: remove both SAs of child @id
 * @IKE_ACT_SPI_FREE: @spi was reserved and will not be used
 * @IKE_ACT_EVENT: something to tell: @event
 */
enum ike_action_type {
	IKE_ACT_SEND,
	IKE_ACT_KEEPALIVE,
	IKE_ACT_INSTALL,
	IKE_ACT_ACTIVATE,
	IKE_ACT_MOVE,
	IKE_ACT_REMOVE,
	IKE_ACT_SPI_FREE,
	IKE_ACT_EVENT,
};

/**
 * struct ike_esp_sa - one direction of a Child SA
 * @spi: in host order
 * @ek: encryption key; of an AEAD with the salt at its end
 * @ak: integrity key; empty with an AEAD
 */
struct ike_esp_sa {
	uint32_t spi;
	struct ike_key ek;
	struct ike_key ak;
};

/**
 * struct ike_install - a Child SA, all that the kernel needs
 * @id: names the pair from now on; never used again
 * @replaces: the child whose successor it is, 0: none
 * @conn: name of its connection
 * @child: name of its struct ike_child_conf
 * @device: of the configuration
 * @path: outer addresses; the ports count with @encap
 * @encap: ESP in UDP
 * @transport: transport mode
 * @activate: send on it at once; else IKE_ACT_ACTIVATE comes later
 * @local_ts: what is protected on our side
 * @remote_ts: and on the peer's
 * @suite: algorithms by their IANA transform IDs, and ESN
 * @replay_window: of the configuration
 * @in: what we receive on
 * @out: what we send on
 */
struct ike_install {
	uint32_t id;
	uint32_t replaces;
	char conn[IKE_NAME_MAX];
	char child[IKE_NAME_MAX];
	char device[IKE_DEVICE_MAX];
	struct ike_path path;
	bool encap;
	bool transport;
	bool activate;
	struct ike_ts_list local_ts;
	struct ike_ts_list remote_ts;
	struct ike_suite suite;
	uint32_t replay_window;
	struct ike_esp_sa in;
	struct ike_esp_sa out;
};

enum ike_severity {
	IKE_INFO,
	IKE_WARNING,
	IKE_ERROR,
};

/**
 * enum ike_event_code - what an event is about
 * @IKE_EV_NOTE: worth a line in a log, nothing more
 * @IKE_EV_IKE_UP: IKE SA established
 * @IKE_EV_IKE_DOWN: an established IKE SA is gone, its children too
 * @IKE_EV_IKE_REKEYED: IKE SA has new keys
 * @IKE_EV_CHILD_UP: Child SA installed
 * @IKE_EV_CHILD_DOWN: Child SA gone
 * @IKE_EV_CHILD_REKEYED: Child SA has new keys
 * @IKE_EV_RETRY: no success; the next attempt comes by itself
 * @IKE_EV_FAILED: an attempt to bring something up has failed: @text says why,
 *	@hint what would repair it. One for each attempt. Without a child: the
 *	connection, with all children that were asked for
 */
enum ike_event_code {
	IKE_EV_NOTE,
	IKE_EV_IKE_UP,
	IKE_EV_IKE_DOWN,
	IKE_EV_IKE_REKEYED,
	IKE_EV_CHILD_UP,
	IKE_EV_CHILD_DOWN,
	IKE_EV_CHILD_REKEYED,
	IKE_EV_RETRY,
	IKE_EV_FAILED,
};

/**
 * struct ike_event - something to tell
 * @code: what kind
 * @severity: how bad
 * @conn: connection, empty when none is known
 * @child: child, empty when it is about the IKE SA
 * @remote: the peer, len 0 when there is none
 * @notify: the error notify sent or received, 0: none
 * @text: one line, complete in itself
 * @hint: the edit that would repair it, may be empty
 */
struct ike_event {
	enum ike_event_code code;
	enum ike_severity severity;
	char conn[IKE_NAME_MAX];
	char child[IKE_NAME_MAX];
	struct ike_addr remote;
	uint16_t notify;
	char text[IKE_TEXT_MAX];
	char hint[IKE_HINT_MAX];
};

/**
 * struct ike_action - something to do
 * @next: the engine's
 * @type: which member of the rest counts
 * @id: child of ACTIVATE, MOVE and REMOVE
 * @spi: of SPI_FREE, host order
 * @send: of SEND and KEEPALIVE: path, octets and their number
 * @install: of INSTALL and MOVE
 * @event: of EVENT
 *
 * It belongs to who popped it; ike_action_free() wipes it.
 */
struct ike_action {
	STAILQ_ENTRY(ike_action) next;
	enum ike_action_type type;
	uint32_t id;
	uint32_t spi;
	struct {
		struct ike_path path;
		uint8_t *data;
		size_t len;
	} send;
	union {
		struct ike_install install;
		struct ike_event event;
	};
};

/* NULL: no memory, or a function of @env that must be there is missing */
struct ike_engine *ike_engine_new(const struct ike_env *env);

/* forgets everything without a word to anybody; see ike_engine_shutdown() */
void ike_engine_free(struct ike_engine *engine);

/**
 * ike_engine_load() - what ought to be
 * @engine: engine
 * @now: milliseconds of a clock that never goes back
 * @conns: all connections; taken over, the list is empty afterwards
 *
 * Connections and children are known by their names. New ones begin to come up
 * when they have @start, changed ones are torn down and come up anew, those
 * that are gone are torn down, the rest stays untouched.
 */
void ike_engine_load(struct ike_engine *engine, uint64_t now,
		     struct ike_conn_list *conns);

/* a message of IKE, without the non-ESP marker */
void ike_engine_datagram(struct ike_engine *engine, uint64_t now,
			 const struct ike_path *path, struct ike_span data);

/* when ike_engine_timer() has to be called, IKE_NEVER: need not */
uint64_t ike_engine_timeout(const struct ike_engine *engine);
void ike_engine_timer(struct ike_engine *engine, uint64_t now);

/**
 * ike_engine_up() - bring something up now
 * @engine: engine
 * @now: time
 * @conn: connection
 * @child: one of its children, NULL: all of them
 * @diag: why it cannot even be tried; may be NULL
 *
 * Also what an acquire of the kernel asks for. How it ends is told by events,
 * IKE_EV_CHILD_UP or IKE_EV_FAILED, for each child that is not up already.
 *
 * Return: 0; -EALREADY when it is up; -ENOENT: no such connection or child;
 * -EDESTADDRREQ: the peer's address is not configured.
 */
int ike_engine_up(struct ike_engine *engine, uint64_t now, const char *conn,
		  const char *child, struct ike_diag *diag);

/* take it down, and let it stay down until "up"; -ENOENT, -EALREADY */
int ike_engine_down(struct ike_engine *engine, uint64_t now, const char *conn,
		    const char *child, struct ike_diag *diag);

/* the kernel refused IKE_ACT_INSTALL of child @id, for @reason */
void ike_engine_child_failed(struct ike_engine *engine, uint64_t now,
			     uint32_t id, const char *reason);

/* child @id has used up its numbers or bytes, nearly or (@hard) entirely */
void ike_engine_child_expired(struct ike_engine *engine, uint64_t now,
			      uint32_t id, bool hard);

/* say goodbye to all peers, once: nothing comes up any more */
void ike_engine_shutdown(struct ike_engine *engine, uint64_t now);

/* the next thing to do, NULL: none */
struct ike_action *ike_engine_pop(struct ike_engine *engine);
void ike_action_free(struct ike_action *action);

enum ike_state {
	IKE_STATE_DOWN,		/* of a connection or child: not there */
	IKE_STATE_CONNECTING,	/* not yet authenticated */
	IKE_STATE_UP,
	IKE_STATE_CLOSING,	/* delete sent, or replaced by its successor */
};

/* "down", "connecting", "up", "closing" */
const char *ike_state_name(enum ike_state state);

/**
 * struct ike_sa_status - an IKE SA
 * @conn: connection, empty when it is not yet known
 * @state: its state
 * @initiator: we are its original initiator
 * @spi_i: SPIs
 * @spi_r: likewise
 * @path: addresses in use
 * @nat_local: we are behind a NAT
 * @nat_remote: the peer is
 * @suite: algorithms; @suite.encr is 0 before they are agreed on
 * @local_id: our identity, type 0 when not known
 * @remote_id: the peer's
 * @since: time of its present state
 */
struct ike_sa_status {
	const char *conn;
	enum ike_state state;
	bool initiator;
	uint64_t spi_i;
	uint64_t spi_r;
	struct ike_path path;
	bool nat_local;
	bool nat_remote;
	struct ike_suite suite;
	const struct ike_id *local_id;
	const struct ike_id *remote_id;
	uint64_t since;
};

/**
 * struct ike_child_status - a Child SA
 * @id: that of IKE_ACT_INSTALL
 * @name: of its configuration
 * @device: likewise
 * @state: its state
 * @transport: transport mode
 * @encap: ESP in UDP
 * @spi_in: what we receive on
 * @spi_out: what we send on
 * @suite: algorithms
 * @local_ts: what is protected on our side
 * @remote_ts: and on the peer's
 * @since: when it was installed
 */
struct ike_child_status {
	uint32_t id;
	const char *name;
	const char *device;
	enum ike_state state;
	bool transport;
	bool encap;
	uint32_t spi_in;
	uint32_t spi_out;
	struct ike_suite suite;
	const struct ike_ts_list *local_ts;
	const struct ike_ts_list *remote_ts;
	uint64_t since;
};

/**
 * struct ike_conn_status - how a connection fares
 * @conf: its configuration; do not print the key
 * @state: that of its best IKE SA
 * @wanted: it has children that ought to be up
 * @attempts: failures since the last success
 * @retry_at: time of the next attempt, IKE_NEVER: none is planned
 * @text: the last failure, empty when there was none since the last success
 * @hint: what would repair it
 */
struct ike_conn_status {
	const struct ike_conn *conf;
	enum ike_state state;
	bool wanted;
	unsigned int attempts;
	uint64_t retry_at;
	const char *text;
	const char *hint;
};

struct ike_sa;
struct ike_child;
struct ike_peer;

/*
 * To list everything: @prev NULL is the first, NULL comes after the last. What
 * is returned lives until the next call that is an input.
 */
const struct ike_peer *ike_engine_next_conn(const struct ike_engine *engine,
					    const struct ike_peer *prev,
					    struct ike_conn_status *status);
const struct ike_sa *ike_engine_next_sa(const struct ike_engine *engine,
					const struct ike_sa *prev,
					struct ike_sa_status *status);
const struct ike_child *ike_sa_next_child(const struct ike_sa *sa,
					  const struct ike_child *prev,
					  struct ike_child_status *status);

#endif
