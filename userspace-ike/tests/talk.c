// SPDX-License-Identifier: MIT
/* A conversation with Bob. */
#include <stdlib.h>

#include "talk.h"
#include "ts_list.h"

const struct ike_span nothing;

/* Bob's messages come here, and Alice's do not go out by themselves */
static bool tap_talk(struct sim *sim, unsigned int from, struct sim_packet *p)
{
	struct talk *talk = sim->tap_data;
	struct ike_diag diag;

	if (from == ALICE)
		return false;
	memcpy(talk->raw, p->data, p->len);
	assert_int_equal(ike_msg_parse(ike_span(talk->raw, p->len), &talk->msg,
				       &diag),
			 0);
	if (!ike_hdr_is_response(&talk->msg.hdr))
		return false;
	if (ike_sk_open(&talk->sa->in, &talk->msg, talk->plain,
			sizeof(talk->plain), &diag))
		fail_msg("%s", diag.text);
	if (ike_msg_check(&talk->msg, &diag))
		fail_msg("%s", diag.text);
	talk->answered = true;
	return false;
}

static bool tap_no_auth(struct sim *sim, unsigned int from,
			struct sim_packet *p)
{
	return p->data[18] != IKE_EX_AUTH;
}

struct talk *talk_new(uint64_t seed, unsigned int children, bool established)
{
	struct talk *talk = calloc(1, sizeof(*talk));

	assert_non_null(talk);
	talk->sim = sim_new(seed);
	if (!established)
		talk->sim->tap = tap_no_auth;
	sim_load_both(talk->sim, children);
	sim_run(talk->sim, 900);
	talk->sa = LIST_FIRST(&talk->sim->host[ALICE].e->sas);
	assert_non_null(talk->sa);
	assert_int_equal(talk->sa->state,
			 established ? IKE_SA_UP : IKE_SA_AUTH_SENT);
	if (!established)
		talk->sa->next_out = 1;
	talk->sim->tap = tap_talk;
	talk->sim->tap_data = talk;
	return talk;
}

void talk_free(struct talk *talk)
{
	sim_free(talk->sim);
	free(talk);
}

struct ike_builder *say(struct talk *talk, uint8_t exchange)
{
	ike_out_begin(talk->sa, &talk->out, exchange, NULL);
	return &talk->out.b;
}

struct ike_span seal(struct talk *talk)
{
	const struct ike_rng *rng = &talk->sim->host[ALICE].e->env.rng;
	struct ike_span msg;

	assert_int_equal(ike_sk_end(&talk->out.b, &talk->sa->out, rng), 0);
	assert_int_equal(ike_msg_end(&talk->out.b, &msg), 0);
	return msg;
}

void give(struct talk *talk, struct ike_span msg)
{
	struct ike_path path = {
		.local = talk->sa->path.remote,
		.remote = talk->sa->path.local,
		.natt = talk->sa->path.natt,
	};

	talk->answered = false;
	ike_engine_datagram(talk->sim->host[BOB].e, talk->sim->now, &path, msg);
}

void ask(struct talk *talk)
{
	give(talk, seal(talk));
	talk->sa->next_out++;
}

void expect_notify(struct talk *talk, uint16_t type)
{
	const struct ike_payload *n = ike_msg_error(&talk->msg);

	assert_true(talk->answered);
	assert_non_null(n);
	assert_int_equal(n->notify, type);
}

void expect_empty(struct talk *talk)
{
	assert_true(talk->answered);
	assert_int_equal(talk->msg.n, 1);
}

void bob_has(struct talk *talk, unsigned int ike_sas, unsigned int children)
{
	assert_int_equal(sim_ike_sas(talk->sim, BOB, false), ike_sas);
	assert_int_equal(talk->sim->host[BOB].n_sas, children);
}

void say_sa(struct ike_builder *b, const char *text, uint8_t proto,
	    const void *spi, size_t len)
{
	struct ike_proposals list;

	assert_int_equal(ike_proposals_parse(text, proto, &list, NULL), 0);
	ike_proposals_set_spi(&list, spi, len);
	ike_proposals_write(ike_pl_begin(b, IKE_PL_SA), &list);
	ike_pl_end(b);
}

void say_ts(struct ike_builder *b, uint8_t type, const char *text)
{
	struct ike_ts_list list;

	assert_int_equal(ike_ts_list_parse(text, &list, NULL), 0);
	ike_ts_list_write(ike_pl_begin(b, type), &list);
	ike_pl_end(b);
}

const uint8_t new_spi[4] = { 0xaa, 0xbb, 0xcc, 0xdd };
const uint8_t new_ike_spi[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
const uint8_t new_nonce[32] = "a nonce of thirty-two octets ...";

void say_child(struct talk *talk, uint8_t proto, uint32_t rekey,
	       unsigned int without)
{
	struct ike_builder *b = say(talk, IKE_EX_CREATE_CHILD_SA);
	uint8_t spi[4];

	ike_put32(spi, rekey);
	if (rekey)
		ike_pl_notify(b, proto, ike_span(spi, 4), IKE_N_REKEY_SA,
			      nothing);
	if (!(without & NO_SA))
		say_sa(b, "aes256gcm16", IKE_PROTO_ESP, new_spi, 4);
	if (!(without & NO_NONCE))
		ike_pl_raw(b, IKE_PL_NONCE, ike_span(new_nonce, 32));
	if (!(without & NO_TSI))
		say_ts(b, IKE_PL_TSI, "10.1.0.0/24");
	if (!(without & NO_TSR))
		say_ts(b, IKE_PL_TSR, "10.2.0.0/24");
}
