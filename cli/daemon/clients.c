/* clients.c - the daemon's clients: who they are, what they send and get, and for how long they may take
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/daemon/daemon_state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	ONE_USERS_MAX =
	    DAEMON_CLIENTS_MAX / 2, /* of one user that is not root, so that others can come too */
	EVENTS_OCTETS = 256 * 1024, /* waiting for a client; more events are lost */
	REPLIES_OCTETS = 64 * 1024, /* likewise; no more requests are read then */
	REQUESTS_A_TURN = 16,
	HALF_MESSAGE_US = 10 * US_PER_S, /* a message must be whole by then */
	NO_PROGRESS_US = 30 * US_PER_S,	 /* who owes us a reading is cut off then */
	HELD_US = US_PER_S		 /* without descriptors, new clients wait so long */
};

/* ---- the end ---- */

static void
close_client(struct connection *c)
{
	struct daemon *d = c->d;
	const uint64_t serial = c->serial;

	d->io.ops->unwatch(d->io.self, c->fd);
	(void)close(c->fd);
	frame_inbox_fini(&c->inbox);
	outbox_fini(&c->outbox);
	free(c->watched);
	metrics_drop(c->metrics);
	*c = (struct connection){ .d = d, .fd = -1 };
	while (d->clients_top > 0 && d->clients[d->clients_top - 1].fd < 0)
		d->clients_top--;
	tunnels_stop_of(d, serial);
}

static void
cut_off(struct connection *c, const char *why)
{
	c->d->counts.cut_off++;
	daemon_say(c->d, true, "a client of user %u is cut off: %s", (unsigned)c->peer.uid, why);
	close_client(c);
}

/* ---- what the loop waits for ---- */

static bool
is_throttled(const struct connection *c)
{
	return c->is_closing || (outbox_has_reply(&c->outbox) && outbox_n(&c->outbox) > REPLIES_OCTETS);
}

static void
arrange(struct connection *c)
{
	const bool reads = !is_throttled(c), writes = outbox_n(&c->outbox) > 0;

	if (reads == c->reads && writes == c->writes)
		return;
	c->reads = reads;
	c->writes = writes;
	(void)c->d->io.ops->watch_for(c->d->io.self, c->fd, reads, writes);
}

/* ---- sending ---- */

/* False: the connection is gone. */
static bool
send_some(struct connection *c)
{
	const uint64_t before = c->outbox.sent;
	const int r = outbox_send(&c->outbox, c->fd);

	if (c->outbox.sent != before)
		c->progress_us = daemon_now_us(c->d);
	if (r < 0 || (c->is_closing && outbox_n(&c->outbox) == 0)) {
		close_client(c);
		return false;
	}
	arrange(c);
	return true;
}

static bool
put(struct connection *c, const struct api_frame *frame, bool is_reply)
{
	if (outbox_n(&c->outbox) == 0)
		c->progress_us = daemon_now_us(c->d);
	return outbox_put(&c->outbox, ut_slice(frame->octets, frame->n), is_reply);
}

static enum api_pack_result
pack_reply(Uptun__Reply *reply, struct api_frame *frame)
{
	Uptun__ToClient message = UPTUN__TO_CLIENT__INIT;

	message.what_case = UPTUN__TO_CLIENT__WHAT_REPLY;
	message.reply = reply;
	return api_pack(&message.base, frame);
}

void
client_reply(struct connection *c, Uptun__Reply *reply)
{
	struct api_frame frame;
	const bool is_kept = pack_reply(reply, &frame) == API_PACKED && put(c, &frame, true);

	api_frame_fini(&frame);
	if (!is_kept)
		c->is_closing = true;
	arrange(c);
}

/* ---- events ---- */

static int
compare_ids(const void *a, const void *b)
{
	uint32_t x, y;

	memcpy(&x, a, sizeof x);
	memcpy(&y, b, sizeof y);
	return (x > y) - (x < y);
}

static size_t
place_of(const struct connection *c, uint32_t tunnel)
{
	size_t place = c->watched_n;

	while (place > 0 && c->watched[place - 1] >= tunnel)
		place--;
	return place;
}

static bool
is_listed(const struct connection *c, uint32_t tunnel)
{
	return c->watched_n > 0 &&
	       bsearch(&tunnel, c->watched, c->watched_n, sizeof *c->watched, compare_ids) != NULL;
}

