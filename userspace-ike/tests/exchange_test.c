// SPDX-License-Identifier: MIT
/* What a peer may ask for and must not. */
#include "talk.h"
#include "ts_list.h"

static const struct sim_sa *bob_sa(struct talk *talk, uint32_t spi_out)
{
	struct sim_host *bob = &talk->sim->host[BOB];

	for (unsigned int i = 0; i < bob->n_sas; i++)
		if (bob->sas[i].spec.spi_out == spi_out)
			return &bob->sas[i];
	return NULL;
}

/* are these the keys of RFC 7296 section 2.17? */
static void check_child_keys(struct talk *talk, const struct sim_sa *sa)
{
	const struct ike_suite suite = {
		.proto = IKE_PROTO_ESP,
		.encr = IKE_ENCR_AES_GCM_16,
		.key_bits = 256,
	};
	struct ike_keymat km = {
		.ni = ike_span(new_nonce, 32),
		.nr = ike_msg_find(&talk->msg, IKE_PL_NONCE)->body,
	};
	struct ike_child_keys keys;

	assert_int_equal(ike_child_keys_derive(&suite, talk->sa->suite.prf,
					       &talk->sa->keys.d, &km, &keys),
			 0);
	assert_true(ike_span_equal(ike_key_span(&keys.ei), sa->spec.key_in));
	assert_true(ike_span_equal(ike_key_span(&keys.er), sa->spec.key_out));
}

static void test_rekey_child(void **state)
{
	struct talk *talk = talk_new(1, 1, true);
	uint32_t old_out = talk->sim->host[BOB].sas[0].spec.spi_out;
	uint32_t old_in = talk->sim->host[BOB].sas[0].spec.spi_in;
	const struct ike_payload *d;
	const struct sim_sa *new;
	uint8_t spi[4];

	say_child(talk, IKE_PROTO_ESP, old_out, 0);
	ask(talk);
	assert_true(talk->answered);
	bob_has(talk, 1, 2);
	new = bob_sa(talk, ike_get32(new_spi));
	assert_non_null(new);
	/* the old one sends until we delete it, so nothing comes too early */
	assert_false(new->active);
	assert_true(bob_sa(talk, old_out)->active);
	check_child_keys(talk, new);

	ike_put32(spi, old_out);
	ike_pl_delete(say(talk, IKE_EX_INFORMATIONAL), IKE_PROTO_ESP, 4, 1,
		      ike_span(spi, 4));
	ask(talk);
	assert_true(talk->answered);
	d = ike_msg_find(&talk->msg, IKE_PL_DELETE);
	assert_non_null(d);
	assert_int_equal(d->count, 1);
	assert_int_equal(ike_get32(d->data.p), old_in);
	bob_has(talk, 1, 1);
	assert_true(talk->sim->host[BOB].sas[0].active);
	assert_int_equal(talk->sim->host[BOB].sas[0].spec.spi_out,
			 ike_get32(new_spi));
	talk_free(talk);
}

/* the new keys are for the child that had the old, if another fits as well */
static void test_rekey_same_child(void **state)
{
	struct talk *talk = talk_new(95, 2, true);
	struct ike_sa *sa = LIST_FIRST(&talk->sim->host[BOB].e->sas);
	struct ike_child_conf *wide = &sa->goal->conn->children[0];
	const struct ike_child *old =
		ike_child_by_conf(sa, &sa->goal->conn->children[1]);
	struct ike_builder *b;
	uint8_t spi[4];

	assert_int_equal(ike_ts_list_parse("10.2.0.0/16", &wide->local_ts,
					   NULL), 0);
	assert_int_equal(ike_ts_list_parse("10.1.0.0/16", &wide->remote_ts,
					   NULL), 0);
	b = say(talk, IKE_EX_CREATE_CHILD_SA);
	ike_put32(spi, old->spi_out);
	ike_pl_notify(b, IKE_PROTO_ESP, ike_span(spi, 4), IKE_N_REKEY_SA,
		      nothing);
	say_sa(b, "aes256gcm16", IKE_PROTO_ESP, new_spi, 4);
	ike_pl_raw(b, IKE_PL_NONCE, ike_span(new_nonce, 32));
	say_ts(b, IKE_PL_TSI, "10.1.1.0/24");
	say_ts(b, IKE_PL_TSR, "10.2.1.0/24");
	ask(talk);
	bob_has(talk, 1, 3);
	assert_string_equal(bob_sa(talk, ike_get32(new_spi))->spec.child,
			    "net1");
	talk_free(talk);
}

