// SPDX-License-Identifier: MIT
/* Two engines in the simulator: what they agree on, and when they do not. */
#include <stdio.h>
#include <stdlib.h>

#include "msg.h"
#include "sim.h"
#include "ts_list.h"

#define SECOND 1000

static void expect_up(const struct sim *sim, unsigned int children)
{
	assert_int_equal(sim_ike_sas(sim, ALICE, true), 1);
	assert_int_equal(sim_ike_sas(sim, BOB, true), 1);
	assert_int_equal(sim->host[ALICE].n_sas, children);
	sim_check_mirror(sim);
	for (unsigned int i = 0; i < children; i++)
		assert_true(sim->host[ALICE].sas[i].active);
}

static void expect_nothing(const struct sim *sim)
{
	for (unsigned int host = 0; host < 2; host++) {
		assert_int_equal(sim_ike_sas(sim, host, false), 0);
		assert_int_equal(sim->host[host].n_sas, 0);
	}
}

/* one failure, whose text or hint has a word in it */
static void expect_failure(const struct sim *sim, unsigned int host,
			   const char *word)
{
	const struct sim_event *event = sim_last(sim, host, IKE_EV_FAILED);

	assert_int_equal(sim_count(sim, host, IKE_EV_FAILED), 1);
	if (!strstr(event->text, word) && !strstr(event->hint, word))
		fail_msg("no \"%s\" in \"%s\" (%s)", word, event->text,
			 event->hint);
}

static void no_secrets(const struct sim *sim)
{
	for (unsigned int host = 0; host < 2; host++)
		for (unsigned int i = 0; i < sim->host[host].n_events; i++) {
			const struct sim_event *event =
				&sim->host[host].events[i];

			assert_null(strstr(event->text, "secret"));
			assert_null(strstr(event->hint, "secret"));
		}
}

static void set_ts(struct ike_ts_list *list, const char *text)
{
	assert_int_equal(ike_ts_list_parse(text, list, NULL), 0);
}

static void set_ike(struct ike_conn *conn, const char *text)
{
	assert_int_equal(
		ike_proposals_parse(text, IKE_PROTO_IKE, &conn->ike, NULL), 0);
}

static void set_esp(struct ike_conn *conn, const char *text)
{
	assert_int_equal(ike_proposals_parse(text, IKE_PROTO_ESP,
					     &conn->children[0].esp, NULL),
			 0);
}

/* a child without selectors: the two hosts */
static void set_hosts(struct ike_conn *conn, bool transport)
{
	conn->children[0].transport = transport;
	conn->children[0].local_ts.n = 0;
	conn->children[0].remote_ts.n = 0;
}

static void load(struct sim *sim, struct ike_conn *alice, struct ike_conn *bob)
{
	sim_load(sim, BOB, bob);
	sim_load(sim, ALICE, alice);
}

static void test_tunnel(void **state)
{
	struct sim *sim = sim_new(1);

	sim_load_both(sim, 1);
	sim_run(sim, SECOND);
	expect_up(sim, 1);
	assert_false(sim->host[BOB].sas[0].spec.encap);
	assert_int_equal(sim->host[BOB].sas[0].spec.encr, IKE_ENCR_AES_GCM_16);
	assert_int_equal(sim->host[BOB].sas[0].key_in.len, 36);
	for (unsigned int host = 0; host < 2; host++) {
		assert_int_equal(sim_count(sim, host, IKE_EV_IKE_UP), 1);
		assert_int_equal(sim_count(sim, host, IKE_EV_CHILD_UP), 1);
		assert_int_equal(sim_count(sim, host, IKE_EV_FAILED), 0);
		assert_int_equal(sim->host[host].sent, 2);
	}
	no_secrets(sim);
	sim_free(sim);
}

static void test_transport(void **state)
{
	struct sim *sim = sim_new(2);
	struct ike_conn *alice = sim_conn(sim, ALICE, 1);
	struct ike_conn *bob = sim_conn(sim, BOB, 1);

	set_hosts(alice, true);
	set_hosts(bob, true);
	load(sim, alice, bob);
	sim_run(sim, SECOND);
	expect_up(sim, 1);
	assert_true(sim->host[BOB].sas[0].spec.transport);
	assert_memory_equal(sim->host[BOB].sas[0].remote_ts.ts[0].lo,
			    sim->host[ALICE].addr.ip, 4);
	sim_free(sim);
}

