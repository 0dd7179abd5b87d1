// SPDX-License-Identifier: MIT
/* The words of the command line. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "../cli/address.h"
#include "../cli/help.h"
#include "../cli/object.h"
#include "../cli/text.h"

#define KEY20 "0x000102030405060708090a0b0c0d0e0f10111213"

/* A run of words that may be written to, as argv may. */
struct line {
	struct cli cli;
	char text[1024];
	char *word[256];
};

static struct cli *line_init(struct line *line, const char *words)
{
	char *save = NULL, *word;

	memset(line, 0, sizeof(*line));
	snprintf(line->text, sizeof(line->text), "%s", words);
	line->cli.argv = line->word;
	line->cli.out = stdout;
	word = strtok_r(line->text, " ", &save);
	for (; word; word = strtok_r(NULL, " ", &save))
		line->word[line->cli.argc++] = word;
	return &line->cli;
}

static void assert_error(const struct cli *cli, const char *part)
{
	if (!strstr(cli->error, part))
		fail_msg("\"%s\" does not say \"%s\"", cli->error, part);
}

static const char *ranged(const char *word)
{
	struct ipsecx_addr start, end;
	const char *wrong = range_parse(word, &start, &end);

	return wrong ? wrong : range_text(&start, &end);
}

static void ranges(void **state)
{
	assert_string_equal(ranged("any"), "any");
	assert_string_equal(ranged("192.0.2.1"), "192.0.2.1");
	assert_string_equal(ranged("192.0.2.1/32"), "192.0.2.1");
	assert_string_equal(ranged("192.0.2.0/24"), "192.0.2.0/24");
	assert_string_equal(ranged("0.0.0.0/0"), "0.0.0.0/0");
	assert_string_equal(ranged("::/0"), "::/0");
	assert_string_equal(ranged("2001:db8::/33"), "2001:db8::/33");
	assert_string_equal(ranged("192.0.2.0-192.0.2.255"), "192.0.2.0/24");
	assert_string_equal(ranged("192.0.2.1-192.0.2.9"),
			    "192.0.2.1-192.0.2.9");
	assert_string_equal(ranged("2001:db8::1-2001:db8::ff"),
			    "2001:db8::1-2001:db8::ff");
}

static void ranges_refused(void **state)
{
	assert_non_null(strstr(ranged(""), "no address"));
	assert_non_null(strstr(ranged("192.0.2"), "no address"));
	assert_non_null(strstr(ranged("192.0.2.0/33"), "prefix length"));
	assert_non_null(strstr(ranged("192.0.2.0/"), "prefix length"));
	assert_non_null(strstr(ranged("192.0.2.0/-1"), "prefix length"));
	assert_non_null(strstr(ranged("::/129"), "prefix length"));
	assert_non_null(strstr(ranged("192.0.2.1/24"), "behind the prefix"));
	assert_non_null(strstr(ranged("192.0.2.1-::1"), "one address family"));
	assert_non_null(strstr(ranged("192.0.2.9-192.0.2.1"), "ends before"));
	assert_non_null(strstr(ranged("192.0.2.1-"), "no address"));
}

static void ports(void **state)
{
	uint16_t start, end;

	assert_true(ports_parse("80", &start, &end));
	assert_int_equal(start, 80);
	assert_int_equal(end, 80);
	assert_true(ports_parse("0-65535", &start, &end));
	assert_int_equal(end, 65535);
	assert_false(ports_parse("65536", &start, &end));
	assert_false(ports_parse("80-", &start, &end));
	assert_false(ports_parse("-80", &start, &end));
	assert_false(ports_parse("90-80", &start, &end));
	assert_false(ports_parse("http", &start, &end));
	assert_false(ports_parse("", &start, &end));
}

static void protocols(void **state)
{
	uint8_t protocol;

	assert_true(protocol_parse("tcp", &protocol));
	assert_int_equal(protocol, 6);
	assert_true(protocol_parse("255", &protocol));
	assert_int_equal(protocol, 255);
	assert_false(protocol_parse("256", &protocol));
	assert_false(protocol_parse("tpc", &protocol));
	assert_string_equal(protocol_text(17), "udp");
	assert_string_equal(protocol_text(200), "200");
}

static int parse_policy(struct line *line, struct object *pw,
			const char *words)
{
	memset(pw, 0, sizeof(*pw));
	return policy_words_add(line_init(line, words), pw);
}

