// SPDX-License-Identifier: GPL-2.0
/*
 * Clear packets to protect, and what becomes of a superpacket, cut by hand byte
 * for byte: what the kernel's own segmentation must not be asked.
 */

#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <linux/unaligned.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include "inner.h"

/* Of no kernel code. */
#define INNER_PROTOCOL	253
#define TCP_FIN_PSH	0x09
#define TCP_CWR		0x80
#define SEGMENTS_MAX	24

/* RFC 1071 over the bytes, with a sum to go on from. */
static u16 inner_sum(const u8 *p, unsigned int len, u32 sum)
{
	for (; len > 1; len -= 2, p += 2)
		sum += get_unaligned_be16(p);
	if (len)
		sum += *p << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

static u16 inner_pseudo(const struct inner *in, const u8 *pkt, unsigned int len)
{
	const u8 *addrs = pkt + (in->v6 ? 8 : 12);

	return inner_sum(addrs, in->v6 ? 32 : 8, len + in->protocol);
}

static void inner_ip_len(const struct inner *in, u8 *pkt, unsigned int len)
{
	if (in->v6) {
		put_unaligned_be16(len - sizeof(struct ipv6hdr), pkt + 4);
		return;
	}
	put_unaligned_be16(len, pkt + 2);
	put_unaligned_be16(0, pkt + 10);
	put_unaligned_be16(~inner_sum(pkt, in->l4, 0), pkt + 10);
}

/* In transport mode the addresses are those of the ends. */
static void inner_addresses(const struct world_kind *kind, u8 *pkt, bool v6)
{
	u8 last;

	if (v6) {
		for (last = 1; last <= 2; last++) {
			u8 *addr = pkt + 8 + (last - 1) * 16;

			memset(addr, 0, 16);
			addr[0] = 0xfd;
			addr[3] = kind->transport ? 1 : 2;
			addr[15] = last;
		}
		return;
	}
	put_unaligned_be32(kind->transport ? WORLD_LOCAL4 : 0x0a010001,
			   pkt + 12);
	put_unaligned_be32(kind->transport ? WORLD_REMOTE4 : 0x0a020001,
			   pkt + 16);
}

static void inner_swap_addresses(struct inner *in)
{
	unsigned int n = in->v6 ? 16 : 4;
	u8 *addr = in->bytes + (in->v6 ? 8 : 12);
	u8 tmp[16];

	memcpy(tmp, addr, n);
	memcpy(addr, addr + n, n);
	memcpy(addr + n, tmp, n);
}

/* The IP header: IPv4 with options, or IPv6 with destination options. */
static void inner_ip(struct inner *in, const struct world_kind *kind,
		     struct rnd_state *rnd, bool plain)
{
	unsigned int extra = plain || inner_random(rnd, 4) ? 0 :
			     4 * inner_random(rnd, 11);
	u8 *pkt = in->bytes;

	inner_addresses(kind, pkt, in->v6);
	if (in->v6) {
		put_unaligned_be32(6 << 28 | inner_random(rnd, 64) << 22 |
				   inner_random(rnd, 1 << 20), pkt);
		pkt[6] = in->protocol;
		pkt[7] = 64;
		in->l4 = 40;
		if (!extra || kind->transport)
			return;
		pkt[6] = NEXTHDR_DEST;
		pkt[40] = in->protocol;
		pkt[41] = 0;
		memset(pkt + 42, 0, 6);
		in->l4 = 48;
		return;
	}
	pkt[0] = 0x45 + extra / 4;
	pkt[1] = inner_random(rnd, 64) << 2;
	put_unaligned_be16(prandom_u32_state(rnd), pkt + 4);
	put_unaligned_be16(0, pkt + 6);
	pkt[8] = 64;
	pkt[9] = in->protocol;
	memset(pkt + 20, IPOPT_NOOP, extra);
	in->l4 = 20 + extra;
}

static unsigned int inner_l4_len(const struct inner *in)
{
	switch (in->protocol) {
	case IPPROTO_TCP:
		return sizeof(struct tcphdr);
	case IPPROTO_UDP:
		return sizeof(struct udphdr);
	default:
		return 0;
	}
}

/* Most are small, some are of a link's size, a few are as large as can be. */
static unsigned int inner_size(struct rnd_state *rnd, unsigned int max)
{
	static const u16 sizes[] = { 1, 30, 30, 200, 200, 1500, 1500, 5000 };
	unsigned int n = inner_random(rnd, 256);

	if (!n)
		return inner_random(rnd, max + 1);
	return inner_random(rnd, min_t(u32, max, sizes[n % 8]) + 1);
}

/* A checksum to be made somewhere in a packet whose protocol nobody knows. */
static void inner_odd_sum(struct inner *in, struct rnd_state *rnd)
{
	unsigned int room = min(in->len - in->l4, 200U);

	if (room < 4)
		return;
	in->sum_start = in->l4 + inner_random(rnd, room - 3);
	in->sum_at = in->sum_start +
		     inner_random(rnd, (in->l4 + room - 2 - in->sum_start) / 2) * 2;
}

static void inner_l4(struct inner *in, struct rnd_state *rnd)
{
	u8 *l4 = in->bytes + in->l4;

	put_unaligned_be16(1000 + inner_random(rnd, 10), l4);
	put_unaligned_be16(2000, l4 + 2);
	if (in->protocol == IPPROTO_UDP) {
		put_unaligned_be16(in->len - in->l4, l4 + 4);
		in->sum_at = in->l4 + 6;
	} else {
		l4[12] = 5 << 4;
		l4[13] = inner_random(rnd, 256);
		in->sum_at = in->l4 + 16;
	}
	put_unaligned_be16(0, in->bytes + in->sum_at);
}

static void inner_super(struct inner *in, struct rnd_state *rnd)
{
	unsigned int data = in->len - in->data;
	unsigned int least = DIV_ROUND_UP(data, SEGMENTS_MAX);

	if (data < 2)
		return;
	in->gso_size = min(max(least, 1 + inner_random(rnd, data - 1)), 1400U);
	if (in->gso_size < least || in->gso_size >= data) {
		in->gso_size = 0;
		return;
	}
	if (in->protocol == IPPROTO_UDP)
		in->gso_type = SKB_GSO_UDP_L4;
	else
		in->gso_type = in->v6 ? SKB_GSO_TCPV6 : SKB_GSO_TCPV4;
	if (in->protocol == IPPROTO_TCP && in->bytes[in->l4 + 13] & TCP_CWR)
		in->gso_type |= SKB_GSO_TCP_ECN;
}

/* TCP's and UDP's checksum: left to be made, or made. */
static void inner_sum_l4(struct inner *in, bool left)
{
	unsigned int len = in->len - in->l4;
	u16 sum = inner_pseudo(in, in->bytes, len);

	if (left) {
		in->sum_start = in->l4;
	} else {
		sum = ~inner_sum(in->bytes + in->l4, len, sum);
		sum = sum ?: 0xffff;
	}
	put_unaligned_be16(sum, in->bytes + in->sum_at);
}

void inner_make(struct inner *in, const struct world_kind *kind,
		struct rnd_state *rnd, bool super)
{
	static const u8 protocols[] = { IPPROTO_TCP, IPPROTO_UDP,
					INNER_PROTOCOL };
	u8 *bytes = in->bytes;
	bool gso;

	memset(in, 0, sizeof(*in));
	in->bytes = bytes;
	in->v6 = kind->transport ? kind->v6 : inner_random(rnd, 2);
	in->protocol = protocols[inner_random(rnd, 3)];
	gso = super && in->protocol != INNER_PROTOCOL && !inner_random(rnd, 2);
	inner_ip(in, kind, rnd, gso);
	in->data = in->l4 + inner_l4_len(in);
	in->len = in->data + 1 + inner_size(rnd, WORLD_MAX - in->data - 200);
	prandom_bytes_state(rnd, bytes + in->l4, in->len - in->l4);
	inner_ip_len(in, bytes, in->len);
	if (in->protocol == INNER_PROTOCOL) {
		if (super && inner_random(rnd, 2))
			inner_odd_sum(in, rnd);
	} else {
		inner_l4(in, rnd);
		if (gso)
			inner_super(in, rnd);
		if (in->gso_size || (super && inner_random(rnd, 2)))
			inner_sum_l4(in, true);
		else
			inner_sum_l4(in, false);
	}
	/* What is no superpacket comes from the other end. */
	if (!super && kind->transport)
		inner_swap_addresses(in);
}

unsigned int inner_segments(const struct inner *in)
{
	return in->gso_size ? DIV_ROUND_UP(in->len - in->data, in->gso_size) : 1;
}

/* The headers of the @n-th segment of @len bytes; TCP's and UDP's sum is next. */
static void inner_segment_headers(const struct inner *in, unsigned int n,
				  u8 *to, unsigned int len)
{
	bool last = n == inner_segments(in) - 1;
	u8 *l4 = to + in->l4;

	if (!in->v6)
		put_unaligned_be16(get_unaligned_be16(to + 4) + n, to + 4);
	inner_ip_len(in, to, len);
	if (in->protocol == IPPROTO_UDP) {
		put_unaligned_be16(len - in->l4, l4 + 4);
	} else {
		put_unaligned_be32(get_unaligned_be32(l4 + 4) +
				   n * in->gso_size, l4 + 4);
		if (!last)
			l4[13] &= ~TCP_FIN_PSH;
		if (n)
			l4[13] &= ~TCP_CWR;
	}
	put_unaligned_be16(inner_pseudo(in, to, len - in->l4),
			   to + in->sum_at);
}

unsigned int inner_segment(const struct inner *in, unsigned int n, u8 *to)
{
	unsigned int from = in->data + n * in->gso_size;
	unsigned int len = in->len, data;
	u16 sum;

	if (in->gso_size) {
		data = min(in->len - from, in->gso_size);
		len = in->data + data;
		memcpy(to, in->bytes, in->data);
		memcpy(to + in->data, in->bytes + from, data);
		inner_segment_headers(in, n, to, len);
	} else {
		memcpy(to, in->bytes, len);
	}
	if (!in->sum_start)
		return len;
	sum = ~inner_sum(to + in->sum_start, len - in->sum_start, 0);
	put_unaligned_be16(sum ?: 0xffff, to + in->sum_at);
	return len;
}
