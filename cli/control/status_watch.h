/* status_watch.h - uptun status --watch: all tunnels, by what the daemon tells of them
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_CONTROL_STATUS_WATCH_H
#define CLI_CONTROL_STATUS_WATCH_H

#include "cli/control/talk.h"

/* A screen is drawn once a second, and sooner when something happens; what happens at once is seen at once. */
enum { STATUS_REDRAW_MS = 1000, STATUS_CALM_MS = 50, STATUS_FOR_EVER = -1 };

/* Until the daemon is gone.  On a terminal a table in its place; else all tunnels once, and then those that have changed.
 * Returns the exit status, having said why. */
int status_watch_all(struct talk *t, bool json) UT_MUST_USE;

#endif
