/* main.c - uptun-journal: uptun up that keeps a journal, which uptun itself has no room for
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/journal/journal.h"
#include "cli/program.h"
#include "cli/up.h"

static int
open_journal(const char *path, const struct profile *profiles, size_t n, void **out, struct kb_error *why)
{
	struct journal *journal = NULL;
	const int err = journal_open(path, profiles, n, &journal, why);

	*out = journal;
	return err;
}

static void
close_journal(void *journal)
{
	(void)journal_close(journal);
}

static int
up(int argc, char **argv)
{
	const struct run_recorder recorder = { .open = open_journal,
					       .close = close_journal,
					       .observer = &journal_observer };

	return up_run(argc, argv, &(struct up_hands){ .recorder = &recorder });
}

int
main(int argc, char **argv)
{
	static const program_runner runners[COMMAND_N] = { [COMMAND_UP] = up };

	return program_main(runners, argc, argv);
}
