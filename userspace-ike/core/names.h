/* SPDX-License-Identifier: MIT */
/*
 * IKEv2 numbers (IANA "Internet Key Exchange Version 2 Parameters") and the
 * words for them. Only values, no policy: what we have is in alg.c, what a
 * message may carry in check.c. A list of which the names are printed is a
 * macro, which makes both the enum and the names.
 */
#ifndef IKE_NAMES_H
#define IKE_NAMES_H

#include <stddef.h>
#include <stdint.h>

/* RFC 7296 section 3.1 */
#define IKE_HDR_LEN	    28
#define IKE_HDR_EXCHANGE_AT 18
#define IKE_PL_HDR_LEN	    4
#define IKE_SPI_LEN	    8
#define IKE_ESP_SPI_LEN	    4
#define IKE_VERSION	    0x20
#define IKE_FLAG_INITIATOR  0x08
#define IKE_FLAG_VERSION    0x10
#define IKE_FLAG_RESPONSE   0x20
#define IKE_NONCE_MIN	    16
#define IKE_NONCE_MAX	    256

#define IKE_EXCHANGES(X)                            \
	X(SA_INIT, 34, "IKE_SA_INIT")               \
	X(AUTH, 35, "IKE_AUTH")                     \
	X(CREATE_CHILD_SA, 36, "CREATE_CHILD_SA")   \
	X(INFORMATIONAL, 37, "INFORMATIONAL")       \
	X(SESSION_RESUME, 38, "IKE_SESSION_RESUME") \
	X(INTERMEDIATE, 43, "IKE_INTERMEDIATE")     \
	X(FOLLOWUP_KE, 44, "IKE_FOLLOWUP_KE")

#define IKE_EX_ROW(name, value, ...) IKE_EX_##name = value,
enum ike_exchange {
	IKE_EXCHANGES(IKE_EX_ROW)
};

#define IKE_PAYLOADS(X)           \
	X(NONE, 0, "none")        \
	X(SA, 33, "SA")           \
	X(KE, 34, "KE")           \
	X(IDI, 35, "IDi")         \
	X(IDR, 36, "IDr")         \
	X(CERT, 37, "CERT")       \
	X(CERTREQ, 38, "CERTREQ") \
	X(AUTH, 39, "AUTH")       \
	X(NONCE, 40, "Nonce")     \
	X(NOTIFY, 41, "N")        \
	X(DELETE, 42, "D")        \
	X(VENDOR, 43, "V")        \
	X(TSI, 44, "TSi")         \
	X(TSR, 45, "TSr")         \
	X(SK, 46, "SK")           \
	X(CP, 47, "CP")           \
	X(EAP, 48, "EAP")         \
	X(SKF, 53, "SKF")

#define IKE_PL_ROW(name, value, ...) IKE_PL_##name = value,
enum ike_payload_type {
	IKE_PAYLOADS(IKE_PL_ROW)
};

#define IKE_PROTOCOLS(X)   \
	X(NONE, 0, "none") \
	X(IKE, 1, "IKE")   \
	X(AH, 2, "AH")     \
	X(ESP, 3, "ESP")

#define IKE_PROTO_ROW(name, value, ...) IKE_PROTO_##name = value,
enum ike_protocol {
	IKE_PROTOCOLS(IKE_PROTO_ROW)
};

#define IKE_TRANSFORM_TYPES(X)                    \
	X(ENCR, 1, "encryption")                  \
	X(PRF, 2, "PRF")                          \
	X(INTEG, 3, "integrity")                  \
	X(KE, 4, "key exchange")                  \
	X(ESN, 5, "sequence numbers")             \
	X(ADDKE1, 6, "additional key exchange 1") \
	X(ADDKE7, 12, "additional key exchange 7")

