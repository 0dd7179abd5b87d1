/* SPDX-License-Identifier: MIT */
/* Output as JSON, with the names of uapi/ipsecx.yaml. */
#ifndef IPSECX_CLI_JSON_H
#define IPSECX_CLI_JSON_H

#include <jansson.h>

#include "cli.h"

/* what is there of an object, of @which; a flag is there in any case */
json_t *json_attrs(const struct ipsecx_attrs *attrs, const void *obj,
		   uint64_t which);
/* what an operation or event tells, with the device's name in front */
json_t *json_told(uint8_t cmd, const void *obj);
/* print a value on a line of its own, and free it; NULL: no memory for it */
int json_print(struct cli *cli, json_t *value);

#endif
