/* SPDX-License-Identifier: MIT */
/*
 * Key derivation (RFC 7296 sections 2.14, 2.17, 2.18) and the AUTH payload's
 * data with a shared key (section 2.15).
 */
#ifndef IKE_AUTH_H
#define IKE_AUTH_H

#include "crypto.h"
#include "proposal.h"

/**
 * struct ike_sa_keys - the keys of an IKE SA
 * @d: for deriving more keys
 * @ai: integrity, initiator to responder; empty with an AEAD
 * @ar: integrity, responder to initiator
 * @ei: encryption, initiator to responder; salt included
 * @er: encryption, responder to initiator
 * @pi: the initiator's AUTH
 * @pr: the responder's AUTH
 *
 * Wipe with ike_wipe() when done.
 */
struct ike_sa_keys {
	struct ike_key d;
	struct ike_key ai;
	struct ike_key ar;
	struct ike_key ei;
	struct ike_key er;
	struct ike_key pi;
	struct ike_key pr;
};

/**
 * struct ike_child_keys - the keys of a Child SA
 * @ei: encryption, initiator of the exchange to its responder; salt included
 * @ai: integrity, same direction; empty with an AEAD
 * @er: encryption, responder to initiator
 * @ar: integrity, responder to initiator
 */
struct ike_child_keys {
	struct ike_key ei;
	struct ike_key ai;
	struct ike_key er;
	struct ike_key ar;
};

/**
 * struct ike_keymat - what keys are derived from
 * @ni: nonce of the exchange's initiator
 * @nr: nonce of its responder
 * @spi_i: SPI of the (new) IKE SA's initiator; not used for a Child SA
 * @spi_r: SPI of its responder
 * @shared: secret of the key exchange; empty: there was none (Child SA)
 */
struct ike_keymat {
	struct ike_span ni;
	struct ike_span nr;
	uint64_t spi_i;
	uint64_t spi_r;
	struct ike_span shared;
};

/* SKEYSEED = prf(Ni | Nr, g^ir), then the seven keys; 0 or negative errno */
int ike_sa_keys_derive(const struct ike_suite *suite,
		       const struct ike_keymat *km, struct ike_sa_keys *keys);

/* rekeying: SKEYSEED = prf(SK_d of the old SA, g^ir | Ni | Nr), old PRF */
int ike_sa_keys_rekey(const struct ike_suite *suite, uint16_t old_prf,
		      const struct ike_key *old_d, const struct ike_keymat *km,
		      struct ike_sa_keys *keys);

/* KEYMAT = prf+(SK_d, [g^ir] | Ni | Nr); suite is the Child SA's */
int ike_child_keys_derive(const struct ike_suite *suite, uint16_t prf,
			  const struct ike_key *d, const struct ike_keymat *km,
			  struct ike_child_keys *keys);

/**
 * struct ike_auth_input - what an AUTH payload covers, for one side
 * @prf: PRF of the IKE SA
 * @init_msg: the whole IKE_SA_INIT message this side sent
 * @nonce: the other side's nonce
 * @sk_p: SK_pi when the initiator signs, SK_pr when the responder does
 * @id: this side's ID payload, struct ike_pl_id.rest
 */
struct ike_auth_input {
	uint16_t prf;
	struct ike_span init_msg;
	struct ike_span nonce;
	struct ike_span sk_p;
	struct ike_span id;
};

/**
 * ike_auth_psk() - AUTH data for a shared key
 * @in: what is covered
 * @psk: the shared key
 * @out: takes the data; compare with ike_secret_equal(), wipe afterwards
 *
 * Return: 0 or a negative errno.
 */
int ike_auth_psk(const struct ike_auth_input *in, struct ike_span psk,
		 struct ike_key *out);

/**
 * ike_id_rest() - the octets of an ID payload that AUTH covers
 * @type: ID type
 * @data: Identification Data
 * @buf: where to build them
 * @cap: size of @buf
 *
 * Return: the span, empty when it does not fit.
 */
struct ike_span ike_id_rest(uint8_t type, struct ike_span data, uint8_t *buf,
			    size_t cap);

#endif
