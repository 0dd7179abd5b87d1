// SPDX-License-Identifier: MIT
/* ipsecx spi: reserve an SPI, so that two do not pick the same; give it back. */
#include "help.h"
#include "object.h"

static const struct cli_word alloc_words[] = {
	{ OBJECT_DEV, .needed = true },
	{},
};

static const struct cli_word free_words[] = {
	{ OBJECT_DEV, .needed = true },
	{ "spi", .attrs = IPSECX_HAS(SPI_SPI), .min = 1, .needed = true },
	{},
};

const struct cli_word spi_commands[] = {
	{ "alloc", object_command, .words = alloc_words,
	  .cmd = IPSECX_CMD_SPI_ALLOC },
	{ "free", object_command, .words = free_words,
	  .cmd = IPSECX_CMD_SPI_FREE },
	{ "help", help_word, .what = "spi" },
	{},
};
