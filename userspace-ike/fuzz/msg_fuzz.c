// SPDX-License-Identifier: MIT
/*
 * Any octets as a message: parsed, checked, built anew from what was found,
 * and parsed again, which has to find the same.
 */
#include <string.h>

#include "../tests/vectors.h"
#include "fuzz.h"
#include "id.h"
#include "msg.h"
#include "proposal.h"
#include "ts.h"

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	fuzz_seed_hex(-1, msg_init_request);
	fuzz_seed_hex(-1, msg_init_response);
	fuzz_seed_hex(-1, msg_auth_gcm);
	fuzz_seed_hex(-1, msg_delete_gcm);
	return 0;
}

static struct ike_span rebuild(const struct ike_msg *msg)
{
	static uint8_t buf[IKE_MSG_MAX];
	struct ike_builder b;
	struct ike_span out;

	ike_msg_begin(&b, buf, sizeof(buf), &msg->hdr);
	for (unsigned int i = 0; i < msg->n; i++)
		ike_pl_raw(&b, msg->pl[i].type, msg->pl[i].body);
	REQUIRE(!ike_msg_end(&b, &out));
	return out;
}

static void same(const struct ike_msg *a, const struct ike_msg *b)
{
	REQUIRE(a->n == b->n);
	for (unsigned int i = 0; i < a->n; i++) {
		REQUIRE(a->pl[i].type == b->pl[i].type);
		REQUIRE(ike_span_equal(a->pl[i].body, b->pl[i].body));
	}
}

static void sa_round_trip(struct ike_span body)
{
	static struct ike_proposals list, again;
	static uint8_t buf[IKE_MSG_MAX];
	struct ike_writer w = { .buf = buf, .cap = sizeof(buf) };
	struct ike_proposal chosen;
	struct ike_suite suite;
	struct ike_diag diag;
	char a[4096], b[4096];

	REQUIRE(!ike_proposals_read(body, &list, NULL));
	ike_proposals_write(&w, &list);
	REQUIRE(!w.failed);
	REQUIRE(!ike_proposals_read(ike_span(buf, w.len), &again, NULL));
	ike_proposals_print(&list, a, sizeof(a));
	ike_proposals_print(&again, b, sizeof(b));
	REQUIRE(!strcmp(a, b));
	ike_proposals_default(list.p[0].proto == IKE_PROTO_ESP ?
			      IKE_PROTO_ESP : IKE_PROTO_IKE, &again);
	if (ike_proposals_select(&again, &list, IKE_KE_ECP256, &chosen, &suite,
				 &diag))
		REQUIRE(diag.text[0]);
	else
		REQUIRE(ike_encr_alg(suite.encr, suite.key_bits));
	ike_proposals_accept(&again, &list, &chosen, &suite, &diag);
}

static void ts_round_trip(struct ike_span body)
{
	struct ike_ts_list list, again;
	uint8_t buf[4 + IKE_TS_MAX * 40];
	struct ike_writer w = { .buf = buf, .cap = sizeof(buf) };
	char text[512];

	REQUIRE(!ike_ts_list_read(body, &list, NULL));
	ike_ts_list_print(&list, text, sizeof(text));
	if (!list.n)
		return;
	ike_ts_list_write(&w, &list);
	REQUIRE(!w.failed);
	REQUIRE(!ike_ts_list_read(ike_span(buf, w.len), &again, NULL));
	REQUIRE(again.n == list.n);
	for (unsigned int i = 0; i < list.n; i++)
		REQUIRE(ike_ts_equal(&list.ts[i], &again.ts[i]));
}

static void id_print(const struct ike_payload *pl)
{
	char text[IKE_ID_TEXT_MAX];
	struct ike_id id;

	if (ike_id_read(pl->id_type, pl->data, &id, NULL))
		return;
	ike_id_print(&id, text, sizeof(text));
	REQUIRE(text[0]);
}

/* accessors do not fail on what ike_msg_check() let pass */
static void look_into(const struct ike_msg *msg)
{
	for (unsigned int i = 0; i < msg->n; i++) {
		const struct ike_payload *pl = &msg->pl[i];

		if (pl->type == IKE_PL_SA)
			sa_round_trip(pl->body);
		if (pl->type == IKE_PL_TSI || pl->type == IKE_PL_TSR)
			ts_round_trip(pl->body);
		if (pl->type == IKE_PL_IDI || pl->type == IKE_PL_IDR)
			id_print(pl);
		if (pl->type == IKE_PL_NOTIFY)
			REQUIRE(pl->data.len <= pl->body.len);
	}
	ike_msg_error(msg);
}

/* all of it once more as if it had been inside SK, to get at those checks */
static void as_inner(struct ike_span raw)
{
	struct ike_msg msg = { .raw = raw };
	struct ike_diag diag;

	if (raw.len < IKE_HDR_LEN)
		return;
	msg.hdr.exchange = raw.p[18];
	msg.hdr.flags = raw.p[19];
	msg.pl[msg.n++].type = IKE_PL_SK;
	if (!ike_msg_parse_inner(&msg, raw.p[16],
				 ike_span(raw.p + IKE_HDR_LEN,
					  raw.len - IKE_HDR_LEN), &diag) &&
	    !ike_msg_check(&msg, &diag))
		look_into(&msg);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct ike_diag diag = { .notify = 0 }, again_diag;
	static struct ike_msg msg, again;

	as_inner(ike_span(data, len));
	if (ike_msg_parse(ike_span(data, len), &msg, &diag)) {
		REQUIRE(diag.notify && diag.text[0]);
		return 0;
	}
	if (!msg.n || msg.pl[msg.n - 1].type != IKE_PL_SKF)
		if (!ike_msg_check(&msg, &diag))
			look_into(&msg);
	REQUIRE(!ike_msg_parse(rebuild(&msg), &again, &again_diag));
	same(&msg, &again);
	return 0;
}
