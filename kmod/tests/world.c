// SPDX-License-Identifier: GPL-2.0
/*
 * A world for packets: an ipsecx device of the module that is loaded, its policy
 * and SAs, made and unmade through netlink, and what leaves it and arrives.
 * What is expected is computed here, from the RFCs and not by that module.
 */

#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/if_link.h>
#include <linux/inetdevice.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netfilter.h>
#include <linux/rtnetlink.h>
#include <linux/udp.h>
#include <linux/unaligned.h>
#include <net/addrconf.h>
#include <net/genetlink.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/ip6_route.h>
#include <net/sch_generic.h>
#include <net/sock.h>
#include "../esp.h"
#include "world.h"

#define WORLD_UNDER	"own-under"
#define WORLD_DEV	"own-ipsec"

static const struct in6_addr world_local6 = {
	.s6_addr = { 0xfd, 0, 0, 1, [15] = 1 }
};

static const struct in6_addr world_remote6 = {
	.s6_addr = { 0xfd, 0, 0, 1, [15] = 2 }
};

/* With its salt. */
static const u8 world_key[] = "0123456789abcdefsalt";

const struct world_kind world_kinds[] = {
	{ },
	{ .v6 = true, .esn = true },
	{ .udp = true, .esn = true },
	{ .udp = true, .v6 = true },
	{ .transport = true },
	{ .transport = true, .v6 = true },
	{ .transport = true, .udp = true },
	{ .transport = true, .udp = true, .v6 = true, .esn = true },
};

const unsigned int world_kinds_n = ARRAY_SIZE(world_kinds);

/* Set while there is one, for those who have no pointer. */
static struct world *world_current;

/* Netlink */

static int world_recv(struct socket *sock, void *buf, unsigned int len)
{
	struct kvec vec = { .iov_base = buf, .iov_len = len };
	struct msghdr msg = { };

	return kernel_recvmsg(sock, &msg, &vec, 1, len, MSG_DONTWAIT);
}

/*
 * Send @skb and return the error that the answer says, 0 for none. The kernel
 * has done what was asked for when sending ends. What comes before the
 * acknowledgment is left in @reply.
 */
static int world_talk(struct socket *sock, struct sk_buff *skb, u8 *reply,
		      unsigned int size)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct msghdr msg = { .msg_name = &kernel,
			      .msg_namelen = sizeof(kernel) };
	struct kvec vec = { .iov_base = skb->data, .iov_len = skb->len };
	u8 buf[512] __aligned(4);
	struct nlmsghdr *nlh = (void *)buf;
	int err;

	err = kernel_sendmsg(sock, &msg, &vec, 1, skb->len);
	nlmsg_free(skb);
	if (err < 0)
		return err;
	do {
		err = world_recv(sock, buf, sizeof(buf));
		if (err < 0)
			return err;
		if (reply && nlh->nlmsg_type != NLMSG_ERROR)
			memcpy(reply, buf, min_t(unsigned int, err, size));
	} while (nlh->nlmsg_type != NLMSG_ERROR);
	return ((struct nlmsgerr *)nlmsg_data(nlh))->error;
}

/* A request of the family, to fill in. Never fails but by injection. */
static struct sk_buff *world_genl(struct world *w, u16 family, u8 cmd)
{
	struct sk_buff *skb = nlmsg_new(1024, GFP_KERNEL);
	struct genlmsghdr *genl;
	struct nlmsghdr *nlh;

	if (!skb)
		return NULL;
	nlh = nlmsg_put(skb, 0, ++w->seq, family, GENL_HDRLEN,
			NLM_F_REQUEST | NLM_F_ACK);
	genl = nlmsg_data(nlh);
	*genl = (struct genlmsghdr){ .cmd = cmd, .version = 1 };
	if (family == w->family)
		nla_put_u32(skb, IPSECX_A_DEVICE_IFINDEX, w->dev->ifindex);
	return skb;
}

static int world_do(struct world *w, struct sk_buff *skb, u8 *reply,
		    unsigned int size)
{
	if (!skb)
		return -ENOMEM;
	nlmsg_end(skb, nlmsg_hdr(skb));
	return world_talk(w->genl, skb, reply, size);
}

