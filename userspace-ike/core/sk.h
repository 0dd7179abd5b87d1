/* SPDX-License-Identifier: MIT */
/*
 * The encrypted payload SK (RFC 7296 section 3.14, RFC 5282 for AEADs).
 */
#ifndef IKE_SK_H
#define IKE_SK_H

#include "auth.h"
#include "msg.h"

/* protection of one direction of an IKE SA */
struct ike_sk {
	const struct ike_alg *encr; /* encryption transform */
	uint16_t integ; /* integrity transform ID, 0 with an AEAD */
	struct ike_key ek; /* encryption key */
	struct ike_key ak; /* integrity key */
	/* next explicit IV of an AEAD; never goes back under one key */
	uint64_t iv;
};

/* -ENOTSUP when the suite has something we do not; to be wiped when done */
int ike_sk_init(struct ike_sk *sk, const struct ike_suite *suite,
		const struct ike_key *ek, const struct ike_key *ak);

/* open the SK payload; payloads that follow go inside it */
void ike_sk_begin(struct ike_builder *b, const struct ike_sk *sk);

/*
 * Pad, encrypt in place, and append the ICV; ike_msg_end() has to follow. @sk's
 * iv moves on, @rng is the source of the IV of CBC. -EMSGSIZE when the buffer
 * is too small, -EIO, -EOVERFLOW when the IV counter is used up.
 */
int ike_sk_end(struct ike_builder *b, struct ike_sk *sk,
	       const struct ike_rng *rng);

/*
 * Verify, decrypt into @buf, which @msg then points into, and parse what is
 * inside. @buf is to be wiped; the length of the message is always enough.
 *
 * -EBADMSG when it is not authentic: drop it and change nothing; -EPROTO when
 * it is authentic but malformed: answer @diag's notify; -ENOENT when there is
 * no SK; -EMSGSIZE when @cap is too small.
 */
int ike_sk_open(const struct ike_sk *sk, struct ike_msg *msg, uint8_t *buf,
		size_t cap, struct ike_diag *diag);

#endif
