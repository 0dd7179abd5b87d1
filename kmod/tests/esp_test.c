// SPDX-License-Identifier: GPL-2.0
/*
 * Published packets through seal.c, open.c and what is below them, and what
 * seal.c lays out, taken apart by hand. Only IVs are not the module's own.
 */

#include <kunit/test.h>
#include <linux/hex.h>
#include "../request.c"
#include "../transform.c"
#include "../trace.h"
#include "esp_vectors.h"

/* The tracepoints are the module's. */
#define trace_tx(...)
#define trace_rx(...)

/* What a vector wants for an IV, or NULL. */
static const u8 *esp_iv;

static void esp_iv_counter(u64 seq, void *to)
{
	if (esp_iv)
		memcpy(to, esp_iv, sizeof(seq));
	else
		put_unaligned_be64(seq, to);
}

static void esp_iv_random(void *to, size_t len)
{
	memcpy(to, esp_iv, len);
}

static struct sk_buff *esp_delivered;

static int esp_deliver(struct gro_cells *gro, struct sk_buff *skb)
{
	esp_delivered = skb;
	return NET_RX_SUCCESS;
}

#define put_unaligned_be64	esp_iv_counter
#define get_random_bytes	esp_iv_random
#include "../seal.c"
#undef put_unaligned_be64
#undef get_random_bytes
#define gro_cells_receive	esp_deliver
#include "../open.c"
#undef gro_cells_receive

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

void ipsecx_event_peer_moved(const struct ipsecx_sa *sa,
			     const struct sk_buff *packet,
			     const struct udphdr *uh)
{
}

