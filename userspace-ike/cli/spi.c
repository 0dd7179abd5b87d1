// SPDX-License-Identifier: MIT
/* ipsecx spi: reserve an SPI, so that two people do not pick the same. */
#include "help.h"
#include "json.h"

struct spi_words {
	const char *dev;
	uint32_t lowest;
	uint32_t highest;
};

static int word_dev(struct cli *cli, void *obj)
{
	struct spi_words *sw = obj;

	sw->dev = cli_value(cli, "dev", "a device");
	return sw->dev ? CLI_OK : CLI_USAGE;
}

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

static const struct cli_word alloc_words[] = {
	CLI_WORD("dev", word_dev, .needed = true),
	CLI_WORD("lowest", word_lowest),
	CLI_WORD("highest", word_highest),
	{ },
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
	struct ipsecx_nl *nl = NULL;
	uint32_t ifindex, spi;
	int rc = cli_words(cli, alloc_words, &sw);

	if (!rc)
		rc = cli_device(cli, sw.dev, &ifindex);
	if (!rc)
		rc = cli_open(cli, &nl);
	if (!rc)
		rc = cli_result(cli, nl, ipsecx_spi_alloc(nl, ifindex,
							  sw.lowest,
							  sw.highest, &spi));
	ipsecx_nl_close(nl);
	return rc ? rc : print_spi(cli, spi);
}

static int spi_help(struct cli *cli, void *obj)
{
	return help_print(cli->out, "spi");
}

static const struct cli_word commands[] = {
	CLI_WORD("alloc", spi_alloc),
	CLI_WORD("help", spi_help),
	{ },
};

int cli_spi(struct cli *cli, void *obj)
{
	if (!cli->argc)
		return cli_usage(cli, "'alloc' is missing after 'spi'");
	return cli_command(cli, commands, NULL);
}
