/* SPDX-License-Identifier: MIT */
/*
 * Inside of the netlink client: a message out, the answers back in.
 * Not for users of the library; the unit tests and fuzzers use it too.
 */
#ifndef IPSECX_NL_REQUEST_H
#define IPSECX_NL_REQUEST_H

#include <libmnl/libmnl.h>

#include "client.h"

/*
 * The largest request is a policy with 64 selectors of 128 bytes each; what
 * goes into a request is bounded before it is put there.
 */
#define IPSECX_NL_REQUEST_LEN 16384
/* The kernel fills up to 32 KiB in a dump. */
#define IPSECX_NL_ANSWER_LEN 32768

/**
 * struct ipsecx_nl - a netlink socket
 * @sock: libmnl's
 * @family: genetlink family id, unused with rtnetlink
 * @events: id of the multicast group of events
 * @seq: sequence number of the last request
 * @error: why the last call failed
 * @answer: scratch for what the kernel sends
 */
struct ipsecx_nl {
	struct mnl_socket *sock;
	uint16_t family;
	uint32_t events;
	uint32_t seq;
	char error[IPSECX_NL_ERROR_LEN];
	char answer[IPSECX_NL_ANSWER_LEN] __attribute__((aligned(8)));
};

/* A request under construction. */
struct ipsecx_nl_request {
	struct nlmsghdr *hdr;
	char buf[IPSECX_NL_REQUEST_LEN] __attribute__((aligned(8)));
};

/* called for each message of an answer, until it returns non-zero */
typedef int (*ipsecx_nl_answer_cb)(const struct nlmsghdr *hdr, void *data);

/* start a message of any netlink protocol; NLM_F_REQUEST is added to @flags */
void ipsecx_nl_request_begin(struct ipsecx_nl *nl,
			     struct ipsecx_nl_request *req, uint16_t type,
			     uint16_t flags);

/*
 * Send a message, which is wiped, and wait for the whole answer. Return: 0,
 * -errno, or the non-zero that @cb, which may be NULL, returned.
 */
int ipsecx_nl_request_run(struct ipsecx_nl *nl, struct ipsecx_nl_request *req,
			  ipsecx_nl_answer_cb cb, void *data);

/*
 * The next message of a datagram, all of which is there, from @at on, 0 at
 * first; NULL when none is left. libmnl's own before 1.0.5 believes in lengths
 * of 2 GiB and more.
 */
const struct nlmsghdr *ipsecx_nl_message(const void *buf, size_t len,
					 size_t *at);

/* note why a call fails; @text may be NULL. Return: @rc */
int ipsecx_nl_fail(struct ipsecx_nl *nl, int rc, const char *text);

#endif
