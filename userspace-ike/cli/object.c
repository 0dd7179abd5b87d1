// SPDX-License-Identifier: MIT
/* Words about an object of the contract. */
#include <string.h>

#include "address.h"
#include "json.h"
#include "object.h"
#include "text.h"

/* An enum with more names than that refers to `ipsecx caps`. */
#define NAMES_LISTED 8

const struct cli_word object_named[] = {
	{ OBJECT_DEV, .needed = true },
	{ OBJECT_ID, .needed = true },
	{},
};

int object_dev(struct cli *cli, const struct cli_word *word, void *obj)
{
	struct object *object = obj;

	object->dev = cli_value(cli, "dev", "a device");
	return object->dev ? CLI_OK : CLI_USAGE;
}

/* "a, b or c" */
static const char *list_names(const struct ipsecx_names *names)
{
	const char *list = names->name[0];
	uint32_t i;

	for (i = 1; i < names->n; i++)
		list = text_format("%s%s%s", list,
				   i + 1 < names->n ? ", " : " or ",
				   names->name[i]);
	return list;
}

static int take_name(struct cli *cli, const struct cli_word *w,
		     struct object *obj)
{
	const struct ipsecx_names *names = w->field->names;
	bool few = w->what || names->n < NAMES_LISTED;
	const char *what = w->what ? w->what :
			   few	   ? list_names(names) :
				     "an algorithm";
	const char *word = cli_value(cli, w->name, what);
	uint32_t value;

	if (!word)
		return CLI_USAGE;
	if (!ipsecx_name_find(names, word, &value))
		return cli_usage(cli, "unknown %s '%s'; %s%s", w->field->name,
				 cli_shown(word), few ? "expected " : "see ",
				 few ? what : "ipsecx caps");
	ipsecx_field_set(w->field, &obj->head, value);
	return CLI_OK;
}

static int take_address(struct cli *cli, const struct cli_word *w,
			struct object *obj)
{
	const char *word = cli_value(cli, w->name, "an address");

	if (!word)
		return CLI_USAGE;
	if (address_parse(word, (void *)((char *)&obj->head + w->field->at)))
		return CLI_OK;
	return cli_usage(cli, "'%s' needs an IPv4 or IPv6 address, not '%s'",
			 w->name, word);
}

static int take_number(struct cli *cli, const struct cli_word *w,
		       struct object *obj)
{
	const char *word = cli_value(cli, w->name, "a number");
	uint64_t value;
	int rc;

	if (!word)
		return CLI_USAGE;
	rc = cli_number(cli, w->name, word, w->min ? w->min : w->field->min,
			w->max ? w->max : w->field->max, &value);
	if (!rc)
		ipsecx_field_set(w->field, &obj->head, value);
	return rc;
}

int object_value(struct cli *cli, const struct cli_word *w, void *obj)
{
	struct object *object = obj;

	if (w->field->kind == IPSECX_ADDR)
		return take_address(cli, w, object);
	if (w->field->names)
		return take_name(cli, w, object);
	if (w->field->kind != IPSECX_FLAG)
		return take_number(cli, w, object);
	ipsecx_field_set(w->field, &object->head, true);
	return CLI_OK;
}

/* numbers, flags and addresses; the rest needs words of its own */
static bool is_word(const struct ipsecx_field *f)
{
	return f->kind <= IPSECX_FLAG || f->kind == IPSECX_ADDR;
}

static const struct ipsecx_field *field_of(const struct ipsecx_attrs *attrs,
					   uint64_t which)
{
	const struct ipsecx_field *f = attrs->field;

	while (f < attrs->field + attrs->n && !(which >> f->attr & 1))
		f++;
	return f < attrs->field + attrs->n ? f : NULL;
}

int object_words(struct cli *cli, uint8_t cmd, const struct cli_word *words,
		 struct object *obj)
{
	const struct ipsecx_op *op = &ipsecx_ops[cmd];
	uint64_t left = op->takes;
	struct cli_word all[CLI_WORDS_MAX] = { 0 }, *w = all;
	const struct ipsecx_field *f;

	for (; words->name; words++, w++) {
		*w = *words;
		w->field = field_of(op->attrs, w->attrs);
		w->take = w->take ? w->take : object_value;
		left &= ~w->attrs;
	}
	for (f = op->attrs->field; f < op->attrs->field + op->attrs->n; f++)
		if (left >> f->attr & 1 && is_word(f) &&
		    w < all + CLI_WORDS_MAX - 1)
			*w++ = (struct cli_word){ .name = f->name,
						  .take = object_value,
						  .attrs = UINT64_C(1)
							   << f->attr,
						  .field = f };
	obj->cmd = cmd;
	return cli_words(cli, all, obj);
}

/* An id or an SPI, bare for scripts. */
static int print_told(struct cli *cli, const struct object *obj)
{
	const struct ipsecx_op *op = &ipsecx_ops[obj->cmd];
	uint64_t which = op->tells & ~IPSECX_HAS(SA_IFINDEX);
	const struct ipsecx_field *f = field_of(op->attrs, which);

	if (!f)
		return CLI_OK;
	if (cli->json)
		return json_print(cli,
				  json_attrs(op->attrs, &obj->head, which));
	fprintf(cli->out, f->kind == IPSECX_SPI ? "0x%08x\n" : "%u\n",
		(unsigned int)ipsecx_field_number(f, &obj->head));
	return CLI_OK;
}

int object_do(struct cli *cli, struct object *obj, int rc)
{
	if (!rc)
		rc = cli_device(cli, obj->dev, &obj->head.ifindex);
	if (!rc)
		rc = cli_ask(cli, obj->cmd, &obj->head);
	key_wipe(&obj->key);
	key_wipe(&obj->integ_key);
	return rc ? rc : print_told(cli, obj);
}

int object_command(struct cli *cli, const struct cli_word *w, void *unused)
{
	struct object obj = { 0 };

	return object_do(cli, &obj, object_words(cli, w->cmd, w->words, &obj));
}
