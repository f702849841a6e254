/* io_virtual_world.h - what a world in memory is made of; shared by its two files
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_HOST_IO_VIRTUAL_WORLD_H
#define CLI_HOST_IO_VIRTUAL_WORLD_H

#include "cli/host/io_virtual.h"

struct inhabitant {
	struct ut_world *world;
	union kb_sockaddr address;
};

enum endpoint_kind { ENDPOINT_FD, ENDPOINT_UDP, ENDPOINT_LISTENER, ENDPOINT_STREAM };

/* An endpoint and its generation, so that nothing reaches the next one in its slot. */
struct end {
	int index; /* -1: none */
	uint32_t generation;
};

enum stream_state { STREAM_CONNECTING, STREAM_OPEN, STREAM_DEAD /* refused or reset */ };

struct stream {
	enum stream_state state;
	struct end other;
	int err;	  /* not told yet */
	bool has_fin;	  /* the other end has sent its last */
	bool is_shut;	  /* this one has */
	size_t under_way; /* octets sent to it that have not arrived */
	size_t n;	  /* octets arrived, not read */
	uint8_t octets[UT_WORLD_STREAM_OCTETS];
};

struct endpoint {
	bool is_open, is_ready, is_connected;
	enum endpoint_kind kind;
	uint32_t generation;
	union kb_sockaddr local, peer;
	ut_io_ready_fn *ready;
	void *ctx;
	bool is_write_only, wants_write;
	struct stream *stream;		      /* owned */
	struct end backlog[UT_WORLD_BACKLOG]; /* of a listener */
	unsigned n_backlog;
};

struct flight {
	bool used;
	int to; /* index of its socket when it has arrived; -1: under way */
	uint64_t due_us, order;
	union kb_sockaddr from, target;
	size_t n;
	uint8_t octets[UT_WORLD_DATAGRAM_MAX];
};

enum segment_kind { SEGMENT_SYN, SEGMENT_ACCEPT, SEGMENT_DATA, SEGMENT_FIN, SEGMENT_RST };

struct segment {
	bool used;
	enum segment_kind kind;
	uint64_t due_us, order;
	struct end from, to; /* `to` of a SYN is found by its target */
	union kb_sockaddr target;
	size_t n;
	uint8_t octets[UT_WORLD_STREAM_OCTETS];
};

struct appointment {
	bool used;
	uint64_t due_us, order;
	void (*fn)(void *ctx);
	void *ctx;
};

enum { INHABITANTS = 8 };

struct ut_world {
	struct ut_world_spec spec;
	uint64_t now_us, order, random;
	uint32_t generation;
	bool is_cut;
	uint16_t next_port;
	unsigned n_inhabitants;
	struct inhabitant inhabitants[INHABITANTS];
	struct endpoint endpoints[UT_WORLD_SOCKETS];
	struct appointment appointments[UT_WORLD_APPOINTMENTS];
	struct flight flights[UT_WORLD_FLIGHTS];
	struct segment segments[UT_WORLD_SEGMENTS];
};

/* ---- io_virtual.c ---- */
bool ut_world_is_same_address(const union kb_sockaddr *a, const union kb_sockaddr *b);
/* The address of an inhabitant with this port, or, 0, with one that nobody has. */
union kb_sockaddr ut_world_local(struct inhabitant *who, uint16_t port);
struct endpoint *ut_world_endpoint(struct ut_world *w, int fd); /* NULL: not open */

/* ---- io_virtual_stream.c ---- */
bool ut_world_stream_is_ready(const struct ut_world *w, const struct endpoint *e);
/* When the next segment arrives; UINT64_MAX: none does. */
uint64_t ut_world_segment_due(const struct ut_world *w);
void ut_world_segment_deliver(struct ut_world *w);

int ut_world_tcp_connect(void *self, const struct kb_tcp_spec *spec, int *fd, struct kb_error *why);
int ut_world_tcp_connected(void *self, int fd, const union kb_sockaddr *peer, struct kb_error *why);
int ut_world_tcp_local(void *self, int fd, union kb_sockaddr *out, struct kb_error *why);
int ut_world_tcp_listen(void *self, const union kb_sockaddr *local, int *fd, struct kb_error *why);
int ut_world_tcp_accept(void *self, int listener, int *fd, union kb_sockaddr *peer, struct kb_error *why);
ssize_t ut_world_tcp_send(void *self, int fd, const void *p, size_t n);
ssize_t ut_world_tcp_receive(void *self, int fd, void *p, size_t n);
void ut_world_tcp_shutdown(void *self, int fd);
void ut_world_tcp_close(void *self, int fd, bool by_reset);

#endif
