// SPDX-License-Identifier: MIT
/* What the daemon asks of a kernel made of bytes when it installs a Child SA. */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/eventfd.h>
#include <cmocka.h>

#include <event2/event.h>
#include <linux/genetlink.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include "cli_fake.h"
#include "../daemon/kern.h"

#define IFINDEX 5
#define POLICY 3

/* the kernel's answers wait until they are asked for: any descriptor will do */
int mnl_socket_get_fd(const struct mnl_socket *nl)
{
	static int fd = -1;

	if (fd < 0)
		fd = eventfd(0, EFD_CLOEXEC);
	return fd;
}

static void put_family(void)
{
	struct bytes attrs = { 0 }, group = { 0 }, groups = { 0 };
	struct bytes payload = { 0 }, *datagram = fake_datagram();
	uint8_t head[4] = { CTRL_CMD_NEWFAMILY, 2, 0, 0 };

	put_attr(&group, CTRL_ATTR_MCAST_GRP_NAME, "events", 7);
	put_u32(&group, CTRL_ATTR_MCAST_GRP_ID, FAKE_GROUP);
	put_nest(&groups, 1, &group);
	put_u16(&attrs, CTRL_ATTR_FAMILY_ID, FAKE_FAMILY);
	put_nest(&attrs, CTRL_ATTR_MCAST_GROUPS, &groups);
	put(&payload, head, sizeof(head));
	put(&payload, attrs.b, attrs.n);
	put_message(datagram, GENL_ID_CTRL, 0, payload.b, payload.n);
	put_ack(datagram, 0, NULL);
}

static void put_link(void)
{
	struct ifinfomsg ifi = { .ifi_index = IFINDEX, .ifi_flags = IFF_UP };
	struct bytes attrs = { 0 }, kind = { 0 }, *datagram = fake_datagram();

	put(&attrs, &ifi, sizeof(ifi));
	put_attr(&kind, IFLA_INFO_KIND, "ipsecx", 7);
	put_attr(&attrs, IFLA_IFNAME, "ipsec0", 7);
	put_nest(&attrs, IFLA_LINKINFO, &kind);
	put_message(datagram, RTM_NEWLINK, 0, attrs.b, attrs.n);
	put_ack(datagram, 0, NULL);
}

/* the id of an object that was added */
static void put_id(uint8_t cmd, uint32_t id)
{
	struct bytes attrs = { 0 }, *datagram = fake_datagram();

	put_u32(&attrs, IPSECX_A_SA_IFINDEX, IFINDEX);
	put_u32(&attrs, IPSECX_A_SA_ID, id);
	put_command(datagram, 0, cmd, &attrs);
	put_ack(datagram, 0, NULL);
}

static struct kern *kern_new(struct event_base *base)
{
	struct kern *kern = NULL;

	fake_reset();
	put_family();
	put_family();
	assert_int_equal(kern_open(&kern, base, 0, NULL, NULL), 0);
	return kern;
}

static const struct config_child child = {
	.ike.name = "lan",
	.device = "ipsec0",
	.replay_window = 64,
};

/* in transport mode, both of whose numbers that matter are zero */
static int install(struct kern *kern, struct ike_diag *diag)
{
	static const uint8_t key[20] = { 1, 2, 3 };
	struct ike_ts_list here = { .n = 1 }, there = { .n = 1 };
	struct ike_child_spec spec = {
		.id = 77,
		.peer = "b.example",
		.path.local = { 4, { 192, 0, 2, 1 } },
		.path.remote = { 4, { 192, 0, 2, 2 } },
		.transport = true,
		.activate = true,
		.encr = IPSECX_ENCR_AES_GCM_16,
		.local_ts = &here,
		.remote_ts = &there,
		.spi_in = 0x1001,
		.spi_out = 0x2001,
		.key_in = { key, sizeof(key) },
		.key_out = { key, sizeof(key) },
	};

	ike_ts_host(&here.ts[0], spec.path.local.ip, 4);
	ike_ts_host(&there.ts[0], spec.path.remote.ip, 4);
	return kern_install(kern, &spec, &child, diag);
}

/* the n-th request of a command, whole, behind its 20 bytes of headers */
static void assert_asked(uint8_t cmd, unsigned int n, const struct bytes *want)
{
	size_t i;

	for (i = 0; i < fake.n_all; i++) {
		const struct bytes *sent = &fake.all[i];

		if (sent->b[4] != FAKE_FAMILY || sent->b[16] != cmd || n--)
			continue;
		assert_int_equal(sent->n, 20 + want->n);
		assert_memory_equal(sent->b + 20, want->b, want->n);
		return;
	}
	fail_msg("command %u was not sent", cmd);
}

