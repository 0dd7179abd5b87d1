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

/* one traffic selector */
struct ike_ts {
	uint8_t type; /* enum ike_ts_type, which is the address family */
	uint8_t proto; /* IP protocol, 0: any */
	/* first port (ICMP: type in the upper octet, code in the lower) */
	uint16_t port_lo;
	uint16_t port_hi; /* last port; 65535 to 0 is OPAQUE */
	/* first address, network order; IPv4 uses four octets */
	uint8_t lo[IKE_TS_V6_LEN];
	uint8_t hi[IKE_TS_V6_LEN]; /* last address */
};

/*
 * the selectors of one side; a packet matches the list when it matches one of
 * them
 */
struct ike_ts_list {
	unsigned int n; /* how many */
	struct ike_ts ts[IKE_TS_MAX]; /* the selectors */
};

static inline size_t ike_ts_addr_len(const struct ike_ts *ts)
{
	return ts->type == IKE_TS_IPV4_ADDR_RANGE ? IKE_TS_V4_LEN :
						    IKE_TS_V6_LEN;
}

/*
 * From text: "10.1.0.0/16", "fd00::/8", "10.0.0.1-10.0.0.9", "10.0.0.1", each
 * with "[udp]", "[udp/53]", "[tcp/1024-65535]" or "[47]" behind. -EINVAL.
 */
int ike_ts_parse(const char *text, struct ike_ts *ts, struct ike_diag *diag);

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

/*
 * What the peer asks for and we allow: the intersection in the peer's order,
 * so that what is left of its first selector comes first (section 2.9),
 * without selectors that another one covers. -ENOENT when nothing is left:
 * TS_UNACCEPTABLE, and both sides in words.
 */
int ike_ts_list_narrow(const struct ike_ts_list *mine,
		       const struct ike_ts_list *theirs,
		       struct ike_ts_list *out, struct ike_diag *diag);

/*
 * NAT and transport mode (section 2.23.1): selectors of exactly the host @from
 * become those of host @to (@addr_len 4 or 16). Returns how many did.
 */
unsigned int ike_ts_list_substitute(struct ike_ts_list *list, const void *from,
				    const void *to, size_t addr_len);

/* as ike_ts_parse() reads it, NUL-terminated, truncated to fit */
void ike_ts_print(const struct ike_ts *ts, char *buf, size_t size);
void ike_ts_list_print(const struct ike_ts_list *list, char *buf, size_t size);

#endif
