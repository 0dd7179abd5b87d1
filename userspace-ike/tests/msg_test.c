// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ike_helper.h"
#include "msg.h"
#include "proposal.h"
#include "ts.h"
#include "vectors.h"

/* parse and check, from memory that ends where the message ends */
static int judge(struct ike_span raw, struct ike_diag *diag)
{
	uint8_t *copy = malloc(raw.len ? raw.len : 1);
	struct ike_msg msg;
	int err;

	assert_non_null(copy);
	if (raw.len)
		memcpy(copy, raw.p, raw.len);
	memset(diag, 0, sizeof(*diag));
	err = ike_msg_parse(ike_span(copy, raw.len), &msg, diag);
	if (!err)
		err = ike_msg_check(&msg, diag);
	/* a refusal always says why, and with which notify to answer */
	assert_true(err == 0 || err == -EPROTO);
	assert_true(!err == !diag->text[0]);
	assert_true(!err == !diag->notify);
	free(copy);
	return err;
}

static void test_init_request(void **state)
{
	struct ike_proposals sa;
	const struct ike_payload *ke, *n;
	struct ike_diag diag;
	struct ike_msg msg;
	char text[256];

	assert_int_equal(ike_msg_parse(unhex(0, msg_init_request), &msg, &diag),
			 0);
	assert_int_equal(ike_msg_check(&msg, &diag), 0);
	assert_int_equal(msg.n, 7);
	assert_int_equal(msg.hdr.spi_i, 0x0102030405060708);
	assert_int_equal(msg.hdr.spi_r, 0);
	assert_int_equal(msg.hdr.exchange, IKE_EX_SA_INIT);
	assert_true(ike_hdr_is_initiator(&msg.hdr));
	assert_false(ike_hdr_is_response(&msg.hdr));
	assert_int_equal(ike_proposals_read(ike_msg_find(&msg, IKE_PL_SA)->body,
					    &sa, &diag), 0);
	ike_proposals_print(&sa, text, sizeof(text));
	assert_string_equal(text,
		"aes256gcm16-aes128gcm16-prfsha256-prfsha512-x25519-modp2048, "
		"aes128-prfsha256-sha256-ecp256");
	ke = ike_msg_find(&msg, IKE_PL_KE);
	assert_int_equal(ke->group, IKE_KE_X25519);
	assert_int_equal(ke->data.len, 32);
	assert_int_equal(ke->data.p[0], 0xc0);
	assert_int_equal(ike_msg_find(&msg, IKE_PL_NONCE)->body.len, 32);
	n = ike_msg_notify(&msg, IKE_N_NAT_DETECTION_DESTINATION_IP);
	assert_non_null(n);
	assert_int_equal(n->data.len, 20);
	assert_non_null(ike_msg_notify(&msg, IKE_N_IKEV2_FRAGMENTATION_SUPPORTED));
	assert_null(ike_msg_notify(&msg, IKE_N_COOKIE));
	assert_null(ike_msg_error(&msg));
	assert_memory_equal(ike_msg_find(&msg, IKE_PL_VENDOR)->body.p, "scapy", 5);
}

static struct ike_msg inner(uint8_t first, const char *hex, uint8_t exchange)
{
	static struct ike_msg msg;
	struct ike_diag diag;

	memset(&msg, 0, sizeof(msg));
	msg.hdr.exchange = exchange;
	msg.pl[msg.n++] = (struct ike_payload){ .type = IKE_PL_SK };
	assert_int_equal(ike_msg_parse_inner(&msg, first, unhex(0, hex), &diag),
			 0);
	assert_int_equal(ike_msg_check(&msg, &diag), 0);
	return msg;
}

