/* kb_kept.h - routes to delete when those who made them cannot
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNEL_BRIDGE_KB_KEPT_H
#define KERNEL_BRIDGE_KB_KEPT_H

#include "kernel-bridge/kb_net.h"

struct kb_kept_routes {
	struct kb_route *routes; /* owned */
	size_t n, cap;
};

/* Room for one more of `size` octets in an owned array; false when memory is out: it then is as it was. */
bool kb_kept_make_room(void **array, size_t size, size_t n, size_t *cap) KB_MUST_USE;

/* 0 or -ENOMEM. */
int kb_kept_add_route(struct kb_kept_routes *k, const struct kb_route *route) KB_MUST_USE;
/* One that was not added is nothing to forget. */
void kb_kept_forget_route(struct kb_kept_routes *k, const struct kb_route *route);

/* Deletes all of them from the kernel, as far as it lets us, and frees what is owned. */
void kb_kept_delete_routes(struct kb_kept_routes *k);

#endif