static void want_sa(struct bytes *want, uint32_t direction, uint32_t spi)
{
	static const uint8_t key[20] = { 1, 2, 3 };

	put_u32(want, IPSECX_A_SA_IFINDEX, IFINDEX);
	put_u32(want, IPSECX_A_SA_POLICY, POLICY);
	put_u32(want, IPSECX_A_SA_DIRECTION, direction);
	put_u32(want, IPSECX_A_SA_SPI, htonl(spi));
	put_u16(want, IPSECX_A_SA_ENCR, IPSECX_ENCR_AES_GCM_16);
	put_attr(want, IPSECX_A_SA_ENCR_KEY, key, sizeof(key));
}

static void installs(void **state)
{
	struct bytes policy = { 0 }, sel = { 0 }, in = { 0 }, out = { 0 };
	struct event_base *base = event_base_new();
	struct kern *kern = kern_new(base);
	struct ike_diag diag = { 0 };

	put_link();
	put_done(fake_datagram(), 0);
	put_id(IPSECX_CMD_POLICY_NEW, POLICY);
	put_id(IPSECX_CMD_SA_NEW, 8);
	put_id(IPSECX_CMD_SA_NEW, 9);
	assert_int_equal(install(kern, &diag), 0);
	assert_int_equal(kern_count(kern), 1);

	put_attr(&sel, IPSECX_A_SELECTOR_LOCAL_START, "\xc0\0\2\1", 4);
	put_attr(&sel, IPSECX_A_SELECTOR_LOCAL_END, "\xc0\0\2\1", 4);
	put_attr(&sel, IPSECX_A_SELECTOR_REMOTE_START, "\xc0\0\2\2", 4);
	put_attr(&sel, IPSECX_A_SELECTOR_REMOTE_END, "\xc0\0\2\2", 4);
	put_u32(&policy, IPSECX_A_POLICY_IFINDEX, IFINDEX);
	put_u32(&policy, IPSECX_A_POLICY_MODE, IPSECX_MODE_TRANSPORT);
	put_attr(&policy, IPSECX_A_POLICY_LOCAL, "\xc0\0\2\1", 4);
	put_attr(&policy, IPSECX_A_POLICY_REMOTE, "\xc0\0\2\2", 4);
	put_nest(&policy, IPSECX_A_POLICY_SELECTOR, &sel);
	assert_asked(IPSECX_CMD_POLICY_NEW, 0, &policy);
	want_sa(&in, IPSECX_DIRECTION_IN, 0x1001);
	put_u32(&in, IPSECX_A_SA_REPLAY_WINDOW, 64);
	assert_asked(IPSECX_CMD_SA_NEW, 0, &in);
	want_sa(&out, IPSECX_DIRECTION_OUT, 0x2001);
	put_attr(&out, IPSECX_A_SA_ACTIVATE, "", 0);
	assert_asked(IPSECX_CMD_SA_NEW, 1, &out);
	kern_close(kern);
	event_base_free(base);
}

/* The outbound SA is refused: the inbound one and the policy go again. */
static void takes_back(void **state)
{
	struct bytes sa = { 0 }, policy = { 0 };
	struct event_base *base = event_base_new();
	struct kern *kern = kern_new(base);
	struct ike_diag diag = { 0 };

	put_link();
	put_done(fake_datagram(), 0);
	put_id(IPSECX_CMD_POLICY_NEW, POLICY);
	put_id(IPSECX_CMD_SA_NEW, 8);
	put_ack(fake_datagram(), -EINVAL, "no such key");
	put_ack(fake_datagram(), 0, NULL);
	assert_int_equal(install(kern, &diag), -EINVAL);
	assert_non_null(strstr(diag.text, "no such key"));
	assert_int_equal(kern_count(kern), 0);
	put_u32(&sa, IPSECX_A_SA_IFINDEX, IFINDEX);
	put_u32(&sa, IPSECX_A_SA_ID, 8);
	assert_asked(IPSECX_CMD_SA_DEL, 0, &sa);
	put_u32(&policy, IPSECX_A_POLICY_IFINDEX, IFINDEX);
	put_u32(&policy, IPSECX_A_POLICY_ID, POLICY);
	assert_asked(IPSECX_CMD_POLICY_DEL, 0, &policy);
	kern_close(kern);
	event_base_free(base);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(installs),
		cmocka_unit_test(takes_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
