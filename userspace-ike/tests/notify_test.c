// SPDX-License-Identifier: MIT
/* What the service manager is told, and silence when there is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "../daemon/notify.h"

static void expect(int fd, const char *text)
{
	char buf[128] = "";

	recv(fd, buf, sizeof(buf) - 1, MSG_DONTWAIT);
	assert_string_equal(buf, text);
}

/* in a directory, and in the abstract namespace, which is written with @ */
static void check(const char *path)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	uint64_t watchdog;

	memcpy(sun.sun_path, path, strlen(path));
	if (path[0] == '@')
		sun.sun_path[0] = '\0';
	assert_int_equal(
		bind(fd, (struct sockaddr *)&sun,
		     offsetof(struct sockaddr_un, sun_path) + strlen(path)),
		0);
	setenv("NOTIFY_SOCKET", path, 1);
	setenv("WATCHDOG_USEC", "30000000", 1);
	notify_open(&watchdog);
	assert_int_equal(watchdog, 30000000);
	notify_send("READY=1\nSTATUS=%d of %d", 3, 4);
	expect(fd, "READY=1\nSTATUS=3 of 4");
	notify_close();
	notify_send("STOPPING=1");
	expect(fd, "");
	close(fd);
}

static void test_path(void **state)
{
	char dir[] = "/tmp/notify_test.XXXXXX", path[64];

	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/socket", dir);
	check(path);
	unlink(path);
	rmdir(dir);
}

static void test_abstract(void **state)
{
	char path[64];

	snprintf(path, sizeof(path), "@notify_test/%d", (int)getpid());
	check(path);
}

static void test_nobody(void **state)
{
	uint64_t watchdog = 1;

	setenv("WATCHDOG_USEC", "30000000", 1);
	setenv("NOTIFY_SOCKET", "/nonexistent/socket", 1);
	notify_open(&watchdog);
	assert_int_equal(watchdog, 0);
	notify_send("READY=1");
	unsetenv("NOTIFY_SOCKET");
	notify_open(&watchdog);
	assert_int_equal(watchdog, 0);
	notify_send("READY=1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_path),
		cmocka_unit_test(test_abstract),
		cmocka_unit_test(test_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
