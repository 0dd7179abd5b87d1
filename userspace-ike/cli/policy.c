// SPDX-License-Identifier: MIT
/* ipsecx policy: what is protected, and where it goes. */
#include <string.h>

#include "address.h"
#include "help.h"
#include "list.h"
#include "object.h"

#define ENCAP                                                       \
	(IPSECX_HAS(POLICY_ENCAP) | IPSECX_HAS(POLICY_LOCAL_PORT) | \
	 IPSECX_HAS(POLICY_REMOTE_PORT))

#define LOCAL_PORTS                              \
	(IPSECX_HAS(SELECTOR_LOCAL_PORT_START) | \
	 IPSECX_HAS(SELECTOR_LOCAL_PORT_END))
#define REMOTE_PORTS                              \
	(IPSECX_HAS(SELECTOR_REMOTE_PORT_START) | \
	 IPSECX_HAS(SELECTOR_REMOTE_PORT_END))
#define BOTH_PORTS (LOCAL_PORTS | REMOTE_PORTS)

static int take_port(struct cli *cli, const char *after, uint16_t *port)
{
	const char *word = cli_value(cli, after, "a number");
	uint64_t value;
	int rc;

	if (!word)
		return CLI_USAGE;
	rc = cli_number(cli, after, word, 1, UINT16_MAX, &value);
	*port = value;
	return rc;
}

static int word_encap(struct cli *cli, const struct cli_word *w, void *obj)
{
	const char *word = cli_value(cli, "encap", "udp or none");
	struct ipsecx_policy *policy = &((struct object *)obj)->policy;
	int rc;

	if (!word)
		return CLI_USAGE;
	policy->has |= IPSECX_HAS(POLICY_ENCAP);
	if (!ipsecx_name_find(&ipsecx_encap_names, word, &policy->encap))
		return cli_usage(
			cli, "expected 'encap none' or 'encap udp', not '%s'",
			word);
	if (policy->encap != IPSECX_ENCAP_UDP)
		return CLI_OK;
	rc = take_port(cli, "encap udp", &policy->local_port);
	return rc ? rc : take_port(cli, "encap udp PORT", &policy->remote_port);
}

static int take_range(struct cli *cli, const char *after,
		      struct ipsecx_addr *start, struct ipsecx_addr *end)
{
	const char *word = cli_value(cli, after, "a prefix, a range or any");
	const char *wrong;

	if (!word)
		return CLI_USAGE;
	wrong = range_parse(word, start, end);
	if (!wrong)
		return CLI_OK;
	return cli_usage(cli, "'%s' needs a prefix, a range or any; '%s': %s",
			 after, word, wrong);
}

static int word_sel(struct cli *cli, const struct cli_word *w, void *obj)
{
	struct ipsecx_policy *policy = &((struct object *)obj)->policy;
	struct ipsecx_selector *sel = &policy->selector[policy->n_selector];
	int rc;

	if (sel == policy->selector + POLICY_SELECTORS_MAX)
		return cli_usage(cli, "more than %u selectors",
				 POLICY_SELECTORS_MAX);
	policy->n_selector++;
	rc = take_range(cli, "sel", &sel->local_start, &sel->local_end);
	if (!rc)
		rc = take_range(cli, "sel LOCAL", &sel->remote_start,
				&sel->remote_end);
	if (!rc && sel->local_start.len && sel->remote_start.len &&
	    sel->local_start.len != sel->remote_start.len)
		rc = cli_usage(cli, "a selector is of one address family");
	return rc;
}

/*
 * The word after proto, lport or rport, which say more, once, about the last
 * selector; @which is what of it they set.
 */
static const char *selector_value(struct cli *cli, const struct cli_word *w,
				  struct object *obj, uint64_t which,
				  struct ipsecx_selector **sel)
{
	struct ipsecx_policy *policy = &obj->policy;

	if (!policy->n_selector) {
		cli_usage(cli, "'%s' belongs behind 'sel LOCAL REMOTE'",
			  w->name);
		return NULL;
	}
	*sel = &policy->selector[policy->n_selector - 1];
	if ((*sel)->has & which) {
		cli_usage(cli, "'%s' comes twice in a selector", w->name);
		return NULL;
	}
	return cli_value(cli, w->name, w->what);
}

