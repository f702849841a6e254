/* cmd_help.c - uptun help
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/control/completion.h"
#include "cli/control/help.h"
#include "cli/option.h"
#include "cli/output.h"
#include "cli/run.h"
#include "cli/say.h"

static int
print_program(const char *format)
{
	if (strcmp(format, "mdoc") == 0)
		help_mdoc_synopsis(stdout);
	else if (strcmp(format, "markdown") == 0)
		output_json_describe(stdout);
	else if (strcmp(format, "bash") == 0)
		completion_bash(stdout);
	else
		help_program(stdout);
	return STATUS_OK;
}

static int
print_pppd_options(const char *format)
{
	if (strcmp(format, "mdoc") == 0)
		help_mdoc_pppd(stdout);
	else
		help_pppd(stdout);
	return STATUS_OK;
}

static int
print_command(const char *name, const char *format)
{
	const struct command *command = command_find(name);

	if (command == NULL) {
		say("there is no command \"%s\"; uptun --help lists them", name);
		return STATUS_SYSTEM;
	}
	if (strcmp(format, "mdoc") == 0)
		help_mdoc_command(stdout, (enum command_id)(command - commands));
	else
		help_command(stdout, (enum command_id)(command - commands));
	return STATUS_OK;
}

int
cmd_help(int argc, char **argv)
{
	struct options options;
	struct option_error why;
	const char *format;

	if (options_parse(COMMAND_HELP, argc, argv, &options, &why) != OPTIONS_OK) {
		say("%s", why.text);
		return STATUS_SYSTEM;
	}
	format = options_value(&options, OPTION_FORMAT);
	if (options.operands_n == 0)
		return print_program(format != NULL ? format : "text");
	if (strcmp(options.operands[0], "pppd-options") == 0)
		return print_pppd_options(format != NULL ? format : "text");
	return print_command(options.operands[0], format != NULL ? format : "text");
}
