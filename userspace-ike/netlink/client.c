// SPDX-License-Identifier: MIT
/* Commands, dumps and events of the genetlink family ipsecx. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/genetlink.h>

#include "request.h"

/* A gateway that loses its peers deletes thousands of SAs at once. */
#define EVENTS_BUFFER (1 << 20)

/* Where one answer goes, or who hears of many. */
struct answer {
	const struct ipsecx_attrs *attrs;
	void *obj;
	bool seen;
	ipsecx_each each;
	void *data;
};

static int parse(const struct ipsecx_attrs *attrs, void *obj,
		 const struct nlmsghdr *hdr)
{
	size_t head = MNL_ALIGN(sizeof(struct genlmsghdr));

	if (mnl_nlmsg_get_payload_len(hdr) < head)
		return -EBADMSG;
	return ipsecx_attrs_get(attrs, obj,
				mnl_nlmsg_get_payload_offset(hdr, head),
				mnl_nlmsg_get_payload_len(hdr) - head);
}

static int answer_take(const struct nlmsghdr *hdr, void *data)
{
	struct answer *ans = data;
	int rc;

	if (ans->each)
		memset(ans->obj, 0, ans->attrs->size);
	rc = parse(ans->attrs, ans->obj, hdr);
	ans->seen = true;
	return rc || !ans->each ? rc : ans->each(ans->obj, ans->data);
}

static int run(struct ipsecx_nl *nl, uint8_t cmd, uint16_t flags,
	       struct answer *ans)
{
	const struct ipsecx_op *op = &ipsecx_ops[cmd];
	struct ipsecx_nl_request req;
	struct genlmsghdr *genl;
	int rc;

	ipsecx_nl_request_begin(nl, &req, nl->family, flags);
	genl = mnl_nlmsg_put_extra_header(req.hdr, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = IPSECX_FAMILY_VERSION;
	ans->attrs = op->attrs;
	rc = ipsecx_attrs_put(op->attrs, ans->obj, req.hdr, op->takes);
	if (!rc)
		return ipsecx_nl_request_run(nl, &req, answer_take, ans);
	explicit_bzero(&req, sizeof(req));
	return ipsecx_nl_fail(nl, rc, "a key or a list is too long");
}

int ipsecx_command(struct ipsecx_nl *nl, uint8_t cmd, void *obj)
{
	struct answer ans = { .obj = obj };
	int rc = run(nl, cmd, NLM_F_ACK, &ans);

	if (!rc && ipsecx_ops[cmd].tells && !ans.seen)
		return ipsecx_nl_fail(nl, -EBADMSG, "the kernel said nothing");
	return rc;
}

int ipsecx_dump(struct ipsecx_nl *nl, uint8_t cmd, void *obj, ipsecx_each each,
		void *data)
{
	struct answer ans = { .obj = obj, .each = each, .data = data };

	return run(nl, cmd, NLM_F_DUMP, &ans);
}

static void events_buffer(int fd)
{
	int size = EVENTS_BUFFER;

	/* Beyond the sysctl limit with CAP_NET_ADMIN, else up to it. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
}

int ipsecx_events_subscribe(struct ipsecx_nl *nl)
{
	int fd = ipsecx_nl_fd(nl), flags;

	nl->error[0] = 0;
	if (!nl->events)
		return ipsecx_nl_fail(nl, -ENOENT,
				      "the kernel offers no events");
	events_buffer(fd);
	flags = fcntl(fd, F_GETFL);
	if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0 ||
	    mnl_socket_setsockopt(nl->sock, NETLINK_ADD_MEMBERSHIP, &nl->events,
				  sizeof(nl->events)) < 0)
		return ipsecx_nl_fail(nl, -errno, NULL);
	return 0;
}

/* What makes no sense is skipped. */
static void event_take(const struct nlmsghdr *hdr, ipsecx_event_cb cb,
		       void *data)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(hdr);
	const struct ipsecx_op *op;
	union {
		struct ipsecx_policy policy;
		struct ipsecx_sa sa;
		struct ipsecx_acquire acquire;
		struct ipsecx_peer peer;
	} obj;

	if (mnl_nlmsg_get_payload_len(hdr) < sizeof(*genl) ||
	    genl->cmd > IPSECX_CMD_MAX)
		return;
	op = &ipsecx_ops[genl->cmd];
	memset(&obj, 0, sizeof(obj));
	if (op->event && op->attrs->size <= sizeof(obj) &&
	    !parse(op->attrs, &obj, hdr))
		cb(genl->cmd, &obj, data);
}

static void events_take(const struct ipsecx_nl *nl, size_t len,
			ipsecx_event_cb cb, void *data)
{
	const struct nlmsghdr *hdr;
	size_t at = 0;

	while ((hdr = ipsecx_nl_message(nl->answer, len, &at)))
		if (hdr->nlmsg_type == nl->family)
			event_take(hdr, cb, data);
}

int ipsecx_events_receive(struct ipsecx_nl *nl, ipsecx_event_cb cb, void *data)
{
	ssize_t n;

	nl->error[0] = 0;
	for (;;) {
		n = mnl_socket_recvfrom(nl->sock, nl->answer,
					sizeof(nl->answer));
		if (n >= 0)
			events_take(nl, n, cb, data);
		else if (errno == ENOBUFS)
			cb(0, NULL, data);
		else if (errno == EAGAIN)
			return 0;
		else if (errno != EINTR)
			return ipsecx_nl_fail(nl, -errno, NULL);
	}
}
