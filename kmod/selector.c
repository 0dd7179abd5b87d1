// SPDX-License-Identifier: GPL-2.0
/* Do a policy's traffic selectors cover a flow? RFC 4301 section 4.4.1.1. */

#include <linux/string.h>
#include "selector.h"

static bool addr_in(const struct in6_addr *addr, const struct in6_addr *start,
		    const struct in6_addr *end)
{
	return memcmp(addr, start, sizeof(*addr)) >= 0 &&
	       memcmp(addr, end, sizeof(*addr)) <= 0;
}

/* A packet without ports fits only where any port would do. */
static bool port_in(u16 port, bool has_ports, u16 start, u16 end)
{
	if (start == 0 && end == U16_MAX)
		return true;
	return has_ports && port >= start && port <= end;
}

bool ipsecx_selector_match(const struct ipsecx_selector *sel,
			   const struct ipsecx_flow *flow)
{
	if (sel->family && sel->family != flow->family)
		return false;
	if (sel->protocol && sel->protocol != flow->protocol)
		return false;
	return addr_in(&flow->local, &sel->local_start, &sel->local_end) &&
	       addr_in(&flow->remote, &sel->remote_start, &sel->remote_end) &&
	       port_in(flow->local_port, flow->has_ports,
		       sel->local_port_start, sel->local_port_end) &&
	       port_in(flow->remote_port, flow->has_ports,
		       sel->remote_port_start, sel->remote_port_end);
}

bool ipsecx_selectors_match(const struct ipsecx_selectors *sels,
			    const struct ipsecx_flow *flow)
{
	unsigned int i;

	if (sels->any)
		return true;
	for (i = 0; i < sels->n; i++)
		if (ipsecx_selector_match(&sels->sel[i], flow))
			return true;
	return false;
}
