/* SPDX-License-Identifier: MIT */
#ifndef IPSECX_CLI_HELP_H
#define IPSECX_CLI_HELP_H

#include "cli.h"

/* print the usage of a command, or of all for NULL. Return: CLI_OK */
int help_print(FILE *out, const char *command);
int help_version(FILE *out);
/* as cli_word.take; @what is the command */
int help_word(struct cli *cli, const struct cli_word *word, void *obj);
/* take the words of a command that knows but `help` */
int help_only(struct cli *cli, const char *command);

#endif
