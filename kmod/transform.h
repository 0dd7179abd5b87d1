/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IPSECX_TRANSFORM_H
#define _IPSECX_TRANSFORM_H

#include <crypto/aead.h>
#include <linux/types.h>
#include <uapi/linux/ipsecx.h>

/**
 * struct ipsecx_encr_algo - an encryption as ESP uses it; one table, immutable
 * @encr: IKEv2 transform type 1 number
 * @name: the kernel crypto API's name: of an AEAD that takes IV and AAD as
 *	RFC 4106 lays them out, or of a cipher that goes with an integrity
 * @key_lens: key lengths with salt, in bytes, ended by 0
 * @icv_len: bytes of ICV; 0 needs an integrity
 * @iv_len: bytes of explicit IV in the packet
 * @block: what the ciphertext is padded to, at least 4 (RFC 4303 2.4)
 * @iv_random: the IV must be unpredictable (RFC 3602 section 3), not a counter
 */
struct ipsecx_encr_algo {
	enum ipsecx_encr encr;
	const char *name;
	u8 key_lens[4];
	u8 icv_len;
	u8 iv_len;
	u8 block;
	bool iv_random;
};

/**
 * struct ipsecx_integ_algo - an integrity as ESP uses it; one table, immutable
 * @integ: IKEv2 transform type 3 number
 * @name: the kernel crypto API's name of the hash
 * @key_len: in bytes
 * @icv_len: bytes of ICV that are left of the hash
 */
struct ipsecx_integ_algo {
	enum ipsecx_integ integ;
	const char *name;
	u8 key_len;
	u8 icv_len;
};

/**
 * struct ipsecx_transform - how an SA protects
 * @encr: its encryption
 * @integ: its integrity, NULL if @encr has its own
 * @iv_len: bytes of explicit IV in the packet
 * @icv_len: bytes of ICV
 * @block: what the ciphertext is padded to
 * @iv_random: the IV must be unpredictable
 */
struct ipsecx_transform {
	const struct ipsecx_encr_algo *encr;
	const struct ipsecx_integ_algo *integ;
	u8 iv_len;
	u8 icv_len;
	u8 block;
	bool iv_random;
};

/**
 * struct ipsecx_transform_keys - what an SA is keyed with; the caller wipes it
 * @encr: key with salt
 * @encr_len: its bytes
 * @integ: key
 * @integ_len: its bytes
 */
struct ipsecx_transform_keys {
	const u8 *encr;
	size_t encr_len;
	const u8 *integ;
	size_t integ_len;
};

extern const struct ipsecx_encr_algo ipsecx_encr_algos[];
extern const unsigned int ipsecx_encr_algos_n;
extern const struct ipsecx_integ_algo ipsecx_integ_algos[];
extern const unsigned int ipsecx_integ_algos_n;

/* NULL if there is no such algorithm. */
const struct ipsecx_encr_algo *ipsecx_encr_find(enum ipsecx_encr encr);
const struct ipsecx_integ_algo *ipsecx_integ_find(enum ipsecx_integ integ);
bool ipsecx_encr_key_len_ok(const struct ipsecx_encr_algo *encr, size_t len);
/* @integ is NULL if, and only if, @encr has its own. */
void ipsecx_transform_set(struct ipsecx_transform *t,
			  const struct ipsecx_encr_algo *encr,
			  const struct ipsecx_integ_algo *integ);
/*
 * A keyed AEAD for one SA, sleeps; the keys are not kept beside it.
 * Asynchronous drivers are welcome: before 6.16 they are the fast ones on x86,
 * and mostly answer at once.
 */
struct crypto_aead *
ipsecx_transform_new(const struct ipsecx_transform *t, bool esn,
		     const struct ipsecx_transform_keys *keys);

#endif /* _IPSECX_TRANSFORM_H */