#define POLICY "dev ipsec0 mode tunnel local 192.0.2.1 remote 192.0.2.2 "

static void policy_add(void **state)
{
	struct object pw;
	struct line line;

	assert_int_equal(parse_policy(&line, &pw,
				      POLICY
				      "encap udp 4500 4501 prio 0x10 "
				      "sel 10.0.0.0/8 any proto tcp lport 1-9 "
				      "sel any 2001:db8::/32 rport any"),
			 CLI_OK);
	assert_string_equal(pw.dev, "ipsec0");
	assert_int_equal(pw.policy.mode, IPSECX_MODE_TUNNEL);
	assert_int_equal(pw.policy.local.bytes[3], 1);
	assert_int_equal(pw.policy.remote.bytes[3], 2);
	assert_int_equal(pw.policy.encap, IPSECX_ENCAP_UDP);
	assert_int_equal(pw.policy.local_port, 4500);
	assert_int_equal(pw.policy.remote_port, 4501);
	assert_true(pw.policy.has & IPSECX_HAS(POLICY_PRIORITY));
	assert_int_equal(pw.policy.priority, 16);
	assert_int_equal(pw.policy.n_selector, 2);
	assert_int_equal(pw.policy.selector[0].protocol, 6);
	assert_true(pw.policy.selector[0].has &
		    IPSECX_HAS(SELECTOR_LOCAL_PORT_START));
	assert_int_equal(pw.policy.selector[0].local_port_end, 9);
	assert_int_equal(pw.policy.selector[0].remote_start.len, 0);
	assert_int_equal(pw.policy.selector[1].local_start.len, 0);
	assert_int_equal(pw.policy.selector[1].remote_end.len, 16);
	assert_false(pw.policy.selector[1].has &
		     IPSECX_HAS(SELECTOR_REMOTE_PORT_START));
}

static void policy_add_any(void **state)
{
	struct object pw;
	struct line line;

	assert_int_equal(parse_policy(&line, &pw, POLICY), CLI_OK);
	assert_int_equal(pw.policy.n_selector, 1);
	assert_string_equal(selector_text(&pw.policy.selector[0]),
			    "any any");
}

/* The words that a selector is shown in are those that it was given in. */
static void policy_types(void **state)
{
	static const char *const sels[] = {
		"any any proto icmp type 8",
		"any any proto icmp type 0 code 0",
		"any any proto icmp type 0-8",
		"any any proto icmpv6 type 1 code 4",
		"any any proto icmp type 3 code 1-9",
		"any any proto mobility-header type 5",
		"any any proto icmp lport 2048-2303",
		"any any proto icmp lport 1 rport 2",
		"any any proto icmp lport 255-256 rport 255-256",
		"any any proto icmp",
		"any any proto tcp lport 2048 rport 2048",
	};
	struct object pw;
	struct line line;
	char words[256];
	size_t i;

	for (i = 0; i < sizeof(sels) / sizeof(sels[0]); i++) {
		snprintf(words, sizeof(words), POLICY "sel %s", sels[i]);
		assert_int_equal(parse_policy(&line, &pw, words), CLI_OK);
		assert_string_equal(selector_text(&pw.policy.selector[0]),
				    sels[i]);
	}
	assert_int_equal(parse_policy(&line, &pw,
				      POLICY "sel any any proto ipv6-icmp "
					     "type 128 code 7"),
			 CLI_OK);
	assert_int_equal(pw.policy.selector[0].protocol, 58);
	assert_int_equal(pw.policy.selector[0].local_port_start, 0x8007);
	assert_int_equal(pw.policy.selector[0].remote_port_end, 0x8007);
}

static void policy_habits(void **state)
{
	struct object pw;
	struct line line;

	assert_int_equal(parse_policy(&line, &pw,
				      POLICY "keepalive 20 tfc-pad mtu"),
			 CLI_OK);
	assert_int_equal(pw.policy.keepalive, 20);
	assert_int_equal(pw.policy.tfc_pad, UINT16_MAX);
	assert_true(pw.policy.has & IPSECX_HAS(POLICY_TFC_PAD));
	assert_int_equal(parse_policy(&line, &pw, POLICY "tfc-pad 1000"),
			 CLI_OK);
	assert_int_equal(pw.policy.tfc_pad, 1000);
	assert_false(pw.policy.has & IPSECX_HAS(POLICY_KEEPALIVE));
}

