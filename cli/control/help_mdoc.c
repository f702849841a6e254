/* help_mdoc.c - the tables as parts of a manual page, mdoc(7)
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/control/help.h"

#include <ctype.h>
#include <string.h>

#include "cli/control/command_text.h"
#include "cli/control/option_text.h"

/* ---- text ---- */

/* One character, safe anywhere but at the start of a line. */
static void
put_character(FILE *out, char c)
{
	if (c == '\\')
		(void)fputs("\\e", out);
	else if (c == '-')
		(void)fputs("\\-", out);
	else
		(void)fputc(c, out);
}

static void
put_octets(FILE *out, const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		put_character(out, text[i]);
}

/* A word as a macro's argument: quoted, so that it is no macro itself. */
static void
put_argument(FILE *out, const char *text, size_t n)
{
	(void)fputc('"', out);
	for (size_t i = 0; i < n; i++)
		if (text[i] == '"')
			(void)fputs("\\(dq", out);
		else
			put_character(out, text[i]);
	(void)fputc('"', out);
}

/* A sentence's end: mdoc wants a new line there. */
static bool
is_sentence_end(const char *at)
{
	return at[0] == '.' && (at[1] == ' ' || at[1] == '\n') && at[-1] != '.';
}

/* Paragraphs; the text starts none of its lines with a dot or an apostrophe of its own. */
static void
put_text(FILE *out, const char *text)
{
	for (const char *at = text; *at != '\0'; at++) {
		if (at[0] == '\n' && at[1] == '\n') {
			(void)fputs("\n.Pp\n", out);
			at++;
		} else if (at > text && is_sentence_end(at) && at[1] == ' ') {
			(void)fputs(".\n", out);
			at++;
		} else {
			put_character(out, *at);
		}
	}
	(void)fputc('\n', out);
}

/* ---- usage ---- */

/* A word of a usage: an option, a value in capitals, or itself. */
static void
put_usage_word(FILE *out, const char *word, size_t n)
{
	if (n >= 2 && strncmp(word, "--", 2) == 0) {
		(void)fputs("Fl \\-", out);
		put_octets(out, word + 2, n - 2);
	} else if (isupper((unsigned char)word[0])) {
		(void)fputs("Ar ", out);
		put_argument(out, word, n);
	} else {
		(void)fputs("Cm ", out);
		put_octets(out, word, n);
	}
}

/* The words of `text`, n octets of them, on one macro line. */
static void
put_usage_words(FILE *out, const char *text, size_t n)
{
	for (size_t at = 0; at < n;) {
		size_t word = strcspn(text + at, " ");

		if (word > n - at)
			word = n - at;
		if (at > 0)
			(void)fputc(' ', out);
		put_usage_word(out, text + at, word);
		at += word + 1;
	}
}

/* One bracketed part or one word; returns what is left of the usage. */
static const char *
put_usage_part(FILE *out, const char *usage)
{
	const bool is_optional = usage[0] == '[';
	const char *start = usage + is_optional;
	const size_t n = strcspn(start, is_optional ? "]" : " ");
	const char *end = start + n + is_optional;

	(void)fputs(is_optional ? ".Op " : ".", out);
	put_usage_words(out, start, n);
	if (is_optional && strncmp(end, "...", 3) == 0) {
		(void)fputs(" ...", out);
		end += 3;
	}
	(void)fputc('\n', out);
	return end + strspn(end, " ");
}

void
help_mdoc_synopsis(FILE *out)
{
	for (size_t c = 0; c < COMMAND_N; c++)
		for (size_t i = 0; i < COMMAND_USAGES && command_texts[c].usages[i] != NULL; i++) {
			(void)fprintf(out, ".Nm\n.Cm %s\n", commands[c].name);
			for (const char *rest = command_texts[c].usages[i]; *rest != '\0';)
				rest = put_usage_part(out, rest);
		}
}

/* ---- one command ---- */

static void
put_option_name(FILE *out, const struct option_spec *spec, const struct option_text *text)
{
	(void)fputs(".It ", out);
	if (spec->letter != 0)
		(void)fprintf(out, "Fl %c , ", spec->letter);
	(void)fputs("Fl \\-", out);
	put_octets(out, spec->name, strlen(spec->name));
	if (text->argument != NULL) {
		(void)fputs(" Ar ", out);
		put_argument(out, text->argument, strlen(text->argument));
	}
	(void)fputc('\n', out);
}

static void
put_option(FILE *out, const struct option_spec *spec, const struct option_text *text)
{
	put_option_name(out, spec, text);
	(void)fprintf(out, "%c", (toupper)((unsigned char)text->help[0]));
	put_octets(out, text->help + 1, strlen(text->help) - 1);
	(void)fputs(".\n", out);
	if (text->text != NULL)
		put_text(out, text->text);
	if (text->unit != NULL)
		(void)fprintf(out, "Unit: %s.\n", text->unit);
	(void)fprintf(out, "Default: %s.\nExample:\n.Dl ", text->fallback);
	put_octets(out, text->example, strlen(text->example));
	(void)fputc('\n', out);
}

static void
put_options(FILE *out, enum command_id command)
{
	enum option_group group = OPTION_GROUP_N;

	for (size_t i = 0; i < option_table_n; i++) {
		const struct option_spec *spec = &option_table[i];
		const struct option_text *text = &option_texts[i];

		if ((spec->commands & 1u << command) == 0 || text->group == OPTION_GROUP_HIDDEN)
			continue;
		if (text->group != group)
			(void)fprintf(out, "%s.Pp\n.Em %s :\n.Bl -tag -width Ds\n",
				      group != OPTION_GROUP_N ? ".El\n" : "",
				      option_group_title(text->group));
		group = text->group;
		put_option(out, spec, text);
	}
	if (group != OPTION_GROUP_N)
		(void)fputs(".El\n", out);
}

void
help_mdoc_command(FILE *out, enum command_id command)
{
	const struct command_text *c = &command_texts[command];

	(void)fprintf(out, ".Ss uptun %s\n", commands[command].name);
	put_text(out, c->text);
	put_options(out, command);
	(void)fputs(".Pp\nExamples:\n.Bd -literal -offset indent -compact\n", out);
	for (size_t i = 0; i < COMMAND_EXAMPLES && c->examples[i] != NULL; i++) {
		put_octets(out, c->examples[i], strlen(c->examples[i]));
		(void)fputc('\n', out);
	}
	(void)fputs(".Ed\n", out);
}
