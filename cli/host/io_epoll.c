/* io_epoll.c - the real clock, epoll, real datagrams and streams
 * SPDX-License-Identifier: Apache-2.0
 *
 * The kernel is told what is watched when one waits for the first time: until then the first datagram is on its way.
 */
#include "cli/host/host_memory.h"
#include "cli/host/io.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct watch {
	ut_io_ready_fn *ready; /* NULL: not watched */
	void *ctx;
	uint32_t events;     /* waited for */
	uint32_t generation; /* so that news of a descriptor closed in the same turn reaches nobody */
};

enum { FEW = 24 /* descriptors of one tunnel */ };

struct epoll_io {
	int epoll_fd;	       /* -1: nobody has waited yet */
	struct watch *watches; /* by descriptor: few, or more */
	size_t n;
	uint32_t generation;
	struct watch few[FEW];
};

static struct ut_time
epoll_now(void *self)
{
	struct timespec t;

	(void)self;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (struct ut_time){ (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000 };
}

static void
free_watches(struct epoll_io *io)
{
	if (io->watches != io->few)
		free(io->watches);
}

static int
make_room(struct epoll_io *io, int fd)
{
	const size_t n = (size_t)fd * 2;

	if ((size_t)fd < io->n)
		return 0;
	struct watch *watches = calloc(n, sizeof *watches);
	if (watches == NULL)
		return -ENOMEM;
	memcpy(watches, io->watches, io->n * sizeof *watches);
	free_watches(io);
	io->watches = watches;
	io->n = n;
	return 0;
}

static int
tell_kernel(const struct epoll_io *io, int operation, int fd)
{
	const struct watch *w = &io->watches[fd];
	struct epoll_event event = { .events = w->events,
				     .data.u64 = (uint64_t)w->generation << 32 | (uint32_t)fd };

	if (io->epoll_fd < 0)
		return 0;
	return epoll_ctl(io->epoll_fd, operation, fd, &event) < 0 ? -errno : 0;
}

static int
epoll_watch(void *self, int fd, ut_io_ready_fn *ready, void *ctx)
{
	struct epoll_io *io = self;

	if (fd < 0)
		return -EBADF;
	int r = make_room(io, fd);
	if (r < 0)
		return r;
	io->watches[fd] =
	    (struct watch){ .ready = ready, .ctx = ctx, .events = EPOLLIN, .generation = ++io->generation };
	r = tell_kernel(io, EPOLL_CTL_ADD, fd);
	if (r < 0)
		io->watches[fd] = (struct watch){ 0 };
	return r;
}

static int
epoll_watch_for(void *self, int fd, bool reads, bool writes)
{
	struct epoll_io *io = self;

	if (fd < 0 || (size_t)fd >= io->n || io->watches[fd].ready == NULL)
		return -EBADF;
	io->watches[fd].events = (reads ? EPOLLIN : 0u) | (writes ? EPOLLOUT : 0u);
	return tell_kernel(io, EPOLL_CTL_MOD, fd);
}

static void
epoll_unwatch(void *self, int fd)
{
	struct epoll_io *io = self;

	if (fd < 0 || (size_t)fd >= io->n || io->watches[fd].ready == NULL)
		return;
	(void)tell_kernel(io, EPOLL_CTL_DEL, fd);
	io->watches[fd] = (struct watch){ 0 };
}

/* Milliseconds to `until`, rounded up, so that nobody wakes too early and spins. */
static int
timeout_ms(const struct ut_time *until)
{
	enum { LONGEST_MS = 3600 * 1000 };

	if (until == NULL)
		return -1;
	const uint64_t now = epoll_now(NULL).us;
	if (until->us <= now)
		return 0;
	const uint64_t ms = (until->us - now + 999) / 1000;
	return ms > LONGEST_MS ? LONGEST_MS : (int)ms;
}

static void
call_ready(struct epoll_io *io, const struct epoll_event *event)
{
	const int fd = (int)(uint32_t)event->data.u64;
	const struct watch watch = io->watches[fd];

	if (watch.ready != NULL && watch.generation == (uint32_t)(event->data.u64 >> 32))
		watch.ready(watch.ctx, fd);
}

static int
begin(struct epoll_io *io)
{
	int r = 0;

	io->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (io->epoll_fd < 0)
		return -errno;
	for (size_t fd = 0; fd < io->n && r == 0; fd++)
		if (io->watches[fd].ready != NULL)
			r = tell_kernel(io, EPOLL_CTL_ADD, (int)fd);
	return r;
}

static int
epoll_wait_until(void *self, const struct ut_time *until)
{
	struct epoll_io *io = self;
	struct epoll_event events[32];
	const int r = io->epoll_fd < 0 ? begin(io) : 0;

	if (r < 0)
		return r;
	const int n = epoll_wait(io->epoll_fd, events, 32, timeout_ms(until));

	if (n < 0)
		return errno == EINTR ? 0 : -errno;
	for (int i = 0; i < n; i++)
		call_ready(io, &events[i]);
	return 0;
}

/* getrandom() fails only where there is no such call at all: then nothing here is safe. */
static void
epoll_random(void *self, void *p, size_t n)
{
	uint8_t *to = p;

	(void)self;
	while (n > 0) {
		const ssize_t got = getrandom(to, n, 0);

		assert(got > 0 || errno == EINTR);
		if (got > 0) {
			to += got;
			n -= (size_t)got;
		}
	}
}

static int
epoll_udp_open(void *self, const struct kb_udp_spec *spec, int *fd, struct kb_error *why)
{
	(void)self;
	return kb_udp_open(spec, fd, why);
}

static int
epoll_udp_connect(void *self, int fd, const union kb_sockaddr *peer, struct kb_error *why)
{
	(void)self;
	return kb_udp_connect(fd, peer, why);
}

static int
epoll_udp_local(void *self, int fd, union kb_sockaddr *out, struct kb_error *why)
{
	(void)self;
	return kb_udp_local(fd, out, why);
}

static void
epoll_udp_close(void *self, int fd)
{
	(void)self;
	close(fd);
}

/* The error of a datagram socket, as -errno.  What came by ICMP is kept in a queue besides, which would keep the
 * socket ready for ever. */
static ssize_t
datagram_error(int fd, int err)
{
	if (err != EAGAIN)
		kb_udp_forget_errors(fd);
	return -err;
}

static ssize_t
epoll_send(void *self, int fd, const void *p, size_t n, const union kb_sockaddr *to)
{
	ssize_t sent;

	(void)self;
	if (to != NULL)
		sent = sendto(fd, p, n, MSG_NOSIGNAL, &to->sa, kb_sockaddr_len(to));
	else
		sent = send(fd, p, n, MSG_NOSIGNAL);
	return sent < 0 ? datagram_error(fd, errno) : sent;
}

static ssize_t
epoll_receive(void *self, int fd, void *p, size_t n, union kb_sockaddr *from)
{
	socklen_t octets = sizeof *from;
	const ssize_t got = recvfrom(fd, p, n, MSG_DONTWAIT, &from->sa, &octets);

	(void)self;
	return got < 0 ? datagram_error(fd, errno) : got;
}

/* ---- streams ---- */

static int
epoll_tcp_connect(void *self, const struct kb_tcp_spec *spec, int *fd, struct kb_error *why)
{
	(void)self;
	return kb_tcp_connect(spec, fd, why);
}

static int
epoll_tcp_connected(void *self, int fd, const union kb_sockaddr *peer, struct kb_error *why)
{
	(void)self;
	return kb_tcp_connected(fd, peer, why);
}

static int
epoll_tcp_local(void *self, int fd, union kb_sockaddr *out, struct kb_error *why)
{
	(void)self;
	return kb_tcp_local(fd, out, why);
}

static int
epoll_tcp_listen(void *self, const union kb_sockaddr *local, int *fd, struct kb_error *why)
{
	(void)self;
	return kb_tcp_listen(local, fd, why);
}

static int
epoll_tcp_accept(void *self, int listener, int *fd, union kb_sockaddr *peer, struct kb_error *why)
{
	(void)self;
	return kb_tcp_accept(listener, fd, peer, why);
}

static ssize_t
epoll_tcp_send(void *self, int fd, const void *p, size_t n)
{
	const ssize_t sent = send(fd, p, n, MSG_NOSIGNAL | MSG_DONTWAIT);

	(void)self;
	return sent < 0 ? -errno : sent;
}

static ssize_t
epoll_tcp_receive(void *self, int fd, void *p, size_t n)
{
	const ssize_t got = recv(fd, p, n, MSG_DONTWAIT);

	(void)self;
	return got < 0 ? -errno : got;
}

static void
epoll_tcp_shutdown(void *self, int fd)
{
	(void)self;
	(void)shutdown(fd, SHUT_WR);
}

static void
epoll_tcp_close(void *self, int fd, bool by_reset)
{
	const struct linger now = { .l_onoff = 1, .l_linger = 0 };

	(void)self;
	if (by_reset)
		(void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
	close(fd);
}

static const struct ut_io_ops epoll_ops = {
	.now = epoll_now,
	.watch = epoll_watch,
	.watch_for = epoll_watch_for,
	.unwatch = epoll_unwatch,
	.wait = epoll_wait_until,
	.random = epoll_random,
	.udp_open = epoll_udp_open,
	.udp_connect = epoll_udp_connect,
	.udp_local = epoll_udp_local,
	.udp_close = epoll_udp_close,
	.send = epoll_send,
	.receive = epoll_receive,
	.tcp_connect = epoll_tcp_connect,
	.tcp_connected = epoll_tcp_connected,
	.tcp_local = epoll_tcp_local,
	.tcp_listen = epoll_tcp_listen,
	.tcp_accept = epoll_tcp_accept,
	.tcp_send = epoll_tcp_send,
	.tcp_receive = epoll_tcp_receive,
	.tcp_shutdown = epoll_tcp_shutdown,
	.tcp_close = epoll_tcp_close,
};

int
ut_io_epoll_new(struct ut_io *out)
{
	struct epoll_io *io = host_memory_new(sizeof *io);

	if (io == NULL)
		return -ENOMEM;
	io->epoll_fd = -1;
	io->watches = io->few;
	io->n = FEW;
	*out = (struct ut_io){ .ops = &epoll_ops, .self = io };
	return 0;
}

void
ut_io_epoll_free(struct ut_io *out)
{
	struct epoll_io *io = out->self;

	if (io != NULL) {
		if (io->epoll_fd >= 0)
			close(io->epoll_fd);
		free_watches(io);
		host_memory_free(io, sizeof *io);
	}
	*out = (struct ut_io){ 0 };
}
