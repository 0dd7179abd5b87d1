// SPDX-License-Identifier: MIT
/* The netlink client against a kernel made of bytes. */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <linux/genetlink.h>

#include "cli_fake.h"

static const uint8_t local4[4] = { 192, 0, 2, 1 };
static const uint8_t remote4[4] = { 192, 0, 2, 2 };
static struct ipsecx_policy policy_1_2 = { .ifindex = 1, .id = 2 };
static struct ipsecx_sa sa_1_2 = { .ifindex = 1, .id = 2 };

/* The request must be @cmd with @attrs and nothing else. */
static void assert_sent(uint8_t cmd, uint16_t flags, const struct bytes *attrs)
{
	struct bytes want = { 0 };
	uint16_t type, got_flags;

	put_command(&want, 0, cmd, attrs);
	assert_int_equal(fake.sent.n, want.n);
	memcpy(&type, fake.sent.b + 4, 2);
	memcpy(&got_flags, fake.sent.b + 6, 2);
	assert_int_equal(type, FAKE_FAMILY);
	assert_int_equal(got_flags, NLM_F_REQUEST | flags);
	assert_memory_equal(fake.sent.b + 16, want.b + 16, want.n - 16);
}

static void answer(uint8_t cmd, const struct bytes *attrs)
{
	put_command(fake_datagram(), 0, cmd, attrs);
	put_ack(fake_datagram(), 0, NULL);
}

static void open_finds_family(void **state)
{
	struct bytes attrs = { 0 }, group = { 0 }, groups = { 0 };
	struct bytes payload = { 0 };
	uint8_t head[4] = { CTRL_CMD_NEWFAMILY, 2, 0, 0 };
	struct ipsecx_nl *nl;
	char error[64] = "";

	fake_reset();
	put_attr(&group, CTRL_ATTR_MCAST_GRP_NAME, "events", 7);
	put_u32(&group, CTRL_ATTR_MCAST_GRP_ID, 42);
	put_nest(&groups, 1, &group);
	put_u16(&attrs, CTRL_ATTR_FAMILY_ID, 0x23);
	put_nest(&attrs, CTRL_ATTR_MCAST_GROUPS, &groups);
	put(&payload, head, sizeof(head));
	put(&payload, attrs.b, attrs.n);
	put_message(fake_datagram(), GENL_ID_CTRL, 0, payload.b, payload.n);
	put_ack(fake_datagram(), 0, NULL);
	assert_int_equal(ipsecx_nl_open(&nl, error, sizeof(error)), 0);
	assert_int_equal(nl->family, 0x23);
	assert_int_equal(nl->events, 42);
	ipsecx_nl_close(nl);
}

static void open_without_module(void **state)
{
	struct ipsecx_nl *nl = (void *)1;
	char error[64] = "";

	fake_reset();
	put_ack(fake_datagram(), -ENOENT, NULL);
	assert_int_equal(ipsecx_nl_open(&nl, error, sizeof(error)), -ENOENT);
	assert_null(nl);
	assert_non_null(strstr(error, "modprobe ipsecx"));
}

