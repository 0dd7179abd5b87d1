// SPDX-License-Identifier: MIT
/*
 * Two live engines and a script of what happens to them: datagrams that are
 * lost, repeated, changed, or changed behind the encryption and sealed again
 * with the right keys; time, commands, a kernel that refuses.
 *
 * The first octet sets the scene; then each step is an operation and two
 * octets of arguments. Some take more octets of the script along.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "fuzz.h"
#include "sa.h"
#include "../tests/ts_list.h"

#define PACKETS	 32
#define CHILDREN 128
#define BUF_MAX	 4096

enum {
	SCENE_UP = 1, /* begin with an established IKE SA */
	SCENE_PSK = 2, /* the keys differ: nothing may come up */
	SCENE_TRANSPORT = 4,
	SCENE_ENCAP = 8,
	SCENE_PFS = 16,
};

enum op {
	OP_DELIVER,
	OP_DROP,
	OP_REPEAT,
	OP_FLIP,
	OP_RESEAL,
	OP_RESEAL_LEN,
	OP_RAW,
	OP_SEALED,
	OP_TIME,
	OP_TIMEOUT,
	OP_COMMAND,
	OP_KERNEL,
	OPS,
};

struct packet {
	unsigned int to;
	struct ike_path path;
	size_t len;
	uint8_t data[BUF_MAX];
};

static struct world {
	struct ike_engine *e[2];
	uint64_t now;
	uint64_t dice;
	uint8_t scene;
	bool refuse;
	bool no_spi;
	uint32_t next_spi;
	unsigned int n_packets;
	struct packet packets[PACKETS];
	unsigned int n_children[2];
	uint32_t children[2][CHILDREN];
} w;

static unsigned int side(const void *ctx)
{
	return ctx != &w.e[0];
}

static const struct ike_addr addrs[2] = {
	{ .len = 4, .ip = { 192, 0, 2, 1 } },
	{ .len = 4, .ip = { 192, 0, 2, 2 } },
};

static int fuzz_random(void *ctx, void *buf, size_t len)
{
	uint8_t *p = buf;

	while (len--) {
		w.dice = w.dice * UINT64_C(6364136223846793005) + 1442695041;
		*p++ = (uint8_t)(w.dice >> 33);
	}
	return 0;
}

static void packet_add(unsigned int to, bool natt, struct ike_span data)
{
	struct packet *p = &w.packets[w.n_packets];
	uint16_t port = natt ? 4500 : 500;

	if (w.n_packets == PACKETS || data.len > BUF_MAX)
		return;
	*p = (struct packet){ .to = to, .len = data.len };
	p->path = (struct ike_path){ addrs[to], addrs[!to], natt };
	p->path.local.port = port;
	p->path.remote.port = port;
	memcpy(p->data, data.p, data.len);
	w.n_packets++;
}

static void on_send(void *ctx, const struct ike_path *path, struct ike_span msg)
{
	struct ike_hdr hdr;

	REQUIRE(!ike_hdr_parse(msg, &hdr, NULL));
	packet_add(!side(ctx), path->natt, msg);
}

static void on_keepalive(void *ctx, const struct ike_path *path)
{
	REQUIRE(path->remote.len);
}

static uint32_t on_spi_alloc(void *ctx, const char *conn, const char *child)
{
	REQUIRE(conn && child);
	return w.no_spi ? 0 : w.next_spi++;
}

static void on_spi_free(void *ctx, const char *conn, const char *child,
			uint32_t spi)
{
	REQUIRE(conn && child && spi && spi < w.next_spi);
}

static unsigned int child_at(unsigned int who, uint32_t id)
{
	unsigned int i;

	for (i = 0; i < w.n_children[who]; i++)
		if (w.children[who][i] == id)
			break;
	return i;
}

static int on_install(void *ctx, const struct ike_child_spec *spec,
		      struct ike_diag *diag)
{
	unsigned int who = side(ctx);

	REQUIRE(!(w.scene & SCENE_PSK));
	REQUIRE(spec->id && child_at(who, spec->id) == w.n_children[who]);
	REQUIRE(spec->local_ts->n && spec->remote_ts->n);
	REQUIRE(spec->spi_in && spec->encr == IKE_ENCR_AES_GCM_16);
	REQUIRE(spec->key_in.len == 36 && spec->key_out.len == 36);
	if (w.refuse || w.n_children[who] == CHILDREN)
		return ike_diag_set(diag, 0, -ENOSPC, "no");
	w.children[who][w.n_children[who]++] = spec->id;
	return 0;
}

