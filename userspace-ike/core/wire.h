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

/* bytes that belong to somebody else */
struct ike_span {
	const uint8_t *p; /* first byte, may be NULL when @len is 0 */
	size_t len; /* number of bytes */
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

/* takes bytes from the front of a span */
struct ike_reader {
	struct ike_span in; /* what is left */
	/* a read went past the end; everything read since is zero or empty */
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
	/* of a span of nothing there may be no pointer to add to */
	if (len)
		r->in.p += len;
	r->in.len -= len;
	return out;
}

/* fills a buffer of fixed size */
struct ike_writer {
	uint8_t *buf; /* the buffer */
	size_t len; /* bytes written */
	size_t cap; /* size of @buf */
	/* something did not fit; nothing is written from then on */
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

/* ike_get16(p), ike_put16(p, v), ike_read16(r), ike_write16(w, v), and so on */
#define IKE_WIRE_INT(bits)                                                \
	static inline uint##bits##_t ike_get##bits(const uint8_t *p)      \
	{                                                                 \
		uint64_t v = 0;                                           \
                                                                          \
		for (unsigned int i = 0; i < (bits) / 8; i++)             \
			v = v << 8 | p[i];                                \
		return (uint##bits##_t)v;                                 \
	}                                                                 \
                                                                          \
	static inline void ike_put##bits(uint8_t *p, uint##bits##_t v)    \
	{                                                                 \
		for (unsigned int i = 0; i < (bits) / 8; i++)             \
			p[i] = (uint8_t)(v >> ((bits)-8 - 8 * i));        \
	}                                                                 \
                                                                          \
	static inline uint##bits##_t ike_read##bits(struct ike_reader *r) \
	{                                                                 \
		struct ike_span s = ike_read(r, (bits) / 8);              \
                                                                          \
		return s.len ? ike_get##bits(s.p) : 0;                    \
	}                                                                 \
                                                                          \
	static inline void ike_write##bits(struct ike_writer *w,          \
					   uint##bits##_t v)              \
	{                                                                 \
		uint8_t *p = ike_write_room(w, (bits) / 8);               \
                                                                          \
		if (p)                                                    \
			ike_put##bits(p, v);                              \
	}

IKE_WIRE_INT(8)
IKE_WIRE_INT(16)
IKE_WIRE_INT(32)
IKE_WIRE_INT(64)

#endif
