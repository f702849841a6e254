/* program.h - one program with several executables: each carries out some commands and starts the others for the rest
 * SPDX-License-Identifier: Apache-2.0
 *
 * `uptun` is small because it must start fast and stay small; what it seldom does is in executables of its own, which
 * stand beside it (as in a build folder) or in the folder of libexec.
 */
#ifndef CLI_PROGRAM_H
#define CLI_PROGRAM_H

#include "cli/command.h"

/* What carries out a command: argv[0] is the command's name; returns the exit status. */
typedef int (*program_runner)(int argc, char **argv);

/* main() of every executable: finds the command that argv[1], or argv[0] as for mtpd, names, and runs it: by its runner
 * where there is one, else by starting the executable that the table of commands names.  Returns the exit status. */
int program_main(const program_runner runners[COMMAND_N], int argc, char **argv);

/* Becomes another executable with the command line "uptun", argv[0] ... argv[argc - 1]; argv[0] is the command's name.
 * Returns only when that is not possible: STATUS_SYSTEM, and what is wrong has been said. */
int program_start(enum program_id program, int argc, char **argv);

/* The same for the help on a command. */
int program_help(enum command_id command);

#endif
