// SPDX-License-Identifier: MIT
/* Output for people. */
#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>

#include <linux/if_ipsecx.h>

#include "address.h"
#include "text.h"

const char *text_format(const char *fmt, ...)
{
	static char text[16][256];
	static unsigned int next;
	char *to = text[next++ % 16];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(to, sizeof(text[0]), fmt, ap);
	va_end(ap);
	return to;
}

const char *text_bytes(uint64_t bytes)
{
	static const char unit[] = "KMGTPE";
	double amount = bytes / 1024.0;
	size_t i = 0;

	if (bytes < 1024)
		return text_format("%" PRIu64 " B", bytes);
	/* 1023.995 would be rounded to 1024.00. */
	for (; amount >= 1023.995; i++)
		amount /= 1024;
	return text_format("%.2f %ciB", amount, unit[i]);
}

const char *text_seconds(uint32_t seconds)
{
	uint32_t minutes = seconds / 60, hours = minutes / 60;

	if (hours >= 24)
		return text_format("%ud %uh", hours / 24, hours % 24);
	if (hours)
		return text_format("%uh %um", hours, minutes % 60);
	if (minutes)
		return text_format("%um %us", minutes, seconds % 60);
	return text_format("%us", seconds);
}

const char *text_name(const struct ipsecx_names *names, uint32_t value)
{
	const char *name = ipsecx_name(names, value);

	return name ? name : text_format("%u", value);
}

const char *text_ifname(uint32_t ifindex)
{
	char name[IF_NAMESIZE];

	if (if_indextoname(ifindex, name))
		return text_format("%s", name);
	return text_format("if%u", ifindex);
}

void text_safe(const char *text, FILE *out)
{
	for (; *text; text++)
		fputc(isprint((unsigned char)*text) ? *text : '?', out);
}

static void text_drops(const struct cli *cli, const char *label,
		       const struct ipsecx_drop *drop, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		fprintf(cli->out, "%s%s %" PRIu64, i ? ", " : label,
			text_name(&ipsecx_drop_reason_names, drop[i].reason),
			drop[i].packets);
	if (n)
		fputc('\n', cli->out);
}

void text_policy(const struct cli *cli, const struct ipsecx_policy *policy)
{
	unsigned int i;

	fprintf(cli->out, "  policy %u: %s %s -> %s", policy->id,
		text_name(&ipsecx_mode_names, policy->mode),
		address_text(&policy->local), address_text(&policy->remote));
	if (policy->encap != IPSECX_ENCAP_NONE)
		fprintf(cli->out, ", %s %u -> %u",
			text_name(&ipsecx_encap_names, policy->encap),
			policy->local_port, policy->remote_port);
	if (policy->priority)
		fprintf(cli->out, ", priority %u", policy->priority);
	if (policy->keepalive)
		fprintf(cli->out, ", keepalive %u", policy->keepalive);
	if (policy->tfc_pad == UINT16_MAX)
		fputs(", tfc-pad mtu", cli->out);
	else if (policy->tfc_pad)
		fprintf(cli->out, ", tfc-pad %u", policy->tfc_pad);
	if (policy->mtu)
		fprintf(cli->out, ", mtu %u", policy->mtu);
	fputs(policy->sa ? "\n" : ", no outbound SA\n", cli->out);
	for (i = 0; i < policy->n_selector; i++)
		fprintf(cli->out, "    selector %s\n",
			selector_text(&policy->selector[i]));
}

static void text_limit(const struct cli *cli, const char *what, uint64_t soft,
		       uint64_t hard)
{
	if (soft)
		fprintf(cli->out, ", %s soft %" PRIu64, what, soft);
	if (hard)
		fprintf(cli->out, ", %s hard %" PRIu64, what, hard);
}

static void text_sa_stats(const struct cli *cli, const struct ipsecx_sa *sa)
{
	fprintf(cli->out, "      sequence %" PRIu64, sa->sequence);
	if (sa->direction == IPSECX_DIRECTION_IN)
		fprintf(cli->out, ", replay window %u", sa->replay_window);
	if (sa->driver[0]) {
		fputs(", driver ", cli->out);
		text_safe(sa->driver, cli->out);
	}
	text_limit(cli, "bytes", sa->byte_soft, sa->byte_hard);
	text_limit(cli, "packets", sa->packet_soft, sa->packet_hard);
	text_limit(cli, "seconds", sa->time_soft, sa->time_hard);
	if (sa->idle)
		fprintf(cli->out, ", idle after %u", sa->idle);
	fputc('\n', cli->out);
}

void text_sa(const struct cli *cli, const struct ipsecx_sa *sa)
{
	fprintf(cli->out, "    sa %u: %s spi 0x%08x %s%s%s%s%s, %s old\n",
		sa->id, text_name(&ipsecx_direction_names, sa->direction),
		sa->spi,
		sa->protocol == IPSECX_PROTOCOL_AH ?
			"ah" :
			text_name(&ipsecx_encr_names, sa->encr),
		sa->integ ? " " : "",
		sa->integ ? text_name(&ipsecx_integ_names, sa->integ) : "",
		sa->esn ? " esn" : "", sa->current ? ", current" : "",
		text_seconds(sa->age));
	fprintf(cli->out, "      %" PRIu64 " packets, %s", sa->packets,
		text_bytes(sa->bytes));
	if (sa->has & IPSECX_HAS(SA_LAST_USED))
		fprintf(cli->out, ", last used %s ago",
			text_seconds(sa->last_used));
	fputc('\n', cli->out);
	if (cli->stats)
		text_sa_stats(cli, sa);
	text_drops(cli, "      dropped: ", sa->drop, sa->n_drop);
}

/* what is not as it is by default */
static void text_outside(const struct cli *cli, const struct ipsecx_device *dev)
{
	if (!dev->fwmark && !dev->ttl && dev->dscp == IPSECX_DSCP_COPY &&
	    dev->df == IPSECX_DF_CLEAR)
		return;
	fputs("  outside:", cli->out);
	if (dev->fwmark)
		fprintf(cli->out, " fwmark 0x%x", dev->fwmark);
	if (dev->ttl)
		fprintf(cli->out, " ttl %u", dev->ttl);
	if (dev->dscp != IPSECX_DSCP_COPY)
		fprintf(cli->out, " dscp %u", dev->dscp);
	if (dev->df != IPSECX_DF_CLEAR)
		fprintf(cli->out, " df %s",
			text_name(&ipsecx_df_names, dev->df));
	fputc('\n', cli->out);
}

void text_device(const struct cli *cli, const struct ipsecx_device *dev)
{
	text_safe(dev->ifname, cli->out);
	fprintf(cli->out, ": %u %s, %u SA%s", dev->policies,
		dev->policies == 1 ? "policy" : "policies", dev->sas,
		dev->sas == 1 ? "" : "s");
	if (dev->held)
		fprintf(cli->out, ", %u packets held", dev->held);
	fprintf(cli->out, "\n  received %" PRIu64 " packets, %s",
		dev->rx_packets, text_bytes(dev->rx_bytes));
	fprintf(cli->out, "; sent %" PRIu64 " packets, %s\n", dev->tx_packets,
		text_bytes(dev->tx_bytes));
	text_outside(cli, dev);
	text_drops(cli, "  dropped: ", dev->drop, dev->n_drop);
	text_drops(cli, "  dropped in its namespace: ", dev->netns_drop,
		   dev->n_netns_drop);
}
