/* SPDX-License-Identifier: MIT */
/* All that the kernel has, at one time. */
#ifndef IPSECX_CLI_SNAPSHOT_H
#define IPSECX_CLI_SNAPSHOT_H

#include "cli.h"

/* A list that grows. */
struct list {
	void *item;
	size_t n;
	size_t room;
};

/**
 * struct snapshot - what the kernel has
 * @devices: struct ipsecx_device, by name
 * @policies: struct ipsecx_policy, by device and id
 * @sas: struct ipsecx_sa, by device and id
 */
struct snapshot {
	struct list devices;
	struct list policies;
	struct list sas;
};

enum {
	SNAPSHOT_DEVICES = 1,
	SNAPSHOT_POLICIES = 2,
	SNAPSHOT_SAS = 4,
	SNAPSHOT_ALL = 7,
};

/**
 * snapshot_read() - ask the kernel
 * @cli: run
 * @snap: zeroed; filled
 * @dev: of this device only, or NULL
 * @what: bits of what to ask for
 *
 * Return: exit code
 */
int snapshot_read(struct cli *cli, struct snapshot *snap, const char *dev,
		  unsigned int what);

/**
 * snapshot_free() - free what snapshot_read() has filled
 * @snap: snapshot
 */
void snapshot_free(struct snapshot *snap);

/**
 * snapshot_show_policies() - print the policies
 * @cli: run
 * @snap: snapshot
 * @id: only that, or 0 for all
 *
 * Return: exit code
 */
int snapshot_show_policies(struct cli *cli, const struct snapshot *snap,
			   uint32_t id);

/**
 * snapshot_show_sas() - print the SAs
 * @cli: run
 * @snap: snapshot
 * @id: only that, or 0 for all
 * @policy: only of that, or 0 for all
 *
 * Return: exit code
 */
int snapshot_show_sas(struct cli *cli, const struct snapshot *snap, uint32_t id,
		      uint32_t policy);

/**
 * snapshot_show() - print devices with their policies with their SAs
 * @cli: run
 * @snap: snapshot
 *
 * Return: exit code
 */
int snapshot_show(struct cli *cli, const struct snapshot *snap);

#endif
