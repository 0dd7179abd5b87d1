/* SPDX-License-Identifier: MIT */
/*
 * IKEv2 numbers (IANA "Internet Key Exchange Version 2 Parameters") and the
 * words for them. Only values, no policy: what we are willing to use is in
 * crypto.c, what a message may carry is in msg.c.
 */
#ifndef IKE_NAMES_H
#define IKE_NAMES_H

#include <stddef.h>
#include <stdint.h>

/* clang-format off: columns of numbers */

/* RFC 7296 section 3.1 */
#define IKE_HDR_LEN	   28
#define IKE_PL_HDR_LEN	   4
#define IKE_SPI_LEN	   8
#define IKE_ESP_SPI_LEN	   4
#define IKE_VERSION	   0x20
#define IKE_FLAG_INITIATOR 0x08
#define IKE_FLAG_VERSION   0x10
#define IKE_FLAG_RESPONSE  0x20
#define IKE_NONCE_MIN	   16
#define IKE_NONCE_MAX	   256

enum ike_exchange {
	IKE_EX_SA_INIT = 34,
	IKE_EX_AUTH = 35,
	IKE_EX_CREATE_CHILD_SA = 36,
	IKE_EX_INFORMATIONAL = 37,
	IKE_EX_SESSION_RESUME = 38,
	IKE_EX_INTERMEDIATE = 43,
	IKE_EX_FOLLOWUP_KE = 44,
};

enum ike_payload_type {
	IKE_PL_NONE = 0,
	IKE_PL_SA = 33,
	IKE_PL_KE = 34,
	IKE_PL_IDI = 35,
	IKE_PL_IDR = 36,
	IKE_PL_CERT = 37,
	IKE_PL_CERTREQ = 38,
	IKE_PL_AUTH = 39,
	IKE_PL_NONCE = 40,
	IKE_PL_NOTIFY = 41,
	IKE_PL_DELETE = 42,
	IKE_PL_VENDOR = 43,
	IKE_PL_TSI = 44,
	IKE_PL_TSR = 45,
	IKE_PL_SK = 46,
	IKE_PL_CP = 47,
	IKE_PL_EAP = 48,
	IKE_PL_SKF = 53,
};

enum ike_protocol {
	IKE_PROTO_NONE = 0,
	IKE_PROTO_IKE = 1,
	IKE_PROTO_AH = 2,
	IKE_PROTO_ESP = 3,
};

enum ike_transform_type {
	IKE_TF_ENCR = 1,
	IKE_TF_PRF = 2,
	IKE_TF_INTEG = 3,
	IKE_TF_KE = 4,
	IKE_TF_ESN = 5,
	IKE_TF_ADDKE1 = 6,
	IKE_TF_ADDKE7 = 12,
};

#define IKE_ATTR_KEY_LENGTH 14
#define IKE_ATTR_TV	    0x8000

enum ike_encr_id {
	IKE_ENCR_NONE = 0,
	IKE_ENCR_NULL = 11,
	IKE_ENCR_AES_CBC = 12,
	IKE_ENCR_AES_CCM_8 = 14,
	IKE_ENCR_AES_CCM_12 = 15,
	IKE_ENCR_AES_CCM_16 = 16,
	IKE_ENCR_AES_GCM_8 = 18,
	IKE_ENCR_AES_GCM_12 = 19,
	IKE_ENCR_AES_GCM_16 = 20,
	IKE_ENCR_AES_GMAC = 21,
	IKE_ENCR_CHACHA20_POLY1305 = 28,
};

enum ike_prf_id {
	IKE_PRF_HMAC_SHA1 = 2,
	IKE_PRF_HMAC_SHA2_256 = 5,
	IKE_PRF_HMAC_SHA2_384 = 6,
	IKE_PRF_HMAC_SHA2_512 = 7,
};

enum ike_integ_id {
	IKE_INTEG_NONE = 0,
	IKE_INTEG_HMAC_SHA1_96 = 2,
	IKE_INTEG_HMAC_SHA2_256_128 = 12,
	IKE_INTEG_HMAC_SHA2_384_192 = 13,
	IKE_INTEG_HMAC_SHA2_512_256 = 14,
};

enum ike_ke_id {
	IKE_KE_NONE = 0,
	IKE_KE_MODP1024 = 2,
	IKE_KE_MODP2048 = 14,
	IKE_KE_MODP3072 = 15,
	IKE_KE_MODP4096 = 16,
	IKE_KE_ECP256 = 19,
	IKE_KE_ECP384 = 20,
	IKE_KE_ECP521 = 21,
	IKE_KE_X25519 = 31,
};

enum ike_auth_method {
	IKE_AUTH_RSA_SIG = 1,
	IKE_AUTH_PSK = 2,
	IKE_AUTH_ECDSA_256 = 9,
	IKE_AUTH_ECDSA_384 = 10,
	IKE_AUTH_ECDSA_521 = 11,
	IKE_AUTH_NULL = 13,
	IKE_AUTH_DIGITAL_SIG = 14,
};

