// SPDX-License-Identifier: MIT
/* ipsecx sa: Security Associations keyed by hand, or looked at. */
#include "help.h"
#include "list.h"
#include "object.h"

/* RFC 4303 section 2.1: smaller ones are reserved. */
#define SPI_MIN 256

static int take_once(struct cli *cli, const struct cli_word *w, struct key *key)
{
	if (key->len)
		return cli_usage(cli, "there is more than one key");
	return key_take(cli, key, w->name);
}

static int word_key(struct cli *cli, const struct cli_word *w, void *obj)
{
	return take_once(cli, w, &((struct object *)obj)->key);
}

static int word_integ_key(struct cli *cli, const struct cli_word *w, void *obj)
{
	return take_once(cli, w, &((struct object *)obj)->integ_key);
}

static const struct cli_word add_words[] = {
	{ OBJECT_DEV, .needed = true },
	{ "policy", .attrs = IPSECX_HAS(SA_POLICY), .needed = true },
	{ "dir", .attrs = IPSECX_HAS(SA_DIRECTION), .needed = true },
	{ "spi", .attrs = IPSECX_HAS(SA_SPI), .min = SPI_MIN, .needed = true },
	{ "proto", .attrs = IPSECX_HAS(SA_PROTOCOL), .what = "esp or ah" },
	{ "key", word_key },
	{ "key-file", word_key },
	{ "integ-key", word_integ_key },
	{ "integ-key-file", word_integ_key },
	{},
};

static const struct cli_word set_words[] = {
	{ OBJECT_DEV, .needed = true },
	{ OBJECT_ID, .needed = true },
	{ "activate", .attrs = IPSECX_HAS(SA_ACTIVATE), .needed = true },
	{},
};

static const struct cli_word show_words[] = {
	{ OBJECT_DEV },
	{ "policy", .attrs = IPSECX_HAS(SA_POLICY) },
	{},
};

int sa_words_add(struct cli *cli, struct object *obj)
{
	int rc = object_words(cli, IPSECX_CMD_SA_NEW, add_words, obj);
	struct ipsecx_sa *sa = &obj->sa;

	if (rc)
		return rc;
	if (!sa->encr && sa->protocol != IPSECX_PROTOCOL_AH)
		return cli_usage(cli, "'encr' is missing");
	if (!obj->key.len && sa->encr && sa->encr != IPSECX_ENCR_NULL)
		return cli_usage(cli, "'key' or 'key-file' is missing");
	if (sa->protocol == IPSECX_PROTOCOL_AH && (sa->encr || obj->key.len))
		return cli_usage(cli, "AH has no 'encr' and no 'key'");
	if (!obj->integ_key.len && sa->integ)
		return cli_usage(cli,
				 "'integ-key' or 'integ-key-file' is missing");
	if (!sa->integ &&
	    (obj->integ_key.len || sa->protocol == IPSECX_PROTOCOL_AH))
		return cli_usage(cli, "'integ' is missing");
	sa->encr_key = obj->key.bytes;
	sa->encr_key_len = obj->key.len;
	sa->integ_key = obj->integ_key.bytes;
	sa->integ_key_len = obj->integ_key.len;
	return CLI_OK;
}

static int sa_add(struct cli *cli, const struct cli_word *w, void *unused)
{
	struct object obj = { 0 };

	return object_do(cli, &obj, sa_words_add(cli, &obj));
}

const struct cli_word sa_commands[] = {
	{ "show", list_show, .words = show_words, .cmd = IPSECX_CMD_SA_GET },
	{ "add", sa_add },
	{ "set", object_command, .words = set_words, .cmd = IPSECX_CMD_SA_SET },
	{ "del", object_command, .words = object_named,
	  .cmd = IPSECX_CMD_SA_DEL },
	{ "delete", object_command, .words = object_named,
	  .cmd = IPSECX_CMD_SA_DEL },
	{ "help", help_word, .what = "sa" },
	{},
};
