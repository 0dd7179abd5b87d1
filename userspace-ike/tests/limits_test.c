// SPDX-License-Identifier: MIT
/* What strangers, and peers, cannot use up. */
#include <stdlib.h>

#include "talk.h"

#define SECOND 1000

/**
 * struct crowd - strangers before Bob's door
 * @sim: with both engines
 * @next_spi: of the next one that knocks
 * @n_answers: what Bob has sent to strangers
 * @answer: the last of it
 * @notify: its notification, of no type if it has none
 * @send: how Bob sends to Alice
 */
struct crowd {
	struct sim *sim;
	uint64_t next_spi;
	unsigned int n_answers;
	uint8_t answer[SIM_MSG_MAX];
	struct ike_payload notify;
	void (*send)(void *ctx, const struct ike_path *path,
		     struct ike_span msg);
};

static struct crowd crowd;

static void crowd_send(void *ctx, const struct ike_path *path,
		       struct ike_span raw)
{
	struct ike_msg msg;

	if (ike_addr_same_host(&path->remote, &crowd.sim->host[ALICE].addr)) {
		crowd.send(ctx, path, raw);
		return;
	}
	crowd.n_answers++;
	memcpy(crowd.answer, raw.p, raw.len);
	assert_int_equal(
		ike_msg_parse(ike_span(crowd.answer, raw.len), &msg, NULL), 0);
	crowd.notify = (struct ike_payload){ 0 };
	if (msg.n != 1 || msg.pl[0].type != IKE_PL_NOTIFY)
		return;
	crowd.notify = msg.pl[0];
	assert_int_equal(ike_payload_read(&crowd.notify, NULL), 0);
}

/* Bob talks with everybody, and has @ike */
static void crowd_begin(const char *ike)
{
	struct sim *sim = sim_new(1);
	struct ike_conn *bob = sim_conn(sim, BOB, 1);

	assert_int_equal(
		ike_proposals_parse(ike, IKE_PROTO_IKE, &bob->ike, NULL), 0);
	bob->remote.len = 0;
	sim_load(sim, BOB, bob);
	crowd = (struct crowd){
		.sim = sim,
		.next_spi = 1,
		.send = sim->host[BOB].e->env.send,
	};
	sim->host[BOB].e->env.send = crowd_send;
}

static unsigned int half_open(void)
{
	return crowd.sim->host[BOB].e->n_half_open;
}

/* an IKE_SA_INIT request; each has another SPI */
static void knock_from(const struct ike_addr *addr, struct ike_span nonce,
		       const char *ike, uint16_t group, struct ike_span public,
		       struct ike_span cookie)
{
	const struct ike_path path = {
		.local = crowd.sim->host[BOB].addr,
		.remote = *addr,
	};
	struct ike_hdr hdr = {
		.spi_i = crowd.next_spi,
		.version = IKE_VERSION,
		.exchange = IKE_EX_SA_INIT,
		.flags = IKE_FLAG_INITIATOR,
	};
	uint8_t buf[IKE_OUT_MAX];
	struct ike_builder b;
	struct ike_span msg;

	ike_msg_begin(&b, buf, sizeof(buf), &hdr);
	if (cookie.len)
		ike_pl_notify(&b, IKE_PROTO_NONE, nothing, IKE_N_COOKIE,
			      cookie);
	say_sa(&b, ike, IKE_PROTO_IKE, NULL, 0);
	ike_pl_ke(&b, group, public);
	ike_pl_raw(&b, IKE_PL_NONCE, nonce);
	assert_int_equal(ike_msg_end(&b, &msg), 0);
	ike_engine_datagram(crowd.sim->host[BOB].e, crowd.sim->now, &path, msg);
}

/* from 10.9.x.x */
static void knock(unsigned int host, const char *ike, uint16_t group,
		  struct ike_span public, struct ike_span cookie)
{
	const struct ike_addr addr = {
		.len = 4,
		.ip = { 10, 9, (uint8_t)(host >> 8), (uint8_t)host },
		.port = 500,
	};

	knock_from(&addr, ike_span(new_nonce, 32), ike, group, public, cookie);
}

#define SUITE "aes128gcm16-prfsha256-x25519"

static void knock_well(unsigned int host, struct ike_span cookie)
{
	static const uint8_t base_point[32] = { 9 };

	knock(host, SUITE, IKE_KE_X25519, ike_span(base_point, 32), cookie);
}

