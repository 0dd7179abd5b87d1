// SPDX-License-Identifier: GPL-2.0
/* ESP in UDP (RFC 3948), on a socket that belongs to an IKE daemon. */

#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/net.h>
#include <linux/slab.h>
#include <linux/udp.h>
#include <net/sock.h>
#include <net/udp.h>
#include <net/udp_tunnel.h>
#include "drop.h"
#include "esp.h"
#include "event.h"
#include "mtu.h"
#include "net.h"
#include "packet.h"
#include "sa.h"

/* RFC 3948 section 2.2: where ESP has its SPI, IKE has four zero bytes. */
#define UDP_IKE_MARKER	0

/**
 * struct ipsecx_socket - a socket that hands us ESP
 * @entry: in ipsecx_net.sockets
 * @sk: the socket, which takes the entry along when it goes
 * @destruct: what it had in sk_destruct
 *
 * Hooked where a socket's last reference ends, and not by encap_destroy, which
 * is not called any more once its owner has reset UDP_ENCAP.
 */
struct ipsecx_socket {
	struct list_head entry;
	struct sock *sk;
	void (*destruct)(struct sock *sk);
};

static int udp_esp(struct sock *sk, struct sk_buff *skb, __be32 spi)
{
	struct ipsecx_net *xn = ipsecx_net(sock_net(sk));
	struct ipsecx_sa *sa = ipsecx_sa_lookup(xn, spi);

	if (!sa) {
		if (ipsecx_once_a_second(&xn->unknown_told))
			ipsecx_event_unknown_spi(xn->net, skb, udp_hdr(skb),
						 spi);
		ipsecx_drop_netns(xn, skb, IPSECX_DROP_REASON_UNKNOWN_SPI);
		return 0;
	}
	__skb_pull(skb, sizeof(struct udphdr));
	ipsecx_rx(sa, skb, true);
	return 0;
}

/*
 * skb->data is at the UDP header, the checksum was good. Returns 1 to give
 * the datagram to the socket's owner, 0 when it was consumed.
 */
static int udp_encap_rcv(struct sock *sk, struct sk_buff *skb)
{
	const __be32 *spi;
	__be32 buf;

	/* A NAT keepalive (section 2.3) is one byte; its owner sees it. */
	if (skb->len < sizeof(struct udphdr) + sizeof(struct ipsecx_esp_hdr))
		return 1;
	spi = skb_header_pointer(skb, sizeof(struct udphdr), sizeof(buf), &buf);
	if (!spi || *spi == htonl(UDP_IKE_MARKER))
		return 1;
	return udp_esp(sk, skb, *spi);
}

/*
 * An ICMP error about what the socket's port sent, or something with its port
 * did; skb->data is at the IP header in it, behind 8 bytes of ICMP. What the
 * kernel makes of it itself misses routes by an underlay or a mark. Returns 0
 * if the packet is ours.
 */
static int udp_encap_err(struct sock *sk, struct sk_buff *skb)
{
	const struct icmp6hdr *icmp6 = (const void *)skb->data - sizeof(*icmp6);
	const struct icmphdr *icmp = (const void *)skb->data - sizeof(*icmp);
	struct net *net = sock_net(sk);

	if (udp_hdr(skb)->source != inet_sk(sk)->inet_sport)
		return -ENOENT;
	if (skb->data[0] >> 4 == 6) {
		if (icmp6->icmp6_type == ICMPV6_PKT_TOOBIG)
			ipsecx_mtu_learn6(net, skb, icmp6->icmp6_mtu);
	} else if (icmp->type == ICMP_DEST_UNREACH &&
		   icmp->code == ICMP_FRAG_NEEDED) {
		ipsecx_mtu_learn4(net, skb, ntohs(icmp->un.frag.mtu),
				  IPPROTO_UDP);
	}
	return 0;
}

/* Give sk_destruct back. The list's lock is held. */
static void udp_forget(struct ipsecx_socket *s)
{
	list_del(&s->entry);
	s->sk->sk_destruct = s->destruct;
	kfree(s);
}

