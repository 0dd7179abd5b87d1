/* SPDX-License-Identifier: MIT */
/* Giving up, once everything is open, what is not needed any more. */
#ifndef DAEMON_SANDBOX_H
#define DAEMON_SANDBOX_H

/**
 * sandbox_enter() - keep CAP_NET_ADMIN and a few system calls
 *
 * No core dumps and no ptrace, memory locked where the limits allow it, no
 * new privileges, and a list of system calls: no program is ever run, no
 * memory made executable, no socket opened but for syslog and to ask routing
 * for our address. Files may still be opened for reading, for the configuration.
 *
 * Return: 0 or a negative errno; the reason is logged.
 */
int sandbox_enter(void);

/* the system calls alone; -ENOMEM or what seccomp says */
int sandbox_filter(void);

#endif