static void test_rekey_unknown_child(void **state)
{
	static const uint8_t protos[] = { IKE_PROTO_ESP, IKE_PROTO_AH };
	struct talk *talk = talk_new(2, 1, true);

	for (size_t i = 0; i < sizeof(protos); i++) {
		say_child(talk, protos[i], 0x01020304, 0);
		ask(talk);
		expect_notify(talk, IKE_N_CHILD_SA_NOT_FOUND);
		bob_has(talk, 1, 1);
	}
	/* the right SPI of a wrong protocol */
	say_child(talk, IKE_PROTO_AH, talk->sim->host[BOB].sas[0].spec.spi_out,
		  0);
	ask(talk);
	expect_notify(talk, IKE_N_CHILD_SA_NOT_FOUND);
	/* IKE SAs and nothing have no SPI of four octets */
	for (uint8_t proto = 0; proto < 2; proto++) {
		say_child(talk, proto, talk->sim->host[BOB].sas[0].spec.spi_out,
			  0);
		ask(talk);
		assert_true(talk->answered);
		bob_has(talk, 1, 1);
	}
	talk_free(talk);
}

/* with which keys to go on after rekeying the IKE SA */
static void follow_ike(struct talk *talk, struct ike_ke *ke)
{
	const struct ike_payload *pl = ike_msg_find(&talk->msg, IKE_PL_SA);
	struct ike_proposals answer;
	struct ike_secret secret;
	struct ike_keymat km;
	struct ike_sa_keys old = talk->sa->keys;

	assert_int_equal(ike_proposals_read(pl->body, &answer, NULL), 0);
	pl = ike_msg_find(&talk->msg, IKE_PL_KE);
	assert_int_equal(ike_ke_derive(ke, pl->data, &secret), 0);
	talk->sa->spi_i = ike_get64(new_ike_spi);
	talk->sa->spi_r = ike_get64(answer.p[0].spi);
	talk->sa->next_out = 0;
	km = (struct ike_keymat){
		.ni = ike_span(new_nonce, 32),
		.nr = ike_msg_find(&talk->msg, IKE_PL_NONCE)->body,
		.spi_i = talk->sa->spi_i,
		.spi_r = talk->sa->spi_r,
		.shared = ike_secret_span(&secret),
	};
	assert_int_equal(ike_sa_keys_rekey(&talk->sa->suite,
					   talk->sa->suite.prf, &old.d, &km,
					   &talk->sa->keys),
			 0);
	assert_int_equal(ike_sa_set_keys(talk->sa), 0);
}

static void say_rekey_ike(struct talk *talk, struct ike_ke **ke, uint16_t group,
			  size_t spi_len, unsigned int without)
{
	struct ike_builder *b = say(talk, IKE_EX_CREATE_CHILD_SA);

	assert_int_equal(ike_ke_new(group, &ike_rng_openssl, ke), 0);
	say_sa(b, "aes128gcm16-prfsha256-x25519-ecp256", IKE_PROTO_IKE,
	       new_ike_spi, spi_len);
	if (!(without & NO_NONCE))
		ike_pl_raw(b, IKE_PL_NONCE, ike_span(new_nonce, 32));
	if (!(without & NO_KE))
		ike_pl_ke(b, group, ike_ke_public(*ke));
}

static void test_rekey_ike(void **state)
{
	struct talk *talk = talk_new(3, 2, true);
	struct ike_ke *ke;
	struct ike_sk old_in, old_out;
	uint64_t spi_i = talk->sa->spi_i, spi_r = talk->sa->spi_r;
	uint32_t id;

	say_rekey_ike(talk, &ke, IKE_KE_X25519, 8, 0);
	ask(talk);
	assert_true(talk->answered);
	assert_null(ike_msg_find(&talk->msg, IKE_PL_TSI));
	id = talk->sa->next_out;
	old_in = talk->sa->in;
	old_out = talk->sa->out;
	follow_ike(talk, ke);
	ike_ke_free(ke);
	say(talk, IKE_EX_INFORMATIONAL);
	ask(talk);
	expect_empty(talk);

	/* the old one can be deleted, and takes no child with it */
	talk->sa->spi_i = spi_i;
	talk->sa->spi_r = spi_r;
	talk->sa->in = old_in;
	talk->sa->out = old_out;
	talk->sa->next_out = id;
	ike_pl_delete(say(talk, IKE_EX_INFORMATIONAL), IKE_PROTO_IKE, 0, 0,
		      nothing);
	ask(talk);
	expect_empty(talk);
	bob_has(talk, 1, 2);
	talk_free(talk);
}

