// SPDX-License-Identifier: GPL-2.0
/*
 * Whole ESP packets of draft-mcgrew-gcm-test-01 through the request and the
 * transform, and what seal.c lays out, taken apart by hand.
 */

#include <kunit/test.h>
#include <linux/hex.h>
#include "../request.c"
#include "../transform.c"
#include "../trace.h"

/* The tracepoint is the module's, and there is no device to be told of. */
#define trace_tx(...)
#include "../seal.c"

/* Where the code under test leaves what it made. */
static struct sk_buff *esp_sent;
static int esp_err;

void ipsecx_output(struct ipsecx_sa *sa, struct sk_buff *skb)
{
	esp_sent = skb;
}

void ipsecx_drop(struct ipsecx_dev *idev, struct ipsecx_sa *sa,
		 struct sk_buff *skb, enum ipsecx_drop_reason reason)
{
	esp_err = reason;
	kfree_skb(skb);
}

void ipsecx_sa_hold(struct ipsecx_sa *sa)
{
}

void ipsecx_sa_put(struct ipsecx_sa *sa)
{
}

static void esp_done(struct ipsecx_sa *sa, struct sk_buff *skb, u64 seq,
		     int err)
{
	esp_sent = skb;
	esp_err = err;
}

/* In hexadecimal; @plain with padding and tail, @sealed with the ICV. */
struct esp_vector {
	const char *key;
	const char *iv;
	const char *plain;
	const char *sealed;
	u64 seq;
	u32 spi;
	bool esn;
};

