/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IPSECX_REQUEST_H
#define _IPSECX_REQUEST_H

#include <crypto/aead.h>
#include <linux/atomic.h>
#include <linux/scatterlist.h>
#include <linux/skbuff.h>

struct ipsecx_sa;

/* What a driver may want behind its request; checked when an SA is made. */
#define IPSECX_REQUEST_CTX_MAX	1536
/* SPI, both halves of the sequence number, IV. */
#define IPSECX_REQUEST_AAD_MAX	(12 + 16)

/*
 * What follows the crypto, at once or later: the same function for both.
 * BH off, RCU. Consumes @skb. @err is 0 or what the crypto layer said.
 */
typedef void (*ipsecx_done_t)(struct ipsecx_sa *sa, struct sk_buff *skb,
			      u64 seq, int err);

/**
 * struct ipsecx_request - one packet in the crypto layer
 * @sa: its SA; referenced only once the request went asynchronous
 * @skb: the packet
 * @seq: its sequence number
 * @done: continuation
 * @err: asynchronous result, valid when both sides have met
 * @met: submitter and completion of an asynchronous request race; each sets
 *	it, and the second to come finishes the packet
 * @sg: AAD (with ESN) and packet
 * @iv: nonce as the algorithm wants it
 * @aad: additional authenticated data with ESN
 * @aead: the kernel's request; the driver's context follows it
 *
 * Each CPU has one, used with BH off and never across a call that leaves the
 * module, so nested tunnels may use it again. A request that goes
 * asynchronous takes it along, and the CPU gets a fresh one.
 */
struct ipsecx_request {
	struct ipsecx_sa *sa;
	struct sk_buff *skb;
	u64 seq;
	ipsecx_done_t done;
	int err;
	atomic_t met;
	struct scatterlist sg[2];
	u8 iv[16] __aligned(8);
	u8 aad[IPSECX_REQUEST_AAD_MAX] __aligned(8);
	struct aead_request aead CRYPTO_MINALIGN_ATTR;
};

/*
 * Encrypt or decrypt @len bytes of @skb (with the ICV when decrypting) that
 * start behind the ESP header at skb->data and the IV, then @done. Without
 * memory for it the packet is dropped. RCU, BH off.
 */
void ipsecx_request_run(struct ipsecx_sa *sa, struct sk_buff *skb, u64 seq,
			unsigned int len, bool encrypt, ipsecx_done_t done);

#endif /* _IPSECX_REQUEST_H */
