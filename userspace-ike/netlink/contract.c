// SPDX-License-Identifier: MIT
/* Attributes into structs, and back. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <libmnl/libmnl.h>

#include "contract.h"

/* Bytes of a number; of the rest, those that tell whether it is zero. */
static const uint8_t width[] = {
	[IPSECX_U8] = 1,     [IPSECX_U16] = 2,	[IPSECX_U32] = 4,
	[IPSECX_SPI] = 4,    [IPSECX_UINT] = 8, [IPSECX_FLAG] = 1,
	[IPSECX_STRING] = 1, [IPSECX_ADDR] = 1, [IPSECX_U16S] = 2,
};

static const void *at(const struct ipsecx_field *f, const void *obj)
{
	return (const char *)obj + f->at;
}

static uint64_t *has(const void *obj)
{
	return (uint64_t *)obj;
}

static unsigned int *count(const struct ipsecx_field *f, const void *obj)
{
	return (unsigned int *)((char *)obj + f->count);
}

static size_t key_len(const struct ipsecx_field *f, const void *obj)
{
	return *(const size_t *)((const char *)obj + f->count);
}

static bool is_list(const struct ipsecx_field *f)
{
	return f->kind == IPSECX_U16S || f->kind == IPSECX_NESTS;
}

const char *ipsecx_name(const struct ipsecx_names *names, uint32_t value)
{
	return value < names->n ? names->name[value] : NULL;
}

bool ipsecx_name_find(const struct ipsecx_names *names, const char *name,
		      uint32_t *value)
{
	for (*value = 0; *value < names->n; ++*value)
		if (names->name[*value] && !strcmp(names->name[*value], name))
			return true;
	return false;
}

unsigned int ipsecx_field_count(const struct ipsecx_field *f, const void *obj)
{
	return *count(f, obj);
}

bool ipsecx_field_is_there(const struct ipsecx_field *f, const void *obj)
{
	static const uint8_t zero[8];

	if (is_list(f))
		return *count(f, obj);
	if (f->kind == IPSECX_BYTES)
		return key_len(f, obj);
	return *has(obj) >> f->attr & 1 ||
	       memcmp(at(f, obj), zero, width[f->kind]);
}

/* The bytes of a number that a smaller one has. */
static void *low(uint64_t *value, size_t n)
{
	return (char *)value + (__BYTE_ORDER == __BIG_ENDIAN ? 8 - n : 0);
}

uint64_t ipsecx_field_number(const struct ipsecx_field *f, const void *obj)
{
	uint64_t value = 0;

	memcpy(low(&value, width[f->kind]), at(f, obj), width[f->kind]);
	return value;
}

void ipsecx_field_set(const struct ipsecx_field *f, void *obj, uint64_t value)
{
	*has(obj) |= UINT64_C(1) << f->attr;
	memcpy((char *)obj + f->at, low(&value, width[f->kind]),
	       width[f->kind]);
}

static int get_number(const struct ipsecx_field *f, void *to,
		      const struct nlattr *attr)
{
	size_t len = mnl_attr_get_payload_len(attr);

	if (f->kind == IPSECX_UINT && len == sizeof(uint32_t)) {
		*(uint64_t *)to = mnl_attr_get_u32(attr);
		return 0;
	}
	if (len != width[f->kind])
		return -EBADMSG;
	memcpy(to, mnl_attr_get_payload(attr), len);
	if (f->kind == IPSECX_SPI)
		*(uint32_t *)to = ntohl(*(uint32_t *)to);
	return 0;
}

static int get_addr(const struct nlattr *attr, struct ipsecx_addr *addr)
{
	size_t len = mnl_attr_get_payload_len(attr);

	if (len != 4 && len != 16)
		return -EBADMSG;
	addr->len = len;
	memcpy(addr->bytes, mnl_attr_get_payload(attr), len);
	return 0;
}