static const struct esp_vector esp_vectors[] = {
	{
		.spi = 0x00004321,
		.seq = 0x8765432100000000ULL,
		.esn = true,
		.key = "4c80cdefbb5d10da906ac73c3613a6342e443b68",
		.iv = "4956ed7e3b244cfe",
		.plain = "45000048699a000080114db7c0a80102c0a801010a9bf15638d30100"
			 "0001000000000000045f736970045f75647003736970096379626572"
			 "6369747902646b000021000101020201",
		.sealed = "fecf537e729d5b07dc30df528dd22b768d1b98736696a6fd348509fa"
			 "13ceac34cfa2436f14a3f3cf65925bf1f4a13c5d15b21e1884f5ff62"
			 "47aeabb786b93bce61bc17d768fd9732459018148f6cbe722fd04796"
			 "562dfdb4",
	},
	{
		.spi = 0x0000a5f8,
		.seq = 0xaULL,
		.key = "feffe9928665731c6d6a8f9467308308cafebabe",
		.iv = "facedbaddecaf888",
		.plain = "4500003e698f000080114dccc0a80102c0a801010a980035002a2343"
			 "b2d00100000100000000000003736970096379626572636974790264"
			 "6b00000100010001",
		.sealed = "deb22cd9b07c72c16e3a65beeb8df304a5a5897d33ae530f1ba76d5d"
			 "114d2a5c3de81827c10e9a4f51330d0eec416642cfbb85a5b47e48a4"
			 "ec3b9ba95d918bd183b70d3aa8bc6ee4c309e9d85a41ad4a",
	},
	{
		.spi = 0x4a2cbfe3,
		.seq = 0x2ULL,
		.key = "abbccddef00112233445566778899aababbccddef001122334455667"
			 "78899aab11223344",
		.iv = "0102030405060708",
		.plain = "4500003069a6400080062690c0a801029389155e0a9e008b2dc57ee0"
			 "000000007002400020bf0000020405b40101040201020201",
		.sealed = "ff425c9b724599df7a3bcd510194e00d6a78107f1b0b1cbf06efae9d"
			 "65a5d763748a637985771d347f0545659f14e99def842d8eb335f4ee"
			 "cfdbf831824b4c4915956c96",
	},
	{
		.spi = 0x00000000,
		.seq = 0x1ULL,
		.key = "0000000000000000000000000000000000000000",
		.iv = "0000000000000000",
		.plain = "4500003c99c500008001cb7a40679318010101010800075c02004400"
			 "6162636465666768696a6b6c6d6e6f70717273747576776162636465"
			 "6667686901020201",
		.sealed = "4688daf2f973a392732909c331d56d60f694abaa414b5e7ff5fdcdff"
			 "f5e9a284456476492719ffb64de7d9dca1e1d894bc3bd57873ed4d18"
			 "1d19d4d5c8c18af3f821d496eeb096e98ad2b69e4799c71d",
	},
	{
		.spi = 0x42f67e3f,
		.seq = 0x1010101010101010ULL,
		.esn = true,
		.key = "3de09874b388e6491988d0c3607eae1f57690e43",
		.iv = "4e280000a2fca1a3",
		.plain = "4500003c99c300008001cb7c40679318010101010800085c02004300"
			 "6162636465666768696a6b6c6d6e6f70717273747576776162636465"
			 "6667686901020201",
		.sealed = "fba2caa4853cf9f0f22cb10d86dd83b0fec75691cf1a04b00d1138ec"
			 "9c35791765acbd8701ad79845bf9fe3fba487bc91755e6662b4c8d0d"
			 "1f5e22739530320ae0d731cc978ecafaeae88f00e80d6e48",
	},
	{
		.spi = 0x42f67e3f,
		.seq = 0x1010101010101010ULL,
		.esn = true,
		.key = "3de09874b388e6491988d0c3607eae1f57690e43",
		.iv = "4e280000a2fca1a3",
		.plain = "4500001c42a200008001441f406793b6e00000020a00f5ff01020201",
		.sealed = "fba2ca845e5df9f0f22c3e6e86dd831e1fc65792cd1af9130e1379ed"
			 "369f071f35e034be95f112e4e7d05d35",
	},
	{
		.spi = 0x0000a5f8,
		.seq = 0xaULL,
		.key = "feffe9928665731c6d6a8f9467308308feffe9928665731ccafebabe",
		.iv = "facedbaddecaf888",
		.plain = "45000028a4ad4000400678800a01038f0a010612802306b8cb712602"
			 "dd6bb03e501016d075680001",
		.sealed = "a5b1f8066029aea40e598b8122de02420938b3ab33f828e687b8858b"
			 "5bfbdbd0315b27452144cc7795457b9652037f5318027b5b4cd7a636",
	},
	{
		.spi = 0x00000100,
		.seq = 0x1ULL,
		.esn = true,
		.key = "abbccddef00112233445566778899aabdecaf888",
		.iv = "cafedebaceface74",
		.plain = "4500004933ba00007f119106c3fb1d10c2b1d326c02831ce0035dd7b"
			 "800302d500004e20001e8c18d75b81dc91baa0476b91b924b280389d"
			 "92c963bac046ec959b6266c04722b14923010101",
		.sealed = "18a6fd42f72cbf4ab2a2ea901f73d814e3e7f243d95412e1c349c1d2"
			 "fbec168f9190feebaf2cb01984e65863965d7472b79da345e0e78019"
			 "1f0d2f0e0f496c226f2127b27db35724e7845d68651f57e65f354f75"
			 "ff17015769623436",
	},
	{
		.spi = 0x17405e67,
		.seq = 0x156f3126dd0db99bULL,
		.esn = true,
		.key = "abbccddef00112233445566778899aababbccddef001122334455667"
			 "78899aab73616c74",
		.iv = "616e640169766563",
		.plain = "45080028732c00004006e9f90a0106120a01038f06b88023dd6bafbe"
			 "cb71260250101f646d540001",
		.sealed = "f2d69ecdbd5a0d5b8d5ef38bad4da58d1f278fde98ef67549d524a30"
			 "18d9a57ff4d3a31ce673119e451626c2415771e3b7eebca614c89b35",
	},
	{
		.spi = 0x42f67e3f,
		.seq = 0x1010101010101010ULL,
		.esn = true,
		.key = "3de09874b388e6491988d0c3607eae1f57690e43",
		.iv = "4e280000a2fca1a3",
		.plain = "45000049333e00007f119182c3fb1d10c2b1d326c02831ce0035cb45"
			 "8003025b000001e0001e8c18d65759d52284a0352c71475c8880391c"
			 "764d6e5ee0496b325ae270c03899493915010101",
		.sealed = "fba2cad12fc1f9f00d3cebf305410db83d7784b607323d220f24b0a9"
			 "7d54182800cadb0f68d99ef0e0c0c89ae9bea8884e52d65bc1afd074"
			 "0f742444747b5b39ab533163aad4550ee5160975cdb608c576918960"
			 "9763b8e18caa81e2",
	},
	{
		.spi = 0x17405e67,
		.seq = 0x156f3126dd0db99bULL,
		.esn = true,
		.key = "abbccddef00112233445566778899aababbccddef001122334455667"
			 "78899aab73616c74",
		.iv = "616e640169766563",
		.plain = "636973636f0172756c657301746865016e6574776501646566696e65"
			 "01746865746563686e6f6c6f67696573017468617477696c6c016465"
			 "66696e65746f6d6f72726f7701020201",
		.sealed = "d4b7ed86a1777f2ea13d6973d324c69e7b43f826fb56831226508beb"
			 "d2dceb18d0a6df10e5487df074113e14c641024e3e6773d91a62ee42"
			 "9b043a10e3efe6b012a49363412364f8c0cac587f249e56b11e24f30"
			 "e44ccc76",
	},
	{
		.spi = 0x335467ae,
		.seq = 0xffffffffULL,
		.key = "7d773d00c144c525ac619d18c84a3f47d9664267",
		.iv = "43457e9182443bc6",
		.plain = "01020201",
		.sealed = "437f866bcb3f699fe9b0822bac961c4504bef270",
	},
	{
		.spi = 0x00000100,
		.seq = 0x1ULL,
		.esn = true,
		.key = "abbccddef00112233445566778899aabdecaf888",
		.iv = "cafedebaceface74",
		.plain = "746f016265016f72016e6f7401746f0162650001",
		.sealed = "29c9fc69a197d038ccdd14e2ddfcaa0543332164412503524303ed3c"
			 "6c5f283843af8c3e",
	},
	{
		.spi = 0x796b6963,
		.seq = 0xffffffffffffffffULL,
		.esn = true,
		.key = "6c6567616c697a656d6172696a75616e61616e64646f69746265666f"
			 "726569617475726e",
		.iv = "333021696765746d",
		.plain = "45000030da3a00008001df3bc0a80005c0a800010800c6cd02000700"
			 "6162636465666768696a6b6c6d6e6f707172737401020201",
		.sealed = "f97ab2aa356d8edce17644ac8c78e25dd24dedbb29ebf1b64a274b39"
			 "b49c3a864cd3d78ca4ae68a32b42458fb57dbe821dcc63b9d0937ba2"
			 "945f669368661a329fb4c053",
	},
	{
		.spi = 0x3f7ef642,
		.seq = 0x1010101010101010ULL,
		.esn = true,
		.key = "3de09874b388e6491988d0c3607eae1f57690e43",
		.iv = "4e280000a2fca1a3",
		.plain = "45000030da3a00008001df3bc0a80005c0a800010800c6cd02000700"
			 "6162636465666768696a6b6c6d6e6f707172737401020201",
		.sealed = "fba2caa8c6c5f9f0f22ca54a061210ad3f6e5791cf1aca210d117cec"
			 "9c35791765acbd8701ad79845bf9fe3fba487bc96321930684eecadb"
			 "56912546e7a95c9740d7cb05",
	},
	{
		.spi = 0x00004321,
		.seq = 0x8765432100000007ULL,
		.esn = true,
		.key = "4c80cdefbb5d10da906ac73c3613a63422433c64",
		.iv = "4855ec7d3a234bfd",
		.plain = "0800c6cd020007006162636465666768696a6b6c6d6e6f7071727374"
			 "01020201",
		.sealed = "74752e8aeb5d873cd7c0f4acc36c4bff84b7d7b98f0ca8b6acda6894"
			 "bc619069ef9cbc28fe1b56a7c4e0d58c86cd2bc0",
	},};

