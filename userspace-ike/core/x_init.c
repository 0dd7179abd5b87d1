// SPDX-License-Identifier: MIT
/* IKE_SA_INIT (RFC 7296 section 1.2), both roles. */
#include "sa.h"

/* for who keeps asking for other groups and cookies: two of each, and one */
#define INIT_RESTARTS 5

/* SA, KE, nonce and NAT detection: what both messages are made of. */
static int init_write(struct ike_sa *sa, struct ike_out *out,
		      const struct ike_proposals *list, struct ike_bytes *keep)
{
	struct ike_span msg;
	int err;

	ike_pl_sa(&out->b, list);
	ike_kex_write_ke(&sa->kex, &out->b);
	ike_kex_write_nonce(&sa->kex, &out->b, sa->initiator);
	ike_natd_write(sa, &out->b, sa->initiator);
	err = ike_msg_end(&out->b, &msg);
	return err ? err : ike_bytes_set(keep, msg);
}

/* ---- initiator ---- */

static int init_send(struct ike_sa *sa)
{
	struct ike_out out;
	struct ike_hdr hdr;
	int err;

	/* Repeated with a cookie or another group, it is still message 0. */
	ike_task_done(sa);
	sa->next_out = 0;
	hdr = ike_sa_hdr(sa, IKE_EX_SA_INIT, NULL);
	ike_msg_begin(&out.b, out.buf, sizeof(out.buf), &hdr);
	if (sa->cookie_len)
		ike_pl_tell(&out.b, IKE_N_COOKIE,
			    ike_span(sa->cookie, sa->cookie_len));
	err = init_write(sa, &out, &sa->goal->conn->ike, &sa->init_req);
	/* The response is not sealed: it comes to ike_init_response(). */
	return err ? err :
		     ike_request_keep(sa, ike_bytes_span(&sa->init_req),
				      IKE_EX_SA_INIT, NULL, NULL);
}

int ike_init_start(struct ike_sa *sa)
{
	uint16_t group = ike_proposals_first_ke(&sa->goal->conn->ike);
	int err = ike_kex_ask(&sa->kex, &sa->e->env.rng, group);

	ike_sa_set_state(sa, IKE_SA_INIT_SENT);
	return err ? err : init_send(sa);
}

/* The peer wants another group: only one that we offered. */
static int init_other_group(struct ike_sa *sa, const struct ike_payload *n)
{
	uint16_t group = ike_kex_other(&sa->kex, n, &sa->goal->conn->ike);
	int err = group ? ike_kex_ask(&sa->kex, &sa->e->env.rng, group) :
			  -EPROTO;

	return err ? err : init_send(sa);
}

static int init_cookie(struct ike_sa *sa, const struct ike_payload *n)
{
	if (ike_span_equal(n->data, ike_span(sa->cookie, sa->cookie_len)))
		return -EPROTO;
	sa->cookie_len = n->data.len;
	memcpy(sa->cookie, n->data.p, n->data.len);
	return init_send(sa);
}

/* An answer that is a question: so often it is heard. */
static int init_restart(struct ike_sa *sa, const struct ike_payload *n)
{
	bool may = ++sa->restarts <= INIT_RESTARTS;

	if (may && n->notify == IKE_N_COOKIE)
		return init_cookie(sa, n);
	if (may && n->notify == IKE_N_INVALID_KE_PAYLOAD)
		return init_other_group(sa, n);
	return -EPROTO;
}

static int init_refused(struct ike_sa *sa, const struct ike_payload *n,
			struct ike_diag *diag)
{
	char ours[200];

	ike_diag_set(diag, 0, 0, "the peer refused IKE_SA_INIT: %s (%u)",
		     ike_notify_name(n->notify), n->notify);
	if (n->notify == IKE_N_NO_PROPOSAL_CHOSEN) {
		ike_proposals_print(&sa->goal->conn->ike, ours, sizeof(ours));
		ike_diag_add(diag, "; we offered %s", ours);
		ike_diag_hint(
			diag,
			"add one of the peer's IKE proposals to ike = of connection \"%s\"",
			sa->goal->conn->name);
	}
	return -EACCES;
}

/* With a NAT, or to pretend there is one, all moves to port 4500. */
static void init_move(struct ike_sa *sa)
{
	if (!sa->nat_local && !sa->nat_remote &&
	    sa->goal->conn->encap != IKE_ENCAP_YES)
		return;
	sa->path.natt = true;
	sa->path.local.port = IKE_NATT_PORT;
	sa->path.remote.port = IKE_NATT_PORT;
}

