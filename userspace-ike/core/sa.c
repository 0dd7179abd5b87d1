// SPDX-License-Identifier: MIT
/* IKE SAs: their life, their requests and responses. */
#include <errno.h>
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
	ike_ke_free(sa->ke);
	ike_bytes_free(&sa->init_req);
	ike_bytes_free(&sa->init_resp);
	ike_bytes_free(&sa->response);
	ike_sk_wipe(&sa->out);
	ike_sk_wipe(&sa->in);
	ike_wipe(sa, sizeof(*sa));
	free(sa);
}

void ike_sa_fail(struct ike_sa *sa, uint64_t now, const struct ike_diag *diag)
{
	if (sa->state == IKE_SA_DEAD)
		return;
	ike_event(sa->e, IKE_EV_FAILED, sa->goal, NULL, diag);
	if (sa->goal)
		ike_goal_failed(sa->goal, sa->e, now, diag);
	ike_sa_remove(sa);
}

struct ike_span ike_sa_nonce(const struct ike_sa *sa, bool initiator)
{
	return initiator ? ike_span(sa->ni, sa->ni_len) :
			   ike_span(sa->nr, sa->nr_len);
}

int ike_sa_set_keys(struct ike_sa *sa)
{
	const struct ike_sa_keys *k = &sa->keys;
	int err;

	err = ike_sk_init(&sa->out, &sa->suite, sa->initiator ? &k->ei : &k->er,
			  sa->initiator ? &k->ai : &k->ar);
	if (err)
		return err;
	return ike_sk_init(&sa->in, &sa->suite, sa->initiator ? &k->er : &k->ei,
			   sa->initiator ? &k->ar : &k->ai);
}

/* ---- requests ---- */

void ike_request_begin(struct ike_sa *sa, struct ike_builder *b, uint8_t *buf,
		       uint8_t exchange)
{
	const struct ike_hdr hdr = {
		.spi_i = sa->spi_i,
		.spi_r = sa->spi_r,
		.version = IKE_VERSION,
		.exchange = exchange,
		.flags = sa->initiator ? IKE_FLAG_INITIATOR : 0,
		.msgid = sa->next_out,
	};

	ike_msg_begin(b, buf, IKE_OUT_MAX, &hdr);
	ike_sk_begin(b, &sa->out);
}

static void request_transmit(struct ike_sa *sa, uint64_t now)
{
	struct ike_task *task = &sa->task;

	task->due = now + ((uint64_t)IKE_RETRANSMIT_FIRST << task->tries);
	task->tries++;
	sa->e->env.send(sa->e->env.ctx, &sa->path, ike_bytes_span(&task->msg));
}

int ike_request_keep(struct ike_sa *sa, uint64_t now, struct ike_span msg,
		     enum ike_task_type type, struct ike_child *child)
{
	int err = ike_bytes_set(&sa->task.msg, msg);

	if (err)
		return err;
	sa->task.type = type;
	sa->task.child = child;
	sa->task.msgid = sa->next_out++;
	sa->task.tries = 0;
	request_transmit(sa, now);
	return 0;
}

int ike_request_send(struct ike_sa *sa, uint64_t now, struct ike_builder *b,
		     enum ike_task_type type, struct ike_child *child)
{
	struct ike_span msg = { 0 };
	int err;

	err = ike_sk_end(b, &sa->out, &sa->e->env.rng);
	if (!err)
		err = ike_msg_end(b, &msg);
	if (err)
		return err;
	return ike_request_keep(sa, now, msg, type, child);
}

void ike_task_done(struct ike_sa *sa)
{
	ike_bytes_free(&sa->task.msg);
	memset(&sa->task, 0, sizeof(sa->task));
}

static void request_timeout(struct ike_sa *sa, uint64_t now)
{
	char text[IKE_ADDR_TEXT_MAX];
	struct ike_diag diag;

	if (sa->state == IKE_SA_CLOSING) {
		ike_sa_remove(sa);
		return;
	}
	ike_diag_set(&diag, 0, 0, "no answer from %s",
		     ike_addr_print(&sa->path.remote, text));
	if (sa->state == IKE_SA_INIT_SENT)
		ike_diag_hint(
			&diag,
			"is an IKEv2 daemon running there, and do firewalls let UDP ports 500 and 4500 pass?");
	else if (sa->state == IKE_SA_AUTH_SENT)
		ike_diag_hint(
			&diag,
			"it answered IKE_SA_INIT: do firewalls let UDP port 4500 pass, and large packets?");
	ike_sa_fail(sa, now, &diag);
}

