// SPDX-License-Identifier: MIT
/*
 * | Next payload  |C|  Reserved   |        Payload length         |
 * |                    Initialization vector                      |
 * |     Encrypted: payloads, padding (0-255), pad length (1)      |
 * |                 Integrity checksum value (ICV)                |
 *
 * With a cipher and INTEG the ICV covers the message up to itself. With an
 * AEAD the associated data is the message up to the IV.
 */
#include <errno.h>
#include <string.h>

#include "sk.h"

int ike_sk_init(struct ike_sk *sk, const struct ike_suite *suite,
		const struct ike_key *ek, const struct ike_key *ak)
{
	const struct ike_alg *encr = ike_encr_alg(suite->encr, suite->key_bits);
	const struct ike_alg *integ = ike_integ_alg(suite->integ);

	memset(sk, 0, sizeof(*sk));
	if (!ike_alg_usable(encr, IKE_PROTO_IKE) || (!encr->out_len && !integ))
		return -ENOTSUP;
	if (ek->len != encr->key_len ||
	    ak->len != (encr->out_len ? 0 : integ->key_len))
		return -EINVAL;
	sk->encr = encr;
	sk->integ = encr->out_len ? 0 : suite->integ;
	sk->ek = *ek;
	sk->ak = *ak;
	return 0;
}

static size_t icv_len(const struct ike_sk *sk)
{
	return sk->integ ? ike_integ_alg(sk->integ)->out_len :
			   sk->encr->out_len;
}

void ike_sk_begin(struct ike_builder *b, const struct ike_sk *sk)
{
	uint8_t *iv;

	ike_pl_begin(b, IKE_PL_SK);
	b->sk_at = b->pl_at;
	b->pl_at = 0;
	iv = ike_write_room(&b->w, sk->encr->iv_len);
	if (iv)
		memset(iv, 0, sk->encr->iv_len);
}

/* a counter makes an AEAD's IV unique, which is all it needs (RFC 5282) */
static int iv_make(struct ike_sk *sk, const struct ike_rng *rng, uint8_t *iv)
{
	if (sk->integ)
		return ike_rng_fill(rng, iv, sk->encr->iv_len);
	if (sk->iv == UINT64_MAX)
		return -EOVERFLOW;
	ike_put64(iv, sk->iv++);
	return 0;
}

static void pad(struct ike_writer *w, size_t len, size_t block)
{
	size_t n = (block - (len + 1) % block) % block;
	uint8_t *p = ike_write_room(w, n + 1);

	if (!p)
		return;
	memset(p, 0, n);
	p[n] = (uint8_t)n;
}

/* everything before the ICV is written: encrypt it and fill the ICV in */
static int seal(struct ike_sk *sk, uint8_t *msg, size_t text_at, size_t icv_at)
{
	const struct ike_alg *encr = sk->encr;
	uint8_t *iv = msg + text_at - encr->iv_len;
	int err;

	if (!sk->integ)
		return ike_aead_seal(encr, ike_key_span(&sk->ek), iv,
				     ike_span(msg, (size_t)(iv - msg)),
				     msg + text_at, icv_at - text_at,
				     msg + icv_at);
	err = ike_cbc(encr, ike_key_span(&sk->ek), iv, msg + text_at,
		      icv_at - text_at, true);
	return err ? err :
		     ike_integ(sk->integ, ike_key_span(&sk->ak),
			       ike_span(msg, icv_at), msg + icv_at);
}

int ike_sk_end(struct ike_builder *b, struct ike_sk *sk,
	       const struct ike_rng *rng)
{
	size_t sk_at = b->sk_at, text_at, icv_at;
	int err;

	text_at = sk_at + IKE_PL_HDR_LEN + sk->encr->iv_len;
	pad(&b->w, b->w.len - text_at, sk->encr->block_len);
	icv_at = b->w.len;
	ike_write_room(&b->w, icv_len(sk));
	if (!sk_at || b->w.failed || b->w.len > IKE_MSG_MAX) {
		b->w.failed = true;
		return -EMSGSIZE;
	}
	/* both lengths are authenticated, so they have to be right by now */
	ike_put16(b->w.buf + sk_at + 2, (uint16_t)(b->w.len - sk_at));
	ike_put32(b->w.buf + IKE_HDR_LEN - 4, (uint32_t)b->w.len);
	err = iv_make(sk, rng, b->w.buf + text_at - sk->encr->iv_len);
	if (!err)
		err = seal(sk, b->w.buf, text_at, icv_at);
	b->sk_at = 0;
	if (err)
		b->w.failed = true;
	return err;
}

/* verify before anything else is done; text is a copy of the ciphertext */
static int unseal(const struct ike_sk *sk, struct ike_span raw,
		  const uint8_t *iv, uint8_t *text, size_t len)
{
	const uint8_t *icv = raw.p + raw.len - icv_len(sk);
	uint8_t want[IKE_ICV_MAX];
	int err;

	if (!sk->integ)
		return ike_aead_open(sk->encr, ike_key_span(&sk->ek), iv,
				     ike_span(raw.p, (size_t)(iv - raw.p)),
				     text, len, icv);
	err = ike_integ(sk->integ, ike_key_span(&sk->ak),
			ike_span(raw.p, (size_t)(icv - raw.p)), want);
	if (!err && !ike_secret_equal(ike_span(want, icv_len(sk)),
				      ike_span(icv, icv_len(sk))))
		err = -EBADMSG;
	if (!err)
		err = ike_cbc(sk->encr, ike_key_span(&sk->ek), iv, text, len,
			      false);
	return err;
}

static const struct ike_payload *sealed_find(const struct ike_msg *msg)
{
	const struct ike_payload *pl = msg->n ? &msg->pl[msg->n - 1] : NULL;

	return pl && pl->type == IKE_PL_SK ? pl : NULL;
}

int ike_sk_open(const struct ike_sk *sk, struct ike_msg *msg, uint8_t *buf,
		size_t cap, struct ike_diag *diag)
{
	const struct ike_payload *pl = sealed_find(msg);
	size_t head = sk->encr->iv_len, tail = icv_len(sk), len;
	int err;

	if (!pl)
		return ike_diag_set(diag, 0, -ENOENT, "no SK payload");
	len = pl->body.len - head - tail;
	if (pl->body.len < head + tail + 1 || len % sk->encr->block_len)
		return ike_diag_set(diag, 0, -EBADMSG,
				    "SK of %zu octets cannot be right",
				    pl->body.len);
	if (len > cap)
		return ike_diag_set(diag, 0, -EMSGSIZE, "no room for SK");
	memcpy(buf, pl->body.p + head, len);
	err = unseal(sk, msg->raw, pl->body.p, buf, len);
	if (err)
		return ike_diag_set(diag, 0, err, "SK is not authentic");
	if (buf[len - 1] >= len)
		return ike_diag_set(diag, IKE_N_INVALID_SYNTAX, -EPROTO,
				    "SK says %u octets of padding",
				    buf[len - 1]);
	len -= buf[len - 1] + 1u;
	return ike_msg_parse_inner(msg, pl->next, ike_span(buf, len), diag);
}
