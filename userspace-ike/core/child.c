// SPDX-License-Identifier: MIT
/* Child SAs: their negotiation (RFC 7296 sections 1.3, 2.9) and their life. */
#include <errno.h>
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

struct ike_child *ike_child_new(struct ike_sa *sa,
				const struct ike_child_conf *conf)
{
	struct ike_engine *e = sa->e;
	struct ike_child *child = calloc(1, sizeof(*child));

	if (!child)
		return NULL;
	child->sa = sa;
	child->conf = conf;
	child->transport = conf->transport;
	child->spi_in =
		e->env.spi_alloc(e->env.ctx, sa->goal->conn->name, conf->name);
	if (!child->spi_in) {
		free(child);
		return NULL;
	}
	if (!++e->next_id)
		e->next_id = 1;
	child->id = e->next_id;
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
	ike_ke_free(child->ke);
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

static void child_write_ts(struct ike_builder *b, uint8_t type,
			   const struct ike_ts_list *list)
{
	struct ike_writer *w = ike_pl_begin(b, type);

	ike_ts_list_write(w, list);
	ike_pl_end(b);
}

static void child_write_sa(struct ike_builder *b,
			   const struct ike_proposals *list)
{
	struct ike_writer *w = ike_pl_begin(b, IKE_PL_SA);

	ike_proposals_write(w, list);
	ike_pl_end(b);
}

static void child_write_mode(struct ike_builder *b,
			     const struct ike_child *child)
{
	if (child->transport)
		ike_pl_notify(b, IKE_PROTO_NONE, ike_span(NULL, 0),
			      IKE_N_USE_TRANSPORT_MODE, ike_span(NULL, 0));
}

void ike_child_offer(struct ike_child *child, struct ike_builder *b,
		     bool with_ke)
{
	const struct ike_child_conf *conf = child->conf;
	const struct ike_path *path = &child->sa->path;
	uint8_t spi[IKE_ESP_SPI_LEN];

	ike_put32(spi, child->spi_in);
	child->offer = conf->esp;
	if (!with_ke)
		ike_proposals_strip(&child->offer, IKE_TF_KE);
	ike_proposals_set_spi(&child->offer, spi, sizeof(spi));
	child_ts(&conf->local_ts, &path->local, &child->local_ts);
	child_ts(&conf->remote_ts, &path->remote, &child->remote_ts);
	child_write_mode(b, child);
	child_write_sa(b, &child->offer);
}

/* TSi and TSr come behind the key exchange in CREATE_CHILD_SA. */
void ike_child_offer_ts(const struct ike_child *child, struct ike_builder *b)
{
	child_write_ts(b, IKE_PL_TSI, &child->local_ts);
	child_write_ts(b, IKE_PL_TSR, &child->remote_ts);
}

static int child_read_ts(const struct ike_msg *msg, uint8_t type,
			 struct ike_ts_list *list, struct ike_diag *diag)
{
	const struct ike_payload *pl = ike_msg_find(msg, type);

	if (!pl)
		return ike_diag_set(diag, IKE_N_INVALID_SYNTAX, -EPROTO,
				    "the peer sent no %s",
				    ike_payload_name(type));
	return ike_ts_list_read(pl->body, list, diag);
}

static int child_read_sa(const struct ike_msg *msg, struct ike_proposals *list,
			 struct ike_diag *diag)
{
	const struct ike_payload *pl = ike_msg_find(msg, IKE_PL_SA);

	if (!pl)
		return ike_diag_set(diag, IKE_N_INVALID_SYNTAX, -EPROTO,
				    "the peer sent no SA payload");
	return ike_proposals_read(pl->body, list, diag);
}

/* What the peer sends may only be a part of what we asked for (2.9). */
static int child_accept_ts(struct ike_child *child, const struct ike_msg *msg,
			   struct ike_diag *diag)
{
	struct ike_ts_list local, remote;
	int err;

	err = child_read_ts(msg, IKE_PL_TSI, &local, diag);
	if (!err)
		err = child_read_ts(msg, IKE_PL_TSR, &remote, diag);
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
	struct ike_pl_notify n;
	bool transport = ike_msg_notify(msg, IKE_N_USE_TRANSPORT_MODE, &n);

	if (transport == child->transport)
		return 0;
	ike_diag_set(
		diag, IKE_N_NO_PROPOSAL_CHOSEN, -EPROTO,
		transport ?
			"the peer wants transport mode, which we did not offer" :
			"the peer insists on tunnel mode");
	if (!transport)
		ike_diag_hint(
			diag,
			"set mode = tunnel for this child, or allow transport mode at the peer");
	return -EPROTO;
}

int ike_child_accept(struct ike_child *child, const struct ike_msg *msg,
		     struct ike_diag *diag)
{
	struct ike_proposals answer;
	struct ike_proposal chosen;
	int err;

	err = child_read_sa(msg, &answer, diag);
	if (!err)
		err = ike_proposals_accept(&child->offer, &answer, &chosen,
					   &child->suite, diag);
	if (!err)
		err = child_accept_mode(child, msg, diag);
	if (!err)
		err = child_accept_ts(child, msg, diag);
	if (err)
		return err;
	child->spi_out = ike_get32(chosen.spi);
	return 0;
}

/* ---- the responder ---- */

/**
 * struct child_ask - what the peer asks for
 * @offer: its proposals
 * @local: its TSr, our side
 * @remote: its TSi
 * @local_was: our address as the peer knows it
 * @remote_was: its own as it knows it
 * @transport: in transport mode
 * @ke: method of its KE payload, 0: none
 */
struct child_ask {
	struct ike_proposals offer;
	struct ike_ts_list local;
	struct ike_ts_list remote;
	uint8_t local_was[16];
	uint8_t remote_was[16];
	bool transport;
	uint16_t ke;
};

static int child_read_ask(const struct ike_msg *msg, struct child_ask *ask,
			  struct ike_diag *diag)
{
	const struct ike_payload *pl = ike_msg_find(msg, IKE_PL_KE);
	struct ike_pl_notify n;
	struct ike_pl_ke ke;
	int err;

	memset(ask, 0, sizeof(*ask));
	err = child_read_sa(msg, &ask->offer, diag);
	if (!err)
		err = child_read_ts(msg, IKE_PL_TSR, &ask->local, diag);
	if (!err)
		err = child_read_ts(msg, IKE_PL_TSI, &ask->remote, diag);
	if (err)
		return err;
	if (pl && !ike_pl_ke_parse(pl, &ke, NULL))
		ask->ke = ke.group;
	ask->transport = ike_msg_notify(msg, IKE_N_USE_TRANSPORT_MODE, &n);
	return 0;
}

/*
 * Behind a NAT the peer knows one of us by another address, and in transport
 * mode asks for that one (2.23.1).
 */
static void child_natted(const struct ike_sa *sa, struct child_ask *ask)
{
	const struct ike_path *path = &sa->path;

	memcpy(ask->local_was, path->local.ip, sizeof(ask->local_was));
	memcpy(ask->remote_was, path->remote.ip, sizeof(ask->remote_was));
	if (!ask->transport)
		return;
	if (sa->nat_local && ask->local.n == 1) {
		memcpy(ask->local_was, ask->local.ts[0].lo,
		       sizeof(ask->local_was));
		ike_ts_list_substitute(&ask->local, ask->local_was,
				       path->local.ip, path->local.len);
	}
	if (sa->nat_remote && ask->remote.n == 1) {
		memcpy(ask->remote_was, ask->remote.ts[0].lo,
		       sizeof(ask->remote_was));
		ike_ts_list_substitute(&ask->remote, ask->remote_was,
				       path->remote.ip, path->remote.len);
	}
}

/* The answer has the addresses that the peer asked with. */
static void child_tell(struct ike_child *child, const struct child_ask *ask)
{
	const struct ike_path *path = &child->sa->path;

	child->told_local = child->local_ts;
	child->told_remote = child->remote_ts;
	if (!child->transport)
		return;
	ike_ts_list_substitute(&child->told_local, path->local.ip,
			       ask->local_was, path->local.len);
	ike_ts_list_substitute(&child->told_remote, path->remote.ip,
			       ask->remote_was, path->remote.len);
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

static struct ike_child *child_make(struct ike_sa *sa,
				    const struct ike_child_conf *conf,
				    const struct child_ask *ask, bool with_ke,
				    struct ike_proposal *chosen,
				    struct ike_diag *diag)
{
	struct ike_proposals mine = conf->esp;
	struct ike_suite suite;
	struct ike_child *child;

	if (!with_ke)
		ike_proposals_strip(&mine, IKE_TF_KE);
	if (ike_proposals_select(&mine, &ask->offer, ask->ke, chosen, &suite,
				 diag))
		return NULL;
	child = ike_child_new(sa, conf);
	if (!child) {
		ike_diag_set(diag, IKE_N_NO_ADDITIONAL_SAS, 0,
			     "the kernel gave no SPI for child \"%s\"",
			     conf->name);
		return NULL;
	}
	child->suite = suite;
	child->spi_out = ike_get32(chosen->spi);
	ike_put32(chosen->spi, child->spi_in);
	return child;
}

struct ike_child *ike_child_select(struct ike_sa *sa, const struct ike_msg *msg,
				   const struct ike_child_conf *only,
				   bool with_ke, struct ike_proposal *chosen,
				   struct ike_diag *diag)
{
	const struct ike_conn *conn = sa->goal->conn;
	struct ike_ts_list local, remote;
	struct ike_child *child;
	struct child_ask ask;
	unsigned int i;

	if (child_read_ask(msg, &ask, diag))
		return NULL;
	child_natted(sa, &ask);
	ike_diag_set(diag, IKE_N_TS_UNACCEPTABLE, 0,
		     "connection \"%s\" has no child", conn->name);
	for (i = 0; i < conn->n_children; i++) {
		if (only && only != &conn->children[i])
			continue;
		if (child_fit(sa, &conn->children[i], &ask, &local, &remote,
			      diag))
			continue;
		child = child_make(sa, &conn->children[i], &ask, with_ke,
				   chosen, diag);
		if (!child)
			continue;
		child->local_ts = local;
		child->remote_ts = remote;
		child_tell(child, &ask);
		return child;
	}
	return NULL;
}

void ike_child_answer(struct ike_child *child, struct ike_builder *b,
		      const struct ike_proposal *chosen)
{
	struct ike_proposals list = { .n = 1 };

	list.p[0] = *chosen;
	child_write_mode(b, child);
	child_write_sa(b, &list);
}

void ike_child_answer_ts(const struct ike_child *child, struct ike_builder *b)
{
	child_write_ts(b, IKE_PL_TSI, &child->told_remote);
	child_write_ts(b, IKE_PL_TSR, &child->told_local);
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

int ike_child_install(struct ike_child *child, uint64_t now,
		      const struct ike_keymat *km, bool initiator,
		      bool activate, struct ike_diag *diag)
{
	struct ike_sa *sa = child->sa;
	struct ike_child_keys keys;
	int err;

	err = ike_child_keys_derive(&child->suite, sa->suite.prf, &sa->keys.d,
				    km, &keys);
	if (err)
		ike_diag_set(diag, IKE_N_NO_PROPOSAL_CHOSEN, err,
			     "the keys could not be derived");
	else
		err = child_call_install(child, &keys, initiator, activate,
					 diag);
	ike_wipe(&keys, sizeof(keys));
	if (err)
		return err;
	child->state = IKE_CHILD_UP;
	child->installed = true;
	child->active = activate;
	child->since = now;
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
