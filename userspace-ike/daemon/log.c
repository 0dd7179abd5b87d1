// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "log.h"

#define LINE_MAX_LEN 1024

static int max_level = LOG_INFO;
static enum {
	TO_STDERR,
	TO_JOURNAL,
	TO_SYSLOG
} sink = TO_STDERR;

void log_open(int level, int foreground)
{
	max_level = level;
	if (getenv("JOURNAL_STREAM"))
		sink = TO_JOURNAL;
	else if (foreground || isatty(STDERR_FILENO))
		sink = TO_STDERR;
	else
		sink = TO_SYSLOG;
	/* connected now: the sandbox has no socket() for it later */
	if (sink == TO_SYSLOG)
		openlog("ipsecxd", LOG_PID | LOG_NDELAY, LOG_DAEMON);
}

/* every byte printable ASCII or valid-looking UTF-8 */
static void clean(char *text)
{
	unsigned char *p;

	for (p = (unsigned char *)text; *p; p++)
		if (*p < ' ' || *p == 0x7f)
			*p = '?';
}

static void emit(int priority, const char *line)
{
	if (sink == TO_SYSLOG)
		syslog(priority, "%s", line);
	else if (sink == TO_JOURNAL)
		fprintf(stderr, "<%d>%s\n", priority, line);
	else
		fprintf(stderr, "ipsecxd: %s\n", line);
}

void log_at(int priority, const char *fmt, ...)
{
	char line[LINE_MAX_LEN];
	va_list ap;

	if (priority > max_level)
		return;
	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	clean(line);
	emit(priority, line);
}

void log_diag(int priority, const char *what, const struct ike_diag *diag)
{
	if (diag->hint[0])
		log_at(priority, "%s: %s (%s)", what, diag->text, diag->hint);
	else
		log_at(priority, "%s: %s", what, diag->text);
}
