// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "value.h"

#define WORD_MAX 32 /* longer ones are nobody's typing error */

static int bad(struct ike_diag *diag, const char *text, const char *hint)
{
	ike_diag_set(diag, 0, -EINVAL, "%.100s", text);
	ike_diag_hint(diag, "%s", hint);
	return -EINVAL;
}

static int bad_value(const struct value_key *key, const char *text,
		     struct ike_diag *diag, const char *hint)
{
	ike_diag_set(diag, 0, -EINVAL, "%s = \"%.80s\" is wrong", key->name,
		     text);
	ike_diag_hint(diag, "%s", hint);
	return -EINVAL;
}

int value_addr(const struct value_key *key, const char *text, void *to,
	       struct ike_diag *diag)
{
	if (!net_addr_parse(text, to) && !net_addr_is_any(to))
		return 0;
	return bad_value(
		key, text, diag,
		"it must be an IPv4 or IPv6 address such as 192.0.2.1");
}

int value_addr_or_any(const struct value_key *key, const char *text, void *to,
		      struct ike_diag *diag)
{
	memset(to, 0, sizeof(union net_addr));
	if (!strcmp(text, "any"))
		return 0;
	if (!net_addr_parse(text, to) && !net_addr_is_any(to))
		return 0;
	return bad_value(key, text, diag,
			 "it must be an IPv4 or IPv6 address, or any");
}

int value_listen(const struct value_key *key, const char *text, void *to,
		 struct ike_diag *diag)
{
	struct net_config *net = to;

	if (net->n_listen == NET_LISTEN_MAX)
		return bad(diag, "more than 16 addresses to listen on",
			   "leave listen out to listen on all of them");
	return value_addr(key, text, &net->listen[net->n_listen++], diag);
}

int value_id(const struct value_key *key, const char *text, void *to,
	     struct ike_diag *diag)
{
	return ike_id_parse(text, to, diag);
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
		return (c | 0x20) - 'a' + 10;
	return -1;
}

static int psk_from_hex(const char *hex, struct config_conn *conn,
			struct ike_diag *diag)
{
	size_t i, len = strlen(hex);
	int hi, lo;

	if (len % 2 || len / 2 > CONFIG_PSK_MAX)
		return bad(
			diag,
			"a hexadecimal psk with an odd number of digits, or too long",
			"after 0x it must have two digits for each of at most 256 bytes");
	for (i = 0; i < len / 2; i++) {
		hi = hex_digit(hex[2 * i]);
		lo = hex_digit(hex[2 * i + 1]);
		if (hi < 0 || lo < 0)
			return bad(
				diag,
				"a psk that starts with 0x and is not hexadecimal",
				"after 0x it must have digits from 0 to f");
		conn->psk[i] = (uint8_t)(hi << 4 | lo);
	}
	conn->psk_len = len / 2;
	return 0;
}

/* no message here says the secret itself */
int value_psk(const struct value_key *key, const char *text, void *to,
	      struct ike_diag *diag)
{
	struct config_conn *conn = to;
	size_t len = strlen(text);

	if (conn->psk_len)
		return bad(diag, "a second psk for one connection",
			   "it must have either psk or psk_file");
	if (!strncmp(text, "0x", 2) && len > 2)
		return psk_from_hex(text + 2, conn, diag);
	if (!len || len > CONFIG_PSK_MAX)
		return bad(
			diag, "the psk is empty or longer than 256 bytes",
			"16 random bytes or more would be right: openssl rand -base64 24");
	memcpy(conn->psk, text, len);
	conn->psk_len = len;
	return 0;
}

static ssize_t read_secret(const char *path, char *buf, size_t size,
			   struct ike_diag *diag)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t len = -EINVAL;
	struct stat st;

	if (fd < 0 || fstat(fd, &st)) {
		ike_diag_set(diag, 0, -EINVAL, "cannot read %.200s: %s", path,
			     strerror(errno));
		ike_diag_hint(
			diag,
			"psk_file must be a file of ipsecxd's user with the psk in its first line");
	} else if (!S_ISREG(st.st_mode) || st.st_mode & 077) {
		ike_diag_set(diag, 0, -EINVAL,
			     "others may read the secret in %.200s", path);
		ike_diag_hint(diag, "it must be a file of mode 0600");
	} else {
		len = read(fd, buf, size);
	}
	if (fd >= 0)
		close(fd);
	return len;
}

int value_psk_file(const struct value_key *key, const char *text, void *to,
		   struct ike_diag *diag)
{
	char buf[2 * CONFIG_PSK_MAX + 8] = { 0 };
	ssize_t len = read_secret(text, buf, sizeof(buf) - 1, diag);
	int err = -EINVAL;

	if (len >= 0) {
		buf[strcspn(buf, "\r\n")] = '\0';
		err = value_psk(key, buf, to, diag);
	}
	ike_wipe(buf, sizeof(buf));
	return err;
}

int value_words(const struct value_key *key, const char *text, void *to,
		struct ike_diag *diag)
{
	struct config_list *list = to;
	uint8_t proto = strcmp(key->name, "ike") ? IKE_PROTO_ESP :
						   IKE_PROTO_IKE;
	struct ike_proposals *scratch;
	int err;

