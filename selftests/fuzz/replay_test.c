// SPDX-License-Identifier: MIT
/*
 * Every sequence of so many numbers out of a few that are near an edge, against
 * a plain set; as 64 bit numbers, and by their low halves alone, from which the
 * receiver has to infer the rest. And the end of the numbers of a sender.
 */
#include <stdio.h>
#include "../../kmod/replay.c"
#include "../../kmod/sa.c"

#define NUMBERS_MAX	32

typedef __int128 s128;

static unsigned int failures;

#define EXPECT(cond)							\
	do {								\
		if (!(cond) && failures++ < 5)				\
			printf("# line %d: %s\n", __LINE__, #cond);	\
	} while (0)

/* What the sender's side needs of the rest of the module. */
static unsigned int told_soft, told_hard;

void ipsecx_lifetime_reached(struct ipsecx_sa *sa,
			     enum ipsecx_expire_kind kind,
			     enum ipsecx_expire_cause cause)
{
	EXPECT(cause == IPSECX_EXPIRE_CAUSE_SEQUENCE);
	if (kind == IPSECX_EXPIRE_KIND_HARD)
		told_hard++;
	else
		told_soft++;
}

const struct rhashtable_params ipsecx_net_sas_params;

int ipsecx_lifetime_init(struct ipsecx_sa *sa,
			 const struct ipsecx_limits *limits)
{
	return 0;
}

void ipsecx_lifetime_fini(struct ipsecx_sa *sa)
{
}

void ipsecx_lifetime_start(struct ipsecx_sa *sa)
{
}

void ipsecx_lifetime_stop(struct ipsecx_sa *sa)
{
}

void ipsecx_lifetime_count(struct ipsecx_sa *sa, unsigned int len)
{
}

void ipsecx_event_sa_del(const struct ipsecx_sa *sa,
			 enum ipsecx_delete_reason reason)
{
}

void ipsecx_hold_release(struct ipsecx_policy *policy)
{
}

void ipsecx_mtu_look(struct ipsecx_policy *policy)
{
}

void ipsecx_mtu_note(struct ipsecx_policy *policy, unsigned int mtu)
{
}

void ipsecx_policy_put(struct ipsecx_policy *policy)
{
}

int ipsecx_spi_release(struct ipsecx_net *xn, __be32 spi)
{
	return 0;
}

struct crypto_aead *
ipsecx_transform_new(const struct ipsecx_transform *t, bool esn,
		     const struct ipsecx_transform_keys *keys)
{
	return NULL;
}

/**
 * struct model - a walk along all sequences
 * @n: how many numbers there are
 * @number: the numbers
 * @window: of the receiver, rounded up
 * @low: it sees low halves only
 * @walked: numbers received, of all sequences together
 */
struct model {
	unsigned int n;
	u64 number[NUMBERS_MAX];
	u32 window;
	bool low;
	unsigned long walked;
};

/* A receiver that remembers which of the model's numbers it has accepted. */
struct naive {
	u32 seen;
	u64 top;
};

static enum ipsecx_replay_verdict naive_receive(const struct model *m,
						struct naive *w, unsigned int i)
{
	u64 seq = m->number[i];

	if (m->window) {
		if (!seq || (s128)seq <= (s128)w->top - m->window)
			return IPSECX_REPLAY_OLD;
		if (w->seen & BIT(i))
			return IPSECX_REPLAY_SEEN;
	}
	w->seen |= BIT(i);
	w->top = max(w->top, seq);
	return IPSECX_REPLAY_OK;
}

/* Can the receiver know it by its low half? Appendix A2, figure by figure. */
static bool naive_infers(const struct model *m, const struct naive *w,
			 unsigned int i)
{
	s128 left = (s128)w->top - (m->window ?: 1024) + 1;

	return m->number[i] && m->number[i] >= left &&
	       m->number[i] < left + ((s128)1 << 32);
}

static void infer(const struct model *m, struct ipsecx_replay *r,
		  const struct naive *w, unsigned int i)
{
	u64 seq = ipsecx_replay_esn(r, (u32)m->number[i]);

	EXPECT((u32)seq == (u32)m->number[i] || !seq);
	EXPECT((seq == m->number[i]) ==
	       (naive_infers(m, w, i) || (!m->number[i] && !seq)));
}

/*
 * @r and @w have received the same; what either receives next is undone before
 * the next alternative is tried.
 */
static void walk(struct model *m, struct ipsecx_replay *r, struct naive w,
		 unsigned int steps)
{
	u64 bits[2], top = r->top;
	unsigned int i;

	if (!steps)
		return;
	for (i = 0; i < m->n; i++) {
		struct naive next = w;
		int want;

		m->walked++;
		if (m->low) {
			infer(m, r, &w, i);
			if (!naive_infers(m, &w, i))
				continue;
		}
		want = naive_receive(m, &next, i);
		if (r->bits)
			memcpy(bits, r->bits, sizeof(bits));
		EXPECT(ipsecx_replay_check(r, m->number[i]) == want);
		EXPECT(ipsecx_replay_update(r, m->number[i]) == want);
		EXPECT(r->top == next.top);
		walk(m, r, next, steps - 1);
		r->top = top;
		if (r->bits)
			memcpy(r->bits, bits, sizeof(bits));
	}
}

/* The numbers that matter around @base, for a window of 64 and words of 64. */
static void model_numbers(struct model *m, u64 base)
{
	static const int by[] = {
		-128, -127, -65, -64, -63, -1, 0, 1, 2, 62, 63, 64, 65, 127,
		128, 129, 192, 320,
	};
	unsigned int i;

	m->n = 0;
	for (i = 0; i < sizeof(by) / sizeof(*by); i++) {
		s128 seq = (s128)base + by[i];

		if (seq >= 0 && seq <= (s128)U64_MAX)
			m->number[m->n++] = seq;
	}
	/* the same low half, one high half further */
	if (m->low && base <= U64_MAX >> 1)
		m->number[m->n++] = base + (1ULL << 32);
}

static void enumerate(u32 window, u64 base, bool low, unsigned int steps,
		      unsigned long *walked)
{
	struct model m = { .window = window, .low = low };
	struct ipsecx_replay r;

	model_numbers(&m, base);
	EXPECT(!ipsecx_replay_init(&r, window));
	EXPECT(!r.bits || r.mask == 1);
	walk(&m, &r, (struct naive){}, steps);
	/* And with something received before, so that the numbers are near. */
	if (base > 128) {
		ipsecx_replay_update(&r, base - 128);
		walk(&m, &r, (struct naive){ .seen = window ? BIT(0) : 0,
					     .top = base - 128 }, steps);
	}
	ipsecx_replay_fini(&r);
	*walked += m.walked;
}

static void result(const char *what, unsigned long n)
{
	static unsigned int count;

	printf("%s %u - %s (%lu)\n", failures ? "not ok" : "ok", ++count, what,
	       n);
	fflush(stdout);
	failures = 0;
}

static const u64 bases[] = {
	0, 1, 64, 200, 1023, 1024, 0x7FFFFFFF, 0xFFFFFFFF - 64, 0xFFFFFFFF,
	0x100000000, 0x100000000 + 63, 0x100000000 + 64, 0x1FFFFFFFF,
	0x500000000, U64_MAX - 320, U64_MAX - 63, U64_MAX,
};

static void windows(const char *what, u32 window, bool low, unsigned int steps)
{
	unsigned long walked = 0;
	unsigned int i;

	for (i = 0; i < sizeof(bases) / sizeof(*bases); i++)
		enumerate(window, bases[i], low, steps, &walked);
	result(what, walked);
}

/* Each last number of @space, reserved in every way that fits and does not. */
static void sequence(const char *what, bool esn, u64 last)
{
	static struct ipsecx_sa sa;
	unsigned long n = 0;
	u64 left;
	unsigned int want;

	sa.esn = esn;
	for (left = 0; left < 200; left++)
		for (want = 1; want < 210; want++, n++) {
			sa.seq.counter = last - left;
			told_soft = told_hard = 0;
			if (want <= left) {
				EXPECT(ipsecx_sa_seq_reserve(&sa, want) ==
				       last - left + want);
				EXPECT((u64)sa.seq.counter ==
				       last - left + want);
				EXPECT(told_soft == 1 && !told_hard);
				continue;
			}
			EXPECT(!ipsecx_sa_seq_reserve(&sa, want));
			EXPECT((u64)sa.seq.counter == last - left);
			EXPECT(!told_soft && told_hard == 1);
		}
	result(what, n);
}

/* Told when, and only when, less than the promised rest is left. */
static void sequence_soft(const char *what, bool esn, u64 last)
{
	static struct ipsecx_sa sa;
	s64 by;

	sa.esn = esn;
	for (by = -300; by < 300; by++) {
		sa.seq.counter = last - IPSECX_SEQ_SOFT_LEFT + by;
		told_soft = told_hard = 0;
		EXPECT(ipsecx_sa_seq_reserve(&sa, 7));
		EXPECT(told_soft == (by + 7 > 0) && !told_hard);
	}
	sa.seq.counter = 0;
	EXPECT(ipsecx_sa_seq_reserve(&sa, 1) == 1);
	EXPECT(ipsecx_sa_seq_reserve(&sa, 2) == 3);
	result(what, 602);
}

int main(void)
{
	printf("1..8\n");
	windows("all sequences, window 64", 64, false, 5);
	windows("all sequences, window 0", 0, false, 5);
	windows("all sequences of low halves, window 64", 64, true, 5);
	windows("all sequences of low halves, window 0", 0, true, 5);
	sequence("the last numbers are used once", false, U32_MAX);
	sequence("the last numbers are used once, ESN", true, U64_MAX);
	sequence_soft("the end is told before", false, U32_MAX);
	sequence_soft("the end is told before, ESN", true, U64_MAX);
	return 0;
}
