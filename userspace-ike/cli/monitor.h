/* SPDX-License-Identifier: MIT */
#ifndef IPSECX_CLI_MONITOR_H
#define IPSECX_CLI_MONITOR_H

#include "cli.h"

/* print an event on a line of its own; an ipsecx_event_cb with a struct cli */
void monitor_print(uint8_t cmd, const void *obj, void *data);

#endif
