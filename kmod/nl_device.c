// SPDX-License-Identifier: GPL-2.0
/* Commands: device-get, and those of a whole namespace. */

#include <crypto/hash.h>
#include <crypto/skcipher.h>
#include <linux/netdevice.h>
#include "drop.h"
#include "esp.h"
#include "netlink.h"
#include "packet.h"
#include "policy.h"
#include "replay.h"
#include "spi.h"
#include "transform.h"

static u32 device_held(struct ipsecx_dev *idev)
{
	struct ipsecx_policy *policy;
	unsigned long id;
	u32 held = 0;

	xa_for_each(&idev->policies, id, policy)
		held += skb_queue_len_lockless(&policy->held);
	return held;
}

static int put_identity(struct sk_buff *skb, struct ipsecx_dev *idev)
{
	return nla_put_u32(skb, IPSECX_A_DEVICE_IFINDEX, idev->dev->ifindex) ?:
	       nla_put_string(skb, IPSECX_A_DEVICE_IFNAME, idev->dev->name) ?:
	       nla_put_u32(skb, IPSECX_A_DEVICE_POLICIES, idev->n_policies) ?:
	       nla_put_u32(skb, IPSECX_A_DEVICE_SAS, idev->n_sas) ?:
	       nla_put_u32(skb, IPSECX_A_DEVICE_HELD, device_held(idev));
}

static int put_outside(struct sk_buff *skb, const struct ipsecx_dev *idev)
{
	return nla_put_u32(skb, IPSECX_A_DEVICE_LINK, READ_ONCE(idev->link)) ?:
	       nla_put_u32(skb, IPSECX_A_DEVICE_FWMARK,
			   READ_ONCE(idev->fwmark)) ?:
	       nla_put_u8(skb, IPSECX_A_DEVICE_TTL, READ_ONCE(idev->ttl)) ?:
	       nla_put_u8(skb, IPSECX_A_DEVICE_DSCP, READ_ONCE(idev->dscp)) ?:
	       nla_put_u8(skb, IPSECX_A_DEVICE_DF, READ_ONCE(idev->df));
}

static int put_counters(struct sk_buff *skb, struct ipsecx_dev *idev)
{
	struct rtnl_link_stats64 stats;

	dev_get_stats(idev->dev, &stats);
	return nla_put_uint(skb, IPSECX_A_DEVICE_RX_PACKETS,
			    stats.rx_packets) ?:
	       nla_put_uint(skb, IPSECX_A_DEVICE_RX_BYTES, stats.rx_bytes) ?:
	       nla_put_uint(skb, IPSECX_A_DEVICE_TX_PACKETS,
			    stats.tx_packets) ?:
	       nla_put_uint(skb, IPSECX_A_DEVICE_TX_BYTES, stats.tx_bytes);
}

static int put_drops(struct sk_buff *skb, int attr,
		     const struct ipsecx_drops __percpu *drops)
{
	int reason, err = 0;

	for (reason = 1; reason <= IPSECX_DROP_REASON_MAX && !err; reason++)
		err = ipsecx_nl_put_drop(skb, attr, reason,
					 ipsecx_drops_sum(drops, reason));
	return err;
}

/* @idev->lock held. */
static int device_put(struct sk_buff *skb, void *object)
{
	struct ipsecx_dev *idev = object;

	return put_identity(skb, idev) ?: put_outside(skb, idev) ?:
	       put_counters(skb, idev) ?:
	       put_drops(skb, IPSECX_A_DEVICE_DROP, idev->drops) ?:
	       put_drops(skb, IPSECX_A_DEVICE_NETNS_DROP, idev->xn->drops);
}

/* A device is one object, with the id 0. */
static void *device_find(struct ipsecx_dev *idev, unsigned long *id)
{
	return *id ? NULL : idev;
}

static const struct ipsecx_nl_kind device_kind = {
	.cmd = IPSECX_CMD_DEVICE_GET,
	.find = device_find,
	.put = device_put,
};

