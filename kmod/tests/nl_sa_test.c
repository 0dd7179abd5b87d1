// SPDX-License-Identifier: GPL-2.0
/* However sa-new ends, the key is gone from the message. */

#include <kunit/test.h>
#include <linux/slab.h>
#include "../nl_sa.c"

#define KEY_LEN		20

/* What the stand-ins below answer. */
static struct ipsecx_dev nl_dev;
static bool nl_no_device, nl_no_memory;
static struct ipsecx_sa *nl_sa;
static u8 nl_seen[KEY_LEN];

int ipsecx_nl_locked(struct genl_info *info, ipsecx_nl_run_t run)
{
	return nl_no_device ? -ENODEV : run(&nl_dev, info);
}

int ipsecx_nl_need(struct genl_info *info, int attr, const char *text)
{
	return info->attrs[attr] ? 0 : -EINVAL;
}

int ipsecx_nl_refuse(struct genl_info *info, int attr, const char *text)
{
	return -EINVAL;
}

struct sk_buff *ipsecx_nl_reply_new(struct genl_info *info, void **hdr)
{
	*hdr = NULL;
	return nl_no_memory ? NULL : nlmsg_new(256, GFP_KERNEL);
}

int ipsecx_nl_reply(struct sk_buff *skb, void *hdr, struct genl_info *info,
		    int err)
{
	nlmsg_free(skb);
	return err;
}

int ipsecx_nl_get(struct genl_info *info, const struct ipsecx_nl_kind *kind,
		  void *object)
{
	return 0;
}

int ipsecx_nl_put_drop(struct sk_buff *skb, int attr,
		       enum ipsecx_drop_reason reason, u64 packets)
{
	return 0;
}

int ipsecx_nl_dump(struct sk_buff *skb, struct netlink_callback *cb,
		   const struct ipsecx_nl_kind *kind)
{
	return 0;
}

struct ipsecx_sa *ipsecx_sa_new(struct ipsecx_dev *idev,
				const struct ipsecx_sa_config *config)
{
	memcpy(nl_seen, config->keys.encr, KEY_LEN);
	return nl_sa;
}

void ipsecx_sa_activate(struct ipsecx_sa *sa)
{
}

void ipsecx_sa_del(struct ipsecx_sa *sa, enum ipsecx_delete_reason reason)
{
}

/* A message of sa-new, taken apart as genetlink does it. */
struct nl_message {
	struct sk_buff *skb;
	struct nlattr *attrs[IPSECX_A_SA_MAX + 1];
	struct genl_info info;
};

static struct nl_message *nl_message(struct kunit *test, u32 spi)
{
	struct nl_message *m = kunit_kzalloc(test, sizeof(*m), GFP_KERNEL);
	struct nlmsghdr *nlh;
	u8 key[KEY_LEN];

	KUNIT_ASSERT_NOT_NULL(test, m);
	m->skb = nlmsg_new(512, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, m->skb);
	nlh = nlmsg_put(m->skb, 0, 0, 0x10, GENL_HDRLEN, 0);
	KUNIT_ASSERT_NOT_NULL(test, nlh);
	/* Fresh memory may be full of 0x5a, that is POISON_INUSE. */
	m->info.genlhdr = memset(nlmsg_data(nlh), 0, GENL_HDRLEN);
	memset(key, 0x5a, sizeof(key));
	/* Twice, and the second one counts. */
	nla_put(m->skb, IPSECX_A_SA_ENCR_KEY, sizeof(key), key);
	nla_put_u32(m->skb, IPSECX_A_SA_POLICY, 1);
	nla_put_u32(m->skb, IPSECX_A_SA_DIRECTION, IPSECX_DIRECTION_IN);
	nla_put_be32(m->skb, IPSECX_A_SA_SPI, htonl(spi));
	nla_put_u16(m->skb, IPSECX_A_SA_ENCR, IPSECX_ENCR_AES_GCM_16);
	nla_put(m->skb, IPSECX_A_SA_ENCR_KEY, sizeof(key), key);
	nlmsg_end(m->skb, nlh);
	KUNIT_ASSERT_EQ(test, 0, nla_parse(m->attrs, IPSECX_A_SA_MAX,
					   genlmsg_data(m->info.genlhdr),
					   genlmsg_len(m->info.genlhdr),
					   NULL, NULL));
	m->info.attrs = m->attrs;
	return m;
}

/* Send it; nothing of the message may look like a piece of the key. */
static int nl_send(struct kunit *test, struct nl_message *m)
{
	int err = ipsecx_nl_sa_new_doit(m->skb, &m->info);

	KUNIT_EXPECT_NULL(test, memchr(m->skb->data, 0x5a, m->skb->len));
	nlmsg_free(m->skb);
	return err;
}

static void nl_sa_wipe(struct kunit *test)
{
	struct nl_message *m;

	xa_init(&nl_dev.policies);
	nl_no_device = true;
	KUNIT_EXPECT_EQ(test, nl_send(test, nl_message(test, 999)), -ENODEV);
	nl_no_device = false;
	KUNIT_EXPECT_EQ(test, nl_send(test, nl_message(test, 1)), -EINVAL);
	KUNIT_EXPECT_EQ(test, nl_send(test, nl_message(test, 999)), -ENOENT);
	KUNIT_ASSERT_EQ(test, 0, xa_err(xa_store(&nl_dev.policies, 1, test,
						 GFP_KERNEL)));
	nl_no_memory = true;
	KUNIT_EXPECT_EQ(test, nl_send(test, nl_message(test, 999)), -ENOMEM);
	nl_no_memory = false;
	nl_sa = ERR_PTR(-EEXIST);
	m = nl_message(test, 999);
	m->info.extack = kunit_kzalloc(test, sizeof(*m->info.extack),
				       GFP_KERNEL);
	KUNIT_EXPECT_EQ(test, nl_send(test, m), -EEXIST);
	/* It had got that far, so that there was something to wipe. */
	KUNIT_EXPECT_PTR_EQ(test, memchr_inv(nl_seen, 0x5a, KEY_LEN), NULL);
	xa_destroy(&nl_dev.policies);
}

static void nl_sa_wipe_success(struct kunit *test)
{
	struct net_device *dev = kunit_kzalloc(test, sizeof(*dev), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, dev);
	nl_sa = kunit_kzalloc(test, sizeof(*nl_sa), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, nl_sa);
	nl_dev.dev = dev;
	nl_sa->idev = &nl_dev;
	xa_init(&nl_dev.policies);
	KUNIT_ASSERT_EQ(test, 0, xa_err(xa_store(&nl_dev.policies, 1, test,
						 GFP_KERNEL)));
	KUNIT_EXPECT_EQ(test, nl_send(test, nl_message(test, 999)), 0);
	xa_destroy(&nl_dev.policies);
}

static struct kunit_case nl_sa_cases[] = {
	KUNIT_CASE(nl_sa_wipe),
	KUNIT_CASE(nl_sa_wipe_success),
	{}
};

static struct kunit_suite nl_sa_suite = {
	.name = "ipsecx-nl-sa",
	.test_cases = nl_sa_cases,
};

kunit_test_suite(nl_sa_suite);
