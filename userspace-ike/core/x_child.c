// SPDX-License-Identifier: MIT
/*
 * CREATE_CHILD_SA (RFC 7296 section 1.3): more children on our wish, and on
 * the peer's wish more children, and new keys for a child or for the IKE SA.
 */
#include <errno.h>

#include "sa.h"

/**
 * struct create_ke - key exchange and nonces of one exchange
 * @secret: the shared secret, empty without key exchange
 * @ni: its initiator's nonce
 * @nr: its responder's nonce
 */
struct create_ke {
	struct ike_secret secret;
	struct ike_span ni;
	struct ike_span nr;
};

static void create_keymat(const struct create_ke *ke, struct ike_keymat *km)
{
	memset(km, 0, sizeof(*km));
	km->ni = ke->ni;
	km->nr = ke->nr;
	km->shared = ike_secret_span(&ke->secret);
}

/* ---- initiator ---- */

static int create_send(struct ike_sa *sa, uint64_t now,
		       const struct ike_child_conf *conf, uint16_t group)
{
	struct ike_child *child = ike_child_new(sa, conf);
	uint8_t buf[IKE_OUT_MAX];
	struct ike_builder b;
	int err;

	if (!child)
		return -ENOMEM;
	err = ike_rng_fill(&sa->e->env.rng, child->nonce, sizeof(child->nonce));
	if (!err && group)
		err = ike_ke_new(group, &sa->e->env.rng, &child->ke);
	if (!err) {
		ike_request_begin(sa, &b, buf, IKE_EX_CREATE_CHILD_SA);
		ike_child_offer(child, &b, true);
		ike_pl_raw(&b, IKE_PL_NONCE,
			   ike_span(child->nonce, sizeof(child->nonce)));
		if (child->ke)
			ike_pl_ke(&b, group, ike_ke_public(child->ke));
		ike_child_offer_ts(child, &b);
		err = ike_request_send(sa, now, &b, IKE_TASK_CHILD, child);
	}
	if (err)
		ike_child_remove(child);
	return err;
}

int ike_create_start(struct ike_sa *sa, uint64_t now,
		     const struct ike_child_conf *conf)
{
	return create_send(sa, now, conf, ike_proposals_first_ke(&conf->esp));
}

/* The peer wants another group: one that we offered, and asks for it once. */
static bool create_other_group(struct ike_sa *sa, uint64_t now,
			       struct ike_child *child,
			       const struct ike_msg *msg)
{
	const struct ike_child_conf *conf = child->conf;
	struct ike_pl_notify n;
	uint16_t group;

	if (!ike_msg_notify(msg, IKE_N_INVALID_KE_PAYLOAD, &n) ||
	    n.data.len != 2 || !child->ke ||
	    ike_ke_id(child->ke) != ike_proposals_first_ke(&conf->esp))
		return false;
	group = ike_get16(n.data.p);
	if (group == ike_ke_id(child->ke) ||
	    !ike_proposals_has_ke(&conf->esp, group))
		return false;
	ike_child_remove(child);
	create_send(sa, now, conf, group);
	return true;
}

static int create_finish_ke(struct ike_child *child, const struct ike_msg *msg,
			    struct create_ke *ke, struct ike_diag *diag)
{
	const struct ike_payload *pl = ike_msg_find(msg, IKE_PL_NONCE);
	struct ike_pl_ke peer;

	ke->secret.len = 0;
	if (!pl)
		return ike_diag_set(diag, 0, -EPROTO, "the peer sent no nonce");
	ke->ni = ike_span(child->nonce, sizeof(child->nonce));
	ke->nr = pl->body;
	if (!child->suite.ke)
		return 0;
	pl = ike_msg_find(msg, IKE_PL_KE);
	if (!pl || !child->ke || ike_pl_ke_parse(pl, &peer, diag) ||
	    peer.group != ike_ke_id(child->ke) || child->suite.ke != peer.group)
		return ike_diag_set(
			diag, 0, -EPROTO,
			"the peer's key exchange is not the one agreed on");
	if (ike_ke_derive(child->ke, peer.data, &ke->secret))
		return ike_diag_set(
			diag, 0, -EPROTO,
			"the peer's key exchange value is not valid");
	return 0;
}