static void assert_policy_refused(const char *words, const char *part)
{
	struct object pw;
	struct line line;

	assert_int_equal(parse_policy(&line, &pw, words), CLI_USAGE);
	assert_error(&line.cli, part);
}

static void policy_add_refused(void **state)
{
	assert_policy_refused("", "'dev' is missing");
	assert_policy_refused("dev", "a device after 'dev' is missing");
	assert_policy_refused("dev a mode tunnel local ::1",
			      "'remote' is missing");
	assert_policy_refused("dev a mode beet", "tunnel or transport");
	assert_policy_refused("dev a dev b", "'dev' comes twice");
	assert_policy_refused("dev a colour red", "expected dev, mode, local,");
	assert_policy_refused("dev a l 1.2.3.4", "'l' could be local or lport");
	assert_policy_refused(POLICY "encap tcp", "'encap udp'");
	assert_policy_refused(POLICY "encap udp 4500", "missing");
	assert_policy_refused(POLICY "encap udp 0 4500", "from 1 to 65535");
	assert_policy_refused(POLICY "priority -1", "from 0 to 4294967295");
	assert_policy_refused(POLICY "priority 4294967296", "4294967295");
	assert_policy_refused(POLICY "proto tcp", "behind 'sel");
	assert_policy_refused(POLICY "sel any any proto tcp proto udp",
			      "'proto' comes twice");
	assert_policy_refused(POLICY "sel any any lport 1 lport 2",
			      "'lport' comes twice");
	assert_policy_refused(POLICY "type 8", "behind 'sel");
	assert_policy_refused(POLICY "sel any any type 8", "behind 'proto'");
	assert_policy_refused(POLICY "sel any any proto tcp type 8", "icmpv6");
	assert_policy_refused(POLICY "sel any any proto icmp type 256", "255");
	assert_policy_refused(POLICY "sel any any proto icmp type 8 type 0",
			      "'type' comes twice");
	assert_policy_refused(POLICY "sel any any proto icmp code 0",
			      "behind one ICMP 'type'");
	assert_policy_refused(POLICY "sel any any proto icmp type 8-9 code 0",
			      "behind one ICMP 'type'");
	assert_policy_refused(POLICY "sel any any proto icmp type 8 code 0 "
				     "code 1",
			      "behind one ICMP 'type'");
	assert_policy_refused(POLICY "sel any any proto mobility-header "
				     "type 5 code 0",
			      "behind one ICMP 'type'");
	assert_policy_refused(POLICY "keepalive 65536", "65535");
	assert_policy_refused(POLICY "tfc-pad all", "from 0 to 65535");
	assert_policy_refused(POLICY "sel any", "is missing");
	assert_policy_refused(POLICY "sel 10.0.0.0/8 ::/0",
			      "one address family");
	assert_policy_refused("dev a mode tunnel local ::1 remote 1.2.3.4",
			      "of one family");
}

static void policy_add_too_many_selectors(void **state)
{
	char words[1024] = POLICY;
	int i;

	for (i = 0; i < POLICY_SELECTORS_MAX + 1; i++)
		strcat(words, "sel any any ");
	assert_policy_refused(words, "more than 64 selectors");
}

static void policy_set(void **state)
{
	struct object pw = { 0 };
	struct line line;

	line_init(&line, "id 3 dev ipsec0 encap none");
	assert_int_equal(policy_words_set(&line.cli, &pw), CLI_OK);
	assert_int_equal(pw.head.id, 3);
	assert_true(pw.policy.has & IPSECX_HAS(POLICY_ENCAP));
	assert_int_equal(pw.policy.n_selector, 0);
	assert_false(pw.policy.has & IPSECX_HAS(POLICY_PRIORITY));
}

/* The kernel changes outer addresses and encapsulation only together. */
static void policy_set_keeps_the_rest(void **state)
{
	const struct ipsecx_policy old = {
		.local = { 4, { 1 } },
		.remote = { 4, { 2 } },
		.encap = IPSECX_ENCAP_UDP,
		.local_port = 4500,
		.remote_port = 4501,
	};
	struct ipsecx_policy policy = { .remote = { 4, { 3 } } };

	policy_complete(&policy, &old);
	assert_int_equal(policy.local.bytes[0], 1);
	assert_int_equal(policy.remote.bytes[0], 3);
	assert_int_equal(policy.encap, IPSECX_ENCAP_UDP);
	assert_int_equal(policy.remote_port, 4501);

	memset(&policy, 0, sizeof(policy));
	policy.has = IPSECX_HAS(POLICY_ENCAP);
	policy_complete(&policy, &old);
	assert_int_equal(policy.local.len, 4);
	assert_int_equal(policy.encap, IPSECX_ENCAP_NONE);
	assert_int_equal(policy.local_port, 0);
}

