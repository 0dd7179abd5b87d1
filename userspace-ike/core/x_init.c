// SPDX-License-Identifier: MIT
/* IKE_SA_INIT (RFC 7296 section 1.2), both roles. */
#include <errno.h>

#include "sa.h"

/* for who keeps asking for other groups and cookies: two of each, and one */
#define INIT_RESTARTS 5
#define INIT_MSG_MAX  4096

/* ---- NAT detection (section 2.23) ---- */

static int natd_hash(const struct ike_sa *sa, const struct ike_addr *addr,
		     bool first, uint8_t out[20])
{
	uint8_t spis[16], port[2];
	const struct ike_span parts[] = {
		ike_span(spis, sizeof(spis)),
		ike_span(addr->ip, addr->len),
		ike_span(port, sizeof(port)),
	};

	ike_put64(spis, sa->spi_i);
	ike_put64(spis + 8, first ? 0 : sa->spi_r);
	ike_put16(port, addr->port);
	return ike_sha1(parts, 3, out);
}

/* @first: in the request, where the responder's SPI is 0. */
static void natd_write(const struct ike_sa *sa, struct ike_builder *b,
		       bool first)
{
	uint8_t hash[20];

	/* Without SHA-1 nobody learns of a NAT. */
	if (natd_hash(sa, &sa->path.local, first, hash))
		return;
	/* Lying about our address makes the peer see a NAT. */
	if (sa->goal->conn->encap == IKE_ENCAP_YES)
		hash[0] ^= 0xff;
	ike_pl_notify(b, IKE_PROTO_NONE, ike_span(NULL, 0),
		      IKE_N_NAT_DETECTION_SOURCE_IP, ike_span(hash, 20));
	if (natd_hash(sa, &sa->path.remote, first, hash))
		return;
	ike_pl_notify(b, IKE_PROTO_NONE, ike_span(NULL, 0),
		      IKE_N_NAT_DETECTION_DESTINATION_IP, ike_span(hash, 20));
}

/* Is there a notify of @type, and does none of them have @addr's hash? */
static bool natd_differs(const struct ike_sa *sa, const struct ike_msg *msg,
			 uint16_t type, const struct ike_addr *addr, bool first)
{
	const struct ike_payload *pl = NULL;
	struct ike_pl_notify n;
	uint8_t hash[20];
	bool any = false;

	if (natd_hash(sa, addr, first, hash))
		return false;
	while ((pl = ike_msg_next(msg, IKE_PL_NOTIFY, pl))) {
		if (ike_pl_notify_parse(pl, &n, NULL) || n.type != type)
			continue;
		if (ike_span_equal(n.data, ike_span(hash, 20)))
			return false;
		any = true;
	}
	return any;
}

static void natd_read(struct ike_sa *sa, const struct ike_msg *msg, bool first)
{
	sa->nat_remote = natd_differs(sa, msg, IKE_N_NAT_DETECTION_SOURCE_IP,
				      &sa->path.remote, first);
	sa->nat_local = natd_differs(sa, msg,
				     IKE_N_NAT_DETECTION_DESTINATION_IP,
				     &sa->path.local, first);
}

/* ---- both roles ---- */

static void init_begin(struct ike_sa *sa, struct ike_builder *b, uint8_t *buf,
		       bool response)
{
	const struct ike_hdr hdr = {
		.spi_i = sa->spi_i,
		.spi_r = response ? sa->spi_r : 0,
		.version = IKE_VERSION,
		.exchange = IKE_EX_SA_INIT,
		.flags = response ? IKE_FLAG_RESPONSE : IKE_FLAG_INITIATOR,
	};

	ike_msg_begin(b, buf, INIT_MSG_MAX, &hdr);
}

static void init_write_sa(struct ike_builder *b,
			  const struct ike_proposals *list)
{
	struct ike_writer *w = ike_pl_begin(b, IKE_PL_SA);

	ike_proposals_write(w, list);
	ike_pl_end(b);
}

