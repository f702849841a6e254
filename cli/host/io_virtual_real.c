/* io_virtual_real.c - descriptors of the process itself in a world in memory: they are looked at now and then
 * SPDX-License-Identifier: Apache-2.0
 *
 * What happens on them takes no time of the world's.  They are looked at every so many turns, and whenever nothing else is
 * ahead.
 */
#include "cli/host/io_virtual_world.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

enum { TURNS_A_LOOK = 64 };

static struct real *
find(const struct ut_world *w, int fd)
{
	for (size_t i = 0; i < w->n_reals; i++)
		if (w->reals[i].fd == fd)
			return &w->reals[i];
	return NULL;
}

int
ut_world_real_watch(struct ut_world *w, int fd, ut_io_ready_fn *ready, void *ctx)
{
	struct real *reals;

	if (fd < 0 || find(w, fd) != NULL)
		return fd < 0 ? -EBADF : -EEXIST;
	reals = realloc(w->reals, (w->n_reals + 1) * sizeof reals[0]);
	if (reals == NULL)
		return -ENOMEM;
	w->reals = reals;
	w->reals[w->n_reals++] = (struct real){ .fd = fd, .events = POLLIN, .ready = ready, .ctx = ctx };
	return 0;
}

int
ut_world_real_watch_for(struct ut_world *w, int fd, bool reads, bool writes)
{
	struct real *r = find(w, fd);

	if (r == NULL)
		return -EBADF;
	r->events = (short)((reads ? POLLIN : 0) | (writes ? POLLOUT : 0));
	return 0;
}

void
ut_world_real_unwatch(struct ut_world *w, int fd)
{
	struct real *r = find(w, fd);

	if (r != NULL)
		*r = w->reals[--w->n_reals];
}

/* Who is ready is asked for by its descriptor: calling one may end the watch of another. */
static bool
call_ready(struct ut_world *w, const struct pollfd *asked, size_t n)
{
	bool any = false;

	for (size_t i = 0; i < n; i++) {
		const struct real *r = asked[i].revents != 0 ? find(w, asked[i].fd) : NULL;

		if (r == NULL)
			continue;
		any = true;
		r->ready(r->ctx, r->fd);
	}
	return any;
}

bool
ut_world_real_look(struct ut_world *w, bool is_idle)
{
	const size_t n = w->n_reals;
	struct pollfd *asked;

	if (n == 0 || (!is_idle && ++w->turns % TURNS_A_LOOK != 0))
		return false;
	asked = calloc(n, sizeof asked[0]);
	if (asked == NULL)
		return false;
	for (size_t i = 0; i < n; i++)
		asked[i] = (struct pollfd){ .fd = w->reals[i].fd, .events = w->reals[i].events };
	const bool any = poll(asked, n, 0) > 0 && call_ready(w, asked, n);
	free(asked);
	return any;
}
