// SPDX-License-Identifier: MIT
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>

#include "conn.h"

const char *ike_addr_print(const struct ike_addr *addr,
			   char buf[IKE_ADDR_TEXT_MAX])
{
	char ip[INET6_ADDRSTRLEN] = "any";

	if (addr->len)
		inet_ntop(addr->len == 4 ? AF_INET : AF_INET6, addr->ip, ip,
			  sizeof(ip));
	if (!addr->port)
		snprintf(buf, IKE_ADDR_TEXT_MAX, "%s", ip);
	else
		snprintf(buf, IKE_ADDR_TEXT_MAX,
			 addr->len == 16 ? "[%s]:%u" : "%s:%u", ip, addr->port);
	return buf;
}

static size_t conn_size(unsigned int n_children)
{
	return sizeof(struct ike_conn) +
	       n_children * sizeof(struct ike_child_conf);
}

struct ike_conn *ike_conn_new(unsigned int n_children)
{
	struct ike_conn *conn;

	if (n_children > IKE_CHILDREN_MAX)
		return NULL;
	conn = calloc(1, conn_size(n_children));
	if (conn)
		conn->n_children = n_children;
	return conn;
}

void ike_conn_free(struct ike_conn *conn)
{
	if (!conn)
		return;
	ike_wipe(conn, conn_size(conn->n_children));
	free(conn);
}

/* each selector is zero before it is filled in */
static bool ts_list_equal(const struct ike_ts_list *a,
			  const struct ike_ts_list *b)
{
	return a->n == b->n && !memcmp(a->ts, b->ts, a->n * sizeof(a->ts[0]));
}

static bool child_equal(const struct ike_child_conf *a,
			const struct ike_child_conf *b)
{
	return !strcmp(a->name, b->name) && a->transport == b->transport &&
	       a->start == b->start &&
	       ts_list_equal(&a->local_ts, &b->local_ts) &&
	       ts_list_equal(&a->remote_ts, &b->remote_ts) &&
	       ike_proposals_equal(&a->esp, &b->esp);
}

static bool children_equal(const struct ike_conn *a, const struct ike_conn *b)
{
	if (a->n_children != b->n_children)
		return false;
	for (unsigned int i = 0; i < a->n_children; i++)
		if (!child_equal(&a->children[i], &b->children[i]))
			return false;
	return true;
}

bool ike_conn_equal(const struct ike_conn *a, const struct ike_conn *b)
{
	return !strcmp(a->name, b->name) &&
	       ike_addr_same_host(&a->local, &b->local) &&
	       ike_addr_same_host(&a->remote, &b->remote) &&
	       ike_id_equal(&a->local_id, &b->local_id) &&
	       ike_id_equal(&a->remote_id, &b->remote_id) &&
	       ike_secret_equal(ike_span(a->psk, a->psk_len),
				ike_span(b->psk, b->psk_len)) &&
	       ike_proposals_equal(&a->ike, &b->ike) && a->encap == b->encap &&
	       a->dpd == b->dpd && children_equal(a, b);
}
