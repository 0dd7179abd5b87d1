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

/* the rest of a function that takes a printf format */
#define TEXT_VADD(buf)                                \
	do {                                          \
		va_list ap;                           \
                                                      \
		va_start(ap, fmt);                    \
		text_vadd(buf, sizeof(buf), fmt, ap); \
		va_end(ap);                           \
	} while (0)

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
	char both[sizeof(struct ike_diag)] = "", *hint;

	if (!diag)
		return err;
	TEXT_VADD(both);
	hint = strchr(both, '\n');
	if (hint)
		*hint++ = '\0';
	*diag = (struct ike_diag){ .notify = notify };
	ike_text_add(diag->text, sizeof(diag->text), "%s", both);
	ike_text_add(diag->hint, sizeof(diag->hint), "%s", hint ? hint : "");
	return err;
}

int ike_diag_data(struct ike_diag *diag, int err, const void *data, uint8_t len)
{
	if (diag && len <= sizeof(diag->data)) {
		memcpy(diag->data, data, len);
		diag->data_len = len;
	}
	return err;
}

void ike_diag_add(struct ike_diag *diag, const char *fmt, ...)
{
	if (diag)
		TEXT_VADD(diag->text);
}

void ike_diag_hint(struct ike_diag *diag, const char *fmt, ...)
{
	if (diag)
		TEXT_VADD(diag->hint);
}