static void test_auth_request(void **state)
{
	struct ike_msg msg = inner(IKE_PL_IDI, inner_auth, IKE_EX_AUTH);
	struct ike_ts_list ts;
	const struct ike_payload *id, *auth;
	struct ike_diag diag;
	char text[256];

	id = ike_msg_find(&msg, IKE_PL_IDI);
	assert_int_equal(id->id_type, IKE_ID_FQDN);
	assert_memory_equal(id->data.p, "gw.example", 10);
	assert_int_equal(id->body.len, 14);
	id = ike_msg_find(&msg, IKE_PL_IDR);
	assert_int_equal(id->id_type, IKE_ID_IPV4_ADDR);
	auth = ike_msg_find(&msg, IKE_PL_AUTH);
	assert_int_equal(auth->method, IKE_AUTH_PSK);
	assert_int_equal(auth->data.len, 32);
	assert_int_equal(ike_ts_list_read(ike_msg_find(&msg, IKE_PL_TSI)->body,
					  &ts, &diag), 0);
	ike_ts_list_print(&ts, text, sizeof(text));
	assert_string_equal(text, "10.1.0.0/16");
	assert_int_equal(ike_ts_list_read(ike_msg_find(&msg, IKE_PL_TSR)->body,
					  &ts, &diag), 0);
	ike_ts_list_print(&ts, text, sizeof(text));
	assert_string_equal(text, "10.2.0.1-10.2.0.9[udp/53], fd00::/8");
}

static void test_delete(void **state)
{
	struct ike_msg msg = inner(IKE_PL_DELETE, inner_delete,
				   IKE_EX_INFORMATIONAL);
	const struct ike_payload *d = ike_msg_find(&msg, IKE_PL_DELETE);

	assert_int_equal(d->proto, IKE_PROTO_ESP);
	assert_int_equal(d->count, 2);
	assert_int_equal(ike_get32(d->data.p + 4), 0xc0ffee02);
}

/* what the builder writes is what scapy wrote, octet by octet */
static void test_build_same(void **state)
{
	struct ike_span want = unhex(0, msg_init_request), out;
	struct ike_proposals sa;
	struct ike_builder b;
	struct ike_diag diag;
	struct ike_msg msg;
	uint8_t buf[1024];

	assert_int_equal(ike_msg_parse(want, &msg, &diag), 0);
	assert_int_equal(ike_proposals_read(msg.pl[0].body, &sa, &diag), 0);
	ike_msg_begin(&b, buf, sizeof(buf), &msg.hdr);
	ike_proposals_write(ike_pl_begin(&b, IKE_PL_SA), &sa);
	ike_pl_end(&b);
	ike_pl_ke(&b, IKE_KE_X25519, ike_span(msg.pl[1].body.p + 4, 32));
	ike_pl_raw(&b, IKE_PL_NONCE, msg.pl[2].body);
	for (unsigned int i = 3; i < 6; i++) {
		struct ike_payload *n = &msg.pl[i];

		assert_int_equal(ike_payload_read(n, &diag), 0);
		ike_pl_notify(&b, n->proto, n->spi, n->notify, n->data);
	}
	ike_pl_raw(&b, IKE_PL_VENDOR, msg.pl[6].body);
	assert_int_equal(ike_msg_end(&b, &out), 0);
	assert_int_equal(out.len, want.len);
	assert_memory_equal(out.p, want.p, want.len);
}

static void test_build_auth(void **state)
{
	struct ike_msg msg = inner(IKE_PL_IDI, inner_auth, IKE_EX_AUTH);
	struct ike_span want = unhex(0, inner_auth), out;
	struct ike_proposals sa;
	struct ike_ts_list ts;
	struct ike_builder b;
	struct ike_diag diag;
	uint8_t buf[1024];

	ike_msg_begin(&b, buf, sizeof(buf), &msg.hdr);
	ike_pl_id(&b, IKE_PL_IDI, IKE_ID_FQDN, ike_span("gw.example", 10));
	ike_pl_id(&b, IKE_PL_IDR, IKE_ID_IPV4_ADDR, unhex(1, "c0000201"));
	ike_pl_auth(&b, msg.pl[3].method, msg.pl[3].data);
	assert_int_equal(ike_proposals_read(msg.pl[4].body, &sa, &diag), 0);
	ike_proposals_write(ike_pl_begin(&b, IKE_PL_SA), &sa);
	ike_pl_end(&b);
	for (unsigned int i = 5; i < 7; i++) {
		assert_int_equal(ike_ts_list_read(msg.pl[i].body, &ts, &diag), 0);
		ike_ts_list_write(ike_pl_begin(&b, msg.pl[i].type), &ts);
		ike_pl_end(&b);
	}
	ike_pl_notify(&b, 0, ike_span(NULL, 0), IKE_N_INITIAL_CONTACT,
		      ike_span(NULL, 0));
	assert_int_equal(ike_msg_end(&b, &out), 0);
	assert_int_equal(out.len, IKE_HDR_LEN + want.len);
	assert_memory_equal(out.p + IKE_HDR_LEN, want.p, want.len);
}

