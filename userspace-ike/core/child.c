// SPDX-License-Identifier: MIT
/* Child SAs: their negotiation (RFC 7296 sections 1.3, 2.9) and their life. */
#include <stdlib.h>

#include "sa.h"

const char *ike_child_state_name(enum ike_child_state state)
{
	static const char *const names[] = {
		[IKE_CHILD_NEW] = "negotiating",
		[IKE_CHILD_UP] = "installed",
		[IKE_CHILD_CLOSING] = "closing",
	};

	return names[state];
}

/* The configured selectors, or the host that talks if there are none. */
static void child_ts(const struct ike_ts_list *conf,
		     const struct ike_addr *host, struct ike_ts_list *list)
{
	*list = *conf;
	if (list->n)
		return;
	list->n = 1;
	ike_ts_host(&list->ts[0], host->ip, host->len);
}

/* what we would have: of the configuration, with our SPI */
static void child_offer(struct ike_child *child, bool with_ke)
{
	const struct ike_child_conf *conf = child->conf;
	const struct ike_path *path = &child->sa->path;
	uint8_t spi[IKE_ESP_SPI_LEN];

	ike_put32(spi, child->spi_in);
	child->transport = conf->transport;
	child->offer = conf->esp;
	if (!with_ke)
		ike_proposals_strip(&child->offer, IKE_TF_KE);
	ike_proposals_set_spi(&child->offer, spi, sizeof(spi));
	child_ts(&conf->local_ts, &path->local, &child->local_ts);
	child_ts(&conf->remote_ts, &path->remote, &child->remote_ts);
	child->tsi = child->local_ts;
	child->tsr = child->remote_ts;
}

struct ike_child *ike_child_new(struct ike_sa *sa,
				const struct ike_child_conf *conf, bool with_ke)
{
	struct ike_engine *e = sa->e;
	struct ike_child *child = calloc(1, sizeof(*child));

	if (!child)
		return NULL;
	child->sa = sa;
	child->conf = conf;
	child->spi_in =
		e->env.spi_alloc(e->env.ctx, sa->goal->conn->name, conf->name);
	if (!child->spi_in) {
		free(child);
		return NULL;
	}
	if (!++e->next_id)
		e->next_id = 1;
	child->id = e->next_id;
	child_offer(child, with_ke);
	LIST_INSERT_HEAD(&sa->children, child, entry);
	return child;
}

void ike_child_remove(struct ike_child *child)
{
	struct ike_sa *sa = child->sa;

	if (sa->task.child == child)
		sa->task.child = NULL;
	LIST_REMOVE(child, entry);
	if (!child->installed) {
		sa->e->env.spi_free(sa->e->env.ctx, sa->goal->conn->name,
				    child->conf->name, child->spi_in);
	} else {
		sa->e->env.remove(sa->e->env.ctx, child->id);
		ike_eventf(sa->e, IKE_EV_CHILD_DOWN, sa->goal, child,
			   "Child SA 0x%08x/0x%08x removed", child->spi_in,
			   child->spi_out);
	}
	ike_kex_wipe(&child->kex);
	ike_wipe(child, sizeof(*child));
	free(child);
}

struct ike_child *ike_child_by_spi_out(struct ike_sa *sa, uint32_t spi)
{
	struct ike_child *child;

	LIST_FOREACH(child, &sa->children, entry)
		if (child->spi_out == spi && child->installed)
			return child;
	return NULL;
}

struct ike_child *ike_child_by_conf(struct ike_sa *sa,
				    const struct ike_child_conf *conf)
{
	struct ike_child *child;

	LIST_FOREACH(child, &sa->children, entry)
		if (child->conf == conf)
			return child;
	return NULL;
}

