// SPDX-License-Identifier: MIT
/* ipsecx policy: what is protected, and where it goes. */
#include <string.h>

#include "address.h"
#include "enums.h"
#include "help.h"
#include "json.h"
#include "policy.h"
#include "snapshot.h"

static int word_mode(struct cli *cli, void *obj)
{
	const char *word = cli_value(cli, "mode", "tunnel or transport");
	struct policy_words *pw = obj;

	if (!word)
		return CLI_USAGE;
	if (ipsecx_name_find(&ipsecx_mode_names, word, &pw->policy.mode))
		return CLI_OK;
	return cli_usage(cli, "unknown mode '%s'; expected tunnel or transport",
			 word);
}

static int take_address(struct cli *cli, const char *after,
			struct ipsecx_addr *addr)
{
	const char *word = cli_value(cli, after, "an address");

	if (!word)
		return CLI_USAGE;
	if (address_parse(word, addr))
		return CLI_OK;
	return cli_usage(cli, "'%s' needs an IPv4 or IPv6 address, not '%s'",
			 after, word);
}

static int word_local(struct cli *cli, void *obj)
{
	struct policy_words *pw = obj;

	return take_address(cli, "local", &pw->policy.local);
}

static int word_remote(struct cli *cli, void *obj)
{
	struct policy_words *pw = obj;

	return take_address(cli, "remote", &pw->policy.remote);
}

static int word_encap(struct cli *cli, void *obj)
{
	const char *word = cli_value(cli, "encap", "udp or none");
	struct ipsecx_policy *policy = &((struct policy_words *)obj)->policy;
	uint32_t local, remote;
	int rc;

	if (!word)
		return CLI_USAGE;
	policy->has_encap = true;
	if (!ipsecx_name_find(&ipsecx_encap_names, word, &policy->encap))
		return cli_usage(
			cli, "expected 'encap none' or 'encap udp', not '%s'",
			word);
	if (policy->encap != IPSECX_ENCAP_UDP)
		return CLI_OK;
	rc = cli_number(cli, "encap udp", 1, UINT16_MAX, &local);
	if (!rc)
		rc = cli_number(cli, "encap udp PORT", 1, UINT16_MAX, &remote);
	if (rc)
		return rc;
	policy->local_port = local;
	policy->remote_port = remote;
	return CLI_OK;
}

static int word_priority(struct cli *cli, void *obj)
{
	struct policy_words *pw = obj;

	pw->policy.has_priority = true;
	return cli_number(cli, "priority", 0, UINT32_MAX, &pw->policy.priority);
}

