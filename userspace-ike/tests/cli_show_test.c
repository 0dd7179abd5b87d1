// SPDX-License-Identifier: MIT
/* What the command prints of what the kernel, made of bytes, says. */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <jansson.h>
#include <linux/genetlink.h>

#include "cli_fake.h"
#include "../cli/cli.h"
#include "../cli/monitor.h"
#include "../cli/text.h"

/* No such device: it is shown by its number, on every machine. */
#define IFINDEX 2000000000

static void put_family(void)
{
	struct bytes payload = { 0 };
	uint8_t head[4] = { CTRL_CMD_NEWFAMILY, 2, 0, 0 };

	put(&payload, head, sizeof(head));
	put_u16(&payload, CTRL_ATTR_FAMILY_ID, FAKE_FAMILY);
	put_message(fake_datagram(), GENL_ID_CTRL, 0, payload.b, payload.n);
	put_ack(fake_datagram(), 0, NULL);
}

static void put_device(void)
{
	struct bytes attrs = { 0 }, drop = { 0 };

	put_u32(&drop, IPSECX_A_DROP_REASON, IPSECX_DROP_REASON_NO_SA);
	put_u32(&drop, IPSECX_A_DROP_PACKETS, 2);
	put_u32(&attrs, IPSECX_A_DEVICE_IFINDEX, IFINDEX);
	put_attr(&attrs, IPSECX_A_DEVICE_IFNAME, "ipsec0", 7);
	put_u32(&attrs, IPSECX_A_DEVICE_POLICIES, 1);
	put_u32(&attrs, IPSECX_A_DEVICE_SAS, 1);
	put_u32(&attrs, IPSECX_A_DEVICE_FWMARK, 7);
	put_u8(&attrs, IPSECX_A_DEVICE_TTL, 64);
	put_u8(&attrs, IPSECX_A_DEVICE_DSCP, 0);
	put_u8(&attrs, IPSECX_A_DEVICE_DF, IPSECX_DF_COPY);
	put_u32(&attrs, IPSECX_A_DEVICE_RX_BYTES, 2048);
	put_nest(&attrs, IPSECX_A_DEVICE_DROP, &drop);
	put_command(fake_datagram(), NLM_F_MULTI, IPSECX_CMD_DEVICE_GET,
		    &attrs);
	put_done(fake_datagram(), 0);
}

static void put_policy(struct bytes *to)
{
	struct bytes attrs = { 0 }, sel = { 0 };

	put_attr(&sel, IPSECX_A_SELECTOR_LOCAL_START, "\x0a\0\0\0", 4);
	put_attr(&sel, IPSECX_A_SELECTOR_LOCAL_END, "\x0a\0\0\xff", 4);
	put_u32(&attrs, IPSECX_A_POLICY_IFINDEX, IFINDEX);
	put_u32(&attrs, IPSECX_A_POLICY_ID, 1);
	put_u32(&attrs, IPSECX_A_POLICY_MODE, IPSECX_MODE_TUNNEL);
	put_attr(&attrs, IPSECX_A_POLICY_LOCAL, "\xc0\0\2\1", 4);
	put_attr(&attrs, IPSECX_A_POLICY_REMOTE, "\xc0\0\2\2", 4);
	put_u32(&attrs, IPSECX_A_POLICY_ENCAP, IPSECX_ENCAP_UDP);
	put_u16(&attrs, IPSECX_A_POLICY_LOCAL_PORT, 4500);
	put_u16(&attrs, IPSECX_A_POLICY_REMOTE_PORT, 4501);
	put_nest(&attrs, IPSECX_A_POLICY_SELECTOR, &sel);
	put_u32(&attrs, IPSECX_A_POLICY_SA, 2);
	put_u32(&attrs, IPSECX_A_POLICY_MTU, 1438);
	put_command(to, NLM_F_MULTI, IPSECX_CMD_POLICY_GET, &attrs);
}

