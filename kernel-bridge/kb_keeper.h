/* kb_keeper.h - a child that undoes what we did when we die without a chance to (SIGKILL, a crash)
 * SPDX-License-Identifier: Apache-2.0
 *
 * Kernel tunnels die with our descriptors and our pppd with its plugin, but a route outlives us.  The
 * keeper is told of every route and child; when our end of its socket closes without kb_keeper_dismiss()
 * it deletes the routes, and ends the children that are still there (SIGTERM, after 0.5 s SIGKILL).  It
 * holds nothing else of ours: every other descriptor is closed in it.
 */
#ifndef KERNEL_BRIDGE_KB_KEEPER_H
#define KERNEL_BRIDGE_KB_KEEPER_H

#include "kernel-bridge/kb_net.h"

#include <sys/types.h>

struct kb_keeper {
	pid_t pid;
	int fd; /* -1: none */
};
#define KB_KEEPER_NULL ((struct kb_keeper){ .pid = -1, .fd = -1 })

/* Forks: start it before secrets are read, since its memory is a copy of ours as it was then. */
int kb_keeper_start(struct kb_keeper *out, struct kb_error *why) KB_MUST_USE;

/* Told before the thing is made and after it is undone, so that nothing falls between (a child: as soon as it
 * is there).  0 also without a keeper; -EAGAIN when the keeper does not listen, -EPIPE when it is gone. */
int kb_keeper_route(struct kb_keeper *k, const struct kb_route *route, bool present) KB_MUST_USE;
int kb_keeper_child(struct kb_keeper *k, pid_t pid, bool present) KB_MUST_USE;

/* Ends it without its doing anything; for a clean exit. */
void kb_keeper_dismiss(struct kb_keeper *k);

#endif