static int init_accept(struct ike_sa *sa, const struct ike_path *path,
		       const struct ike_msg *msg, struct ike_diag *diag)
{
	struct ike_proposals answer;
	struct ike_proposal chosen;
	int err = ike_msg_sa(msg, &answer, diag);

	if (!err)
		err = ike_proposals_accept(&sa->goal->conn->ike, &answer,
					   &chosen, &sa->suite, diag);
	if (!err)
		err = ike_kex_finish(&sa->kex, msg, sa->suite.ke, diag);
	if (err)
		return err;
	sa->spi_r = msg->hdr.spi_r;
	/* Now we know which of our addresses we use. */
	sa->path.local = path->local;
	ike_natd_read(sa, msg);
	init_move(sa);
	if (ike_bytes_set(&sa->init_resp, msg->raw))
		return ike_diag_set(diag, 0, -ENOMEM, "out of memory");
	return ike_sa_derive(sa, NULL, diag);
}

void ike_init_response(struct ike_sa *sa, const struct ike_path *path,
		       struct ike_span raw)
{
	const struct ike_payload *n;
	struct ike_diag diag = { 0 };
	struct ike_msg msg;
	int err;

	/* It is not authentic: nonsense is ignored, the real one may come. */
	if (sa->state != IKE_SA_INIT_SENT || ike_msg_parse(raw, &msg, &diag) ||
	    msg.hdr.msgid || ike_msg_check(&msg, &diag))
		return;
	n = ike_msg_error(&msg);
	if (!n && !ike_msg_find(&msg, IKE_PL_SA))
		n = ike_msg_notify(&msg, IKE_N_COOKIE);
	if (n && !init_restart(sa, n))
		return;
	if (!n && !msg.hdr.spi_r)
		return;
	err = n ? init_refused(sa, n, &diag) :
		  init_accept(sa, path, &msg, &diag);
	if (err) {
		ike_sa_fail(sa, &diag);
		return;
	}
	ike_task_done(sa);
	sa->heard = sa->e->now;
	ike_auth_start(sa);
}

/* ---- responder ---- */

/* Without state: nobody knows yet who asks. */
static void init_reject(struct ike_engine *e, const struct ike_path *path,
			const struct ike_hdr *req, const struct ike_diag *diag)
{
	const struct ike_hdr hdr = {
		.spi_i = req->spi_i,
		.exchange = IKE_EX_SA_INIT,
		.flags = IKE_FLAG_RESPONSE,
	};
	struct ike_builder b;
	struct ike_span msg;
	uint8_t buf[128];

	ike_msg_begin(&b, buf, sizeof(buf), &hdr);
	ike_pl_tell(&b, diag->notify, ike_span(diag->data, diag->data_len));
	if (diag->notify && !ike_msg_end(&b, &msg))
		e->env.send(e->env.ctx, path, msg);
}

/* A repeated request of an IKE SA that we have gets the same answer. */
static bool init_known(struct ike_engine *e, const struct ike_path *path,
		       struct ike_span raw, uint64_t spi_i)
{
	struct ike_sa *sa;

	LIST_FOREACH(sa, &e->sas, entry) {
		if (sa->initiator || sa->spi_i != spi_i ||
		    !ike_addr_same_host(&sa->path.remote, &path->remote) ||
		    !ike_span_equal(ike_bytes_span(&sa->init_req), raw))
			continue;
		if (sa->state == IKE_SA_HALF_OPEN)
			e->env.send(e->env.ctx, path,
				    ike_bytes_span(&sa->init_resp));
		return true;
	}
	return false;
}

/* Why there is none: what the first lacks whose addresses fit. */
static int init_explain(struct ike_engine *e, const struct ike_path *path,
			const struct ike_proposals *offer,
			struct ike_diag *diag)
{
	const struct ike_goal *goal = ike_goal_match(e, path, NULL);
	char text[IKE_ADDR_TEXT_MAX];
	struct ike_proposal chosen;
	struct ike_suite suite;

	if (goal)
		return ike_proposals_select(&goal->conn->ike, offer, 0, &chosen,
					    &suite, diag);
	ike_addr_print(&path->remote, text);
	return ike_diag_set(
		diag, IKE_N_NO_PROPOSAL_CHOSEN, -ENOENT,
		"no connection is for %s\na connection with remote = %s, or without remote, would be",
		text, text);
}

/*
 * Anybody can cause it, in anybody's name: explained and told once a second,
 * and as no connection's.
 */
static int init_no_goal(struct ike_engine *e, const struct ike_path *path,
			const struct ike_proposals *offer,
			struct ike_diag *diag)
{
	diag->notify = IKE_N_NO_PROPOSAL_CHOSEN;
	if (e->refused && e->now < e->refused + 1000)
		return -ENOENT;
	e->refused = e->now ? e->now : 1;
	init_explain(e, path, offer, diag);
	ike_event(e, IKE_EV_FAILED, NULL, NULL, diag);
	return -ENOENT;
}