/* those that were rekeyed do not pile up, however fast a peer is */
static void test_rekey_ike_often(void **state)
{
	struct talk *talk = talk_new(96, 1, true);
	struct ike_ke *ke;
	const struct ike_payload *n;
	unsigned int times;

	for (times = 0; times < 50; times++) {
		say_rekey_ike(talk, &ke, IKE_KE_X25519, 8, 0);
		ask(talk);
		assert_true(talk->answered);
		n = ike_msg_error(&talk->msg);
		if (!n)
			follow_ike(talk, ke);
		ike_ke_free(ke);
	}
	expect_notify(talk, IKE_N_TEMPORARY_FAILURE);
	assert_in_range(sim_ike_sas(talk->sim, BOB, false), 3, 10);
	/* later it may again */
	talk->sim->tap = NULL;
	sim_run(talk->sim, IKE_HALF_OPEN_TIME + 1000);
	bob_has(talk, 1, 1);
	talk_free(talk);
}

/* nothing begins on an IKE SA that Bob is closing */
static void test_child_while_closing(void **state)
{
	struct talk *talk = talk_new(97, 1, true);

	ike_engine_down(talk->sim->host[BOB].e, talk->sim->now, "to-a.example",
			NULL);
	say_child(talk, 0, 0, 0);
	ask(talk);
	expect_notify(talk, IKE_N_TEMPORARY_FAILURE);
	bob_has(talk, 1, 0);
	talk_free(talk);
}

static void test_rekey_ike_refused(void **state)
{
	struct talk *talk = talk_new(4, 1, true);
	const struct ike_payload *n;
	struct ike_ke *ke;

	say_rekey_ike(talk, &ke, IKE_KE_ECP256, 8, 0);
	ask(talk);
	expect_notify(talk, IKE_N_INVALID_KE_PAYLOAD);
	n = ike_msg_error(&talk->msg);
	assert_non_null(n);
	assert_int_equal(ike_get16(n->data.p), IKE_KE_X25519);
	ike_ke_free(ke);
	for (unsigned int i = 0; i < 3; i++) {
		say_rekey_ike(talk, &ke, IKE_KE_X25519, i == 2 ? 0 : 8,
			      i == 0 ? NO_KE :
			      i == 1 ? NO_NONCE :
				       0);
		ask(talk);
		expect_notify(talk, IKE_N_INVALID_SYNTAX);
		ike_ke_free(ke);
	}
	bob_has(talk, 1, 1);
	say(talk, IKE_EX_INFORMATIONAL);
	ask(talk);
	expect_empty(talk);
	talk_free(talk);
}

static void test_child_lacks(void **state)
{
	struct talk *talk = talk_new(5, 1, true);

	for (unsigned int without = 1; without < 16; without++) {
		say_child(talk, 0, 0, without);
		ask(talk);
		expect_notify(talk, IKE_N_INVALID_SYNTAX);
		bob_has(talk, 1, 1);
	}
	say_child(talk, 0, 0, 0);
	ask(talk);
	assert_true(talk->answered);
	bob_has(talk, 1, 2);
	talk_free(talk);
}

/* before IKE_AUTH nothing else is listened to, sealed well or not */
static void test_too_early(void **state)
{
	static const uint8_t exchanges[] = {
		IKE_EX_CREATE_CHILD_SA,
		IKE_EX_INFORMATIONAL,
		IKE_EX_INTERMEDIATE,
		IKE_EX_SA_INIT,
		99,
	};
	struct talk *talk = talk_new(6, 1, false);

	bob_has(talk, 1, 0);
	for (size_t i = 0; i < sizeof(exchanges); i++) {
		say(talk, exchanges[i]);
		give(talk, seal(talk));
		assert_false(talk->answered);
		bob_has(talk, 1, 0);
	}
	say_child(talk, 0, 0, 0);
	give(talk, seal(talk));
	assert_false(talk->answered);
	ike_pl_delete(say(talk, IKE_EX_INFORMATIONAL), IKE_PROTO_IKE, 0, 0,
		      nothing);
	give(talk, seal(talk));
	bob_has(talk, 1, 0);
	assert_int_equal(sim_ike_sas(talk->sim, BOB, true), 0);
	talk_free(talk);
}

