/* mtpd_framework.h - what goes along with a run in mtpd's place: control socket, abort file, state file, log
 * SPDX-License-Identifier: Apache-2.0
 *
 * Environment: UPTUN_MTPD_ABORT and UPTUN_MTPD_STATE name the files, and "" means none; without them they are Android's
 * where Android's control socket is there, and none otherwise.  UPTUN_MTPD_LOG set to 1 asks for mtpd's words on standard
 * error, 0 for uptun's own; without it they are mtpd's where the control socket is there.
 */
#ifndef CLI_MTPD_FRAMEWORK_H
#define CLI_MTPD_FRAMEWORK_H

#include "cli/mtpd_abort.h"
#include "cli/mtpd_control.h"
#include "cli/mtpd_log.h"
#include "cli/mtpd_state.h"
#include "cli/run.h"

enum { MTPD_WORDS_MAX = MTPD_ARGUMENTS_MAX + 2 }; /* with our name before them and NULL behind */

struct mtpd_framework {
	struct mtpd_control control;
	struct mtpd_abort abort;
	struct mtpd_log log;
	const char *state_path; /* NULL: there is none; borrowed */
	bool has_control, has_log, wrote_state, is_stopping;
	char *words[MTPD_WORDS_MAX]; /* in control.octets */
	struct ut_io io;
	struct run_front *front; /* NULL: the loop does not run */
	struct host_observer observer;
	struct run_companion companion;
};

/* First of all: looks at the environment and at what lies there already. */
void mtpd_framework_init(struct mtpd_framework *f);

/* With a control socket, waits for the framework's arguments and puts them in the place of the line's; without one does
 * nothing.  False: it has been said what is wrong. */
bool mtpd_framework_arguments(struct mtpd_framework *f, int *argc, char ***argv) UT_MUST_USE;

/* The arguments are good and `run` is about to begin: tells the framework, forgets the words, goes along. */
void mtpd_framework_join(struct mtpd_framework *f, struct run *run);

/* One sentence, without a secret, in the words that are wanted: 'I', 'W', 'E' or 'F'. */
void mtpd_framework_tell(const struct mtpd_framework *f, char level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Everything is taken away and closed; with mtpd's log, its last word if it had a first one. */
void mtpd_framework_end(struct mtpd_framework *f, int status);

#endif
