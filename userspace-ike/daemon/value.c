// SPDX-License-Identifier: MIT
#include <arpa/inet.h>
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
	ike_diag_set(diag, 0, -EINVAL, "%s", text);
	ike_diag_hint(diag, "%s", hint);
	return -EINVAL;
}

static int bad_value(const struct value_key *key, const char *text,
		     struct ike_diag *diag)
{
	ike_diag_set(diag, 0, -EINVAL, "%s = \"%.80s\" is wrong", key->name,
		     text);
	if (key->right)
		ike_diag_hint(diag, "it must be %s", key->right);
	else
		ike_diag_hint(diag, "it must be a number from %u to %u",
			      key->min, key->max);
	return -EINVAL;
}

static void store(const struct value_key *key, void *to, uint32_t value)
{
	if (key->size == sizeof(uint8_t))
		*(uint8_t *)to = (uint8_t)value;
	else if (key->size == sizeof(uint16_t))
		*(uint16_t *)to = (uint16_t)value;
	else
		*(uint32_t *)to = value;
}

/* the index of a word, or VALUE_WORDS_MAX */
static unsigned int find_word(const struct value_key *key, const char *text)
{
	unsigned int i;

	for (i = 0; i < VALUE_WORDS_MAX; i++)
		if (key->words[i] && !strcmp(text, key->words[i]))
			break;
	return i;
}

int value_word(const struct value_key *key, const char *text, void *to,
	       struct ike_diag *diag)
{
	unsigned int i = find_word(key, text);

	if (i == VALUE_WORDS_MAX)
		return bad_value(key, text, diag);
	store(key, to, i);
	return 0;
}

int value_number(const struct value_key *key, const char *text, void *to,
		 struct ike_diag *diag)
{
	unsigned long long value;
	char *end;

	errno = 0;
	value = strtoull(text, &end, 0);
	if (errno || end == text || *end || *text == '-' || value < key->min ||
	    value > key->max)
		return bad_value(key, text, diag);
	store(key, to, (uint32_t)value);
	return 0;
}

int value_addr(const struct value_key *key, const char *text, void *to,
	       struct ike_diag *diag)
{
	struct ike_addr *addr = to;

	memset(addr, 0, sizeof(*addr));
	if (find_word(key, text) != VALUE_WORDS_MAX)
		return 0;
	if (inet_pton(AF_INET, text, addr->ip) == 1)
		addr->len = 4;
	else if (inet_pton(AF_INET6, text, addr->ip) == 1)
		addr->len = 16;
	if (!addr->len || net_addr_is_any(addr))
		return bad_value(key, text, diag);
	return 0;
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

static int psk_from_hex(const char *hex, struct ike_conn *conn,
			struct ike_diag *diag)
{
	size_t i, len = strlen(hex);

	if (len % 2 || len / 2 > IKE_PSK_MAX)
		return bad(
			diag,
			"a hexadecimal psk with an odd number of digits, or too long",
			"after 0x it must have two digits for each of at most 256 bytes");
	if (hex[strspn(hex, "0123456789abcdefABCDEF")])
		return bad(diag,
			   "a psk that starts with 0x and is not hexadecimal",
			   "after 0x it must have digits from 0 to f");
	for (i = 0; i < len / 2; i++)
		sscanf(hex + 2 * i, "%2hhx", &conn->psk[i]);
	conn->psk_len = len / 2;
	return 0;
}

/* no message here says the secret itself */
int value_psk(const struct value_key *key, const char *text, void *to,
	      struct ike_diag *diag)
{
	struct ike_conn *conn = to;
	size_t len = strlen(text);

	if (conn->psk_len)
		return bad(diag, "a second psk for one connection",
			   "it must have either psk or psk_file");
	if (!strncmp(text, "0x", 2) && len > 2)
		return psk_from_hex(text + 2, conn, diag);
	if (!len || len > IKE_PSK_MAX)
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
	char buf[2 * IKE_PSK_MAX + 8] = { 0 };
	ssize_t len = read_secret(text, buf, sizeof(buf) - 1, diag);
	int err = -EINVAL;

	if (len >= 0) {
		buf[strcspn(buf, "\r\n")] = '\0';
		err = value_psk(key, buf, to, diag);
	}
	ike_wipe(buf, sizeof(buf));
	return err;
}

static int add_proposals(struct ike_proposals *to,
			 const struct ike_proposals *from,
			 struct ike_diag *diag)
{
	unsigned int i;

	if (to->n + from->n > IKE_PROPOSALS_MAX)
		return bad(diag, "too many proposals",
			   "four or five of them are plenty");
	for (i = 0; i < from->n; i++, to->n++) {
		to->p[to->n] = from->p[i];
		to->p[to->n].num = (uint8_t)(to->n + 1);
	}
	return 0;
}

int value_proposals(const struct value_key *key, const char *text, void *to,
		    struct ike_diag *diag)
{
	struct ike_proposals *some = malloc(sizeof(*some));
	int err;

	if (!some)
		return bad(diag, "out of memory", "try again");
	err = ike_proposals_parse(text, (uint8_t)key->min, some, diag);
	if (!err)
		err = add_proposals(to, some, diag);
	free(some);
	return err;
}

int value_ifname(const struct value_key *key, const char *text, void *to,
		 struct ike_diag *diag)
{
	size_t len = strlen(text);

	if (!len || len >= IF_NAMESIZE || strpbrk(text, "/ \t:%") ||
	    !strcmp(text, ".") || !strcmp(text, ".."))
		return bad_value(key, text, diag);
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
