// SPDX-License-Identifier: MIT
/* What the command makes of what ipsecxd says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <cmocka.h>

#include "../cli/ctl.h"

static unsigned int events;

static void count(struct cli *cli, json_t *event, void *data)
{
	events++;
}

/* Say all of @lines in advance, as ipsecxd would, then hang up if @gone. */
static int talk(struct cli *cli, const char *const *lines, bool gone,
		char *request, json_t **result)
{
	json_t *ask = json_pack("{s:s}", "cmd", "status");
	int ends[2], rc;
	ssize_t n;

	events = 0;
	*result = NULL;
	if (!cli->timeout)
		cli->timeout = 5;
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
	for (; *lines; lines++)
		assert_int_equal(send(ends[1], *lines, strlen(*lines), 0),
				 strlen(*lines));
	if (gone)
		shutdown(ends[1], SHUT_WR);
	rc = ctl_talk(cli, ends[0], ask, count, NULL, result);
	n = recv(ends[1], request, 256, MSG_DONTWAIT);
	request[n > 0 ? n : 0] = 0;
	close(ends[0]);
	close(ends[1]);
	json_decref(ask);
	return rc;
}

static void events_then_result(void **state)
{
	const char *lines[] = { "{\"event\":\"progress\",\"text\":\"a\"}",
				"{\"event\":\"b\"}", "{\"ok\":true,\"n\":1}",
				NULL };
	struct cli cli = { 0 };
	char request[257];
	json_t *result;

	assert_int_equal(talk(&cli, lines, false, request, &result), CLI_OK);
	assert_int_equal(events, 2);
	assert_int_equal(json_integer_value(json_object_get(result, "n")), 1);
	assert_string_equal(request, "{\"cmd\":\"status\"}");
	json_decref(result);
}

static void refused_with_hint(void **state)
{
	const char *lines[] = { "{\"ok\":false,\"error\":\"no such\","
				"\"hint\":\"try\"}",
				NULL };
	struct cli cli = { 0 };
	char request[257];
	json_t *result;

	assert_int_equal(talk(&cli, lines, false, request, &result),
			 CLI_FAILED);
	assert_string_equal(cli.error, "no such\nhint: try");
	assert_null(result);
}

static void assert_nonsense(const char *line, const char *part)
{
	const char *lines[] = { line, NULL };
	struct cli cli = { 0 };
	char request[257];
	json_t *result;

	assert_int_equal(talk(&cli, lines, true, request, &result), CLI_FAILED);
	assert_non_null(strstr(cli.error, part));
	assert_null(result);
}

static void nonsense_is_survived(void **state)
{
	assert_nonsense("{", "makes no sense");
	assert_nonsense("[]", "makes no sense");
	assert_nonsense("null", "makes no sense");
	assert_nonsense("{\"ok\":\xff}", "makes no sense");
	assert_nonsense("{\"ok\":0}", "refused");
	assert_nonsense("{\"ok\":false,\"error\":7}", "refused");
	assert_nonsense("{\"event\":\"bye\"}", "gone away");
}

static void long_answers_are_whole(void **state)
{
	char *line = malloc(100001);
	const char *lines[] = { line, NULL };
	struct cli cli = { 0 };
	char request[257];
	json_t *result;

	assert_non_null(line);
	memset(line, ' ', 100000);
	memcpy(line, "{\"ok\":true", 10);
	line[99999] = '}';
	line[100000] = 0;
	assert_int_equal(talk(&cli, lines, false, request, &result), CLI_OK);
	json_decref(result);
	free(line);
}

static void silence_has_an_end(void **state)
{
	const char *lines[] = { NULL };
	struct cli cli = { .timeout = 1 };
	char request[257];
	json_t *result;

	assert_int_equal(talk(&cli, lines, false, request, &result),
			 CLI_FAILED);
	assert_non_null(strstr(cli.error, "in 1 seconds"));
}

static void nobody_there(void **state)
{
	struct cli cli = { .socket = "/nonexistent/ctl.sock", .timeout = 1 };
	json_t *result = NULL;

	assert_int_equal(ctl_ask(&cli, json_object(), count, NULL, &result),
			 CLI_FAILED);
	assert_non_null(strstr(cli.error, "does not run"));
}

/* Serve one client of a real socket with @lines. */
static pid_t serve(const char *path, const char *const *lines)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET, 0), client;
	char request[256];
	pid_t pid;

	strncpy(sun.sun_path, path, sizeof(sun.sun_path) - 1);
	assert_int_equal(bind(fd, (struct sockaddr *)&sun, sizeof(sun)), 0);
	assert_int_equal(listen(fd, 1), 0);
	pid = fork();
	if (!pid) {
		client = accept(fd, NULL, NULL);
		if (recv(client, request, sizeof(request), 0) <= 0)
			_exit(1);
		for (; *lines; lines++)
			send(client, *lines, strlen(*lines), 0);
		_exit(0);
	}
	close(fd);
	return pid;
}

static void status_text(void **state)
{
	const char *lines[] = {
		"{\"event\":\"connection\",\"conn\":\"office\",\"state\":\"up\","
		"\"remote\":\"192.0.2.2\",\"children\":[{\"child\":\"lan\","
		"\"state\":\"up\",\"local-ts\":[\"10.0.0.0/8\",\"a\\u001bb\"],"
		"\"rekey\":null}]}",
		"{\"ok\":true}", NULL
	};
	char path[] = "/tmp/ipsecx_ctl_XXXXXX", *output = NULL;
	const struct cli_word status = { "status", cli_daemon, .max = 1 };
	struct cli cli = { .timeout = 5, .socket = path };
	size_t len;

	assert_true(mkdtemp(path) && !rmdir(path));
	assert_true(serve(path, lines) > 0);
	cli.out = open_memstream(&output, &len);
	assert_int_equal(cli_daemon(&cli, &status, NULL), CLI_OK);
	fclose(cli.out);
	unlink(path);
	assert_string_equal(output, "office: up\n"
				    "  remote: 192.0.2.2\n"
				    "  child lan: up\n"
				    "    local-ts: 10.0.0.0/8, a?b\n"
				    "    rekey: null\n");
	free(output);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(events_then_result),
		cmocka_unit_test(refused_with_hint),
		cmocka_unit_test(nonsense_is_survived),
		cmocka_unit_test(long_answers_are_whole),
		cmocka_unit_test(silence_has_an_end),
		cmocka_unit_test(nobody_there),
		cmocka_unit_test(status_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
