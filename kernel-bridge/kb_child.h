/* kb_child.h - what a child of ours may keep: its descriptors and its signals
 * SPDX-License-Identifier: Apache-2.0
 *
 * Both are for the child, between (v)fork and execve or its own loop: they make system calls only.
 */
#ifndef KERNEL_BRIDGE_KB_CHILD_H
#define KERNEL_BRIDGE_KB_CHILD_H

#include <stddef.h>

/* Puts fds[i] at descriptor i, inherited by execve; -1: i is closed.  Closes every descriptor from n on.
 * fds is changed.  0 or a positive errno. */
int kb_child_arrange(int *fds, size_t n);

/* Every signal as it was when the system started: default action, none blocked. */
void kb_child_reset_signals(void);

#endif
