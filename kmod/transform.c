// SPDX-License-Identifier: GPL-2.0
/* The algorithms of ESP: adding one is one entry here and one in the spec. */

#include <crypto/authenc.h>
#include <linux/array_size.h>
#include <linux/err.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include "request.h"
#include "transform.h"

/* Key and salt, an IV of 8 bytes, and AAD as RFC 4106 lays it out, all of them. */
#define AEAD(_encr, _name, _icv, ...) \
	{ .encr = IPSECX_ENCR_##_encr, .name = (_name), .icv_len = (_icv), \
	  .iv_len = 8, .block = 4, .key_lens = { __VA_ARGS__ } }

const struct ipsecx_encr_algo ipsecx_encr_algos[] = {
	/* First what one should take. */
	AEAD(AES_GCM_16, "rfc4106(gcm(aes))", 16, 20, 28, 36),
	AEAD(CHACHA20_POLY1305, "rfc7539esp(chacha20,poly1305)", 16, 36),
	AEAD(AES_GCM_12, "rfc4106(gcm(aes))", 12, 20, 28, 36),
	AEAD(AES_GCM_8, "rfc4106(gcm(aes))", 8, 20, 28, 36),
	AEAD(AES_CCM_16, "rfc4309(ccm(aes))", 16, 19, 27, 35),
	AEAD(AES_CCM_12, "rfc4309(ccm(aes))", 12, 19, 27, 35),
	AEAD(AES_CCM_8, "rfc4309(ccm(aes))", 8, 19, 27, 35),
	AEAD(AES_GMAC, "rfc4543(gcm(aes))", 16, 20, 28, 36),
	{ .encr = IPSECX_ENCR_AES_CBC, .name = "cbc(aes)",
	  .iv_len = 16, .iv_random = true, .block = 16,
	  .key_lens = { 16, 24, 32 } },
	{ .encr = IPSECX_ENCR_AES_CTR, .name = "rfc3686(ctr(aes))",
	  .iv_len = 8, .block = 4, .key_lens = { 20, 28, 36 } },
	{ .encr = IPSECX_ENCR_NULL, .name = "ecb(cipher_null)", .block = 4 },
};

const unsigned int ipsecx_encr_algos_n = ARRAY_SIZE(ipsecx_encr_algos);

#define INTEG(_integ, _name, _key, _icv) \
	{ .integ = IPSECX_INTEG_##_integ, .name = (_name), \
	  .key_len = (_key), .icv_len = (_icv) }

const struct ipsecx_integ_algo ipsecx_integ_algos[] = {
	INTEG(HMAC_SHA2_256_128, "hmac(sha256)", 32, 16),
	INTEG(HMAC_SHA2_384_192, "hmac(sha384)", 48, 24),
	INTEG(HMAC_SHA2_512_256, "hmac(sha512)", 64, 32),
	INTEG(HMAC_SHA1_96, "hmac(sha1)", 20, 12),
	INTEG(AES_CMAC_96, "cmac(aes)", 16, 12),
	INTEG(AES_XCBC_96, "xcbc(aes)", 16, 12),
};

const unsigned int ipsecx_integ_algos_n = ARRAY_SIZE(ipsecx_integ_algos);

const struct ipsecx_encr_algo *ipsecx_encr_find(enum ipsecx_encr encr)
{
	unsigned int i;

	for (i = 0; i < ipsecx_encr_algos_n; i++)
		if (ipsecx_encr_algos[i].encr == encr)
			return &ipsecx_encr_algos[i];
	return NULL;
}

const struct ipsecx_integ_algo *ipsecx_integ_find(enum ipsecx_integ integ)
{
	unsigned int i;

	for (i = 0; i < ipsecx_integ_algos_n; i++)
		if (ipsecx_integ_algos[i].integ == integ)
			return &ipsecx_integ_algos[i];
	return NULL;
}

bool ipsecx_encr_key_len_ok(const struct ipsecx_encr_algo *encr, size_t len)
{
	const u8 *l;

	for (l = encr->key_lens; *l; l++)
		if (*l == len)
			return true;
	return !encr->key_lens[0] && !len;
}

void ipsecx_transform_set(struct ipsecx_transform *t,
			  const struct ipsecx_encr_algo *encr,
			  const struct ipsecx_integ_algo *integ)
{
	t->encr = encr;
	t->integ = integ;
	t->iv_len = encr->iv_len;
	t->icv_len = integ ? integ->icv_len : encr->icv_len;
	t->block = encr->block;
	t->iv_random = encr->iv_random;
}

/* Both keys in one, as authenc takes them. */
static int transform_set_keys(struct crypto_aead *aead,
			      const struct ipsecx_transform_keys *keys)
{
	struct crypto_authenc_key_param *param;
	size_t len = RTA_SPACE(sizeof(*param)) + keys->integ_len +
		     keys->encr_len;
	struct rtattr *rta = kmalloc(len, GFP_KERNEL);
	u8 *p;
	int err;

	if (!rta)
		return -ENOMEM;
	rta->rta_type = CRYPTO_AUTHENC_KEYA_PARAM;
	rta->rta_len = RTA_LENGTH(sizeof(*param));
	param = RTA_DATA(rta);
	param->enckeylen = cpu_to_be32(keys->encr_len);
	p = (u8 *)rta + RTA_SPACE(sizeof(*param));
	memcpy(p, keys->integ, keys->integ_len);
	memcpy(p + keys->integ_len, keys->encr, keys->encr_len);
	err = crypto_aead_setkey(aead, (u8 *)rta, len);
	kfree_sensitive(rta);
	return err;
}

static int transform_set_up(struct crypto_aead *aead,
			    const struct ipsecx_transform *t,
			    const struct ipsecx_transform_keys *keys)
{
	int err = crypto_aead_setauthsize(aead, t->icv_len);

	if (err)
		return err;
	if (t->integ)
		err = transform_set_keys(aead, keys);
	else
		err = crypto_aead_setkey(aead, keys->encr, keys->encr_len);
	if (!err && crypto_aead_reqsize(aead) > IPSECX_REQUEST_CTX_MAX)
		err = -EOPNOTSUPP;
	return err;
}

/*
 * With 64 bit numbers the high half is not in the packet; authencesn knows
 * where the hash wants it (RFC 4303 section 2.2.1), AEADs have it in the AAD.
 */
static struct crypto_aead *transform_alloc(const struct ipsecx_transform *t,
					   bool esn)
{
	char name[CRYPTO_MAX_ALG_NAME];

	if (!t->integ)
		return crypto_alloc_aead(t->encr->name, 0, 0);
	snprintf(name, sizeof(name), "authenc%s(%s,%s)", esn ? "esn" : "",
		 t->integ->name, t->encr->name);
	return crypto_alloc_aead(name, 0, 0);
}

struct crypto_aead *
ipsecx_transform_new(const struct ipsecx_transform *t, bool esn,
		     const struct ipsecx_transform_keys *keys)
{
	struct crypto_aead *aead = transform_alloc(t, esn);
	int err;

	if (IS_ERR(aead))
		return aead;
	err = transform_set_up(aead, t, keys);
	if (!err)
		return aead;
	crypto_free_aead(aead);
	return ERR_PTR(err);
}