static struct nlattr *world_attr(void *reply, int attr)
{
	return nla_find(reply + NLMSG_HDRLEN + GENL_HDRLEN,
			nlmsg_len(reply) - GENL_HDRLEN, attr);
}

static int world_find_family(struct world *w)
{
	struct sk_buff *skb = world_genl(w, GENL_ID_CTRL, CTRL_CMD_GETFAMILY);
	u8 reply[512] __aligned(4) = { };
	struct nlattr *id;
	int err;

	nla_put_string(skb, CTRL_ATTR_FAMILY_NAME, IPSECX_FAMILY_NAME);
	err = world_do(w, skb, reply, sizeof(reply));
	if (err)
		return err;
	id = world_attr(reply, CTRL_ATTR_FAMILY_ID);
	w->family = id ? nla_get_u16(id) : 0;
	return id ? 0 : -ENOENT;
}

static void world_put_addr(struct world *w, struct sk_buff *skb, int attr,
			   u32 v4, const struct in6_addr *v6)
{
	if (w->kind.v6)
		nla_put_in6_addr(skb, attr, v6);
	else
		nla_put_be32(skb, attr, htonl(v4));
}

static void world_put_outer(struct world *w, struct sk_buff *skb)
{
	world_put_addr(w, skb, IPSECX_A_POLICY_LOCAL, WORLD_LOCAL4,
		       &world_local6);
	world_put_addr(w, skb, IPSECX_A_POLICY_REMOTE, WORLD_REMOTE4,
		       &world_remote6);
	if (!w->kind.udp)
		return;
	nla_put_u32(skb, IPSECX_A_POLICY_ENCAP, IPSECX_ENCAP_UDP);
	nla_put_u16(skb, IPSECX_A_POLICY_LOCAL_PORT, WORLD_PORT);
	nla_put_u16(skb, IPSECX_A_POLICY_REMOTE_PORT, WORLD_PORT);
}

static void world_put_selector(struct sk_buff *skb)
{
	nla_nest_end(skb, nla_nest_start(skb, IPSECX_A_POLICY_SELECTOR));
}

int world_policy_new(struct world *w)
{
	struct sk_buff *skb = world_genl(w, w->family, IPSECX_CMD_POLICY_NEW);
	u8 reply[512] __aligned(4) = { };
	struct nlattr *id;
	int err;

	if (!skb)
		return -ENOMEM;
	nla_put_u32(skb, IPSECX_A_POLICY_MODE, w->kind.transport ?
		    IPSECX_MODE_TRANSPORT : IPSECX_MODE_TUNNEL);
	world_put_outer(w, skb);
	world_put_selector(skb);
	err = world_do(w, skb, reply, sizeof(reply));
	id = err ? NULL : world_attr(reply, IPSECX_A_POLICY_ID);
	if (id)
		w->policy = nla_get_u32(id);
	return err;
}

static struct sk_buff *world_policy_cmd(struct world *w, u8 cmd)
{
	struct sk_buff *skb = world_genl(w, w->family, cmd);

	if (skb)
		nla_put_u32(skb, IPSECX_A_POLICY_ID, w->policy);
	return skb;
}

int world_policy_set(struct world *w)
{
	struct sk_buff *skb = world_policy_cmd(w, IPSECX_CMD_POLICY_SET);

	if (skb) {
		nla_put_u32(skb, IPSECX_A_POLICY_PRIORITY, 7);
		world_put_outer(w, skb);
		world_put_selector(skb);
	}
	return world_do(w, skb, NULL, 0);
}

int world_policy_del(struct world *w)
{
	return world_do(w, world_policy_cmd(w, IPSECX_CMD_POLICY_DEL), NULL, 0);
}

