// SPDX-License-Identifier: MIT
/*
 * The SPD and its selectors against the plain words of RFC 4301: of the policies
 * a selector of which covers the flow, the one of the least priority number, the
 * older of several. The input is a program: policies come, change and go, and
 * flows are looked up.
 */
#include "../../kmod/selector.c"
#include "../../kmod/spd.c"
#include "fuzz.h"

#define POLICIES	24
#define SELECTORS	3

typedef unsigned __int128 u128;

struct input {
	const uint8_t *b;
	size_t n;
};

struct world {
	struct ipsecx_spd spd;
	struct ipsecx_policy policy[POLICIES];
	struct ipsecx_selectors *sels[POLICIES];
	unsigned int n;
};

static unsigned int take(struct input *in)
{
	if (!in->n)
		return 0;
	in->n--;
	return *in->b++;
}

static u128 number(const struct in6_addr *addr)
{
	u128 v = 0;
	int i;

	for (i = 0; i < 16; i++)
		v = v << 8 | addr->s6_addr[i];
	return v;
}

/* The address of few bits that are often the same: top, middle, bottom. */
static void address(struct input *in, int family, struct in6_addr *addr)
{
	unsigned int b = take(in);

	memset(addr, 0, sizeof(*addr));
	if (family == AF_INET) {
		addr->s6_addr[10] = addr->s6_addr[11] = 0xFF;
		addr->s6_addr[12] = b >> 6 << 6;
		addr->s6_addr[14] = b >> 3 & 7;
		addr->s6_addr[15] = b & 7;
		return;
	}
	addr->s6_addr[0] = b >> 6 << 6;
	addr->s6_addr[10] = addr->s6_addr[11] = b & 32 ? 0xFF : 0xFE;
	addr->s6_addr[15] = b & 31;
}

/* As netlink would let it in: a range of one family, not backwards. */
static void range(struct input *in, int family, struct in6_addr *start,
		  struct in6_addr *end)
{
	struct in6_addr other;

	if (!family) {
		memset(start, 0, sizeof(*start));
		memset(end, 0xFF, sizeof(*end));
		return;
	}
	address(in, family, start);
	address(in, family, end);
	if (number(start) <= number(end))
		return;
	other = *start;
	*start = *end;
	*end = other;
}

static void ports(struct input *in, u16 *start, u16 *end)
{
	unsigned int from = take(in), to = take(in);

	*start = 0;
	*end = U16_MAX;
	if (from & 0x80)
		return;
	*start = min(from, to) % 8;
	*end = max(from, to) % 8;
	if (*start > *end)
		*end = U16_MAX;
}

static void selector(struct input *in, struct ipsecx_selector *sel)
{
	static const int families[] = { AF_INET, AF_INET6, 0, AF_INET };
	unsigned int b = take(in);

	sel->family = families[b & 3];
	sel->protocol = b & 4 ? 17 : b & 8 ? 6 : 0;
	range(in, sel->family, &sel->local_start, &sel->local_end);
	range(in, sel->family, &sel->remote_start, &sel->remote_end);
	ports(in, &sel->local_port_start, &sel->local_port_end);
	ports(in, &sel->remote_port_start, &sel->remote_port_end);
}

static void flow_take(struct input *in, struct ipsecx_flow *flow)
{
	unsigned int b = take(in);

	memset(flow, 0, sizeof(*flow));
	flow->family = b & 1 ? AF_INET : AF_INET6;
	flow->protocol = b & 2 ? 17 : b & 4 ? 6 : 1;
	flow->has_ports = b & 8;
	flow->local_port = flow->has_ports ? b >> 4 & 7 : 0;
	flow->remote_port = flow->has_ports ? take(in) & 7 : 0;
	address(in, flow->family, &flow->local);
	address(in, flow->family, &flow->remote);
}

static bool covers_address(const struct in6_addr *start,
			   const struct in6_addr *end,
			   const struct in6_addr *addr)
{
	return number(start) <= number(addr) && number(addr) <= number(end);
}

static bool covers_port(u16 start, u16 end, const struct ipsecx_flow *flow,
			u16 port)
{
	if (flow->has_ports)
		return start <= port && port <= end;
	return end - start == 65535;
}

static bool covers(const struct ipsecx_selector *s,
		   const struct ipsecx_flow *f)
{
	if (s->family && f->family != s->family)
		return false;
	if (s->protocol && f->protocol != s->protocol)
		return false;
	return covers_address(&s->local_start, &s->local_end, &f->local) &&
	       covers_address(&s->remote_start, &s->remote_end, &f->remote) &&
	       covers_port(s->local_port_start, s->local_port_end, f,
			   f->local_port) &&
	       covers_port(s->remote_port_start, s->remote_port_end, f,
			   f->remote_port);
}

static bool covers_any(const struct ipsecx_selectors *sels,
		       const struct ipsecx_flow *flow)
{
	bool any = false;
	unsigned int i;

	for (i = 0; i < sels->n; i++) {
		REQUIRE(ipsecx_selector_match(&sels->sel[i], flow) ==
			covers(&sels->sel[i], flow));
		any |= covers(&sels->sel[i], flow);
	}
	REQUIRE(ipsecx_selectors_match(sels, flow) == any);
	return any;
}

static void look_up(struct input *in, struct world *w)
{
	const struct ipsecx_policy *best = NULL;
	struct ipsecx_flow flow;
	unsigned int i;

	flow_take(in, &flow);
	for (i = 0; i < POLICIES; i++)
		if (w->sels[i] && covers_any(w->sels[i], &flow) &&
		    (!best || w->policy[i].priority < best->priority ||
		     (w->policy[i].priority == best->priority &&
		      w->policy[i].id < best->id)))
			best = &w->policy[i];
	REQUIRE(ipsecx_spd_lookup(&w->spd, &flow) == best);
}

static void add(struct input *in, struct world *w, unsigned int i)
{
	unsigned int n = 1 + take(in) % SELECTORS;
	struct ipsecx_selectors *sels;

	if (w->sels[i])
		return;
	sels = calloc(1, struct_size(sels, sel, n));
	for (; sels->n < n; sels->n++)
		selector(in, &sels->sel[sels->n]);
	w->policy[i].id = ++w->n;
	w->policy[i].priority = take(in) % 3;
	w->sels[i] = sels;
	REQUIRE(!ipsecx_spd_file(&w->spd, &w->policy[i], sels));
}

static void del(struct world *w, unsigned int i)
{
	if (!w->sels[i])
		return;
	ipsecx_spd_unfile(&w->spd, w->sels[i]);
	free(w->sels[i]->filed);
	free(w->sels[i]);
	w->sels[i] = NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct input in = { data, len };
	struct world w = {};
	unsigned int i;

	ipsecx_spd_init(&w.spd);
	while (in.n) {
		unsigned int op = take(&in);

		i = take(&in) % POLICIES;
		if (op % 4 == 0)
			add(&in, &w, i);
		else if (op % 16 == 1)
			del(&w, i);
		else if (op % 16 == 2)
			w.policy[i].priority = op >> 6;
		else
			look_up(&in, &w);
	}
	for (i = 0; i < POLICIES; i++)
		del(&w, i);
	REQUIRE(w.spd.shapes.next == &w.spd.shapes && !w.spd.entries.all);
	ipsecx_spd_fini(&w.spd);
	return 0;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	fuzz_seed_hex(-1, "0000000000408080000000030100");
	fuzz_seed_hex(-1, "0401010508090a80808080000301ff0001ff");
	return 0;
}
