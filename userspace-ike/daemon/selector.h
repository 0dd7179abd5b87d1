/* SPDX-License-Identifier: MIT */
/* Traffic selectors of IKE as selectors of a policy. */
#ifndef DAEMON_SELECTOR_H
#define DAEMON_SELECTOR_H

#include "client.h"
#include "conn.h"

/* the address without the port */
void selector_addr(const struct ike_addr *from, struct ipsecx_addr *to);

/**
 * selector_fill() - each pair of a local and a remote selector that can meet
 * @policy: takes them
 * @local: this side's
 * @remote: the other's
 * @diag: why the kernel could not have them
 *
 * Return: 0, -EOPNOTSUPP.
 */
int selector_fill(struct ipsecx_policy *policy, const struct ike_ts_list *local,
		  const struct ike_ts_list *remote, struct ike_diag *diag);

#endif
