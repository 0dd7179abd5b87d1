// SPDX-License-Identifier: MIT
/* IKE_AUTH (RFC 7296 sections 1.2, 2.15) with shared keys, both roles. */
#include <errno.h>

#include "sa.h"

/* An identity that was not configured is the address. */
static void auth_id(const struct ike_id *conf, const struct ike_addr *addr,
		    struct ike_id *id)
{
	*id = *conf;
	if (id->type != IKE_ID_NONE)
		return;
	id->type = addr->len == 4 ? IKE_ID_IPV4_ADDR : IKE_ID_IPV6_ADDR;
	id->len = addr->len;
	memcpy(id->data, addr->ip, addr->len);
}

/* AUTH data of one side; @id as its ID payload has it. */
static int auth_data(const struct ike_sa *sa, const struct ike_conn *conn,
		     bool initiator, struct ike_span id, struct ike_key *out)
{
	const struct ike_auth_input in = {
		.prf = sa->suite.prf,
		.init_msg = ike_bytes_span(initiator ? &sa->init_req :
						       &sa->init_resp),
		.nonce = ike_sa_nonce(sa, !initiator),
		.sk_p = ike_key_span(initiator ? &sa->keys.pi : &sa->keys.pr),
		.id = id,
	};

	return ike_auth_psk(&in, ike_span(conn->psk, conn->psk_len), out);
}

/* Our ID and AUTH payloads. */
static int auth_write(struct ike_sa *sa, struct ike_builder *b,
		      const struct ike_id *other)
{
	uint8_t rest[IKE_ID_MAX + 8];
	struct ike_key auth;
	int err;

	ike_pl_id(b, sa->initiator ? IKE_PL_IDI : IKE_PL_IDR, sa->local_id.type,
		  ike_id_span(&sa->local_id));
	if (other)
		ike_pl_id(b, IKE_PL_IDR, other->type, ike_id_span(other));
	err = auth_data(sa, sa->goal->conn, sa->initiator,
			ike_id_rest(sa->local_id.type,
				    ike_id_span(&sa->local_id), rest,
				    sizeof(rest)),
			&auth);
	if (err)
		return err;
	ike_pl_auth(b, IKE_AUTH_PSK, ike_key_span(&auth));
	ike_wipe(&auth, sizeof(auth));
	return 0;
}

/*
 * Is what the peer proves what @conn's key proves? The whole peer's message
 * was checked already, so its ID and AUTH are there or NULL.
 */
static int auth_verify(const struct ike_sa *sa, const struct ike_conn *conn,
		       const struct ike_msg *msg, const struct ike_pl_id *id,
		       struct ike_diag *diag)
{
	const struct ike_payload *pl = ike_msg_find(msg, IKE_PL_AUTH);
	struct ike_pl_auth auth;
	struct ike_key want;
	bool good;

	if (!pl || ike_pl_auth_parse(pl, &auth, diag))
		return ike_diag_set(diag, IKE_N_AUTHENTICATION_FAILED, -EACCES,
				    "the peer wants EAP, which we do not do");
	if (auth.method != IKE_AUTH_PSK)
		return ike_diag_set(
			diag, IKE_N_AUTHENTICATION_FAILED, -EACCES,
			"the peer authenticates by %s (%u), connection \"%s\" by psk",
			ike_auth_method_name(auth.method), auth.method,
			conn->name);
	if (auth_data(sa, conn, !sa->initiator, id->rest, &want))
		return ike_diag_set(diag, IKE_N_AUTHENTICATION_FAILED, -EACCES,
				    "AUTH could not be computed");
	good = ike_secret_equal(auth.data, ike_key_span(&want));
	ike_wipe(&want, sizeof(want));
	if (good)
		return 0;
	ike_diag_set(
		diag, IKE_N_AUTHENTICATION_FAILED, -EACCES,
		"wrong psk: the peer's AUTH does not match the psk of connection \"%s\"",
		conn->name);
	ike_diag_hint(diag, "make psk the same on both sides");
	return -EACCES;
}

