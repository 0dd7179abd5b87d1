/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IPSECX_TESTS_LATER_H
#define _IPSECX_TESTS_LATER_H

#include <linux/types.h>

/**
 * enum later_mode - when the driver answers a request
 * @LATER_HELD: when later_answer() says so
 * @LATER_SOON: before the one who asks has been told that it will be later
 * @LATER_NOW: at once, like any driver that is not asynchronous
 * @LATER_REFUSED: it has no room for the request
 */
enum later_mode {
	LATER_HELD,
	LATER_SOON,
	LATER_NOW,
	LATER_REFUSED,
};

/*
 * A driver of rfc4106(gcm(aes)) that wins over all others as long as it is
 * there. SAs made meanwhile have it.
 */
int later_register(void);
void later_unregister(void);
/* For requests to come. */
void later_set(enum later_mode mode);
/* How many requests wait for an answer. */
unsigned int later_waiting(void);
/*
 * Answer them all, the last first if @backwards: with @err, or with what the
 * crypto gives if it is 0. From any context.
 */
void later_answer(int err, bool backwards);

#endif /* _IPSECX_TESTS_LATER_H */
