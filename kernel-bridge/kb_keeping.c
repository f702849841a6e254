/* kb_keeping.c - a keeper, and what it was told, so that another one can take its place
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernel-bridge/kb_keeping.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- keepers ---- */

static int
tell_all(struct kb_keeping *k)
{
	int r = 0;

	for (size_t i = 0; i < k->n_routes && r == 0; i++)
		r = kb_keeper_route(&k->keeper, &k->routes[i], true);
	for (size_t i = 0; i < k->n_children && r == 0; i++)
		r = kb_keeper_child(&k->keeper, k->children[i], true);
	return r;
}

int
kb_keeping_start(struct kb_keeping *k, struct kb_error *why)
{
	if (k->keeper.fd >= 0)
		return 0;
	int r = kb_keeper_start(&k->keeper, why);
	if (r < 0)
		return r;
	r = tell_all(k);
	if (r == 0)
		return 0;
	kb_keeper_dismiss(&k->keeper);
	return kb_fail(why, -r, "the process that cleans up after us is gone: %s", strerror(-r));
}

/* `told`: what came of telling the keeper about the change of our lists. */
static int
settle(struct kb_keeping *k, int told, struct kb_error *why)
{
	if (told == 0)
		return 0;
	kb_keeper_dismiss(&k->keeper);
	return kb_keeping_start(k, why);
}

/* Where nothing is left to keep, there is no hurry to have another keeper. */
static void
settle_less(struct kb_keeping *k, int told)
{
	if (told == 0)
		return;
	kb_keeper_dismiss(&k->keeper);
	if (k->n_routes + k->n_children > 0 && kb_keeping_start(k, NULL) < 0)
		return; /* the next that is added finds it out again, and says so */
}

/* ---- routes ---- */

int
kb_keeping_add_route(struct kb_keeping *k, const struct kb_route *route, struct kb_error *why)
{
	int r = kb_keeping_start(k, why);

	if (r < 0)
		return r;
	struct kb_route *routes = realloc(k->routes, (k->n_routes + 1) * sizeof *routes);
	if (routes == NULL)
		return kb_fail(why, ENOMEM, "out of memory");
	k->routes = routes;
	k->routes[k->n_routes++] = *route;
	r = settle(k, kb_keeper_route(&k->keeper, route, true), why);
	if (r < 0)
		k->n_routes--;
	return r;
}

void
kb_keeping_forget_route(struct kb_keeping *k, const struct kb_route *route)
{
	size_t i = 0;

	while (i < k->n_routes && !kb_route_is_same(&k->routes[i], route))
		i++;
	if (i == k->n_routes)
		return;
	k->routes[i] = k->routes[--k->n_routes];
	settle_less(k, kb_keeper_route(&k->keeper, route, false));
}

/* ---- children ---- */

int
kb_keeping_add_child(struct kb_keeping *k, pid_t pid, struct kb_error *why)
{
	int r = kb_keeping_start(k, why);

	if (r < 0)
		return r;
	pid_t *children = realloc(k->children, (k->n_children + 1) * sizeof *children);
	if (children == NULL)
		return kb_fail(why, ENOMEM, "out of memory");
	k->children = children;
	k->children[k->n_children++] = pid;
	r = settle(k, kb_keeper_child(&k->keeper, pid, true), why);
	if (r < 0)
		k->n_children--;
	return r;
}

void
kb_keeping_forget_child(struct kb_keeping *k, pid_t pid)
{
	size_t i = 0;

	while (i < k->n_children && k->children[i] != pid)
		i++;
	if (i == k->n_children)
		return;
	k->children[i] = k->children[--k->n_children];
	settle_less(k, kb_keeper_child(&k->keeper, pid, false));
}

/* ---- the end ---- */

void
kb_keeping_end(struct kb_keeping *k)
{
	kb_keeper_dismiss(&k->keeper);
	free(k->routes);
	free(k->children);
	*k = KB_KEEPING_NULL;
}