static void on_activate(void *ctx, uint32_t id)
{
	REQUIRE(child_at(side(ctx), id) < w.n_children[side(ctx)]);
}

static void on_remove(void *ctx, uint32_t id)
{
	unsigned int who = side(ctx), at = child_at(who, id);

	REQUIRE(at < w.n_children[who]);
	w.children[who][at] = w.children[who][--w.n_children[who]];
}

static void on_event(void *ctx, const struct ike_event *event)
{
	REQUIRE(event->text && event->text[0] && event->hint);
	REQUIRE(!strstr(event->text, "correct horse"));
	if (w.scene & SCENE_PSK)
		REQUIRE(event->type != IKE_EV_IKE_UP);
}

static struct ike_conn *conn_new(unsigned int who)
{
	const char *esp = w.scene & SCENE_PFS ? "aes256gcm16-x25519-ecp256" :
						"aes256gcm16";
	struct ike_conn *conn = ike_conn_new(2);

	REQUIRE(conn);
	strcpy(conn->name, "c");
	conn->local = addrs[who];
	conn->remote = addrs[!who];
	ike_id_parse(who ? "b.example" : "a.example", &conn->local_id, NULL);
	ike_id_parse(who ? "%any" : "b.example", &conn->remote_id, NULL);
	conn->psk_len = 13;
	memcpy(conn->psk, "correct horse", 13);
	conn->psk[12] ^= (w.scene & SCENE_PSK) && who;
	conn->encap = w.scene & SCENE_ENCAP ? IKE_ENCAP_YES : IKE_ENCAP_AUTO;
	conn->dpd = 10;
	ike_proposals_parse("aes128gcm16-prfsha256-x25519", IKE_PROTO_IKE,
			    &conn->ike, NULL);
	for (unsigned int i = 0; i < 2; i++) {
		struct ike_child_conf *child = &conn->children[i];

		child->name[0] = (char)('0' + i);
		child->start = !who;
		child->transport = w.scene & SCENE_TRANSPORT;
		ike_proposals_parse(esp, IKE_PROTO_ESP, &child->esp, NULL);
		if (i)
			ike_ts_list_parse(who ? "10.2.0.0/16" : "10.1.0.0/16",
					  &child->local_ts, NULL);
		if (i)
			ike_ts_list_parse(who ? "10.1.0.0/16" : "10.2.0.0/16",
					  &child->remote_ts, NULL);
	}
	return conn;
}

static void load(unsigned int who)
{
	struct ike_conn *conn = conn_new(who);

	ike_engine_load(w.e[who], w.now, &conn, 1);
}

static void packet_drop(unsigned int i)
{
	w.n_packets--;
	memmove(&w.packets[i], &w.packets[i + 1],
		(w.n_packets - i) * sizeof(w.packets[0]));
}

static void packet_deliver(unsigned int i)
{
	struct packet p = w.packets[i];
	uint8_t *exact = malloc(p.len ? p.len : 1);

	REQUIRE(exact);
	packet_drop(i);
	memcpy(exact, p.data, p.len);
	ike_engine_datagram(w.e[p.to], w.now, &p.path, ike_span(exact, p.len));
	free(exact);
}

static void world_new(uint8_t scene)
{
	memset(&w, 0, sizeof(w));
	w.scene = scene;
	w.next_spi = 0x100;
	w.now = 1000;
	for (unsigned int who = 0; who < 2; who++) {
		const struct ike_env env = {
			.ctx = &w.e[who],
			.rng = { .fill = fuzz_random },
			.send = on_send,
			.keepalive = on_keepalive,
			.spi_alloc = on_spi_alloc,
			.spi_free = on_spi_free,
			.install = on_install,
			.activate = on_activate,
			.remove = on_remove,
			.event = on_event,
		};

		w.e[who] = ike_engine_new(&env);
		REQUIRE(w.e[who]);
	}
	load(1);
	load(0);
	while ((scene & SCENE_UP) && w.n_packets)
		packet_deliver(0);
}

static void world_free(void)
{
	for (unsigned int who = 0; who < 2; who++) {
		ike_engine_free(w.e[who]);
		REQUIRE(!w.n_children[who]);
	}
}

static struct ike_sa *sa_of(unsigned int who, const struct ike_hdr *hdr)
{
	struct ike_sa *sa;