static void sa_keepalive(struct ike_sa *sa, uint64_t now)
{
	if (now < sa->keepalive)
		return;
	sa->keepalive = now + IKE_KEEPALIVE_TIME;
	sa->e->env.keepalive(sa->e->env.ctx, &sa->path);
}

static uint64_t sa_alive_due(const struct ike_sa *sa)
{
	if (sa->state != IKE_SA_UP || !sa->goal->conn->dpd ||
	    sa->task.type != IKE_TASK_NONE)
		return IKE_NEVER;
	return sa->heard + (uint64_t)sa->goal->conn->dpd * 1000;
}

void ike_sa_timer(struct ike_sa *sa, uint64_t now)
{
	if (sa->state == IKE_SA_DEAD)
		return;
	sa_keepalive(sa, now);
	if (now >= sa->expires) {
		ike_sa_remove(sa);
		return;
	}
	if (now >= sa_alive_due(sa))
		ike_alive_start(sa, now);
	if (sa->task.type == IKE_TASK_NONE || now < sa->task.due)
		return;
	if (sa->task.tries >= IKE_RETRANSMIT_TRIES)
		request_timeout(sa, now);
	else
		request_transmit(sa, now);
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
	if (sa->task.type != IKE_TASK_NONE)
		next = earlier(next, sa->task.due);
	return earlier(next, sa_alive_due(sa));
}

/* ---- responses ---- */

void ike_response_begin(struct ike_sa *sa, struct ike_builder *b, uint8_t *buf,
			const struct ike_msg *req)
{
	const struct ike_hdr hdr = {
		.spi_i = sa->spi_i,
		.spi_r = sa->spi_r,
		.version = IKE_VERSION,
		.exchange = req->hdr.exchange,
		.flags = IKE_FLAG_RESPONSE |
			 (sa->initiator ? IKE_FLAG_INITIATOR : 0),
		.msgid = req->hdr.msgid,
	};

	ike_msg_begin(b, buf, IKE_OUT_MAX, &hdr);
	ike_sk_begin(b, &sa->out);
}

int ike_response_send(struct ike_sa *sa, struct ike_builder *b)
{
	struct ike_span msg = { 0 };
	int err;

	err = ike_sk_end(b, &sa->out, &sa->e->env.rng);
	if (!err)
		err = ike_msg_end(b, &msg);
	if (!err)
		err = ike_bytes_set(&sa->response, msg);
	if (!err)
		sa->e->env.send(sa->e->env.ctx, &sa->path, msg);
	return err;
}

int ike_response_notify(struct ike_sa *sa, const struct ike_msg *req,
			uint16_t type, struct ike_span data)
{
	uint8_t buf[IKE_OUT_MAX];
	struct ike_builder b;

	ike_response_begin(sa, &b, buf, req);
	ike_pl_notify(&b, IKE_PROTO_NONE, ike_span(NULL, 0), type, data);
	return ike_response_send(sa, &b);
}

/* ---- what comes in ---- */

static void input_request(struct ike_sa *sa, uint64_t now,
			  const struct ike_msg *msg)
{
	switch (msg->hdr.exchange) {
	case IKE_EX_AUTH:
		ike_auth_request(sa, now, msg);
		break;
	case IKE_EX_CREATE_CHILD_SA:
		ike_create_request(sa, now, msg);
		break;
	case IKE_EX_INFORMATIONAL:
		ike_info_request(sa, now, msg);
		break;
	default:
		ike_response_notify(sa, msg, IKE_N_INVALID_SYNTAX,
				    ike_span(NULL, 0));
	}
}

static void input_response(struct ike_sa *sa, uint64_t now,
			   const struct ike_msg *msg)
{
	switch (sa->task.type) {
	case IKE_TASK_AUTH:
		ike_auth_response(sa, now, msg);
		break;
	case IKE_TASK_CHILD:
		ike_create_response(sa, now, msg);
		break;
	case IKE_TASK_CHILD_DELETE:
	case IKE_TASK_DELETE:
	case IKE_TASK_ALIVE:
		ike_info_response(sa, now, msg);
		break;
	default:
		break;
	}
	/* the delete that had to wait for this answer */
	if (sa->state == IKE_SA_CLOSING && sa->task.type == IKE_TASK_NONE)
		ike_delete_start(sa, now);
}

