/* children.h - the pppds of a launcher, known by their process ids
 * SPDX-License-Identifier: Apache-2.0
 *
 * A number stays its pppd's until it is waited for here, so it cannot be another's.  One that was released is ended and
 * waited for by the launcher itself.
 */
#ifndef CLI_LAUNCHER_CHILDREN_H
#define CLI_LAUNCHER_CHILDREN_H

#include "kernel-bridge/kb_pppd.h"

struct launcher_child {
	struct kb_pppd pppd;
	bool is_released;
	long kill_at_ms; /* of a released one; 0: killed already */
};

struct launcher_children {
	struct launcher_child *all; /* owned */
	size_t n, cap, n_released;
};

enum { LAUNCHER_PATIENCE_MS = 500 }; /* from SIGTERM to SIGKILL */

/* Makes room for one more: 0 or -ENOMEM; launcher_children_add() then cannot fail. */
int launcher_children_reserve(struct launcher_children *c) KB_MUST_USE;
void launcher_children_add(struct launcher_children *c, const struct kb_pppd *pppd);

/* One that nobody has let go of; NULL: there is none of this number. */
const struct kb_pppd *launcher_children_find(const struct launcher_children *c, pid_t pid);

/* kb_pppd_wait(), and it is forgotten when it has ended; -ESRCH: there is none of this number. */
int launcher_children_wait(struct launcher_children *c, pid_t pid, int *wstatus) KB_MUST_USE;

/* SIGTERM now; the rest is launcher_children_tend()'s, at least every LAUNCHER_PATIENCE_MS while n_released is not 0. */
void launcher_children_release(struct launcher_children *c, pid_t pid);
void launcher_children_tend(struct launcher_children *c);

/* Ends all of them, and waits until they have ended: at most twice LAUNCHER_PATIENCE_MS. */
void launcher_children_end(struct launcher_children *c);

#endif
