/* SPDX-License-Identifier: MIT */
/*
 * Proposals (RFC 7296 section 3.3): from configuration words, on the wire,
 * negotiated, and explained when nothing fits.
 */
#ifndef IKE_PROPOSAL_H
#define IKE_PROPOSAL_H

#include "crypto.h"
#include "diag.h"

#define IKE_PROPOSALS_MAX  32
#define IKE_TRANSFORMS_MAX 64

struct ike_transform {
	uint8_t type;
	bool odd; /* an attribute we do not know: never chosen (3.3.6) */
	uint16_t id;
	uint16_t key_bits; /* key length attribute, 0: none */
};

/* several transforms of a type are alternatives, in order of preference */
struct ike_proposal {
	uint8_t num;
	uint8_t proto;
	uint8_t spi_len; /* 0, 4 (ESP) or 8 (IKE rekey) */
	uint8_t spi[IKE_SPI_LEN]; /* the sender's inbound SPI, as on the wire */
	uint8_t n;
	struct ike_transform tf[IKE_TRANSFORMS_MAX];
};

/* what an SA payload carries, or a configured list, in order of preference */
struct ike_proposals {
	unsigned int n;
	struct ike_proposal p[IKE_PROPOSALS_MAX];
};

/* what was agreed on: transform IDs, 0 for what is not there */
struct ike_suite {
	uint8_t proto; /* IKE_PROTO_IKE or IKE_PROTO_ESP */
	bool esn; /* extended sequence numbers (ESP) */
	uint16_t encr;
	uint16_t key_bits; /* of encr */
	uint16_t prf; /* IKE */
	uint16_t integ; /* without an AEAD */
	uint16_t ke; /* a Child SA may be without its own */
};

/*
 * From configuration words: "aes256gcm16-prfsha384-x25519, aes128-sha256-
 * modp2048", "default". Fills in what may be left out: the PRF that goes with
 * the integrity transform, "esn-noesn" for ESP. -EINVAL, and what would be
 * right.
 */
int ike_proposals_parse(const char *text, uint8_t proto,
			struct ike_proposals *list, struct ike_diag *diag);

/* what is offered and accepted when nothing is configured */
void ike_proposals_default(uint8_t proto, struct ike_proposals *list);

/* the SA payload's body; checks syntax only: unknown transforms are kept */
int ike_proposals_read(struct ike_span body, struct ike_proposals *list,
		       struct ike_diag *diag);
void ike_proposals_write(struct ike_writer *w,
			 const struct ike_proposals *list);

/* give every proposal the sender's SPI (len 0: IKE_SA_INIT) */
void ike_proposals_set_spi(struct ike_proposals *list, const void *spi,
			   size_t len);

/* is there a transform of a type, or like this one? */
bool ike_proposal_has(const struct ike_proposal *p, uint8_t type);
const struct ike_transform *ike_proposal_find(const struct ike_proposal *p,
					      const struct ike_transform *like);

/* drop all transforms of a type: KE in the Child SA of IKE_AUTH */
void ike_proposals_strip(struct ike_proposals *list, uint8_t type);

bool ike_proposals_equal(const struct ike_proposals *a,
			 const struct ike_proposals *b);

/* first key exchange method of the list, 0: none; is a method in it? */
uint16_t ike_proposals_first_ke(const struct ike_proposals *list);
bool ike_proposals_has_ke(const struct ike_proposals *list, uint16_t ke);

/* a suite as a proposal; may an IKE SA have these algorithms? */
void ike_suite_proposal(const struct ike_suite *s, struct ike_proposal *p);
bool ike_proposals_allow(const struct ike_proposals *mine,
			 const struct ike_suite *suite);

/*
 * The responder's choice, by our order of preference: @chosen has one
 * transform per type, and the number and SPI of the peer's; put our SPI in
 * before sending it back. @ke_hint is the method of the KE payload that came
 * along (0: none), taken when both sides list it, as that saves a round trip.
 *
 * -ENOENT: NO_PROPOSAL_CHOSEN, the nearest miss, and the edit to repair it.
 */
int ike_proposals_select(const struct ike_proposals *mine,
			 const struct ike_proposals *theirs, uint16_t ke_hint,
			 struct ike_proposal *chosen, struct ike_suite *suite,
			 struct ike_diag *diag);

/*
 * The initiator checks the answer; @chosen has the peer's SPI. -EPROTO: it is
 * not one of our offers.
 */
int ike_proposals_accept(const struct ike_proposals *offered,
			 const struct ike_proposals *answer,
			 struct ike_proposal *chosen, struct ike_suite *suite,
			 struct ike_diag *diag);

/* in configuration words, NUL-terminated, truncated to fit */
void ike_proposal_print(const struct ike_proposal *p, char *buf, size_t size);
void ike_proposals_print(const struct ike_proposals *list, char *buf,
			 size_t size);
void ike_suite_print(const struct ike_suite *suite, char *buf, size_t size);

#endif
