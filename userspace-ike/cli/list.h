/* SPDX-License-Identifier: MIT */
/* All the objects of a kind that the kernel has, in order. */
#ifndef IPSECX_CLI_LIST_H
#define IPSECX_CLI_LIST_H

#include "object.h"

/**
 * struct list - objects; free @item
 * @cmd: IPSECX_CMD_*_GET
 * @want: only what has the same values in what is there of this
 * @item: the objects, devices by name and the rest by device and id
 * @n: how many
 */
struct list {
	uint8_t cmd;
	struct object want;
	void *item;
	size_t n;
};

/* ask the kernel */
int list_read(struct cli *cli, struct ipsecx_nl *nl, struct list *list);
/* take words that say what is wanted, ask the kernel, print what there is */
int list_show(struct cli *cli, uint8_t cmd, const struct cli_word *words);

#endif
