// SPDX-License-Identifier: MIT
/* The control socket: one result per request, whatever clients do. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>
#include <event2/event.h>

#include "../daemon/ctl.h"

/* what a command leaves for its test */
static struct fixture {
	char dir[64];
	char path[96];
	struct event_base *base;
	struct ctl *ctl;
	struct ctl_client *waiting;
	unsigned int gone;
} fix;

static void run_echo(struct ctl_client *client, const struct ctl_request *req,
		     void *data)
{
	ctl_event(client, json_pack("{s:s}", "event", "echo"));
	ctl_ok(client, json_pack("{s:s?, s:s?}", "conn", req->conn, "child",
				 req->child));
}

static void run_wait(struct ctl_client *client, const struct ctl_request *req,
		     void *data)
{
	fix.waiting = client;
}

static void run_flood(struct ctl_client *client, const struct ctl_request *req,
		      void *data)
{
	char text[1024];
	int i;

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	for (i = 0; i < 20000; i++)
		ctl_event(client, json_pack("{s:s}", "event", text));
	ctl_ok(client, NULL);
}

static void on_gone(struct ctl_client *client, void *data)
{
	fix.gone++;
	if (fix.waiting == client)
		fix.waiting = NULL;
}

static const struct ctl_command commands[] = { { "echo", run_echo },
					       { "wait", run_wait },
					       { "flood", run_flood },
					       { NULL, NULL } };

static int setup(void **state)
{
	memset(&fix, 0, sizeof(fix));
	strcpy(fix.dir, "/tmp/ctl_test.XXXXXX");
	if (!mkdtemp(fix.dir))
		return -1;
	snprintf(fix.path, sizeof(fix.path), "%s/sock", fix.dir);
	fix.base = event_base_new();
	return ctl_open(&fix.ctl, fix.base, fix.path, commands, on_gone, NULL);
}

static int teardown(void **state)
{
	ctl_close(fix.ctl);
	event_base_free(fix.base);
	/* only empty when the socket was removed */
	return rmdir(fix.dir);
}

static void turn(void)
{
	int i;

	for (i = 0; i < 4; i++)
		event_base_loop(fix.base, EVLOOP_NONBLOCK);
}

static int client_open(void)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET, 0);

	strcpy(sun.sun_path, fix.path);
	assert_int_equal(connect(fd, (struct sockaddr *)&sun, sizeof(sun)), 0);
	turn();
	return fd;
}

/* the next packet, NULL when the daemon hung up or says nothing */
static json_t *client_recv(int fd)
{
	char buf[4096];
	ssize_t len = recv(fd, buf, sizeof(buf), MSG_DONTWAIT);

	return len > 0 ? json_loadb(buf, (size_t)len, 0, NULL) : NULL;
}

static void expect_error(int fd, const char *error)
{
	json_t *reply = client_recv(fd);
	const char *text = json_string_value(json_object_get(reply, "error"));

	assert_true(json_is_false(json_object_get(reply, "ok")));
	if (!text || !strstr(text, error))
		fail_msg("\"%s\", not \"%s\"", text ? text : "nothing", error);
	assert_null(client_recv(fd));
	json_decref(reply);
}

static void test_echo(void **state)
{
	const char *request = "{\"cmd\":\"echo\",\"conn\":\"a\"}";
	int fd = client_open();
	json_t *reply;

	send(fd, request, strlen(request), 0);
	turn();
	reply = client_recv(fd);
	assert_string_equal(json_string_value(json_object_get(reply, "event")),
			    "echo");
	json_decref(reply);
	reply = client_recv(fd);
	assert_true(json_is_true(json_object_get(reply, "ok")));
	assert_string_equal(json_string_value(json_object_get(reply, "conn")),
			    "a");
	json_decref(reply);
	close(fd);
	turn();
	assert_int_equal(fix.gone, 0);
}

static const struct {
	const char *request;
	const char *error;
} hostile[] = {
	{ "?", "is not JSON" },
	{ "{\"cmd\":\"echo\"", "is not JSON" },
	{ "{\"cmd\":\"echo\",\"cmd\":\"echo\"}", "is not JSON" },
	{ "{\"cmd\":\"echo\"} x", "is not JSON" },
	{ "[]", "not a JSON object" },
	{ "{}", "has no cmd" },
	{ "{\"cmd\":1}", "are strings" },
	{ "{\"cmd\":\"echo\",\"x\":\"y\"}", "none of cmd, conn and child" },
	{ "{\"cmd\":\"echo\",\"child\":\"y\"}", "a child but no conn" },
	{ "{\"cmd\":\"reboot\"}", "unknown command" },
	{ "{\"cmd\":\"echo\",\"conn\":\"0123456789012345678901234567890123456789"
	  "012345678901234567890123456789\"}",
	  "at most 63 bytes" },
};

