// SPDX-License-Identifier: MIT
/* IKE_AUTH (RFC 7296 sections 1.2, 2.15) with shared keys, both roles. */
#include "sa.h"

#define REFUSED(diag, ...) \
	ike_diag_set(diag, IKE_N_AUTHENTICATION_FAILED, -EACCES, __VA_ARGS__)

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
static int auth_data(const struct ike_sa *sa, bool initiator,
		     struct ike_span id, struct ike_key *out)
{
	const struct ike_conn *conn = sa->goal->conn;
	const struct ike_auth_input in = {
		.prf = sa->suite.prf,
		.init_msg = ike_bytes_span(initiator ? &sa->init_req :
						       &sa->init_resp),
		.nonce = ike_kex_nonce(&sa->kex, !initiator),
		.sk_p = ike_key_span(initiator ? &sa->keys.pi : &sa->keys.pr),
		.id = id,
	};

	return ike_auth_psk(&in, ike_span(conn->psk, conn->psk_len), out);
}

/* Our ID and AUTH payloads; @other: whom we ask for, or NULL. */
static int auth_write(struct ike_sa *sa, struct ike_builder *b,
		      const struct ike_id *other)
{
	struct ike_span id = ike_id_span(&sa->local_id);
	uint8_t rest[IKE_ID_MAX + 8];
	struct ike_key auth;
	int err;

	ike_pl_id(b, sa->initiator ? IKE_PL_IDI : IKE_PL_IDR, sa->local_id.type,
		  id);
	if (other)
		ike_pl_id(b, IKE_PL_IDR, other->type, ike_id_span(other));
	id = ike_id_rest(sa->local_id.type, id, rest, sizeof(rest));
	err = auth_data(sa, sa->initiator, id, &auth);
	if (!err)
		ike_pl_auth(b, IKE_AUTH_PSK, ike_key_span(&auth));
	ike_wipe(&auth, sizeof(auth));
	return err;
}

/* Is what the peer proves what the connection's key proves? */
static int auth_verify(const struct ike_sa *sa, const struct ike_msg *msg,
		       struct ike_span id, struct ike_diag *diag)
{
	const struct ike_payload *auth = ike_msg_find(msg, IKE_PL_AUTH);
	const char *conn = sa->goal->conn->name;
	struct ike_key want;
	bool good;

	if (!auth)
		return REFUSED(diag, "the peer wants EAP, which we do not do");
	if (auth->method != IKE_AUTH_PSK)
		return REFUSED(
			diag,
			"the peer authenticates by %s (%u), connection \"%s\" by psk",
			ike_auth_method_name(auth->method), auth->method, conn);
	if (auth_data(sa, !sa->initiator, id, &want))
		return REFUSED(diag, "AUTH could not be computed");
	good = ike_secret_equal(auth->data, ike_key_span(&want));
	ike_wipe(&want, sizeof(want));
	if (good)
		return 0;
	return REFUSED(
		diag,
		"wrong psk: the peer's AUTH does not match the psk of connection \"%s\"\nmake psk the same on both sides",
		conn);
}

