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

#define GCM(bits)                                                     \
	{                                                             \
		IKE_ENCR_AES_GCM_16, bits, bits / 8 + 4, 4, 8, 1, 16, \
			"AES-" #bits "-GCM"                           \
	}
#define CBC(bits)                                               \
	{                                                       \
		IKE_ENCR_AES_CBC, bits, bits / 8, 0, 16, 16, 0, \
			"AES-" #bits "-CBC"                     \
	}

/* In ESP only: the kernel does it, what is wanted here is how long its key is. */
#define ESP_AEAD(name, bits, salt, icv)                                      \
	{                                                                    \
		IKE_ENCR_AES_##name, bits, bits / 8 + salt, salt, 8, 1, icv, \
			NULL                                                 \
	}
#define ESP_AEADS(name, salt, icv)                                      \
	ESP_AEAD(name, 256, salt, icv), ESP_AEAD(name, 192, salt, icv), \
		ESP_AEAD(name, 128, salt, icv)

static const struct ike_encr_alg encr_algs[] = {
	GCM(256),
	GCM(192),
	GCM(128),
	CBC(256),
	CBC(192),
	CBC(128),
	{ IKE_ENCR_CHACHA20_POLY1305, 0, 36, 4, 8, 1, 16, "ChaCha20-Poly1305" },
	ESP_AEADS(GCM_12, 4, 12),
	ESP_AEADS(GCM_8, 4, 8),
	ESP_AEADS(CCM_16, 3, 16),
	ESP_AEADS(CCM_12, 3, 12),
	ESP_AEADS(CCM_8, 3, 8),
	ESP_AEADS(GMAC, 4, 16),
};

static const struct ike_mac_alg prf_algs[] = {
	{ IKE_PRF_HMAC_SHA2_256, 32, 32, "SHA256" },
	{ IKE_PRF_HMAC_SHA2_384, 48, 48, "SHA384" },
	{ IKE_PRF_HMAC_SHA2_512, 64, 64, "SHA512" },
};

static const struct ike_mac_alg integ_algs[] = {
	{ IKE_INTEG_HMAC_SHA2_256_128, 32, 16, "SHA256" },
	{ IKE_INTEG_HMAC_SHA2_384_192, 48, 24, "SHA384" },
	{ IKE_INTEG_HMAC_SHA2_512_256, 64, 32, "SHA512" },
};

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

const struct ike_encr_alg *ike_encr_alg(uint16_t id, uint16_t key_bits)
{
	for (size_t i = 0; i < ARRAY_SIZE(encr_algs); i++)
		if (encr_algs[i].id == id && encr_algs[i].key_bits == key_bits)
			return &encr_algs[i];
	return NULL;
}

static const struct ike_mac_alg *mac_alg(const struct ike_mac_alg *algs,
					 size_t n, uint16_t id)
{
	for (size_t i = 0; i < n; i++)
		if (algs[i].id == id)
			return &algs[i];
	return NULL;
}

const struct ike_mac_alg *ike_prf_alg(uint16_t id)
{
	return mac_alg(prf_algs, ARRAY_SIZE(prf_algs), id);
}

const struct ike_mac_alg *ike_integ_alg(uint16_t id)
{
	return mac_alg(integ_algs, ARRAY_SIZE(integ_algs), id);
}

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

int ike_prf(uint16_t id, struct ike_span key, const struct ike_span *parts,
	    size_t n, uint8_t *out)
{
	const struct ike_mac_alg *alg = ike_prf_alg(id);
	uint8_t full[EVP_MAX_MD_SIZE];
	int err;

	if (!alg)
		return -ENOTSUP;
	err = hmac(alg->digest, key, parts, n, full);
	if (err)
		memset(full, 0, sizeof(full));
	memcpy(out, full, alg->out_len);
	ike_wipe(full, sizeof(full));
	return err;
}

