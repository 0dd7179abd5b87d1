/* SPDX-License-Identifier: MIT */
/* Printing events. */
#ifndef IPSECX_CLI_MONITOR_H
#define IPSECX_CLI_MONITOR_H

#include "cli.h"

/**
 * monitor_print() - print an event on a line of its own
 * @event: event
 * @data: struct cli
 */
void monitor_print(const struct ipsecx_event *event, void *data);

#endif
