// SPDX-License-Identifier: MIT
/*
 * Bodies of payloads (RFC 7296 sections 3.3 to 3.13), in and out.
 *
 * KE:              | group (2) | reserved (2) | public value |
 * IDi, IDr, AUTH:  | type or method (1) | reserved (3) | data |
 * CERT, CERTREQ:   | encoding (1) | data |
 * N:               | protocol (1) | SPI size (1) | type (2) | SPI | data |
 * D:               | protocol (1) | SPI size (1) | count (2) | SPIs |
 */
#include "msg.h"

static int ke_read(struct ike_payload *pl, struct ike_diag *diag)
{
	struct ike_reader r = { .in = pl->body };

	pl->group = ike_read16(&r);
	ike_read16(&r);
	pl->data = r.in;
	return r.failed || !pl->data.len ?
		       ike_syntax(diag, "KE has no public value") :
		       0;
}

static int id_read(struct ike_payload *pl, struct ike_diag *diag)
{
	struct ike_reader r = { .in = pl->body };

	pl->id_type = ike_read8(&r);
	if (pl->type != IKE_PL_CERT && pl->type != IKE_PL_CERTREQ)
		ike_read(&r, 3);
	pl->data = r.in;
	if (r.failed || (pl->type == IKE_PL_AUTH && !pl->data.len))
		return ike_syntax(diag, "%s has no data",
				  ike_payload_name(pl->type));
	return 0;
}

static bool is_child_proto(uint8_t proto)
{
	return proto == IKE_PROTO_ESP || proto == IKE_PROTO_AH;
}

/* how much data has a notify that the exchanges rely on? others may any */
static const struct {
	uint16_t notify;
	uint16_t min;
	uint16_t max;
	bool child; /* names a Child SA by protocol and SPI */
} notify_rules[] = {
	{ IKE_N_UNSUPPORTED_CRITICAL_PAYLOAD, 1, 1 },
	{ IKE_N_INVALID_KE_PAYLOAD, 2, 2 },
	{ IKE_N_SET_WINDOW_SIZE, 4, 4 },
	{ IKE_N_NAT_DETECTION_SOURCE_IP, 20, 20 },
	{ IKE_N_NAT_DETECTION_DESTINATION_IP, 20, 20 },
	{ IKE_N_COOKIE, 1, 64 },
	{ IKE_N_REKEY_SA, 0, UINT16_MAX, true },
	{ IKE_N_COOKIE2, 8, 64 },
};

static int notify_check(const struct ike_payload *n, size_t rule,
			struct ike_diag *diag)
{
	if (n->data.len < notify_rules[rule].min ||
	    n->data.len > notify_rules[rule].max)
		return ike_syntax(diag, "N(%s) has %zu octets of data",
				  ike_notify_name(n->notify), n->data.len);
	if (notify_rules[rule].child &&
	    (!is_child_proto(n->proto) || n->spi.len != IKE_ESP_SPI_LEN))
		return ike_syntax(
			diag, "N(%s) for protocol %u with an SPI of %zu octets",
			ike_notify_name(n->notify), n->proto, n->spi.len);
	return 0;
}

static int notify_read(struct ike_payload *pl, struct ike_diag *diag)
{
	struct ike_reader r = { .in = pl->body };
	uint8_t spi_len;

	pl->proto = ike_read8(&r);
	spi_len = ike_read8(&r);
	pl->notify = ike_read16(&r);
	pl->spi = ike_read(&r, spi_len);
	pl->data = r.in;
	if (r.failed)
		return ike_syntax(
			diag, "N has %zu octets, not room for its type and SPI",
			pl->body.len);
	for (size_t i = 0; i < sizeof(notify_rules) / sizeof(*notify_rules);
	     i++)
		if (notify_rules[i].notify == pl->notify)
			return notify_check(pl, i, diag);
	return 0;
}

static int delete_read(struct ike_payload *pl, struct ike_diag *diag)
{
	struct ike_reader r = { .in = pl->body };
	uint8_t spi_len;
	bool child;

	pl->proto = ike_read8(&r);
	spi_len = ike_read8(&r);
	pl->count = ike_read16(&r);
	pl->data = r.in;
	child = is_child_proto(pl->proto);
	if (r.failed || (!child && pl->proto != IKE_PROTO_IKE))
		return ike_syntax(diag, "D of %zu octets for protocol %u",
				  pl->body.len, pl->proto);
	if (spi_len != (child ? IKE_ESP_SPI_LEN : 0) ||
	    pl->data.len != (size_t)spi_len * pl->count)
		return ike_syntax(
			diag, "D for %s says %u SPIs of %u and has %zu octets",
			ike_protocol_name(pl->proto), pl->count, spi_len,
			pl->data.len);
	return 0;
}

