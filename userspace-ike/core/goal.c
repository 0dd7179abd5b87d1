// SPDX-License-Identifier: MIT
/* Connections: what is wanted, what is missing, and when to try again. */
#include <stdio.h>
#include <stdlib.h>

#include "sa.h"

static uint32_t goal_start_mask(const struct ike_conn *conn)
{
	uint32_t mask = 0;
	unsigned int i;

	for (i = 0; i < conn->n_children; i++)
		if (conn->children[i].start)
			mask |= UINT32_C(1) << i;
	return mask;
}

struct ike_goal *ike_goal_new(struct ike_engine *e, struct ike_conn *conn)
{
	struct ike_goal *goal = calloc(1, sizeof(*goal));

	if (!goal)
		return NULL;
	goal->conn = conn;
	goal->wanted = goal_start_mask(conn);
	STAILQ_INSERT_TAIL(&e->goals, goal, entry);
	return goal;
}

void ike_goal_free(struct ike_goal *goal)
{
	ike_conn_free(goal->conn);
	free(goal);
}

struct ike_goal *ike_goal_find(struct ike_engine *e, const char *name)
{
	struct ike_goal *goal;

	STAILQ_FOREACH(goal, &e->goals, entry)
		if (!strcmp(goal->conn->name, name))
			return goal;
	return NULL;
}

static bool goal_addr_fits(const struct ike_addr *want,
			   const struct ike_addr *is)
{
	return !want->len || ike_addr_same_host(want, is);
}

struct ike_goal *ike_goal_match(struct ike_engine *e,
				const struct ike_path *path,
				struct ike_goal *after)
{
	struct ike_goal *goal = after ? STAILQ_NEXT(after, entry) :
					STAILQ_FIRST(&e->goals);

	for (; goal; goal = STAILQ_NEXT(goal, entry))
		if (goal_addr_fits(&goal->conn->local, &path->local) &&
		    goal_addr_fits(&goal->conn->remote, &path->remote))
			return goal;
	return NULL;
}

bool ike_goal_wants(const struct ike_goal *goal,
		    const struct ike_child_conf *conf)
{
	return goal->wanted & UINT32_C(1) << (conf - goal->conn->children);
}

/* Its IKE SA that lives, or is being born. */
static struct ike_sa *goal_sa(const struct ike_engine *e,
			      const struct ike_goal *goal)
{
	struct ike_sa *sa;

	LIST_FOREACH(sa, &e->sas, entry)
		if (sa->goal == goal && sa->state <= IKE_SA_UP &&
		    sa->state != IKE_SA_HALF_OPEN)
			return sa;
	return NULL;
}

const struct ike_child_conf *ike_goal_missing(const struct ike_goal *goal,
					      struct ike_sa *sa)
{
	const struct ike_conn *conn = goal->conn;
	unsigned int i;

	for (i = 0; i < conn->n_children; i++)
		if (ike_goal_wants(goal, &conn->children[i]) &&
		    !ike_child_by_conf(sa, &conn->children[i]))
			return &conn->children[i];
	return NULL;
}

static void goal_initiate(struct ike_engine *e, struct ike_goal *goal)
{
	struct ike_path path = {
		.local = goal->conn->local,
		.remote = goal->conn->remote,
	};
	struct ike_diag diag;
	struct ike_sa *sa;

	path.remote.port = IKE_PORT;
	path.local.port = IKE_PORT;
	sa = ike_sa_new(e, goal, &path, true);
	if (sa && !ike_init_start(sa))
		return;
	ike_diag_set(&diag, 0, 0, "cannot begin: out of memory");
	if (sa)
		ike_sa_fail(sa, &diag);
	else
		ike_goal_failed(e, goal, IKE_EV_FAILED, NULL, &diag);
}

void ike_goal_pursue(struct ike_engine *e, struct ike_goal *goal)
{
	const struct ike_child_conf *missing;
	struct ike_diag diag;
	struct ike_sa *sa;

	if (ike_goal_next(e, goal) > e->now)
		return;
	sa = goal_sa(e, goal);
	if (!sa) {
		goal_initiate(e, goal);
		return;
	}
	missing = ike_goal_missing(goal, sa);
	if (ike_create_start(sa, missing)) {
		ike_diag_set(&diag, 0, 0, "cannot begin child %s",
			     missing->name);
		ike_goal_failed(e, goal, IKE_EV_FAILED, NULL, &diag);
	}
}

uint64_t ike_goal_next(const struct ike_engine *e, const struct ike_goal *goal)
{
	struct ike_sa *sa;

	if (!goal->wanted || !goal->conn->remote.len || e->closing)
		return IKE_NEVER;
	sa = goal_sa(e, goal);
	if (!sa || (sa->state == IKE_SA_UP && !ike_sa_busy(sa) &&
		    ike_goal_missing(goal, sa)))
		return goal->retry;
	return IKE_NEVER;
}

/* Capped exponential back-off; jitter keeps peers from moving in step. */
static uint64_t goal_wait(struct ike_engine *e, const struct ike_goal *goal)
{
	uint64_t wait = IKE_RETRY_FIRST;
	uint16_t jitter = 0;
	unsigned int i;

	for (i = 0; i < goal->failures && wait < IKE_RETRY_MAX; i++)
		wait *= 2;
	if (wait > IKE_RETRY_MAX)
		wait = IKE_RETRY_MAX;
	ike_rng_fill(&e->env.rng, &jitter, sizeof(jitter));
	return wait + jitter % (wait / 4 + 1);
}

void ike_goal_failed(struct ike_engine *e, struct ike_goal *goal,
		     enum ike_event_type type, const struct ike_child *child,
		     const struct ike_diag *diag)
{
	ike_event(e, type, goal, child, diag);
	goal->retry = e->now + goal_wait(e, goal);
	goal->failures++;
	snprintf(goal->error, sizeof(goal->error), "%s", diag->text);
	snprintf(goal->hint, sizeof(goal->hint), "%s", diag->hint);
}

void ike_goal_succeeded(struct ike_goal *goal)
{
	goal->failures = 0;
	goal->retry = 0;
	goal->error[0] = '\0';
	goal->hint[0] = '\0';
}