static void test_hostile(void **state)
{
	int fd = client_open();
	size_t i;

	for (i = 0; i < sizeof(hostile) / sizeof(*hostile); i++) {
		send(fd, hostile[i].request, strlen(hostile[i].request), 0);
		turn();
		expect_error(fd, hostile[i].error);
	}
	close(fd);
}

static void test_oversized(void **state)
{
	static char big[60000];
	int fd = client_open();

	memset(big, '[', sizeof(big));
	send(fd, big, CTL_REQUEST_MAX, 0);
	turn();
	expect_error(fd, "is not JSON");
	send(fd, big, CTL_REQUEST_MAX + 1, 0);
	turn();
	expect_error(fd, "longer than 4096 bytes");
	send(fd, big, sizeof(big), 0);
	turn();
	expect_error(fd, "longer than 4096 bytes");
	close(fd);
}

static void test_gone(void **state)
{
	int fd = client_open(), other = client_open();

	send(fd, "{\"cmd\":\"wait\"}", 14, 0);
	turn();
	assert_non_null(fix.waiting);
	close(fd);
	turn();
	assert_int_equal(fix.gone, 1);
	assert_null(fix.waiting);
	/* the rest goes on; a result may come late */
	send(other, "{\"cmd\":\"wait\"}", 14, 0);
	turn();
	ctl_error(fix.waiting, "no", "why");
	turn();
	expect_error(other, "no");
	/* a second request before the result: hung up on, and told so */
	send(other, "{\"cmd\":\"wait\"}", 14, 0);
	turn();
	send(other, "{\"cmd\":\"wait\"}", 14, 0);
	turn();
	assert_int_equal(recv(other, &fd, 1, MSG_DONTWAIT), 0);
	assert_int_equal(fix.gone, 2);
	close(other);
}

/* a client that does not read costs a bounded amount, then is let go */
static void test_slow(void **state)
{
	int fd = client_open(), other = client_open();

	send(fd, "{\"cmd\":\"flood\"}", 15, 0);
	turn();
	turn();
	send(other, "{\"cmd\":\"reboot\"}", 16, 0);
	turn();
	expect_error(other, "unknown command");
	close(fd);
	close(other);
	turn();
}

static void test_many(void **state)
{
	int fd[40], i, refused = 0;
	char byte;

	for (i = 0; i < 40; i++)
		fd[i] = client_open();
	for (i = 0; i < 40; i++) {
		refused += recv(fd[i], &byte, 1, MSG_DONTWAIT) == 0;
		close(fd[i]);
	}
	assert_int_equal(refused, 8);
	turn();
	fd[0] = client_open();
	send(fd[0], "{\"cmd\":\"reboot\"}", 16, 0);
	turn();
	expect_error(fd[0], "unknown command");
	close(fd[0]);
}

/* a live daemon's socket is respected, a dead one's is replaced */
static void test_path(void **state)
{
	struct ctl *second = NULL;
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	struct stat st;
	int fd;

	assert_int_equal(stat(fix.path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(ctl_open(&second, fix.base, fix.path, commands,
				  on_gone, NULL),
			 -EADDRINUSE);
	turn();
	assert_int_equal(stat(fix.path, &st), 0);
	ctl_close(fix.ctl);
	fd = socket(AF_UNIX, SOCK_SEQPACKET, 0);
	strcpy(sun.sun_path, fix.path);
	assert_int_equal(bind(fd, (struct sockaddr *)&sun, sizeof(sun)), 0);
	close(fd);
	assert_int_equal(ctl_open(&fix.ctl, fix.base, fix.path, commands,
				  on_gone, NULL),
			 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_echo, setup, teardown),
		cmocka_unit_test_setup_teardown(test_hostile, setup, teardown),
		cmocka_unit_test_setup_teardown(test_oversized, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_gone, setup, teardown),
		cmocka_unit_test_setup_teardown(test_slow, setup, teardown),
		cmocka_unit_test_setup_teardown(test_many, setup, teardown),
		cmocka_unit_test_setup_teardown(test_path, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