static void put_sa(struct bytes *to)
{
	struct bytes attrs = { 0 };

	put_u32(&attrs, IPSECX_A_SA_IFINDEX, IFINDEX);
	put_u32(&attrs, IPSECX_A_SA_ID, 2);
	put_u32(&attrs, IPSECX_A_SA_POLICY, 1);
	put_u32(&attrs, IPSECX_A_SA_DIRECTION, IPSECX_DIRECTION_OUT);
	put_u32(&attrs, IPSECX_A_SA_SPI, htonl(0x1000));
	put_u16(&attrs, IPSECX_A_SA_ENCR, IPSECX_ENCR_AES_GCM_16);
	/* A kernel that tells keys is not helped in doing so. */
	put_attr(&attrs, IPSECX_A_SA_ENCR_KEY, "secretsecretsecrets!", 20);
	put_attr(&attrs, IPSECX_A_SA_ESN, "", 0);
	put_attr(&attrs, IPSECX_A_SA_CURRENT, "", 0);
	put_u64(&attrs, IPSECX_A_SA_SEQUENCE, 10);
	put_u64(&attrs, IPSECX_A_SA_PACKETS, 10);
	put_u64(&attrs, IPSECX_A_SA_BYTES, 840);
	put_u32(&attrs, IPSECX_A_SA_AGE, 303);
	put_u32(&attrs, IPSECX_A_SA_LAST_USED, 3);
	put_attr(&attrs, IPSECX_A_SA_DRIVER, "gcm\x1b[2J", 8);
	put_command(to, NLM_F_MULTI, IPSECX_CMD_SA_GET, &attrs);
}

static char *output;
static size_t output_len;

static int run(struct cli *cli, char **words, int n)
{
	int rc;

	free(output);
	output = NULL;
	cli->argv = words;
	cli->argc = n;
	cli->out = open_memstream(&output, &output_len);
	rc = cli_run(cli);
	fclose(cli->out);
	return rc;
}

/* fake.answer has room for one of each in a datagram with its end. */
static void put_all(void)
{
	struct bytes *datagram;

	fake_reset();
	put_family();
	put_device();
	datagram = fake_datagram();
	put_policy(datagram);
	put_done(datagram, 0);
	datagram = fake_datagram();
	put_sa(datagram);
	put_done(datagram, 0);
}

static void show_text(void **state)
{
	char *words[] = { "show" };
	struct cli cli = { .stats = true };

	put_all();
	assert_int_equal(run(&cli, words, 1), CLI_OK);
	assert_string_equal(
		output,
		"ipsec0: 1 policy, 1 SA\n"
		"  received 0 packets, 2.00 KiB; sent 0 packets, 0 B\n"
		"  outside: fwmark 0x7 ttl 64 dscp 0 df copy\n"
		"  dropped: no-sa 2\n"
		"\n"
		"  policy 1: tunnel 192.0.2.1 -> 192.0.2.2, udp 4500 -> 4501, mtu 1438\n"
		"    selector 10.0.0.0/24 any\n"
		"    sa 2: out spi 0x00001000 aes-gcm-16 esn, current, 5m 3s old\n"
		"      10 packets, 840 B, last used 3s ago\n"
		"      sequence 10, driver gcm?[2J\n");
}

static void assert_member(const json_t *obj, const char *key, const char *want)
{
	const json_t *value = json_object_get(obj, key);
	char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);

	assert_non_null(text);
	assert_string_equal(text, want);
	free(text);
}

