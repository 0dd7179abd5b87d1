/* SPDX-License-Identifier: MIT */
/*
 * Inside the engine: connections that are pursued, IKE SAs, Child SAs, and
 * what the exchanges (x_*.c) do to them.
 *
 *   datagram -> engine.c finds the IKE SA -> sa.c opens it -> x_*.c answers
 *   timer    -> engine.c -> sa.c repeats requests, goal.c starts what is wanted
 */
#ifndef IKE_SA_H
#define IKE_SA_H

#include <sys/queue.h>

#include "auth.h"
#include "engine.h"
#include "msg.h"
#include "sk.h"

/* limits, and times in milliseconds */
#define IKE_OUT_MAX	     8192
#define IKE_COOKIE_MAX	     64
#define IKE_NONCE_LEN	     32
#define IKE_COOKIE_LEN	     32
#define IKE_HALF_OPEN_MAX    1024
#define IKE_HALF_OPEN_HOST   64
#define IKE_HALF_OPEN_TIME   30000
#define IKE_REKEYED_MAX	     4
#define IKE_RETRANSMIT_FIRST 1000
#define IKE_RETRANSMIT_TRIES 6
#define IKE_RETRY_FIRST	     2000
#define IKE_RETRY_MAX	     60000
#define IKE_KEEPALIVE_TIME   20000
#define IKE_PORT	     500
#define IKE_NATT_PORT	     4500

/**
 * struct ike_bytes - a message we keep
 * @p: malloc()ed
 * @len: octets
 */
struct ike_bytes {
	uint8_t *p;
	size_t len;
};

int ike_bytes_set(struct ike_bytes *b, struct ike_span s);
void ike_bytes_free(struct ike_bytes *b);

static inline struct ike_span ike_bytes_span(const struct ike_bytes *b)
{
	return ike_span(b->p, b->len);
}

/**
 * struct ike_goal - a connection and how far we are with it
 * @entry: in ike_engine.goals
 * @conn: what is wanted, owned
 * @wanted: bit i: child i is to be up
 * @failures: in a row
 * @retry: not before this time
 * @error: what failed last
 * @hint: what would repair it
 */
struct ike_goal {
	STAILQ_ENTRY(ike_goal) entry;
	struct ike_conn *conn;
	uint32_t wanted;
	unsigned int failures;
	uint64_t retry;
	char error[400];
	char hint[240];
};

enum ike_child_state {
	IKE_CHILD_NEW, /* being negotiated, not in the kernel */
	IKE_CHILD_UP,
	IKE_CHILD_CLOSING, /* our delete is on its way */
};

/**
 * struct ike_child - a Child SA
 * @entry: in ike_sa.children
 * @sa: its IKE SA
 * @conf: what it is for
 * @state: see above
 * @id: its name towards the outside
 * @spi_in: we receive on, host order
 * @spi_out: we send on
 * @suite: what was agreed on
 * @offer: what we offered, while we wait for the answer
 * @local_ts: our side's selectors
 * @remote_ts: the peer's
 * @told_local: responder: @local_ts with the addresses that the peer knows
 * @told_remote: likewise
 * @transport: transport mode
 * @installed: it is in the kernel
 * @active: we send on it
 * @drop: to be deleted when no request is outstanding; without @installed it
 *	is the peer that believes in it
 * @replaces: id of the one it was rekeyed from, 0: none
 * @ke: our key exchange, while we wait for the answer
 * @nonce: our nonce, likewise
 * @since: when it was installed
 */
struct ike_child {
	LIST_ENTRY(ike_child) entry;
	struct ike_sa *sa;
	const struct ike_child_conf *conf;
	enum ike_child_state state;
	uint32_t id;
	uint32_t spi_in;
	uint32_t spi_out;
	struct ike_suite suite;
	struct ike_proposals offer;
	struct ike_ts_list local_ts;
	struct ike_ts_list remote_ts;
	struct ike_ts_list told_local;
	struct ike_ts_list told_remote;
	bool transport;
	bool installed;
	bool active;
	bool drop;
	uint32_t replaces;
	struct ike_ke *ke;
	uint8_t nonce[IKE_NONCE_LEN];
	uint64_t since;
};