int world_sa_new(struct world *w, bool out)
{
	struct sk_buff *skb = world_genl(w, w->family, IPSECX_CMD_SA_NEW);

	if (!skb)
		return -ENOMEM;
	nla_put_u32(skb, IPSECX_A_SA_POLICY, w->policy);
	nla_put_u32(skb, IPSECX_A_SA_DIRECTION, out ? IPSECX_DIRECTION_OUT :
						      IPSECX_DIRECTION_IN);
	nla_put_be32(skb, IPSECX_A_SA_SPI,
		     htonl(out ? WORLD_SPI_OUT : WORLD_SPI_IN));
	nla_put_u16(skb, IPSECX_A_SA_ENCR, IPSECX_ENCR_AES_GCM_16);
	nla_put(skb, IPSECX_A_SA_ENCR_KEY, sizeof(world_key) - 1, world_key);
	if (w->kind.esn)
		nla_put_flag(skb, IPSECX_A_SA_ESN);
	if (out)
		nla_put_flag(skb, IPSECX_A_SA_ACTIVATE);
	return world_do(w, skb, NULL, 0);
}

int world_sa_del(struct world *w, const struct ipsecx_sa *sa)
{
	struct sk_buff *skb = world_genl(w, w->family, IPSECX_CMD_SA_DEL);

	if (skb)
		nla_put_u32(skb, IPSECX_A_SA_ID, sa->id);
	return world_do(w, skb, NULL, 0);
}

static int world_attach(struct world *w, int fd)
{
	struct sk_buff *skb = nlmsg_new(256, GFP_KERNEL);
	struct genlmsghdr *genl;

	if (!skb)
		return -ENOMEM;
	genl = nlmsg_data(nlmsg_put(skb, 0, ++w->seq, w->family, GENL_HDRLEN,
				    NLM_F_REQUEST | NLM_F_ACK));
	*genl = (struct genlmsghdr){ .cmd = IPSECX_CMD_SOCKET_ATTACH,
				     .version = 1 };
	nla_put_u32(skb, IPSECX_A_SOCKET_FD, fd);
	return world_do(w, skb, NULL, 0);
}

/* A new link is down at first. */
static struct sk_buff *world_link(struct world *w, int cmd, int flags,
				  int ifindex)
{
	struct sk_buff *skb = nlmsg_new(1024, GFP_KERNEL);
	struct ifinfomsg *ifm;

	if (!skb)
		return NULL;
	ifm = nlmsg_data(nlmsg_put(skb, 0, ++w->seq, cmd, sizeof(*ifm),
				   NLM_F_REQUEST | NLM_F_ACK | flags));
	memset(ifm, 0, sizeof(*ifm));
	ifm->ifi_index = ifindex;
	return skb;
}

static int world_make_link(struct world *w, const char *name, const char *kind,
			   u32 mtu)
{
	struct sk_buff *skb = world_link(w, RTM_NEWLINK,
					 NLM_F_CREATE | NLM_F_EXCL, 0);
	struct nlattr *info;

	if (!skb)
		return -ENOMEM;
	nla_put_string(skb, IFLA_IFNAME, name);
	nla_put_u32(skb, IFLA_MTU, mtu);
	info = nla_nest_start_noflag(skb, IFLA_LINKINFO);
	nla_put_string(skb, IFLA_INFO_KIND, kind);
	nla_nest_end(skb, info);
	nlmsg_end(skb, nlmsg_hdr(skb));
	return world_talk(w->rtnl, skb, NULL, 0);
}

static int world_del_link(struct world *w, const struct net_device *dev)
{
	struct sk_buff *skb = world_link(w, RTM_DELLINK, 0, dev->ifindex);

	if (!skb)
		return -ENOMEM;
	nlmsg_end(skb, nlmsg_hdr(skb));
	return world_talk(w->rtnl, skb, NULL, 0);
}

static int world_make_addr(struct world *w, u8 family, const void *addr,
			   unsigned int len)
{
	struct sk_buff *skb = nlmsg_new(256, GFP_KERNEL);
	struct ifaddrmsg *ifa;

	ifa = nlmsg_data(nlmsg_put(skb, 0, ++w->seq, RTM_NEWADDR, sizeof(*ifa),
				   NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE));
	*ifa = (struct ifaddrmsg){ .ifa_family = family,
				   .ifa_prefixlen = len == 4 ? 24 : 64,
				   .ifa_flags = IFA_F_NODAD,
				   .ifa_index = w->under->ifindex };
	nla_put(skb, IFA_LOCAL, len, addr);
	nla_put(skb, IFA_ADDRESS, len, addr);
	nlmsg_end(skb, nlmsg_hdr(skb));
	return world_talk(w->rtnl, skb, NULL, 0);
}

