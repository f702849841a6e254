/* kb_child.h - what a process of ours may keep: its descriptors, its signals, its secrets
 * SPDX-License-Identifier: Apache-2.0
 *
 * They make system calls only, and so are for a child, too, between (v)fork and execve or its own loop.
 */
#ifndef KERNEL_BRIDGE_KB_CHILD_H
#define KERNEL_BRIDGE_KB_CHILD_H

#include <stdbool.h>
#include <stddef.h>

/* Puts fds[i] at descriptor i, inherited by execve; -1: i is closed.  Closes every descriptor from n on.
 * fds is changed.  0 or a positive errno. */
int kb_child_arrange(int *fds, size_t n);

/* Puts /dev/null at those of the descriptors 0, 1 and 2 that are closed, so that nothing opened later is taken for
 * standard output or error.  The first thing a program does.  False: it cannot. */
bool kb_hold_standard_descriptors(void);

/* From here on the memory of the process is in no core file and no other user may trace it. */
void kb_hide_memory(void);

/* Every signal as it was when the system started: default action, none blocked. */
void kb_child_reset_signals(void);

/* Ignores what a terminal or a service manager sends to a whole group, for a child that has to outlive it: SIGABRT too,
 * which systemd sends when its watchdog is not fed (abort() of the child's own is not stopped by that). */
void kb_child_ignore_signals(void);

#endif
