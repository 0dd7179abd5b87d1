// SPDX-License-Identifier: MIT
/* ipsecx monitor: events as they come, until interrupted. */
#include <errno.h>
#include <poll.h>

#include "address.h"
#include "events.h"
#include "help.h"
#include "json.h"
#include "monitor.h"
#include "text.h"

static const char *const event_names[] = {
	[IPSECX_EVENT_ACQUIRE] = "acquire",
	[IPSECX_EVENT_SA_EXPIRE] = "sa-expire",
	[IPSECX_EVENT_SA_DEL] = "sa-del",
	[IPSECX_EVENT_POLICY_DEL] = "policy-del",
	[IPSECX_EVENT_PEER_MOVED] = "peer-moved",
	[IPSECX_EVENT_UNKNOWN_SPI] = "unknown-spi",
	[IPSECX_EVENT_OVERRUN] = "overrun",
};

static void event_json(struct cli *cli, const struct ipsecx_event *event)
{
	const struct ipsecx_fields *fields = ipsecx_event_fields(event->type);
	json_t *value = json_object(), *rest;

	json_object_set_new(value, "event",
			    json_string(event_names[event->type]));
	if (fields) {
		rest = event->ifindex ?
			       json_named(fields, event, event->ifindex) :
			       json_fields(fields, event);
		json_object_update_missing(value, rest);
		json_decref(rest);
	}
	json_print(cli, value);
}

static void acquire_text(struct cli *cli, const struct ipsecx_event *event)
{
	char local[ADDRESS_LEN], remote[ADDRESS_LEN], proto[8];

	fprintf(cli->out, " policy %u for %s -> %s proto %s", event->policy,
		address_text(&event->local, local),
		address_text(&event->remote, remote),
		protocol_text(event->protocol, proto));
	if (event->has_ports)
		fprintf(cli->out, " ports %u -> %u", event->local_port,
			event->remote_port);
}

static void sa_text(struct cli *cli, const struct ipsecx_event *event)
{
	char direction[TEXT_LEN];

	fprintf(cli->out, " sa %u policy %u %s spi 0x%08x", event->sa,
		event->policy,
		text_name(&ipsecx_direction_names, event->direction, direction),
		event->spi);
}

static void peer_text(struct cli *cli, const struct ipsecx_event *event)
{
	char remote[ADDRESS_LEN];

	if (event->sa)
		fprintf(cli->out, " sa %u policy %u", event->sa, event->policy);
	fprintf(cli->out, " spi 0x%08x from %s", event->spi,
		address_text(&event->remote, remote));
	if (event->has_ports)
		fprintf(cli->out, " port %u", event->remote_port);
}

static bool is_of_peer(const struct ipsecx_event *event)
{
	return event->type == IPSECX_EVENT_PEER_MOVED ||
	       event->type == IPSECX_EVENT_UNKNOWN_SPI;
}

static void event_text(struct cli *cli, const struct ipsecx_event *event)
{
	char name[TEXT_IFNAME_LEN], word[TEXT_LEN];

	fputs(event_names[event->type], cli->out);
	if (event->ifindex)
		fprintf(cli->out, " %s", text_ifname(event->ifindex, name));
	if (event->type == IPSECX_EVENT_ACQUIRE)
		acquire_text(cli, event);
	else if (is_of_peer(event))
		peer_text(cli, event);
	else if (event->type == IPSECX_EVENT_POLICY_DEL)
		fprintf(cli->out, " policy %u", event->policy);
	else if (event->type != IPSECX_EVENT_OVERRUN)
		sa_text(cli, event);
	if (event->has_kind)
		fprintf(cli->out, " %s",
			text_name(&ipsecx_expire_names, event->kind, word));
	if (event->has_cause)
		fprintf(cli->out, " of %s",
			text_name(&ipsecx_cause_names, event->cause, word));
	if (event->has_reason)
		fprintf(cli->out, " by %s",
			text_name(&ipsecx_delete_names, event->reason, word));
	fputc('\n', cli->out);
	fflush(cli->out);
}

void monitor_print(const struct ipsecx_event *event, void *data)
{
	struct cli *cli = data;

	if (cli->json)
		event_json(cli, event);
	else
		event_text(cli, event);
}

static int monitor_run(struct cli *cli, struct ipsecx_nl *nl)
{
	struct pollfd pfd = { .fd = ipsecx_nl_fd(nl), .events = POLLIN };
	int rc = cli_result(cli, nl, ipsecx_events_subscribe(nl));

	while (!rc && !ferror(cli->out)) {
		if (poll(&pfd, 1, -1) < 0 && errno != EINTR)
			return cli_fail(cli, "cannot wait for events: %m");
		rc = cli_result(cli, nl,
				ipsecx_events_receive(nl, monitor_print, cli));
	}
	return rc;
}

int cli_monitor(struct cli *cli, void *obj)
{
	struct ipsecx_nl *nl = NULL;
	int rc;

	if (cli->argc)
		return help_only(cli, "monitor");
	rc = cli_open(cli, &nl);
	if (!rc)
		rc = monitor_run(cli, nl);
	ipsecx_nl_close(nl);
	return rc;
}
