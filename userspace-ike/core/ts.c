// SPDX-License-Identifier: MIT
/*
 * Traffic selectors: their algebra and their wire form. Text is ts-text.c's.
 */
#include "ts.h"

void ike_ts_host(struct ike_ts *ts, const void *addr, size_t addr_len)
{
	*ts = (struct ike_ts){
		.type = addr_len == IKE_TS_V4_LEN ? IKE_TS_IPV4_ADDR_RANGE :
						    IKE_TS_IPV6_ADDR_RANGE,
		.port_hi = UINT16_MAX,
	};
	memcpy(ts->lo, addr, ike_ts_addr_len(ts));
	memcpy(ts->hi, addr, ike_ts_addr_len(ts));
}

static bool is_opaque(const struct ike_ts *ts)
{
	return ts->port_lo > ts->port_hi;
}

static bool is_any_port(const struct ike_ts *ts)
{
	return !ts->port_lo && ts->port_hi == UINT16_MAX;
}

static int addr_cmp(const struct ike_ts *ts, const uint8_t *a, const uint8_t *b)
{
	return memcmp(a, b, ike_ts_addr_len(ts));
}

bool ike_ts_equal(const struct ike_ts *a, const struct ike_ts *b)
{
	return a->type == b->type && a->proto == b->proto &&
	       a->port_lo == b->port_lo && a->port_hi == b->port_hi &&
	       !addr_cmp(a, a->lo, b->lo) && !addr_cmp(a, a->hi, b->hi);
}

/* OPAQUE (section 3.13.1) has only itself and ANY in common with others */
static bool ports_intersect(const struct ike_ts *a, const struct ike_ts *b,
			    struct ike_ts *out)
{
	const struct ike_ts *opaque = is_opaque(a) ? a : b;

	if (is_opaque(opaque)) {
		const struct ike_ts *other = opaque == a ? b : a;

		out->port_lo = opaque->port_lo;
		out->port_hi = opaque->port_hi;
		return is_opaque(other) || is_any_port(other);
	}
	out->port_lo = a->port_lo > b->port_lo ? a->port_lo : b->port_lo;
	out->port_hi = a->port_hi < b->port_hi ? a->port_hi : b->port_hi;
	return out->port_lo <= out->port_hi;
}

/* what both match; false: nothing */
static bool intersect(const struct ike_ts *a, const struct ike_ts *b,
		      struct ike_ts *out)
{
	struct ike_ts res = { .type = a->type };
	size_t len = ike_ts_addr_len(a);

	if (a->type != b->type ||
	    (a->proto && b->proto && a->proto != b->proto) ||
	    !ports_intersect(a, b, &res))
		return false;
	res.proto = a->proto ? a->proto : b->proto;
	memcpy(res.lo, addr_cmp(a, a->lo, b->lo) > 0 ? a->lo : b->lo, len);
	memcpy(res.hi, addr_cmp(a, a->hi, b->hi) < 0 ? a->hi : b->hi, len);
	if (addr_cmp(a, res.lo, res.hi) > 0)
		return false;
	*out = res;
	return true;
}

/* what both have in common is the whole of the inner one */
bool ike_ts_covers(const struct ike_ts *outer, const struct ike_ts *inner)
{
	struct ike_ts both;

	return intersect(outer, inner, &both) && ike_ts_equal(&both, inner);
}

static bool list_covers(const struct ike_ts_list *outer,
			const struct ike_ts *inner)
{
	for (unsigned int i = 0; i < outer->n; i++)
		if (ike_ts_covers(&outer->ts[i], inner))
			return true;
	return false;
}

bool ike_ts_list_covers(const struct ike_ts_list *outer,
			const struct ike_ts_list *inner)
{
	for (unsigned int i = 0; i < inner->n; i++)
		if (!list_covers(outer, &inner->ts[i]))
			return false;
	return true;
}

/*
 * Add one that none covers; it takes the place of the first one it covers.
 * A full list stays as it is: the peer's first selectors are in it already.
 */
static void list_merge(struct ike_ts_list *list, const struct ike_ts *ts)
{
	unsigned int kept = 0;
	bool placed = false;

	if (list_covers(list, ts))
		return;
	for (unsigned int i = 0; i < list->n; i++) {
		if (!ike_ts_covers(ts, &list->ts[i])) {
			list->ts[kept++] = list->ts[i];
		} else if (!placed) {
			list->ts[kept++] = *ts;
			placed = true;
		}
	}
	if (!placed && kept < IKE_TS_MAX)
		list->ts[kept++] = *ts;
	list->n = kept;
}

