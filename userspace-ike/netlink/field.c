// SPDX-License-Identifier: MIT
/* Attributes into structs, and back. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <libmnl/libmnl.h>

#include "field.h"

static const void *field_at(const struct ipsecx_field *f, const void *obj)
{
	return (const char *)obj + f->offset;
}

static bool field_is_list(const struct ipsecx_field *f)
{
	return f->kind == IPSECX_FIELD_U16S || f->kind == IPSECX_FIELD_NESTS;
}

unsigned int ipsecx_field_count(const struct ipsecx_field *f, const void *obj)
{
	return *(const unsigned int *)((const char *)obj + f->has);
}

static unsigned int *field_count(const struct ipsecx_field *f, void *obj)
{
	return (unsigned int *)((char *)obj + f->has);
}

/* The first byte of a string or an address tells, and any byte of a number. */
static bool field_is_zero(const struct ipsecx_field *f, const void *obj)
{
	static const uint8_t width[] = {
		[IPSECX_FIELD_U8] = 1,	   [IPSECX_FIELD_U16] = 2,
		[IPSECX_FIELD_U32] = 4,	   [IPSECX_FIELD_SPI] = 4,
		[IPSECX_FIELD_UINT] = 8,   [IPSECX_FIELD_FLAG] = 1,
		[IPSECX_FIELD_STRING] = 1, [IPSECX_FIELD_ADDR] = 1,
	};
	static const uint8_t zero[8];

	return !memcmp(field_at(f, obj), zero, width[f->kind]);
}

bool ipsecx_field_present(const struct ipsecx_field *f, const void *obj)
{
	if (field_is_list(f))
		return ipsecx_field_count(f, obj);
	if (f->has)
		return *(const bool *)((const char *)obj + f->has);
	return !f->optional || !field_is_zero(f, obj);
}

static int get_uint(const struct nlattr *attr, uint64_t *value)
{
	size_t len = mnl_attr_get_payload_len(attr);

	if (len == sizeof(uint32_t))
		*value = mnl_attr_get_u32(attr);
	else if (len == sizeof(uint64_t))
		*value = mnl_attr_get_u64(attr);
	else
		return -EBADMSG;
	return 0;
}

static int get_bytes(const struct nlattr *attr, void *to, size_t len)
{
	if (mnl_attr_get_payload_len(attr) != len)
		return -EBADMSG;
	memcpy(to, mnl_attr_get_payload(attr), len);
	return 0;
}

static int get_spi(const struct nlattr *attr, uint32_t *spi)
{
	uint32_t be;

	if (get_bytes(attr, &be, sizeof(be)))
		return -EBADMSG;
	*spi = ntohl(be);
	return 0;
}

static int get_addr(const struct nlattr *attr, struct ipsecx_addr *addr)
{
	size_t len = mnl_attr_get_payload_len(attr);

	if (len != 4 && len != 16)
		return -EBADMSG;
	addr->len = len;
	return get_bytes(attr, addr->bytes, len);
}

static int get_string(const struct nlattr *attr, char *to, size_t size)
{
	snprintf(to, size, "%.*s", (int)mnl_attr_get_payload_len(attr),
		 (const char *)mnl_attr_get_payload(attr));
	return 0;
}

static int get_scalar(const struct ipsecx_field *f, void *to,
		      const struct nlattr *attr)
{
	switch (f->kind) {
	case IPSECX_FIELD_U8:
		return get_bytes(attr, to, sizeof(uint8_t));
	case IPSECX_FIELD_U16:
	case IPSECX_FIELD_U16S:
		return get_bytes(attr, to, sizeof(uint16_t));
	case IPSECX_FIELD_U32:
		return get_bytes(attr, to, sizeof(uint32_t));
	case IPSECX_FIELD_SPI:
		return get_spi(attr, to);
	case IPSECX_FIELD_UINT:
		return get_uint(attr, to);
	case IPSECX_FIELD_FLAG:
		*(bool *)to = true;
		return 0;
	case IPSECX_FIELD_STRING:
		return get_string(attr, to, f->size);
	case IPSECX_FIELD_ADDR:
		return get_addr(attr, to);
	default:
		return ipsecx_fields_get(f->nest, to,
					 mnl_attr_get_payload(attr),
					 mnl_attr_get_payload_len(attr));
	}
}

