/* SPDX-License-Identifier: MIT */
/*
 * The message codec (RFC 7296 section 3). Parsing is pure: no allocation, the
 * result is spans into the caller's buffer. What each exchange may carry is a
 * table (msg.c, ike_rules).
 *
 * Receiving:  ike_msg_parse -> [ike_sk_open] -> ike_msg_check -> accessors
 * Sending:    ike_msg_begin -> [ike_sk_begin] -> payloads -> [ike_sk_end]
 *             -> ike_msg_end
 */
#ifndef IKE_MSG_H
#define IKE_MSG_H

#include "diag.h"
#include "names.h"
#include "wire.h"

#define IKE_MSG_PAYLOADS_MAX 64
#define IKE_MSG_MAX	     65535

/**
 * struct ike_hdr - the IKE header
 * @spi_i: SPI of the original initiator
 * @spi_r: SPI of the original responder, 0 in the first message
 * @next: type of the first payload
 * @version: major version in the upper, minor in the lower four bits
 * @exchange: exchange type
 * @flags: IKE_FLAG_*
 * @msgid: message ID
 * @length: length of the whole message
 */
struct ike_hdr {
	uint64_t spi_i;
	uint64_t spi_r;
	uint8_t next;
	uint8_t version;
	uint8_t exchange;
	uint8_t flags;
	uint32_t msgid;
	uint32_t length;
};

/**
 * struct ike_payload - one payload
 * @type: payload type
 * @next: its next payload field (in SK: type of the first payload inside)
 * @critical: the critical bit
 * @encrypted: it was inside SK
 * @body: what follows the generic payload header
 */
struct ike_payload {
	uint8_t type;
	uint8_t next;
	bool critical;
	bool encrypted;
	struct ike_span body;
};

/**
 * struct ike_msg - a parsed message
 * @raw: the message as it came
 * @hdr: its header
 * @n: number of payloads
 * @pl: the payloads, those inside SK after SK itself
 */
struct ike_msg {
	struct ike_span raw;
	struct ike_hdr hdr;
	unsigned int n;
	struct ike_payload pl[IKE_MSG_PAYLOADS_MAX];
};

static inline bool ike_hdr_is_response(const struct ike_hdr *hdr)
{
	return hdr->flags & IKE_FLAG_RESPONSE;
}

static inline bool ike_hdr_is_initiator(const struct ike_hdr *hdr)
{
	return hdr->flags & IKE_FLAG_INITIATOR;
}

/**
 * ike_hdr_parse() - parse the header alone
 * @raw: a datagram, non-ESP marker removed
 * @hdr: takes the header
 * @diag: why not
 *
 * Enough to find the IKE SA. A wrong major version fails with
 * INVALID_MAJOR_VERSION in @diag, and @hdr is filled then.
 *
 * Return: 0, -EPROTO.
 */
int ike_hdr_parse(struct ike_span raw, struct ike_hdr *hdr,
		  struct ike_diag *diag);

/**
 * ike_msg_parse() - parse header and payloads up to SK
 * @raw: a datagram, non-ESP marker removed
 * @msg: takes spans into @raw
 * @diag: why not
 *
 * SK or SKF, when present, is the last payload and stays closed. Bodies are
 * not looked into before ike_msg_check().
 *
 * Return: 0, -EPROTO.
 */
int ike_msg_parse(struct ike_span raw, struct ike_msg *msg,
		  struct ike_diag *diag);

/* add the payloads found inside SK; ike_sk_open() calls this */
int ike_msg_parse_inner(struct ike_msg *msg, uint8_t first,
			struct ike_span plain, struct ike_diag *diag);

/**
 * ike_msg_check() - is this a well-formed message of its exchange?
 * @msg: parsed, and opened when it has SK
 * @diag: takes the first fault and the notify to answer with
 *
 * Checks critical bits, the payload table of the exchange (missing,
 * repeated, misplaced, not encrypted) and the syntax of each payload body.
 * Once it said yes, the accessors below cannot fail on a payload's syntax.
 * A message that carries an error notify is excused from having the payloads
 * the exchange would need for success.
 *
 * Return: 0, -EPROTO.
 */