static int nonce_read(struct ike_payload *pl, struct ike_diag *diag)
{
	pl->data = pl->body;
	if (pl->body.len < IKE_NONCE_MIN || pl->body.len > IKE_NONCE_MAX)
		return ike_syntax(
			diag, "a nonce of %zu octets, 16 to 256 are allowed",
			pl->body.len);
	return 0;
}

static int sa_read(struct ike_payload *pl, struct ike_diag *diag)
{
	struct ike_proposals list;

	return ike_proposals_read(pl->body, &list, diag);
}

static int ts_read(struct ike_payload *pl, struct ike_diag *diag)
{
	struct ike_ts_list list;

	return ike_ts_list_read(pl->body, &list, diag);
}

static int (*const readers[])(struct ike_payload *pl, struct ike_diag *diag) = {
	[IKE_PL_SA] = sa_read,	       [IKE_PL_KE] = ke_read,
	[IKE_PL_IDI] = id_read,	       [IKE_PL_IDR] = id_read,
	[IKE_PL_CERT] = id_read,       [IKE_PL_CERTREQ] = id_read,
	[IKE_PL_AUTH] = id_read,       [IKE_PL_NONCE] = nonce_read,
	[IKE_PL_NOTIFY] = notify_read, [IKE_PL_DELETE] = delete_read,
	[IKE_PL_TSI] = ts_read,	       [IKE_PL_TSR] = ts_read,
};

int ike_payload_read(struct ike_payload *pl, struct ike_diag *diag)
{
	if (pl->type >= sizeof(readers) / sizeof(readers[0]) ||
	    !readers[pl->type])
		return 0;
	return readers[pl->type](pl, diag);
}

void ike_pl_raw(struct ike_builder *b, uint8_t type, struct ike_span body)
{
	ike_write(ike_pl_begin(b, type), body);
	ike_pl_end(b);
}

void ike_pl_sa(struct ike_builder *b, const struct ike_proposals *list)
{
	ike_proposals_write(ike_pl_begin(b, IKE_PL_SA), list);
	ike_pl_end(b);
}

void ike_pl_ts(struct ike_builder *b, uint8_t type,
	       const struct ike_ts_list *list)
{
	ike_ts_list_write(ike_pl_begin(b, type), list);
	ike_pl_end(b);
}

/* four octets, and the rest */
static void pl_write(struct ike_builder *b, uint8_t type, uint32_t head,
		     struct ike_span spi, struct ike_span data)
{
	struct ike_writer *w = ike_pl_begin(b, type);

	ike_write32(w, head);
	ike_write(w, spi);
	ike_write(w, data);
	ike_pl_end(b);
}

void ike_pl_ke(struct ike_builder *b, uint16_t group, struct ike_span data)
{
	pl_write(b, IKE_PL_KE, (uint32_t)group << 16, IKE_NOTHING, data);
}

void ike_pl_id(struct ike_builder *b, uint8_t pl_type, uint8_t id_type,
	       struct ike_span data)
{
	pl_write(b, pl_type, (uint32_t)id_type << 24, IKE_NOTHING, data);
}

void ike_pl_auth(struct ike_builder *b, uint8_t method, struct ike_span data)
{
	ike_pl_id(b, IKE_PL_AUTH, method, data);
}

void ike_pl_notify(struct ike_builder *b, uint8_t proto, struct ike_span spi,
		   uint16_t type, struct ike_span data)
{
	if (spi.len > UINT8_MAX)
		b->w.failed = true;
	pl_write(b, IKE_PL_NOTIFY,
		 (uint32_t)proto << 24 | (uint32_t)spi.len << 16 | type, spi,
		 data);
}

void ike_pl_tell(struct ike_builder *b, uint16_t type, struct ike_span data)
{
	ike_pl_notify(b, IKE_PROTO_NONE, IKE_NOTHING, type, data);
}

void ike_pl_delete(struct ike_builder *b, uint8_t proto, uint8_t spi_len,
		   uint16_t count, struct ike_span spis)
{
	if (spis.len != (size_t)spi_len * count)
		b->w.failed = true;
	pl_write(b, IKE_PL_DELETE,
		 (uint32_t)proto << 24 | (uint32_t)spi_len << 16 | count,
		 IKE_NOTHING, spis);
}
