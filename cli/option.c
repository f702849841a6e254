/* option.c - reads a command line by the table of options
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/option.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/near.h"

static enum options_result __attribute__((format(printf, 2, 3)))
refuse(struct option_error *why, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)vsnprintf(why->text, sizeof why->text, format, args);
	va_end(args);
	return OPTIONS_BAD;
}

/* ---- names ---- */

static bool
is_of(const struct option_spec *spec, enum command_id command)
{
	return (spec->commands & 1u << command) != 0;
}

/* NULL: there is none. */
static const struct option_spec *
spec_of_letter(enum command_id command, char letter)
{
	for (size_t i = 0; i < option_table_n; i++)
		if (option_table[i].letter == letter && is_of(&option_table[i], command))
			return &option_table[i];
	return NULL;
}

/* A name may be cut short as long as it is that of one option only, and of none for a secret's file (take_long()).
 * NULL: it is of none, or of several. */
static const struct option_spec *
spec_of_name(enum command_id command, const char *name, size_t n)
{
	const struct option_spec *found = NULL;
	unsigned fit = 0;

	for (size_t i = 0; i < option_table_n; i++) {
		const struct option_spec *spec = &option_table[i];

		if (!is_of(spec, command) || strncmp(spec->name, name, n) != 0)
			continue;
		if (spec->name[n] == '\0')
			return spec;
		found = spec;
		fit++;
	}
	return fit == 1 ? found : NULL;
}

/* Of what would take a secret for the name of the file it is in. */
static bool
is_of_secret(const struct option_spec *spec)
{
	const char *end = strrchr(spec->name, '-');

	return end != NULL && strcmp(end, "-file") == 0;
}

/* `n` octets of `name` are those of no option.  What stands behind "=" may be a secret, and is not printed. */
static enum options_result
refuse_name(enum command_id command, const char *name, size_t n, struct option_error *why)
{
	const int shown = n < 64 ? (int)n : 64;
	struct near near = { .word = NULL };

	for (size_t i = 0; i < option_table_n; i++)
		if (is_of(&option_table[i], command))
			near_offer(&near, name, n, option_table[i].name);
	if (near.word != NULL)
		return refuse(why, "there is no option --%.*s: is --%s meant? See uptun %s --help", shown,
			      name, near.word, commands[command].name);
	return refuse(why, "there is no option --%.*s; see uptun %s --help", shown, name,
		      commands[command].name);
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

/* Where reading is: words[at] is next, words[1] and on are the operands so far. */
struct reading {
	enum command_id command;
	char **words;
	int n, at, operands;
	struct options *out;
	struct option_error *why;
};

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
	out->rest_n = 0;
	return argc;
}

/* `value` is what stands with the option in its word, or NULL; without, the next word is the argument. */
static enum options_result
take_argument(struct reading *r, const struct option_spec *spec, const char *value)
{
	if (value == NULL && r->at < r->n)
		value = r->words[r->at++];
	if (value == NULL)
		return refuse(r->why, "--%s needs an argument, %s: %s", spec->name, wanted_of(spec)->argument,
			      wanted_of(spec)->unit);
	return add_given(spec, value, r->out, r->why);
}

/* "--name", "--name VALUE" or "--name=VALUE". */
static enum options_result
take_long(struct reading *r, const char *word)
{
	const char *name = word + 2;
	const size_t n = (size_t)(strchrnul(name, '=') - name);
	const char *value = name[n] == '=' ? name + n + 1 : NULL;
	const struct option_spec *spec = spec_of_name(r->command, name, n);

	if (spec == NULL)
		return refuse_name(r->command, name, n, r->why);
	if (spec->name[n] != '\0' && is_of_secret(spec))
		return refuse(r->why,
			      "--%.*s: everybody can read a secret on the command line; put it into a file "
			      "and name that with --%s",
			      (int)n, name, spec->name);
	if (spec->kind != OPTION_FLAG)
		return take_argument(r, spec, value);
	if (value != NULL)
		return refuse(r->why, "--%s takes no argument", spec->name);
	return add_given(spec, NULL, r->out, r->why);
}

/* "-vv": flags, of which the last may be an option whose argument follows. */
static enum options_result
take_letters(struct reading *r, const char *word)
{
	for (const char *letter = word + 1; *letter != '\0'; letter++) {
		const struct option_spec *spec = spec_of_letter(r->command, *letter);

		if (spec == NULL)
			return refuse(r->why, "there is no option -%c; see uptun %s --help", *letter,
				      commands[r->command].name);
		if (spec->kind != OPTION_FLAG)
			return take_argument(r, spec, letter[1] != '\0' ? letter + 1 : NULL);
		if (add_given(spec, NULL, r->out, r->why) != OPTIONS_OK)
			return OPTIONS_BAD;
	}
	return OPTIONS_OK;
}

/* Moves the word that was read to the end of the operands; no word is lost. */
static void
take_operand(struct reading *r)
{
	char *word = r->words[r->at - 1];
	const int to = 1 + r->operands++;

	memmove(&r->words[to + 1], &r->words[to], (size_t)(r->at - 1 - to) * sizeof *r->words);
	r->words[to] = word;
}

/* One word, with its argument; "-" alone is an operand. */
static enum options_result
take_word(struct reading *r)
{
	const char *word = r->words[r->at++];

	if (strncmp(word, "--", 2) == 0)
		return take_long(r, word);
	if (word[0] == '-' && word[1] != '\0')
		return take_letters(r, word);
	take_operand(r);
	return OPTIONS_OK;
}

enum options_result
options_parse(enum command_id command, int argc, char **argv, struct options *out, struct option_error *why)
{
	struct reading r = { .command = command, .words = argv, .at = 1, .out = out, .why = why };

	out->given_n = 0; /* what was not given stays untouched */
	r.n = cut_rest(argc, argv, out);
	while (r.at < r.n)
		if (take_word(&r) != OPTIONS_OK)
			return OPTIONS_BAD;
	out->operands = argv + 1;
	out->operands_n = r.operands;
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
