/* main.c - uptun: finds the command and runs it
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/command.h"
#include "cli/help.h"
#include "cli/run.h"
#include "cli/say.h"

static int (*const runners[COMMAND_N])(int argc, char **argv) = {
	[COMMAND_UP] = cmd_up,	     [COMMAND_MTPD] = cmd_mtpd,	    [COMMAND_DECODE] = cmd_decode,
	[COMMAND_GRAPH] = cmd_graph, [COMMAND_REPLAY] = cmd_replay, [COMMAND_VERSION] = cmd_version,
	[COMMAND_HELP] = cmd_help,
};

/* The name we were started under, without folders. */
static const char *
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

static bool
is_help(const char *word)
{
	return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

static int
run_command(enum command_id command, int argc, char **argv)
{
	if (argc > 1 && is_help(argv[1])) {
		help_command(stdout, command);
		return STATUS_OK;
	}
	return runners[command](argc, argv);
}

int
main(int argc, char **argv)
{
	const struct command *command;

	if (argc > 0 && strcmp(base_name(argv[0]), commands[COMMAND_MTPD].name) == 0)
		return run_command(COMMAND_MTPD, argc, argv);
	if (argc < 2) {
		help_program(stderr);
		return STATUS_SYSTEM;
	}
	if (is_help(argv[1]))
		return cmd_help(1, argv);
	if (strcmp(argv[1], "--version") == 0)
		return cmd_version(1, argv);
	command = command_find(argv[1]);
	if (command == NULL) {
		say("there is no command \"%s\"; uptun --help lists them", argv[1]);
		return STATUS_SYSTEM;
	}
	return run_command((enum command_id)(command - commands), argc - 1, argv + 1);
}
