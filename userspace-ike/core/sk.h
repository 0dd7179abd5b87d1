/* SPDX-License-Identifier: MIT */
/*
 * The encrypted payload SK (RFC 7296 section 3.14, RFC 5282 for AEADs).
 */
#ifndef IKE_SK_H
#define IKE_SK_H

#include "auth.h"
#include "msg.h"

/**
 * struct ike_sk - protection of one direction of an IKE SA
 * @encr: encryption transform
 * @integ: integrity transform ID, 0 with an AEAD
 * @ek: encryption key
 * @ak: integrity key
 * @iv: next explicit IV of an AEAD; never goes back under one key
 */
struct ike_sk {
	const struct ike_alg *encr;
	uint16_t integ;
	struct ike_key ek;
	struct ike_key ak;
	uint64_t iv;
};

/* -ENOTSUP when the suite has something we do not */
int ike_sk_init(struct ike_sk *sk, const struct ike_suite *suite,
		const struct ike_key *ek, const struct ike_key *ak);
void ike_sk_wipe(struct ike_sk *sk);

/* open the SK payload; payloads that follow go inside it */
void ike_sk_begin(struct ike_builder *b, const struct ike_sk *sk);

/**
 * ike_sk_end() - pad, encrypt in place, and append the ICV
 * @b: builder with an open SK
 * @sk: keys of our direction; its @iv moves on
 * @rng: source of the IV of CBC
 *
 * SK is the last payload: ike_msg_end() has to follow.
 *
 * Return: 0, -EMSGSIZE when the buffer is too small, -EIO, -EOVERFLOW when
 * the IV counter is used up.
 */
int ike_sk_end(struct ike_builder *b, struct ike_sk *sk,
	       const struct ike_rng *rng);

/**
 * ike_sk_open() - verify, decrypt, and parse what is inside
 * @sk: keys of the peer's direction
 * @msg: a parsed message whose last payload is SK; gets the inner payloads
 * @buf: takes the plaintext, which @msg then points into; wipe when done
 * @cap: size of @buf; the length of the message is always enough
 * @diag: why not
 *
 * Return: 0; -EBADMSG when it is not authentic: drop it and change nothing;
 * -EPROTO when it is authentic but malformed: answer @diag's notify; -ENOENT
 * when there is no SK; -EMSGSIZE when @cap is too small.
 */
int ike_sk_open(const struct ike_sk *sk, struct ike_msg *msg, uint8_t *buf,
		size_t cap, struct ike_diag *diag);

#endif