static void show_json(void **state)
{
	char *words[] = { "show" };
	struct cli cli = { .json = true };
	json_t *all, *dev, *policy, *sa;

	put_all();
	assert_int_equal(run(&cli, words, 1), CLI_OK);
	assert_null(strstr(output, "secret"));
	assert_null(strstr(output, "73656372"));
	all = json_loads(output, 0, NULL);
	dev = json_array_get(all, 0);
	policy = json_array_get(json_object_get(dev, "policy"), 0);
	sa = json_array_get(json_object_get(dev, "sa"), 0);
	assert_member(dev, "ifname", "\"ipsec0\"");
	assert_member(dev, "rx-bytes", "2048");
	assert_member(dev, "drop", "[{\"reason\":\"no-sa\",\"packets\":2}]");
	assert_member(policy, "mode", "\"tunnel\"");
	assert_member(policy, "local", "\"192.0.2.1\"");
	assert_member(policy, "remote-port", "4501");
	assert_member(policy, "selector",
		      "[{\"local-start\":\"10.0.0.0\","
		      "\"local-end\":\"10.0.0.255\"}]");
	assert_null(json_object_get(policy, "priority"));
	assert_member(sa, "spi", "\"0x00001000\"");
	assert_member(sa, "esn", "true");
	assert_member(sa, "encr", "\"aes-gcm-16\"");
	assert_member(sa, "last-used", "3");
	assert_null(json_object_get(sa, "replay-window"));
	json_decref(all);
}

static void sa_show_filters(void **state)
{
	char *words[] = { "sa", "show", "id", "3" };
	struct cli cli = { .json = true };
	struct bytes *datagram;

	fake_reset();
	put_family();
	datagram = fake_datagram();
	put_sa(datagram);
	put_done(datagram, 0);
	assert_int_equal(run(&cli, words, 4), CLI_OK);
	assert_string_equal(output, "[]\n");
}

static void refusal_is_told(void **state)
{
	char *words[] = { "show" };
	struct cli cli = { 0 };

	fake_reset();
	put_family();
	put_ack(fake_datagram(), -EPERM, "not in this namespace");
	assert_int_equal(run(&cli, words, 1), CLI_FAILED);
	assert_string_equal(cli.error, "not in this namespace");
	assert_string_equal(output, "");
}

static void unknown_numbers_are_shown(void **state)
{
	assert_string_equal(text_name(&ipsecx_drop_reason_names, 4000), "4000");
	assert_string_equal(text_name(&ipsecx_encr_names, 17), "17");
	assert_string_equal(text_name(&ipsecx_encr_names, 20),
			    "aes-gcm-16");
}

static void monitor_lines(void **state)
{
	const struct ipsecx_acquire acquire = {
		.has = IPSECX_HAS(ACQUIRE_LOCAL_PORT),
		.ifindex = IFINDEX,
		.policy = 3,
		.local = { 4, { 10, 0, 0, 1 } },
		.remote = { 4, { 10, 0, 0, 2 } },
		.protocol = 6,
		.local_port = 1,
		.remote_port = 80,
	};
	const struct ipsecx_sa sa = {
		.has = IPSECX_HAS(SA_REASON),
		.ifindex = IFINDEX,
		.policy = 3,
		.id = 4,
	};
	struct cli cli = { 0 };

	free(output);
	cli.out = open_memstream(&output, &output_len);
	monitor_print(IPSECX_CMD_ACQUIRE_NTF, &acquire, &cli);
	monitor_print(IPSECX_CMD_SA_DEL_NTF, &sa, &cli);
	cli.json = true;
	monitor_print(0, NULL, &cli);
	fclose(cli.out);
	assert_string_equal(
		output,
		"acquire if2000000000 policy 3 for 10.0.0.1 -> 10.0.0.2 proto tcp ports 1 -> 80\n"
		"sa-del if2000000000 sa 4 policy 3 in spi 0x00000000 by user\n"
		"{\"event\":\"overrun\"}\n");
}

static int free_output(void **state)
{
	free(output);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(show_text),
		cmocka_unit_test(show_json),
		cmocka_unit_test(sa_show_filters),
		cmocka_unit_test(refusal_is_told),
		cmocka_unit_test(unknown_numbers_are_shown),
		cmocka_unit_test(monitor_lines),
	};

	return cmocka_run_group_tests(tests, NULL, free_output);
}
