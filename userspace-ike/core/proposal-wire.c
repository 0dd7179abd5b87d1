// SPDX-License-Identifier: MIT
/*
 * The SA payload (RFC 7296 section 3.3):
 *
 * Proposal:   | 0 or 2 | reserved | length (2) | number | protocol |
 *             | SPI size | transforms | SPI | transforms... |
 * Transform:  | 0 or 3 | reserved | length (2) | type | reserved | ID (2) |
 *             | attributes... |
 * Attribute:  | 1, type (15 bits) | value (2) |  or
 *             | 0, type (15 bits) | length (2) | value |
 */
#include <errno.h>

#include "proposal.h"

#define MORE_PROPOSALS	2
#define MORE_TRANSFORMS 3
#define PROPOSAL_HDR	8
#define TRANSFORM_HDR	8

/* a substructure's "more" octet and its extent; r moves behind it */
static int sub_take(struct ike_reader *r, uint8_t more, struct ike_reader *sub,
		    const char *what, struct ike_diag *diag)
{
	struct ike_span start = r->in;
	uint8_t flag = ike_read8(r);
	uint16_t len;

	ike_read8(r);
	len = ike_read16(r);
	if (r->failed || len < 4 || len > start.len)
		return ike_syntax(diag, "a %s of %zu octets says %u", what,
				  start.len, len);
	*sub = (struct ike_reader){ .in = ike_read(r, len - 4u) };
	if (flag != (r->in.len ? more : 0))
		return ike_syntax(diag, "a %s says %u where the %s one says %u",
				  what, flag,
				  r->in.len ? "next to last" : "last",
				  r->in.len ? more : 0);
	return 0;
}

static int attributes_read(struct ike_reader *r, struct ike_transform *tf,
			   struct ike_diag *diag)
{
	while (r->in.len) {
		uint16_t type = ike_read16(r);
		uint16_t value = ike_read16(r);

		if (type == (IKE_ATTR_TV | IKE_ATTR_KEY_LENGTH) &&
		    !tf->key_bits && value)
			tf->key_bits = value;
		else
			tf->odd = true;
		if (!(type & IKE_ATTR_TV))
			ike_read(r, value);
		if (r->failed)
			return ike_syntax(diag,
					  "a transform attribute is cut off");
	}
	return 0;
}

static int transform_read(struct ike_reader *r, struct ike_proposal *p,
			  struct ike_diag *diag)
{
	struct ike_transform *tf = &p->tf[p->n];
	struct ike_reader sub;
	int err = sub_take(r, MORE_TRANSFORMS, &sub, "transform", diag);

	if (err)
		return err;
	if (p->n == IKE_TRANSFORMS_MAX)
		return ike_syntax(diag, "more than %u transforms in a proposal",
				  IKE_TRANSFORMS_MAX);
	*tf = (struct ike_transform){ .type = ike_read8(&sub) };
	ike_read8(&sub);
	tf->id = ike_read16(&sub);
	if (sub.failed)
		return ike_syntax(diag, "a transform is cut off");
	p->n++;
	return attributes_read(&sub, tf, diag);
}

/* IKE: none in IKE_SA_INIT, 8 when rekeying; which it is, is the exchange's */
static bool spi_len_ok(const struct ike_proposal *p)
{
	switch (p->proto) {
	case IKE_PROTO_IKE:
		return !p->spi_len || p->spi_len == IKE_SPI_LEN;
	case IKE_PROTO_AH:
	case IKE_PROTO_ESP:
		return p->spi_len == IKE_ESP_SPI_LEN;
	}
	return p->spi_len <= IKE_SPI_LEN;
}

static int proposal_read(struct ike_reader *r, struct ike_proposal *p,
			 struct ike_diag *diag)
{
	struct ike_reader sub;
	struct ike_span spi;
	unsigned int count;
	int err = sub_take(r, MORE_PROPOSALS, &sub, "proposal", diag);

	if (err)
		return err;
	p->n = 0;
	p->num = ike_read8(&sub);
	p->proto = ike_read8(&sub);
	p->spi_len = ike_read8(&sub);
	count = ike_read8(&sub);
	spi = ike_read(&sub, p->spi_len);
	if (sub.failed || !spi_len_ok(p))
		return ike_syntax(diag,
				  "proposal %u for %s has an SPI size of %u",
				  p->num, ike_protocol_name(p->proto),
				  p->spi_len);
	memset(p->spi, 0, sizeof(p->spi));
	if (spi.len)
		memcpy(p->spi, spi.p, spi.len);
	while (sub.in.len && !err)
		err = transform_read(&sub, p, diag);
	if (!err && p->n != count)
		return ike_syntax(diag,
				  "proposal %u says %u transforms and has %u",
				  p->num, count, p->n);
	return err;
}

int ike_proposals_read(struct ike_span body, struct ike_proposals *list,
		       struct ike_diag *diag)
{
	struct ike_reader r = { .in = body };
	int err = 0;

	list->n = 0;
	if (!body.len)
		return ike_syntax(diag, "SA has no proposal");
	while (r.in.len && !err) {
		if (list->n == IKE_PROPOSALS_MAX)
			return ike_syntax(diag, "more than %u proposals",
					  IKE_PROPOSALS_MAX);
		err = proposal_read(&r, &list->p[list->n], diag);
		list->n += !err;
	}
	return err;
}

static void transform_write(struct ike_writer *w,
			    const struct ike_transform *tf, bool last)
{
	ike_write8(w, last ? 0 : MORE_TRANSFORMS);
	ike_write8(w, 0);
	ike_write16(w, TRANSFORM_HDR + (tf->key_bits ? 4 : 0));
	ike_write8(w, tf->type);
	ike_write8(w, 0);
	ike_write16(w, tf->id);
	if (!tf->key_bits)
		return;
	ike_write16(w, IKE_ATTR_TV | IKE_ATTR_KEY_LENGTH);
	ike_write16(w, tf->key_bits);
}

static void proposal_write(struct ike_writer *w, const struct ike_proposal *p,
			   bool last)
{
	size_t at = w->len;

	ike_write8(w, last ? 0 : MORE_PROPOSALS);
	ike_write8(w, 0);
	ike_write16(w, 0);
	ike_write8(w, p->num);
	ike_write8(w, p->proto);
	ike_write8(w, p->spi_len);
	ike_write8(w, p->n);
	ike_write(w, ike_span(p->spi, p->spi_len));
	for (unsigned int i = 0; i < p->n; i++)
		transform_write(w, &p->tf[i], i + 1 == p->n);
	if (!w->failed)
		ike_put16(w->buf + at + 2, (uint16_t)(w->len - at));
}

void ike_proposals_write(struct ike_writer *w, const struct ike_proposals *list)
{
	for (unsigned int i = 0; i < list->n; i++)
		proposal_write(w, &list->p[i], i + 1 == list->n);
}
