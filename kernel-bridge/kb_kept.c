/* kb_kept.c - routes to delete when those who made them cannot
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernel-bridge/kb_kept.h"

#include <errno.h>
#include <stdlib.h>

bool
kb_kept_make_room(void **array, size_t size, size_t n, size_t *cap)
{
	if (n < *cap)
		return true;
	const size_t wanted = *cap == 0 ? 8 : *cap * 2;
	void *bigger = realloc(*array, wanted * size);
	if (bigger == NULL)
		return false;
	*array = bigger;
	*cap = wanted;
	return true;
}

int
kb_kept_add_route(struct kb_kept_routes *k, const struct kb_route *route)
{
	void *array = k->routes;

	if (!kb_kept_make_room(&array, sizeof *k->routes, k->n, &k->cap))
		return -ENOMEM;
	k->routes = array;
	k->routes[k->n++] = *route;
	return 0;
}

void
kb_kept_forget_route(struct kb_kept_routes *k, const struct kb_route *route)
{
	for (size_t i = 0; i < k->n; i++) {
		if (kb_route_is_same(&k->routes[i], route)) {
			k->routes[i] = k->routes[--k->n];
			return;
		}
	}
}

void
kb_kept_delete_routes(struct kb_kept_routes *k)
{
	struct kb_netlink *nl = NULL;

	if (k->n > 0 && kb_netlink_new(&nl, NULL) == 0) {
		for (size_t i = 0; i < k->n; i++) {
			if (kb_route_del(nl, &k->routes[i], NULL) < 0)
				continue; /* nobody is left to tell */
		}
		kb_netlink_free(nl);
	}
	free(k->routes);
	*k = (struct kb_kept_routes){ .n = 0 };
}
