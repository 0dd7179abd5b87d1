// SPDX-License-Identifier: MIT
/* ipsecx spi: reserve an SPI, so that two do not pick the same; give it back. */
#include "help.h"
#include "json.h"
#include "target.h"

struct spi_words {
	struct target target;
	uint32_t lowest;
	uint32_t highest;
	uint32_t spi;
};

static int word_lowest(struct cli *cli, void *obj)
{
	struct spi_words *sw = obj;

	return cli_number(cli, "lowest", 1, UINT32_MAX, &sw->lowest);
}

static int word_highest(struct cli *cli, void *obj)
{
	struct spi_words *sw = obj;

	return cli_number(cli, "highest", 1, UINT32_MAX, &sw->highest);
}

static int word_spi(struct cli *cli, void *obj)
{
	struct spi_words *sw = obj;

	return cli_number(cli, "spi", 1, UINT32_MAX, &sw->spi);
}

static const struct cli_word alloc_words[] = {
	CLI_WORD("dev", target_dev, .needed = true),
	CLI_WORD("lowest", word_lowest),
	CLI_WORD("highest", word_highest),
	{},
};

static const struct cli_word free_words[] = {
	CLI_WORD("dev", target_dev, .needed = true),
	CLI_WORD("spi", word_spi, .needed = true),
	{},
};

static int print_spi(struct cli *cli, uint32_t spi)
{
	if (cli->json)
		return json_print(cli, json_pack("{s:o}", "spi",
						 json_sprintf("0x%08x", spi)));
	fprintf(cli->out, "0x%08x\n", spi);
	return CLI_OK;
}

static int spi_alloc(struct cli *cli, void *obj)
{
	struct spi_words sw = { 0 };
	uint32_t spi;
	int rc = cli_words(cli, alloc_words, &sw);

	if (!rc)
		rc = target_open(cli, &sw.target);
	if (!rc)
		rc = target_close(cli, &sw.target,
				  ipsecx_spi_alloc(sw.target.nl,
						   sw.target.ifindex, sw.lowest,
						   sw.highest, &spi));
	return rc ? rc : print_spi(cli, spi);
}

static int spi_free(struct cli *cli, void *obj)
{
	struct spi_words sw = { 0 };
	int rc = cli_words(cli, free_words, &sw);

	if (!rc)
		rc = target_open(cli, &sw.target);
	if (!rc)
		rc = target_close(cli, &sw.target,
				  ipsecx_spi_free(sw.target.nl,
						  sw.target.ifindex, sw.spi));
	return rc;
}

static int spi_help(struct cli *cli, void *obj)
{
	return help_print(cli->out, "spi");
}

static const struct cli_word commands[] = {
	CLI_WORD("alloc", spi_alloc),
	CLI_WORD("free", spi_free),
	CLI_WORD("help", spi_help),
	{},
};

int cli_spi(struct cli *cli, void *obj)
{
	if (!cli->argc)
		return cli_usage(cli,
				 "'alloc' or 'free' is missing after 'spi'");
	return cli_command(cli, commands, NULL);
}
