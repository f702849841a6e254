/* replay.h - a capture from its first frame to the verdict
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_REPLAY_REPLAY_H
#define CLI_REPLAY_REPLAY_H

#include "codec/l2tp.h"

enum replay_form { REPLAY_TEXT, REPLAY_JSON, REPLAY_TABLE, REPLAY_COUNT, REPLAY_RESPOND };

struct replay_job {
	const char *file; /* "-": standard input */
	enum replay_form form;
	bool is_verbose;
	const struct l2tp_secret *secret; /* of the L2TP tunnels; empty: none */
	const char *svg, *html;		  /* files to draw into; NULL: none */
};

/* Exit statuses. */
enum { REPLAY_OK = 0, REPLAY_UNREADABLE = 1, REPLAY_VIOLATIONS = 3 };

/* Prints to standard output; says on standard error what cannot be read or written. */
int replay_run(const struct replay_job *job);

#endif
