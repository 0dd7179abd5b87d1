/* SPDX-License-Identifier: MIT */
/*
 * How contract-gen.c tells uapi/ipsecx.yaml in tables: attribute sets are
 * structs, attributes their fields, operations take and tell some of them. One
 * reader and one writer of attributes serve them all, and the command makes
 * its words and its JSON of the same tables.
 */
#ifndef IPSECX_NL_CONTRACT_H
#define IPSECX_NL_CONTRACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct nlmsghdr;
struct ipsecx_nl;

/*
 * The bit of an attribute, in @has of a struct and in masks. A field is there
 * when it is not zero or its bit is set: who sends a zero has to set it, and
 * what was received has them all. Of lists and keys the length counts.
 */
#define IPSECX_HAS(attr) (UINT64_C(1) << IPSECX_A_##attr)

/* What an attribute carries, and the C type it fills. */
enum ipsecx_kind {
	IPSECX_U8,
	IPSECX_U16,
	IPSECX_U32,
	IPSECX_SPI, /* uint32_t, big endian on the wire */
	IPSECX_UINT, /* uint64_t, 4 or 8 bytes on the wire; we send 8 */
	IPSECX_FLAG, /* bool */
	IPSECX_STRING, /* char [], the kernel's to tell */
	IPSECX_ADDR, /* struct ipsecx_addr */
	IPSECX_BYTES, /* const uint8_t * and its length, a key: goes in only */
	IPSECX_U16S, /* uint16_t [], one attribute each; the kernel's to tell */
	IPSECX_NESTS, /* struct [], one attribute each */
};

/* an IP address in network order; @len is 4, 16, or 0 for none */
struct ipsecx_addr {
	uint8_t len;
	uint8_t bytes[16];
};

/* the names of an enum; NULL for a number that has none */
struct ipsecx_names {
	uint32_t n;
	const char *const *name;
};

/**
 * struct ipsecx_field - one attribute
 * @name: in the contract
 * @attr: its number, below 64
 * @kind: enum ipsecx_kind
 * @at: where it is in the struct
 * @count: where the length of a list (unsigned int) or key (size_t) is
 * @room: bytes of a string or key, entries of a list
 * @min: of a number
 * @max: of a number
 * @names: of its values, if they have some
 * @nest: what is inside
 */
struct ipsecx_field {
	const char *name;
	uint8_t attr;
	uint8_t kind;
	uint16_t at;
	uint16_t count;
	uint16_t room;
	uint64_t min;
	uint64_t max;
	const struct ipsecx_names *names;
	const struct ipsecx_attrs *nest;
};

/* an attribute set: a struct of @size bytes that begins with @has */
struct ipsecx_attrs {
	size_t size;
	size_t n;
	const struct ipsecx_field *field;
};

/* an operation or event: the attributes of its request, and of what comes */
struct ipsecx_op {
	const char *name;
	const struct ipsecx_attrs *attrs;
	uint64_t takes;
	uint64_t tells;
	bool event;
};

/*
 * Run a command on its object; contract-gen.h has a typed function for each.
 * What it takes of @obj is sent, the answer is filled in. The message, which
 * may carry a key, is wiped. Return: 0 or -errno.
 */
int ipsecx_command(struct ipsecx_nl *nl, uint8_t cmd, void *obj);

/* the name of a number, or NULL for one that only newer kernels know */
const char *ipsecx_name(const struct ipsecx_names *names, uint32_t value);
/* the number of a name; false: there is none */
bool ipsecx_name_find(const struct ipsecx_names *names, const char *name,
		      uint32_t *value);

bool ipsecx_field_is_there(const struct ipsecx_field *f, const void *obj);
/* how many entries a list has */
unsigned int ipsecx_field_count(const struct ipsecx_field *f, const void *obj);
/* of a number or flag; setting one sets its bit */
uint64_t ipsecx_field_number(const struct ipsecx_field *f, const void *obj);
void ipsecx_field_set(const struct ipsecx_field *f, void *obj, uint64_t value);

/*
 * Fill a struct, which is not cleared first, from attributes; unknown ones are
 * left to newer programs. -EBADMSG: one has an impossible length.
 */
int ipsecx_attrs_get(const struct ipsecx_attrs *attrs, void *obj,
		     const void *from, size_t len);
/* Append what is there and of @which. -E2BIG: something is too long. */
int ipsecx_attrs_put(const struct ipsecx_attrs *attrs, const void *obj,
		     struct nlmsghdr *to, uint64_t which);

#endif
