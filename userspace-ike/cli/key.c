// SPDX-License-Identifier: MIT
/*
 * Reading keys without leaving them behind: no stdio, which buffers, and no
 * explanation that repeats what was read.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "key.h"

/* The longest key in digits, with white space around it. */
#define KEY_TEXT_LEN (2 * KEY_MAX + 64)

void key_wipe(struct key *key)
{
	explicit_bzero(key, sizeof(*key));
}

/* digits, "0x" before them or not, white space around them or not */
static bool key_parse(struct key *key, const char *text)
{
	size_t i, len;

	text += strspn(text, " \t\r\n");
	if (text[0] == '0' && (text[1] | 0x20) == 'x')
		text += 2;
	len = strspn(text, "0123456789abcdefABCDEF");
	if (!len || len % 2 || len / 2 > sizeof(key->bytes) ||
	    text[len + strspn(text + len, " \t\r\n")])
		return false;
	for (i = 0; i < len; i += 2)
		sscanf(text + i, "%2hhx", &key->bytes[i / 2]);
	key->len = len / 2;
	return true;
}

static int key_check(struct cli *cli, struct key *key, const char *text)
{
	if (key_parse(key, text))
		return CLI_OK;
	return cli_usage(
		cli,
		"a key is an even number of hexadecimal digits, %u at most",
		2 * KEY_MAX);
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

static int take_word(struct cli *cli, struct key *key, const char *name)
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

static int take_file(struct cli *cli, struct key *key, const char *name)
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

int key_take(struct cli *cli, struct key *key, const char *name)
{
	return strstr(name, "-file") ? take_file(cli, key, name) :
				       take_word(cli, key, name);
}