static int word_proto(struct cli *cli, const struct cli_word *w, void *obj)
{
	const uint64_t which = IPSECX_HAS(SELECTOR_PROTOCOL);
	struct ipsecx_selector *sel;
	const char *word = selector_value(cli, w, obj, which, &sel);

	if (!word)
		return CLI_USAGE;
	if (!protocol_parse(word, &sel->protocol))
		return cli_usage(cli, "unknown protocol '%s'; a number will do",
				 word);
	if (sel->protocol)
		sel->has |= which;
	return CLI_OK;
}

static int word_ports(struct cli *cli, const struct cli_word *w, void *obj)
{
	bool local = w->name[0] == 'l';
	const uint64_t which = local ? LOCAL_PORTS : REMOTE_PORTS;
	struct ipsecx_selector *sel;
	const char *word = selector_value(cli, w, obj, which, &sel);
	uint16_t start, end;

	if (!word)
		return CLI_USAGE;
	if (!strcmp(word, "any"))
		return CLI_OK;
	if (!ports_parse(word, &start, &end))
		return cli_usage(cli, "'%s' needs a port or a range, not '%s'",
				 w->name, word);
	*(local ? &sel->local_port_start : &sel->remote_port_start) = start;
	*(local ? &sel->local_port_end : &sel->remote_port_end) = end;
	sel->has |= which;
	return CLI_OK;
}

/* One end alone would do, and both are what RFC 4301 has for both ways. */
static void set_messages(struct ipsecx_selector *sel, uint16_t start,
			 uint16_t end)
{
	sel->has |= BOTH_PORTS;
	sel->local_port_start = sel->remote_port_start = start;
	sel->local_port_end = sel->remote_port_end = end;
}

static int read_message(struct cli *cli, const struct cli_word *w,
			const char *word, uint16_t *first, uint16_t *last)
{
	if (ports_parse(word, first, last) && *last <= UINT8_MAX)
		return CLI_OK;
	return cli_usage(cli,
			 "'%s' needs a number or a range up to 255, not '%s'",
			 w->name, word);
}

static int word_type(struct cli *cli, const struct cli_word *w, void *obj)
{
	struct ipsecx_selector *sel;
	const char *word = selector_value(cli, w, obj, BOTH_PORTS, &sel);
	uint16_t first, last;
	int rc;

	if (!word)
		return CLI_USAGE;
	if (!protocol_has_types(sel->protocol))
		return cli_usage(
			cli,
			"'type' belongs behind 'proto' icmp, icmpv6 or mobility-header");
	rc = read_message(cli, w, word, &first, &last);
	if (!rc)
		set_messages(sel, first << 8, last << 8 | UINT8_MAX);
	return rc;
}

static int word_code(struct cli *cli, const struct cli_word *w, void *obj)
{
	struct ipsecx_selector *sel;
	const char *word = selector_value(cli, w, obj, 0, &sel);
	uint16_t first, last, type;
	int rc;

	if (!word)
		return CLI_USAGE;
	type = sel->local_port_start & ~UINT8_MAX;
	if (sel->protocol == PROTOCOL_MH ||
	    !protocol_has_types(sel->protocol) || !(sel->has & BOTH_PORTS) ||
	    sel->local_port_end != (type | UINT8_MAX))
		return cli_usage(cli, "'code' belongs behind one ICMP 'type'");
	rc = read_message(cli, w, word, &first, &last);
	if (!rc)
		set_messages(sel, type | first, type | last);
	return rc;
}

/* No packet is as long as the largest number, so that is the MTU. */
static int word_tfc_pad(struct cli *cli, const struct cli_word *w, void *obj)
{
	const char *word = cli_value(cli, w->name, "a number, or mtu");
	struct ipsecx_policy *policy = &((struct object *)obj)->policy;
	uint64_t bytes = UINT16_MAX;
	int rc = CLI_OK;

	if (!word)
		return CLI_USAGE;
	if (strcmp(word, "mtu"))
		rc = cli_number(cli, w->name, word, 0, UINT16_MAX, &bytes);
	policy->has |= IPSECX_HAS(POLICY_TFC_PAD);
	policy->tfc_pad = bytes;
	return rc;
}