/* IKE_AUTH without proof; @method 0: without AUTH at all */
static void test_no_proof(void **state)
{
	static const struct {
		uint8_t method;
		size_t len;
		bool id;
	} cases[] = {
		{ 0, 0, true },
		{ IKE_AUTH_PSK, 0, true },
		{ IKE_AUTH_PSK, 31, true },
		{ IKE_AUTH_PSK, 32, true },
		{ IKE_AUTH_PSK, 33, true },
		{ IKE_AUTH_NULL, 32, true },
		{ IKE_AUTH_DIGITAL_SIG, 32, true },
		{ IKE_AUTH_RSA_SIG, 32, true },
		{ IKE_AUTH_PSK, 32, false },
	};
	static const uint8_t zeros[64];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct talk *talk = talk_new(10 + i, 1, false);
		struct ike_builder *b = say(talk, IKE_EX_AUTH);
		bool well_formed;

		if (cases[i].id)
			ike_pl_id(b, IKE_PL_IDI, IKE_ID_FQDN,
				  ike_span("a.example", 9));
		if (cases[i].method)
			ike_pl_auth(b, cases[i].method,
				    ike_span(zeros, cases[i].len));
		say_sa(b, "aes256gcm16", IKE_PROTO_ESP, new_spi, 4);
		say_ts(b, IKE_PL_TSI, "10.1.0.0/24");
		say_ts(b, IKE_PL_TSR, "10.2.0.0/24");
		ask(talk);
		/* an AUTH of no octets is no AUTH */
		well_formed = cases[i].id && (cases[i].len || !cases[i].method);
		expect_notify(talk, well_formed ? IKE_N_AUTHENTICATION_FAILED :
						  IKE_N_INVALID_SYNTAX);
		/* the right answer would be AUTH, and it is not there */
		assert_null(ike_msg_find(&talk->msg, IKE_PL_AUTH));
		bob_has(talk, 0, 0);
		assert_int_equal(sim_count(talk->sim, BOB, IKE_EV_IKE_UP), 0);
		assert_int_equal(sim_count(talk->sim, BOB, IKE_EV_FAILED), 1);
		talk_free(talk);
	}
}

static void test_message_ids(void **state)
{
	struct talk *talk = talk_new(30, 1, true);
	uint8_t copy[IKE_OUT_MAX];
	struct ike_span msg;
	uint8_t first[SIM_MSG_MAX];
	size_t len;

	say(talk, IKE_EX_INFORMATIONAL);
	msg = seal(talk);
	memcpy(copy, msg.p, msg.len);
	give(talk, msg);
	expect_empty(talk);
	len = talk->msg.raw.len;
	memcpy(first, talk->raw, len);
	/* once more: the same answer, and nothing happens */
	give(talk, ike_span(copy, msg.len));
	assert_true(talk->answered);
	assert_memory_equal(first, talk->raw, len);
	/* but not to who knows no more than what its header said */
	memcpy(copy + 16, "\0\x20\x25\x08", 4);
	ike_put32(copy + 24, IKE_HDR_LEN);
	give(talk, ike_span(copy, IKE_HDR_LEN));
	assert_false(talk->answered);
	/* one ahead of the window, and one long gone */
	talk->sa->next_out += 2;
	say(talk, IKE_EX_INFORMATIONAL);
	give(talk, seal(talk));
	assert_false(talk->answered);
	talk->sa->next_out -= 3;
	ike_pl_delete(say(talk, IKE_EX_INFORMATIONAL), IKE_PROTO_IKE, 0, 0,
		      nothing);
	give(talk, seal(talk));
	assert_false(talk->answered);
	bob_has(talk, 1, 1);
	talk->sa->next_out += 2;
	say(talk, IKE_EX_INFORMATIONAL);
	ask(talk);
	expect_empty(talk);
	talk_free(talk);
}

