// SPDX-License-Identifier: MIT
/* A message out to the kernel, the answers back in. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "request.h"

/* How far the answer to a request is, and what came of it. */
struct answer {
	ipsecx_nl_answer_cb cb;
	void *data;
	int rc;
	bool interrupted;
	bool done;
};

int ipsecx_nl_fail(struct ipsecx_nl *nl, int rc, const char *text)
{
	if (!text && rc == -EPERM)
		text = "Operation not permitted: this needs CAP_NET_ADMIN";
	if (!text)
		text = strerror(-rc);
	snprintf(nl->error, sizeof(nl->error), "%s", text);
	return rc;
}

void ipsecx_nl_request_begin(struct ipsecx_nl *nl,
			     struct ipsecx_nl_request *req, uint16_t type,
			     uint16_t flags)
{
	/* libmnl leaves what is between attributes as it is */
	memset(req->buf, 0, sizeof(req->buf));
	req->hdr = mnl_nlmsg_put_header(req->buf);
	req->hdr->nlmsg_type = type;
	req->hdr->nlmsg_flags = NLM_F_REQUEST | flags;
	/* Zero is what notifications carry. */
	if (!++nl->seq)
		++nl->seq;
	req->hdr->nlmsg_seq = nl->seq;
	nl->error[0] = 0;
}

/*
 * Where the attributes of an error begin:
 *
 *   nlmsghdr | error | header of the request | its payload | attributes
 *                                             `- only if not NLM_F_CAPPED
 *
 * The same attributes follow the number in the message that ends a dump.
 */
static size_t error_attrs_offset(const struct nlmsghdr *hdr)
{
	const struct nlmsgerr *err = mnl_nlmsg_get_payload(hdr);

	if (hdr->nlmsg_type == NLMSG_DONE)
		return sizeof(int);
	if (hdr->nlmsg_flags & NLM_F_CAPPED ||
	    err->msg.nlmsg_len < NLMSG_HDRLEN)
		return sizeof(*err);
	return sizeof(*err) +
	       NLMSG_ALIGN((size_t)err->msg.nlmsg_len - NLMSG_HDRLEN);
}

static void error_attr(const struct nlattr *attr, char *text, size_t len)
{
	size_t n = mnl_attr_get_payload_len(attr);

	if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG)
		snprintf(text, len, "%.*s", (int)n,
			 (const char *)mnl_attr_get_payload(attr));
	else if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MISS_TYPE &&
		 n == sizeof(uint32_t) && !text[0])
		snprintf(text, len, "attribute %u is missing",
			 mnl_attr_get_u32(attr));
}

static int answer_error(struct ipsecx_nl *nl, const struct nlmsghdr *hdr,
			int rc)
{
	size_t off = error_attrs_offset(hdr), len;
	char text[IPSECX_NL_ERROR_LEN] = "";
	const struct nlattr *attr = NULL;
	const void *attrs;

	len = mnl_nlmsg_get_payload_len(hdr);
	attrs = mnl_nlmsg_get_payload_offset(hdr, off);
	len = hdr->nlmsg_flags & NLM_F_ACK_TLVS && off < len ? len - off : 0;
	mnl_attr_for_each_payload(attrs, len) {
		error_attr(attr, text, sizeof(text));
	}
	return ipsecx_nl_fail(nl, rc, text[0] ? text : NULL);
}

/* The kernel's last word: an acknowledgment, an error or the end of a dump. */
static void answer_end(struct ipsecx_nl *nl, struct answer *ans,
		       const struct nlmsghdr *hdr)
{
	size_t need = hdr->nlmsg_type == NLMSG_ERROR ? sizeof(struct nlmsgerr) :
						       0;
	size_t len = mnl_nlmsg_get_payload_len(hdr);
	int code = 0;

	ans->done = true;
	if (ans->rc)
		return;
	if (len >= sizeof(code))
		memcpy(&code, mnl_nlmsg_get_payload(hdr), sizeof(code));
	if (len < need || code > 0 || code < -4095)
		ans->rc = ipsecx_nl_fail(nl, -EBADMSG, NULL);
	else if (code)
		ans->rc = answer_error(nl, hdr, code);
	else if (ans->interrupted)
		ans->rc = ipsecx_nl_fail(nl, -EINTR,
					 "changed while being listed");
}

static void answer_one(struct ipsecx_nl *nl, struct answer *ans,
		       const struct nlmsghdr *hdr)
{
	/* Left over from a request that was given up. */
	if (hdr->nlmsg_seq != nl->seq || ans->done)
		return;
	if (hdr->nlmsg_flags & NLM_F_DUMP_INTR)
		ans->interrupted = true;
	if (hdr->nlmsg_type == NLMSG_ERROR || hdr->nlmsg_type == NLMSG_DONE) {
		answer_end(nl, ans, hdr);
	} else if (hdr->nlmsg_type >= NLMSG_MIN_TYPE && ans->cb && !ans->rc) {
		ans->rc = ans->cb(hdr, ans->data);
		if (ans->rc == -EBADMSG)
			ipsecx_nl_fail(nl, ans->rc,
				       "the kernel's answer makes no sense");
	}
}

const struct nlmsghdr *ipsecx_nl_message(const void *buf, size_t len,
					 size_t *at)
{
	const struct nlmsghdr *hdr = (const void *)((const char *)buf + *at);

	if (*at > len || len - *at < sizeof(*hdr) ||
	    hdr->nlmsg_len < sizeof(*hdr) || hdr->nlmsg_len > len - *at)
		return NULL;
	*at += NLMSG_ALIGN((size_t)hdr->nlmsg_len);
	return hdr;
}

static int answer_receive(struct ipsecx_nl *nl, struct answer *ans)
{
	const struct nlmsghdr *hdr;
	size_t at;
	ssize_t n;

	while (!ans->done) {
		n = mnl_socket_recvfrom(nl->sock, nl->answer,
					sizeof(nl->answer));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return ipsecx_nl_fail(nl, -errno, NULL);
		at = 0;
		while ((hdr = ipsecx_nl_message(nl->answer, n, &at)))
			answer_one(nl, ans, hdr);
	}
	return ans->rc;
}

int ipsecx_nl_request_run(struct ipsecx_nl *nl, struct ipsecx_nl_request *req,
			  ipsecx_nl_answer_cb cb, void *data)
{
	struct answer ans = { .cb = cb, .data = data };
	size_t len = req->hdr->nlmsg_len;
	int rc = 0;

	if (mnl_socket_sendto(nl->sock, req->buf, len) < 0)
		rc = ipsecx_nl_fail(nl, -errno, NULL);
	explicit_bzero(req->buf, len);
	return rc ? rc : answer_receive(nl, &ans);
}
