// SPDX-License-Identifier: GPL-2.0
/*
 * A crypto driver that answers when a test wants it to, where real ones answer
 * when they please: around a synchronous one that does the work.
 */

#include <crypto/internal/aead.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/spinlock.h>
#include "later.h"

/**
 * struct later_request - a request that waits
 * @entry: in later_queue
 * @req: it
 * @encrypt: what it wants
 * @sub: for the one who does it
 */
struct later_request {
	struct list_head entry;
	struct aead_request *req;
	bool encrypt;
	struct aead_request sub;
};

static DEFINE_SPINLOCK(later_lock);
static LIST_HEAD(later_queue);
static enum later_mode later_mode;

static struct crypto_aead *later_child(struct crypto_aead *tfm)
{
	return *(struct crypto_aead **)crypto_aead_ctx(tfm);
}

static int later_init(struct crypto_aead *tfm)
{
	struct crypto_aead **child = crypto_aead_ctx(tfm);

	*child = crypto_alloc_aead("rfc4106(gcm(aes))", 0, CRYPTO_ALG_ASYNC);
	if (IS_ERR(*child))
		return PTR_ERR(*child);
	crypto_aead_set_reqsize(tfm, sizeof(struct later_request) +
				crypto_aead_reqsize(*child));
	return 0;
}

static void later_exit(struct crypto_aead *tfm)
{
	crypto_free_aead(later_child(tfm));
}

static int later_setkey(struct crypto_aead *tfm, const u8 *key,
			unsigned int len)
{
	return crypto_aead_setkey(later_child(tfm), key, len);
}

static int later_setauthsize(struct crypto_aead *tfm, unsigned int size)
{
	return crypto_aead_setauthsize(later_child(tfm), size);
}

static int later_work(struct later_request *later)
{
	struct aead_request *req = later->req, *sub = &later->sub;

	aead_request_set_tfm(sub, later_child(crypto_aead_reqtfm(req)));
	aead_request_set_callback(sub, 0, NULL, NULL);
	aead_request_set_ad(sub, req->assoclen);
	aead_request_set_crypt(sub, req->src, req->dst, req->cryptlen,
			       req->iv);
	return later->encrypt ? crypto_aead_encrypt(sub) :
				crypto_aead_decrypt(sub);
}

static int later_take(struct aead_request *req, bool encrypt)
{
	struct later_request *later = aead_request_ctx(req);

	later->req = req;
	later->encrypt = encrypt;
	switch (later_mode) {
	case LATER_NOW:
		return later_work(later);
	case LATER_REFUSED:
		return -EBUSY;
	case LATER_SOON:
		aead_request_complete(req, later_work(later));
		return -EINPROGRESS;
	default:
		spin_lock_bh(&later_lock);
		list_add_tail(&later->entry, &later_queue);
		spin_unlock_bh(&later_lock);
		return -EINPROGRESS;
	}
}

static int later_encrypt(struct aead_request *req)
{
	return later_take(req, true);
}

static int later_decrypt(struct aead_request *req)
{
	return later_take(req, false);
}

static struct aead_alg later_alg = {
	.init = later_init,
	.exit = later_exit,
	.setkey = later_setkey,
	.setauthsize = later_setauthsize,
	.encrypt = later_encrypt,
	.decrypt = later_decrypt,
	.ivsize = 8,
	.maxauthsize = 16,
	.base = {
		.cra_name = "rfc4106(gcm(aes))",
		.cra_driver_name = "rfc4106-gcm-aes-later",
		.cra_priority = 20000,
		.cra_flags = CRYPTO_ALG_ASYNC,
		.cra_blocksize = 1,
		.cra_ctxsize = sizeof(struct crypto_aead *),
		.cra_module = THIS_MODULE,
	},
};

int later_register(void)
{
	later_mode = LATER_HELD;
	return crypto_register_aead(&later_alg);
}

void later_unregister(void)
{
	crypto_unregister_aead(&later_alg);
}

void later_set(enum later_mode mode)
{
	later_mode = mode;
}

unsigned int later_waiting(void)
{
	unsigned int n;

	spin_lock_bh(&later_lock);
	n = list_count_nodes(&later_queue);
	spin_unlock_bh(&later_lock);
	return n;
}

static struct later_request *later_pop(bool backwards)
{
	struct later_request *later = NULL;

	spin_lock_bh(&later_lock);
	if (!list_empty(&later_queue)) {
		later = backwards ?
			list_last_entry(&later_queue, struct later_request,
					entry) :
			list_first_entry(&later_queue, struct later_request,
					 entry);
		list_del(&later->entry);
	}
	spin_unlock_bh(&later_lock);
	return later;
}

void later_answer(int err, bool backwards)
{
	struct later_request *later;

	while ((later = later_pop(backwards))) {
		local_bh_disable();
		aead_request_complete(later->req, err ?: later_work(later));
		local_bh_enable();
	}
}