static void test_deletes(void **state)
{
	struct talk *talk = talk_new(31, 3, true);
	uint8_t spis[16];

	/* unknown, and known ones twice in one payload */
	ike_put32(spis, 0x01020304);
	ike_pl_delete(say(talk, IKE_EX_INFORMATIONAL), IKE_PROTO_ESP, 4, 1,
		      ike_span(spis, 4));
	ask(talk);
	expect_empty(talk);
	bob_has(talk, 1, 3);
	for (unsigned int i = 0; i < 4; i++)
		ike_put32(spis + 4 * i,
			  talk->sim->host[BOB].sas[i % 2].spec.spi_out);
	ike_pl_delete(say(talk, IKE_EX_INFORMATIONAL), IKE_PROTO_ESP, 4, 4,
		      ike_span(spis, 16));
	ask(talk);
	assert_true(talk->answered);
	bob_has(talk, 1, 1);
	/* AH is not ours */
	ike_put32(spis, talk->sim->host[BOB].sas[0].spec.spi_out);
	ike_pl_delete(say(talk, IKE_EX_INFORMATIONAL), IKE_PROTO_AH, 4, 1,
		      ike_span(spis, 4));
	ask(talk);
	expect_empty(talk);
	bob_has(talk, 1, 1);
	ike_pl_delete(say(talk, IKE_EX_INFORMATIONAL), IKE_PROTO_IKE, 0, 0,
		      nothing);
	ask(talk);
	expect_empty(talk);
	bob_has(talk, 0, 0);
	talk_free(talk);
}

static void test_critical(void **state)
{
	struct talk *talk = talk_new(32, 1, true);
	const struct ike_payload *n;
	struct ike_builder *b;

	for (unsigned int critical = 0; critical < 2; critical++) {
		b = say(talk, IKE_EX_INFORMATIONAL);
		ike_pl_raw(b, 200, ike_span("?", 1));
		if (critical)
			b->w.buf[b->next_at + 1] |= 0x80;
		ask(talk);
		if (critical) {
			expect_notify(talk, IKE_N_UNSUPPORTED_CRITICAL_PAYLOAD);
			n = ike_msg_error(&talk->msg);
	assert_non_null(n);
			assert_int_equal(n->data.len, 1);
			assert_int_equal(n->data.p[0], 200);
		} else {
			expect_empty(talk);
		}
		bob_has(talk, 1, 1);
	}
	talk_free(talk);
}

/* a refusal of who we are, after all was well */
static void test_late_refusal(void **state)
{
	struct talk *talk = talk_new(33, 1, true);

	ike_pl_notify(say(talk, IKE_EX_INFORMATIONAL), IKE_PROTO_NONE, nothing,
		      IKE_N_AUTHENTICATION_FAILED, nothing);
	ask(talk);
	expect_empty(talk);
	bob_has(talk, 0, 0);
	assert_int_equal(sim_count(talk->sim, BOB, IKE_EV_FAILED), 1);
	talk_free(talk);
}

/* every octet of the plaintext of a message changed, behind good seals */
static void test_mangled(void **state)
{
	for (unsigned int at = 0; at < 150; at++) {
		struct talk *talk = talk_new(34, 1, true);
		size_t from, to;

		say_child(talk, IKE_PROTO_ESP,
			  talk->sim->host[BOB].sas[0].spec.spi_out, 0);
		to = talk->out.b.w.len;
		from = talk->out.b.sk_at + IKE_PL_HDR_LEN + 8;
		if (from + at >= to) {
			talk_free(talk);
			assert_in_range(at, 60, 149);
			return;
		}
		talk->out.b.w.buf[from + at] ^= 0xff;
		ask(talk);
		assert_true(talk->answered);
		assert_in_range(talk->sim->host[BOB].n_sas, 1, 2);
		assert_int_equal(sim_ike_sas(talk->sim, BOB, true), 1);
		talk_free(talk);
	}
	fail_msg("the message was longer");
}