static void test_narrow(void **state)
{
	struct sim *sim = sim_new(3);
	struct ike_conn *alice = sim_conn(sim, ALICE, 1);
	struct ike_conn *bob = sim_conn(sim, BOB, 1);
	char text[IKE_TS_TEXT_MAX];

	set_ts(&alice->children[0].remote_ts, "10.0.0.0/8");
	set_ts(&bob->children[0].remote_ts, "10.1.0.16/28");
	load(sim, alice, bob);
	sim_run(sim, SECOND);
	expect_up(sim, 1);
	ike_ts_list_print(&sim->host[ALICE].sas[0].remote_ts, text,
			  sizeof(text));
	assert_string_equal(text, "10.2.0.0/24");
	ike_ts_list_print(&sim->host[ALICE].sas[0].local_ts, text,
			  sizeof(text));
	assert_string_equal(text, "10.1.0.16/28");
	sim_free(sim);
}

static void test_esn(void **state)
{
	static const struct {
		const char *alice;
		const char *bob;
		bool esn;
	} cases[] = {
		{ "aes256gcm16-esn-noesn", "aes256gcm16-esn-noesn", true },
		{ "aes256gcm16-esn-noesn", "aes256gcm16-noesn", false },
		{ "aes256gcm16-noesn", "aes256gcm16-esn-noesn", false },
		{ "aes128gcm16-esn", "aes256gcm16-noesn,aes128gcm16-esn",
		  true },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sim *sim = sim_new(4);
		struct ike_conn *alice = sim_conn(sim, ALICE, 1);
		struct ike_conn *bob = sim_conn(sim, BOB, 1);

		set_esp(alice, cases[i].alice);
		set_esp(bob, cases[i].bob);
		load(sim, alice, bob);
		sim_run(sim, SECOND);
		expect_up(sim, 1);
		assert_int_equal(sim->host[BOB].sas[0].spec.esn, cases[i].esn);
		sim_free(sim);
	}
}

static void test_ike_suites(void **state)
{
	static const char *const suites[] = {
		"aes256gcm16-prfsha384-ecp384",
		"aes128-sha256-modp2048",
		"aes256-sha512-x25519",
		"aes256gcm16-prfsha512-ecp256",
	};

	for (size_t i = 0; i < sizeof(suites) / sizeof(suites[0]); i++) {
		struct sim *sim = sim_new(5);
		struct ike_conn *alice = sim_conn(sim, ALICE, 1);
		struct ike_conn *bob = sim_conn(sim, BOB, 1);

		set_ike(alice, suites[i]);
		set_ike(bob, suites[i]);
		load(sim, alice, bob);
		sim_run(sim, SECOND);
		expect_up(sim, 1);
		sim_free(sim);
	}
}

/* what does not fit, and how each side says so */
struct misfit {
	void (*change)(struct ike_conn *alice, struct ike_conn *bob);
	const char *alice;
	const char *bob;
};

static void misfit_psk(struct ike_conn *alice, struct ike_conn *bob)
{
	bob->psk[0] = 'S';
}

static void misfit_remote_id(struct ike_conn *alice, struct ike_conn *bob)
{
	ike_id_parse("c.example", &bob->remote_id, NULL);
}

static void misfit_local_id(struct ike_conn *alice, struct ike_conn *bob)
{
	ike_id_parse("c.example", &bob->local_id, NULL);
}

static void misfit_ike(struct ike_conn *alice, struct ike_conn *bob)
{
	set_ike(bob, "aes256gcm16-prfsha256-x25519");
}

static void misfit_esp(struct ike_conn *alice, struct ike_conn *bob)
{
	set_esp(bob, "aes128gcm16");
}

static void misfit_ts(struct ike_conn *alice, struct ike_conn *bob)
{
	set_ts(&bob->children[0].local_ts, "10.3.0.0/16");
}

static void misfit_mode(struct ike_conn *alice, struct ike_conn *bob)
{
	bob->children[0].transport = true;
}

static const struct misfit misfits[] = {
	{ misfit_psk, "psk", "psk" },
	{ misfit_remote_id, "remote_id", "a.example" },
	{ misfit_local_id, "_id", "b.example" },
	{ misfit_ike, "ike", "aes128gcm16" },
	{ misfit_esp, "NO_PROPOSAL_CHOSEN", "aes256gcm16" },
	{ misfit_ts, "TS_UNACCEPTABLE", "10.3.0.0/16" },
	{ misfit_mode, "NO_PROPOSAL_CHOSEN", "mode" },
};

static void test_misfits(void **state)
{
	for (size_t i = 0; i < sizeof(misfits) / sizeof(misfits[0]); i++) {
		struct sim *sim = sim_new(6 + i);
		struct ike_conn *alice = sim_conn(sim, ALICE, 1);
		struct ike_conn *bob = sim_conn(sim, BOB, 1);

		misfits[i].change(alice, bob);
		load(sim, alice, bob);
		/* the next attempt is not before two seconds */
		sim_run(sim, 3 * SECOND / 2);
		expect_failure(sim, ALICE, misfits[i].alice);
		expect_failure(sim, BOB, misfits[i].bob);
		expect_nothing(sim);
		no_secrets(sim);
		assert_int_equal(sim_count(sim, ALICE, IKE_EV_CHILD_UP), 0);
		sim_free(sim);
	}
}

