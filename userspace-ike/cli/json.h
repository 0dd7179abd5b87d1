/* SPDX-License-Identifier: MIT */
/* Output as JSON, with the names of uapi/ipsecx.yaml. */
#ifndef IPSECX_CLI_JSON_H
#define IPSECX_CLI_JSON_H

#include <jansson.h>

#include "cli.h"
#include "field.h"

/**
 * json_fields() - a struct as an object
 * @fields: what the struct is
 * @obj: struct; what is not present is left out
 *
 * Return: the object, or NULL without memory.
 */
json_t *json_fields(const struct ipsecx_fields *fields, const void *obj);

/**
 * json_named() - likewise, with the device's name in front
 * @fields: what the struct is
 * @obj: struct
 * @ifindex: of the device
 *
 * Return: the object, or NULL without memory.
 */
json_t *json_named(const struct ipsecx_fields *fields, const void *obj,
		   uint32_t ifindex);

/**
 * json_print() - print a value on a line of its own, and free it
 * @cli: run
 * @value: value, or NULL without memory
 *
 * Return: exit code
 */
int json_print(struct cli *cli, json_t *value);

/**
 * json_print_id() - tell the id of what was added, as JSON only if asked to
 * @cli: run
 * @id: id
 *
 * Return: exit code
 */
int json_print_id(struct cli *cli, uint32_t id);

#endif