bool
client_watches(const struct connection *c, uint32_t tunnel)
{
	return c->watches_all || is_listed(c, tunnel);
}

bool
client_watch(struct connection *c, uint32_t tunnel)
{
	const size_t cap = c->watched_cap > 0 ? 2 * c->watched_cap : 8;
	uint32_t *watched;
	size_t place;

	if (is_listed(c, tunnel))
		return true;
	if (c->watched_n == c->watched_cap) {
		watched = realloc(c->watched, cap * sizeof *watched);
		if (watched == NULL)
			return false;
		c->watched = watched;
		c->watched_cap = cap;
	}
	place = place_of(c, tunnel);
	memmove(c->watched + place + 1, c->watched + place, (c->watched_n - place) * sizeof *c->watched);
	c->watched[place] = tunnel;
	c->watched_n++;
	return true;
}

void
clients_forget_tunnel(struct daemon *d, uint32_t tunnel)
{
	for (unsigned i = 0; i < d->clients_top; i++) {
		struct connection *c = &d->clients[i];
		const size_t place = place_of(c, tunnel);

		if (place == c->watched_n || c->watched[place] != tunnel)
			continue;
		c->watched_n--;
		memmove(c->watched + place, c->watched + place + 1,
			(c->watched_n - place) * sizeof *c->watched);
	}
}

static bool
wants(const struct connection *c, uint32_t tunnel, enum event_kind kind)
{
	if (c->fd < 0 || c->is_closing || (kind == EVENT_STEP && !c->wants_steps) ||
	    (kind == EVENT_LOG && !c->wants_log))
		return false;
	return client_watches(c, tunnel);
}

bool
clients_want(const struct daemon *d, uint32_t tunnel, enum event_kind kind)
{
	for (unsigned i = 0; i < d->clients_top; i++)
		if (wants(&d->clients[i], tunnel, kind))
			return true;
	return false;
}

static bool
pack_event(Uptun__Event *event, uint64_t lost, struct api_frame *frame)
{
	Uptun__ToClient message = UPTUN__TO_CLIENT__INIT;

	event->lost = lost;
	message.what_case = UPTUN__TO_CLIENT__WHAT_EVENT;
	message.event = event;
	return api_pack(&message.base, frame) == API_PACKED;
}

static void
lose(struct connection *c)
{
	c->lost++;
	c->d->counts.events_lost++;
}

/* `same`: the frame of those that lost nothing; NULL: there is none. */
static void
tell(struct connection *c, Uptun__Event *event, const struct api_frame *same)
{
	struct api_frame own = { .n = 0 };
	const struct api_frame *frame = c->lost == 0 ? same : &own;

	if (same == NULL || outbox_n(&c->outbox) > EVENTS_OCTETS ||
	    (c->lost != 0 && !pack_event(event, c->lost, &own)) || !put(c, frame, false)) {
		lose(c);
	} else {
		c->lost = 0;
		c->d->counts.events++;
	}
	api_frame_fini(&own);
	arrange(c);
}

void
clients_tell(struct daemon *d, uint32_t tunnel, enum event_kind kind, Uptun__Event *event)
{
	struct api_frame same;
	const bool is_packed = pack_event(event, 0, &same);

	for (unsigned i = 0; i < d->clients_top; i++)
		if (wants(&d->clients[i], tunnel, kind))
			tell(&d->clients[i], event, is_packed ? &same : NULL);
	api_frame_fini(&same);
}

/* ---- requests ---- */

static void
answer_error(struct connection *c, Uptun__Error__Code code, const char *text)
{
	Uptun__Reply reply = UPTUN__REPLY__INIT;
	Uptun__Error error = UPTUN__ERROR__INIT;

	arena_reset(&c->d->arena);
	error.code = code;
	error.text = arena_text(&c->d->arena, text);
	reply.result_case = UPTUN__REPLY__RESULT_ERROR;
	reply.error = &error;
	client_reply(c, &reply);
	c->d->counts.refused++;
}

static void
end_with_error(struct connection *c, Uptun__Error__Code code, const char *text)
{
	answer_error(c, code, text);
	c->is_closing = true;
}

