// SPDX-License-Identifier: MIT
#include <errno.h>
#include <event2/event.h>
#include <netinet/in.h>
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

/* bound to @addr with its port; @natt: the one of port 4500 */
struct net_socket {
	struct net *net;
	int fd;
	bool natt;
	struct ike_addr addr;
	struct event *readable;
};

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

union any_sockaddr {
	struct sockaddr sa;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

bool net_addr_is_any(const struct ike_addr *addr)
{
	static const uint8_t zero[16];

	return !memcmp(addr->ip, zero, addr->len);
}

static socklen_t to_sockaddr(const struct ike_addr *from,
			     union any_sockaddr *to)
{
	memset(to, 0, sizeof(*to));
	if (from->len == 16) {
		to->v6.sin6_family = AF_INET6;
		to->v6.sin6_port = htons(from->port);
		memcpy(&to->v6.sin6_addr, from->ip, 16);
		return sizeof(to->v6);
	}
	to->v4.sin_family = AF_INET;
	to->v4.sin_port = htons(from->port);
	memcpy(&to->v4.sin_addr, from->ip, 4);
	return sizeof(to->v4);
}

static void from_sockaddr(const union any_sockaddr *from, struct ike_addr *to)
{
	bool v6 = from->sa.sa_family == AF_INET6;

	memset(to, 0, sizeof(*to));
	to->len = v6 ? 16 : 4;
	to->port = ntohs(v6 ? from->v6.sin6_port : from->v4.sin_port);
	if (v6)
		memcpy(to->ip, &from->v6.sin6_addr, 16);
	else
		memcpy(to->ip, &from->v4.sin_addr, 4);
}

/* the address the peer used: the answer has to come from there */
static void read_pktinfo(struct msghdr *mh, struct ike_addr *local)
{
	struct in6_pktinfo *i6;
	struct in_pktinfo *i4;
	struct cmsghdr *c;

	for (c = CMSG_FIRSTHDR(mh); c; c = CMSG_NXTHDR(mh, c)) {
		if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
			i4 = (struct in_pktinfo *)CMSG_DATA(c);
			memcpy(local->ip, &i4->ipi_spec_dst, 4);
		} else if (c->cmsg_level == IPPROTO_IPV6 &&
			   c->cmsg_type == IPV6_PKTINFO) {
			i6 = (struct in6_pktinfo *)CMSG_DATA(c);
			memcpy(local->ip, &i6->ipi6_addr, 16);
		}
	}
}

static void write_pktinfo(struct msghdr *mh, const struct ike_path *path,
			  unsigned int ifindex)
{
	struct in6_pktinfo i6 = { .ipi6_ifindex = ifindex };
	struct in_pktinfo i4 = { .ipi_ifindex = (int)ifindex };
	bool v6 = path->remote.len == 16;
	size_t size = v6 ? sizeof(i6) : sizeof(i4);
	struct cmsghdr *c = mh->msg_control;

	memcpy(&i6.ipi6_addr, path->local.ip, 16);
	memcpy(&i4.ipi_spec_dst, path->local.ip, 4);
	c->cmsg_level = v6 ? IPPROTO_IPV6 : IPPROTO_IP;
	c->cmsg_type = v6 ? IPV6_PKTINFO : IP_PKTINFO;
	c->cmsg_len = CMSG_LEN(size);
	mh->msg_controllen = CMSG_SPACE(size);
	memcpy(CMSG_DATA(c), v6 ? (void *)&i6 : (void *)&i4, size);
}

/*
 * On port 4500 the kernel has eaten the ESP whose SPI it knows. What is left
 * without a marker is ESP for nobody, or a keepalive.
 */
