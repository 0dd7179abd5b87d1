/* SPDX-License-Identifier: MIT */
/* Usage. */
#ifndef IPSECX_CLI_HELP_H
#define IPSECX_CLI_HELP_H

#include "cli.h"

/**
 * help_print() - print the usage
 * @out: where
 * @command: of this command, or NULL for all
 *
 * Return: exit code
 */
int help_print(FILE *out, const char *command);

/**
 * help_version() - print the version
 * @out: where
 *
 * Return: exit code
 */
int help_version(FILE *out);

/**
 * help_only() - take the words of a command that knows but `help`
 * @cli: run, with at least one word left
 * @command: its name
 *
 * Return: exit code
 */
int help_only(struct cli *cli, const char *command);

#endif