/* Both are who they say they are. */
static void auth_established(struct ike_sa *sa)
{
	char local[IKE_ID_TEXT_MAX], remote[IKE_ID_TEXT_MAX];
	char addr[IKE_ADDR_TEXT_MAX], suite[128];

	ike_sa_set_state(sa, IKE_SA_UP);
	sa->since = sa->e->now;
	sa->expires = IKE_NEVER;
	if (sa->nat_local)
		sa->keepalive = sa->e->now + IKE_KEEPALIVE_TIME;
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

/* ---- initiator ---- */

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

/* Who the peer said it is, in its IDi or IDr. */
static const struct ike_payload *auth_read_peer(struct ike_sa *sa,
						const struct ike_msg *msg,
						uint8_t type,
						struct ike_diag *diag)
{
	const struct ike_payload *pl = ike_msg_need(msg, type, diag);

	if (pl && ike_id_read(pl->id_type, pl->data, &sa->remote_id, diag))
		return NULL;
	return pl;
}

static int auth_check_peer(struct ike_sa *sa, const struct ike_msg *msg,
			   struct ike_diag *diag)
{
	const struct ike_payload *id =
		auth_read_peer(sa, msg, IKE_PL_IDR, diag);
	char is[IKE_ID_TEXT_MAX], want_text[IKE_ID_TEXT_MAX];
	const struct ike_conn *conn = sa->goal->conn;
	struct ike_id want;
	int err = id ? auth_verify(sa, msg, id->body, diag) : -EPROTO;

	if (err)
		return err;
	auth_id(&conn->remote_id, &sa->path.remote, &want);
	if (ike_id_match(&want, &sa->remote_id))
		return 0;
	ike_id_print(&sa->remote_id, is, sizeof(is));
	ike_id_print(&want, want_text, sizeof(want_text));
	REFUSED(diag,
		"wrong identity: the peer is %s, connection \"%s\" expects %s",
		is, conn->name, want_text);
	ike_diag_hint(diag, "set remote_id = \"%s\"", is);
	return -EACCES;
}

/* The IKE SA stands; does the child? */
static void auth_take_child(struct ike_sa *sa, const struct ike_msg *msg,
			    struct ike_child *child)
{
	struct ike_diag diag = { 0 };
	int err = ike_child_accept(child, msg, &diag);

	if (!err)
		err = ike_child_install(child, &sa->kex, true, true, &diag);
	if (!err) {
		ike_goal_succeeded(sa->goal);
		return;
	}
	ike_goal_failed(sa->e, sa->goal, IKE_EV_FAILED, child, &diag);
	ike_child_remove(child);
	/* An IKE SA without a use; the peer may believe in the child. */
	ike_delete_start(sa);
}

static void auth_refused(struct ike_sa *sa, const struct ike_payload *n)
{
	char local[IKE_ID_TEXT_MAX];
	struct ike_diag diag;

	ike_id_print(&sa->local_id, local, sizeof(local));
	ike_diag_set(&diag, 0, 0,
		     "the peer refused IKE_AUTH: %s (%u); we said we are %s",
		     ike_notify_name(n->notify), n->notify, local);
	if (n->notify == IKE_N_AUTHENTICATION_FAILED)
		ike_diag_hint(
			&diag,
			"compare psk, local_id and remote_id with the peer's: one of them differs");
	ike_sa_fail(sa, &diag);
}

static void auth_response(struct ike_sa *sa, const struct ike_msg *msg,
			  struct ike_child *child)
{
	const struct ike_payload *n = ike_msg_error(msg);
	struct ike_diag diag = { 0 };

	/* With AUTH in it, the error is about the child only. */
	if (n && !ike_msg_find(msg, IKE_PL_AUTH)) {
		auth_refused(sa, n);
		return;
	}
	if (auth_check_peer(sa, msg, &diag)) {
		/* Tell the peer, which thinks that all is well (2.21.2). */
		ike_goal_failed(sa->e, sa->goal, IKE_EV_FAILED, NULL, &diag);
		ike_delete_start(sa);
		return;
	}
	auth_established(sa);
	if (child)
		auth_take_child(sa, msg, child);
	else
		ike_goal_succeeded(sa->goal);
}

void ike_auth_start(struct ike_sa *sa)
{
	const struct ike_child_conf *conf = ike_goal_missing(sa->goal, sa);
	const struct ike_id *whom = &sa->goal->conn->remote_id;
	struct ike_child *child = NULL;
	struct ike_diag diag;
	struct ike_out out;

	ike_sa_set_state(sa, IKE_SA_AUTH_SENT);
	auth_id(&sa->goal->conn->local_id, &sa->path.local, &sa->local_id);
	/* Whom we ask for has to be somebody: a pattern stays with us. */
	if (whom->type == IKE_ID_NONE || ike_id_is_pattern(whom))
		whom = NULL;
	if (conf)
		child = ike_child_new(sa, conf, false);
	ike_out_begin(sa, &out, IKE_EX_AUTH, NULL);
	if ((conf && !child) || auth_write(sa, &out.b, whom)) {
		ike_diag_set(&diag, 0, 0, "IKE_AUTH could not be sent");
		ike_sa_fail(sa, &diag);
		return;
	}
	if (auth_initial_contact(sa))
		ike_pl_tell(&out.b, IKE_N_INITIAL_CONTACT, IKE_NOTHING);
	if (child)
		ike_child_write(child, &out.b, false, true);
	ike_request_send(sa, &out, auth_response, child);
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

static int auth_wrong_suite(const struct ike_sa *sa,
			    const struct ike_goal *goal, struct ike_diag *diag)
{
	const char *name = goal->conn->name;
	char suite[128];

	ike_suite_print(&sa->suite, suite, sizeof(suite));
	return REFUSED(
		diag,
		"the IKE SA has %s, which connection %s does not allow\nadd it to ike of %s, or take it out of the connection before it",
		suite, name, name);
}

static int auth_nobody(const struct ike_sa *sa, const struct ike_id *idr,
		       struct ike_diag *diag)
{
	char is[IKE_ID_TEXT_MAX], idr_text[IKE_ID_TEXT_MAX] = "";

	ike_id_print(&sa->remote_id, is, sizeof(is));
	if (idr)
		ike_id_print(idr, idr_text, sizeof(idr_text));
	REFUSED(diag,
		"wrong identity: the peer says it is %s%s%s, and no connection is for that",
		is, idr ? " and asks for " : "", idr_text);
	ike_diag_hint(diag, "set remote_id = \"%s\"%s%s%s", is,
		      idr ? " and local_id = \"" : "", idr_text,
		      idr ? "\"" : "");
	return -EACCES;
}

/* The connection that is for this peer's identity (and for ours, if asked). */
static int auth_choose(struct ike_sa *sa, const struct ike_id *idr,
		       struct ike_diag *diag)
{
	struct ike_goal *goal = NULL, *other = NULL;

	while ((goal = ike_goal_match(sa->e, &sa->path, goal))) {
		if (!auth_goal_fits(sa, goal, idr))
			continue;
		other = goal;
		/* IKE_SA_INIT may have chosen by another connection. */
		if (ike_proposals_allow(&goal->conn->ike, &sa->suite))
			break;
	}
	if (!other)
		return auth_nobody(sa, idr, diag);
	if (!goal)
		return auth_wrong_suite(sa, other, diag);
	sa->goal = goal;
	auth_id(&goal->conn->local_id, &sa->path.local, &sa->local_id);
	return 0;
}

static int auth_check_request(struct ike_sa *sa, const struct ike_msg *msg,
			      struct ike_diag *diag)
{
	const struct ike_payload *idr = ike_msg_find(msg, IKE_PL_IDR);
	const struct ike_payload *idi =
		auth_read_peer(sa, msg, IKE_PL_IDI, diag);
	struct ike_id asked;
	int err = idi ? 0 : -EPROTO;

	if (!err && idr)
		err = ike_id_read(idr->id_type, idr->data, &asked, diag);
	if (!err)
		err = auth_choose(sa, idr ? &asked : NULL, diag);
	return err ? err : auth_verify(sa, msg, idi->body, diag);
}

/*
 * The peer has no other IKE SA with us: those that we know are dead (2.4). It
 * said so when it began, so one that came up since then is not meant: both
 * sides may begin at once.
 */
static void auth_drop_others(struct ike_sa *sa, const struct ike_msg *msg,
			     uint64_t begun)
{
	struct ike_sa *other;

	if (!ike_msg_notify(msg, IKE_N_INITIAL_CONTACT))
		return;
	LIST_FOREACH(other, &sa->e->sas, entry)
		if (other != sa && other->goal == sa->goal &&
		    other->state >= IKE_SA_UP && other->since < begun &&
		    ike_id_equal(&other->remote_id, &sa->remote_id))
			ike_sa_remove(other);
}

/* Choose and install the child first: the peer is told what became of it. */
static struct ike_child *auth_make_child(struct ike_sa *sa,
					 const struct ike_msg *msg,
					 struct ike_builder *b)
{
	struct ike_diag diag = { 0 };
	struct ike_child *child;

	child = ike_child_select(sa, msg, NULL, false, &diag);
	if (child && !ike_child_install(child, &sa->kex, false, true, &diag)) {
		ike_child_write(child, b, false, false);
		return child;
	}
	if (child)
		ike_child_remove(child);
	ike_pl_tell(b, diag.notify, IKE_NOTHING);
	ike_event(sa->e, IKE_EV_FAILED, sa->goal, NULL, &diag);
	return NULL;
}

static void auth_answer(struct ike_sa *sa, const struct ike_msg *msg)
{
	uint64_t begun = sa->expires - IKE_HALF_OPEN_TIME;
	struct ike_child *child = NULL;
	struct ike_diag diag;
	struct ike_out out;
	int err;

	ike_out_begin(sa, &out, msg->hdr.exchange, msg);
	err = auth_write(sa, &out.b, NULL);
	if (!err) {
		auth_established(sa);
		auth_drop_others(sa, msg, begun);
		if (ike_msg_find(msg, IKE_PL_SA))
			child = auth_make_child(sa, msg, &out.b);
		err = ike_response_send(sa, &out);
	}
	if (err) {
		ike_diag_set(&diag, 0, err, "IKE_AUTH could not be answered");
		ike_sa_fail(sa, &diag);
	} else if (child) {
		ike_goal_succeeded(sa->goal);
	}
}

static void auth_refuse(struct ike_sa *sa, const struct ike_msg *msg,
			const struct ike_diag *diag)
{
	ike_response_refuse(sa, msg, diag);
	ike_event(sa->e, IKE_EV_FAILED, sa->goal, NULL, diag);
	ike_sa_remove(sa);
}

void ike_auth_request(struct ike_sa *sa, const struct ike_msg *msg)
{
	struct ike_diag diag = { 0 };

	if (auth_check_request(sa, msg, &diag))
		auth_refuse(sa, msg, &diag);
	else
		auth_answer(sa, msg);
}
