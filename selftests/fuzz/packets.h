/* SPDX-License-Identifier: MIT */
/*
 * A packet in two pieces of memory of exactly its size, the linear part and a
 * page, so that one byte too far is seen. Pulling moves the linear part, so that
 * a pointer which should have been read again is seen, too.
 */
#ifndef FUZZ_PACKETS_H
#define FUZZ_PACKETS_H

#define ETH_P_IP	0x0800
#define ETH_P_IPV6	0x86DD
#define NEXTHDR_HOP	0
#define NEXTHDR_ROUTING	43
#define NEXTHDR_FRAGMENT	44
#define NEXTHDR_AUTH	51
#define NEXTHDR_NONE	59
#define NEXTHDR_DEST	60
#define IP6_OFFSET	0xFFF8
#define IP_OFFSET	0x1FFF
#define IP_MORE		0x2000
#define CHECKSUM_NONE	0
#define CHECKSUM_UNNECESSARY	1
#define PACKET_HOST	0
#define EXTHDRS_MAX	12

struct sk_buff_head { int none; };
enum skb_drop_reason { SKB_DROP_REASON_NOT_SPECIFIED };

struct sk_buff {
	u8 *head;
	u8 *data;
	unsigned int len;
	unsigned int headlen;
	u8 *page;
	u8 *network;
	struct net_device *dev;
	__be16 protocol;
	int ip_summed;
	int csum_level;
	int pkt_type;
	int encapsulation;
	char cb[48] __aligned(8);
};

struct ipv6hdr {
	u8 first[4];
	__be16 payload_len;
	u8 nexthdr;
	u8 hop_limit;
	struct in6_addr saddr;
	struct in6_addr daddr;
};

struct frag_hdr {
	u8 nexthdr;
	u8 reserved;
	__be16 frag_off;
	__be32 identification;
};

#define skb_network_header(skb)	((skb)->network)
#define skb_reset_network_header(skb)	((skb)->network = (skb)->data)
#define ip_hdr(skb)		((struct iphdr *)(skb)->network)
#define ipv6_hdr(skb)		((struct ipv6hdr *)(skb)->network)
#define skb_tail_pointer(skb)	((skb)->data + (skb)->headlen)
#define skb_reset_mac_header(skb)	((void)(skb))
#define skb_reset_mac_len(skb)	((void)(skb))
#define skb_scrub_packet(skb, x)	((void)(skb))
#define skb_clear_hash(skb)	((void)(skb))
#define ip_is_fragment(iph)	\
	(((iph)->frag_off & htons(IP_MORE | IP_OFFSET)) != 0)

/* @len bytes, of which @headlen are linear, behind @room unused ones. */
static inline struct sk_buff *skb_make(const u8 *bytes, unsigned int len,
				       unsigned int headlen, unsigned int room)
{
	struct sk_buff *skb = calloc(1, sizeof(*skb));

	skb->head = malloc(room + headlen);
	skb->data = skb->head + room;
	skb->len = len;
	skb->headlen = headlen;
	skb->page = malloc(len - headlen);
	memcpy(skb->data, bytes, headlen);
	memcpy(skb->page, bytes + headlen, len - headlen);
	skb->network = skb->data;
	return skb;
}

static inline void skb_free(struct sk_buff *skb)
{
	free(skb->head);
	free(skb->page);
	free(skb);
}

static inline void skb_copy(const struct sk_buff *skb, unsigned int offset,
			    u8 *to, unsigned int len)
{
	for (; len--; offset++)
		*to++ = offset < skb->headlen ? skb->data[offset] :
		       skb->page[offset - skb->headlen];
}

static inline bool pskb_may_pull(struct sk_buff *skb, unsigned int len)
{
	u8 *head;

	if (len <= skb->headlen)
		return true;
	if (len > skb->len)
		return false;
	head = malloc(len);
	skb_copy(skb, 0, head, len);
	memmove(skb->page, skb->page + len - skb->headlen, skb->len - len);
	skb->page = realloc(skb->page, skb->len - len ?: 1);
	free(skb->head);
	skb->head = skb->data = skb->network = head;
	skb->headlen = len;
	return true;
}

static inline void *skb_header_pointer(const struct sk_buff *skb, int offset,
				       int len, void *buf)
{
	if ((int)skb->headlen - offset >= len)
		return skb->data + offset;
	if (offset < 0 || (unsigned int)offset + len > skb->len)
		return NULL;
	skb_copy(skb, offset, buf, len);
	return buf;
}

static inline void __skb_trim(struct sk_buff *skb, unsigned int len)
{
	if (skb->page && skb->headlen != skb->len)
		abort();
	skb->len = skb->headlen = len;
}

