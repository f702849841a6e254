/* kb_become.h - a process gives up root and keeps the capabilities it needs
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNEL_BRIDGE_KB_BECOME_H
#define KERNEL_BRIDGE_KB_BECOME_H

#include "kernel-bridge/kb.h"

#include <sys/types.h>

struct kb_become {
	uid_t uid;
	gid_t gid; /* its only group */
	uint64_t
	    capabilities; /* bits by CAP_*: permitted and effective from here on, all others gone for good */
};

/* Of a process with one thread, for there is no way back: also no_new_privs, no tracing by others, no core file.  Failing,
 * some of it may have been done: end the process. */
int kb_become(const struct kb_become *whom, struct kb_error *why) KB_MUST_USE;

#endif
