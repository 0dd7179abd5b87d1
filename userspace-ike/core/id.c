// SPDX-License-Identifier: MIT
#include <arpa/inet.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <string.h>
#include <strings.h>

#include "id.h"

static const struct {
	const char *prefix;
	uint8_t type;
} prefixes[] = {
	{ "ipv4:", IKE_ID_IPV4_ADDR }, { "ipv6:", IKE_ID_IPV6_ADDR },
	{ "fqdn:", IKE_ID_FQDN },      { "email:", IKE_ID_RFC822_ADDR },
	{ "keyid:", IKE_ID_KEY_ID },   { "asn1dn:", IKE_ID_DER_ASN1_DN },
};

#define PREFIXES (sizeof(prefixes) / sizeof(prefixes[0]))

static int hex_set(struct ike_id *id, const char *s, struct ike_diag *diag)
{
	size_t len = 0;
	int ok = *s && OPENSSL_hexstr2buf_ex(id->data, sizeof(id->data), &len,
					     s, '\0');

	ERR_clear_error();
	if (!ok)
		return ike_invalid(
			diag,
			"not hex digits behind \"#\", of an even number up to %u",
			2 * IKE_ID_MAX);
	id->len = (uint16_t)len;
	return 0;
}

static int text_set(struct ike_id *id, const char *s, struct ike_diag *diag)
{
	size_t len = strlen(s);

	if (!len || len > IKE_ID_MAX)
		return ike_invalid(
			diag, "an identity of %zu octets, 1 to %u are allowed",
			len, IKE_ID_MAX);
	memcpy(id->data, s, len);
	id->len = (uint16_t)len;
	return 0;
}

static bool addr_set(struct ike_id *id, uint8_t type, const char *s)
{
	bool v4 = type == IKE_ID_IPV4_ADDR;

	if (inet_pton(v4 ? AF_INET : AF_INET6, s, id->data) != 1)
		return false;
	id->type = type;
	id->len = v4 ? 4 : 16;
	return true;
}

/* the type was said */
static int typed_parse(uint8_t type, const char *s, struct ike_id *id,
		       struct ike_diag *diag)
{
	id->type = type;
	switch (type) {
	case IKE_ID_IPV4_ADDR:
	case IKE_ID_IPV6_ADDR:
		if (addr_set(id, type, s))
			return 0;
		return ike_invalid(diag, "\"%s\" is no %s", s,
				   ike_id_type_name(type));
	case IKE_ID_DER_ASN1_DN:
		if (*s == '#')
			break;
		return ike_invalid(
			diag,
			"a distinguished name is written as \"asn1dn:#\" and its DER in hex");
	}
	return *s == '#' ? hex_set(id, s + 1, diag) : text_set(id, s, diag);
}

int ike_id_parse(const char *text, struct ike_id *id, struct ike_diag *diag)
{
	memset(id, 0, sizeof(*id));
	for (size_t i = 0; i < PREFIXES; i++) {
		size_t len = strlen(prefixes[i].prefix);

		if (!strncmp(text, prefixes[i].prefix, len))
			return typed_parse(prefixes[i].type, text + len, id,
					   diag);
	}
	if (!strcmp(text, "%any"))
		text = "*";
	if (addr_set(id, IKE_ID_IPV4_ADDR, text) ||
	    addr_set(id, IKE_ID_IPV6_ADDR, text))
		return 0;
	if (text[0] == '@' && text[1] == '#')
		return typed_parse(IKE_ID_KEY_ID, text + 1, id, diag);
	if (text[0] == '@')
		return typed_parse(IKE_ID_FQDN, text + 1, id, diag);
	if (strchr(text, '='))
		return typed_parse(IKE_ID_DER_ASN1_DN, text, id, diag);
	return typed_parse(strchr(text, '@') ? IKE_ID_RFC822_ADDR : IKE_ID_FQDN,
			   text, id, diag);
}

static size_t fixed_len(uint8_t type)
{
	switch (type) {
	case IKE_ID_IPV4_ADDR:
		return 4;
	case IKE_ID_IPV6_ADDR:
		return 16;
	}
	return 0;
}

int ike_id_read(uint8_t type, struct ike_span data, struct ike_id *id,
		struct ike_diag *diag)
{
	size_t fixed = fixed_len(type);