static void test_build_bounds(void **state)
{
	struct ike_hdr hdr = { .spi_i = 1, .exchange = IKE_EX_AUTH };
	static uint8_t buf[IKE_MSG_MAX + 100], big[UINT16_MAX];
	struct ike_builder b;
	struct ike_span out;

	for (size_t cap = 0; cap < IKE_HDR_LEN + 4 + 12; cap++) {
		ike_msg_begin(&b, buf, cap, &hdr);
		ike_pl_id(&b, IKE_PL_IDI, IKE_ID_KEY_ID, ike_span("12345678", 8));
		assert_int_equal(ike_msg_end(&b, &out), -EMSGSIZE);
	}
	ike_msg_begin(&b, buf, sizeof(buf), &hdr);
	ike_pl_raw(&b, IKE_PL_VENDOR, ike_span(big, sizeof(big)));
	assert_int_equal(ike_msg_end(&b, &out), -EMSGSIZE);
	ike_msg_begin(&b, buf, sizeof(buf), &hdr);
	ike_pl_notify(&b, 0, ike_span(big, 256), 1, ike_span(NULL, 0));
	assert_int_equal(ike_msg_end(&b, &out), -EMSGSIZE);
	ike_msg_begin(&b, buf, sizeof(buf), &hdr);
	ike_pl_delete(&b, IKE_PROTO_ESP, 4, 2, ike_span(big, 4));
	assert_int_equal(ike_msg_end(&b, &out), -EMSGSIZE);
}

static const char *const plain_messages[] = {
	msg_init_request, msg_init_response
};

static void test_truncated(void **state)
{
	for (size_t i = 0; i < 2; i++) {
		struct ike_span raw = unhex(0, plain_messages[i]);
		struct ike_diag diag;
		uint8_t copy[1024];

		assert_int_equal(judge(raw, &diag), 0);
		memcpy(copy, raw.p, raw.len);
		for (size_t len = 0; len < raw.len; len++) {
			assert_int_equal(judge(ike_span(raw.p, len), &diag),
					 -EPROTO);
			/* and with a header that agrees */
			ike_put32(copy + 24, (uint32_t)len);
			assert_int_equal(judge(ike_span(copy, len), &diag),
					 -EPROTO);
		}
	}
}

/* every octet replaced by every value: no crash, and a reason if refused */
static void test_every_octet(void **state)
{
	for (size_t i = 0; i < 2; i++) {
		struct ike_span raw = unhex(0, plain_messages[i]);
		struct ike_diag diag;
		uint8_t copy[1024];

		memcpy(copy, raw.p, raw.len);
		for (size_t at = 0; at < raw.len; at++) {
			for (unsigned int v = 0; v < 256; v++) {
				copy[at] = (uint8_t)v;
				judge(ike_span(copy, raw.len), &diag);
			}
			copy[at] = raw.p[at];
		}
	}
}

/*
 * Where lengths are, in msg_init_request: in the header, the payloads, the
 * proposals, the transforms. Each lie has to be found out.
 */
static void test_length_lies(void **state)
{
	static const uint16_t lies[] = { 0, 1, 3, 4, 7, 8, 0x7fff, 0xffff };
	static const uint16_t at[] = { 26, 30, 34, 42, 54, 66, 74, 82, 90, 98 };
	struct ike_span raw = unhex(0, msg_init_request);
	struct ike_diag diag;
	uint8_t copy[1024];

	for (size_t i = 0; i < sizeof(at) / sizeof(at[0]); i++) {
		uint16_t is = ike_get16(raw.p + at[i]);

		memcpy(copy, raw.p, raw.len);
		for (size_t j = 0; j < sizeof(lies) / sizeof(lies[0]); j++) {
			ike_put16(copy + at[i], lies[j]);
			if (lies[j] != is)
				assert_int_equal(judge(ike_span(copy, raw.len),
						       &diag), -EPROTO);
		}
		ike_put16(copy + at[i], (uint16_t)(is - 1));
		assert_int_equal(judge(ike_span(copy, raw.len), &diag), -EPROTO);
		ike_put16(copy + at[i], (uint16_t)(is + 1));
		assert_int_equal(judge(ike_span(copy, raw.len), &diag), -EPROTO);
	}
}