static int parse_sa(struct line *line, struct object *sw, const char *words)
{
	memset(sw, 0, sizeof(*sw));
	return sa_words_add(line_init(line, words), sw);
}

#define SA "dev ipsec0 policy 7 dir out spi 0x1000 encr aes-gcm-16 "

static void sa_add(void **state)
{
	struct object sw;
	struct line line;

	assert_int_equal(parse_sa(&line, &sw,
				  SA "key " KEY20 " esn replay-window 64 act"),
			 CLI_OK);
	assert_int_equal(sw.sa.policy, 7);
	assert_int_equal(sw.sa.direction, IPSECX_DIRECTION_OUT);
	assert_int_equal(sw.sa.spi, 0x1000);
	assert_int_equal(sw.sa.encr, 20);
	assert_int_equal(sw.sa.encr_key_len, 20);
	assert_int_equal(sw.sa.encr_key[19], 0x13);
	assert_true(sw.sa.esn);
	assert_int_equal(sw.sa.replay_window, 64);
	assert_true(sw.sa.activate);
}

#define AH_SA "dev ipsec0 policy 7 dir in spi 0x1000 "

static void sa_add_ah(void **state)
{
	struct object obj;
	struct line line;

	assert_int_equal(parse_sa(&line, &obj,
				  AH_SA "proto ah integ hmac-sha1-96 "
					"integ-key " KEY20),
			 CLI_OK);
	assert_int_equal(obj.sa.protocol, IPSECX_PROTOCOL_AH);
	assert_int_equal(obj.sa.encr, 0);
	assert_int_equal(obj.sa.integ, IPSECX_INTEG_HMAC_SHA1_96);
}

/* Null has no key, but needs an integrity. */
static void sa_add_integ(void **state)
{
	struct object sw;
	struct line line;

	assert_int_equal(parse_sa(&line, &sw,
				  "dev ipsec0 policy 7 dir in spi 0x1000 "
				  "encr null integ hmac-sha1-96 integ-key " KEY20),
			 CLI_OK);
	assert_int_equal(sw.sa.encr, IPSECX_ENCR_NULL);
	assert_int_equal(sw.sa.encr_key_len, 0);
	assert_int_equal(sw.sa.integ, IPSECX_INTEG_HMAC_SHA1_96);
	assert_int_equal(sw.sa.integ_key_len, 20);
	assert_int_equal(sw.sa.integ_key[19], 0x13);
}

static void sa_key_is_wiped_from_argv(void **state)
{
	struct object sw;
	struct line line;
	size_t i;

	assert_int_equal(parse_sa(&line, &sw, SA "key " KEY20), CLI_OK);
	for (i = 0; i < sizeof(line.text); i++)
		assert_true(memcmp(line.text + i, "0102", 4) ||
			    i > sizeof(line.text) - 4);
	key_wipe(&sw.key);
	for (i = 0; i < sizeof(sw.key.bytes); i++)
		assert_int_equal(sw.key.bytes[i], 0);
}

static void assert_sa_refused(const char *words, const char *part)
{
	struct object sw;
	struct line line;

	assert_int_equal(parse_sa(&line, &sw, words), CLI_USAGE);
	assert_error(&line.cli, part);
	/* No explanation repeats a key. */
	assert_null(strstr(line.cli.error, "0102"));
}

