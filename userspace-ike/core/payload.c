// SPDX-License-Identifier: MIT
/* Bodies of payloads (RFC 7296 sections 3.3 to 3.13), in and out. */
#include "msg.h"

/*
 * How a body begins, in this order: its type, method or protocol; the size of
 * an SPI; a group, type or number of SPIs; reserved octets. The rest is data.
 */
struct head {
	bool octet;
	bool spi_len;
	bool number;
	uint8_t reserved;
	uint8_t least; /* octets of data */
};

static const struct head heads[] = {
	[IKE_PL_KE] = { .number = true, .reserved = 2, .least = 1 },
	[IKE_PL_IDI] = { .octet = true, .reserved = 3 },
	[IKE_PL_IDR] = { .octet = true, .reserved = 3 },
	[IKE_PL_CERT] = { .octet = true },
	[IKE_PL_CERTREQ] = { .octet = true },
	[IKE_PL_AUTH] = { .octet = true, .reserved = 3, .least = 1 },
	[IKE_PL_NONCE] = { .least = IKE_NONCE_MIN },
	[IKE_PL_NOTIFY] = { .octet = true, .spi_len = true, .number = true },
	[IKE_PL_DELETE] = { .octet = true, .spi_len = true, .number = true },
};

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

static int notify_read(struct ike_payload *pl, uint8_t spi_len,
		       struct ike_diag *diag)
{
	struct ike_reader r = { .in = pl->data };

	pl->spi = ike_read(&r, spi_len);
	pl->data = r.in;
	if (r.failed)
		return ike_syntax(diag, "N has no room for an SPI of %u octets",
				  spi_len);
	for (size_t i = 0; i < sizeof(notify_rules) / sizeof(*notify_rules);
	     i++)
		if (notify_rules[i].notify == pl->notify)
			return notify_check(pl, i, diag);
	return 0;
}

static int delete_check(const struct ike_payload *d, uint8_t spi_len,
			struct ike_diag *diag)
{
	bool child = is_child_proto(d->proto);

	if (!child && d->proto != IKE_PROTO_IKE)
		return ike_syntax(diag, "D for protocol %u", d->proto);
	if (spi_len != (child ? IKE_ESP_SPI_LEN : 0) ||
	    d->data.len != (size_t)spi_len * d->count)
		return ike_syntax(
			diag, "D for %s says %u SPIs of %u and has %zu octets",
			ike_protocol_name(d->proto), d->count, spi_len,
			d->data.len);
	return 0;
}

/* what there is to say of a body beyond how it begins */
static int body_check(struct ike_payload *pl, uint8_t spi_len,
		      struct ike_diag *diag)
{
	struct ike_proposals sa;
	struct ike_ts_list ts;

	switch (pl->type) {
	case IKE_PL_SA:
		return ike_proposals_read(pl->body, &sa, diag);
	case IKE_PL_TSI:
	case IKE_PL_TSR:
		return ike_ts_list_read(pl->body, &ts, diag);
	case IKE_PL_NOTIFY:
		return notify_read(pl, spi_len, diag);
	case IKE_PL_DELETE:
		return delete_check(pl, spi_len, diag);
	case IKE_PL_NONCE:
		if (pl->data.len > IKE_NONCE_MAX)
			return ike_syntax(diag, "a nonce of %zu octets",
					  pl->data.len);
	}
	return 0;
}

int ike_payload_read(struct ike_payload *pl, struct ike_diag *diag)
{
	struct ike_reader r = { .in = pl->body };
	struct head head = { .octet = false };
	uint8_t spi_len = 0;

	if (pl->type < sizeof(heads) / sizeof(heads[0]))
		head = heads[pl->type];
	if (head.octet)
		pl->proto = ike_read8(&r);
	if (head.spi_len)
		spi_len = ike_read8(&r);
	if (head.number)
		pl->group = ike_read16(&r);
	ike_read(&r, head.reserved);
	pl->data = r.in;
	if (r.failed || pl->data.len < head.least)
		return ike_syntax(diag, "%s of %zu octets is cut off",
				  ike_payload_name(pl->type), pl->body.len);
	return body_check(pl, spi_len, diag);
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
