/* prompt.h - asks for a secret on the terminal without showing it
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_PROMPT_H
#define CLI_PROMPT_H

#include "cli/profile.h"

enum prompt_result {
	PROMPT_OK,
	PROMPT_ENDED, /* end of file or a signal on `signal_fd` (which is left there) */
	PROMPT_BAD,   /* `why` says more */
	PROMPT_RESULT_N
};

/* Writes the question to standard error and reads one line from standard input, a terminal, with its echo
 * off.  The secret replaces what `to` had. */
enum prompt_result prompt_secret(const char *question, int signal_fd, struct profile_secret *to,
				 const char *field, struct profile_error *why) UT_MUST_USE;

#endif
