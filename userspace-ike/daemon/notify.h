/* SPDX-License-Identifier: MIT */
/* Telling the service manager how we are, by its datagram protocol. */
#ifndef DAEMON_NOTIFY_H
#define DAEMON_NOTIFY_H

#include <stdint.h>

/**
 * notify_open() - connect to $NOTIFY_SOCKET
 * @watchdog_us: takes the interval of life signs asked for, 0 for none
 *
 * Without a service manager all of this does nothing.
 */
void notify_open(uint64_t *watchdog_us);

/* assignments separated by newlines: "READY=1\nSTATUS=..." */
void notify_send(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

void notify_close(void);

#endif
