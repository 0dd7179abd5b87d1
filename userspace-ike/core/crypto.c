// SPDX-License-Identifier: MIT
#include <errno.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <string.h>

#include "crypto.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

void ike_wipe(void *p, size_t len)
{
	OPENSSL_cleanse(p, len);
}

bool ike_secret_equal(struct ike_span a, struct ike_span b)
{
	return a.len == b.len && (!a.len || !CRYPTO_memcmp(a.p, b.p, a.len));
}

static int rng_openssl_fill(void *ctx, void *buf, size_t len)
{
	(void)ctx;
	if (len > INT32_MAX || RAND_bytes(buf, (int)len) != 1)
		return -EIO;
	return 0;
}

const struct ike_rng ike_rng_openssl = { .fill = rng_openssl_fill };

/* out takes a whole digest, EVP_MAX_MD_SIZE */
static int hmac(const char *digest, struct ike_span key,
		const struct ike_span *parts, size_t n, uint8_t *out)
{
	OSSL_PARAM params[] = { OSSL_PARAM_utf8_string(OSSL_MAC_PARAM_DIGEST,
						       (char *)digest, 0),
				OSSL_PARAM_END };
	EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	EVP_MAC_CTX *ctx = mac ? EVP_MAC_CTX_new(mac) : NULL;
	/* OpenSSL takes a NULL key for "keep the one you have" */
	const uint8_t *k = key.len ? key.p : (const uint8_t *)"";
	size_t len;
	int ok;

	ok = ctx && EVP_MAC_init(ctx, k, key.len, params);
	for (size_t i = 0; ok && i < n; i++)
		ok = !parts[i].len ||
		     EVP_MAC_update(ctx, parts[i].p, parts[i].len);
	ok = ok && EVP_MAC_final(ctx, out, &len, EVP_MAX_MD_SIZE);
	EVP_MAC_CTX_free(ctx);
	EVP_MAC_free(mac);
	ERR_clear_error();
	return ok ? 0 : -EIO;
}

/* the first out_len octets of it; zeros when it failed */
static int mac(const struct ike_alg *alg, struct ike_span key,
	       const struct ike_span *parts, size_t n, uint8_t *out)
{
	uint8_t full[EVP_MAX_MD_SIZE];
	int err;

	if (!alg)
		return -ENOTSUP;
	err = hmac(alg->name, key, parts, n, full);
	if (err)
		memset(full, 0, sizeof(full));
	memcpy(out, full, alg->out_len);
	ike_wipe(full, sizeof(full));
	return err;
}

int ike_prf(uint16_t id, struct ike_span key, const struct ike_span *parts,
	    size_t n, uint8_t *out)
{
	return mac(ike_prf_alg(id), key, parts, n, out);
}

/* T1 = prf(K, S | 1), Ti = prf(K, Ti-1 | S | i) */
int ike_prf_plus(uint16_t id, struct ike_span key, const struct ike_span *parts,
		 size_t n, uint8_t *out, size_t len)
{
	const struct ike_alg *alg = ike_prf_alg(id);
	struct ike_span in[8];
	uint8_t t[IKE_PRF_MAX];
	uint8_t i = 1;
	int err = 0;

	if (!alg)
		return -ENOTSUP;
	if (n > ARRAY_SIZE(in) - 2 || len > 255u * alg->out_len)
		return -EINVAL;
	in[0] = ike_span(t, 0);
	memcpy(in + 1, parts, n * sizeof(*parts));
	in[n + 1] = ike_span(&i, 1);
	for (size_t off = 0; off < len && !err; i++) {
		size_t step = len - off < alg->out_len ? len - off :
							 alg->out_len;

		err = ike_prf(id, key, in, n + 2, t);
		memcpy(out + off, t, step);
		in[0].len = alg->out_len;
		off += step;
	}
	ike_wipe(t, sizeof(t));
	if (err)
		ike_wipe(out, len);
	return err;
}

int ike_integ(uint16_t id, struct ike_span key, struct ike_span data,
	      uint8_t *out)
{
	return mac(ike_integ_alg(id), key, &data, 1, out);
}

