// SPDX-License-Identifier: MIT
/* All the objects of a kind that the kernel has, in order. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "list.h"
#include "text.h"

/* What changes all the time is listed as it is, after a few attempts. */
#define ATTEMPTS 5

static const struct ipsecx_attrs *attrs_of(const struct list *list)
{
	return ipsecx_ops[list->cmd].attrs;
}

static bool is_wanted(const struct list *list, const void *obj)
{
	const struct ipsecx_attrs *attrs = attrs_of(list);
	const void *want = &list->want.head;
	const struct ipsecx_field *f;

	for (f = attrs->field; f < attrs->field + attrs->n; f++)
		if (f->kind <= IPSECX_UINT && ipsecx_field_is_there(f, want) &&
		    ipsecx_field_number(f, want) != ipsecx_field_number(f, obj))
			return false;
	return true;
}

static int add(const void *obj, void *data)
{
	struct list *list = data;
	size_t size = attrs_of(list)->size;

	if (!is_wanted(list, obj))
		return 0;
	/* room is made whenever the number is a power of 2 */
	if (!(list->n & (list->n - 1))) {
		void *more = reallocarray(list->item, list->n * 2 + 1, size);

		if (!more)
			return -ENOMEM;
		list->item = more;
	}
	memcpy((char *)list->item + list->n++ * size, obj, size);
	return 0;
}

static int by_name(const void *a, const void *b)
{
	const struct ipsecx_device *x = a, *y = b;

	return strcmp(x->ifname, y->ifname);
}

static int by_number(uint32_t a, uint32_t b)
{
	return a < b ? -1 : a > b;
}

/* The heads of policies and SAs are the same. */
static int by_id(const void *a, const void *b)
{
	const struct ipsecx_policy *x = a, *y = b;
	int order = by_number(x->ifindex, y->ifindex);

	return order ? order : by_number(x->id, y->id);
}

_Static_assert(offsetof(struct ipsecx_policy, ifindex) ==
			       offsetof(struct ipsecx_sa, ifindex) &&
		       offsetof(struct ipsecx_policy, id) ==
			       offsetof(struct ipsecx_sa, id),
	       "their heads differ");

/* One device is asked for as one: a wrong name is an error then. */
static int ask(struct ipsecx_nl *nl, struct list *list)
{
	struct object obj = { .head.ifindex = list->want.head.ifindex };
	int rc;

	list->n = 0;
	if (list->cmd != IPSECX_CMD_DEVICE_GET || !obj.head.ifindex)
		return ipsecx_dump(nl, list->cmd, &obj.head, add, list);
	rc = ipsecx_device_get(nl, &obj.device);
	return rc ? rc : add(&obj.device, list);
}

int list_read(struct cli *cli, struct list *list)
{
	int attempt, rc = -EINTR;

	for (attempt = 0; rc == -EINTR && attempt < ATTEMPTS; attempt++)
		rc = ask(cli->nl, list);
	if (list->n)
		qsort(list->item, list->n, attrs_of(list)->size,
		      list->cmd == IPSECX_CMD_DEVICE_GET ? by_name : by_id);
	return rc == -EINTR ? CLI_OK : cli_result(cli, rc);
}

/* The device is named once, before what it has. */
static void print_text(const struct cli *cli, const struct list *list)
{
	const struct ipsecx_policy *policy = list->item;
	const struct ipsecx_sa *sa = list->item;
	uint32_t ifindex, last = 0;
	size_t i;

	for (i = 0; i < list->n; i++) {
		bool is_sa = list->cmd == IPSECX_CMD_SA_GET;

		ifindex = is_sa ? sa[i].ifindex : policy[i].ifindex;
		if (ifindex != last)
			fprintf(cli->out, "%s\n", text_ifname(ifindex));
		last = ifindex;
		if (is_sa)
			text_sa(cli, &sa[i]);
		else
			text_policy(cli, &policy[i]);
	}
}

json_t *list_json(const struct list *list, uint32_t ifindex)
{
	const struct ipsecx_attrs *attrs = attrs_of(list);
	const char *item = list->item;
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < list->n; i++, item += attrs->size)
		if (!ifindex ||
		    ipsecx_field_number(attrs->field, item) == ifindex)
			json_array_append_new(array,
					      json_told(list->cmd, item));
	return array;
}

int list_show(struct cli *cli, const struct cli_word *w, void *unused)
{
	struct list list = { .cmd = w->cmd };
	int rc = object_words(cli, w->cmd, w->words, &list.want);

	if (!rc)
		rc = cli_open(cli);
	if (!rc && list.want.dev)
		rc = cli_device(cli, list.want.dev, &list.want.head.ifindex);
	if (!rc)
		rc = list_read(cli, &list);
	if (!rc && cli->json)
		rc = json_print(cli, list_json(&list, 0));
	else if (!rc)
		print_text(cli, &list);
	free(list.item);
	return rc;
}
