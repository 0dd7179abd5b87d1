/* SPDX-License-Identifier: MIT */
/* Traffic selectors in one text, for tests and fuzzers. */
#ifndef IKE_TESTS_TS_LIST_H
#define IKE_TESTS_TS_LIST_H

#include "ts.h"

/* several, separated by commas or blanks */
static inline int ike_ts_list_parse(const char *text, struct ike_ts_list *list,
		      struct ike_diag *diag)
{
	char one[IKE_TS_TEXT_MAX];
	int err;

	list->n = 0;
	while (*(text += strspn(text, ", \t\n"))) {
		size_t len = strcspn(text, ", \t\n");

		if (list->n == IKE_TS_MAX)
			return ike_invalid(diag,
					   "more than %u traffic selectors",
					   IKE_TS_MAX);
		if (len >= sizeof(one))
			return ike_invalid(diag,
					   "too long for a traffic selector");
		memcpy(one, text, len);
		one[len] = '\0';
		err = ike_ts_parse(one, &list->ts[list->n], diag);
		if (err)
			return err;
		list->n++;
		text += len;
	}
	return list->n ? 0 : ike_invalid(diag, "no traffic selector");
}

#endif
