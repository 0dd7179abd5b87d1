/* SPDX-License-Identifier: MIT */
/*
 * A netlink socket that asks one thing at a time.
 *
 * Shared by the generic netlink client (client.h) and the rtnetlink helpers
 * (link.h, route.h). Calls block until the kernel has answered, which it does
 * before sendto() returns for everything used here.
 */
#ifndef IPSECX_NL_SOCKET_H
#define IPSECX_NL_SOCKET_H

#include <stddef.h>
#include <stdint.h>

#include <linux/netlink.h>

/* Longest explanation kept; the kernel's are shorter. */
#define IPSECX_NL_ERROR_LEN 256

struct ipsecx_nl;

/**
 * ipsecx_nl_open() - open a socket to the kernel's ipsecx family
 * @nl: set to the socket, or to NULL on failure
 * @error: filled with what went wrong, with a hint; may be NULL
 * @len: size of @error
 *
 * Asking for the family makes the kernel load the module if it can.
 *
 * Return: 0 or -errno; -ENOENT when the kernel has no such family.
 */
int ipsecx_nl_open(struct ipsecx_nl **nl, char *error, size_t len);

/**
 * ipsecx_nl_open_route() - open an rtnetlink socket, for link.h and route.h
 * @nl: set to the socket, or to NULL on failure
 *
 * Return: 0 or -errno.
 */
int ipsecx_nl_open_route(struct ipsecx_nl **nl);

/**
 * ipsecx_nl_close() - close a socket
 * @nl: may be NULL
 */
void ipsecx_nl_close(struct ipsecx_nl *nl);

/**
 * ipsecx_nl_fd() - the socket's descriptor, to poll for events
 * @nl: socket that ipsecx_events_subscribe() was called on
 */
int ipsecx_nl_fd(const struct ipsecx_nl *nl);

/**
 * ipsecx_nl_error() - why the last call on this socket failed
 * @nl: socket
 *
 * Return: the kernel's own words (extack), or those of the errno when it gave
 * none. Never NULL; empty after a call that succeeded. Valid until the next
 * call.
 */
const char *ipsecx_nl_error(const struct ipsecx_nl *nl);

#endif
