// SPDX-License-Identifier: MIT
/*
 * From octets to a list of payloads. Nothing is copied; what a payload's body
 * means is payload.c's, what a message needs is check.c's.
 */
#include "msg.h"

/*
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * |                     Initiator's SPI (8)                       |
 * |                     Responder's SPI (8)                       |
 * | Next payload  | MjVer | MnVer | Exchange type |     Flags     |
 * |                          Message ID                           |
 * |                            Length                             |
 */
int ike_hdr_parse(struct ike_span raw, struct ike_hdr *hdr,
		  struct ike_diag *diag)
{
	struct ike_reader r = { .in = raw };

	hdr->spi_i = ike_read64(&r);
	hdr->spi_r = ike_read64(&r);
	hdr->next = ike_read8(&r);
	hdr->version = ike_read8(&r);
	hdr->exchange = ike_read8(&r);
	hdr->flags = ike_read8(&r);
	hdr->msgid = ike_read32(&r);
	hdr->length = ike_read32(&r);
	if (r.failed)
		return ike_syntax(diag,
				  "%zu octets are too few for an IKE header",
				  raw.len);
	if (hdr->version >> 4 != IKE_VERSION >> 4)
		return ike_diag_set(diag, IKE_N_INVALID_MAJOR_VERSION, -EPROTO,
				    "IKE version %u.%u, we speak 2.0",
				    hdr->version >> 4, hdr->version & 15);
	if (hdr->length != raw.len)
		return ike_syntax(diag, "the header says %u octets, %zu came",
				  hdr->length, raw.len);
	if (!hdr->spi_i)
		return ike_syntax(diag, "the initiator's SPI is zero");
	return 0;
}

/*
 * | Next payload  |C|  Reserved   |        Payload length         |
 *
 * Returns the type of the next payload, or a negative errno.
 */
static int payload_take(struct ike_reader *r, uint8_t type, bool encrypted,
			struct ike_msg *msg, struct ike_diag *diag)
{
	struct ike_payload *pl = &msg->pl[msg->n];
	const char *name = ike_payload_name(type);
	uint8_t flags;
	uint16_t len;

	if (msg->n == IKE_MSG_PAYLOADS_MAX)
		return ike_syntax(diag, "more than %u payloads",
				  IKE_MSG_PAYLOADS_MAX);
	*pl = (struct ike_payload){ .type = type, .encrypted = encrypted };
	pl->next = ike_read8(r);
	flags = ike_read8(r);
	pl->critical = flags & 0x80;
	len = ike_read16(r);
	if (r->failed)
		return ike_syntax(diag,
				  "payload %s (%u) is cut off in its header",
				  name, type);
	if (len < IKE_PL_HDR_LEN)
		return ike_syntax(diag, "payload %s (%u) says %u octets", name,
				  type, len);
	pl->body = ike_read(r, len - IKE_PL_HDR_LEN);
	if (r->failed)
		return ike_syntax(
			diag,
			"payload %s (%u) says %u octets, more than there are",
			name, type, len);
	msg->n++;
	return pl->next;
}

static bool is_sealed(uint8_t type)
{
	return type == IKE_PL_SK || type == IKE_PL_SKF;
}

/* the next payload field of SK names what is inside: the chain ends there */
static int payloads_take(struct ike_span in, uint8_t first, bool encrypted,
			 struct ike_msg *msg, struct ike_diag *diag)
{
	struct ike_reader r = { .in = in };
	int next = first;

	while (next > 0) {
		uint8_t type = (uint8_t)next;

		if (encrypted && is_sealed(type))
			return ike_syntax(diag, "SK inside SK");
		next = payload_take(&r, type, encrypted, msg, diag);
		if (next > 0 && is_sealed(type))
			next = 0;
	}
	if (next < 0)
		return next;
	if (r.in.len)
		return ike_syntax(diag, "%zu octets after the last payload",
				  r.in.len);
	return 0;
}

int ike_msg_parse(struct ike_span raw, struct ike_msg *msg,
		  struct ike_diag *diag)
{
	int err;

	msg->n = 0;
	msg->raw = raw;
	err = ike_hdr_parse(raw, &msg->hdr, diag);
	if (err)
		return err;
	return payloads_take(ike_span(raw.p + IKE_HDR_LEN,
				      raw.len - IKE_HDR_LEN),
			     msg->hdr.next, false, msg, diag);
}

int ike_msg_parse_inner(struct ike_msg *msg, uint8_t first,
			struct ike_span plain, struct ike_diag *diag)
{
	return payloads_take(plain, first, true, msg, diag);
}

const struct ike_payload *ike_msg_next(const struct ike_msg *msg, uint8_t type,
				       const struct ike_payload *prev)
{
	const struct ike_payload *pl = prev ? prev + 1 : msg->pl;

	for (; pl < msg->pl + msg->n; pl++)
		if (pl->type == type)
			return pl;
	return NULL;
}

const struct ike_payload *ike_msg_find(const struct ike_msg *msg, uint8_t type)
{
	return ike_msg_next(msg, type, NULL);
}

const struct ike_payload *ike_msg_need(const struct ike_msg *msg, uint8_t type,
				       struct ike_diag *diag)
{
	const struct ike_payload *pl = ike_msg_find(msg, type);

	if (!pl)
		ike_syntax(diag, "the peer sent no %s", ike_payload_name(type));
	return pl;
}

const struct ike_payload *ike_msg_notify(const struct ike_msg *msg,
					 uint16_t notify)
{
	const struct ike_payload *pl = NULL;

	while ((pl = ike_msg_next(msg, IKE_PL_NOTIFY, pl)))
		if (pl->notify == notify)
			break;
	return pl;
}

const struct ike_payload *ike_msg_error(const struct ike_msg *msg)
{
	const struct ike_payload *pl = NULL;

	while ((pl = ike_msg_next(msg, IKE_PL_NOTIFY, pl)))
		if (pl->notify < IKE_N_STATUS)
			break;
	return pl;
}

int ike_msg_sa(const struct ike_msg *msg, struct ike_proposals *list,
	       struct ike_diag *diag)
{
	const struct ike_payload *pl = ike_msg_need(msg, IKE_PL_SA, diag);

	return pl ? ike_proposals_read(pl->body, list, diag) : -EPROTO;
}

int ike_msg_ts(const struct ike_msg *msg, uint8_t type,
	       struct ike_ts_list *list, struct ike_diag *diag)
{
	const struct ike_payload *pl = ike_msg_need(msg, type, diag);

	return pl ? ike_ts_list_read(pl->body, list, diag) : -EPROTO;
}
