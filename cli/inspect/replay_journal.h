/* replay_journal.h - uptun replay of a journal
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_INSPECT_REPLAY_JOURNAL_H
#define CLI_INSPECT_REPLAY_JOURNAL_H

#include "cli/option.h"

/* Prints the story on standard output and the verdict on standard error; the exit status. */
int replay_journal(const struct options *options, const char *path);

#endif
