/* io.h - the clock and the loop a host runs on, so that hours of its life can be tested in seconds
 * SPDX-License-Identifier: Apache-2.0
 *
 * Two back ends: epoll (io_epoll.c) and a virtual one for tests (io_virtual.c), where time jumps to the next
 * timer, and datagrams and streams travel through memory.
 */
#ifndef CLI_HOST_IO_H
#define CLI_HOST_IO_H

#include "fsm/time.h"
#include "kernel-bridge/kb_tcp.h"
#include "kernel-bridge/kb_udp.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

typedef void ut_io_ready_fn(void *ctx, int fd);

struct ut_io {
	const struct ut_io_ops *ops;
	void *self;
};

struct ut_io_ops {
	struct ut_time (*now)(void *self);
	/* Calls `ready` whenever fd can be read (or has failed).  0 or -errno. */
	int (*watch)(void *self, int fd, ut_io_ready_fn *ready, void *ctx);
	/* What a watched descriptor is waited for: at first it is reading only.  An error and the end of both
	 * directions of a stream are told in any case.  0 or -errno. */
	int (*watch_for)(void *self, int fd, bool reads, bool writes);
	void (*unwatch)(void *self, int fd);
	/* Waits until something is ready or `until` (NULL: for ever) is reached and calls what is ready.
	 * 0, or -errno (-EINTR is not an error and not returned). */
	int (*wait)(void *self, const struct ut_time *until);
	/* getrandom, or a seeded stream. */
	void (*random)(void *self, void *p, size_t n);
	/* A UDP socket that speaks to the peer of `spec`; kb_udp.h says what and how. */
	int (*udp_open)(void *self, const struct kb_udp_spec *spec, int *fd, struct kb_error *why);
	int (*udp_connect)(void *self, int fd, const union kb_sockaddr *peer, struct kb_error *why);
	int (*udp_local)(void *self, int fd, union kb_sockaddr *out, struct kb_error *why);
	/* Closes a socket of udp_open(); unwatch it first. */
	void (*udp_close)(void *self, int fd);
	/* One datagram of such a socket; octets or -errno (-EAGAIN).  `to` NULL: a connected one. */
	ssize_t (*send)(void *self, int fd, const void *p, size_t n, const union kb_sockaddr *to);
	ssize_t (*receive)(void *self, int fd, void *p, size_t n, union kb_sockaddr *from);

	/* A TCP socket; kb_tcp.h says what and how. */
	int (*tcp_connect)(void *self, const struct kb_tcp_spec *spec, int *fd, struct kb_error *why);
	int (*tcp_connected)(void *self, int fd, const union kb_sockaddr *peer, struct kb_error *why);
	int (*tcp_local)(void *self, int fd, union kb_sockaddr *out, struct kb_error *why);
	int (*tcp_listen)(void *self, const union kb_sockaddr *local, int *fd, struct kb_error *why);
	int (*tcp_accept)(void *self, int listener, int *fd, union kb_sockaddr *peer, struct kb_error *why);
	/* Octets taken, at least 1, maybe fewer than n, or -errno (-EAGAIN).  No signal when the peer is gone. */
	ssize_t (*tcp_send)(void *self, int fd, const void *p, size_t n);
	/* Octets, 0 when the peer has sent its last, or -errno (-EAGAIN). */
	ssize_t (*tcp_receive)(void *self, int fd, void *p, size_t n);
	/* We have sent our last: FIN. */
	void (*tcp_shutdown)(void *self, int fd);
	/* Closes it; unwatch it first.  `by_reset`: without a word more, what was not sent is dropped (RST). */
	void (*tcp_close)(void *self, int fd, bool by_reset);
};

/* The real one.  0 or -errno; ut_io_epoll_free() takes what it made, or an all-zero ut_io. */
int ut_io_epoll_new(struct ut_io *out);
void ut_io_epoll_free(struct ut_io *io);

#endif
