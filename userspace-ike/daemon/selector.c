// SPDX-License-Identifier: MIT
#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#include "selector.h"

#define SELECTORS_MAX 64

void selector_addr(const struct ike_addr *from, struct ipsecx_addr *to)
{
	to->len = from->len;
	memcpy(to->bytes, from->ip, from->len);
}

static void set_addr(struct ipsecx_addr *to, const struct ike_ts *ts,
		     const uint8_t *bytes)
{
	to->len = (uint8_t)ike_ts_addr_len(ts);
	memcpy(to->bytes, bytes, to->len);
}

static bool any_port(const struct ike_ts *ts)
{
	return !ts->port_lo && ts->port_hi == UINT16_MAX;
}

static bool proto_has_ports(uint8_t proto)
{
	return proto == IPPROTO_TCP || proto == IPPROTO_UDP ||
	       proto == IPPROTO_SCTP || proto == IPPROTO_DCCP ||
	       proto == IPPROTO_UDPLITE || proto == IPPROTO_ICMP ||
	       proto == IPPROTO_ICMPV6 || proto == IPPROTO_MH;
}

static int check(const struct ike_ts *ts, struct ike_diag *diag)
{
	char text[IKE_TS_TEXT_MAX];

	if (any_port(ts) ||
	    (proto_has_ports(ts->proto) && ts->port_lo <= ts->port_hi))
		return 0;
	ike_ts_print(ts, text, sizeof(text));
	return ike_diag_set(
		diag, IKE_N_TS_UNACCEPTABLE, -EOPNOTSUPP,
		"the kernel cannot select %s: only TCP, UDP, SCTP, DCCP and ICMP have ports there",
		text);
}

static bool can_meet(const struct ike_ts *a, const struct ike_ts *b)
{
	return a->type == b->type &&
	       (!a->proto || !b->proto || a->proto == b->proto);
}

static void set_pair(struct ipsecx_selector *s, const struct ike_ts *l,
		     const struct ike_ts *r)
{
	memset(s, 0, sizeof(*s));
	s->protocol = l->proto ? l->proto : r->proto;
	if (!any_port(l)) {
		s->has |= IPSECX_HAS(SELECTOR_LOCAL_PORT_START) |
			  IPSECX_HAS(SELECTOR_LOCAL_PORT_END);
		s->local_port_start = l->port_lo;
		s->local_port_end = l->port_hi;
	}
	if (!any_port(r)) {
		s->has |= IPSECX_HAS(SELECTOR_REMOTE_PORT_START) |
			  IPSECX_HAS(SELECTOR_REMOTE_PORT_END);
		s->remote_port_start = r->port_lo;
		s->remote_port_end = r->port_hi;
	}
	set_addr(&s->local_start, l, l->lo);
	set_addr(&s->local_end, l, l->hi);
	set_addr(&s->remote_start, r, r->lo);
	set_addr(&s->remote_end, r, r->hi);
}

static int add_pair(struct ipsecx_policy *policy, const struct ike_ts *l,
		    const struct ike_ts *r, struct ike_diag *diag)
{
	int err;

	if (!can_meet(l, r))
		return 0;
	err = check(l, diag);
	if (!err)
		err = check(r, diag);
	if (err)
		return err;
	if (policy->n_selector == SELECTORS_MAX)
		return ike_diag_set(diag, IKE_N_TS_UNACCEPTABLE, -EOPNOTSUPP,
				    "more than %d pairs of traffic selectors",
				    SELECTORS_MAX);
	set_pair(&policy->selector[policy->n_selector++], l, r);
	return 0;
}

int selector_fill(struct ipsecx_policy *policy, const struct ike_ts_list *local,
		  const struct ike_ts_list *remote, struct ike_diag *diag)
{
	unsigned int i, j;
	int err = 0;

	policy->n_selector = 0;
	for (i = 0; i < local->n && !err; i++)
		for (j = 0; j < remote->n && !err; j++)
			err = add_pair(policy, &local->ts[i], &remote->ts[j],
				       diag);
	if (!err && !policy->n_selector)
		err = ike_diag_set(
			diag, IKE_N_TS_UNACCEPTABLE, -EOPNOTSUPP,
			"no local traffic selector can meet a remote one");
	return err;
}
