// SPDX-License-Identifier: MIT
/*
 * Traffic selectors as text: ADDRESS["/" PREFIX | "-" ADDRESS]["["PROTOCOL
 * ["/" PORT["-" PORT]]"]"]
 */
#include <arpa/inet.h>
#include <stdio.h>

#include "ts.h"

#define IPPROTO_ICMP6 58

static const struct {
	const char *name;
	uint8_t proto;
} protocols[] = {
	{ "any", 0 },		{ "icmp", IPPROTO_ICMP },
	{ "tcp", IPPROTO_TCP }, { "udp", IPPROTO_UDP },
	{ "gre", 47 },		{ "icmpv6", IPPROTO_ICMP6 },
	{ "ospf", 89 },		{ "sctp", 132 },
};

#define PROTOCOLS (sizeof(protocols) / sizeof(protocols[0]))

/* a decimal number up to max and nothing else */
static bool number_parse(const char *s, unsigned int max, unsigned int *out)
{
	unsigned int v = 0;

	if (!*s)
		return false;
	for (; *s; s++) {
		if (*s < '0' || *s > '9')
			return false;
		v = v * 10 + (unsigned int)(*s - '0');
		if (v > max)
			return false;
	}
	*out = v;
	return true;
}

static bool addr_parse(const char *s, uint8_t *type, uint8_t *addr)
{
	if (inet_pton(AF_INET, s, addr) == 1)
		*type = IKE_TS_IPV4_ADDR_RANGE;
	else if (inet_pton(AF_INET6, s, addr) == 1)
		*type = IKE_TS_IPV6_ADDR_RANGE;
	else
		return false;
	return true;
}

/* host bits of lo to 0, those of hi to 1 */
static void prefix_set(struct ike_ts *ts, unsigned int prefix)
{
	for (unsigned int i = 0; i < ike_ts_addr_len(ts); i++) {
		unsigned int bits = prefix > 8 * i ? prefix - 8 * i : 0;
		uint8_t host = bits >= 8 ? 0 : (uint8_t)(0xff >> bits);

		ts->lo[i] &= (uint8_t)~host;
		ts->hi[i] |= host;
	}
}

static int prefix_parse(const char *s, struct ike_ts *ts, struct ike_diag *diag)
{
	unsigned int prefix, max = 8 * (unsigned int)ike_ts_addr_len(ts);
	struct ike_ts given = *ts;
	char text[IKE_TS_TEXT_MAX];

	if (!number_parse(s, max, &prefix))
		return ike_invalid(diag,
				   "\"/%s\" is no prefix length, 0 to %u are",
				   s, max);
	prefix_set(ts, prefix);
	if (!memcmp(given.lo, ts->lo, ike_ts_addr_len(ts)))
		return 0;
	ike_invalid(diag, "the address has bits set beyond its prefix of %u",
		    prefix);
	ike_ts_print(ts, text, sizeof(text));
	ike_diag_hint(diag, "did you mean \"%s\"?", text);
	return -EINVAL;
}

static int range_parse(const char *s, struct ike_ts *ts, struct ike_diag *diag)
{
	uint8_t type;

	if (!addr_parse(s, &type, ts->hi) || type != ts->type)
		return ike_invalid(
			diag, "\"%s\" is no address the range could end with",
			s);
	if (memcmp(ts->lo, ts->hi, ike_ts_addr_len(ts)) > 0)
		return ike_invalid(diag, "the range ends before it starts");
	return 0;
}

static int addrs_parse(char *s, struct ike_ts *ts, struct ike_diag *diag)
{
	char *more = strpbrk(s, "/-");
	char sep = more ? *more : '\0';

	if (more)
		*more++ = '\0';
	if (!addr_parse(s, &ts->type, ts->lo))
		return ike_invalid(diag, "\"%s\" is no IP address", s);
	memcpy(ts->hi, ts->lo, sizeof(ts->hi));
	if (sep == '/')
		return prefix_parse(more, ts, diag);
	return sep ? range_parse(more, ts, diag) : 0;
}

static int proto_parse(const char *s, struct ike_ts *ts, struct ike_diag *diag)
{
	unsigned int v;

	for (size_t i = 0; i < PROTOCOLS; i++)
		if (!strcmp(s, protocols[i].name)) {
			ts->proto = protocols[i].proto;
			return 0;
		}
	if (!number_parse(s, 255, &v))
		return ike_invalid(
			diag,
			"\"%s\" is no protocol: tcp, udp, icmp, or a number up to 255",
			s);
	ts->proto = (uint8_t)v;
	return 0;
}

static bool is_icmp(const struct ike_ts *ts)
{
	return ts->proto == IPPROTO_ICMP || ts->proto == IPPROTO_ICMP6;
}

