// SPDX-License-Identifier: MIT
/* IKE SAs: their life, their requests and responses. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "sa.h"

int ike_bytes_set(struct ike_bytes *b, struct ike_span s)
{
	uint8_t *p = malloc(s.len ? s.len : 1);

	if (!p)
		return -ENOMEM;
	if (s.len)
		memcpy(p, s.p, s.len);
	free(b->p);
	b->p = p;
	b->len = s.len;
	return 0;
}

void ike_bytes_free(struct ike_bytes *b)
{
	free(b->p);
	b->p = NULL;
	b->len = 0;
}

void ike_event(struct ike_engine *e, enum ike_event_type type,
	       const struct ike_goal *goal, const struct ike_child *child,
	       const struct ike_diag *diag)
{
	const struct ike_event event = {
		.type = type,
		.conn = goal ? goal->conn->name : NULL,
		.child = child ? child->conf->name : NULL,
		.text = diag->text,
		.hint = diag->hint,
	};

	e->env.event(e->env.ctx, &event);
}

void ike_eventf(struct ike_engine *e, enum ike_event_type type,
		const struct ike_goal *goal, const struct ike_child *child,
		const char *fmt, ...)
{
	struct ike_diag diag = { 0 };
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(diag.text, sizeof(diag.text), fmt, ap);
	va_end(ap);
	ike_event(e, type, goal, child, &diag);
}

const char *ike_sa_state_name(enum ike_sa_state state)
{
	static const char *const names[] = {
		[IKE_SA_INIT_SENT] = "connecting",
		[IKE_SA_AUTH_SENT] = "authenticating",
		[IKE_SA_HALF_OPEN] = "half-open",
		[IKE_SA_UP] = "established",
		[IKE_SA_REKEYED] = "rekeyed",
		[IKE_SA_CLOSING] = "closing",
		[IKE_SA_DEAD] = "dead",
	};

	return names[state];
}

void ike_sa_set_state(struct ike_sa *sa, enum ike_sa_state state)
{
	if (sa->state == IKE_SA_HALF_OPEN)
		sa->e->n_half_open--;
	if (state == IKE_SA_HALF_OPEN)
		sa->e->n_half_open++;
	sa->state = state;
}

struct ike_sa *ike_sa_new(struct ike_engine *e, struct ike_goal *goal,
			  const struct ike_path *path, bool initiator)
{
	struct ike_sa *sa = calloc(1, sizeof(*sa));
	uint64_t spi = 0;

	if (!sa)
		return NULL;
	while (!spi)
		if (ike_rng_fill(&e->env.rng, &spi, sizeof(spi))) {
			free(sa);
			return NULL;
		}
	sa->e = e;
	sa->goal = goal;
	sa->path = *path;
	sa->initiator = initiator;
	sa->expires = IKE_NEVER;
	sa->keepalive = IKE_NEVER;
	if (initiator)
		sa->spi_i = spi;
	else
		sa->spi_r = spi;
	LIST_INIT(&sa->children);
	LIST_INSERT_HEAD(&e->sas, sa, entry);
	return sa;
}

void ike_sa_remove(struct ike_sa *sa)
{
	while (!LIST_EMPTY(&sa->children))
		ike_child_remove(LIST_FIRST(&sa->children));
	ike_task_done(sa);
	ike_sa_set_state(sa, IKE_SA_DEAD);
}

void ike_sa_free(struct ike_sa *sa)
{
	ike_sa_remove(sa);
	LIST_REMOVE(sa, entry);
	ike_kex_wipe(&sa->kex);
	ike_bytes_free(&sa->init_req);
	ike_bytes_free(&sa->init_resp);
	ike_bytes_free(&sa->response);
	ike_wipe(sa, sizeof(*sa));
	free(sa);
}

void ike_sa_fail(struct ike_sa *sa, const struct ike_diag *diag)
{
	if (sa->state == IKE_SA_DEAD)
		return;
	ike_goal_failed(sa->e, sa->goal, IKE_EV_FAILED, NULL, diag);
	ike_sa_remove(sa);
}

int ike_sa_set_keys(struct ike_sa *sa)
{
	const struct ike_sa_keys *k = &sa->keys;
	struct ike_sk *i = sa->initiator ? &sa->out : &sa->in;
	struct ike_sk *r = sa->initiator ? &sa->in : &sa->out;
	int err = ike_sk_init(i, &sa->suite, &k->ei, &k->ai);

	return err ? err : ike_sk_init(r, &sa->suite, &k->er, &k->ar);
}

int ike_sa_derive(struct ike_sa *sa, const struct ike_sa *rekeyed,
		  struct ike_diag *diag)
{
	const struct ike_keymat km = {
		.ni = ike_kex_nonce(&sa->kex, true),
		.nr = ike_kex_nonce(&sa->kex, false),
		.spi_i = sa->spi_i,
		.spi_r = sa->spi_r,
		.shared = ike_secret_span(&sa->kex.secret),
	};
	int err;

	if (rekeyed)
		err = ike_sa_keys_rekey(&sa->suite, rekeyed->suite.prf,
					&rekeyed->keys.d, &km, &sa->keys);
	else
		err = ike_sa_keys_derive(&sa->suite, &km, &sa->keys);
	if (!err)
		err = ike_sa_set_keys(sa);
	ike_ke_free(sa->kex.ke);
	sa->kex.ke = NULL;
	ike_wipe(&sa->kex.secret, sizeof(sa->kex.secret));
	if (!err)
		return 0;
	return ike_diag_set(diag, IKE_N_TEMPORARY_FAILURE, err,
			    "the keys could not be derived");
}

/* ---- messages ---- */

