// SPDX-License-Identifier: MIT
/* What the daemon can still ask of the kernel. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ike_helper.h"
#include "../daemon/sandbox.h"

static bool refused(long rc)
{
	return rc == -1 && errno == ENOSYS;
}

/* a number that says what went wrong */
static int files(void)
{
	if (open("/dev/null", O_RDONLY | O_CLOEXEC) < 0)
		return 1;
	if (!refused(open("/dev/null", O_WRONLY)) ||
	    !refused(open("/dev/null", O_RDWR)))
		return 2;
	if (!refused(openat(AT_FDCWD, "/tmp/sandbox_test", O_CREAT, 0600)) ||
	    !refused(openat(AT_FDCWD, "/dev/null", O_TRUNC)))
		return 3;
	if (!refused(rename("/nosuch", "/nowhere")) ||
	    !refused(chmod("/nosuch", 0777)) ||
	    !refused(link("/nosuch", "/nowhere")) ||
	    !refused(symlink("/nosuch", "/nowhere")))
		return 4;
	return 0;
}

static int programs(void)
{
	static char *const args[] = { "/bin/true", NULL };
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED)
		return 11;
	if (!refused(mprotect(page, 4096, PROT_READ | PROT_EXEC)))
		return 12;
	if (!refused(execve(args[0], args, args + 1)))
		return 13;
	if (!refused(fork()))
		return 14;
	return 0;
}

static int sockets(void)
{
	if (socket(AF_INET, SOCK_DGRAM, 0) < 0 ||
	    socket(AF_UNIX, SOCK_DGRAM, 0) < 0)
		return 21;
	if (!refused(socket(AF_PACKET, SOCK_RAW, 0)) ||
	    !refused(socket(AF_NETLINK, SOCK_RAW, 0)))
		return 22;
	return 0;
}

static void in_sandbox(int (*what)(void))
{
	pid_t pid = fork();
	int status, rc;

	if (!pid) {
		if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || sandbox_filter())
			_exit(99);
		rc = what();
		_exit(rc);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void files_are_read(void **state)
{
	in_sandbox(files);
}

static void programs_are_not_run(void **state)
{
	in_sandbox(programs);
}

static void sockets_are_few(void **state)
{
	in_sandbox(sockets);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_are_read),
		cmocka_unit_test(programs_are_not_run),
		cmocka_unit_test(sockets_are_few),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