static int device_get(struct ipsecx_dev *idev, struct genl_info *info)
{
	return ipsecx_nl_get(info, &device_kind, idev);
}

int ipsecx_nl_device_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return ipsecx_nl_locked(info, device_get);
}

int ipsecx_nl_device_get_dumpit(struct sk_buff *skb,
				struct netlink_callback *cb)
{
	return ipsecx_nl_dump(skb, cb, &device_kind);
}

/* What the kernel lacks is left out. */
static int cap_lacks(const void *tfm)
{
	return PTR_ERR(tfm) == -ENOENT ? 0 : PTR_ERR(tfm);
}

static int put_encr(struct sk_buff *skb, const struct ipsecx_encr_algo *algo,
		    struct crypto_tfm *tfm)
{
	struct nlattr *nest = nla_nest_start(skb, IPSECX_A_CAP_ENCR_CAP);
	const u8 *len;

	if (!nest || nla_put_u16(skb, IPSECX_A_ENCR_CAP_ENCR, algo->encr) ||
	    nla_put_string(skb, IPSECX_A_ENCR_CAP_DRIVER,
			   crypto_tfm_alg_driver_name(tfm)))
		return -EMSGSIZE;
	for (len = algo->key_lens; *len; len++)
		if (nla_put_u16(skb, IPSECX_A_ENCR_CAP_KEY_LENGTH, *len))
			return -EMSGSIZE;
	if (tfm->__crt_alg->cra_flags & CRYPTO_ALG_ASYNC &&
	    nla_put_flag(skb, IPSECX_A_ENCR_CAP_ASYNC))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_aead(struct sk_buff *skb, const struct ipsecx_encr_algo *algo)
{
	struct crypto_aead *aead = crypto_alloc_aead(algo->name, 0, 0);
	int err;

	if (IS_ERR(aead))
		return cap_lacks(aead);
	err = put_encr(skb, algo, crypto_aead_tfm(aead));
	crypto_free_aead(aead);
	return err;
}

static int put_cipher(struct sk_buff *skb, const struct ipsecx_encr_algo *algo)
{
	struct crypto_skcipher *cipher =
		crypto_alloc_skcipher(algo->name, 0, 0);
	int err;

	if (IS_ERR(cipher))
		return cap_lacks(cipher);
	err = put_encr(skb, algo, crypto_skcipher_tfm(cipher));
	crypto_free_skcipher(cipher);
	return err;
}

static int put_encrs(struct sk_buff *skb, const struct nlattr *only)
{
	const struct ipsecx_encr_algo *algo = ipsecx_encr_algos;
	unsigned int i;
	int err = 0;

	for (i = 0; i < ipsecx_encr_algos_n && !err; i++, algo++)
		if (!only || nla_get_u16(only) == algo->encr)
			err = algo->icv_len ? put_aead(skb, algo) :
					      put_cipher(skb, algo);
	return err;
}

static int put_integ(struct sk_buff *skb, const struct ipsecx_integ_algo *algo)
{
	struct crypto_ahash *hash = crypto_alloc_ahash(algo->name, 0, 0);
	struct nlattr *nest;
	int err = 0;

	if (IS_ERR(hash))
		return cap_lacks(hash);
	nest = nla_nest_start(skb, IPSECX_A_CAP_INTEG_CAP);
	if (!nest || nla_put_u16(skb, IPSECX_A_INTEG_CAP_INTEG, algo->integ) ||
	    nla_put_u16(skb, IPSECX_A_INTEG_CAP_KEY_LENGTH, algo->key_len) ||
	    nla_put_string(skb, IPSECX_A_INTEG_CAP_DRIVER,
			   crypto_ahash_driver_name(hash)))
		err = -EMSGSIZE;
	else
		nla_nest_end(skb, nest);
	crypto_free_ahash(hash);
	return err;
}

/* Who asks for one encryption gets that. */
static int put_integs(struct sk_buff *skb, const struct nlattr *only)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < ipsecx_integ_algos_n && !only && !err; i++)
		err = put_integ(skb, &ipsecx_integ_algos[i]);
	return err;
}

