/* bench_codec.c - decoding and encoding a message, next to the hand-written decoder; L2TP here, PPTP beside it
 * SPDX-License-Identifier: Apache-2.0
 *
 * usage: bench_codec [ROUNDS]       times, allocations and their gates
 *        bench_codec --count        under callgrind: one dump a subject (bench_count_instructions)
 *
 * Each decoding starts with one copy of the message, which stands for the receive.
 */
#include "tests/bench/bench.h"
#include "tests/bench/bench_codec_pptp.h"
#include "tests/bench/corpus.h"
#include "tests/oracle/l2tp_plain.h"

#include <stdio.h>
#include <stdlib.h>

enum { ROUNDS = 61, ROUND_US = 1500, BUFFER = 2048, SUBJECTS = 3 };

static const struct l2tp_secret secret = { .octets = "secret", .n = 6 };

/* ---- allocations: the linker sends every one of this program's here ---- */

static size_t n_allocations;

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t each);
void *__real_realloc(void *p, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t each);
void *__wrap_realloc(void *p, size_t n);

size_t
bench_allocations(void)
{
	return n_allocations;
}

void *
__wrap_malloc(size_t n)
{
	n_allocations++;
	return __real_malloc(n);
}

void *
__wrap_calloc(size_t n, size_t each)
{
	n_allocations++;
	return __real_calloc(n, each);
}

void *
__wrap_realloc(void *p, size_t n)
{
	n_allocations++;
	return __real_realloc(p, n);
}

/* ---- subjects ---- */

/* What one subject reads or writes: the messages, or what they were decoded to. */
struct work {
	struct corpus corpus;
	struct l2tp_message *decoded;
	struct l2tp_header *headers;
	uint8_t *scratches; /* BUFFER octets a message: their plaintexts */
	uint8_t buffer[BUFFER], scratch[BUFFER];
	uint64_t sum; /* so that nothing is optimized away */
};

static void
decode_with_codec(void *state)
{
	struct work *const w = state;

	for (size_t i = 0; i < w->corpus.n; i++) {
		struct l2tp_unhide unhide = { .secret = &secret, .scratch = w->scratch, .cap = BUFFER };
		struct l2tp_header h;
		struct l2tp_message m;
		struct l2tp_fault fault;
		struct ut_slice d = w->corpus.messages[i];

		memcpy(w->buffer, d.p, d.n);
		d.p = w->buffer;
		if (l2tp_header_decode(d, &h, &fault) != L2TP_FAULT_NONE ||
		    l2tp_message_decode(d, &h, &unhide, &m, &fault) != L2TP_FAULT_NONE)
			abort();
		w->sum += m.present;
	}
}

static void
decode_with_plain(void *state)
{
	struct work *const w = state;

	for (size_t i = 0; i < w->corpus.n; i++) {
		struct l2tp_unhide unhide = { .secret = &secret, .scratch = w->scratch, .cap = BUFFER };
		struct l2tp_header h;
		struct l2tp_message m;
		struct l2tp_fault fault;
		struct ut_slice d = w->corpus.messages[i];

		memcpy(w->buffer, d.p, d.n);
		d.p = w->buffer;
		if (l2tp_plain_header_decode(d, &h, &fault) != L2TP_FAULT_NONE ||
		    l2tp_plain_message_decode(d, &h, &unhide, &m, &fault) != L2TP_FAULT_NONE)
			abort();
		w->sum += m.present;
	}
}

static void
encode_with_codec(void *state)
{
	static const struct l2tp_hide hide = { .secret = &secret, .vector = "a random vector" };
	struct work *const w = state;

	for (size_t i = 0; i < w->corpus.n; i++) {
		struct ut_put out = ut_put_into(w->buffer, BUFFER);
		const struct l2tp_header *const h = &w->headers[i];

		l2tp_message_encode(&out, h, &w->decoded[i], &hide);
		if (out.full)
			abort();
		w->sum += out.len;
	}
}

static void *
need(void *p)
{
	if (p == NULL)
		abort();
	return p;
}

