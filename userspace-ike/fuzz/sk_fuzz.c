// SPDX-License-Identifier: MIT
/*
 * With a known key. The first octet says which cipher, exchange and direction;
 * odd ones take the rest as plaintext, sealed here, so that what is behind
 * authentication is reached; even ones as a message that ought to be refused.
 */
#include <string.h>

#include "../tests/vectors.h"
#include "fuzz.h"
#include "sk.h"

#define PLAIN	1
#define CBC	2
#define REPLY	4

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	fuzz_seed_hex(PLAIN | IKE_PL_IDI << 3, inner_auth);
	fuzz_seed_hex(PLAIN | CBC | IKE_PL_IDI << 3, inner_auth);
	fuzz_seed_hex(PLAIN | REPLY, inner_delete);
	fuzz_seed_hex(0, msg_auth_gcm);
	fuzz_seed_hex(CBC, msg_auth_cbc);
	return 0;
}

static void keys(struct ike_sk *sk, bool cbc)
{
	struct ike_suite suite = {
		.encr = cbc ? IKE_ENCR_AES_CBC : IKE_ENCR_AES_GCM_16,
		.key_bits = 256,
		.integ = cbc ? IKE_INTEG_HMAC_SHA2_256_128 : IKE_INTEG_NONE,
	};
	struct ike_key ek = { .len = cbc ? 32 : 36 };
	struct ike_key ak = { .len = cbc ? 32 : 0 };

	/* not those of vectors.h: no seed opens by itself */
	memset(ek.data, 0x11, sizeof(ek.data));
	memset(ak.data, 0x22, sizeof(ak.data));
	REQUIRE(!ike_sk_init(sk, &suite, &ek, &ak));
}

static int zero_fill(void *ctx, void *buf, size_t len)
{
	memset(buf, 0, len);
	return 0;
}

static const uint8_t exchanges[] = {
	IKE_EX_AUTH, IKE_EX_CREATE_CHILD_SA, IKE_EX_INFORMATIONAL
};

static void sealed(struct ike_sk *sk, uint8_t how, const uint8_t *data,
		   size_t len)
{
	static uint8_t buf[IKE_MSG_MAX], text[IKE_MSG_MAX];
	static struct ike_msg msg;
	struct ike_rng rng = { .fill = zero_fill };
	struct ike_hdr hdr = {
		.spi_i = 1, .spi_r = 2, .exchange = exchanges[data[0] % 3],
		.flags = how & REPLY ? IKE_FLAG_RESPONSE : 0,
	};
	struct ike_builder b;
	struct ike_diag diag;
	struct ike_span out;

	ike_msg_begin(&b, buf, sizeof(buf), &hdr);
	ike_sk_begin(&b, sk);
	b.w.buf[b.sk_at] = data[1] & 1 ? IKE_PL_IDI + data[1] % 16 : data[1];
	ike_write(&b.w, ike_span(data + 2, len - 2));
	REQUIRE(!ike_sk_end(&b, sk, &rng));
	REQUIRE(!ike_msg_end(&b, &out));
	REQUIRE(!ike_msg_parse(out, &msg, &diag));
	diag.text[0] = '\0';
	if (ike_sk_open(sk, &msg, text, out.len, &diag) ||
	    ike_msg_check(&msg, &diag))
		REQUIRE(diag.text[0] && diag.notify);
	else
		for (unsigned int i = 1; i < msg.n; i++)
			REQUIRE(msg.pl[i].encrypted);
}

static void opened(const struct ike_sk *sk, const uint8_t *data, size_t len)
{
	static uint8_t text[IKE_MSG_MAX];
	static struct ike_msg msg;
	struct ike_diag diag;

	if (!ike_msg_parse(ike_span(data, len), &msg, &diag))
		REQUIRE(ike_sk_open(sk, &msg, text, sizeof(text), &diag));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct ike_sk sk;

	if (len < 3 || len > 8192)
		return 0;
	keys(&sk, data[0] & CBC);
	if (data[0] & PLAIN)
		sealed(&sk, data[0], data + 1, len - 1);
	else
		opened(&sk, data + 1, len - 1);
	return 0;
}
