/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IPSECX_TESTS_INNER_H
#define _IPSECX_TESTS_INNER_H

#include <linux/prandom.h>
#include "world.h"

/**
 * struct inner - a clear packet, or a superpacket of many
 * @v6: its family
 * @protocol: TCP, UDP, or one that the kernel knows nothing of
 * @l4: where its payload's header is
 * @data: where the data are
 * @len: of all of it
 * @sum_start: where a checksum that is still to be made starts; with none, 0
 * @sum_at: where it goes
 * @gso_size: data bytes of each segment; 0: it is one packet
 * @gso_type: SKB_GSO_*
 * @bytes: with the checksum that the stack leaves in a packet whose checksum is
 *	still to be made
 */
struct inner {
	bool v6;
	u8 protocol;
	unsigned int l4;
	unsigned int data;
	unsigned int len;
	unsigned int sum_start;
	unsigned int sum_at;
	unsigned int gso_size;
	unsigned int gso_type;
	u8 *bytes;
};

/* A random number below @n. */
static inline u32 inner_random(struct rnd_state *rnd, u32 n)
{
	return n ? prandom_u32_state(rnd) % n : 0;
}

/*
 * Make one up that fits @kind; @in->bytes has room for WORLD_MAX. @super: it
 * may be a superpacket, or have a checksum to be made.
 */
void inner_make(struct inner *in, const struct world_kind *kind,
		struct rnd_state *rnd, bool super);
unsigned int inner_segments(const struct inner *in);
/* The @n-th packet of it, with all its checksums; returns its length. */
unsigned int inner_segment(const struct inner *in, unsigned int n, u8 *to);

#endif /* _IPSECX_TESTS_INNER_H */
