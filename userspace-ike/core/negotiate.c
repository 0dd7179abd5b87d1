// SPDX-License-Identifier: MIT
/*
 * Choosing among proposals (RFC 7296 section 2.7), and telling why nothing
 * could be chosen.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "proposal.h"

/* the transform of a type that mine lists first and theirs has too */
static const struct ike_transform *common(const struct ike_proposal *mine,
					  const struct ike_proposal *theirs,
					  uint8_t type, uint16_t ke_hint)
{
	struct ike_transform hint = { .type = IKE_TF_KE, .id = ke_hint };

	if (type == IKE_TF_KE && ke_hint && ike_proposal_find(mine, &hint) &&
	    ike_proposal_find(theirs, &hint))
		return ike_proposal_find(theirs, &hint);
	for (unsigned int i = 0; i < mine->n; i++)
		if (mine->tf[i].type == type &&
		    ike_proposal_find(theirs, &mine->tf[i]))
			return ike_proposal_find(theirs, &mine->tf[i]);
	return NULL;
}

/*
 * One type. A type that is left out is the same as NONE, which is 0 in every
 * type that may be left out (section 3.3.3; ESN: 32-bit numbers). Returns
 * false when the two have nothing in common; *out is NULL when the choice is
 * to leave the type out.
 */
static bool pick(const struct ike_proposal *mine,
		 const struct ike_proposal *theirs, uint8_t type,
		 uint16_t ke_hint, const struct ike_transform **out)
{
	struct ike_transform none = { .type = type };

	*out = NULL;
	if (!ike_proposal_has(theirs, type))
		return !ike_proposal_has(mine, type) ||
		       ike_proposal_find(mine, &none);
	if (ike_proposal_has(mine, type))
		*out = common(mine, theirs, type, ke_hint);
	else if (type != IKE_TF_ENCR)
		*out = ike_proposal_find(theirs, &none);
	return *out;
}

#define TYPE_FIRST IKE_TF_ENCR
#define TYPE_LAST  IKE_TF_ADDKE7

static bool has_foreign(const struct ike_proposal *p)
{
	for (unsigned int i = 0; i < p->n; i++)
		if (p->tf[i].type < TYPE_FIRST || p->tf[i].type > TYPE_LAST)
			return true;
	return false;
}

/* how many types have nothing in common; 0: *chosen is the choice */
static unsigned int match(const struct ike_proposal *mine,
			  const struct ike_proposal *theirs, uint16_t ke_hint,
			  struct ike_proposal *chosen)
{
	unsigned int missing = has_foreign(theirs);

	*chosen = *theirs;
	chosen->n = 0;
	for (uint8_t type = TYPE_FIRST; type <= TYPE_LAST; type++) {
		const struct ike_transform *tf;

		if (!pick(mine, theirs, type, ke_hint, &tf))
			missing++;
		else if (tf)
			chosen->tf[chosen->n++] = *tf;
	}
	return missing;
}

bool ike_proposals_allow(const struct ike_proposals *mine,
			 const struct ike_suite *suite)
{
	struct ike_proposal is, chosen;

	ike_suite_proposal(suite, &is);
	for (unsigned int i = 0; i < mine->n; i++)
		if (!match(&mine->p[i], &is, 0, &chosen))
			return true;
	return false;
}

static void suite_set(const struct ike_proposal *p, struct ike_suite *suite)
{
	uint16_t id[TYPE_LAST + 1] = { 0 };

	*suite = (struct ike_suite){ .proto = p->proto };
	for (unsigned int i = 0; i < p->n; i++) {
		id[p->tf[i].type] = p->tf[i].id;
		if (p->tf[i].type == IKE_TF_ENCR)
			suite->key_bits = p->tf[i].key_bits;
	}
	suite->encr = id[IKE_TF_ENCR];
	suite->prf = id[IKE_TF_PRF];
	suite->integ = id[IKE_TF_INTEG];
	suite->ke = id[IKE_TF_KE];
	suite->esn = id[IKE_TF_ESN];
}

/* the transforms of a type, as words */
static void type_print(const struct ike_proposal *p, uint8_t type, char *buf,
		       size_t size)
{
	struct ike_proposal some = { .n = 0 };

	for (unsigned int i = 0; i < p->n; i++)
		if (p->tf[i].type == type)
			some.tf[some.n++] = p->tf[i];
	if (some.n)
		ike_proposal_print(&some, buf, size);
	else
		snprintf(buf, size, "none");
}

/* the first word of a type that can be configured here; NULL: none */
static const char *usable_word(const struct ike_proposal *p, uint8_t type,
			       uint8_t proto)
{
	for (unsigned int i = 0; i < p->n; i++) {
		const struct ike_transform *tf = &p->tf[i];
		const struct ike_alg *alg = ike_alg(type, tf->id, tf->key_bits);

		if (tf->type == type && !tf->odd && ike_alg_usable(alg, proto))
			return alg->word;
	}
	return NULL;
}

