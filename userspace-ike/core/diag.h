/* SPDX-License-Identifier: MIT */
/*
 * One failure, told in words, with the notify that answers it. The functions
 * of the core fill one of these and return a negative errno.
 */
#ifndef IKE_DIAG_H
#define IKE_DIAG_H

#include <stddef.h>
#include <stdint.h>

/**
 * struct ike_diag - why something failed
 * @notify: notify error type to answer with, 0 when none fits
 * @data_len: octets used in @data
 * @data: notification data (the payload type of UNSUPPORTED_CRITICAL_PAYLOAD,
 *	the group of INVALID_KE_PAYLOAD)
 * @text: what is wrong; text that came from the peer is in printable form
 * @hint: what would repair it, may be empty
 */
struct ike_diag {
	uint16_t notify;
	uint8_t data_len;
	uint8_t data[2];
	char text[400];
	char hint[240];
};

/**
 * ike_diag_set() - record a failure
 * @diag: where to, may be NULL
 * @notify: notify error type, 0 for none
 * @err: negative errno to pass on
 * @fmt: printf format of the text; clears the hint
 *
 * Return: @err, so that callers end with ``return ike_diag_set(...)``.
 */
int ike_diag_set(struct ike_diag *diag, uint16_t notify, int err,
		 const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* printf more to the text or to the hint; truncates, never fails */
void ike_diag_add(struct ike_diag *diag, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void ike_diag_hint(struct ike_diag *diag, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * ike_text_add() - append to a bounded string
 * @buf: NUL-terminated string to append to
 * @size: size of @buf, not 0
 * @fmt: printf format
 *
 * Truncates at the end of the buffer.
 */
void ike_text_add(char *buf, size_t size, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
