// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "notify.h"

static int notify_fd = -1;

static int connect_to(const char *path)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	size_t len = strlen(path);
	int fd;

	if (!len || len >= sizeof(sun.sun_path))
		return -1;
	memcpy(sun.sun_path, path, len);
	/* the manager writes the abstract namespace's NUL as '@' */
	if (path[0] == '@')
		sun.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	if (!connect(fd, (struct sockaddr *)&sun,
		     (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)))
		return fd;
	close(fd);
	return -1;
}

void notify_open(uint64_t *watchdog_us)
{
	const char *path = getenv("NOTIFY_SOCKET");
	const char *usec = getenv("WATCHDOG_USEC");

	*watchdog_us = usec ? strtoull(usec, NULL, 10) : 0;
	if (path)
		notify_fd = connect_to(path);
	if (notify_fd < 0)
		*watchdog_us = 0;
}

void notify_send(const char *fmt, ...)
{
	char text[256];
	va_list ap;
	int len;

	if (notify_fd < 0)
		return;
	va_start(ap, fmt);
	len = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (len > 0 && (size_t)len < sizeof(text))
		send(notify_fd, text, (size_t)len, MSG_NOSIGNAL | MSG_DONTWAIT);
}

void notify_close(void)
{
	if (notify_fd >= 0)
		close(notify_fd);
	notify_fd = -1;
}
