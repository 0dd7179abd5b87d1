/* SPDX-License-Identifier: MIT */
/*
 * As much of a kernel as the module's pure parts need to be compiled and run in
 * userspace: one thread, no locks, memory from malloc(), so that the sanitizers
 * see every byte. What only has to be there is empty.
 */
#ifndef FUZZ_SHIM_H
#define FUZZ_SHIM_H

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef uint8_t u8, __u8;
typedef uint16_t u16, __be16, __sum16, __u16;
typedef uint32_t u32, __be32, __u32;
typedef uint64_t u64, __u64;
typedef int32_t s32;
typedef int64_t s64, time64_t;
typedef unsigned int gfp_t;

#define U16_MAX		UINT16_MAX
#define U32_MAX		UINT32_MAX
#define U64_MAX		UINT64_MAX
#define BIT(n)		(1UL << (n))
#define BIT_ULL(n)	(1ULL << (n))
#define HZ		100
#define GFP_KERNEL	0
#define jiffies		0UL

#define __percpu
#undef __counted_by
#define __counted_by(n)
#define __rcu
#define __aligned(n)	__attribute__((aligned(n)))
#define ____cacheline_aligned_in_smp
#define CRYPTO_MINALIGN_ATTR
#define likely(x)	(x)
#define unlikely(x)	(x)
#define BUILD_BUG_ON(x)	_Static_assert(!(x), #x)
#define READ_ONCE(x)	(x)
#define WRITE_ONCE(x, v)	((x) = (v))
#define min(a, b)	((a) < (b) ? (a) : (b))
#define max(a, b)	((a) > (b) ? (a) : (b))
#define min_t(t, a, b)	min((t)(a), (t)(b))
#define upper_32_bits(n)	((u32)((n) >> 32))
#define lower_32_bits(n)	((u32)(n))
#define round_up(n, to)	((((n) - 1) | ((to) - 1)) + 1)
#define container_of(p, type, member) \
	((type *)((char *)(p) - offsetof(type, member)))
#define struct_size(p, member, n) \
	(sizeof(*(p)) + sizeof(*(p)->member) * (n))

static inline u32 roundup_pow_of_two(u32 n)
{
	u32 power = 1;

	while (power < n)
		power <<= 1;
	return power;
}

/* memory */
#define kzalloc(size, gfp)	calloc(1, size)
#define kcalloc(n, size, gfp)	calloc(n, size)
#define kfree(p)		free(p)
#define kfree_rcu(p, member)	free(p)
#define free_percpu(p)		free(p)
#define this_cpu_ptr(p)		(p)
#define netdev_alloc_pcpu_stats(type)	calloc(1, sizeof(type))

#define IS_ERR(p)		((uintptr_t)(p) > (uintptr_t)-4096)
#define IS_ERR_OR_NULL(p)	(!(p) || IS_ERR(p))
#define PTR_ERR(p)		((long)(intptr_t)(p))
#define ERR_PTR(err)		((void *)(intptr_t)(err))
#define PTR_ERR_OR_ZERO(p)	(IS_ERR(p) ? (int)PTR_ERR(p) : 0)

/* what nobody contends for */
typedef struct { int taken; } spinlock_t;
struct mutex { int taken; };
#define spin_lock_init(lock)		((lock)->taken = 0)
#define spin_lock(lock)			((lock)->taken++)
#define spin_unlock(lock)		((lock)->taken--)
#define lockdep_assert_held(lock)	((void)(lock))
#define rcu_dereference(p)		(p)
#define rcu_access_pointer(p)		(p)
#define rcu_assign_pointer(p, v)	((p) = (v))
#define RCU_INIT_POINTER(p, v)		((p) = (v))
#define synchronize_rcu()		((void)0)
struct rcu_head { int none; };

typedef struct { int counter; } atomic_t;
typedef struct { s64 counter; } atomic64_t;
#define atomic64_read(v)		((v)->counter)

/* Every other time somebody else is faster, but gets nothing done. */
static inline bool atomic64_try_cmpxchg(atomic64_t *v, s64 *old, s64 new)
{
	static bool lose;

	lose = !lose;
	if (lose || v->counter != *old) {
		*old = v->counter;
		return false;
	}
	v->counter = new;
	return true;
}

struct kref { int n; };
#define kref_init(k)		((k)->n = 1)
#define kref_get(k)		((k)->n++)
#define kref_put(k, release)	(--(k)->n ? 0 : (release(k), 1))

/* lists */
struct list_head { struct list_head *next, *prev; };

static inline void INIT_LIST_HEAD(struct list_head *list)
{
	list->next = list->prev = list;
}

static inline void list_add_tail(struct list_head *new, struct list_head *list)
{
	new->next = list;
	new->prev = list->prev;
	list->prev->next = new;
	list->prev = new;
}