/* the peer proves that it is somebody, but not whom we wanted */
static void test_other_peer(void **state)
{
	struct sim *sim = sim_new(19);
	struct ike_conn *alice = sim_conn(sim, ALICE, 1);

	alice->remote_id.type = IKE_ID_NONE;
	load(sim, alice, sim_conn(sim, BOB, 1));
	sim_run(sim, 3 * SECOND / 2);
	expect_failure(sim, ALICE, "b.example");
	expect_failure(sim, ALICE, "remote_id");
	assert_int_equal(sim_count(sim, ALICE, IKE_EV_IKE_UP), 0);
	expect_nothing(sim);
	sim_free(sim);
}

/* the initiator does not know the peer beforehand, but whom it may be */
static void test_pattern(void **state)
{
	struct sim *sim = sim_new(20);
	struct ike_conn *alice = sim_conn(sim, ALICE, 1);
	struct ike_conn *bob = sim_conn(sim, BOB, 1);

	ike_id_parse("*.example", &bob->remote_id, NULL);
	ike_id_parse("%any", &alice->remote_id, NULL);
	load(sim, alice, bob);
	sim_run(sim, SECOND);
	expect_up(sim, 1);
	sim_free(sim);
}

/* whoever knows the key may call, whatever its name is */
static void test_anybody(void **state)
{
	struct sim *sim = sim_new(20);
	struct ike_conn *bob = sim_conn(sim, BOB, 1);

	bob->remote.len = 0;
	ike_id_parse("%any", &bob->remote_id, NULL);
	load(sim, sim_conn(sim, ALICE, 1), bob);
	sim_run(sim, SECOND);
	expect_up(sim, 1);
	sim_free(sim);
}

static void test_retry(void **state)
{
	struct sim *sim = sim_new(21);
	struct ike_conn *bob = sim_conn(sim, BOB, 1);

	bob->psk[0] = 'S';
	load(sim, sim_conn(sim, ALICE, 1), bob);
	sim_run(sim, 600 * SECOND);
	/* back-off: neither silent nor in a rush */
	assert_in_range(sim_count(sim, ALICE, IKE_EV_FAILED), 5, 20);
	sim_load(sim, BOB, sim_conn(sim, BOB, 1));
	sim_run(sim, 400 * SECOND);
	expect_up(sim, 1);
	sim_free(sim);
}

static bool is_init_request(const struct sim_packet *p, struct ike_msg *msg)
{
	return !ike_msg_parse(ike_span(p->data, p->len), msg, NULL) &&
	       msg->hdr.exchange == IKE_EX_SA_INIT &&
	       !ike_hdr_is_response(&msg->hdr) && !ike_msg_check(msg, NULL);
}

/* the nonces of Alice's first two IKE_SA_INIT requests */
static bool tap_nonces(struct sim *sim, unsigned int from, struct sim_packet *p)
{
	uint8_t (*nonces)[32] = sim->tap_data;
	struct ike_msg msg;

	if (!is_init_request(p, &msg))
		return true;
	memcpy(nonces[0], nonces[1], 32);
	memcpy(nonces[1], ike_msg_find(&msg, IKE_PL_NONCE)->body.p, 32);
	return true;
}

static void test_invalid_ke(void **state)
{
	struct sim *sim = sim_new(22);
	uint8_t nonces[2][32] = { { 0 } };
	struct ike_conn *alice = sim_conn(sim, ALICE, 1);
	struct ike_conn *bob = sim_conn(sim, BOB, 1);

	set_ike(alice, "aes128gcm16-prfsha256-x25519-ecp256");
	set_ike(bob, "aes128gcm16-prfsha256-ecp256");
	sim->tap = tap_nonces;
	sim->tap_data = nonces;
	load(sim, alice, bob);
	sim_run(sim, SECOND);
	expect_up(sim, 1);
	/* a cookie would be bound to it */
	assert_memory_equal(nonces[0], nonces[1], 32);
	assert_int_equal(sim->host[ALICE].sent, 3);
	assert_int_equal(sim_count(sim, ALICE, IKE_EV_FAILED), 0);
	assert_int_equal(sim_count(sim, BOB, IKE_EV_FAILED), 0);
	sim_free(sim);
}

/* an answer to an IKE_SA_INIT request with one notify in it */
static void answer_init(struct sim *sim, const struct sim_packet *p,
			uint16_t type, struct ike_span data)
{
	struct ike_path path = { p->path.remote, p->path.local, false };
	struct ike_hdr hdr;
	uint8_t buf[256];
	struct ike_builder b;
	struct ike_span out;

	assert_int_equal(ike_hdr_parse(ike_span(p->data, p->len), &hdr, NULL),
			 0);
	hdr.flags = IKE_FLAG_RESPONSE;
	ike_msg_begin(&b, buf, sizeof(buf), &hdr);
	ike_pl_notify(&b, IKE_PROTO_NONE, ike_span(NULL, 0), type, data);
	assert_int_equal(ike_msg_end(&b, &out), 0);
	sim_inject(sim, !p->to, &path, out);
}

