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

/* the kernel module has all that is named, we what OpenSSL has */
static bool encr_usable(const struct ike_transform *tf, uint8_t proto)
{
	const struct ike_encr_alg *alg = ike_encr_alg(tf->id, tf->key_bits);

	if (!alg)
		return false;
	return proto == IKE_PROTO_ESP || alg->cipher;
}

/* what can be negotiated can be built: nothing else gets into a list */
bool ike_transform_usable(const struct ike_transform *tf, uint8_t proto)
{
	switch (tf->type) {
	case IKE_TF_ENCR:
		return encr_usable(tf, proto);
	case IKE_TF_PRF:
		return ike_prf_alg(tf->id);
	case IKE_TF_INTEG:
		return ike_integ_alg(tf->id);
	case IKE_TF_KE:
		return ike_ke_alg(tf->id) ||
		       (proto == IKE_PROTO_ESP && tf->id == IKE_KE_NONE);
	}
	return true;
}

static bool word_usable(const struct ike_word *w, uint8_t proto)
{
	struct ike_transform tf = { .type = w->type,
				    .id = w->id,
				    .key_bits = w->key_bits };

	return ike_transform_usable(&tf, proto);
}

static bool type_allowed(uint8_t type, uint8_t proto)
{
	return type != (proto == IKE_PROTO_IKE ? IKE_TF_ESN : IKE_TF_PRF);
}

static const struct ike_word *word_find(const char *word)
{
	const struct ike_word *w;

	for (w = ike_words; w->word; w++)
		if (!strcasecmp(w->word, word))
			return w;
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
	const struct ike_word *w, *best = NULL;
	unsigned int least = 4;

	for (w = ike_words; w->word; w++) {
		unsigned int d = distance(word, w->word);

		if (d < least && word_usable(w, proto)) {
			least = d;
			best = w;
		}
	}
	ike_diag_set(diag, 0, -EINVAL, "unknown algorithm \"%s\"", word);
	if (best)
		ike_diag_hint(diag, "did you mean \"%s\"?", best->word);
	else
		ike_diag_hint(diag, "for example \"%s\"",
			      proto == IKE_PROTO_IKE ?
				      "aes256gcm16-prfsha256-x25519" :
				      "aes256gcm16");
	return -EINVAL;
}

static bool has(const struct ike_proposal *p, uint8_t type)
{
	for (unsigned int i = 0; i < p->n; i++)
		if (p->tf[i].type == type)
			return true;
	return false;
}

static int transform_add(struct ike_proposal *p, uint8_t type, uint16_t id,
			 uint16_t key_bits, struct ike_diag *diag)
{
	for (unsigned int i = 0; i < p->n; i++)
		if (p->tf[i].type == type && p->tf[i].id == id &&
		    p->tf[i].key_bits == key_bits)
			return 0;
	if (p->n == IKE_TRANSFORMS_MAX)
		return ike_diag_set(diag, 0, -EINVAL,
				    "more than %u algorithms in a proposal",
				    IKE_TRANSFORMS_MAX);
	p->tf[p->n++] = (struct ike_transform){ .type = type,
						.id = id,
						.key_bits = key_bits };
	return 0;
}

static int word_add(struct ike_proposal *p, const char *word,
		    struct ike_diag *diag)
{
	const struct ike_word *w = word_find(word);

	if (!w)
		return word_unknown(word, p->proto, diag);
	if (!type_allowed(w->type, p->proto)) {
		ike_diag_set(diag, 0, -EINVAL,
			     "\"%s\" has no place in an %s proposal", word,
			     ike_protocol_name(p->proto));
		ike_diag_hint(diag, "leave \"%s\" out", word);
		return -EINVAL;
	}
	if (!word_usable(w, p->proto)) {
		ike_diag_set(diag, 0, -EINVAL, "\"%s\" is not supported for %s",
			     word, ike_protocol_name(p->proto));
		if (w->type == IKE_TF_ENCR && p->proto == IKE_PROTO_ESP)
			ike_diag_hint(diag,
				      "use \"aes256gcm16\" or \"aes128gcm16\"");
		return -EINVAL;
	}
	return transform_add(p, w->type, w->id, w->key_bits, diag);
}

static bool is_aead(const struct ike_transform *tf)
{
	const struct ike_encr_alg *alg = ike_encr_alg(tf->id, tf->key_bits);

	return alg && alg->icv_len;
}

/* RFC 7296 section 3.3: an AEAD stands without INTEG, a cipher with */
static int integ_check(const struct ike_proposal *p, struct ike_diag *diag)
{
	bool aead = false, cipher = false;

	for (unsigned int i = 0; i < p->n; i++) {
		if (p->tf[i].type != IKE_TF_ENCR)
			continue;
		aead |= is_aead(&p->tf[i]);
		cipher |= !is_aead(&p->tf[i]);
	}
	if (aead && cipher) {
		ike_diag_set(diag, 0, -EINVAL,
			     "AES-GCM and AES-CBC in one proposal");
		ike_diag_hint(
			diag,
			"put a comma between them, each with its own key exchange");
	} else if (aead && has(p, IKE_TF_INTEG)) {
		ike_diag_set(diag, 0, -EINVAL,
			     "AES-GCM takes no integrity algorithm");
		ike_diag_hint(
			diag,
			"write \"prfsha256\" instead of \"sha256\" to choose the PRF");
	} else if (cipher && !has(p, IKE_TF_INTEG)) {
		ike_diag_set(diag, 0, -EINVAL,
			     "AES-CBC needs an integrity algorithm");
		ike_diag_hint(diag, "add \"-sha256\"");
	} else {
		return 0;
	}
	return -EINVAL;
}

