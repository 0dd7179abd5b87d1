/* SPDX-License-Identifier: MIT */
/*
 * The UDP sockets of IKE: port 500 and port 4500 (RFC 7296 section 2.23), of
 * both address families. On port 4500 an IKE message is behind four zero
 * bytes, the non-ESP marker, which is added and taken away here.
 */
#ifndef DAEMON_NET_H
#define DAEMON_NET_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "wire.h"

#define NET_LISTEN_MAX 16

struct event_base;
struct net;

/**
 * union net_addr - an address and a port
 * @sa: by its family
 * @v4: AF_INET
 * @v6: AF_INET6
 */
union net_addr {
	struct sockaddr sa;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

/**
 * struct net_path - the way of a datagram
 * @local: our end; the address may be unspecified when sending
 * @remote: the peer's end
 * @natt: over the socket of port 4500, with the marker
 * @ifindex: interface to send by, 0 for whatever routing says
 */
struct net_path {
	union net_addr local;
	union net_addr remote;
	bool natt;
	unsigned int ifindex;
};

/**
 * struct net_config - what to bind
 * @port: port of IKE without NAT, 500
 * @natt_port: port of IKE and ESP in UDP, 4500
 * @fwmark: mark of all packets sent, 0 for none
 * @n_listen: how many of @listen are used; none: every address
 * @listen: addresses to bind, without ports
 */
struct net_config {
	uint16_t port;
	uint16_t natt_port;
	uint32_t fwmark;
	unsigned int n_listen;
	union net_addr listen[NET_LISTEN_MAX];
};

/* one IKE message, without the marker; valid during the call */
typedef void (*net_input_cb)(const struct net_path *path, struct ike_span msg,
			     void *data);

/**
 * net_open() - bind all sockets
 * @net: takes the sockets
 * @base: event loop
 * @config: what to bind
 * @input: called for each message
 * @data: passed to @input
 *
 * A machine without IPv6 is all right unless an IPv6 address was asked for.
 * What fails is logged.
 *
 * Return: 0 or a negative errno.
 */
int net_open(struct net **net, struct event_base *base,
	     const struct net_config *config, net_input_cb input, void *data);

/* each socket on which ESP in UDP arrives; stops at and returns non-zero */
int net_each_natt(const struct net *net, int (*attach)(int fd, void *data),
		  void *data);

/**
 * net_send() - send an IKE message
 * @net: sockets
 * @path: which way
 * @msg: the message, without the marker
 *
 * Return: 0 or a negative errno: IKE repeats what got lost, so that a full
 * queue is nothing to wait for.
 */
int net_send(struct net *net, const struct net_path *path, struct ike_span msg);

/* send a NAT-keepalive (RFC 3948 section 2.3) */
int net_keepalive(struct net *net, const struct net_path *path);

/* address and port as text, at least NET_ADDR_TEXT bytes */
#define NET_ADDR_TEXT 64
const char *net_addr_print(const union net_addr *addr, char *buf, size_t size);

/* "192.0.2.1" or "2001:db8::1"; the port becomes 0 */
int net_addr_parse(const char *text, union net_addr *addr);

void net_addr_set_port(union net_addr *addr, uint16_t port);
uint16_t net_addr_port(const union net_addr *addr);
bool net_addr_is_any(const union net_addr *addr);
bool net_addr_same_host(const union net_addr *a, const union net_addr *b);

void net_close(struct net *net);

#endif