/* Before a peer has proved who it is, only IKE_AUTH is listened to. */
static bool input_exchange_ok(const struct ike_sa *sa,
			      const struct ike_hdr *hdr)
{
	static const uint8_t exchange[] = {
		[IKE_TASK_AUTH] = IKE_EX_AUTH,
		[IKE_TASK_CHILD] = IKE_EX_CREATE_CHILD_SA,
		[IKE_TASK_CHILD_DELETE] = IKE_EX_INFORMATIONAL,
		[IKE_TASK_DELETE] = IKE_EX_INFORMATIONAL,
		[IKE_TASK_ALIVE] = IKE_EX_INFORMATIONAL,
	};

	if (ike_hdr_is_response(hdr))
		return sa->task.type > IKE_TASK_INIT &&
		       hdr->msgid == sa->task.msgid &&
		       hdr->exchange == exchange[sa->task.type];
	if (sa->state == IKE_SA_HALF_OPEN)
		return hdr->exchange == IKE_EX_AUTH;
	return sa->state >= IKE_SA_UP && sa->state < IKE_SA_DEAD &&
	       hdr->exchange != IKE_EX_AUTH;
}

/* A request seen before gets the same answer again, without being opened. */
static bool input_repeated(struct ike_sa *sa, const struct ike_hdr *hdr)
{
	if (ike_hdr_is_response(hdr) || hdr->msgid + 1 != sa->next_in)
		return false;
	if (sa->response.len)
		sa->e->env.send(sa->e->env.ctx, &sa->path,
				ike_bytes_span(&sa->response));
	return true;
}

/* It is authentic, so the peer itself speaks nonsense: give up on it. */
static void input_malformed(struct ike_sa *sa, uint64_t now,
			    const struct ike_msg *msg, struct ike_diag *diag)
{
	if (!ike_hdr_is_response(&msg->hdr)) {
		sa->next_in++;
		ike_response_notify(sa, msg,
				    diag->notify ? diag->notify :
						   IKE_N_INVALID_SYNTAX,
				    ike_span(diag->data, diag->data_len));
		/* The peer can speak again; an unfinished one cannot go on. */
		if (sa->state >= IKE_SA_UP)
			return;
		/* A stranger's mistake is none of the connection's. */
		if (sa->state == IKE_SA_HALF_OPEN) {
			ike_event(sa->e, IKE_EV_FAILED, NULL, NULL, diag);
			ike_sa_remove(sa);
			return;
		}
	}
	ike_sa_fail(sa, now, diag);
}

static void input_opened(struct ike_sa *sa, uint64_t now,
			 const struct ike_msg *msg)
{
	sa->heard = now;
	if (ike_hdr_is_response(&msg->hdr)) {
		input_response(sa, now, msg);
		return;
	}
	sa->next_in++;
	ike_bytes_free(&sa->response);
	input_request(sa, now, msg);
}

void ike_sa_input(struct ike_sa *sa, uint64_t now, const struct ike_path *path,
		  struct ike_span raw)
{
	struct ike_diag diag = { 0 };
	struct ike_msg msg;
	uint8_t *plain;
	int err;

	if (ike_msg_parse(raw, &msg, &diag) ||
	    !input_exchange_ok(sa, &msg.hdr) || input_repeated(sa, &msg.hdr))
		return;
	if (!ike_hdr_is_response(&msg.hdr) && msg.hdr.msgid != sa->next_in)
		return;
	plain = malloc(raw.len);
	if (!plain)
		return;
	err = ike_sk_open(&sa->in, &msg, plain, raw.len, &diag);
	if (!err)
		err = ike_msg_check(&msg, &diag);
	if (!err || err == -EPROTO) {
		/* The initiator moves to port 4500 with IKE_AUTH (2.23). */
		if (sa->state == IKE_SA_HALF_OPEN)
			sa->path = *path;
		if (err)
			input_malformed(sa, now, &msg, &diag);
		else
			input_opened(sa, now, &msg);
	}
	ike_wipe(plain, raw.len);
	free(plain);
}
