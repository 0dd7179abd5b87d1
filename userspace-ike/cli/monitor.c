// SPDX-License-Identifier: MIT
/* ipsecx monitor: events as they come, until interrupted. */
#include <errno.h>
#include <poll.h>

#include "address.h"
#include "help.h"
#include "json.h"
#include "monitor.h"
#include "text.h"

/* events that told of more than could be read */
static const char overrun[] = "overrun";

static void event_json(struct cli *cli, uint8_t cmd, const void *obj)
{
	json_t *value = json_object(), *rest = obj ? json_told(cmd, obj) : NULL;

	json_object_set_new(value, "event",
			    json_string(obj ? ipsecx_ops[cmd].name : overrun));
	json_object_update_missing(value, rest);
	json_decref(rest);
	json_print(cli, value);
}

static void acquire_text(struct cli *cli, const struct ipsecx_acquire *acquire)
{
	fprintf(cli->out, " policy %u for %s -> %s proto %s", acquire->policy,
		address_text(&acquire->local), address_text(&acquire->remote),
		protocol_text(acquire->protocol));
	if (acquire->has & IPSECX_HAS(ACQUIRE_LOCAL_PORT))
		fprintf(cli->out, " ports %u -> %u", acquire->local_port,
			acquire->remote_port);
}

static void peer_text(struct cli *cli, const struct ipsecx_peer *peer)
{
	if (peer->sa)
		fprintf(cli->out, " sa %u policy %u", peer->sa, peer->policy);
	fprintf(cli->out, " spi 0x%08x from %s", peer->spi,
		address_text(&peer->remote));
	if (peer->has & IPSECX_HAS(PEER_REMOTE_PORT))
		fprintf(cli->out, " port %u", peer->remote_port);
}

static void reason_text(struct cli *cli, uint32_t reason)
{
	fprintf(cli->out, " by %s",
		text_name(&ipsecx_delete_reason_names, reason));
}

static void sa_text(struct cli *cli, const struct ipsecx_sa *sa)
{
	fprintf(cli->out, " sa %u policy %u %s spi 0x%08x", sa->id, sa->policy,
		text_name(&ipsecx_direction_names, sa->direction), sa->spi);
	if (sa->has & IPSECX_HAS(SA_KIND))
		fprintf(cli->out, " %s",
			text_name(&ipsecx_expire_kind_names, sa->kind));
	if (sa->has & IPSECX_HAS(SA_CAUSE))
		fprintf(cli->out, " of %s",
			text_name(&ipsecx_expire_cause_names, sa->cause));
	if (sa->has & IPSECX_HAS(SA_REASON))
		reason_text(cli, sa->reason);
}

static void policy_text(struct cli *cli, const struct ipsecx_policy *policy)
{
	fprintf(cli->out, " policy %u", policy->id);
	if (policy->has & IPSECX_HAS(POLICY_REASON))
		reason_text(cli, policy->reason);
}

static void object_text(struct cli *cli, const struct ipsecx_op *op,
			const void *obj)
{
	uint32_t ifindex = ipsecx_field_number(op->attrs->field, obj);

	if (ifindex)
		fprintf(cli->out, " %s", text_ifname(ifindex));
	if (op->attrs == &ipsecx_acquire_attrs)
		acquire_text(cli, obj);
	else if (op->attrs == &ipsecx_peer_attrs)
		peer_text(cli, obj);
	else if (op->attrs == &ipsecx_policy_attrs)
		policy_text(cli, obj);
	else
		sa_text(cli, obj);
}

void monitor_print(uint8_t cmd, const void *obj, void *data)
{
	const struct ipsecx_op *op = &ipsecx_ops[cmd];
	struct cli *cli = data;

	if (cli->json) {
		event_json(cli, cmd, obj);
		return;
	}
	fputs(obj ? op->name : overrun, cli->out);
	if (obj)
		object_text(cli, op, obj);
	fputc('\n', cli->out);
	fflush(cli->out);
}

int cli_monitor(struct cli *cli, const struct cli_word *w, void *obj)
{
	struct pollfd pfd = { .events = POLLIN };
	int rc;

	if (cli->argc)
		return help_only(cli, "monitor");
	rc = cli_open(cli);
	if (rc)
		return rc;
	pfd.fd = ipsecx_nl_fd(cli->nl);
	rc = cli_result(cli, ipsecx_events_subscribe(cli->nl));
	while (!rc && !ferror(cli->out)) {
		if (poll(&pfd, 1, -1) < 0 && errno != EINTR)
			return cli_fail(cli, "cannot wait for events: %m");
		rc = cli_result(cli, ipsecx_events_receive(cli->nl,
							   monitor_print, cli));
	}
	return rc;
}
