/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IPSECX_REPLAY_H
#define _IPSECX_REPLAY_H

#include <linux/spinlock.h>
#include <linux/types.h>

#define IPSECX_REPLAY_WINDOW_DEFAULT	1024
#define IPSECX_REPLAY_WINDOW_MAX	8192

enum ipsecx_replay_verdict {
	IPSECX_REPLAY_OK,
	IPSECX_REPLAY_SEEN,
	IPSECX_REPLAY_OLD,
};

/**
 * struct ipsecx_replay - anti-replay window (RFC 4303 section 3.4.3)
 * @lock: guards @top and @bits against other receivers of the same SA; held
 *	for a few instructions after the ICV has been found good
 * @top: highest sequence number accepted, all 64 bits of it with ESN; 0 if
 *	none was. Read without the lock to infer the high half (appendix A2)
 *	and to turn away replays before decryption
 * @window: in packets, a multiple of 64; 0 switches the check off.
 *	Immutable
 * @mask: words in @bits less one; immutable
 * @bits: ring of words (RFC 6479), one more than the window needs, a power
 *	of two; bit n % 64 of word (n / 64) & @mask tells that n was seen
 */
struct ipsecx_replay {
	spinlock_t lock;	/* top, bits */
	u64 top;
	u32 window;
	u32 mask;
	u64 *bits;
};

/* @window is rounded up. Returns 0 or -ENOMEM. */
int ipsecx_replay_init(struct ipsecx_replay *r, u32 window);
void ipsecx_replay_fini(struct ipsecx_replay *r);

/* RFC 4303 appendix A2.2: the 64 bit number that @low most likely stands for. */
u64 ipsecx_replay_esn(const struct ipsecx_replay *r, u32 low);
/* Before decryption, without the lock: a hint that saves work. */
enum ipsecx_replay_verdict ipsecx_replay_check(const struct ipsecx_replay *r,
					       u64 seq);
/* After the ICV was good: the decision, and the window moves. BH off. */
enum ipsecx_replay_verdict ipsecx_replay_update(struct ipsecx_replay *r,
						u64 seq);

#endif /* _IPSECX_REPLAY_H */