static unsigned int esp_hex(u8 *to, const char *hex)
{
	unsigned int len = strlen(hex) / 2;

	WARN_ON(hex2bin(to, hex, len));
	return len;
}

static void esp_sa(struct kunit *test, struct ipsecx_sa *sa, const u8 *key,
		   unsigned int len)
{
	const struct ipsecx_transform_keys keys = { .encr = key,
						    .encr_len = len };
	const struct ipsecx_encr_algo *encr =
		ipsecx_encr_find(IPSECX_ENCR_AES_GCM_16);

	memset(sa, 0, sizeof(*sa));
	KUNIT_ASSERT_NOT_NULL(test, encr);
	KUNIT_ASSERT_TRUE(test, ipsecx_encr_key_len_ok(encr, len));
	ipsecx_transform_set(&sa->t, encr, NULL);
	sa->aead = ipsecx_transform_new(&sa->t, false, &keys);
	KUNIT_ASSERT_FALSE(test, IS_ERR(sa->aead));
}

static struct ipsecx_sa *esp_vector_sa(struct kunit *test,
				       const struct esp_vector *v)
{
	struct ipsecx_sa *sa = kunit_kzalloc(test, sizeof(*sa), GFP_KERNEL);
	u8 key[36];

	KUNIT_ASSERT_NOT_NULL(test, sa);
	esp_sa(test, sa, key, esp_hex(key, v->key));
	sa->spi = htonl(v->spi);
	sa->esn = v->esn;
	return sa;
}