struct ike_hdr ike_sa_hdr(const struct ike_sa *sa, uint8_t exchange,
			  const struct ike_msg *req)
{
	return (struct ike_hdr){
		.spi_i = sa->spi_i,
		.spi_r = sa->spi_r,
		.exchange = exchange,
		.flags = (sa->initiator ? IKE_FLAG_INITIATOR : 0) |
			 (req ? IKE_FLAG_RESPONSE : 0),
		.msgid = req ? req->hdr.msgid : sa->next_out,
	};
}

void ike_out_begin(struct ike_sa *sa, struct ike_out *out, uint8_t exchange,
		   const struct ike_msg *req)
{
	const struct ike_hdr hdr = ike_sa_hdr(sa, exchange, req);

	ike_msg_begin(&out->b, out->buf, sizeof(out->buf), &hdr);
	ike_sk_begin(&out->b, &sa->out);
}

static int message_end(struct ike_sa *sa, struct ike_out *out,
		       struct ike_span *msg)
{
	int err = ike_sk_end(&out->b, &sa->out, &sa->e->env.rng);

	return err ? err : ike_msg_end(&out->b, msg);
}

static void message_send(struct ike_sa *sa, const struct ike_bytes *msg)
{
	sa->e->env.send(sa->e->env.ctx, &sa->path, ike_bytes_span(msg));
}

/* ---- requests ---- */

static void request_transmit(struct ike_sa *sa)
{
	struct ike_task *task = &sa->task;

	task->due =
		sa->e->now + ((uint64_t)IKE_RETRANSMIT_FIRST << task->tries);
	task->tries++;
	message_send(sa, &task->msg);
}

int ike_request_keep(struct ike_sa *sa, struct ike_span msg, uint8_t exchange,
		     ike_done *done, struct ike_child *child)
{
	int err = ike_bytes_set(&sa->task.msg, msg);

	if (err)
		return err;
	sa->task.exchange = exchange;
	sa->task.done = done;
	sa->task.child = child;
	sa->task.msgid = sa->next_out++;
	sa->task.tries = 0;
	request_transmit(sa);
	return 0;
}

void ike_request_send(struct ike_sa *sa, struct ike_out *out, ike_done *done,
		      struct ike_child *child)
{
	uint8_t exchange = out->buf[IKE_HDR_EXCHANGE_AT];
	struct ike_diag diag;
	struct ike_span msg;
	int err = message_end(sa, out, &msg);

