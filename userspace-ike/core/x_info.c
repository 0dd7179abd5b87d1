// SPDX-License-Identifier: MIT
/* INFORMATIONAL (RFC 7296 section 1.4): deletes, signs of life. */
#include "sa.h"

/* If it was replaced, its successor takes the traffic (2.8). */
static void info_activate_successor(struct ike_sa *sa,
				    const struct ike_child *gone)
{
	struct ike_child *child;

	LIST_FOREACH(child, &sa->children, entry)
		if (child->replaces == gone->id)
			ike_child_activate(child);
}

/* ---- our requests ---- */

static void delete_response(struct ike_sa *sa, const struct ike_msg *msg,
			    struct ike_child *child)
{
	ike_sa_remove(sa);
}

/*
 * The window is one: a peer that has not seen the outstanding request would
 * not look at this one, so that has to be answered first (2.3).
 */
void ike_delete_start(struct ike_sa *sa)
{
	struct ike_out out;

	while (!LIST_EMPTY(&sa->children))
		ike_child_remove(LIST_FIRST(&sa->children));
	ike_sa_set_state(sa, IKE_SA_CLOSING);
	sa->keepalive = IKE_NEVER;
	if (ike_sa_busy(sa))
		return;
	ike_out_begin(sa, &out, IKE_EX_INFORMATIONAL, NULL);
	ike_pl_delete(&out.b, IKE_PROTO_IKE, 0, 0, IKE_NOTHING);
	ike_request_send(sa, &out, delete_response, NULL);
}

/* Who answers our delete sends none of its own. */
static void delete_child_response(struct ike_sa *sa, const struct ike_msg *msg,
				  struct ike_child *child)
{
	if (!child)
		return;
	info_activate_successor(sa, child);
	ike_child_remove(child);
}

void ike_delete_child_start(struct ike_child *child)
{
	struct ike_sa *sa = child->sa;
	uint8_t spi[IKE_ESP_SPI_LEN];
	struct ike_out out;

	ike_put32(spi, child->spi_in);
	child->state = IKE_CHILD_CLOSING;
	ike_out_begin(sa, &out, IKE_EX_INFORMATIONAL, NULL);
	ike_pl_delete(&out.b, IKE_PROTO_ESP, sizeof(spi), 1,
		      ike_span(spi, sizeof(spi)));
	ike_request_send(sa, &out, delete_child_response, child);
}

/* That it came is all there is to know. */
static void alive_response(struct ike_sa *sa, const struct ike_msg *msg,
			   struct ike_child *child)
{
}

void ike_alive_start(struct ike_sa *sa)
{
	struct ike_out out;

	ike_out_begin(sa, &out, IKE_EX_INFORMATIONAL, NULL);
	ike_request_send(sa, &out, alive_response, NULL);
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
	const struct ike_payload *d = NULL;
	unsigned int i;
	bool all = false;

	while ((d = ike_msg_next(msg, IKE_PL_DELETE, d))) {
		all |= d->proto == IKE_PROTO_IKE;
		for (i = 0; d->proto == IKE_PROTO_ESP && i < d->count; i++)
			info_delete_child(sa, ike_get32(d->data.p + 4 * i),
					  answer);
	}
	return all;
}

/* The peer closed what we want to keep: come back, but not in a rush. */
static void info_closed(struct ike_sa *sa)
{
	struct ike_diag diag;

	if (sa->state == IKE_SA_UP) {
		ike_diag_set(&diag, 0, 0, "the peer closed the IKE SA");
		ike_goal_failed(sa->e, sa->goal, IKE_EV_IKE_DOWN, NULL, &diag);
	}
	ike_sa_remove(sa);
}

/* After IKE_AUTH the peer may still say that it does not like us (2.21.2). */
static void info_refused(struct ike_sa *sa)
{
	struct ike_diag diag;

	ike_diag_set(
		&diag, 0, 0,
		"the peer refused our proof of identity\ncompare psk, local_id and remote_id with the peer's: one of them differs");
	ike_sa_fail(sa, &diag);
}

void ike_info_request(struct ike_sa *sa, const struct ike_msg *msg)
{
	uint8_t spis[1024];
	struct ike_writer answer = { .buf = spis, .cap = sizeof(spis) };
	bool all = info_deletes(sa, msg, &answer);
	struct ike_out out;

	ike_out_begin(sa, &out, msg->hdr.exchange, msg);
	if (answer.len)
		ike_pl_delete(&out.b, IKE_PROTO_ESP, IKE_ESP_SPI_LEN,
			      answer.len / IKE_ESP_SPI_LEN,
			      ike_span(spis, answer.len));
	ike_response_send(sa, &out);
	if (all)
		info_closed(sa);
	else if (ike_msg_notify(msg, IKE_N_AUTHENTICATION_FAILED))
		info_refused(sa);
}
