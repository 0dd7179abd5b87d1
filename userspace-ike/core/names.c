// SPDX-License-Identifier: MIT
#include "names.h"

struct name {
	unsigned int number;
	const char *name;
};

#define NAMES_END       \
	{               \
		0, NULL \
	}

static const char *name_of(const struct name *names, unsigned int number)
{
	for (; names->name; names++)
		if (names->number == number)
			return names->name;
	return "unknown";
}

static const struct name exchange_names[] = {
	{ IKE_EX_SA_INIT, "IKE_SA_INIT" },
	{ IKE_EX_AUTH, "IKE_AUTH" },
	{ IKE_EX_CREATE_CHILD_SA, "CREATE_CHILD_SA" },
	{ IKE_EX_INFORMATIONAL, "INFORMATIONAL" },
	{ IKE_EX_SESSION_RESUME, "IKE_SESSION_RESUME" },
	{ IKE_EX_INTERMEDIATE, "IKE_INTERMEDIATE" },
	{ IKE_EX_FOLLOWUP_KE, "IKE_FOLLOWUP_KE" },
	NAMES_END
};

static const struct name payload_names[] = { { IKE_PL_NONE, "none" },
					     { IKE_PL_SA, "SA" },
					     { IKE_PL_KE, "KE" },
					     { IKE_PL_IDI, "IDi" },
					     { IKE_PL_IDR, "IDr" },
					     { IKE_PL_CERT, "CERT" },
					     { IKE_PL_CERTREQ, "CERTREQ" },
					     { IKE_PL_AUTH, "AUTH" },
					     { IKE_PL_NONCE, "Nonce" },
					     { IKE_PL_NOTIFY, "N" },
					     { IKE_PL_DELETE, "D" },
					     { IKE_PL_VENDOR, "V" },
					     { IKE_PL_TSI, "TSi" },
					     { IKE_PL_TSR, "TSr" },
					     { IKE_PL_SK, "SK" },
					     { IKE_PL_CP, "CP" },
					     { IKE_PL_EAP, "EAP" },
					     { IKE_PL_SKF, "SKF" },
					     NAMES_END };

static const struct name protocol_names[] = { { IKE_PROTO_NONE, "none" },
					      { IKE_PROTO_IKE, "IKE" },
					      { IKE_PROTO_AH, "AH" },
					      { IKE_PROTO_ESP, "ESP" },
					      NAMES_END };

static const struct name transform_type_names[] = {
	{ IKE_TF_ENCR, "encryption" },
	{ IKE_TF_PRF, "PRF" },
	{ IKE_TF_INTEG, "integrity" },
	{ IKE_TF_KE, "key exchange" },
	{ IKE_TF_ESN, "sequence numbers" },
	{ IKE_TF_ADDKE1, "additional key exchange 1" },
	{ IKE_TF_ADDKE7, "additional key exchange 7" },
	NAMES_END
};

