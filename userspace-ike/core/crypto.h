/* SPDX-License-Identifier: MIT */
/*
 * Cryptographic primitives of IKEv2, all of them OpenSSL's (EVP). Algorithms
 * are named by their IANA transform IDs (alg.h). Nothing here aborts: a failure is a
 * negative errno, and outputs are then wiped.
 */
#ifndef IKE_CRYPTO_H
#define IKE_CRYPTO_H

#include <stdbool.h>

#include "alg.h"
#include "wire.h"

#define IKE_KEY_MAX 64 /* HMAC-SHA2-512, or AES-256-GCM key and salt */
#define IKE_PRF_MAX 64
#define IKE_ICV_MAX 32
#define IKE_KE_MAX  512 /* modp4096 */
#define IKE_IV_MAX  16

/* a secret of at most IKE_KEY_MAX octets; to be wiped when done */
struct ike_key {
	size_t len;
	uint8_t data[IKE_KEY_MAX];
};

/* of a key exchange; of no octets when there was none; to be wiped */
struct ike_secret {
	size_t len;
	uint8_t data[IKE_KE_MAX];
};

static inline struct ike_span ike_key_span(const struct ike_key *key)
{
	return ike_span(key->data, key->len);
}

static inline struct ike_span ike_secret_span(const struct ike_secret *s)
{
	return ike_span(s->data, s->len);
}

/* where random octets come from: fill @buf; 0 or a negative errno */
struct ike_rng {
	int (*fill)(void *ctx, void *buf, size_t len);
	void *ctx;
};

/* OpenSSL's generator: the one to use outside of tests and simulations */
extern const struct ike_rng ike_rng_openssl;

static inline int ike_rng_fill(const struct ike_rng *rng, void *buf, size_t len)
{
	return rng->fill(rng->ctx, buf, len);
}

void ike_wipe(void *p, size_t len);

/* constant time in the contents; spans of different length are not equal */
bool ike_secret_equal(struct ike_span a, struct ike_span b);

/*
 * prf(key, part | part | ...); @out takes the PRF's out_len octets. -ENOTSUP
 * for an unknown PRF, -EIO when OpenSSL failed.
 */
int ike_prf(uint16_t id, struct ike_span key, const struct ike_span *parts,
	    size_t n, uint8_t *out);

/*
 * prf+ (RFC 7296 section 2.13): @len octets, at most 255 PRF outputs, from a
 * seed of at most 6 parts
 */
int ike_prf_plus(uint16_t id, struct ike_span key, const struct ike_span *parts,
		 size_t n, uint8_t *out, size_t len);

/* truncated HMAC of an integrity transform; out takes its out_len octets */
int ike_integ(uint16_t id, struct ike_span key, struct ike_span data,
	      uint8_t *out);

/* SHA-1, for NAT detection (RFC 7296 section 2.23) only; out takes 20 octets */
int ike_sha1(const struct ike_span *parts, size_t n, uint8_t *out);

/*
 * Encrypt in place with an AEAD. @key has the salt at its end, @iv and @icv
 * have the algorithm's lengths.
 */
int ike_aead_seal(const struct ike_alg *alg, struct ike_span key,
		  const uint8_t *iv, struct ike_span aad, uint8_t *buf,
		  size_t len, uint8_t *icv);

/* the inverse, in place; -EBADMSG and a wiped buffer when the ICV is wrong */
int ike_aead_open(const struct ike_alg *alg, struct ike_span key,
		  const uint8_t *iv, struct ike_span aad, uint8_t *buf,
		  size_t len, const uint8_t *icv);

/* CBC in place, whole blocks, no padding of its own */
int ike_cbc(const struct ike_alg *alg, struct ike_span key, const uint8_t *iv,
	    uint8_t *buf, size_t len, bool encrypt);

struct ike_ke;

/*
 * Start a key exchange, to be freed. The same random octets give the same key
 * pair. -ENOTSUP for a method we do not have.
 */
int ike_ke_new(uint16_t id, const struct ike_rng *rng, struct ike_ke **ke);
void ike_ke_free(struct ike_ke *ke);
uint16_t ike_ke_id(const struct ike_ke *ke);
/* our public value, as the KE payload carries it; lives as long as @ke */
struct ike_span ike_ke_public(const struct ike_ke *ke);
/*
 * The shared secret. -EINVAL for a public value that is not one: of a wrong
 * length, not on the curve, 0, 1, p-1, p or more, or one that makes the secret
 * zero.
 */
int ike_ke_derive(const struct ike_ke *ke, struct ike_span peer,
		  struct ike_secret *secret);

#endif
