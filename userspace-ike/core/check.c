// SPDX-License-Identifier: MIT
/*
 * What a message of each exchange carries (RFC 7296 appendix C), as a table,
 * and the check of a message against it.
 */
#include <errno.h>

#include "msg.h"
#include "proposal.h"
#include "ts.h"

#define SYNTAX(diag, ...) \
	ike_diag_set(diag, IKE_N_INVALID_SYNTAX, -EPROTO, __VA_ARGS__)

#define NOTIFY_MAX 32
#define VENDOR_MAX 16
#define CERT_MAX   8
#define DELETE_MAX 8

enum direction {
	REQUEST = 1,
	RESPONSE = 2,
	BOTH = REQUEST | RESPONSE,
};

/**
 * struct rule - how often a payload occurs
 * @exchange: exchange type
 * @dir: in requests, responses or both
 * @type: payload type
 * @min: a message of success has at least so many
 * @max: and no message has more
 *
 * All payloads of an exchange that has a rule for SK are inside SK.
 */
struct rule {
	uint8_t exchange;
	uint8_t dir;
	uint8_t type;
	uint8_t min;
	uint8_t max;
};

static const struct rule ike_rules[] = {
	{ IKE_EX_SA_INIT, BOTH, IKE_PL_SA, 1, 1 },
	{ IKE_EX_SA_INIT, BOTH, IKE_PL_KE, 1, 1 },
	{ IKE_EX_SA_INIT, BOTH, IKE_PL_NONCE, 1, 1 },
	{ IKE_EX_SA_INIT, RESPONSE, IKE_PL_CERTREQ, 0, CERT_MAX },
	{ IKE_EX_SA_INIT, BOTH, IKE_PL_NOTIFY, 0, NOTIFY_MAX },
	{ IKE_EX_SA_INIT, BOTH, IKE_PL_VENDOR, 0, VENDOR_MAX },

	{ IKE_EX_AUTH, BOTH, IKE_PL_SK, 1, 1 },
	{ IKE_EX_AUTH, REQUEST, IKE_PL_IDI, 1, 1 },
	{ IKE_EX_AUTH, REQUEST, IKE_PL_IDR, 0, 1 },
	{ IKE_EX_AUTH, RESPONSE, IKE_PL_IDR, 1, 1 },
	/* a request without AUTH asks for EAP */
	{ IKE_EX_AUTH, REQUEST, IKE_PL_AUTH, 0, 1 },
	{ IKE_EX_AUTH, RESPONSE, IKE_PL_AUTH, 1, 1 },
	{ IKE_EX_AUTH, BOTH, IKE_PL_CERT, 0, CERT_MAX },
	{ IKE_EX_AUTH, REQUEST, IKE_PL_CERTREQ, 0, CERT_MAX },
	{ IKE_EX_AUTH, BOTH, IKE_PL_CP, 0, 1 },
	{ IKE_EX_AUTH, RESPONSE, IKE_PL_EAP, 0, 1 },
	{ IKE_EX_AUTH, BOTH, IKE_PL_SA, 0, 1 },
	{ IKE_EX_AUTH, BOTH, IKE_PL_TSI, 0, 1 },
	{ IKE_EX_AUTH, BOTH, IKE_PL_TSR, 0, 1 },
	{ IKE_EX_AUTH, BOTH, IKE_PL_NOTIFY, 0, NOTIFY_MAX },
	{ IKE_EX_AUTH, BOTH, IKE_PL_VENDOR, 0, VENDOR_MAX },

	{ IKE_EX_CREATE_CHILD_SA, BOTH, IKE_PL_SK, 1, 1 },
	{ IKE_EX_CREATE_CHILD_SA, BOTH, IKE_PL_SA, 1, 1 },
	{ IKE_EX_CREATE_CHILD_SA, BOTH, IKE_PL_NONCE, 1, 1 },
	{ IKE_EX_CREATE_CHILD_SA, BOTH, IKE_PL_KE, 0, 1 },
	{ IKE_EX_CREATE_CHILD_SA, BOTH, IKE_PL_TSI, 0, 1 },
	{ IKE_EX_CREATE_CHILD_SA, BOTH, IKE_PL_TSR, 0, 1 },
	{ IKE_EX_CREATE_CHILD_SA, BOTH, IKE_PL_CP, 0, 1 },
	{ IKE_EX_CREATE_CHILD_SA, BOTH, IKE_PL_NOTIFY, 0, NOTIFY_MAX },
	{ IKE_EX_CREATE_CHILD_SA, BOTH, IKE_PL_VENDOR, 0, VENDOR_MAX },

	{ IKE_EX_INFORMATIONAL, BOTH, IKE_PL_SK, 1, 1 },
	{ IKE_EX_INFORMATIONAL, BOTH, IKE_PL_DELETE, 0, DELETE_MAX },
	{ IKE_EX_INFORMATIONAL, BOTH, IKE_PL_CP, 0, 1 },
	{ IKE_EX_INFORMATIONAL, BOTH, IKE_PL_NOTIFY, 0, NOTIFY_MAX },
	{ IKE_EX_INFORMATIONAL, BOTH, IKE_PL_VENDOR, 0, VENDOR_MAX },
};

