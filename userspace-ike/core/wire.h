/* SPDX-License-Identifier: MIT */
/*
 * Bytes in and bytes out, bounded. A span is somebody else's bytes. A reader
 * and a writer remember that they failed, so that a sequence of operations
 * is checked once, at its end. Everything on the wire is big-endian.
 */
#ifndef IKE_WIRE_H
#define IKE_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/**
 * struct ike_span - bytes that belong to somebody else
 * @p: first byte, may be NULL when @len is 0
 * @len: number of bytes
 */
struct ike_span {
	const uint8_t *p;
	size_t len;
};

static inline struct ike_span ike_span(const void *p, size_t len)
{
	return (struct ike_span){ p, len };
}

#define IKE_NOTHING ike_span(NULL, 0)

static inline bool ike_span_equal(struct ike_span a, struct ike_span b)
{
	return a.len == b.len && (!a.len || !memcmp(a.p, b.p, a.len));
}

static inline uint16_t ike_get16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t ike_get32(const uint8_t *p)
{
	return (uint32_t)ike_get16(p) << 16 | ike_get16(p + 2);
}

static inline uint64_t ike_get64(const uint8_t *p)
{
	return (uint64_t)ike_get32(p) << 32 | ike_get32(p + 4);
}

static inline void ike_put16(uint8_t *p, uint16_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static inline void ike_put32(uint8_t *p, uint32_t v)
{
	ike_put16(p, (uint16_t)(v >> 16));
	ike_put16(p + 2, (uint16_t)v);
}

static inline void ike_put64(uint8_t *p, uint64_t v)
{
	ike_put32(p, (uint32_t)(v >> 32));
	ike_put32(p + 4, (uint32_t)v);
}

/**
 * struct ike_reader - takes bytes from the front of a span
 * @in: what is left
 * @failed: a read went past the end; everything read since is zero or empty
 */
struct ike_reader {
	struct ike_span in;
	bool failed;
};

static inline struct ike_span ike_read(struct ike_reader *r, size_t len)
{
	struct ike_span out = r->in;

	if (r->failed || len > r->in.len) {
		r->failed = true;
		return ike_span(NULL, 0);
	}
	out.len = len;
	r->in.p += len;
	r->in.len -= len;
	return out;
}

static inline uint8_t ike_read8(struct ike_reader *r)
{
	struct ike_span s = ike_read(r, 1);

	return s.len ? s.p[0] : 0;
}

static inline uint16_t ike_read16(struct ike_reader *r)
{
	struct ike_span s = ike_read(r, 2);

	return s.len ? ike_get16(s.p) : 0;
}

static inline uint32_t ike_read32(struct ike_reader *r)
{
	struct ike_span s = ike_read(r, 4);

	return s.len ? ike_get32(s.p) : 0;
}

static inline uint64_t ike_read64(struct ike_reader *r)
{
	struct ike_span s = ike_read(r, 8);

	return s.len ? ike_get64(s.p) : 0;
}

/**
 * struct ike_writer - fills a buffer of fixed size
 * @buf: the buffer
 * @len: bytes written
 * @cap: size of @buf
 * @failed: something did not fit; nothing is written from then on
 */
struct ike_writer {
	uint8_t *buf;
	size_t len;
	size_t cap;
	bool failed;
};

/* room for @len bytes, or NULL: the caller fills them */
static inline uint8_t *ike_write_room(struct ike_writer *w, size_t len)
{
	uint8_t *p = w->buf + w->len;

	if (w->failed || len > w->cap - w->len) {
		w->failed = true;
		return NULL;
	}
	w->len += len;
	return p;
}

static inline void ike_write(struct ike_writer *w, struct ike_span s)
{
	uint8_t *p = ike_write_room(w, s.len);

	if (p && s.len)
		memcpy(p, s.p, s.len);
}

static inline void ike_write8(struct ike_writer *w, uint8_t v)
{
	ike_write(w, ike_span(&v, 1));
}

static inline void ike_write16(struct ike_writer *w, uint16_t v)
{
	uint8_t *p = ike_write_room(w, 2);

	if (p)
		ike_put16(p, v);
}

static inline void ike_write32(struct ike_writer *w, uint32_t v)
{
	uint8_t *p = ike_write_room(w, 4);

	if (p)
		ike_put32(p, v);
}

static inline void ike_write64(struct ike_writer *w, uint64_t v)
{
	uint8_t *p = ike_write_room(w, 8);

	if (p)
		ike_put64(p, v);
}

#endif
