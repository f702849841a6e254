/* test_pptp_stream.c - a stream of control messages gives the same however it is cut (RFC 2637 section 1.4)
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/pptp.h"
#include "tests/codec/pptp_samples.h"
#include "tests/guard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <cmocka.h>

enum { ROOM = 1 << 18, STORY_OCTETS = 8192, CUTS_MAX = 700 };

static const char *const reasons[PPTP_FAULT_N] = {
#define X(token, sentence) [PPTP_FAULT_##token] = #token,
	PPTP_FAULTS(X)
#undef X
};

/* What a stream told, in words; the digest is of all fields of all messages. */
struct story {
	char text[STORY_OCTETS];
	size_t n;
	uint64_t digest;
};

static void
digest(struct story *y, const struct pptp_message *m)
{
	uint8_t octets[PPTP_MESSAGE_OCTETS];
	struct ut_put w = ut_put_into(octets, sizeof octets);

	pptp_message_encode(&w, m);
	assert_false(w.full);
	for (size_t i = 0; i < w.len; i++)
		y->digest = (y->digest ^ octets[i]) * 0x100000001b3;
	y->digest = (y->digest ^ m->reserved0 ^ (uint64_t)m->length << 16) * 0x100000001b3;
}

static void
tell(struct story *y, const struct pptp_stream *s, enum pptp_stream_result result,
     const struct pptp_message *m, const struct pptp_fault *f)
{
	char *const at = y->text + y->n;
	const size_t room = sizeof y->text - y->n;
	int n = 0;

	if (result == PPTP_STREAM_MESSAGE)
		n = snprintf(at, room, "%s %llu, ", pptp_message_letters((unsigned)m->type),
			     (unsigned long long)s->offset);
	else
		n = snprintf(at, room, "%s %s at %llu number %u length %u, ",
			     result == PPTP_STREAM_LOST ? "lost" : "skipped", reasons[f->reason],
			     (unsigned long long)f->offset, f->number, f->length);
	y->n += (size_t)n;
	assert_true(y->n < sizeof y->text);
	if (result == PPTP_STREAM_MESSAGE)
		digest(y, m);
}

/* One read of the TCP connection.  False: the stream is lost. */
static bool
feed(struct story *y, struct pptp_stream *s, struct ut_slice in)
{
	enum pptp_stream_result result;
	struct pptp_message m;
	struct pptp_fault fault;

	for (;;) {
		const size_t left = in.n;
		const uint64_t offset = s->offset;

		memset(&fault, 0xff, sizeof fault);
		result = pptp_stream_read(s, &in, &m, &fault);
		assert_int_equal(s->offset - offset, left - in.n);
		if (result == PPTP_STREAM_MORE) {
			assert_int_equal(in.n, 0);
			return true;
		}
		assert_true(in.n < left);
		tell(y, s, result, &m, &fault);
		if (result == PPTP_STREAM_LOST)
			return false;
	}
}

/* The octets in reads of `size` octets after a first one of `first`, each of which ends at a guard page. */
static struct story
hear(struct guard *g, struct ut_slice octets, size_t first, size_t size)
{
	struct story y = { .digest = 0xcbf29ce484222325 };
	struct pptp_stream s = { .offset = 0 };
	size_t at = 0, n = first;

	for (; at < octets.n; at += n, n = size) {
		if (n > octets.n - at)
			n = octets.n - at;
		if (!feed(&y, &s, guard_put(g, ut_slice(octets.p + at, n))))
			break;
	}
	assert_true(s.is_lost == (at < octets.n));
	return y;
}

static void
assert_same_story(const struct story *a, const struct story *b)
{
	assert_string_equal(a->text, b->text);
	assert_true(a->digest == b->digest);
}

/* Every way to cut in two, one octet at a time, and equal pieces of every size; and what was told is told by every
 * prefix as far as that goes. */
static void
assert_cuts_tell(struct guard *g, struct ut_slice octets, const char *wanted)
{
	const struct story whole = hear(g, octets, octets.n, octets.n);

	assert_string_equal(whole.text, wanted);
	for (size_t cut = 1; cut < octets.n && cut < CUTS_MAX; cut++) {
		const struct story halves = hear(g, octets, cut, octets.n),
				   pieces = hear(g, octets, cut, cut),
				   prefix = hear(g, ut_slice(octets.p, cut), cut, cut);

		assert_same_story(&halves, &whole);
		assert_same_story(&pieces, &whole);
		assert_memory_equal(prefix.text, whole.text, prefix.n);
	}
}