/* Devices */

static rx_handler_result_t world_take_got(struct sk_buff **pskb)
{
	skb_queue_tail(&world_current->got, *pskb);
	return RX_HANDLER_CONSUMED;
}

/* Only what the module sends: the kernel has its own to say to neighbours. */
static unsigned int world_take_sent(void *priv, struct sk_buff *skb,
				    const struct nf_hook_state *state)
{
	u8 protocol = state->pf == NFPROTO_IPV4 ? ip_hdr(skb)->protocol :
						  ipv6_hdr(skb)->nexthdr;

	if (!world_current || state->out != world_current->under ||
	    protocol != (world_current->kind.udp ? IPPROTO_UDP : IPPROTO_ESP))
		return NF_ACCEPT;
	skb_queue_tail(&world_current->sent, skb);
	return NF_STOLEN;
}

static const struct nf_hook_ops world_hooks[] = {
	{
		.hook = world_take_sent,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_LOCAL_OUT,
		.priority = INT_MIN,
	}, {
		.hook = world_take_sent,
		.pf = NFPROTO_IPV6,
		.hooknum = NF_INET_LOCAL_OUT,
		.priority = INT_MIN,
	},
};

int world_link_new(struct world *w)
{
	int err = world_make_link(w, WORLD_DEV, "ipsecx", 65000);

	/* An answer that got lost is none that says it failed. */
	w->dev = dev_get_by_name(&init_net, WORLD_DEV);
	if (!w->dev)
		return err ?: -ENODEV;
	w->idev = netdev_priv(w->dev);
	rtnl_lock();
	/* Or IPv6 looks for neighbours, by packets that nobody expects. */
	__in6_dev_get(w->dev)->cnf.addr_gen_mode = IN6_ADDR_GEN_MODE_NONE;
	err = netdev_rx_handler_register(w->dev, world_take_got, NULL) ?:
	      dev_open(w->dev, NULL);
	rtnl_unlock();
	/* So that it may go while we look at it. */
	dev_put(w->dev);
	return err;
}

int world_link_del(struct world *w)
{
	int err = world_del_link(w, w->dev);

	if (!err)
		w->dev = NULL;
	return err;
}

/* IPv6 gets its addresses ready behind our back. */
static bool world_has_local6(void)
{
	struct flowi6 fl6 = { .daddr = world_local6 };
	struct dst_entry *dst = ip6_route_output(&init_net, NULL, &fl6);
	bool local = !dst->error && dst_rt6_info(dst)->rt6i_flags & RTF_LOCAL;

	dst_release(dst);
	return local;
}

/* And a queue is there some time after there was a carrier. */
static int world_wait(struct world *w)
{
	unsigned int tries;

	for (tries = 0; tries < 1000; tries++) {
		if (world_has_local6() && !qdisc_tx_is_noop(w->dev))
			return 0;
		msleep(20);
	}
	return -ETIMEDOUT;
}

static int world_make_under(struct world *w)
{
	__be32 local4 = htonl(WORLD_LOCAL4);
	int err = world_make_link(w, WORLD_UNDER, "dummy", 100000);

	if (err)
		return err;
	w->under = dev_get_by_name(&init_net, WORLD_UNDER);
	if (!w->under)
		return -ENODEV;
	rtnl_lock();
	err = dev_open(w->under, NULL);
	rtnl_unlock();
	err = err ?: world_make_addr(w, AF_INET, &local4, 4) ?:
	      world_make_addr(w, AF_INET6, &world_local6, 16) ?:
	      nf_register_net_hooks(&init_net, world_hooks,
				    ARRAY_SIZE(world_hooks));
	w->hooked = !err;
	return err;
}

