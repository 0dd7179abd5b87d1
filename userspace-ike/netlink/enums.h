/* SPDX-License-Identifier: MIT */
/* The names that uapi/ipsecx.yaml gives to numbers. */
#ifndef IPSECX_NL_ENUMS_H
#define IPSECX_NL_ENUMS_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct ipsecx_names - an enum of the contract
 * @first: number of the first name
 * @n: how many names
 * @name: the names; NULL for a number without one
 */
struct ipsecx_names {
	uint32_t first;
	uint32_t n;
	const char *const *name;
};

extern const struct ipsecx_names ipsecx_mode_names;
extern const struct ipsecx_names ipsecx_encap_names;
extern const struct ipsecx_names ipsecx_direction_names;
extern const struct ipsecx_names ipsecx_df_names;
extern const struct ipsecx_names ipsecx_encr_names;
extern const struct ipsecx_names ipsecx_integ_names;
extern const struct ipsecx_names ipsecx_drop_names;
extern const struct ipsecx_names ipsecx_expire_names;
extern const struct ipsecx_names ipsecx_cause_names;
extern const struct ipsecx_names ipsecx_delete_names;

/**
 * ipsecx_name() - the name of a number
 * @names: of which enum
 * @value: the number
 *
 * Return: the name, or NULL for a number that only newer kernels know.
 */
const char *ipsecx_name(const struct ipsecx_names *names, uint32_t value);

/**
 * ipsecx_name_find() - the number of a name
 * @names: of which enum
 * @name: to look for
 * @value: set when it is found
 *
 * Return: whether it is found.
 */
bool ipsecx_name_find(const struct ipsecx_names *names, const char *name,
		      uint32_t *value);

#endif