struct stream_case {
	const char *what;
	const char *octets;
	size_t n;
	const char *story;
};
#define IN(text) .octets = (text), .n = sizeof(text) - 1
#define COOKIE "\x1a\x2b\x3c\x4d"
#define ECHO "\0\x10\0\1" COOKIE "\0\5\0\0\1\2\3\4"
#define NAUGHT16 "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
#define NAUGHT64 NAUGHT16 NAUGHT16 NAUGHT16 NAUGHT16
#define FF16 "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"

static const struct stream_case cases[] = {
	{ "nothing", IN(""), "" },
	{ "one message", IN(ECHO), "EchoRQ 16, " },
	{ "three in one segment", IN(ECHO ECHO "\0\x10\0\1" COOKIE "\0\14\0\0\0\1\0\0"),
	  "EchoRQ 16, EchoRQ 32, CCRQ 48, " },
	{ "a message and a piece", IN(ECHO "\0\x10\0\1\x1a"), "EchoRQ 16, " },

	/* poptop CVE-2003-0213, CVE-2003-1455: a negative size to read; accel-ppp 2ad648c3: a stall */
	{ "Length 0", IN("\0\0\0\1" COOKIE "\0\5\0\0\1\2\3\4"), "lost LENGTH at 0 number 0 length 0, " },
	{ "Length 0 and no more", IN("\0\0"), "lost LENGTH at 0 number 0 length 0, " },
	{ "Length 1", IN("\0\1\0\1" COOKIE), "lost LENGTH at 0 number 0 length 1, " },
	{ "Length 2", IN("\0\2"), "lost LENGTH at 0 number 0 length 2, " },
	{ "Length 3", IN("\0\3\0"), "lost LENGTH at 0 number 0 length 3, " },
	{ "Length 7", IN("\0\7\0\1" COOKIE), "lost LENGTH at 0 number 0 length 7, " },
	{ "Length 8", IN("\0\10\0\1" COOKIE), "lost LENGTH at 0 number 0 length 8, " },
	{ "Length 10", IN("\0\12\0\1" COOKIE "\0\5"), "lost LENGTH at 0 number 0 length 10, " },
	{ "Length 11", IN("\0\13\0\1" COOKIE "\0\5\0"), "lost LENGTH at 0 number 0 length 11, " },
	{ "Length 12, an echo's needs 16", IN("\0\14\0\1" COOKIE "\0\5\0\0" ECHO),
	  "lost SHORT at 0 number 5 length 12, " },
	{ "Length 13", IN("\0\15\0\1" COOKIE "\0\5\0\0\1"), "lost SHORT at 0 number 5 length 13, " },
	{ "Length 15", IN(ECHO "\0\17\0\1" COOKIE "\0\14\0\0\0\1\0"),
	  "EchoRQ 16, lost SHORT at 16 number 12 length 15, " },
	{ "a short SCCRQ", IN("\0\x9b\0\1" COOKIE "\0\1\0\0"), "lost SHORT at 0 number 1 length 155, " },

	{ "wrong cookie", IN("\0\x10\0\1\x1a\x2b\x3c\x4e\0\5\0\0\1\2\3\4" ECHO),
	  "lost COOKIE at 4 number 0 length 16, " },
	{ "cookie of the other byte order", IN(ECHO "\0\x10\0\1\x4d\x3c\x2b\x1a\0\5\0\0\1\2\3\4"),
	  "EchoRQ 16, lost COOKIE at 20 number 0 length 16, " },
	{ "wrong cookie of a message too long", IN("\xff\xff\0\1\0\0\0\0"),
	  "lost COOKIE at 4 number 0 length 65535, " },
	{ "out of step by one octet", IN("\0" ECHO ECHO), "lost LENGTH at 0 number 0 length 0, " },
	{ "Length 0 after a message", IN(ECHO "\0\0"), "EchoRQ 16, lost LENGTH at 16 number 0 length 0, " },

	{ "management message", IN("\0\x10\0\2" COOKIE "\0\5\0\0\1\2\3\4" ECHO),
	  "skipped MESSAGE_TYPE at 2 number 5 length 16, EchoRQ 32, " },
	{ "the shortest management message", IN("\0\14\0\2" COOKIE "\0\0\0\0" ECHO),
	  "skipped MESSAGE_TYPE at 2 number 0 length 12, EchoRQ 28, " },
	{ "message type 0", IN("\0\x10\0\0" COOKIE "\0\5\0\0\1\2\3\4"),
	  "skipped MESSAGE_TYPE at 2 number 5 length 16, " },
	{ "message type 256", IN("\0\x10\1\0" COOKIE "\0\5\0\0\1\2\3\4" ECHO),
	  "skipped MESSAGE_TYPE at 2 number 5 length 16, EchoRQ 32, " },
	{ "type 0", IN("\0\x10\0\1" COOKIE "\0\0\0\0\1\2\3\4" ECHO),
	  "skipped UNKNOWN at 8 number 0 length 16, EchoRQ 32, " },
	{ "type 16", IN(ECHO "\0\x11\0\1" COOKIE "\0\x10\0\0\1\2\3\4\5" ECHO),
	  "EchoRQ 16, skipped UNKNOWN at 24 number 16 length 17, EchoRQ 49, " },
	{ "type 65535, no more than a header", IN("\0\14\0\1" COOKIE "\xff\xff\0\0" ECHO),
	  "skipped UNKNOWN at 8 number 65535 length 12, EchoRQ 28, " },
	{ "type 261, whose low octet is an echo's", IN("\0\x10\0\1" COOKIE "\1\5\0\0\1\2\3\4"),
	  "skipped UNKNOWN at 8 number 261 length 16, " },
	{ "two skipped in a row",
	  IN("\0\x10\0\2" COOKIE "\0\5\0\0\1\2\3\4"
	     "\0\14\0\1" COOKIE "\0\x63\0\0" ECHO),
	  "skipped MESSAGE_TYPE at 2 number 5 length 16, skipped UNKNOWN at 24 number 99 length 12, EchoRQ "
	  "44, " },
	{ "an unknown one whose end is missing", IN("\0\x20\0\1" COOKIE "\0\x63\0\0" ECHO),
	  "skipped UNKNOWN at 8 number 99 length 32, " },

	{ "221 octets, one too many",
	  IN("\0\xdd\0\1" COOKIE "\0\11\0\0" NAUGHT64 NAUGHT64 NAUGHT64 NAUGHT16 "\0" ECHO),
	  "skipped LONG at 0 number 9 length 221, EchoRQ 237, " },
	{ "too long and not a control message", IN("\1\0\0\2" COOKIE "\0\5\0\0"),
	  "skipped LONG at 0 number 5 length 256, " },
	{ "too long for its type", IN("\0\x20\0\1" COOKIE "\0\5\0\0\1\2\3\4" FF16 ECHO),
	  "EchoRQ 32, EchoRQ 48, " },
	{ "Reserved0 not 0 (interop 38)", IN("\0\x10\0\1" COOKIE "\0\5\xff\xfe\1\2\3\4" ECHO),
	  "EchoRQ 16, EchoRQ 32, " },
	{ "call id 0", IN("\0\x10\0\1" COOKIE "\0\14\0\0\0\0\0\0"), "CCRQ 16, " },

	{ "Phone Number Length 65",
	  IN("\0\xa8\0\1" COOKIE "\0\7\0\0" NAUGHT16 "\0\0\0\0\0\0\0\0\0\x41\0\0" NAUGHT64 NAUGHT64 ECHO),
	  "lost NUMBER_LENGTH at 36 number 7 length 168, " },
	{ "Phone Number Length 65535",
	  IN("\0\xa8\0\1" COOKIE "\0\7\0\0" NAUGHT16 "\0\0\0\0\0\0\0\0\xff\xff\0\0" NAUGHT64 NAUGHT64),
	  "lost NUMBER_LENGTH at 36 number 7 length 168, " },
	{ "Dialed Number Length 256",
	  IN(ECHO "\0\xdc\0\1" COOKIE
		  "\0\11\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\xff\xff" NAUGHT64 NAUGHT64 NAUGHT64),
	  "EchoRQ 16, lost NUMBER_LENGTH at 40 number 9 length 220, " },
	{ "Dialing Number Length 65",
	  IN("\0\xdc\0\1" COOKIE
	     "\0\11\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x40\0\x41" NAUGHT64 NAUGHT64 NAUGHT64 ECHO),
	  "lost NUMBER_LENGTH at 26 number 9 length 220, " },
};

