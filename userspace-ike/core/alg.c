// SPDX-License-Identifier: MIT
#include "alg.h"

#define NEVER 0
#define IKE   (1 << IKE_PROTO_IKE)
/* the kernel does it; what is wanted here is how long its key is */
#define ESP  (1 << IKE_PROTO_ESP)
#define BOTH (IKE | ESP)

/* clang-format off: rows */
#define WORD(type, id, word)            \
	{                               \
		word, IKE_TF_##type, id \
	}
#define ENCR(word, id, bits, use, salt, iv, block, icv, name)            \
	{                                                                \
		word, IKE_TF_ENCR, id, bits, use,                        \
			(bits ? bits / 8 : 32) + salt, icv, 0, salt, iv, \
			block, name                                      \
	}
#define AES(bits, mode, id, use, salt, iv, block, icv, name)        \
	ENCR("aes" #bits mode, id, bits, use, salt, iv, block, icv, \
	     "AES-" #bits "-" name)
#define AEAD(bits, mode, id, use, salt, icv) \
	AES(bits, mode, IKE_ENCR_AES_##id, use, salt, 8, 1, icv, "GCM")
#define AEADS(mode, id, use, salt, icv)              \
	AEAD(256, mode, id, use, salt, icv),         \
		AEAD(192, mode, id, use, salt, icv), \
		AEAD(128, mode, id, use, salt, icv)
#define CBC(mode)                                                            \
	AES(256, mode, IKE_ENCR_AES_CBC, BOTH, 0, 16, 16, 0, "CBC"),         \
		AES(192, mode, IKE_ENCR_AES_CBC, BOTH, 0, 16, 16, 0, "CBC"), \
		AES(128, mode, IKE_ENCR_AES_CBC, BOTH, 0, 16, 16, 0, "CBC")
#define PRF(word, id, len, name)                                             \
	{                                                                    \
		word, IKE_TF_PRF, IKE_PRF_HMAC_##id, 0, IKE, len, len, 0, 0, \
			0, 0, name                                           \
	}
#define INTEG(word, id, len, name)                                     \
	{                                                              \
		word, IKE_TF_INTEG, IKE_INTEG_HMAC_##id, 0, BOTH, len, \
			len / 2, 0, 0, 0, 0, name                      \
	}
#define KE(word, id, priv, pub, secret, name)                                \
	{                                                                    \
		word, IKE_TF_KE, IKE_KE_##id, 0, BOTH, priv, pub, secret, 0, \
			0, 0, name                                           \
	}

const struct ike_alg ike_algs[] = {
	AEADS("gcm16", GCM_16, BOTH, 4, 16),
	AEAD(256, "gcm", GCM_16, BOTH, 4, 16),
	AEAD(128, "gcm", GCM_16, BOTH, 4, 16),
	AEAD(256, "gcm128", GCM_16, BOTH, 4, 16),
	AEAD(128, "gcm128", GCM_16, BOTH, 4, 16),
	ENCR("chacha20poly1305", IKE_ENCR_CHACHA20_POLY1305, 0, BOTH, 4, 8, 1,
	     16, "ChaCha20-Poly1305"),
	CBC(""),
	CBC("cbc"),
	WORD(ENCR, 3, "3des"),
	WORD(ENCR, IKE_ENCR_NULL, "null"),
	AES(128, "ctr", 13, NEVER, 4, 8, 1, 0, "CTR"),
	AES(192, "ctr", 13, NEVER, 4, 8, 1, 0, "CTR"),
	AES(256, "ctr", 13, NEVER, 4, 8, 1, 0, "CTR"),
	AEADS("ccm16", CCM_16, ESP, 3, 16),
	AEADS("ccm12", CCM_12, ESP, 3, 12),
	AEADS("ccm8", CCM_8, ESP, 3, 8),
	AEADS("gcm12", GCM_12, ESP, 4, 12),
	AEADS("gcm8", GCM_8, ESP, 4, 8),
	AEADS("gmac", GMAC, ESP, 4, 16),
	ENCR("camellia128", 23, 128, NEVER, 0, 16, 16, 0, NULL),
	ENCR("camellia256", 23, 256, NEVER, 0, 16, 16, 0, NULL),
	PRF("prfsha256", SHA2_256, 32, "SHA256"),
	PRF("prfsha384", SHA2_384, 48, "SHA384"),
	PRF("prfsha512", SHA2_512, 64, "SHA512"),
	WORD(PRF, 1, "prfmd5"),
	WORD(PRF, IKE_PRF_HMAC_SHA1, "prfsha1"),
	WORD(PRF, 4, "prfaesxcbc"),
	WORD(PRF, 8, "prfaescmac"),
	INTEG("sha256", SHA2_256_128, 32, "SHA256"),
	INTEG("sha384", SHA2_384_192, 48, "SHA384"),
	INTEG("sha512", SHA2_512_256, 64, "SHA512"),
	INTEG("sha2_256", SHA2_256_128, 32, "SHA256"),
	INTEG("sha2_384", SHA2_384_192, 48, "SHA384"),
	INTEG("sha2_512", SHA2_512_256, 64, "SHA512"),
	WORD(INTEG, 1, "md5"),
	WORD(INTEG, IKE_INTEG_HMAC_SHA1_96, "sha1"),
	WORD(INTEG, 5, "aesxcbc"),
	WORD(INTEG, 8, "aescmac"),
	/*
	 * More random octets than the order has (RFC 3526 section 8 for MODP),
	 * so that reducing them leaves no bias.
	 */
	KE("x25519", X25519, 32, 32, 32, "X25519"),
	KE("curve25519", X25519, 32, 32, 32, "X25519"),
	KE("ecp256", ECP256, 40, 64, 32, "P-256"),
	KE("ecp384", ECP384, 56, 96, 48, "P-384"),
	KE("ecp521", ECP521, 74, 132, 66, "P-521"),
	KE("modp2048", MODP2048, 40, 256, 256, "modp_2048"),
	KE("modp3072", MODP3072, 56, 384, 384, "modp_3072"),
	KE("modp4096", MODP4096, 64, 512, 512, "modp_4096"),
	{ "nopfs", IKE_TF_KE, IKE_KE_NONE, 0, ESP },
	WORD(KE, 1, "modp768"),
	WORD(KE, IKE_KE_MODP1024, "modp1024"),
	WORD(KE, 5, "modp1536"),
	WORD(KE, 17, "modp6144"),
	WORD(KE, 18, "modp8192"),
	WORD(KE, 24, "modp2048s256"),
	WORD(KE, 25, "ecp192"),
	WORD(KE, 26, "ecp224"),
	WORD(KE, 28, "ecp256bp"),
	WORD(KE, 29, "ecp384bp"),
	WORD(KE, 30, "ecp512bp"),
	WORD(KE, 32, "x448"),
	WORD(KE, 35, "mlkem512"),
	WORD(KE, 36, "mlkem768"),
	WORD(KE, 37, "mlkem1024"),
	{ "esn", IKE_TF_ESN, 1, 0, ESP },
	{ "noesn", IKE_TF_ESN, 0, 0, ESP },
	{ NULL }
};
/* clang-format on */

const struct ike_alg *ike_alg(uint8_t type, uint16_t id, uint16_t key_bits)
{
	const struct ike_alg *alg;

	for (alg = ike_algs; alg->word; alg++)
		if (alg->type == type && alg->id == id &&
		    alg->key_bits == key_bits)
			return alg;
	return NULL;
}

static const struct ike_alg *have(uint8_t type, uint16_t id, uint16_t key_bits,
				  unsigned int use)
{
	const struct ike_alg *alg = ike_alg(type, id, key_bits);

	return alg && alg->use & use ? alg : NULL;
}

const struct ike_alg *ike_encr_alg(uint16_t id, uint16_t key_bits)
{
	return have(IKE_TF_ENCR, id, key_bits, BOTH);
}

const struct ike_alg *ike_prf_alg(uint16_t id)
{
	return have(IKE_TF_PRF, id, 0, IKE);
}

const struct ike_alg *ike_integ_alg(uint16_t id)
{
	return have(IKE_TF_INTEG, id, 0, BOTH);
}

const struct ike_alg *ike_ke_alg(uint16_t id)
{
	return have(IKE_TF_KE, id, 0, IKE);
}