static void policy_new_request(void **state)
{
	struct ipsecx_policy policy = {
		.ifindex = 5,
		.mode = IPSECX_MODE_TUNNEL,
		.local = { 4, { 192, 0, 2, 1 } },
		.remote = { 4, { 192, 0, 2, 2 } },
		.encap = IPSECX_ENCAP_UDP,
		.local_port = 4500,
		.remote_port = 4501,
		.has = IPSECX_HAS(POLICY_PRIORITY),
		.n_selector = 2,
		.selector = { { .protocol = 6,
				.remote_port_start = 80,
				.remote_port_end = 81 } },
	};
	struct bytes want = { 0 }, sel = { 0 }, any = { 0 }, got = { 0 };
	struct ipsecx_nl *nl = fake_open();

	put_u32(&got, IPSECX_A_POLICY_IFINDEX, 5);
	put_u32(&got, IPSECX_A_POLICY_ID, 77);
	answer(IPSECX_CMD_POLICY_NEW, &got);
	assert_int_equal(ipsecx_policy_new(nl, &policy), 0);
	assert_int_equal(policy.id, 77);
	assert_int_equal(policy.n_selector, 2);

	put_u8(&sel, IPSECX_A_SELECTOR_PROTOCOL, 6);
	put_u16(&sel, IPSECX_A_SELECTOR_REMOTE_PORT_START, 80);
	put_u16(&sel, IPSECX_A_SELECTOR_REMOTE_PORT_END, 81);
	put_u32(&want, IPSECX_A_POLICY_IFINDEX, 5);
	put_u32(&want, IPSECX_A_POLICY_MODE, IPSECX_MODE_TUNNEL);
	put_attr(&want, IPSECX_A_POLICY_LOCAL, local4, 4);
	put_attr(&want, IPSECX_A_POLICY_REMOTE, remote4, 4);
	put_u32(&want, IPSECX_A_POLICY_ENCAP, IPSECX_ENCAP_UDP);
	put_u16(&want, IPSECX_A_POLICY_LOCAL_PORT, 4500);
	put_u16(&want, IPSECX_A_POLICY_REMOTE_PORT, 4501);
	put_u32(&want, IPSECX_A_POLICY_PRIORITY, 0);
	put_nest(&want, IPSECX_A_POLICY_SELECTOR, &sel);
	put_nest(&want, IPSECX_A_POLICY_SELECTOR, &any);
	assert_sent(IPSECX_CMD_POLICY_NEW, NLM_F_ACK, &want);
	ipsecx_nl_close(nl);
}

static void policy_set_sends_changes_only(void **state)
{
	struct ipsecx_policy policy = {
		.ifindex = 5,
		.id = 3,
		.mode = IPSECX_MODE_TUNNEL,
		.remote = { 4, { 192, 0, 2, 2 } },
	};
	struct ipsecx_nl *nl = fake_open();
	struct bytes want = { 0 };

	put_ack(fake_datagram(), 0, NULL);
	assert_int_equal(ipsecx_policy_set(nl, &policy), 0);
	put_u32(&want, IPSECX_A_POLICY_IFINDEX, 5);
	put_u32(&want, IPSECX_A_POLICY_ID, 3);
	put_attr(&want, IPSECX_A_POLICY_REMOTE, remote4, 4);
	assert_sent(IPSECX_CMD_POLICY_SET, NLM_F_ACK, &want);
	ipsecx_nl_close(nl);
}

static void largest_policy_fits(void **state)
{
	struct ipsecx_policy policy = { .ifindex = 5, .n_selector = 64 };
	struct ipsecx_selector *sel = policy.selector;
	struct ipsecx_nl *nl = fake_open();

	for (; sel < policy.selector + 64; sel++) {
		memset(sel, 1, sizeof(*sel));
		sel->local_start.len = sel->local_end.len = 16;
		sel->remote_start.len = sel->remote_end.len = 16;
	}
	put_ack(fake_datagram(), 0, NULL);
	assert_int_equal(ipsecx_policy_set(nl, &policy), 0);
	assert_int_equal(fake.sent.n, 20 + 8 + 64 * 124);
	policy.n_selector++;
	assert_int_equal(ipsecx_policy_set(nl, &policy), -E2BIG);
	ipsecx_nl_close(nl);
}

