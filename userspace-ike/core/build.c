// SPDX-License-Identifier: MIT
/*
 * The builder: headers and the chain of payloads. Each payload's type belongs
 * into a field of the payload before it, so the offset of that field is kept.
 */
#include <errno.h>

#include "msg.h"

#define HDR_NEXT_AT   16
#define HDR_LENGTH_AT 24

void ike_msg_begin(struct ike_builder *b, uint8_t *buf, size_t cap,
		   const struct ike_hdr *hdr)
{
	*b = (struct ike_builder){
		.w = { .buf = buf, .cap = cap },
		.next_at = HDR_NEXT_AT,
	};
	ike_write64(&b->w, hdr->spi_i);
	ike_write64(&b->w, hdr->spi_r);
	ike_write8(&b->w, IKE_PL_NONE);
	ike_write8(&b->w, IKE_VERSION);
	ike_write8(&b->w, hdr->exchange);
	ike_write8(&b->w, hdr->flags);
	ike_write32(&b->w, hdr->msgid);
	ike_write32(&b->w, 0);
}

struct ike_writer *ike_pl_begin(struct ike_builder *b, uint8_t type)
{
	size_t at = b->w.len;

	ike_write32(&b->w, 0);
	if (b->w.failed)
		return &b->w;
	b->w.buf[b->next_at] = type;
	b->next_at = at;
	b->pl_at = at;
	return &b->w;
}

/* a payload too long for its length field makes a message too long to end */
void ike_pl_end(struct ike_builder *b)
{
	if (!b->w.failed)
		ike_put16(b->w.buf + b->pl_at + 2,
			  (uint16_t)(b->w.len - b->pl_at));
	b->pl_at = 0;
}

int ike_msg_end(struct ike_builder *b, struct ike_span *out)
{
	*out = ike_span(NULL, 0);
	if (b->w.failed || b->w.len > IKE_MSG_MAX || b->sk_at)
		return -EMSGSIZE;
	ike_put32(b->w.buf + HDR_LENGTH_AT, (uint32_t)b->w.len);
	*out = ike_span(b->w.buf, b->w.len);
	return 0;
}
