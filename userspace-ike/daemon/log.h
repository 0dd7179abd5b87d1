/* SPDX-License-Identifier: MIT */
/* Log lines: one for each thing that happened, cause and hint in it. */
#ifndef DAEMON_LOG_H
#define DAEMON_LOG_H

#include <stddef.h>
#include <syslog.h>

#include "diag.h"

/**
 * log_open() - choose where lines go
 * @level: least urgent priority to log (LOG_DEBUG, LOG_INFO, ...)
 * @foreground: to stderr whatever it is
 *
 * A stderr that is the journal gets lines with priorities in front, a
 * terminal plain ones; otherwise syslog gets them.
 */
void log_open(int level, int foreground);

/* bytes of the peer's in a line come out printable */
void log_at(int priority, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#define log_err(...)  log_at(LOG_ERR, __VA_ARGS__)
#define log_warn(...) log_at(LOG_WARNING, __VA_ARGS__)
#define log_info(...) log_at(LOG_INFO, __VA_ARGS__)

/* "what: text (hint)" */
void log_diag(int priority, const char *what, const struct ike_diag *diag);

#endif