static int create_accept(struct ike_child *child, uint64_t now,
			 const struct ike_msg *msg, struct ike_diag *diag)
{
	struct create_ke ke = { 0 };
	struct ike_pl_notify n;
	struct ike_keymat km;
	int err;

	if (ike_msg_error(msg, &n))
		return ike_diag_set(diag, 0, -EACCES,
				    "the peer refused child \"%s\": %s (%u)",
				    child->conf->name, ike_notify_name(n.type),
				    n.type);
	err = ike_child_accept(child, msg, diag);
	if (!err)
		err = create_finish_ke(child, msg, &ke, diag);
	if (!err) {
		create_keymat(&ke, &km);
		err = ike_child_install(child, now, &km, true, true, diag);
	}
	ike_wipe(&ke, sizeof(ke));
	return err;
}

void ike_create_response(struct ike_sa *sa, uint64_t now,
			 const struct ike_msg *msg)
{
	struct ike_child *child = sa->task.child;
	struct ike_diag diag = { 0 };

	ike_task_done(sa);
	if (!child || create_other_group(sa, now, child, msg))
		return;
	if (!create_accept(child, now, msg, &diag)) {
		ike_goal_succeeded(sa->goal);
		child->drop = !ike_goal_wants(sa->goal, child->conf);
		return;
	}
	ike_event(sa->e, IKE_EV_FAILED, sa->goal, child, &diag);
	ike_goal_failed(sa->goal, sa->e, now, &diag);
	/* The peer has it, unless it said no: then it is to be told. */
	if (ike_msg_find(msg, IKE_PL_SA))
		child->drop = true;
	else
		ike_child_remove(child);
}

/* ---- responder: a child ---- */

static int create_respond_ke(struct ike_sa *sa, const struct ike_msg *msg,
			     uint16_t group, struct ike_ke **mine,
			     struct create_ke *ke, struct ike_diag *diag)
{
	const struct ike_payload *pl = ike_msg_find(msg, IKE_PL_KE);
	struct ike_pl_ke peer;

	if (!group)
		return 0;
	if (!pl || ike_pl_ke_parse(pl, &peer, diag))
		return ike_diag_set(diag, IKE_N_INVALID_SYNTAX, -EPROTO,
				    "the peer sent no KE payload");
	if (peer.group != group) {
		ike_diag_set(diag, IKE_N_INVALID_KE_PAYLOAD, 0,
			     "the peer has to use another group");
		ike_put16(diag->data, group);
		diag->data_len = 2;
		return -EAGAIN;
	}
	if (ike_ke_new(group, &sa->e->env.rng, mine) ||
	    ike_ke_derive(*mine, peer.data, &ke->secret))
		return ike_diag_set(
			diag, IKE_N_INVALID_SYNTAX, -EPROTO,
			"the peer's key exchange value is not valid");
	return 0;
}

/* The child that the peer wants new keys for; NULL: none, or not known. */
static struct ike_child *create_rekeyed(struct ike_sa *sa,
					const struct ike_msg *msg, bool *rekey)
{
	struct ike_pl_notify n;

	*rekey = ike_msg_notify(msg, IKE_N_REKEY_SA, &n);
	if (!*rekey || n.proto != IKE_PROTO_ESP || n.spi.len != IKE_ESP_SPI_LEN)
		return NULL;
	return ike_child_by_spi_out(sa, ike_get32(n.spi.p));
}

static void create_refuse(struct ike_sa *sa, const struct ike_msg *msg,
			  const struct ike_diag *diag)
{
	ike_response_notify(
		sa, msg, diag->notify ? diag->notify : IKE_N_NO_PROPOSAL_CHOSEN,
		ike_span(diag->data, diag->data_len));
}

/*
 * What replaces a child carries nothing before the peer has it, too: we send
 * on the old one until the peer deletes it (2.8).
 */
static int create_install(struct ike_sa *sa, uint64_t now,
			  const struct ike_msg *msg, struct ike_child *child,
			  const struct ike_proposal *chosen,
			  struct ike_diag *diag)
{
	const struct ike_payload *pl = ike_msg_find(msg, IKE_PL_NONCE);
	uint8_t nonce[IKE_NONCE_LEN], buf[IKE_OUT_MAX];
	struct create_ke ke = { 0 };
	struct ike_ke *mine = NULL;
	struct ike_builder b;
	struct ike_keymat km;
	int err;