static int word_drop_held(struct cli *cli, void *obj)
{
	((struct policy_words *)obj)->policy.drop_held = true;
	return CLI_OK;
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

static int word_sel(struct cli *cli, void *obj)
{
	struct ipsecx_policy *policy = &((struct policy_words *)obj)->policy;
	struct ipsecx_selector *sel;
	int rc;

	if (policy->n_selectors == IPSECX_SELECTORS_MAX)
		return cli_usage(cli, "more than %u selectors",
				 IPSECX_SELECTORS_MAX);
	sel = &policy->selector[policy->n_selectors++];
	rc = take_range(cli, "sel", &sel->local_start, &sel->local_end);
	if (!rc)
		rc = take_range(cli, "sel LOCAL", &sel->remote_start,
				&sel->remote_end);
	if (!rc && sel->local_start.len && sel->remote_start.len &&
	    sel->local_start.len != sel->remote_start.len)
		rc = cli_usage(cli, "a selector is of one address family");
	return rc;
}

/* The selector that proto, lport and rport say more about. */
static struct ipsecx_selector *last_selector(struct cli *cli, void *obj,
					     const char *word)
{
	struct ipsecx_policy *policy = &((struct policy_words *)obj)->policy;

	if (policy->n_selectors)
		return &policy->selector[policy->n_selectors - 1];
	cli_usage(cli, "'%s' belongs behind 'sel LOCAL REMOTE'", word);
	return NULL;
}

static int word_proto(struct cli *cli, void *obj)
{
	struct ipsecx_selector *sel = last_selector(cli, obj, "proto");
	const char *word;

	if (!sel)
		return CLI_USAGE;
	if (sel->protocol)
		return cli_usage(cli, "'proto' comes twice in a selector");
	word = cli_value(cli, "proto", "a protocol");
	if (!word)
		return CLI_USAGE;
	if (protocol_parse(word, &sel->protocol))
		return CLI_OK;
	return cli_usage(cli, "unknown protocol '%s'; a number will do", word);
}

static int take_ports(struct cli *cli, const char *after, bool *has,
		      uint16_t *start, uint16_t *end)
{
	const char *word;

	if (*has)
		return cli_usage(cli, "'%s' comes twice in a selector", after);
	word = cli_value(cli, after, "a port or a range of them");
	if (!word)
		return CLI_USAGE;
	if (!ports_parse(word, start, end))
		return cli_usage(cli, "'%s' needs a port or a range, not '%s'",
				 after, word);
	*has = strcmp(word, "any");
	return CLI_OK;
}

static int word_lport(struct cli *cli, void *obj)
{
	struct ipsecx_selector *sel = last_selector(cli, obj, "lport");

	if (!sel)
		return CLI_USAGE;
	return take_ports(cli, "lport", &sel->has_local_port,
			  &sel->local_port_start, &sel->local_port_end);
}

static int word_rport(struct cli *cli, void *obj)
{
	struct ipsecx_selector *sel = last_selector(cli, obj, "rport");

	if (!sel)
		return CLI_USAGE;
	return take_ports(cli, "rport", &sel->has_remote_port,
			  &sel->remote_port_start, &sel->remote_port_end);
}

/* clang-format off */
#define SELECTOR_WORDS						\
	CLI_WORD("sel", word_sel, .again = true),			\
	CLI_WORD("proto", word_proto, .again = true),			\
	CLI_WORD("lport", word_lport, .again = true),			\
	CLI_WORD("rport", word_rport, .again = true)
/* clang-format on */

static const struct cli_word add_words[] = {
	CLI_WORD("dev", target_dev, .needed = true),
	CLI_WORD("mode", word_mode, .needed = true),
	CLI_WORD("local", word_local, .needed = true),
	CLI_WORD("remote", word_remote, .needed = true),
	CLI_WORD("encap", word_encap),
	CLI_WORD("priority", word_priority),
	SELECTOR_WORDS,
	{},
};

static const struct cli_word set_words[] = {
	CLI_WORD("dev", target_dev, .needed = true),
	CLI_WORD("id", target_id, .needed = true),
	CLI_WORD("local", word_local),
	CLI_WORD("remote", word_remote),
	CLI_WORD("encap", word_encap),
	CLI_WORD("priority", word_priority),
	CLI_WORD("drop-held", word_drop_held),
	SELECTOR_WORDS,
	{},
};

static const struct cli_word del_words[] = {
	CLI_WORD("dev", target_dev, .needed = true),
	CLI_WORD("id", target_id, .needed = true),
	{},
};

static const struct cli_word show_words[] = {
	CLI_WORD("dev", target_dev),
	CLI_WORD("id", target_id),
	{},
};

int policy_parse_add(struct cli *cli, struct policy_words *pw)
{
	int rc = cli_words(cli, add_words, pw);

	if (!rc && pw->policy.local.len != pw->policy.remote.len)
		rc = cli_usage(cli, "'local' and 'remote' are of one family");
	/* One empty selector: anything, of both families. */
	if (!rc && !pw->policy.n_selectors)
		pw->policy.n_selectors = 1;
	return rc;
}

int policy_parse_set(struct cli *cli, struct policy_words *pw)
{
	return cli_words(cli, set_words, pw);
}

static int policy_add(struct cli *cli, void *obj)
{
	struct policy_words pw = { 0 };
	int rc = policy_parse_add(cli, &pw);

	if (!rc)
		rc = target_open(cli, &pw.target);
	if (rc)
		return rc;
	pw.policy.ifindex = pw.target.ifindex;
	rc = target_close(cli, &pw.target,
			  ipsecx_policy_new(pw.target.nl, &pw.policy));
	return rc ? rc : json_print_id(cli, pw.policy.id);
}

void policy_complete(struct ipsecx_policy *policy,
		     const struct ipsecx_policy *old)
{
	if (!policy->local.len)
		policy->local = old->local;
	if (!policy->remote.len)
		policy->remote = old->remote;
	if (policy->has_encap)
		return;
	policy->has_encap = true;
	policy->encap = old->encap;
	policy->local_port = old->local_port;
	policy->remote_port = old->remote_port;
}

static int policy_change(const struct target *target,
			 struct ipsecx_policy *policy)
{
	struct ipsecx_policy old;
	int rc;

	policy->ifindex = target->ifindex;
	policy->id = target->id;
	if (policy->local.len || policy->remote.len || policy->has_encap) {
		rc = ipsecx_policy_get(target->nl, target->ifindex, target->id,
				       &old);
		if (rc)
			return rc;
		policy_complete(policy, &old);
	}
	return ipsecx_policy_set(target->nl, policy);
}

static int policy_set(struct cli *cli, void *obj)
{
	struct policy_words pw = { 0 };
	int rc = policy_parse_set(cli, &pw);

	if (!rc)
		rc = target_open(cli, &pw.target);
	if (rc)
		return rc;
	return target_close(cli, &pw.target,
			    policy_change(&pw.target, &pw.policy));
}

static int policy_del(struct cli *cli, void *obj)
{
	struct target target = { 0 };
	int rc = cli_words(cli, del_words, &target);

	if (!rc)
		rc = target_open(cli, &target);
	if (rc)
		return rc;
	return target_close(cli, &target,
			    ipsecx_policy_del(target.nl, target.ifindex,
					      target.id));
}

static int policy_show(struct cli *cli, void *obj)
{
	struct target target = { 0 };
	struct snapshot snap = { 0 };
	int rc = cli_words(cli, show_words, &target);

	if (!rc)
		rc = snapshot_read(cli, &snap, target.dev, SNAPSHOT_POLICIES);
	if (!rc)
		rc = snapshot_show_policies(cli, &snap, target.id);
	snapshot_free(&snap);
	return rc;
}

static int policy_help(struct cli *cli, void *obj)
{
	return help_print(cli->out, "policy");
}

static const struct cli_word commands[] = {
	CLI_WORD("show", policy_show),
	CLI_WORD("add", policy_add),
	CLI_WORD("set", policy_set),
	CLI_WORD("del", policy_del),
	CLI_WORD("delete", policy_del),
	CLI_WORD("help", policy_help),
	{},
};

int cli_policy(struct cli *cli, void *obj)
{
	return cli_command(cli, commands, &commands[0]);
}
