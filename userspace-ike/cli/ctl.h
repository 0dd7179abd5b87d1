/* SPDX-License-Identifier: MIT */
/* Talking to ipsecxd: one JSON object per packet. */
#ifndef IPSECX_CLI_CTL_H
#define IPSECX_CLI_CTL_H

#include <jansson.h>

#include "cli.h"

/**
 * ctl_ask() - send a request, take the answers
 * @cli: run, with the socket's path and the time to wait
 * @request: what to ask; its reference is taken
 * @event: called for each event; must not keep it
 * @data: passed to @event
 * @result: set to what ipsecxd said in the end, a new reference; left alone
 *	when it refused
 *
 * Return: exit code
 */
int ctl_ask(struct cli *cli, json_t *request,
	    void (*event)(struct cli *cli, json_t *event, void *data),
	    void *data, json_t **result);

/**
 * ctl_talk() - likewise, on a socket that is connected already
 * @cli: run
 * @fd: socket
 * @request: what to ask; borrowed
 * @event: called for each event
 * @data: passed to @event
 * @result: set in the end
 *
 * Return: exit code
 */
int ctl_talk(struct cli *cli, int fd, const json_t *request,
	     void (*event)(struct cli *cli, json_t *event, void *data),
	     void *data, json_t **result);

#endif
