// SPDX-License-Identifier: MIT
/* The names that uapi/ipsecx.yaml gives to numbers. */
#include <string.h>

#include <linux/ipsecx.h>

#include "enums.h"

/* clang-format off */
#define NAMES(noun, start, ...)						\
	static const char *const noun##_name[] = { __VA_ARGS__ };	\
	const struct ipsecx_names ipsecx_##noun##_names = {		\
		.first = (start),					\
		.n = sizeof(noun##_name) / sizeof(noun##_name[0]),	\
		.name = noun##_name,					\
	}

NAMES(mode, 0, "transport", "tunnel");
NAMES(encap, 0, "none", "udp");
NAMES(direction, 0, "in", "out");
NAMES(df, 0, "clear", "copy", "set");
NAMES(encr, 0,
	[IPSECX_ENCR_NULL] = "null",
	"aes-cbc",
	"aes-ctr",
	"aes-ccm-8",
	"aes-ccm-12",
	"aes-ccm-16",
	[IPSECX_ENCR_AES_GCM_8] = "aes-gcm-8",
	"aes-gcm-12",
	"aes-gcm-16",
	"aes-gmac",
	[IPSECX_ENCR_CHACHA20_POLY1305] = "chacha20-poly1305");
NAMES(integ, 0,
	"none",
	[IPSECX_INTEG_HMAC_SHA1_96] = "hmac-sha1-96",
	[IPSECX_INTEG_AES_XCBC_96] = "aes-xcbc-96",
	[IPSECX_INTEG_AES_CMAC_96] = "aes-cmac-96",
	[IPSECX_INTEG_HMAC_SHA2_256_128] = "hmac-sha2-256-128",
	"hmac-sha2-384-192",
	"hmac-sha2-512-256");
NAMES(expire, 0, "soft", "hard", "idle");
NAMES(cause, 0, "sequence", "bytes", "packets", "time", "idle");
NAMES(delete, 0, "user", "policy", "device");
NAMES(drop, 0,
	"unspec",
	"inner-malformed",
	"no-policy",
	"no-sa",
	"hold-overflow",
	"too-big",
	"no-route",
	"loop",
	"seq-exhausted",
	"no-memory",
	"crypto",
	"segment",
	"mode",
	"device-down",
	"esp-malformed",
	"unknown-spi",
	"encap-mismatch",
	"replay",
	"replay-old",
	"integrity",
	"padding",
	"next-header",
	"selector-mismatch",
	"decap-malformed",
	"ecn",
	"dummy",
	"sa-expired");
/* clang-format on */

_Static_assert(sizeof(drop_name) / sizeof(drop_name[0]) ==
		       IPSECX_DROP_REASON_MAX + 1,
	       "a drop reason has no name");

const char *ipsecx_name(const struct ipsecx_names *names, uint32_t value)
{
	if (value < names->first || value - names->first >= names->n)
		return NULL;
	return names->name[value - names->first];
}

bool ipsecx_name_find(const struct ipsecx_names *names, const char *name,
		      uint32_t *value)
{
	uint32_t i;

	for (i = 0; i < names->n; i++) {
		if (!names->name[i] || strcmp(names->name[i], name))
			continue;
		*value = names->first + i;
		return true;
	}
	return false;
}