static void
every_cutting_of_every_stream_tells_the_same(void **state)
{
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		print_message("%s\n", cases[i].what);
		assert_cuts_tell(*state, ut_slice(cases[i].octets, cases[i].n), cases[i].story);
	}
}

static void
all_fifteen_messages_come_through_every_cutting(void **state)
{
	uint8_t octets[2048];
	struct ut_put w = ut_put_into(octets, sizeof octets);
	char wanted[STORY_OCTETS] = "";
	size_t n = 0;

	for (unsigned type = 1; type < PPTP_MESSAGE_N; type++) {
		const struct pptp_message m = pptp_sample((enum pptp_message_type)type);

		pptp_message_encode(&w, &m);
		n += (size_t)snprintf(wanted + n, sizeof wanted - n, "%s %zu, ", pptp_message_letters(type),
				      w.len);
	}
	assert_false(w.full);
	assert_cuts_tell(*state, ut_slice(octets, w.len), wanted);
}

/* Each type alone in pieces of two sizes, so that every cut of every message is followed by every other. */
static void
a_message_cut_twice_is_the_same(void **state)
{
	for (unsigned type = 1; type < PPTP_MESSAGE_N; type++) {
		const struct pptp_message m = pptp_sample((enum pptp_message_type)type);
		uint8_t octets[PPTP_MESSAGE_OCTETS];
		struct ut_put w = ut_put_into(octets, sizeof octets);
		struct story whole;

		pptp_message_encode(&w, &m);
		whole = hear(*state, ut_slice(octets, w.len), w.len, w.len);
		for (size_t first = 1; first < 24; first++)
			for (size_t size = 1; size < w.len; size += 1 + size / 8) {
				const struct story y = hear(*state, ut_slice(octets, w.len), first, size);

				assert_same_story(&y, &whole);
			}
	}
}

