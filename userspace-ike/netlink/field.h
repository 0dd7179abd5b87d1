/* SPDX-License-Identifier: MIT */
/*
 * The contract as tables: which attribute fills which field of which struct
 * of client.h. One reader and one writer of attributes serve them all, and
 * the command prints its JSON from the same tables.
 */
#ifndef IPSECX_NL_FIELD_H
#define IPSECX_NL_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client.h"
#include "enums.h"

struct nlattr;
struct nlmsghdr;

/* What an attribute carries, and the C type it fills. */
enum ipsecx_field_kind {
	IPSECX_FIELD_U8,
	IPSECX_FIELD_U16,
	IPSECX_FIELD_U32,
	IPSECX_FIELD_SPI, /* uint32_t, big endian on the wire */
	IPSECX_FIELD_UINT, /* uint64_t, 4 or 8 bytes on the wire; we send 8 */
	IPSECX_FIELD_FLAG, /* bool */
	IPSECX_FIELD_STRING, /* char [] */
	IPSECX_FIELD_ADDR, /* struct ipsecx_addr */
	IPSECX_FIELD_U16S, /* uint16_t [], one attribute each */
	IPSECX_FIELD_NESTS, /* struct [], one attribute each */
};

/**
 * struct ipsecx_field - one attribute
 * @attr: its number, below 32
 * @kind: what it carries
 * @optional: a zero means that it is absent
 * @offset: where it is in the struct
 * @has: where the bool is that says whether it is there, or (of a list) the
 *	unsigned int that says how many there are; 0 if there is no such thing
 * @size: bytes of a string, most entries of a list
 * @name: in the contract
 * @names: of its values, if they have some
 * @nest: what is inside
 */
struct ipsecx_field {
	uint8_t attr;
	uint8_t kind;
	bool optional;
	uint16_t offset;
	uint16_t has;
	uint16_t size;
	const char *name;
	const struct ipsecx_names *names;
	const struct ipsecx_fields *nest;
};

/**
 * struct ipsecx_fields - an attribute set
 * @size: of the struct
 * @n: how many fields
 * @field: the fields, in the contract's order
 */
struct ipsecx_fields {
	size_t size;
	size_t n;
	const struct ipsecx_field *field;
};

/**
 * struct ipsecx_spi - answer to a reservation
 * @ifindex: of the device
 * @spi: in host order
 */
struct ipsecx_spi {
	uint32_t ifindex;
	uint32_t spi;
};

extern const struct ipsecx_fields ipsecx_device_fields;
extern const struct ipsecx_fields ipsecx_policy_fields;
extern const struct ipsecx_fields ipsecx_selector_fields;
extern const struct ipsecx_fields ipsecx_sa_fields;
extern const struct ipsecx_fields ipsecx_drop_fields;
extern const struct ipsecx_fields ipsecx_cap_fields;
extern const struct ipsecx_fields ipsecx_spi_fields;
extern const struct ipsecx_fields ipsecx_event_acquire_fields;
extern const struct ipsecx_fields ipsecx_event_policy_fields;
extern const struct ipsecx_fields ipsecx_event_sa_fields;
extern const struct ipsecx_fields ipsecx_event_peer_fields;

/**
 * ipsecx_field_present() - whether a struct has something in a field
 * @f: the field
 * @obj: the struct
 */
bool ipsecx_field_present(const struct ipsecx_field *f, const void *obj);

/**
 * ipsecx_field_count() - how many entries a list has
 * @f: the field, of one of the kinds that are lists
 * @obj: the struct
 */
unsigned int ipsecx_field_count(const struct ipsecx_field *f, const void *obj);

/**
 * ipsecx_fields_get() - fill a struct from attributes
 * @fields: what to expect; unknown attributes are left to newer programs
 * @obj: struct to fill; not cleared first
 * @attrs: first attribute
 * @len: bytes of attributes
 *
 * Return: 0, or -EBADMSG for an attribute of impossible length.
 */
int ipsecx_fields_get(const struct ipsecx_fields *fields, void *obj,
		      const void *attrs, size_t len);

/**
 * ipsecx_fields_put() - append attributes to a message
 * @fields: what the struct is
 * @obj: struct; what is not present is left out
 * @hdr: message
 * @which: bits of the attributes' numbers
 */
void ipsecx_fields_put(const struct ipsecx_fields *fields, const void *obj,
		       struct nlmsghdr *hdr, uint32_t which);

#endif