	if (!err)
		err = ike_request_keep(sa, msg, exchange, done, child);
	if (!err)
		return;
	ike_diag_set(&diag, 0, err, "%s could not be sent",
		     ike_exchange_name(exchange));
	ike_sa_fail(sa, &diag);
}

void ike_task_done(struct ike_sa *sa)
{
	ike_bytes_free(&sa->task.msg);
	memset(&sa->task, 0, sizeof(sa->task));
}

static void request_timeout(struct ike_sa *sa)
{
	static const char *const hints[IKE_SA_DEAD] = {
		[IKE_SA_INIT_SENT] =
			"\nis an IKEv2 daemon running there, and do firewalls let UDP ports 500 and 4500 pass?",
		[IKE_SA_AUTH_SENT] =
			"\nit answered IKE_SA_INIT: do firewalls let UDP port 4500 pass, and large packets?",
	};
	char text[IKE_ADDR_TEXT_MAX];
	struct ike_diag diag;

	if (sa->state == IKE_SA_CLOSING) {
		ike_sa_remove(sa);
		return;
	}
	ike_diag_set(&diag, 0, 0, "no answer from %s%s",
		     ike_addr_print(&sa->path.remote, text),
		     hints[sa->state] ? hints[sa->state] : "");
	ike_sa_fail(sa, &diag);
}

static void sa_keepalive(struct ike_sa *sa)
{
	if (sa->e->now < sa->keepalive)
		return;
	sa->keepalive = sa->e->now + IKE_KEEPALIVE_TIME;
	sa->e->env.keepalive(sa->e->env.ctx, &sa->path);
}

static uint64_t sa_alive_due(const struct ike_sa *sa)
{
	if (sa->state != IKE_SA_UP || !sa->goal->conn->dpd || ike_sa_busy(sa))
		return IKE_NEVER;
	return sa->heard + (uint64_t)sa->goal->conn->dpd * 1000;
}