/* a message of the payloads whose letters are given, sealed ones after "k" */
static struct ike_msg letters(uint8_t exchange, bool response, const char *s)
{
	static const struct {
		char letter;
		uint8_t type;
		const char *hex;
	} known[] = {
		{ 's', IKE_PL_SA, "000000300103040401020304" "0300000c01000014"
		  "800e0100" "03000008" "05000001" "03000008" "05000000"
		  "00000008" "04000013" },
		{ 'e', IKE_PL_KE, "001f0000aa" },
		{ 'i', IKE_PL_IDI, "0200000061" },
		{ 'r', IKE_PL_IDR, "0200000062" },
		{ 'c', IKE_PL_CERT, "0401" },
		{ 'q', IKE_PL_CERTREQ, "04" },
		{ 'a', IKE_PL_AUTH, "0200000001" },
		{ 'n', IKE_PL_NONCE, "00112233445566778899aabbccddeeff" },
		{ 'N', IKE_PL_NOTIFY, "00004000" },
		{ 'E', IKE_PL_NOTIFY, "0000000e" },
		{ 'C', IKE_PL_NOTIFY, "00004006aa" },
		{ 'd', IKE_PL_DELETE, "01000000" },
		{ 'v', IKE_PL_VENDOR, "00" },
		{ 't', IKE_PL_TSI, "01000000070000100000ffff0a0000000a0000ff" },
		{ 'u', IKE_PL_TSR, "01000000070000100000ffff0a0000000a0000ff" },
		{ 'p', IKE_PL_CP, "01000000" },
		{ 'P', IKE_PL_EAP, "03010004" },
		{ 'k', IKE_PL_SK, "" },
		{ '?', 200, "" },
		{ '!', 201, "" },
	};
	static uint8_t body[sizeof(known) / sizeof(known[0])][64];
	struct ike_msg msg = { .hdr = { .exchange = exchange } };
	bool sealed = false;

	msg.hdr.flags = response ? IKE_FLAG_RESPONSE : 0;
	for (; *s; s++)
		for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
			struct ike_span hex;

			if (known[i].letter != *s)
				continue;
			hex = unhex(5, known[i].hex);
			memcpy(body[i], hex.p, hex.len);
			msg.pl[msg.n++] = (struct ike_payload){
				.type = known[i].type, .encrypted = sealed,
				.critical = *s == '!',
				.body = { body[i], hex.len },
			};
			sealed |= *s == 'k';
		}
	return msg;
}

