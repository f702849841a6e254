/* sandbox_calls.h - the system calls that are left to the daemon
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_LAUNCHER_SANDBOX_CALLS_H
#define CLI_LAUNCHER_SANDBOX_CALLS_H

#include "cli/launcher/sandbox.h"

/* Loads the filter for `wish`, which is not SANDBOX_OFF.  -ENOSYS without a sentence: this kernel has no such filters. */
int sandbox_load_calls(enum sandbox_seccomp wish, struct kb_error *why) KB_MUST_USE;

#endif
