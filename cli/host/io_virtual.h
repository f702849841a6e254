/* io_virtual.h - a world in memory for tests: time that jumps, datagrams that get lost by a seed
 * SPDX-License-Identifier: Apache-2.0
 *
 * One world has one clock and any number of hosts, scripted peers and appointments.  Whoever waits in it moves
 * it: ut_world_wait() goes to the next thing that happens, and no further than asked.  Descriptors are numbers of
 * its own, from UT_WORLD_FD on, so that a real one is never mistaken for one of them.  What a datagram costs grows with
 * the logarithm of how many are under way, and with nothing else: ten thousand tunnels fit in.
 *
 * Descriptors of the process itself can be watched too, say of clients that speak over a Unix socket: they are looked at
 * every few turns, and what happens on them takes no time.
 *
 * Streams lose nothing and keep their order; while the world is cut, what is under way waits.
 */
#ifndef CLI_HOST_IO_VIRTUAL_H
#define CLI_HOST_IO_VIRTUAL_H

#include "cli/host/io.h"

enum {
	UT_WORLD_FD = 100000,
	UT_WORLD_SOCKETS = 256, /* descriptors, unless more are asked for */
	UT_WORLD_FLIGHTS = 128, /* datagrams under way or waiting to be received, likewise; more are lost */
	UT_WORLD_BACKLOG = 8,	/* connections not accepted yet */
	UT_WORLD_STREAM_OCTETS = 4096, /* one direction takes at most, unread or under way */
	UT_WORLD_DATAGRAM_MAX = 2048   /* octets */
};

/* Chances are in thousandths. */
struct ut_world_spec {
	uint64_t seed;
	unsigned loss, duplication, reordering;
	unsigned delay_us; /* of every datagram; a reordered one takes up to four times as long */
	/* of streams, in octets; 0: no less than the most there is */
	unsigned stream_room;  /* one direction takes, unread or under way */
	unsigned stream_chunk; /* one call receives at most */
	/* 0: UT_WORLD_SOCKETS, UT_WORLD_FLIGHTS */
	unsigned sockets, flights;
};

struct ut_world;
struct ut_world *ut_world_new(const struct ut_world_spec *spec); /* NULL: no memory */
struct ut_world *ut_world_free(struct ut_world *w);		 /* returns NULL */

/* The loop and clock of one inhabitant, whose sockets have this address (network order, port ignored). */
struct ut_io ut_world_io(struct ut_world *w, const union kb_sockaddr *address);

struct ut_time ut_world_now(const struct ut_world *w);

/* Moves to the next thing that happens, or to `until` (NULL: no end), and lets it happen.  False when nothing
 * is ahead. */
bool ut_world_wait(struct ut_world *w, const struct ut_time *until);

/* Calls `fn` in `delay_us`.  False when there is no memory. */
bool ut_world_at(struct ut_world *w, uint64_t delay_us, void (*fn)(void *ctx), void *ctx);

/* A descriptor that is ready when told to be, for what else a host watches; udp_close() closes it. */
int ut_world_fd(struct ut_world *w);
void ut_world_fd_set(struct ut_world *w, int fd, bool is_ready);

/* Between this and the next call with false nothing arrives. */
void ut_world_cut(struct ut_world *w, bool is_cut);

/* Descriptors that are open: nothing may be left when a test ends. */
unsigned ut_world_open_fds(const struct ut_world *w);

#endif