enum ike_id_type {
	IKE_ID_NONE = 0, /* ours: not given */
	IKE_ID_IPV4_ADDR = 1,
	IKE_ID_FQDN = 2,
	IKE_ID_RFC822_ADDR = 3,
	IKE_ID_IPV6_ADDR = 5,
	IKE_ID_DER_ASN1_DN = 9,
	IKE_ID_DER_ASN1_GN = 10,
	IKE_ID_KEY_ID = 11,
};

enum ike_ts_type {
	IKE_TS_IPV4_ADDR_RANGE = 7,
	IKE_TS_IPV6_ADDR_RANGE = 8,
};

enum ike_notify_type {
	IKE_N_UNSUPPORTED_CRITICAL_PAYLOAD = 1,
	IKE_N_INVALID_IKE_SPI = 4,
	IKE_N_INVALID_MAJOR_VERSION = 5,
	IKE_N_INVALID_SYNTAX = 7,
	IKE_N_INVALID_MESSAGE_ID = 9,
	IKE_N_INVALID_SPI = 11,
	IKE_N_NO_PROPOSAL_CHOSEN = 14,
	IKE_N_INVALID_KE_PAYLOAD = 17,
	IKE_N_AUTHENTICATION_FAILED = 24,
	IKE_N_SINGLE_PAIR_REQUIRED = 34,
	IKE_N_NO_ADDITIONAL_SAS = 35,
	IKE_N_INTERNAL_ADDRESS_FAILURE = 36,
	IKE_N_FAILED_CP_REQUIRED = 37,
	IKE_N_TS_UNACCEPTABLE = 38,
	IKE_N_INVALID_SELECTORS = 39,
	IKE_N_UNACCEPTABLE_ADDRESSES = 40,
	IKE_N_UNEXPECTED_NAT_DETECTED = 41,
	IKE_N_TEMPORARY_FAILURE = 43,
	IKE_N_CHILD_SA_NOT_FOUND = 44,
	IKE_N_STATUS = 16384, /* first status type */
	IKE_N_INITIAL_CONTACT = 16384,
	IKE_N_SET_WINDOW_SIZE = 16385,
	IKE_N_ADDITIONAL_TS_POSSIBLE = 16386,
	IKE_N_IPCOMP_SUPPORTED = 16387,
	IKE_N_NAT_DETECTION_SOURCE_IP = 16388,
	IKE_N_NAT_DETECTION_DESTINATION_IP = 16389,
	IKE_N_COOKIE = 16390,
	IKE_N_USE_TRANSPORT_MODE = 16391,
	IKE_N_HTTP_CERT_LOOKUP_SUPPORTED = 16392,
	IKE_N_REKEY_SA = 16393,
	IKE_N_ESP_TFC_PADDING_NOT_SUPPORTED = 16394,
	IKE_N_NON_FIRST_FRAGMENTS_ALSO = 16395,
	IKE_N_MOBIKE_SUPPORTED = 16396,
	IKE_N_ADDITIONAL_IP4_ADDRESS = 16397,
	IKE_N_ADDITIONAL_IP6_ADDRESS = 16398,
	IKE_N_NO_ADDITIONAL_ADDRESSES = 16399,
	IKE_N_UPDATE_SA_ADDRESSES = 16400,
	IKE_N_COOKIE2 = 16401,
	IKE_N_NO_NATS_ALLOWED = 16402,
	IKE_N_REDIRECT_SUPPORTED = 16406,
	IKE_N_EAP_ONLY_AUTHENTICATION = 16417,
	IKE_N_CHILDLESS_IKEV2_SUPPORTED = 16418,
	IKE_N_IKEV2_FRAGMENTATION_SUPPORTED = 16430,
	IKE_N_SIGNATURE_HASH_ALGORITHMS = 16431,
	IKE_N_USE_PPK = 16435,
	IKE_N_INTERMEDIATE_EXCHANGE_SUPPORTED = 16438,
	IKE_N_ADDITIONAL_KEY_EXCHANGE = 16441,
};

/*
 * Each returns a static string; a number without a name comes out as
 * "unknown", so print the number beside it.
 */
const char *ike_exchange_name(unsigned int exchange);
const char *ike_payload_name(unsigned int type);
const char *ike_protocol_name(unsigned int proto);
const char *ike_transform_type_name(unsigned int type);
const char *ike_notify_name(unsigned int type);
const char *ike_auth_method_name(unsigned int method);
const char *ike_id_type_name(unsigned int type);

/**
 * ike_transform_name() - the configuration word of a transform
 * @type: transform type (enum ike_transform_type)
 * @id: transform ID
 * @key_bits: its key length attribute, 0 for none
 *
 * Return: for example "aes256gcm16", "prfsha384", "x25519"; NULL for a
 * transform that has no word (print type, ID and key length then).
 */
const char *ike_transform_name(unsigned int type, unsigned int id,
			       unsigned int key_bits);

/**
 * struct ike_word - a configuration word and the transform it stands for
 * @word: what is written in a configuration; the first word of several with
 *	the same meaning is the one we print
 * @type: transform type
 * @id: transform ID
 * @key_bits: key length attribute, 0 for none
 */
struct ike_word {
	const char *word;
	uint8_t type;
	uint16_t id;
	uint16_t key_bits;
};

/* every known word, ended by one whose word is NULL */
extern const struct ike_word ike_words[];

#endif
