/* client.c - the other end of the daemon's socket: asks and waits, hears events
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/api/client.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "cli/api/frame.h"
#include "cli/message_check.h"

enum { KEPT_MAX = 1024, MS_PER_S = 1000, NS_PER_MS = 1000000 };

struct api_client {
	int fd;
	uint32_t last_id;
	struct frame_inbox inbox;
	struct api_message *kept[KEPT_MAX]; /* events, a ring */
	unsigned kept_first, kept_n;
};

/* ---- time ---- */

struct deadline {
	bool is_never;
	int64_t ms; /* of CLOCK_MONOTONIC */
};

static int64_t
now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * MS_PER_S + t.tv_nsec / NS_PER_MS;
}

static struct deadline
deadline_in(int timeout_ms)
{
	return (struct deadline){ .is_never = timeout_ms < 0, .ms = now_ms() + timeout_ms };
}

static int
left_ms(const struct deadline *deadline)
{
	const int64_t left = deadline->ms - now_ms();

	if (deadline->is_never)
		return -1;
	return left > 0 ? (int)left : 0;
}

/* 1: ready; 0: the time is over; -errno. */
static int
wait_for(const struct api_client *c, short events, const struct deadline *deadline)
{
	struct pollfd p = { .fd = c->fd, .events = events };
	int n;

	do
		n = poll(&p, 1, left_ms(deadline));
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : n;
}

/* ---- life ---- */

int
api_client_adopt(int fd, struct api_client **out, struct kb_error *why)
{
	struct api_client *c = calloc(1, sizeof *c);

	if (c == NULL) {
		(void)close(fd);
		return kb_fail(why, ENOMEM, "no memory");
	}
	c->fd = fd;
	*out = c;
	return 0;
}

static int
set_address(struct sockaddr_un *to, const char *path, struct kb_error *why)
{
	const size_t n = strlen(path);

	*to = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (n == 0 || n >= sizeof to->sun_path)
		return kb_fail(why, ENAMETOOLONG, "%s: not a path a socket can have", path);
	memcpy(to->sun_path, path, n);
	return 0;
}

static int
explain_connect(int err, const char *path, struct kb_error *why)
{
	if (err == ENOENT || err == ECONNREFUSED)
		return kb_fail(why, err, "no daemon listens at %s: start it with uptun daemon", path);
	if (err == EACCES || err == EPERM)
		return kb_fail(why, err, "%s: only root and members of the daemon's group may connect", path);
	return kb_fail(why, err, "cannot connect to %s: %s", path, strerror(err));
}

int
api_client_open(const char *path, struct api_client **out, struct kb_error *why)
{
	struct sockaddr_un address;
	int fd, err;

	if (set_address(&address, path, why) < 0)
		return -ENAMETOOLONG;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return kb_fail(why, errno, "cannot make a socket: %s", strerror(errno));
	if (connect(fd, (const struct sockaddr *)&address, sizeof address) == 0)
		return api_client_adopt(fd, out, why);
	err = errno;
	(void)close(fd);
	return explain_connect(err, path, why);
}

struct api_client *
api_client_free(struct api_client *c)
{
	if (c == NULL)
		return NULL;
	for (unsigned i = 0; i < c->kept_n; i++)
		(void)api_message_free(c->kept[(c->kept_first + i) % KEPT_MAX]);
	frame_inbox_fini(&c->inbox);
	(void)close(c->fd);
	free(c);
	return NULL;
}

int
api_client_fd(const struct api_client *c)
{
	return c->fd;
}

/* ---- sending ---- */

static int
lost_connection(int err, struct kb_error *why)
{
	return kb_fail(why, ECONNRESET, "the daemon closed the connection%s%s", err != 0 ? ": " : "",
		       err != 0 ? strerror(err) : "");
}

static int
late(struct kb_error *why)
{
	return kb_fail(why, ETIMEDOUT, "the daemon does not answer");
}

