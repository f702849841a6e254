/* main.c - uptun: brings tunnels up; everything else is done by its sisters
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/program.h"

int
main(int argc, char **argv)
{
	static const program_runner runners[COMMAND_N] = {
		[COMMAND_UP] = cmd_up, [COMMAND_MTPD] = cmd_mtpd, [COMMAND_VERSION] = cmd_version
	};

	return program_main(runners, argc, argv);
}
