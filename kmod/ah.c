// SPDX-License-Identifier: GPL-2.0
/* AH around a packet, and what of it an ICV covers: RFC 4302. */

#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/math.h>
#include <linux/unaligned.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include "ah.h"
#include "packet.h"
#include "sa.h"

/* RFC 1108 and RFC 1770, which the kernel has no names for. */
#define AH_IPOPT_ESEC	(5 | IPOPT_COPY)
#define AH_IPOPT_SDB	(21 | IPOPT_COPY)
/* RFC 8200 section 4.2: the option's data may change on the way. */
#define AH_TLV_MUTABLE	0x20

unsigned int ipsecx_ah_len(const struct ipsecx_sa *sa, bool v4)
{
	return ALIGN(sizeof(struct ip_auth_hdr) + sa->t.icv_len, v4 ? 4 : 8);
}

bool ipsecx_ah_length_ok(const struct ipsecx_sa *sa, struct sk_buff *skb)
{
	unsigned int len = ipsecx_ah_len(sa, ip_hdr(skb)->version == 4);
	const struct ip_auth_hdr *ah;

	if (!pskb_may_pull(skb, len))
		return false;
	ah = (const void *)skb->data;
	return (ah->hdrlen + 2) * 4 == len;
}

/* Appendix A1: all others change on the way, or are not known not to. */
static bool ah_option_fixed(u8 type)
{
	switch (type) {
	case IPOPT_NOOP:
	case IPOPT_SEC:
	case AH_IPOPT_ESEC:
	case IPOPT_CIPSO:
	case IPOPT_RA:
	case AH_IPOPT_SDB:
		return true;
	default:
		return false;
	}
}

/*
 * Of a route still to go its last address is the destination that the ICV is
 * about, which is not this packet's: not ours, in either direction.
 */
static bool ah_option_routes(const u8 *opt, unsigned int len)
{
	return (*opt == IPOPT_LSRR || *opt == IPOPT_SSRR) &&
	       (len < 3 || opt[2] <= len);
}

static bool ah_mute_options(u8 *opt, unsigned int left)
{
	unsigned int len;

	for (; left && *opt != IPOPT_END; opt += len, left -= len) {
		len = 1;
		if (*opt != IPOPT_NOOP)
			len = left < 2 || opt[1] < 2 ? 0 : opt[1];
		if (!len || len > left || ah_option_routes(opt, len))
			return false;
		if (!ah_option_fixed(*opt))
			memset(opt, 0, len);
	}
	return true;
}

static bool ah_mute4(struct iphdr *iph, unsigned int hlen)
{
	iph->tos = 0;
	iph->frag_off = 0;
	iph->ttl = 0;
	iph->check = 0;
	return ah_mute_options((u8 *)(iph + 1), hlen - sizeof(*iph));
}

/*
 * Hop-by-hop and destination options. A home address would have to trade
 * places with the source (RFC 6275 section 11.3.2).
 */
static bool ah_mute_tlvs(u8 *opt, unsigned int left)
{
	unsigned int len;

	for (; left; opt += len, left -= len) {
		len = 1;
		if (*opt == IPV6_TLV_PAD1)
			continue;
		if (left < 2 || opt[1] + 2 > left || *opt == IPV6_TLV_HAO)
			return false;
		len = opt[1] + 2;
		if (*opt & AH_TLV_MUTABLE)
			memset(opt + 2, 0, opt[1]);
	}
	return true;
}

/* One extension header of @len bytes. A route has to be at its end. */
static bool ah_mute_ext(u8 type, u8 *ext, unsigned int len)
{
	switch (type) {
	case NEXTHDR_HOP:
	case NEXTHDR_DEST:
		return ah_mute_tlvs(ext + 2, len - 2);
	case NEXTHDR_ROUTING:
		return !((const struct ipv6_rt_hdr *)ext)->segments_left;
	default:
		return false;
	}
}

static bool ah_mute6(struct ipv6hdr *ip6h, unsigned int hlen)
{
	unsigned int left = hlen - sizeof(*ip6h), len;
	u8 next = ip6h->nexthdr, *ext = (u8 *)(ip6h + 1);

	ip6_flow_hdr(ip6h, 0, 0);
	ip6h->hop_limit = 0;
	for (; left; ext += len, left -= len) {
		len = ipv6_optlen((const struct ipv6_opt_hdr *)ext);
		if (len > left || !ah_mute_ext(next, ext, len))
			return false;
		next = *ext;
	}
	return true;
}

static struct ip_auth_hdr *ah_hdr(struct sk_buff *skb)
{
	return (struct ip_auth_hdr *)(skb->data + ipsecx_cb(skb)->hlen);
}

bool ipsecx_ah_begin(const struct ipsecx_sa *sa, struct sk_buff *skb, u64 seq)
{
	struct ip_auth_hdr *ah = ah_hdr(skb);
	unsigned int hlen = ipsecx_cb(skb)->hlen;

	memcpy(skb->data - hlen, skb->data, hlen);
	if (sa->esn)
		put_unaligned_be32(upper_32_bits(seq), skb_put(skb, 4));
	skb_put_data(skb, ah->auth_data, sa->t.icv_len);
	memset(ah->auth_data, 0, sa->t.icv_len);
	if (skb->data[0] >> 4 == 4)
		return ah_mute4((struct iphdr *)skb->data, hlen);
	return ah_mute6((struct ipv6hdr *)skb->data, hlen);
}

u8 ipsecx_ah_end(const struct ipsecx_sa *sa, struct sk_buff *skb)
{
	struct ip_auth_hdr *ah = ah_hdr(skb);
	unsigned int hlen = ipsecx_cb(skb)->hlen;
	unsigned int icv = sa->t.icv_len;

	memcpy(skb->data, skb->data - hlen, hlen);
	memcpy(ah->auth_data, skb_tail_pointer(skb) - icv, icv);
	__skb_trim(skb, skb->len - icv - (sa->esn ? 4 : 0));
	return ah->nexthdr;
}

/* The room in front is enough for all but long IPv6 extension headers. */
enum ipsecx_drop_reason ipsecx_ah_seal(const struct ipsecx_sa *sa,
				       struct sk_buff *skb, u8 next, u64 seq)
{
	unsigned int len = ipsecx_ah_len(sa, ipsecx_cb(skb)->v4);
	struct ip_auth_hdr *ah = skb_push(skb, len);

	memset(ah, 0, len);
	ah->nexthdr = next;
	ah->hdrlen = len / 4 - 2;
	ah->spi = sa->spi;
	ah->seq_no = htonl(lower_32_bits(seq));
	if (!ipsecx_output_header(sa, skb))
		return IPSECX_DROP_REASON_MODE;
	if (skb_cow_head(skb, ipsecx_cb(skb)->hlen))
		return IPSECX_DROP_REASON_NO_MEMORY;
	return ipsecx_ah_begin(sa, skb, seq) ? 0 : IPSECX_DROP_REASON_MODE;
}