static const struct name notify_names[] = {
	{ IKE_N_UNSUPPORTED_CRITICAL_PAYLOAD, "UNSUPPORTED_CRITICAL_PAYLOAD" },
	{ IKE_N_INVALID_IKE_SPI, "INVALID_IKE_SPI" },
	{ IKE_N_INVALID_MAJOR_VERSION, "INVALID_MAJOR_VERSION" },
	{ IKE_N_INVALID_SYNTAX, "INVALID_SYNTAX" },
	{ IKE_N_INVALID_MESSAGE_ID, "INVALID_MESSAGE_ID" },
	{ IKE_N_INVALID_SPI, "INVALID_SPI" },
	{ IKE_N_NO_PROPOSAL_CHOSEN, "NO_PROPOSAL_CHOSEN" },
	{ IKE_N_INVALID_KE_PAYLOAD, "INVALID_KE_PAYLOAD" },
	{ IKE_N_AUTHENTICATION_FAILED, "AUTHENTICATION_FAILED" },
	{ IKE_N_SINGLE_PAIR_REQUIRED, "SINGLE_PAIR_REQUIRED" },
	{ IKE_N_NO_ADDITIONAL_SAS, "NO_ADDITIONAL_SAS" },
	{ IKE_N_INTERNAL_ADDRESS_FAILURE, "INTERNAL_ADDRESS_FAILURE" },
	{ IKE_N_FAILED_CP_REQUIRED, "FAILED_CP_REQUIRED" },
	{ IKE_N_TS_UNACCEPTABLE, "TS_UNACCEPTABLE" },
	{ IKE_N_INVALID_SELECTORS, "INVALID_SELECTORS" },
	{ IKE_N_UNACCEPTABLE_ADDRESSES, "UNACCEPTABLE_ADDRESSES" },
	{ IKE_N_UNEXPECTED_NAT_DETECTED, "UNEXPECTED_NAT_DETECTED" },
	{ IKE_N_TEMPORARY_FAILURE, "TEMPORARY_FAILURE" },
	{ IKE_N_CHILD_SA_NOT_FOUND, "CHILD_SA_NOT_FOUND" },
	{ IKE_N_INITIAL_CONTACT, "INITIAL_CONTACT" },
	{ IKE_N_SET_WINDOW_SIZE, "SET_WINDOW_SIZE" },
	{ IKE_N_ADDITIONAL_TS_POSSIBLE, "ADDITIONAL_TS_POSSIBLE" },
	{ IKE_N_IPCOMP_SUPPORTED, "IPCOMP_SUPPORTED" },
	{ IKE_N_NAT_DETECTION_SOURCE_IP, "NAT_DETECTION_SOURCE_IP" },
	{ IKE_N_NAT_DETECTION_DESTINATION_IP, "NAT_DETECTION_DESTINATION_IP" },
	{ IKE_N_COOKIE, "COOKIE" },
	{ IKE_N_USE_TRANSPORT_MODE, "USE_TRANSPORT_MODE" },
	{ IKE_N_HTTP_CERT_LOOKUP_SUPPORTED, "HTTP_CERT_LOOKUP_SUPPORTED" },
	{ IKE_N_REKEY_SA, "REKEY_SA" },
	{ IKE_N_ESP_TFC_PADDING_NOT_SUPPORTED,
	  "ESP_TFC_PADDING_NOT_SUPPORTED" },
	{ IKE_N_NON_FIRST_FRAGMENTS_ALSO, "NON_FIRST_FRAGMENTS_ALSO" },
	{ IKE_N_MOBIKE_SUPPORTED, "MOBIKE_SUPPORTED" },
	{ IKE_N_ADDITIONAL_IP4_ADDRESS, "ADDITIONAL_IP4_ADDRESS" },
	{ IKE_N_ADDITIONAL_IP6_ADDRESS, "ADDITIONAL_IP6_ADDRESS" },
	{ IKE_N_NO_ADDITIONAL_ADDRESSES, "NO_ADDITIONAL_ADDRESSES" },
	{ IKE_N_UPDATE_SA_ADDRESSES, "UPDATE_SA_ADDRESSES" },
	{ IKE_N_COOKIE2, "COOKIE2" },
	{ IKE_N_NO_NATS_ALLOWED, "NO_NATS_ALLOWED" },
	{ IKE_N_REDIRECT_SUPPORTED, "REDIRECT_SUPPORTED" },
	{ IKE_N_EAP_ONLY_AUTHENTICATION, "EAP_ONLY_AUTHENTICATION" },
	{ IKE_N_CHILDLESS_IKEV2_SUPPORTED, "CHILDLESS_IKEV2_SUPPORTED" },
	{ IKE_N_IKEV2_FRAGMENTATION_SUPPORTED,
	  "IKEV2_FRAGMENTATION_SUPPORTED" },
	{ IKE_N_SIGNATURE_HASH_ALGORITHMS, "SIGNATURE_HASH_ALGORITHMS" },
	{ IKE_N_USE_PPK, "USE_PPK" },
	{ IKE_N_INTERMEDIATE_EXCHANGE_SUPPORTED,
	  "INTERMEDIATE_EXCHANGE_SUPPORTED" },
	{ IKE_N_ADDITIONAL_KEY_EXCHANGE, "ADDITIONAL_KEY_EXCHANGE" },
	NAMES_END
};

static const struct name auth_method_names[] = {
	{ IKE_AUTH_RSA_SIG, "RSA signature" },
	{ IKE_AUTH_PSK, "pre-shared key" },
	{ IKE_AUTH_ECDSA_256, "ECDSA P-256" },
	{ IKE_AUTH_ECDSA_384, "ECDSA P-384" },
	{ IKE_AUTH_ECDSA_521, "ECDSA P-521" },
	{ IKE_AUTH_NULL, "NULL" },
	{ IKE_AUTH_DIGITAL_SIG, "digital signature" },
	NAMES_END
};

static const struct name id_type_names[] = {
	{ IKE_ID_NONE, "none" },
	{ IKE_ID_IPV4_ADDR, "IPv4 address" },
	{ IKE_ID_FQDN, "FQDN" },
	{ IKE_ID_RFC822_ADDR, "e-mail address" },
	{ IKE_ID_IPV6_ADDR, "IPv6 address" },
	{ IKE_ID_DER_ASN1_DN, "distinguished name" },
	{ IKE_ID_DER_ASN1_GN, "general name" },
	{ IKE_ID_KEY_ID, "key ID" },
	NAMES_END
};

