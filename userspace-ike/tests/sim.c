// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "msg.h"
#include "sim.h"
#include "ts_list.h"

#define STEPS_MAX 100000

static const uint8_t nat_ip[4] = { 203, 0, 113, 9 };

static uint64_t mix(uint64_t state, struct ike_span s)
{
	for (size_t i = 0; i < s.len; i++)
		state = (state ^ s.p[i]) * UINT64_C(0x100000001b3);
	return state;
}

static int sim_random(void *ctx, void *buf, size_t len)
{
	struct sim *sim = ctx;
	uint8_t *p = buf;

	while (len--)
		*p++ = (uint8_t)dice(&sim->dice, 256);
	return 0;
}

static bool same_key(const struct sim_seen *a, const struct sim_seen *b)
{
	return a->spi_i == b->spi_i && a->spi_r == b->spi_r &&
	       a->from == b->from;
}

static void seen_check(const struct sim_seen *was, const struct sim_seen *is)
{
	bool same = was->digest == is->digest && was->len == is->len;

	if (!same_key(was, is) || same)
		return;
	if (was->iv == is->iv)
		fail_msg("an IV was used twice");
	/* a lone notify of a failed IKE_AUTH shares its number with nothing */
	if (was->response == is->response && was->msgid == is->msgid)
		fail_msg("message %u was repeated with a change", is->msgid);
	if (!is->response && !was->response && is->msgid < was->msgid)
		fail_msg("request %u after %u", is->msgid, was->msgid);
}

/* SK follows the header in everything but IKE_SA_INIT, its IV at the front */
static void seen_add(struct sim *sim, unsigned int from, struct ike_span msg)
{
	struct sim_seen *is = &sim->seen[sim->n_seen % SIM_SEEN];
	struct sim_seen now = { .from = from, .len = msg.len };
	struct ike_hdr hdr;

	assert_int_equal(ike_hdr_parse(msg, &hdr, NULL), 0);
	if (hdr.exchange == IKE_EX_SA_INIT || hdr.next != IKE_PL_SK)
		return;
	now.spi_i = hdr.spi_i;
	now.spi_r = hdr.spi_r;
	now.response = ike_hdr_is_response(&hdr);
	now.msgid = hdr.msgid;
	assert_true(msg.len >= IKE_HDR_LEN + IKE_PL_HDR_LEN + 8);
	now.iv = ike_get64(msg.p + IKE_HDR_LEN + IKE_PL_HDR_LEN);
	now.digest = mix(1, msg);
	for (unsigned int i = 0; i < SIM_SEEN && i < sim->n_seen; i++)
		seen_check(&sim->seen[i], &now);
	*is = now;
	sim->n_seen++;
}

static void nat_out(const struct sim *sim, struct ike_addr *from)
{
	memcpy(from->ip, nat_ip, sizeof(nat_ip));
	from->port = (uint16_t)(from->port - 500 + sim->nat);
}

static bool nat_in(const struct sim *sim, struct ike_addr *to)
{
	if (memcmp(to->ip, nat_ip, sizeof(nat_ip)))
		return false;
	*to = (struct ike_addr){
		.len = 4,
		.port = (uint16_t)(to->port + 500 - sim->nat),
	};
	memcpy(to->ip, sim->host[ALICE].addr.ip, 4);
	return true;
}

struct sim_packet *sim_inject(struct sim *sim, unsigned int to,
			      const struct ike_path *path, struct ike_span data)
{
	struct sim_packet *p = calloc(1, sizeof(*p));

	assert_non_null(p);
	assert_true(data.len <= sizeof(p->data));
	*p = (struct sim_packet){
		.next = sim->packets,
		.to = to,
		.path = *path,
		.len = data.len,
		.at = sim->now + 10 + dice(&sim->dice, sim->jitter + 1),
	};
	memcpy(p->data, data.p, data.len);
	sim->packets = p;
	return p;
}

/* from the sender's view of the path to the receiver's */
static bool route(const struct sim *sim, unsigned int from,
		  const struct ike_path *sent, struct ike_path *path)
{
	struct ike_addr to = sent->remote;

	*path = (struct ike_path){ .remote = sim->host[from].addr };
	path->remote.port = sent->natt ? 4500 : 500;
	if (sent->local.len)
		assert_true(ike_addr_same_host(&sent->local,
					       &sim->host[from].addr));
	if (sim->nat && from == ALICE)
		nat_out(sim, &path->remote);
	/* a NAT's inside cannot be reached but through it */
	if (sim->nat && from == BOB && !nat_in(sim, &to))
		return false;
	path->local = to;
	path->natt = to.port == 4500;
	return ike_addr_same_host(&to, &sim->host[!from].addr) &&
	       (to.port == 500 || to.port == 4500);
}

