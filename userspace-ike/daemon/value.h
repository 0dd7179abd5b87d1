/* SPDX-License-Identifier: MIT */
/* Values of the configuration file: words to C. */
#ifndef DAEMON_VALUE_H
#define DAEMON_VALUE_H

#include "config.h"

/**
 * struct value_key - a key of a section
 * @name: as it is written; NULL ends a table
 * @read: reads one value; a list calls it for each
 * @to: offset of what it fills in the section's struct
 * @list: a list of values
 * @min: of a number
 * @max: of a number
 *
 * The functions return 0 or -EINVAL with the reason in @diag: the text says
 * what is wrong, the hint what would be right.
 */
struct value_key {
	const char *name;
	int (*read)(const struct value_key *key, const char *text, void *to,
		    struct ike_diag *diag);
	size_t to;
	bool list;
	uint32_t min;
	uint32_t max;
};

typedef int value_read(const struct value_key *key, const char *text, void *to,
		       struct ike_diag *diag);

value_read value_addr; /* union net_addr */
value_read value_addr_or_any; /* union net_addr, family 0 for "any" */
value_read value_listen; /* struct net_config */
value_read value_id; /* struct ike_id */
value_read value_psk; /* struct config_conn, psk and psk_len */
value_read value_psk_file; /* likewise */
value_read value_words; /* struct config_list */
value_read value_choice; /* enum config_choice */
value_read value_encap; /* bool */
value_read value_mode; /* bool transport */
value_read value_bool; /* bool */
value_read value_uint; /* uint32_t */
value_read value_port; /* uint16_t */
value_read value_ifname; /* char[IF_NAMESIZE] */
value_read value_end; /* bool, set */
value_read value_ts; /* struct ike_ts_list, appended */

/**
 * value_closest() - the word somebody may have meant
 * @word: what was written
 * @name: returns the i-th word there is, NULL after the last
 * @data: passed to @name
 *
 * Return: the word, NULL when none is near.
 */
const char *value_closest(const char *word,
			  const char *(*name)(unsigned int i, const void *data),
			  const void *data);

#endif
