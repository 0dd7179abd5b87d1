// SPDX-License-Identifier: MIT
/* The engine's doors: every call from outside comes in here. */
#include <errno.h>
#include <stdlib.h>

#include "sa.h"

struct ike_engine *ike_engine_new(const struct ike_env *env)
{
	struct ike_engine *e = calloc(1, sizeof(*e));

	if (!e)
		return NULL;
	e->env = *env;
	STAILQ_INIT(&e->goals);
	LIST_INIT(&e->sas);
	return e;
}

void ike_engine_free(struct ike_engine *e)
{
	struct ike_goal *goal;

	if (!e)
		return;
	while (!LIST_EMPTY(&e->sas))
		ike_sa_free(LIST_FIRST(&e->sas));
	while ((goal = STAILQ_FIRST(&e->goals))) {
		STAILQ_REMOVE_HEAD(&e->goals, entry);
		ike_goal_free(goal);
	}
	ike_wipe(&e->cookies, sizeof(e->cookies));
	free(e);
}

/* One request at a time: children are deleted one after the other. */
static void engine_drop_child(struct ike_sa *sa)
{
	struct ike_child *child;

	if (sa->state != IKE_SA_UP || ike_sa_busy(sa))
		return;
	LIST_FOREACH(child, &sa->children, entry)
		if (child->drop && child->state != IKE_CHILD_CLOSING) {
			ike_delete_child_start(child);
			return;
		}
}

/* Before each return to the outside: bury the dead, begin what is missing. */
static void engine_settle(struct ike_engine *e)
{
	struct ike_sa *sa, *next;
	struct ike_goal *goal;

	LIST_FOREACH(sa, &e->sas, entry)
		engine_drop_child(sa);
	STAILQ_FOREACH(goal, &e->goals, entry)
		ike_goal_pursue(e, goal);
	for (sa = LIST_FIRST(&e->sas); sa; sa = next) {
		next = LIST_NEXT(sa, entry);
		if (sa->state == IKE_SA_DEAD)
			ike_sa_free(sa);
	}
}

/* ---- configuration ---- */

/*
 * The goal is about to go, so nothing may stay that points to it. The peer is
 * told once; if that gets lost, it finds out by itself.
 */
static void engine_close_goal(struct ike_engine *e, struct ike_goal *goal)
{
	struct ike_sa *sa, *next;

	for (sa = LIST_FIRST(&e->sas); sa; sa = next) {
		next = LIST_NEXT(sa, entry);
		if (sa->goal != goal)
			continue;
		if (sa->state == IKE_SA_UP)
			ike_delete_start(sa);
		ike_sa_free(sa);
	}
	STAILQ_REMOVE(&e->goals, goal, ike_goal, entry);
	ike_goal_free(goal);
}

static bool engine_still_wanted(const struct ike_goal *goal,
				struct ike_conn *const *conns, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		if (conns[i] && ike_conn_equal(goal->conn, conns[i]))
			return true;
	return false;
}

void ike_engine_load(struct ike_engine *e, uint64_t now,
		     struct ike_conn *const *conns, unsigned int n)
{
	struct ike_goal *goal, *next;
	unsigned int i;

	e->now = now;
	for (goal = STAILQ_FIRST(&e->goals); goal; goal = next) {
		next = STAILQ_NEXT(goal, entry);
		if (!engine_still_wanted(goal, conns, n))
			engine_close_goal(e, goal);
	}
	for (i = 0; i < n; i++)
		if (conns[i] && (ike_goal_find(e, conns[i]->name) ||
				 !ike_goal_new(e, conns[i])))
			ike_conn_free(conns[i]);
	engine_settle(e);
}

/* ---- datagrams ---- */

/* Our own SPI finds it, and the peer's must be right, once it is known. */
static struct ike_sa *engine_find(struct ike_engine *e,
				  const struct ike_hdr *hdr)
{
	struct ike_sa *sa;

	LIST_FOREACH(sa, &e->sas, entry) {
		if (sa->state == IKE_SA_DEAD || sa->spi_i != hdr->spi_i ||
		    sa->initiator == ike_hdr_is_initiator(hdr))
			continue;
		if (sa->spi_r == hdr->spi_r || sa->state == IKE_SA_INIT_SENT)
			return sa;
	}
	return NULL;
}

static void engine_input(struct ike_engine *e, const struct ike_path *path,
			 struct ike_span raw, const struct ike_hdr *hdr)
{
	struct ike_sa *sa;

