/* completion.c - what a shell can complete, from the tables
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/control/completion.h"

#include <string.h>

#include "cli/control/command_text.h"
#include "cli/control/option_text.h"

enum { LINE_WIDTH = 100 };

/* ---- the parts that are no table ---- */

static const char beginning[] =
    "# uptun.bash - completes command lines of uptun; made from the program's own tables by ./dev docs\n"
    "# SPDX-License-Identifier: Apache-2.0\n"
    "\n"
    "# Each of these completes the word that is being typed, as what it is called by.\n"
    "_uptun_words() { mapfile -t COMPREPLY < <(compgen -W \"$1\" -- \"$_uptun_word\"); }\n"
    "_uptun_users() { mapfile -t COMPREPLY < <(compgen -u -- \"$_uptun_word\"); }\n"
    "_uptun_groups() { mapfile -t COMPREPLY < <(compgen -g -- \"$_uptun_word\"); }\n"
    "_uptun_interfaces() { _uptun_lines < <(ls /sys/class/net 2>/dev/null); }\n"
    "_uptun_machines() { _uptun_lines < <(\"${COMP_WORDS[0]}\" graph --list 2>/dev/null); }\n"
    "\n"
    "# Of lines that others wrote: compgen -W would expand what is in them.\n"
    "_uptun_lines() {\n"
    "\tlocal line\n"
    "\twhile IFS= read -r line; do\n"
    "\t\t[[ $line != \"$_uptun_word\"* ]] || COMPREPLY+=(\"$(printf %q \"$line\")\")\n"
    "\tdone\n"
    "}\n"
    "\n"
    "_uptun_files() {\n"
    "\tmapfile -t COMPREPLY < <(compgen -f -- \"$_uptun_word\")\n"
    "\tcompopt -o filenames 2>/dev/null || :\n"
    "}\n"
    "\n"
    "# The daemon's, if it is there and answers soon.\n"
    "_uptun_tunnels() {\n"
    "\tlocal i socket=()\n"
    "\tfor ((i = 2; i + 1 < COMP_CWORD; i++)); do\n"
    "\t\t[[ ${COMP_WORDS[i]} != --socket ]] || socket=(--socket \"${COMP_WORDS[i + 1]}\")\n"
    "\tdone\n"
    "\t_uptun_lines < <(timeout 2 \"${COMP_WORDS[0]}\" list --quiet \"${socket[@]}\" 2>/dev/null)\n"
    "}\n"
    "\n";

static const char end[] =
    "_uptun() {\n"
    "\tlocal _uptun_word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} i\n"
    "\tCOMPREPLY=()\n"
    "\tif ((COMP_CWORD == 1)); then\n"
    "\t\t_uptun_commands\n"
    "\t\treturn\n"
    "\tfi\n"
    "\tfor ((i = 2; i < COMP_CWORD; i++)); do\n"
    "\t\t[[ ${COMP_WORDS[i]} != -- ]] || return 0 # options for pppd\n"
    "\tdone\n"
    "\tif [[ $_uptun_word == = ]]; then\n"
    "\t\t_uptun_word=''\n"
    "\telif [[ $before == = ]]; then\n"
    "\t\tbefore=${COMP_WORDS[COMP_CWORD - 2]}\n"
    "\tfi\n"
    "\t! _uptun_argument \"${COMP_WORDS[1]} $before\" || return 0\n"
    "\tif [[ $_uptun_word == -* ]]; then\n"
    "\t\t_uptun_options \"${COMP_WORDS[1]}\"\n"
    "\telse\n"
    "\t\t_uptun_operand \"${COMP_WORDS[1]}\"\n"
    "\tfi\n"
    "}\n"
    "\n"
    "complete -F _uptun uptun\n";

/* ---- what a value can be ---- */

/* Words between bars: "report|none". */
static bool
is_of_words(const char *value)
{
	return strchr(value, '|') != NULL &&
	       strspn(value, "abcdefghijklmnopqrstuvwxyz0123456789|") == strlen(value);
}

