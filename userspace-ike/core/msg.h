/* SPDX-License-Identifier: MIT */
/*
 * The message codec (RFC 7296 section 3). Parsing is pure: no allocation, the
 * result is spans into the caller's buffer. What each exchange may carry is a
 * table (check.c).
 *
 * Receiving:  ike_msg_parse -> [ike_sk_open] -> ike_msg_check -> ike_msg_find
 * Sending:    ike_msg_begin -> [ike_sk_begin] -> payloads -> [ike_sk_end]
 *             -> ike_msg_end
 */
#ifndef IKE_MSG_H
#define IKE_MSG_H

#include "diag.h"
#include "proposal.h"
#include "ts.h"
#include "wire.h"

#define IKE_MSG_PAYLOADS_MAX 64
#define IKE_MSG_MAX	     65535

struct ike_hdr {
	uint64_t spi_i; /* of the original initiator */
	uint64_t spi_r; /* of the original responder, 0 in the first message */
	uint8_t next; /* type of the first payload */
	uint8_t version; /* major in the upper, minor in the lower four bits */
	uint8_t exchange;
	uint8_t flags;
	uint32_t msgid;
	uint32_t length; /* of the whole message */
};

/**
 * struct ike_payload - one payload
 *
 * From @proto on it is what ike_payload_read() found in the body: which of
 * them there is, is the payload type's. SA and TS are read by ike_msg_sa() and
 * ike_msg_ts(), a nonce is the body itself.
 */
struct ike_payload {
	uint8_t type;
	uint8_t next; /* in SK: type of the first payload inside */
	bool critical;
	bool encrypted; /* it was inside SK */
	struct ike_span body; /* what follows the generic payload header */
	union {
		uint8_t proto; /* N, D */
		uint8_t method; /* AUTH; the encoding of CERT and CERTREQ */
		uint8_t id_type; /* IDi, IDr */
	};
	union {
		uint16_t group; /* KE */
		uint16_t notify; /* N */
		uint16_t count; /* D: SPIs in @data; of the IKE SA itself none */
	};
	struct ike_span spi; /* N */
	struct ike_span data; /* the rest */
};

struct ike_msg {
	struct ike_span raw; /* as it came */
	struct ike_hdr hdr;
	unsigned int n;
	/* those inside SK after SK itself */
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

/*
 * The header alone, of a datagram without non-ESP marker: enough to find the
 * IKE SA. A wrong major version fails with INVALID_MAJOR_VERSION, and @hdr is
 * filled then. -EPROTO.
 */
int ike_hdr_parse(struct ike_span raw, struct ike_hdr *hdr,
		  struct ike_diag *diag);

/*
 * Header and payloads up to SK or SKF, which is the last one when present and
 * stays closed. Bodies are not looked into before ike_msg_check(). -EPROTO.
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
 * repeated, misplaced, not encrypted), and reads each payload's body. A
 * message that carries an error notify is excused from having the payloads
 * the exchange would need for success.
 *
 * Return: 0, -EPROTO.
 */
int ike_msg_check(struct ike_msg *msg, struct ike_diag *diag);

/* read the body of one payload (RFC 7296 sections 3.3 to 3.13); -EPROTO */
int ike_payload_read(struct ike_payload *pl, struct ike_diag *diag);

/* first payload of a type, or the next one after @prev; NULL: none */
const struct ike_payload *ike_msg_find(const struct ike_msg *msg, uint8_t type);
const struct ike_payload *ike_msg_next(const struct ike_msg *msg, uint8_t type,
				       const struct ike_payload *prev);
/* the first one, INVALID_SYNTAX and NULL: none */
const struct ike_payload *ike_msg_need(const struct ike_msg *msg, uint8_t type,
				       struct ike_diag *diag);
/* first notify of a type, first error (type below IKE_N_STATUS); NULL: none */
const struct ike_payload *ike_msg_notify(const struct ike_msg *msg,
					 uint16_t notify);
const struct ike_payload *ike_msg_error(const struct ike_msg *msg);
/* what is in the SA payload, in TSi or TSr; -EPROTO: there is none */
int ike_msg_sa(const struct ike_msg *msg, struct ike_proposals *list,
	       struct ike_diag *diag);
int ike_msg_ts(const struct ike_msg *msg, uint8_t type,
	       struct ike_ts_list *list, struct ike_diag *diag);

/* a message being written */
struct ike_builder {
	struct ike_writer w; /* a failure sticks, ike_msg_end() reports it */
	size_t next_at; /* offset of the next payload field to patch */
	size_t pl_at; /* offset of the open payload's header, 0: none is open */
	size_t sk_at; /* offset of the open SK payload's header, 0: none */
};

/* start a message; @hdr's next and length are filled in as it grows */
void ike_msg_begin(struct ike_builder *b, uint8_t *buf, size_t cap,
		   const struct ike_hdr *hdr);
/* close it: @out is a span of the buffer; -EMSGSIZE: it did not fit */
int ike_msg_end(struct ike_builder *b, struct ike_span *out);

/* open and close a payload; write its body through the returned writer */
struct ike_writer *ike_pl_begin(struct ike_builder *b, uint8_t type);
void ike_pl_end(struct ike_builder *b);

/* whole payloads; ike_pl_raw is for nonces, V and for anything opaque */
void ike_pl_raw(struct ike_builder *b, uint8_t type, struct ike_span body);
void ike_pl_sa(struct ike_builder *b, const struct ike_proposals *list);
void ike_pl_ts(struct ike_builder *b, uint8_t type,
	       const struct ike_ts_list *list);
void ike_pl_ke(struct ike_builder *b, uint16_t group, struct ike_span data);
void ike_pl_id(struct ike_builder *b, uint8_t pl_type, uint8_t id_type,
	       struct ike_span data);
void ike_pl_auth(struct ike_builder *b, uint8_t method, struct ike_span data);
void ike_pl_notify(struct ike_builder *b, uint8_t proto, struct ike_span spi,
		   uint16_t type, struct ike_span data);
/* about no SA in particular */
void ike_pl_tell(struct ike_builder *b, uint16_t type, struct ike_span data);
void ike_pl_delete(struct ike_builder *b, uint8_t proto, uint8_t spi_len,
		   uint16_t count, struct ike_span spis);

#endif