#define SELECTOR_WORDS                                                        \
	{ "sel", word_sel, .again = true },                                   \
		{ "proto", word_proto, .what = "a protocol", .again = true }, \
		{ "lport", word_ports, .what = PORTS, .again = true },        \
		{ "type", word_type, .what = PORTS, .again = true },          \
		{ "code", word_code, .what = PORTS, .again = true },          \
	{                                                                     \
		"rport", word_ports, .what = PORTS, .again = true             \
	}
#define PORTS "a number or a range of them"

static const struct cli_word add_words[] = {
	{ OBJECT_DEV, .needed = true },
	{ "mode", .attrs = IPSECX_HAS(POLICY_MODE),
	  .what = "tunnel or transport", .needed = true },
	{ "local", .attrs = IPSECX_HAS(POLICY_LOCAL), .needed = true },
	{ "remote", .attrs = IPSECX_HAS(POLICY_REMOTE), .needed = true },
	{ "encap", word_encap, .attrs = ENCAP },
	{ "tfc-pad", word_tfc_pad, .attrs = IPSECX_HAS(POLICY_TFC_PAD) },
	SELECTOR_WORDS,
	{},
};

static const struct cli_word set_words[] = {
	{ OBJECT_DEV, .needed = true },
	{ OBJECT_ID, .needed = true },
	{ "encap", word_encap, .attrs = ENCAP },
	{ "tfc-pad", word_tfc_pad, .attrs = IPSECX_HAS(POLICY_TFC_PAD) },
	SELECTOR_WORDS,
	{},
};

static const struct cli_word show_words[] = {
	{ OBJECT_DEV },
	{},
};

int policy_words_add(struct cli *cli, struct object *obj)
{
	int rc = object_words(cli, IPSECX_CMD_POLICY_NEW, add_words, obj);

	if (!rc && obj->policy.local.len != obj->policy.remote.len)
		rc = cli_usage(cli, "'local' and 'remote' are of one family");
	/* One empty selector: anything, of both families. */
	if (!rc && !obj->policy.n_selector)
		obj->policy.n_selector = 1;
	return rc;
}

int policy_words_set(struct cli *cli, struct object *obj)
{
	return object_words(cli, IPSECX_CMD_POLICY_SET, set_words, obj);
}

static int policy_add(struct cli *cli, const struct cli_word *w, void *unused)
{
	struct object obj = { 0 };

	return object_do(cli, &obj, policy_words_add(cli, &obj));
}

void policy_complete(struct ipsecx_policy *policy,
		     const struct ipsecx_policy *old)
{
	if (!policy->local.len)
		policy->local = old->local;
	if (!policy->remote.len)
		policy->remote = old->remote;
	if (policy->has & IPSECX_HAS(POLICY_ENCAP))
		return;
	policy->encap = old->encap;
	policy->local_port = old->local_port;
	policy->remote_port = old->remote_port;
}

static bool is_moved(const struct ipsecx_policy *policy)
{
	return policy->local.len || policy->remote.len ||
	       policy->has & IPSECX_HAS(POLICY_ENCAP);
}

/* Where a policy goes changes as a whole: what is not said stays as it is. */
static int fill_up(struct cli *cli, struct object *obj)
{
	struct ipsecx_policy old = { .id = obj->policy.id };
	int rc = cli_device(cli, obj->dev, &old.ifindex);

	if (rc || !is_moved(&obj->policy))
		return rc;
	rc = cli_ask(cli, IPSECX_CMD_POLICY_GET, &old);
	policy_complete(&obj->policy, &old);
	return rc;
}

static int policy_set(struct cli *cli, const struct cli_word *w, void *unused)
{
	struct object obj = { 0 };
	int rc = policy_words_set(cli, &obj);

	return object_do(cli, &obj, rc ? rc : fill_up(cli, &obj));
}

const struct cli_word policy_commands[] = {
	{ "show", list_show, .words = show_words,
	  .cmd = IPSECX_CMD_POLICY_GET },
	{ "add", policy_add },
	{ "set", policy_set },
	{ "del", object_command, .words = object_named,
	  .cmd = IPSECX_CMD_POLICY_DEL },
	{ "delete", object_command, .words = object_named,
	  .cmd = IPSECX_CMD_POLICY_DEL },
	{ "help", help_word, .what = "policy" },
	{},
};
