// SPDX-License-Identifier: MIT
/* What there is, for the operator. */
#include "sa.h"

static void status_child(const struct ike_child *child,
			 const struct ike_status_ops *ops, void *ctx)
{
	char local[256], remote[256], suite[128];
	const struct ike_child_status status = {
		.id = child->id,
		.child = child->conf->name,
		.state = ike_child_state_name(child->state),
		.transport = child->transport,
		.encap = ike_sa_encap(child->sa),
		.spi_in = child->spi_in,
		.spi_out = child->spi_out,
		.suite = suite,
		.local_ts = local,
		.remote_ts = remote,
		.since = child->since,
	};

	ike_suite_print(&child->suite, suite, sizeof(suite));
	ike_ts_list_print(&child->local_ts, local, sizeof(local));
	ike_ts_list_print(&child->remote_ts, remote, sizeof(remote));
	ops->child(ctx, &status);
}

static void status_sa(const struct ike_sa *sa, const struct ike_status_ops *ops,
		      void *ctx)
{
	char local[IKE_ID_TEXT_MAX], remote[IKE_ID_TEXT_MAX], suite[128];
	const struct ike_sa_status status = {
		.conn = sa->goal->conn->name,
		.state = ike_sa_state_name(sa->state),
		.initiator = sa->initiator,
		.spi_i = sa->spi_i,
		.spi_r = sa->spi_r,
		.path = sa->path,
		.suite = suite,
		.local_id = local,
		.remote_id = remote,
		.since = sa->since,
		.nat_local = sa->nat_local,
		.nat_remote = sa->nat_remote,
	};
	const struct ike_child *child;

	ike_suite_print(&sa->suite, suite, sizeof(suite));
	ike_id_print(&sa->local_id, local, sizeof(local));
	ike_id_print(&sa->remote_id, remote, sizeof(remote));
	ops->sa(ctx, &status);
	LIST_FOREACH(child, &sa->children, entry)
		status_child(child, ops, ctx);
}

static void status_conn(const struct ike_engine *e, const struct ike_goal *goal,
			const struct ike_status_ops *ops, void *ctx)
{
	const struct ike_conn_status status = {
		.conn = goal->conn->name,
		.wanted = goal->wanted,
		.retry = ike_goal_next(e, goal),
		.error = goal->error,
		.hint = goal->hint,
	};
	const struct ike_sa *sa;

	ops->conn(ctx, &status);
	LIST_FOREACH(sa, &e->sas, entry)
		if (sa->goal == goal && sa->state != IKE_SA_DEAD)
			status_sa(sa, ops, ctx);
}

void ike_engine_status(const struct ike_engine *e,
		       const struct ike_status_ops *ops, void *ctx)
{
	const struct ike_goal *goal;

	STAILQ_FOREACH(goal, &e->goals, entry)
		status_conn(e, goal, ops, ctx);
}