/* with what Bob wants to see, if he does */
static void knock_twice(unsigned int host)
{
	uint8_t cookie[64];
	size_t len;

	crowd.notify.notify = 0;
	knock_well(host, nothing);
	if (crowd.notify.notify == IKE_N_COOKIE) {
		len = crowd.notify.data.len;
		memcpy(cookie, crowd.notify.data.p, len);
		knock_well(host, ike_span(cookie, len));
	}
	crowd.next_spi++;
}

static void test_cookie_wanted(void **state)
{
	unsigned int i;

	crowd_begin(SUITE);
	for (i = 0; i < 32; i++, crowd.next_spi++)
		knock_well(i, nothing);
	assert_int_equal(half_open(), 32);
	assert_int_equal(crowd.notify.notify, 0);
	/* who does not answer at its address costs nothing from now on */
	for (; i < 5000; i++, crowd.next_spi++) {
		knock_well(i, nothing);
		assert_int_equal(crowd.n_answers, i + 1);
		assert_int_equal(crowd.notify.notify, IKE_N_COOKIE);
	}
	assert_int_equal(half_open(), 32);
	/* and who does gets in */
	sim_load(crowd.sim, ALICE, sim_conn(crowd.sim, ALICE, 1));
	sim_run(crowd.sim, SECOND);
	assert_int_equal(crowd.sim->host[BOB].n_sas, 1);
	sim_free(crowd.sim);
}

static void test_cookie_is_bound(void **state)
{
	uint8_t cookie[64];
	size_t len;

	crowd_begin(SUITE);
	for (unsigned int i = 0; i < 33; i++, crowd.next_spi++)
		knock_well(i, nothing);
	crowd.next_spi--;
	len = crowd.notify.data.len;
	memcpy(cookie, crowd.notify.data.p, len);
	/* to an address, an SPI, and its own octets */
	knock_well(99, ike_span(cookie, len));
	assert_int_equal(half_open(), 32);
	crowd.next_spi++;
	knock_well(32, ike_span(cookie, len));
	assert_int_equal(half_open(), 32);
	crowd.next_spi--;
	knock_well(32, ike_span(cookie, len - 1));
	assert_int_equal(half_open(), 32);
	cookie[0] ^= 1;
	knock_well(32, ike_span(cookie, len));
	assert_int_equal(half_open(), 32);
	cookie[0] ^= 1;
	knock_well(32, ike_span(cookie, len));
	assert_int_equal(half_open(), 33);
	sim_free(crowd.sim);
}

/* the last octets of an IPv6 address are not somebody's IPv4 address */
static void test_cookie_family(void **state)
{
	static const uint8_t base_point[32] = { 9 };
	struct ike_addr mine = {
		.len = 16,
		.ip = { 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 10, 9, 0, 99 },
		.port = 500,
	};
	struct ike_addr victim = { .len = 4, .ip = { 10, 9, 0, 99 },
				   .port = 500 };
	uint8_t nonce[44], cookie[64];
	size_t len;

	crowd_begin(SUITE);
	for (unsigned int i = 0; i < 32; i++, crowd.next_spi++)
		knock_well(i, nothing);
	memcpy(nonce, new_nonce, 32);
	memcpy(nonce + 32, mine.ip, 12);
	knock_from(&mine, ike_span(nonce, 32), SUITE, IKE_KE_X25519,
		   ike_span(base_point, 32), nothing);
	assert_int_equal(crowd.notify.notify, IKE_N_COOKIE);
	len = crowd.notify.data.len;
	memcpy(cookie, crowd.notify.data.p, len);
	knock_from(&victim, ike_span(nonce, 44), SUITE, IKE_KE_X25519,
		   ike_span(base_point, 32), ike_span(cookie, len));
	assert_int_equal(half_open(), 32);
	sim_free(crowd.sim);
}

