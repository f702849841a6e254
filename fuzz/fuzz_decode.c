/* fuzz_decode.c - any octets through what `uptun decode` reads and prints (cli/inspect/decode_input.h, cli/inspect/decode_print.h)
 * SPDX-License-Identifier: Apache-2.0
 *
 * Input: an octet that chooses protocol, form, secret, and hex or binary; then the octets.
 * Oracles: what is printed is printable ASCII in whole lines, and no longer than the input explains; a line of JSON is
 * one object; the same octets are printed alike twice; a fault is told, in text on the second stream.
 */
#define _DEFAULT_SOURCE
#include "fuzz/check.h"
#include "cli/inspect/decode_gre.h"
#include "cli/inspect/decode_input.h"
#include "cli/inspect/decode_pptp.h"
#include "cli/inspect/decode_print.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t n);

/* The longest a line gets, without its octets; an AVP, a field or a message of a stream has one each. */
enum { LINE_FIXED = 512, LINES_FIXED = 64, LINES_AN_OCTET = 4, PRINTED_AN_OCTET = 24 };

static const struct l2tp_secret secret = { .octets = "secret", .n = 6 };

struct printed {
	char *text;
	size_t n;
};

struct job {
	enum decode_protocol wanted;
	enum decode_form form;
	bool is_hex, has_secret;
};

static struct job
read_job(unsigned bits)
{
	return (struct job){ .wanted = (enum decode_protocol)(bits & 3),
			     .form = (bits & 4) != 0 ? DECODE_JSON : DECODE_TEXT,
			     .is_hex = (bits & 8) != 0,
			     .has_secret = (bits & 16) != 0 };
}

/* True if nothing was wrong. */
static bool
print(const struct job *job, const struct decode_input *in, FILE *out, FILE *err)
{
	switch (in->protocol) {
	case DECODE_PPTP:
		return decode_pptp_print(out, err, in->message, job->form);
	case DECODE_GRE:
		return decode_gre_print(out, err, in->message, job->form) == GRE_FAULT_NONE;
	case DECODE_L2TP:
	case DECODE_ANY:
		break;
	}
	return decode_print(out, err, in->message, job->form, job->has_secret ? &secret : NULL) ==
	       L2TP_FAULT_NONE;
}

static bool
print_both(const struct job *job, const struct decode_input *in, struct printed *out, struct printed *err)
{
	FILE *const o = open_memstream(&out->text, &out->n);
	FILE *const e = open_memstream(&err->text, &err->n);
	bool is_faultless;

	CHECK(o != NULL && e != NULL);
	is_faultless = print(job, in, o, e);
	CHECK(fclose(o) == 0 && fclose(e) == 0);
	return is_faultless;
}

static size_t
check_lines(const struct printed *p, bool is_json)
{
	size_t lines = 0;
	const char *at = p->text;

	CHECK(p->n == 0 || p->text[p->n - 1] == '\n');
	for (size_t i = 0; i < p->n; i++) {
		if (p->text[i] != '\n') {
			CHECK(p->text[i] >= ' ' && p->text[i] <= '~');
			continue;
		}
		CHECK(!is_json || (at[0] == '{' && p->text[i - 1] == '}'));
		at = p->text + i + 1;
		lines++;
	}
	return lines;
}

static void
check_printed(const struct job *job, const struct decode_input *in)
{
	struct printed out, err, out_again, err_again;
	const size_t lines_max = LINES_FIXED + LINES_AN_OCTET * in->message.n;
	const bool is_json = job->form == DECODE_JSON, is_faultless = print_both(job, in, &out, &err);
	const size_t lines = check_lines(&out, is_json) + check_lines(&err, false);

	CHECK(print_both(job, in, &out_again, &err_again) == is_faultless);
	CHECK(out.n == out_again.n && memcmp(out.text, out_again.text, out.n) == 0);
	CHECK(err.n == err_again.n && memcmp(err.text, err_again.text, err.n) == 0);
	CHECK(lines <= lines_max);
	CHECK(out.n + err.n <= LINE_FIXED * (lines + 1) + PRINTED_AN_OCTET * in->message.n);
	CHECK(is_json ? err.n == 0 : is_faultless || err.n > 0);
	free(out.text);
	free(err.text);
	free(out_again.text);
	free(err_again.text);
}

static enum decode_input_fault
read_message(const struct job *job, struct decode_input *in, struct ut_slice octets)
{
	if (job->is_hex)
		return decode_input_hex(in, job->wanted, (const char *)octets.p, octets.n);
	return decode_input_binary(in, job->wanted, octets.p, octets.n);
}

static void
check_fault(const struct decode_input *in, enum decode_input_fault fault)
{
	CHECK(fault < DECODE_INPUT_N && decode_input_sentence(fault)[0] != '\0');
	CHECK(in->message.n == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t n)
{
	struct decode_input *const in = malloc(sizeof *in);
	enum decode_input_fault fault;
	struct job job;

	CHECK(in != NULL);
	if (n > 0) {
		job = read_job(octets[0]);
		fault = read_message(&job, in, ut_slice(octets + 1, n - 1));
		if (fault == DECODE_INPUT_OK)
			check_printed(&job, in);
		else
			check_fault(in, fault);
	}
	free(in);
	return 0;
}
