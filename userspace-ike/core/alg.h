/* SPDX-License-Identifier: MIT */
/*
 * Algorithms: one table of what a configuration, IANA and OpenSSL call them,
 * how long their keys are, and what we have them for. What is not usable for
 * anything is in it too: a peer's offer is told in words, and a configuration
 * that asks for one is told that we lack it.
 */
#ifndef IKE_ALG_H
#define IKE_ALG_H

#include <stdbool.h>

#include "names.h"

/**
 * struct ike_alg - a transform; all lengths are octets
 */
struct ike_alg {
	/* the first row of several with the same meaning is the one we print */
	const char *word;
	uint8_t type; /* enum ike_transform_type */
	uint16_t id;
	uint16_t key_bits; /* key length attribute, 0: none */
	uint8_t use; /* bit n: for protocol n (enum ike_protocol) */
	/* of key material with salt; of random octets for a private key */
	uint8_t key_len;
	/* of the ICV, 0 for a cipher that needs INTEG; of a PRF's output; of
	 * the public value in a KE payload */
	uint16_t out_len;
	uint16_t secret_len; /* of a key exchange's shared secret */
	uint8_t salt_len; /* at the end of the key material */
	uint8_t iv_len; /* on the wire */
	uint8_t block_len; /* plaintext is padded to a multiple of it */
	const char *name; /* OpenSSL's: of the cipher, hash, curve or group */
};

/* every word, ended by a row without one */
extern const struct ike_alg ike_algs[];

/* the row of a transform, usable or not; NULL: it has no word */
const struct ike_alg *ike_alg(uint8_t type, uint16_t id, uint16_t key_bits);

static inline bool ike_alg_usable(const struct ike_alg *alg, uint8_t proto)
{
	return alg && alg->use & 1u << proto;
}

/* NULL: we do not have it, so it must not be negotiated */
const struct ike_alg *ike_encr_alg(uint16_t id, uint16_t key_bits);
const struct ike_alg *ike_prf_alg(uint16_t id);
const struct ike_alg *ike_integ_alg(uint16_t id);
const struct ike_alg *ike_ke_alg(uint16_t id);

#endif