/* Both are who they say they are. */
static void auth_established(struct ike_sa *sa, uint64_t now)
{
	char local[IKE_ID_TEXT_MAX], remote[IKE_ID_TEXT_MAX];
	char addr[IKE_ADDR_TEXT_MAX], suite[128];

	ike_sa_set_state(sa, IKE_SA_UP);
	sa->since = now;
	sa->expires = IKE_NEVER;
	if (sa->nat_local)
		sa->keepalive = now + IKE_KEEPALIVE_TIME;
	ike_bytes_free(&sa->init_req);
	ike_bytes_free(&sa->init_resp);
	ike_id_print(&sa->local_id, local, sizeof(local));
	ike_id_print(&sa->remote_id, remote, sizeof(remote));
	ike_suite_print(&sa->suite, suite, sizeof(suite));
	ike_eventf(sa->e, IKE_EV_IKE_UP, sa->goal, NULL,
		   "IKE SA %016llx/%016llx with %s (%s), we are %s, %s%s",
		   (unsigned long long)sa->spi_i, (unsigned long long)sa->spi_r,
		   remote, ike_addr_print(&sa->path.remote, addr), local, suite,
		   sa->nat_local  ? ", we are behind a NAT" :
		   sa->nat_remote ? ", the peer is behind a NAT" :
				    "");
}

static void auth_keymat(const struct ike_sa *sa, struct ike_keymat *km)
{
	memset(km, 0, sizeof(*km));
	km->ni = ike_sa_nonce(sa, true);
	km->nr = ike_sa_nonce(sa, false);
}

/* ---- initiator ---- */

static const struct ike_child_conf *auth_first_child(const struct ike_sa *sa)
{
	const struct ike_conn *conn = sa->goal->conn;
	unsigned int i;

	for (i = 0; i < conn->n_children; i++)
		if (ike_goal_wants(sa->goal, &conn->children[i]))
			return &conn->children[i];
	return NULL;
}

/* Do we have no other IKE SA with this peer? (2.4) */
static bool auth_initial_contact(const struct ike_sa *sa)
{
	const struct ike_sa *other;

	LIST_FOREACH(other, &sa->e->sas, entry)
		if (other != sa && other->goal == sa->goal &&
		    other->state == IKE_SA_UP)
			return false;
	return true;
}

/* Whom we ask for has to be somebody: a pattern stays with us. */
static bool auth_asks(const struct ike_id *id)
{
	return id->type != IKE_ID_NONE && !ike_id_is_pattern(id);
}

int ike_auth_start(struct ike_sa *sa, uint64_t now)
{
	const struct ike_child_conf *conf = auth_first_child(sa);
	const struct ike_conn *conn = sa->goal->conn;
	struct ike_child *child = NULL;
	uint8_t buf[IKE_OUT_MAX];
	struct ike_builder b;
	struct ike_id peer;
	int err;

	ike_sa_set_state(sa, IKE_SA_AUTH_SENT);
	auth_id(&conn->local_id, &sa->path.local, &sa->local_id);
	auth_id(&conn->remote_id, &sa->path.remote, &peer);
	if (conf) {
		child = ike_child_new(sa, conf);
		if (!child)
			return -ENOMEM;
	}
	ike_request_begin(sa, &b, buf, IKE_EX_AUTH);
	err = auth_write(sa, &b, auth_asks(&conn->remote_id) ? &peer : NULL);
	if (err)
		return err;
	if (auth_initial_contact(sa))
		ike_pl_notify(&b, IKE_PROTO_NONE, ike_span(NULL, 0),
			      IKE_N_INITIAL_CONTACT, ike_span(NULL, 0));
	if (child) {
		ike_child_offer(child, &b, false);
		ike_child_offer_ts(child, &b);
	}
	return ike_request_send(sa, now, &b, IKE_TASK_AUTH, child);
}