static void sa_new_request(void **state)
{
	static const uint8_t key[20] = { 1, 2, 3, [19] = 20 };
	struct ipsecx_sa sa = {
		.ifindex = 5,
		.policy = 3,
		.direction = IPSECX_DIRECTION_OUT,
		.spi = 0x1234,
		.encr = IPSECX_ENCR_AES_GCM_16,
		.encr_key = key,
		.encr_key_len = sizeof(key),
		.esn = true,
		.activate = true,
	};
	struct bytes want = { 0 }, got = { 0 };
	struct ipsecx_nl *nl = fake_open();

	put_u32(&got, IPSECX_A_SA_ID, 8);
	answer(IPSECX_CMD_SA_NEW, &got);
	assert_int_equal(ipsecx_sa_new(nl, &sa), 0);
	assert_int_equal(sa.id, 8);

	put_u32(&want, IPSECX_A_SA_IFINDEX, 5);
	put_u32(&want, IPSECX_A_SA_POLICY, 3);
	put_u32(&want, IPSECX_A_SA_DIRECTION, IPSECX_DIRECTION_OUT);
	put_u32(&want, IPSECX_A_SA_SPI, htonl(0x1234));
	put_u16(&want, IPSECX_A_SA_ENCR, 20);
	put_attr(&want, IPSECX_A_SA_ENCR_KEY, key, sizeof(key));
	put_attr(&want, IPSECX_A_SA_ESN, "", 0);
	put_attr(&want, IPSECX_A_SA_ACTIVATE, "", 0);
	assert_sent(IPSECX_CMD_SA_NEW, NLM_F_ACK, &want);
	assert_true(fake.wiped);
	sa.encr_key_len = 65;
	assert_int_equal(ipsecx_sa_new(nl, &sa), -E2BIG);
	ipsecx_nl_close(nl);
}

static void spi_is_big_endian(void **state)
{
	struct ipsecx_nl *nl = fake_open();
	struct bytes got = { 0 }, want = { 0 };
	struct ipsecx_spi spi = { .ifindex = 5, .lowest = 0xc0000000 };

	put_u32(&got, IPSECX_A_SPI_IFINDEX, 5);
	put_attr(&got, IPSECX_A_SPI_SPI, "\xc0\x00\x00\x01", 4);
	answer(IPSECX_CMD_SPI_ALLOC, &got);
	assert_int_equal(ipsecx_spi_alloc(nl, &spi), 0);
	assert_int_equal(spi.spi, 0xc0000001);
	put_u32(&want, IPSECX_A_SPI_IFINDEX, 5);
	put_u32(&want, IPSECX_A_SPI_LOWEST, 0xc0000000);
	assert_sent(IPSECX_CMD_SPI_ALLOC, NLM_F_ACK, &want);
	ipsecx_nl_close(nl);
}

static void sa_attrs(struct bytes *attrs)
{
	struct bytes drop = { 0 };

	put_u32(&drop, IPSECX_A_DROP_REASON, IPSECX_DROP_REASON_REPLAY);
	put_u64(&drop, IPSECX_A_DROP_PACKETS, 5000000000);
	put_u32(attrs, IPSECX_A_SA_IFINDEX, 5);
	put_u32(attrs, IPSECX_A_SA_ID, 9);
	put_u32(attrs, IPSECX_A_SA_DIRECTION, IPSECX_DIRECTION_IN);
	put_u32(attrs, IPSECX_A_SA_SPI, htonl(0x1000));
	put_u16(attrs, IPSECX_A_SA_ENCR, 20);
	put_attr(attrs, IPSECX_A_SA_ESN, "", 0);
	put_u32(attrs, IPSECX_A_SA_REPLAY_WINDOW, 1024);
	put_u32(attrs, IPSECX_A_SA_PACKETS, 12);
	put_u64(attrs, IPSECX_A_SA_BYTES, 1ull << 40);
	put_nest(attrs, IPSECX_A_SA_DROP, &drop);
	put_attr(attrs, IPSECX_A_SA_DRIVER, "generic-gcm", 12);
	put_u32(attrs, 200, 1);
}