enum ike_sa_state {
	IKE_SA_INIT_SENT, /* initiator: IKE_SA_INIT is on its way */
	IKE_SA_AUTH_SENT, /* initiator: IKE_AUTH is on its way */
	IKE_SA_HALF_OPEN, /* responder: waits for IKE_AUTH */
	IKE_SA_UP, /* both sides have proved who they are */
	IKE_SA_REKEYED, /* another one has taken its place */
	IKE_SA_CLOSING, /* our delete is on its way */
	IKE_SA_DEAD, /* removed before control goes back outside */
};

enum ike_task_type {
	IKE_TASK_NONE,
	IKE_TASK_INIT,
	IKE_TASK_AUTH,
	IKE_TASK_CHILD,
	IKE_TASK_CHILD_DELETE,
	IKE_TASK_DELETE,
	IKE_TASK_ALIVE,
};

/**
 * struct ike_task - our one outstanding request (RFC 7296 section 2.3)
 * @type: what it does; IKE_TASK_NONE: nothing is outstanding
 * @child: what it is about, if that is a Child SA
 * @msgid: its message ID
 * @msg: as sent, to be repeated to the letter
 * @tries: how often it was sent
 * @due: when to send it again
 */
struct ike_task {
	enum ike_task_type type;
	struct ike_child *child;
	uint32_t msgid;
	struct ike_bytes msg;
	unsigned int tries;
	uint64_t due;
};

/**
 * struct ike_sa - an IKE SA
 * @entry: in ike_engine.sas
 * @e: engine
 * @goal: its connection; of a half-open one the first that fits
 * @state: see above
 * @initiator: we sent the first message of this IKE SA
 * @spi_i: initiator's SPI
 * @spi_r: responder's SPI
 * @path: where the peer is
 * @nat_local: we are behind a NAT
 * @nat_remote: the peer is
 * @suite: what was agreed on
 * @keys: its keys
 * @out: protects what we send
 * @in: protects what we receive
 * @ke: our key exchange, until IKE_SA_INIT is over
 * @restarts: how often the peer had us begin again
 * @cookie_len: octets of @cookie
 * @cookie: what the peer wants to see again
 * @ni: initiator's nonce
 * @ni_len: its length
 * @nr: responder's nonce
 * @nr_len: its length
 * @init_req: IKE_SA_INIT request, for AUTH
 * @init_resp: IKE_SA_INIT response, for AUTH
 * @local_id: who we are
 * @remote_id: who the peer proved to be
 * @task: our request
 * @next_out: message ID of our next request
 * @next_in: message ID of the peer's next request
 * @response: our last response, repeated when the request is
 * @children: its Child SAs
 * @since: when it was established
 * @heard: when the peer was last known to live
 * @keepalive: when to send the next NAT-keepalive
 * @expires: half-open or closing: when it is given up
 */
struct ike_sa {
	LIST_ENTRY(ike_sa) entry;
	struct ike_engine *e;
	struct ike_goal *goal;
	enum ike_sa_state state;
	bool initiator;
	uint64_t spi_i;
	uint64_t spi_r;
	struct ike_path path;
	bool nat_local;
	bool nat_remote;
	struct ike_suite suite;
	struct ike_sa_keys keys;
	struct ike_sk out;
	struct ike_sk in;
	struct ike_ke *ke;
	unsigned int restarts;
	size_t cookie_len;
	uint8_t cookie[IKE_COOKIE_MAX];
	uint8_t ni[IKE_NONCE_MAX];
	size_t ni_len;
	uint8_t nr[IKE_NONCE_MAX];
	size_t nr_len;
	struct ike_bytes init_req;
	struct ike_bytes init_resp;
	struct ike_id local_id;
	struct ike_id remote_id;
	struct ike_task task;
	uint32_t next_out;
	uint32_t next_in;
	struct ike_bytes response;
	LIST_HEAD(ike_child_list, ike_child) children;
	uint64_t since;
	uint64_t heard;
	uint64_t keepalive;
	uint64_t expires;
};

/**
 * struct ike_cookies - what a responder remembers of those it does not know
 * @secret: what cookies are made with, and what they were made with before
 * @since: when the first of them was made; 0: never
 * @second: that @begun counts
 * @begun: key exchanges that strangers made us begin
 */
struct ike_cookies {
	uint8_t secret[2][IKE_COOKIE_LEN];
	uint64_t since;
	uint64_t second;
	unsigned int begun;
};