static void auth_refused(struct ike_sa *sa, uint64_t now,
			 const struct ike_pl_notify *n)
{
	char local[IKE_ID_TEXT_MAX];
	struct ike_diag diag;

	ike_id_print(&sa->local_id, local, sizeof(local));
	ike_diag_set(&diag, 0, 0,
		     "the peer refused IKE_AUTH: %s (%u); we said we are %s",
		     ike_notify_name(n->type), n->type, local);
	if (n->type == IKE_N_AUTHENTICATION_FAILED)
		ike_diag_hint(
			&diag,
			"compare psk, local_id and remote_id with the peer's: one of them differs");
	ike_sa_fail(sa, now, &diag);
}

static int auth_check_peer(struct ike_sa *sa, const struct ike_msg *msg,
			   struct ike_diag *diag)
{
	const struct ike_payload *pl = ike_msg_find(msg, IKE_PL_IDR);
	char is[IKE_ID_TEXT_MAX], want_text[IKE_ID_TEXT_MAX];
	const struct ike_conn *conn = sa->goal->conn;
	struct ike_pl_id id;
	struct ike_id want;
	int err;

	if (!pl || ike_pl_id_parse(pl, &id, diag) ||
	    ike_id_read(id.type, id.data, &sa->remote_id, diag))
		return ike_diag_set(diag, IKE_N_AUTHENTICATION_FAILED, -EPROTO,
				    "the peer did not say who it is");
	err = auth_verify(sa, conn, msg, &id, diag);
	if (err)
		return err;
	auth_id(&conn->remote_id, &sa->path.remote, &want);
	if (ike_id_match(&want, &sa->remote_id))
		return 0;
	ike_id_print(&sa->remote_id, is, sizeof(is));
	ike_id_print(&want, want_text, sizeof(want_text));
	ike_diag_set(
		diag, IKE_N_AUTHENTICATION_FAILED, -EACCES,
		"wrong identity: the peer is %s, connection \"%s\" expects %s",
		is, conn->name, want_text);
	ike_diag_hint(diag, "set remote_id = \"%s\"", is);
	return -EACCES;
}

/* The IKE SA stands; does the child? */
static void auth_take_child(struct ike_sa *sa, uint64_t now,
			    const struct ike_msg *msg, struct ike_child *child)
{
	struct ike_diag diag = { 0 };
	struct ike_pl_notify n;
	struct ike_keymat km;
	int err;

	if (ike_msg_error(msg, &n))
		err = ike_diag_set(&diag, 0, -EACCES,
				   "the peer refused child \"%s\": %s (%u)",
				   child->conf->name, ike_notify_name(n.type),
				   n.type);
	else
		err = ike_child_accept(child, msg, &diag);
	if (!err) {
		auth_keymat(sa, &km);
		err = ike_child_install(child, now, &km, true, true, &diag);
	}
	if (!err) {
		ike_goal_succeeded(sa->goal);
		return;
	}
	ike_event(sa->e, IKE_EV_FAILED, sa->goal, child, &diag);
	ike_goal_failed(sa->goal, sa->e, now, &diag);
	ike_child_remove(child);
	/* An IKE SA without a use; the peer may believe in the child. */
	ike_delete_start(sa, now);
}

void ike_auth_response(struct ike_sa *sa, uint64_t now,
		       const struct ike_msg *msg)
{
	struct ike_child *child = sa->task.child;
	struct ike_diag diag = { 0 };
	struct ike_pl_notify n;

	ike_task_done(sa);
	/* With AUTH in it, the error is about the child only. */
	if (ike_msg_error(msg, &n) && !ike_msg_find(msg, IKE_PL_AUTH)) {
		auth_refused(sa, now, &n);
		return;
	}
	if (auth_check_peer(sa, msg, &diag)) {
		/* Tell the peer, which thinks that all is well (2.21.2). */
		ike_event(sa->e, IKE_EV_FAILED, sa->goal, NULL, &diag);
		ike_goal_failed(sa->goal, sa->e, now, &diag);
		ike_delete_start(sa, now);
		return;
	}
	auth_established(sa, now);
	if (child)
		auth_take_child(sa, now, msg, child);
	else
		ike_goal_succeeded(sa->goal);
}

