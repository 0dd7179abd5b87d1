// SPDX-License-Identifier: MIT
/* The configuration file: every mistake gets a line that says the cure. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "../daemon/config.h"

#define HEAD "connection c {\nremote = 192.0.2.2\npsk = \"secret\"\n"
#define CHILD                                                        \
	"child k {\ndevice = ipsec0\nlocal_ts = {\"10.1.0.0/16\"}\n" \
	"remote_ts = {\"10.2.0.0/16\"}\n"
#define IN_CONN(text)  HEAD text "\n" CHILD "}\n}\n"
#define IN_CHILD(text) HEAD CHILD text "\n}\n}\n"

static int read_text(const char *text, struct config **config, char *error)
{
	FILE *file = fmemopen((void *)text, strlen(text), "r");
	int err;

	assert_non_null(file);
	*config = NULL;
	err = config_read(file, "f", config, error);
	fclose(file);
	return err;
}

/* each: a file, and how its error begins */
static const struct {
	const char *text;
	const char *error;
} mistakes[] = {
	{ "prot = 500\n", "f:1: unknown key \"prot\", did you mean \"port\"?" },
	{ "zzz = 1\n", "f:1: unknown key \"zzz\", see ipsecx.conf(5)" },
	{ "port = 0\n",
	  "f:1: port = \"0\" is wrong, it must be a number from 1 to 65535" },
	{ "natt_port = x\n", "f:1: natt_port = \"x\" is wrong, it must be" },
	{ "fwmark = -1\n", "f:1: fwmark = \"-1\" is wrong" },
	{ "\n\nport = 4500\n", "f:4: port and natt_port are the same, two" },
	{ "listen = {\"192.0.2.1\",\n\"here\"}\n",
	  "f:2: listen = \"here\" is wrong, it must be an IPv4 or IPv6" },
	{ "port\n", "f:2: " },
	{ "}\n", "f:1: unexpected closing brace, there is a \"}\" too many" },
	{ "connection {\n}\n",
	  "f:1: missing title for section 'connection', \"connection office" },
	{ "connection c {\n", "f:2: the file ends in the middle" },
	{ "connection \"a b\" {\n}\n", "f:2: the name of a section is" },
	{ "connection c {\n}\n",
	  "f:2: the connection has no remote, remote = 192.0.2.2, or" },
	{ "connection c {\nremote = any\n}\n",
	  "f:3: remote = any without remote_id, remote_id = " },
	{ "connection c {\nremote = 192.0.2.2\n}\n",
	  "f:3: the connection has no psk, psk_file = " },
	{ HEAD "}\n", "f:4: the connection has no child, a section \"child" },
	{ IN_CONN("local = ::1"), "f:10: local is IPv4 and remote is IPv6" },
	{ IN_CONN("local = 192.0.2.300"),
	  "f:4: local = \"192.0.2.300\" is wrong, it must be" },
	{ IN_CONN("encap = maybe"),
	  "f:4: encap = \"maybe\" is wrong, it must be yes, or auto" },
	{ IN_CONN("dpd = soon"), "f:4: dpd = \"soon\" is wrong, it must be" },
	{ IN_CONN("dpd_delay = 3"), "f:4: unknown key \"dpd_delay\", see" },
	{ IN_CONN("remoteid = b"),
	  "f:4: unknown key \"remoteid\", did you mean \"remote_id\"?" },
	{ IN_CONN("psk = again"), "f:4: a second psk for one connection, it" },
	{ IN_CONN("psk_file = \"/nonexistent/psk\""),
	  "f:4: cannot read /nonexistent/psk: No such file or directory, " },
	{ IN_CONN("ike = {\"aes256gcm16-prfsha256-x25518\"}"), "f:4: " },
	{ IN_CONN("local_id = \"keyid:#0\""), "f:4: " },
	{ IN_CONN("ike = \"aes256gcm16\n"), "f:" },
	{ HEAD "child k {\n}\n}\n",
	  "f:5: the child has no device, device = ipsec0 would be right" },
	{ HEAD "child k {\ndevice = ipsec0\n}\n}\n",
	  "f:6: the child has no local_ts, local_ts = " },
	{ HEAD
	  "child k {\ndevice = ipsec0\nlocal_ts = {\"10.1.0.0/16\"}\n}\n}\n",
	  "f:7: the child has no remote_ts, remote_ts = " },
	{ IN_CHILD("device = \"much-too-long-a-name\""),
	  "f:8: device = \"much-too-long-a-name\" is wrong, it must be an" },
	{ IN_CHILD("mode = beet"),
	  "f:8: mode = \"beet\" is wrong, it must be tunnel or transport" },
	{ IN_CHILD("start = true"),
	  "f:8: start = \"true\" is wrong, it must be yes or no" },
	{ IN_CHILD("mtu = 10"), "f:8: mtu = \"10\" is wrong, it must be a" },
	{ IN_CHILD("replay_window = 9000"), "f:8: replay_window = \"9000\"" },
	{ IN_CHILD("remote_ts = {\"10.0.0.0/33\"}"), "f:8: " },
	{ IN_CHILD("esp = {\"aes255gcm16\"}"), "f:8: " },
	{ IN_CHILD("esp = {\"aes256gcm16-noesn\"}\nesn = yes"),
	  "f:10: esn contradicts a proposal in esp, one of the two must go" },
	{ IN_CHILD("remote_ts = {\"0.0.0.0/0\"}"),
	  "f:10: child \"k\" would route the peer's own address into its" },
	{ HEAD "child k { device = ipsec0 mode = transport }\n}\n",
	  "f:5: child \"k\" would route the peer's own address into its" },
	{ IN_CHILD("} child k {\n"), "f:8: found duplicate title 'k', every" },
	{ "connection c {\nremote = 192.0.2.1\nlocal_id = \"*.example\"\n"
	  "psk = \"s\"\n}\n",
	  "f:5: local_id stands for more than one, local_id = " },
	{ "connection c { remote = any\nremote_id = x\npsk = \"s\"\n" CHILD
	  "start = yes } }\n",
	  "f:8: child \"k\" has start = yes, but nobody to call, remote must" },
};

