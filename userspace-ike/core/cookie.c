// SPDX-License-Identifier: MIT
/*
 * Cookies (RFC 7296 section 2.6): who asks too often is to show that it is
 * where it says, before it costs a key exchange or a place in a table.
 */
#include <string.h>

#include "sa.h"

/* so many IKE SAs that are not finished, or begun in a second, are no attack */
#define COOKIE_FREE 32
/* a secret's time; the one before is good for as long again */
#define COOKIE_SECRET 60000

static void secrets_renew(struct ike_cookies *c, struct ike_env *env,
			  uint64_t now)
{
	if (c->since && now < c->since + COOKIE_SECRET)
		return;
	memcpy(c->secret[1], c->secret[0], sizeof(c->secret[1]));
	/* without random octets the old ones have to do */
	if (ike_rng_fill(&env->rng, c->secret[0], sizeof(c->secret[0])))
		return;
	/* the first has none before it */
	if (!c->since)
		memcpy(c->secret[1], c->secret[0], sizeof(c->secret[1]));
	c->since = now ? now : 1;
}

/*
 * HMAC(secret, length of IPi | IPi | SPIi | Ni): what has no fixed length comes
 * last, or who has an IPv6 address could choose octets of it to stand for
 * somebody's IPv4 address.
 */
static int cookie_make(const uint8_t secret[IKE_COOKIE_LEN],
		       const struct ike_path *path, const struct ike_hdr *hdr,
		       struct ike_span nonce, uint8_t out[IKE_COOKIE_LEN])
{
	uint8_t spi[8];
	const struct ike_span parts[] = {
		ike_span(&path->remote.len, 1),
		ike_span(path->remote.ip, path->remote.len),
		ike_span(spi, sizeof(spi)),
		nonce,
	};

	ike_put64(spi, hdr->spi_i);
	return ike_prf(IKE_PRF_HMAC_SHA2_256, ike_span(secret, IKE_COOKIE_LEN),
		       parts, 4, out);
}

static bool cookie_is(const struct ike_cookies *c, const struct ike_path *path,
		      const struct ike_msg *msg, struct ike_span nonce,
		      struct ike_span cookie)
{
	uint8_t good[IKE_COOKIE_LEN];

	for (int i = 0; i < 2; i++)
		if (!cookie_make(c->secret[i], path, &msg->hdr, nonce, good) &&
		    ike_secret_equal(cookie, ike_span(good, sizeof(good))))
			return true;
	return false;
}

void ike_cookie_count(struct ike_engine *e)
{
	struct ike_cookies *c = &e->cookies;

	if (c->second != e->now / 1000)
		c->begun = 0;
	c->second = e->now / 1000;
	c->begun++;
}

static bool cookie_wanted(const struct ike_engine *e)
{
	return e->n_half_open >= COOKIE_FREE ||
	       (e->cookies.second == e->now / 1000 &&
		e->cookies.begun >= COOKIE_FREE);
}

int ike_cookie_check(struct ike_engine *e, const struct ike_path *path,
		     const struct ike_msg *msg, struct ike_diag *diag)
{
	struct ike_span nonce = ike_msg_find(msg, IKE_PL_NONCE)->body;
	const struct ike_payload *n = ike_msg_notify(msg, IKE_N_COOKIE);
	struct ike_cookies *c = &e->cookies;
	uint8_t cookie[IKE_COOKIE_LEN];

	if (!cookie_wanted(e))
		return 0;
	secrets_renew(c, &e->env, e->now);
	if (n && cookie_is(c, path, msg, nonce, n->data))
		return 0;
	if (cookie_make(c->secret[0], path, &msg->hdr, nonce, cookie))
		return 0;
	ike_diag_set(diag, IKE_N_COOKIE, 0, "the peer has to show a cookie");
	return ike_diag_data(diag, -EAGAIN, cookie, sizeof(cookie));
}
