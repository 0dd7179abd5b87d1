// SPDX-License-Identifier: MIT
/* ipsecx sa: Security Associations keyed by hand, or looked at. */
#include <string.h>

#include "enums.h"
#include "help.h"
#include "json.h"
#include "sa.h"
#include "snapshot.h"

/* RFC 4303 section 2.1: smaller ones are reserved. */
#define SPI_MIN 256

static int word_policy(struct cli *cli, void *obj)
{
	struct sa_words *sw = obj;

	return cli_number(cli, "policy", 1, UINT32_MAX, &sw->sa.policy);
}

static int word_dir(struct cli *cli, void *obj)
{
	const char *word = cli_value(cli, "dir", "in or out");
	struct sa_words *sw = obj;

	if (!word)
		return CLI_USAGE;
	if (ipsecx_name_find(&ipsecx_direction_names, word, &sw->sa.direction))
		return CLI_OK;
	return cli_usage(cli, "unknown direction '%s'; expected in or out",
			 cli_shown(word));
}

static int word_spi(struct cli *cli, void *obj)
{
	struct sa_words *sw = obj;

	return cli_number(cli, "spi", SPI_MIN, UINT32_MAX, &sw->sa.spi);
}

static int word_encr(struct cli *cli, void *obj)
{
	const char *word = cli_value(cli, "encr", "an algorithm");
	struct sa_words *sw = obj;
	uint32_t encr;

	if (!word)
		return CLI_USAGE;
	if (!ipsecx_name_find(&ipsecx_encr_names, word, &encr))
		return cli_usage(cli, "unknown encr '%s'; see ipsecx caps",
				 cli_shown(word));
	sw->sa.encr = encr;
	return CLI_OK;
}

static int word_integ(struct cli *cli, void *obj)
{
	const char *word = cli_value(cli, "integ", "an algorithm");
	struct sa_words *sw = obj;
	uint32_t integ;

	if (!word)
		return CLI_USAGE;
	if (!ipsecx_name_find(&ipsecx_integ_names, word, &integ))
		return cli_usage(cli, "unknown integ '%s'; see ipsecx caps",
				 cli_shown(word));
	sw->sa.integ = integ;
	return CLI_OK;
}

/* How a key is taken that has not been given yet. */
typedef int (*key_taker)(struct cli *cli, struct key *key, const char *name);

static int key_once(struct cli *cli, struct key *key, key_taker take,
		    const char *name)
{
	if (key->len)
		return cli_usage(cli, "there is more than one key");
	return take(cli, key, name);
}

static int word_key(struct cli *cli, void *obj)
{
	return key_once(cli, &((struct sa_words *)obj)->key, key_take, "key");
}

static int word_key_file(struct cli *cli, void *obj)
{
	return key_once(cli, &((struct sa_words *)obj)->key, key_take_file,
			"key-file");
}

static int word_integ_key(struct cli *cli, void *obj)
{
	return key_once(cli, &((struct sa_words *)obj)->integ_key, key_take,
			"integ-key");
}

static int word_integ_key_file(struct cli *cli, void *obj)
{
	return key_once(cli, &((struct sa_words *)obj)->integ_key,
			key_take_file, "integ-key-file");
}

static int word_esn(struct cli *cli, void *obj)
{
	((struct sa_words *)obj)->sa.esn = true;
	return CLI_OK;
}

static int word_replay_window(struct cli *cli, void *obj)
{
	struct ipsecx_sa *sa = &((struct sa_words *)obj)->sa;

	sa->has_replay_window = true;
	return cli_number(cli, "replay-window", 0, UINT32_MAX,
			  &sa->replay_window);
}

static int word_byte_soft(struct cli *cli, void *obj)
{
	return cli_count(cli, "byte-soft",
			 &((struct sa_words *)obj)->sa.byte_soft);
}

static int word_byte_hard(struct cli *cli, void *obj)
{
	return cli_count(cli, "byte-hard",
			 &((struct sa_words *)obj)->sa.byte_hard);
}

static int word_packet_soft(struct cli *cli, void *obj)
{
	return cli_count(cli, "packet-soft",
			 &((struct sa_words *)obj)->sa.packet_soft);
}

static int word_packet_hard(struct cli *cli, void *obj)
{
	return cli_count(cli, "packet-hard",
			 &((struct sa_words *)obj)->sa.packet_hard);
}

static int word_time_soft(struct cli *cli, void *obj)
{
	return cli_number(cli, "time-soft", 1, UINT32_MAX,
			  &((struct sa_words *)obj)->sa.time_soft);
}

static int word_time_hard(struct cli *cli, void *obj)
{
	return cli_number(cli, "time-hard", 1, UINT32_MAX,
			  &((struct sa_words *)obj)->sa.time_hard);
}

static int word_idle(struct cli *cli, void *obj)
{
	return cli_number(cli, "idle", 1, UINT32_MAX,
			  &((struct sa_words *)obj)->sa.idle);
}

