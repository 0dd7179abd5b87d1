// SPDX-License-Identifier: MIT
/* Nonces and key exchange of one exchange (RFC 7296 sections 2.10, 2.12). */
#include "sa.h"

int ike_kex_ask(struct ike_kex *kex, const struct ike_rng *rng, uint16_t group)
{
	ike_ke_free(kex->ke);
	kex->ke = NULL;
	/* Asked for another group, the nonce stays: a cookie is bound to it. */
	if (!kex->ni_len && ike_rng_fill(rng, kex->ni, IKE_NONCE_LEN))
		return -EIO;
	kex->ni_len = IKE_NONCE_LEN;
	return group ? ike_ke_new(group, rng, &kex->ke) : 0;
}

static int nonce_read(const struct ike_msg *msg, uint8_t *nonce, size_t *len,
		      struct ike_diag *diag)
{
	const struct ike_payload *pl = ike_msg_need(msg, IKE_PL_NONCE, diag);

	if (!pl)
		return -EPROTO;
	/* ike_msg_check() has seen to its length */
	*len = pl->body.len < IKE_NONCE_MAX ? pl->body.len : IKE_NONCE_MAX;
	memcpy(nonce, pl->body.p, *len);
	return 0;
}

static int derive(struct ike_kex *kex, struct ike_span peer,
		  struct ike_diag *diag)
{
	if (!ike_ke_derive(kex->ke, peer, &kex->secret))
		return 0;
	return ike_syntax(diag, "the peer's key exchange value is not valid");
}

int ike_kex_finish(struct ike_kex *kex, const struct ike_msg *msg,
		   uint16_t group, struct ike_diag *diag)
{
	const struct ike_payload *ke = ike_msg_find(msg, IKE_PL_KE);
	int err = nonce_read(msg, kex->nr, &kex->nr_len, diag);

	if (err || !group)
		return err;
	if (!ke || !kex->ke || ke->group != group ||
	    ike_ke_id(kex->ke) != group)
		return ike_syntax(
			diag,
			"the peer chose one key exchange method and used another");
	return derive(kex, ke->data, diag);
}

int ike_kex_check(const struct ike_msg *msg, uint16_t group,
		  struct ike_diag *diag)
{
	const struct ike_payload *ke;
	uint8_t wanted[2];

	if (!group)
		return 0;
	ke = ike_msg_need(msg, IKE_PL_KE, diag);
	if (!ke)
		return -EPROTO;
	if (ke->group != group) {
		ike_diag_set(diag, IKE_N_INVALID_KE_PAYLOAD, 0,
			     "the peer has to use another group");
		ike_put16(wanted, group);
		return ike_diag_data(diag, -EAGAIN, wanted, sizeof(wanted));
	}
	if (ke->data.len != ike_ke_alg(group)->out_len)
		return ike_syntax(diag, "a public value of %zu octets",
				  ke->data.len);
	return 0;
}

int ike_kex_answer(struct ike_kex *kex, const struct ike_rng *rng,
		   const struct ike_msg *msg, uint16_t group,
		   struct ike_diag *diag)
{
	int err = ike_kex_check(msg, group, diag);

	if (!err)
		err = nonce_read(msg, kex->ni, &kex->ni_len, diag);
	if (err)
		return err;
	kex->nr_len = IKE_NONCE_LEN;
	if (ike_rng_fill(rng, kex->nr, kex->nr_len) ||
	    (group && ike_ke_new(group, rng, &kex->ke)))
		return ike_diag_set(diag, IKE_N_TEMPORARY_FAILURE, -EIO,
				    "no key exchange could be begun");
	if (!group)
		return 0;
	return derive(kex, ike_msg_find(msg, IKE_PL_KE)->data, diag);
}

uint16_t ike_kex_other(const struct ike_kex *kex, const struct ike_payload *n,
		       const struct ike_proposals *offer)
{
	uint16_t group = ike_get16(n->data.p);

	return kex->ke && group != ike_ke_id(kex->ke) &&
			       ike_proposals_has_ke(offer, group) ?
		       group :
		       IKE_KE_NONE;
}

struct ike_span ike_kex_nonce(const struct ike_kex *kex, bool initiator)
{
	return initiator ? ike_span(kex->ni, kex->ni_len) :
			   ike_span(kex->nr, kex->nr_len);
}

void ike_kex_write_ke(const struct ike_kex *kex, struct ike_builder *b)
{
	if (kex->ke)
		ike_pl_ke(b, ike_ke_id(kex->ke), ike_ke_public(kex->ke));
}

void ike_kex_write_nonce(const struct ike_kex *kex, struct ike_builder *b,
			 bool initiator)
{
	ike_pl_raw(b, IKE_PL_NONCE, ike_kex_nonce(kex, initiator));
}

void ike_kex_wipe(struct ike_kex *kex)
{
	ike_ke_free(kex->ke);
	ike_wipe(kex, sizeof(*kex));
}