static const struct {
	uint8_t exchange;
	bool response;
	const char *payloads;
	const char *want;	/* NULL: it is fine */
} shapes[] = {
	{ IKE_EX_SA_INIT, false, "sen", NULL },
	{ IKE_EX_SA_INIT, false, "nes", NULL },
	{ IKE_EX_SA_INIT, false, "NsenNNvv", NULL },
	{ IKE_EX_SA_INIT, false, "sen?", NULL },
	{ IKE_EX_SA_INIT, false, "en", "SA is missing" },
	{ IKE_EX_SA_INIT, false, "sn", "KE is missing" },
	{ IKE_EX_SA_INIT, false, "se", "Nonce is missing" },
	{ IKE_EX_SA_INIT, false, "", "SA is missing" },
	{ IKE_EX_SA_INIT, false, "E", "SA is missing" },
	{ IKE_EX_SA_INIT, false, "C", "SA is missing" },
	{ IKE_EX_SA_INIT, false, "ssen", "2 SA" },
	{ IKE_EX_SA_INIT, false, "seen", "2 KE" },
	{ IKE_EX_SA_INIT, false, "senn", "2 Nonce" },
	{ IKE_EX_SA_INIT, false, "senq", "CERTREQ does not belong" },
	{ IKE_EX_SA_INIT, false, "sena", "AUTH does not belong" },
	{ IKE_EX_SA_INIT, false, "send", "D does not belong" },
	{ IKE_EX_SA_INIT, false, "senk", "SK does not belong" },
	{ IKE_EX_SA_INIT, false, "sen!", "201 is critical" },
	{ IKE_EX_SA_INIT, true, "senq", NULL },
	{ IKE_EX_SA_INIT, true, "E", NULL },
	{ IKE_EX_SA_INIT, true, "C", NULL },
	{ IKE_EX_SA_INIT, true, "N", "SA is missing" },
	{ IKE_EX_SA_INIT, true, "ssE", "2 SA" },
	{ IKE_EX_AUTH, false, "kiastu", NULL },
	{ IKE_EX_AUTH, false, "kicqrastuNvp", NULL },
	{ IKE_EX_AUTH, false, "kistu", NULL },
	{ IKE_EX_AUTH, false, "kia", NULL },
	{ IKE_EX_AUTH, false, "iastu", "outside of SK" },
	{ IKE_EX_AUTH, false, "ikastu", "IDi outside of SK" },
	{ IKE_EX_AUTH, false, "Nkiastu", "N outside of SK" },
	{ IKE_EX_AUTH, false, "", "SK is missing" },
	{ IKE_EX_AUTH, false, "kastu", "IDi is missing" },
	{ IKE_EX_AUTH, false, "kiiastu", "2 IDi" },
	{ IKE_EX_AUTH, false, "kiaastu", "2 AUTH" },
	{ IKE_EX_AUTH, false, "kiasstu", "2 SA" },
	{ IKE_EX_AUTH, false, "kiasttu", "2 TSi" },
	{ IKE_EX_AUTH, false, "kiastuu", "2 TSr" },
	{ IKE_EX_AUTH, false, "kias", "SA without" },
	{ IKE_EX_AUTH, false, "kiatu", "without SA" },
	{ IKE_EX_AUTH, false, "kiast", "TSi without TSr" },
	{ IKE_EX_AUTH, false, "kiasu", "TSr without TSi" },
	{ IKE_EX_AUTH, false, "kiaestu", "KE does not belong" },
	{ IKE_EX_AUTH, false, "kE", "IDi is missing" },
	{ IKE_EX_AUTH, true, "krastu", NULL },
	{ IKE_EX_AUTH, true, "kraE", NULL },
	{ IKE_EX_AUTH, true, "kE", NULL },
	{ IKE_EX_AUTH, true, "kC", "IDr is missing" },
	{ IKE_EX_AUTH, true, "krstu", "AUTH is missing" },
	{ IKE_EX_AUTH, true, "kastu", "IDr is missing" },
	{ IKE_EX_AUTH, true, "E", "outside of SK" },
	{ IKE_EX_CREATE_CHILD_SA, false, "ksntu", NULL },
	{ IKE_EX_CREATE_CHILD_SA, false, "kNsnetu", NULL },
	{ IKE_EX_CREATE_CHILD_SA, false, "ksne", NULL },
	{ IKE_EX_CREATE_CHILD_SA, false, "kstu", "Nonce is missing" },
	{ IKE_EX_CREATE_CHILD_SA, false, "kntu", "SA is missing" },
	{ IKE_EX_CREATE_CHILD_SA, false, "ksnt", "TSi without TSr" },
	{ IKE_EX_CREATE_CHILD_SA, false, "ksnatu", "AUTH does not belong" },
	{ IKE_EX_CREATE_CHILD_SA, true, "kE", NULL },
	{ IKE_EX_CREATE_CHILD_SA, true, "k", "SA is missing" },
	{ IKE_EX_INFORMATIONAL, false, "k", NULL },
	{ IKE_EX_INFORMATIONAL, false, "kddNvp", NULL },
	{ IKE_EX_INFORMATIONAL, false, "kddddddddd", "9 D" },
	{ IKE_EX_INFORMATIONAL, false, "kk", "2 SK" },
	{ IKE_EX_INFORMATIONAL, false, "ks", "SA does not belong" },
	{ IKE_EX_INFORMATIONAL, false, "E", "outside of SK" },
	{ IKE_EX_INFORMATIONAL, true, "", "SK is missing" },
	{ IKE_EX_INFORMATIONAL, true, "k!", "201 is critical" },
	{ 0, false, "sen", "exchange type 0" },
	{ 240, false, "k", "exchange type 240" },
};