/* ---- responder ---- */

static bool auth_goal_fits(const struct ike_sa *sa, const struct ike_goal *goal,
			   const struct ike_id *idr)
{
	struct ike_id want, mine;

	auth_id(&goal->conn->remote_id, &sa->path.remote, &want);
	auth_id(&goal->conn->local_id, &sa->path.local, &mine);
	return ike_id_match(&want, &sa->remote_id) &&
	       (!idr || ike_id_equal(idr, &mine));
}

static void auth_wrong_suite(const struct ike_sa *sa,
			     const struct ike_goal *goal, struct ike_diag *diag)
{
	char suite[128];

	ike_suite_print(&sa->suite, suite, sizeof(suite));
	ike_diag_set(diag, IKE_N_AUTHENTICATION_FAILED, 0,
		     "the IKE SA has %s, which connection %s does not allow",
		     suite, goal->conn->name);
	ike_diag_hint(
		diag,
		"add it to ike of %s, or take it out of the connection before it",
		goal->conn->name);
}

/* The connection that is for this peer's identity (and for ours, if asked). */
static struct ike_goal *auth_choose(struct ike_sa *sa, const struct ike_id *idr,
				    struct ike_diag *diag)
{
	char is[IKE_ID_TEXT_MAX], idr_text[IKE_ID_TEXT_MAX] = "";
	struct ike_goal *goal = NULL, *other = NULL;

	while ((goal = ike_goal_match(sa->e, &sa->path, goal))) {
		if (!auth_goal_fits(sa, goal, idr))
			continue;
		/* IKE_SA_INIT may have chosen by another connection. */
		if (ike_proposals_allow(&goal->conn->ike, &sa->suite))
			return goal;
		other = goal;
	}
	if (other) {
		auth_wrong_suite(sa, other, diag);
		return NULL;
	}
	ike_id_print(&sa->remote_id, is, sizeof(is));
	if (idr)
		ike_id_print(idr, idr_text, sizeof(idr_text));
	ike_diag_set(
		diag, IKE_N_AUTHENTICATION_FAILED, 0,
		"wrong identity: the peer says it is %s%s%s, and no connection is for that",
		is, idr ? " and asks for " : "", idr_text);
	ike_diag_hint(diag, "set remote_id = \"%s\"%s%s%s", is,
		      idr ? " and local_id = \"" : "", idr_text,
		      idr ? "\"" : "");
	return NULL;
}

static int auth_read_ids(struct ike_sa *sa, const struct ike_msg *msg,
			 struct ike_pl_id *idi, struct ike_id *idr,
			 bool *has_idr, struct ike_diag *diag)
{
	const struct ike_payload *pl = ike_msg_find(msg, IKE_PL_IDI);
	struct ike_pl_id id;
	int err;

	if (!pl)
		return ike_diag_set(diag, IKE_N_INVALID_SYNTAX, -EPROTO,
				    "the peer did not say who it is");
	err = ike_pl_id_parse(pl, idi, diag);
	if (!err)
		err = ike_id_read(idi->type, idi->data, &sa->remote_id, diag);
	pl = ike_msg_find(msg, IKE_PL_IDR);
	*has_idr = pl;
	if (err || !pl)
		return err;
	err = ike_pl_id_parse(pl, &id, diag);
	return err ? err : ike_id_read(id.type, id.data, idr, diag);
}

static int auth_check_request(struct ike_sa *sa, const struct ike_msg *msg,
			      struct ike_diag *diag)
{
	struct ike_goal *goal;
	struct ike_pl_id idi;
	struct ike_id idr;
	bool has_idr = false;
	int err;

	err = auth_read_ids(sa, msg, &idi, &idr, &has_idr, diag);
	if (err)
		return err;
	goal = auth_choose(sa, has_idr ? &idr : NULL, diag);
	if (!goal)
		return -EACCES;
	sa->goal = goal;
	auth_id(&goal->conn->local_id, &sa->path.local, &sa->local_id);
	return auth_verify(sa, goal->conn, msg, &idi, diag);
}

