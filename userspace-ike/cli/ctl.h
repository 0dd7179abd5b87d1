/* SPDX-License-Identifier: MIT */
/* Talking to ipsecxd: one JSON object per packet. */
#ifndef IPSECX_CLI_CTL_H
#define IPSECX_CLI_CTL_H

#include <jansson.h>

#include "cli.h"

/* an event of the answer, which it must not keep */
typedef void (*ctl_event_fn)(struct cli *cli, json_t *event, void *data);

/*
 * Send a request, whose reference is taken, and pass the events to @event. In
 * the end @result is a new reference, left alone when ipsecxd refused.
 */
int ctl_ask(struct cli *cli, json_t *request, ctl_event_fn event, void *data,
	    json_t **result);
/* likewise, on a socket that is connected already; @request is borrowed */
int ctl_talk(struct cli *cli, int fd, const json_t *request, ctl_event_fn event,
	     void *data, json_t **result);

#endif
