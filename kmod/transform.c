// SPDX-License-Identifier: GPL-2.0
/* The algorithms of ESP: adding one is one entry here and one in the spec. */

#include <linux/array_size.h>
#include <linux/err.h>
#include "request.h"
#include "transform.h"

/* Key and salt, an IV of 8 bytes, and AAD as RFC 4106 lays it out, all of them. */
#define TRANSFORM(_encr, _name, _icv, ...) \
	{ .encr = IPSECX_ENCR_##_encr, .name = (_name), .icv_len = (_icv), \
	  .iv_len = 8, .block = 4, .key_lens = { __VA_ARGS__ } }

const struct ipsecx_transform ipsecx_transforms[] = {
	/* First what one should take. */
	TRANSFORM(AES_GCM_16, "rfc4106(gcm(aes))", 16, 20, 28, 36),
	TRANSFORM(CHACHA20_POLY1305, "rfc7539esp(chacha20,poly1305)", 16, 36),
	TRANSFORM(AES_GCM_12, "rfc4106(gcm(aes))", 12, 20, 28, 36),
	TRANSFORM(AES_GCM_8, "rfc4106(gcm(aes))", 8, 20, 28, 36),
	TRANSFORM(AES_CCM_16, "rfc4309(ccm(aes))", 16, 19, 27, 35),
	TRANSFORM(AES_CCM_12, "rfc4309(ccm(aes))", 12, 19, 27, 35),
	TRANSFORM(AES_CCM_8, "rfc4309(ccm(aes))", 8, 19, 27, 35),
	TRANSFORM(AES_GMAC, "rfc4543(gcm(aes))", 16, 20, 28, 36),
};

const unsigned int ipsecx_transforms_n = ARRAY_SIZE(ipsecx_transforms);

const struct ipsecx_transform *ipsecx_transform_find(enum ipsecx_encr encr)
{
	unsigned int i;

	for (i = 0; i < ipsecx_transforms_n; i++)
		if (ipsecx_transforms[i].encr == encr)
			return &ipsecx_transforms[i];
	return NULL;
}

bool ipsecx_transform_key_len_ok(const struct ipsecx_transform *t, size_t len)
{
	const u8 *l;

	for (l = t->key_lens; *l; l++)
		if (*l == len)
			return true;
	return false;
}

static int transform_set_up(struct crypto_aead *aead,
			    const struct ipsecx_transform *t,
			    const u8 *key, size_t len)
{
	int err = crypto_aead_setauthsize(aead, t->icv_len);

	if (!err)
		err = crypto_aead_setkey(aead, key, len);
	if (!err && crypto_aead_reqsize(aead) > IPSECX_REQUEST_CTX_MAX)
		err = -EOPNOTSUPP;
	return err;
}

struct crypto_aead *ipsecx_transform_new(const struct ipsecx_transform *t,
					 const u8 *key, size_t len)
{
	struct crypto_aead *aead = crypto_alloc_aead(t->name, 0, 0);
	int err;

	if (IS_ERR(aead))
		return aead;
	err = transform_set_up(aead, t, key, len);
	if (err) {
		crypto_free_aead(aead);
		return ERR_PTR(err);
	}
	return aead;
}
