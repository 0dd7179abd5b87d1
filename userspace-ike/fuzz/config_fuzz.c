// SPDX-License-Identifier: MIT
/*
 * Any bytes as a configuration file: refused with a line and a cure, or
 * taken; then everything in it is in its bounds.
 */
#include <stdlib.h>

#include "../daemon/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct config *config)
{
	const struct config_child *child;
	const struct config_conn *conn;
	unsigned int n = 0;

	STAILQ_FOREACH(conn, &config->conns, next) {
		n++;
		if (!conn->ike.psk_len || conn->ike.psk_len > IKE_PSK_MAX ||
		    !conn->ike.ike.n || conn->ike.ike.n > IKE_PROPOSALS_MAX)
			__builtin_trap();
		STAILQ_FOREACH(child, &conn->children, next)
			if (!child->device[0] || !child->ike.esp.n ||
			    child->ike.local_ts.n > IKE_TS_MAX ||
			    child->ike.remote_ts.n > IKE_TS_MAX)
				__builtin_trap();
	}
	if (n != config->n_conns || config->net.n_listen > NET_LISTEN_MAX)
		__builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char error[CONFIG_ERROR_MAX] = "";
	struct config *config = NULL;
	FILE *file = size ? fmemopen((void *)data, size, "r") : NULL;

	if (!file)
		return 0;
	if (!config_read(file, "fuzz", &config, error)) {
		check(config);
		config_free(config);
	} else if (strncmp(error, "fuzz:", 5) || !strstr(error, ", ")) {
		__builtin_trap();
	}
	fclose(file);
	return 0;
}
