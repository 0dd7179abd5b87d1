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

/* a message we keep, malloc()ed */
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

/* a message we write */
struct ike_out {
	struct ike_builder b;
	uint8_t buf[IKE_OUT_MAX];
};

/* a connection and how far we are with it */
struct ike_goal {
	STAILQ_ENTRY(ike_goal) entry;
	struct ike_conn *conn; /* what is wanted, owned */
	uint32_t wanted; /* bit i: child i is to be up */
	unsigned int failures; /* in a row */
	uint64_t retry; /* not before this time */
	char error[400]; /* what failed last */
	char hint[240]; /* what would repair it */
};

/*
 * kex.c: nonces and key exchange of one exchange. ni and ke are its
 * initiator's; when both sides' are there, the secret is. To be wiped.
 */
struct ike_kex {
	struct ike_ke *ke; /* ours; NULL: none */
	struct ike_secret secret;
	size_t ni_len;
	size_t nr_len;
	uint8_t ni[IKE_NONCE_MAX];
	uint8_t nr[IKE_NONCE_MAX];
};

/* our half of a request; @group 0: nonces only */
int ike_kex_ask(struct ike_kex *kex, const struct ike_rng *rng, uint16_t group);
/* the other half, from the response; @group was agreed on */
int ike_kex_finish(struct ike_kex *kex, const struct ike_msg *msg,
		   uint16_t group, struct ike_diag *diag);
/* is the request's KE one of @group? else INVALID_KE_PAYLOAD, -EAGAIN */
int ike_kex_check(const struct ike_msg *msg, uint16_t group,
		  struct ike_diag *diag);
/* both halves, the peer's from its request */
int ike_kex_answer(struct ike_kex *kex, const struct ike_rng *rng,
		   const struct ike_msg *msg, uint16_t group,
		   struct ike_diag *diag);
/* the group that INVALID_KE_PAYLOAD wants, if we offered it and did not try */
uint16_t ike_kex_other(const struct ike_kex *kex, const struct ike_payload *n,
		       const struct ike_proposals *offer);
struct ike_span ike_kex_nonce(const struct ike_kex *kex, bool initiator);
/* our KE payload, if there is one, and our nonce */
void ike_kex_write_ke(const struct ike_kex *kex, struct ike_builder *b);
void ike_kex_write_nonce(const struct ike_kex *kex, struct ike_builder *b,
			 bool initiator);
void ike_kex_wipe(struct ike_kex *kex);

enum ike_child_state {
	IKE_CHILD_NEW, /* being negotiated, not in the kernel */
	IKE_CHILD_UP,
	IKE_CHILD_CLOSING, /* our delete is on its way */
};

/* a Child SA */
struct ike_child {
	LIST_ENTRY(ike_child) entry; /* in ike_sa.children */
	struct ike_sa *sa;
	const struct ike_child_conf *conf;
	enum ike_child_state state;
	uint32_t id; /* its name towards the outside */
	uint32_t spi_in; /* we receive on, host order */
	uint32_t spi_out;
	struct ike_suite suite;
	struct ike_ts_list local_ts;
	struct ike_ts_list remote_ts;
	/*
	 * The SA, TSi and TSr that we send. As responder they are our choice,
	 * with the addresses that the peer knows.
	 */
	struct ike_proposals offer;
	struct ike_ts_list tsi;
	struct ike_ts_list tsr;
	bool transport;
	bool installed; /* it is in the kernel */
	bool active; /* we send on it */
	/*
	 * To be deleted when no request is outstanding; without @installed it
	 * is the peer that believes in it.
	 */
	bool drop;
	uint32_t replaces; /* id of the one it was rekeyed from, 0: none */
	struct ike_kex kex; /* while it is negotiated in CREATE_CHILD_SA */
	uint64_t since; /* when it was installed */
};

/* before IKE_SA_UP the peer has not proved who it is */
enum ike_sa_state {
	IKE_SA_INIT_SENT, /* initiator: IKE_SA_INIT is on its way */
	IKE_SA_AUTH_SENT, /* initiator: IKE_AUTH is on its way */
	IKE_SA_HALF_OPEN, /* responder: waits for IKE_AUTH */
	IKE_SA_UP,
	IKE_SA_REKEYED, /* another one has taken its place */
	IKE_SA_CLOSING, /* our delete is on its way */
	IKE_SA_DEAD, /* removed before control goes back outside */
};

/* what to do with the response to a request */
typedef void ike_done(struct ike_sa *sa, const struct ike_msg *msg,
		      struct ike_child *child);