/* what Alice would have said in IKE_AUTH, but for the method */
static void say_auth(struct talk *talk, uint8_t method)
{
	struct ike_builder *b = say(talk, IKE_EX_AUTH);
	const struct ike_span id = ike_span("a.example", 9);
	uint8_t rest[32];
	const struct ike_auth_input in = {
		.prf = talk->sa->suite.prf,
		.init_msg = ike_bytes_span(&talk->sa->init_req),
		.nonce = ike_kex_nonce(&talk->sa->kex, false),
		.sk_p = ike_key_span(&talk->sa->keys.pi),
		.id = ike_id_rest(IKE_ID_FQDN, id, rest, sizeof(rest)),
	};
	struct ike_key auth;

	assert_int_equal(ike_auth_psk(&in, ike_span("secret", 6), &auth), 0);
	ike_pl_id(b, IKE_PL_IDI, IKE_ID_FQDN, id);
	ike_pl_auth(b, method, ike_key_span(&auth));
	say_sa(b, "aes256gcm16", IKE_PROTO_ESP, new_spi, 4);
	say_ts(b, IKE_PL_TSI, "10.1.0.0/24");
	say_ts(b, IKE_PL_TSR, "10.2.0.0/24");
}

static void test_auth_method(void **state)
{
	for (unsigned int method = 0; method < 20; method++) {
		struct talk *talk = talk_new(50 + method, 1, false);

		say_auth(talk, (uint8_t)method);
		ask(talk);
		if (method == IKE_AUTH_PSK) {
			assert_non_null(ike_msg_find(&talk->msg, IKE_PL_AUTH));
			bob_has(talk, 1, 1);
		} else {
			assert_null(ike_msg_find(&talk->msg, IKE_PL_AUTH));
			bob_has(talk, 0, 0);
		}
		talk_free(talk);
	}
}

/* an initiator that waits for IKE_AUTH listens to nothing else, too */
static void test_too_early_request(void **state)
{
	struct talk *talk = talk_new(80, 1, false);
	struct ike_engine *bob = talk->sim->host[BOB].e;
	struct ike_sa *sa = LIST_FIRST(&bob->sas);
	struct ike_path path = {
		.local = talk->sa->path.local,
		.remote = talk->sa->path.remote,
	};
	struct ike_span msg;

	ike_out_begin(sa, &talk->out, IKE_EX_INFORMATIONAL, NULL);
	ike_pl_delete(&talk->out.b, IKE_PROTO_IKE, 0, 0, nothing);
	assert_int_equal(ike_sk_end(&talk->out.b, &sa->out, &bob->env.rng), 0);
	assert_int_equal(ike_msg_end(&talk->out.b, &msg), 0);
	ike_engine_datagram(talk->sim->host[ALICE].e, talk->sim->now, &path,
			    msg);
	assert_int_equal(sim_ike_sas(talk->sim, ALICE, false), 1);
	assert_int_equal(talk->sa->state, IKE_SA_AUTH_SENT);
	assert_int_equal(talk->sa->next_in, 0);
	talk_free(talk);
}

static uint8_t widened_exchange;

/* Bob's answer, but with a wider selector on one side */
static bool tap_widen(struct sim *sim, unsigned int from, struct sim_packet *p)
{
	uint8_t *type = sim->tap_data, plain[SIM_MSG_MAX], raw[SIM_MSG_MAX];
	struct ike_sa *sa = LIST_FIRST(&sim->host[ALICE].e->sas);
	const struct ike_payload *pl;
	struct ike_builder b;
	struct ike_msg msg;
	struct ike_span out;
	struct ike_sk sk;

	if (from == ALICE || p->data[18] != widened_exchange)
		return true;
	sk = sa->in;
	memcpy(raw, p->data, p->len);
	assert_int_equal(ike_msg_parse(ike_span(raw, p->len), &msg, NULL), 0);
	assert_int_equal(ike_sk_open(&sk, &msg, plain, sizeof(plain), NULL), 0);
	pl = ike_msg_find(&msg, *type);
	assert_non_null(pl);
	/* the end of the first range is behind its header, ports and start */
	plain[pl->body.p - plain + 4 + 12 + 2] = 0xff;
	ike_msg_begin(&b, p->data, sizeof(p->data), &msg.hdr);
	ike_sk_begin(&b, &sk);
	for (unsigned int i = 1; i < msg.n; i++)
		ike_pl_raw(&b, msg.pl[i].type, msg.pl[i].body);
	assert_int_equal(ike_sk_end(&b, &sk, &ike_rng_openssl), 0);
	assert_int_equal(ike_msg_end(&b, &out), 0);
	p->len = out.len;
	return true;
}

