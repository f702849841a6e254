/* watchers.c - who is told of events, each over a connection of its own to the daemon
 * SPDX-License-Identifier: Apache-2.0
 */
#include "android/binder/watchers.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "android/binder/aidl.h"

/* Of one watcher in a turn, so that the others have theirs. */
enum { BURST = 16 };

/* WATCHERS_MAX: none is free. */
static unsigned
free_place(const struct watchers *w)
{
	unsigned i = 0;

	while (i < WATCHERS_MAX && w->v[i].client != NULL)
		i++;
	return i;
}

bool
watchers_has_room(const struct watchers *w)
{
	return free_place(w) < WATCHERS_MAX;
}

void
watchers_add(struct watchers *w, struct api_client *client, uint32_t handle)
{
	const unsigned place = free_place(w);

	assert(place < WATCHERS_MAX);
	struct watcher *one = &w->v[place];
	*one = (struct watcher){ .client = client, .handle = handle, .cookie = ++w->last_cookie };
	driver_acquire(w->driver, handle);
	driver_watch_death(w->driver, handle, one->cookie);
}

/* Its death may be told while it is told something, and then it is closed already. */
static void
close_one(struct watchers *w, struct watcher *one, bool is_dead)
{
	if (one->client == NULL)
		return;
	if (!is_dead)
		driver_unwatch_death(w->driver, one->handle, one->cookie);
	driver_release(w->driver, one->handle);
	if (one->waiting != NULL)
		(void)api_message_free(one->waiting);
	(void)api_client_free(one->client);
	*one = (struct watcher){ .client = NULL };
}

void
watchers_died(struct watchers *w, binder_uintptr_t cookie)
{
	for (unsigned i = 0; i < WATCHERS_MAX; i++)
		if (w->v[i].cookie == cookie)
			close_one(w, &w->v[i], true);
}

/* The daemon is gone, or has nothing more to say to this one. */
static void
tell_end(struct watchers *w, struct watcher *one, const char *why)
{
	parcel_clear(&w->out);
	parcel_token(&w->out, w->form, AIDL_EVENTS);
	parcel_text(&w->out, why);
	(void)driver_tell(w->driver, one->handle, AIDL_ON_END, &w->out);
	close_one(w, one, false);
}

static bool
write_event(struct parcel *out, const struct parcel_form *form, const Uptun__Event *event)
{
	const size_t n = uptun__event__get_packed_size(event);
	uint8_t *octets = malloc(n + 1);

	parcel_clear(out);
	parcel_token(out, form, AIDL_EVENTS);
	if (octets == NULL)
		return false;
	(void)uptun__event__pack(event, octets);
	parcel_array(out, octets, n);
	free(octets);
	return true;
}

/* True: it was taken, or never will be. */
static bool
hand_out(struct watchers *w, struct watcher *one)
{
	int r = -ENOMEM;

	if (write_event(&w->out, w->form, api_event(one->waiting)))
		r = driver_tell(w->driver, one->handle, AIDL_ON_EVENT, &w->out);
	if (r == -EAGAIN || r == -ENOMEM)
		return false;
	one->waiting = api_message_free(one->waiting);
	if (r == -EPIPE)
		close_one(w, one, false);
	return true;
}

/* False: there is nothing more for now, or nobody to tell it to. */
static bool
next_event(struct watchers *w, struct watcher *one)
{
	struct kb_error why = { .err = 0 };

	if (one->waiting == NULL) {
		const int r = api_client_next(one->client, 0, &one->waiting, &why);
		if (r == 0)
			return false;
		if (r < 0) {
			tell_end(w, one, why.text);
			return false;
		}
	}
	return hand_out(w, one) && one->client != NULL;
}

/* True: there may be more. */
static bool
serve_one(struct watchers *w, struct watcher *one)
{
	for (unsigned n = 0; n < BURST; n++)
		if (one->client == NULL || !next_event(w, one))
			return false;
	return true;
}

void
watchers_turn(struct watchers *w)
{
	w->has_more = false;
	for (unsigned i = 0; i < WATCHERS_MAX; i++)
		w->has_more |= serve_one(w, &w->v[i]);
}

int
watchers_poll(const struct watchers *w, struct pollfd fds[WATCHERS_MAX])
{
	int timeout_ms = w->has_more ? 0 : -1;

	for (unsigned i = 0; i < WATCHERS_MAX; i++) {
		const struct watcher *one = &w->v[i];
		const bool is_waiting = one->waiting != NULL;

		fds[i] =
		    (struct pollfd){ .fd =
					 one->client == NULL || is_waiting ? -1 : api_client_fd(one->client),
				     .events = POLLIN };
		if (is_waiting && timeout_ms < 0)
			timeout_ms = WATCHERS_RETRY_MS;
	}
	return timeout_ms;
}

void
watchers_end(struct watchers *w)
{
	for (unsigned i = 0; i < WATCHERS_MAX; i++)
		close_one(w, &w->v[i], false);
}