/*
 * A new IKE SA; the first connection whose addresses and proposals fit. To
 * compare proposals is work that a stranger makes us do: those of a thousand
 * connections that have the same are compared once.
 */
static int init_choose(struct ike_sa *new, const struct ike_msg *msg,
		       struct ike_proposal *chosen, struct ike_diag *diag)
{
	const struct ike_payload *ke = ike_msg_find(msg, IKE_PL_KE);
	const struct ike_proposals *last = NULL;
	struct ike_proposals offer;
	struct ike_goal *goal = NULL;
	int err = ike_msg_sa(msg, &offer, diag);

	if (err)
		return err;
	while ((goal = ike_goal_match(new->e, &new->path, goal))) {
		if (last && ike_proposals_equal(last, &goal->conn->ike))
			continue;
		last = &goal->conn->ike;
		if (!ike_proposals_select(&goal->conn->ike, &offer, ke->group,
					  chosen, &new->suite, NULL)) {
			new->goal = goal;
			return ike_kex_check(msg, new->suite.ke, diag);
		}
	}
	return init_no_goal(new->e, &new->path, &offer, diag);
}

static int init_answer(struct ike_sa *sa, const struct ike_msg *msg,
		       const struct ike_proposal *chosen)
{
	const struct ike_hdr hdr = ike_sa_hdr(sa, IKE_EX_SA_INIT, msg);
	struct ike_proposals list = { .n = 1, .p = { *chosen } };
	struct ike_out out;

	ike_msg_begin(&out.b, out.buf, sizeof(out.buf), &hdr);
	return init_write(sa, &out, &list, &sa->init_resp);
}

/* Everything fits: from here on it costs us something. */
static int init_open(struct ike_sa *sa, const struct ike_msg *msg,
		     const struct ike_proposal *chosen, struct ike_diag *diag)
{
	struct ike_engine *e = sa->e;
	int err;

	ike_cookie_count(e);
	sa->spi_i = msg->hdr.spi_i;
	sa->expires = e->now + IKE_HALF_OPEN_TIME;
	sa->heard = e->now;
	/* IKE_SA_INIT was message 0. */
	sa->next_in = 1;
	err = ike_kex_answer(&sa->kex, &e->env.rng, msg, sa->suite.ke, diag);
	if (!err)
		err = ike_bytes_set(&sa->init_req, msg->raw);
	if (err)
		return err;
	ike_natd_read(sa, msg);
	err = init_answer(sa, msg, chosen);
	if (!err)
		err = ike_sa_derive(sa, NULL, diag);
	if (err)
		return err;
	ike_sa_set_state(sa, IKE_SA_HALF_OPEN);
	e->env.send(e->env.ctx, &sa->path, ike_bytes_span(&sa->init_resp));
	return 0;
}

static int init_respond(struct ike_engine *e, const struct ike_path *path,
			struct ike_msg *msg, struct ike_diag *diag)
{
	struct ike_proposal chosen;
	struct ike_sa *sa;
	int err = ike_msg_check(msg, diag);

	if (!err)
		err = ike_cookie_check(e, path, msg, diag);
	if (err)
		return err;
	sa = ike_sa_new(e, NULL, path, false);
	if (!sa)
		return -ENOMEM;
	err = init_choose(sa, msg, &chosen, diag);
	if (!err)
		err = init_open(sa, msg, &chosen, diag);
	if (err)
		ike_sa_free(sa);
	return err;
}

/* How many of this host's are not finished? */
static bool init_too_many(const struct ike_engine *e,
			  const struct ike_path *path)
{
	const struct ike_sa *sa;
	unsigned int n = 0;

	if (e->n_half_open < IKE_HALF_OPEN_HOST)
		return false;
	LIST_FOREACH(sa, &e->sas, entry)
		n += sa->state == IKE_SA_HALF_OPEN &&
		     ike_addr_same_host(&sa->path.remote, &path->remote);
	return n >= IKE_HALF_OPEN_HOST || e->n_half_open >= IKE_HALF_OPEN_MAX;
}

void ike_init_request(struct ike_engine *e, const struct ike_path *path,
		      struct ike_span raw)
{
	struct ike_diag diag = { 0 };
	struct ike_msg msg;

	if (ike_msg_parse(raw, &msg, &diag) || msg.hdr.msgid ||
	    init_known(e, path, raw, msg.hdr.spi_i) || init_too_many(e, path) ||
	    e->closing)
		return;
	if (init_respond(e, path, &msg, &diag))
		init_reject(e, path, &msg.hdr, &diag);
}
