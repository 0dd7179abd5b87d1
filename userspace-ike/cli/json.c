// SPDX-License-Identifier: MIT
/* Output as JSON, with the names of uapi/ipsecx.yaml. */
#include "address.h"
#include "json.h"
#include "text.h"

static uint64_t number_at(enum ipsecx_field_kind kind, const void *at)
{
	switch (kind) {
	case IPSECX_FIELD_U8:
		return *(const uint8_t *)at;
	case IPSECX_FIELD_U16:
		return *(const uint16_t *)at;
	case IPSECX_FIELD_UINT:
		return *(const uint64_t *)at;
	default:
		return *(const uint32_t *)at;
	}
}

/* A number that has a name is a string; a newer kernel's stays a number. */
static json_t *json_number(const struct ipsecx_field *f, const void *at)
{
	uint64_t number = number_at(f->kind, at);
	const char *name = f->names ? ipsecx_name(f->names, number) : NULL;

	return name ? json_string(name) : json_integer((json_int_t)number);
}

static json_t *json_list(const struct ipsecx_field *f, const void *at,
			 unsigned int n)
{
	size_t size = f->nest ? f->nest->size : sizeof(uint16_t);
	json_t *list = json_array();

	for (; n; n--, at = (const char *)at + size)
		json_array_append_new(
			list, f->nest ? json_fields(f->nest, at) :
					json_integer(*(const uint16_t *)at));
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
	const void *at = (const char *)obj + f->offset;
	char text[ADDRESS_LEN];

	switch (f->kind) {
	case IPSECX_FIELD_FLAG:
		return json_boolean(*(const bool *)at);
	case IPSECX_FIELD_STRING:
		return json_text(at);
	case IPSECX_FIELD_ADDR:
		return json_string(address_text(at, text));
	case IPSECX_FIELD_SPI:
		return json_sprintf("0x%08x", *(const uint32_t *)at);
	case IPSECX_FIELD_U16S:
	case IPSECX_FIELD_NESTS:
		return json_list(f, at, ipsecx_field_count(f, obj));
	default:
		return json_number(f, at);
	}
}

json_t *json_fields(const struct ipsecx_fields *fields, const void *obj)
{
	const struct ipsecx_field *f;
	json_t *value = json_object();

	for (f = fields->field; f < fields->field + fields->n; f++)
		if (ipsecx_field_present(f, obj))
			json_object_set_new(value, f->name, json_field(f, obj));
	return value;
}

json_t *json_named(const struct ipsecx_fields *fields, const void *obj,
		   uint32_t ifindex)
{
	json_t *value = json_object();
	json_t *rest = json_fields(fields, obj);
	char name[TEXT_IFNAME_LEN];

	json_object_set_new(value, "ifname",
			    json_text(text_ifname(ifindex, name)));
	json_object_update_missing(value, rest);
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

int json_print_id(struct cli *cli, uint32_t id)
{
	if (cli->json)
		return json_print(cli,
				  json_pack("{s:I}", "id", (json_int_t)id));
	fprintf(cli->out, "%u\n", id);
	return CLI_OK;
}
