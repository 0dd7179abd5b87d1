/* SPDX-License-Identifier: MIT */
/* All the objects of a kind that the kernel has, in order. */
#ifndef IPSECX_CLI_LIST_H
#define IPSECX_CLI_LIST_H

#include "json.h"
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

/* ask the kernel on the open socket */
int list_read(struct cli *cli, struct list *list);
/* of one device unless @ifindex is 0 */
json_t *list_json(const struct list *list, uint32_t ifindex);
/*
 * As cli_word.take: take @words that say what is wanted, ask the kernel with
 * @cmd, print what there is
 */
int list_show(struct cli *cli, const struct cli_word *word, void *unused);

#endif
