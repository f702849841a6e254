/* option.c - reads a command line by the table of options
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/option.h"

#include <assert.h>
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { LONG_MAX_N = 64, LETTERS_MAX = 32, LONG_BASE = 256 /* val of option i is LONG_BASE + i */ };

static enum options_result __attribute__((format(printf, 2, 3)))
refuse(struct option_error *why, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)vsnprintf(why->text, sizeof why->text, format, args);
	va_end(args);
	return OPTIONS_BAD;
}

/* ---- getopt_long's tables, made from ours ---- */

struct getopt_tables {
	struct option longs[LONG_MAX_N];
	char letters[LETTERS_MAX];
};

static void
make_tables(enum command_id command, struct getopt_tables *t)
{
	size_t longs_n = 0, letters_n = 0;

	memset(t, 0, sizeof *t);
	t->letters[letters_n++] = ':'; /* tell a missing argument from an unknown option */
	for (size_t i = 0; i < option_table_n; i++) {
		const struct option_spec *spec = &option_table[i];
		const int has = spec->kind != OPTION_FLAG ? required_argument : no_argument;

		if ((spec->commands & 1u << command) == 0 || longs_n == LONG_MAX_N - 1)
			continue;
		t->longs[longs_n++] = (struct option){ spec->name, has, NULL, LONG_BASE + (int)i };
		if (spec->letter != 0 && letters_n < LETTERS_MAX - 1)
			t->letters[letters_n++] = spec->letter;
	}
}

static const struct option_spec *
spec_of_letter(enum command_id command, int letter)
{
	for (size_t i = 0; i < option_table_n; i++)
		if (option_table[i].letter == letter && (option_table[i].commands & 1u << command) != 0)
			return &option_table[i];
	return NULL;
}

/* ---- arguments ---- */

static const struct option_wanted *
wanted_of(const struct option_spec *spec)
{
	return &option_wanted[spec - option_table];
}

static enum options_result
bad_value(const struct option_spec *spec, const char *value, struct option_error *why)
{
	return refuse(why, "--%s: \"%.64s\" is not right; wanted: %s", spec->name, value,
		      wanted_of(spec)->unit);
}

/* The value of a digit, 16 and more for what is none. */
static unsigned
digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (unsigned)(c - 'a') + 10;
	if (c >= 'A' && c <= 'F')
		return (unsigned)(c - 'A') + 10;
	return 16;
}

/* Digits and nothing else: strtoull() would also take blanks and signs. */
static bool
parse_digits(const char *digits, unsigned base, uint64_t *out)
{
	uint64_t v = 0;

	for (const char *c = digits; *c != '\0'; c++) {
		if (digit_value(*c) >= base || v > UINT32_MAX)
			return false;
		v = v * base + digit_value(*c);
	}
	*out = v;
	return *digits != '\0';
}

static enum options_result
read_number(const struct option_spec *spec, const char *value, uint32_t *out, struct option_error *why)
{
	const bool is_hex = value[0] == '0' && (value[1] == 'x' || value[1] == 'X');
	uint64_t v;

	if (!parse_digits(is_hex ? value + 2 : value, is_hex ? 16 : 10, &v) || v < spec->min || v > spec->max)
		return bad_value(spec, value, why);
	*out = (uint32_t)v;
	return OPTIONS_OK;
}

static enum options_result
read_choice(const struct option_spec *spec, const char *value, uint32_t *out, struct option_error *why)
{
	for (size_t i = 0; i < option_choices_n; i++) {
		const struct option_choice *c = &option_choices[i];

		if (c->list == spec->choices && strcmp(c->word, value) == 0) {
			*out = (uint32_t)c->value;
			return OPTIONS_OK;
		}
	}
	return refuse(why, "--%s: \"%.64s\" is not right; wanted: %s", spec->name, value,
		      wanted_of(spec)->argument);
}

