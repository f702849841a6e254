/* io_virtual_world.h - what a world in memory is made of; shared by its files
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

/* Something that happens at its time; what has the same time happens in the order of kinds, then of making. */
enum event_kind { EVENT_FLIGHT, EVENT_APPOINTMENT };

struct event {
	enum event_kind kind;
	uint64_t due_us, order;
};

/* A binary heap, the next one first. */
struct events {
	struct event **v; /* owned, and what they point to */
	size_t n, cap;
};

/* A datagram: under way it is an event, then it waits in its socket's queue. */
struct flight {
	struct event event; /* first: a flight is an event */
	struct flight *next;
	union kb_sockaddr from, target;
	size_t n;
	uint8_t octets[];
};

struct appointment {
	struct event event; /* first */
	void (*fn)(void *ctx);
	void *ctx;
};

enum segment_kind { SEGMENT_SYN, SEGMENT_ACCEPT, SEGMENT_DATA, SEGMENT_FIN, SEGMENT_RST };

/* All take as long, so they arrive in the order in which they left. */
struct segment {
	enum segment_kind kind;
	uint64_t due_us;
	struct segment *next;
	struct end from, to; /* `to` of a SYN is found by its target */
	union kb_sockaddr target;
	size_t n;
	uint8_t octets[];
};

enum { NOBODY = -1 };

struct endpoint {
	bool is_open, is_ready, is_connected;
	enum endpoint_kind kind;
	uint32_t generation;
	union kb_sockaddr local, peer;
	ut_io_ready_fn *ready;
	void *ctx;
	bool is_write_only, wants_write;
	bool is_stirred; /* it is in the list of those that may be ready */
	int next_free,
	    next_here; /* NOBODY ends these lists; `here`: in its bucket of the index of addresses */
	struct flight *first, *last;	      /* datagrams that wait for being read; owned */
	struct stream *stream;		      /* owned */
	struct end backlog[UT_WORLD_BACKLOG]; /* of a listener */
	unsigned n_backlog;
};

/* A descriptor of the process itself. */
struct real {
	int fd;
	short events; /* of poll() */
	ut_io_ready_fn *ready;
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
	struct endpoint *endpoints; /* owned */
	int n_endpoints, n_fresh, first_free, n_open;
	int *buckets; /* owned: endpoints with an address of their own, by port */
	int *stirred; /* owned: those that may be ready, in the order in which they became so */
	size_t n_stirred;
	struct events events;
	unsigned n_flights;
	struct segment *first_segment, **last_segment;
	struct real *reals; /* owned */
	size_t n_reals;
	unsigned turns;
};

/* ---- io_virtual.c ---- */
bool ut_world_is_same_address(const union kb_sockaddr *a, const union kb_sockaddr *b);
/* The address of an inhabitant with this port, or, 0, with one that nobody has. */
union kb_sockaddr ut_world_local(struct inhabitant *who, uint16_t port);
struct endpoint *ut_world_endpoint(struct ut_world *w, int fd); /* NULL: not open */
/* Others can find it by this address from now on. */
void ut_world_settle(struct ut_world *w, struct endpoint *e, const union kb_sockaddr *local);
/* The one of this kind at this address; NULL: none. */
struct endpoint *ut_world_find(struct ut_world *w, enum endpoint_kind kind, const union kb_sockaddr *address);
/* Closes it; its slot is free. */
void ut_world_clear(struct ut_world *w, struct endpoint *e);
/* It may be ready now. */
void ut_world_stir(struct ut_world *w, struct endpoint *e);

/* ---- io_virtual_events.c ---- */
/* False: no memory. */
bool ut_world_events_add(struct events *events, struct event *event);
struct event *ut_world_events_take(struct events *events); /* NULL: there is none */
void ut_world_events_fini(struct events *events);

/* ---- io_virtual_real.c ---- */
int ut_world_real_watch(struct ut_world *w, int fd, ut_io_ready_fn *ready, void *ctx);
int ut_world_real_watch_for(struct ut_world *w, int fd, bool reads, bool writes);
void ut_world_real_unwatch(struct ut_world *w, int fd);
/* Calls what is ready, if it is time to look.  `is_idle`: it is.  True when something was. */
bool ut_world_real_look(struct ut_world *w, bool is_idle);

/* ---- io_virtual_stream.c ---- */
bool ut_world_stream_is_ready(const struct ut_world *w, const struct endpoint *e);
/* When the next segment arrives; UINT64_MAX: none does. */
uint64_t ut_world_segment_due(const struct ut_world *w);
void ut_world_segment_deliver(struct ut_world *w);
void ut_world_segments_fini(struct ut_world *w);

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
