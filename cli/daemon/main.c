/* main.c - uptun-daemon: any number of tunnels in one process, which takes orders over a socket
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/daemon/cmd_daemon.h"
#include "cli/program.h"

int
main(int argc, char **argv)
{
	static const program_runner runners[COMMAND_N] = { [COMMAND_DAEMON] = cmd_daemon };

	return program_main(runners, argc, argv);
}