	ke.nr = ike_span(nonce, sizeof(nonce));
	ke.ni = pl ? pl->body : ike_span(NULL, 0);
	err = ike_rng_fill(&sa->e->env.rng, nonce, sizeof(nonce));
	if (!err)
		err = create_respond_ke(sa, msg, child->suite.ke, &mine, &ke,
					diag);
	if (!err) {
		create_keymat(&ke, &km);
		err = ike_child_install(child, now, &km, false,
					!child->replaces, diag);
	}
	if (!err) {
		ike_response_begin(sa, &b, buf, msg);
		ike_child_answer(child, &b, chosen);
		ike_pl_raw(&b, IKE_PL_NONCE, ke.nr);
		if (mine)
			ike_pl_ke(&b, ike_ke_id(mine), ike_ke_public(mine));
		ike_child_answer_ts(child, &b);
		err = ike_response_send(sa, &b);
	}
	ike_ke_free(mine);
	ike_wipe(&ke, sizeof(ke));
	return err;
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

static void create_child(struct ike_sa *sa, uint64_t now,
			 const struct ike_msg *msg)
{
	struct ike_proposal chosen;
	struct ike_diag diag = { 0 };
	struct ike_child *old, *child;
	bool rekey;

	old = create_rekeyed(sa, msg, &rekey);
	if (rekey && !old) {
		ike_response_notify(sa, msg, IKE_N_CHILD_SA_NOT_FOUND,
				    ike_span(NULL, 0));
		return;
	}
	if (old && old->state == IKE_CHILD_CLOSING) {
		ike_response_notify(sa, msg, IKE_N_TEMPORARY_FAILURE,
				    ike_span(NULL, 0));
		return;
	}
	if (create_too_many(sa, old)) {
		ike_response_notify(sa, msg, IKE_N_NO_ADDITIONAL_SAS,
				    ike_span(NULL, 0));
		return;
	}
	child = ike_child_select(sa, msg, old ? old->conf : NULL, true, &chosen,
				 &diag);
	if (child) {
		child->replaces = old ? old->id : 0;
		if (!create_install(sa, now, msg, child, &chosen, &diag))
			return;
		ike_child_remove(child);
	}
	create_refuse(sa, msg, &diag);
	if (diag.notify != IKE_N_INVALID_KE_PAYLOAD)
		ike_event(sa->e, IKE_EV_FAILED, sa->goal, NULL, &diag);
}

/* ---- responder: the IKE SA (2.18) ---- */

static int rekey_choose(struct ike_sa *sa, const struct ike_msg *msg,
			struct ike_sa *new, struct ike_proposal *chosen,
			struct ike_diag *diag)
{
	const struct ike_payload *pl_sa = ike_msg_find(msg, IKE_PL_SA);
	const struct ike_payload *pl_ke = ike_msg_find(msg, IKE_PL_KE);
	const struct ike_payload *pl_ni = ike_msg_find(msg, IKE_PL_NONCE);
	struct ike_proposals offer;
	struct ike_pl_ke ke = { 0 };
	int err;

