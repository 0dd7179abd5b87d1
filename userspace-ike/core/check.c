// SPDX-License-Identifier: MIT
/*
 * What a message of each exchange carries (RFC 7296 appendix C), as a table,
 * and the check of a message against it.
 */
#include "msg.h"

static const uint8_t exchanges[] = {
	IKE_EX_SA_INIT,
	IKE_EX_AUTH,
	IKE_EX_CREATE_CHILD_SA,
	IKE_EX_INFORMATIONAL,
};

#define EXCHANGES sizeof(exchanges)

/*
 * How often a payload is in a message: at most @most times; and in each
 * exchange's request, then in its response: '+' it has to be there, '-' it may,
 * ' ' it must not.
 */
struct rule {
	uint8_t type;
	uint8_t most;
	const char *in[EXCHANGES];
};

/* clang-format off: columns */
static const struct rule rules[] = {
	/*                    INIT  AUTH  CHILD INFO */
	{ IKE_PL_SK, 1, { "  ", "++", "++", "++" } },
	{ IKE_PL_SA, 1, { "++", "--", "++", "  " } },
	{ IKE_PL_KE, 1, { "++", "  ", "--", "  " } },
	{ IKE_PL_NONCE, 1, { "++", "  ", "++", "  " } },
	{ IKE_PL_IDI, 1, { "  ", "+ ", "  ", "  " } },
	{ IKE_PL_IDR, 1, { "  ", "-+", "  ", "  " } },
	/* a request without AUTH asks for EAP */
	{ IKE_PL_AUTH, 1, { "  ", "-+", "  ", "  " } },
	{ IKE_PL_CERT, 8, { "  ", "--", "  ", "  " } },
	{ IKE_PL_CERTREQ, 8, { " -", "- ", "  ", "  " } },
	{ IKE_PL_CP, 1, { "  ", "--", "--", "--" } },
	{ IKE_PL_EAP, 1, { "  ", " -", "  ", "  " } },
	{ IKE_PL_TSI, 1, { "  ", "--", "--", "  " } },
	{ IKE_PL_TSR, 1, { "  ", "--", "--", "  " } },
	{ IKE_PL_DELETE, 8, { "  ", "  ", "  ", "--" } },
	{ IKE_PL_NOTIFY, 32, { "--", "--", "--", "--" } },
	{ IKE_PL_VENDOR, 16, { "--", "--", "--", "--" } },
};
/* clang-format on */

#define RULES_END (rules + sizeof(rules) / sizeof(rules[0]))

/* '+', '-', ' ' */
static char rule_mark(const struct rule *rule, const struct ike_hdr *hdr)
{
	for (size_t i = 0; i < EXCHANGES; i++)
		if (exchanges[i] == hdr->exchange)
			return rule->in[i][ike_hdr_is_response(hdr)];
	return ' ';
}

static char type_mark(uint8_t type, const struct ike_hdr *hdr)
{
	const struct rule *rule;

	for (rule = rules; rule < RULES_END; rule++)
		if (rule->type == type)
			return rule_mark(rule, hdr);
	return ' ';
}

static const char *direction_name(const struct ike_hdr *hdr)
{
	return ike_hdr_is_response(hdr) ? "response" : "request";
}

static bool type_known(uint8_t type)
{
	return (type >= IKE_PL_SA && type <= IKE_PL_EAP) || type == IKE_PL_SKF;
}

/* the critical bit matters for payloads we do not know, and only for them */
static int unknown_check(const struct ike_payload *pl, struct ike_diag *diag)
{
	if (!pl->critical)
		return 0;
	ike_diag_set(diag, IKE_N_UNSUPPORTED_CRITICAL_PAYLOAD, -EPROTO,
		     "payload type %u is critical and unknown to us", pl->type);
	return ike_diag_data(diag, -EPROTO, &pl->type, 1);
}

static int payload_check(const struct ike_hdr *hdr, struct ike_payload *pl,
			 struct ike_diag *diag)
{
	if (!type_known(pl->type))
		return unknown_check(pl, diag);
	if (type_mark(pl->type, hdr) == ' ')
		return ike_syntax(diag, "%s does not belong into an %s %s",
				  ike_payload_name(pl->type),
				  ike_exchange_name(hdr->exchange),
				  direction_name(hdr));
	if (type_mark(IKE_PL_SK, hdr) == '+' && !pl->encrypted &&
	    pl->type != IKE_PL_SK)
		return ike_syntax(diag, "%s outside of SK",
				  ike_payload_name(pl->type));
	return ike_payload_read(pl, diag);
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
	if (!ike_hdr_is_response(&msg->hdr))
		return false;
	return ike_msg_error(msg) || (msg->hdr.exchange == IKE_EX_SA_INIT &&
				      ike_msg_notify(msg, IKE_N_COOKIE));
}

static int count_check(const struct ike_msg *msg, const struct rule *rule,
		       struct ike_diag *diag)
{
	unsigned int n = payload_count(msg, rule->type);
	const struct ike_hdr *hdr = &msg->hdr;

	if (n > rule->most)
		return ike_syntax(diag, "%u %s in an %s %s, at most %u may be",
				  n, ike_payload_name(rule->type),
				  ike_exchange_name(hdr->exchange),
				  direction_name(hdr), rule->most);
	if (!n && rule_mark(rule, hdr) == '+' &&
	    (!is_refusal(msg) || rule->type == IKE_PL_SK))
		return ike_syntax(diag, "%s is missing in the %s %s",
				  ike_payload_name(rule->type),
				  ike_exchange_name(hdr->exchange),
				  direction_name(hdr));
	return 0;
}

/* TSi and TSr come together; in IKE_AUTH with SA, or all are left out */
static int selectors_check(const struct ike_msg *msg, struct ike_diag *diag)
{
	bool sa = ike_msg_find(msg, IKE_PL_SA);
	bool tsi = ike_msg_find(msg, IKE_PL_TSI);
	bool tsr = ike_msg_find(msg, IKE_PL_TSR);

	if (tsi != tsr)
		return ike_syntax(diag, "%s without %s", tsi ? "TSi" : "TSr",
				  tsi ? "TSr" : "TSi");
	if (msg->hdr.exchange == IKE_EX_AUTH && sa != tsi && !is_refusal(msg))
		return ike_syntax(diag, sa ? "SA without TSi and TSr" :
					     "TSi and TSr without SA");
	return 0;
}

int ike_msg_check(struct ike_msg *msg, struct ike_diag *diag)
{
	const struct ike_hdr *hdr = &msg->hdr;
	const struct rule *rule;
	int err = 0;

	if (type_mark(IKE_PL_NOTIFY, hdr) == ' ')
		return ike_syntax(diag,
				  "exchange type %u (%s) is not supported",
				  hdr->exchange,
				  ike_exchange_name(hdr->exchange));
	for (unsigned int i = 0; i < msg->n && !err; i++)
		err = payload_check(hdr, &msg->pl[i], diag);
	for (rule = rules; rule < RULES_END && !err; rule++)
		err = count_check(msg, rule, diag);
	return err ? err : selectors_check(msg, diag);
}