/* a cookie is good for a minute at least, and for no more than two */
static void test_cookie_ages(void **state)
{
	uint8_t cookie[64];
	uint64_t spi;
	size_t len;

	crowd_begin(SUITE);
	for (unsigned int i = 0; i < 33; i++, crowd.next_spi++)
		knock_well(i, nothing);
	spi = crowd.next_spi - 1;
	len = crowd.notify.data.len;
	memcpy(cookie, crowd.notify.data.p, len);
	for (unsigned int minutes = 1; minutes < 3; minutes++) {
		sim_run(crowd.sim, 60 * SECOND);
		/* the old ones have left: fill it again, and use the secret */
		crowd.next_spi = 1000 * minutes;
		for (unsigned int i = 0; i < 33; i++, crowd.next_spi++)
			knock_well(i, nothing);
		assert_int_equal(half_open(), 32);
		crowd.next_spi = spi;
		knock_well(32, ike_span(cookie, len));
		assert_int_equal(half_open(), minutes == 1 ? 33 : 32);
	}
	sim_free(crowd.sim);
}

/* those who are where they say: a few from one host, not all from all */
static void test_half_open_max(void **state)
{
	crowd_begin(SUITE);
	for (unsigned int i = 0; i < 2 * IKE_HALF_OPEN_HOST; i++)
		knock_twice(7);
	assert_int_equal(half_open(), IKE_HALF_OPEN_HOST);
	for (unsigned int i = 0; i < 2 * IKE_HALF_OPEN_MAX; i++)
		knock_twice(i + 8);
	assert_int_equal(half_open(), IKE_HALF_OPEN_MAX);
	/* nobody stays */
	sim_run(crowd.sim, IKE_HALF_OPEN_TIME + SECOND);
	assert_int_equal(half_open(), 0);
	assert_int_equal(sim_ike_sas(crowd.sim, BOB, false), 0);
	sim_free(crowd.sim);
}

/* a public value that cannot be one costs no key exchange, or is counted */
static void test_bad_public_value(void **state)
{
	static const uint8_t off_curve[64] = { 1 };
	unsigned int i;

	crowd_begin("aes128gcm16-prfsha256-ecp256");
	for (i = 0; i < 100; i++, crowd.next_spi++) {
		knock(i, "aes128gcm16-prfsha256-ecp256", IKE_KE_ECP256,
		      ike_span(off_curve, 1 + i % 63), nothing);
		assert_int_equal(crowd.notify.notify, IKE_N_INVALID_SYNTAX);
	}
	assert_int_equal(crowd.sim->host[BOB].e->cookies.begun, 0);
	for (i = 0; i < 33; i++, crowd.next_spi++) {
		crowd.notify.notify = 0;
		knock(i, "aes128gcm16-prfsha256-ecp256", IKE_KE_ECP256,
		      ike_span(off_curve, 64), nothing);
		assert_int_equal(half_open(), 0);
	}
	assert_int_equal(crowd.notify.notify, IKE_N_COOKIE);
	/* another second, another chance */
	sim_run(crowd.sim, SECOND);
	crowd.notify.notify = 0;
	knock(0, "aes128gcm16-prfsha256-ecp256", IKE_KE_ECP256,
	      ike_span(off_curve, 64), nothing);
	assert_int_not_equal(crowd.notify.notify, IKE_N_COOKIE);
	sim_free(crowd.sim);
}

/* a flood of what nobody wants is told of, but not each time */
static void test_refusals_told(void **state)
{
	static const uint8_t public[32] = { 9 };

	crowd_begin("aes256gcm16-prfsha384-ecp384");
	for (unsigned int i = 0; i < 1000; i++, crowd.next_spi++)
		knock(i, SUITE, IKE_KE_X25519, ike_span(public, 32), nothing);
	assert_int_equal(crowd.n_answers, 1000);
	assert_int_equal(crowd.notify.notify, IKE_N_NO_PROPOSAL_CHOSEN);
	assert_int_equal(sim_count(crowd.sim, BOB, IKE_EV_FAILED), 1);
	sim_run(crowd.sim, 2 * SECOND);
	knock(1, SUITE, IKE_KE_X25519, ike_span(public, 32), nothing);
	assert_int_equal(sim_count(crowd.sim, BOB, IKE_EV_FAILED), 2);
	sim_free(crowd.sim);
}

/* ---- peers that are known ---- */

static void test_children_max(void **state)
{
	struct talk *talk = talk_new(3, 1, true);
	unsigned int n;

	for (unsigned int i = 0; i < 100; i++) {
		say_child(talk, 0, 0, 0);
		ask(talk);
	}
	expect_notify(talk, IKE_N_NO_ADDITIONAL_SAS);
	n = talk->sim->host[BOB].n_sas;
	assert_in_range(n, 8, 24);
	/* the IKE SA is none the worse for it */
	say(talk, IKE_EX_INFORMATIONAL);
	ask(talk);
	expect_empty(talk);
	bob_has(talk, 1, n);
	talk_free(talk);
}