static void input_one(struct net_socket *s, const struct ike_path *path,
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
	struct ike_path path = { .local = s->addr, .natt = s->natt };
	struct iovec iov = { s->net->buf, sizeof(s->net->buf) };
	union any_sockaddr remote;
	union control control;
	struct msghdr mh = {
		.msg_name = &remote,
		.msg_namelen = sizeof(remote),
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
	from_sockaddr(&remote, &path.remote);
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

static int set_options(int fd, bool v6, uint32_t fwmark)
{
	int err;

	if (v6)
		err = set_int(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1) ||
		      set_int(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
	else /* let routers fragment: big IKE messages must arrive */
		err = set_int(fd, IPPROTO_IP, IP_PKTINFO, 1) ||
		      set_int(fd, IPPROTO_IP, IP_MTU_DISCOVER,
			      IP_PMTUDISC_DONT);
	if (!err && fwmark)
		err = set_int(fd, SOL_SOCKET, SO_MARK, (int)fwmark);
	return err ? -errno : 0;
}

static int bind_socket(const struct ike_addr *addr, uint32_t fwmark)
{
	union any_sockaddr to;
	socklen_t len = to_sockaddr(addr, &to);
	int err, fd = socket(to.sa.sa_family,
			     SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -errno;
	err = set_options(fd, addr->len == 16, fwmark);
	if (!err && bind(fd, &to.sa, len))
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
		      const struct net_config *config, struct ike_addr addr,
		      bool natt)
{
	struct net_socket *s = &net->sock[net->n];
	char text[IKE_ADDR_TEXT_MAX];
	int fd;

	addr.port = natt ? config->natt_port : config->port;
	fd = bind_socket(&addr, config->fwmark);
	if (fd < 0) {
		if (fd != -EAFNOSUPPORT)
			log_err("cannot bind %s: %s",
				ike_addr_print(&addr, text), bind_hint(fd));
		return fd;
	}
	*s = (struct net_socket){ net, fd, natt, addr, NULL };
	net->n++;
	s->readable = event_new(base, fd, EV_READ | EV_PERSIST, on_readable, s);
	if (!s->readable || event_add(s->readable, NULL))
		return -ENOMEM;
	return 0;
}

static int add_all(struct net *net, struct event_base *base,
		   const struct net_config *config)
{
	static const struct ike_addr any[] = { { .len = 4 }, { .len = 16 } };
	const struct ike_addr *addr = config->n_listen ? config->listen : any;
	unsigned int i, n = config->n_listen ? config->n_listen : 2;
	int err = 0;

	for (i = 0; i < n && !err; i++) {
		err = add_socket(net, base, config, addr[i], false);
		if (!err)
			err = add_socket(net, base, config, addr[i], true);
	}
	/* a machine without IPv6 is all right */
	if (err == -EAFNOSUPPORT && !config->n_listen && i == 2)
		return 0;
	return err;
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
					    const struct ike_path *path)
{
	const struct net_socket *s;

	for (s = net->sock; s < net->sock + net->n; s++)
		if (s->natt == path->natt && s->addr.len == path->remote.len &&
		    (net_addr_is_any(&s->addr) ||
		     net_addr_is_any(&path->local) ||
		     ike_addr_same_host(&s->addr, &path->local)))
			return s;
	return NULL;
}

static int send_iov(struct net *net, const struct ike_path *path,
		    unsigned int ifindex, struct iovec *iov, size_t n)
{
	const struct net_socket *s = find_socket(net, path);
	union control control = { 0 };
	union any_sockaddr to;
	struct msghdr mh = {
		.msg_name = &to,
		.msg_namelen = to_sockaddr(&path->remote, &to),
		.msg_iov = iov,
		.msg_iovlen = n,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};

	if (!s)
		return -EADDRNOTAVAIL;
	write_pktinfo(&mh, path, ifindex);
	return sendmsg(s->fd, &mh, MSG_DONTWAIT) < 0 ? -errno : 0;
}

int net_send(struct net *net, const struct ike_path *path, unsigned int ifindex,
	     struct ike_span msg)
{
	static const uint8_t marker[MARKER_LEN];
	struct iovec iov[] = {
		{ (void *)marker, sizeof(marker) },
		{ (void *)msg.p, msg.len },
	};

	if (path->natt)
		return send_iov(net, path, ifindex, iov, 2);
	return send_iov(net, path, ifindex, iov + 1, 1);
}

int net_keepalive(struct net *net, const struct ike_path *path,
		  unsigned int ifindex)
{
	uint8_t byte = 0xff;
	struct iovec iov = { &byte, 1 };

	return send_iov(net, path, ifindex, &iov, 1);
}

void net_source(const struct ike_addr *remote, uint32_t fwmark,
		const char *link, struct ike_addr *local)
{
	union any_sockaddr to, from;
	socklen_t len = to_sockaddr(remote, &to), from_len = sizeof(from);
	int fd = socket(to.sa.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return;
	/* any port will do, but 0 is none */
	to.v4.sin_port = htons(500);
	if (fwmark)
		set_int(fd, SOL_SOCKET, SO_MARK, (int)fwmark);
	if (link[0])
		setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, link,
			   (socklen_t)strlen(link));
	if (!connect(fd, &to.sa, len) &&
	    !getsockname(fd, &from.sa, &from_len)) {
		from_sockaddr(&from, local);
		local->port = 0;
	}
	close(fd);
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