void ipsecx_sa_count(struct ipsecx_sa *sa, unsigned int len)
{
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

/* An SA, and all around it that open.c and seal.c look at. */
struct esp_end {
	struct ipsecx_sa sa;
	struct ipsecx_policy policy;
	struct ipsecx_outer outer;
	struct ipsecx_selectors selectors;
	struct ipsecx_net xn;
};

static void esp_setup(struct net_device *dev)
{
}

static struct esp_end *esp_end(struct kunit *test)
{
	struct esp_end *end = kunit_kzalloc(test, sizeof(*end), GFP_KERNEL);
	struct net_device *dev;

	KUNIT_ASSERT_NOT_NULL(test, end);
	dev = alloc_netdev(sizeof(struct ipsecx_dev), "ipsec-test",
			   NET_NAME_USER, esp_setup);
	KUNIT_ASSERT_NOT_NULL(test, dev);
	dev->flags = IFF_UP;
	dev->tstats = netdev_alloc_pcpu_stats(struct pcpu_sw_netstats);
	KUNIT_ASSERT_NOT_NULL(test, dev->tstats);
	end->sa.idev = netdev_priv(dev);
	end->sa.idev->dev = dev;
	end->sa.idev->xn = &end->xn;
	end->xn.net = dev_net(dev);
	end->sa.policy = &end->policy;
	end->outer.family = AF_INET;
	end->selectors.any = true;
	rcu_assign_pointer(end->policy.outer, &end->outer);
	rcu_assign_pointer(end->policy.selectors, &end->selectors);
	KUNIT_ASSERT_EQ(test, 0, ipsecx_replay_init(&end->sa.replay, 64));
	return end;
}

static void esp_end_free(struct esp_end *end)
{
	struct net_device *dev = end->sa.idev->dev;

	crypto_free_aead(end->sa.aead);
	ipsecx_replay_fini(&end->sa.replay);
	free_percpu(dev->tstats);
	free_netdev(dev);
}

static unsigned int esp_hex(u8 *to, const char *hex)
{
	unsigned int len = strlen(hex) / 2;

	WARN_ON(hex2bin(to, hex, len));
	return len;
}

static void esp_key(struct kunit *test, struct ipsecx_sa *sa,
		    enum ipsecx_encr encr, enum ipsecx_integ integ,
		    const struct ipsecx_transform_keys *keys)
{
	const struct ipsecx_encr_algo *e = ipsecx_encr_find(encr);

	KUNIT_ASSERT_NOT_NULL(test, e);
	KUNIT_ASSERT_TRUE(test, ipsecx_encr_key_len_ok(e, keys->encr_len));
	sa->protocol = IPSECX_PROTOCOL_ESP;
	ipsecx_transform_set(&sa->t, e, ipsecx_integ_find(integ));
	sa->aead = ipsecx_transform_new(&sa->t, sa->esn, keys);
	KUNIT_ASSERT_FALSE(test, IS_ERR(sa->aead));
}

static struct esp_end *esp_vector_end(struct kunit *test,
				      const struct esp_vector *v)
{
	struct ipsecx_transform_keys keys;
	struct esp_end *end = esp_end(test);
	u8 key[36], integ_key[64];

	keys.encr = key;
	keys.encr_len = esp_hex(key, v->key);
	keys.integ = integ_key;
	keys.integ_len = v->integ ? esp_hex(integ_key, v->integ_key) : 0;
	end->sa.spi = htonl(v->spi);
	end->sa.esn = v->esn;
	esp_key(test, &end->sa, v->encr, v->integ, &keys);
	return end;
}

static struct sk_buff *esp_skb(struct kunit *test)
{
	struct sk_buff *skb = alloc_skb(512, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_reserve(skb, 128);
	return skb;
}

/* ESP header, IV, and data that needs no padding; with room for an ICV. */
static struct sk_buff *esp_bare(struct kunit *test, const struct esp_vector *v)
{
	struct sk_buff *skb = esp_skb(test);
	struct ipsecx_esp_hdr *esp = skb_put(skb, sizeof(*esp));

	esp->spi = htonl(v->spi);
	esp->seq = htonl(lower_32_bits(v->seq));
	esp_hex(skb_put(skb, strlen(v->iv) / 2), v->iv);
	esp_hex(skb_put(skb, strlen(v->plain) / 2), v->plain);
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

static void esp_seal(struct ipsecx_sa *sa, struct sk_buff *skb, u8 next,
		     u64 seq)
{
	esp_sent = NULL;
	esp_err = 0;
	local_bh_disable();
	rcu_read_lock();
	ipsecx_seal(sa, skb, next, seq);
	rcu_read_unlock();
	local_bh_enable();
}

/* Without its padding and its tail; returns the length. */
static unsigned int esp_payload(u8 *to, const struct esp_vector *v, u8 *next)
{
	unsigned int len = esp_hex(to, v->plain);

	*next = to[len - 1];
	return len - sizeof(struct ipsecx_esp_tail) - to[len - 2];
}

/* Sealed by the code under test, as it was published. */
static struct sk_buff *esp_vector_seal(struct kunit *test,
				       const struct esp_vector *v,
				       struct ipsecx_sa *sa)
{
	unsigned int hlen = 8 + strlen(v->iv) / 2, len = strlen(v->sealed) / 2;
	u8 iv[16], want[256], next;
	struct sk_buff *skb;

	esp_hex(iv, v->iv);
	esp_iv = iv;
	if (v->bare) {
		skb = esp_bare(test, v);
		skb_put(skb, sa->t.icv_len);
		esp_run(sa, skb, v->seq, true, strlen(v->plain) / 2);
	} else {
		skb = esp_skb(test);
		len = esp_payload(want, v, &next);
		skb_put_data(skb, want, len);
		esp_seal(sa, skb, next, v->seq);
		len = strlen(v->sealed) / 2;
	}
	esp_iv = NULL;
	KUNIT_EXPECT_EQ(test, esp_err, 0);
	KUNIT_ASSERT_PTR_EQ(test, esp_sent, skb);
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(skb->data), v->spi);
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(skb->data + 4), (u32)v->seq);
	KUNIT_EXPECT_MEMEQ(test, skb->data + 8, iv, hlen - 8);
	KUNIT_ASSERT_EQ(test, skb->len, hlen + strlen(v->plain) / 2 +
			sa->t.icv_len);
	KUNIT_ASSERT_GE(test, skb->len, hlen + len);
	esp_hex(want, v->sealed);
	KUNIT_EXPECT_MEMEQ(test, skb->data + hlen, want, len);
	return skb;
}

/* Decrypt a copy, and once more with one bit of each byte of it wrong. */
static void esp_vector_bits(struct kunit *test, const struct esp_vector *v,
			    struct ipsecx_sa *sa, const struct sk_buff *sealed)
{
	unsigned int hlen = 8 + strlen(v->iv) / 2, i;
	struct sk_buff *skb;
	bool wrong;
	u8 want[256];

	esp_hex(want, v->plain);
	for (i = 0; i <= sealed->len; i++) {
		skb = skb_copy(sealed, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, skb);
		/* With ESN the SPI and number of the AAD are the SA's. */
		wrong = i < sealed->len && !(sa->esn && i < 8);
		if (wrong)
			skb->data[i] ^= 1 << i % 8;
		esp_run(sa, skb, v->seq, false, skb->len - hlen);
		KUNIT_EXPECT_EQ(test, esp_err, wrong ? -EBADMSG : 0);
		if (!wrong)
			KUNIT_EXPECT_MEMEQ(test, skb->data + hlen, want,
					   strlen(v->plain) / 2);
		kfree_skb(skb);
	}
}

/*
 * Open it, and be delivered what is inside: a packet, or in transport mode
 * the outer header with it. A second time it is a replay.
 */
static void esp_vector_open(struct kunit *test, const struct esp_vector *v,
			    struct esp_end *end, const struct sk_buff *sealed)
{
	struct iphdr ip = { .version = 4, .ihl = 5, .ttl = 64,
			    .protocol = IPPROTO_ESP };
	unsigned int len, hlen = 0, i;
	struct sk_buff *skb;
	u8 want[256], next;

	len = esp_payload(want, v, &next);
	end->policy.mode = IPSECX_MODE_TUNNEL;
	if (next != IPPROTO_IPIP) {
		end->policy.mode = IPSECX_MODE_TRANSPORT;
		hlen = sizeof(ip);
	}
	for (i = 0; i < 2; i++) {
		skb = skb_copy(sealed, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, skb);
		memcpy(skb_push(skb, sizeof(ip)), &ip, sizeof(ip));
		skb_reset_network_header(skb);
		memset(skb->cb, 0, sizeof(skb->cb));
		ipsecx_cb(skb)->hlen = sizeof(ip);
		skb_pull(skb, sizeof(ip));
		esp_delivered = NULL;
		esp_err = 0;
		local_bh_disable();
		rcu_read_lock();
		ipsecx_open(&end->sa, skb, v->seq);
		rcu_read_unlock();
		local_bh_enable();
		if (i) {
			KUNIT_EXPECT_EQ(test, esp_err,
					IPSECX_DROP_REASON_REPLAY);
			KUNIT_EXPECT_NULL(test, esp_delivered);
			break;
		}
		KUNIT_EXPECT_EQ(test, esp_err, 0);
		KUNIT_ASSERT_PTR_EQ(test, esp_delivered, skb);
		KUNIT_ASSERT_EQ(test, skb->len, hlen + len);
		KUNIT_EXPECT_MEMEQ(test, skb->data + hlen, want, len);
		if (hlen)
			KUNIT_EXPECT_EQ(test, ip_hdr(skb)->protocol, next);
		kfree_skb(skb);
	}
}

static void esp_published(struct kunit *test)
{
	const struct esp_vector *v;
	struct sk_buff *sealed;
	struct esp_end *end;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(esp_vectors); i++) {
		v = &esp_vectors[i];
		end = esp_vector_end(test, v);
		sealed = esp_vector_seal(test, v, &end->sa);
		esp_vector_bits(test, v, &end->sa, sealed);
		if (!v->bare)
			esp_vector_open(test, v, end, sealed);
		kfree_skb(sealed);
		esp_end_free(end);
	}
}