/* If its entry is gone, ipsecx_udp_detach_all() was faster. */
static void udp_destruct(struct sock *sk)
{
	struct ipsecx_net *xn = ipsecx_net(sock_net(sk));
	struct ipsecx_socket *s, *tmp;

	spin_lock_bh(&xn->sockets_lock);
	list_for_each_entry_safe(s, tmp, &xn->sockets, entry)
		if (s->sk == sk)
			udp_forget(s);
	spin_unlock_bh(&xn->sockets_lock);
	sk->sk_destruct(sk);
}

static int udp_check(const struct sock *sk, const struct net *net,
		     struct netlink_ext_ack *extack)
{
	if (sk->sk_protocol != IPPROTO_UDP || sk->sk_type != SOCK_DGRAM ||
	    (sk->sk_family != AF_INET && sk->sk_family != AF_INET6)) {
		NL_SET_ERR_MSG(extack, "not a UDP socket");
		return -EPROTONOSUPPORT;
	}
	if (!net_eq(sock_net(sk), net)) {
		NL_SET_ERR_MSG(extack, "socket is of another namespace");
		return -EXDEV;
	}
	if (!inet_sk(sk)->inet_num) {
		NL_SET_ERR_MSG(extack, "socket is not bound to a port");
		return -EINVAL;
	}
	if (READ_ONCE(udp_sk(sk)->encap_type) ||
	    sk->sk_destruct == udp_destruct) {
		NL_SET_ERR_MSG(extack, "socket already has an encapsulation");
		return -EBUSY;
	}
	return 0;
}

/* Socket lock held. */
static int udp_hook(struct ipsecx_net *xn, struct sock *sk)
{
	struct ipsecx_socket *s = kmalloc(sizeof(*s), GFP_KERNEL);

	if (!s)
		return -ENOMEM;
	s->sk = sk;
	s->destruct = sk->sk_destruct;
	spin_lock_bh(&xn->sockets_lock);
	list_add(&s->entry, &xn->sockets);
	sk->sk_destruct = udp_destruct;
	spin_unlock_bh(&xn->sockets_lock);
	WRITE_ONCE(udp_sk(sk)->encap_rcv, udp_encap_rcv);
	WRITE_ONCE(udp_sk(sk)->encap_err_lookup, udp_encap_err);
	/* The type gates the rest for readers. */
	smp_store_release(&udp_sk(sk)->encap_type, UDP_ENCAP_ESPINUDP);
	udp_tunnel_encap_enable(sk);
	return 0;
}

int ipsecx_udp_attach(struct net *net, int fd, struct netlink_ext_ack *extack)
{
	struct socket *sock;
	int err;

	sock = sockfd_lookup(fd, &err);
	if (!sock) {
		NL_SET_ERR_MSG(extack, "fd is not a socket");
		return err;
	}
	lock_sock(sock->sk);
	err = udp_check(sock->sk, net, extack);
	if (!err)
		err = udp_hook(ipsecx_net(net), sock->sk);
	release_sock(sock->sk);
	sockfd_put(sock);
	return err;
}

/* Unless its owner has put somebody else there. */
static void udp_unhook(struct sock *sk)
{
	if (READ_ONCE(udp_sk(sk)->encap_rcv) != udp_encap_rcv)
		return;
	WRITE_ONCE(udp_sk(sk)->encap_type, 0);
	WRITE_ONCE(udp_sk(sk)->encap_rcv, NULL);
	WRITE_ONCE(udp_sk(sk)->encap_err_lookup, NULL);
}

/*
 * A socket that is going meanwhile waits for the lock, so it is still there.
 * Sockets with a port go after a grace period: rcu_barrier() waits for them.
 */
void ipsecx_udp_detach_all(struct ipsecx_net *xn)
{
	struct ipsecx_socket *s, *tmp;

	spin_lock_bh(&xn->sockets_lock);
	list_for_each_entry_safe(s, tmp, &xn->sockets, entry) {
		udp_unhook(s->sk);
		udp_forget(s);
	}
	spin_unlock_bh(&xn->sockets_lock);
}