void ike_child_write(const struct ike_child *child, struct ike_builder *b,
		     bool with_ke, bool initiator)
{
	if (child->transport)
		ike_pl_tell(b, IKE_N_USE_TRANSPORT_MODE, IKE_NOTHING);
	ike_pl_sa(b, &child->offer);
	if (with_ke) {
		ike_kex_write_nonce(&child->kex, b, initiator);
		ike_kex_write_ke(&child->kex, b);
	}
	ike_pl_ts(b, IKE_PL_TSI, &child->tsi);
	ike_pl_ts(b, IKE_PL_TSR, &child->tsr);
}

/* What the peer sends may only be a part of what we asked for (2.9). */
static int child_accept_ts(struct ike_child *child, const struct ike_msg *msg,
			   struct ike_diag *diag)
{
	struct ike_ts_list local, remote;
	int err;

	err = ike_msg_ts(msg, IKE_PL_TSI, &local, diag);
	if (!err)
		err = ike_msg_ts(msg, IKE_PL_TSR, &remote, diag);
	if (err)
		return err;
	if (!local.n || !remote.n ||
	    !ike_ts_list_covers(&child->local_ts, &local) ||
	    !ike_ts_list_covers(&child->remote_ts, &remote))
		return ike_diag_set(
			diag, IKE_N_TS_UNACCEPTABLE, -EPROTO,
			"the peer answered with traffic selectors that we did not offer");
	child->local_ts = local;
	child->remote_ts = remote;
	return 0;
}

static int child_accept_mode(const struct ike_child *child,
			     const struct ike_msg *msg, struct ike_diag *diag)
{
	bool transport = ike_msg_notify(msg, IKE_N_USE_TRANSPORT_MODE);

	if (transport == child->transport)
		return 0;
	return ike_diag_set(
		diag, IKE_N_NO_PROPOSAL_CHOSEN, -EPROTO, "%s",
		transport ?
			"the peer wants transport mode, which we did not offer" :
			"the peer insists on tunnel mode\nset mode = tunnel for this child, or allow transport mode at the peer");
}

int ike_child_accept(struct ike_child *child, const struct ike_msg *msg,
		     struct ike_diag *diag)
{
	const struct ike_payload *n = ike_msg_error(msg);
	struct ike_proposals answer;
	struct ike_proposal chosen;
	int err;

	if (n)
		return ike_diag_set(diag, 0, -EACCES,
				    "the peer refused child \"%s\": %s (%u)",
				    child->conf->name,
				    ike_notify_name(n->notify), n->notify);
	err = ike_msg_sa(msg, &answer, diag);
	if (!err)
		err = ike_proposals_accept(&child->offer, &answer, &chosen,
					   &child->suite, diag);
	if (!err)
		err = child_accept_mode(child, msg, diag);
	if (!err)
		err = child_accept_ts(child, msg, diag);
	if (!err)
		child->spi_out = ike_get32(chosen.spi);
	return err;
}

/* ---- the responder ---- */

/*
 * What the peer asks for. The addresses are as it knows them: behind a NAT it
 * knows one of us by another one, and in transport mode asks for that
 * (2.23.1).
 */
struct child_ask {
	struct ike_proposals offer;
	struct ike_ts_list local; /* TSr */
	struct ike_ts_list remote; /* TSi */
	uint8_t local_was[16];
	uint8_t remote_was[16];
	bool transport;
	uint16_t ke; /* method of its KE payload, 0: none */
};

static void ask_natted(struct ike_ts_list *ts, const struct ike_addr *addr,
		       bool natted, uint8_t was[16])
{
	memcpy(was, addr->ip, 16);
	if (!natted || ts->n != 1)
		return;
	memcpy(was, ts->ts[0].lo, 16);
	ike_ts_list_substitute(ts, was, addr->ip, addr->len);
}

static int child_read_ask(const struct ike_sa *sa, const struct ike_msg *msg,
			  struct child_ask *ask, struct ike_diag *diag)
{
	const struct ike_payload *ke = ike_msg_find(msg, IKE_PL_KE);
	int err;

