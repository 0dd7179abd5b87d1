// SPDX-License-Identifier: GPL-2.0
/* Crypto requests: one per CPU, given away only when the answer comes later. */

#include <linux/local_lock.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include <linux/unaligned.h>
#include "drop.h"
#include "esp.h"
#include "packet.h"
#include "request.h"
#include "sa.h"

/**
 * struct request_cpu - a CPU's request
 * @lock: with PREEMPT_RT, BH off alone keeps nobody else from this CPU
 * @req: the request, NULL if memory was short
 */
struct request_cpu {
	local_lock_t lock;
	struct ipsecx_request *req;
};

static DEFINE_PER_CPU(struct request_cpu, request_cpu) = {
	.lock = INIT_LOCAL_LOCK(lock),
};

static struct ipsecx_request *request_alloc(gfp_t gfp)
{
	return kmalloc(sizeof(struct ipsecx_request) + IPSECX_REQUEST_CTX_MAX,
		       gfp);
}

void ipsecx_request_exit(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		kfree(per_cpu(request_cpu.req, cpu));
		per_cpu(request_cpu.req, cpu) = NULL;
	}
}

int ipsecx_request_init(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		struct ipsecx_request *req = request_alloc(GFP_KERNEL);

		if (!req) {
			ipsecx_request_exit();
			return -ENOMEM;
		}
		per_cpu(request_cpu.req, cpu) = req;
	}
	return 0;
}

/* Both sides have met: nobody else looks at @req any more. */
static void request_finish_async(struct ipsecx_request *req)
{
	struct ipsecx_sa *sa = req->sa;

	local_bh_disable();
	rcu_read_lock();
	/* IP output looks at a socket only where its xmit is on the stack. */
	skb_orphan(req->skb);
	req->done(sa, req->skb, req->seq, req->err);
	rcu_read_unlock();
	local_bh_enable();
	kfree(req);
	ipsecx_sa_put(sa);
}

static void request_complete(crypto_completion_arg *arg, int err)
{
	struct ipsecx_request *req = crypto_completion_data(arg);

	/* Only a backlogged request says so, and none asks for that. */
	if (err == -EINPROGRESS)
		return;
	req->err = err;
	if (atomic_xchg(&req->met, 1))
		request_finish_async(req);
}

/*
 * The crypto layer keeps @req. The SA is still published or within a grace
 * period of having been, so it has a reference to take one from. The answer
 * may have come already on another CPU, which then left the rest to us.
 */
static void request_detach(struct ipsecx_request *req)
{
	ipsecx_sa_hold(req->sa);
	if (atomic_xchg(&req->met, 1))
		request_finish_async(req);
}

/* This CPU's request, locked. */
static struct ipsecx_request *request_take(void)
{
	struct ipsecx_request *req;

	local_lock_nested_bh(&request_cpu.lock);
	req = this_cpu_read(request_cpu.req);
	if (likely(req))
		return req;
	req = request_alloc(GFP_ATOMIC);
	this_cpu_write(request_cpu.req, req);
	if (!req)
		local_unlock_nested_bh(&request_cpu.lock);
	return req;
}

/*
 * With ESN the AAD has the high half that the packet lacks, so it is its own
 * piece: SPI, high, low, IV. Without, the packet starts with it as it is; and
 * in AH any part of the packet will do.
 */
static unsigned int request_map(struct ipsecx_request *req, unsigned int len)
{
	const struct ipsecx_sa *sa = req->sa;
	u8 *data = req->skb->data;
	unsigned int hlen = sizeof(struct ipsecx_esp_hdr) + sa->t.iv_len;

	memcpy(req->iv, data + sizeof(struct ipsecx_esp_hdr), sa->t.iv_len);
	if (!sa->esn || ipsecx_sa_is_ah(sa)) {
		sg_init_one(&req->sg[0], data, hlen + len);
		return hlen;
	}
	*(__be32 *)req->aad = sa->spi;
	put_unaligned_be64(req->seq, req->aad + 4);
	memcpy(req->aad + 12, req->iv, sa->t.iv_len);
	sg_init_table(req->sg, 2);
	sg_set_buf(&req->sg[0], req->aad, 12 + sa->t.iv_len);
	sg_set_buf(&req->sg[1], data + hlen, len);
	return 12 + sa->t.iv_len;
}

static int request_crypt(struct ipsecx_request *req, bool encrypt,
			 unsigned int len)
{
	struct crypto_aead *aead = req->sa->aead;
	unsigned int icv = encrypt ? req->sa->t.icv_len : 0;

	aead_request_set_tfm(&req->aead, aead);
	aead_request_set_callback(&req->aead, 0, request_complete, req);
	aead_request_set_ad(&req->aead, request_map(req, len + icv));
	aead_request_set_crypt(&req->aead, req->sg, req->sg, len, req->iv);
	return encrypt ? crypto_aead_encrypt(&req->aead) :
			 crypto_aead_decrypt(&req->aead);
}

void ipsecx_request_run(struct ipsecx_sa *sa, struct sk_buff *skb, u64 seq,
			unsigned int len, bool encrypt, ipsecx_done_t done)
{
	struct ipsecx_request *req = request_take();
	int err;

	if (unlikely(!req)) {
		ipsecx_drop(sa->idev, sa, skb, IPSECX_DROP_REASON_NO_MEMORY);
		return;
	}
	req->sa = sa;
	req->skb = skb;
	req->seq = seq;
	req->done = done;
	atomic_set(&req->met, 0);
	err = request_crypt(req, encrypt, len);
	if (unlikely(err == -EINPROGRESS))
		this_cpu_write(request_cpu.req, request_alloc(GFP_ATOMIC));
	local_unlock_nested_bh(&request_cpu.lock);
	if (unlikely(err == -EINPROGRESS))
		request_detach(req);
	else
		done(sa, skb, seq, err);
}