/* The function that completes a value of this name; ":", which does nothing, where there is none. */
static const char *
helper_of(const char *value)
{
	static const struct {
		const char *value, *helper;
	} helpers[] = {
		{ "FILE", "_uptun_files" },	{ "F|-", "_uptun_files" },
		{ "PATH", "_uptun_files" },	{ "FOLDER", "_uptun_files" },
		{ "IF", "_uptun_interfaces" },	{ "USER", "_uptun_users" },
		{ "GROUP", "_uptun_groups" },	{ "MACHINE", "_uptun_machines" },
		{ "TUNNEL", "_uptun_tunnels" }, { "COMMAND", "_uptun_commands" },
	};

	for (size_t i = 0; i < sizeof helpers / sizeof helpers[0]; i++)
		if (strcmp(helpers[i].value, value) == 0)
			return helpers[i].helper;
	return ":";
}

/* What completes a value, behind the pattern of its case. */
static void
put_value(FILE *out, const char *value)
{
	if (!is_of_words(value)) {
		(void)fprintf(out, "%s ;;\n", helper_of(value));
		return;
	}
	(void)fputs("_uptun_words '", out);
	for (const char *c = value; *c != '\0'; c++)
		(void)fputc(*c == '|' ? ' ' : *c, out);
	(void)fputs("' ;;\n", out);
}

/* ---- the tables ---- */

static bool
is_offered(size_t i, enum command_id command)
{
	return (option_table[i].commands & 1u << command) != 0 &&
	       option_texts[i].group != OPTION_GROUP_HIDDEN;
}

static void
put_commands(FILE *out)
{
	(void)fputs("_uptun_commands() { _uptun_words '", out);
	for (size_t c = 0; c < COMMAND_N; c++)
		(void)fprintf(out, "%s%s", c > 0 ? " " : "", commands[c].name);
	(void)fputs("'; }\n\n", out);
}

/* What may come behind an option; false: it takes nothing. */
static void
put_arguments(FILE *out)
{
	(void)fputs("_uptun_argument() { # COMMAND OPTION\n\tcase $1 in\n", out);
	for (size_t c = 0; c < COMMAND_N; c++)
		for (size_t i = 0; i < option_table_n; i++) {
			if (!is_offered(i, (enum command_id)c) || option_texts[i].argument == NULL)
				continue;
			(void)fprintf(out, "\t'%s --%s') ", commands[c].name, option_table[i].name);
			put_value(out, option_texts[i].argument);
		}
	(void)fputs("\t*) return 1 ;;\n\tesac\n}\n\n", out);
}

static void
put_options_of(FILE *out, enum command_id command)
{
	size_t width = 0;

	(void)fprintf(out, "\t%s) _uptun_words '", commands[command].name);
	for (size_t i = 0; i < option_table_n; i++) {
		if (!is_offered(i, command))
			continue;
		if (width > 0)
			(void)fputs(width > LINE_WIDTH ? "\n\t\t" : " ", out);
		width = width > LINE_WIDTH ? 0 : width;
		width += (size_t)fprintf(out, "--%s", option_table[i].name) + 1;
	}
	(void)fputs("' ;;\n", out);
}

static void
put_options(FILE *out)
{
	(void)fputs("_uptun_options() { # COMMAND\n\tcase $1 in\n", out);
	for (size_t c = 0; c < COMMAND_N; c++)
		put_options_of(out, (enum command_id)c);
	(void)fputs("\tesac\n}\n\n", out);
}

static void
put_operands(FILE *out)
{
	(void)fputs("_uptun_operand() { # COMMAND\n\tcase $1 in\n", out);
	for (size_t c = 0; c < COMMAND_N; c++) {
		if (command_texts[c].operand == NULL)
			continue;
		(void)fprintf(out, "\t%s) ", commands[c].name);
		put_value(out, command_texts[c].operand);
	}
	(void)fputs("\tesac\n}\n\n", out);
}

void
completion_bash(FILE *out)
{
	(void)fputs(beginning, out);
	put_commands(out);
	put_arguments(out);
	put_options(out);
	put_operands(out);
	(void)fputs(end, out);
}
