// SPDX-License-Identifier: MIT
/* Commands of the genetlink family ipsecx. */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include <linux/genetlink.h>

#include "field.h"
#include "request.h"

#define BIT(attr) (1u << (attr))

/* Where one answer goes, or who hears of many. */
struct answer {
	const struct ipsecx_fields *fields;
	void *obj;
	bool seen;
	int (*each)(const void *obj, void *data);
	void *data;
};

static void command_begin(struct ipsecx_nl *nl, struct ipsecx_nl_request *req,
			  uint8_t cmd, uint16_t flags)
{
	struct genlmsghdr *genl;

	ipsecx_nl_request_begin(nl, req, nl->family, flags);
	genl = mnl_nlmsg_put_extra_header(req->hdr, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = IPSECX_FAMILY_VERSION;
}

static int answer_parse(const struct ipsecx_fields *fields, void *obj,
			const struct nlmsghdr *hdr)
{
	size_t head = MNL_ALIGN(sizeof(struct genlmsghdr));

	if (mnl_nlmsg_get_payload_len(hdr) < head)
		return -EBADMSG;
	return ipsecx_fields_get(fields, obj,
				 mnl_nlmsg_get_payload_offset(hdr, head),
				 mnl_nlmsg_get_payload_len(hdr) - head);
}

static int answer_take(const struct nlmsghdr *hdr, void *data)
{
	struct answer *ans = data;
	int rc;

	if (ans->each)
		memset(ans->obj, 0, ans->fields->size);
	rc = answer_parse(ans->fields, ans->obj, hdr);
	ans->seen = true;
	return rc || !ans->each ? rc : ans->each(ans->obj, ans->data);
}

/* Run a command whose answer fills @obj. */
static int command_ask(struct ipsecx_nl *nl, struct ipsecx_nl_request *req,
		       const struct ipsecx_fields *fields, void *obj)
{
	struct answer ans = { .fields = fields, .obj = obj };
	int rc = ipsecx_nl_request_run(nl, req, answer_take, &ans);

	if (!rc && !ans.seen)
		return ipsecx_nl_fail(nl, -EBADMSG, "the kernel said nothing");
	return rc;
}

/* An object named by its device and, unless 0, its id. */
static void put_key(struct ipsecx_nl_request *req, uint16_t index_attr,
		    uint32_t ifindex, uint16_t id_attr, uint32_t id)
{
	if (ifindex)
		mnl_attr_put_u32(req->hdr, index_attr, ifindex);
	if (id)
		mnl_attr_put_u32(req->hdr, id_attr, id);
}

int ipsecx_cap_get(struct ipsecx_nl *nl, struct ipsecx_cap *cap)
{
	struct ipsecx_nl_request req;

	memset(cap, 0, sizeof(*cap));
	command_begin(nl, &req, IPSECX_CMD_CAP_GET, NLM_F_ACK);
	return command_ask(nl, &req, &ipsecx_cap_fields, cap);
}

int ipsecx_device_get(struct ipsecx_nl *nl, uint32_t ifindex,
		      struct ipsecx_device *dev)
{
	struct ipsecx_nl_request req;

	memset(dev, 0, sizeof(*dev));
	command_begin(nl, &req, IPSECX_CMD_DEVICE_GET, NLM_F_ACK);
	mnl_attr_put_u32(req.hdr, IPSECX_A_DEVICE_IFINDEX, ifindex);
	return command_ask(nl, &req, &ipsecx_device_fields, dev);
}

/* Functions cannot be cast; a small box carries the typed one along. */
struct device_box {
	ipsecx_device_cb cb;
	void *data;
};

static int device_each(const void *dev, void *data)
{
	const struct device_box *box = data;

	return box->cb(dev, box->data);
}

int ipsecx_device_dump(struct ipsecx_nl *nl, ipsecx_device_cb cb, void *data)
{
	struct device_box box = { cb, data };
	struct ipsecx_device dev;
	struct answer ans = { &ipsecx_device_fields, &dev, false, device_each,
			      &box };
	struct ipsecx_nl_request req;

	command_begin(nl, &req, IPSECX_CMD_DEVICE_GET, NLM_F_DUMP);
	return ipsecx_nl_request_run(nl, &req, answer_take, &ans);
}

#define POLICY_SET_ATTRS                                                      \
	(BIT(IPSECX_A_POLICY_IFINDEX) | BIT(IPSECX_A_POLICY_LOCAL) |          \
	 BIT(IPSECX_A_POLICY_REMOTE) | BIT(IPSECX_A_POLICY_ENCAP) |           \
	 BIT(IPSECX_A_POLICY_LOCAL_PORT) | BIT(IPSECX_A_POLICY_REMOTE_PORT) | \
	 BIT(IPSECX_A_POLICY_PRIORITY) | BIT(IPSECX_A_POLICY_SELECTOR))

static int policy_begin(struct ipsecx_nl *nl, struct ipsecx_nl_request *req,
			uint8_t cmd, const struct ipsecx_policy *policy,
			uint32_t attrs)
{
	if (policy->n_selectors > IPSECX_SELECTORS_MAX)
		return ipsecx_nl_fail(nl, -E2BIG, "too many selectors");
	command_begin(nl, req, cmd, NLM_F_ACK);
	ipsecx_fields_put(&ipsecx_policy_fields, policy, req->hdr, attrs);
	return 0;
}

int ipsecx_policy_new(struct ipsecx_nl *nl, struct ipsecx_policy *policy)
{
	struct ipsecx_nl_request req;
	int rc;

	policy->has_encap = true;
	rc = policy_begin(nl, &req, IPSECX_CMD_POLICY_NEW, policy,
			  POLICY_SET_ATTRS | BIT(IPSECX_A_POLICY_MODE));
	return rc ? rc : command_ask(nl, &req, &ipsecx_policy_fields, policy);
}

int ipsecx_policy_set(struct ipsecx_nl *nl, const struct ipsecx_policy *policy)
{
	struct ipsecx_nl_request req;
	int rc;

	rc = policy_begin(nl, &req, IPSECX_CMD_POLICY_SET, policy,
			  POLICY_SET_ATTRS | BIT(IPSECX_A_POLICY_ID) |
				  BIT(IPSECX_A_POLICY_DROP_HELD));
	return rc ? rc : ipsecx_nl_request_run(nl, &req, NULL, NULL);
}

int ipsecx_policy_get(struct ipsecx_nl *nl, uint32_t ifindex, uint32_t id,
		      struct ipsecx_policy *policy)
{
	struct ipsecx_nl_request req;

	memset(policy, 0, sizeof(*policy));
	command_begin(nl, &req, IPSECX_CMD_POLICY_GET, NLM_F_ACK);
	put_key(&req, IPSECX_A_POLICY_IFINDEX, ifindex, IPSECX_A_POLICY_ID, id);
	return command_ask(nl, &req, &ipsecx_policy_fields, policy);
}

struct policy_box {
	ipsecx_policy_cb cb;
	void *data;
};

static int policy_each(const void *policy, void *data)
{
	const struct policy_box *box = data;

	return box->cb(policy, box->data);
}

int ipsecx_policy_dump(struct ipsecx_nl *nl, uint32_t ifindex,
		       ipsecx_policy_cb cb, void *data)
{
	struct policy_box box = { cb, data };
	struct ipsecx_policy policy;
	struct answer ans = { &ipsecx_policy_fields, &policy, false,
			      policy_each, &box };
	struct ipsecx_nl_request req;

	command_begin(nl, &req, IPSECX_CMD_POLICY_GET, NLM_F_DUMP);
	put_key(&req, IPSECX_A_POLICY_IFINDEX, ifindex, 0, 0);
	return ipsecx_nl_request_run(nl, &req, answer_take, &ans);
}

int ipsecx_policy_del(struct ipsecx_nl *nl, uint32_t ifindex, uint32_t id)
{
	struct ipsecx_nl_request req;

	command_begin(nl, &req, IPSECX_CMD_POLICY_DEL, NLM_F_ACK);
	put_key(&req, IPSECX_A_POLICY_IFINDEX, ifindex, IPSECX_A_POLICY_ID, id);
	return ipsecx_nl_request_run(nl, &req, NULL, NULL);
}

#define SA_NEW_ATTRS                                                   \
	(BIT(IPSECX_A_SA_IFINDEX) | BIT(IPSECX_A_SA_POLICY) |          \
	 BIT(IPSECX_A_SA_DIRECTION) | BIT(IPSECX_A_SA_SPI) |           \
	 BIT(IPSECX_A_SA_ENCR) | BIT(IPSECX_A_SA_INTEG) |              \
	 BIT(IPSECX_A_SA_ESN) | BIT(IPSECX_A_SA_REPLAY_WINDOW) |       \
	 BIT(IPSECX_A_SA_BYTE_SOFT) | BIT(IPSECX_A_SA_BYTE_HARD) |     \
	 BIT(IPSECX_A_SA_PACKET_SOFT) | BIT(IPSECX_A_SA_PACKET_HARD) | \
	 BIT(IPSECX_A_SA_TIME_SOFT) | BIT(IPSECX_A_SA_TIME_HARD) |     \
	 BIT(IPSECX_A_SA_IDLE))

int ipsecx_sa_new(struct ipsecx_nl *nl, struct ipsecx_sa *sa)
{
	struct ipsecx_nl_request req;

	if (sa->key_len > IPSECX_KEY_MAX || sa->integ_key_len > IPSECX_KEY_MAX)
		return ipsecx_nl_fail(nl, -E2BIG, "the key is too long");
	command_begin(nl, &req, IPSECX_CMD_SA_NEW, NLM_F_ACK);
	ipsecx_fields_put(&ipsecx_sa_fields, sa, req.hdr, SA_NEW_ATTRS);
	if (sa->key)
		mnl_attr_put(req.hdr, IPSECX_A_SA_ENCR_KEY, sa->key_len,
			     sa->key);
	if (sa->integ_key)
		mnl_attr_put(req.hdr, IPSECX_A_SA_INTEG_KEY, sa->integ_key_len,
			     sa->integ_key);
	if (sa->activate)
		mnl_attr_put(req.hdr, IPSECX_A_SA_ACTIVATE, 0, "");
	return command_ask(nl, &req, &ipsecx_sa_fields, sa);
}

int ipsecx_sa_activate(struct ipsecx_nl *nl, uint32_t ifindex, uint32_t id)
{
	struct ipsecx_nl_request req;

	command_begin(nl, &req, IPSECX_CMD_SA_SET, NLM_F_ACK);
	put_key(&req, IPSECX_A_SA_IFINDEX, ifindex, IPSECX_A_SA_ID, id);
	mnl_attr_put(req.hdr, IPSECX_A_SA_ACTIVATE, 0, "");
	return ipsecx_nl_request_run(nl, &req, NULL, NULL);
}

int ipsecx_sa_get(struct ipsecx_nl *nl, uint32_t ifindex, uint32_t id,
		  struct ipsecx_sa *sa)
{
	struct ipsecx_nl_request req;

	memset(sa, 0, sizeof(*sa));
	command_begin(nl, &req, IPSECX_CMD_SA_GET, NLM_F_ACK);
	put_key(&req, IPSECX_A_SA_IFINDEX, ifindex, IPSECX_A_SA_ID, id);
	return command_ask(nl, &req, &ipsecx_sa_fields, sa);
}

struct sa_box {
	ipsecx_sa_cb cb;
	void *data;
};

static int sa_each(const void *sa, void *data)
{
	const struct sa_box *box = data;

	return box->cb(sa, box->data);
}

int ipsecx_sa_dump(struct ipsecx_nl *nl, uint32_t ifindex, ipsecx_sa_cb cb,
		   void *data)
{
	struct sa_box box = { cb, data };
	struct ipsecx_sa sa;
	struct answer ans = { &ipsecx_sa_fields, &sa, false, sa_each, &box };
	struct ipsecx_nl_request req;

	command_begin(nl, &req, IPSECX_CMD_SA_GET, NLM_F_DUMP);
	put_key(&req, IPSECX_A_SA_IFINDEX, ifindex, 0, 0);
	return ipsecx_nl_request_run(nl, &req, answer_take, &ans);
}

int ipsecx_sa_del(struct ipsecx_nl *nl, uint32_t ifindex, uint32_t id)
{
	struct ipsecx_nl_request req;

	command_begin(nl, &req, IPSECX_CMD_SA_DEL, NLM_F_ACK);
	put_key(&req, IPSECX_A_SA_IFINDEX, ifindex, IPSECX_A_SA_ID, id);
	return ipsecx_nl_request_run(nl, &req, NULL, NULL);
}

int ipsecx_spi_alloc(struct ipsecx_nl *nl, uint32_t ifindex, uint32_t lowest,
		     uint32_t highest, uint32_t *spi)
{
	struct ipsecx_nl_request req;
	struct ipsecx_spi got = { 0 };
	int rc;

	command_begin(nl, &req, IPSECX_CMD_SPI_ALLOC, NLM_F_ACK);
	mnl_attr_put_u32(req.hdr, IPSECX_A_SPI_IFINDEX, ifindex);
	if (lowest)
		mnl_attr_put_u32(req.hdr, IPSECX_A_SPI_LOWEST, lowest);
	if (highest)
		mnl_attr_put_u32(req.hdr, IPSECX_A_SPI_HIGHEST, highest);
	rc = command_ask(nl, &req, &ipsecx_spi_fields, &got);
	*spi = got.spi;
	return rc;
}

int ipsecx_spi_free(struct ipsecx_nl *nl, uint32_t ifindex, uint32_t spi)
{
	struct ipsecx_nl_request req;

	command_begin(nl, &req, IPSECX_CMD_SPI_FREE, NLM_F_ACK);
	mnl_attr_put_u32(req.hdr, IPSECX_A_SPI_IFINDEX, ifindex);
	mnl_attr_put_u32(req.hdr, IPSECX_A_SPI_SPI, htonl(spi));
	return ipsecx_nl_request_run(nl, &req, NULL, NULL);
}

int ipsecx_socket_attach(struct ipsecx_nl *nl, int fd)
{
	struct ipsecx_nl_request req;

	command_begin(nl, &req, IPSECX_CMD_SOCKET_ATTACH, NLM_F_ACK);
	mnl_attr_put_u32(req.hdr, IPSECX_A_SOCKET_FD, fd);
	return ipsecx_nl_request_run(nl, &req, NULL, NULL);
}