/* ESP header, IV, and @payload, with room for an ICV. */
static struct sk_buff *esp_packet(struct kunit *test,
				  const struct esp_vector *v,
				  const char *payload)
{
	struct sk_buff *skb = alloc_skb(256, GFP_KERNEL);
	struct ipsecx_esp_hdr *esp;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	esp = skb_put(skb, sizeof(*esp));
	esp->spi = htonl(v->spi);
	esp->seq = htonl(lower_32_bits(v->seq));
	esp_hex(skb_put(skb, 8), v->iv);
	esp_hex(skb_put(skb, strlen(payload) / 2), payload);
	return skb;
}

static void esp_run(struct ipsecx_sa *sa, struct sk_buff *skb, u64 seq,
		    bool encrypt, unsigned int len)
{
	esp_sent = NULL;
	local_bh_disable();
	rcu_read_lock();
	ipsecx_request_run(sa, skb, seq, len, encrypt, esp_done);
	rcu_read_unlock();
	local_bh_enable();
}

static void esp_vector_seal(struct kunit *test, const struct esp_vector *v)
{
	struct ipsecx_sa *sa = esp_vector_sa(test, v);
	struct sk_buff *skb = esp_packet(test, v, v->plain);
	u8 want[128];

	skb_put(skb, 16);
	esp_run(sa, skb, v->seq, true, strlen(v->plain) / 2);
	KUNIT_EXPECT_EQ(test, esp_err, 0);
	KUNIT_ASSERT_EQ(test, skb->len - 16, esp_hex(want, v->sealed));
	KUNIT_EXPECT_MEMEQ(test, skb->data + 16, want, skb->len - 16);
	kfree_skb(skb);
	crypto_free_aead(sa->aead);
}

/* Open it, and once more with one bit of each byte of it wrong. */
static void esp_vector_open(struct kunit *test, const struct esp_vector *v)
{
	struct ipsecx_sa *sa = esp_vector_sa(test, v);
	unsigned int len = strlen(v->sealed) / 2, i;
	struct sk_buff *skb;
	u8 want[128];

	esp_hex(want, v->plain);
	for (i = 0; i <= 16 + len; i++) {
		skb = esp_packet(test, v, v->sealed);
		/* With ESN the SPI of the AAD is the SA's. */
		if (i < 16 + len && !(sa->esn && i < 8))
			skb->data[i] ^= 1 << i % 8;
		esp_run(sa, skb, v->seq, false, len);
		if (i < 16 + len && !(sa->esn && i < 8)) {
			KUNIT_EXPECT_EQ(test, esp_err, -EBADMSG);
		} else {
			KUNIT_EXPECT_EQ(test, esp_err, 0);
			KUNIT_EXPECT_MEMEQ(test, skb->data + 16, want,
					   len - 16);
		}
		kfree_skb(skb);
	}
	crypto_free_aead(sa->aead);
}

static void esp_published(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(esp_vectors); i++) {
		esp_vector_seal(test, &esp_vectors[i]);
		esp_vector_open(test, &esp_vectors[i]);
	}
}

