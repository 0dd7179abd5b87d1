/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IPSECX_TRANSFORM_H
#define _IPSECX_TRANSFORM_H

#include <crypto/aead.h>
#include <linux/types.h>
#include <uapi/linux/ipsecx.h>

/**
 * struct ipsecx_transform - an algorithm as ESP uses it; one table, immutable
 * @encr: IKEv2 transform type 1 number
 * @name: the kernel crypto API's name, of an AEAD that takes IV and AAD as
 *	RFC 4106 lays them out
 * @iv_len: bytes of explicit IV in the packet
 * @icv_len: bytes of ICV
 * @block: what the ciphertext is padded to, at least 4 (RFC 4303 2.4)
 * @key_lens: key lengths with salt, in bytes, ended by 0
 */
struct ipsecx_transform {
	enum ipsecx_encr encr;
	const char *name;
	u8 iv_len;
	u8 icv_len;
	u8 block;
	u8 key_lens[4];
};

extern const struct ipsecx_transform ipsecx_transforms[];
extern const unsigned int ipsecx_transforms_n;

/* NULL if there is no such algorithm. */
const struct ipsecx_transform *ipsecx_transform_find(enum ipsecx_encr encr);
bool ipsecx_transform_key_len_ok(const struct ipsecx_transform *t, size_t len);
/*
 * A keyed AEAD for one SA, sleeps; the key is not kept beside it. Asynchronous
 * drivers are welcome: before 6.16 they are the fast ones on x86, and mostly
 * answer at once.
 */
struct crypto_aead *ipsecx_transform_new(const struct ipsecx_transform *t,
					 const u8 *key, size_t len);

#endif /* _IPSECX_TRANSFORM_H */