static void
a_message_of_65535_octets_is_stepped_over(void **state)
{
	static const size_t sizes[] = { 1, 2, 3, 7, 10, 12, 219, 220, 221, 1460, 65535, 65536 };
	static uint8_t octets[16 + 65535 + 16];
	struct story y;

	memset(octets, 0xff, sizeof octets);
	memcpy(octets, ECHO, 16);
	memcpy(octets + 16, "\xff\xff\0\1" COOKIE "\0\1\0\0", 12);
	memcpy(octets + 16 + 65535, ECHO, 16);
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		y = hear(*state, ut_slice(octets, sizeof octets), sizes[i], sizes[i]);
		assert_string_equal(y.text,
				    "EchoRQ 16, skipped LONG at 16 number 1 length 65535, EchoRQ 65567, ");
	}
}

static void
nothing_is_read_from_a_lost_stream(void **state)
{
	struct ut_slice in = guard_put(*state, ut_slice("\0\0" ECHO, 18));
	struct pptp_fault fault, untouched;
	struct pptp_stream s = { .offset = 0 };
	struct pptp_message m;

	assert_int_equal(pptp_stream_read(&s, &in, &m, &fault), PPTP_STREAM_LOST);
	assert_int_equal(in.n, 16);
	memset(&fault, 0xa5, sizeof fault);
	untouched = fault;
	for (unsigned i = 0; i < 3; i++) {
		assert_int_equal(pptp_stream_read(&s, &in, &m, &fault), PPTP_STREAM_LOST);
		assert_int_equal(in.n, 16);
		assert_int_equal(s.offset, 2);
		assert_memory_equal(&fault, &untouched, sizeof fault);
	}
}