/* A number whose high half is wrong. */
static void esp_wrong_esn(struct kunit *test)
{
	const struct esp_vector *v = &esp_vectors[0];
	struct ipsecx_sa *sa = esp_vector_sa(test, v);
	struct sk_buff *skb = esp_packet(test, v, v->sealed);

	esp_run(sa, skb, v->seq + (1ULL << 32), false, strlen(v->sealed) / 2);
	KUNIT_EXPECT_EQ(test, esp_err, -EBADMSG);
	kfree_skb(skb);
	crypto_free_aead(sa->aead);
}

/* What ipsecx_seal() makes of @len bytes: every field where it belongs. */
static void esp_layout(struct kunit *test, struct ipsecx_sa *sa,
		       unsigned int len, u64 seq)
{
	unsigned int sealed = ALIGN(len + 2, 4), i;
	struct sk_buff *skb = alloc_skb(512, GFP_KERNEL);
	u8 *p;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_reserve(skb, ipsecx_seal_headroom(sa));
	memset(skb_put(skb, len), 0x55, len);
	esp_sent = NULL;
	local_bh_disable();
	rcu_read_lock();
	ipsecx_seal(sa, skb, IPPROTO_IPIP, seq);
	rcu_read_unlock();
	local_bh_enable();
	KUNIT_ASSERT_PTR_EQ(test, esp_sent, skb);
	KUNIT_EXPECT_EQ(test, skb->len, 16 + sealed + 16);
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(skb->data), 0x1234);
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(skb->data + 4), (u32)seq);
	KUNIT_EXPECT_EQ(test, get_unaligned_be64(skb->data + 8), seq);
	esp_run(sa, skb, seq, false, sealed + 16);
	KUNIT_EXPECT_EQ(test, esp_err, 0);
	p = skb->data + 16;
	KUNIT_EXPECT_PTR_EQ(test, memchr_inv(p, 0x55, len), NULL);
	for (i = len; i < sealed - 2; i++)
		KUNIT_EXPECT_EQ(test, p[i], i - len + 1);
	KUNIT_EXPECT_EQ(test, p[sealed - 2], sealed - 2 - len);
	KUNIT_EXPECT_EQ(test, p[sealed - 1], IPPROTO_IPIP);
	kfree_skb(skb);
}

static void esp_layouts(struct kunit *test)
{
	struct ipsecx_sa *sa = kunit_kzalloc(test, sizeof(*sa), GFP_KERNEL);
	static const u8 key[28] = { 1, 2, 3 };
	unsigned int len;

	KUNIT_ASSERT_NOT_NULL(test, sa);
	esp_sa(test, sa, key, sizeof(key));
	sa->spi = htonl(0x1234);
	for (len = 0; len < 70; len++) {
		sa->esn = len % 2;
		esp_layout(test, sa, len, 1 + len);
		esp_layout(test, sa, len, U32_MAX);
		sa->esn = true;
		esp_layout(test, sa, len, (1ULL << 32) + len);
	}
	crypto_free_aead(sa->aead);
}

static void esp_key_lengths(struct kunit *test)
{
	const struct ipsecx_encr_algo *gcm, *null;
	size_t len;

	gcm = ipsecx_encr_find(IPSECX_ENCR_AES_GCM_16);
	null = ipsecx_encr_find(IPSECX_ENCR_NULL);
	for (len = 0; len < 300; len++) {
		KUNIT_EXPECT_EQ(test, ipsecx_encr_key_len_ok(gcm, len),
				len == 20 || len == 28 || len == 36);
		KUNIT_EXPECT_EQ(test, ipsecx_encr_key_len_ok(null, len), !len);
	}
	KUNIT_EXPECT_NULL(test, ipsecx_encr_find(0));
	KUNIT_EXPECT_NULL(test, ipsecx_integ_find(IPSECX_INTEG_NONE));
}

static int esp_init(struct kunit_suite *suite)
{
	return ipsecx_request_init();
}

static void esp_exit(struct kunit_suite *suite)
{
	ipsecx_request_exit();
}

static struct kunit_case esp_cases[] = {
	KUNIT_CASE(esp_published),
	KUNIT_CASE(esp_wrong_esn),
	KUNIT_CASE(esp_layouts),
	KUNIT_CASE(esp_key_lengths),
	{}
};

static struct kunit_suite esp_suite = {
	.name = "ipsecx-esp",
	.suite_init = esp_init,
	.suite_exit = esp_exit,
	.test_cases = esp_cases,
};

kunit_test_suite(esp_suite);