/* SA, KE, nonce and NAT detection: what both messages are made of. */
static void init_write(struct ike_sa *sa, struct ike_builder *b,
		       const struct ike_proposals *list, bool response)
{
	init_write_sa(b, list);
	ike_pl_ke(b, ike_ke_id(sa->ke), ike_ke_public(sa->ke));
	ike_pl_raw(b, IKE_PL_NONCE, ike_sa_nonce(sa, !response));
	natd_write(sa, b, !response);
}

/* The keys, once both public values and nonces are there. */
static int init_derive(struct ike_sa *sa, struct ike_span peer_ke,
		       struct ike_diag *diag)
{
	struct ike_secret secret = { 0 };
	struct ike_keymat km = {
		.ni = ike_sa_nonce(sa, true),
		.nr = ike_sa_nonce(sa, false),
		.spi_i = sa->spi_i,
		.spi_r = sa->spi_r,
	};
	int err = ike_ke_derive(sa->ke, peer_ke, &secret);

	if (!err) {
		km.shared = ike_secret_span(&secret);
		err = ike_sa_keys_derive(&sa->suite, &km, &sa->keys);
	}
	if (!err)
		err = ike_sa_set_keys(sa);
	ike_wipe(&secret, sizeof(secret));
	ike_ke_free(sa->ke);
	sa->ke = NULL;
	if (err)
		ike_diag_set(diag, IKE_N_INVALID_SYNTAX, err,
			     "the peer's key exchange value is not valid");
	return err;
}

static int init_read(const struct ike_msg *msg, struct ike_proposals *list,
		     struct ike_pl_ke *ke, struct ike_span *nonce,
		     struct ike_diag *diag)
{
	const struct ike_payload *pl_sa = ike_msg_find(msg, IKE_PL_SA);
	const struct ike_payload *pl_ke = ike_msg_find(msg, IKE_PL_KE);
	const struct ike_payload *pl_nonce = ike_msg_find(msg, IKE_PL_NONCE);

	if (!pl_sa || !pl_ke || !pl_nonce)
		return ike_diag_set(diag, IKE_N_INVALID_SYNTAX, -EPROTO,
				    "IKE_SA_INIT lacks a payload");
	if (pl_nonce->body.len > IKE_NONCE_MAX)
		return ike_diag_set(diag, IKE_N_INVALID_SYNTAX, -EPROTO,
				    "the nonce is too long");
	*nonce = pl_nonce->body;
	if (ike_pl_ke_parse(pl_ke, ke, diag))
		return -EPROTO;
	return ike_proposals_read(pl_sa->body, list, diag);
}

/* ---- initiator ---- */

static int init_send(struct ike_sa *sa, uint64_t now)
{
	uint8_t buf[INIT_MSG_MAX];
	struct ike_builder b;
	struct ike_span msg;
	int err;

	init_begin(sa, &b, buf, false);
	if (sa->cookie_len)
		ike_pl_notify(&b, IKE_PROTO_NONE, ike_span(NULL, 0),
			      IKE_N_COOKIE,
			      ike_span(sa->cookie, sa->cookie_len));
	init_write(sa, &b, &sa->goal->conn->ike, false);
	err = ike_msg_end(&b, &msg);
	if (!err)
		err = ike_bytes_set(&sa->init_req, msg);
	if (err)
		return err;
	/* Repeated with a cookie or another group, it is still message 0. */
	ike_task_done(sa);
	sa->next_out = 0;
	return ike_request_keep(sa, now, msg, IKE_TASK_INIT, NULL);
}

int ike_init_start(struct ike_sa *sa, uint64_t now)
{
	uint16_t group = ike_proposals_first_ke(&sa->goal->conn->ike);
	int err;

	ike_sa_set_state(sa, IKE_SA_INIT_SENT);
	sa->ni_len = IKE_NONCE_LEN;
	err = ike_rng_fill(&sa->e->env.rng, sa->ni, sa->ni_len);
	if (!err)
		err = ike_ke_new(group, &sa->e->env.rng, &sa->ke);
	return err ? err : init_send(sa, now);
}

