// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

void fuzz_seed(const void *data, size_t len)
{
	static unsigned int n;
	const char *dir = getenv("FUZZ_SEEDS");
	char path[4096];
	FILE *f;

	if (!dir)
		return;
	snprintf(path, sizeof(path), "%s/seed-%03u", dir, n++);
	f = fopen(path, "wb");
	if (!f || fwrite(data, 1, len, f) != len || fclose(f)) {
		perror(path);
		exit(1);
	}
}

void fuzz_seed_text(const char *text)
{
	fuzz_seed(text, strlen(text));
}

void fuzz_seed_hex(int prefix, const char *hex)
{
	uint8_t buf[2048];
	size_t len = 0;
	unsigned int v;

	if (prefix >= 0)
		buf[len++] = (uint8_t)prefix;
	for (; len < sizeof(buf) && sscanf(hex, "%2x", &v) == 1; hex += 2)
		buf[len++] = (uint8_t)v;
	fuzz_seed(buf, len);
}

void fuzz_broken(const char *cond, const char *file, int line)
{
	fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, cond);
	abort();
}