#define RULES_END (ike_rules + sizeof(ike_rules) / sizeof(ike_rules[0]))

static bool rule_applies(const struct rule *rule, const struct ike_hdr *hdr)
{
	return rule->exchange == hdr->exchange &&
	       rule->dir & (ike_hdr_is_response(hdr) ? RESPONSE : REQUEST);
}

static const struct rule *rule_find(const struct ike_hdr *hdr, uint8_t type)
{
	const struct rule *rule;

	for (rule = ike_rules; rule < RULES_END; rule++)
		if (rule_applies(rule, hdr) && rule->type == type)
			return rule;
	return NULL;
}

static const char *direction_name(const struct ike_hdr *hdr)
{
	return ike_hdr_is_response(hdr) ? "response" : "request";
}

static bool type_known(uint8_t type)
{
	return (type >= IKE_PL_SA && type <= IKE_PL_EAP) || type == IKE_PL_SKF;
}

static int nonce_check(const struct ike_payload *pl, struct ike_diag *diag)
{
	if (pl->body.len < IKE_NONCE_MIN || pl->body.len > IKE_NONCE_MAX)
		return SYNTAX(diag,
			      "a nonce of %zu octets, 16 to 256 are allowed",
			      pl->body.len);
	return 0;
}

static int sa_check(const struct ike_payload *pl, struct ike_diag *diag)
{
	struct ike_proposals list;

	return ike_proposals_read(pl->body, &list, diag);
}

static int ts_check(const struct ike_payload *pl, struct ike_diag *diag)
{
	struct ike_ts_list list;

	return ike_ts_list_read(pl->body, &list, diag);
}

static int body_check(const struct ike_payload *pl, struct ike_diag *diag)
{
	union {
		struct ike_pl_ke ke;
		struct ike_pl_id id;
		struct ike_pl_auth auth;
		struct ike_pl_notify n;
		struct ike_pl_delete d;
	} u;

	switch (pl->type) {
	case IKE_PL_SA:
		return sa_check(pl, diag);
	case IKE_PL_KE:
		return ike_pl_ke_parse(pl, &u.ke, diag);
	case IKE_PL_IDI:
	case IKE_PL_IDR:
		return ike_pl_id_parse(pl, &u.id, diag);
	case IKE_PL_AUTH:
	case IKE_PL_CERT:
	case IKE_PL_CERTREQ:
		return ike_pl_auth_parse(pl, &u.auth, diag);
	case IKE_PL_NONCE:
		return nonce_check(pl, diag);
	case IKE_PL_NOTIFY:
		return ike_pl_notify_parse(pl, &u.n, diag);
	case IKE_PL_DELETE:
		return ike_pl_delete_parse(pl, &u.d, diag);
	case IKE_PL_TSI:
	case IKE_PL_TSR:
		return ts_check(pl, diag);
	}
	return 0;
}

/*
 * The critical bit matters for payloads we do not know and only for them
 * (section 3.2).
 */
