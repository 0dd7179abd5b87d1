// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "diag.h"

__attribute__((format(printf, 3, 0))) static void
text_vadd(char *buf, size_t size, const char *fmt, va_list ap)
{
	size_t len = strnlen(buf, size);

	if (len < size)
		vsnprintf(buf + len, size - len, fmt, ap);
}

void ike_text_add(char *buf, size_t size, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	text_vadd(buf, size, fmt, ap);
	va_end(ap);
}

int ike_diag_set(struct ike_diag *diag, uint16_t notify, int err,
		 const char *fmt, ...)
{
	va_list ap;

	if (!diag)
		return err;
	diag->notify = notify;
	diag->data_len = 0;
	diag->text[0] = '\0';
	diag->hint[0] = '\0';
	va_start(ap, fmt);
	text_vadd(diag->text, sizeof(diag->text), fmt, ap);
	va_end(ap);
	return err;
}

void ike_diag_add(struct ike_diag *diag, const char *fmt, ...)
{
	va_list ap;

	if (!diag)
		return;
	va_start(ap, fmt);
	text_vadd(diag->text, sizeof(diag->text), fmt, ap);
	va_end(ap);
}

void ike_diag_hint(struct ike_diag *diag, const char *fmt, ...)
{
	va_list ap;

	if (!diag)
		return;
	va_start(ap, fmt);
	text_vadd(diag->hint, sizeof(diag->hint), fmt, ap);
	va_end(ap);
}