void ike_sa_timer(struct ike_sa *sa)
{
	uint64_t now = sa->e->now;

	if (sa->state == IKE_SA_DEAD)
		return;
	sa_keepalive(sa);
	if (now >= sa->expires)
		ike_sa_remove(sa);
	else if (now >= sa_alive_due(sa))
		ike_alive_start(sa);
	else if (ike_sa_busy(sa) && now >= sa->task.due) {
		if (sa->task.tries >= IKE_RETRANSMIT_TRIES)
			request_timeout(sa);
		else
			request_transmit(sa);
	}
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

uint64_t ike_sa_next(const struct ike_sa *sa)
{
	uint64_t next = earlier(sa->keepalive, sa->expires);

	if (sa->state == IKE_SA_DEAD)
		return IKE_NEVER;
	if (ike_sa_busy(sa))
		next = earlier(next, sa->task.due);
	return earlier(next, sa_alive_due(sa));
}

/* ---- responses ---- */

int ike_response_send(struct ike_sa *sa, struct ike_out *out)
{
	struct ike_span msg;
	int err = message_end(sa, out, &msg);

	if (!err)
		err = ike_bytes_set(&sa->response, msg);
	if (!err)
		message_send(sa, &sa->response);
	return err;
}

void ike_response_refuse(struct ike_sa *sa, const struct ike_msg *req,
			 const struct ike_diag *diag)
{
	struct ike_out out;

	ike_out_begin(sa, &out, req->hdr.exchange, req);
	ike_pl_tell(&out.b,
		    diag->notify ? diag->notify : IKE_N_TEMPORARY_FAILURE,
		    ike_span(diag->data, diag->data_len));
	ike_response_send(sa, &out);
}

/* ---- what comes in ---- */

/* what to do with the peer's requests */
static const struct {
	uint8_t exchange;
	void (*request)(struct ike_sa *sa, const struct ike_msg *msg);
} handlers[] = {
	{ IKE_EX_AUTH, ike_auth_request },
	{ IKE_EX_CREATE_CHILD_SA, ike_create_request },
	{ IKE_EX_INFORMATIONAL, ike_info_request },
};

static void input_request(struct ike_sa *sa, const struct ike_msg *msg)
{
	sa->next_in++;
	ike_bytes_free(&sa->response);
	for (size_t i = 0; i < sizeof(handlers) / sizeof(handlers[0]); i++)
		if (handlers[i].exchange == msg->hdr.exchange)
			handlers[i].request(sa, msg);
}

static void input_response(struct ike_sa *sa, const struct ike_msg *msg)
{
	struct ike_child *child = sa->task.child;
	ike_done *done = sa->task.done;

	ike_task_done(sa);
	done(sa, msg, child);
	/* the delete that had to wait for this answer */
	if (sa->state == IKE_SA_CLOSING && !ike_sa_busy(sa))
		ike_delete_start(sa);
}

/* Before a peer has proved who it is, only IKE_AUTH is listened to. */
static bool input_exchange_ok(const struct ike_sa *sa,
			      const struct ike_hdr *hdr)
{
	if (ike_hdr_is_response(hdr))
		return sa->task.done && hdr->msgid == sa->task.msgid &&
		       hdr->exchange == sa->task.exchange;
	if (sa->state == IKE_SA_HALF_OPEN)
		return hdr->exchange == IKE_EX_AUTH;
	return sa->state >= IKE_SA_UP && sa->state < IKE_SA_DEAD &&
	       hdr->exchange != IKE_EX_AUTH;
}

/* Is it the peer's next request, or what we wait for? */
static bool input_due(const struct ike_sa *sa, const struct ike_hdr *hdr)
{
	return input_exchange_ok(sa, hdr) &&
	       (ike_hdr_is_response(hdr) || hdr->msgid == sa->next_in);
}

/*
 * A request that was answered gets the same answer again. Only the peer's: a
 * header alone is easily made, and would be answered by more than it is.
 */
static bool input_repeated(const struct ike_sa *sa, const struct ike_hdr *hdr)
{
	return !ike_hdr_is_response(hdr) && hdr->msgid + 1 == sa->next_in &&
	       sa->response.len;
}

/* It is authentic, so the peer itself speaks nonsense: give up on it. */
static void input_malformed(struct ike_sa *sa, const struct ike_msg *msg,
			    const struct ike_diag *diag)
{
	if (ike_hdr_is_response(&msg->hdr)) {
		ike_sa_fail(sa, diag);
		return;
	}
	sa->next_in++;
	ike_response_refuse(sa, msg, diag);
	/* The peer can speak again; an unfinished one cannot go on. */
	if (sa->state != IKE_SA_HALF_OPEN)
		return;
	/* A stranger's mistake is none of the connection's. */
	ike_event(sa->e, IKE_EV_FAILED, NULL, NULL, diag);
	ike_sa_remove(sa);
}

static void input_opened(struct ike_sa *sa, const struct ike_path *path,
			 struct ike_msg *msg, int err, struct ike_diag *diag)
{
	/* The initiator moves to port 4500 with IKE_AUTH (2.23). */
	if (sa->state == IKE_SA_HALF_OPEN)
		sa->path = *path;
	sa->heard = sa->e->now;
	if (!err)
		err = ike_msg_check(msg, diag);
	if (err)
		input_malformed(sa, msg, diag);
	else if (ike_hdr_is_response(&msg->hdr))
		input_response(sa, msg);
	else
		input_request(sa, msg);
}

void ike_sa_input(struct ike_sa *sa, const struct ike_path *path,
		  struct ike_span raw)
{
	struct ike_diag diag = { 0 };
	struct ike_msg msg;
	uint8_t *plain;
	bool repeated;
	int err;

	if (ike_msg_parse(raw, &msg, &diag))
		return;
	repeated = input_repeated(sa, &msg.hdr);
	if (!repeated && !input_due(sa, &msg.hdr))
		return;
	plain = malloc(raw.len);
	if (!plain)
		return;
	err = ike_sk_open(&sa->in, &msg, plain, raw.len, &diag);
	if (repeated && (!err || err == -EPROTO))
		message_send(sa, &sa->response);
	else if (!err || err == -EPROTO)
		input_opened(sa, path, &msg, err, &diag);
	ike_wipe(plain, raw.len);
	free(plain);
}
