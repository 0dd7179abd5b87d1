// SPDX-License-Identifier: MIT
/* Talking to ipsecxd: one JSON object per packet. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "ctl.h"

static int ctl_connect(struct cli *cli, int *fd)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };

	if (strlen(cli->socket) >= sizeof(sun.sun_path))
		return cli_usage(cli, "the socket's path is too long");
	strcpy(sun.sun_path, cli->socket);
	*fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (*fd < 0)
		return cli_fail(cli, "cannot make a socket: %m");
	if (!connect(*fd, (struct sockaddr *)&sun, sizeof(sun)))
		return CLI_OK;
	if (errno == ENOENT || errno == ECONNREFUSED)
		return cli_fail(cli,
				"ipsecxd does not run (nobody listens on %s)",
				cli->socket);
	return cli_fail(cli, "cannot connect to %s: %m", cli->socket);
}

static int ctl_send(struct cli *cli, int fd, const json_t *request)
{
	char *text = json_dumps(request, JSON_COMPACT);
	ssize_t n;

	if (!text)
		return cli_usage(
			cli, "the request cannot be sent: names must be UTF-8");
	n = send(fd, text, strlen(text), MSG_NOSIGNAL);
	free(text);
	return n < 0 ? cli_fail(cli, "cannot ask ipsecxd: %m") : CLI_OK;
}

static time_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec;
}

/* Wait for a message, but not beyond @deadline. */
static int ctl_receive(struct cli *cli, int fd, time_t deadline,
		       json_t **message)
{
	struct timeval left = { .tv_sec = deadline - now() };
	ssize_t len = -1;
	char *text;

	/* 0 would be for ever */
	if (left.tv_sec <= 0)
		left = (struct timeval){ .tv_usec = 1 };
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &left, sizeof(left));
	len = recv(fd, NULL, 0, MSG_PEEK | MSG_TRUNC);
	if (len < 0 && errno == EAGAIN)
		return cli_fail(cli,
				"ipsecxd has not finished in %u seconds (-t)",
				cli->timeout);
	if (len < 0)
		return cli_fail(cli, "cannot hear ipsecxd: %m");
	if (len == 0)
		return cli_fail(cli, "ipsecxd has gone away");
	text = malloc(len);
	if (!text)
		return cli_fail(cli, "out of memory");
	len = recv(fd, text, len, 0);
	*message = len > 0 ? json_loadb(text, len, 0, NULL) : NULL;
	free(text);
	if (json_is_object(*message))
		return CLI_OK;
	json_decref(*message);
	return cli_fail(cli, "what ipsecxd says makes no sense");
}

/* The last message; takes its reference. */
static int ctl_result(struct cli *cli, json_t *message, json_t **result)
{
	const char *error =
		json_string_value(json_object_get(message, "error"));
	const char *hint = json_string_value(json_object_get(message, "hint"));

	if (json_is_true(json_object_get(message, "ok"))) {
		*result = message;
		return CLI_OK;
	}
	cli_fail(cli, "%s%s%s", error ? error : "ipsecxd has refused",
		 hint && *hint ? "\nhint: " : "", hint ? hint : "");
	json_decref(message);
	return CLI_FAILED;
}

int ctl_talk(struct cli *cli, int fd, const json_t *request, ctl_event_fn event,
	     void *data, json_t **result)
{
	time_t deadline = now() + cli->timeout;
	int rc = ctl_send(cli, fd, request);
	json_t *message = NULL;

	while (!rc) {
		rc = ctl_receive(cli, fd, deadline, &message);
		if (rc)
			break;
		if (json_object_get(message, "ok"))
			return ctl_result(cli, message, result);
		event(cli, message, data);
		json_decref(message);
	}
	return rc;
}

int ctl_ask(struct cli *cli, json_t *request, ctl_event_fn event, void *data,
	    json_t **result)
{
	int fd = -1, rc;

	rc = ctl_connect(cli, &fd);
	if (!rc)
		rc = ctl_talk(cli, fd, request, event, data, result);
	if (fd >= 0)
		close(fd);
	json_decref(request);
	return rc;
}