/*
 * The peer has no other IKE SA with us: those that we know are dead (2.4). It
 * said so when it began, so one that came up since then is not meant: both
 * sides may begin at once.
 */
static void auth_drop_others(struct ike_sa *sa, const struct ike_msg *msg,
			     uint64_t begun)
{
	struct ike_pl_notify n;
	struct ike_sa *other;

	if (!ike_msg_notify(msg, IKE_N_INITIAL_CONTACT, &n))
		return;
	LIST_FOREACH(other, &sa->e->sas, entry)
		if (other != sa && other->goal == sa->goal &&
		    other->state >= IKE_SA_UP && other->since < begun &&
		    ike_id_equal(&other->remote_id, &sa->remote_id))
			ike_sa_remove(other);
}

/* Choose and install the child first: the peer is told what became of it. */
static struct ike_child *auth_make_child(struct ike_sa *sa, uint64_t now,
					 const struct ike_msg *msg,
					 struct ike_proposal *chosen,
					 struct ike_diag *diag)
{
	struct ike_keymat km;
	struct ike_child *child;

	child = ike_child_select(sa, msg, NULL, false, chosen, diag);
	if (!child)
		return NULL;
	auth_keymat(sa, &km);
	if (!ike_child_install(child, now, &km, false, true, diag))
		return child;
	diag->notify = IKE_N_NO_ADDITIONAL_SAS;
	ike_child_remove(child);
	return NULL;
}

static void auth_write_child(struct ike_builder *b, struct ike_child *child,
			     const struct ike_proposal *chosen,
			     const struct ike_diag *diag)
{
	if (child) {
		ike_child_answer(child, b, chosen);
		ike_child_answer_ts(child, b);
		return;
	}
	ike_pl_notify(b, IKE_PROTO_NONE, ike_span(NULL, 0),
		      diag->notify ? diag->notify : IKE_N_NO_PROPOSAL_CHOSEN,
		      ike_span(NULL, 0));
}

static void auth_answer(struct ike_sa *sa, uint64_t now,
			const struct ike_msg *msg)
{
	uint64_t begun = sa->expires - IKE_HALF_OPEN_TIME;
	struct ike_child *child = NULL;
	struct ike_diag diag = { 0 };
	struct ike_proposal chosen;
	uint8_t buf[IKE_OUT_MAX];
	struct ike_builder b;
	int err;

	ike_response_begin(sa, &b, buf, msg);
	err = auth_write(sa, &b, NULL);
	if (!err) {
		auth_established(sa, now);
		auth_drop_others(sa, msg, begun);
		if (ike_msg_find(msg, IKE_PL_SA)) {
			child = auth_make_child(sa, now, msg, &chosen, &diag);
			auth_write_child(&b, child, &chosen, &diag);
			if (!child)
				ike_event(sa->e, IKE_EV_FAILED, sa->goal, NULL,
					  &diag);
		}
		err = ike_response_send(sa, &b);
	}
	if (err) {
		ike_diag_set(&diag, 0, err, "IKE_AUTH could not be answered");
		ike_sa_fail(sa, now, &diag);
	} else if (child) {
		ike_goal_succeeded(sa->goal);
	}
}

void ike_auth_request(struct ike_sa *sa, uint64_t now,
		      const struct ike_msg *msg)
{
	struct ike_diag diag = { 0 };

	if (!auth_check_request(sa, msg, &diag)) {
		auth_answer(sa, now, msg);
		return;
	}
	ike_response_notify(sa, msg,
			    diag.notify ? diag.notify :
					  IKE_N_AUTHENTICATION_FAILED,
			    ike_span(NULL, 0));
	ike_event(sa->e, IKE_EV_FAILED, sa->goal, NULL, &diag);
	ike_sa_remove(sa);
}
