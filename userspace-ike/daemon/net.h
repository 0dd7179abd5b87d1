/* SPDX-License-Identifier: MIT */
/*
 * The UDP sockets of IKE: port 500 and port 4500 (RFC 7296 section 2.23), of
 * both address families. On port 4500 an IKE message is behind four zero
 * bytes, the non-ESP marker, which is added and taken away here.
 */
#ifndef DAEMON_NET_H
#define DAEMON_NET_H

#include "engine.h"

#define NET_LISTEN_MAX 16

struct event_base;
struct net;

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
	struct ike_addr listen[NET_LISTEN_MAX];
};

/* one IKE message, without the marker; valid during the call */
typedef void (*net_input_cb)(const struct ike_path *path, struct ike_span msg,
			     void *data);

/*
 * Bind all sockets and call @input for each message. A machine without IPv6 is
 * all right unless an IPv6 address was asked for. What fails is logged.
 * Return: 0 or a negative errno.
 */
int net_open(struct net **net, struct event_base *base,
	     const struct net_config *config, net_input_cb input, void *data);
void net_close(struct net *net);

/* each socket on which ESP in UDP arrives; stops at and returns non-zero */
int net_each_natt(const struct net *net, int (*attach)(int fd, void *data),
		  void *data);

/*
 * Send an IKE message, or a NAT-keepalive (RFC 3948 section 2.3), by the
 * interface @ifindex, 0 for whatever routing says. IKE repeats what got lost,
 * so that a full queue is nothing to wait for. Return: 0 or a negative errno.
 */
int net_send(struct net *net, const struct ike_path *path, unsigned int ifindex,
	     struct ike_span msg);
int net_keepalive(struct net *net, const struct ike_path *path,
		  unsigned int ifindex);

/* 0.0.0.0 or :: or none */
bool net_addr_is_any(const struct ike_addr *addr);

/*
 * Our address towards a peer, as routing has it, with a mark, on an interface
 * unless @link is empty. @local is left alone when there is no route.
 */
void net_source(const struct ike_addr *remote, uint32_t fwmark,
		const char *link, struct ike_addr *local);

#endif