	LIST_FOREACH(sa, &w.e[who]->sas, entry)
		if (!hdr ||
		    (sa->spi_i == hdr->spi_i && sa->spi_r == hdr->spi_r))
			return sa;
	return NULL;
}

static size_t inner_len(const struct ike_msg *msg)
{
	size_t len = 0;

	for (unsigned int i = 0; i < msg->n; i++)
		if (msg->pl[i].encrypted)
			len += IKE_PL_HDR_LEN + msg->pl[i].body.len;
	return len;
}

/* seal @plain for @to as its peer would */
static void sealed(unsigned int to, struct ike_sa *sa,
		   const struct ike_hdr *hdr, uint8_t first,
		   struct ike_span plain)
{
	const struct ike_rng rng = { .fill = fuzz_random };
	struct ike_sk sk = sa->in;
	uint8_t buf[BUF_MAX];
	struct ike_builder b;
	struct ike_span out;

	if (!sk.encr)
		return;
	ike_msg_begin(&b, buf, sizeof(buf), hdr);
	ike_sk_begin(&b, &sk);
	if (b.w.failed)
		return;
	b.w.buf[b.sk_at] = first;
	ike_write(&b.w, plain);
	if (!ike_sk_end(&b, &sk, &rng) && !ike_msg_end(&b, &out))
		packet_add(to, sa->path.natt, out);
	ike_wipe(&sk, sizeof(sk));
}

/* what is inside the oldest packet, with an octet changed or the end cut */
static void reseal(uint8_t at, uint8_t how, bool cut)
{
	struct packet p = w.packets[0];
	uint8_t plain[BUF_MAX];
	struct ike_msg msg;
	struct ike_sa *sa;
	size_t len;

	if (ike_msg_parse(ike_span(p.data, p.len), &msg, NULL))
		return;
	sa = sa_of(p.to, &msg.hdr);
	if (!sa || !sa->in.encr ||
	    ike_sk_open(&sa->in, &msg, plain, sizeof(plain), NULL))
		return;
	len = inner_len(&msg);
	if (!len)
		return;
	if (cut)
		len = at * len / 256;
	else
		plain[at * len / 256] ^= how ? how : 1;
	packet_drop(0);
	sealed(p.to, sa, &msg.hdr, msg.pl[0].next, ike_span(plain, len));
}

/* a message of the script's own making, with the number that is due */
static size_t say(uint8_t a, uint8_t first, struct ike_span rest)
{
	static const uint8_t exchanges[] = {
		IKE_EX_AUTH,
		IKE_EX_CREATE_CHILD_SA,
		IKE_EX_INFORMATIONAL,
		IKE_EX_SA_INIT,
	};
	size_t len = rest.len < 256 ? rest.len : 256;
	unsigned int to = a & 1;
	struct ike_sa *sa = sa_of(to, NULL);
	struct ike_hdr hdr = { .exchange = exchanges[a >> 1 & 3] };

	if (!sa)
		return 0;
	hdr.spi_i = sa->spi_i;
	hdr.spi_r = sa->spi_r;
	hdr.flags = (sa->initiator ? 0 : IKE_FLAG_INITIATOR) |
		    (a & 8 ? IKE_FLAG_RESPONSE : 0);
	hdr.msgid = a & 8 ? sa->task.msgid : sa->next_in;
	sealed(to, sa, &hdr, first, ike_span(rest.p, len));
	return len;
}

static void command(uint8_t a, uint8_t b)
{
	struct ike_engine *e = w.e[a & 1];
	const char *child = b & 1 ? (b & 2 ? "0" : "1") : NULL;

	switch (a >> 1 & 7) {
	case 0:
		ike_engine_up(e, w.now, "c", child);
		break;
	case 1:
		ike_engine_down(e, w.now, "c", child);
		break;
	case 2:
		w.scene ^= b & (SCENE_TRANSPORT | SCENE_ENCAP | SCENE_PFS);
		load(a & 1);
		break;
	case 3:
		ike_engine_load(e, w.now, NULL, 0);
		break;
	case 4:
		if (w.n_children[a & 1])
			ike_engine_child_expired(e, w.now,
						 w.children[a & 1][0]);
		break;
	case 5:
		ike_engine_shutdown(e, w.now);
		break;
	}
}

static uint64_t next_time(void)
{
	uint64_t a = ike_engine_next(w.e[0]), b = ike_engine_next(w.e[1]);

	return a < b ? a : b;
}