static void test_mistakes(void **state)
{
	char error[CONFIG_ERROR_MAX];
	struct config *config;
	size_t i;

	for (i = 0; i < sizeof(mistakes) / sizeof(*mistakes); i++) {
		int err = read_text(mistakes[i].text, &config, error);

		if (!err || strncmp(error, mistakes[i].error,
				    strlen(mistakes[i].error)))
			fail_msg("case %zu: \"%s\", not \"%s...\"", i,
				 err ? error : "no error", mistakes[i].error);
		/* what would be right comes after what is wrong */
		assert_non_null(strstr(error, ", "));
		assert_null(config);
	}
}

static const char office[] =
	"natt_port = 4501 fwmark = 0x10\n"
	"listen = {\"192.0.2.1\", \"2001:db8::1\"}\n"
	"connection office {\n"
	"	local = 192.0.2.1            # optional: any\n"
	"	remote = 192.0.2.2\n"
	"	local_id = \"a.example\"\n"
	"	remote_id = \"b.example\"\n"
	"	psk = \"correct horse battery staple\"\n"
	"	ike = {\"aes256gcm16-prfsha256-x25519\"}\n"
	"	child lan { device = ipsec0  local_ts = {\"10.1.0.0/16\"}\n"
	"		remote_ts = {\"10.2.0.0/16\", \"10.3.0.0/16\"}\n"
	"		mode = tunnel  esn = no start = yes }\n"
	"	child host { device = ipsec1 mode = transport link = eth0 }\n"
	"}\n";