static inline void list_del(struct list_head *entry)
{
	entry->prev->next = entry->next;
	entry->next->prev = entry->prev;
	entry->next = entry->prev = NULL;
}

#define list_add_tail_rcu	list_add_tail
#define list_del_rcu		list_del
#define list_for_each_entry(pos, head, member)				\
	for (pos = container_of((head)->next, __typeof__(*pos), member);	\
	     &pos->member != (head);					\
	     pos = container_of(pos->member.next, __typeof__(*pos), member))
#define list_for_each_entry_rcu	list_for_each_entry

/*
 * A hash table is the list of what is in it. The result of a lookup lasts until
 * the next one.
 */
struct rhashtable_params {
	size_t key_len, key_offset, head_offset;
	bool automatic_shrinking;
};
struct rhash_head { int none; };
struct rhashtable { int none; };
struct rhlist_head { struct rhlist_head *next, *all; };
struct rhltable { struct rhlist_head *all; };

static inline int rhltable_init(struct rhltable *t,
				const struct rhashtable_params *params)
{
	t->all = NULL;
	return 0;
}

static inline void rhltable_destroy(struct rhltable *t)
{
}

static inline int rhltable_insert(struct rhltable *t, struct rhlist_head *node,
				  struct rhashtable_params params)
{
	node->all = t->all;
	t->all = node;
	return 0;
}

static inline void rhltable_remove(struct rhltable *t, struct rhlist_head *node,
				   struct rhashtable_params params)
{
	struct rhlist_head **at = &t->all;

	while (*at != node)
		at = &(*at)->all;
	*at = node->all;
}

static inline struct rhlist_head *
rhltable_lookup(struct rhltable *t, const void *key,
		struct rhashtable_params params)
{
	struct rhlist_head *node, *found = NULL;

	for (node = t->all; node; node = node->all) {
		const char *obj = (const char *)node - params.head_offset;

		if (memcmp(obj + params.key_offset, key, params.key_len))
			continue;
		node->next = found;
		found = node;
	}
	return found;
}

#define rhl_for_each_entry_rcu(entry, pos, list, member)		\
	for (pos = list; pos && (entry = container_of(pos,		\
		__typeof__(*entry), member)); pos = pos->next)

static inline void *rhashtable_lookup(struct rhashtable *t, const void *key,
				      struct rhashtable_params params)
{
	return NULL;
}

#define rhashtable_lookup_insert_fast(table, node, params)	0
#define rhashtable_remove_fast(table, node, params)		0

/* what is only to be there */
struct xarray { int none; };
struct workqueue_struct { int none; };
struct work_struct { int none; };
struct delayed_work { struct work_struct work; };
struct rcu_work { struct work_struct work; };
struct u64_stats_sync { int none; };
struct percpu_counter { s64 count; };
struct crypto_aead { int none; };
struct aead_request { int none; };
struct scatterlist { int none; };
struct dst_cache { int none; };
struct gro_cells { int none; };
struct net { int none; };
struct netlink_ext_ack { int none; };
typedef struct { u64 v; } u64_stats_t;
typedef struct { int none; } netdevice_tracker;
typedef int netdev_tx_t;

#define alloc_workqueue(name, ...)	calloc(1, 1)
#define destroy_workqueue(wq)		free(wq)
#define queue_work(wq, work)		((void)(work), true)
#define queue_rcu_work(wq, work)	((void)(work))
#define to_rcu_work(w)			container_of(w, struct rcu_work, work)
#define INIT_WORK(w, fn)		((void)(fn))
#define INIT_RCU_WORK(w, fn)		((void)(fn))
#define crypto_free_aead(aead)		free(aead)
#define netdev_hold(dev, tracker, gfp)	((void)(dev))
#define netdev_put(dev, tracker)	((void)(dev), (void)(tracker))
#define xa_alloc_cyclic(xa, id, entry, limit, next, gfp)	0
#define xa_erase(xa, id)		((void)(id))
#define u64_stats_update_begin(s)	((void)(s))
#define u64_stats_update_end(s)		((void)(s))
#define u64_stats_inc(s)		((s)->v++)
#define u64_stats_add(s, n)		((s)->v += (n))
#define time_before(a, b)		((long)((a) - (b)) < 0)
/* kmod/trace.h is for tracers. */
#define _IPSECX_TRACE_H
#define trace_rx(...)			((void)0)

struct sk_buff;

struct net_device {
	const char *name;
	unsigned int flags;
};

/* Where a packet ends that is delivered; the harness has it. */
void fuzz_gro(struct sk_buff *skb);

#define IFF_UP			1
#define gro_cells_receive(gro, skb)	fuzz_gro(skb)
#define dev_net(dev)		((struct net *)NULL)
#define net_eq(a, b)		((a) == (b))
#define dev_sw_netstats_rx_add(dev, len)	((void)(dev))

/* packets */
#include "packets.h"

#endif
