// SPDX-License-Identifier: MIT
#include <cap-ng.h>
#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "log.h"
#include "sandbox.h"

/*
 * By need, and both the old and the new name where C libraries differ. Files
 * are the configuration, the time zone for syslog, and the control socket,
 * which is unlinked.
 */
static const char *const allowed[] = {
	/* the event loop and its clock */
	"epoll_wait epoll_pwait epoll_pwait2 epoll_ctl poll ppoll",
	"timerfd_settime clock_gettime clock_nanosleep nanosleep gettimeofday",
	"time restart_syscall rt_sigaction rt_sigprocmask rt_sigreturn",
	"sigaltstack",
	/* sockets */
	"recvfrom recvmsg sendto sendmsg accept accept4 connect getsockname",
	"getsockopt setsockopt shutdown",
	/* memory, threads of libraries, randomness */
	"brk munmap mremap madvise mlock munlock futex membarrier rseq",
	"getrandom",
	/* files */
	"read pread64 readv write writev close lseek _llseek fstat stat lstat",
	"newfstatat statx fcntl access faccessat faccessat2 unlink unlinkat",
	/* who we are, leaving */
	"getpid gettid getuid geteuid getgid getegid uname tgkill exit",
	"exit_group",
};

/* with no PROT_EXEC in the third argument */
static const char allowed_not_exec[] = "mmap mmap2 mprotect";

static int allow(scmp_filter_ctx ctx, const char *name, unsigned int n,
		 const struct scmp_arg_cmp *arg)
{
	int nr = seccomp_syscall_resolve_name(name);

	/* unknown to this library or not of this machine: nobody calls it */
	if (nr == __NR_SCMP_ERROR || nr < 0)
		return 0;
	return seccomp_rule_add_array(ctx, SCMP_ACT_ALLOW, nr, n, arg);
}

/* names with a blank between them */
static int allow_each(scmp_filter_ctx ctx, const char *names, unsigned int n,
		      const struct scmp_arg_cmp *arg)
{
	char name[32];
	int err = 0, len;

	while (!err && sscanf(names, "%31s%n", name, &len) == 1) {
		err = allow(ctx, name, n, arg);
		names += len;
	}
	return err;
}

/* what would change a file; openat2() has its flags where no filter looks */
#define OPEN_WRITES (O_ACCMODE | O_CREAT | O_TRUNC)

static int fill_filter(scmp_filter_ctx ctx)
{
	struct scmp_arg_cmp not_exec =
		SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
	struct scmp_arg_cmp open = SCMP_A1(SCMP_CMP_MASKED_EQ, OPEN_WRITES, 0);
	struct scmp_arg_cmp openat =
		SCMP_A2(SCMP_CMP_MASKED_EQ, OPEN_WRITES, 0);
	struct scmp_arg_cmp family[] = {
		SCMP_A0(SCMP_CMP_EQ, AF_UNIX),
		SCMP_A0(SCMP_CMP_EQ, AF_INET),
		SCMP_A0(SCMP_CMP_EQ, AF_INET6),
	};
	size_t i;
	int err = 0;

	for (i = 0; i < sizeof(allowed) / sizeof(*allowed) && !err; i++)
		err = allow_each(ctx, allowed[i], 0, NULL);
	if (!err)
		err = allow_each(ctx, allowed_not_exec, 1, &not_exec);
	for (i = 0; i < sizeof(family) / sizeof(*family) && !err; i++)
		err = allow(ctx, "socket", 1, &family[i]);
	if (!err)
		err = allow(ctx, "open", 1, &open);
	return err ? err : allow(ctx, "openat", 1, &openat);
}

int sandbox_filter(void)
{
	/* ENOSYS: a C library with newer calls falls back to the old ones */
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ERRNO(ENOSYS));
	int err;

	if (!ctx)
		return -ENOMEM;
	err = fill_filter(ctx);
	if (!err)
		err = seccomp_load(ctx);
	seccomp_release(ctx);
	return err;
}

static int drop_capabilities(void)
{
	capng_clear(CAPNG_SELECT_CAPS);
	if (capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED,
			 CAP_NET_ADMIN) ||
	    capng_apply(CAPNG_SELECT_CAPS))
		return -EPERM;
	return 0;
}

/*
 * With a limit, MCL_FUTURE would make a later allocation fail: lock only
 * when there is none. Keys in swap are the lesser evil then.
 */
static void lock_memory(void)
{
	struct rlimit none = { RLIM_INFINITY, RLIM_INFINITY };

	if (setrlimit(RLIMIT_MEMLOCK, &none) ||
	    mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT))
		log_info(
			"memory is not locked, keys may reach the swap (LimitMEMLOCK=infinity would help)");
}

int sandbox_enter(void)
{
	int err = 0;

	lock_memory();
	if (prctl(PR_SET_DUMPABLE, 0) || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		err = -errno;
	if (!err)
		err = drop_capabilities();
	if (!err)
		err = sandbox_filter();
	if (err)
		log_err("cannot give up privileges: %s; the kernel needs seccomp filters, and ipsecxd to be started with CAP_NET_ADMIN",
			strerror(-err));
	return err;
}
