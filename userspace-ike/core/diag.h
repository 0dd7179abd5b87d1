/* SPDX-License-Identifier: MIT */
/*
 * One failure, told in words, with the notify that answers it. The functions
 * of the core fill one of these and return a negative errno.
 */
#ifndef IKE_DIAG_H
#define IKE_DIAG_H

#include <errno.h>
#include <stddef.h>
#include <stdint.h>

#include "names.h"

struct ike_diag {
	uint16_t notify; /* error type to answer with, 0 when none fits */
	uint8_t data_len;
	/* of the notification: a payload type, a group, a cookie */
	uint8_t data[32];
	char text[400]; /* what is wrong; a peer's words in printable form */
	char hint[240]; /* what would repair it, may be empty */
};

/**
 * ike_diag_set() - record a failure
 * @diag: where to, may be NULL
 * @notify: notify error type, 0 for none
 * @err: negative errno to pass on
 * @fmt: printf format of the text; what is behind a line feed is the hint
 *
 * Return: @err, so that callers end with ``return ike_diag_set(...)``.
 */
int ike_diag_set(struct ike_diag *diag, uint16_t notify, int err,
		 const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* what somebody wrote makes no sense: a peer, or the operator */
#define ike_syntax(diag, ...) \
	ike_diag_set(diag, IKE_N_INVALID_SYNTAX, -EPROTO, __VA_ARGS__)
#define ike_invalid(diag, ...) ike_diag_set(diag, 0, -EINVAL, __VA_ARGS__)

/* the data of the notification that answers it, at most 32 octets; @err */
int ike_diag_data(struct ike_diag *diag, int err, const void *data,
		  uint8_t len);

/* printf more to the text or to the hint; truncates, never fails */
void ike_diag_add(struct ike_diag *diag, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void ike_diag_hint(struct ike_diag *diag, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* append to the string in @buf, cut at the end of the buffer; @size not 0 */
void ike_text_add(char *buf, size_t size, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
