// SPDX-License-Identifier: MIT
/*
 * Key exchange methods (crypto.h). A private key is nothing but the random
 * octets the caller's generator gave, so that a simulation repeats itself;
 * OpenSSL's own key generation does not take octets. Points and powers are
 * still OpenSSL's, by the functions its ECDH and DH are made of, which are
 * constant time in the scalar.
 */
#include <errno.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <stdlib.h>

#include "crypto.h"

#define PRIV_MAX 80
#define ECP_MAX	 132 /* of P-521 */

struct ike_ke {
	const struct ike_alg *alg;
	uint8_t priv[PRIV_MAX];
	uint8_t pub[IKE_KE_MAX];
};

/* OpenSSL refuses an all-zero result (RFC 8031 section 2.3) */
static int x25519_derive(EVP_PKEY *key, struct ike_span peer, uint8_t *out)
{
	EVP_PKEY *pub = EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, NULL,
						    peer.p, peer.len);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
	size_t len = 32;
	int err = -EIO;

	if (pub && ctx && EVP_PKEY_derive_init(ctx) > 0 &&
	    EVP_PKEY_derive_set_peer(ctx, pub) > 0)
		err = EVP_PKEY_derive(ctx, out, &len) > 0 ? 0 : -EINVAL;
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(pub);
	return err;
}

static int x25519_run(const struct ike_alg *alg, const uint8_t *priv,
		      struct ike_span peer, uint8_t *out)
{
	EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, NULL,
						     priv, alg->key_len);
	size_t len = 32;
	int err = -EIO;

	if (key && peer.p)
		err = x25519_derive(key, peer, out);
	else if (key && EVP_PKEY_get_raw_public_key(key, out, &len))
		err = 0;
	EVP_PKEY_free(key);
	return err;
}

/* 1 <= k < order */
static bool ecp_scalar(const struct ike_alg *alg, const uint8_t *priv,
		       const EC_GROUP *grp, BIGNUM *k, BN_CTX *bn)
{
	BIGNUM *top = BN_CTX_get(bn);

	BN_set_flags(k, BN_FLG_CONSTTIME);
	return top && BN_copy(top, EC_GROUP_get0_order(grp)) &&
	       BN_sub_word(top, 1) && BN_bin2bn(priv, alg->key_len, k) &&
	       BN_mod(k, k, top, bn) && BN_add_word(k, 1);
}

/*
 * A public value is X | Y, a secret X alone (RFC 5903 section 7). OpenSSL takes
 * and gives X | Y behind an octet, and takes nothing that is not on the curve.
 */
static int ecp_mul(const struct ike_alg *alg, const uint8_t *priv,
		   struct ike_span peer, uint8_t *out, const EC_GROUP *grp,
		   BN_CTX *bn)
{
	uint8_t oct[1 + ECP_MAX] = { POINT_CONVERSION_UNCOMPRESSED };
	EC_POINT *in = EC_POINT_new(grp), *res = EC_POINT_new(grp);
	BIGNUM *k = BN_CTX_get(bn);
	size_t len = 1 + alg->out_len;
	int err = -EIO;

	if (!in || !res || !k || !ecp_scalar(alg, priv, grp, k, bn))
		goto out;
	if (peer.p)
		memcpy(oct + 1, peer.p, peer.len);
	if (peer.p && !EC_POINT_oct2point(grp, in, oct, len, bn))
		err = -EINVAL;
	else if (EC_POINT_mul(grp, res, peer.p ? NULL : k, peer.p ? in : NULL,
			      peer.p ? k : NULL, bn) &&
		 EC_POINT_point2oct(grp, res, POINT_CONVERSION_UNCOMPRESSED,
				    oct, len, bn) == len)
		err = 0;
	if (!err)
		memcpy(out, oct + 1, peer.p ? alg->secret_len : alg->out_len);
out:
	if (k)
		BN_clear(k);
	ike_wipe(oct, sizeof(oct));
	EC_POINT_clear_free(res);
	EC_POINT_free(in);
	return err;
}

static int ecp_run(const struct ike_alg *alg, const uint8_t *priv,
		   struct ike_span peer, uint8_t *out)
{
	EC_GROUP *grp;
	BN_CTX *bn = BN_CTX_secure_new();
	int err = -EIO;

