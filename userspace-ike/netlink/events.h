/* SPDX-License-Identifier: MIT */
/* Inside of events; not for users of the library. */
#ifndef IPSECX_NL_EVENTS_H
#define IPSECX_NL_EVENTS_H

#include "client.h"
#include "request.h"

struct ipsecx_fields;

/**
 * ipsecx_event_fields() - what an event of a type consists of
 * @type: enum ipsecx_event_type
 *
 * Return: NULL when it has no fields.
 */
const struct ipsecx_fields *ipsecx_event_fields(enum ipsecx_event_type type);

/**
 * ipsecx_events_take() - take in one datagram of events
 * @nl: socket
 * @buf: datagram, aligned to 4 bytes
 * @len: its length
 * @cb: called for each event; what makes no sense is skipped
 * @data: passed to @cb
 */
void ipsecx_events_take(const struct ipsecx_nl *nl, const void *buf, size_t len,
			ipsecx_event_cb cb, void *data);

#endif