	memset(id, 0, sizeof(*id));
	if (type == IKE_ID_NONE || !data.len || data.len > IKE_ID_MAX ||
	    (fixed && data.len != fixed))
		return ike_syntax(diag,
				  "an identity of type %u (%s) with %zu octets",
				  type, ike_id_type_name(type), data.len);
	id->type = type;
	id->len = (uint16_t)data.len;
	memcpy(id->data, data.p, data.len);
	return 0;
}

static bool is_name(const struct ike_id *id)
{
	return id->type == IKE_ID_FQDN || id->type == IKE_ID_RFC822_ADDR;
}

/* ASCII only: the locale has no say in who is who */
static bool octets_equal(const uint8_t *a, const uint8_t *b, size_t len,
			 bool nocase)
{
	for (size_t i = 0; i < len; i++) {
		uint8_t x = a[i], y = b[i];

		if (nocase && x >= 'A' && x <= 'Z')
			x |= 0x20;
		if (nocase && y >= 'A' && y <= 'Z')
			y |= 0x20;
		if (x != y)
			return false;
	}
	return true;
}

bool ike_id_equal(const struct ike_id *a, const struct ike_id *b)
{
	return a->type == b->type && a->len == b->len &&
	       octets_equal(a->data, b->data, a->len, is_name(a));
}

static bool is_any(const struct ike_id *id)
{
	return id->type == IKE_ID_FQDN && id->len == 1 && id->data[0] == '*';
}

bool ike_id_is_pattern(const struct ike_id *id)
{
	return is_name(id) && id->len && id->data[0] == '*';
}

/* "*" stands for at least one octet, and what follows has to be there */
bool ike_id_match(const struct ike_id *pattern, const struct ike_id *id)
{
	size_t tail = pattern->len - 1u;
	uint8_t sep = pattern->type == IKE_ID_FQDN ? '.' : '@';

	if (is_any(pattern))
		return true;
	if (!is_name(pattern) || pattern->len < 3 || pattern->data[0] != '*' ||
	    pattern->data[1] != sep)
		return ike_id_equal(pattern, id);
	return id->type == pattern->type && id->len > tail &&
	       !memchr(id->data, '\0', id->len) &&
	       octets_equal(pattern->data + 1, id->data + id->len - tail, tail,
			    true);
}

static bool is_printable(const struct ike_id *id)
{
	for (size_t i = 0; i < id->len; i++)
		if (id->data[i] <= ' ' || id->data[i] > '~')
			return false;
	return true;
}

/* does the bare text come back as the same identity? */
static bool is_plain(const struct ike_id *id, const char *text)
{
	struct ike_id again;

	return !ike_id_parse(text, &again, NULL) && ike_id_equal(&again, id);
}

static const char *prefix_name(uint8_t type)
{
	for (size_t i = 0; i < PREFIXES; i++)
		if (prefixes[i].type == type)
			return prefixes[i].prefix;
	return "type?:";
}

static void hex_print(const struct ike_id *id, char *buf, size_t size)
{
	ike_text_add(buf, size, "%s#", prefix_name(id->type));
	for (size_t i = 0; i < id->len; i++)
		ike_text_add(buf, size, "%02x", id->data[i]);
}

static void name_print(const struct ike_id *id, char *buf, size_t size)
{
	char text[IKE_ID_MAX + 1];

	memcpy(text, id->data, id->len);
	text[id->len] = '\0';
	if (is_plain(id, text))
		ike_text_add(buf, size, "%s", text);
	else if (text[0] == '#')
		hex_print(id, buf, size);
	else
		ike_text_add(buf, size, "%s%s", prefix_name(id->type), text);
}

void ike_id_print(const struct ike_id *id, char *buf, size_t size)
{
	char addr[INET6_ADDRSTRLEN];

	buf[0] = '\0';
	if (id->type == IKE_ID_NONE || is_any(id)) {
		ike_text_add(buf, size, "%%any");
	} else if (fixed_len(id->type)) {
		ike_text_add(buf, size, "%s",
			     inet_ntop(id->len == 4 ? AF_INET : AF_INET6,
				       id->data, addr, sizeof(addr)));
	} else if (is_name(id) && is_printable(id)) {
		name_print(id, buf, size);
	} else {
		hex_print(id, buf, size);
	}
}