static void sa_add_refused(void **state)
{
	assert_sa_refused(SA, "'key' or 'key-file' is missing");
	assert_sa_refused(SA "key", "the key, or -");
	assert_sa_refused(SA "key 0x010", "even number");
	assert_sa_refused(SA "key 0x", "even number");
	assert_sa_refused(SA "key 0x01020304xy", "even number");
	assert_sa_refused(SA "key " KEY20 KEY20, "even number");
	assert_sa_refused(SA "key " KEY20 " key-file /dev/null", "one key");
	assert_sa_refused(SA "key " KEY20 " 01020304", "unknown word '...'");
	assert_sa_refused("spi 255", "from 256 to 4294967295");
	assert_sa_refused("spi 0x1000x", "from 256");
	assert_sa_refused("encr rot13", "see ipsecx caps");
	assert_sa_refused("integ rot13", "see ipsecx caps");
	assert_sa_refused(SA "key " KEY20 " integ hmac-sha1-96",
			  "'integ-key' or 'integ-key-file' is missing");
	assert_sa_refused(SA "key " KEY20 " integ-key " KEY20,
			  "'integ' is missing");
	assert_sa_refused(SA "key " KEY20 " integ-key " KEY20
			     " integ-key-file /dev/null",
			  "one key");
	assert_sa_refused("dir up", "expected in or out");
	assert_sa_refused(AH_SA, "'encr' is missing");
	assert_sa_refused(AH_SA "proto tcp", "expected esp or ah");
	assert_sa_refused(AH_SA "proto ah", "'integ' is missing");
	assert_sa_refused(AH_SA "proto ah integ hmac-sha1-96",
			  "'integ-key' or 'integ-key-file' is missing");
	assert_sa_refused(SA "key " KEY20 " proto ah", "AH has no 'encr'");
	assert_sa_refused(AH_SA "proto ah key " KEY20, "AH has no 'encr'");
}

static void sa_key_from_file(void **state)
{
	char name[] = "/tmp/ipsecx_key_XXXXXX", words[256];
	struct object sw;
	struct line line;
	int fd = mkstemp(name);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, " " KEY20 "\n", sizeof(KEY20) + 1),
			 sizeof(KEY20) + 1);
	close(fd);
	snprintf(words, sizeof(words), SA "key-file %s", name);
	assert_int_equal(parse_sa(&line, &sw, words), CLI_OK);
	assert_int_equal(sw.sa.encr_key_len, 20);
	unlink(name);
	assert_int_equal(parse_sa(&line, &sw, words), CLI_FAILED);
	assert_error(&line.cli, "cannot open");
	assert_int_equal(parse_sa(&line, &sw, SA "key-file /dev/zero"),
			 CLI_USAGE);
}

static void sa_key_from_stdin(void **state)
{
	int ends[2], old = dup(STDIN_FILENO);
	struct object sw;
	struct line line;

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], KEY20, strlen(KEY20)), strlen(KEY20));
	close(ends[1]);
	dup2(ends[0], STDIN_FILENO);
	close(ends[0]);
	assert_int_equal(parse_sa(&line, &sw, SA "key - esn"), CLI_OK);
	assert_int_equal(sw.sa.encr_key_len, 20);
	assert_true(sw.sa.esn);
	dup2(old, STDIN_FILENO);
	close(old);
}

static void options_anywhere(void **state)
{
	struct line line;
	struct cli *cli = line_init(&line, "ipsecx -s sa --json show -t 5 key -");

	assert_int_equal(cli_options(cli), CLI_OK);
	assert_true(cli->json);
	assert_true(cli->stats);
	assert_int_equal(cli->timeout, 5);
	assert_int_equal(cli->argc, 4);
	assert_string_equal(cli->argv[0], "sa");
	assert_string_equal(cli->argv[3], "-");
	cli = line_init(&line, "ipsecx show -x");
	assert_int_equal(cli_options(cli), CLI_USAGE);
	assert_error(cli, "unknown option '-x'");
	cli = line_init(&line, "ipsecx up a -t");
	assert_int_equal(cli_options(cli), CLI_USAGE);
	cli = line_init(&line, "ipsecx up a -t 0");
	assert_int_equal(cli_options(cli), CLI_USAGE);
}

static void commands(void **state)
{
	struct line line;

	assert_int_equal(cli_run(line_init(&line, "s")), CLI_USAGE);
	assert_error(&line.cli, "show, sa, spi, socket or status");
	assert_int_equal(cli_run(line_init(&line, "pol de")), CLI_USAGE);
	assert_error(&line.cli, "'dev' is missing");
	assert_int_equal(cli_run(line_init(&line, "wrong")), CLI_USAGE);
	assert_error(&line.cli, "expected show, link, policy, sa,");
	assert_int_equal(cli_run(line_init(&line, "show a b")), CLI_USAGE);
	assert_error(&line.cli, "not 'b'");
	assert_int_equal(cli_run(line_init(&line, "up")), CLI_USAGE);
	assert_int_equal(
		cli_run(line_init(&line, "policy del id 1 dev no-such-dev")),
		CLI_FAILED);
	assert_error(&line.cli, "ip link add");
}

