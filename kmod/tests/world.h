/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IPSECX_TESTS_WORLD_H
#define _IPSECX_TESTS_WORLD_H

#include <crypto/aead.h>
#include <kunit/test.h>
#include <linux/skbuff.h>
#include "../sa.h"

/* Where a world's outer packets come from and go to. */
#define WORLD_LOCAL4	0xc0000201	/* 192.0.2.1 */
#define WORLD_REMOTE4	0xc0000202
#define WORLD_PORT	4500
#define WORLD_SPI_OUT	0x1001
#define WORLD_SPI_IN	0x1002
/* No packet of a world is longer. */
#define WORLD_MAX	65535

/**
 * struct world_kind - what a world's policy and SAs are like
 * @transport: transport mode, else tunnel
 * @v6: of the outer header
 * @udp: ESP in UDP
 * @esn: 64 bit sequence numbers
 */
struct world_kind {
	bool transport;
	bool v6;
	bool udp;
	bool esn;
};

extern const struct world_kind world_kinds[];
extern const unsigned int world_kinds_n;

/**
 * struct world - an ipsecx device of the module under test, made by netlink
 *	as any tool would, over a dummy device
 * @kind: see there
 * @genl: netlink socket of the family
 * @rtnl: netlink socket for links
 * @family: number of the family
 * @seq: of netlink messages
 * @under: the dummy
 * @dev: the ipsecx device; NULL once it is gone
 * @idev: its private part
 * @hooked: its packets are taken
 * @policy: id of the policy
 * @out: the outbound SA; a pointer to its insides, for its numbers
 * @in: the inbound SA
 * @sock4500: with @kind.udp: the socket that takes ESP in UDP
 * @sent: what left for @under, taken where the stack would send it
 * @got: what @dev received
 * @oracle: encrypts what is expected: the kernel's AES-GCM, called from here
 * @req: for @oracle
 * @aad: likewise
 */
struct world {
	struct world_kind kind;
	struct socket *genl;
	struct socket *rtnl;
	u16 family;
	u32 seq;
	struct net_device *under;
	struct net_device *dev;
	struct ipsecx_dev *idev;
	bool hooked;
	u32 policy;
	struct ipsecx_sa *out;
	struct ipsecx_sa *in;
	struct socket *sock4500;
	struct sk_buff_head sent;
	struct sk_buff_head got;
	struct crypto_aead *oracle;
	struct aead_request *req;
	u8 *aad;
};

/* The one world there is, or NULL. All of it in process context. */
struct world *world_new(struct kunit *test, const struct world_kind *kind);
void world_free(struct world *w);

/* Commands; 0 or the error that the kernel answered with. */
int world_policy_new(struct world *w);
int world_policy_set(struct world *w);
int world_policy_del(struct world *w);
int world_sa_new(struct world *w, bool out);
int world_sa_del(struct world *w, const struct ipsecx_sa *sa);
int world_link_new(struct world *w);
int world_link_del(struct world *w);
/* SA of the device by SPI, or NULL. */
struct ipsecx_sa *world_sa(struct world *w, u32 spi);
/* Let what is deferred happen: RCU callbacks, work queues. */
void world_settle(void);

/* Hand @skb to the ipsecx device, at its door or the core's. */
void world_send(struct world *w, struct sk_buff *skb, bool core);
/* Hand @skb to the stack as if it had come from the dummy. */
void world_receive(struct world *w, struct sk_buff *skb);
/* The number that is used next, in both directions; forgets replays. */
void world_set_seq(struct world *w, u64 next);
/*
 * What @seq and the @len bytes of the clear packet at @pkt become, outer header
 * and all. @in is for the packets that come. @to has WORLD_MAX bytes, or the
 * result is 0. The identification of an IPv4 header is left 0.
 */
unsigned int world_seal(struct world *w, const u8 *pkt, unsigned int len,
			u64 seq, bool in, u8 *to);
/*
 * Is @skb, taken from @w->sent, what world_seal() said? Text if not. @want gets
 * the identification that the stack chose.
 */
const char *world_same(struct world *w, struct sk_buff *skb, u8 *want,
		       unsigned int len);
/* Drops of the device, for one reason and for all. */
u64 world_drops(struct world *w, enum ipsecx_drop_reason reason);
u64 world_drops_all(struct world *w);

#endif /* _IPSECX_TESTS_WORLD_H */
