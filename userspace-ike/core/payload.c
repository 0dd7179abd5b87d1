// SPDX-License-Identifier: MIT
/*
 * Bodies of payloads (RFC 7296 sections 3.4 to 3.11), in and out.
 */
#include <errno.h>

#include "msg.h"

#define SYNTAX(diag, ...) \
	ike_diag_set(diag, IKE_N_INVALID_SYNTAX, -EPROTO, __VA_ARGS__)

/* | group (2) | reserved (2) | public value | */
int ike_pl_ke_parse(const struct ike_payload *pl, struct ike_pl_ke *ke,
		    struct ike_diag *diag)
{
	struct ike_reader r = { .in = pl->body };

	ke->group = ike_read16(&r);
	ike_read16(&r);
	ke->data = r.in;
	if (r.failed || !ke->data.len)
		return SYNTAX(diag, "KE has no public value");
	return 0;
}

/* | ID type (1) | reserved (3) | data | */
int ike_pl_id_parse(const struct ike_payload *pl, struct ike_pl_id *id,
		    struct ike_diag *diag)
{
	struct ike_reader r = { .in = pl->body };

	id->rest = pl->body;
	id->type = ike_read8(&r);
	ike_read(&r, 3);
	id->data = r.in;
	if (r.failed)
		return SYNTAX(diag, "%s has no ID type",
			      ike_payload_name(pl->type));
	return 0;
}

/* | method (1) | reserved (3, not in CERT and CERTREQ) | data | */
int ike_pl_auth_parse(const struct ike_payload *pl, struct ike_pl_auth *auth,
		      struct ike_diag *diag)
{
	struct ike_reader r = { .in = pl->body };

	auth->method = ike_read8(&r);
	if (pl->type == IKE_PL_AUTH)
		ike_read(&r, 3);
	auth->data = r.in;
	if (r.failed || (pl->type == IKE_PL_AUTH && !auth->data.len))
		return SYNTAX(diag, "%s has no data",
			      ike_payload_name(pl->type));
	return 0;
}

struct notify_rule {
	uint16_t type;
	uint16_t min;
	uint16_t max;
	bool child; /* names a Child SA by protocol and SPI */
};

/* notifies whose shape the exchanges rely on; others may carry anything */
static const struct notify_rule notify_rules[] = {
	{ IKE_N_UNSUPPORTED_CRITICAL_PAYLOAD, 1, 1, false },
	{ IKE_N_INVALID_KE_PAYLOAD, 2, 2, false },
	{ IKE_N_SET_WINDOW_SIZE, 4, 4, false },
	{ IKE_N_NAT_DETECTION_SOURCE_IP, 20, 20, false },
	{ IKE_N_NAT_DETECTION_DESTINATION_IP, 20, 20, false },
	{ IKE_N_COOKIE, 1, 64, false },
	{ IKE_N_REKEY_SA, 0, UINT16_MAX, true },
	{ IKE_N_COOKIE2, 8, 64, false },
};

static int notify_check(const struct ike_pl_notify *n, struct ike_diag *diag)
{
	const struct notify_rule *rule = notify_rules;

	for (; rule < notify_rules + sizeof(notify_rules) / sizeof(*rule);
	     rule++) {
		if (rule->type != n->type)
			continue;
		if (n->data.len < rule->min || n->data.len > rule->max)
			return SYNTAX(diag, "N(%s) has %zu octets of data",
				      ike_notify_name(n->type), n->data.len);
		if (rule->child &&
		    ((n->proto != IKE_PROTO_ESP && n->proto != IKE_PROTO_AH) ||
		     n->spi.len != IKE_ESP_SPI_LEN))
			return SYNTAX(
				diag,
				"N(%s) for protocol %u with an SPI of %zu octets",
				ike_notify_name(n->type), n->proto, n->spi.len);
	}
	return 0;
}

/* | protocol (1) | SPI size (1) | type (2) | SPI | data | */
int ike_pl_notify_parse(const struct ike_payload *pl, struct ike_pl_notify *n,
			struct ike_diag *diag)
{
	struct ike_reader r = { .in = pl->body };
	uint8_t spi_len;

	n->proto = ike_read8(&r);
	spi_len = ike_read8(&r);
	n->type = ike_read16(&r);
	n->spi = ike_read(&r, spi_len);
	n->data = r.in;
	if (r.failed)
		return SYNTAX(diag,
			      "N has %zu octets, not room for its type and SPI",
			      pl->body.len);
	return notify_check(n, diag);
}

/* | protocol (1) | SPI size (1) | count (2) | SPIs | */
int ike_pl_delete_parse(const struct ike_payload *pl, struct ike_pl_delete *d,
			struct ike_diag *diag)
{
	struct ike_reader r = { .in = pl->body };
	bool child;

	d->proto = ike_read8(&r);
	d->spi_len = ike_read8(&r);
	d->count = ike_read16(&r);
	d->spis = r.in;
	child = d->proto == IKE_PROTO_ESP || d->proto == IKE_PROTO_AH;
	if (r.failed)
		return SYNTAX(diag, "D has %zu octets", pl->body.len);
	if (!child && d->proto != IKE_PROTO_IKE)
		return SYNTAX(diag, "D for protocol %u", d->proto);
	if (d->spi_len != (child ? IKE_ESP_SPI_LEN : 0))
		return SYNTAX(diag, "D for %s with an SPI size of %u",
			      ike_protocol_name(d->proto), d->spi_len);
	if (d->spis.len != (size_t)d->spi_len * d->count)
		return SYNTAX(diag, "D says %u SPIs and has %zu octets of them",
			      d->count, d->spis.len);
	return 0;
}

void ike_pl_raw(struct ike_builder *b, uint8_t type, struct ike_span body)
{
	ike_write(ike_pl_begin(b, type), body);
	ike_pl_end(b);
}

void ike_pl_ke(struct ike_builder *b, uint16_t group, struct ike_span data)
{
	struct ike_writer *w = ike_pl_begin(b, IKE_PL_KE);

	ike_write16(w, group);
	ike_write16(w, 0);
	ike_write(w, data);
	ike_pl_end(b);
}

void ike_pl_id(struct ike_builder *b, uint8_t pl_type, uint8_t id_type,
	       struct ike_span data)
{
	struct ike_writer *w = ike_pl_begin(b, pl_type);

	ike_write32(w, (uint32_t)id_type << 24);
	ike_write(w, data);
	ike_pl_end(b);
}

void ike_pl_auth(struct ike_builder *b, uint8_t method, struct ike_span data)
{
	ike_pl_id(b, IKE_PL_AUTH, method, data);
}

void ike_pl_notify(struct ike_builder *b, uint8_t proto, struct ike_span spi,
		   uint16_t type, struct ike_span data)
{
	struct ike_writer *w = ike_pl_begin(b, IKE_PL_NOTIFY);

	if (spi.len > UINT8_MAX)
		w->failed = true;
	ike_write8(w, proto);
	ike_write8(w, (uint8_t)spi.len);
	ike_write16(w, type);
	ike_write(w, spi);
	ike_write(w, data);
	ike_pl_end(b);
}

void ike_pl_delete(struct ike_builder *b, uint8_t proto, uint8_t spi_len,
		   uint16_t count, struct ike_span spis)
{
	struct ike_writer *w = ike_pl_begin(b, IKE_PL_DELETE);

	if (spis.len != (size_t)spi_len * count)
		w->failed = true;
	ike_write8(w, proto);
	ike_write8(w, spi_len);
	ike_write16(w, count);
	ike_write(w, spis);
	ike_pl_end(b);
}
