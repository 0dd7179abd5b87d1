/* SPDX-License-Identifier: MIT */
/*
 * Traffic selectors (RFC 7296 sections 2.9 and 3.13): ranges of addresses and
 * ports and a protocol, their algebra, and lists of them.
 */
#ifndef IKE_TS_H
#define IKE_TS_H

#include "diag.h"
#include "names.h"
#include "wire.h"

#define IKE_TS_MAX	32
#define IKE_TS_TEXT_MAX 128
#define IKE_TS_V4_LEN	4
#define IKE_TS_V6_LEN	16

/**
 * struct ike_ts - one traffic selector
 * @type: enum ike_ts_type, which is the address family
 * @proto: IP protocol, 0: any
 * @port_lo: first port (ICMP: type in the upper octet, code in the lower)
 * @port_hi: last port; 65535 to 0 is OPAQUE
 * @lo: first address, network order; IPv4 uses four octets
 * @hi: last address
 */
struct ike_ts {
	uint8_t type;
	uint8_t proto;
	uint16_t port_lo;
	uint16_t port_hi;
	uint8_t lo[IKE_TS_V6_LEN];
	uint8_t hi[IKE_TS_V6_LEN];
};

/**
 * struct ike_ts_list - the selectors of one side; a packet matches the list
 *	when it matches one of them
 * @n: how many
 * @ts: the selectors
 */
struct ike_ts_list {
	unsigned int n;
	struct ike_ts ts[IKE_TS_MAX];
};

static inline size_t ike_ts_addr_len(const struct ike_ts *ts)
{
	return ts->type == IKE_TS_IPV4_ADDR_RANGE ? IKE_TS_V4_LEN :
						    IKE_TS_V6_LEN;
}

/**
 * ike_ts_parse() - a selector from text
 * @text: "10.1.0.0/16", "fd00::/8", "10.0.0.1-10.0.0.9", "10.0.0.1",
 *	each with "[udp]", "[udp/53]", "[tcp/1024-65535]" or "[47]" behind
 * @ts: takes it
 * @diag: what is wrong
 *
 * Return: 0, -EINVAL.
 */
int ike_ts_parse(const char *text, struct ike_ts *ts, struct ike_diag *diag);

/* several, separated by commas or blanks */
int ike_ts_list_parse(const char *text, struct ike_ts_list *list,
		      struct ike_diag *diag);

/* every protocol and port of one address (@addr_len 4 or 16) */
void ike_ts_host(struct ike_ts *ts, const void *addr, size_t addr_len);

/* the body of a TS payload; unknown TS types are left out */
int ike_ts_list_read(struct ike_span body, struct ike_ts_list *list,
		     struct ike_diag *diag);
void ike_ts_list_write(struct ike_writer *w, const struct ike_ts_list *list);

bool ike_ts_equal(const struct ike_ts *a, const struct ike_ts *b);
bool ike_ts_covers(const struct ike_ts *outer, const struct ike_ts *inner);
bool ike_ts_list_covers(const struct ike_ts_list *outer,
			const struct ike_ts_list *inner);

/* what both match; false: nothing */
bool ike_ts_intersect(const struct ike_ts *a, const struct ike_ts *b,
		      struct ike_ts *out);

/**
 * ike_ts_list_narrow() - what the peer asks for and we allow
 * @mine: our configuration
 * @theirs: the peer's selectors, in its order
 * @out: takes the intersection, in the peer's order, without selectors that
 *	another one covers
 * @diag: on failure TS_UNACCEPTABLE and both sides in words
 *
 * What is left of the peer's first selector comes first (section 2.9).
 *
 * Return: 0, -ENOENT when nothing is left.
 */
int ike_ts_list_narrow(const struct ike_ts_list *mine,
		       const struct ike_ts_list *theirs,
		       struct ike_ts_list *out, struct ike_diag *diag);

/**
 * ike_ts_list_substitute() - NAT and transport mode (section 2.23.1)
 * @list: selectors to change
 * @from: the address as the peer knows it
 * @to: the address as we see it
 * @addr_len: 4 or 16, of both
 *
 * Selectors of exactly the host @from become those of host @to.
 *
 * Return: number of selectors changed.
 */
unsigned int ike_ts_list_substitute(struct ike_ts_list *list, const void *from,
				    const void *to, size_t addr_len);

/* as ike_ts_parse() reads it, NUL-terminated, truncated to fit */
void ike_ts_print(const struct ike_ts *ts, char *buf, size_t size);
void ike_ts_list_print(const struct ike_ts_list *list, char *buf, size_t size);

#endif
