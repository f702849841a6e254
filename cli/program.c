/* program.c - one program with several executables
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/program.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/near.h"
#include "cli/run.h"
#include "cli/say.h"
#include "kernel-bridge/kb_child.h"

enum { PATH_OCTETS = 4096, NAME_OCTETS = 16 };

/* Without pointers, as nothing of it need be relocated then. */
static const char names[PROGRAM_N][NAME_OCTETS] = {
	[PROGRAM_UPTUN] = "uptun",	     [PROGRAM_INSPECT] = "uptun-inspect",
	[PROGRAM_CONTROL] = "uptun-control", [PROGRAM_JOURNAL] = "uptun-journal",
	[PROGRAM_DAEMON] = "uptun-daemon",
};

/* ---- finding and starting ---- */

/* Beside this one, as in a build folder; false: it is not there. */
static bool
find_beside(const char name[NAME_OCTETS], char path[PATH_OCTETS])
{
	const ssize_t n = readlink("/proc/self/exe", path, PATH_OCTETS - NAME_OCTETS - 1);
	char *slash;

	if (n <= 0)
		return false;
	path[n] = '\0';
	slash = strrchr(path, '/');
	if (slash == NULL)
		return false;
	memcpy(slash + 1, name, NAME_OCTETS);
	return access(path, X_OK) == 0;
}

/* `uptun` itself is not in libexec, where its sisters are installed. */
static void
find(enum program_id program, char path[PATH_OCTETS])
{
	const char *folder = program == PROGRAM_UPTUN ? UPTUN_SBIN_DIR : UPTUN_LIBEXEC_DIR;

	if (!find_beside(names[program], path))
		(void)snprintf(path, PATH_OCTETS, "%s/%s", folder, names[program]);
}

int
program_start(enum program_id program, int argc, char **argv)
{
	char path[PATH_OCTETS];
	char **line = calloc((size_t)argc + 2, sizeof *line);

	if (line == NULL) {
		say("no memory");
		return STATUS_SYSTEM;
	}
	line[0] = (char *)(uintptr_t)names[PROGRAM_UPTUN];
	memcpy(line + 1, argv, (size_t)argc * sizeof *line);
	find(program, path);
	(void)execv(path, line);
	if (errno == ENOENT)
		say("\"uptun %s\" is carried out by %s, which is not installed; it is wanted as %s", argv[0],
		    names[program], path);
	else
		say("%s: %s", path, strerror(errno));
	free(line);
	return STATUS_SYSTEM;
}

/* ---- the command ---- */

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
run(const program_runner runners[COMMAND_N], enum command_id command, int argc, char **argv)
{
	if (runners[command] != NULL)
		return runners[command](argc, argv);
	return program_start(commands[command].program, argc, argv);
}

static int
run_help(const program_runner runners[COMMAND_N], enum command_id command)
{
	char *line[] = { (char *)(uintptr_t)commands[COMMAND_HELP].name,
			 (char *)(uintptr_t)commands[command].name, NULL };

	return run(runners, COMMAND_HELP, 2, line);
}

static int
run_unless_help(const program_runner runners[COMMAND_N], enum command_id command, int argc, char **argv)
{
	if (argc > 1 && is_help(argv[1]))
		return run_help(runners, command);
	return run(runners, command, argc, argv);
}

int
program_help(enum command_id command)
{
	static const program_runner none[COMMAND_N];

	return run_help(none, command);
}

/* A long option in the place of a command: --help and --version. */
static const char *
command_word(const char *word)
{
	if (is_help(word))
		return commands[COMMAND_HELP].name;
	return strcmp(word, "--version") == 0 ? commands[COMMAND_VERSION].name : word;
}

static void
say_unknown(const char *word)
{
	struct near near = { .word = NULL };

	for (size_t i = 0; i < COMMAND_N; i++)
		near_offer(&near, word, strlen(word), commands[i].name);
	if (near.word != NULL)
		say("there is no command \"%s\": is \"%s\" meant? uptun --help lists them", word, near.word);
	else
		say("there is no command \"%s\"; uptun --help lists them", word);
}

int
program_main(const program_runner runners[COMMAND_N], int argc, char **argv)
{
	const struct command *command;

	if (!kb_hold_standard_descriptors())
		return STATUS_SYSTEM;
	if (argc > 0 && strcmp(base_name(argv[0]), commands[COMMAND_MTPD].name) == 0)
		return run_unless_help(runners, COMMAND_MTPD, argc, argv);
	if (argc < 2) {
		say("which command? Usage: uptun COMMAND [ARGUMENT...]; uptun --help lists the commands");
		return STATUS_SYSTEM;
	}
	command = command_find(command_word(argv[1]));
	if (command == NULL) {
		say_unknown(argv[1]);
		return STATUS_SYSTEM;
	}
	argv[1] = (char *)(uintptr_t)command->name;
	return run_unless_help(runners, (enum command_id)(command - commands), argc - 1, argv + 1);
}