static inline void *skb_push(struct sk_buff *skb, unsigned int len)
{
	skb->len += len;
	skb->headlen += len;
	skb->data -= len;
	return skb->data;
}

static inline void *__skb_pull(struct sk_buff *skb, unsigned int len)
{
	skb->len -= len;
	skb->headlen -= len;
	skb->data += len;
	return skb->data;
}

/* addresses */
static inline void ipv6_addr_set_v4mapped(__be32 v4, struct in6_addr *addr)
{
	memset(addr, 0, sizeof(*addr));
	addr->s6_addr32[2] = htonl(0xFFFF);
	addr->s6_addr32[3] = v4;
}

static inline bool ipv6_addr_v4mapped(const struct in6_addr *addr)
{
	return !addr->s6_addr32[0] && !addr->s6_addr32[1] &&
	       addr->s6_addr32[2] == htonl(0xFFFF);
}

static inline bool ipv6_addr_equal(const struct in6_addr *a,
				   const struct in6_addr *b)
{
	return !memcmp(a, b, sizeof(*a));
}

/* How many leading bits are the same: 128 for equal ones. */
static inline int ipv6_addr_diff(const struct in6_addr *a,
				 const struct in6_addr *b)
{
	int bit;

	for (bit = 0; bit < 128; bit++)
		if ((a->s6_addr[bit / 8] ^ b->s6_addr[bit / 8]) >>
		    (7 - bit % 8) & 1)
			break;
	return bit;
}

static inline void ipv6_addr_prefix(struct in6_addr *to,
				    const struct in6_addr *from, int bits)
{
	int bit;

	memset(to, 0, sizeof(*to));
	for (bit = 0; bit < bits; bit++)
		to->s6_addr[bit / 8] |= from->s6_addr[bit / 8] &
					(0x80 >> bit % 8);
}

/*
 * Behind the extension headers from @offset on, or -1. As the kernel has it: at
 * a fragment header of another fragment than the first it stops, a header's
 * length is believed, and there are not too many.
 */
static inline int ipv6_skip_exthdr(const struct sk_buff *skb, int offset,
				   u8 *next, __be16 *frag_off)
{
	int n = 0;
	u8 hdr[4];

	*frag_off = 0;
	for (;;) {
		unsigned int size = 0;

		if (*next == NEXTHDR_NONE)
			return -1;
		if (*next != NEXTHDR_HOP && *next != NEXTHDR_ROUTING &&
		    *next != NEXTHDR_FRAGMENT && *next != NEXTHDR_AUTH &&
		    *next != NEXTHDR_DEST)
			return offset;
		if (n++ >= EXTHDRS_MAX || offset + 2U > skb->len)
			return -1;
		skb_copy(skb, offset, hdr, 2);
		if (*next == NEXTHDR_FRAGMENT) {
			if (offset + 4U > skb->len)
				return -1;
			skb_copy(skb, offset + 2, hdr + 2, 2);
			memcpy(frag_off, hdr + 2, 2);
			if (ntohs(*frag_off) & IP6_OFFSET)
				return offset;
			size = 8;
		} else if (*next == NEXTHDR_AUTH) {
			size = (hdr[1] + 2) * 4;
		} else {
			size = (hdr[1] + 1) * 8;
		}
		*next = hdr[0];
		offset += size;
	}
}

/* congestion */
static inline u8 ipv6_get_dsfield(const struct ipv6hdr *ip6h)
{
	return ip6h->first[0] << 4 | ip6h->first[1] >> 4;
}

static inline void ip_send_check(struct iphdr *iph)
{
	u32 sum = 0;
	int i;

	iph->check = 0;
	for (i = 0; i < iph->ihl * 2; i++)
		sum += ((u16 *)iph)[i];
	sum = (sum & 0xFFFF) + (sum >> 16);
	iph->check = ~(sum + (sum >> 16));
}

static inline void ecn_mark(struct sk_buff *skb, u8 mark)
{
	struct ipv6hdr *ip6h = ipv6_hdr(skb);
	struct iphdr *iph = ip_hdr(skb);

	if (skb->protocol == htons(ETH_P_IPV6)) {
		ip6h->first[1] = (ip6h->first[1] & 0xCF) | mark << 4;
		return;
	}
	iph->tos = (iph->tos & ~3) | mark;
	ip_send_check(iph);
}

/* RFC 6040 section 4.2, figure 4. 2 drops the packet. */
static inline int INET_ECN_decapsulate(struct sk_buff *skb, u8 outer, u8 inner)
{
	inner &= 3;
	outer &= 3;
	if (!inner)
		return outer == 3 ? 2 : outer ? 1 : 0;
	if (outer != inner && (outer == 3 || (outer == 1 && inner == 2)))
		ecn_mark(skb, outer);
	return 0;
}

#endif