static uint8_t types[] = { IKE_PL_TSI, IKE_PL_TSR };

/* a child that we do not take, but the peer has, is deleted there */
static void test_widened_child(void **state)
{
	widened_exchange = IKE_EX_CREATE_CHILD_SA;
	for (size_t i = 0; i < sizeof(types); i++) {
		struct sim *sim = sim_new(82);

		sim->tap = tap_widen;
		sim->tap_data = &types[i];
		sim_load_both(sim, 2);
		sim_run(sim, 1500);
		assert_int_equal(sim_count(sim, ALICE, IKE_EV_CHILD_UP), 1);
		assert_int_equal(sim_count(sim, ALICE, IKE_EV_FAILED), 1);
		assert_int_equal(sim_count(sim, BOB, IKE_EV_CHILD_UP), 2);
		assert_int_equal(sim->host[ALICE].n_sas, 1);
		assert_int_equal(sim->host[BOB].n_sas, 1);
		sim_check_mirror(sim);
		sim->tap = NULL;
		sim_run(sim, 10000);
		assert_int_equal(sim->host[ALICE].n_sas, 2);
		sim_free(sim);
	}
}

static void test_widened(void **state)
{
	widened_exchange = IKE_EX_AUTH;
	for (size_t i = 0; i < sizeof(types); i++) {
		struct sim *sim = sim_new(81);

		sim->tap = tap_widen;
		sim->tap_data = &types[i];
		sim_load_both(sim, 1);
		sim_run(sim, 1500);
		assert_int_equal(sim_count(sim, ALICE, IKE_EV_CHILD_UP), 0);
		assert_int_equal(sim_count(sim, ALICE, IKE_EV_FAILED), 1);
		assert_int_equal(sim->host[ALICE].n_sas, 0);
		assert_int_equal(sim->host[BOB].n_sas, 0);
		sim_free(sim);
	}
}

/* what a stranger says wrong is not held against who it pretends to be */
static void test_malformed_auth(void **state)
{
	struct talk *talk = talk_new(90, 1, false);
	const struct ike_goal *goal =
		STAILQ_FIRST(&talk->sim->host[BOB].e->goals);

	ike_pl_notify(say(talk, IKE_EX_AUTH), IKE_PROTO_NONE, nothing,
		      IKE_N_INITIAL_CONTACT, nothing);
	ask(talk);
	expect_notify(talk, IKE_N_INVALID_SYNTAX);
	bob_has(talk, 0, 0);
	assert_int_equal(sim_count(talk->sim, BOB, IKE_EV_FAILED), 1);
	assert_int_equal(goal->failures, 0);
	assert_int_equal(goal->retry, 0);
	talk_free(talk);
}

/* who is let in by one connection's algorithms is not by another's */
static void test_suite_of_another(void **state)
{
	static const char *const suites[] = {
		"aes128-sha256-modp2048",
		"aes256gcm16-prfsha384-ecp384",
	};
	struct sim *sim = sim_new(91);
	struct ike_conn *alice = sim_conn(sim, ALICE, 1), *bob[2];

	for (unsigned int i = 0; i < 2; i++) {
		bob[i] = sim_conn(sim, BOB, 1);
		bob[i]->remote.len = 0;
		assert_int_equal(ike_proposals_parse(suites[i], IKE_PROTO_IKE,
						     &bob[i]->ike, NULL),
				 0);
	}
	strcpy(bob[0]->name, "legacy");
	ike_id_parse("old.example", &bob[0]->remote_id, NULL);
	assert_int_equal(ike_proposals_parse(suites[0], IKE_PROTO_IKE,
					     &alice->ike, NULL),
			 0);
	ike_engine_load(sim->host[BOB].e, 0, bob, 2);
	sim_load(sim, ALICE, alice);
	sim_run(sim, 900);
	assert_int_equal(sim->host[BOB].n_sas, 0);
	assert_int_equal(sim_count(sim, BOB, IKE_EV_IKE_UP), 0);
	assert_non_null(strstr(sim_last(sim, BOB, IKE_EV_FAILED)->text,
			       "does not allow"));
	sim_free(sim);
}