/* cookie.c: one more stranger's key exchange */
void ike_cookie_count(struct ike_engine *e, uint64_t now);
/* is a cookie needed that @msg does not have? then it is made */
bool ike_cookie_missing(struct ike_engine *e, uint64_t now,
			const struct ike_path *path, const struct ike_msg *msg,
			struct ike_span nonce, uint8_t cookie[IKE_COOKIE_LEN]);

/**
 * struct ike_engine - everything
 * @env: the world
 * @goals: connections
 * @sas: IKE SAs
 * @n_half_open: how many of them are IKE_SA_HALF_OPEN
 * @cookies: against those who only say where they are
 * @refused: when a stranger's request was last told of as a failure
 * @next_id: id of the next Child SA
 * @closing: nothing new is begun
 */
struct ike_engine {
	struct ike_env env;
	STAILQ_HEAD(, ike_goal) goals;
	LIST_HEAD(ike_sa_list, ike_sa) sas;
	unsigned int n_half_open;
	struct ike_cookies cookies;
	uint64_t refused;
	uint32_t next_id;
	bool closing;
};

/* goal.c: connections */
struct ike_goal *ike_goal_new(struct ike_engine *e, struct ike_conn *conn);
void ike_goal_free(struct ike_goal *goal);
struct ike_goal *ike_goal_find(struct ike_engine *e, const char *name);
/* the first whose addresses fit; @after: go on behind that one */
struct ike_goal *ike_goal_match(struct ike_engine *e,
				const struct ike_path *path,
				struct ike_goal *after);
/* begin whatever is missing and may be tried now */
void ike_goal_pursue(struct ike_engine *e, struct ike_goal *goal, uint64_t now);
/* something went wrong, try again later; or well */
void ike_goal_failed(struct ike_goal *goal, struct ike_engine *e, uint64_t now,
		     const struct ike_diag *diag);
void ike_goal_succeeded(struct ike_goal *goal);
/* when ike_goal_pursue() has something to do */
uint64_t ike_goal_next(const struct ike_engine *e, const struct ike_goal *goal);
bool ike_goal_wants(const struct ike_goal *goal,
		    const struct ike_child_conf *conf);

/* sa.c: the life of an IKE SA and its messages */
struct ike_sa *ike_sa_new(struct ike_engine *e, struct ike_goal *goal,
			  const struct ike_path *path, bool initiator);
/* removes its Child SAs; it is freed when the engine's call ends */
void ike_sa_remove(struct ike_sa *sa);
void ike_sa_free(struct ike_sa *sa);
void ike_sa_set_state(struct ike_sa *sa, enum ike_sa_state state);
const char *ike_sa_state_name(enum ike_sa_state state);
/* one event, the goal remembers it, and the IKE SA goes */
void ike_sa_fail(struct ike_sa *sa, uint64_t now, const struct ike_diag *diag);
int ike_sa_set_keys(struct ike_sa *sa);

/*
 * ESP in UDP: for a NAT, or where it is configured. Port 4500 alone says
 * nothing: a peer with MOBIKE moves there without a NAT (RFC 4555 section 3.3).
 */
static inline bool ike_sa_encap(const struct ike_sa *sa)
{
	return sa->path.natt && (sa->nat_local || sa->nat_remote ||
				 sa->goal->conn->encap == IKE_ENCAP_YES);
}
/* is this ours or the peer's to say? */
struct ike_span ike_sa_nonce(const struct ike_sa *sa, bool initiator);

/* a request, in @buf of IKE_OUT_MAX; what goes into SK follows */
void ike_request_begin(struct ike_sa *sa, struct ike_builder *b, uint8_t *buf,
		       uint8_t exchange);
/* -EMSGSIZE, -EIO, -ENOMEM: it was not sent */
int ike_request_send(struct ike_sa *sa, uint64_t now, struct ike_builder *b,
		     enum ike_task_type type, struct ike_child *child);
/* the same for a plain IKE_SA_INIT message that is finished already */
int ike_request_keep(struct ike_sa *sa, uint64_t now, struct ike_span msg,
		     enum ike_task_type type, struct ike_child *child);