/* a port or, for ICMP, a message type with all of its codes */
static int ports_parse(char *s, struct ike_ts *ts, struct ike_diag *diag)
{
	unsigned int lo, hi, max = is_icmp(ts) ? 255 : UINT16_MAX;
	char *end = strchr(s, '-');

	if (!ts->proto)
		return ike_invalid(diag, "ports need a protocol");
	if (!strcmp(s, "opaque")) {
		ts->port_lo = UINT16_MAX;
		ts->port_hi = 0;
		return 0;
	}
	if (end)
		*end++ = '\0';
	if (!number_parse(s, max, &lo) ||
	    !number_parse(end ? end : s, max, &hi) || lo > hi)
		return ike_invalid(diag,
				   "\"%s%s%s\" is no port range, 0 to %u are",
				   s, end ? "-" : "", end ? end : "", max);
	ts->port_lo = (uint16_t)(is_icmp(ts) ? lo << 8 : lo);
	ts->port_hi = (uint16_t)(is_icmp(ts) ? hi << 8 | 255 : hi);
	return 0;
}

int ike_ts_parse(const char *text, struct ike_ts *ts, struct ike_diag *diag)
{
	char buf[IKE_TS_TEXT_MAX], *proto, *port = NULL;
	size_t len = strlen(text);
	int err;

	*ts = (struct ike_ts){ .port_hi = UINT16_MAX };
	if (len >= sizeof(buf))
		return ike_invalid(diag, "too long for a traffic selector");
	memcpy(buf, text, len + 1);
	proto = strchr(buf, '[');
	if (proto) {
		if (buf[len - 1] != ']')
			return ike_invalid(
				diag, "\"]\" is missing at the end of \"%s\"",
				text);
		buf[len - 1] = '\0';
		*proto++ = '\0';
		port = strchr(proto, '/');
		if (port)
			*port++ = '\0';
	}
	err = addrs_parse(buf, ts, diag);
	if (!err && proto)
		err = proto_parse(proto, ts, diag);
	return !err && port ? ports_parse(port, ts, diag) : err;
}

/* the prefix length if the range is one, else -1 */
static int prefix_of(const struct ike_ts *ts)
{
	unsigned int max = 8 * (unsigned int)ike_ts_addr_len(ts), n = 0;
	struct ike_ts t = *ts;

	/* the bits that both ends share; those behind have to be all of them */
	while (n < max && !((ts->lo[n / 8] ^ ts->hi[n / 8]) & 0x80 >> n % 8))
		n++;
	memcpy(t.hi, ts->lo, sizeof(t.hi));
	prefix_set(&t, n);
	return ike_ts_equal(&t, ts) ? (int)n : -1;
}

static void proto_print(const struct ike_ts *ts, char *buf, size_t size)
{
	for (size_t i = 0; i < PROTOCOLS; i++)
		if (protocols[i].proto == ts->proto) {
			ike_text_add(buf, size, "[%s", protocols[i].name);
			return;
		}
	ike_text_add(buf, size, "[%u", ts->proto);
}

static void ports_print(const struct ike_ts *ts, char *buf, size_t size)
{
	unsigned int lo = ts->port_lo, hi = ts->port_hi;

	if (lo > hi) {
		ike_text_add(buf, size, "/opaque");
		return;
	}
	if (is_icmp(ts)) {
		lo >>= 8;
		hi >>= 8;
	}
	ike_text_add(buf, size, lo == hi ? "/%u" : "/%u-%u", lo, hi);
}

void ike_ts_print(const struct ike_ts *ts, char *buf, size_t size)
{
	int af = ts->type == IKE_TS_IPV4_ADDR_RANGE ? AF_INET : AF_INET6;
	int prefix = prefix_of(ts);
	char addr[INET6_ADDRSTRLEN];

	buf[0] = '\0';
	ike_text_add(buf, size, "%s",
		     inet_ntop(af, ts->lo, addr, sizeof(addr)));
	if (prefix < 0)
		ike_text_add(buf, size, "-%s",
			     inet_ntop(af, ts->hi, addr, sizeof(addr)));
	else if (prefix < 8 * (int)ike_ts_addr_len(ts))
		ike_text_add(buf, size, "/%d", prefix);
	if (!ts->proto && !ts->port_lo && ts->port_hi == UINT16_MAX)
		return;
	proto_print(ts, buf, size);
	if (ts->port_lo || ts->port_hi != UINT16_MAX)
		ports_print(ts, buf, size);
	ike_text_add(buf, size, "]");
}

void ike_ts_list_print(const struct ike_ts_list *list, char *buf, size_t size)
{
	char one[IKE_TS_TEXT_MAX];

	buf[0] = '\0';
	for (unsigned int i = 0; i < list->n; i++) {
		ike_ts_print(&list->ts[i], one, sizeof(one));
		ike_text_add(buf, size, "%s%s", i ? ", " : "", one);
	}
	if (!list->n)
		ike_text_add(buf, size, "nothing");
}