static void test_shapes(void **state)
{
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		struct ike_msg msg = letters(shapes[i].exchange,
					     shapes[i].response,
					     shapes[i].payloads);
		struct ike_diag diag = { 0 };
		int err = ike_msg_check(&msg, &diag);

		if (!err != !shapes[i].want ||
		    (err && !strstr(diag.text, shapes[i].want)))
			fail_msg("%s %s: \"%s\"",
				 ike_exchange_name(shapes[i].exchange),
				 shapes[i].payloads, diag.text);
	}
}

static void test_critical(void **state)
{
	struct ike_msg msg = letters(IKE_EX_SA_INIT, false, "sen!");
	struct ike_diag diag;

	assert_int_equal(ike_msg_check(&msg, &diag), -EPROTO);
	assert_int_equal(diag.notify, IKE_N_UNSUPPORTED_CRITICAL_PAYLOAD);
	assert_int_equal(diag.data_len, 1);
	assert_int_equal(diag.data[0], 201);
	/* the bit says nothing about payloads we know (section 3.2) */
	msg = letters(IKE_EX_SA_INIT, false, "sen");
	msg.pl[0].critical = true;
	assert_int_equal(ike_msg_check(&msg, &diag), 0);
}

static const struct {
	uint8_t type;
	const char *hex;
	bool ok;
} bodies[] = {
	{ IKE_PL_KE, "", false },
	{ IKE_PL_KE, "001f00", false },
	{ IKE_PL_KE, "001f0000", false },
	{ IKE_PL_KE, "001f000001", true },
	{ IKE_PL_IDI, "010000", false },
	{ IKE_PL_IDI, "01000000", true },
	{ IKE_PL_AUTH, "02000000", false },
	{ IKE_PL_AUTH, "0200000000", true },
	{ IKE_PL_CERT, "", false },
	{ IKE_PL_NONCE, "000102030405060708090a0b0c0d0e", false },
	{ IKE_PL_NONCE, "000102030405060708090a0b0c0d0e0f", true },
	{ IKE_PL_NOTIFY, "000040", false },
	{ IKE_PL_NOTIFY, "00014000", false },
	{ IKE_PL_NOTIFY, "00ff4000", false },
	{ IKE_PL_NOTIFY, "0001400000", true },
	{ IKE_PL_NOTIFY, "03044009c0ffee01", true },	/* REKEY_SA */
	{ IKE_PL_NOTIFY, "00044009c0ffee01", false },
	{ IKE_PL_NOTIFY, "01044009c0ffee01", false },
	{ IKE_PL_NOTIFY, "03004009", false },
	{ IKE_PL_NOTIFY, "03054009c0ffee0102", false },
	{ IKE_PL_NOTIFY, "00004006", false },		/* COOKIE */
	{ IKE_PL_NOTIFY, "0000400601", true },
	{ IKE_PL_NOTIFY, "0000400400", false },		/* NAT detection */
	{ IKE_PL_NOTIFY, "0000001100", false },		/* INVALID_KE_PAYLOAD */
	{ IKE_PL_NOTIFY, "00000011001f", true },
	{ IKE_PL_DELETE, "010000", false },
	{ IKE_PL_DELETE, "01000000", true },
	{ IKE_PL_DELETE, "01080001", false },
	{ IKE_PL_DELETE, "0100000000", false },
	{ IKE_PL_DELETE, "00000000", false },
	{ IKE_PL_DELETE, "04000000", false },
	{ IKE_PL_DELETE, "03040001c0ffee01", true },
	{ IKE_PL_DELETE, "03040001c0ffee", false },
	{ IKE_PL_DELETE, "0304ffffc0ffee01", false },
	{ IKE_PL_DELETE, "03000001", false },
	{ IKE_PL_DELETE, "03080001c0ffee01c0ffee01", false },
};