static uint16_t prf_of_integ(uint16_t integ)
{
	switch (integ) {
	case IKE_INTEG_HMAC_SHA2_256_128:
		return IKE_PRF_HMAC_SHA2_256;
	case IKE_INTEG_HMAC_SHA2_384_192:
		return IKE_PRF_HMAC_SHA2_384;
	}
	return IKE_PRF_HMAC_SHA2_512;
}

static int ike_complete(struct ike_proposal *p, struct ike_diag *diag)
{
	unsigned int n = p->n;
	int err = 0;

	if (!has(p, IKE_TF_KE)) {
		ike_diag_set(diag, 0, -EINVAL, "no key exchange");
		ike_diag_hint(diag, "add \"-x25519\"");
		return -EINVAL;
	}
	if (has(p, IKE_TF_PRF))
		return 0;
	for (unsigned int i = 0; i < n && !err; i++)
		if (p->tf[i].type == IKE_TF_INTEG)
			err = transform_add(p, IKE_TF_PRF,
					    prf_of_integ(p->tf[i].id), 0, diag);
	if (err || has(p, IKE_TF_PRF))
		return err;
	ike_diag_set(diag, 0, -EINVAL, "no PRF");
	ike_diag_hint(diag, "add \"-prfsha256\"");
	return -EINVAL;
}

/* the ESN transform is never left out (RFC 7296 section 3.3.3) */
static int esp_complete(struct ike_proposal *p, struct ike_diag *diag)
{
	int err;

	if (has(p, IKE_TF_ESN))
		return 0;
	err = transform_add(p, IKE_TF_ESN, 1, 0, diag);
	return err ? err : transform_add(p, IKE_TF_ESN, 0, 0, diag);
}

static int proposal_complete(struct ike_proposal *p, struct ike_diag *diag)
{
	int err;

	if (!has(p, IKE_TF_ENCR)) {
		ike_diag_set(diag, 0, -EINVAL, "no encryption algorithm");
		ike_diag_hint(diag, "add \"aes256gcm16\"");
		return -EINVAL;
	}
	err = integ_check(p, diag);
	if (err)
		return err;
	return p->proto == IKE_PROTO_IKE ? ike_complete(p, diag) :
					   esp_complete(p, diag);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/*
 * The next word, up to "-" or ","; *text then points at what ended it.
 * Blanks around it do not count.
 */
static int word_next(const char **text, char *word, struct ike_diag *diag)
{
	const char *s = *text;
	size_t len;

	while (is_blank(*s))
		s++;
	len = strcspn(s, "-,");
	*text = s + len;
	while (len && is_blank(s[len - 1]))
		len--;
	if (!len)
		return ike_diag_set(diag, 0, -EINVAL,
				    "an algorithm is missing before \"%s\"",
				    **text ? (char[]){ **text, 0 } : "end");
	if (len >= WORD_MAX || strcspn(s, "\"\\") < len)
		return ike_diag_set(diag, 0, -EINVAL, "this is no algorithm");
	memcpy(word, s, len);
	word[len] = '\0';
	for (size_t i = 0; i < len; i++)
		if (word[i] <= ' ' || word[i] > '~')
			return ike_diag_set(diag, 0, -EINVAL,
					    "this is no algorithm");
	return 0;
}

static int list_room(struct ike_proposals *list, uint8_t proto,
		     struct ike_diag *diag)
{
	if (list->n == IKE_PROPOSALS_MAX)
		return ike_diag_set(diag, 0, -EINVAL, "more than %u proposals",
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
		return list_parse(proto == IKE_PROTO_IKE ? IKE_DEFAULT :
							   ESP_DEFAULT,
				  proto, false, list, diag);
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
		return ike_diag_set(diag, 0, -EINVAL, "protocol %u", proto);
	return list_parse(text, proto, true, list, diag);
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

void ike_proposals_strip(struct ike_proposals *list, uint8_t type)
{
	for (unsigned int i = 0; i < list->n; i++) {
		struct ike_proposal *p = &list->p[i];
		uint8_t kept = 0;

		for (unsigned int j = 0; j < p->n; j++)
			if (p->tf[j].type != type)
				p->tf[kept++] = p->tf[j];
		p->n = kept;
	}
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
	for (unsigned int i = 0; i < list->n; i++)
		for (unsigned int j = 0; j < list->p[i].n; j++)
			if (list->p[i].tf[j].type == IKE_TF_KE &&
			    list->p[i].tf[j].id == ke)
				return true;
	return false;
}

static void transform_print(const struct ike_transform *tf, char *buf,
			    size_t size)
{
	const char *name = ike_transform_name(tf->type, tf->id, tf->key_bits);

	if (name)
		ike_text_add(buf, size, "%s", name);
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

void ike_suite_print(const struct ike_suite *s, char *buf, size_t size)
{
	struct ike_proposal p = { .proto = s->proto };

	transform_add(&p, IKE_TF_ENCR, s->encr, s->key_bits, NULL);
	if (s->integ)
		transform_add(&p, IKE_TF_INTEG, s->integ, 0, NULL);
	if (s->prf)
		transform_add(&p, IKE_TF_PRF, s->prf, 0, NULL);
	if (s->ke)
		transform_add(&p, IKE_TF_KE, s->ke, 0, NULL);
	if (s->proto == IKE_PROTO_ESP)
		transform_add(&p, IKE_TF_ESN, s->esn, 0, NULL);
	ike_proposal_print(&p, buf, size);
}
