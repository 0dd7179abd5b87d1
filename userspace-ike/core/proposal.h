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

/**
 * ike_proposals_parse() - a list from configuration words
 * @text: "aes256gcm16-prfsha384-x25519, aes128-sha256-modp2048", "default"
 * @proto: IKE_PROTO_IKE or IKE_PROTO_ESP
 * @list: takes the list
 * @diag: what is wrong and what would be right
 *
 * Fills in what may be left out: the PRF that goes with the integrity
 * transform, "esn-noesn" for ESP.
 *
 * Return: 0, -EINVAL.
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

/* first key exchange method of the list, 0: none; is a method in it? */
uint16_t ike_proposals_first_ke(const struct ike_proposals *list);
bool ike_proposals_has_ke(const struct ike_proposals *list, uint16_t ke);

/* may an IKE SA have these algorithms? */
bool ike_proposals_allow(const struct ike_proposals *mine,
			 const struct ike_suite *suite);

/**
 * ike_proposals_select() - the responder's choice
 * @mine: our configuration
 * @theirs: the peer's offer
 * @ke_hint: method of the KE payload that came along, 0: none. Taken when
 *	both sides list it, as that saves a round trip
 * @chosen: takes one proposal with one transform per type, with the number
 *	and SPI of the peer's; put our SPI in before sending it back
 * @suite: takes the same as a suite
 * @diag: on failure NO_PROPOSAL_CHOSEN, the nearest miss, and the edit that
 *	would repair it
 *
 * Our order of preference decides.
 *
 * Return: 0, -ENOENT when there is no common proposal.
 */
int ike_proposals_select(const struct ike_proposals *mine,
			 const struct ike_proposals *theirs, uint16_t ke_hint,
			 struct ike_proposal *chosen, struct ike_suite *suite,
			 struct ike_diag *diag);

/**
 * ike_proposals_accept() - the initiator checks the answer
 * @offered: what we sent
 * @answer: what came back
 * @chosen: takes the peer's choice, with the peer's SPI
 * @suite: takes the same as a suite
 * @diag: why the answer is not one of our offers
 *
 * Return: 0, -EPROTO.
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