static void type_hint(const struct ike_proposal *mine,
		      const struct ike_proposal *theirs, uint8_t type,
		      struct ike_diag *diag)
{
	const char *here = usable_word(theirs, type, mine->proto);
	const char *there = usable_word(mine, type, mine->proto);

	if (diag->hint[0])
		ike_diag_hint(diag, "; ");
	if (here && there)
		ike_diag_hint(diag, "add \"%s\" here, or \"%s\" at the peer",
			      here, there);
	else if (there)
		ike_diag_hint(diag, "add \"%s\" at the peer", there);
	else if (here)
		ike_diag_hint(diag, "add \"%s\" here", here);
	else
		ike_diag_hint(diag, "the peer's %s has no equal here",
			      ike_transform_type_name(type));
}

static void type_explain(const struct ike_proposal *mine,
			 const struct ike_proposal *theirs, uint8_t type,
			 struct ike_diag *diag)
{
	const struct ike_transform *tf;
	char ours[80], peers[80];

	if (!ike_proposal_has(mine, type) && !ike_proposal_has(theirs, type))
		return;
	type_print(mine, type, ours, sizeof(ours));
	type_print(theirs, type, peers, sizeof(peers));
	if (pick(mine, theirs, type, 0, &tf)) {
		ike_diag_add(diag, "%s ok; ", ike_transform_type_name(type));
		return;
	}
	ike_diag_add(diag, "%s: we allow %s, the peer has %s; ",
		     ike_transform_type_name(type), ours, peers);
	type_hint(mine, theirs, type, diag);
}

/* the pair that has the least to repair */
static void explain(const struct ike_proposals *mine,
		    const struct ike_proposals *theirs, struct ike_diag *diag)
{
	const struct ike_proposal *m = NULL, *t = NULL;
	struct ike_proposal chosen;
	unsigned int least = 0;

	for (unsigned int i = 0; i < mine->n; i++)
		for (unsigned int j = 0; j < theirs->n; j++) {
			unsigned int n =
				match(&mine->p[i], &theirs->p[j], 0, &chosen);

			if (mine->p[i].proto != theirs->p[j].proto ||
			    (m && n >= least))
				continue;
			least = n;
			m = &mine->p[i];
			t = &theirs->p[j];
		}
	if (!m) {
		ike_diag_add(diag, ": the peer has none for the protocol");
		return;
	}
	ike_diag_add(diag, "; closest: ");
	for (uint8_t type = TYPE_FIRST; type <= TYPE_LAST; type++)
		type_explain(m, t, type, diag);
	if (has_foreign(t))
		ike_diag_add(diag,
			     "the peer has transform types we do not know; ");
	diag->text[strlen(diag->text) - 2] = '\0';
}

int ike_proposals_select(const struct ike_proposals *mine,
			 const struct ike_proposals *theirs, uint16_t ke_hint,
			 struct ike_proposal *chosen, struct ike_suite *suite,
			 struct ike_diag *diag)
{
	for (unsigned int i = 0; i < mine->n; i++)
		for (unsigned int j = 0; j < theirs->n; j++) {
			if (mine->p[i].proto != theirs->p[j].proto ||
			    match(&mine->p[i], &theirs->p[j], ke_hint, chosen))
				continue;
			suite_set(chosen, suite);
			return 0;
		}
	ike_diag_set(diag, IKE_N_NO_PROPOSAL_CHOSEN, -ENOENT,
		     "no common %s proposal",
		     mine->n ? ike_protocol_name(mine->p[0].proto) : "");
	if (diag)
		explain(mine, theirs, diag);
	return -ENOENT;
}

/* an answer names one transform of each type */
static bool is_choice(const struct ike_proposal *p)
{
	for (unsigned int i = 0; i < p->n; i++)
		for (unsigned int j = 0; j < i; j++)
			if (p->tf[i].type == p->tf[j].type)
				return false;
	return true;
}

int ike_proposals_accept(const struct ike_proposals *offered,
			 const struct ike_proposals *answer,
			 struct ike_proposal *chosen, struct ike_suite *suite,
			 struct ike_diag *diag)
{
	char text[160];

	if (answer->n != 1)
		return ike_syntax(diag,
				  "the peer chose %u proposals instead of one",
				  answer->n);
	ike_proposal_print(&answer->p[0], text, sizeof(text));
	if (!is_choice(&answer->p[0]))
		return ike_syntax(diag, "the peer left the choice to us: %s",
				  text);
	if (!ike_proposals_select(offered, answer, 0, chosen, suite, NULL))
		return 0;
	return ike_diag_set(diag, IKE_N_NO_PROPOSAL_CHOSEN, -EPROTO,
			    "the peer chose %s, which we did not offer", text);
}
