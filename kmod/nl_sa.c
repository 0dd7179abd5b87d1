// SPDX-License-Identifier: GPL-2.0
/* Commands: sa-new, sa-set, sa-get, sa-del. */

#include <linux/jiffies.h>
#include <linux/string.h>
#include "esp.h"
#include "netlink.h"
#include "policy.h"
#include "sa.h"

/* With a text if there is none. @idev->lock held. */
static struct ipsecx_sa *sa_find(struct ipsecx_dev *idev,
				 struct genl_info *info)
{
	struct ipsecx_sa *sa;

	if (ipsecx_nl_need(info, IPSECX_A_SA_ID, "id is missing"))
		return ERR_PTR(-EINVAL);
	sa = xa_load(&idev->sas, nla_get_u32(info->attrs[IPSECX_A_SA_ID]));
	if (sa)
		return sa;
	NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[IPSECX_A_SA_ID],
			    "the device has no SA with this id");
	return ERR_PTR(-ENOENT);
}

static int config_need(struct genl_info *info)
{
	return ipsecx_nl_need(info, IPSECX_A_SA_POLICY, "policy is missing") ?:
	       ipsecx_nl_need(info, IPSECX_A_SA_DIRECTION,
			      "direction is missing") ?:
	       ipsecx_nl_need(info, IPSECX_A_SA_SPI, "spi is missing");
}

static int config_policy(struct ipsecx_sa_config *config,
			 struct ipsecx_dev *idev, struct genl_info *info)
{
	const struct ipsecx_outer *outer;

	config->policy = xa_load(&idev->policies,
				 nla_get_u32(info->attrs[IPSECX_A_SA_POLICY]));
	if (!config->policy) {
		ipsecx_nl_refuse(info, IPSECX_A_SA_POLICY,
				 "the device has no policy with this id");
		return -ENOENT;
	}
	if (config->protocol == IPSECX_PROTOCOL_ESP)
		return 0;
	outer = rcu_dereference_protected(config->policy->outer,
					  lockdep_is_held(&idev->lock));
	if (outer->encap == IPSECX_ENCAP_UDP)
		return ipsecx_nl_refuse(info, IPSECX_A_SA_PROTOCOL,
					"AH does not go in UDP, as the policy does");
	return 0;
}

static int config_spi(struct ipsecx_sa_config *config, struct genl_info *info)
{
	config->spi = nla_get_be32(info->attrs[IPSECX_A_SA_SPI]);
	if (ntohl(config->spi) >= IPSECX_SPI_MIN)
		return 0;
	return ipsecx_nl_refuse(info, IPSECX_A_SA_SPI,
				"SPIs below 256 are reserved");
}

/* Keys stay in the message, which the caller wipes. */
static int config_encr(struct ipsecx_sa_config *config, struct genl_info *info)
{
	const struct nlattr *key = info->attrs[IPSECX_A_SA_ENCR_KEY];

	if (ipsecx_nl_need(info, IPSECX_A_SA_ENCR, "encr is missing"))
		return -EINVAL;
	config->t.encr =
		ipsecx_encr_find(nla_get_u16(info->attrs[IPSECX_A_SA_ENCR]));
	if (!config->t.encr)
		return ipsecx_nl_refuse(info, IPSECX_A_SA_ENCR,
					"no such algorithm");
	if (!key && config->t.encr->key_lens[0])
		return ipsecx_nl_need(info, IPSECX_A_SA_ENCR_KEY,
				      "encr-key is missing");
	if (!key)
		return 0;
	config->keys.encr = nla_data(key);
	config->keys.encr_len = nla_len(key);
	if (ipsecx_encr_key_len_ok(config->t.encr, config->keys.encr_len))
		return 0;
	return ipsecx_nl_refuse(info, IPSECX_A_SA_ENCR_KEY,
				"key length does not fit the algorithm, salt included");
}

static int config_integ_key(struct ipsecx_sa_config *config,
			    struct genl_info *info)
{
	const struct nlattr *key = info->attrs[IPSECX_A_SA_INTEG_KEY];

	if (!key)
		return ipsecx_nl_need(info, IPSECX_A_SA_INTEG_KEY,
				      "integ-key is missing");
	config->keys.integ = nla_data(key);
	config->keys.integ_len = nla_len(key);
	if (config->keys.integ_len == config->t.integ->key_len)
		return 0;
	return ipsecx_nl_refuse(info, IPSECX_A_SA_INTEG_KEY,
				"key length does not fit the algorithm");
}

/* There is one if, and only if, the encryption has none of its own. */
static int config_integ(struct ipsecx_sa_config *config,
			struct genl_info *info)
{
	const struct nlattr *attr = info->attrs[IPSECX_A_SA_INTEG];
	enum ipsecx_integ integ = attr ? nla_get_u16(attr) :
					 IPSECX_INTEG_NONE;
	bool own = config->t.encr->icv_len;