/* What the crypto layer refuses, on the way out and on the way in. */
static void esp_crypto(struct kunit *test)
{
	struct esp_end *end = esp_vector_end(test, &esp_vectors[0]);

	esp_sent = NULL;
	esp_delivered = NULL;
	esp_err = 0;
	seal_done(&end->sa, esp_skb(test), 1, -ENOSPC);
	KUNIT_EXPECT_EQ(test, esp_err, IPSECX_DROP_REASON_CRYPTO);
	esp_err = 0;
	open_done(&end->sa, esp_skb(test), 1, -EIO);
	KUNIT_EXPECT_EQ(test, esp_err, IPSECX_DROP_REASON_CRYPTO);
	KUNIT_EXPECT_NULL(test, esp_sent);
	KUNIT_EXPECT_NULL(test, esp_delivered);
	esp_end_free(end);
}

/* A number whose high half is wrong. */
static void esp_wrong_esn(struct kunit *test)
{
	const struct esp_vector *v = &esp_vectors[0];
	struct esp_end *end = esp_vector_end(test, v);
	struct sk_buff *skb = esp_vector_seal(test, v, &end->sa);

	esp_run(&end->sa, skb, v->seq + (1ULL << 32), false, skb->len - 16);
	KUNIT_EXPECT_EQ(test, esp_err, -EBADMSG);
	kfree_skb(skb);
	esp_end_free(end);
}

/* What ipsecx_seal() makes of @len bytes: every field where it belongs. */
static void esp_layout(struct kunit *test, struct ipsecx_sa *sa,
		       unsigned int len, u64 seq)
{
	unsigned int sealed = ALIGN(len + 2, 4), i;
	struct sk_buff *skb = alloc_skb(512, GFP_KERNEL);
	u8 *p;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_reserve(skb, ipsecx_seal_headroom(sa, true));
	memset(skb_put(skb, len), 0x55, len);
	esp_seal(sa, skb, IPPROTO_IPIP, seq);
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
	static const u8 key[28] = { 1, 2, 3 };
	const struct ipsecx_transform_keys keys = { .encr = key,
						    .encr_len = sizeof(key) };
	struct esp_end *end = esp_end(test);
	struct ipsecx_sa *sa = &end->sa;
	unsigned int len;

	esp_key(test, sa, IPSECX_ENCR_AES_GCM_16, 0, &keys);
	sa->spi = htonl(0x1234);
	for (len = 0; len < 70; len++) {
		sa->esn = len % 2;
		esp_layout(test, sa, len, 1 + len);
		esp_layout(test, sa, len, U32_MAX);
		sa->esn = true;
		esp_layout(test, sa, len, (1ULL << 32) + len);
	}
	esp_end_free(end);
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
	KUNIT_CASE(esp_crypto),
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