static int get_value(const struct ipsecx_field *f, void *to,
		     const struct nlattr *attr)
{
	const void *from = mnl_attr_get_payload(attr);
	size_t len = mnl_attr_get_payload_len(attr);

	switch (f->kind) {
	case IPSECX_FLAG:
		*(bool *)to = true;
		return 0;
	case IPSECX_STRING:
		snprintf(to, f->room, "%.*s", (int)len, (const char *)from);
		return 0;
	case IPSECX_ADDR:
		return get_addr(attr, to);
	case IPSECX_NESTS:
		return ipsecx_attrs_get(f->nest, to, from, len);
	default:
		return get_number(f, to, attr);
	}
}

/* What a list has no room for is left out. */
static int get_entry(const struct ipsecx_field *f, void *obj,
		     const struct nlattr *attr)
{
	size_t size = f->nest ? f->nest->size : sizeof(uint16_t);
	unsigned int *n = count(f, obj);
	char *to = (char *)obj + f->at + *n * size;
	int rc;

	if (*n == f->room)
		return 0;
	memset(to, 0, size);
	rc = get_value(f, to, attr);
	if (!rc)
		++*n;
	return rc;
}

static int get_one(const struct ipsecx_field *f, void *obj,
		   const struct nlattr *attr)
{
	if (f->kind == IPSECX_BYTES)
		return 0;
	*has(obj) |= UINT64_C(1) << f->attr;
	return is_list(f) ? get_entry(f, obj, attr) :
			    get_value(f, (char *)obj + f->at, attr);
}

int ipsecx_attrs_get(const struct ipsecx_attrs *attrs, void *obj,
		     const void *from, size_t len)
{
	const struct ipsecx_field *f, *end = attrs->field + attrs->n;
	const struct nlattr *attr;
	int rc = 0;

	mnl_attr_for_each_payload(from, len) {
		for (f = attrs->field; f < end && !rc; f++)
			if (f->attr == mnl_attr_get_type(attr))
				rc = get_one(f, obj, attr);
	}
	return rc;
}

static int put_nests(const struct ipsecx_field *f, const void *obj,
		     struct nlmsghdr *to)
{
	unsigned int n = *count(f, obj);
	const char *entry = at(f, obj);
	struct nlattr *nest;
	int rc = n > f->room ? -E2BIG : 0;

	for (; n && !rc; n--, entry += f->nest->size) {
		nest = mnl_attr_nest_start(to, f->attr);
		rc = ipsecx_attrs_put(f->nest, entry, to, ~UINT64_C(0));
		mnl_attr_nest_end(to, nest);
	}
	return rc;
}

static int put_key(const struct ipsecx_field *f, const void *obj,
		   struct nlmsghdr *to)
{
	size_t len = key_len(f, obj);

	if (len > f->room)
		return -E2BIG;
	mnl_attr_put(to, f->attr, len, *(const void *const *)at(f, obj));
	return 0;
}

static int put_one(const struct ipsecx_field *f, const void *obj,
		   struct nlmsghdr *to)
{
	const void *from = at(f, obj);
	const struct ipsecx_addr *addr = from;

	switch (f->kind) {
	case IPSECX_NESTS:
		return put_nests(f, obj, to);
	case IPSECX_BYTES:
		return put_key(f, obj, to);
	case IPSECX_SPI:
		mnl_attr_put_u32(to, f->attr, htonl(*(const uint32_t *)from));
		return 0;
	case IPSECX_FLAG:
		if (*(const bool *)from)
			mnl_attr_put(to, f->attr, 0, NULL);
		return 0;
	case IPSECX_ADDR:
		mnl_attr_put(to, f->attr, addr->len, addr->bytes);
		return 0;
	case IPSECX_STRING:
	case IPSECX_U16S:
		return 0;
	default:
		mnl_attr_put(to, f->attr, width[f->kind], from);
		return 0;
	}
}

int ipsecx_attrs_put(const struct ipsecx_attrs *attrs, const void *obj,
		     struct nlmsghdr *to, uint64_t which)
{
	const struct ipsecx_field *f;
	int rc = 0;

	for (f = attrs->field; f < attrs->field + attrs->n && !rc; f++)
		if (which >> f->attr & 1 && ipsecx_field_is_there(f, obj))
			rc = put_one(f, obj, to);
	return rc;
}