/* the third connection is the one, behind two that have the same algorithms */
static void test_third_list(void **state)
{
	struct sim *sim = sim_new(98);
	struct ike_conn *bob[3];

	for (unsigned int i = 0; i < 3; i++) {
		bob[i] = sim_conn(sim, BOB, 1);
		bob[i]->remote.len = 0;
		bob[i]->name[0] = (char)('a' + i);
		if (i < 2)
			ike_proposals_parse("aes256gcm16-prfsha384-ecp384",
					    IKE_PROTO_IKE, &bob[i]->ike, NULL);
	}
	ike_engine_load(sim->host[BOB].e, 0, bob, 3);
	sim_load(sim, ALICE, sim_conn(sim, ALICE, 1));
	sim_run(sim, 900);
	assert_int_equal(sim->host[BOB].n_sas, 1);
	assert_int_equal(sim->host[BOB].sas[0].spec.conn[0], 'c');
	sim_free(sim);
}

/* Alice's answer to Bob's delete of a child; she sends none of her own */
static void answer_delete(struct talk *talk, uint32_t msgid, uint32_t spi)
{
	const struct ike_rng *rng = &talk->sim->host[ALICE].e->env.rng;
	const struct ike_hdr hdr = {
		.spi_i = talk->sa->spi_i,
		.spi_r = talk->sa->spi_r,
		.version = IKE_VERSION,
		.exchange = IKE_EX_INFORMATIONAL,
		.flags = IKE_FLAG_RESPONSE | IKE_FLAG_INITIATOR,
		.msgid = msgid,
	};
	struct ike_span msg;
	uint8_t octets[4];

	ike_put32(octets, spi);
	ike_msg_begin(&talk->out.b, talk->out.buf, sizeof(talk->out.buf), &hdr);
	ike_sk_begin(&talk->out.b, &talk->sa->out);
	ike_pl_delete(&talk->out.b, IKE_PROTO_ESP, 4, 1, ike_span(octets, 4));
	assert_int_equal(ike_sk_end(&talk->out.b, &talk->sa->out, rng), 0);
	assert_int_equal(ike_msg_end(&talk->out.b, &msg), 0);
	give(talk, msg);
}

/* the old one expires before the peer deletes it: the new one sends */
static void test_rekeyed_expires(void **state)
{
	struct talk *talk = talk_new(92, 1, true);
	struct sim_host *bob = &talk->sim->host[BOB];
	struct ike_sa *sa = LIST_FIRST(&bob->e->sas);
	uint32_t old = bob->sas[0].spec.spi_out;

	say_child(talk, IKE_PROTO_ESP, old, 0);
	ask(talk);
	bob_has(talk, 1, 2);
	ike_engine_child_expired(bob->e, talk->sim->now,
				 bob_sa(talk, old)->spec.id);
	assert_int_equal(sa->task.exchange, IKE_EX_INFORMATIONAL);
	assert_non_null(sa->task.child);
	answer_delete(talk, sa->task.msgid, old);
	bob_has(talk, 1, 1);
	assert_int_equal(bob->sas[0].spec.spi_out, ike_get32(new_spi));
	assert_true(bob->sas[0].active);
	talk_free(talk);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rekey_child),
		cmocka_unit_test(test_rekey_same_child),
		cmocka_unit_test(test_rekey_unknown_child),
		cmocka_unit_test(test_rekey_ike),
		cmocka_unit_test(test_rekey_ike_often),
		cmocka_unit_test(test_child_while_closing),
		cmocka_unit_test(test_rekey_ike_refused),
		cmocka_unit_test(test_child_lacks),
		cmocka_unit_test(test_too_early),
		cmocka_unit_test(test_no_proof),
		cmocka_unit_test(test_auth_method),
		cmocka_unit_test(test_too_early_request),
		cmocka_unit_test(test_widened),
		cmocka_unit_test(test_widened_child),
		cmocka_unit_test(test_message_ids),
		cmocka_unit_test(test_deletes),
		cmocka_unit_test(test_critical),
		cmocka_unit_test(test_late_refusal),
		cmocka_unit_test(test_mangled),
		cmocka_unit_test(test_malformed_auth),
		cmocka_unit_test(test_suite_of_another),
		cmocka_unit_test(test_third_list),
		cmocka_unit_test(test_rekeyed_expires),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
