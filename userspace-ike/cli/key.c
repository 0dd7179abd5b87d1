// SPDX-License-Identifier: MIT
/*
 * Reading keys without leaving them behind: no stdio, which buffers, and no
 * explanation that repeats what was read.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "key.h"

/* The longest key in digits, with white space around it. */
#define KEY_TEXT_LEN (2 * IPSECX_KEY_MAX + 64)

void key_wipe(struct key *key)
{
	explicit_bzero(key, sizeof(*key));
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 'a' ^ 'A';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool key_digits(struct key *key, const char *text, size_t len)
{
	size_t i;

	if (!len || len % 2 || len / 2 > sizeof(key->bytes))
		return false;
	for (i = 0; i < len; i += 2) {
		int high = hex_digit(text[i]), low = hex_digit(text[i + 1]);

		if (high < 0 || low < 0)
			return false;
		key->bytes[i / 2] = high << 4 | low;
	}
	key->len = len / 2;
	return true;
}

bool key_parse(struct key *key, const char *text)
{
	size_t len;

	while (isspace((unsigned char)*text))
		text++;
	if (text[0] == '0' && (text[1] | 0x20) == 'x')
		text += 2;
	len = strlen(text);
	while (len && isspace((unsigned char)text[len - 1]))
		len--;
	if (key_digits(key, text, len))
		return true;
	key_wipe(key);
	return false;
}

static int key_check(struct cli *cli, struct key *key, const char *text)
{
	if (key_parse(key, text))
		return CLI_OK;
	return cli_usage(
		cli,
		"a key is an even number of hexadecimal digits, %u at most",
		2 * IPSECX_KEY_MAX);
}

static int key_read(struct cli *cli, struct key *key, int fd, const char *name)
{
	char text[KEY_TEXT_LEN];
	size_t at = 0;
	ssize_t n;
	int rc;

	do {
		n = read(fd, text + at, sizeof(text) - 1 - at);
		if (n > 0)
			at += n;
	} while (n > 0 || (n < 0 && errno == EINTR));
	text[at] = 0;
	if (n < 0)
		rc = cli_fail(cli, "cannot read the key from %s: %m", name);
	else
		rc = key_check(cli, key, text);
	explicit_bzero(text, sizeof(text));
	return rc;
}

int key_take(struct cli *cli, struct key *key, const char *name)
{
	char *word = cli_value(cli, name, "the key, or -");
	int rc;

	if (!word)
		return CLI_USAGE;
	if (!strcmp(word, "-"))
		return key_read(cli, key, STDIN_FILENO, "the standard input");
	rc = key_check(cli, key, word);
	/* ps and /proc show argv for as long as this runs. */
	explicit_bzero(word, strlen(word));
	return rc;
}

int key_take_file(struct cli *cli, struct key *key, const char *name)
{
	const char *file = cli_value(cli, name, "a file");
	int fd, rc;

	if (!file)
		return CLI_USAGE;
	fd = open(file, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return cli_fail(cli, "cannot open the key file %s: %m", file);
	rc = key_read(cli, key, fd, file);
	close(fd);
	return rc;
}