	if (integ == IPSECX_INTEG_NONE && info->attrs[IPSECX_A_SA_INTEG_KEY])
		return ipsecx_nl_refuse(info, IPSECX_A_SA_INTEG_KEY,
					"integ-key goes with integ only");
	if (integ == IPSECX_INTEG_NONE)
		return own ? 0 :
		       ipsecx_nl_refuse(info, IPSECX_A_SA_ENCR,
					"this encryption needs integ");
	if (own)
		return ipsecx_nl_refuse(info, IPSECX_A_SA_INTEG,
					"this encryption has an integrity of its own");
	config->t.integ = ipsecx_integ_find(integ);
	if (!config->t.integ)
		return ipsecx_nl_refuse(info, IPSECX_A_SA_INTEG,
					"no such algorithm");
	return config_integ_key(config, info);
}

/* AH does not encrypt, which the crypto layer has a name for. */
static int config_null(struct ipsecx_sa_config *config, struct genl_info *info)
{
	if (info->attrs[IPSECX_A_SA_ENCR] || info->attrs[IPSECX_A_SA_ENCR_KEY])
		return ipsecx_nl_refuse(info, IPSECX_A_SA_ENCR,
					"AH does not encrypt");
	config->t.encr = ipsecx_encr_find(IPSECX_ENCR_NULL);
	return ipsecx_nl_need(info, IPSECX_A_SA_INTEG, "AH needs integ");
}

static int config_transform(struct ipsecx_sa_config *config,
			    struct genl_info *info)
{
	const struct nlattr *attr = info->attrs[IPSECX_A_SA_PROTOCOL];
	int err;

	config->protocol = attr ? nla_get_u32(attr) : IPSECX_PROTOCOL_ESP;
	err = config->protocol == IPSECX_PROTOCOL_AH ?
	      config_null(config, info) : config_encr(config, info);
	err = err ?: config_integ(config, info);
	if (!err)
		ipsecx_transform_set(&config->t, config->t.encr,
				     config->t.integ);
	return err;
}

static int config_direction(struct ipsecx_sa_config *config,
			    struct genl_info *info)
{
	const struct nlattr *window = info->attrs[IPSECX_A_SA_REPLAY_WINDOW];

	config->direction = nla_get_u32(info->attrs[IPSECX_A_SA_DIRECTION]);
	config->esn = nla_get_flag(info->attrs[IPSECX_A_SA_ESN]);
	config->activate = nla_get_flag(info->attrs[IPSECX_A_SA_ACTIVATE]);
	if (config->direction == IPSECX_DIRECTION_IN) {
		if (config->activate)
			return ipsecx_nl_refuse(info, IPSECX_A_SA_ACTIVATE,
						"activate is for outbound SAs");
		config->replay_window = window ? nla_get_u32(window) :
						 IPSECX_REPLAY_WINDOW_DEFAULT;
		return 0;
	}
	if (window)
		return ipsecx_nl_refuse(info, IPSECX_A_SA_REPLAY_WINDOW,
					"replay-window is for inbound SAs");
	return 0;
}

static u64 limit_value(const struct genl_info *info, int attr)
{
	const struct nlattr *value = info->attrs[attr];

	if (!value)
		return 0;
	return nla_len(value) == sizeof(u64) ? nla_get_u64(value) :
					       nla_get_u32(value);
}

/* Two attributes, of 32 or 64 bits, one after the other. */
static int config_limit(struct ipsecx_limit *limit, struct genl_info *info,
			int soft)
{
	limit->soft = limit_value(info, soft);
	limit->hard = limit_value(info, soft + 1);
	if (!limit->hard || limit->soft <= limit->hard)
		return 0;
	return ipsecx_nl_refuse(info, soft, "the soft limit is behind the hard one");
}

static int config_limits(struct ipsecx_sa_config *config,
			 struct genl_info *info)
{
	struct ipsecx_limits *limits = &config->limits;

	limits->idle = limit_value(info, IPSECX_A_SA_IDLE);
	return config_limit(&limits->bytes, info, IPSECX_A_SA_BYTE_SOFT) ?:
	       config_limit(&limits->packets, info, IPSECX_A_SA_PACKET_SOFT) ?:
	       config_limit(&limits->seconds, info, IPSECX_A_SA_TIME_SOFT);
}

static int config_parse(struct ipsecx_sa_config *config,
			struct ipsecx_dev *idev, struct genl_info *info)
{
	memset(config, 0, sizeof(*config));
	return config_need(info) ?:
	       config_direction(config, info) ?:
	       config_spi(config, info) ?:
	       config_transform(config, info) ?:
	       config_limits(config, info) ?:
	       config_policy(config, idev, info);
}

