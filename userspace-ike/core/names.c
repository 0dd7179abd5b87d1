// SPDX-License-Identifier: MIT
#include "names.h"

struct name {
	unsigned int number;
	const char *name;
};

static const char *name_of(const struct name *names, unsigned int number)
{
	for (; names->name; names++)
		if (names->number == number)
			return names->name;
	return "unknown";
}

#define TEXT(name, value, text) { value, text },
#define NAME(name, value)	{ value, #name },
#define NAMES(what, list, row)                                         \
	const char *ike_##what##_name(unsigned int number)             \
	{                                                              \
		static const struct name names[] = { list(row){ 0 } }; \
                                                                       \
		return name_of(names, number);                         \
	}

NAMES(exchange, IKE_EXCHANGES, TEXT)
NAMES(payload, IKE_PAYLOADS, TEXT)
NAMES(protocol, IKE_PROTOCOLS, TEXT)
NAMES(transform_type, IKE_TRANSFORM_TYPES, TEXT)
NAMES(auth_method, IKE_AUTH_METHODS, TEXT)
NAMES(id_type, IKE_ID_TYPES, TEXT)
NAMES(notify, IKE_NOTIFIES, NAME)
