// SPDX-License-Identifier: MIT
/* What a command is about: a device, or something of it. */
#include "target.h"

int target_dev(struct cli *cli, void *obj)
{
	struct target *target = obj;

	target->dev = cli_value(cli, "dev", "a device");
	return target->dev ? CLI_OK : CLI_USAGE;
}

int target_id(struct cli *cli, void *obj)
{
	struct target *target = obj;

	return cli_number(cli, "id", 1, UINT32_MAX, &target->id);
}

int target_open(struct cli *cli, struct target *target)
{
	int rc = cli_device(cli, target->dev, &target->ifindex);

	return rc ? rc : cli_open(cli, &target->nl);
}

int target_close(struct cli *cli, struct target *target, int rc)
{
	rc = cli_result(cli, target->nl, rc);
	ipsecx_nl_close(target->nl);
	return rc;
}
