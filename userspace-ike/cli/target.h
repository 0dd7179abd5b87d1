/* SPDX-License-Identifier: MIT */
/* What a command is about: a device, or something of it. */
#ifndef IPSECX_CLI_TARGET_H
#define IPSECX_CLI_TARGET_H

#include "cli.h"

/**
 * struct target - what a command is about; first in whatever words describe
 * @dev: name of the device
 * @id: of the policy or SA
 * @ifindex: of the device
 * @nl: socket to ask the kernel on
 */
struct target {
	const char *dev;
	uint32_t id;
	uint32_t ifindex;
	struct ipsecx_nl *nl;
};

/* The words `dev NAME` and `id ID`; @obj begins with a struct target. */
int target_dev(struct cli *cli, void *obj);
int target_id(struct cli *cli, void *obj);

/**
 * target_open() - find the device, open a socket
 * @cli: run
 * @target: its @dev is set
 *
 * Return: exit code; after 0, target_close() has to follow
 */
int target_open(struct cli *cli, struct target *target);

/**
 * target_close() - close the socket
 * @cli: run
 * @target: opened
 * @rc: what the call to the kernel has returned
 *
 * Return: exit code
 */
int target_close(struct cli *cli, struct target *target, int rc);

#endif
