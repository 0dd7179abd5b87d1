// SPDX-License-Identifier: MIT
#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "log.h"
#include "net.h"

#define MARKER_LEN   4 /* non-ESP marker, RFC 3948 section 2.2 */
#define DATAGRAM_MAX 65536
#define BURST_MAX    64 /* datagrams between two looks at the rest */
#define SOCKETS_MAX  (2 * NET_LISTEN_MAX)

/**
 * struct net_socket - one bound socket
 * @net: whose it is
 * @fd: the socket
 * @natt: of port 4500
 * @addr: what it is bound to
 * @readable: fires when a datagram is there
 */
struct net_socket {
	struct net *net;
	int fd;
	bool natt;
	union net_addr addr;
	struct event *readable;
};

/**
 * struct net - all of them
 * @input: whom messages go to
 * @data: passed to @input
 * @n: how many of @sock are used
 * @sock: the sockets
 * @buf: where a datagram is received
 */
struct net {
	net_input_cb input;
	void *data;
	unsigned int n;
	struct net_socket sock[SOCKETS_MAX];
	uint8_t buf[DATAGRAM_MAX];
};

/* room for one packet info of either family */
union control {
	struct cmsghdr align;
	uint8_t room[CMSG_SPACE(sizeof(struct in6_pktinfo))];
};

static socklen_t addr_len(const union net_addr *addr)
{
	return addr->sa.sa_family == AF_INET6 ? sizeof(addr->v6) :
						sizeof(addr->v4);
}

/* the address the peer used: the answer has to come from there */
static void read_pktinfo(struct msghdr *mh, union net_addr *local)
{
	struct in6_pktinfo *i6;
	struct in_pktinfo *i4;
	struct cmsghdr *c;

	for (c = CMSG_FIRSTHDR(mh); c; c = CMSG_NXTHDR(mh, c)) {
		if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
			i4 = (struct in_pktinfo *)CMSG_DATA(c);
			local->v4.sin_addr = i4->ipi_spec_dst;
		} else if (c->cmsg_level == IPPROTO_IPV6 &&
			   c->cmsg_type == IPV6_PKTINFO) {
			i6 = (struct in6_pktinfo *)CMSG_DATA(c);
			local->v6.sin6_addr = i6->ipi6_addr;
		}
	}
}

static void write_pktinfo(struct msghdr *mh, const struct net_path *path)
{
	bool v6 = path->remote.sa.sa_family == AF_INET6;
	struct cmsghdr *c = mh->msg_control;
	struct in6_pktinfo i6 = { .ipi6_ifindex = path->ifindex };
	struct in_pktinfo i4 = { .ipi_ifindex = (int)path->ifindex };

	c->cmsg_level = v6 ? IPPROTO_IPV6 : IPPROTO_IP;
	c->cmsg_type = v6 ? IPV6_PKTINFO : IP_PKTINFO;
	c->cmsg_len = v6 ? CMSG_LEN(sizeof(i6)) : CMSG_LEN(sizeof(i4));
	mh->msg_controllen = v6 ? CMSG_SPACE(sizeof(i6)) :
				  CMSG_SPACE(sizeof(i4));
	if (v6) {
		i6.ipi6_addr = path->local.v6.sin6_addr;
		memcpy(CMSG_DATA(c), &i6, sizeof(i6));
	} else {
		i4.ipi_spec_dst = path->local.v4.sin_addr;
		memcpy(CMSG_DATA(c), &i4, sizeof(i4));
	}
}

/*
 * On port 4500 the kernel has eaten the ESP whose SPI it knows. What is left
 * without a marker is ESP for nobody, or a keepalive.
 */
static void input_one(struct net_socket *s, const struct net_path *path,
		      struct ike_span msg)
{
	static const uint8_t marker[MARKER_LEN];

	if (s->natt) {
		if (msg.len < MARKER_LEN || memcmp(msg.p, marker, MARKER_LEN))
			return;
		msg.p += MARKER_LEN;
		msg.len -= MARKER_LEN;
	}
	s->net->input(path, msg, s->net->data);
}