static int payload_check(const struct ike_msg *msg,
			 const struct ike_payload *pl, struct ike_diag *diag)
{
	const struct ike_hdr *hdr = &msg->hdr;
	bool sealed = rule_find(hdr, IKE_PL_SK);

	if (!type_known(pl->type)) {
		if (!pl->critical)
			return 0;
		ike_diag_set(diag, IKE_N_UNSUPPORTED_CRITICAL_PAYLOAD, -EPROTO,
			     "payload type %u is critical and unknown to us",
			     pl->type);
		if (diag) {
			diag->data[0] = pl->type;
			diag->data_len = 1;
		}
		return -EPROTO;
	}
	if (!rule_find(hdr, pl->type))
		return SYNTAX(diag, "%s does not belong into an %s %s",
			      ike_payload_name(pl->type),
			      ike_exchange_name(hdr->exchange),
			      direction_name(hdr));
	if (sealed && !pl->encrypted && pl->type != IKE_PL_SK)
		return SYNTAX(diag, "%s outside of SK",
			      ike_payload_name(pl->type));
	return body_check(pl, diag);
}

static unsigned int payload_count(const struct ike_msg *msg, uint8_t type)
{
	const struct ike_payload *pl = NULL;
	unsigned int n = 0;

	while ((pl = ike_msg_next(msg, type, pl)))
		n++;
	return n;
}

/* a refusal carries its reason and need not carry the rest (section 2.21) */
static bool is_refusal(const struct ike_msg *msg)
{
	struct ike_pl_notify n;

	if (!ike_hdr_is_response(&msg->hdr))
		return false;
	return ike_msg_error(msg, &n) ||
	       (msg->hdr.exchange == IKE_EX_SA_INIT &&
		ike_msg_notify(msg, IKE_N_COOKIE, &n));
}

static int counts_check(const struct ike_msg *msg, struct ike_diag *diag)
{
	const struct ike_hdr *hdr = &msg->hdr;
	bool refusal = is_refusal(msg);
	const struct rule *rule;

	for (rule = ike_rules; rule < RULES_END; rule++) {
		unsigned int n;

		if (!rule_applies(rule, hdr))
			continue;
		n = payload_count(msg, rule->type);
		if (n > rule->max)
			return SYNTAX(diag,
				      "%u %s in an %s %s, at most %u may be", n,
				      ike_payload_name(rule->type),
				      ike_exchange_name(hdr->exchange),
				      direction_name(hdr), rule->max);
		if (n < rule->min && (!refusal || rule->type == IKE_PL_SK))
			return SYNTAX(diag, "%s is missing in the %s %s",
				      ike_payload_name(rule->type),
				      ike_exchange_name(hdr->exchange),
				      direction_name(hdr));
	}
	return 0;
}

/* TSi and TSr come together; in IKE_AUTH with SA, or all are left out */
static int selectors_check(const struct ike_msg *msg, struct ike_diag *diag)
{
	bool sa = ike_msg_find(msg, IKE_PL_SA);
	bool tsi = ike_msg_find(msg, IKE_PL_TSI);
	bool tsr = ike_msg_find(msg, IKE_PL_TSR);

	if (tsi != tsr)
		return SYNTAX(diag, "%s without %s", tsi ? "TSi" : "TSr",
			      tsi ? "TSr" : "TSi");
	if (msg->hdr.exchange == IKE_EX_AUTH && sa != tsi && !is_refusal(msg))
		return SYNTAX(diag, sa ? "SA without TSi and TSr" :
					 "TSi and TSr without SA");
	return 0;
}

int ike_msg_check(const struct ike_msg *msg, struct ike_diag *diag)
{
	const struct ike_hdr *hdr = &msg->hdr;
	int err;

	if (!rule_find(hdr, IKE_PL_NOTIFY))
		return SYNTAX(diag, "exchange type %u (%s) is not supported",
			      hdr->exchange, ike_exchange_name(hdr->exchange));
	for (unsigned int i = 0; i < msg->n; i++) {
		err = payload_check(msg, &msg->pl[i], diag);
		if (err)
			return err;
	}
	err = counts_check(msg, diag);
	return err ? err : selectors_check(msg, diag);
}