static struct work *
work_new(const char *name)
{
	struct work *const w = need(calloc(1, sizeof *w));

	w->corpus = corpus_load(name);
	w->decoded = need(calloc(w->corpus.n, sizeof *w->decoded));
	w->headers = need(calloc(w->corpus.n, sizeof *w->headers));
	w->scratches = need(calloc(w->corpus.n, BUFFER));
	for (size_t i = 0; i < w->corpus.n; i++) {
		struct l2tp_unhide unhide = { .secret = &secret,
					      .scratch = w->scratches + i * BUFFER,
					      .cap = BUFFER };
		struct l2tp_fault fault;

		if (l2tp_header_decode(w->corpus.messages[i], &w->headers[i], &fault) != L2TP_FAULT_NONE ||
		    l2tp_message_decode(w->corpus.messages[i], &w->headers[i], &unhide, &w->decoded[i],
					&fault) != L2TP_FAULT_NONE)
			abort();
	}
	return w;
}

static void
work_free(struct work *w)
{
	corpus_free(&w->corpus);
	free(w->decoded);
	free(w->headers);
	free(w->scratches);
	free(w);
}

/* ---- kinds of messages and what is wanted of them: issue 3 (b) ---- */

static const struct kind {
	const char *name;
	double decode_goal_ns, encode_goal_ns; /* 0: none */
} kinds[] = { { "sccrq", 50, 25 }, { "icrq", 0, 0 },	     { "iccn", 0, 0 },	{ "hello", 0, 0 },
	      { "zlb", 0, 0 },	   { "sccrq_hidden", 0, 0 }, { "mixed", 25, 0 } };

enum { DECODE, PLAIN, ENCODE };

static void
make_subjects(struct work *w, struct bench_subject subjects[SUBJECTS])
{
	subjects[DECODE] = (struct bench_subject){ "decode", decode_with_codec, w, w->corpus.n };
	subjects[PLAIN] = (struct bench_subject){ "plain", decode_with_plain, w, w->corpus.n };
	subjects[ENCODE] = (struct bench_subject){ "encode", encode_with_codec, w, w->corpus.n };
}

enum { KINDS = sizeof kinds / sizeof kinds[0] };

static int
judge_kind(const struct kind *kind, struct work *w, const struct bench_time times[SUBJECTS])
{
	char what[96];
	int passed;

	bench_print_time("decode", kind->name, &times[DECODE], kind->decode_goal_ns);
	bench_print_time("decode by hand", kind->name, &times[PLAIN], 0);
	bench_print_time("encode", kind->name, &times[ENCODE], kind->encode_goal_ns);
	snprintf(what, sizeof what, "decode %s, time of the hand-written decoder's", kind->name);
	passed = bench_print_gate(what, times[DECODE].min_ns / times[PLAIN].min_ns, 1.25, "x");
	n_allocations = 0;
	decode_with_codec(w);
	encode_with_codec(w);
	snprintf(what, sizeof what, "decode and encode %s, allocations", kind->name);
	return passed & bench_print_gate(what, (double)n_allocations, 0, "");
}

/* All kinds in turn, so that a slow second of the machine is not one kind's alone. */
static int
time_kinds(unsigned rounds)
{
	struct bench_subject subjects[KINDS * SUBJECTS];
	struct bench_time times[KINDS * SUBJECTS];
	struct work *works[KINDS];
	int passed = 1;

	for (size_t i = 0; i < KINDS; i++) {
		works[i] = work_new(kinds[i].name);
		make_subjects(works[i], &subjects[i * SUBJECTS]);
	}
	bench_run(subjects, KINDS * SUBJECTS, rounds, ROUND_US, times);
	for (size_t i = 0; i < KINDS; i++) {
		passed &= judge_kind(&kinds[i], works[i], &times[i * SUBJECTS]);
		work_free(works[i]);
	}
	return passed;
}

static void
count_kind(const struct kind *kind)
{
	struct work *const w = work_new(kind->name);
	struct bench_subject subjects[SUBJECTS];

	make_subjects(w, subjects);
	for (size_t i = 0; i < SUBJECTS; i++)
		bench_count_instructions(&subjects[i], kind->name);
	work_free(w);
}

int
main(int argc, char **argv)
{
	const bool count = argc > 1 && strcmp(argv[1], "--count") == 0;
	const unsigned rounds = argc > 1 && !count ? (unsigned)strtoul(argv[1], NULL, 10) : ROUNDS;
	int passed;

	if (count) {
		for (size_t i = 0; i < KINDS; i++)
			count_kind(&kinds[i]);
		bench_pptp_count();
		return EXIT_SUCCESS;
	}
	passed = time_kinds(rounds);
	passed &= bench_pptp_time(rounds);
	return passed ? EXIT_SUCCESS : EXIT_FAILURE;
}
