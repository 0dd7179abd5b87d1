/* SPDX-License-Identifier: MIT */
/*
 * Inside of the netlink client: a message out, the answers back in.
 * Not for users of the library; the unit tests and fuzzers use it too.
 */
#ifndef IPSECX_NL_REQUEST_H
#define IPSECX_NL_REQUEST_H

#include <stdbool.h>

#include <libmnl/libmnl.h>

#include "socket.h"

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

typedef int (*ipsecx_nl_answer_cb)(const struct nlmsghdr *hdr, void *data);

/**
 * struct ipsecx_nl_answer - progress of one request
 * @cb: called for each message, until it returns non-zero; may be NULL
 * @data: passed to @cb
 * @rc: what @cb or the kernel has returned
 * @interrupted: what is dumped has changed meanwhile
 * @done: the kernel has nothing more to say
 */
struct ipsecx_nl_answer {
	ipsecx_nl_answer_cb cb;
	void *data;
	int rc;
	bool interrupted;
	bool done;
};

/**
 * ipsecx_nl_request_begin() - start a message of any netlink protocol
 * @nl: socket
 * @req: where
 * @type: message type
 * @flags: NLM_F_*; NLM_F_REQUEST is added
 */
void ipsecx_nl_request_begin(struct ipsecx_nl *nl,
			     struct ipsecx_nl_request *req, uint16_t type,
			     uint16_t flags);

/**
 * ipsecx_nl_request_run() - send a message, wait for the whole answer
 * @nl: socket
 * @req: message; wiped, since it may carry a key
 * @cb: called for each message of the answer; may be NULL
 * @data: passed to @cb
 *
 * Return: 0, -errno, or the non-zero that @cb returned.
 */
int ipsecx_nl_request_run(struct ipsecx_nl *nl, struct ipsecx_nl_request *req,
			  ipsecx_nl_answer_cb cb, void *data);

/**
 * ipsecx_nl_answer_take() - take in one datagram from the kernel
 * @nl: socket, for its sequence number and its error text
 * @ans: progress
 * @buf: datagram, aligned to 4 bytes
 * @len: its length
 */
void ipsecx_nl_answer_take(struct ipsecx_nl *nl, struct ipsecx_nl_answer *ans,
			   const void *buf, size_t len);

/**
 * ipsecx_nl_message() - the next message of a datagram
 * @buf: datagram, aligned to 4 bytes
 * @len: its length
 * @at: how far it is read, 0 at first
 *
 * libmnl's own before 1.0.5 believes in lengths of 2 GiB and more.
 *
 * Return: the message, all of which is there, or NULL when none is left.
 */
const struct nlmsghdr *ipsecx_nl_message(const void *buf, size_t len,
					 size_t *at);

/**
 * ipsecx_nl_fail() - note why a call fails
 * @nl: socket
 * @rc: -errno
 * @text: explanation, or NULL for the errno's
 *
 * Return: @rc
 */
int ipsecx_nl_fail(struct ipsecx_nl *nl, int rc, const char *text);

#endif
