/* help.c - --help, from the tables
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/control/help.h"

#include <string.h>

#include "cli/control/command_text.h"
#include "cli/control/option_text.h"

enum { LINE_WIDTH = 100, OPTION_COLUMN = 30, NAME_OCTETS = 64 };

/* ---- wrapped text ---- */

/* Octets of `text` that go on a line of `room`: up to the last blank that fits, or the first one. */
static size_t
line_octets(const char *text, size_t room)
{
	const size_t n = strcspn(text, "\n");
	size_t cut = room;

	if (n <= room)
		return n;
	while (cut > 0 && text[cut] != ' ')
		cut--;
	return cut > 0 ? cut : strcspn(text, " \n");
}

/* The first line starts where the cursor is, the others at `indent`. */
static void
put_wrapped(FILE *out, const char *text, size_t indent)
{
	while (*text != '\0') {
		const size_t n = line_octets(text, LINE_WIDTH - indent);

		(void)fprintf(out, "%.*s\n", (int)n, text);
		text += n;
		if (*text == '\0')
			break;
		text++; /* the blank or newline that was cut at */
		if (*text != '\n')
			(void)fprintf(out, "%*s", (int)indent, "");
	}
}

/* ---- one command ---- */

static void
put_usage(FILE *out, enum command_id command)
{
	const struct command_text *c = &command_texts[command];

	for (size_t i = 0; i < COMMAND_USAGES && c->usages[i] != NULL; i++)
		(void)fprintf(out, "%s uptun %s%s%s\n", i == 0 ? "Usage:" : "      ", commands[command].name,
			      c->usages[i][0] != '\0' ? " " : "", c->usages[i]);
}

static void
put_option(FILE *out, const struct option_spec *spec, const struct option_text *text)
{
	char name[NAME_OCTETS], letter[8] = "";
	int n;

	if (spec->letter != 0)
		(void)snprintf(letter, sizeof letter, "-%c, ", spec->letter);
	n = snprintf(name, sizeof name, "  %s--%s %s", letter, spec->name,
		     text->argument != NULL ? text->argument : "");
	(void)fprintf(out, "%-*s", OPTION_COLUMN, name);
	if (n >= OPTION_COLUMN)
		(void)fprintf(out, "\n%*s", OPTION_COLUMN, "");
	put_wrapped(out, text->help, OPTION_COLUMN);
	if (text->argument == NULL)
		return;
	(void)fprintf(out, "%*s[%s; default %s]\n", OPTION_COLUMN, "", text->unit, text->fallback);
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
			(void)fprintf(out, "\n%s:\n", option_group_title(text->group));
		group = text->group;
		put_option(out, spec, text);
	}
}

void
help_command(FILE *out, enum command_id command)
{
	const struct command_text *c = &command_texts[command];

	put_usage(out, command);
	(void)fputc('\n', out);
	put_wrapped(out, c->text, 0);
	put_options(out, command);
	(void)fprintf(out, "\nExamples:\n");
	for (size_t i = 0; i < COMMAND_EXAMPLES && c->examples[i] != NULL; i++)
		(void)fprintf(out, "  %s\n", c->examples[i]);
}

void
help_program(FILE *out)
{
	(void)fprintf(out,
		      "Usage: uptun COMMAND [ARGUMENT...]\n\n"
		      "L2TP and PPTP VPN tunnels through the Linux kernel's own PPP drivers.\n\nCommands:\n");
	for (size_t i = 0; i < COMMAND_N; i++)
		(void)fprintf(out, "  %-10s%s\n", commands[i].name, command_texts[i].summary);
	(void)fprintf(out, "\nuptun COMMAND --help tells more; so do uptun(8) and uptun-profile(5).\n");
}
