/* rig_journal.c - every rig of this program keeps a journal, which must come again when it is replayed
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/cli/host/rig_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/journal/journal.h"
#include "cli/journal/journal_replay.h"

void
rig_journal_open(struct rig *rig)
{
	struct kb_error why = { .err = 0 };

	if (rig->observer != NULL)
		return;
	(void)snprintf(rig->journal_path, sizeof rig->journal_path, "/tmp/uptun-journal-XXXXXX");
	const int fd = mkstemp(rig->journal_path);
	if (fd < 0 || close(fd) < 0 || unlink(rig->journal_path) < 0 ||
	    journal_open(rig->journal_path, rig->profile, 1, &rig->journal, &why) < 0)
		abort();
	rig->observer = &journal_observer;
	rig->observer_ctx = rig->journal;
}

void
rig_journal_close(struct rig *rig)
{
	const struct journal_replay_config config = { .secrets = NULL };
	struct journal_verdict verdict;
	FILE *in;

	if (rig->journal == NULL)
		return;
	rig->journal = journal_close(rig->journal);
	in = fopen(rig->journal_path, "rb");
	if (in == NULL)
		abort();
	journal_replay(in, &config, &verdict);
	(void)fclose(in);
	(void)unlink(rig->journal_path);
	if (verdict.result == JOURNAL_REPRODUCED && verdict.has_end)
		return;
	fprintf(stderr, "the journal does not come again: %s\n", verdict.text);
	abort();
}
