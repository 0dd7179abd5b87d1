// SPDX-License-Identifier: MIT
/*
 * The replay window against a set of all numbers that were ever accepted. The
 * input: two bytes of window, one of where to begin, then steps relative to the
 * newest number.
 */
#include "../../kmod/replay.c"
#include "fuzz.h"

#define STEPS	4096

typedef __int128 s128;

struct naive {
	u64 top;
	u32 window;
	u64 seen[STEPS + 1];
	unsigned int n;
};

/* RFC 4303 section 3.4.3. */
static enum ipsecx_replay_verdict naive_update(struct naive *w, u64 seq)
{
	unsigned int i;

	if (w->window) {
		if (!seq || (s128)seq <= (s128)w->top - w->window)
			return IPSECX_REPLAY_OLD;
		for (i = 0; i < w->n; i++)
			if (w->seen[i] == seq)
				return IPSECX_REPLAY_SEEN;
		w->seen[w->n++] = seq;
	}
	w->top = max(w->top, seq);
	return IPSECX_REPLAY_OK;
}

/*
 * Appendix A2: the number of those low bits that is in the window or within
 * 2^32 of its left edge. 0 if it would be none, or past the last.
 */
static u64 naive_esn(const struct naive *w, u32 low)
{
	s128 left = (s128)w->top - (w->window ?: 1024) + 1;
	s128 seq = left + (u32)(low - (u32)left);

	return seq <= 0 || seq > (s128)U64_MAX ? 0 : seq;
}

static u64 start(unsigned int b)
{
	static const u64 from[] = {
		0, 1, 63, 8191, 0x7FFFFFFF, 0xFFFFFF00, 0xFFFFFFFF,
		0x100000000, 0x1000001FF, 0x5FFFFFF80, U64_MAX - 9000,
	};

	return from[b % (sizeof(from) / sizeof(*from))];
}

/* Near the newest, near the left edge, or somewhere. */
static u64 step(const struct naive *w, const uint8_t *b)
{
	s128 by = (int8_t)b[1], seq = w->top;

	switch (b[0] & 7) {
	case 0:
		seq += by * 256 + b[2];
		break;
	case 1:
		seq += by - w->window;
		break;
	case 2:
		seq += by * 64 + (b[2] & 3) - 1;
		break;
	case 3:
		seq = (seq >> 32 << 32) + by;
		break;
	case 4:
		seq += ((s128)by << 24) + b[2];
		break;
	default:
		seq += by;
	}
	return seq < 0 ? 0 : seq > (s128)U64_MAX ? U64_MAX : seq;
}

static void one(struct ipsecx_replay *r, struct naive *w, const uint8_t *b)
{
	u64 seq = step(w, b), esn = ipsecx_replay_esn(r, seq);
	u64 want = naive_esn(w, seq);
	enum ipsecx_replay_verdict verdict;

	/* Past the last number it may be anything that is refused. */
	if (want || !w->window)
		REQUIRE(!want || esn == want);
	else
		REQUIRE(ipsecx_replay_check(r, esn) != IPSECX_REPLAY_OK);
	verdict = ipsecx_replay_check(r, seq);
	REQUIRE(ipsecx_replay_update(r, seq) == verdict);
	REQUIRE(naive_update(w, seq) == verdict);
	REQUIRE(r->top == w->top && !r->lock.taken);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct naive w;
	struct ipsecx_replay r;
	u32 window;

	if (len < 3)
		return 0;
	window = (data[0] << 8 | data[1]) % (IPSECX_REPLAY_WINDOW_MAX + 1);
	REQUIRE(!ipsecx_replay_init(&r, window));
	REQUIRE(r.window >= window && r.window % 64 == 0);
	REQUIRE(r.window - window < 64);
	w.window = r.window;
	w.top = r.top = 0;
	w.n = 0;
	if (start(data[2])) {
		ipsecx_replay_update(&r, start(data[2]));
		naive_update(&w, start(data[2]));
	}
	for (data += 3, len -= 3; len >= 3 && w.n < STEPS; data += 3, len -= 3)
		one(&r, &w, data);
	ipsecx_replay_fini(&r);
	return 0;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	fuzz_seed_hex(-1, "004000070100070100070200070000");
	fuzz_seed_hex(-1, "200006000100017f00018000020101030000048000");
	fuzz_seed_hex(-1, "00000a000100017f00018000020101030000047f00");
	return 0;
}
