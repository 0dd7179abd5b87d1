/* SPDX-License-Identifier: MIT */
/*
 * Client of the genetlink family ipsecx, and sockets for link.h and route.h.
 *
 * A socket asks one thing at a time and blocks until the kernel has answered,
 * which it does before sendto() returns for everything used here. Every call
 * returns 0 or -errno and leaves the reason in ipsecx_nl_error(). The commands
 * and their objects are in contract-gen.h; numbers are in host byte order.
 */
#ifndef IPSECX_NL_CLIENT_H
#define IPSECX_NL_CLIENT_H

#include "contract-gen.h"

/* Longest explanation kept; the kernel's are shorter. */
#define IPSECX_NL_ERROR_LEN 256

/*
 * Open a socket to the kernel's ipsecx family; asking for that makes the kernel
 * load the module if it can. On failure @nl is NULL, and @error, which may be
 * NULL, what went wrong, with a hint; -ENOENT when there is no such family.
 */
int ipsecx_nl_open(struct ipsecx_nl **nl, char *error, size_t len);
/* likewise of rtnetlink */
int ipsecx_nl_open_route(struct ipsecx_nl **nl);
/* @nl may be NULL */
void ipsecx_nl_close(struct ipsecx_nl *nl);
/* to poll for events */
int ipsecx_nl_fd(const struct ipsecx_nl *nl);

/*
 * Why the last call on this socket failed: the kernel's own words (extack), or
 * those of the errno when it gave none. Empty after one that succeeded.
 */
const char *ipsecx_nl_error(const struct ipsecx_nl *nl);

typedef int (*ipsecx_each)(const void *obj, void *data);

/*
 * All objects of a kind, by its IPSECX_CMD_*_GET. What is in @obj, such as the
 * ifindex, is asked for; then each object is filled in there and @each called,
 * which ends the dump by anything but 0, which is returned. -EINTR: something
 * changed meanwhile, and what was seen may be incomplete.
 */
int ipsecx_dump(struct ipsecx_nl *nl, uint8_t cmd, void *obj, ipsecx_each each,
		void *data);

/* an event's IPSECX_CMD_*_NTF and its object, or 0 and NULL: some were lost */
typedef void (*ipsecx_event_cb)(uint8_t cmd, const void *obj, void *data);

/*
 * Turn a socket into one for events, good for nothing else afterwards, which
 * no longer blocks.
 */
int ipsecx_events_subscribe(struct ipsecx_nl *nl);
/* hand over the events that are there; @cb must not close @nl */
int ipsecx_events_receive(struct ipsecx_nl *nl, ipsecx_event_cb cb, void *data);

#endif
