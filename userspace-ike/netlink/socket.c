// SPDX-License-Identifier: MIT
/* Opening netlink sockets and finding the ipsecx family. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/genetlink.h>
#include <linux/ipsecx.h>

#include "request.h"

int ipsecx_nl_fd(const struct ipsecx_nl *nl)
{
	return mnl_socket_get_fd(nl->sock);
}

const char *ipsecx_nl_error(const struct ipsecx_nl *nl)
{
	return nl->error;
}

void ipsecx_nl_close(struct ipsecx_nl *nl)
{
	if (!nl)
		return;
	if (nl->sock)
		mnl_socket_close(nl->sock);
	free(nl);
}

static int socket_open(struct ipsecx_nl **out, int protocol)
{
	struct ipsecx_nl *nl = calloc(1, sizeof(*nl));
	int on = 1, rc;

	*out = NULL;
	if (!nl)
		return -ENOMEM;
	nl->sock = mnl_socket_open2(protocol, SOCK_CLOEXEC);
	if (!nl->sock || mnl_socket_bind(nl->sock, 0, MNL_SOCKET_AUTOPID) < 0) {
		rc = -errno;
		ipsecx_nl_close(nl);
		return rc;
	}
	/* Without these there is less to read, nothing more. */
	mnl_socket_setsockopt(nl->sock, NETLINK_EXT_ACK, &on, sizeof(on));
	mnl_socket_setsockopt(nl->sock, NETLINK_CAP_ACK, &on, sizeof(on));
	*out = nl;
	return 0;
}

int ipsecx_nl_open_route(struct ipsecx_nl **nl)
{
	return socket_open(nl, NETLINK_ROUTE);
}

static bool attr_is_string(const struct nlattr *attr, const char *s)
{
	return mnl_attr_get_payload_len(attr) == strlen(s) + 1 &&
	       !memcmp(mnl_attr_get_payload(attr), s, strlen(s) + 1);
}

static void group_take(struct ipsecx_nl *nl, const struct nlattr *group)
{
	const struct nlattr *attr;
	bool events = false;
	uint32_t id = 0;

	mnl_attr_for_each_nested(attr, group) {
		int type = mnl_attr_get_type(attr);

		if (type == CTRL_ATTR_MCAST_GRP_NAME)
			events = attr_is_string(attr, IPSECX_MCGRP_EVENTS);
		else if (type == CTRL_ATTR_MCAST_GRP_ID &&
			 mnl_attr_get_payload_len(attr) == sizeof(id))
			id = mnl_attr_get_u32(attr);
	}
	if (events)
		nl->events = id;
}

static void groups_take(struct ipsecx_nl *nl, const struct nlattr *groups)
{
	const struct nlattr *group;

	mnl_attr_for_each_nested(group, groups) {
		group_take(nl, group);
	}
}

static int family_take(const struct nlmsghdr *hdr, void *data)
{
	const struct nlattr *attr;
	struct ipsecx_nl *nl = data;

	if (mnl_nlmsg_get_payload_len(hdr) < sizeof(struct genlmsghdr))
		return -EBADMSG;
	mnl_attr_for_each(attr, hdr, sizeof(struct genlmsghdr)) {
		int type = mnl_attr_get_type(attr);

		if (type == CTRL_ATTR_FAMILY_ID &&
		    mnl_attr_get_payload_len(attr) == sizeof(uint16_t))
			nl->family = mnl_attr_get_u16(attr);
		else if (type == CTRL_ATTR_MCAST_GROUPS)
			groups_take(nl, attr);
	}
	return nl->family ? 0 : -EBADMSG;
}

static int family_find(struct ipsecx_nl *nl)
{
	struct ipsecx_nl_request req;
	struct genlmsghdr *genl;

	ipsecx_nl_request_begin(nl, &req, GENL_ID_CTRL, NLM_F_ACK);
	genl = mnl_nlmsg_put_extra_header(req.hdr, sizeof(*genl));
	genl->cmd = CTRL_CMD_GETFAMILY;
	genl->version = 1;
	mnl_attr_put_strz(req.hdr, CTRL_ATTR_FAMILY_NAME, IPSECX_FAMILY_NAME);
	return ipsecx_nl_request_run(nl, &req, family_take, nl);
}

int ipsecx_nl_open(struct ipsecx_nl **nl, char *error, size_t len)
{
	int rc = socket_open(nl, NETLINK_GENERIC);

	if (!rc)
		rc = family_find(*nl);
	if (!rc)
		return 0;
	if (error && rc == -ENOENT)
		snprintf(error, len,
			 "the kernel module is not loaded (modprobe ipsecx)");
	else if (error)
		snprintf(error, len, "%s", *nl ? (*nl)->error : strerror(-rc));
	ipsecx_nl_close(*nl);
	*nl = NULL;
	return rc;
}