static void unlink_packet(struct sim *sim, struct sim_packet *p)
{
	struct sim_packet **at = &sim->packets;

	while (*at != p)
		at = &(*at)->next;
	*at = p->next;
	free(p);
}

static void sim_send(void *ctx, const struct ike_path *sent,
		     struct ike_span msg)
{
	struct sim_host *host = ctx;
	struct sim *sim = host->sim;
	unsigned int from = host == &sim->host[BOB];
	struct sim_packet *p;
	struct ike_path path;

	host->sent++;
	seen_add(sim, from, msg);
	if (!route(sim, from, sent, &path) || sim->cut ||
	    dice(&sim->dice, 100) < sim->loss)
		return;
	p = sim_inject(sim, !from, &path, msg);
	if (sim->tap && !sim->tap(sim, from, p)) {
		unlink_packet(sim, p);
		return;
	}
	if (dice(&sim->dice, 100) < sim->dup)
		sim_inject(sim, !from, &path, msg);
}

static void sim_keepalive(void *ctx, const struct ike_path *path)
{
	struct sim_host *host = ctx;

	assert_true(path->natt);
	host->keepalives++;
}

static uint32_t sim_spi_alloc(void *ctx, const char *conn, const char *child)
{
	struct sim_host *host = ctx;

	assert_non_null(conn);
	assert_non_null(child);
	host->n_spis++;
	return host->sim->next_spi++;
}

static void sim_spi_free(void *ctx, const char *conn, const char *child,
			 uint32_t spi)
{
	struct sim_host *host = ctx;

	assert_non_null(conn);
	assert_non_null(child);
	assert_true(host->n_spis && spi < host->sim->next_spi);
	host->n_spis--;
}

static struct sim_sa *sa_find(struct sim_host *host, uint32_t id)
{
	for (unsigned int i = 0; i < host->n_sas; i++)
		if (host->sas[i].spec.id == id)
			return &host->sas[i];
	return NULL;
}

static void key_copy(struct ike_key *key, struct ike_span *span)
{
	assert_true(span->len && span->len <= sizeof(key->data));
	key->len = span->len;
	memcpy(key->data, span->p, span->len);
	*span = ike_key_span(key);
}

static int sim_install(void *ctx, const struct ike_child_spec *spec,
		       struct ike_diag *diag)
{
	struct sim_host *host = ctx;
	struct sim_sa *sa = &host->sas[host->n_sas];

	assert_true(spec->id && spec->spi_in && spec->spi_out);
	assert_true(spec->local_ts->n && spec->remote_ts->n);
	assert_null(sa_find(host, spec->id));
	if (host->refuse)
		return ike_diag_set(diag, 0, -ENOSPC, "the kernel is full");
	assert_true(host->n_sas < SIM_SAS);
	host->n_sas++;
	host->n_spis--;
	sa->spec = *spec;
	sa->active = spec->activate;
	sa->local_ts = *spec->local_ts;
	sa->remote_ts = *spec->remote_ts;
	sa->spec.local_ts = &sa->local_ts;
	sa->spec.remote_ts = &sa->remote_ts;
	key_copy(&sa->key_in, &sa->spec.key_in);
	key_copy(&sa->key_out, &sa->spec.key_out);
	return 0;
}

static void sim_activate(void *ctx, uint32_t id)
{
	struct sim_sa *sa = sa_find(ctx, id);

	assert_non_null(sa);
	sa->active = true;
}

static void sim_remove(void *ctx, uint32_t id)
{
	struct sim_host *host = ctx;
	struct sim_sa *sa = sa_find(host, id);
	struct sim_sa *last = &host->sas[host->n_sas - 1];

	assert_non_null(sa);
	if (sa != last) {
		*sa = *last;
		sa->spec.local_ts = &sa->local_ts;
		sa->spec.remote_ts = &sa->remote_ts;
		sa->spec.key_in = ike_key_span(&sa->key_in);
		sa->spec.key_out = ike_key_span(&sa->key_out);
	}
	memset(last, 0, sizeof(*last));
	host->n_sas--;
}

static void sim_event(void *ctx, const struct ike_event *event)
{
	struct sim_host *host = ctx;
	struct sim_event *to = &host->events[host->n_events % SIM_EVENTS];

	assert_non_null(event->text);
	assert_true(event->text[0]);
	to->type = event->type;
	snprintf(to->child, sizeof(to->child), "%s",
		 event->child ? event->child : "");
	snprintf(to->text, sizeof(to->text), "%s", event->text);
	snprintf(to->hint, sizeof(to->hint), "%s",
		 event->hint ? event->hint : "");
	host->n_events++;
	host->sim->trace =
		mix(host->sim->trace, ike_span(to->text, strlen(to->text)));
	if (getenv("SIM_TRACE"))
		fprintf(stderr, "# %8llu %s: %d %s: %s (%s)\n",
			(unsigned long long)host->sim->now,
			host == host->sim->host ? "alice" : "bob", to->type,
			to->child, to->text, to->hint);
}

