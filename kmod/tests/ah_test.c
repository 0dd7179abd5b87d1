// SPDX-License-Identifier: GPL-2.0
/*
 * Whole AH packets that scapy made, with each bit of them wrong: what may
 * change on the way and what may not. And headers that AH cannot follow.
 */

#include <kunit/test.h>
#include <linux/hex.h>
#include "../ah.c"
#include "../request.h"

bool ipsecx_output_header(const struct ipsecx_sa *sa, struct sk_buff *skb)
{
	return true;
}

/*
 * In hexadecimal; @may has the bits of the outer headers that may change. Of an
 * option's length that is those which do not lead out of the header.
 */
struct ah_vector {
	const char *key;
	const char *may;
	const char *packet;
	u64 seq;
	enum ipsecx_integ integ;
	unsigned int hlen;
	bool esn;
};

static const struct ah_vector ah_vectors[] = {
	{
		/* transport, IPv4, router alert, record route, padding */
		.integ = IPSECX_INTEG_HMAC_SHA2_256_128,
		.key = "20272e353c434a51585f666d747b828990979ea5acb3bac1c8cfd6dd"
		 "e4ebf2f9",
		.seq = 0xfffffffeULL,
		.hlen = 36,
		.may = "00ff00000000ffffff00ffff00000000000000000000000000ff0bff"
		 "ffffffffffffffff",
		.packet = "49b90051123440003f33007ac0000201c00002029404000001070b04"
		 "00000000000000001105000000001001fffffffefc1cae901c3dde72"
		 "410cfe3570085ab2000700090011d35641207061636b65742e",
	},
	{
		/* tunnel, IPv4 */
		.integ = IPSECX_INTEG_HMAC_SHA2_256_128,
		.key = "20272e353c434a51585f666d747b828990979ea5acb3bac1c8cfd6dd"
		 "e4ebf2f9",
		.seq = 0x100000002ULL,
		.esn = true,
		.hlen = 20,
		.may = "00ff00000000ffffff00ffff0000000000000000",
		.packet = "45020069000700004033f655c0000201c00002022905000000001001"
		 "000000020fd6127abb4f32345b871859ff9350bd6000000000111140"
		 "fd000000000000000000000000000001fd0000000000000000000000"
		 "000000020007000900115d5641207061636b65742e",
	},
	{
		/* transport, IPv4 */
		.integ = IPSECX_INTEG_HMAC_SHA2_384_192,
		.key = "30373e454c535a61686f767d848b9299a0a7aeb5bcc3cad1d8dfe6ed"
		 "f4fb020910171e252c333a41484f565d646b7279",
		.seq = 0xffffffff00000000ULL,
		.esn = true,
		.hlen = 20,
		.may = "00ff00000000ffffff00ffff0000000000000000",
		.packet = "45000049000100004033f67dc0000201c00002021107000000001001"
		 "00000001ae1fec22ac85471911fb559230d67545bbe89b00c45cd530"
		 "000700090011d35641207061636b65742e",
	},
	{
		/* transport, IPv6, hop-by-hop and destination options that change */
		.integ = IPSECX_INTEG_HMAC_SHA2_256_128,
		.key = "20272e353c434a51585f666d747b828990979ea5acb3bac1c8cfd6dd"
		 "e4ebf2f9",
		.seq = 0x1ULL,
		.hlen = 72,
		.may = "0fffffff000000ff0000000000000000000000000000000000000000"
		 "00000000000000000000000000000000ffffff000000000000000000"
		 "000000000000000000ff000000000000",
		.packet = "603123450051000920010db800000000000000000000000120010db8"
		 "0000000000000000000000023c013e036d7574000502000000010100"
		 "33011e036669783e014d010400000000110600000000100100000001"
		 "653a4bd441887c8b0116d03465b71cd200000000000700090011fbe5"
		 "41207061636b65742e",
	},
	{
		/* tunnel, IPv6, ICV and padding */
		.integ = IPSECX_INTEG_HMAC_SHA2_512_256,
		.key = "40474e555c636a71787f868d949ba2a9b0b7bec5ccd3dae1e8eff6fd"
		 "040b121920272e353c434a51585f666d747b828990979ea5acb3bac1"
		 "c8cfd6dde4ebf2f9",
		.seq = 0xffffffffffffULL,
		.esn = true,
		.hlen = 40,
		.may = "0fffffff000000ff0000000000000000000000000000000000000000"
		 "000000000000000000000000",
		.packet = "6ff00001005533ff20010db800000000000000000000000120010db8"
		 "000000000000000000000002040a000000001001ffffffffeaa64b55"
		 "522256eb09da76ff63e26a8fefc85a81441ae324cf5eea8e6af78ef3"
		 "000000004500002500010000401166c50a0000010a00000200070009"
		 "0011435841207061636b65742e",
	},
};