/* An fd in our hands, for as long as the command takes. */
static int world_open_4500(struct world *w)
{
	struct sockaddr_storage addr = { };
	struct sockaddr_in6 *sin6 = (void *)&addr;
	struct sockaddr_in *sin = (void *)&addr;
	struct file *file;
	int err, fd;

	addr.ss_family = w->kind.v6 ? AF_INET6 : AF_INET;
	err = sock_create_kern(&init_net, addr.ss_family, SOCK_DGRAM,
			       IPPROTO_UDP, &w->sock4500);
	if (err)
		return err;
	*(w->kind.v6 ? &sin6->sin6_port : &sin->sin_port) = htons(WORLD_PORT);
	err = kernel_bind(w->sock4500, (void *)&addr, sizeof(addr));
	if (err) {
		sock_release(w->sock4500);
		w->sock4500 = NULL;
		return err;
	}
	file = sock_alloc_file(w->sock4500, O_CLOEXEC, NULL);
	if (IS_ERR(file)) {
		w->sock4500 = NULL;
		return PTR_ERR(file);
	}
	fd = get_unused_fd_flags(O_CLOEXEC);
	fd_install(fd, get_file(file));
	err = world_attach(w, fd);
	close_fd(fd);
	return err;
}

struct ipsecx_sa *world_sa(struct world *w, u32 spi)
{
	struct ipsecx_sa *sa;
	unsigned long id;

	xa_for_each(&w->idev->sas, id, sa)
		if (sa->spi == htonl(spi))
			return sa;
	return NULL;
}

static int world_make_oracle(struct world *w)
{
	int err;

	w->oracle = crypto_alloc_aead("rfc4106(gcm(aes))", 0, CRYPTO_ALG_ASYNC);
	if (IS_ERR(w->oracle))
		return PTR_ERR(w->oracle);
	err = crypto_aead_setkey(w->oracle, world_key, sizeof(world_key) - 1) ?:
	      crypto_aead_setauthsize(w->oracle, 16);
	if (err)
		return err;
	w->aad = kmalloc(32, GFP_KERNEL);
	w->req = aead_request_alloc(w->oracle, GFP_KERNEL);
	return w->aad && w->req ? 0 : -ENOMEM;
}

static int world_make(struct world *w)
{
	int err;

	err = sock_create_kern(&init_net, AF_NETLINK, SOCK_RAW,
			       NETLINK_GENERIC, &w->genl) ?:
	      sock_create_kern(&init_net, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE,
			       &w->rtnl) ?:
	      world_make_oracle(w) ?:
	      world_find_family(w) ?:
	      world_make_under(w) ?:
	      world_link_new(w) ?:
	      world_policy_new(w) ?:
	      world_sa_new(w, true) ?:
	      world_sa_new(w, false);
	if (!err && w->kind.udp)
		err = world_open_4500(w);
	if (err)
		return err;
	w->out = world_sa(w, WORLD_SPI_OUT);
	w->in = world_sa(w, WORLD_SPI_IN);
	return w->out && w->in ? world_wait(w) : -ENOENT;
}

struct world *world_new(struct kunit *test, const struct world_kind *kind)
{
	struct world *w = kunit_kzalloc(test, sizeof(*w), GFP_KERNEL);
	int err;

	KUNIT_ASSERT_NOT_NULL(test, w);
	w->kind = *kind;
	skb_queue_head_init(&w->sent);
	skb_queue_head_init(&w->got);
	world_current = w;
	err = world_make(w);
	if (err)
		world_free(w);
	KUNIT_ASSERT_EQ(test, err, 0);
	return w;
}

void world_settle(void)
{
	rcu_barrier();
	rcu_barrier();
	msleep(20);
}

