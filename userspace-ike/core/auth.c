// SPDX-License-Identifier: MIT
#include <errno.h>
#include <string.h>

#include "auth.h"

#define KEYS_MAX 8

/* cut a key stream into keys of the lengths they already have */
static int keys_cut(uint16_t prf, struct ike_span key,
		    const struct ike_span *seed, size_t n_seed,
		    struct ike_key *const *keys, size_t n)
{
	uint8_t stream[KEYS_MAX * IKE_KEY_MAX];
	size_t len = 0, off = 0;
	int err;

	for (size_t i = 0; i < n; i++)
		len += keys[i]->len;
	err = ike_prf_plus(prf, key, seed, n_seed, stream, len);
	for (size_t i = 0; i < n; i++) {
		if (err)
			keys[i]->len = 0;
		else
			memcpy(keys[i]->data, stream + off, keys[i]->len);
		off += keys[i]->len;
	}
	ike_wipe(stream, sizeof(stream));
	return err;
}

/* may this be an IKE SA's, or a Child SA's? then how long its keys are */
static int key_lens(const struct ike_suite *suite, uint8_t proto,
		    size_t *encr_len, size_t *integ_len)
{
	const struct ike_alg *encr = ike_encr_alg(suite->encr, suite->key_bits);
	const struct ike_alg *integ = ike_integ_alg(suite->integ);

	if (!ike_alg_usable(encr, proto) || (!encr->out_len && !integ))
		return -ENOTSUP;
	*encr_len = encr->key_len;
	*integ_len = encr->out_len ? 0 : integ->key_len;
	return 0;
}

/* SKEYSEED to { SK_d | SK_ai | SK_ar | SK_ei | SK_er | SK_pi | SK_pr } */
static int sa_keys_expand(const struct ike_suite *suite,
			  const struct ike_keymat *km,
			  const struct ike_key *skeyseed,
			  struct ike_sa_keys *keys)
{
	const struct ike_alg *prf = ike_prf_alg(suite->prf);
	struct ike_key *const order[] = {
		&keys->d,  &keys->ai, &keys->ar, &keys->ei,
		&keys->er, &keys->pi, &keys->pr,
	};
	uint8_t spis[2 * IKE_SPI_LEN];
	struct ike_span seed[] = { km->ni, km->nr, { spis, sizeof(spis) } };

	if (!prf ||
	    key_lens(suite, IKE_PROTO_IKE, &keys->ei.len, &keys->ai.len))
		return -ENOTSUP;
	ike_put64(spis, km->spi_i);
	ike_put64(spis + IKE_SPI_LEN, km->spi_r);
	keys->d.len = keys->pi.len = keys->pr.len = prf->key_len;
	keys->er.len = keys->ei.len;
	keys->ar.len = keys->ai.len;
	return keys_cut(suite->prf, ike_key_span(skeyseed), seed, 3, order, 7);
}

/* SKEYSEED = prf(key, parts), and what comes of it */
static int sa_keys_from(const struct ike_suite *suite, uint16_t prf,
			struct ike_span key, const struct ike_span *parts,
			size_t n, const struct ike_keymat *km,
			struct ike_sa_keys *keys)
{
	struct ike_key skeyseed = { .len = 0 };
	int err = ike_prf(prf, key, parts, n, skeyseed.data);

	memset(keys, 0, sizeof(*keys));
	if (!err) {
		skeyseed.len = ike_prf_alg(prf)->out_len;
		err = sa_keys_expand(suite, km, &skeyseed, keys);
	}
	ike_wipe(&skeyseed, sizeof(skeyseed));
	return err;
}

int ike_sa_keys_derive(const struct ike_suite *suite,
		       const struct ike_keymat *km, struct ike_sa_keys *keys)
{
	uint8_t nonces[2 * IKE_NONCE_MAX];
	struct ike_writer w = { .buf = nonces, .cap = sizeof(nonces) };

	if (km->ni.len > IKE_NONCE_MAX || km->nr.len > IKE_NONCE_MAX)
		return -EINVAL;
	ike_write(&w, km->ni);
	ike_write(&w, km->nr);
	return sa_keys_from(suite, suite->prf, ike_span(nonces, w.len),
			    &km->shared, 1, km, keys);
}

int ike_sa_keys_rekey(const struct ike_suite *suite, uint16_t old_prf,
		      const struct ike_key *old_d, const struct ike_keymat *km,
		      struct ike_sa_keys *keys)
{
	const struct ike_span parts[] = { km->shared, km->ni, km->nr };

	return sa_keys_from(suite, old_prf, ike_key_span(old_d), parts, 3, km,
			    keys);
}

int ike_child_keys_derive(const struct ike_suite *suite, uint16_t prf,
			  const struct ike_key *d, const struct ike_keymat *km,
			  struct ike_child_keys *keys)
{
	const struct ike_span seed[] = { km->shared, km->ni, km->nr };
	struct ike_key *const order[] = {
		&keys->ei,
		&keys->ai,
		&keys->er,
		&keys->ar,
	};

	memset(keys, 0, sizeof(*keys));
	if (key_lens(suite, IKE_PROTO_ESP, &keys->ei.len, &keys->ai.len))
		return -ENOTSUP;
	keys->er.len = keys->ei.len;
	keys->ar.len = keys->ai.len;
	return keys_cut(prf, ike_key_span(d), seed, 3, order, 4);
}

/*
 * prf(prf(shared key, "Key Pad for IKEv2"),
 *     message | other's nonce | prf(SK_p, ID payload's rest))
 */
int ike_auth_psk(const struct ike_auth_input *in, struct ike_span psk,
		 struct ike_key *out)
{
	static const char pad[] = "Key Pad for IKEv2";
	const struct ike_span pad_span = ike_span(pad, sizeof(pad) - 1);
	const struct ike_alg *prf = ike_prf_alg(in->prf);
	uint8_t maced_id[IKE_PRF_MAX], key[IKE_PRF_MAX];
	struct ike_span octets[] = { in->init_msg, in->nonce, { maced_id, 0 } };
	int err;

	memset(out, 0, sizeof(*out));
	if (!prf)
		return -ENOTSUP;
	octets[2].len = prf->out_len;
	err = ike_prf(in->prf, in->sk_p, &in->id, 1, maced_id);
	if (!err)
		err = ike_prf(in->prf, psk, &pad_span, 1, key);
	if (!err)
		err = ike_prf(in->prf, ike_span(key, prf->out_len), octets, 3,
			      out->data);
	if (!err)
		out->len = prf->out_len;
	ike_wipe(key, sizeof(key));
	ike_wipe(maced_id, sizeof(maced_id));
	return err;
}

struct ike_span ike_id_rest(uint8_t type, struct ike_span data, uint8_t *buf,
			    size_t cap)
{
	struct ike_writer w = { .buf = buf, .cap = cap };

	ike_write32(&w, (uint32_t)type << 24);
	ike_write(&w, data);
	return w.failed ? ike_span(NULL, 0) : ike_span(buf, w.len);
}