/* our one outstanding request (RFC 7296 section 2.3) */
struct ike_task {
	ike_done *done; /* NULL: IKE_SA_INIT */
	struct ike_child *child; /* what it is about, if it still is there */
	uint8_t exchange;
	uint32_t msgid;
	/* as sent, to be repeated to the letter; empty: none is outstanding */
	struct ike_bytes msg;
	unsigned int tries; /* how often it was sent */
	uint64_t due; /* when to send it again */
};

/* an IKE SA */
struct ike_sa {
	LIST_ENTRY(ike_sa) entry; /* in ike_engine.sas */
	struct ike_engine *e;
	struct ike_goal *goal; /* of a half-open one the first that fits */
	enum ike_sa_state state;
	bool initiator; /* of this IKE SA, not of its first ancestor */
	uint64_t spi_i;
	uint64_t spi_r;
	struct ike_path path; /* where the peer is */
	bool nat_local; /* we are behind a NAT */
	bool nat_remote;
	struct ike_suite suite;
	struct ike_kex kex; /* the nonces stay, for AUTH */
	struct ike_sa_keys keys;
	struct ike_sk out;
	struct ike_sk in;
	unsigned int restarts; /* how often the peer had us begin again */
	size_t cookie_len;
	uint8_t cookie[IKE_COOKIE_MAX]; /* what the peer wants to see again */
	struct ike_bytes init_req; /* both messages of IKE_SA_INIT, for AUTH */
	struct ike_bytes init_resp;
	struct ike_id local_id;
	struct ike_id remote_id; /* who the peer proved to be */
	struct ike_task task;
	uint32_t next_out; /* message ID of our next request */
	uint32_t next_in; /* and of the peer's */
	struct ike_bytes response; /* our last, repeated when the request is */
	LIST_HEAD(ike_child_list, ike_child) children;
	uint64_t since; /* when it was established */
	uint64_t heard; /* when the peer was last known to live */
	uint64_t keepalive; /* when to send the next NAT-keepalive */
	uint64_t expires; /* half-open, closing, rekeyed: when it is given up */
};

static inline bool ike_sa_busy(const struct ike_sa *sa)
{
	return sa->task.msg.p;
}

/* what a responder remembers of those it does not know */
struct ike_cookies {
	uint8_t secret[2][IKE_COOKIE_LEN]; /* the one in use, the one before */
	uint64_t since; /* when the first of them was made; 0: never */
	uint64_t second; /* that @begun counts */
	unsigned int begun; /* key exchanges that strangers made us begin */
};

struct ike_engine {
	struct ike_env env;
	uint64_t now; /* of the call from outside */
	STAILQ_HEAD(, ike_goal) goals;
	LIST_HEAD(ike_sa_list, ike_sa) sas;
	unsigned int n_half_open; /* of @sas */
	struct ike_cookies cookies;
	uint64_t refused; /* when a stranger's refusal was last told of */
	uint32_t next_id; /* of the next Child SA */
	bool closing; /* nothing new is begun */
};

/* cookie.c: one more stranger's key exchange */
void ike_cookie_count(struct ike_engine *e);
/* is a cookie wanted that @msg does not have? then COOKIE, -EAGAIN */
int ike_cookie_check(struct ike_engine *e, const struct ike_path *path,
		     const struct ike_msg *msg, struct ike_diag *diag);

/* natd.c: NAT detection (2.23), in IKE_SA_INIT's request or its response */
void ike_natd_write(const struct ike_sa *sa, struct ike_builder *b,
		    bool request);
void ike_natd_read(struct ike_sa *sa, const struct ike_msg *msg);

/* goal.c: connections */
struct ike_goal *ike_goal_new(struct ike_engine *e, struct ike_conn *conn);
void ike_goal_free(struct ike_goal *goal);
struct ike_goal *ike_goal_find(struct ike_engine *e, const char *name);
/* the first whose addresses fit; @after: go on behind that one */
struct ike_goal *ike_goal_match(struct ike_engine *e,
				const struct ike_path *path,
				struct ike_goal *after);
/* begin whatever is missing and may be tried now */
void ike_goal_pursue(struct ike_engine *e, struct ike_goal *goal);
/* something went wrong: tell, and try again later; @child may be NULL */
void ike_goal_failed(struct ike_engine *e, struct ike_goal *goal,
		     enum ike_event_type type, const struct ike_child *child,
		     const struct ike_diag *diag);