int ipsecx_nl_cap_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *only = info->attrs[IPSECX_A_CAP_ENCR];
	struct sk_buff *reply;
	void *hdr;
	int err;

	err = ipsecx_nl_allowed(genl_info_net(info), info->extack);
	if (err)
		return err;
	if (only && !ipsecx_encr_find(nla_get_u16(only)))
		return ipsecx_nl_refuse(info, IPSECX_A_CAP_ENCR,
					"no such algorithm");
	reply = ipsecx_nl_reply_new(info, &hdr);
	if (!reply)
		return -ENOMEM;
	err = nla_put_u32(reply, IPSECX_A_CAP_MAX_REPLAY_WINDOW,
			  IPSECX_REPLAY_WINDOW_MAX) ?:
	      put_encrs(reply, only) ?: put_integs(reply, only);
	return ipsecx_nl_reply(reply, hdr, info, err);
}

static int spi_range(struct genl_info *info, u32 *lowest, u32 *highest)
{
	const struct nlattr *low = info->attrs[IPSECX_A_SPI_LOWEST];
	const struct nlattr *high = info->attrs[IPSECX_A_SPI_HIGHEST];

	*lowest = low ? nla_get_u32(low) : IPSECX_SPI_MIN;
	*highest = high ? nla_get_u32(high) : U32_MAX;
	if (*lowest < IPSECX_SPI_MIN)
		return ipsecx_nl_refuse(info, IPSECX_A_SPI_LOWEST,
					"SPIs below 256 are reserved");
	if (*lowest > *highest)
		return ipsecx_nl_refuse(info, IPSECX_A_SPI_HIGHEST,
					"highest is below lowest");
	return 0;
}

static int spi_put(struct sk_buff *skb, const struct ipsecx_dev *idev,
		   __be32 spi)
{
	return nla_put_u32(skb, IPSECX_A_SPI_IFINDEX, idev->dev->ifindex) ?:
	       nla_put_be32(skb, IPSECX_A_SPI_SPI, spi);
}

static int spi_alloc(struct ipsecx_dev *idev, struct genl_info *info)
{
	u32 lowest, highest;
	struct sk_buff *reply;
	__be32 spi;
	void *hdr;
	int err;

	err = spi_range(info, &lowest, &highest);
	if (err)
		return err;
	reply = ipsecx_nl_reply_new(info, &hdr);
	if (!reply)
		return -ENOMEM;
	err = ipsecx_spi_reserve(idev->xn, lowest, highest, &spi);
	if (err == -ENOSPC)
		NL_SET_ERR_MSG(info->extack, "no SPI is free");
	return ipsecx_nl_reply(reply, hdr, info,
			       err ?: spi_put(reply, idev, spi));
}

int ipsecx_nl_spi_alloc_doit(struct sk_buff *skb, struct genl_info *info)
{
	return ipsecx_nl_locked(info, spi_alloc);
}

static int spi_free(struct ipsecx_dev *idev, struct genl_info *info)
{
	int err = ipsecx_nl_need(info, IPSECX_A_SPI_SPI, "spi is missing");

	if (err)
		return err;
	err = ipsecx_spi_release(idev->xn,
				 nla_get_be32(info->attrs[IPSECX_A_SPI_SPI]));
	if (err)
		NL_SET_ERR_MSG(info->extack, "no such reservation");
	return err;
}

int ipsecx_nl_spi_free_doit(struct sk_buff *skb, struct genl_info *info)
{
	return ipsecx_nl_locked(info, spi_free);
}

int ipsecx_nl_socket_attach_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct net *net = genl_info_net(info);
	int err;

	err = ipsecx_nl_allowed(net, info->extack) ?:
	      ipsecx_nl_need(info, IPSECX_A_SOCKET_FD, "fd is missing");
	if (err)
		return err;
	return ipsecx_udp_attach(net,
				 nla_get_u32(info->attrs[IPSECX_A_SOCKET_FD]),
				 info->extack);
}
