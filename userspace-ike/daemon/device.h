/* SPDX-License-Identifier: MIT */
/* The ipsecx devices in use: found or made, and taken back if we made them. */
#ifndef DAEMON_DEVICE_H
#define DAEMON_DEVICE_H

#include <sys/queue.h>

#include "kern.h"
#include "link.h"

/* a device in use; @created: by us, so that we remove it */
struct device {
	LIST_ENTRY(device) next;
	struct ipsecx_link link;
	bool created;
};

/* all of them; @nl is a socket of the family, @rt an rtnetlink one */
struct devices {
	struct ipsecx_nl *nl;
	struct ipsecx_nl *rt;
	uint32_t fwmark; /* of what they send, 0: as it is */
	LIST_HEAD(device_list, device) list;
};

/* have a child's device ready: there, of our kind, up, and ours; or say why not */
int device_get(struct devices *devices, const struct config_child *child,
	       uint32_t *ifindex, struct ike_diag *diag);
/* remove those that we made */
void device_put_all(struct devices *devices);

#endif
