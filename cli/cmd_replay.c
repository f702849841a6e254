/* cmd_replay.c - uptun replay: of a journal here; of a capture by uptun-replay, which may not be installed
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/command.h"
#include "cli/help.h"
#include "cli/journal_replay.h"
#include "cli/option.h"
#include "cli/replay_journal.h"
#include "cli/run.h"
#include "cli/say.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PROGRAM "uptun-replay"

enum { PATH_OCTETS = 4096 };

/* Beside this program, as in a build folder; false: it is not there. */
static bool
find_beside(char path[PATH_OCTETS])
{
	const ssize_t n = readlink("/proc/self/exe", path, PATH_OCTETS - sizeof PROGRAM - 1);
	char *slash;

	if (n <= 0)
		return false;
	path[n] = '\0';
	slash = strrchr(path, '/');
	if (slash == NULL)
		return false;
	strcpy(slash + 1, PROGRAM);
	return access(path, X_OK) == 0;
}

static int
start(char **argv)
{
	char path[PATH_OCTETS];

	if (!find_beside(path))
		snprintf(path, sizeof path, "%s/%s", UPTUN_LIBEXEC_DIR, PROGRAM);
	(void)execv(path, argv);
	if (errno == ENOENT)
		say("captures are read by " PROGRAM ", which is not installed; it is wanted as %s", path);
	else
		say("%s: %s", path, strerror(errno));
	return STATUS_SYSTEM;
}

int
cmd_replay(int argc, char **argv)
{
	struct options options;
	struct option_error why;

	if (options_parse(COMMAND_REPLAY, argc, argv, &options, &why) != OPTIONS_OK) {
		say("replay: %s", why.text);
		return STATUS_SYSTEM;
	}
	if (options_count(&options, OPTION_HELP) > 0) {
		help_command(stdout, COMMAND_REPLAY);
		return STATUS_OK;
	}
	if (options.operands_n != 1) {
		say("replay: one file, not %d; uptun replay --help", options.operands_n);
		return STATUS_SYSTEM;
	}
	if (journal_is_file(options.operands[0]))
		return replay_journal(&options, options.operands[0]);
	if (options_count(&options, OPTION_FORCE) > 0) {
		say("replay: --force is for journals, and %s is none", options.operands[0]);
		return STATUS_SYSTEM;
	}
	return start(argv);
}