void ike_goal_succeeded(struct ike_goal *goal);
/* a wanted child that is not there, on an IKE SA that could make it */
const struct ike_child_conf *ike_goal_missing(const struct ike_goal *goal,
					      struct ike_sa *sa);
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
void ike_sa_fail(struct ike_sa *sa, const struct ike_diag *diag);
/* keys, once both SPIs and halves of the key exchange are there; ends that */
int ike_sa_derive(struct ike_sa *sa, const struct ike_sa *rekeyed,
		  struct ike_diag *diag);
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

/* the header of the next request, or of the response to @req */
struct ike_hdr ike_sa_hdr(const struct ike_sa *sa, uint8_t exchange,
			  const struct ike_msg *req);
/* a request, or the response to @req; what goes into SK follows */
void ike_out_begin(struct ike_sa *sa, struct ike_out *out, uint8_t exchange,
		   const struct ike_msg *req);
/* when it cannot be sent, the IKE SA has failed */
void ike_request_send(struct ike_sa *sa, struct ike_out *out, ike_done *done,
		      struct ike_child *child);
/* the same for an IKE_SA_INIT message that is finished already */
int ike_request_keep(struct ike_sa *sa, struct ike_span msg, uint8_t exchange,
		     ike_done *done, struct ike_child *child);
void ike_task_done(struct ike_sa *sa);
void ike_sa_timer(struct ike_sa *sa);
uint64_t ike_sa_next(const struct ike_sa *sa);

/* the answer to the request that came last */
int ike_response_send(struct ike_sa *sa, struct ike_out *out);
/* nothing but @diag's notify */
void ike_response_refuse(struct ike_sa *sa, const struct ike_msg *req,
			 const struct ike_diag *diag);
/* a message for @sa that is not IKE_SA_INIT */
void ike_sa_input(struct ike_sa *sa, const struct ike_path *path,
		  struct ike_span raw);

void ike_event(struct ike_engine *e, enum ike_event_type type,
	       const struct ike_goal *goal, const struct ike_child *child,
	       const struct ike_diag *diag);
void ike_eventf(struct ike_engine *e, enum ike_event_type type,
		const struct ike_goal *goal, const struct ike_child *child,
		const char *fmt, ...) __attribute__((format(printf, 5, 6)));

/* child.c: the life of a Child SA, and its negotiation */
/* what we ask for, without KE in IKE_AUTH; NULL: no SPI */
struct ike_child *ike_child_new(struct ike_sa *sa,
				const struct ike_child_conf *conf,
				bool with_ke);
/* what the peer made of it */
int ike_child_accept(struct ike_child *child, const struct ike_msg *msg,
		     struct ike_diag *diag);
/* the peer's offer: choose among the connection's children, or take @only */
struct ike_child *ike_child_select(struct ike_sa *sa, const struct ike_msg *msg,
				   const struct ike_child_conf *only,
				   bool with_ke, struct ike_diag *diag);
/* mode, SA, in CREATE_CHILD_SA nonce and KE, TSi and TSr */
void ike_child_write(const struct ike_child *child, struct ike_builder *b,
		     bool with_ke, bool initiator);
/* into the kernel; @initiator: the exchange was ours */
int ike_child_install(struct ike_child *child, const struct ike_kex *kex,
		      bool initiator, bool activate, struct ike_diag *diag);
void ike_child_activate(struct ike_child *child);
/* out of the kernel, if it is in it */
void ike_child_remove(struct ike_child *child);
struct ike_child *ike_child_by_spi_out(struct ike_sa *sa, uint32_t spi);
struct ike_child *ike_child_by_conf(struct ike_sa *sa,
				    const struct ike_child_conf *conf);
const char *ike_child_state_name(enum ike_child_state state);

/* x_init.c: IKE_SA_INIT */
int ike_init_start(struct ike_sa *sa);
void ike_init_request(struct ike_engine *e, const struct ike_path *path,
		      struct ike_span raw);
void ike_init_response(struct ike_sa *sa, const struct ike_path *path,
		       struct ike_span raw);

/* x_auth.c: IKE_AUTH */
void ike_auth_start(struct ike_sa *sa);
void ike_auth_request(struct ike_sa *sa, const struct ike_msg *msg);

/* x_child.c: CREATE_CHILD_SA */
int ike_create_start(struct ike_sa *sa, const struct ike_child_conf *conf);
void ike_create_request(struct ike_sa *sa, const struct ike_msg *msg);

/* x_info.c: INFORMATIONAL */
void ike_delete_start(struct ike_sa *sa);
void ike_delete_child_start(struct ike_child *child);
void ike_alive_start(struct ike_sa *sa);
void ike_info_request(struct ike_sa *sa, const struct ike_msg *msg);

#endif