static int word_activate(struct cli *cli, void *obj)
{
	((struct sa_words *)obj)->sa.activate = true;
	return CLI_OK;
}

static const struct cli_word add_words[] = {
	CLI_WORD("dev", target_dev, .needed = true),
	CLI_WORD("policy", word_policy, .needed = true),
	CLI_WORD("dir", word_dir, .needed = true),
	CLI_WORD("spi", word_spi, .needed = true),
	CLI_WORD("encr", word_encr, .needed = true),
	CLI_WORD("key", word_key),
	CLI_WORD("key-file", word_key_file),
	CLI_WORD("integ", word_integ),
	CLI_WORD("integ-key", word_integ_key),
	CLI_WORD("integ-key-file", word_integ_key_file),
	CLI_WORD("esn", word_esn),
	CLI_WORD("replay-window", word_replay_window),
	CLI_WORD("activate", word_activate),
	CLI_WORD("byte-soft", word_byte_soft),
	CLI_WORD("byte-hard", word_byte_hard),
	CLI_WORD("packet-soft", word_packet_soft),
	CLI_WORD("packet-hard", word_packet_hard),
	CLI_WORD("time-soft", word_time_soft),
	CLI_WORD("time-hard", word_time_hard),
	CLI_WORD("idle", word_idle),
	{},
};

static const struct cli_word set_words[] = {
	CLI_WORD("dev", target_dev, .needed = true),
	CLI_WORD("id", target_id, .needed = true),
	CLI_WORD("activate", word_activate, .needed = true),
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
	CLI_WORD("policy", word_policy),
	{},
};

int sa_parse_add(struct cli *cli, struct sa_words *sw)
{
	int rc = cli_words(cli, add_words, sw);

	if (rc)
		return rc;
	if (!sw->key.len && sw->sa.encr != IPSECX_ENCR_NULL)
		return cli_usage(cli, "'key' or 'key-file' is missing");
	if (!sw->integ_key.len != !sw->sa.integ)
		return cli_usage(
			cli,
			sw->sa.integ ?
				"'integ-key' or 'integ-key-file' is missing" :
				"'integ' is missing");
	sw->sa.key = sw->key.len ? sw->key.bytes : NULL;
	sw->sa.key_len = sw->key.len;
	sw->sa.integ_key = sw->integ_key.len ? sw->integ_key.bytes : NULL;
	sw->sa.integ_key_len = sw->integ_key.len;
	return CLI_OK;
}

static int sa_add(struct cli *cli, void *obj)
{
	struct sa_words sw = { 0 };
	int rc = sa_parse_add(cli, &sw);

	if (!rc)
		rc = target_open(cli, &sw.target);
	if (!rc) {
		sw.sa.ifindex = sw.target.ifindex;
		rc = target_close(cli, &sw.target,
				  ipsecx_sa_new(sw.target.nl, &sw.sa));
	}
	key_wipe(&sw.key);
	key_wipe(&sw.integ_key);
	return rc ? rc : json_print_id(cli, sw.sa.id);
}

static int sa_change(struct cli *cli, const struct cli_word *words,
		     int (*change)(struct ipsecx_nl *nl, uint32_t ifindex,
				   uint32_t id))
{
	struct sa_words sw = { 0 };
	int rc = cli_words(cli, words, &sw);

	if (!rc)
		rc = target_open(cli, &sw.target);
	if (rc)
		return rc;
	return target_close(cli, &sw.target,
			    change(sw.target.nl, sw.target.ifindex,
				   sw.target.id));
}

static int sa_set(struct cli *cli, void *obj)
{
	return sa_change(cli, set_words, ipsecx_sa_activate);
}

static int sa_del(struct cli *cli, void *obj)
{
	return sa_change(cli, del_words, ipsecx_sa_del);
}

static int sa_show(struct cli *cli, void *obj)
{
	struct sa_words sw = { 0 };
	struct snapshot snap = { 0 };
	int rc = cli_words(cli, show_words, &sw);

	if (!rc)
		rc = snapshot_read(cli, &snap, sw.target.dev, SNAPSHOT_SAS);
	if (!rc)
		rc = snapshot_show_sas(cli, &snap, sw.target.id, sw.sa.policy);
	snapshot_free(&snap);
	return rc;
}

static int sa_help(struct cli *cli, void *obj)
{
	return help_print(cli->out, "sa");
}

static const struct cli_word commands[] = {
	CLI_WORD("show", sa_show),
	CLI_WORD("add", sa_add),
	CLI_WORD("set", sa_set),
	CLI_WORD("del", sa_del),
	CLI_WORD("delete", sa_del),
	CLI_WORD("help", sa_help),
	{},
};

int cli_sa(struct cli *cli, void *obj)
{
	return cli_command(cli, commands, &commands[0]);
}
