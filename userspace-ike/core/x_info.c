// SPDX-License-Identifier: MIT
/* INFORMATIONAL (RFC 7296 section 1.4): deletes, signs of life. */
#include "sa.h"

/* ---- our requests ---- */

/* Who cannot even send a request cannot go on. */
static int info_send(struct ike_sa *sa, uint64_t now, struct ike_builder *b,
		     enum ike_task_type type, struct ike_child *child)
{
	int err = ike_request_send(sa, now, b, type, child);
	struct ike_diag diag;

	if (!err)
		return 0;
	ike_diag_set(&diag, 0, 0, "a request could not be sent");
	ike_sa_fail(sa, now, &diag);
	return err;
}

/*
 * The window is one: a peer that has not seen the outstanding request would
 * not look at this one, so that has to be answered first (2.3).
 */
int ike_delete_start(struct ike_sa *sa, uint64_t now)
{
	uint8_t buf[IKE_OUT_MAX];
	struct ike_builder b;
	int err;

	while (!LIST_EMPTY(&sa->children))
		ike_child_remove(LIST_FIRST(&sa->children));
	ike_sa_set_state(sa, IKE_SA_CLOSING);
	sa->keepalive = IKE_NEVER;
	if (sa->task.type != IKE_TASK_NONE)
		return 0;
	ike_request_begin(sa, &b, buf, IKE_EX_INFORMATIONAL);
	ike_pl_delete(&b, IKE_PROTO_IKE, 0, 0, ike_span(NULL, 0));
	err = ike_request_send(sa, now, &b, IKE_TASK_DELETE, NULL);
	if (err)
		ike_sa_remove(sa);
	return err;
}

int ike_delete_child_start(struct ike_child *child, uint64_t now)
{
	struct ike_sa *sa = child->sa;
	uint8_t buf[IKE_OUT_MAX], spi[IKE_ESP_SPI_LEN];
	struct ike_builder b;

	ike_put32(spi, child->spi_in);
	child->state = IKE_CHILD_CLOSING;
	ike_request_begin(sa, &b, buf, IKE_EX_INFORMATIONAL);
	ike_pl_delete(&b, IKE_PROTO_ESP, sizeof(spi), 1,
		      ike_span(spi, sizeof(spi)));
	return info_send(sa, now, &b, IKE_TASK_CHILD_DELETE, child);
}

int ike_alive_start(struct ike_sa *sa, uint64_t now)
{
	uint8_t buf[IKE_OUT_MAX];
	struct ike_builder b;

	ike_request_begin(sa, &b, buf, IKE_EX_INFORMATIONAL);
	return info_send(sa, now, &b, IKE_TASK_ALIVE, NULL);
}

/* If it was replaced, its successor takes the traffic (2.8). */
static void info_activate_successor(struct ike_sa *sa,
				    const struct ike_child *gone)
{
	struct ike_child *child;

	LIST_FOREACH(child, &sa->children, entry)
		if (child->replaces == gone->id)
			ike_child_activate(child);
}

void ike_info_response(struct ike_sa *sa, uint64_t now,
		       const struct ike_msg *msg)
{
	enum ike_task_type type = sa->task.type;
	struct ike_child *child = sa->task.child;

	(void)now;
	(void)msg;
	ike_task_done(sa);
	if (type == IKE_TASK_DELETE)
		ike_sa_remove(sa);
	if (type == IKE_TASK_CHILD_DELETE && child) {
		/* Who answers our delete sends none of its own. */
		info_activate_successor(sa, child);
		ike_child_remove(child);
	}
}

/* ---- the peer's requests ---- */

/*
 * Remove a child of which the peer names its inbound SPI. Our inbound SPI goes
 * into the answer, unless we have said so ourselves (1.4.1).
 */
static void info_delete_child(struct ike_sa *sa, uint32_t spi,
			      struct ike_writer *answer)
{
	struct ike_child *child = ike_child_by_spi_out(sa, spi);

	if (!child)
		return;
	if (child->state != IKE_CHILD_CLOSING)
		ike_write32(answer, child->spi_in);
	info_activate_successor(sa, child);
	ike_child_remove(child);
}

/* Returns true if the IKE SA itself is deleted. */
static bool info_deletes(struct ike_sa *sa, const struct ike_msg *msg,
			 struct ike_writer *answer)
{
	const struct ike_payload *pl = NULL;
	struct ike_pl_delete d;
	unsigned int i;
	bool all = false;

	while ((pl = ike_msg_next(msg, IKE_PL_DELETE, pl))) {
		if (ike_pl_delete_parse(pl, &d, NULL))
			continue;
		all |= d.proto == IKE_PROTO_IKE;
		if (d.proto != IKE_PROTO_ESP || d.spi_len != IKE_ESP_SPI_LEN)
			continue;
		for (i = 0; i < d.count; i++)
			info_delete_child(sa, ike_get32(d.spis.p + 4 * i),
					  answer);
	}
	return all;
}

/* The peer closed what we want to keep: come back, but not in a rush. */
static void info_closed(struct ike_sa *sa, uint64_t now)
{
	struct ike_diag diag = { 0 };
	bool up = sa->state == IKE_SA_UP;

	if (up) {
		ike_diag_set(&diag, 0, 0, "the peer closed the IKE SA");
		ike_event(sa->e, IKE_EV_IKE_DOWN, sa->goal, NULL, &diag);
		ike_goal_failed(sa->goal, sa->e, now, &diag);
	}
	ike_sa_remove(sa);
}

/* After IKE_AUTH the peer may still say that it does not like us (2.21.2). */
static bool info_refused(struct ike_sa *sa, uint64_t now,
			 const struct ike_msg *msg)
{
	struct ike_pl_notify n;
	struct ike_diag diag;

	if (!ike_msg_notify(msg, IKE_N_AUTHENTICATION_FAILED, &n))
		return false;
	ike_diag_set(&diag, 0, 0, "the peer refused our proof of identity");
	ike_diag_hint(
		&diag,
		"compare psk, local_id and remote_id with the peer's: one of them differs");
	ike_sa_fail(sa, now, &diag);
	return true;
}

void ike_info_request(struct ike_sa *sa, uint64_t now,
		      const struct ike_msg *msg)
{
	uint8_t spis[1024], buf[IKE_OUT_MAX];
	struct ike_writer answer = { .buf = spis, .cap = sizeof(spis) };
	struct ike_builder b;
	bool all;

	all = info_deletes(sa, msg, &answer);
	ike_response_begin(sa, &b, buf, msg);
	if (answer.len)
		ike_pl_delete(&b, IKE_PROTO_ESP, IKE_ESP_SPI_LEN,
			      answer.len / IKE_ESP_SPI_LEN,
			      ike_span(spis, answer.len));
	ike_response_send(sa, &b);
	if (all)
		info_closed(sa, now);
	else
		info_refused(sa, now, msg);
}
