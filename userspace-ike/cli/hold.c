// SPDX-License-Identifier: MIT
/*
 * ipsecx socket: hold a UDP socket that ESP arrives on (RFC 3948). With
 * ipsecxd that is the daemon's; SAs keyed by hand need somebody else's, since
 * the kernel takes ESP from it only as long as it is open.
 */
#include <errno.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include "help.h"

#define PORT_DEFAULT 4500

struct socket_words {
	const char *local;
	uint64_t port;
	bool help;
};

static int word_local(struct cli *cli, const struct cli_word *w, void *obj)
{
	struct socket_words *sw = obj;

	sw->local = cli_value(cli, "local", "an address");
	return sw->local ? CLI_OK : CLI_USAGE;
}

static int word_port(struct cli *cli, const struct cli_word *w, void *obj)
{
	const char *word = cli_value(cli, "port", "a number");
	struct socket_words *sw = obj;

	return word ? cli_number(cli, "port", word, 1, UINT16_MAX, &sw->port) :
		      CLI_USAGE;
}

static int word_help(struct cli *cli, const struct cli_word *w, void *obj)
{
	((struct socket_words *)obj)->help = true;
	return CLI_OK;
}

static const struct cli_word socket_words[] = {
	{ "local", word_local },
	{ "port", word_port },
	{ "help", word_help },
	{},
};

/* Without an address: all of IPv6, and of IPv4 mapped into it. */
static int socket_bind(struct cli *cli, const struct socket_words *sw, int *fd)
{
	const struct addrinfo hints = {
		.ai_family = sw->local ? AF_UNSPEC : AF_INET6,
		.ai_socktype = SOCK_DGRAM,
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
	};
	unsigned int port = sw->port;
	struct addrinfo *info;
	char service[8];
	int rc = CLI_OK;

	snprintf(service, sizeof(service), "%u", port);
	if (getaddrinfo(sw->local, service, &hints, &info))
		return cli_usage(
			cli, "'local' needs an IPv4 or IPv6 address, not '%s'",
			sw->local);
	*fd = socket(info->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (*fd < 0 || bind(*fd, info->ai_addr, info->ai_addrlen))
		rc = cli_fail(cli, "cannot bind UDP port %u: %m", port);
	freeaddrinfo(info);
	return rc;
}

/* What is no ESP still comes here; nobody wants it. */
static void drain(int fd)
{
	char byte;

	while (recv(fd, &byte, 1, 0) >= 0 || errno != EINTR)
		;
}

int cli_socket(struct cli *cli, const struct cli_word *w, void *obj)
{
	struct ipsecx_socket sock = { .has = IPSECX_HAS(SOCKET_FD) };
	struct socket_words sw = { .port = PORT_DEFAULT };
	int rc = cli_words(cli, socket_words, &sw), fd = -1;

	if (!rc && sw.help)
		return help_print(cli->out, "socket");
	if (!rc)
		rc = socket_bind(cli, &sw, &fd);
	sock.fd = fd;
	if (!rc)
		rc = cli_ask(cli, IPSECX_CMD_SOCKET_ATTACH, &sock);
	if (!rc) {
		/* So that scripts know when to go on. */
		fprintf(cli->out, "receiving ESP in UDP on port %u\n",
			(unsigned int)sw.port);
		fflush(cli->out);
		drain(fd);
	}
	if (fd >= 0)
		close(fd);
	return rc;
}