void ike_task_done(struct ike_sa *sa);
void ike_sa_timer(struct ike_sa *sa, uint64_t now);
uint64_t ike_sa_next(const struct ike_sa *sa);

/* the answer to @req */
void ike_response_begin(struct ike_sa *sa, struct ike_builder *b, uint8_t *buf,
			const struct ike_msg *req);
int ike_response_send(struct ike_sa *sa, struct ike_builder *b);
/* nothing but a notify */
int ike_response_notify(struct ike_sa *sa, const struct ike_msg *req,
			uint16_t type, struct ike_span data);
/* an encrypted message for @sa */
void ike_sa_input(struct ike_sa *sa, uint64_t now, const struct ike_path *path,
		  struct ike_span raw);

void ike_event(struct ike_engine *e, enum ike_event_type type,
	       const struct ike_goal *goal, const struct ike_child *child,
	       const struct ike_diag *diag);
void ike_eventf(struct ike_engine *e, enum ike_event_type type,
		const struct ike_goal *goal, const struct ike_child *child,
		const char *fmt, ...) __attribute__((format(printf, 5, 6)));

/* child.c: the life of a Child SA, and its negotiation */
struct ike_child *ike_child_new(struct ike_sa *sa,
				const struct ike_child_conf *conf);
/* out of the kernel, if it is in it */
void ike_child_remove(struct ike_child *child);
struct ike_child *ike_child_by_spi_out(struct ike_sa *sa, uint32_t spi);
struct ike_child *ike_child_by_conf(struct ike_sa *sa,
				    const struct ike_child_conf *conf);
/* mode and SA of our request, without KE in IKE_AUTH; then TSi and TSr */
void ike_child_offer(struct ike_child *child, struct ike_builder *b,
		     bool with_ke);
void ike_child_offer_ts(const struct ike_child *child, struct ike_builder *b);
/* what the peer made of our offer */
int ike_child_accept(struct ike_child *child, const struct ike_msg *msg,
		     struct ike_diag *diag);
/* the peer's offer: choose among the connection's children, or take @only */
struct ike_child *ike_child_select(struct ike_sa *sa, const struct ike_msg *msg,
				   const struct ike_child_conf *only,
				   bool with_ke, struct ike_proposal *chosen,
				   struct ike_diag *diag);
void ike_child_answer(struct ike_child *child, struct ike_builder *b,
		      const struct ike_proposal *chosen);
void ike_child_answer_ts(const struct ike_child *child, struct ike_builder *b);
/* into the kernel; @initiator: the exchange was ours */
int ike_child_install(struct ike_child *child, uint64_t now,
		      const struct ike_keymat *km, bool initiator,
		      bool activate, struct ike_diag *diag);
void ike_child_activate(struct ike_child *child);
const char *ike_child_state_name(enum ike_child_state state);

/* x_init.c: IKE_SA_INIT */
int ike_init_start(struct ike_sa *sa, uint64_t now);
void ike_init_request(struct ike_engine *e, uint64_t now,
		      const struct ike_path *path, struct ike_span raw);
void ike_init_response(struct ike_sa *sa, uint64_t now,
		       const struct ike_path *path, struct ike_span raw);

/* x_auth.c: IKE_AUTH */
int ike_auth_start(struct ike_sa *sa, uint64_t now);
void ike_auth_request(struct ike_sa *sa, uint64_t now,
		      const struct ike_msg *msg);
void ike_auth_response(struct ike_sa *sa, uint64_t now,
		       const struct ike_msg *msg);

/* x_child.c: CREATE_CHILD_SA */
int ike_create_start(struct ike_sa *sa, uint64_t now,
		     const struct ike_child_conf *conf);
void ike_create_request(struct ike_sa *sa, uint64_t now,
			const struct ike_msg *msg);
void ike_create_response(struct ike_sa *sa, uint64_t now,
			 const struct ike_msg *msg);

/* x_info.c: INFORMATIONAL */
int ike_delete_start(struct ike_sa *sa, uint64_t now);
int ike_delete_child_start(struct ike_child *child, uint64_t now);
int ike_alive_start(struct ike_sa *sa, uint64_t now);
void ike_info_request(struct ike_sa *sa, uint64_t now,
		      const struct ike_msg *msg);
void ike_info_response(struct ike_sa *sa, uint64_t now,
		       const struct ike_msg *msg);

#endif
