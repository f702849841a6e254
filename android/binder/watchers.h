/* watchers.h - who is told of events, each over a connection of its own to the daemon
 * SPDX-License-Identifier: Apache-2.0
 *
 * A watcher whose binder buffer is full is tried again a little later; meanwhile the daemon keeps what fits and counts what
 * does not (Event.lost).
 */
#ifndef ANDROID_BINDER_WATCHERS_H
#define ANDROID_BINDER_WATCHERS_H

#include "android/binder/driver.h"
#include "cli/api/client.h"

#include <poll.h>

enum { WATCHERS_MAX = 32, WATCHERS_RETRY_MS = 50 };

struct watcher {
	struct api_client *client;   /* NULL: a free place */
	struct api_message *waiting; /* an event that was not taken; NULL: none */
	uint32_t handle;
	binder_uintptr_t cookie; /* names it to the driver, and nobody after it */
};

struct watchers {
	struct driver *driver;
	const struct parcel_form *form;
	struct watcher v[WATCHERS_MAX];
	binder_uintptr_t last_cookie;
	bool has_more; /* events that were read ahead may be left: the sockets will not tell */
	struct parcel out;
};

bool watchers_has_room(const struct watchers *w);
/* Takes the connection, where there is room; the object is ours until its watcher ends. */
void watchers_add(struct watchers *w, struct api_client *client, uint32_t handle);
/* The object named so by driver_watch_death() died; its watcher may have ended before. */
void watchers_died(struct watchers *w, binder_uintptr_t cookie);

/* What to wait for, WATCHERS_MAX places of it, and for how long (-1: without end). */
int watchers_poll(const struct watchers *w, struct pollfd fds[WATCHERS_MAX]);
/* Hands out what there is. */
void watchers_turn(struct watchers *w);
/* Ends them all. */
void watchers_end(struct watchers *w);

#endif
