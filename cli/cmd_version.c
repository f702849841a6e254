/* cmd_version.c - uptun version
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>

#include "cli/command.h"
#include "cli/run.h"

int
cmd_version(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	(void)printf("uptun %s\n", UPTUN_VERSION);
	return STATUS_OK;
}