/* Also what was made in part only. */
void world_free(struct world *w)
{
	if (w->dev)
		world_link_del(w);
	if (w->hooked)
		nf_unregister_net_hooks(&init_net, world_hooks,
					ARRAY_SIZE(world_hooks));
	if (w->sock4500)
		fput(w->sock4500->file);
	dev_put(w->under);
	if (w->under)
		world_del_link(w, w->under);
	if (w->genl)
		sock_release(w->genl);
	if (w->rtnl)
		sock_release(w->rtnl);
	aead_request_free(w->req);
	if (!IS_ERR_OR_NULL(w->oracle))
		crypto_free_aead(w->oracle);
	kfree(w->aad);
	skb_queue_purge(&w->sent);
	skb_queue_purge(&w->got);
	world_current = NULL;
	world_settle();
}

/* Packets */

void world_send(struct world *w, struct sk_buff *skb, bool core)
{
	skb->dev = w->dev;
	rcu_read_lock_bh();
	if (core)
		dev_queue_xmit(skb);
	else
		w->dev->netdev_ops->ndo_start_xmit(skb, w->dev);
	rcu_read_unlock_bh();
}

void world_receive(struct world *w, struct sk_buff *skb)
{
	skb->dev = w->under;
	skb->protocol = w->kind.v6 ? htons(ETH_P_IPV6) : htons(ETH_P_IP);
	skb->pkt_type = PACKET_HOST;
	skb_reset_mac_header(skb);
	local_bh_disable();
	netif_receive_skb(skb);
	local_bh_enable();
}

void world_set_seq(struct world *w, u64 next)
{
	struct ipsecx_replay *r = &w->in->replay;

	atomic64_set(&w->out->seq, next - 1);
	memset(r->bits, 0, (r->mask + 1) * sizeof(*r->bits));
	r->top = next - 1;
}

/* The outer headers; @hlen of @pkt stay outside in transport mode. */
static unsigned int world_seal_ip(struct world *w, const u8 *pkt,
				  unsigned int hlen, bool in, u8 *to)
{
	struct ipv6hdr *ip6h = (void *)to;
	struct iphdr *iph = (void *)to;

	if (hlen) {
		memcpy(to, pkt, hlen);
		return hlen;
	}
	if (w->kind.v6) {
		u8 tos = pkt[0] >> 4 == 4 ? pkt[1] :
			 get_unaligned_be16(pkt) >> 4;

		memset(to, 0, sizeof(*ip6h));
		put_unaligned_be32(6 << 28 | tos << 20, to);
		ip6h->hop_limit = 64;
		ip6h->saddr = in ? world_remote6 : world_local6;
		ip6h->daddr = in ? world_local6 : world_remote6;
		return sizeof(*ip6h);
	}
	*iph = (struct iphdr){ .version = 4, .ihl = 5, .ttl = 64 };
	iph->tos = pkt[0] >> 4 == 4 ? pkt[1] : get_unaligned_be16(pkt) >> 4;
	iph->saddr = htonl(in ? WORLD_REMOTE4 : WORLD_LOCAL4);
	iph->daddr = htonl(in ? WORLD_LOCAL4 : WORLD_REMOTE4);
	return sizeof(*iph);
}

/* RFC 4106: from @esp on, where payload, padding and tail are there already. */
static int world_seal_crypt(struct world *w, u8 *esp, unsigned int len,
			    u64 seq, bool in)
{
	struct scatterlist sg[2];
	u8 *p = w->aad;
	u8 iv[8];

	put_unaligned_be32(in ? WORLD_SPI_IN : WORLD_SPI_OUT, esp);
	put_unaligned_be32(seq, esp + 4);
	put_unaligned_be64(seq, esp + 8);
	put_unaligned_be64(seq, iv);
	memcpy(p, esp, 4);
	p += 4;
	if (w->kind.esn) {
		put_unaligned_be32(seq >> 32, p);
		p += 4;
	}
	memcpy(p, esp + 4, 12);
	p += 12;
	sg_init_table(sg, 2);
	sg_set_buf(&sg[0], w->aad, p - w->aad);
	sg_set_buf(&sg[1], esp + 16, len + 16);
	aead_request_set_callback(w->req, 0, NULL, NULL);
	aead_request_set_ad(w->req, p - w->aad);
	aead_request_set_crypt(w->req, sg, sg, len, iv);
	return crypto_aead_encrypt(w->req);
}