int ike_sha1(const struct ike_span *parts, size_t n, uint8_t *out)
{
	EVP_MD *md = EVP_MD_fetch(NULL, "SHA1", NULL);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	int ok;

	ok = md && ctx && EVP_DigestInit_ex2(ctx, md, NULL);
	for (size_t i = 0; ok && i < n; i++)
		ok = EVP_DigestUpdate(ctx, parts[i].p, parts[i].len);
	ok = ok && EVP_DigestFinal_ex(ctx, out, NULL);
	EVP_MD_CTX_free(ctx);
	EVP_MD_free(md);
	ERR_clear_error();
	return ok ? 0 : -EIO;
}

/*
 * Encrypt or decrypt in place. Of an AEAD (with @icv) the nonce is the salt
 * and the IV (RFC 5282 section 4), and the ICV is made or has to be right.
 */
static int cipher_run(const struct ike_alg *alg, const uint8_t *key,
		      const uint8_t *iv, struct ike_span aad, uint8_t *buf,
		      int len, uint8_t *icv, bool encrypt)
{
	EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, alg->name, NULL);
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	uint8_t nonce[2 * IKE_IV_MAX];
	int n, ok;

	memcpy(nonce, key + alg->key_len - alg->salt_len, alg->salt_len);
	memcpy(nonce + alg->salt_len, iv, alg->iv_len);
	ok = cipher && ctx &&
	     EVP_CipherInit_ex2(ctx, cipher, key, nonce, encrypt, NULL) &&
	     EVP_CIPHER_CTX_set_padding(ctx, 0) &&
	     (!icv || encrypt ||
	      EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, alg->out_len,
				  icv)) &&
	     (!aad.len ||
	      EVP_CipherUpdate(ctx, NULL, &n, aad.p, (int)aad.len)) &&
	     EVP_CipherUpdate(ctx, buf, &n, buf, len) &&
	     EVP_CipherFinal_ex(ctx, buf + len, &n) &&
	     (!icv || !encrypt ||
	      EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, alg->out_len,
				  icv));
	EVP_CIPHER_CTX_free(ctx);
	EVP_CIPHER_free(cipher);
	ERR_clear_error();
	ike_wipe(nonce, sizeof(nonce));
	if (!ok)
		ike_wipe(buf, (size_t)len);
	return ok ? 0 : icv && !encrypt ? -EBADMSG : -EIO;
}

static bool aead_args_ok(const struct ike_alg *alg, struct ike_span key,
			 struct ike_span aad, size_t len)
{
	return alg->out_len && key.len == alg->key_len && len <= INT32_MAX &&
	       aad.len <= INT32_MAX;
}

int ike_aead_seal(const struct ike_alg *alg, struct ike_span key,
		  const uint8_t *iv, struct ike_span aad, uint8_t *buf,
		  size_t len, uint8_t *icv)
{
	if (!aead_args_ok(alg, key, aad, len))
		return -EINVAL;
	return cipher_run(alg, key.p, iv, aad, buf, (int)len, icv, true);
}

int ike_aead_open(const struct ike_alg *alg, struct ike_span key,
		  const uint8_t *iv, struct ike_span aad, uint8_t *buf,
		  size_t len, const uint8_t *icv)
{
	uint8_t tag[IKE_ICV_MAX];

	if (!aead_args_ok(alg, key, aad, len))
		return -EINVAL;
	memcpy(tag, icv, alg->out_len);
	return cipher_run(alg, key.p, iv, aad, buf, (int)len, tag, false);
}

int ike_cbc(const struct ike_alg *alg, struct ike_span key, const uint8_t *iv,
	    uint8_t *buf, size_t len, bool encrypt)
{
	if (alg->out_len || key.len != alg->key_len || len > INT32_MAX ||
	    len % alg->block_len)
		return -EINVAL;
	return cipher_run(alg, key.p, iv, ike_span(NULL, 0), buf, (int)len,
			  NULL, encrypt);
}
