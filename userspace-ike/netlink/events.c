// SPDX-License-Identifier: MIT
/* Events of the genetlink family ipsecx. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/genetlink.h>

#include "events.h"
#include "field.h"

/* A gateway that loses its peers deletes thousands of SAs at once. */
#define EVENTS_BUFFER (1 << 20)

/* clang-format off */
static const struct {
	enum ipsecx_event_type type;
	const struct ipsecx_fields *fields;
} event_kinds[IPSECX_CMD_MAX + 1] = {
	[IPSECX_CMD_ACQUIRE_NTF] = {
		IPSECX_EVENT_ACQUIRE, &ipsecx_event_acquire_fields
	},
	[IPSECX_CMD_SA_EXPIRE_NTF] = {
		IPSECX_EVENT_SA_EXPIRE, &ipsecx_event_sa_fields
	},
	[IPSECX_CMD_SA_DEL_NTF] = {
		IPSECX_EVENT_SA_DEL, &ipsecx_event_sa_fields
	},
	[IPSECX_CMD_POLICY_DEL_NTF] = {
		IPSECX_EVENT_POLICY_DEL, &ipsecx_event_policy_fields
	},
	[IPSECX_CMD_PEER_MOVED_NTF] = {
		IPSECX_EVENT_PEER_MOVED, &ipsecx_event_peer_fields
	},
	[IPSECX_CMD_UNKNOWN_SPI_NTF] = {
		IPSECX_EVENT_UNKNOWN_SPI, &ipsecx_event_peer_fields
	},
};
/* clang-format on */

const struct ipsecx_fields *ipsecx_event_fields(enum ipsecx_event_type type)
{
	size_t i;

	for (i = 0; i <= IPSECX_CMD_MAX; i++)
		if (event_kinds[i].fields && event_kinds[i].type == type)
			return event_kinds[i].fields;
	return NULL;
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
	if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0)
		return ipsecx_nl_fail(nl, -errno, NULL);
	if (mnl_socket_setsockopt(nl->sock, NETLINK_ADD_MEMBERSHIP, &nl->events,
				  sizeof(nl->events)) < 0)
		return ipsecx_nl_fail(nl, -errno, NULL);
	return 0;
}

static bool event_parse(const struct nlmsghdr *hdr, struct ipsecx_event *event)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(hdr);
	size_t head = MNL_ALIGN(sizeof(*genl));

	memset(event, 0, sizeof(*event));
	if (mnl_nlmsg_get_payload_len(hdr) < head ||
	    genl->cmd > IPSECX_CMD_MAX || !event_kinds[genl->cmd].fields)
		return false;
	event->type = event_kinds[genl->cmd].type;
	return !ipsecx_fields_get(event_kinds[genl->cmd].fields, event,
				  mnl_nlmsg_get_payload_offset(hdr, head),
				  mnl_nlmsg_get_payload_len(hdr) - head);
}

void ipsecx_events_take(const struct ipsecx_nl *nl, const void *buf, size_t len,
			ipsecx_event_cb cb, void *data)
{
	const struct nlmsghdr *hdr;
	struct ipsecx_event event;
	size_t at = 0;

	while ((hdr = ipsecx_nl_message(buf, len, &at)))
		if (hdr->nlmsg_type == nl->family && event_parse(hdr, &event))
			cb(&event, data);
}

int ipsecx_events_receive(struct ipsecx_nl *nl, ipsecx_event_cb cb, void *data)
{
	const struct ipsecx_event overrun = { .type = IPSECX_EVENT_OVERRUN };
	ssize_t n;

	nl->error[0] = 0;
	for (;;) {
		n = mnl_socket_recvfrom(nl->sock, nl->answer,
					sizeof(nl->answer));
		if (n >= 0)
			ipsecx_events_take(nl, nl->answer, n, cb, data);
		else if (errno == ENOBUFS)
			cb(&overrun, data);
		else if (errno == EAGAIN)
			return 0;
		else if (errno != EINTR)
			return ipsecx_nl_fail(nl, -errno, NULL);
	}
}