/* The peer wants another group: only one that we offered. */
static int init_other_group(struct ike_sa *sa, uint64_t now,
			    const struct ike_pl_notify *n)
{
	uint16_t group = n->data.len == 2 ? ike_get16(n->data.p) : 0;
	struct ike_ke *ke;
	int err;

	if (group == ike_ke_id(sa->ke) ||
	    !ike_proposals_has_ke(&sa->goal->conn->ike, group))
		return -EPROTO;
	err = ike_ke_new(group, &sa->e->env.rng, &ke);
	if (err)
		return err;
	ike_ke_free(sa->ke);
	sa->ke = ke;
	return init_send(sa, now);
}

static int init_cookie(struct ike_sa *sa, uint64_t now,
		       const struct ike_pl_notify *n)
{
	if (!n->data.len || n->data.len > sizeof(sa->cookie) ||
	    ike_span_equal(n->data, ike_span(sa->cookie, sa->cookie_len)))
		return -EPROTO;
	sa->cookie_len = n->data.len;
	memcpy(sa->cookie, n->data.p, n->data.len);
	return init_send(sa, now);
}

static void init_refused(struct ike_sa *sa, uint64_t now,
			 const struct ike_pl_notify *n)
{
	struct ike_diag diag;
	char ours[200];

	ike_diag_set(&diag, 0, 0, "the peer refused IKE_SA_INIT: %s (%u)",
		     ike_notify_name(n->type), n->type);
	if (n->type == IKE_N_NO_PROPOSAL_CHOSEN) {
		ike_proposals_print(&sa->goal->conn->ike, ours, sizeof(ours));
		ike_diag_add(&diag, "; we offered %s", ours);
		ike_diag_hint(
			&diag,
			"add one of the peer's IKE proposals to ike = of connection \"%s\"",
			sa->goal->conn->name);
	}
	ike_sa_fail(sa, now, &diag);
}

/* An answer that is a question, which may be asked so often. */
static bool init_may_restart(struct ike_sa *sa)
{
	return ++sa->restarts <= INIT_RESTARTS;
}