const char *ike_exchange_name(unsigned int exchange)
{
	return name_of(exchange_names, exchange);
}

const char *ike_payload_name(unsigned int type)
{
	return name_of(payload_names, type);
}

const char *ike_protocol_name(unsigned int proto)
{
	return name_of(protocol_names, proto);
}

const char *ike_transform_type_name(unsigned int type)
{
	return name_of(transform_type_names, type);
}

const char *ike_notify_name(unsigned int type)
{
	return name_of(notify_names, type);
}

const char *ike_auth_method_name(unsigned int method)
{
	return name_of(auth_method_names, method);
}

const char *ike_id_type_name(unsigned int type)
{
	return name_of(id_type_names, type);
}

/*
 * Also words for what we do not implement: a peer's offer is told in words,
 * and a configuration that asks for one is told that we lack it.
 */
const struct ike_word ike_words[] = {
	{ "aes256gcm16", IKE_TF_ENCR, IKE_ENCR_AES_GCM_16, 256 },
	{ "aes192gcm16", IKE_TF_ENCR, IKE_ENCR_AES_GCM_16, 192 },
	{ "aes128gcm16", IKE_TF_ENCR, IKE_ENCR_AES_GCM_16, 128 },
	{ "aes256gcm", IKE_TF_ENCR, IKE_ENCR_AES_GCM_16, 256 },
	{ "aes128gcm", IKE_TF_ENCR, IKE_ENCR_AES_GCM_16, 128 },
	{ "aes256gcm128", IKE_TF_ENCR, IKE_ENCR_AES_GCM_16, 256 },
	{ "aes128gcm128", IKE_TF_ENCR, IKE_ENCR_AES_GCM_16, 128 },
	{ "chacha20poly1305", IKE_TF_ENCR, IKE_ENCR_CHACHA20_POLY1305, 0 },
	{ "aes256", IKE_TF_ENCR, IKE_ENCR_AES_CBC, 256 },
	{ "aes192", IKE_TF_ENCR, IKE_ENCR_AES_CBC, 192 },
	{ "aes128", IKE_TF_ENCR, IKE_ENCR_AES_CBC, 128 },
	{ "aes256cbc", IKE_TF_ENCR, IKE_ENCR_AES_CBC, 256 },
	{ "aes192cbc", IKE_TF_ENCR, IKE_ENCR_AES_CBC, 192 },
	{ "aes128cbc", IKE_TF_ENCR, IKE_ENCR_AES_CBC, 128 },
	{ "3des", IKE_TF_ENCR, 3, 0 },
	{ "null", IKE_TF_ENCR, IKE_ENCR_NULL, 0 },
	{ "aes128ctr", IKE_TF_ENCR, 13, 128 },
	{ "aes192ctr", IKE_TF_ENCR, 13, 192 },
	{ "aes256ctr", IKE_TF_ENCR, 13, 256 },
	{ "aes256ccm16", IKE_TF_ENCR, IKE_ENCR_AES_CCM_16, 256 },
	{ "aes192ccm16", IKE_TF_ENCR, IKE_ENCR_AES_CCM_16, 192 },
	{ "aes128ccm16", IKE_TF_ENCR, IKE_ENCR_AES_CCM_16, 128 },
	{ "aes256ccm12", IKE_TF_ENCR, IKE_ENCR_AES_CCM_12, 256 },
	{ "aes192ccm12", IKE_TF_ENCR, IKE_ENCR_AES_CCM_12, 192 },
	{ "aes128ccm12", IKE_TF_ENCR, IKE_ENCR_AES_CCM_12, 128 },
	{ "aes256ccm8", IKE_TF_ENCR, IKE_ENCR_AES_CCM_8, 256 },
	{ "aes192ccm8", IKE_TF_ENCR, IKE_ENCR_AES_CCM_8, 192 },
	{ "aes128ccm8", IKE_TF_ENCR, IKE_ENCR_AES_CCM_8, 128 },
	{ "aes256gcm12", IKE_TF_ENCR, IKE_ENCR_AES_GCM_12, 256 },
	{ "aes192gcm12", IKE_TF_ENCR, IKE_ENCR_AES_GCM_12, 192 },
	{ "aes128gcm12", IKE_TF_ENCR, IKE_ENCR_AES_GCM_12, 128 },
	{ "aes256gcm8", IKE_TF_ENCR, IKE_ENCR_AES_GCM_8, 256 },
	{ "aes192gcm8", IKE_TF_ENCR, IKE_ENCR_AES_GCM_8, 192 },
	{ "aes128gcm8", IKE_TF_ENCR, IKE_ENCR_AES_GCM_8, 128 },
	{ "aes256gmac", IKE_TF_ENCR, IKE_ENCR_AES_GMAC, 256 },
	{ "aes192gmac", IKE_TF_ENCR, IKE_ENCR_AES_GMAC, 192 },
	{ "aes128gmac", IKE_TF_ENCR, IKE_ENCR_AES_GMAC, 128 },
	{ "camellia128", IKE_TF_ENCR, 23, 128 },
	{ "camellia256", IKE_TF_ENCR, 23, 256 },
	{ "prfsha256", IKE_TF_PRF, IKE_PRF_HMAC_SHA2_256, 0 },
	{ "prfsha384", IKE_TF_PRF, IKE_PRF_HMAC_SHA2_384, 0 },
	{ "prfsha512", IKE_TF_PRF, IKE_PRF_HMAC_SHA2_512, 0 },
	{ "prfmd5", IKE_TF_PRF, 1, 0 },
	{ "prfsha1", IKE_TF_PRF, IKE_PRF_HMAC_SHA1, 0 },
	{ "prfaesxcbc", IKE_TF_PRF, 4, 0 },
	{ "prfaescmac", IKE_TF_PRF, 8, 0 },
	{ "sha256", IKE_TF_INTEG, IKE_INTEG_HMAC_SHA2_256_128, 0 },
	{ "sha384", IKE_TF_INTEG, IKE_INTEG_HMAC_SHA2_384_192, 0 },
	{ "sha512", IKE_TF_INTEG, IKE_INTEG_HMAC_SHA2_512_256, 0 },
	{ "sha2_256", IKE_TF_INTEG, IKE_INTEG_HMAC_SHA2_256_128, 0 },
	{ "sha2_384", IKE_TF_INTEG, IKE_INTEG_HMAC_SHA2_384_192, 0 },
	{ "sha2_512", IKE_TF_INTEG, IKE_INTEG_HMAC_SHA2_512_256, 0 },
	{ "md5", IKE_TF_INTEG, 1, 0 },
	{ "sha1", IKE_TF_INTEG, IKE_INTEG_HMAC_SHA1_96, 0 },
	{ "aesxcbc", IKE_TF_INTEG, 5, 0 },
	{ "aescmac", IKE_TF_INTEG, 8, 0 },
	{ "x25519", IKE_TF_KE, IKE_KE_X25519, 0 },
	{ "curve25519", IKE_TF_KE, IKE_KE_X25519, 0 },
	{ "ecp256", IKE_TF_KE, IKE_KE_ECP256, 0 },
	{ "ecp384", IKE_TF_KE, IKE_KE_ECP384, 0 },
	{ "ecp521", IKE_TF_KE, IKE_KE_ECP521, 0 },
	{ "modp2048", IKE_TF_KE, IKE_KE_MODP2048, 0 },
	{ "modp3072", IKE_TF_KE, IKE_KE_MODP3072, 0 },
	{ "modp4096", IKE_TF_KE, IKE_KE_MODP4096, 0 },
	{ "nopfs", IKE_TF_KE, IKE_KE_NONE, 0 },
	{ "modp768", IKE_TF_KE, 1, 0 },
	{ "modp1024", IKE_TF_KE, IKE_KE_MODP1024, 0 },
	{ "modp1536", IKE_TF_KE, 5, 0 },
	{ "modp6144", IKE_TF_KE, 17, 0 },
	{ "modp8192", IKE_TF_KE, 18, 0 },
	{ "modp2048s256", IKE_TF_KE, 24, 0 },
	{ "ecp192", IKE_TF_KE, 25, 0 },
	{ "ecp224", IKE_TF_KE, 26, 0 },
	{ "ecp256bp", IKE_TF_KE, 28, 0 },
	{ "ecp384bp", IKE_TF_KE, 29, 0 },
	{ "ecp512bp", IKE_TF_KE, 30, 0 },
	{ "x448", IKE_TF_KE, 32, 0 },
	{ "mlkem512", IKE_TF_KE, 35, 0 },
	{ "mlkem768", IKE_TF_KE, 36, 0 },
	{ "mlkem1024", IKE_TF_KE, 37, 0 },
	{ "esn", IKE_TF_ESN, 1, 0 },
	{ "noesn", IKE_TF_ESN, 0, 0 },
	{ NULL, 0, 0, 0 }
};

const char *ike_transform_name(unsigned int type, unsigned int id,
			       unsigned int key_bits)
{
	const struct ike_word *w;

	for (w = ike_words; w->word; w++)
		if (w->type == type && w->id == id && w->key_bits == key_bits)
			return w->word;
	return NULL;
}
