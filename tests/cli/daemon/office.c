/* office.c - a daemon in this process: tunnels in a world of memory, clients over socket pairs
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/cli/daemon/office.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { TUNNELS = 8, ASK_US = 5 * OFFICE_SECOND, TICK_US = 50000 };

struct office *
office_new(void)
{
	struct office *o = calloc(1, sizeof *o);

	assert(o != NULL);
	o->max_tunnels = TUNNELS;
	o->rights.own = geteuid();
	return o;
}

void
office_open(struct office *o)
{
	struct host_config host;
	struct daemon_config config;
	struct kb_error why;

	o->load = load_new(&(struct load_spec){ .tunnels = o->max_tunnels, .seed = 1 });
	assert(o->load != NULL);
	host = load_config(o->load);
	o->io.world = host.io;
	config = (struct daemon_config){ .io = mixed_io(&o->io),
					 .system = host.system,
					 .driver = host.driver,
					 .max_tunnels = o->max_tunnels,
					 .rights = &o->rights,
					 .sink = o->sink };
	const int r = daemon_new(&config, &o->daemon, &why);

	assert(r == 0);
	(void)r;
}

void
office_end(struct office *o)
{
	o->daemon = daemon_free(o->daemon);
	(void)load_free(o->load);
	for (unsigned i = 0; i < MIXED_WATCHES; i++) {
		assert(!o->io.watches[i].is_used);
		frame_inbox_fini(&o->inboxes[i]);
	}
	rights_fini(&o->rights);
	free(o);
}

static void
tick(void *ctx)
{
	struct office *o = ctx;

	o->is_ticking = false;
}

/* The daemon waits for ever when it has nothing to do; an appointment ends that. */
static bool
turn(struct office *o)
{
	if (!o->is_ticking)
		o->is_ticking = ut_world_at(load_world(o->load), TICK_US, tick, o);
	return daemon_turn(o->daemon);
}

void
office_run(struct office *o, uint64_t us)
{
	const uint64_t until = ut_world_now(load_world(o->load)).us + us;

	while (ut_world_now(load_world(o->load)).us < until && turn(o))
		continue;
}

/* ---- clients ---- */

int
office_client(struct office *o)
{
	int fds[2], r;

	r = socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds);
	assert(r == 0);
	r = daemon_attach(o->daemon, fds[1]);
	assert(r == 0);
	(void)r;
	return fds[0];
}

void
office_send(int fd, const Uptun__Request *request)
{
	struct api_frame frame;
	const enum api_pack_result r = api_pack(&request->base, &frame);
	const ssize_t n = r == API_PACKED ? send(fd, frame.octets, frame.n, MSG_NOSIGNAL) : -1;

	assert(n == (ssize_t)frame.n);
	(void)n;
	api_frame_fini(&frame);
}

/* 1: a message; 0: nothing now; -1: the connection is closed. */
static int
receive(struct office *o, int fd, struct api_message **out)
{
	struct frame_inbox *inbox = &o->inboxes[fd];
	struct profile_error why;
	struct ut_slice octets;
	size_t room;

	while (frame_inbox_next(inbox, &octets) == FRAME_MORE) {
		uint8_t *at = frame_inbox_room(inbox, &room);
		const ssize_t n = recv(fd, at, room, MSG_DONTWAIT);

		if (n <= 0)
			return n < 0 && errno == EAGAIN ? 0 : -1;
		frame_inbox_add(inbox, (size_t)n);
	}
	*out = api_unpack(&uptun__to_client__descriptor, octets, &why);
	assert(*out != NULL);
	return 1;
}

struct api_message *
office_next(struct office *o, int fd, uint64_t us)
{
	const uint64_t until = ut_world_now(load_world(o->load)).us + us;
	struct api_message *m = NULL;
	int r;

	while ((r = receive(o, fd, &m)) == 0 && ut_world_now(load_world(o->load)).us < until)
		(void)turn(o);
	return r == 1 ? m : NULL;
}

struct api_message *
office_ask(struct office *o, int fd, const Uptun__Request *request)
{
	struct api_message *m;

	office_send(fd, request);
	while ((m = office_next(o, fd, ASK_US)) != NULL && api_reply(m) == NULL)
		m = api_message_free(m);
	return m;
}

bool
office_is_closed(struct office *o, int fd)
{
	struct api_message *m = NULL;
	const int r = receive(o, fd, &m);

	(void)api_message_free(m);
	return r < 0;
}

void
office_profile(struct office_profile *p, unsigned number)
{
	uptun__profile__init(&p->profile);
	uptun__l2tp__init(&p->l2tp);
	uptun__reconnect__init(&p->reconnect);
	uptun__up__init(&p->up);
	uptun__request__init(&p->request);
	(void)snprintf(p->name, sizeof p->name, "t%u", number);
	p->profile.name = p->name;
	p->profile.server = (char *)(uintptr_t) "203.0.113.1";
	p->profile.protocol_case = UPTUN__PROFILE__PROTOCOL_L2TP;
	p->profile.l2tp = &p->l2tp;
	p->reconnect.enabled = true;
	p->profile.reconnect = &p->reconnect;
	p->up.profile = &p->profile;
	p->request.order_case = UPTUN__REQUEST__ORDER_UP;
	p->request.up = &p->up;
}

uint32_t
office_up(struct office *o, int fd, unsigned number, bool watch)
{
	struct office_profile p;
	struct api_message *m;
	uint32_t id;

	office_profile(&p, number);
	p.up.watch = watch;
	m = office_ask(o, fd, &p.request);
	assert(m != NULL && api_reply(m)->result_case == UPTUN__REPLY__RESULT_UP);
	id = api_reply(m)->up->tunnel;
	(void)api_message_free(m);
	return id;
}
