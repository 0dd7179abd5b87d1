// SPDX-License-Identifier: MIT
/*
 * Proposals in configuration words: reading, completing, printing.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "proposal.h"

#define WORD_MAX 32

#define IKE_DEFAULT                                              \
	"aes256gcm16-aes128gcm16-prfsha256-prfsha384-prfsha512-" \
	"x25519-ecp256-ecp384-modp2048-modp3072,"                \
	"aes256-aes128-sha256-sha384-sha512-"                    \
	"x25519-ecp256-ecp384-modp2048-modp3072"
#define ESP_DEFAULT                          \
	"aes256gcm16-aes128gcm16-esn-noesn," \
	"aes256-aes128-sha256-sha384-sha512-esn-noesn"

static const char *const defaults[] = {
	[IKE_PROTO_IKE] = IKE_DEFAULT,
	[IKE_PROTO_ESP] = ESP_DEFAULT,
};

bool ike_proposal_has(const struct ike_proposal *p, uint8_t type)
{
	for (unsigned int i = 0; i < p->n; i++)
		if (p->tf[i].type == type)
			return true;
	return false;
}

const struct ike_transform *ike_proposal_find(const struct ike_proposal *p,
					      const struct ike_transform *like)
{
	for (unsigned int i = 0; i < p->n; i++)
		if (p->tf[i].type == like->type && p->tf[i].id == like->id &&
		    p->tf[i].key_bits == like->key_bits && !p->tf[i].odd)
			return &p->tf[i];
	return NULL;
}

static const struct ike_alg *word_find(const char *word)
{
	const struct ike_alg *alg;

	for (alg = ike_algs; alg->word; alg++)
		if (!strcasecmp(alg->word, word))
			return alg;
	return NULL;
}

/* Levenshtein distance, one row at a time */
static unsigned int distance(const char *a, const char *b)
{
	unsigned int row[WORD_MAX + 1], n = (unsigned int)strlen(b);

	for (unsigned int j = 0; j <= n; j++)
		row[j] = j;
	for (unsigned int i = 1; a[i - 1]; i++) {
		unsigned int diag = row[0];

		row[0] = i;
		for (unsigned int j = 1; j <= n; j++) {
			unsigned int best = diag + (a[i - 1] != b[j - 1]);

			diag = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[n];
}

static int word_unknown(const char *word, uint8_t proto, struct ike_diag *diag)
{
	const struct ike_alg *alg, *best = NULL;
	unsigned int least = 4;

	for (alg = ike_algs; alg->word; alg++) {
		unsigned int d = distance(word, alg->word);

		if (d < least && ike_alg_usable(alg, proto)) {
			least = d;
			best = alg;
		}
	}
	ike_invalid(diag, "unknown algorithm \"%s\"", word);
	if (best)
		ike_diag_hint(diag, "did you mean \"%s\"?", best->word);
	else
		ike_diag_hint(diag, "for example \"%s\"",
			      proto == IKE_PROTO_IKE ?
				      "aes256gcm16-prfsha256-x25519" :
				      "aes256gcm16");
	return -EINVAL;
}

/* not twice */
static int transform_add(struct ike_proposal *p, uint8_t type, uint16_t id,
			 uint16_t key_bits, struct ike_diag *diag)
{
	const struct ike_transform tf = {
		.type = type,
		.id = id,
		.key_bits = key_bits,
	};

	if (ike_proposal_find(p, &tf))
		return 0;
	if (p->n == IKE_TRANSFORMS_MAX)
		return ike_invalid(diag,
				   "more than %u algorithms in a proposal",
				   IKE_TRANSFORMS_MAX);
	p->tf[p->n++] = tf;
	return 0;
}

static int word_add(struct ike_proposal *p, const char *word,
		    struct ike_diag *diag)
{
	const uint8_t other = p->proto == IKE_PROTO_IKE ? IKE_TF_ESN :
							  IKE_TF_PRF;
	const struct ike_alg *alg = word_find(word);
	const char *proto = ike_protocol_name(p->proto);

	if (!alg)
		return word_unknown(word, p->proto, diag);
	if (alg->type == other)
		return ike_invalid(
			diag,
			"\"%s\" has no place in an %s proposal\nleave \"%s\" out",
			word, proto, word);
	if (ike_alg_usable(alg, p->proto))
		return transform_add(p, alg->type, alg->id, alg->key_bits,
				     diag);
	ike_invalid(diag, "\"%s\" is not supported for %s", word, proto);
	if (alg->type == IKE_TF_ENCR && p->proto == IKE_PROTO_ESP)
		ike_diag_hint(diag, "use \"aes256gcm16\" or \"aes128gcm16\"");
	return -EINVAL;
}

static bool is_aead(const struct ike_transform *tf)
{
	return ike_encr_alg(tf->id, tf->key_bits)->out_len;
}

/* RFC 7296 section 3.3: an AEAD stands without INTEG, a cipher with */
static int integ_check(const struct ike_proposal *p, struct ike_diag *diag)
{
	bool aead = false, cipher = false;
	bool integ = ike_proposal_has(p, IKE_TF_INTEG);

	for (unsigned int i = 0; i < p->n; i++)
		if (p->tf[i].type == IKE_TF_ENCR)
			*(is_aead(&p->tf[i]) ? &aead : &cipher) = true;
	if (aead && cipher)
		return ike_invalid(
			diag,
			"AES-GCM and AES-CBC in one proposal\nput a comma between them, each with its own key exchange");
	if (aead && integ)
		return ike_invalid(
			diag,
			"AES-GCM takes no integrity algorithm\nwrite \"prfsha256\" instead of \"sha256\" to choose the PRF");
	if (cipher && !integ)
		return ike_invalid(
			diag,
			"AES-CBC needs an integrity algorithm\nadd \"-sha256\"");
	return 0;
}

/* the PRF that goes with each integrity transform has the same hash */
static int prf_add(struct ike_proposal *p, uint16_t integ,
		   struct ike_diag *diag)
{
	const char *hash = ike_integ_alg(integ)->name;
	const struct ike_alg *alg;

	for (alg = ike_algs; alg->word; alg++)
		if (alg->type == IKE_TF_PRF && alg->name &&
		    !strcmp(alg->name, hash))
			return transform_add(p, IKE_TF_PRF, alg->id, 0, diag);
	return 0;
}

static int ike_complete(struct ike_proposal *p, struct ike_diag *diag)
{
	bool prf = ike_proposal_has(p, IKE_TF_PRF);
	unsigned int n = p->n;
	int err = 0;

	if (!ike_proposal_has(p, IKE_TF_KE))
		return ike_invalid(diag, "no key exchange\nadd \"-x25519\"");
	for (unsigned int i = 0; i < n && !prf && !err; i++)
		if (p->tf[i].type == IKE_TF_INTEG)
			err = prf_add(p, p->tf[i].id, diag);
	if (err || ike_proposal_has(p, IKE_TF_PRF))
		return err;
	return ike_invalid(diag, "no PRF\nadd \"-prfsha256\"");
}

/* the ESN transform is never left out (RFC 7296 section 3.3.3) */
static int esp_complete(struct ike_proposal *p, struct ike_diag *diag)
{
	int err;

	if (ike_proposal_has(p, IKE_TF_ESN))
		return 0;
	err = transform_add(p, IKE_TF_ESN, 1, 0, diag);
	return err ? err : transform_add(p, IKE_TF_ESN, 0, 0, diag);
}

static int proposal_complete(struct ike_proposal *p, struct ike_diag *diag)
{
	int err;

	if (!ike_proposal_has(p, IKE_TF_ENCR))
		return ike_invalid(
			diag, "no encryption algorithm\nadd \"aes256gcm16\"");
	err = integ_check(p, diag);
	if (err)
		return err;
	return p->proto == IKE_PROTO_IKE ? ike_complete(p, diag) :
					   esp_complete(p, diag);
}

/*
 * The next word, up to "-" or ","; *text then points at what ended it.
 * Blanks around it do not count.
 */
static int word_next(const char **text, char *word, struct ike_diag *diag)
{
	static const char blanks[] = " \t\n\r";
	const char *s = *text + strspn(*text, blanks);
	size_t len = strcspn(s, "-,");

	*text = s + len;
	while (len && strchr(blanks, s[len - 1]))
		len--;
	if (!len)
		return ike_invalid(diag,
				   "an algorithm is missing before \"%s\"",
				   **text ? (char[]){ **text, 0 } : "end");
	if (len >= WORD_MAX)
		return ike_invalid(diag, "this is no algorithm");
	for (size_t i = 0; i < len; i++)
		if (s[i] <= ' ' || s[i] > '~' || strchr("\"\\", s[i]))
			return ike_invalid(diag, "this is no algorithm");
	memcpy(word, s, len);
	word[len] = '\0';
	return 0;
}

static int list_room(struct ike_proposals *list, uint8_t proto,
		     struct ike_diag *diag)
{
	if (list->n == IKE_PROPOSALS_MAX)
		return ike_invalid(diag, "more than %u proposals",
				   IKE_PROPOSALS_MAX);
	memset(&list->p[list->n], 0, sizeof(list->p[0]));
	list->p[list->n].proto = proto;
	list->p[list->n].num = (uint8_t)(list->n + 1);
	return 0;
}

static int list_parse(const char *text, uint8_t proto, bool may_default,
		      struct ike_proposals *list, struct ike_diag *diag);

/* one proposal of a list, up to "," */
static int proposal_parse(const char **text, uint8_t proto, bool may_default,
			  struct ike_proposals *list, struct ike_diag *diag)
{
	char word[WORD_MAX];
	int err = word_next(text, word, diag);

	if (!err && may_default && !strcmp(word, "default") && **text != '-')
		return list_parse(defaults[proto], proto, false, list, diag);
	if (!err)
		err = list_room(list, proto, diag);
	while (!err) {
		err = word_add(&list->p[list->n], word, diag);
		if (err || **text != '-')
			break;
		(*text)++;
		err = word_next(text, word, diag);
	}
	if (!err)
		err = proposal_complete(&list->p[list->n], diag);
	if (!err)
		list->n++;
	return err;
}

static int list_parse(const char *text, uint8_t proto, bool may_default,
		      struct ike_proposals *list, struct ike_diag *diag)
{
	for (;;) {
		int err = proposal_parse(&text, proto, may_default, list, diag);

		if (err || *text != ',')
			return err;
		text++;
	}
}

int ike_proposals_parse(const char *text, uint8_t proto,
			struct ike_proposals *list, struct ike_diag *diag)
{
	list->n = 0;
	if (proto != IKE_PROTO_IKE && proto != IKE_PROTO_ESP)
		return ike_invalid(diag, "protocol %u", proto);
	return list_parse(text, proto, true, list, diag);
}

/* each proposal is zero before it is filled in */
bool ike_proposals_equal(const struct ike_proposals *a,
			 const struct ike_proposals *b)
{
	return a->n == b->n && !memcmp(a->p, b->p, a->n * sizeof(a->p[0]));
}

void ike_proposals_default(uint8_t proto, struct ike_proposals *list)
{
	ike_proposals_parse("default", proto, list, NULL);
}

void ike_proposals_set_spi(struct ike_proposals *list, const void *spi,
			   size_t len)
{
	if (len > IKE_SPI_LEN)
		return;
	for (unsigned int i = 0; i < list->n; i++) {
		list->p[i].spi_len = (uint8_t)len;
		if (len)
			memcpy(list->p[i].spi, spi, len);
	}
}

static void proposal_strip(struct ike_proposal *p, uint8_t type)
{
	uint8_t kept = 0;

	for (unsigned int i = 0; i < p->n; i++)
		if (p->tf[i].type != type)
			p->tf[kept++] = p->tf[i];
	p->n = kept;
}

void ike_proposals_strip(struct ike_proposals *list, uint8_t type)
{
	for (unsigned int i = 0; i < list->n; i++)
		proposal_strip(&list->p[i], type);
}

uint16_t ike_proposals_first_ke(const struct ike_proposals *list)
{
	for (unsigned int i = 0; i < list->n; i++)
		for (unsigned int j = 0; j < list->p[i].n; j++)
			if (list->p[i].tf[j].type == IKE_TF_KE)
				return list->p[i].tf[j].id;
	return IKE_KE_NONE;
}

bool ike_proposals_has_ke(const struct ike_proposals *list, uint16_t ke)
{
	const struct ike_transform tf = { .type = IKE_TF_KE, .id = ke };

	for (unsigned int i = 0; i < list->n; i++)
		if (ike_proposal_find(&list->p[i], &tf))
			return true;
	return false;
}

static void transform_print(const struct ike_transform *tf, char *buf,
			    size_t size)
{
	const struct ike_alg *alg = ike_alg(tf->type, tf->id, tf->key_bits);

	if (alg)
		ike_text_add(buf, size, "%s", alg->word);
	else if (tf->type == IKE_TF_INTEG && !tf->id)
		ike_text_add(buf, size, "nointeg");
	else if (tf->key_bits)
		ike_text_add(buf, size, "t%u:%u:%u", tf->type, tf->id,
			     tf->key_bits);
	else
		ike_text_add(buf, size, "t%u:%u", tf->type, tf->id);
}

void ike_proposal_print(const struct ike_proposal *p, char *buf, size_t size)
{
	buf[0] = '\0';
	for (unsigned int i = 0; i < p->n; i++) {
		if (i)
			ike_text_add(buf, size, "-");
		transform_print(&p->tf[i], buf, size);
	}
}

void ike_proposals_print(const struct ike_proposals *list, char *buf,
			 size_t size)
{
	size_t len = 0;

	buf[0] = '\0';
	for (unsigned int i = 0; i < list->n && len + 3 < size; i++) {
		if (i)
			ike_text_add(buf, size, ", ");
		len = strlen(buf);
		ike_proposal_print(&list->p[i], buf + len, size - len);
	}
}

void ike_suite_proposal(const struct ike_suite *s, struct ike_proposal *p)
{
	const struct ike_transform tf[] = {
		{ IKE_TF_ENCR, false, s->encr, s->key_bits },
		{ IKE_TF_INTEG, false, s->integ, 0 },
		{ IKE_TF_PRF, false, s->prf, 0 },
		{ IKE_TF_KE, false, s->ke, 0 },
		{ IKE_TF_ESN, false, s->esn, 0 },
	};

	*p = (struct ike_proposal){ .proto = s->proto };
	for (size_t i = 0; i < sizeof(tf) / sizeof(tf[0]); i++)
		if (tf[i].id || tf[i].type == IKE_TF_ENCR ||
		    (tf[i].type == IKE_TF_ESN && s->proto == IKE_PROTO_ESP))
			p->tf[p->n++] = tf[i];
}

void ike_suite_print(const struct ike_suite *suite, char *buf, size_t size)
{
	struct ike_proposal p;

	ike_suite_proposal(suite, &p);
	ike_proposal_print(&p, buf, size);
}
