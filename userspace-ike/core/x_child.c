// SPDX-License-Identifier: MIT
/*
 * CREATE_CHILD_SA (RFC 7296 section 1.3): more children on our wish, and on
 * the peer's wish more children, and new keys for a child or for the IKE SA.
 * A handler that returns -EAGAIN tells only the peer.
 */
#include "sa.h"

/* ---- initiator ---- */

static ike_done create_response;

static int create_send(struct ike_sa *sa, const struct ike_child_conf *conf,
		       uint16_t group)
{
	struct ike_child *child = ike_child_new(sa, conf, true);
	struct ike_out out;

	if (!child)
		return -ENOMEM;
	if (ike_kex_ask(&child->kex, &sa->e->env.rng, group)) {
		ike_child_remove(child);
		return -EIO;
	}
	ike_out_begin(sa, &out, IKE_EX_CREATE_CHILD_SA, NULL);
	ike_child_write(child, &out.b, true, true);
	ike_request_send(sa, &out, create_response, child);
	return 0;
}

int ike_create_start(struct ike_sa *sa, const struct ike_child_conf *conf)
{
	return create_send(sa, conf, ike_proposals_first_ke(&conf->esp));
}

/* The peer wants another group: one that we offered, and asks for it once. */
static bool create_other_group(struct ike_sa *sa, struct ike_child *child,
			       const struct ike_msg *msg)
{
	const struct ike_payload *n =
		ike_msg_notify(msg, IKE_N_INVALID_KE_PAYLOAD);
	const struct ike_child_conf *conf = child->conf;
	uint16_t group = n ? ike_kex_other(&child->kex, n, &conf->esp) : 0;

	if (!group ||
	    ike_ke_id(child->kex.ke) != ike_proposals_first_ke(&conf->esp))
		return false;
	ike_child_remove(child);
	create_send(sa, conf, group);
	return true;
}

static void create_response(struct ike_sa *sa, const struct ike_msg *msg,
			    struct ike_child *child)
{
	struct ike_diag diag = { 0 };
	int err;

	if (!child || create_other_group(sa, child, msg))
		return;
	err = ike_child_accept(child, msg, &diag);
	if (!err)
		err = ike_kex_finish(&child->kex, msg, child->suite.ke, &diag);
	if (!err)
		err = ike_child_install(child, &child->kex, true, true, &diag);
	if (!err) {
		ike_goal_succeeded(sa->goal);
		child->drop = !ike_goal_wants(sa->goal, child->conf);
		return;
	}
	ike_goal_failed(sa->e, sa->goal, IKE_EV_FAILED, child, &diag);
	/* The peer has it, unless it said no: then it is to be told. */
	if (ike_msg_find(msg, IKE_PL_SA))
		child->drop = true;
	else
		ike_child_remove(child);
}

/* ---- responder: a child ---- */

/*
 * What replaces a child carries nothing before the peer has it, too: we send
 * on the old one until the peer deletes it (2.8).
 */
static int create_install(struct ike_child *child, const struct ike_msg *msg,
			  struct ike_diag *diag)
{
	struct ike_sa *sa = child->sa;
	struct ike_out out;
	int err;

	err = ike_kex_answer(&child->kex, &sa->e->env.rng, msg, child->suite.ke,
			     diag);
	if (err)
		return err;
	ike_out_begin(sa, &out, msg->hdr.exchange, msg);
	ike_child_write(child, &out.b, true, false);
	err = ike_child_install(child, &child->kex, false, !child->replaces,
				diag);
	return err ? err : ike_response_send(sa, &out);
}

/*
 * As many as are configured, each in its two ends' rekeyings, and a few that
 * are narrower; and one successor for each.
 */
static bool create_too_many(const struct ike_sa *sa,
			    const struct ike_child *old)
{
	const struct ike_child *child;
	unsigned int n = 0;

	LIST_FOREACH(child, &sa->children, entry) {
		if (old && child->replaces == old->id && !child->active)
			return true;
		n++;
	}
	return n >= 4 * sa->goal->conn->n_children + 16;
}

/* May it be made? @old: what the peer wants new keys for, NULL: nothing. */
static int create_may(struct ike_sa *sa, const struct ike_msg *msg,
		      struct ike_child **old, struct ike_diag *diag)
{
	const struct ike_payload *n = ike_msg_notify(msg, IKE_N_REKEY_SA);

	*old = n && n->proto == IKE_PROTO_ESP ?
		       ike_child_by_spi_out(sa, ike_get32(n->spi.p)) :
		       NULL;
	if (n && !*old)
		return ike_diag_set(diag, IKE_N_CHILD_SA_NOT_FOUND, -EAGAIN,
				    "no such Child SA");
	if (*old && (*old)->state == IKE_CHILD_CLOSING)
		return ike_diag_set(diag, IKE_N_TEMPORARY_FAILURE, -EAGAIN,
				    "we delete that Child SA");
	if (create_too_many(sa, *old))
		return ike_diag_set(diag, IKE_N_NO_ADDITIONAL_SAS, -EAGAIN,
				    "too many Child SAs");
	return 0;
}

static int create_child(struct ike_sa *sa, const struct ike_msg *msg,
			struct ike_diag *diag)
{
	struct ike_child *old, *child;
	int err = create_may(sa, msg, &old, diag);