int ike_msg_check(const struct ike_msg *msg, struct ike_diag *diag);

/* first payload of a type, or the next one after @prev; NULL: none */
const struct ike_payload *ike_msg_find(const struct ike_msg *msg, uint8_t type);
const struct ike_payload *ike_msg_next(const struct ike_msg *msg, uint8_t type,
				       const struct ike_payload *prev);

/* KE payload: group and public value (spans point into the message) */
struct ike_pl_ke {
	uint16_t group;
	struct ike_span data;
};

/* IDi, IDr; rest is what AUTH covers: the body from ID type on */
struct ike_pl_id {
	uint8_t type;
	struct ike_span data;
	struct ike_span rest;
};

/* AUTH, also CERT and CERTREQ (method is the encoding there) */
struct ike_pl_auth {
	uint8_t method;
	struct ike_span data;
};

struct ike_pl_notify {
	uint8_t proto;
	uint16_t type;
	struct ike_span spi;
	struct ike_span data;
};

/* D: count SPIs of spi_len octets each; none for the IKE SA itself */
struct ike_pl_delete {
	uint8_t proto;
	uint8_t spi_len;
	uint16_t count;
	struct ike_span spis;
};

/*
 * Bodies of payloads. Each returns 0, or -EPROTO with the reason. A nonce is
 * the body itself. SA, TS: proposal.h, ts.h.
 */
int ike_pl_ke_parse(const struct ike_payload *pl, struct ike_pl_ke *ke,
		    struct ike_diag *diag);
int ike_pl_id_parse(const struct ike_payload *pl, struct ike_pl_id *id,
		    struct ike_diag *diag);
int ike_pl_auth_parse(const struct ike_payload *pl, struct ike_pl_auth *auth,
		      struct ike_diag *diag);
int ike_pl_notify_parse(const struct ike_payload *pl, struct ike_pl_notify *n,
			struct ike_diag *diag);
int ike_pl_delete_parse(const struct ike_payload *pl, struct ike_pl_delete *d,
			struct ike_diag *diag);

/* find a notify of @type; false: the message has none */
bool ike_msg_notify(const struct ike_msg *msg, uint16_t type,
		    struct ike_pl_notify *n);

/* find the first error notify (type below IKE_N_STATUS) */
bool ike_msg_error(const struct ike_msg *msg, struct ike_pl_notify *n);

/**
 * struct ike_builder - a message being written
 * @w: the output; a failure sticks, ike_msg_end() reports it
 * @next_at: offset of the next payload field to patch
 * @pl_at: offset of the open payload's header, 0: none is open
 * @sk_at: offset of the open SK payload's header, 0: none
 */
struct ike_builder {
	struct ike_writer w;
	size_t next_at;
	size_t pl_at;
	size_t sk_at;
};

/* start a message; @hdr's next and length are filled in as it grows */
void ike_msg_begin(struct ike_builder *b, uint8_t *buf, size_t cap,
		   const struct ike_hdr *hdr);

/* open and close a payload; write its body through the returned writer */
struct ike_writer *ike_pl_begin(struct ike_builder *b, uint8_t type);
void ike_pl_end(struct ike_builder *b);

/* whole payloads; ike_pl_raw is for N (nonce), V and for anything opaque */
void ike_pl_raw(struct ike_builder *b, uint8_t type, struct ike_span body);
void ike_pl_ke(struct ike_builder *b, uint16_t group, struct ike_span data);
void ike_pl_id(struct ike_builder *b, uint8_t pl_type, uint8_t id_type,
	       struct ike_span data);
void ike_pl_auth(struct ike_builder *b, uint8_t method, struct ike_span data);
void ike_pl_notify(struct ike_builder *b, uint8_t proto, struct ike_span spi,
		   uint16_t type, struct ike_span data);
void ike_pl_delete(struct ike_builder *b, uint8_t proto, uint8_t spi_len,
		   uint16_t count, struct ike_span spis);

/**
 * ike_msg_end() - close the message
 * @b: the builder
 * @out: takes the finished message, a span of the buffer
 *
 * Return: 0, -EMSGSIZE when it did not fit.
 */
int ike_msg_end(struct ike_builder *b, struct ike_span *out);

#endif
