/* SPDX-License-Identifier: MIT */
/*
 * Identities (RFC 7296 section 3.5): text to wire form and back.
 */
#ifndef IKE_ID_H
#define IKE_ID_H

#include "diag.h"
#include "names.h"
#include "wire.h"

#define IKE_ID_MAX	512
#define IKE_ID_TEXT_MAX (2 * IKE_ID_MAX + 16)

/* an identity */
struct ike_id {
	uint8_t type; /* enum ike_id_type; IKE_ID_NONE when there is none */
	uint16_t len; /* octets used */
	uint8_t data[IKE_ID_MAX]; /* Identification Data */
};

static inline struct ike_span ike_id_span(const struct ike_id *id)
{
	return ike_span(id->data, id->len);
}

/*
 * From text. The type is guessed: an address is IPv4 or IPv6, "user@host" is
 * RFC 822, "@#0102" is a key ID in hex, "@name" and everything else is FQDN,
 * "%any" or "*", of type FQDN, is any. "ipv4:", "ipv6:", "fqdn:", "email:",
 * "keyid:" and "asn1dn:" in front say it outright; all but the addresses take
 * "#" and hex as well as text (a DN only hex, its DER). -EINVAL.
 */
int ike_id_parse(const char *text, struct ike_id *id, struct ike_diag *diag);

/* from an ID payload; -EPROTO when the data does not fit the type */
int ike_id_read(uint8_t type, struct ike_span data, struct ike_id *id,
		struct ike_diag *diag);

/* same type and data; names compare without case */
bool ike_id_equal(const struct ike_id *a, const struct ike_id *b);

/* equal, or the pattern is any, "*.domain" (FQDN) or "*@domain" (RFC 822) */
bool ike_id_match(const struct ike_id *pattern, const struct ike_id *id);
/* may it stand for more than one? */
bool ike_id_is_pattern(const struct ike_id *id);

/* printable, as ike_id_parse() reads it, NUL-terminated, truncated to fit */
void ike_id_print(const struct ike_id *id, char *buf, size_t size);

#endif