#define IKE_TF_ROW(name, value, ...) IKE_TF_##name = value,
enum ike_transform_type {
	IKE_TRANSFORM_TYPES(IKE_TF_ROW)
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

#define IKE_AUTH_METHODS(X)             \
	X(RSA_SIG, 1, "RSA signature")  \
	X(PSK, 2, "pre-shared key")     \
	X(ECDSA_256, 9, "ECDSA P-256")  \
	X(ECDSA_384, 10, "ECDSA P-384") \
	X(ECDSA_521, 11, "ECDSA P-521") \
	X(NULL, 13, "NULL")             \
	X(DIGITAL_SIG, 14, "digital signature")

#define IKE_AUTH_ROW(name, value, ...) IKE_AUTH_##name = value,
enum ike_auth_method {
	IKE_AUTH_METHODS(IKE_AUTH_ROW)
};

#define IKE_ID_TYPES(X)                         \
	X(NONE, 0, "none")                      \
	X(IPV4_ADDR, 1, "IPv4 address")         \
	X(FQDN, 2, "FQDN")                      \
	X(RFC822_ADDR, 3, "e-mail address")     \
	X(IPV6_ADDR, 5, "IPv6 address")         \
	X(DER_ASN1_DN, 9, "distinguished name") \
	X(DER_ASN1_GN, 10, "general name")      \
	X(KEY_ID, 11, "key ID")

#define IKE_ID_ROW(name, value, ...) IKE_ID_##name = value,
enum ike_id_type {
	IKE_ID_TYPES(IKE_ID_ROW)
};

enum ike_ts_type {
	IKE_TS_IPV4_ADDR_RANGE = 7,
	IKE_TS_IPV6_ADDR_RANGE = 8,
};

#define IKE_NOTIFIES(X)                           \
	X(UNSUPPORTED_CRITICAL_PAYLOAD, 1)        \
	X(INVALID_IKE_SPI, 4)                     \
	X(INVALID_MAJOR_VERSION, 5)               \
	X(INVALID_SYNTAX, 7)                      \
	X(INVALID_MESSAGE_ID, 9)                  \
	X(INVALID_SPI, 11)                        \
	X(NO_PROPOSAL_CHOSEN, 14)                 \
	X(INVALID_KE_PAYLOAD, 17)                 \
	X(AUTHENTICATION_FAILED, 24)              \
	X(SINGLE_PAIR_REQUIRED, 34)               \
	X(NO_ADDITIONAL_SAS, 35)                  \
	X(INTERNAL_ADDRESS_FAILURE, 36)           \
	X(FAILED_CP_REQUIRED, 37)                 \
	X(TS_UNACCEPTABLE, 38)                    \
	X(INVALID_SELECTORS, 39)                  \
	X(UNACCEPTABLE_ADDRESSES, 40)             \
	X(UNEXPECTED_NAT_DETECTED, 41)            \
	X(TEMPORARY_FAILURE, 43)                  \
	X(CHILD_SA_NOT_FOUND, 44)                 \
	X(INITIAL_CONTACT, 16384)                 \
	X(SET_WINDOW_SIZE, 16385)                 \
	X(NAT_DETECTION_SOURCE_IP, 16388)         \
	X(NAT_DETECTION_DESTINATION_IP, 16389)    \
	X(COOKIE, 16390)                          \
	X(USE_TRANSPORT_MODE, 16391)              \
	X(REKEY_SA, 16393)                        \
	X(MOBIKE_SUPPORTED, 16396)                \
	X(ADDITIONAL_IP4_ADDRESS, 16397)          \
	X(ADDITIONAL_IP6_ADDRESS, 16398)          \
	X(NO_ADDITIONAL_ADDRESSES, 16399)         \
	X(UPDATE_SA_ADDRESSES, 16400)             \
	X(COOKIE2, 16401)                         \
	X(NO_NATS_ALLOWED, 16402)                 \
	X(EAP_ONLY_AUTHENTICATION, 16417)         \
	X(CHILDLESS_IKEV2_SUPPORTED, 16418)       \
	X(IKEV2_FRAGMENTATION_SUPPORTED, 16430)   \
	X(SIGNATURE_HASH_ALGORITHMS, 16431)       \
	X(INTERMEDIATE_EXCHANGE_SUPPORTED, 16438) \
	X(ADDITIONAL_KEY_EXCHANGE, 16441)

#define IKE_N_ROW(name, value, ...) IKE_N_##name = value,
enum ike_notify_type {
	IKE_NOTIFIES(IKE_N_ROW) IKE_N_STATUS = 16384, /* first status type */
};

/* "unknown" for a number without a name, so print the number beside it */
const char *ike_exchange_name(unsigned int exchange);
const char *ike_payload_name(unsigned int type);
const char *ike_protocol_name(unsigned int proto);
const char *ike_transform_type_name(unsigned int type);
const char *ike_notify_name(unsigned int type);
const char *ike_auth_method_name(unsigned int method);
const char *ike_id_type_name(unsigned int type);

#endif