static void sa_get_answer(void **state)
{
	struct ipsecx_nl *nl = fake_open();
	struct bytes got = { 0 };
	struct ipsecx_sa sa = { .ifindex = 5, .id = 9 };

	sa_attrs(&got);
	answer(IPSECX_CMD_SA_GET, &got);
	assert_int_equal(ipsecx_sa_get(nl, &sa), 0);
	assert_int_equal(sa.id, 9);
	assert_int_equal(sa.spi, 0x1000);
	assert_true(sa.esn);
	assert_false(sa.current);
	assert_true(sa.has & IPSECX_HAS(SA_REPLAY_WINDOW));
	assert_int_equal(sa.packets, 12);
	assert_int_equal(sa.bytes, 1ull << 40);
	assert_int_equal(sa.n_drop, 1);
	assert_int_equal(sa.drop[0].reason, IPSECX_DROP_REASON_REPLAY);
	assert_int_equal(sa.drop[0].packets, 5000000000);
	assert_string_equal(sa.driver, "generic-gcm");
	assert_false(sa.has & IPSECX_HAS(SA_LAST_USED));
	assert_null(sa.encr_key);
	ipsecx_nl_close(nl);
}

static void answer_missing(void **state)
{
	struct ipsecx_nl *nl = fake_open();
	struct ipsecx_sa sa = { .ifindex = 5, .id = 9 };

	put_ack(fake_datagram(), 0, NULL);
	assert_int_equal(ipsecx_sa_get(nl, &sa), -EBADMSG);
	ipsecx_nl_close(nl);
}

static int count(const void *obj, void *data)
{
	const struct ipsecx_sa *sa = obj;
	unsigned int *n = data;

	assert_int_equal(sa->id, ++*n);
	assert_int_equal(sa->n_drop, 0);
	return *n == 99 ? 1234 : 0;
}

static void put_sas(uint32_t from, uint32_t to, uint16_t flags)
{
	struct bytes *datagram = fake_datagram(), got;

	for (; from <= to; from++) {
		got.n = 0;
		put_u32(&got, IPSECX_A_SA_ID, from);
		put_command(datagram, NLM_F_MULTI | flags, IPSECX_CMD_SA_GET,
			    &got);
	}
}

static void dump_in_pieces(void **state)
{
	struct ipsecx_nl *nl = fake_open();
	struct bytes want = { 0 };
	unsigned int n = 0;

	put_sas(1, 3, 0);
	put_sas(4, 5, 0);
	put_done(fake_datagram(), 0);
	assert_int_equal(ipsecx_dump(nl, IPSECX_CMD_SA_GET,
				     &(struct ipsecx_sa){ .ifindex = 0 },
				     count, &n), 0);
	assert_int_equal(n, 5);
	assert_sent(IPSECX_CMD_SA_GET, NLM_F_DUMP, &want);
	ipsecx_nl_close(nl);
}

static void dump_interrupted(void **state)
{
	struct ipsecx_nl *nl = fake_open();
	unsigned int n = 0;

	put_sas(1, 3, NLM_F_DUMP_INTR);
	put_done(fake_datagram(), NLM_F_DUMP_INTR);
	assert_int_equal(ipsecx_dump(nl, IPSECX_CMD_SA_GET,
				     &(struct ipsecx_sa){ .ifindex = 0 },
				     count, &n), -EINTR);
	assert_int_equal(n, 3);
	ipsecx_nl_close(nl);
}

static void dump_stopped_is_drained(void **state)
{
	struct ipsecx_nl *nl = fake_open();
	unsigned int n = 97;

	put_sas(98, 101, 0);
	put_done(fake_datagram(), 0);
	assert_int_equal(ipsecx_dump(nl, IPSECX_CMD_SA_GET,
				     &(struct ipsecx_sa){ .ifindex = 5 },
				     count, &n), 1234);
	assert_int_equal(n, 99);
	assert_int_equal(fake.next, fake.n);
	ipsecx_nl_close(nl);
}

