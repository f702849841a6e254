/* main.c - uptun-control: help, and the clients of the daemon
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/control/order_up.h"
#include "cli/program.h"

static int
up(int argc, char **argv)
{
	const struct up_hands hands = { .order = order_up };

	return up_run(argc, argv, &hands);
}

int
main(int argc, char **argv)
{
	static const program_runner runners[COMMAND_N] = {
		[COMMAND_UP] = up,
		[COMMAND_STATUS] = cmd_status,
		[COMMAND_LIST] = cmd_list,
		[COMMAND_DOWN] = cmd_down,
		[COMMAND_LOGS] = cmd_logs,
		[COMMAND_LOG_LEVEL] = cmd_log_level,
		[COMMAND_METRICS] = cmd_metrics,
		[COMMAND_HELP] = cmd_help,
	};

	return program_main(runners, argc, argv);
}