static void test_one_successor(void **state)
{
	struct talk *talk = talk_new(4, 1, true);
	uint32_t old = talk->sim->host[BOB].sas[0].spec.spi_out;

	say_child(talk, IKE_PROTO_ESP, old, 0);
	ask(talk);
	bob_has(talk, 1, 2);
	say_child(talk, IKE_PROTO_ESP, old, 0);
	ask(talk);
	expect_notify(talk, IKE_N_NO_ADDITIONAL_SAS);
	bob_has(talk, 1, 2);
	talk_free(talk);
}

/* what comes to nothing leaves no SPI reserved */
static void test_spis_given_back(void **state)
{
	struct talk *talk = talk_new(6, 1, true);

	talk->sim->host[BOB].refuse = true;
	for (unsigned int i = 0; i < 100; i++) {
		say_child(talk, 0, 0, 0);
		ask(talk);
		assert_int_equal(talk->sim->host[BOB].n_spis, 0);
	}
	bob_has(talk, 1, 1);
	talk_free(talk);
}

static uint32_t no_spi(void *ctx, const char *conn, const char *child)
{
	return 0;
}

/* a kernel that has no SPI left is not asked again and again */
static void test_no_spi(void **state)
{
	struct sim *sim = sim_new(5);
	struct ike_engine *alice = sim->host[ALICE].e;
	unsigned int turns = 0;

	sim_load_both(sim, 2);
	sim_run(sim, 2 * SECOND);
	assert_int_equal(sim->host[ALICE].n_sas, 2);
	alice->env.spi_alloc = no_spi;
	ike_engine_child_expired(alice, sim->now,
				 sim->host[ALICE].sas[0].spec.id);
	sim_run(sim, SECOND);
	assert_int_equal(sim->host[ALICE].n_sas, 1);
	while (ike_engine_next(alice) <= sim->now && turns++ < 100)
		ike_engine_timer(alice, sim->now);
	assert_in_range(turns, 0, 1);
	assert_in_range(sim_count(sim, ALICE, IKE_EV_FAILED), 1, 3);
	/* its turn comes again */
	alice->env.spi_alloc = sim->host[BOB].e->env.spi_alloc;
	sim_run(sim, 100 * SECOND);
	assert_int_equal(sim->host[ALICE].n_sas, 2);
	sim_free(sim);
}

static int no_random(void *ctx, void *buf, size_t len)
{
	return -1;
}

/* what cannot be sent is a failure, and not tried without end */
static void test_no_random(void **state)
{
	for (unsigned int dpd = 0; dpd <= 10; dpd += 10) {
		struct sim *sim = sim_new(7);
		struct ike_conn *alice = sim_conn(sim, ALICE, 1);
		struct ike_conn *bob = sim_conn(sim, BOB, 1);
		struct sim_host *host = &sim->host[ALICE];

		ike_proposals_parse("aes128-sha256-x25519", IKE_PROTO_IKE,
				    &alice->ike, NULL);
		bob->ike = alice->ike;
		alice->dpd = dpd;
		sim_load(sim, BOB, bob);
		sim_load(sim, ALICE, alice);
		sim_run(sim, SECOND);
		assert_int_equal(host->n_sas, 1);
		host->e->env.rng.fill = no_random;
		if (!dpd)
			ike_engine_child_expired(host->e, sim->now,
						 host->sas[0].spec.id);
		sim_run(sim, 60 * SECOND);
		assert_int_equal(host->n_sas, 0);
		assert_non_null(sim_last(sim, ALICE, IKE_EV_FAILED));
		sim_free(sim);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cookie_wanted),
		cmocka_unit_test(test_cookie_is_bound),
		cmocka_unit_test(test_cookie_family),
		cmocka_unit_test(test_cookie_ages),
		cmocka_unit_test(test_half_open_max),
		cmocka_unit_test(test_bad_public_value),
		cmocka_unit_test(test_refusals_told),
		cmocka_unit_test(test_children_max),
		cmocka_unit_test(test_one_successor),
		cmocka_unit_test(test_spis_given_back),
		cmocka_unit_test(test_no_spi),
		cmocka_unit_test(test_no_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
