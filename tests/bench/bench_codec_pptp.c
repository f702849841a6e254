/* bench_codec_pptp.c - decoding and encoding PPTP messages and GRE headers, next to the hand-written readers
 * SPDX-License-Identifier: Apache-2.0
 *
 * Each decoding starts with one copy of the message or packet, which stands for the receive.
 */
#include "tests/bench/bench_codec_pptp.h"

#include "tests/bench/bench.h"
#include "tests/bench/corpus.h"
#include "tests/oracle/pptp_plain.h"

#include <stdio.h>
#include <stdlib.h>

enum { ROUND_US = 1500, BUFFER = 512, SUBJECTS = 3 };

enum { DECODE, PLAIN, ENCODE };

/* What one subject reads or writes: the messages, or what they were decoded to. */
struct work {
	struct corpus corpus;
	struct pptp_message *messages;
	struct gre_header *headers;
	struct pptp_stream stream;
	uint8_t buffer[BUFFER];
	uint64_t sum; /* so that nothing is optimized away */
};

static struct ut_slice
receive(struct work *w, size_t i)
{
	const struct ut_slice octets = w->corpus.messages[i];

	memcpy(w->buffer, octets.p, octets.n);
	return ut_slice(w->buffer, octets.n);
}

static void
read_with_codec(void *state)
{
	struct work *const w = state;

	for (size_t i = 0; i < w->corpus.n; i++) {
		struct ut_slice in = receive(w, i);
		struct pptp_message m;
		struct pptp_fault fault;

		if (pptp_stream_read(&w->stream, &in, &m, &fault) != PPTP_STREAM_MESSAGE)
			abort();
		w->sum += m.number;
	}
}

static void
read_with_plain(void *state)
{
	struct work *const w = state;

	for (size_t i = 0; i < w->corpus.n; i++) {
		struct ut_slice in = receive(w, i);
		struct pptp_message m;
		struct pptp_fault fault;

		if (pptp_plain_stream_read(&w->stream, &in, &m, &fault) != PPTP_STREAM_MESSAGE)
			abort();
		w->sum += m.number;
	}
}

static void
write_messages(void *state)
{
	struct work *const w = state;

	for (size_t i = 0; i < w->corpus.n; i++) {
		struct ut_put out = ut_put_into(w->buffer, BUFFER);

		pptp_message_encode(&out, &w->messages[i]);
		if (out.full)
			abort();
		w->sum += out.len;
	}
}

static void
read_headers_with_codec(void *state)
{
	struct work *const w = state;

	for (size_t i = 0; i < w->corpus.n; i++) {
		struct gre_header h;
		struct gre_fault fault;

		if (gre_header_decode(receive(w, i), &h, &fault) != GRE_FAULT_NONE)
			abort();
		w->sum += h.payload.n;
	}
}

static void
read_headers_with_plain(void *state)
{
	struct work *const w = state;

	for (size_t i = 0; i < w->corpus.n; i++) {
		struct gre_header h;
		struct gre_fault fault;

		if (gre_plain_header_decode(receive(w, i), &h, &fault) != GRE_FAULT_NONE)
			abort();
		w->sum += h.payload.n;
	}
}

static void
write_headers(void *state)
{
	struct work *const w = state;

	for (size_t i = 0; i < w->corpus.n; i++) {
		struct ut_put out = ut_put_into(w->buffer, BUFFER);

		gre_header_encode(&out, &w->headers[i]);
		if (out.full)
			abort();
		w->sum += out.len;
	}
}

/* ---- kinds, and what is wanted of them: docs/performance.md ---- */

static const struct kind {
	const char *name;
	void (*run[SUBJECTS])(void *state);
	double decode_goal_ns; /* 0: none */
} kinds[] = {
	{ "pptp_sccrq", { read_with_codec, read_with_plain, write_messages }, 18 },
	{ "pptp_sccrp", { read_with_codec, read_with_plain, write_messages }, 0 },
	{ "pptp_ocrq", { read_with_codec, read_with_plain, write_messages }, 0 },
	{ "pptp_ocrp", { read_with_codec, read_with_plain, write_messages }, 0 },
	{ "pptp_echorq", { read_with_codec, read_with_plain, write_messages }, 9 },
	{ "pptp_echorp", { read_with_codec, read_with_plain, write_messages }, 9 },
	{ "pptp_mixed", { read_with_codec, read_with_plain, write_messages }, 0 },
	{ "gre_frame", { read_headers_with_codec, read_headers_with_plain, write_headers }, 0 },
	{ "gre_ack", { read_headers_with_codec, read_headers_with_plain, write_headers }, 0 },
	{ "gre_mixed", { read_headers_with_codec, read_headers_with_plain, write_headers }, 0 },
};