	if (err)
		return err;
	child = ike_child_select(sa, msg, old ? old->conf : NULL, true, diag);
	if (!child)
		return -ENOENT;
	child->replaces = old ? old->id : 0;
	err = create_install(child, msg, diag);
	if (err)
		ike_child_remove(child);
	return err;
}

/* ---- responder: the IKE SA (2.18) ---- */

static int rekey_choose(struct ike_sa *new, const struct ike_msg *msg,
			struct ike_proposal *chosen, struct ike_diag *diag)
{
	const struct ike_payload *ke = ike_msg_need(msg, IKE_PL_KE, diag);
	struct ike_proposals offer;
	int err = ke ? ike_msg_sa(msg, &offer, diag) : -EPROTO;

	if (!err)
		err = ike_proposals_select(&new->goal->conn->ike, &offer,
					   ke->group, chosen, &new->suite,
					   diag);
	if (err)
		return err;
	if (chosen->spi_len != IKE_SPI_LEN || !ike_get64(chosen->spi))
		return ike_syntax(diag,
				  "the peer's IKE SA rekeying has no SPI");
	new->spi_i = ike_get64(chosen->spi);
	ike_put64(chosen->spi, new->spi_r);
	return ike_kex_answer(&new->kex, &new->e->env.rng, msg, new->suite.ke,
			      diag);
}

static int rekey_answer(struct ike_sa *sa, struct ike_sa *new,
			const struct ike_msg *msg,
			const struct ike_proposal *chosen,
			struct ike_diag *diag)
{
	struct ike_proposals list = { .n = 1, .p = { *chosen } };
	struct ike_out out;
	int err;

	ike_out_begin(sa, &out, msg->hdr.exchange, msg);
	ike_pl_sa(&out.b, &list);
	ike_kex_write_nonce(&new->kex, &out.b, false);
	ike_kex_write_ke(&new->kex, &out.b);
	err = ike_sa_derive(new, sa, diag);
	return err ? err : ike_response_send(sa, &out);
}

/* The Child SAs belong to the new one; the peer deletes the old one. */
static void rekey_take_over(struct ike_sa *sa, struct ike_sa *new)
{
	struct ike_child *child;

	new->local_id = sa->local_id;
	new->remote_id = sa->remote_id;
	new->nat_local = sa->nat_local;
	new->nat_remote = sa->nat_remote;
	new->keepalive = sa->keepalive;
	new->since = sa->e->now;
	new->heard = sa->e->now;
	while ((child = LIST_FIRST(&sa->children))) {
		LIST_REMOVE(child, entry);
		child->sa = new;
		LIST_INSERT_HEAD(&new->children, child, entry);
	}
	ike_sa_set_state(new, IKE_SA_UP);
	ike_sa_set_state(sa, IKE_SA_REKEYED);
	sa->keepalive = IKE_NEVER;
	sa->expires = sa->e->now + IKE_HALF_OPEN_TIME;
	ike_eventf(sa->e, IKE_EV_INFO, sa->goal, NULL,
		   "IKE SA rekeyed by the peer, now %016llx/%016llx",
		   (unsigned long long)new->spi_i,
		   (unsigned long long)new->spi_r);
}

/* Those that were rekeyed stay until the peer deletes them, but not all. */
static bool rekey_too_fast(const struct ike_sa *sa)
{
	const struct ike_sa *other;
	unsigned int n = 0;

	LIST_FOREACH(other, &sa->e->sas, entry)
		n += other->state == IKE_SA_REKEYED &&
		     other->goal == sa->goal &&
		     ike_id_equal(&other->remote_id, &sa->remote_id);
	return n >= IKE_REKEYED_MAX;
}

static int create_ike(struct ike_sa *sa, const struct ike_msg *msg,
		      struct ike_diag *diag)
{
	struct ike_proposal chosen;
	struct ike_sa *new;
	int err;

	/* Our request would be lost on an IKE SA that goes (2.25.2). */
	if (ike_sa_busy(sa) || rekey_too_fast(sa))
		return ike_diag_set(diag, IKE_N_TEMPORARY_FAILURE, -EAGAIN,
				    "the IKE SA is busy");
	new = ike_sa_new(sa->e, sa->goal, &sa->path, false);
	if (!new)
		return -ENOMEM;
	err = rekey_choose(new, msg, &chosen, diag);
	if (!err)
		err = rekey_answer(sa, new, msg, &chosen, diag);
	if (!err)
		rekey_take_over(sa, new);
	else
		ike_sa_remove(new);
	return err;
}

/* Is it an IKE SA that is proposed? (1.3.2) */
static bool create_is_ike(const struct ike_msg *msg)
{
	struct ike_proposals list;

	return !ike_msg_sa(msg, &list, NULL) &&
	       list.p[0].proto == IKE_PROTO_IKE;
}

void ike_create_request(struct ike_sa *sa, const struct ike_msg *msg)
{
	struct ike_diag diag = { 0 };
	int err;

	/* Nothing begins on an IKE SA that goes (2.25.2). */
	if (sa->state != IKE_SA_UP)
		err = ike_diag_set(&diag, IKE_N_TEMPORARY_FAILURE, -EAGAIN,
				   "the IKE SA goes");
	else if (create_is_ike(msg))
		err = create_ike(sa, msg, &diag);
	else
		err = create_child(sa, msg, &diag);
	if (!err)
		return;
	ike_response_refuse(sa, msg, &diag);
	if (err != -EAGAIN && diag.text[0])
		ike_event(sa->e, IKE_EV_FAILED, sa->goal, NULL, &diag);
}