/* T1 = prf(K, S | 1), Ti = prf(K, Ti-1 | S | i) */
int ike_prf_plus(uint16_t id, struct ike_span key, const struct ike_span *parts,
		 size_t n, uint8_t *out, size_t len)
{
	const struct ike_mac_alg *alg = ike_prf_alg(id);
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
	const struct ike_mac_alg *alg = ike_integ_alg(id);
	uint8_t full[EVP_MAX_MD_SIZE];
	int err;

	if (!alg)
		return -ENOTSUP;
	err = hmac(alg->digest, key, &data, 1, full);
	if (!err)
		memcpy(out, full, alg->out_len);
	ike_wipe(full, sizeof(full));
	return err;
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

/* a context with key and IV, padding off; NULL on failure */
static EVP_CIPHER_CTX *cipher_begin(const struct ike_encr_alg *alg,
				    const uint8_t *key, const uint8_t *iv,
				    bool encrypt)
{
	EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, alg->cipher, NULL);
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();

	if (!cipher || !ctx ||
	    !EVP_CipherInit_ex2(ctx, cipher, key, iv, encrypt, NULL) ||
	    !EVP_CIPHER_CTX_set_padding(ctx, 0)) {
		EVP_CIPHER_CTX_free(ctx);
		ctx = NULL;
	}
	EVP_CIPHER_free(cipher);
	return ctx;
}

/* nonce = salt | explicit IV (RFC 5282 section 4) */
static EVP_CIPHER_CTX *aead_begin(const struct ike_encr_alg *alg,
				  struct ike_span key, const uint8_t *iv,
				  struct ike_span aad, bool encrypt)
{
	uint8_t nonce[IKE_IV_MAX];
	EVP_CIPHER_CTX *ctx;
	int n;

	memcpy(nonce, key.p + alg->key_len - alg->salt_len, alg->salt_len);
	memcpy(nonce + alg->salt_len, iv, alg->iv_len);
	ctx = cipher_begin(alg, key.p, nonce, encrypt);
	ike_wipe(nonce, sizeof(nonce));
	if (ctx && aad.len &&
	    !EVP_CipherUpdate(ctx, NULL, &n, aad.p, (int)aad.len)) {
		EVP_CIPHER_CTX_free(ctx);
		ctx = NULL;
	}
	return ctx;
}

static bool aead_args_ok(const struct ike_encr_alg *alg, struct ike_span key,
			 struct ike_span aad, size_t len)
{
	return alg->icv_len && key.len == alg->key_len && len <= INT32_MAX &&
	       aad.len <= INT32_MAX;
}

int ike_aead_seal(const struct ike_encr_alg *alg, struct ike_span key,
		  const uint8_t *iv, struct ike_span aad, uint8_t *buf,
		  size_t len, uint8_t *icv)
{
	EVP_CIPHER_CTX *ctx;
	int n, ok;

	if (!aead_args_ok(alg, key, aad, len))
		return -EINVAL;
	ctx = aead_begin(alg, key, iv, aad, true);
	ok = ctx && EVP_CipherUpdate(ctx, buf, &n, buf, (int)len) &&
	     EVP_CipherFinal_ex(ctx, buf + len, &n) &&
	     EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, alg->icv_len, icv);
	EVP_CIPHER_CTX_free(ctx);
	ERR_clear_error();
	if (!ok)
		ike_wipe(buf, len);
	return ok ? 0 : -EIO;
}

int ike_aead_open(const struct ike_encr_alg *alg, struct ike_span key,
		  const uint8_t *iv, struct ike_span aad, uint8_t *buf,
		  size_t len, const uint8_t *icv)
{
	EVP_CIPHER_CTX *ctx;
	int n, ok;

	if (!aead_args_ok(alg, key, aad, len))
		return -EINVAL;
	ctx = aead_begin(alg, key, iv, aad, false);
	ok = ctx &&
	     EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, alg->icv_len,
				 (void *)icv) &&
	     EVP_CipherUpdate(ctx, buf, &n, buf, (int)len) &&
	     EVP_CipherFinal_ex(ctx, buf + len, &n);
	EVP_CIPHER_CTX_free(ctx);
	ERR_clear_error();
	if (!ok)
		ike_wipe(buf, len);
	return ok ? 0 : -EBADMSG;
}

int ike_cbc(const struct ike_encr_alg *alg, struct ike_span key,
	    const uint8_t *iv, uint8_t *buf, size_t len, bool encrypt)
{
	EVP_CIPHER_CTX *ctx;
	int n, ok;

	if (alg->icv_len || key.len != alg->key_len || len > INT32_MAX ||
	    len % alg->block_len)
		return -EINVAL;
	ctx = cipher_begin(alg, key.p, iv, encrypt);
	ok = ctx && EVP_CipherUpdate(ctx, buf, &n, buf, (int)len) &&
	     EVP_CipherFinal_ex(ctx, buf + len, &n);
	EVP_CIPHER_CTX_free(ctx);
	ERR_clear_error();
	if (!ok)
		ike_wipe(buf, len);
	return ok ? 0 : -EIO;
}
