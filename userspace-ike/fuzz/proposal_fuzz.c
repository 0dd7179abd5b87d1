// SPDX-License-Identifier: MIT
/*
 * Configuration words. Two lists with a line feed between them are also
 * negotiated with each other.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "proposal.h"

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	fuzz_seed_text("aes256gcm16-prfsha256-x25519");
	fuzz_seed_text("aes128-sha256-modp2048, default\naes256-sha512-ecp256");
	fuzz_seed_text("aes128gcm16-noesn\naes256gcm16-x25519-nopfs-esn");
	fuzz_seed_text("default\n3des-sha1-modp1024");
	return 0;
}

static bool parse(const char *text, uint8_t proto, struct ike_proposals *list)
{
	static struct ike_proposals again;
	char a[8192], b[8192];
	struct ike_diag diag = { .notify = 0 };

	if (ike_proposals_parse(text, proto, list, &diag)) {
		REQUIRE(diag.text[0]);
		return false;
	}
	REQUIRE(list->n);
	ike_proposals_print(list, a, sizeof(a));
	if (strlen(a) + 1 == sizeof(a))
		return true;
	REQUIRE(!ike_proposals_parse(a, proto, &again, &diag));
	ike_proposals_print(&again, b, sizeof(b));
	REQUIRE(!strcmp(a, b));
	return true;
}

static void negotiate(const struct ike_proposals *a,
		      const struct ike_proposals *b)
{
	struct ike_proposals answer = { .n = 1 };
	struct ike_suite suite, same;
	struct ike_proposal chosen;
	struct ike_diag diag;
	int ab = ike_proposals_select(a, b, 0, &answer.p[0], &suite, &diag);
	int ba = ike_proposals_select(b, a, 0, &chosen, &same, &diag);

	/* who asks makes a difference to what, not to whether */
	REQUIRE(!ab == !ba);
	if (ab)
		return;
	/* what the responder chose, the initiator takes */
	REQUIRE(!ike_proposals_accept(b, &answer, &chosen, &same, &diag));
	REQUIRE(!memcmp(&suite, &same, sizeof(suite)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct ike_proposals a, b;
	char *text = malloc(len + 1), *second;

	REQUIRE(text);
	memcpy(text, data, len);
	text[len] = '\0';
	second = strchr(text, '\n');
	if (second)
		*second++ = '\0';
	for (uint8_t proto = IKE_PROTO_IKE; proto <= IKE_PROTO_ESP; proto += 2)
		if (parse(text, proto, &a) && second && parse(second, proto, &b))
			negotiate(&a, &b);
	free(text);
	return 0;
}