	err = ike_msg_sa(msg, &ask->offer, diag);
	if (!err)
		err = ike_msg_ts(msg, IKE_PL_TSR, &ask->local, diag);
	if (!err)
		err = ike_msg_ts(msg, IKE_PL_TSI, &ask->remote, diag);
	if (err)
		return err;
	ask->ke = ke ? ke->group : IKE_KE_NONE;
	ask->transport = ike_msg_notify(msg, IKE_N_USE_TRANSPORT_MODE);
	ask_natted(&ask->local, &sa->path.local,
		   ask->transport && sa->nat_local, ask->local_was);
	ask_natted(&ask->remote, &sa->path.remote,
		   ask->transport && sa->nat_remote, ask->remote_was);
	return 0;
}

static int child_fit(const struct ike_sa *sa, const struct ike_child_conf *conf,
		     const struct child_ask *ask, struct ike_ts_list *local,
		     struct ike_ts_list *remote, struct ike_diag *diag)
{
	struct ike_ts_list mine;
	int err;

	child_ts(&conf->local_ts, &sa->path.local, &mine);
	err = ike_ts_list_narrow(&mine, &ask->local, local, diag);
	if (err)
		return err;
	child_ts(&conf->remote_ts, &sa->path.remote, &mine);
	err = ike_ts_list_narrow(&mine, &ask->remote, remote, diag);
	if (err)
		return err;
	/* The peer may ask for transport mode and get a tunnel (1.3.1). */
	if (conf->transport && !ask->transport)
		return ike_diag_set(
			diag, IKE_N_NO_PROPOSAL_CHOSEN, -ENOENT,
			"the peer asks for tunnel mode, child \"%s\" is in transport mode",
			conf->name);
	return 0;
}

/* our choice; the answer has the addresses that the peer asked with */
static void child_choose(struct ike_child *child, const struct child_ask *ask,
			 const struct ike_proposal *chosen)
{
	const struct ike_path *path = &child->sa->path;

	child->spi_out = ike_get32(chosen->spi);
	child->offer.n = 1;
	child->offer.p[0] = *chosen;
	ike_put32(child->offer.p[0].spi, child->spi_in);
	child->tsi = child->remote_ts;
	child->tsr = child->local_ts;
	if (!child->transport)
		return;
	ike_ts_list_substitute(&child->tsr, path->local.ip, ask->local_was,
			       path->local.len);
	ike_ts_list_substitute(&child->tsi, path->remote.ip, ask->remote_was,
			       path->remote.len);
}

static struct ike_child *child_make(struct ike_sa *sa,
				    const struct ike_child_conf *conf,
				    const struct child_ask *ask, bool with_ke,
				    struct ike_diag *diag)
{
	struct ike_proposals mine = conf->esp;
	struct ike_ts_list local, remote;
	struct ike_proposal chosen;
	struct ike_suite suite;
	struct ike_child *child;

	if (!with_ke)
		ike_proposals_strip(&mine, IKE_TF_KE);
	if (child_fit(sa, conf, ask, &local, &remote, diag) ||
	    ike_proposals_select(&mine, &ask->offer, ask->ke, &chosen, &suite,
				 diag))
		return NULL;
	child = ike_child_new(sa, conf, with_ke);
	if (!child) {
		ike_diag_set(diag, IKE_N_NO_ADDITIONAL_SAS, 0,
			     "the kernel gave no SPI for child \"%s\"",
			     conf->name);
		return NULL;
	}
	child->suite = suite;
	child->local_ts = local;
	child->remote_ts = remote;
	child_choose(child, ask, &chosen);
	return child;
}

