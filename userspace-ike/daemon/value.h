/* SPDX-License-Identifier: MIT */
/* Values of the configuration file: words to C. */
#ifndef DAEMON_VALUE_H
#define DAEMON_VALUE_H

#include "config.h"

#define VALUE_WORDS_MAX 3

/**
 * struct value_key - a key of a section
 * @name: as it is written; NULL ends a table
 * @read: reads one value, of a list each; 0, or -EINVAL with the reason in
 *	@diag: the text says what is wrong, the hint what would be right
 * @to: offset of what it fills in the section's struct
 * @size: bytes of that
 * @list: a list of values
 * @min: of a number
 * @max: of a number
 * @words: those it may be, which stand for 0, 1, ...
 * @right: what would be right
 */
struct value_key {
	const char *name;
	int (*read)(const struct value_key *key, const char *text, void *to,
		    struct ike_diag *diag);
	size_t to;
	size_t size;
	bool list;
	uint32_t min;
	uint32_t max;
	const char *words[VALUE_WORDS_MAX];
	const char *right;
};

typedef int value_read(const struct value_key *key, const char *text, void *to,
		       struct ike_diag *diag);

value_read value_word; /* an unsigned integer: the index of one of @words */
value_read value_number; /* an unsigned integer */
value_read value_addr; /* struct ike_addr; one of @words is len 0 */
value_read value_listen; /* struct net_config */
value_read value_id; /* struct ike_id */
value_read value_psk; /* struct ike_conn, psk and psk_len */
value_read value_psk_file; /* likewise */
value_read value_proposals; /* struct ike_proposals, appended; @min: of what */
value_read value_ifname; /* char[IF_NAMESIZE] */
value_read value_ts; /* struct ike_ts_list, appended */

/*
 * The word somebody may have meant, NULL when none is near. @name returns the
 * i-th word there is, NULL after the last.
 */
const char *value_closest(const char *word,
			  const char *(*name)(unsigned int i, const void *data),
			  const void *data);

#endif