static void pass(uint64_t until)
{
	if (until > w.now)
		w.now = until;
	ike_engine_timer(w.e[0], w.now);
	ike_engine_timer(w.e[1], w.now);
}

static void on_oldest(enum op op, uint8_t a, uint8_t b)
{
	struct packet *p = &w.packets[0];

	if (!w.n_packets)
		return;
	if (op == OP_DELIVER)
		packet_deliver(a % w.n_packets);
	else if (op == OP_DROP)
		packet_drop(0);
	else if (op == OP_REPEAT)
		packet_add(p->to, p->path.natt, ike_span(p->data, p->len));
	else if (op == OP_FLIP && p->len)
		p->data[a * p->len / 256] ^= b ? b : 1;
	else if (op == OP_RESEAL || op == OP_RESEAL_LEN)
		reseal(a, b, op == OP_RESEAL_LEN);
}

/* returns how much of the rest was used */
static size_t step(enum op op, uint8_t a, uint8_t b, struct ike_span rest)
{
	size_t len = a < rest.len ? a : rest.len;

	switch (op) {
	case OP_RAW:
		packet_add(b & 1, b & 2, ike_span(rest.p, len));
		return len;
	case OP_SEALED:
		return say(a, b, rest);
	case OP_TIME:
		pass(w.now + a * 256 + b);
		return 0;
	case OP_TIMEOUT:
		if (next_time() != IKE_NEVER)
			pass(next_time());
		return 0;
	case OP_COMMAND:
		command(a, b);
		return 0;
	case OP_KERNEL:
		w.refuse = a & 1;
		w.no_spi = a & 2;
		return 0;
	default:
		on_oldest(op, a, b);
		return 0;
	}
}

static void bounded(void)
{
	struct ike_sa *sa;
	unsigned int n = 0;

	for (unsigned int who = 0; who < 2; who++)
		LIST_FOREACH(sa, &w.e[who]->sas, entry)
			n++;
	REQUIRE(n <= 2 * (IKE_HALF_OPEN_MAX + 64));
}

static const uint8_t seed_lose[] = {
	0, OP_DROP,    0, 0, OP_TIMEOUT, 0, 0, OP_DELIVER, 0,
	0, OP_REPEAT,  0, 0, OP_DELIVER, 0, 0, OP_FLIP,	   200,
	1, OP_DELIVER, 0, 0, OP_TIMEOUT, 0, 0, OP_DELIVER, 0,
	0,
};
static const uint8_t seed_mangle[] = {
	SCENE_PFS, OP_DELIVER, 0, 0, OP_DELIVER,    0,	 0, OP_RESEAL,	9,
	3,	   OP_DELIVER, 0, 0, OP_RESEAL_LEN, 100, 0, OP_DELIVER, 0,
	0,
};
static const uint8_t seed_talk[] = {
	SCENE_UP,
	OP_COMMAND,
	8,
	0,
	OP_RESEAL,
	4,
	1,
	OP_DELIVER,
	0,
	0,
	OP_COMMAND,
	3,
	1,
	OP_DELIVER,
	0,
	0,
	OP_KERNEL,
	3,
	0,
	OP_COMMAND,
	0,
	0,
	OP_DELIVER,
	0,
	0,
	OP_TIME,
	60,
	0,
	OP_SEALED,
	5,
	IKE_PL_DELETE,
	0,
	0,
	0,
	8,
	1,
	0,
	0,
	0,
};
static const uint8_t seed_liar[] = {
	SCENE_PSK,  OP_DELIVER, 0,	    0,
	OP_DELIVER, 0,		0,	    OP_DELIVER,
	0,	    0,		OP_DELIVER, 0,
	0,	    OP_SEALED,	4,	    IKE_PL_DELETE,
	0,	    0,		0,	    4,
};

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	fuzz_seed(seed_lose, sizeof(seed_lose));
	fuzz_seed(seed_mangle, sizeof(seed_mangle));
	fuzz_seed(seed_talk, sizeof(seed_talk));
	fuzz_seed(seed_liar, sizeof(seed_liar));
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	size_t at = 1;

	if (!len)
		return 0;
	world_new(data[0]);
	/* a script that needs more than this has told us nothing for long */
	for (unsigned int i = 0; i < 200 && at + 3 <= len; i++) {
		const uint8_t *p = data + at;

		at += 3;
		at += step(p[0] % OPS, p[1], p[2],
			   ike_span(data + at, len - at));
	}
	bounded();
	world_free();
	return 0;
}
