// SPDX-License-Identifier: MIT
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "net.h"

int net_addr_parse(const char *text, union net_addr *addr)
{
	memset(addr, 0, sizeof(*addr));
	if (inet_pton(AF_INET, text, &addr->v4.sin_addr) == 1) {
		addr->sa.sa_family = AF_INET;
		return 0;
	}
	if (inet_pton(AF_INET6, text, &addr->v6.sin6_addr) == 1) {
		addr->sa.sa_family = AF_INET6;
		return 0;
	}
	return -EINVAL;
}

const char *net_addr_print(const union net_addr *addr, char *buf, size_t size)
{
	bool v6 = addr->sa.sa_family == AF_INET6;
	char host[INET6_ADDRSTRLEN] = "?";

	if (v6)
		inet_ntop(AF_INET6, &addr->v6.sin6_addr, host, sizeof(host));
	else
		inet_ntop(AF_INET, &addr->v4.sin_addr, host, sizeof(host));
	snprintf(buf, size, v6 ? "[%s]:%u" : "%s:%u", host,
		 net_addr_port(addr));
	return buf;
}

void net_addr_set_port(union net_addr *addr, uint16_t port)
{
	if (addr->sa.sa_family == AF_INET6)
		addr->v6.sin6_port = htons(port);
	else
		addr->v4.sin_port = htons(port);
}

uint16_t net_addr_port(const union net_addr *addr)
{
	return ntohs(addr->sa.sa_family == AF_INET6 ? addr->v6.sin6_port :
						      addr->v4.sin_port);
}

bool net_addr_is_any(const union net_addr *addr)
{
	if (addr->sa.sa_family == AF_INET6)
		return IN6_IS_ADDR_UNSPECIFIED(&addr->v6.sin6_addr);
	return addr->v4.sin_addr.s_addr == INADDR_ANY;
}

bool net_addr_same_host(const union net_addr *a, const union net_addr *b)
{
	if (a->sa.sa_family != b->sa.sa_family)
		return false;
	if (a->sa.sa_family == AF_INET6)
		return IN6_ARE_ADDR_EQUAL(&a->v6.sin6_addr, &b->v6.sin6_addr);
	return a->v4.sin_addr.s_addr == b->v4.sin_addr.s_addr;
}