static void host_init(struct sim *sim, unsigned int i)
{
	struct sim_host *host = &sim->host[i];
	struct ike_env env = {
		.ctx = host,
		.rng = { .fill = sim_random, .ctx = sim },
		.send = sim_send,
		.keepalive = sim_keepalive,
		.spi_alloc = sim_spi_alloc,
		.spi_free = sim_spi_free,
		.install = sim_install,
		.activate = sim_activate,
		.remove = sim_remove,
		.event = sim_event,
	};

	host->sim = sim;
	host->addr = (struct ike_addr){
		.len = 4,
		.ip = { 192, 0, 2, (uint8_t)(i + 1) },
	};
	host->e = ike_engine_new(&env);
	assert_non_null(host->e);
}

struct sim *sim_new(uint64_t seed)
{
	struct sim *sim = calloc(1, sizeof(*sim));

	assert_non_null(sim);
	sim->dice = seed * UINT64_C(0x9e3779b97f4a7c15) | 1;
	sim->now = 1000;
	sim->next_spi = 0x1000;
	for (unsigned int i = 0; i < 8; i++)
		dice(&sim->dice, 2);
	host_init(sim, ALICE);
	host_init(sim, BOB);
	return sim;
}

void sim_free(struct sim *sim)
{
	struct sim_packet *p;

	for (unsigned int i = 0; i < 2; i++) {
		ike_engine_free(sim->host[i].e);
		assert_int_equal(sim->host[i].n_sas, 0);
		assert_int_equal(sim->host[i].n_spis, 0);
	}
	while ((p = sim->packets)) {
		sim->packets = p->next;
		free(p);
	}
	free(sim);
}

static void fill_child(struct ike_child_conf *child, unsigned int host,
		       unsigned int i)
{
	char text[64];

	snprintf(child->name, sizeof(child->name), "net%u", i);
	snprintf(text, sizeof(text), "10.%u.%u.0/24", 1 + host, i);
	assert_int_equal(ike_ts_list_parse(text, &child->local_ts, NULL), 0);
	snprintf(text, sizeof(text), "10.%u.%u.0/24", 2 - host, i);
	assert_int_equal(ike_ts_list_parse(text, &child->remote_ts, NULL), 0);
	assert_int_equal(ike_proposals_parse("aes256gcm16", IKE_PROTO_ESP,
					     &child->esp, NULL),
			 0);
	child->start = host == ALICE;
}

struct ike_conn *sim_conn(struct sim *sim, unsigned int host, unsigned int n)
{
	static const char *const ids[] = { "a.example", "b.example" };
	struct ike_conn *conn = ike_conn_new(n);

	assert_non_null(conn);
	snprintf(conn->name, sizeof(conn->name), "to-%s", ids[!host]);
	conn->local = sim->host[host].addr;
	conn->remote = sim->host[!host].addr;
	if (sim->nat && host == BOB)
		conn->remote.len = 0;
	ike_id_parse(ids[host], &conn->local_id, NULL);
	ike_id_parse(ids[!host], &conn->remote_id, NULL);
	conn->psk_len = 6;
	memcpy(conn->psk, "secret", 6);
	assert_int_equal(ike_proposals_parse("aes128gcm16-prfsha256-x25519",
					     IKE_PROTO_IKE, &conn->ike, NULL),
			 0);
	for (unsigned int i = 0; i < n; i++)
		fill_child(&conn->children[i], host, i);
	return conn;
}

void sim_load(struct sim *sim, unsigned int host, struct ike_conn *conn)
{
	ike_engine_load(sim->host[host].e, sim->now, &conn, conn ? 1 : 0);
}

void sim_load_both(struct sim *sim, unsigned int n)
{
	sim_load(sim, BOB, sim_conn(sim, BOB, n));
	sim_load(sim, ALICE, sim_conn(sim, ALICE, n));
}

static struct sim_packet **packet_first(struct sim *sim)
{
	struct sim_packet **p, **first = &sim->packets;

	for (p = &sim->packets; *p; p = &(*p)->next)
		if ((*p)->at < (*first)->at)
			first = p;
	return first;
}

