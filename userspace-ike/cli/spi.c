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

static int spi_alloc(struct cli *cli, const struct cli_word *w, void *obj)
{
	return object_run(cli, IPSECX_CMD_SPI_ALLOC, alloc_words);
}

static int spi_free(struct cli *cli, const struct cli_word *w, void *obj)
{
	return object_run(cli, IPSECX_CMD_SPI_FREE, free_words);
}

static const struct cli_word commands[] = {
	{ "alloc", spi_alloc },
	{ "free", spi_free },
	{ "help", help_word, .what = "spi" },
	{},
};

int cli_spi(struct cli *cli, const struct cli_word *w, void *obj)
{
	if (!cli->argc)
		return cli_usage(cli,
				 "'alloc' or 'free' is missing after 'spi'");
	return cli_command(cli, commands, NULL);
}
