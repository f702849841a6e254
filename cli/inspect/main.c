/* main.c - uptun-inspect: reads what others wrote - messages, captures, journals - and the tables
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/program.h"

int
main(int argc, char **argv)
{
	static const program_runner runners[COMMAND_N] = {
		[COMMAND_DECODE] = cmd_decode, [COMMAND_GRAPH] = cmd_graph, [COMMAND_REPLAY] = cmd_replay
	};

	return program_main(runners, argc, argv);
}
