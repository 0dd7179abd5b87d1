/* SPDX-License-Identifier: MIT */
/*
 * A kernel made of bytes: stands in for libmnl's socket functions, so that
 * programs that include this talk to it. Messages are written here byte by
 * byte, by no function of the client.
 */
#ifndef TESTS_CLI_FAKE_H
#define TESTS_CLI_FAKE_H

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"
#include "request.h"

#define FAKE_FAMILY 0x1d
#define FAKE_GROUP 7

struct bytes {
	size_t n;
	uint8_t b[16384] __attribute__((aligned(8)));
};

/**
 * struct fake - the kernel
 * @sent: the last request
 * @all: all of them, as far as there is room
 * @n_all: how many
 * @request: where it was when it was sent
 * @wiped: it was all zero there by the time the answer was asked for
 * @answer: datagrams to come
 * @n: how many
 * @next: the next one
 * @own_seq: leave the sequence numbers of the answers alone
 */
static struct fake {
	struct bytes sent;
	struct bytes all[16];
	size_t n_all;
	const uint8_t *request;
	bool wiped;
	struct bytes answer[8];
	size_t n;
	size_t next;
	bool own_seq;
} fake;

static inline void fake_reset(void)
{
	memset(&fake, 0, sizeof(fake));
}

static inline void put(struct bytes *to, const void *from, size_t len)
{
	memcpy(to->b + to->n, from, len);
	to->n += len;
	while (to->n % 4)
		to->b[to->n++] = 0;
}

static inline void put_attr(struct bytes *to, uint16_t type, const void *data,
			    size_t len)
{
	uint16_t head[2] = { len + 4, type };

	put(to, head, sizeof(head));
	put(to, data, len);
}

static inline void put_u8(struct bytes *to, uint16_t type, uint8_t value)
{
	put_attr(to, type, &value, sizeof(value));
}

static inline void put_u16(struct bytes *to, uint16_t type, uint16_t value)
{
	put_attr(to, type, &value, sizeof(value));
}

static inline void put_u32(struct bytes *to, uint16_t type, uint32_t value)
{
	put_attr(to, type, &value, sizeof(value));
}

static inline void put_u64(struct bytes *to, uint16_t type, uint64_t value)
{
	put_attr(to, type, &value, sizeof(value));
}

static inline void put_nest(struct bytes *to, uint16_t type,
			    const struct bytes *inner)
{
	put_attr(to, type | NLA_F_NESTED, inner->b, inner->n);
}

static inline void put_message(struct bytes *to, uint16_t type, uint16_t flags,
			       const void *payload, size_t len)
{
	uint32_t head[4] = { 16 + len, flags << 16 | type, 0, 0 };
	const uint16_t *halves = (const uint16_t[]){ type, flags };

	memcpy(&head[1], halves, 4);
	put(to, head, sizeof(head));
	put(to, payload, len);
}

/* A message of the family: version 1, no reserved bits. */
static inline void put_command(struct bytes *to, uint16_t flags, uint8_t cmd,
			       const struct bytes *attrs)
{
	static struct bytes payload;
	uint8_t head[4] = { cmd, 1, 0, 0 };

	payload.n = 0;
	put(&payload, head, sizeof(head));
	put(&payload, attrs->b, attrs->n);
	put_message(to, FAKE_FAMILY, flags, payload.b, payload.n);
}

static inline struct bytes *fake_datagram(void)
{
	return &fake.answer[fake.n++];
}

/* The acknowledgment or refusal, with an explanation if there is a text. */
static inline void put_ack(struct bytes *to, int error, const char *text)
{
	uint32_t body[5] = { (uint32_t)error, 16, 0, 0, 0 };
	struct bytes payload = { 0 };

	put(&payload, body, sizeof(body));
	if (text)
		put_attr(&payload, NLMSGERR_ATTR_MSG, text, strlen(text) + 1);
	put_message(to, NLMSG_ERROR, NLM_F_CAPPED | (text ? NLM_F_ACK_TLVS : 0),
		    payload.b, payload.n);
}

static inline void put_done(struct bytes *to, uint16_t flags)
{
	int zero = 0;

	put_message(to, NLMSG_DONE, NLM_F_MULTI | flags, &zero, sizeof(zero));
}

/* An open socket, without the question for the family. */
static inline struct ipsecx_nl *fake_open(void)
{
	struct ipsecx_nl *nl = calloc(1, sizeof(*nl));

	fake_reset();
	if (!nl)
		abort();
	nl->sock = (struct mnl_socket *)&fake;
	nl->family = FAKE_FAMILY;
	nl->events = FAKE_GROUP;
	return nl;
}

struct mnl_socket *mnl_socket_open2(int bus, int flags)
{
	return (struct mnl_socket *)&fake;
}

int mnl_socket_bind(struct mnl_socket *nl, unsigned int groups, pid_t pid)
{
	return 0;
}

int mnl_socket_close(struct mnl_socket *nl)
{
	return 0;
}

int mnl_socket_setsockopt(const struct mnl_socket *nl, int type, void *buf,
			  socklen_t len)
{
	return 0;
}

ssize_t mnl_socket_sendto(const struct mnl_socket *nl, const void *buf,
			  size_t len)
{
	fake.sent.n = 0;
	put(&fake.sent, buf, len);
	if (fake.n_all < 16)
		fake.all[fake.n_all++] = fake.sent;
	fake.request = buf;
	return len;
}

static inline void fake_set_seq(struct bytes *datagram)
{
	uint32_t len, seq;
	size_t at = 0;

	memcpy(&seq, fake.sent.b + 8, sizeof(seq));
	while (at + 16 <= datagram->n) {
		memcpy(datagram->b + at + 8, &seq, sizeof(seq));
		memcpy(&len, datagram->b + at, sizeof(len));
		if (len < 16 || len > datagram->n - at)
			return;
		at += (len + 3) & ~3u;
	}
}

ssize_t mnl_socket_recvfrom(const struct mnl_socket *nl, void *buf, size_t len)
{
	struct bytes *datagram = &fake.answer[fake.next];
	size_t i;

	fake.wiped = true;
	for (i = 0; fake.request && i < fake.sent.n; i++)
		fake.wiped = fake.wiped && !fake.request[i];
	if (fake.next == fake.n) {
		errno = EAGAIN;
		return -1;
	}
	fake.next++;
	if (!datagram->n) {
		errno = ENOBUFS;
		return -1;
	}
	if (!fake.own_seq)
		fake_set_seq(datagram);
	len = datagram->n < len ? datagram->n : len;
	memcpy(buf, datagram->b, len);
	return len;
}

#endif
