// SPDX-License-Identifier: MIT
/*
 * ipsecx socket: hold a UDP socket that ESP arrives on (RFC 3948). With
 * ipsecxd that is the daemon's; SAs keyed by hand need somebody else's, since
 * the kernel takes ESP from it only as long as it is open.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "address.h"
#include "help.h"

#define PORT_DEFAULT 4500

struct socket_words {
	struct ipsecx_addr local;
	uint64_t port;
	bool help;
};

static int word_local(struct cli *cli, const struct cli_word *w, void *obj)
{
	const char *word = cli_value(cli, "local", "an address");
	struct socket_words *sw = obj;

	if (!word)
		return CLI_USAGE;
	if (address_parse(word, &sw->local))
		return CLI_OK;
	return cli_usage(cli, "'local' needs an IPv4 or IPv6 address, not '%s'",
			 word);
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
static int socket_bind(const struct socket_words *sw)
{
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
	struct sockaddr_in in = { .sin_family = AF_INET };
	bool ipv4 = sw->local.len == 4;
	int fd, rc;

	in6.sin6_port = in.sin_port = htons(sw->port);
	memcpy(&in6.sin6_addr, sw->local.bytes, sizeof(in6.sin6_addr));
	memcpy(&in.sin_addr, sw->local.bytes, sizeof(in.sin_addr));
	fd = socket(ipv4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return fd;
	rc = ipv4 ? bind(fd, (struct sockaddr *)&in, sizeof(in)) :
		    bind(fd, (struct sockaddr *)&in6, sizeof(in6));
	if (!rc)
		return fd;
	rc = errno;
	close(fd);
	errno = rc;
	return -1;
}

/* What is no ESP still comes here; nobody wants it. */
static void drain(int fd)
{
	char byte;

	while (recv(fd, &byte, 1, 0) >= 0 || errno != EINTR)
		;
}

static int attach(struct cli *cli, int fd)
{
	struct ipsecx_socket sock = { .has = IPSECX_HAS(SOCKET_FD), .fd = fd };
	struct ipsecx_nl *nl = NULL;
	int rc = cli_open(cli, &nl);

	if (!rc)
		rc = cli_result(cli, nl, ipsecx_socket_attach(nl, &sock));
	ipsecx_nl_close(nl);
	return rc;
}

int cli_socket(struct cli *cli, const struct cli_word *w, void *obj)
{
	struct socket_words sw = { .port = PORT_DEFAULT };
	int rc = cli_words(cli, socket_words, &sw), fd;

	if (rc)
		return rc;
	if (sw.help)
		return help_print(cli->out, "socket");
	fd = socket_bind(&sw);
	if (fd < 0)
		return cli_fail(cli, "cannot bind UDP port %u: %m",
				(unsigned int)sw.port);
	rc = attach(cli, fd);
	if (!rc) {
		/* So that scripts know when to go on. */
		fprintf(cli->out, "receiving ESP in UDP on port %u\n",
			(unsigned int)sw.port);
		fflush(cli->out);
		drain(fd);
	}
	close(fd);
	return rc;
}
