/* kb_keeping.h - a keeper, and what it was told, so that another one can take its place
 * SPDX-License-Identifier: Apache-2.0
 *
 * A keeper that was killed, or does not listen, is noticed when it is told something.  The next one then hears of
 * everything the last one knew of.
 */
#ifndef KERNEL_BRIDGE_KB_KEEPING_H
#define KERNEL_BRIDGE_KB_KEEPING_H

#include "kernel-bridge/kb_keeper.h"

#include <stddef.h>

struct kb_keeping {
	struct kb_keeper keeper; /* KB_KEEPER_NULL: not started, or lost and not replaced yet */
	struct kb_route *routes; /* owned, as the next one */
	pid_t *children;
	size_t n_routes, n_children;
};
#define KB_KEEPING_NULL ((struct kb_keeping){ .keeper = KB_KEEPER_NULL })

/* Starts a keeper where there is none.  0, or -errno with a sentence. */
int kb_keeping_start(struct kb_keeping *k, struct kb_error *why) KB_MUST_USE;

/* Before the thing is made, a child as soon as it is there.  0: a keeper knows of it.  -errno with a sentence: none
 * does, and none will. */
int kb_keeping_add_route(struct kb_keeping *k, const struct kb_route *route,
			 struct kb_error *why) KB_MUST_USE;
int kb_keeping_add_child(struct kb_keeping *k, pid_t pid, struct kb_error *why) KB_MUST_USE;

/* After it is undone; what was not added is nothing to forget. */
void kb_keeping_forget_route(struct kb_keeping *k, const struct kb_route *route);
void kb_keeping_forget_child(struct kb_keeping *k, pid_t pid);

/* Dismisses the keeper and frees what is owned. */
void kb_keeping_end(struct kb_keeping *k);

#endif