/* Bob is under attack and wants to see a cookie again, behind nothing else */
static bool tap_cookie(struct sim *sim, unsigned int from, struct sim_packet *p)
{
	const struct ike_span cookie = ike_span("a cookie of bob's", 17);
	unsigned int *asked = sim->tap_data;
	const struct ike_payload *n;
	struct ike_msg msg;

	if (!is_init_request(p, &msg))
		return true;
	n = ike_msg_notify(&msg, IKE_N_COOKIE);
	if (!n) {
		++*asked;
		answer_init(sim, p, IKE_N_COOKIE, cookie);
		return false;
	}
	assert_true(ike_span_equal(n->data, cookie));
	assert_int_equal(msg.pl[0].type, IKE_PL_NOTIFY);
	return true;
}

static void test_cookie(void **state)
{
	struct sim *sim = sim_new(23);
	unsigned int asked = 0;

	sim->tap = tap_cookie;
	sim->tap_data = &asked;
	sim_load_both(sim, 1);
	sim_run(sim, SECOND);
	expect_up(sim, 1);
	assert_int_equal(asked, 1);
	sim_free(sim);
}

/* somebody who wants to see another cookie each time gets tired of first */
static bool tap_cookies(struct sim *sim, unsigned int from,
			struct sim_packet *p)
{
	unsigned int *asked = sim->tap_data;
	struct ike_msg msg;

	if (!is_init_request(p, &msg))
		return true;
	++*asked;
	answer_init(sim, p, IKE_N_COOKIE, ike_span(asked, sizeof(*asked)));
	return false;
}

static void test_cookies(void **state)
{
	struct sim *sim = sim_new(23);
	unsigned int asked = 0;

	sim->tap = tap_cookies;
	sim->tap_data = &asked;
	sim_load_both(sim, 1);
	sim_run(sim, SECOND);
	expect_failure(sim, ALICE, "COOKIE");
	assert_in_range(asked, 2, 10);
	sim_free(sim);
}

/* anybody can send a refusal: it must not stop us for good */
static bool tap_refuse(struct sim *sim, unsigned int from, struct sim_packet *p)
{
	unsigned int *times = sim->tap_data;
	struct ike_msg msg;

	if (!is_init_request(p, &msg) || !*times)
		return true;
	--*times;
	answer_init(sim, p, IKE_N_NO_PROPOSAL_CHOSEN, ike_span(NULL, 0));
	return false;
}

static void test_spoofed_refusal(void **state)
{
	struct sim *sim = sim_new(24);
	unsigned int times = 3;

	sim->tap = tap_refuse;
	sim->tap_data = &times;
	sim_load_both(sim, 1);
	sim_run(sim, 60 * SECOND);
	expect_up(sim, 1);
	sim_free(sim);
}

static void test_down(void **state)
{
	for (unsigned int who = 0; who < 2; who++) {
		struct sim *sim = sim_new(25 + who);
		const char *conn = who ? "to-a.example" : "to-b.example";

		sim_load_both(sim, 1);
		sim_run(sim, SECOND);
		expect_up(sim, 1);
		assert_int_equal(ike_engine_down(sim->host[who].e, sim->now,
						 conn, NULL),
				 0);
		sim_run(sim, SECOND);
		expect_nothing(sim);
		/* Alice wants it, unless it was she who took it down */
		sim_run(sim, 60 * SECOND);
		if (who == BOB)
			expect_up(sim, 1);
		else
			expect_nothing(sim);
		assert_int_equal(ike_engine_up(sim->host[ALICE].e, sim->now,
					       "to-b.example", "net0"),
				 0);
		sim_run(sim, 2 * SECOND);
		expect_up(sim, 1);
		sim_free(sim);
	}
}

static void test_names(void **state)
{
	struct sim *sim = sim_new(27);
	struct ike_engine *e = sim->host[ALICE].e;

	sim_load_both(sim, 1);
	assert_int_not_equal(ike_engine_up(e, sim->now, "nobody", NULL), 0);
	assert_int_not_equal(ike_engine_up(e, sim->now, "to-b.example", "x"),
			     0);
	assert_int_not_equal(ike_engine_down(e, sim->now, "nobody", NULL), 0);
	assert_int_not_equal(ike_engine_down(e, sim->now, "to-b.example", "x"),
			     0);
	sim_free(sim);
}