static void
a_read_of_nothing_is_more_to_come(void **state)
{
	struct ut_slice in = ut_slice(NULL, 0);
	struct pptp_stream s = { .offset = 0 };
	struct pptp_message m;
	struct pptp_fault fault;

	for (size_t n = 0; n < 16; n++) {
		assert_int_equal(pptp_stream_read(&s, &in, &m, &fault), PPTP_STREAM_MORE);
		in = guard_put(*state, ut_slice(&ECHO[n], 1));
		assert_int_equal(pptp_stream_read(&s, &in, &m, &fault),
				 n < 15 ? PPTP_STREAM_MORE : PPTP_STREAM_MESSAGE);
		assert_int_equal(in.n, 0);
		in = ut_slice(NULL, 0);
	}
	assert_int_equal(m.identifier, 0x01020304);
}

/* Texts of a message that came in pieces lie in the stream, which may have moved since. */
static void
a_stream_in_the_middle_of_a_message_may_be_copied(void **state)
{
	const struct pptp_message sample = pptp_sample(PPTP_OCRQ);
	uint8_t octets[PPTP_MESSAGE_OCTETS];
	struct ut_put w = ut_put_into(octets, sizeof octets);
	struct pptp_fault fault;
	struct pptp_message m;

	(void)state;
	pptp_message_encode(&w, &sample);
	for (size_t cut = 1; cut < w.len; cut++) {
		struct ut_slice in = ut_slice(octets, cut);
		struct pptp_stream s = { .offset = 0 }, copy;

		assert_int_equal(pptp_stream_read(&s, &in, &m, &fault), PPTP_STREAM_MORE);
		copy = s;
		memset(&s, 0xff, sizeof s);
		in = ut_slice(octets + cut, w.len - cut);
		assert_int_equal(pptp_stream_read(&copy, &in, &m, &fault), PPTP_STREAM_MESSAGE);
		assert_true(ut_slice_is_equal(m.phone_number, sample.phone_number));
		assert_true(m.phone_number.p > copy.message &&
			    m.phone_number.p < copy.message + sizeof copy.message);
	}
}

/* Every number there is in Control Message Type, with the least Length and the greatest. */
static void
every_number_is_a_message_or_skipped_or_short(void **state)
{
	for (unsigned number = 0; number <= UINT16_MAX; number++) {
		uint8_t octets[12] = {
			0, 12, 0, 1, 0x1a, 0x2b, 0x3c, 0x4d, (uint8_t)(number >> 8), (uint8_t)number
		};
		struct ut_slice in = guard_put(*state, ut_slice(octets, sizeof octets));
		const bool is_assigned = number >= 1 && number <= 15;
		struct pptp_stream s = { .offset = 0 };
		struct pptp_message m;
		struct pptp_fault fault;

		assert_int_equal(pptp_stream_read(&s, &in, &m, &fault),
				 is_assigned ? PPTP_STREAM_LOST : PPTP_STREAM_SKIPPED);
		assert_int_equal(fault.reason, is_assigned ? PPTP_FAULT_SHORT : PPTP_FAULT_UNKNOWN);
		assert_int_equal(fault.number, number);
		octets[1] = PPTP_MESSAGE_OCTETS;
		in = guard_put(*state, ut_slice(octets, sizeof octets));
		s = (struct pptp_stream){ .offset = 0 };
		assert_int_equal(pptp_stream_read(&s, &in, &m, &fault),
				 is_assigned ? PPTP_STREAM_MORE : PPTP_STREAM_SKIPPED);
	}
}

static int
setup(void **state)
{
	return guard_setup(state, ROOM);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_cutting_of_every_stream_tells_the_same),
		cmocka_unit_test(all_fifteen_messages_come_through_every_cutting),
		cmocka_unit_test(a_message_cut_twice_is_the_same),
		cmocka_unit_test(a_message_of_65535_octets_is_stepped_over),
		cmocka_unit_test(nothing_is_read_from_a_lost_stream),
		cmocka_unit_test(a_read_of_nothing_is_more_to_come),
		cmocka_unit_test(a_stream_in_the_middle_of_a_message_may_be_copied),
		cmocka_unit_test(every_number_is_a_message_or_skipped_or_short),
	};

	return cmocka_run_group_tests(tests, setup, guard_teardown);
}