static void refused_with_words(void **state)
{
	struct ipsecx_nl *nl = fake_open();

	put_ack(fake_datagram(), -EINVAL, "no such thing");
	assert_int_equal(ipsecx_sa_del(nl, &sa_1_2), -EINVAL);
	assert_string_equal(ipsecx_nl_error(nl), "no such thing");
	put_ack(fake_datagram(), 0, NULL);
	assert_int_equal(ipsecx_sa_del(nl, &sa_1_2), 0);
	assert_string_equal(ipsecx_nl_error(nl), "");
	put_ack(fake_datagram(), -EPERM, NULL);
	assert_int_equal(ipsecx_sa_del(nl, &sa_1_2), -EPERM);
	assert_non_null(strstr(ipsecx_nl_error(nl), "CAP_NET_ADMIN"));
	ipsecx_nl_close(nl);
}

/* Without NETLINK_CAP_ACK the whole request comes back before the words. */
static void refused_with_echo(void **state)
{
	uint32_t body[7] = { (uint32_t)-ENOENT, 24, 0, 0, 0, 0xabab, 0xcdcd };
	struct ipsecx_nl *nl = fake_open();
	struct bytes payload = { 0 };

	put(&payload, body, sizeof(body));
	put_attr(&payload, NLMSGERR_ATTR_MSG, "gone", 5);
	put_message(fake_datagram(), NLMSG_ERROR, NLM_F_ACK_TLVS, payload.b,
		    payload.n);
	assert_int_equal(ipsecx_policy_del(nl, &policy_1_2), -ENOENT);
	assert_string_equal(ipsecx_nl_error(nl), "gone");
	ipsecx_nl_close(nl);
}

static void refused_attribute_missing(void **state)
{
	uint32_t body[5] = { (uint32_t)-EINVAL, 16 };
	struct ipsecx_nl *nl = fake_open();
	struct bytes payload = { 0 };

	put(&payload, body, sizeof(body));
	put_u32(&payload, NLMSGERR_ATTR_MISS_TYPE, IPSECX_A_POLICY_LOCAL);
	put_message(fake_datagram(), NLMSG_ERROR, NLM_F_ACK_TLVS | NLM_F_CAPPED,
		    payload.b, payload.n);
	assert_int_equal(ipsecx_policy_del(nl, &policy_1_2), -EINVAL);
	assert_string_equal(ipsecx_nl_error(nl), "attribute 4 is missing");
	ipsecx_nl_close(nl);
}

static void stale_answers_are_skipped(void **state)
{
	struct ipsecx_nl *nl = fake_open();

	nl->seq = 10;
	fake.own_seq = true;
	put_ack(fake_datagram(), -EINVAL, "old");
	put_ack(fake_datagram(), 0, NULL);
	fake.answer[0].b[8] = 10;
	fake.answer[1].b[8] = 11;
	assert_int_equal(ipsecx_sa_del(nl, &sa_1_2), 0);
	assert_int_equal(fake.next, 2);
	ipsecx_nl_close(nl);
}

/* One attribute of a length that cannot be. */
static void assert_bad(uint16_t type, size_t len)
{
	struct ipsecx_nl *nl = fake_open();
	uint8_t data[32] = { 0 };
	struct bytes got = { 0 };
	struct ipsecx_sa sa = { .ifindex = 5, .id = 9 };

	put_attr(&got, type, data, len);
	answer(IPSECX_CMD_SA_GET, &got);
	assert_int_equal(ipsecx_sa_get(nl, &sa), -EBADMSG);
	assert_true(strlen(ipsecx_nl_error(nl)) > 0);
	ipsecx_nl_close(nl);
}

static void lengths_are_checked(void **state)
{
	assert_bad(IPSECX_A_SA_ID, 0);
	assert_bad(IPSECX_A_SA_ID, 3);
	assert_bad(IPSECX_A_SA_ID, 8);
	assert_bad(IPSECX_A_SA_SPI, 2);
	assert_bad(IPSECX_A_SA_ENCR, 4);
	assert_bad(IPSECX_A_SA_PACKETS, 6);
	assert_bad(IPSECX_A_SA_PACKETS, 16);
}

