/* journal.h - keeping a journal: every event an engine is fed, and all that comes out
 * SPDX-License-Identifier: Apache-2.0
 *
 * A host shows what it does through journal_observer; journal_replay.h runs it again.  Every record is written whole
 * with one write(), so that after a crash the file reads to its last whole record.  No secret gets into it.
 */
#ifndef CLI_JOURNAL_JOURNAL_H
#define CLI_JOURNAL_JOURNAL_H

#include "cli/host/host.h"

struct journal;

/* Makes the file, which must not be there yet: mode 0600.  `profiles` are borrowed until the host was made.  0 or
 * -errno. */
int journal_open(const char *path, const struct profile *profiles, size_t n, struct journal **out,
		 struct kb_error *why) UT_MUST_USE;

/* Writes the end.  NULL is fine; returns NULL. */
struct journal *journal_close(struct journal *j);

/* For struct host_config; its context is the struct journal.  When a write fails that is said once, and the journal
 * ends there. */
extern const struct host_observer journal_observer;

#endif