static bool receive_one(struct net_socket *s)
{
	struct net_path path = { .local = s->addr, .natt = s->natt };
	struct iovec iov = { s->net->buf, sizeof(s->net->buf) };
	union control control;
	struct msghdr mh = {
		.msg_name = &path.remote,
		.msg_namelen = sizeof(path.remote),
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	ssize_t len = recvmsg(s->fd, &mh, MSG_DONTWAIT);

	/* an ICMP error of an earlier send is in errno: look again */
	if (len < 0)
		return errno != EAGAIN && errno != EBADF;
	if (mh.msg_flags & MSG_TRUNC)
		return true;
	read_pktinfo(&mh, &path.local);
	input_one(s, &path, ike_span(s->net->buf, (size_t)len));
	return true;
}

static void on_readable(evutil_socket_t fd, short what, void *data)
{
	unsigned int i;

	for (i = 0; i < BURST_MAX && receive_one(data); i++)
		;
}

static int set_int(int fd, int level, int name, int value)
{
	return setsockopt(fd, level, name, &value, sizeof(value));
}

static int set_options(int fd, int family, uint32_t fwmark)
{
	if (family == AF_INET6) {
		if (set_int(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1) ||
		    set_int(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1))
			return -errno;
	} else if (set_int(fd, IPPROTO_IP, IP_PKTINFO, 1) ||
		   /* let routers fragment: big IKE messages must arrive */
		   set_int(fd, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DONT)) {
		return -errno;
	}
	if (fwmark && set_int(fd, SOL_SOCKET, SO_MARK, (int)fwmark))
		return -errno;
	return 0;
}

static int bind_socket(const union net_addr *addr, uint32_t fwmark)
{
	int err, fd = socket(addr->sa.sa_family,
			     SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -errno;
	err = set_options(fd, addr->sa.sa_family, fwmark);
	if (!err && bind(fd, &addr->sa, addr_len(addr)))
		err = -errno;
	if (!err)
		return fd;
	close(fd);
	return err;
}

static const char *bind_hint(int err)
{
	switch (-err) {
	case EADDRINUSE:
		return "another IKE daemon has the port; stop it, or give each its own addresses with listen";
	case EADDRNOTAVAIL:
		return "this machine does not have the address";
	case EACCES:
	case EPERM:
		return "ipsecxd must be started with CAP_NET_ADMIN and CAP_NET_BIND_SERVICE";
	default:
		return strerror(-err);
	}
}

static int add_socket(struct net *net, struct event_base *base,
		      union net_addr addr, uint16_t port, uint32_t fwmark)
{
	struct net_socket *s = &net->sock[net->n];
	char text[NET_ADDR_TEXT];
	int fd;

	net_addr_set_port(&addr, port);
	fd = bind_socket(&addr, fwmark);
	if (fd < 0) {
		if (fd != -EAFNOSUPPORT)
			log_err("cannot bind %s: %s",
				net_addr_print(&addr, text, sizeof(text)),
				bind_hint(fd));
		return fd;
	}
	*s = (struct net_socket){ .net = net, .fd = fd, .addr = addr };
	net->n++;
	s->readable = event_new(base, fd, EV_READ | EV_PERSIST, on_readable, s);
	if (!s->readable || event_add(s->readable, NULL))
		return -ENOMEM;
	return 0;
}

static int add_pair(struct net *net, struct event_base *base,
		    const struct net_config *config, const union net_addr *addr)
{
	int err;

	err = add_socket(net, base, *addr, config->port, config->fwmark);
	if (err)
		return err;
	err = add_socket(net, base, *addr, config->natt_port, config->fwmark);
	if (!err)
		net->sock[net->n - 1].natt = true;
	return err;
}

static int add_all(struct net *net, struct event_base *base,
		   const struct net_config *config)
{
	union net_addr any4 = { .v4.sin_family = AF_INET };
	union net_addr any6 = { .v6.sin6_family = AF_INET6 };
	unsigned int i;
	int err = 0;

	for (i = 0; i < config->n_listen && !err; i++)
		err = add_pair(net, base, config, &config->listen[i]);
	if (config->n_listen)
		return err;
	err = add_pair(net, base, config, &any4);
	if (err)
		return err;
	err = add_pair(net, base, config, &any6);
	return err == -EAFNOSUPPORT ? 0 : err;
}

int net_open(struct net **net, struct event_base *base,
	     const struct net_config *config, net_input_cb input, void *data)
{
	struct net *n = calloc(1, sizeof(*n));
	int err;

	if (!n)
		return -ENOMEM;
	n->input = input;
	n->data = data;
	err = add_all(n, base, config);
	if (err) {
		net_close(n);
		return err;
	}
	*net = n;
	return 0;
}

int net_each_natt(const struct net *net, int (*attach)(int fd, void *data),
		  void *data)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < net->n && !ret; i++)
		if (net->sock[i].natt)
			ret = attach(net->sock[i].fd, data);
	return ret;
}

static const struct net_socket *find_socket(const struct net *net,
					    const struct net_path *path)
{
	const struct net_socket *s;

	for (s = net->sock; s < net->sock + net->n; s++)
		if (s->natt == path->natt &&
		    s->addr.sa.sa_family == path->remote.sa.sa_family &&
		    (net_addr_is_any(&s->addr) ||
		     net_addr_is_any(&path->local) ||
		     net_addr_same_host(&s->addr, &path->local)))
			return s;
	return NULL;
}

static int send_iov(struct net *net, const struct net_path *path,
		    struct iovec *iov, size_t n)
{
	const struct net_socket *s = find_socket(net, path);
	union net_addr to = path->remote;
	union control control = { 0 };
	struct msghdr mh = {
		.msg_name = &to,
		.msg_namelen = addr_len(&to),
		.msg_iov = iov,
		.msg_iovlen = n,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};

	if (!s)
		return -EADDRNOTAVAIL;
	write_pktinfo(&mh, path);
	if (sendmsg(s->fd, &mh, MSG_DONTWAIT) < 0)
		return -errno;
	return 0;
}

int net_send(struct net *net, const struct net_path *path, struct ike_span msg)
{
	static const uint8_t marker[MARKER_LEN];
	struct iovec iov[] = {
		{ (void *)marker, sizeof(marker) },
		{ (void *)msg.p, msg.len },
	};

	if (path->natt)
		return send_iov(net, path, iov, 2);
	return send_iov(net, path, iov + 1, 1);
}

int net_keepalive(struct net *net, const struct net_path *path)
{
	uint8_t byte = 0xff;
	struct iovec iov = { &byte, 1 };

	return send_iov(net, path, &iov, 1);
}

void net_close(struct net *net)
{
	unsigned int i;

	if (!net)
		return;
	for (i = 0; i < net->n; i++) {
		if (net->sock[i].readable)
			event_free(net->sock[i].readable);
		close(net->sock[i].fd);
	}
	free(net);
}
