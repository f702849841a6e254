/* mixed_io.c - a world in memory, and beside it real descriptors
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/cli/daemon/mixed_io.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>

static bool
is_real(int fd)
{
	return fd < UT_WORLD_FD;
}

/* ---- watching ---- */

static int
mixed_watch(void *self, int fd, ut_io_ready_fn *ready, void *ctx)
{
	struct mixed_io *m = self;

	if (!is_real(fd))
		return m->world.ops->watch(m->world.self, fd, ready, ctx);
	assert(fd >= 0 && fd < MIXED_WATCHES && !m->watches[fd].is_used);
	m->watches[fd].is_used = m->watches[fd].reads = true;
	m->watches[fd].writes = false;
	m->watches[fd].ready = ready;
	m->watches[fd].ctx = ctx;
	return 0;
}

static int
mixed_watch_for(void *self, int fd, bool reads, bool writes)
{
	struct mixed_io *m = self;

	if (!is_real(fd))
		return m->world.ops->watch_for(m->world.self, fd, reads, writes);
	if (!m->watches[fd].is_used)
		return -EBADF;
	m->watches[fd].reads = reads;
	m->watches[fd].writes = writes;
	return 0;
}

static void
mixed_unwatch(void *self, int fd)
{
	struct mixed_io *m = self;

	if (is_real(fd))
		m->watches[fd].is_used = false;
	else
		m->world.ops->unwatch(m->world.self, fd);
}

static size_t
collect(const struct mixed_io *m, struct pollfd polls[MIXED_WATCHES])
{
	size_t n = 0;

	for (int fd = 0; fd < MIXED_WATCHES; fd++)
		if (m->watches[fd].is_used)
			polls[n++] =
			    (struct pollfd){ .fd = fd,
					     .events = (short)((m->watches[fd].reads ? POLLIN : 0) |
							       (m->watches[fd].writes ? POLLOUT : 0)) };
	return n;
}

/* True: something was ready and has been called. */
static bool
call_real(struct mixed_io *m)
{
	struct pollfd polls[MIXED_WATCHES];
	const size_t n = collect(m, polls);
	bool was_any = false;

	if (poll(polls, n, 0) <= 0)
		return false;
	for (size_t i = 0; i < n; i++) {
		const int fd = polls[i].fd;

		if (polls[i].revents == 0 || !m->watches[fd].is_used)
			continue;
		m->watches[fd].ready(m->watches[fd].ctx, fd);
		was_any = true;
	}
	return was_any;
}

static int
mixed_wait(void *self, const struct ut_time *until)
{
	struct mixed_io *m = self;

	return call_real(m) ? 0 : m->world.ops->wait(m->world.self, until);
}

/* ---- the world's ---- */

#define WORLD(self) (((struct mixed_io *)(self))->world)

static struct ut_time
mixed_now(void *self)
{
	return WORLD(self).ops->now(WORLD(self).self);
}

static void
mixed_random(void *self, void *p, size_t n)
{
	WORLD(self).ops->random(WORLD(self).self, p, n);
}

static int
mixed_udp_open(void *self, const struct kb_udp_spec *spec, int *fd, struct kb_error *why)
{
	return WORLD(self).ops->udp_open(WORLD(self).self, spec, fd, why);
}

static int
mixed_udp_connect(void *self, int fd, const union kb_sockaddr *peer, struct kb_error *why)
{
	return WORLD(self).ops->udp_connect(WORLD(self).self, fd, peer, why);
}

static int
mixed_udp_local(void *self, int fd, union kb_sockaddr *out, struct kb_error *why)
{
	return WORLD(self).ops->udp_local(WORLD(self).self, fd, out, why);
}

static void
mixed_udp_close(void *self, int fd)
{
	WORLD(self).ops->udp_close(WORLD(self).self, fd);
}

static ssize_t
mixed_send(void *self, int fd, const void *p, size_t n, const union kb_sockaddr *to)
{
	return WORLD(self).ops->send(WORLD(self).self, fd, p, n, to);
}

static ssize_t
mixed_receive(void *self, int fd, void *p, size_t n, union kb_sockaddr *from)
{
	return WORLD(self).ops->receive(WORLD(self).self, fd, p, n, from);
}

static const struct ut_io_ops mixed_ops = {
	.now = mixed_now,
	.watch = mixed_watch,
	.watch_for = mixed_watch_for,
	.unwatch = mixed_unwatch,
	.wait = mixed_wait,
	.random = mixed_random,
	.udp_open = mixed_udp_open,
	.udp_connect = mixed_udp_connect,
	.udp_local = mixed_udp_local,
	.udp_close = mixed_udp_close,
	.send = mixed_send,
	.receive = mixed_receive,
};

struct ut_io
mixed_io(struct mixed_io *m)
{
	return (struct ut_io){ .ops = &mixed_ops, .self = m };
}