static void test_down_child(void **state)
{
	struct sim *sim = sim_new(28);

	sim_load_both(sim, 3);
	sim_run(sim, SECOND);
	expect_up(sim, 3);
	assert_int_equal(ike_engine_down(sim->host[ALICE].e, sim->now,
					 "to-b.example", "net1"),
			 0);
	sim_run(sim, 60 * SECOND);
	expect_up(sim, 2);
	for (unsigned int i = 0; i < 2; i++)
		assert_string_not_equal(sim->host[ALICE].sas[i].spec.child,
					"net1");
	sim_free(sim);
}

static void test_dpd(void **state)
{
	struct sim *sim = sim_new(29);
	struct ike_conn *alice = sim_conn(sim, ALICE, 1);
	unsigned int sent;

	alice->dpd = 10;
	load(sim, alice, sim_conn(sim, BOB, 1));
	sim_run(sim, SECOND);
	expect_up(sim, 1);
	sent = sim->host[ALICE].sent;
	sim_run(sim, 60 * SECOND);
	expect_up(sim, 1);
	assert_in_range(sim->host[ALICE].sent - sent, 4, 8);
	sim->cut = true;
	sim_run(sim, 180 * SECOND);
	assert_int_equal(sim->host[ALICE].n_sas, 0);
	assert_int_equal(sim_ike_sas(sim, ALICE, true), 0);
	sim->cut = false;
	sim_run(sim, 180 * SECOND);
	/* INITIAL_CONTACT rid Bob of the old one */
	expect_up(sim, 1);
	sim_free(sim);
}

static void test_no_answer(void **state)
{
	struct sim *sim = sim_new(30);

	sim->cut = true;
	sim_load_both(sim, 1);
	sim_run(sim, 100 * SECOND);
	assert_in_range(sim_count(sim, ALICE, IKE_EV_FAILED), 1, 3);
	assert_non_null(
		strstr(sim_last(sim, ALICE, IKE_EV_FAILED)->text, "192.0.2.2"));
	assert_non_null(
		strstr(sim_last(sim, ALICE, IKE_EV_FAILED)->hint, "500"));
	sim->cut = false;
	sim_run(sim, 120 * SECOND);
	expect_up(sim, 1);
	sim_free(sim);
}

static void test_children(void **state)
{
	struct sim *sim = sim_new(31);

	sim_load_both(sim, 4);
	sim_run(sim, 2 * SECOND);
	expect_up(sim, 4);
	sim_free(sim);
}

/* with a key exchange of its own, in CREATE_CHILD_SA but not in IKE_AUTH */
static void test_pfs(void **state)
{
	struct sim *sim = sim_new(32);
	struct ike_conn *alice = sim_conn(sim, ALICE, 2);
	struct ike_conn *bob = sim_conn(sim, BOB, 2);

	for (unsigned int i = 0; i < 2; i++) {
		ike_proposals_parse("aes256gcm16-x25519-ecp256", IKE_PROTO_ESP,
				    &alice->children[i].esp, NULL);
		ike_proposals_parse("aes256gcm16-x25519", IKE_PROTO_ESP,
				    &bob->children[i].esp, NULL);
	}
	load(sim, alice, bob);
	sim_run(sim, 2 * SECOND);
	expect_up(sim, 2);
	sim_free(sim);
}

static void test_child_invalid_ke(void **state)
{
	struct sim *sim = sim_new(33);
	struct ike_conn *alice = sim_conn(sim, ALICE, 2);
	struct ike_conn *bob = sim_conn(sim, BOB, 2);

	ike_proposals_parse("aes256gcm16-x25519-ecp256", IKE_PROTO_ESP,
			    &alice->children[1].esp, NULL);
	ike_proposals_parse("aes256gcm16-ecp256", IKE_PROTO_ESP,
			    &bob->children[1].esp, NULL);
	load(sim, alice, bob);
	sim_run(sim, 2 * SECOND);
	expect_up(sim, 2);
	assert_int_equal(sim_count(sim, ALICE, IKE_EV_FAILED), 0);
	sim_free(sim);
}

static void test_nat(void **state)
{
	for (unsigned int transport = 0; transport < 2; transport++) {
		struct sim *sim = sim_new(34 + transport);
		struct ike_conn *alice, *bob;

		sim->nat = 20500;
		alice = sim_conn(sim, ALICE, 1);
		bob = sim_conn(sim, BOB, 1);
		if (transport) {
			set_hosts(alice, true);
			set_hosts(bob, true);
		}
		load(sim, alice, bob);
		sim_run(sim, SECOND);
		expect_up(sim, 1);
		assert_true(sim->host[BOB].sas[0].spec.encap);
		assert_true(sim->host[BOB].sas[0].spec.path.natt);
		assert_int_equal(sim->host[BOB].sas[0].spec.path.remote.port,
				 24500);
		assert_int_equal(sim->host[ALICE].sas[0].spec.path.remote.port,
				 4500);
		sim_run(sim, 65 * SECOND);
		assert_in_range(sim->host[ALICE].keepalives, 3, 4);
		assert_int_equal(sim->host[BOB].keepalives, 0);
		sim_free(sim);
	}
}