struct ike_child *ike_child_select(struct ike_sa *sa, const struct ike_msg *msg,
				   const struct ike_child_conf *only,
				   bool with_ke, struct ike_diag *diag)
{
	const struct ike_conn *conn = sa->goal->conn;
	struct ike_child *child = NULL;
	struct child_ask ask;
	unsigned int i;

	if (child_read_ask(sa, msg, &ask, diag))
		return NULL;
	ike_diag_set(diag, IKE_N_TS_UNACCEPTABLE, 0,
		     "connection \"%s\" has no child", conn->name);
	for (i = 0; i < conn->n_children && !child; i++)
		if (!only || only == &conn->children[i])
			child = child_make(sa, &conn->children[i], &ask,
					   with_ke, diag);
	return child;
}

/* ---- into the kernel ---- */

static int child_call_install(struct ike_child *child,
			      const struct ike_child_keys *keys, bool initiator,
			      bool activate, struct ike_diag *diag)
{
	struct ike_sa *sa = child->sa;
	char peer[IKE_ID_TEXT_MAX];
	const struct ike_child_spec spec = {
		.id = child->id,
		.conn = sa->goal->conn->name,
		.child = child->conf->name,
		.peer = peer,
		.path = sa->path,
		.encap = ike_sa_encap(sa),
		.transport = child->transport,
		.activate = activate,
		.esn = child->suite.esn,
		.encr = child->suite.encr,
		.integ = child->suite.integ,
		.local_ts = &child->local_ts,
		.remote_ts = &child->remote_ts,
		.spi_in = child->spi_in,
		.spi_out = child->spi_out,
		.key_in = ike_key_span(initiator ? &keys->er : &keys->ei),
		.key_out = ike_key_span(initiator ? &keys->ei : &keys->er),
		.integ_in = ike_key_span(initiator ? &keys->ar : &keys->ai),
		.integ_out = ike_key_span(initiator ? &keys->ai : &keys->ar),
	};

	ike_id_print(&sa->remote_id, peer, sizeof(peer));
	return sa->e->env.install(sa->e->env.ctx, &spec, diag);
}

static void child_up_event(struct ike_child *child)
{
	char local[IKE_TS_TEXT_MAX], remote[IKE_TS_TEXT_MAX], suite[128];

	ike_ts_list_print(&child->local_ts, local, sizeof(local));
	ike_ts_list_print(&child->remote_ts, remote, sizeof(remote));
	ike_suite_print(&child->suite, suite, sizeof(suite));
	ike_eventf(child->sa->e, IKE_EV_CHILD_UP, child->sa->goal, child,
		   "Child SA 0x%08x/0x%08x %s: %s === %s, %s%s", child->spi_in,
		   child->spi_out, child->transport ? "transport" : "tunnel",
		   local, remote, suite,
		   ike_sa_encap(child->sa) ? ", in UDP" : "");
}

int ike_child_install(struct ike_child *child, const struct ike_kex *kex,
		      bool initiator, bool activate, struct ike_diag *diag)
{
	struct ike_sa *sa = child->sa;
	const struct ike_keymat km = {
		.ni = ike_kex_nonce(kex, true),
		.nr = ike_kex_nonce(kex, false),
		.shared = ike_secret_span(&kex->secret),
	};
	struct ike_child_keys keys;
	int err;

	err = ike_child_keys_derive(&child->suite, sa->suite.prf, &sa->keys.d,
				    &km, &keys);
	if (err)
		ike_diag_set(diag, 0, err, "the keys could not be derived");
	else
		err = child_call_install(child, &keys, initiator, activate,
					 diag);
	ike_wipe(&keys, sizeof(keys));
	if (err) {
		diag->notify = IKE_N_NO_ADDITIONAL_SAS;
		return err;
	}
	child->state = IKE_CHILD_UP;
	child->installed = true;
	child->active = activate;
	child->since = sa->e->now;
	ike_kex_wipe(&child->kex);
	child_up_event(child);
	return 0;
}

void ike_child_activate(struct ike_child *child)
{
	if (child->active || child->state != IKE_CHILD_UP)
		return;
	child->active = true;
	child->sa->e->env.activate(child->sa->e->env.ctx, child->id);
}