static int
send_all(struct api_client *c, struct ut_slice octets, const struct deadline *deadline, struct kb_error *why)
{
	while (octets.n > 0) {
		const ssize_t sent = send(c->fd, octets.p, octets.n, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (sent >= 0)
			octets = ut_slice(octets.p + sent, octets.n - (size_t)sent);
		else if (errno == EAGAIN && wait_for(c, POLLOUT, deadline) <= 0)
			return late(why);
		else if (errno != EAGAIN && errno != EINTR)
			return lost_connection(errno, why);
	}
	return 0;
}

static int
send_request(struct api_client *c, Uptun__Request *request, const struct deadline *deadline,
	     struct kb_error *why)
{
	struct api_frame frame;
	int r;

	request->id = ++c->last_id != 0 ? c->last_id : ++c->last_id;
	switch (api_pack(&request->base, &frame)) {
	case API_PACK_TOO_LONG:
		return kb_fail(why, EMSGSIZE, "the request is longer than %d octets", FRAME_MESSAGE_MAX);
	case API_PACK_NO_MEMORY:
		return kb_fail(why, ENOMEM, "no memory");
	case API_PACKED:
	case API_PACK_RESULT_N:
		break;
	}
	r = send_all(c, ut_slice(frame.octets, frame.n), deadline, why);
	api_frame_fini(&frame);
	return r;
}

/* ---- receiving ---- */

static int
understand(struct ut_slice octets, struct api_message **out, struct kb_error *why)
{
	struct profile_error fault = { .line = 0 };
	struct api_message *m = api_unpack(&uptun__to_client__descriptor, octets, &fault);

	if (m != NULL && message_check(m->message, &fault) == PROFILE_OK) {
		*out = m;
		return 1;
	}
	(void)api_message_free(m);
	return kb_fail(why, EPROTO, "what the daemon sent cannot be read: %s", fault.text);
}

/* Octets that came, at least one: 1; 0: none by the deadline; -errno. */
static int
receive_some(struct api_client *c, const struct deadline *deadline, struct kb_error *why)
{
	size_t room;
	uint8_t *at = frame_inbox_room(&c->inbox, &room);
	ssize_t n;

	if (at == NULL)
		return kb_fail(why, ENOMEM, "no memory");
	do {
		const int ready = wait_for(c, POLLIN, deadline);

		if (ready == 0)
			return 0;
		if (ready < 0)
			return kb_fail(why, -ready, "cannot wait for the daemon: %s", strerror(-ready));
		n = recv(c->fd, at, room, MSG_DONTWAIT);
	} while (n < 0 && (errno == EAGAIN || errno == EINTR));
	if (n <= 0)
		return lost_connection(n < 0 ? errno : 0, why);
	frame_inbox_add(&c->inbox, (size_t)n);
	return 1;
}

/* 1 and a message, 0: none by the deadline, or -errno. */
static int
receive(struct api_client *c, const struct deadline *deadline, struct api_message **out, struct kb_error *why)
{
	struct ut_slice octets;
	enum frame_result result;

	while ((result = frame_inbox_next(&c->inbox, &octets)) == FRAME_MORE) {
		const int r = receive_some(c, deadline, why);

		if (r <= 0)
			return r;
	}
	if (result == FRAME_OK)
		return understand(octets, out, why);
	return kb_fail(why, EPROTO, "what the daemon sent cannot be read: at octet %llu, %s",
		       (unsigned long long)c->inbox.offset, frame_result_text(result));
}

/* The oldest goes where there is no room; the next one then tells of it. */
static void
keep(struct api_client *c, struct api_message *event)
{
	if (c->kept_n == KEPT_MAX) {
		struct api_message *oldest = c->kept[c->kept_first];
		const uint64_t lost = api_event(oldest)->lost + 1;
		Uptun__ToClient *next;

		c->kept_first = (c->kept_first + 1) % KEPT_MAX;
		c->kept_n--;
		next = (Uptun__ToClient *)c->kept[c->kept_first]->message;
		next->event->lost += lost;
		(void)api_message_free(oldest);
	}
	c->kept[(c->kept_first + c->kept_n++) % KEPT_MAX] = event;
}

/* Keeps an event, drops what answers a question given up; true: it is the reply to `id`. */
static bool
is_awaited(struct api_client *c, struct api_message *m, uint32_t id)
{
	const Uptun__Reply *reply = api_reply(m);

	/* 0: the daemon could not read which question it was. */
	if (reply != NULL && (reply->id == id || reply->id == 0))
		return true;
	if (api_event(m) != NULL)
		keep(c, m);
	else
		(void)api_message_free(m);
	return false;
}

int
api_client_ask(struct api_client *c, Uptun__Request *request, unsigned timeout_ms, struct api_message **out,
	       struct kb_error *why)
{
	const struct deadline deadline = deadline_in(timeout_ms <= INT_MAX ? (int)timeout_ms : INT_MAX);
	struct api_message *m = NULL;
	int r = send_request(c, request, &deadline, why);

	/* Who is turned away is told why before the connection is closed. */
	if (r < 0 && r != -ECONNRESET)
		return r;
	do {
		r = receive(c, &deadline, &m, why);
		if (r == 0)
			return late(why);
		if (r < 0)
			return r;
	} while (!is_awaited(c, m, request->id));
	*out = m;
	return 0;
}

unsigned
api_client_kept(const struct api_client *c)
{
	return c->kept_n;
}

int
api_client_next(struct api_client *c, int timeout_ms, struct api_message **out, struct kb_error *why)
{
	const struct deadline deadline = deadline_in(timeout_ms);
	int r;

	if (c->kept_n > 0) {
		*out = c->kept[c->kept_first];
		c->kept_first = (c->kept_first + 1) % KEPT_MAX;
		c->kept_n--;
		return 1;
	}
	do {
		r = receive(c, &deadline, out, why);
		if (r <= 0 || api_event(*out) != NULL)
			return r;
		*out = api_message_free(*out);
	} while (true);
}
