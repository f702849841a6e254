/* fuzz_pptp_stream.c - any stream of octets, cut anywhere, through the PPTP codec (codec/pptp.h)
 * SPDX-License-Identifier: Apache-2.0
 *
 * Input: the first octet says how many more there are that choose the cuts, at most 15; the rest is the stream.
 * Oracles: the cut stream tells what the uncut one tells, and what the hand-written reader of tests/oracle tells; texts
 * lie inside the octets just read or the stream; every call goes on; a fault points into the stream and has a sentence;
 * what was decoded and is encoded and decoded again is the same.
 */
#include "fuzz/check.h"
#include "tests/codec/pptp_same.h"
#include "tests/oracle/pptp_compare.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t n);

enum { CUTS_MASK = 15, STORY_MAX = 4096 };

/* One thing a stream told. */
struct told {
	enum pptp_stream_result result;
	uint64_t offset; /* of the stream, afterwards */
	struct pptp_message message;
	uint8_t octets[PPTP_MESSAGE_OCTETS]; /* the message, encoded */
	struct pptp_fault fault;
};

struct story {
	struct told told[STORY_MAX];
	size_t n;
};

static bool
is_inside(struct ut_slice s, const uint8_t *base, size_t n)
{
	return s.n == 0 || (s.n <= n && s.p >= base && s.p <= base + (n - s.n));
}

static void
check_texts(const struct pptp_message *m, struct ut_slice in, const struct pptp_stream *s)
{
#define X(field) CHECK(is_inside(m->field, in.p, in.n) || is_inside(m->field, s->message, sizeof s->message));
	PPTP_TEXT_FIELDS(X)
#undef X
}

static void
check_fault(const struct pptp_fault *fault, enum pptp_stream_result result, const struct pptp_stream *s)
{
	CHECK(fault->reason > PPTP_FAULT_NONE && fault->reason < PPTP_FAULT_N);
	CHECK(strcmp(pptp_fault_sentence(fault->reason), "unassigned") != 0);
	CHECK(fault->offset < s->offset);
	CHECK((result == PPTP_STREAM_LOST) == s->is_lost);
	CHECK(s->have == 0);
}

/* Encodes the message, decodes that, encodes it again. */
static void
check_round_trip(const struct pptp_message *m, uint8_t octets[PPTP_MESSAGE_OCTETS])
{
	uint8_t second[PPTP_MESSAGE_OCTETS];
	struct ut_put w = ut_put_into(octets, PPTP_MESSAGE_OCTETS);
	struct pptp_stream s = { .offset = 0 };
	struct pptp_message own, wanted = *m;
	struct pptp_fault fault;
	struct ut_slice in;

	memset(octets, 0, PPTP_MESSAGE_OCTETS);
	pptp_message_encode(&w, m);
	CHECK(!w.full && w.len == pptp_message_octets(m->number) && w.len <= m->length);
	in = ut_slice(octets, w.len);
	CHECK(pptp_stream_read(&s, &in, &own, &fault) == PPTP_STREAM_MESSAGE && in.n == 0);
	wanted.length = (uint16_t)w.len;
	wanted.reserved0 = 0;
	CHECK(pptp_difference(&own, &wanted) == NULL);
	w = ut_put_into(second, sizeof second);
	pptp_message_encode(&w, &own);
	CHECK(!w.full && memcmp(octets, second, w.len) == 0);
}

static void
tell(struct story *y, enum pptp_stream_result result, const struct pptp_stream *s,
     const struct pptp_message *m, const struct pptp_fault *fault, struct ut_slice in)
{
	struct told *const t = &y->told[y->n++];

	t->result = result;
	t->offset = s->offset;
	if (result == PPTP_STREAM_MESSAGE) {
		check_texts(m, in, s);
		check_round_trip(m, t->octets);
		t->message = *m;
	} else {
		check_fault(fault, result, s);
		t->fault = *fault;
	}
}

/* One piece of the stream. False: it is lost. */
static bool
feed(struct story *y, struct pptp_stream *s, struct ut_slice piece)
{
	struct ut_slice in = piece;

	while (y->n < STORY_MAX) {
		const size_t left = in.n;
		struct pptp_message m;
		struct pptp_fault fault;
		const enum pptp_stream_result result = pptp_stream_read(s, &in, &m, &fault);

		CHECK(in.n <= left && in.p + in.n == piece.p + piece.n);
		CHECK(s->have <= PPTP_MESSAGE_OCTETS);
		if (result == PPTP_STREAM_MORE) {
			CHECK(in.n == 0);
			return true;
		}
		CHECK(in.n < left);
		tell(y, result, s, &m, &fault, piece);
		if (result == PPTP_STREAM_LOST)
			return false;
	}
	return false;
}

/* Each piece lies alone in its own allocation, for the sanitizers. */
static bool
feed_alone(struct story *y, struct pptp_stream *s, struct ut_slice piece)
{
	uint8_t *const copy = malloc(piece.n + 1);
	bool goes_on;

	CHECK(copy != NULL);
	memcpy(copy + 1, piece.p, piece.n);
	goes_on = feed(y, s, ut_slice(copy + 1, piece.n));
	free(copy);
	return goes_on;
}

static size_t
piece_octets(struct ut_slice cuts, size_t i, size_t left)
{
	const size_t n = cuts.n != 0 ? 1u + cuts.p[i % cuts.n] : left;

	return n < left ? n : left;
}

static void
hear_cut(struct story *y, struct ut_slice stream, struct ut_slice cuts)
{
	struct pptp_stream s = { .offset = 0 };

	for (size_t i = 0, at = 0; at < stream.n; i++) {
		const size_t n = piece_octets(cuts, i, stream.n - at);

		if (!feed_alone(y, &s, ut_slice(stream.p + at, n)))
			break;
		at += n;
	}
}

static void
compare_cut(struct ut_slice stream, struct ut_slice cuts)
{
	struct pptp_stream ours = { .offset = 0 }, plain = { .offset = 0 };

	for (size_t i = 0, at = 0; at < stream.n; i++) {
		const size_t n = piece_octets(cuts, i, stream.n - at);

		CHECK(pptp_compare(&ours, &plain, ut_slice(stream.p + at, n)));
		at += n;
	}
}

static bool
is_same_telling(const struct told *a, const struct told *b)
{
	if (a->result != b->result || a->offset != b->offset)
		return false;
	if (a->result == PPTP_STREAM_MESSAGE)
		return a->message.length == b->message.length &&
		       a->message.reserved0 == b->message.reserved0 &&
		       memcmp(a->octets, b->octets, sizeof a->octets) == 0;
	return a->fault.reason == b->fault.reason && a->fault.offset == b->fault.offset &&
	       a->fault.number == b->fault.number && a->fault.length == b->fault.length;
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t n)
{
	static struct story whole, cut;
	struct ut_slice cuts, stream;
	size_t cuts_n;

	if (n == 0)
		return 0;
	cuts_n = (octets[0] & CUTS_MASK) < n ? octets[0] & CUTS_MASK : 0;
	cuts = ut_slice(octets + 1, cuts_n);
	stream = ut_slice(octets + 1 + cuts_n, n - 1 - cuts_n);
	whole.n = cut.n = 0;
	hear_cut(&whole, stream, ut_slice(NULL, 0));
	hear_cut(&cut, stream, cuts);
	CHECK(whole.n == cut.n);
	for (size_t i = 0; i < whole.n; i++)
		CHECK(is_same_telling(&whole.told[i], &cut.told[i]));
	compare_cut(stream, ut_slice(NULL, 0));
	compare_cut(stream, cuts);
	return 0;
}