/* More entries than there is room for are a newer kernel's, and dropped. */
static int get_entry(const struct ipsecx_field *f, void *obj,
		     const struct nlattr *attr)
{
	size_t size = f->nest ? f->nest->size : sizeof(uint16_t);
	unsigned int *n = field_count(f, obj);
	char *to;
	int rc;

	if (*n >= f->size)
		return 0;
	to = (char *)obj + f->offset + *n * size;
	memset(to, 0, size);
	rc = get_scalar(f, to, attr);
	if (!rc)
		++*n;
	return rc;
}

static int get_one(const struct ipsecx_field *f, void *obj,
		   const struct nlattr *attr)
{
	if (field_is_list(f))
		return get_entry(f, obj, attr);
	if (f->has)
		*(bool *)((char *)obj + f->has) = true;
	return get_scalar(f, (char *)obj + f->offset, attr);
}

static const struct ipsecx_field *field_find(const struct ipsecx_fields *fields,
					     uint16_t attr)
{
	size_t i;

	for (i = 0; i < fields->n; i++)
		if (fields->field[i].attr == attr)
			return &fields->field[i];
	return NULL;
}

int ipsecx_fields_get(const struct ipsecx_fields *fields, void *obj,
		      const void *attrs, size_t len)
{
	const struct ipsecx_field *f;
	const struct nlattr *attr;
	int rc;

	mnl_attr_for_each_payload(attrs, len) {
		f = field_find(fields, mnl_attr_get_type(attr));
		rc = f ? get_one(f, obj, attr) : 0;
		if (rc)
			return rc;
	}
	return 0;
}

static void put_nests(const struct ipsecx_field *f, const void *obj,
		      struct nlmsghdr *hdr)
{
	unsigned int n = ipsecx_field_count(f, obj);
	const char *entry = field_at(f, obj);
	struct nlattr *nest;

	for (; n && f->nest; n--, entry += f->nest->size) {
		nest = mnl_attr_nest_start(hdr, f->attr);
		ipsecx_fields_put(f->nest, entry, hdr, ~0u);
		mnl_attr_nest_end(hdr, nest);
	}
}

static void put_one(const struct ipsecx_field *f, const void *obj,
		    struct nlmsghdr *hdr)
{
	const void *from = field_at(f, obj);
	const struct ipsecx_addr *addr = from;

	switch (f->kind) {
	case IPSECX_FIELD_U8:
		return mnl_attr_put(hdr, f->attr, sizeof(uint8_t), from);
	case IPSECX_FIELD_U16:
		return mnl_attr_put(hdr, f->attr, sizeof(uint16_t), from);
	case IPSECX_FIELD_U32:
		return mnl_attr_put(hdr, f->attr, sizeof(uint32_t), from);
	case IPSECX_FIELD_UINT:
		return mnl_attr_put(hdr, f->attr, sizeof(uint64_t), from);
	case IPSECX_FIELD_SPI:
		return mnl_attr_put_u32(hdr, f->attr,
					htonl(*(const uint32_t *)from));
	case IPSECX_FIELD_FLAG:
		if (*(const bool *)from)
			mnl_attr_put(hdr, f->attr, 0, NULL);
		return;
	case IPSECX_FIELD_ADDR:
		return mnl_attr_put(hdr, f->attr, addr->len, addr->bytes);
	case IPSECX_FIELD_NESTS:
		return put_nests(f, obj, hdr);
	default:
		/* Strings are the kernel's to tell. */
		return;
	}
}

void ipsecx_fields_put(const struct ipsecx_fields *fields, const void *obj,
		       struct nlmsghdr *hdr, uint32_t which)
{
	const struct ipsecx_field *f;

	for (f = fields->field; f < fields->field + fields->n; f++)
		if (which & 1u << f->attr && ipsecx_field_present(f, obj))
			put_one(f, obj, hdr);
}