static void test_forced_encap(void **state)
{
	for (unsigned int who = 0; who < 2; who++) {
		struct sim *sim = sim_new(36 + who);
		struct ike_conn *alice = sim_conn(sim, ALICE, 1);
		struct ike_conn *bob = sim_conn(sim, BOB, 1);

		(who ? bob : alice)->encap = IKE_ENCAP_YES;
		load(sim, alice, bob);
		sim_run(sim, SECOND);
		expect_up(sim, 1);
		assert_true(sim->host[ALICE].sas[0].spec.encap);
		sim_free(sim);
	}
}

/* the first answer to IKE_AUTH is lost */
static bool tap_auth_lost(struct sim *sim, unsigned int from,
			  struct sim_packet *p)
{
	unsigned int *lost = sim->tap_data;

	return from == ALICE || p->data[18] != IKE_EX_AUTH || ++*lost > 1;
}

static void test_auth_lost(void **state)
{
	struct sim *sim = sim_new(39);
	unsigned int lost = 0;

	sim->tap = tap_auth_lost;
	sim->tap_data = &lost;
	sim_load_both(sim, 1);
	sim_run(sim, 3 * SECOND);
	assert_int_equal(lost, 2);
	expect_up(sim, 1);
	assert_int_equal(sim_count(sim, BOB, IKE_EV_IKE_UP), 1);
	sim_free(sim);
}

/* every message arrives twice, and later all of them once more, mixed */
struct recorder {
	unsigned int n;
	struct sim_packet p[64];
};

static bool tap_record(struct sim *sim, unsigned int from, struct sim_packet *p)
{
	struct recorder *rec = sim->tap_data;

	if (rec->n < 64)
		rec->p[rec->n++] = *p;
	return true;
}

static void test_replay(void **state)
{
	struct recorder *rec = calloc(1, sizeof(*rec));
	struct sim *sim = sim_new(38);
	uint32_t spi;

	assert_non_null(rec);
	sim->tap = tap_record;
	sim->tap_data = rec;
	sim->dup = 100;
	sim_load_both(sim, 3);
	sim_run(sim, 2 * SECOND);
	expect_up(sim, 3);
	sim->tap = NULL;
	spi = sim->host[BOB].sas[0].spec.spi_in;
	for (unsigned int i = 0; i < 500; i++) {
		const struct sim_packet *p = &rec->p[dice(&sim->dice, rec->n)];

		sim_inject(sim, p->to, &p->path, ike_span(p->data, p->len));
		sim_run(sim, 20);
	}
	sim_run(sim, 60 * SECOND);
	expect_up(sim, 3);
	assert_int_equal(sim->host[BOB].sas[0].spec.spi_in, spi);
	assert_int_equal(sim_count(sim, BOB, IKE_EV_IKE_UP), 1);
	sim_free(sim);
	free(rec);
}

/* what is not authentic changes nothing, whatever it is */
static bool tap_forge(struct sim *sim, unsigned int from, struct sim_packet *p)
{
	struct sim_packet *forged =
		sim_inject(sim, p->to, &p->path, ike_span(p->data, p->len));

	if (dice(&sim->dice, 4))
		forged->data[dice(&sim->dice, (uint32_t)p->len)] ^=
			(uint8_t)(1 << dice(&sim->dice, 8));
	else
		forged->len = dice(&sim->dice, (uint32_t)p->len);
	/* it is there first */
	forged->at = sim->now + 1;
	return true;
}

static void test_forged(void **state)
{
	/* before IKE_SA_INIT is over, a forgery may well cost the attempt */
	for (unsigned int seed = 0; seed < 200; seed++) {
		struct sim *sim = sim_new(1000 + seed);

		sim_load_both(sim, 2);
		sim_run(sim, SECOND);
		expect_up(sim, 2);
		sim->tap = tap_forge;
		ike_engine_down(sim->host[ALICE].e, sim->now, "to-b.example",
				"net1");
		sim_run(sim, 10 * SECOND);
		expect_up(sim, 1);
		ike_engine_up(sim->host[ALICE].e, sim->now, "to-b.example",
			      "net1");
		sim_run(sim, 10 * SECOND);
		expect_up(sim, 2);
		assert_int_equal(sim_count(sim, ALICE, IKE_EV_IKE_DOWN), 0);
		sim_free(sim);
	}
}