int ike_ts_list_narrow(const struct ike_ts_list *mine,
		       const struct ike_ts_list *theirs,
		       struct ike_ts_list *out, struct ike_diag *diag)
{
	struct ike_ts both;
	char text[160];

	out->n = 0;
	for (unsigned int i = 0; i < theirs->n; i++)
		for (unsigned int j = 0; j < mine->n; j++)
			if (intersect(&theirs->ts[i], &mine->ts[j], &both))
				list_merge(out, &both);
	if (out->n)
		return 0;
	ike_ts_list_print(mine, text, sizeof(text));
	ike_diag_set(diag, IKE_N_TS_UNACCEPTABLE, -ENOENT,
		     "no common traffic: we allow %s", text);
	ike_ts_list_print(theirs, text, sizeof(text));
	ike_diag_add(diag, ", the peer asks for %s", text);
	return -ENOENT;
}

unsigned int ike_ts_list_substitute(struct ike_ts_list *list, const void *from,
				    const void *to, size_t addr_len)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < list->n; i++) {
		struct ike_ts *ts = &list->ts[i];

		if (ike_ts_addr_len(ts) != addr_len ||
		    memcmp(ts->lo, from, addr_len) ||
		    memcmp(ts->hi, from, addr_len))
			continue;
		memcpy(ts->lo, to, addr_len);
		memcpy(ts->hi, to, addr_len);
		n++;
	}
	return n;
}

/*
 * | TS type (1) | protocol (1) | length (2) | start port (2) | end port (2) |
 * | start address | end address |
 */
static int ts_read(struct ike_reader *r, struct ike_ts_list *list,
		   struct ike_diag *diag)
{
	struct ike_ts *ts = &list->ts[list->n];
	struct ike_span body;
	size_t len;

	*ts = (struct ike_ts){ .type = ike_read8(r) };
	ts->proto = ike_read8(r);
	len = ike_read16(r);
	body = ike_read(r, len < 4 ? SIZE_MAX : len - 4);
	if (r->failed)
		return ike_syntax(diag, "a traffic selector is cut off");
	if (ts->type != IKE_TS_IPV4_ADDR_RANGE &&
	    ts->type != IKE_TS_IPV6_ADDR_RANGE)
		return 0;
	if (body.len != 4 + 2 * ike_ts_addr_len(ts))
		return ike_syntax(
			diag, "a traffic selector of type %u says %zu octets",
			ts->type, len);
	ts->port_lo = ike_get16(body.p);
	ts->port_hi = ike_get16(body.p + 2);
	memcpy(ts->lo, body.p + 4, ike_ts_addr_len(ts));
	memcpy(ts->hi, body.p + 4 + ike_ts_addr_len(ts), ike_ts_addr_len(ts));
	if (addr_cmp(ts, ts->lo, ts->hi) > 0)
		return ike_syntax(diag,
				  "a traffic selector ends before it starts");
	if (is_opaque(ts) && (ts->port_lo != UINT16_MAX || ts->port_hi))
		return ike_syntax(diag, "a traffic selector has ports %u to %u",
				  ts->port_lo, ts->port_hi);
	list->n++;
	return 0;
}

/* | number of TSs (1) | reserved (3) | TSs | */
int ike_ts_list_read(struct ike_span body, struct ike_ts_list *list,
		     struct ike_diag *diag)
{
	struct ike_reader r = { .in = body };
	unsigned int count = ike_read8(&r);
	int err = 0;

	list->n = 0;
	ike_read(&r, 3);
	if (r.failed || !count)
		return ike_syntax(diag, "no traffic selector");
	if (count > IKE_TS_MAX)
		return ike_syntax(diag, "%u traffic selectors, at most %u",
				  count, IKE_TS_MAX);
	for (unsigned int i = 0; i < count && !err; i++)
		err = ts_read(&r, list, diag);
	if (!err && r.in.len)
		return ike_syntax(diag,
				  "%zu octets after the traffic selectors",
				  r.in.len);
	return err;
}

void ike_ts_list_write(struct ike_writer *w, const struct ike_ts_list *list)
{
	ike_write32(w, (uint32_t)list->n << 24);
	for (unsigned int i = 0; i < list->n; i++) {
		const struct ike_ts *ts = &list->ts[i];
		size_t len = ike_ts_addr_len(ts);

		ike_write8(w, ts->type);
		ike_write8(w, ts->proto);
		ike_write16(w, (uint16_t)(8 + 2 * len));
		ike_write16(w, ts->port_lo);
		ike_write16(w, ts->port_hi);
		ike_write(w, ike_span(ts->lo, len));
		ike_write(w, ike_span(ts->hi, len));
	}
}
