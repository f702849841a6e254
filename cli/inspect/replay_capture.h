/* replay_capture.h - uptun replay of a capture
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_INSPECT_REPLAY_CAPTURE_H
#define CLI_INSPECT_REPLAY_CAPTURE_H

#include "cli/option.h"

/* Prints what the options ask for on standard output, and says what cannot be read or written; the exit status. */
int replay_capture(const struct options *options, const char *path);

#endif