	if (!pl_sa || !pl_ke || !pl_ni || pl_ni->body.len > sizeof(new->ni))
		return ike_diag_set(
			diag, IKE_N_INVALID_SYNTAX, -EPROTO,
			"the peer's IKE SA rekeying lacks a payload");
	err = ike_proposals_read(pl_sa->body, &offer, diag);
	if (!err)
		err = ike_pl_ke_parse(pl_ke, &ke, diag);
	if (!err)
		err = ike_proposals_select(&sa->goal->conn->ike, &offer,
					   ke.group, chosen, &new->suite, diag);
	if (err)
		return err;
	if (chosen->spi_len != IKE_SPI_LEN || !ike_get64(chosen->spi))
		return ike_diag_set(diag, IKE_N_INVALID_SYNTAX, -EPROTO,
				    "the peer's IKE SA rekeying has no SPI");
	new->spi_i = ike_get64(chosen->spi);
	ike_put64(chosen->spi, new->spi_r);
	new->ni_len = pl_ni->body.len;
	memcpy(new->ni, pl_ni->body.p, new->ni_len);
	new->nr_len = IKE_NONCE_LEN;
	return ike_rng_fill(&sa->e->env.rng, new->nr, new->nr_len);
}

static int rekey_answer(struct ike_sa *sa, const struct ike_msg *msg,
			const struct ike_sa *new,
			const struct ike_proposal *chosen,
			const struct ike_ke *mine)
{
	struct ike_proposals list = { .n = 1 };
	uint8_t buf[IKE_OUT_MAX];
	struct ike_builder b;
	struct ike_writer *w;

	list.p[0] = *chosen;
	ike_response_begin(sa, &b, buf, msg);
	w = ike_pl_begin(&b, IKE_PL_SA);
	ike_proposals_write(w, &list);
	ike_pl_end(&b);
	ike_pl_raw(&b, IKE_PL_NONCE, ike_sa_nonce(new, false));
	ike_pl_ke(&b, ike_ke_id(mine), ike_ke_public(mine));
	return ike_response_send(sa, &b);
}

static int rekey_keys(struct ike_sa *sa, struct ike_sa *new,
		      const struct ike_msg *msg,
		      const struct ike_proposal *chosen, struct ike_diag *diag)
{
	struct create_ke ke = { 0 };
	struct ike_ke *mine = NULL;
	struct ike_keymat km;
	int err;

	err = create_respond_ke(sa, msg, new->suite.ke, &mine, &ke, diag);
	if (!err) {
		ke.ni = ike_sa_nonce(new, true);
		ke.nr = ike_sa_nonce(new, false);
		create_keymat(&ke, &km);
		km.spi_i = new->spi_i;
		km.spi_r = new->spi_r;
		err = ike_sa_keys_rekey(&new->suite, sa->suite.prf, &sa->keys.d,
					&km, &new->keys);
	}
	if (!err)
		err = ike_sa_set_keys(new);
	if (!err)
		err = rekey_answer(sa, msg, new, chosen, mine);
	ike_ke_free(mine);
	ike_wipe(&ke, sizeof(ke));
	return err;
}

/* The Child SAs belong to the new one; the peer deletes the old one. */
static void rekey_take_over(struct ike_sa *sa, struct ike_sa *new, uint64_t now)
{
	struct ike_child *child;

	new->local_id = sa->local_id;
	new->remote_id = sa->remote_id;
	new->nat_local = sa->nat_local;
	new->nat_remote = sa->nat_remote;
	new->keepalive = sa->keepalive;
	new->since = now;
	new->heard = now;
	while ((child = LIST_FIRST(&sa->children))) {
		LIST_REMOVE(child, entry);
		child->sa = new;
		LIST_INSERT_HEAD(&new->children, child, entry);
	}
	ike_sa_set_state(new, IKE_SA_UP);
	ike_sa_set_state(sa, IKE_SA_REKEYED);
	sa->keepalive = IKE_NEVER;
	sa->expires = now + IKE_HALF_OPEN_TIME;
	ike_eventf(sa->e, IKE_EV_INFO, sa->goal, NULL,
		   "IKE SA rekeyed by the peer, now %016llx/%016llx",
		   (unsigned long long)new->spi_i,
		   (unsigned long long)new->spi_r);
}

static void create_ike(struct ike_sa *sa, uint64_t now,
		       const struct ike_msg *msg)
{
	struct ike_proposal chosen;
	struct ike_diag diag = { 0 };
	struct ike_sa *new;
	int err = -ENOMEM;

	new = ike_sa_new(sa->e, sa->goal, &sa->path, false);
	if (new)
		err = rekey_choose(sa, msg, new, &chosen, &diag);
	if (!err)
		err = rekey_keys(sa, new, msg, &chosen, &diag);
	if (!err) {
		rekey_take_over(sa, new, now);
		return;
	}
	if (new)
		ike_sa_remove(new);
	create_refuse(sa, msg, &diag);
}

/* Those that were rekeyed stay until the peer deletes them, but not all. */
static bool create_too_fast(const struct ike_sa *sa)
{
	const struct ike_sa *other;
	unsigned int n = 0;

	LIST_FOREACH(other, &sa->e->sas, entry)
		n += other->state == IKE_SA_REKEYED &&
		     other->goal == sa->goal &&
		     ike_id_equal(&other->remote_id, &sa->remote_id);
	return n >= IKE_REKEYED_MAX;
}

/* Is it an IKE SA that is proposed? (1.3.2) */
static bool create_is_ike(const struct ike_msg *msg)
{
	const struct ike_payload *pl = ike_msg_find(msg, IKE_PL_SA);

	/* The protocol of the first proposal, behind its header and number. */
	return pl && pl->body.len > 5 && pl->body.p[5] == IKE_PROTO_IKE;
}

void ike_create_request(struct ike_sa *sa, uint64_t now,
			const struct ike_msg *msg)
{
	/* Nothing begins on an IKE SA that goes (2.25.2). */
	if (sa->state != IKE_SA_UP) {
		ike_response_notify(sa, msg, IKE_N_TEMPORARY_FAILURE,
				    ike_span(NULL, 0));
		return;
	}
	if (!create_is_ike(msg)) {
		create_child(sa, now, msg);
		return;
	}
	/* Ours would be lost on an IKE SA that goes (2.25.2). */
	if (sa->task.type != IKE_TASK_NONE || create_too_fast(sa))
		ike_response_notify(sa, msg, IKE_N_TEMPORARY_FAILURE,
				    ike_span(NULL, 0));
	else
		create_ike(sa, now, msg);
}