static void
refuse_stream(struct connection *c, enum frame_result result)
{
	char text[160];

	(void)snprintf(text, sizeof text, "at octet %llu of what this client sent: %s",
		       (unsigned long long)c->inbox.offset, frame_result_text(result));
	end_with_error(c, UPTUN__ERROR__CODE__BAD_REQUEST, text);
}

static void
note_amid(struct connection *c, uint64_t now_us)
{
	if (!frame_inbox_is_amid(&c->inbox))
		c->amid_us = 0;
	else if (c->amid_us == 0)
		c->amid_us = now_us;
}

static void
obey(struct connection *c)
{
	enum frame_result result = FRAME_OK;
	struct ut_slice octets;

	c->has_more = false;
	for (unsigned n = 0; n < REQUESTS_A_TURN && !is_throttled(c); n++) {
		result = frame_inbox_next(&c->inbox, &octets);
		if (result != FRAME_OK)
			break;
		c->amid_us = 0;
		if (!orders_take(c, octets))
			c->is_closing = true;
	}
	if (result == FRAME_OK)
		c->has_more = !c->is_closing;
	else if (result != FRAME_MORE)
		refuse_stream(c, result);
	if (result == FRAME_MORE)
		note_amid(c, daemon_now_us(c->d));
}

/* False: the connection is gone. */
static bool
receive(struct connection *c)
{
	size_t room;
	uint8_t *at;
	ssize_t n;

	if (is_throttled(c))
		return true;
	at = frame_inbox_room(&c->inbox, &room);
	if (at == NULL) {
		cut_off(c, "no memory");
		return false;
	}
	n = recv(c->fd, at, room, MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return true;
	if (n < 0) {
		close_client(c);
		return false;
	}
	frame_inbox_add(&c->inbox, (size_t)n);
	if (n == 0)
		c->is_closing = true; /* it gets what is left for it */
	return true;
}

static void
on_client(void *ctx, int fd)
{
	struct connection *c = ctx;

	(void)fd;
	if (!c->has_more && !receive(c))
		return;
	obey(c);
	(void)send_some(c);
}

/* ---- coming ---- */

static struct connection *
free_slot(struct daemon *d)
{
	for (unsigned i = 0; i < DAEMON_CLIENTS_MAX; i++)
		if (d->clients[i].fd < 0)
			return &d->clients[i];
	return NULL;
}

static unsigned
count_of_user(const struct daemon *d, uid_t uid)
{
	unsigned n = 0;

	for (unsigned i = 0; i < d->clients_top; i++)
		n += d->clients[i].fd >= 0 && d->clients[i].peer.uid == uid;
	return n;
}

/* Too many, or not allowed: one word, which fits any socket's buffer, and the door. */
static int
turn_away(struct daemon *d, int fd, Uptun__Error__Code code, const char *text)
{
	struct connection passing = { .d = d, .fd = fd, .reads = true, .is_closing = true };

	answer_error(&passing, code, text);
	const int r = outbox_send(&passing.outbox, fd);

	outbox_fini(&passing.outbox);
	(void)close(fd);
	return r < 0 ? r : 0;
}

static int
admit(struct connection *c, int fd, const struct rights_peer *peer)
{
	struct daemon *d = c->d;
	int r;

	r = d->io.ops->watch(d->io.self, fd, on_client, c);
	if (r < 0) {
		(void)close(fd);
		return r;
	}
	*c =
	    (struct connection){ .d = d, .fd = fd, .peer = *peer, .serial = ++d->last_serial, .reads = true };
	if (c >= d->clients + d->clients_top)
		d->clients_top = (unsigned)(c - d->clients) + 1;
	d->counts.clients++;
	return 0;
}

int
daemon_attach(struct daemon *d, int fd)
{
	struct connection *slot = free_slot(d);
	struct rights_peer peer;
	struct kb_error why;
	const int r = rights_peer_of(d->config.rights, fd, &peer, &why);

	if (r < 0) {
		(void)close(fd);
		return r;
	}
	if (!peer.is_allowed)
		return turn_away(d, fd, UPTUN__ERROR__CODE__NOT_ALLOWED,
				 "only root and members of the daemon's group may give orders");
	if (slot == NULL || (peer.uid != 0 && count_of_user(d, peer.uid) >= ONE_USERS_MAX))
		return turn_away(d, fd, UPTUN__ERROR__CODE__NO_ROOM, "the daemon has too many clients");
	return admit(slot, fd, &peer);
}

/* ---- the listener ---- */

static void
hold_listener(struct daemon *d)
{
	d->is_listener_held = true;
	d->listener_us = daemon_now_us(d) + HELD_US;
	(void)d->io.ops->watch_for(d->io.self, d->listener, false, false);
}

static void
on_listener(void *ctx, int listener)
{
	struct daemon *d = ctx;
	const int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	const int r = fd >= 0 ? daemon_attach(d, fd) : -errno;

	if (r == -EMFILE || r == -ENFILE || r == -ENOMEM || r == -ENOBUFS)
		hold_listener(d);
}

int
daemon_listen(struct daemon *d, int listener)
{
	const int flags = fcntl(listener, F_GETFL);

	if (flags < 0 || fcntl(listener, F_SETFL, flags | O_NONBLOCK) < 0)
		return -errno;
	const int r = d->io.ops->watch(d->io.self, listener, on_listener, d);

	if (r == 0)
		d->listener = listener;
	return r;
}

/* ---- time ---- */

static uint64_t
due_us(const struct connection *c, uint64_t now_us)
{
	uint64_t due = UINT64_MAX;

	if (c->has_more && !is_throttled(c))
		return now_us;
	if (c->amid_us != 0)
		due = c->amid_us + HALF_MESSAGE_US;
	if (outbox_has_reply(&c->outbox) || (c->is_closing && outbox_n(&c->outbox) > 0))
		due = c->progress_us + NO_PROGRESS_US < due ? c->progress_us + NO_PROGRESS_US : due;
	if (c->is_closing && outbox_n(&c->outbox) == 0)
		due = now_us;
	return due;
}

uint64_t
clients_next_us(const struct daemon *d, uint64_t now_us)
{
	uint64_t next = d->is_listener_held ? d->listener_us : UINT64_MAX;

	for (unsigned i = 0; i < d->clients_top; i++) {
		const struct connection *c = &d->clients[i];
		const uint64_t due = c->fd >= 0 ? due_us(c, now_us) : UINT64_MAX;

		next = due < next ? due : next;
	}
	return next;
}

static void
tend(struct connection *c, uint64_t now_us)
{
	if (c->has_more && !is_throttled(c)) {
		obey(c);
		(void)send_some(c);
	} else if (c->amid_us != 0 && now_us >= c->amid_us + HALF_MESSAGE_US) {
		c->amid_us = 0;
		end_with_error(c, UPTUN__ERROR__CODE__BAD_REQUEST, "half a message for 10 s");
		(void)send_some(c);
	} else if (outbox_n(&c->outbox) > 0 && now_us >= c->progress_us + NO_PROGRESS_US) {
		cut_off(c, "it does not read its replies");
	} else if (c->is_closing && outbox_n(&c->outbox) == 0) {
		close_client(c);
	}
}

void
clients_tend(struct daemon *d, uint64_t now_us)
{
	if (d->is_listener_held && now_us >= d->listener_us) {
		d->is_listener_held = false;
		(void)d->io.ops->watch_for(d->io.self, d->listener, true, false);
	}
	for (unsigned i = 0; i < d->clients_top; i++)
		if (d->clients[i].fd >= 0 && due_us(&d->clients[i], now_us) <= now_us)
			tend(&d->clients[i], now_us);
}

bool
clients_have_octets(const struct daemon *d)
{
	for (unsigned i = 0; i < d->clients_top; i++)
		if (d->clients[i].fd >= 0 && outbox_n(&d->clients[i].outbox) > 0)
			return true;
	return false;
}

void
clients_close_all(struct daemon *d)
{
	for (unsigned i = 0; i < d->clients_top; i++)
		if (d->clients[i].fd >= 0)
			close_client(&d->clients[i]);
	if (d->listener >= 0)
		d->io.ops->unwatch(d->io.self, d->listener);
	d->listener = -1;
}

unsigned
daemon_n_clients(const struct daemon *d)
{
	unsigned n = 0;

	for (unsigned i = 0; i < d->clients_top; i++)
		n += d->clients[i].fd >= 0;
	return n;
}