/* Whatever a truncated answer is taken for, nothing is read beyond it. */
static void truncations_are_survived(void **state)
{
	struct bytes got = { 0 }, whole = { 0 };
	struct ipsecx_sa sa = { .ifindex = 5, .id = 9 };
	uint32_t len32;
	size_t len;

	sa_attrs(&got);
	put_command(&whole, 0, IPSECX_CMD_SA_GET, &got);
	for (len = 0; len < whole.n; len++) {
		struct ipsecx_nl *nl = fake_open();

		fake_datagram();
		fake.answer[0] = whole;
		fake.answer[0].n = len;
		len32 = len;
		if (len >= 16)
			memcpy(fake.answer[0].b, &len32, 4);
		put_ack(fake_datagram(), 0, NULL);
		ipsecx_sa_get(nl, &sa);
		ipsecx_nl_close(nl);
	}
}

/* the events seen, each as its command and object */
static struct {
	uint8_t cmd;
	union {
		struct ipsecx_acquire acquire;
		struct ipsecx_policy policy;
		struct ipsecx_sa sa;
	};
} seen[8];
static size_t n_seen;

static void note(uint8_t cmd, const void *obj, void *data)
{
	if (n_seen == 8)
		return;
	seen[n_seen].cmd = cmd;
	if (obj)
		memcpy(&seen[n_seen].acquire, obj, ipsecx_ops[cmd].attrs->size);
	n_seen++;
}

/* Older libmnl takes this for a negative number, and so for a short one. */
static void huge_length_is_refused(void **state)
{
	struct ipsecx_nl *nl = fake_open();
	struct bytes attrs = { 0 };

	put_command(fake_datagram(), 0, IPSECX_CMD_POLICY_DEL_NTF, &attrs);
	memset(fake.answer[0].b, 0xf0, 4);
	n_seen = 0;
	assert_int_equal(ipsecx_events_receive(nl, note, NULL), 0);
	assert_int_equal(n_seen, 0);
	ipsecx_nl_close(nl);
}

static void lists_are_bounded(void **state)
{
	struct ipsecx_nl *nl = fake_open();
	struct bytes got = { 0 }, sel = { 0 };
	static struct ipsecx_policy policy = { .ifindex = 1, .id = 2 };
	int i;

	put_u8(&sel, IPSECX_A_SELECTOR_PROTOCOL, 6);
	for (i = 0; i < 100; i++)
		put_nest(&got, IPSECX_A_POLICY_SELECTOR, &sel);
	put_u32(&got, IPSECX_A_POLICY_MTU, 1400);
	answer(IPSECX_CMD_POLICY_GET, &got);
	assert_int_equal(ipsecx_policy_get(nl, &policy), 0);
	assert_int_equal(policy.n_selector, 64);
	assert_int_equal(policy.mtu, 1400);
	ipsecx_nl_close(nl);
}

static void string_without_end(void **state)
{
	struct ipsecx_nl *nl = fake_open();
	struct bytes got = { 0 };
	struct ipsecx_device dev = { .ifindex = 1 };
	char name[64];

	memset(name, 'x', sizeof(name));
	put_attr(&got, IPSECX_A_DEVICE_IFNAME, name, sizeof(name));
	answer(IPSECX_CMD_DEVICE_GET, &got);
	assert_int_equal(ipsecx_device_get(nl, &dev), 0);
	assert_int_equal(strlen(dev.ifname), IF_NAMESIZE - 1);
	ipsecx_nl_close(nl);
}

