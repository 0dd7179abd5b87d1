/* SPDX-License-Identifier: MIT */
/*
 * Key derivation (RFC 7296 sections 2.14, 2.17, 2.18) and the AUTH payload's
 * data with a shared key (section 2.15).
 */
#ifndef IKE_AUTH_H
#define IKE_AUTH_H

#include "crypto.h"
#include "proposal.h"

/*
 * Keys of an IKE SA, to be wiped: _i are of what its initiator sends, _r of
 * its responder's.
 */
struct ike_sa_keys {
	struct ike_key d; /* for deriving more keys */
	struct ike_key ai; /* integrity; empty with an AEAD */
	struct ike_key ar;
	struct ike_key ei; /* encryption, salt included */
	struct ike_key er;
	struct ike_key pi; /* AUTH */
	struct ike_key pr;
};

/* keys of a Child SA, likewise; i is who began the exchange it came from */
struct ike_child_keys {
	struct ike_key ei;
	struct ike_key ai;
	struct ike_key er;
	struct ike_key ar;
};

/* what keys are derived from */
struct ike_keymat {
	struct ike_span ni; /* nonces of the exchange */
	struct ike_span nr;
	uint64_t spi_i; /* SPIs of the (new) IKE SA */
	uint64_t spi_r;
	struct ike_span shared; /* empty: no key exchange (Child SA) */
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

/* what an AUTH payload covers, for one side */
struct ike_auth_input {
	uint16_t prf; /* of the IKE SA */
	struct ike_span init_msg; /* the whole IKE_SA_INIT message it sent */
	struct ike_span nonce; /* the other side's */
	struct ike_span sk_p; /* SK_pi or SK_pr */
	struct ike_span id; /* its ID payload's body */
};

/* AUTH data for a shared key; compare with ike_secret_equal(), then wipe */
int ike_auth_psk(const struct ike_auth_input *in, struct ike_span psk,
		 struct ike_key *out);

/* an ID payload's body, made in @buf; empty when it does not fit */
struct ike_span ike_id_rest(uint8_t type, struct ike_span data, uint8_t *buf,
			    size_t cap);

#endif