static void test_office(void **state)
{
	char error[CONFIG_ERROR_MAX];
	const struct config_conn *conn;
	const struct config_child *child;
	struct config *config;

	assert_int_equal(read_text(office, &config, error), 0);
	assert_int_equal(config->n_conns, 1);
	assert_int_equal(config->net.port, 500);
	assert_int_equal(config->net.natt_port, 4501);
	assert_int_equal(config->net.fwmark, 16);
	assert_int_equal(config->net.n_listen, 2);
	conn = config_conn_find(config, "office");
	assert_non_null(conn);
	assert_int_equal(conn->ike.psk_len, 28);
	assert_memory_equal(conn->ike.psk, "correct horse battery staple", 28);
	assert_int_equal(conn->ike.local_id.type, IKE_ID_FQDN);
	assert_int_equal(conn->ike.ike.n, 1);
	child = config_child_find(conn, "lan");
	assert_non_null(child);
	assert_true(child->ike.start && child->routes && !child->ike.transport);
	assert_int_equal(child->ike.remote_ts.n, 2);
	assert_string_equal(child->device, "ipsec0");
	child = config_child_find(conn, "host");
	assert_true(child && child->ike.transport && !child->ike.remote_ts.n);
	assert_null(config_child_find(conn, "other"));
	assert_null(config_conn_find(config, "home"));
	config_free(config);
}

/* esn = no: the transform for 64 bit sequence numbers is offered no more */
static void test_esn(void **state)
{
	char error[CONFIG_ERROR_MAX];
	const struct config_child *child;
	struct config *config;
	unsigned int i, j;

	assert_int_equal(read_text(office, &config, error), 0);
	child = config_child_find(config_conn_find(config, "office"), "lan");
	assert_true(child->ike.esp.n > 0);
	for (i = 0; i < child->ike.esp.n; i++)
		for (j = 0; j < child->ike.esp.p[i].n; j++)
			assert_false(child->ike.esp.p[i].tf[j].type == IKE_TF_ESN &&
				     child->ike.esp.p[i].tf[j].id);
	config_free(config);
}

static void test_hex(void **state)
{
	char error[CONFIG_ERROR_MAX];
	struct config *config;

	assert_int_equal(
		read_text("connection c { remote = ::1 psk = 0x00fF\n" CHILD
			  "} }",
			  &config, error),
		0);
	assert_int_equal(STAILQ_FIRST(&config->conns)->ike.psk_len, 2);
	assert_memory_equal(STAILQ_FIRST(&config->conns)->ike.psk, "\0\xff", 2);
	config_free(config);
	assert_int_not_equal(
		read_text("connection c { psk = 0x0g }", &config, error), 0);
	/* the secret is not in the error */
	assert_null(strstr(error, "0g"));
}

static void write_file(const char *path, const char *text, mode_t mode)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	assert_int_equal(chmod(path, mode), 0);
}

static void test_permissions(void **state)
{
	char dir[] = "/tmp/config_test.XXXXXX";
	char path[64], secret[64], text[512], error[CONFIG_ERROR_MAX];
	struct config *config = NULL;

	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/conf", dir);
	snprintf(secret, sizeof(secret), "%s/psk", dir);
	write_file(path, office, 0640);
	assert_int_equal(config_load(path, &config, error), -EACCES);
	assert_non_null(strstr(error, "conf:1: others may read this file"));
	write_file(path, office, 0600);
	assert_int_equal(config_load(path, &config, error), 0);
	config_free(config);
	/* with the psk elsewhere anybody may read it, but not the other */
	snprintf(text, sizeof(text),
		 "connection c { remote = ::1\npsk_file = "
		 "\"%s\"\n" CHILD "} }\n",
		 secret);
	write_file(path, text, 0644);
	write_file(secret, "secret\nnot this\n", 0644);
	assert_int_equal(config_load(path, &config, error), -EINVAL);
	assert_non_null(strstr(error, "conf:2: others may read the secret"));
	write_file(secret, "secret\nnot this\n", 0600);
	assert_int_equal(config_load(path, &config, error), 0);
	assert_int_equal(STAILQ_FIRST(&config->conns)->ike.psk_len, 6);
	config_free(config);
	unlink(path);
	unlink(secret);
	assert_int_equal(config_load(path, &config, error), -ENOENT);
	assert_non_null(strstr(error, "No such file or directory, a readable"));
	rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_office),
		cmocka_unit_test(test_esn),
		cmocka_unit_test(test_hex),
		cmocka_unit_test(test_permissions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