static void *
need(void *p)
{
	if (p == NULL)
		abort();
	return p;
}

static void
decode_all_messages(struct work *w)
{
	for (size_t i = 0; i < w->corpus.n; i++) {
		struct ut_slice in = w->corpus.messages[i];
		struct pptp_fault fault;

		if (pptp_stream_read(&w->stream, &in, &w->messages[i], &fault) != PPTP_STREAM_MESSAGE)
			abort();
	}
}

static void
decode_all_headers(struct work *w)
{
	for (size_t i = 0; i < w->corpus.n; i++) {
		struct gre_fault fault;

		if (gre_header_decode(w->corpus.messages[i], &w->headers[i], &fault) != GRE_FAULT_NONE)
			abort();
	}
}

static struct work *
work_new(const struct kind *kind)
{
	struct work *const w = need(calloc(1, sizeof *w));

	w->corpus = corpus_load(kind->name);
	w->messages = need(calloc(w->corpus.n, sizeof *w->messages));
	w->headers = need(calloc(w->corpus.n, sizeof *w->headers));
	if (kind->run[ENCODE] == write_messages)
		decode_all_messages(w);
	else
		decode_all_headers(w);
	return w;
}

static void
work_free(struct work *w)
{
	corpus_free(&w->corpus);
	free(w->messages);
	free(w->headers);
	free(w);
}

static void
make_subjects(const struct kind *kind, struct work *w, struct bench_subject subjects[SUBJECTS])
{
	static const char *const names[SUBJECTS] = { "decode", "plain", "encode" };

	for (size_t i = 0; i < SUBJECTS; i++)
		subjects[i] = (struct bench_subject){ names[i], kind->run[i], w, w->corpus.n };
}

enum { KINDS = sizeof kinds / sizeof kinds[0] };

static int
judge_kind(const struct kind *kind, struct work *w, const struct bench_time times[SUBJECTS])
{
	size_t allocations;
	char what[96];
	int passed;

	bench_print_time("decode", kind->name, &times[DECODE], kind->decode_goal_ns);
	bench_print_time("decode by hand", kind->name, &times[PLAIN], 0);
	bench_print_time("encode", kind->name, &times[ENCODE], 0);
	snprintf(what, sizeof what, "decode %s, time of the hand-written decoder's", kind->name);
	passed = bench_print_gate(what, times[DECODE].min_ns / times[PLAIN].min_ns, 1.25, "x");
	allocations = bench_allocations();
	kind->run[DECODE](w);
	kind->run[ENCODE](w);
	snprintf(what, sizeof what, "decode and encode %s, allocations", kind->name);
	return passed & bench_print_gate(what, (double)(bench_allocations() - allocations), 0, "");
}

int
bench_pptp_time(unsigned rounds)
{
	struct bench_subject subjects[KINDS * SUBJECTS];
	struct bench_time times[KINDS * SUBJECTS];
	struct work *works[KINDS];
	int passed = 1;

	for (size_t i = 0; i < KINDS; i++) {
		works[i] = work_new(&kinds[i]);
		make_subjects(&kinds[i], works[i], &subjects[i * SUBJECTS]);
	}
	bench_run(subjects, KINDS * SUBJECTS, rounds, ROUND_US, times);
	for (size_t i = 0; i < KINDS; i++) {
		passed &= judge_kind(&kinds[i], works[i], &times[i * SUBJECTS]);
		work_free(works[i]);
	}
	return passed;
}

void
bench_pptp_count(void)
{
	for (size_t k = 0; k < KINDS; k++) {
		struct work *const w = work_new(&kinds[k]);
		struct bench_subject subjects[SUBJECTS];

		make_subjects(&kinds[k], w, subjects);
		for (size_t i = 0; i < SUBJECTS; i++)
			bench_count_instructions(&subjects[i], kinds[k].name);
		work_free(w);
	}
}
