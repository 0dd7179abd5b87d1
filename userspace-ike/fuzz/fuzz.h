/* SPDX-License-Identifier: MIT */
/*
 * What the harnesses share. A harness writes its seeds itself, from
 * LLVMFuzzerInitialize(), so that none is committed as a blob.
 */
#ifndef IKE_FUZZ_H
#define IKE_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerInitialize(int *argc, char ***argv);

/* write a seed into the directory FUZZ_SEEDS names, if it names one */
void fuzz_seed(const void *data, size_t len);
void fuzz_seed_text(const char *text);
/* octets of hex, with @prefix (-1: none) in front of them */
void fuzz_seed_hex(int prefix, const char *hex);

/* what must hold whatever the input is */
#define REQUIRE(cond)							\
	do {								\
		if (!(cond))						\
			fuzz_broken(#cond, __FILE__, __LINE__);		\
	} while (0)

void fuzz_broken(const char *cond, const char *file, int line)
	__attribute__((noreturn));

#endif
