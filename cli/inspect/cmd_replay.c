/* cmd_replay.c - uptun replay: of a capture or of a journal
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/command.h"
#include "cli/inspect/replay_capture.h"
#include "cli/inspect/replay_journal.h"
#include "cli/journal/journal_replay.h"
#include "cli/option.h"
#include "cli/program.h"
#include "cli/run.h"
#include "cli/say.h"

static int
replay(const struct options *options)
{
	const char *file = options->operands[0];

	if (journal_is_file(file))
		return replay_journal(options, file);
	if (options_count(options, OPTION_FORCE) == 0)
		return replay_capture(options, file);
	say("replay: --force is for journals, and %s is none", file);
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
	if (options_count(&options, OPTION_HELP) > 0)
		return program_help(COMMAND_REPLAY);
	if (options.operands_n != 1) {
		say("replay: one file, not %d; uptun replay --help", options.operands_n);
		return STATUS_SYSTEM;
	}
	return replay(&options);
}