static void sa_new_explain(struct genl_info *info, int err)
{
	if (err == -EEXIST)
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[IPSECX_A_SA_SPI],
				    "an inbound SA has this SPI already");
	else if (err == -ENOENT)
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[IPSECX_A_SA_ENCR],
				    "this kernel lacks the algorithm");
}

static int put_id(struct sk_buff *skb, const struct ipsecx_sa *sa)
{
	return nla_put_u32(skb, IPSECX_A_SA_IFINDEX, sa->idev->dev->ifindex) ?:
	       nla_put_u32(skb, IPSECX_A_SA_ID, sa->id);
}

static int sa_new(struct ipsecx_dev *idev, struct genl_info *info)
{
	struct ipsecx_sa_config config;
	struct sk_buff *reply;
	struct ipsecx_sa *sa;
	void *hdr;
	int err;

	err = config_parse(&config, idev, info);
	if (err)
		return err;
	reply = ipsecx_nl_reply_new(info, &hdr);
	if (!reply)
		return -ENOMEM;
	sa = ipsecx_sa_new(idev, &config);
	if (!IS_ERR(sa))
		return ipsecx_nl_reply(reply, hdr, info, put_id(reply, sa));
	nlmsg_free(reply);
	sa_new_explain(info, PTR_ERR(sa));
	return PTR_ERR(sa);
}

/*
 * However the command ends, no key outlives it in the message, should there
 * be several.
 */
static void sa_new_wipe(struct genl_info *info)
{
	struct nlattr *attr;
	int rem;

	nla_for_each_attr(attr, genlmsg_data(info->genlhdr),
			  genlmsg_len(info->genlhdr), rem)
		if (nla_type(attr) == IPSECX_A_SA_ENCR_KEY ||
		    nla_type(attr) == IPSECX_A_SA_INTEG_KEY)
			memzero_explicit(nla_data(attr), nla_len(attr));
}

int ipsecx_nl_sa_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	int err = ipsecx_nl_locked(info, sa_new);

	sa_new_wipe(info);
	return err;
}

static int sa_set(struct ipsecx_dev *idev, struct genl_info *info)
{
	struct ipsecx_sa *sa = sa_find(idev, info);
	int err;

	if (IS_ERR(sa))
		return PTR_ERR(sa);
	err = ipsecx_nl_need(info, IPSECX_A_SA_ACTIVATE,
			     "nothing to set: activate is missing");
	if (err)
		return err;
	if (sa->direction == IPSECX_DIRECTION_IN)
		return ipsecx_nl_refuse(info, IPSECX_A_SA_ACTIVATE,
					"activate is for outbound SAs");
	ipsecx_sa_activate(sa);
	return 0;
}

int ipsecx_nl_sa_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	return ipsecx_nl_locked(info, sa_set);
}

static int sa_del(struct ipsecx_dev *idev, struct genl_info *info)
{
	struct ipsecx_sa *sa = sa_find(idev, info);

	if (IS_ERR(sa))
		return PTR_ERR(sa);
	ipsecx_sa_del(sa, IPSECX_DELETE_REASON_USER);
	return 0;
}

int ipsecx_nl_sa_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	return ipsecx_nl_locked(info, sa_del);
}

static const char *sa_driver(const struct ipsecx_sa *sa)
{
	return crypto_tfm_alg_driver_name(crypto_aead_tfm(sa->aead));
}

static int put_identity(struct sk_buff *skb, const struct ipsecx_sa *sa)
{
	return put_id(skb, sa) ?:
	       nla_put_u32(skb, IPSECX_A_SA_POLICY, sa->policy->id) ?:
	       nla_put_u32(skb, IPSECX_A_SA_DIRECTION, sa->direction) ?:
	       nla_put_be32(skb, IPSECX_A_SA_SPI, sa->spi) ?:
	       nla_put_u32(skb, IPSECX_A_SA_PROTOCOL, sa->protocol) ?:
	       nla_put_string(skb, IPSECX_A_SA_DRIVER, sa_driver(sa));
}

static u64 sa_sequence(const struct ipsecx_sa *sa)
{
	return sa->direction == IPSECX_DIRECTION_OUT ?
	       (u64)atomic64_read(&sa->seq) : READ_ONCE(sa->replay.top);
}

