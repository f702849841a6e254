/* children.c - the pppds of a launcher, known by their process ids
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/launcher/children.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <time.h>

#include "kernel-bridge/kb_kept.h"

enum { LOOK_MS = 10 };

static long
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000L + t.tv_nsec / 1000000L;
}

int
launcher_children_reserve(struct launcher_children *c)
{
	void *array = c->all;

	if (!kb_kept_make_room(&array, sizeof *c->all, c->n, &c->cap))
		return -ENOMEM;
	c->all = array;
	return 0;
}

void
launcher_children_add(struct launcher_children *c, const struct kb_pppd *pppd)
{
	c->all[c->n++] = (struct launcher_child){ .pppd = *pppd };
}

static void
forget(struct launcher_children *c, struct launcher_child *child)
{
	kb_pppd_close(&child->pppd);
	c->n_released -= child->is_released ? 1 : 0;
	*child = c->all[--c->n];
}

static struct launcher_child *
find(const struct launcher_children *c, pid_t pid)
{
	for (size_t i = 0; i < c->n; i++) {
		if (c->all[i].pppd.pid == pid && !c->all[i].is_released)
			return &c->all[i];
	}
	return NULL;
}

const struct kb_pppd *
launcher_children_find(const struct launcher_children *c, pid_t pid)
{
	const struct launcher_child *child = find(c, pid);

	return child != NULL ? &child->pppd : NULL;
}

int
launcher_children_wait(struct launcher_children *c, pid_t pid, int *wstatus)
{
	struct launcher_child *child = find(c, pid);

	if (child == NULL)
		return -ESRCH;
	const int r = kb_pppd_wait(&child->pppd, wstatus);
	if (r != 0)
		forget(c, child);
	return r;
}

static void
ask_to_end(struct launcher_child *child)
{
	child->kill_at_ms = now_ms() + LAUNCHER_PATIENCE_MS;
	kb_pppd_stop(&child->pppd);
}

void
launcher_children_release(struct launcher_children *c, pid_t pid)
{
	struct launcher_child *child = find(c, pid);

	if (child == NULL)
		return;
	child->is_released = true;
	c->n_released++;
	ask_to_end(child);
}

/* True when it has ended, and is waited for. */
static bool
has_ended(struct launcher_child *child)
{
	int wstatus;

	if (kb_pppd_wait(&child->pppd, &wstatus) != 0)
		return true;
	if (child->kill_at_ms != 0 && now_ms() >= child->kill_at_ms) {
		kb_pppd_kill(&child->pppd);
		child->kill_at_ms = 0;
	}
	return false;
}

void
launcher_children_tend(struct launcher_children *c)
{
	for (size_t i = c->n; c->n_released > 0 && i-- > 0;) {
		if (c->all[i].is_released && has_ended(&c->all[i]))
			forget(c, &c->all[i]);
	}
}

void
launcher_children_end(struct launcher_children *c)
{
	const long give_up = now_ms() + 2L * LAUNCHER_PATIENCE_MS;

	for (size_t i = 0; i < c->n; i++) {
		if (!c->all[i].is_released)
			launcher_children_release(c, c->all[i].pppd.pid);
	}
	for (launcher_children_tend(c); c->n > 0 && now_ms() < give_up; launcher_children_tend(c))
		(void)poll(NULL, 0, LOOK_MS);
	free(c->all);
	*c = (struct launcher_children){ .n = 0 };
}
