// SPDX-License-Identifier: MIT
/* All that the kernel has, at one time. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "snapshot.h"

/* What changes all the time is listed as it is, after a few attempts. */
#define ATTEMPTS 5

static int list_add(struct list *list, const void *item, size_t size)
{
	void *more;

	if (list->n == list->room) {
		more = reallocarray(list->item, list->room * 2 + 8, size);
		if (!more)
			return -ENOMEM;
		list->item = more;
		list->room = list->room * 2 + 8;
	}
	memcpy((char *)list->item + list->n++ * size, item, size);
	return 0;
}

static int add_device(const struct ipsecx_device *dev, void *list)
{
	return list_add(list, dev, sizeof(*dev));
}

static int add_policy(const struct ipsecx_policy *policy, void *list)
{
	return list_add(list, policy, sizeof(*policy));
}

static int add_sa(const struct ipsecx_sa *sa, void *list)
{
	return list_add(list, sa, sizeof(*sa));
}

static int by_number(uint32_t a, uint32_t b)
{
	return a < b ? -1 : a > b;
}

static int by_device(const void *a, const void *b)
{
	const struct ipsecx_device *x = a, *y = b;

	return strcmp(x->ifname, y->ifname);
}

static int by_policy(const void *a, const void *b)
{
	const struct ipsecx_policy *x = a, *y = b;
	int order = by_number(x->ifindex, y->ifindex);

	return order ? order : by_number(x->id, y->id);
}

static int by_sa(const void *a, const void *b)
{
	const struct ipsecx_sa *x = a, *y = b;
	int order = by_number(x->ifindex, y->ifindex);

	return order ? order : by_number(x->id, y->id);
}

static int read_devices(struct ipsecx_nl *nl, uint32_t ifindex,
			struct list *list)
{
	struct ipsecx_device dev;
	int rc;

	if (!ifindex)
		return ipsecx_device_dump(nl, add_device, list);
	rc = ipsecx_device_get(nl, ifindex, &dev);
	return rc ? rc : add_device(&dev, list);
}

static int read_policies(struct ipsecx_nl *nl, uint32_t ifindex,
			 struct list *list)
{
	return ipsecx_policy_dump(nl, ifindex, add_policy, list);
}

static int read_sas(struct ipsecx_nl *nl, uint32_t ifindex, struct list *list)
{
	return ipsecx_sa_dump(nl, ifindex, add_sa, list);
}

typedef int (*read_fn)(struct ipsecx_nl *nl, uint32_t ifindex,
		       struct list *list);

static int read_list(struct ipsecx_nl *nl, uint32_t ifindex, struct list *list,
		     read_fn read)
{
	int attempt, rc = -EINTR;

	for (attempt = 0; rc == -EINTR && attempt < ATTEMPTS; attempt++) {
		list->n = 0;
		rc = read(nl, ifindex, list);
	}
	return rc == -EINTR ? 0 : rc;
}

static void list_sort(struct list *list, size_t size,
		      int (*order)(const void *a, const void *b))
{
	if (list->n)
		qsort(list->item, list->n, size, order);
}

static int read_all(struct ipsecx_nl *nl, struct snapshot *snap,
		    uint32_t ifindex, unsigned int what)
{
	int rc = 0;

	if (what & SNAPSHOT_DEVICES)
		rc = read_list(nl, ifindex, &snap->devices, read_devices);
	if (!rc && what & SNAPSHOT_POLICIES)
		rc = read_list(nl, ifindex, &snap->policies, read_policies);
	if (!rc && what & SNAPSHOT_SAS)
		rc = read_list(nl, ifindex, &snap->sas, read_sas);
	return rc;
}

int snapshot_read(struct cli *cli, struct snapshot *snap, const char *dev,
		  unsigned int what)
{
	struct ipsecx_nl *nl = NULL;
	uint32_t ifindex = 0;
	int rc = cli_open(cli, &nl);

	if (!rc && dev)
		rc = cli_device(cli, dev, &ifindex);
	if (!rc)
		rc = cli_result(cli, nl, read_all(nl, snap, ifindex, what));
	ipsecx_nl_close(nl);
	list_sort(&snap->devices, sizeof(struct ipsecx_device), by_device);
	list_sort(&snap->policies, sizeof(struct ipsecx_policy), by_policy);
	list_sort(&snap->sas, sizeof(struct ipsecx_sa), by_sa);
	return rc;
}

void snapshot_free(struct snapshot *snap)
{
	free(snap->devices.item);
	free(snap->policies.item);
	free(snap->sas.item);
}
