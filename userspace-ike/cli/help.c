// SPDX-License-Identifier: MIT
/* Usage. */
#include <string.h>

#include "help.h"

#define VERSION "0.1"

static const struct {
	const char *command;
	const char *text;
} usage[] = {
	{ "show", "ipsecx show [DEV]\n" },
	{ "link", "ipsecx link set dev DEV [fwmark MARK] [ttl {default|N}]\n"
		  "              [dscp {copy|N}] [df {clear|copy|set}]\n" },
	{ "policy",
	  "ipsecx policy add dev DEV mode {tunnel|transport} local ADDR remote ADDR\n"
	  "              [encap {none|udp LPORT RPORT}] [priority N]\n"
	  "              [keepalive SECONDS] [tfc-pad {BYTES|mtu}] [SELECTOR]...\n"
	  "ipsecx policy set dev DEV id ID [local ADDR] [remote ADDR]\n"
	  "              [encap {none|udp LPORT RPORT}] [priority N]\n"
	  "              [keepalive SECONDS] [tfc-pad {BYTES|mtu}] [SELECTOR]...\n"
	  "              [drop-held]\n"
	  "ipsecx policy del dev DEV id ID\n"
	  "ipsecx policy show [dev DEV] [id ID]\n"
	  "  SELECTOR := sel LOCAL REMOTE [proto P] [lport PORTS] [rport PORTS]\n"
	  "              [type {N|N-N} [code {N|N-N}]]\n"
	  "  LOCAL, REMOTE := any | ADDR | ADDR/LEN | ADDR-ADDR    PORTS := any | N | N-N\n" },
	{ "sa",
	  "ipsecx sa add dev DEV policy ID dir {in|out} spi SPI [proto {esp|ah}]\n"
	  "          [encr ALGORITHM {key-file FILE|key -|key 0xHEX}]\n"
	  "          [integ ALGORITHM {integ-key-file FILE|integ-key -|integ-key 0xHEX}]\n"
	  "          [esn] [replay-window N] [activate] [LIMIT]...\n"
	  "ipsecx sa set dev DEV id ID activate\n"
	  "ipsecx sa del dev DEV id ID\n"
	  "ipsecx sa show [dev DEV] [id ID] [policy ID]\n"
	  "  LIMIT := {byte-soft|byte-hard|packet-soft|packet-hard} N |\n"
	  "           {time-soft|time-hard|idle} SECONDS\n" },
	{ "spi", "ipsecx spi alloc dev DEV [lowest N] [highest N]\n"
		 "ipsecx spi free dev DEV spi SPI\n" },
	{ "socket", "ipsecx socket [local ADDR] [port N]\n" },
	{ "monitor", "ipsecx monitor\n" },
	{ "caps", "ipsecx caps\n" },
	{ "up", "ipsecx up CONN [CHILD]\n" },
	{ "down", "ipsecx down CONN [CHILD]\n" },
	{ "status", "ipsecx status [CONN]\n" },
	{ "reload", "ipsecx reload\n" },
	{ "help", "ipsecx help [COMMAND]\n" },
};

static const char options[] =
	"\n"
	"  -j  JSON    -s  more details    -V  version    -h  this text\n"
	"  -t SECONDS  how long to wait for ipsecxd    -S PATH  its socket\n"
	"\n"
	"Unique beginnings of words will do. See ipsecx(8).\n";

int help_print(FILE *out, const char *command)
{
	size_t i;

	for (i = 0; i < sizeof(usage) / sizeof(usage[0]); i++)
		if (!command || !strcmp(usage[i].command, command))
			fputs(usage[i].text, out);
	if (!command)
		fputs(options, out);
	return CLI_OK;
}

int help_version(FILE *out)
{
	fputs("ipsecx " VERSION "\n", out);
	return CLI_OK;
}

int help_word(struct cli *cli, const struct cli_word *w, void *obj)
{
	return help_print(cli->out, w->what);
}

int help_only(struct cli *cli, const char *command)
{
	const struct cli_word words[] = {
		{ "help", help_word, .what = command },
		{},
	};

	return cli_words(cli, words, NULL);
}

int cli_help(struct cli *cli, const struct cli_word *w, void *obj)
{
	const char *word = cli_next(cli);
	size_t i;

	if (!word)
		return help_print(cli->out, NULL);
	for (i = 0; i < sizeof(usage) / sizeof(usage[0]); i++)
		if (!strncmp(usage[i].command, word, strlen(word)))
			return help_print(cli->out, usage[i].command);
	return cli_usage(cli, "there is no command '%s' (ipsecx help)", word);
}
