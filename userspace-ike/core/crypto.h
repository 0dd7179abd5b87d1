/* SPDX-License-Identifier: MIT */
/*
 * Cryptographic primitives of IKEv2, all of them OpenSSL's (EVP). Algorithms
 * are named by their IANA transform IDs. Nothing here aborts: a failure is a
 * negative errno, and outputs are then wiped.
 */
#ifndef IKE_CRYPTO_H
#define IKE_CRYPTO_H

#include <stdbool.h>

#include "names.h"
#include "wire.h"

#define IKE_KEY_MAX 64 /* HMAC-SHA2-512, or AES-256-GCM key and salt */
#define IKE_PRF_MAX 64
#define IKE_ICV_MAX 32
#define IKE_KE_MAX  512 /* modp4096 */
#define IKE_IV_MAX  16

/**
 * struct ike_key - a secret of at most IKE_KEY_MAX octets
 * @len: octets used
 * @data: the octets; wipe with ike_wipe() when done
 */
struct ike_key {
	size_t len;
	uint8_t data[IKE_KEY_MAX];
};

/**
 * struct ike_secret - the shared secret of a key exchange
 * @len: octets used, 0 when there was no key exchange
 * @data: the octets
 */
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

/**
 * struct ike_rng - where random octets come from, chosen by the caller
 * @fill: fill @buf with @len random octets; 0 or a negative errno
 * @ctx: passed to @fill
 */
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

/**
 * struct ike_encr_alg - an encryption transform with one key length
 * @id: transform ID
 * @key_bits: value of the key length attribute
 * @key_len: octets of key material, salt included
 * @salt_len: octets at the end of the key material that are salt
 * @iv_len: octets of IV on the wire
 * @block_len: plaintext is padded to a multiple of this
 * @icv_len: octets of ICV of an AEAD, 0 for a cipher that needs INTEG
 * @cipher: OpenSSL's name; NULL for what is only used in ESP, by the kernel
 */
struct ike_encr_alg {
	uint16_t id;
	uint16_t key_bits;
	uint8_t key_len;
	uint8_t salt_len;
	uint8_t iv_len;
	uint8_t block_len;
	uint8_t icv_len;
	const char *cipher;
};

/**
 * struct ike_mac_alg - a PRF or an integrity transform
 * @id: transform ID (of its own transform type)
 * @key_len: preferred key length, octets
 * @out_len: length of PRF output, or of the truncated ICV
 * @digest: OpenSSL's name of the hash
 */
struct ike_mac_alg {
	uint16_t id;
	uint8_t key_len;
	uint8_t out_len;
	const char *digest;
};

/**
 * struct ike_ke_alg - a key exchange method
 * @id: transform ID
 * @pub_len: octets of the KE payload's data
 * @secret_len: octets of the shared secret
 * @priv_len: random octets needed for a private key
 * @name: OpenSSL's name of the curve or of the group
 */
struct ike_ke_alg {
	uint16_t id;
	uint16_t pub_len;
	uint16_t secret_len;
	uint16_t priv_len;
	const char *name;
};

/* NULL: we do not have it, so it must not be negotiated */
const struct ike_encr_alg *ike_encr_alg(uint16_t id, uint16_t key_bits);
const struct ike_mac_alg *ike_prf_alg(uint16_t id);
const struct ike_mac_alg *ike_integ_alg(uint16_t id);
const struct ike_ke_alg *ike_ke_alg(uint16_t id);

void ike_wipe(void *p, size_t len);

/* constant time in the contents; spans of different length are not equal */
bool ike_secret_equal(struct ike_span a, struct ike_span b);

/**
 * ike_prf() - prf(key, part | part | ...)
 * @id: PRF transform ID
 * @key: the key
 * @parts: what to hash, in order
 * @n: number of parts
 * @out: takes ike_prf_alg(@id)->out_len octets
 *
 * Return: 0, -ENOTSUP for an unknown PRF, -EIO when OpenSSL failed.
 */
int ike_prf(uint16_t id, struct ike_span key, const struct ike_span *parts,
	    size_t n, uint8_t *out);

/**
 * ike_prf_plus() - prf+ of RFC 7296 section 2.13
 * @id: PRF transform ID
 * @key: the key
 * @parts: the seed, in pieces
 * @n: number of pieces, at most 6
 * @out: takes the key stream
 * @len: octets wanted, at most 255 PRF outputs
 *
 * Return: 0 or a negative errno.
 */
int ike_prf_plus(uint16_t id, struct ike_span key, const struct ike_span *parts,
		 size_t n, uint8_t *out, size_t len);

/* truncated HMAC of an integrity transform; out takes its out_len octets */
int ike_integ(uint16_t id, struct ike_span key, struct ike_span data,
	      uint8_t *out);

/* SHA-1, for NAT detection (RFC 7296 section 2.23) only; out takes 20 octets */
int ike_sha1(const struct ike_span *parts, size_t n, uint8_t *out);

/**
 * ike_aead_seal() - encrypt in place with an AEAD
 * @alg: algorithm; its icv_len is not 0
 * @key: key material with the salt at its end
 * @iv: explicit IV, alg->iv_len octets
 * @aad: associated data
 * @buf: plaintext in, ciphertext out
 * @len: octets of plaintext
 * @icv: takes alg->icv_len octets
 */
int ike_aead_seal(const struct ike_encr_alg *alg, struct ike_span key,
		  const uint8_t *iv, struct ike_span aad, uint8_t *buf,
		  size_t len, uint8_t *icv);

/* the inverse, in place; -EBADMSG and a wiped buffer when the ICV is wrong */
int ike_aead_open(const struct ike_encr_alg *alg, struct ike_span key,
		  const uint8_t *iv, struct ike_span aad, uint8_t *buf,
		  size_t len, const uint8_t *icv);

/* CBC in place, whole blocks, no padding of its own */
int ike_cbc(const struct ike_encr_alg *alg, struct ike_span key,
	    const uint8_t *iv, uint8_t *buf, size_t len, bool encrypt);

struct ike_ke;

/**
 * ike_ke_new() - start a key exchange
 * @id: key exchange method
 * @rng: where the private key comes from
 * @ke: takes the new exchange; free with ike_ke_free()
 *
 * The same random octets give the same key pair.
 *
 * Return: 0, -ENOTSUP for a method we do not have, -ENOMEM, -EIO.
 */
int ike_ke_new(uint16_t id, const struct ike_rng *rng, struct ike_ke **ke);

uint16_t ike_ke_id(const struct ike_ke *ke);

/* our public value, as the KE payload carries it; lives as long as @ke */
struct ike_span ike_ke_public(const struct ike_ke *ke);

/**
 * ike_ke_derive() - compute the shared secret
 * @ke: our side
 * @peer: the peer's public value, untrusted
 * @secret: takes the shared secret
 *
 * Return: 0, -EINVAL for a public value that is not one (wrong length, not on
 * the curve, 0, 1, p-1, p or more, or one that makes the secret zero), -EIO.
 */
int ike_ke_derive(const struct ike_ke *ke, struct ike_span peer,
		  struct ike_secret *secret);

void ike_ke_free(struct ike_ke *ke);

#endif