static int ah_err;

static void ah_done(struct ipsecx_sa *sa, struct sk_buff *skb, u64 seq, int err)
{
	ah_err = err;
}

static unsigned int ah_hex(u8 *to, const char *hex)
{
	unsigned int len = strlen(hex) / 2;

	WARN_ON(hex2bin(to, hex, len));
	return len;
}

static struct ipsecx_sa *ah_sa(struct kunit *test, const struct ah_vector *v)
{
	struct ipsecx_sa *sa = kunit_kzalloc(test, sizeof(*sa), GFP_KERNEL);
	struct ipsecx_transform_keys keys = {};
	u8 key[64];

	KUNIT_ASSERT_NOT_NULL(test, sa);
	keys.integ = key;
	keys.integ_len = ah_hex(key, v->key);
	ipsecx_transform_set(&sa->t, ipsecx_encr_find(IPSECX_ENCR_NULL),
			     ipsecx_integ_find(v->integ));
	sa->protocol = IPSECX_PROTOCOL_AH;
	sa->esn = v->esn;
	sa->aead = ipsecx_transform_new(&sa->t, false, &keys);
	KUNIT_ASSERT_FALSE(test, IS_ERR(sa->aead));
	return sa;
}

static struct sk_buff *ah_packet(struct kunit *test, const char *hex,
				 unsigned int hlen)
{
	struct sk_buff *skb = alloc_skb(512, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_reserve(skb, 128);
	ah_hex(skb_put(skb, strlen(hex) / 2), hex);
	ipsecx_cb(skb)->hlen = hlen;
	return skb;
}

/* Returns what became of it; the packet is as it was behind that. */
static int ah_run(struct ipsecx_sa *sa, struct sk_buff *skb, u64 seq,
		  bool encrypt)
{
	unsigned int icv = encrypt ? sa->t.icv_len : 0;

	ah_err = -EBADMSG;
	local_bh_disable();
	rcu_read_lock();
	if (ipsecx_ah_begin(sa, skb, seq))
		ipsecx_request_run(sa, skb, seq, skb->len - 8 - icv, encrypt,
				   ah_done);
	ipsecx_ah_end(sa, skb);
	rcu_read_unlock();
	local_bh_enable();
	return ah_err;
}

/* With an ICV that is not there yet. */
static void ah_vector_seal(struct kunit *test, struct ipsecx_sa *sa,
			   const struct ah_vector *v)
{
	struct sk_buff *skb = ah_packet(test, v->packet, v->hlen);
	u8 want[256];

	memset(skb->data + v->hlen + 12, 0, sa->t.icv_len);
	KUNIT_EXPECT_EQ(test, ah_run(sa, skb, v->seq, true), 0);
	KUNIT_ASSERT_EQ(test, skb->len, ah_hex(want, v->packet));
	KUNIT_EXPECT_MEMEQ(test, skb->data, want, skb->len);
	kfree_skb(skb);
}

static bool ah_may(const struct ah_vector *v, unsigned int bit)
{
	u8 may[128];

	return bit / 8 < ah_hex(may, v->may) && may[bit / 8] & 1 << bit % 8;
}

/* The IP version is what tells how to read the rest. */
static void ah_vector_open(struct kunit *test, struct ipsecx_sa *sa,
			   const struct ah_vector *v)
{
	unsigned int bits = strlen(v->packet) * 4, bit;
	struct sk_buff *skb;
	u8 want[256];

	for (bit = 0; bit <= bits; bit++) {
		if (bit >= 4 && bit < 8)
			continue;
		skb = ah_packet(test, v->packet, v->hlen);
		if (bit < bits)
			skb->data[bit / 8] ^= 1 << bit % 8;
		memcpy(want, skb->data, skb->len);
		KUNIT_EXPECT_EQ_MSG(test, ah_run(sa, skb, v->seq, false),
				    bit == bits || ah_may(v, bit) ?
				    0 : -EBADMSG, "bit %u", bit);
		KUNIT_EXPECT_EQ(test, skb->len, bits / 8);
		KUNIT_EXPECT_MEMEQ(test, skb->data, want, skb->len);
		kfree_skb(skb);
	}
}

static void ah_vector_esn(struct kunit *test, struct ipsecx_sa *sa,
			  const struct ah_vector *v)
{
	struct sk_buff *skb = ah_packet(test, v->packet, v->hlen);

	KUNIT_EXPECT_EQ(test, ah_run(sa, skb, v->seq ^ 1ULL << 32, false),
			v->esn ? -EBADMSG : 0);
	kfree_skb(skb);
}

static void ah_scapy(struct kunit *test)
{
	const struct ah_vector *v;
	struct ipsecx_sa *sa;

	for (v = ah_vectors; v < ah_vectors + ARRAY_SIZE(ah_vectors); v++) {
		sa = ah_sa(test, v);
		ah_vector_seal(test, sa, v);
		ah_vector_open(test, sa, v);
		ah_vector_esn(test, sa, v);
		crypto_free_aead(sa->aead);
	}
}

/* IPv4 options and IPv6 headers: type of the first and all of their bytes. */
static const struct {
	const char *hex;
	u8 next;
	bool ok;
	bool ip6;
} ah_headers[] = {
	{ "01010101", 0, true },
	{ "00ffffff", 0, true },
	{ "94040000", 0, true },
	{ "07040400", 0, true },
	{ "830b0cc0000201c000020200", 0, true },
	{ "890b0cc0000201c000020200", 0, true },
	/* a route still to go */
	{ "830b04c0000201c000020200", 0, false },
	{ "890b08c0000201c000020200", 0, false },
	{ "01010283", 0, false },
	/* lengths that lead out, or nowhere */
	{ "01010107", 0, false },
	{ "07000000", 0, false },
	{ "07010000", 0, false },
	{ "07050400", 0, false },
	{ "94ff0000", 0, false },
	{ "3300010400000000", NEXTHDR_HOP, true, true },
	{ "3300050200000100", NEXTHDR_DEST, true, true },
	{ "3300000000000000", NEXTHDR_HOP, true, true },
	{ "330104000000000033000400000000ff", NEXTHDR_ROUTING, true, true },
	{ "3c000104000000003300010400000000", NEXTHDR_HOP, true, true },
	{ "2b000104000000003300040000000000", NEXTHDR_HOP, true, true },
	/* a route still to go, a home address */
	{ "3300040100000000", NEXTHDR_ROUTING, false, true },
	{ "3302c910000000000000000000000000000000000000010000000000",
	  NEXTHDR_DEST, false, true },
	/* lengths that lead out, and other headers */
	{ "3300010500000000", NEXTHDR_HOP, false, true },
	{ "3300010300000005", NEXTHDR_DEST, false, true },
	{ "3301010400000000", NEXTHDR_HOP, false, true },
	{ "33ff010400000000", NEXTHDR_HOP, false, true },
	{ "3300000000000000", NEXTHDR_FRAGMENT, false, true },
	{ "3300000000000000", IPPROTO_UDP, false, true },
	{ "11000104000000003300010400000000", NEXTHDR_HOP, false, true },
};

static void ah_followed(struct kunit *test)
{
	unsigned int i, len, ip;
	bool ok;
	u8 *buf;

	for (i = 0; i < ARRAY_SIZE(ah_headers); i++) {
		/* At the end of what is ours, for KASAN to see. */
		len = strlen(ah_headers[i].hex) / 2;
		ip = ah_headers[i].ip6 ?
		     sizeof(struct ipv6hdr) : sizeof(struct iphdr);
		buf = kunit_kzalloc(test, ip + len, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, buf);
		ah_hex(buf + ip, ah_headers[i].hex);
		if (ip == sizeof(struct iphdr)) {
			ok = ah_mute4((struct iphdr *)buf, ip + len);
		} else {
			((struct ipv6hdr *)buf)->nexthdr = ah_headers[i].next;
			ok = ah_mute6((struct ipv6hdr *)buf, ip + len);
		}
		KUNIT_EXPECT_EQ_MSG(test, ok, ah_headers[i].ok, "%s",
				    ah_headers[i].hex);
	}
}

/* RFC 4302 section 2.2: whole words, and over IPv6 an even number of them. */
static void ah_lengths(struct kunit *test)
{
	static const u8 want[][3] = { { 12, 24, 24 }, { 16, 28, 32 },
				      { 24, 36, 40 }, { 32, 44, 48 } };
	struct ipsecx_sa *sa = kunit_kzalloc(test, sizeof(*sa), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, sa);
	for (i = 0; i < ARRAY_SIZE(want); i++) {
		sa->t.icv_len = want[i][0];
		KUNIT_EXPECT_EQ(test, ipsecx_ah_len(sa, true), want[i][1]);
		KUNIT_EXPECT_EQ(test, ipsecx_ah_len(sa, false), want[i][2]);
	}
}

static int ah_init(struct kunit_suite *suite)
{
	return ipsecx_request_init();
}

static void ah_exit(struct kunit_suite *suite)
{
	ipsecx_request_exit();
}

static struct kunit_case ah_cases[] = {
	KUNIT_CASE(ah_scapy),
	KUNIT_CASE(ah_followed),
	KUNIT_CASE(ah_lengths),
	{}
};

static struct kunit_suite ah_suite = {
	.name = "ipsecx-ah",
	.suite_init = ah_init,
	.suite_exit = ah_exit,
	.test_cases = ah_cases,
};

kunit_test_suite(ah_suite);
