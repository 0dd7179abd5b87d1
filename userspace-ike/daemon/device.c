// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "device.h"
#include "log.h"

#define STALE_MAX 256 /* policies removed in one go */

/* rtnetlink has refused */
static int refused(struct devices *devices, struct ike_diag *diag, int err,
		   const char *what, const char *name)
{
	return ike_diag_set(diag, 0, err, "cannot %s %s: %s", what, name,
			    ipsecx_nl_error(devices->rt));
}

static struct device *find(struct devices *devices, const char *name)
{
	struct device *dev;

	LIST_FOREACH(dev, &devices->list, next)
		if (!strcmp(dev->link.ifname, name))
			return dev;
	return NULL;
}

static int create(struct devices *devices, const struct config_child *want,
		  struct ipsecx_link *link, struct ike_diag *diag)
{
	struct ipsecx_link underlay = { 0 };
	int err = 0;

	if (want->link[0])
		err = ipsecx_link_get(devices->rt, want->link, &underlay);
	if (err)
		return refused(devices, diag, err, "find the link", want->link);
	err = ipsecx_link_new(devices->rt, want->device, underlay.ifindex);
	if (err)
		refused(devices, diag, err, "create the device", want->device);
	if (err == -EOPNOTSUPP || err == -ENODEV)
		ike_diag_hint(diag, "modprobe ipsecx");
	if (err)
		return err;
	log_info("created the device %s", want->device);
	return ipsecx_link_get(devices->rt, want->device, link);
}

struct stale {
	unsigned int n;
	uint32_t id[STALE_MAX];
};

static int stale_add(const void *obj, void *data)
{
	const struct ipsecx_policy *policy = obj;
	struct stale *stale = data;

	if (stale->n == STALE_MAX)
		return 1;
	stale->id[stale->n++] = policy->id;
	return 0;
}

/*
 * What another ipsecxd has left: its peers do not know us, and its SAs go
 * with their policies.
 */
static void flush(struct devices *devices, const struct ipsecx_link *link)
{
	struct ipsecx_policy policy;
	unsigned int i, total = 0;
	struct stale stale;
	int ret;

	do {
		stale.n = 0;
		policy = (struct ipsecx_policy){ .ifindex = link->ifindex };
		ret = ipsecx_dump(devices->nl, IPSECX_CMD_POLICY_GET, &policy,
				  stale_add, &stale);
		policy.ifindex = link->ifindex;
		for (i = 0; i < stale.n; i++) {
			policy.id = stale.id[i];
			if (ipsecx_policy_del(devices->nl, &policy))
				ret = -1;
		}
		total += stale.n;
	} while (ret > 0);
	if (total)
		log_warn("removed %u policies that were on %s", total,
			 link->ifname);
}

/* What routing does with our IKE packets it is to do with ESP. */
static int mark(struct devices *devices, const struct ipsecx_link *link,
		struct ike_diag *diag)
{
	const struct ipsecx_device dev = {
		.has = IPSECX_HAS(DEVICE_FWMARK),
		.ifindex = link->ifindex,
		.fwmark = devices->fwmark,
	};
	int err = dev.fwmark ? ipsecx_link_set(devices->rt, &dev) : 0;

	return err ? refused(devices, diag, err, "mark the packets of",
			     link->ifname) :
		     0;
}

static struct device *adopt(struct devices *devices, bool created,
			    const struct ipsecx_link *link,
			    struct ike_diag *diag)
{
	struct device *dev;

	if (mark(devices, link, diag))
		return NULL;
	dev = calloc(1, sizeof(*dev));
	if (!dev)
		return NULL;
	dev->link = *link;
	dev->created = created;
	LIST_INSERT_HEAD(&devices->list, dev, next);
	if (!created)
		flush(devices, link);
	return dev;
}

/* somebody may have removed the device and made another of that name */
static struct device *refresh(struct devices *devices,
			      const struct ipsecx_link *link)
{
	struct device *dev = find(devices, link->ifname);

	if (!dev || dev->link.ifindex == link->ifindex)
		return dev;
	LIST_REMOVE(dev, next);
	free(dev);
	return NULL;
}

static int configure(struct devices *devices, const struct config_child *want,
		     const struct ipsecx_link *link, struct ike_diag *diag)
{
	int err;

	if (link->up && (!want->mtu || want->mtu == link->mtu))
		return 0;
	err = ipsecx_link_up(devices->rt, link->ifindex, want->mtu);
	return err ? refused(devices, diag, err, "bring up", want->device) : 0;
}

int device_get(struct devices *devices, const struct config_child *want,
	       uint32_t *ifindex, struct ike_diag *diag)
{
	struct ipsecx_link link = { 0 };
	bool created = false;
	int err = ipsecx_link_get(devices->rt, want->device, &link);

	diag->text[0] = diag->hint[0] = '\0';
	if (err == -ENODEV) {
		err = create(devices, want, &link, diag);
		created = !err;
	}
	if (err)
		return diag->text[0] ? err :
				       refused(devices, diag, err, "find",
					       want->device);
	if (!link.is_ipsecx) {
		ike_diag_set(diag, 0, -EINVAL,
			     "cannot use %s: it is no ipsecx device",
			     want->device);
		ike_diag_hint(diag, "choose another name for device");
		return -EINVAL;
	}
	if (!refresh(devices, &link) && !adopt(devices, created, &link, diag))
		return -ENOMEM;
	*ifindex = link.ifindex;
	return configure(devices, want, &link, diag);
}

void device_put_all(struct devices *devices)
{
	struct device *dev;

	while ((dev = LIST_FIRST(&devices->list))) {
		if (dev->created)
			ipsecx_link_del(devices->rt, dev->link.ifindex);
		LIST_REMOVE(dev, next);
		free(dev);
	}
}