	if (strlen(list->text) + strlen(text) + 3 > sizeof(list->text))
		return bad(diag, "too many proposals",
			   "four or five of them are plenty");
	if (list->text[0])
		ike_text_add(list->text, sizeof(list->text), ", ");
	ike_text_add(list->text, sizeof(list->text), "%s", text);
	scratch = malloc(sizeof(*scratch));
	if (!scratch)
		return bad(diag, "out of memory", "try again");
	err = ike_proposals_parse(list->text, proto, scratch, diag);
	free(scratch);
	return err;
}

int value_choice(const struct value_key *key, const char *text, void *to,
		 struct ike_diag *diag)
{
	enum config_choice *choice = to;

	if (!strcmp(text, "auto"))
		*choice = CONFIG_AUTO;
	else if (!strcmp(text, "yes"))
		*choice = CONFIG_YES;
	else if (!strcmp(text, "no"))
		*choice = CONFIG_NO;
	else
		return bad_value(key, text, diag, "it must be auto, yes or no");
	return 0;
}

int value_encap(const struct value_key *key, const char *text, void *to,
		struct ike_diag *diag)
{
	bool *always = to;

	*always = !strcmp(text, "yes");
	if (*always || !strcmp(text, "auto"))
		return 0;
	return bad_value(key, text, diag,
			 "it must be yes, or auto for when there is a NAT");
}

int value_mode(const struct value_key *key, const char *text, void *to,
	       struct ike_diag *diag)
{
	bool *transport = to;

	*transport = !strcmp(text, "transport");
	if (*transport || !strcmp(text, "tunnel"))
		return 0;
	return bad_value(key, text, diag, "it must be tunnel or transport");
}

int value_bool(const struct value_key *key, const char *text, void *to,
	       struct ike_diag *diag)
{
	bool *on = to;

	*on = !strcmp(text, "yes");
	if (*on || !strcmp(text, "no"))
		return 0;
	return bad_value(key, text, diag, "it must be yes or no");
}

int value_end(const struct value_key *key, const char *text, void *to,
	      struct ike_diag *diag)
{
	*(bool *)to = true;
	return 0;
}

int value_uint(const struct value_key *key, const char *text, void *to,
	       struct ike_diag *diag)
{
	unsigned long long value;
	char *end;

	errno = 0;
	value = strtoull(text, &end, 0);
	if (!errno && end != text && !*end && *text != '-' &&
	    value >= key->min && value <= key->max) {
		*(uint32_t *)to = (uint32_t)value;
		return 0;
	}
	bad_value(key, text, diag, "");
	ike_diag_hint(diag, "it must be a number from %u to %u", key->min,
		      key->max);
	return -EINVAL;
}

int value_port(const struct value_key *key, const char *text, void *to,
	       struct ike_diag *diag)
{
	uint32_t value;

	if (value_uint(key, text, &value, diag))
		return -EINVAL;
	*(uint16_t *)to = (uint16_t)value;
	return 0;
}

int value_ifname(const struct value_key *key, const char *text, void *to,
		 struct ike_diag *diag)
{
	size_t len = strlen(text);

	if (!len || len >= IF_NAMESIZE || strpbrk(text, "/ \t:%") ||
	    !strcmp(text, ".") || !strcmp(text, ".."))
		return bad_value(
			key, text, diag,
			"it must be an interface name of at most 15 bytes such as ipsec0");
	memcpy(to, text, len + 1);
	return 0;
}

int value_ts(const struct value_key *key, const char *text, void *to,
	     struct ike_diag *diag)
{
	struct ike_ts_list *list = to;

	if (list->n == IKE_TS_MAX)
		return bad(diag, "more than 32 traffic selectors",
			   "bigger ones, or a second child, would be right");
	return ike_ts_parse(text, &list->ts[list->n++], diag);
}

static unsigned int least(unsigned int a, unsigned int b, unsigned int c)
{
	unsigned int m = a < b ? a : b;

	return m < c ? m : c;
}

/* edit distance: how many letters to insert, remove or change */
static unsigned int distance(const char *a, const char *b)
{
	size_t i, j, n = strlen(a), m = strlen(b);
	unsigned int row[WORD_MAX + 1], diagonal, above;

	if (n > WORD_MAX || m > WORD_MAX)
		return WORD_MAX;
	for (j = 0; j <= m; j++)
		row[j] = (unsigned int)j;
	for (i = 1; i <= n; i++) {
		diagonal = row[0];
		row[0] = (unsigned int)i;
		for (j = 1; j <= m; j++) {
			above = row[j];
			row[j] = least(row[j - 1] + 1, above + 1,
				       diagonal + (a[i - 1] != b[j - 1]));
			diagonal = above;
		}
	}
	return row[m];
}

const char *value_closest(const char *word,
			  const char *(*name)(unsigned int i, const void *data),
			  const void *data)
{
	unsigned int i, d, best = 1 + (unsigned int)strlen(word) / 3;
	const char *candidate, *closest = NULL;

	for (i = 0; (candidate = name(i, data)); i++) {
		d = distance(word, candidate);
		if (d <= best) {
			closest = candidate;
			best = d ? d - 1 : 0;
		}
	}
	return closest;
}
