// SPDX-License-Identifier: MIT
/* Output as JSON, with the names of uapi/ipsecx.yaml. */
#include "address.h"
#include "json.h"
#include "text.h"

/* A number that has a name is a string; a newer kernel's stays a number. */
static json_t *json_number(const struct ipsecx_field *f, uint64_t number)
{
	const char *name = f->names ? ipsecx_name(f->names, number) : NULL;

	return name ? json_string(name) : json_integer((json_int_t)number);
}

static json_t *json_list(const struct ipsecx_field *f, const void *at,
			 unsigned int n)
{
	const uint16_t *number = at;
	json_t *list = json_array();
	unsigned int i;

	for (i = 0; i < n; i++)
		json_array_append_new(
			list, f->nest ? json_attrs(f->nest,
						   (const char *)at +
							   i * f->nest->size,
						   ~UINT64_C(0)) :
					json_integer(number[i]));
	return list;
}

/* String from outside: what is not UTF-8 becomes null, not an error. */
static json_t *json_text(const char *text)
{
	json_t *value = json_string(text);

	return value ? value : json_null();
}

static json_t *json_field(const struct ipsecx_field *f, const void *obj)
{
	const void *at = (const char *)obj + f->at;

	switch (f->kind) {
	case IPSECX_FLAG:
		return json_boolean(*(const bool *)at);
	case IPSECX_STRING:
		return json_text(at);
	case IPSECX_ADDR:
		return json_string(address_text(at));
	case IPSECX_SPI:
		return json_sprintf("0x%08x", *(const uint32_t *)at);
	case IPSECX_U16S:
	case IPSECX_NESTS:
		return json_list(f, at, ipsecx_field_count(f, obj));
	default:
		return json_number(f, ipsecx_field_number(f, obj));
	}
}

json_t *json_attrs(const struct ipsecx_attrs *attrs, const void *obj,
		   uint64_t which)
{
	const struct ipsecx_field *f;
	json_t *value = json_object();

	for (f = attrs->field; f < attrs->field + attrs->n; f++)
		if (which >> f->attr & 1 && f->kind != IPSECX_BYTES &&
		    (f->kind == IPSECX_FLAG || ipsecx_field_is_there(f, obj)))
			json_object_set_new(value, f->name, json_field(f, obj));
	return value;
}

json_t *json_told(uint8_t cmd, const void *obj)
{
	const struct ipsecx_op *op = &ipsecx_ops[cmd];
	json_t *rest = json_attrs(op->attrs, obj, op->tells);
	uint32_t ifindex = json_integer_value(json_object_get(rest, "ifindex"));
	json_t *value = json_object();

	if (ifindex)
		json_object_set_new(value, "ifname",
				    json_text(text_ifname(ifindex)));
	json_object_update(value, rest);
	json_decref(rest);
	return value;
}

int json_print(struct cli *cli, json_t *value)
{
	int rc = value ? json_dumpf(value, cli->out, JSON_COMPACT) : -1;

	json_decref(value);
	if (rc || fputc('\n', cli->out) == EOF || fflush(cli->out))
		return cli_fail(cli, "cannot write the output");
	return CLI_OK;
}