	if (hdr->exchange == IKE_EX_SA_INIT && !ike_hdr_is_response(hdr)) {
		if (!hdr->spi_r && ike_hdr_is_initiator(hdr))
			ike_init_request(e, path, raw);
		return;
	}
	sa = engine_find(e, hdr);
	if (!sa)
		return;
	if (hdr->exchange != IKE_EX_SA_INIT)
		ike_sa_input(sa, path, raw);
	else if (ike_addr_same_host(&sa->path.remote, &path->remote))
		ike_init_response(sa, path, raw);
}

void ike_engine_datagram(struct ike_engine *e, uint64_t now,
			 const struct ike_path *path, struct ike_span msg)
{
	struct ike_hdr hdr;

	e->now = now;
	if (!ike_hdr_parse(msg, &hdr, NULL))
		engine_input(e, path, msg, &hdr);
	engine_settle(e);
}

/* ---- time ---- */

void ike_engine_timer(struct ike_engine *e, uint64_t now)
{
	struct ike_sa *sa;

	e->now = now;
	LIST_FOREACH(sa, &e->sas, entry)
		ike_sa_timer(sa);
	engine_settle(e);
}

uint64_t ike_engine_next(const struct ike_engine *e)
{
	const struct ike_goal *goal;
	uint64_t next = IKE_NEVER, t;
	const struct ike_sa *sa;

	LIST_FOREACH(sa, &e->sas, entry) {
		t = ike_sa_next(sa);
		next = t < next ? t : next;
	}
	STAILQ_FOREACH(goal, &e->goals, entry) {
		t = ike_goal_next(e, goal);
		next = t < next ? t : next;
	}
	return next;
}

/* ---- the operator ---- */

/* The bits of the named child, or of all; 0: there is none. */
static uint32_t engine_child_mask(const struct ike_goal *goal,
				  const char *child)
{
	uint32_t mask = 0;
	unsigned int i;

	for (i = 0; i < goal->conn->n_children; i++)
		if (!child || !strcmp(goal->conn->children[i].name, child))
			mask |= UINT32_C(1) << i;
	return mask;
}

int ike_engine_up(struct ike_engine *e, uint64_t now, const char *conn,
		  const char *child)
{
	struct ike_goal *goal = ike_goal_find(e, conn);
	uint32_t mask = goal ? engine_child_mask(goal, child) : 0;

	if (!mask)
		return -ENOENT;
	e->now = now;
	goal->wanted |= mask;
	goal->retry = 0;
	goal->failures = 0;
	engine_settle(e);
	return 0;
}

static void engine_close(struct ike_sa *sa)
{
	if (sa->state < IKE_SA_UP)
		ike_sa_remove(sa);
	else if (sa->state == IKE_SA_UP)
		ike_delete_start(sa);
}

static void engine_down_children(struct ike_sa *sa, const char *name)
{
	struct ike_child *child;

	LIST_FOREACH(child, &sa->children, entry)
		if (!strcmp(child->conf->name, name))
			child->drop = true;
}

int ike_engine_down(struct ike_engine *e, uint64_t now, const char *conn,
		    const char *child)
{
	struct ike_goal *goal = ike_goal_find(e, conn);
	uint32_t mask = goal ? engine_child_mask(goal, child) : 0;
	struct ike_sa *sa;

	if (!goal || (child && !mask))
		return -ENOENT;
	e->now = now;
	goal->wanted &= ~mask;
	LIST_FOREACH(sa, &e->sas, entry) {
		if (sa->goal != goal || sa->state == IKE_SA_DEAD)
			continue;
		if (!child || sa->state < IKE_SA_UP)
			engine_close(sa);
		else if (sa->state == IKE_SA_UP)
			engine_down_children(sa, child);
	}
	engine_settle(e);
	return 0;
}

void ike_engine_shutdown(struct ike_engine *e, uint64_t now)
{
	struct ike_sa *sa;

	e->now = now;
	e->closing = true;
	LIST_FOREACH(sa, &e->sas, entry)
		engine_close(sa);
	engine_settle(e);
}

bool ike_engine_idle(const struct ike_engine *e)
{
	return LIST_EMPTY(&e->sas);
}

void ike_engine_child_expired(struct ike_engine *e, uint64_t now, uint32_t id)
{
	struct ike_child *child;
	struct ike_sa *sa;

	e->now = now;
	LIST_FOREACH(sa, &e->sas, entry)
		LIST_FOREACH(child, &sa->children, entry) {
			if (child->id != id || child->state != IKE_CHILD_UP)
				continue;
			child->drop = true;
			engine_settle(e);
			return;
		}
}