static void deliver(struct sim *sim, struct sim_packet **at)
{
	struct sim_packet *p = *at;
	uint8_t *exact = malloc(p->len);

	assert_non_null(exact);
	*at = p->next;
	/* at the end of an allocation, where ASan sees what is read behind */
	memcpy(exact, p->data, p->len);
	sim->trace = mix(sim->trace + sim->now, ike_span(exact, p->len));
	ike_engine_datagram(sim->host[p->to].e, sim->now, &p->path,
			    ike_span(exact, p->len));
	free(exact);
	free(p);
}

static uint64_t min_time(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* one thing that happens until @end; false: nothing does */
static bool step(struct sim *sim, uint64_t end)
{
	struct sim_packet **p = packet_first(sim);
	uint64_t a = ike_engine_next(sim->host[ALICE].e);
	uint64_t b = ike_engine_next(sim->host[BOB].e);
	uint64_t at = *p ? (*p)->at : IKE_NEVER;
	uint64_t first = min_time(at, min_time(a, b));

	if (first > end)
		return false;
	if (first > sim->now)
		sim->now = first;
	if (first == at)
		deliver(sim, p);
	else
		ike_engine_timer(sim->host[a <= b ? ALICE : BOB].e, sim->now);
	return true;
}

void sim_run(struct sim *sim, uint64_t ms)
{
	uint64_t end = sim->now + ms;
	unsigned int steps = 0;

	while (step(sim, end))
		if (++steps > STEPS_MAX)
			fail_msg("no end of it at %llu",
				 (unsigned long long)sim->now);
	sim->now = end;
}

unsigned int sim_count(const struct sim *sim, unsigned int host,
		       enum ike_event_type type)
{
	const struct sim_host *h = &sim->host[host];
	unsigned int n = 0;

	for (unsigned int i = 0; i < h->n_events && i < SIM_EVENTS; i++)
		n += h->events[i].type == type;
	return n;
}

const struct sim_event *sim_last(const struct sim *sim, unsigned int host,
				 enum ike_event_type type)
{
	const struct sim_host *h = &sim->host[host];

	assert_true(h->n_events <= SIM_EVENTS);
	for (unsigned int i = h->n_events; i-- > 0;)
		if (h->events[i].type == type)
			return &h->events[i];
	return NULL;
}

struct sas_count {
	unsigned int all;
	unsigned int up;
};

static void count_sa(void *ctx, const struct ike_sa_status *status)
{
	struct sas_count *count = ctx;

	count->all++;
	count->up += status->since != 0;
}

static void ignore_conn(void *ctx, const struct ike_conn_status *status)
{
}

static void ignore_child(void *ctx, const struct ike_child_status *status)
{
}

unsigned int sim_ike_sas(const struct sim *sim, unsigned int host, bool up)
{
	const struct ike_status_ops ops = {
		.conn = ignore_conn,
		.sa = count_sa,
		.child = ignore_child,
	};
	struct sas_count count = { 0 };

	ike_engine_status(sim->host[host].e, &ops, &count);
	return up ? count.up : count.all;
}

static const struct sim_sa *sa_by_spi_in(const struct sim_host *host,
					 uint32_t spi)
{
	for (unsigned int i = 0; i < host->n_sas; i++)
		if (host->sas[i].spec.spi_in == spi)
			return &host->sas[i];
	return NULL;
}

static void ts_same(const struct ike_ts_list *a, const struct ike_ts_list *b)
{
	assert_int_equal(a->n, b->n);
	assert_true(ike_ts_list_covers(a, b) && ike_ts_list_covers(b, a));
}

void sim_check_mirror(const struct sim *sim)
{
	const struct sim_host *a = &sim->host[ALICE], *b = &sim->host[BOB];

	assert_int_equal(a->n_sas, b->n_sas);
	for (unsigned int i = 0; i < a->n_sas; i++) {
		const struct sim_sa *mine = &a->sas[i];
		const struct sim_sa *theirs =
			sa_by_spi_in(b, mine->spec.spi_out);

		assert_non_null(theirs);
		assert_int_equal(theirs->spec.spi_out, mine->spec.spi_in);
		assert_true(ike_span_equal(mine->spec.key_out,
					   theirs->spec.key_in));
		assert_true(ike_span_equal(mine->spec.key_in,
					   theirs->spec.key_out));
		assert_false(
			ike_span_equal(mine->spec.key_in, mine->spec.key_out));
		assert_int_equal(mine->spec.encr, theirs->spec.encr);
		assert_int_equal(mine->spec.esn, theirs->spec.esn);
		assert_int_equal(mine->spec.encap, theirs->spec.encap);
		assert_int_equal(mine->spec.transport, theirs->spec.transport);
		if (!sim->nat || !mine->spec.transport) {
			ts_same(&mine->local_ts, &theirs->remote_ts);
			ts_same(&mine->remote_ts, &theirs->local_ts);
		}
	}
}