static void events_are_told(void **state)
{
	struct ipsecx_nl *nl = fake_open();
	struct bytes acquire = { 0 }, del = { 0 }, bad = { 0 }, expire = { 0 };
	struct bytes *datagram;

	put_u32(&acquire, IPSECX_A_ACQUIRE_IFINDEX, 5);
	put_u32(&acquire, IPSECX_A_ACQUIRE_POLICY, 3);
	put_attr(&acquire, IPSECX_A_ACQUIRE_LOCAL, local4, 4);
	put_attr(&acquire, IPSECX_A_ACQUIRE_REMOTE, remote4, 4);
	put_u8(&acquire, IPSECX_A_ACQUIRE_PROTOCOL, 17);
	put_u16(&acquire, IPSECX_A_ACQUIRE_LOCAL_PORT, 53);
	put_u16(&acquire, IPSECX_A_ACQUIRE_REMOTE_PORT, 54);
	put_u32(&del, IPSECX_A_POLICY_ID, 3);
	put_u32(&del, IPSECX_A_POLICY_REASON, IPSECX_DELETE_REASON_DEVICE);
	put_u32(&expire, IPSECX_A_SA_ID, 4);
	put_u32(&expire, IPSECX_A_SA_KIND, IPSECX_EXPIRE_KIND_HARD);
	put_u8(&bad, IPSECX_A_SA_ID, 1);

	datagram = fake_datagram();
	put_command(datagram, 0, IPSECX_CMD_ACQUIRE_NTF, &acquire);
	put_command(datagram, 0, 250, &acquire);
	put_command(datagram, 0, IPSECX_CMD_SA_DEL_NTF, &bad);
	put_command(datagram, 0, IPSECX_CMD_POLICY_DEL_NTF, &del);
	fake_datagram();
	put_message(fake_datagram(), 0x99, 0, acquire.b, acquire.n);
	put_command(fake_datagram(), 0, IPSECX_CMD_SA_EXPIRE_NTF, &expire);
	n_seen = 0;
	assert_int_equal(ipsecx_events_receive(nl, note, NULL), 0);
	assert_int_equal(n_seen, 4);
	assert_int_equal(seen[0].cmd, IPSECX_CMD_ACQUIRE_NTF);
	assert_int_equal(seen[0].acquire.policy, 3);
	assert_true(seen[0].acquire.has & IPSECX_HAS(ACQUIRE_LOCAL_PORT));
	assert_int_equal(seen[0].acquire.remote_port, 54);
	assert_memory_equal(seen[0].acquire.local.bytes, local4, 4);
	assert_int_equal(seen[1].cmd, IPSECX_CMD_POLICY_DEL_NTF);
	assert_true(seen[1].policy.has & IPSECX_HAS(POLICY_REASON));
	assert_int_equal(seen[1].policy.reason, IPSECX_DELETE_REASON_DEVICE);
	assert_int_equal(seen[2].cmd, 0);
	assert_int_equal(seen[3].cmd, IPSECX_CMD_SA_EXPIRE_NTF);
	assert_int_equal(seen[3].sa.kind, IPSECX_EXPIRE_KIND_HARD);
	assert_false(seen[3].sa.has & IPSECX_HAS(SA_REASON));
	ipsecx_nl_close(nl);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(open_finds_family),
		cmocka_unit_test(open_without_module),
		cmocka_unit_test(policy_new_request),
		cmocka_unit_test(policy_set_sends_changes_only),
		cmocka_unit_test(largest_policy_fits),
		cmocka_unit_test(sa_new_request),
		cmocka_unit_test(spi_is_big_endian),
		cmocka_unit_test(sa_get_answer),
		cmocka_unit_test(answer_missing),
		cmocka_unit_test(dump_in_pieces),
		cmocka_unit_test(dump_interrupted),
		cmocka_unit_test(dump_stopped_is_drained),
		cmocka_unit_test(refused_with_words),
		cmocka_unit_test(refused_with_echo),
		cmocka_unit_test(refused_attribute_missing),
		cmocka_unit_test(stale_answers_are_skipped),
		cmocka_unit_test(lengths_are_checked),
		cmocka_unit_test(truncations_are_survived),
		cmocka_unit_test(huge_length_is_refused),
		cmocka_unit_test(lists_are_bounded),
		cmocka_unit_test(string_without_end),
		cmocka_unit_test(events_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
