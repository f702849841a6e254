/* command.c - the table of commands
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/command.h"

#include <stddef.h>
#include <string.h>

const struct command commands[COMMAND_N] = {
#define X(ID, name, program) [COMMAND_##ID] = { name, PROGRAM_##program },
	COMMANDS(X)
#undef X
};

const struct command *
command_find(const char *name)
{
	for (size_t i = 0; i < COMMAND_N; i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}