	grp = EC_GROUP_new_by_curve_name(EC_curve_nist2nid(alg->name));
	if (bn)
		BN_CTX_start(bn);
	if (bn && grp)
		err = ecp_mul(alg, priv, peer, out, grp, bn);
	if (bn)
		BN_CTX_end(bn);
	BN_CTX_free(bn);
	EC_GROUP_free(grp);
	return err;
}

static BIGNUM *modp_prime(const struct ike_alg *alg)
{
	switch (alg->id) {
	case IKE_KE_MODP2048:
		return BN_get_rfc3526_prime_2048(NULL);
	case IKE_KE_MODP3072:
		return BN_get_rfc3526_prime_3072(NULL);
	case IKE_KE_MODP4096:
		return BN_get_rfc3526_prime_4096(NULL);
	}
	return NULL;
}

/*
 * 2 <= y <= p - 2 (RFC 6989 section 2.1). p is a safe prime, so nothing else
 * there lies in a small subgroup.
 */
static bool modp_public_ok(const BIGNUM *y, const BIGNUM *p, BIGNUM *tmp)
{
	return BN_copy(tmp, p) && BN_sub_word(tmp, 1) &&
	       BN_cmp(y, BN_value_one()) > 0 && BN_cmp(y, tmp) < 0;
}

static int modp_run(const struct ike_alg *alg, const uint8_t *priv,
		    struct ike_span peer, uint8_t *out)
{
	BIGNUM *p = modp_prime(alg), *y = BN_new(), *tmp = BN_new();
	BIGNUM *x = BN_bin2bn(priv, alg->key_len, NULL);
	BN_CTX *bn = BN_CTX_new();
	int err = -EIO;

	if (!p || !y || !tmp || !x || !bn)
		goto out;
	BN_set_flags(x, BN_FLG_CONSTTIME);
	if (!(peer.p ? !!BN_bin2bn(peer.p, (int)peer.len, y) :
		       BN_set_word(y, 2)))
		goto out;
	if (!modp_public_ok(y, p, tmp))
		err = -EINVAL;
	else if (BN_mod_exp_mont_consttime(tmp, y, x, p, bn, NULL) &&
		 BN_bn2binpad(tmp, out, alg->out_len) == alg->out_len)
		err = 0;
out:
	BN_clear_free(x);
	BN_clear_free(tmp);
	BN_free(y);
	BN_free(p);
	BN_CTX_free(bn);
	return err;
}

/* public value when there is no peer, else the shared secret */
static int ke_run(const struct ike_alg *alg, const uint8_t *priv,
		  struct ike_span peer, uint8_t *out)
{
	int err;

	if (alg->id == IKE_KE_X25519)
		err = x25519_run(alg, priv, peer, out);
	else if (alg->name[0] == 'P')
		err = ecp_run(alg, priv, peer, out);
	else
		err = modp_run(alg, priv, peer, out);
	ERR_clear_error();
	return err;
}

int ike_ke_new(uint16_t id, const struct ike_rng *rng, struct ike_ke **out)
{
	const struct ike_alg *alg = ike_ke_alg(id);
	struct ike_ke *ke;
	int err;

	*out = NULL;
	if (!alg)
		return -ENOTSUP;
	ke = calloc(1, sizeof(*ke));
	if (!ke)
		return -ENOMEM;
	ke->alg = alg;
	err = ike_rng_fill(rng, ke->priv, alg->key_len);
	if (!err)
		err = ke_run(alg, ke->priv, ike_span(NULL, 0), ke->pub);
	if (err) {
		ike_ke_free(ke);
		return err;
	}
	*out = ke;
	return 0;
}

uint16_t ike_ke_id(const struct ike_ke *ke)
{
	return ke->alg->id;
}

struct ike_span ike_ke_public(const struct ike_ke *ke)
{
	return ike_span(ke->pub, ke->alg->out_len);
}

int ike_ke_derive(const struct ike_ke *ke, struct ike_span peer,
		  struct ike_secret *secret)
{
	int err;

	secret->len = 0;
	if (!peer.p || peer.len != ke->alg->out_len)
		return -EINVAL;
	err = ke_run(ke->alg, ke->priv, peer, secret->data);
	if (err)
		ike_wipe(secret, sizeof(*secret));
	else
		secret->len = ke->alg->secret_len;
	return err;
}

void ike_ke_free(struct ike_ke *ke)
{
	if (!ke)
		return;
	ike_wipe(ke, sizeof(*ke));
	free(ke);
}