static void heal(struct sim *sim, unsigned int children)
{
	sim->loss = 0;
	sim->dup = 0;
	sim->jitter = 0;
	for (unsigned int i = 0; i < 12; i++) {
		sim_run(sim, 60 * SECOND);
		if (sim->host[ALICE].n_sas == children &&
		    sim->host[BOB].n_sas == children)
			break;
	}
}

static uint64_t run_lossy(uint64_t seed)
{
	struct sim *sim = sim_new(seed);
	unsigned int children = 1 + seed % 3;
	struct ike_conn *alice, *bob;
	uint64_t trace;

	sim->loss = seed * 7 % 45;
	sim->dup = seed * 5 % 30;
	sim->jitter = seed % 4 ? 400 : 3000;
	sim->nat = seed % 5 ? 0 : 30500;
	alice = sim_conn(sim, ALICE, children);
	alice->dpd = 5;
	bob = sim_conn(sim, BOB, children);
	bob->dpd = 5;
	load(sim, alice, bob);
	sim_run(sim, 120 * SECOND);
	heal(sim, children);
	if (sim_ike_sas(sim, ALICE, true) != 1 ||
	    sim->host[ALICE].n_sas != children ||
	    sim->host[BOB].n_sas != children)
		fail_msg("seed %llu: %u IKE SAs, %u and %u of %u children",
			 (unsigned long long)seed,
			 sim_ike_sas(sim, ALICE, true), sim->host[ALICE].n_sas,
			 sim->host[BOB].n_sas, children);
	sim_check_mirror(sim);
	trace = sim->trace;
	sim_free(sim);
	return trace;
}

static void test_loss(void **state)
{
	const char *env = getenv("SIM_SEEDS");
	unsigned int seeds = env ? (unsigned int)atoi(env) : 1000;
	const char *from = getenv("SIM_SEED");
	uint64_t first = from ? (uint64_t)atoll(from) : 1;

	for (uint64_t seed = first; seed < first + seeds; seed++)
		run_lossy(seed);
}

static void test_deterministic(void **state)
{
	for (uint64_t seed = 1; seed <= 5; seed++)
		assert_true(run_lossy(seed) == run_lossy(seed));
	assert_true(run_lossy(1) != run_lossy(2));
}

static void test_reload(void **state)
{
	struct sim *sim = sim_new(40);
	struct ike_conn *alice;
	uint32_t spi;

	sim_load_both(sim, 1);
	sim_run(sim, SECOND);
	expect_up(sim, 1);
	spi = sim->host[ALICE].sas[0].spec.spi_in;
	sim_load(sim, ALICE, sim_conn(sim, ALICE, 1));
	sim_run(sim, SECOND);
	expect_up(sim, 1);
	assert_int_equal(sim->host[ALICE].sas[0].spec.spi_in, spi);

	alice = sim_conn(sim, ALICE, 1);
	set_ts(&alice->children[0].remote_ts, "10.2.0.0/25");
	sim_load(sim, ALICE, alice);
	sim_run(sim, 10 * SECOND);
	expect_up(sim, 1);
	assert_int_not_equal(sim->host[ALICE].sas[0].spec.spi_in, spi);

	sim_load(sim, ALICE, NULL);
	sim_run(sim, 10 * SECOND);
	expect_nothing(sim);
	sim_free(sim);
}

static void test_kernel_refuses(void **state)
{
	for (unsigned int who = 0; who < 2; who++) {
		struct sim *sim = sim_new(41 + who);

		sim->host[who].refuse = true;
		sim_load_both(sim, 1);
		sim_run(sim, 3 * SECOND / 2);
		assert_int_equal(sim_count(sim, who, IKE_EV_FAILED), 1);
		assert_non_null(strstr(sim_last(sim, who, IKE_EV_FAILED)->text,
				       "the kernel is full"));
		assert_int_equal(sim->host[!who].n_sas, 0);
		sim->host[who].refuse = false;
		sim_run(sim, 120 * SECOND);
		expect_up(sim, 1);
		sim_free(sim);
	}
}

static void test_shutdown(void **state)
{
	struct sim *sim = sim_new(43);

	sim_load_both(sim, 2);
	sim_run(sim, 2 * SECOND);
	expect_up(sim, 2);
	assert_false(ike_engine_idle(sim->host[ALICE].e));
	ike_engine_shutdown(sim->host[ALICE].e, sim->now);
	sim_run(sim, SECOND);
	assert_true(ike_engine_idle(sim->host[ALICE].e));
	expect_nothing(sim);
	sim_run(sim, 100 * SECOND);
	expect_nothing(sim);
	sim_free(sim);
}