/* RFC 4303 section 2: padding that counts, and what is inside. */
static unsigned int world_seal_pad(u8 *payload, unsigned int len, u8 next)
{
	unsigned int pad = -(len + 2) % 4, i;

	for (i = 0; i < pad; i++)
		payload[len + i] = i + 1;
	payload[len + pad] = pad;
	payload[len + pad + 1] = next;
	return len + pad + 2;
}

static void world_seal_udp(struct world *w, u8 *udp, unsigned int len, bool in)
{
	struct udphdr *uh = (void *)udp;

	if (!w->kind.udp)
		return;
	uh->source = htons(WORLD_PORT);
	uh->dest = htons(WORLD_PORT);
	uh->len = htons(len);
	uh->check = 0;
	if (w->kind.v6)
		uh->check = csum_ipv6_magic(&world_local6, &world_remote6, len,
					    IPPROTO_UDP,
					    csum_partial(udp, len, 0));
	if (w->kind.v6 && !uh->check)
		uh->check = CSUM_MANGLED_0;
}

/* Length and protocol, in a header that has the rest. */
static void world_seal_finish(struct world *w, u8 *to, unsigned int len)
{
	u8 protocol = w->kind.udp ? IPPROTO_UDP : IPPROTO_ESP;
	struct ipv6hdr *ip6h = (void *)to;
	struct iphdr *iph = (void *)to;

	if (w->kind.v6) {
		ip6h->payload_len = htons(len - sizeof(*ip6h));
		ip6h->nexthdr = protocol;
		return;
	}
	iph->tot_len = htons(len);
	iph->protocol = protocol;
	ip_send_check(iph);
}

static unsigned int world_outside(struct world *w, const u8 *pkt, u8 *next)
{
	if (!w->kind.transport) {
		*next = pkt[0] >> 4 == 4 ? IPPROTO_IPIP : IPPROTO_IPV6;
		return 0;
	}
	*next = w->kind.v6 ? pkt[6] : pkt[9];
	return w->kind.v6 ? sizeof(struct ipv6hdr) : (pkt[0] & 15) * 4;
}

unsigned int world_seal(struct world *w, const u8 *pkt, unsigned int len,
			u64 seq, bool in, u8 *to)
{
	unsigned int udp, esp, hlen, sealed;
	u8 next;

	hlen = world_outside(w, pkt, &next);
	udp = world_seal_ip(w, pkt, hlen, in, to);
	esp = udp + (w->kind.udp ? sizeof(struct udphdr) : 0);
	if (esp + 16 + len - hlen + 5 + 16 > WORLD_MAX)
		return 0;
	memcpy(to + esp + 16, pkt + hlen, len - hlen);
	sealed = world_seal_pad(to + esp + 16, len - hlen, next);
	if (world_seal_crypt(w, to + esp, sealed, seq, in))
		return 0;
	len = esp + 16 + sealed + 16;
	world_seal_udp(w, to + udp, len - udp, in);
	world_seal_finish(w, to, len);
	return len;
}

const char *world_same(struct world *w, struct sk_buff *skb, u8 *want,
		       unsigned int len)
{
	struct iphdr *iph = (void *)want;

	if (skb_is_nonlinear(skb) || skb_cloned(skb) || skb_shared(skb))
		return "what was sent is not private";
	if (skb->ip_summed == CHECKSUM_PARTIAL && skb_checksum_help(skb))
		return "what was sent cannot be summed";
	if (skb->len != len)
		return "what was sent has another length";
	if (!w->kind.v6 && !w->kind.transport) {
		iph->id = ip_hdr(skb)->id;
		ip_send_check(iph);
	}
	return memcmp(skb->data, want, len) ?
	       "what was sent has other bytes" : NULL;
}

u64 world_drops(struct world *w, enum ipsecx_drop_reason reason)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += per_cpu_ptr(w->idev->drops, cpu)->packets[reason];
	return sum;
}

u64 world_drops_all(struct world *w)
{
	u64 sum = 0;
	int reason;

	for (reason = 0; reason <= IPSECX_DROP_REASON_MAX; reason++)
		sum += world_drops(w, reason);
	return sum;
}
