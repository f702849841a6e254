/* cmd_decode.c - uptun decode: an L2TP message, a stream of PPTP messages or a GRE packet, in words
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/command.h"
#include "cli/inspect/decode_gre.h"
#include "cli/inspect/decode_input.h"
#include "cli/inspect/decode_pptp.h"
#include "cli/inspect/decode_print.h"
#include "cli/option.h"
#include "cli/program.h"

#include <errno.h>
#include <stdlib.h>

enum { STATUS_OK = 0, STATUS_SYSTEM = 1, STATUS_MALFORMED = 3, TEXT_MAX = 1 << 20 };

struct decode_job {
	const char *file;	 /* NULL: standard input */
	const char *secret_file; /* NULL: none */
	bool is_hex;
	enum decode_protocol protocol;
	enum decode_form form;
};

static bool
read_protocol(struct decode_job *job, const struct options *options)
{
	const bool is_pptp = options_count(options, OPTION_DECODE_PPTP) > 0,
		   is_gre = options_count(options, OPTION_DECODE_GRE) > 0;

	if (is_pptp && is_gre) {
		fprintf(stderr, "uptun decode: --pptp or --gre, not both\n");
		return false;
	}
	if ((is_pptp || is_gre) && job->secret_file != NULL) {
		fprintf(stderr, "uptun decode: --secret-file is for L2TP\n");
		return false;
	}
	if (is_pptp)
		job->protocol = DECODE_PPTP;
	if (is_gre)
		job->protocol = DECODE_GRE;
	return true;
}

static bool
read_job(struct decode_job *job, const struct options *options)
{
	if (options->operands_n > 1) {
		fprintf(stderr, "uptun decode: one file, not %d\n", options->operands_n);
		return false;
	}
	if (options->operands_n == 1 && strcmp(options->operands[0], "-") != 0)
		job->file = options->operands[0];
	job->secret_file = options_value(options, OPTION_DECODE_SECRET);
	job->is_hex = options_count(options, OPTION_HEX) > 0;
	job->form = options_count(options, OPTION_JSON) > 0 ? DECODE_JSON : DECODE_TEXT;
	return read_protocol(job, options);
}

/* Reads at most cap octets.  Returns how many, or -1 and says why; more than cap is such a reason. */
static long
read_file(const char *path, void *octets, size_t cap)
{
	FILE *const file = path != NULL ? fopen(path, "rb") : stdin;
	const char *const name = path != NULL ? path : "standard input";
	bool is_whole;
	size_t n;

	if (file == NULL) {
		fprintf(stderr, "uptun decode: %s: %s\n", name, strerror(errno));
		return -1;
	}
	setvbuf(file, NULL, _IONBF, 0); /* a secret must not stay in stdio's buffer */
	n = fread(octets, 1, cap, file);
	is_whole = n < cap || fgetc(file) == EOF;
	if (ferror(file))
		fprintf(stderr, "uptun decode: %s: %s\n", name, strerror(errno));
	else if (!is_whole)
		fprintf(stderr, "uptun decode: %s: more than %zu octets\n", name, cap);
	is_whole = is_whole && !ferror(file);
	if (path != NULL)
		fclose(file);
	return is_whole ? (long)n : -1;
}

static bool
read_secret(const char *path, struct l2tp_secret *secret)
{
	uint8_t octets[L2TP_SECRET_MAX + 1];
	long n = read_file(path, octets, sizeof octets);

	if (n > 0 && octets[n - 1] == '\n')
		n--;
	if (n == 0 || n > L2TP_SECRET_MAX)
		fprintf(stderr, "uptun decode: %s: a tunnel secret has 1 to %d octets\n", path,
			L2TP_SECRET_MAX);
	if (n > 0 && n <= L2TP_SECRET_MAX) {
		memcpy(secret->octets, octets, (size_t)n);
		secret->n = (uint8_t)n;
	}
	ut_wipe(octets, sizeof octets);
	return secret->n != 0;
}

static bool
read_message(const struct decode_job *job, struct decode_input *in)
{
	char *const text = malloc(TEXT_MAX);
	const long n = text != NULL ? read_file(job->file, text, TEXT_MAX) : -1;
	enum decode_input_fault fault = DECODE_INPUT_EMPTY;

	if (n >= 0)
		fault = job->is_hex ? decode_input_hex(in, job->protocol, text, (size_t)n)
				    : decode_input_binary(in, job->protocol, text, (size_t)n);
	free(text);
	if (n < 0)
		return false;
	if (fault != DECODE_INPUT_OK && in->line != 0)
		fprintf(stderr, "uptun decode: line %u: %s\n", in->line, decode_input_sentence(fault));
	else if (fault != DECODE_INPUT_OK)
		fprintf(stderr, "uptun decode: %s\n", decode_input_sentence(fault));
	return fault == DECODE_INPUT_OK;
}

/* False if something is wrong with the message. */
static bool
print(const struct decode_job *job, const struct decode_input *in, const struct l2tp_secret *secret)
{
	switch (in->protocol) {
	case DECODE_PPTP:
		return decode_pptp_print(stdout, stderr, in->message, job->form);
	case DECODE_GRE:
		return decode_gre_print(stdout, stderr, in->message, job->form) == GRE_FAULT_NONE;
	case DECODE_L2TP:
	case DECODE_ANY:
		break;
	}
	return decode_print(stdout, stderr, in->message, job->form, secret) == L2TP_FAULT_NONE;
}

static int
run(const struct decode_job *job, struct decode_input *in, struct l2tp_secret *secret)
{
	bool is_faultless;

	if (job->secret_file != NULL && !read_secret(job->secret_file, secret))
		return STATUS_SYSTEM;
	if (!read_message(job, in))
		return STATUS_SYSTEM;
	is_faultless = print(job, in, secret);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		fprintf(stderr, "uptun decode: standard output: %s\n", strerror(errno));
		return STATUS_SYSTEM;
	}
	return is_faultless ? STATUS_OK : STATUS_MALFORMED;
}

static int
decode(const struct decode_job *job)
{
	struct decode_input *in = malloc(sizeof *in);
	struct l2tp_secret secret = { .n = 0 };
	int status;

	if (in == NULL) {
		fprintf(stderr, "uptun decode: %s\n", strerror(errno));
		return STATUS_SYSTEM;
	}
	status = run(job, in, &secret);
	l2tp_secret_wipe(&secret);
	free(in);
	return status;
}

int
cmd_decode(int argc, char **argv)
{
	struct decode_job job = { .form = DECODE_TEXT };
	struct options options;
	struct option_error why;

	if (options_parse(COMMAND_DECODE, argc, argv, &options, &why) != OPTIONS_OK) {
		fprintf(stderr, "uptun decode: %s\n", why.text);
		return STATUS_SYSTEM;
	}
	if (options_count(&options, OPTION_HELP) > 0)
		return program_help(COMMAND_DECODE);
	return read_job(&job, &options) ? decode(&job) : STATUS_SYSTEM;
}