/* What becomes a word by itself is in the help, too. */
static void assert_helped(const char *command, uint8_t cmd, uint64_t others)
{
	const struct ipsecx_op *op = &ipsecx_ops[cmd];
	const struct ipsecx_field *f;
	char *help = NULL;
	size_t len;
	FILE *out = open_memstream(&help, &len);

	help_print(out, command);
	fclose(out);
	for (f = op->attrs->field; f < op->attrs->field + op->attrs->n; f++)
		if ((op->takes & ~others) >> f->attr & 1 &&
		    !strstr(help, f->name))
			fail_msg("'ipsecx help %s' does not know %s", command,
				 f->name);
	free(help);
}

static void help_has_all_words(void **state)
{
	const uint64_t dev = IPSECX_HAS(SA_IFINDEX);
	const uint64_t policy = dev | IPSECX_HAS(POLICY_LOCAL_PORT) |
				IPSECX_HAS(POLICY_REMOTE_PORT) |
				IPSECX_HAS(POLICY_SELECTOR);

	assert_helped("policy", IPSECX_CMD_POLICY_NEW, policy);
	assert_helped("policy", IPSECX_CMD_POLICY_SET, policy);
	assert_helped("sa", IPSECX_CMD_SA_NEW,
		      dev | IPSECX_HAS(SA_DIRECTION) |
			      IPSECX_HAS(SA_ENCR_KEY) |
			      IPSECX_HAS(SA_PROTOCOL));
	assert_helped("sa", IPSECX_CMD_SA_SET, dev);
	assert_helped("spi", IPSECX_CMD_SPI_ALLOC, dev);
}

/* Those words need no row in a table: they are the contract's. */
static void words_of_the_contract(void **state)
{
	struct object sw;
	struct line line;

	assert_int_equal(parse_sa(&line, &sw,
				  SA "key " KEY20 " byte-hard 0x100000000 "
				     "time-soft 7 idle 0"),
			 CLI_OK);
	assert_int_equal(sw.sa.byte_hard, 0x100000000);
	assert_int_equal(sw.sa.time_soft, 7);
	assert_true(sw.sa.has & IPSECX_HAS(SA_IDLE));
	assert_sa_refused("time-hard -1", "from 0 to 4294967295");
	assert_sa_refused("replay-window 8193", "from 0 to 8192");
}

static void amounts(void **state)
{
	assert_string_equal(text_bytes(0), "0 B");
	assert_string_equal(text_bytes(1023), "1023 B");
	assert_string_equal(text_bytes(1024), "1.00 KiB");
	assert_string_equal(text_bytes(1048575), "1.00 MiB");
	assert_string_equal(text_bytes(UINT64_MAX), "16.00 EiB");
	assert_string_equal(text_seconds(59), "59s");
	assert_string_equal(text_seconds(61), "1m 1s");
	assert_string_equal(text_seconds(7260), "2h 1m");
	assert_string_equal(text_seconds(UINT32_MAX), "49710d 6h");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ranges),
		cmocka_unit_test(ranges_refused),
		cmocka_unit_test(ports),
		cmocka_unit_test(protocols),
		cmocka_unit_test(policy_add),
		cmocka_unit_test(policy_add_any),
		cmocka_unit_test(policy_types),
		cmocka_unit_test(policy_habits),
		cmocka_unit_test(policy_add_refused),
		cmocka_unit_test(policy_add_too_many_selectors),
		cmocka_unit_test(policy_set),
		cmocka_unit_test(policy_set_keeps_the_rest),
		cmocka_unit_test(sa_add),
		cmocka_unit_test(sa_add_integ),
		cmocka_unit_test(sa_add_ah),
		cmocka_unit_test(sa_key_is_wiped_from_argv),
		cmocka_unit_test(sa_add_refused),
		cmocka_unit_test(sa_key_from_file),
		cmocka_unit_test(sa_key_from_stdin),
		cmocka_unit_test(options_anywhere),
		cmocka_unit_test(commands),
		cmocka_unit_test(help_has_all_words),
		cmocka_unit_test(words_of_the_contract),
		cmocka_unit_test(amounts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
