// SPDX-License-Identifier: MIT
/* ipsecxd: the IKEv2 agent of ipsecx devices. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config.h"
#include "ctl.h"
#include "daemon.h"
#include "log.h"

static int usage(void)
{
	fputs("usage: ipsecxd [-c file] [-s socket] [-d level]\n"
	      "       ipsecxd -t [-c file]\n"
	      "       ipsecxd -V\n",
	      stderr);
	return 2;
}

static int check(const char *path)
{
	char error[CONFIG_ERROR_MAX];
	struct config *config;

	if (config_load(path, &config, error)) {
		fprintf(stderr, "%s\n", error);
		return EXIT_FAILURE;
	}
	config_free(config);
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	struct daemon_options options = {
		.config = CONFIG_PATH,
		.ctl = CTL_PATH,
	};
	bool only_check = false, foreground = false;
	int option, level = LOG_INFO;

	while ((option = getopt(argc, argv, "c:s:d:tV")) != -1) {
		if (option == 'c') {
			options.config = optarg;
		} else if (option == 's') {
			options.ctl = optarg;
		} else if (option == 'd') {
			level = atoi(optarg);
			foreground = true;
		} else if (option == 't') {
			only_check = true;
		} else if (option == 'V') {
			puts("ipsecxd " DAEMON_VERSION);
			return EXIT_SUCCESS;
		} else {
			return usage();
		}
	}
	if (optind != argc)
		return usage();
	if (only_check)
		return check(options.config);
	log_open(level, foreground);
	return daemon_run(&options) ? EXIT_FAILURE : EXIT_SUCCESS;
}
