/* SPDX-License-Identifier: MIT */
/*
 * Words about an object of the contract. A command's own table says what is
 * special: other names, what is needed, what needs more than a number. Every
 * other attribute that the operation takes is a word by itself, so that a new
 * one in uapi/ipsecx.yaml is one here, too.
 */
#ifndef IPSECX_CLI_OBJECT_H
#define IPSECX_CLI_OBJECT_H

#include "key.h"

#define POLICY_SELECTORS_MAX 64

/**
 * struct object - what words have said; zeroed at first
 * @dev: name of the device
 * @cmd: the operation
 * @key: the SA's
 * @integ_key: likewise, of the integrity algorithm
 * @head: what all objects begin with
 */
struct object {
	const char *dev;
	uint8_t cmd;
	struct key key;
	struct key integ_key;
	union {
		struct {
			uint64_t has;
			uint32_t ifindex;
			uint32_t id;
		} head;
		struct ipsecx_device device;
		struct ipsecx_policy policy;
		struct ipsecx_sa sa;
		struct ipsecx_spi spi;
	};
};

/* the words "dev NAME" and "id ID" */
int object_dev(struct cli *cli, const struct cli_word *word, void *obj);
#define OBJECT_DEV "dev", object_dev, .attrs = IPSECX_HAS(SA_IFINDEX)
#define OBJECT_ID  "id", .attrs = IPSECX_HAS(SA_ID)

/* "dev NAME id ID", which is all it takes to name one */
extern const struct cli_word object_named[];

/* the value of the one attribute that a word is for */
int object_value(struct cli *cli, const struct cli_word *word, void *obj);

/* take all words that are left, for the operation @cmd */
int object_words(struct cli *cli, uint8_t cmd, const struct cli_word *words,
		 struct object *obj);

/*
 * If @rc is 0 find the device, run the operation and print what it tells. The
 * keys are wiped in any case.
 */
int object_do(struct cli *cli, struct object *obj, int rc);

/* as cli_word.take: object_words() of @words and object_do() of @cmd */
int object_command(struct cli *cli, const struct cli_word *word, void *unused);

/* what comes after `policy add`, `policy set` and `sa add` */
int policy_words_add(struct cli *cli, struct object *obj);
int policy_words_set(struct cli *cli, struct object *obj);
int sa_words_add(struct cli *cli, struct object *obj);
/* fill up where a policy goes, which changes as a whole, from what it was */
void policy_complete(struct ipsecx_policy *policy,
		     const struct ipsecx_policy *old);

#endif