static int put_config(struct sk_buff *skb, const struct ipsecx_sa *sa)
{
	int err = 0;

	if (!ipsecx_sa_is_ah(sa))
		err = nla_put_u16(skb, IPSECX_A_SA_ENCR, sa->t.encr->encr);
	if (!err && sa->t.integ)
		err = nla_put_u16(skb, IPSECX_A_SA_INTEG,
				  sa->t.integ->integ);
	if (!err && sa->esn)
		err = nla_put_flag(skb, IPSECX_A_SA_ESN);
	if (!err && sa->direction == IPSECX_DIRECTION_IN)
		err = nla_put_u32(skb, IPSECX_A_SA_REPLAY_WINDOW,
				  sa->replay.window);
	if (!err && rcu_access_pointer(sa->policy->tx) == sa)
		err = nla_put_flag(skb, IPSECX_A_SA_CURRENT);
	return err;
}

static int put_counters(struct sk_buff *skb, const struct ipsecx_sa *sa)
{
	u64 packets = 0, bytes = 0;
	int cpu;

	for_each_possible_cpu(cpu) {
		const struct ipsecx_sa_stats *s = per_cpu_ptr(sa->stats, cpu);
		unsigned int start;
		u64 p, b;

		do {
			start = u64_stats_fetch_begin(&s->syncp);
			p = u64_stats_read(&s->packets);
			b = u64_stats_read(&s->bytes);
		} while (u64_stats_fetch_retry(&s->syncp, start));
		packets += p;
		bytes += b;
	}
	return nla_put_uint(skb, IPSECX_A_SA_SEQUENCE, sa_sequence(sa)) ?:
	       nla_put_uint(skb, IPSECX_A_SA_PACKETS, packets) ?:
	       nla_put_uint(skb, IPSECX_A_SA_BYTES, bytes);
}

static int put_times(struct sk_buff *skb, const struct ipsecx_sa *sa)
{
	unsigned long used = READ_ONCE(sa->last_used);
	int err;

	err = nla_put_u32(skb, IPSECX_A_SA_AGE, (jiffies - sa->created) / HZ);
	if (err || !used)
		return err;
	return nla_put_u32(skb, IPSECX_A_SA_LAST_USED, (jiffies - used) / HZ);
}

static int put_seconds(struct sk_buff *skb, int attr, u32 value)
{
	return value ? nla_put_u32(skb, attr, value) : 0;
}

static int put_limit(struct sk_buff *skb, int attr, u64 value)
{
	return value ? nla_put(skb, attr, sizeof(value), &value) : 0;
}

static int put_limits(struct sk_buff *skb, const struct ipsecx_sa *sa)
{
	const struct ipsecx_limits *limits = &sa->lifetime.limits;

	return put_limit(skb, IPSECX_A_SA_BYTE_SOFT, limits->bytes.soft) ?:
	       put_limit(skb, IPSECX_A_SA_BYTE_HARD, limits->bytes.hard) ?:
	       put_limit(skb, IPSECX_A_SA_PACKET_SOFT, limits->packets.soft) ?:
	       put_limit(skb, IPSECX_A_SA_PACKET_HARD, limits->packets.hard) ?:
	       put_seconds(skb, IPSECX_A_SA_TIME_SOFT, limits->seconds.soft) ?:
	       put_seconds(skb, IPSECX_A_SA_TIME_HARD, limits->seconds.hard) ?:
	       put_seconds(skb, IPSECX_A_SA_IDLE, limits->idle);
}

static int put_drops(struct sk_buff *skb, const struct ipsecx_sa *sa)
{
	int reason, err = 0;

	for (reason = 1; reason <= IPSECX_DROP_REASON_MAX && !err; reason++)
		err = ipsecx_nl_put_drop(skb, IPSECX_A_SA_DROP, reason,
					 atomic_read(&sa->drops[reason]));
	return err;
}

/* No key: there is none to put. @idev->lock held. */
static int sa_put(struct sk_buff *skb, void *object)
{
	const struct ipsecx_sa *sa = object;

	return put_identity(skb, sa) ?: put_config(skb, sa) ?:
	       put_counters(skb, sa) ?: put_times(skb, sa) ?:
	       put_limits(skb, sa) ?: put_drops(skb, sa);
}

static void *sa_next(struct ipsecx_dev *idev, unsigned long *id)
{
	return xa_find(&idev->sas, id, ULONG_MAX, XA_PRESENT);
}

static const struct ipsecx_nl_kind sa_kind = {
	.cmd = IPSECX_CMD_SA_GET,
	.find = sa_next,
	.put = sa_put,
};

static int sa_get(struct ipsecx_dev *idev, struct genl_info *info)
{
	struct ipsecx_sa *sa = sa_find(idev, info);

	if (IS_ERR(sa))
		return PTR_ERR(sa);
	return ipsecx_nl_get(info, &sa_kind, sa);
}

int ipsecx_nl_sa_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return ipsecx_nl_locked(info, sa_get);
}

int ipsecx_nl_sa_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return ipsecx_nl_dump(skb, cb, &sa_kind);
}
