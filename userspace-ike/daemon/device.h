/* SPDX-License-Identifier: MIT */
/* The ipsecx devices in use: found or made, and taken back if we made them. */
#ifndef DAEMON_DEVICE_H
#define DAEMON_DEVICE_H

#include <sys/queue.h>

#include "kern.h"
#include "link.h"

/**
 * struct device - a device in use
 * @next: another one
 * @link: what the kernel says about it
 * @created: by us, so that we remove it
 */
struct device {
	LIST_ENTRY(device) next;
	struct ipsecx_link link;
	bool created;
};

/**
 * struct devices - all of them
 * @nl: socket of the family
 * @rt: rtnetlink socket
 * @fwmark: mark of what they send; 0: as it is
 * @list: the devices
 */
struct devices {
	struct ipsecx_nl *nl;
	struct ipsecx_nl *rt;
	uint32_t fwmark;
	LIST_HEAD(device_list, device) list;
};

/**
 * device_get() - have a device ready: there, of our kind, up, and ours
 * @devices: all of them
 * @want: which one
 * @ifindex: takes its index
 * @diag: why not
 *
 * Return: 0 or a negative errno.
 */
int device_get(struct devices *devices, const struct kern_device *want,
	       uint32_t *ifindex, struct ike_diag *diag);

/* remove those that we made */
void device_put_all(struct devices *devices);

#endif
