/* SPDX-License-Identifier: MIT */
/* What the tests of core/ share. */
#ifndef IKE_TESTS_HELPER_H
#define IKE_TESTS_HELPER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* after those four */
#include <cmocka.h>

#include "crypto.h"
#include "diag.h"
#include "wire.h"

/* hex to octets, in a buffer of static storage: @slot 0 to 7 */
struct ike_span unhex(unsigned int slot, const char *hex);

/* a generator that gives the octets of a seed over and over */
struct ike_rng counting_rng(uint8_t *state);
struct ike_rng fixed_rng(struct ike_span *octets);

/* a small random number below @limit, from a state that is not 0 */
uint32_t dice(uint64_t *state, uint32_t limit);

#define assert_span(span, hex)						\
	do {								\
		struct ike_span have_ = (span);				\
		struct ike_span want_ = unhex(7, hex);			\
									\
		assert_int_equal(have_.len, want_.len);			\
		assert_memory_equal(have_.p, want_.p, want_.len);	\
	} while (0)

#endif