static int body_judge(uint8_t type, struct ike_span body, struct ike_diag *diag)
{
	uint8_t exchange = type == IKE_PL_KE || type == IKE_PL_NONCE ?
			   IKE_EX_CREATE_CHILD_SA : type == IKE_PL_DELETE ?
			   IKE_EX_INFORMATIONAL : IKE_EX_AUTH;
	struct ike_msg msg = letters(exchange, true, "kE");

	/* a refusal need not carry the rest: so what is wrong is the body */
	msg.pl[msg.n++] = (struct ike_payload){
		.type = type == IKE_PL_IDI ? IKE_PL_IDR : type,
		.encrypted = true, .body = body,
	};
	return ike_msg_check(&msg, diag);
}

static void test_bodies(void **state)
{
	static uint8_t nonce[IKE_NONCE_MAX + 1];
	struct ike_diag diag;

	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		struct ike_span body = unhex(0, bodies[i].hex);

		if (body_judge(bodies[i].type, body, &diag) !=
		    (bodies[i].ok ? 0 : -EPROTO))
			fail_msg("%s %s", ike_payload_name(bodies[i].type),
				 bodies[i].hex);
	}
	assert_int_equal(body_judge(IKE_PL_NONCE, ike_span(nonce, 256), &diag),
			 0);
	assert_int_equal(body_judge(IKE_PL_NONCE, ike_span(nonce, 257), &diag),
			 -EPROTO);
}

/* as many payloads as fit, and one more; a chain of nothing but headers */
static void test_many_payloads(void **state)
{
	struct ike_hdr hdr = { .spi_i = 1, .exchange = IKE_EX_SA_INIT };
	struct ike_builder b;
	struct ike_diag diag;
	struct ike_span out;
	struct ike_msg msg;
	uint8_t buf[1024];

	ike_msg_begin(&b, buf, sizeof(buf), &hdr);
	for (int i = 0; i < IKE_MSG_PAYLOADS_MAX + 1; i++) {
		struct ike_builder copy = b;

		assert_int_equal(ike_msg_end(&copy, &out), 0);
		assert_int_equal(ike_msg_parse(out, &msg, &diag), 0);
		assert_int_equal(msg.n, i);
		ike_pl_raw(&b, 99, ike_span(NULL, 0));
	}
	assert_int_equal(ike_msg_end(&b, &out), 0);
	assert_int_equal(ike_msg_parse(out, &msg, &diag), -EPROTO);
	assert_int_equal(diag.notify, IKE_N_INVALID_SYNTAX);
}

static void test_header(void **state)
{
	uint8_t buf[IKE_HDR_LEN];
	struct ike_diag diag;
	struct ike_hdr hdr;

	memcpy(buf, unhex(0, msg_init_request).p, sizeof(buf));
	ike_put32(buf + 24, sizeof(buf));
	assert_int_equal(ike_hdr_parse(ike_span(buf, 28), &hdr, &diag), 0);
	buf[17] = 0x2f;		/* a minor version is of no concern */
	assert_int_equal(ike_hdr_parse(ike_span(buf, 28), &hdr, &diag), 0);
	buf[17] = 0x30;
	assert_int_equal(ike_hdr_parse(ike_span(buf, 28), &hdr, &diag), -EPROTO);
	assert_int_equal(diag.notify, IKE_N_INVALID_MAJOR_VERSION);
	assert_int_equal(hdr.spi_i, 0x0102030405060708);
	buf[17] = 0x10;
	assert_int_equal(ike_hdr_parse(ike_span(buf, 28), &hdr, &diag), -EPROTO);
	buf[17] = 0x20;
	memset(buf, 0, 8);
	assert_int_equal(ike_hdr_parse(ike_span(buf, 28), &hdr, &diag), -EPROTO);
	assert_non_null(strstr(diag.text, "SPI is zero"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_init_request),
		cmocka_unit_test(test_auth_request),
		cmocka_unit_test(test_delete),
		cmocka_unit_test(test_build_same),
		cmocka_unit_test(test_build_auth),
		cmocka_unit_test(test_build_bounds),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_every_octet),
		cmocka_unit_test(test_length_lies),
		cmocka_unit_test(test_shapes),
		cmocka_unit_test(test_critical),
		cmocka_unit_test(test_bodies),
		cmocka_unit_test(test_many_payloads),
		cmocka_unit_test(test_header),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
