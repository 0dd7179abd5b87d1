// SPDX-License-Identifier: MIT
/*
 * Kernel answers and events made of any bytes. The input: one byte that picks
 * a call, then datagrams, each after two bytes of its length. Sequence numbers
 * are put right, so that what comes is listened to.
 */
#include "../tests/cli_fake.h"
#include "../cli/json.h"
#include "../cli/monitor.h"
#include "../cli/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerInitialize(int *argc, char ***argv);

static FILE *nowhere;

static void show(uint8_t cmd, const void *obj)
{
	struct cli cli = { .out = nowhere };

	json_print(&cli, json_told(cmd, obj));
}

static int show_device(const void *obj, void *data)
{
	text_device(data, obj);
	show(IPSECX_CMD_DEVICE_GET, obj);
	return 0;
}

static int show_policy(const void *obj, void *data)
{
	text_policy(data, obj);
	show(IPSECX_CMD_POLICY_GET, obj);
	return 0;
}

static int show_sa(const void *obj, void *data)
{
	text_sa(data, obj);
	show(IPSECX_CMD_SA_GET, obj);
	return 0;
}

static void fuzz_cap(struct ipsecx_nl *nl)
{
	struct ipsecx_cap cap = { 0 };

	if (!ipsecx_cap_get(nl, &cap))
		show(IPSECX_CMD_CAP_GET, &cap);
}

static void fuzz_open(void)
{
	struct ipsecx_nl *nl;
	char error[IPSECX_NL_ERROR_LEN];

	ipsecx_nl_open(&nl, error, sizeof(error));
	ipsecx_nl_close(nl);
}

static void fuzz_call(struct ipsecx_nl *nl, struct cli *cli, uint8_t call)
{
	struct ipsecx_device dev = { 0 };
	struct ipsecx_policy policy = { 0 };
	struct ipsecx_sa sa = { .ifindex = 1, .id = 1 };

	switch (call % 7) {
	case 0:
		ipsecx_dump(nl, IPSECX_CMD_DEVICE_GET, &dev, show_device, cli);
		break;
	case 1:
		ipsecx_dump(nl, IPSECX_CMD_POLICY_GET, &policy, show_policy,
			    cli);
		break;
	case 2:
		ipsecx_dump(nl, IPSECX_CMD_SA_GET, &sa, show_sa, cli);
		break;
	case 3:
		fuzz_cap(nl);
		break;
	case 4:
		fuzz_open();
		break;
	case 5:
		ipsecx_sa_del(nl, &sa);
		break;
	case 6:
		cli->json = call & 0x80;
		ipsecx_events_receive(nl, monitor_print, cli);
		break;
	}
}

static void fuzz_answers(const uint8_t *data, size_t len)
{
	struct bytes *datagram;
	size_t n;

	while (len > 2 && fake.n < 8) {
		n = data[0] << 8 | data[1];
		data += 2;
		len -= 2;
		n = n < len ? n : len;
		datagram = fake_datagram();
		memcpy(datagram->b, data, n);
		datagram->n = n;
		data += n;
		len -= n;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct cli cli = { .out = nowhere, .stats = true };
	struct ipsecx_nl *nl;

	if (!len || len > 16384)
		return 0;
	nl = fake_open();
	fuzz_answers(data + 1, len - 1);
	fuzz_call(nl, &cli, data[0]);
	ipsecx_nl_close(nl);
	return 0;
}

static void seed_write(const char *dir, uint8_t call, const struct bytes *body)
{
	uint8_t head[3] = { call, body->n >> 8, body->n };
	char path[512];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%u", dir, call);
	file = fopen(path, "w");
	if (!file)
		return;
	fwrite(head, 1, sizeof(head), file);
	fwrite(body->b, 1, body->n, file);
	fclose(file);
}

/* One whole answer to each call, so that the fuzzer starts inside. */
static void seeds(const char *dir)
{
	static const uint8_t cmd[] = {
		IPSECX_CMD_DEVICE_GET,
		IPSECX_CMD_POLICY_GET,
		IPSECX_CMD_SA_GET,
		IPSECX_CMD_CAP_GET,
		1,
		0,
		IPSECX_CMD_ACQUIRE_NTF,
	};
	static struct bytes attrs, body;
	uint16_t type;
	uint8_t call;

	for (type = 1; type < 20; type++)
		put_u32(&attrs, type, type);
	for (call = 0; call < sizeof(cmd); call++) {
		body.n = 0;
		put_command(&body, NLM_F_MULTI, cmd[call], &attrs);
		put_ack(&body, -EINVAL, "refused");
		seed_write(dir, call, &body);
	}
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *dir = getenv("FUZZ_SEEDS");

	nowhere = fopen("/dev/null", "w");
	if (!nowhere)
		abort();
	if (dir)
		seeds(dir);
	return 0;
}