/* requests that nobody follows up cost little and go away by themselves */
static void test_half_open(void **state)
{
	struct recorder *rec = calloc(1, sizeof(*rec));
	struct sim *sim = sim_new(44);
	struct sim_packet first;

	assert_non_null(rec);
	sim->tap = tap_record;
	sim->tap_data = rec;
	sim_load_both(sim, 1);
	sim_run(sim, SECOND);
	expect_up(sim, 1);
	sim->tap = NULL;
	first = rec->p[0];
	for (unsigned int i = 0; i < 600; i++) {
		ike_put64(first.data, 0x1000 + i);
		ike_engine_datagram(sim->host[BOB].e, sim->now, &first.path,
				    ike_span(first.data, first.len));
	}
	assert_in_range(sim_ike_sas(sim, BOB, false), 10, 300);
	sim_run(sim, 31 * SECOND);
	expect_up(sim, 1);
	assert_int_equal(sim_ike_sas(sim, BOB, false), 1);
	sim_free(sim);
	free(rec);
}

/* both begin at once: no less than one pair, and no end of fighting */
static void test_simultaneous(void **state)
{
	for (unsigned int seed = 0; seed < 50; seed++) {
		struct sim *sim = sim_new(2000 + seed);
		struct ike_conn *bob = sim_conn(sim, BOB, 1);
		unsigned int sent;

		sim->jitter = seed;
		bob->children[0].start = true;
		load(sim, sim_conn(sim, ALICE, 1), bob);
		sim_run(sim, 120 * SECOND);
		assert_true(sim->host[ALICE].n_sas >= 1);
		sim_check_mirror(sim);
		sent = sim->host[ALICE].sent;
		sim_run(sim, 600 * SECOND);
		assert_true(sim->host[ALICE].n_sas >= 1);
		assert_in_range(sim->host[ALICE].sent - sent, 0, 20);
		sim_free(sim);
	}
}

/* the delete must wait until the request before it is through */
static bool tap_lose_create(struct sim *sim, unsigned int from,
			    struct sim_packet *p)
{
	unsigned int *lose = sim->tap_data;

	if (p->data[18] != IKE_EX_CREATE_CHILD_SA || !*lose)
		return true;
	--*lose;
	return false;
}

static void test_down_meanwhile(void **state)
{
	for (unsigned int child = 0; child < 2; child++) {
		struct sim *sim = sim_new(46);
		unsigned int lose = 1;

		sim->tap = tap_lose_create;
		sim->tap_data = &lose;
		sim_load_both(sim, 2);
		sim_run(sim, 500);
		expect_up(sim, 1);
		ike_engine_down(sim->host[ALICE].e, sim->now, "to-b.example",
				child ? "net1" : NULL);
		sim_run(sim, 5 * SECOND);
		assert_int_equal(lose, 0);
		if (child)
			expect_up(sim, 1);
		else
			expect_nothing(sim);
		sim_free(sim);
	}
}

static void test_expired(void **state)
{
	struct sim *sim = sim_new(45);
	uint32_t id, spi;

	sim_load_both(sim, 1);
	sim_run(sim, SECOND);
	expect_up(sim, 1);
	id = sim->host[ALICE].sas[0].spec.id;
	spi = sim->host[ALICE].sas[0].spec.spi_in;
	ike_engine_child_expired(sim->host[ALICE].e, sim->now, id);
	sim_run(sim, 10 * SECOND);
	expect_up(sim, 1);
	assert_int_not_equal(sim->host[ALICE].sas[0].spec.spi_in, spi);
	sim_free(sim);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tunnel),
		cmocka_unit_test(test_transport),
		cmocka_unit_test(test_narrow),
		cmocka_unit_test(test_esn),
		cmocka_unit_test(test_ike_suites),
		cmocka_unit_test(test_misfits),
		cmocka_unit_test(test_other_peer),
		cmocka_unit_test(test_pattern),
		cmocka_unit_test(test_anybody),
		cmocka_unit_test(test_retry),
		cmocka_unit_test(test_invalid_ke),
		cmocka_unit_test(test_cookie),
		cmocka_unit_test(test_cookies),
		cmocka_unit_test(test_spoofed_refusal),
		cmocka_unit_test(test_down),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_down_child),
		cmocka_unit_test(test_dpd),
		cmocka_unit_test(test_no_answer),
		cmocka_unit_test(test_children),
		cmocka_unit_test(test_pfs),
		cmocka_unit_test(test_child_invalid_ke),
		cmocka_unit_test(test_nat),
		cmocka_unit_test(test_forced_encap),
		cmocka_unit_test(test_auth_lost),
		cmocka_unit_test(test_replay),
		cmocka_unit_test(test_forged),
		cmocka_unit_test(test_reload),
		cmocka_unit_test(test_kernel_refuses),
		cmocka_unit_test(test_shutdown),
		cmocka_unit_test(test_half_open),
		cmocka_unit_test(test_simultaneous),
		cmocka_unit_test(test_down_meanwhile),
		cmocka_unit_test(test_expired),
		cmocka_unit_test(test_deterministic),
		cmocka_unit_test(test_loss),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