static enum options_result
read_value(struct option_given *given, struct option_error *why)
{
	const struct option_spec *spec = given->spec;

	assert(spec->kind == OPTION_FLAG || given->value != NULL);
	switch (spec->kind) {
	case OPTION_NUMBER:
		return read_number(spec, given->value, &given->number, why);
	case OPTION_CHOICE:
		return read_choice(spec, given->value, &given->number, why);
	case OPTION_TEXT:
	case OPTION_FILE:
	case OPTION_ROUTE:
		return given->value[0] == '\0' ? bad_value(spec, given->value, why) : OPTIONS_OK;
	case OPTION_FLAG:
	case OPTION_KIND_N:
		break;
	}
	return OPTIONS_OK;
}

static enum options_result
add_given(const struct option_spec *spec, const char *value, struct options *out, struct option_error *why)
{
	struct option_given *given = &out->given[out->given_n];

	if (out->given_n == OPTIONS_GIVEN_MAX)
		return refuse(why, "more than %d options", OPTIONS_GIVEN_MAX);
	*given = (struct option_given){ .spec = spec, .value = value };
	if (read_value(given, why) != OPTIONS_OK)
		return OPTIONS_BAD;
	out->given_n++;
	return OPTIONS_OK;
}

/* ---- the line ---- */

/* getopt's '?': an unknown option, a name short for several, or an argument where none belongs. */
static enum options_result
explain_unknown(enum command_id command, const char *word, struct option_error *why)
{
	if (optopt >= LONG_BASE)
		return refuse(why, "--%s takes no argument", option_table[optopt - LONG_BASE].name);
	if (optopt != 0)
		return refuse(why, "there is no option -%c; see uptun %s --help", optopt,
			      commands[command].name);
	return refuse(why, "there is no option %.64s; see uptun %s --help", word, commands[command].name);
}

static enum options_result
explain_missing(const struct option_spec *spec, struct option_error *why)
{
	return refuse(why, "--%s needs an argument, %s: %s", spec->name, wanted_of(spec)->argument,
		      wanted_of(spec)->unit);
}

/* Cuts the line at "--"; returns how many words stand before it. */
static int
cut_rest(int argc, char **argv, struct options *out)
{
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], "--") == 0) {
			out->rest = argv + i + 1;
			out->rest_n = argc - i - 1;
			return i;
		}
	out->rest = argv + argc;
	return argc;
}

static enum options_result
parse_one(enum command_id command, int found, const char *word, struct options *out, struct option_error *why)
{
	const struct option_spec *spec;

	if (found == '?')
		return explain_unknown(command, word, why);
	if (found == ':')
		return explain_missing(&option_table[optopt - LONG_BASE], why);
	spec = found >= LONG_BASE ? &option_table[found - LONG_BASE] : spec_of_letter(command, found);
	return add_given(spec, spec->kind != OPTION_FLAG ? optarg : NULL, out, why);
}

enum options_result
options_parse(enum command_id command, int argc, char **argv, struct options *out, struct option_error *why)
{
	struct getopt_tables tables;
	int found, n;

	out->given_n = 0; /* what was not given stays untouched */
	out->rest_n = 0;
	n = cut_rest(argc, argv, out);
	make_tables(command, &tables);
	opterr = 0;
	optind = 0; /* glibc: start afresh */
	while ((found = getopt_long(n, argv, tables.letters, tables.longs, NULL)) != -1)
		if (parse_one(command, found, argv[optind > 0 ? optind - 1 : 0], out, why) != OPTIONS_OK)
			return OPTIONS_BAD;
	out->operands = argv + optind;
	out->operands_n = n - optind;
	return OPTIONS_OK;
}

unsigned
options_count(const struct options *options, enum option_target target)
{
	unsigned n = 0;

	for (size_t i = 0; i < options->given_n; i++)
		n += options->given[i].spec->target == target;
	return n;
}

const char *
options_value(const struct options *options, enum option_target target)
{
	const char *value = NULL;

	for (size_t i = 0; i < options->given_n; i++)
		if (options->given[i].spec->target == target)
			value = options->given[i].value;
	return value;
}

uint32_t
options_number(const struct options *options, enum option_target target, uint32_t fallback)
{
	for (size_t i = 0; i < options->given_n; i++)
		if (options->given[i].spec->target == target)
			fallback = options->given[i].number;
	return fallback;
}

const struct option_given *
options_first_single(const struct options *options)
{
	for (size_t i = 0; i < options->given_n; i++)
		if (options->given[i].spec->is_single)
			return &options->given[i];
	return NULL;
}