/* An answer that is not a yes; true when it was dealt with. */
static bool init_notified(struct ike_sa *sa, uint64_t now,
			  const struct ike_msg *msg)
{
	struct ike_pl_notify n;

	if (ike_msg_notify(msg, IKE_N_COOKIE, &n) &&
	    !ike_msg_find(msg, IKE_PL_SA)) {
		if (!init_may_restart(sa) || init_cookie(sa, now, &n))
			init_refused(sa, now, &n);
		return true;
	}
	if (!ike_msg_error(msg, &n))
		return false;
	if (n.type != IKE_N_INVALID_KE_PAYLOAD || !init_may_restart(sa) ||
	    init_other_group(sa, now, &n))
		init_refused(sa, now, &n);
	return true;
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

static int init_accept(struct ike_sa *sa, const struct ike_msg *msg,
		       struct ike_diag *diag)
{
	struct ike_proposals answer;
	struct ike_proposal chosen;
	struct ike_span nonce;
	struct ike_pl_ke ke;
	int err;

	err = init_read(msg, &answer, &ke, &nonce, diag);
	if (!err)
		err = ike_proposals_accept(&sa->goal->conn->ike, &answer,
					   &chosen, &sa->suite, diag);
	if (err)
		return err;
	if (ke.group != sa->suite.ke || ke.group != ike_ke_id(sa->ke))
		return ike_diag_set(
			diag, IKE_N_INVALID_SYNTAX, -EPROTO,
			"the peer chose one key exchange method and used another");
	sa->spi_r = msg->hdr.spi_r;
	sa->nr_len = nonce.len;
	memcpy(sa->nr, nonce.p, nonce.len);
	err = ike_bytes_set(&sa->init_resp, msg->raw);
	return err ? err : init_derive(sa, ke.data, diag);
}

void ike_init_response(struct ike_sa *sa, uint64_t now,
		       const struct ike_path *path, struct ike_span raw)
{
	struct ike_diag diag = { 0 };
	struct ike_msg msg;

	/* It is not authentic: nonsense is ignored, the real one may come. */
	if (sa->state != IKE_SA_INIT_SENT || ike_msg_parse(raw, &msg, &diag) ||
	    msg.hdr.msgid || ike_msg_check(&msg, &diag) ||
	    init_notified(sa, now, &msg))
		return;
	if (!msg.hdr.spi_r)
		return;
	if (init_accept(sa, &msg, &diag)) {
		ike_sa_fail(sa, now, &diag);
		return;
	}
	/* Now we know which of our addresses we use. */
	sa->path.local = path->local;
	natd_read(sa, &msg, false);
	init_move(sa);
	ike_task_done(sa);
	sa->heard = now;
	if (ike_auth_start(sa, now)) {
		ike_diag_set(&diag, 0, 0, "IKE_AUTH could not be sent");
		ike_sa_fail(sa, now, &diag);
	}
}

/* ---- responder ---- */

/* Without state: nobody knows yet who asks. */
static void init_reject(struct ike_engine *e, const struct ike_path *path,
			const struct ike_hdr *req, uint16_t type,
			struct ike_span data)
{
	const struct ike_hdr hdr = {
		.spi_i = req->spi_i,
		.version = IKE_VERSION,
		.exchange = IKE_EX_SA_INIT,
		.flags = IKE_FLAG_RESPONSE,
	};
	uint8_t buf[128];
	struct ike_builder b;
	struct ike_span msg;

	ike_msg_begin(&b, buf, sizeof(buf), &hdr);
	ike_pl_notify(&b, IKE_PROTO_NONE, ike_span(NULL, 0), type, data);
	if (!ike_msg_end(&b, &msg))
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

/* The first connection whose addresses and proposals fit. */
static struct ike_goal *init_choose(struct ike_engine *e,
				    const struct ike_path *path,
				    const struct ike_proposals *offer,
				    uint16_t ke, struct ike_proposal *chosen,
				    struct ike_suite *suite)
{
	struct ike_goal *goal = NULL;

	while ((goal = ike_goal_match(e, path, goal)))
		if (!ike_proposals_select(&goal->conn->ike, offer, ke, chosen,
					  suite, NULL))
			return goal;
	return NULL;
}

/* Why there is none: what the first lacks whose addresses fit. */
static void init_explain(struct ike_engine *e, const struct ike_path *path,
			 const struct ike_proposals *offer,
			 struct ike_diag *diag)
{
	const struct ike_goal *goal = ike_goal_match(e, path, NULL);
	char text[IKE_ADDR_TEXT_MAX];
	struct ike_proposal chosen;
	struct ike_suite suite;

	if (goal) {
		ike_proposals_select(&goal->conn->ike, offer, 0, &chosen,
				     &suite, diag);
		return;
	}
	ike_diag_set(diag, IKE_N_NO_PROPOSAL_CHOSEN, 0,
		     "no connection is for %s",
		     ike_addr_print(&path->remote, text));
	ike_diag_hint(
		diag,
		"a connection with remote = %s, or without remote, would be",
		text);
}

static int init_answer(struct ike_sa *sa, const struct ike_proposal *chosen)
{
	struct ike_proposals list = { .n = 1 };
	uint8_t buf[INIT_MSG_MAX];
	struct ike_builder b;
	struct ike_span msg;
	int err;

	list.p[0] = *chosen;
	init_begin(sa, &b, buf, true);
	init_write(sa, &b, &list, true);
	err = ike_msg_end(&b, &msg);
	return err ? err : ike_bytes_set(&sa->init_resp, msg);
}

static int init_set_up(struct ike_sa *sa, struct ike_span raw,
		       struct ike_span nonce)
{
	int err;

	sa->ni_len = nonce.len;
	memcpy(sa->ni, nonce.p, nonce.len);
	sa->nr_len = IKE_NONCE_LEN;
	err = ike_rng_fill(&sa->e->env.rng, sa->nr, sa->nr_len);
	if (!err)
		err = ike_ke_new(sa->suite.ke, &sa->e->env.rng, &sa->ke);
	return err ? err : ike_bytes_set(&sa->init_req, raw);
}

/* Everything fits: from here on there is state. */
static void init_open(struct ike_engine *e, uint64_t now,
		      const struct ike_path *path, const struct ike_msg *msg,
		      struct ike_goal *goal, const struct ike_suite *suite,
		      const struct ike_proposal *chosen, struct ike_span ke,
		      struct ike_span nonce)
{
	struct ike_diag diag = { 0 };
	struct ike_sa *sa = ike_sa_new(e, goal, path, false);

	if (!sa)
		return;
	ike_cookie_count(e, now);
	sa->spi_i = msg->hdr.spi_i;
	sa->suite = *suite;
	sa->expires = now + IKE_HALF_OPEN_TIME;
	sa->heard = now;
	/* IKE_SA_INIT was message 0. */
	sa->next_in = 1;
	if (init_set_up(sa, msg->raw, nonce)) {
		ike_sa_remove(sa);
		return;
	}
	natd_read(sa, msg, true);
	if (init_answer(sa, chosen) || init_derive(sa, ke, &diag)) {
		ike_sa_remove(sa);
		return;
	}
	ike_sa_set_state(sa, IKE_SA_HALF_OPEN);
	e->env.send(e->env.ctx, path, ike_bytes_span(&sa->init_resp));
}

/*
 * Anybody can cause it, in anybody's name: told once a second, and as no
 * connection's.
 */
static void init_refused_event(struct ike_engine *e, uint64_t now,
			       const struct ike_path *path,
			       const struct ike_proposals *offer)
{
	struct ike_diag diag;

	if (e->refused && now < e->refused + 1000)
		return;
	e->refused = now ? now : 1;
	init_explain(e, path, offer, &diag);
	ike_event(e, IKE_EV_FAILED, NULL, NULL, &diag);
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

static void init_respond(struct ike_engine *e, uint64_t now,
			 const struct ike_path *path, const struct ike_msg *msg,
			 struct ike_diag *diag)
{
	struct ike_proposals offer;
	struct ike_proposal chosen;
	struct ike_suite suite;
	struct ike_goal *goal;
	struct ike_span nonce;
	struct ike_pl_ke ke;
	uint8_t group[2], cookie[IKE_COOKIE_LEN];

	if (init_read(msg, &offer, &ke, &nonce, diag)) {
		init_reject(e, path, &msg->hdr, IKE_N_INVALID_SYNTAX,
			    ike_span(NULL, 0));
		return;
	}
	if (ike_cookie_missing(e, now, path, msg, nonce, cookie)) {
		init_reject(e, path, &msg->hdr, IKE_N_COOKIE,
			    ike_span(cookie, sizeof(cookie)));
		return;
	}
	goal = init_choose(e, path, &offer, ke.group, &chosen, &suite);
	if (!goal) {
		init_refused_event(e, now, path, &offer);
		init_reject(e, path, &msg->hdr, IKE_N_NO_PROPOSAL_CHOSEN,
			    ike_span(NULL, 0));
		return;
	}
	if (suite.ke == ke.group &&
	    ke.data.len != ike_ke_alg(ke.group)->out_len) {
		init_reject(e, path, &msg->hdr, IKE_N_INVALID_SYNTAX,
			    ike_span(NULL, 0));
		return;
	}
	if (suite.ke == ke.group) {
		init_open(e, now, path, msg, goal, &suite, &chosen, ke.data,
			  nonce);
		return;
	}
	ike_put16(group, suite.ke);
	init_reject(e, path, &msg->hdr, IKE_N_INVALID_KE_PAYLOAD,
		    ike_span(group, sizeof(group)));
}

void ike_init_request(struct ike_engine *e, uint64_t now,
		      const struct ike_path *path, struct ike_span raw)
{
	struct ike_diag diag = { 0 };
	struct ike_msg msg;

	if (ike_msg_parse(raw, &msg, &diag) || msg.hdr.msgid ||
	    !msg.hdr.spi_i || init_known(e, path, raw, msg.hdr.spi_i) ||
	    init_too_many(e, path) || e->closing)
		return;
	if (ike_msg_check(&msg, &diag)) {
		init_reject(e, path, &msg.hdr,
			    diag.notify ? diag.notify : IKE_N_INVALID_SYNTAX,
			    ike_span(diag.data, diag.data_len));
		return;
	}
	init_respond(e, now, path, &msg, &diag);
}
