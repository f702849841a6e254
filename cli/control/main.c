/* main.c - uptun-control: help
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/program.h"

int
main(int argc, char **argv)
{
	static const program_runner runners[COMMAND_N] = { [COMMAND_HELP] = cmd_help };

	return program_main(runners, argc, argv);
}
