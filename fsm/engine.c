/* engine.c - the engine's block of memory, and one step of it
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fsm/engine_pptp.h"
#include "fsm/engine_protocol.h"

#include <assert.h>

/* ---- the block ---- */

struct layout {
	uint32_t at;
};

/* Room for n things of a size, 8-aligned; its offset. */
static uint32_t
place(struct layout *l, size_t n, size_t size)
{
	uint32_t at = l->at;

	l->at = (uint32_t)((l->at + n * size + 7) & ~(size_t)7);
	return at;
}

/* PPTP's arrays: nothing where there is none of it but a bucket or two. */
static void
lay_out_pptp(struct ut_engine *e, const struct ut_engine_config *c, struct layout *l)
{
	e->pptp_params_at = place(l, c->n_pptp_params, sizeof(struct ut_pptp_params));
	e->connections_at = place(l, c->n_connections, sizeof(struct connection));
	e->calls_at = place(l, c->n_calls, sizeof(struct call));
	e->call_mask = ut_index_buckets(c->n_calls) - 1;
	e->call_buckets_at = place(l, e->call_mask + 1, sizeof(uint16_t));
	e->call_next_at = place(l, c->n_calls, sizeof(uint16_t));
	e->call_peer_buckets_at = place(l, e->call_mask + 1, sizeof(uint16_t));
	e->call_peer_next_at = place(l, c->n_calls, sizeof(uint16_t));
}

uint16_t
engine_n_nodes(const struct ut_engine *e)
{
	const struct ut_engine_config *c = &e->config;

	return (uint16_t)(c->n_tunnels + c->n_clients + c->n_links + c->n_connections + c->n_calls);
}

static void
lay_out(struct ut_engine *e, const struct ut_engine_config *c)
{
	struct layout l = { (sizeof *e + 7) & ~(uint32_t)7 };

	e->config = *c;
	e->params_at = place(&l, c->n_params, sizeof(struct ut_l2tp_params));
	e->listeners_at = place(&l, c->n_listeners, sizeof(struct listener));
	e->tunnels_at = place(&l, c->n_tunnels, sizeof(struct tunnel));
	e->sessions_at = place(&l, c->n_sessions, sizeof(struct session));
	e->clients_at = place(&l, c->n_clients, sizeof(struct client));
	e->links_at = place(&l, c->n_links, sizeof(struct link));
	e->blocks_at = place(&l, c->n_blocks, sizeof(struct ut_block));
	e->nodes_at = place(&l, engine_n_nodes(e), sizeof(struct ut_wheel_node));
	e->tid_mask = ut_index_buckets(c->n_tunnels) - 1;
	e->sid_mask = ut_index_buckets(c->n_sessions) - 1;
	e->peer_mask = e->tid_mask;
	e->tid_buckets_at = place(&l, e->tid_mask + 1, sizeof(uint16_t));
	e->tid_next_at = place(&l, c->n_tunnels, sizeof(uint16_t));
	e->sid_buckets_at = place(&l, e->sid_mask + 1, sizeof(uint16_t));
	e->sid_next_at = place(&l, c->n_sessions, sizeof(uint16_t));
	e->peer_buckets_at = place(&l, e->peer_mask + 1, sizeof(uint16_t));
	e->peer_next_at = place(&l, c->n_tunnels, sizeof(uint16_t));
	lay_out_pptp(e, c, &l);
	e->octets = l.at;
}

size_t
ut_engine_octets(const struct ut_engine_config *config)
{
	struct ut_engine e;

	lay_out(&e, config);
	return e.octets;
}

struct ut_engine *
ut_engine_init(void *memory, const struct ut_engine_config *config)
{
	struct ut_engine *e = (struct ut_engine *)memory;

	assert(config->n_tunnels < UT_NONE && config->n_sessions < UT_NONE && config->n_blocks < UT_NONE);
	assert(config->n_tunnels + config->n_connections < UT_NONE);
	assert(config->n_sessions + config->n_calls < UT_NONE);
	assert(config->n_tunnels + config->n_clients + config->n_links + config->n_connections +
		   config->n_calls <
	       UT_WHEEL_NONE);
	memset(memory, 0, ut_engine_octets(config));
	lay_out(e, config);
	ut_blocks_init(&e->blocks, engine_blocks(e), config->n_blocks);
	ut_index_init(engine_tid_index(e));
	ut_index_init(engine_sid_index(e));
	ut_index_init(engine_peer_index(e));
	ut_index_init(engine_call_index(e));
	ut_index_init(engine_call_peer_index(e));
	return e;
}

void
ut_engine_fini(struct ut_engine *e)
{
	ut_wipe(e, e->octets);
}

static void *
at_offset(struct ut_engine *e, uint32_t offset)
{
	return (uint8_t *)e + offset;
}

#define ARRAY(type, name, count)                                       \
	struct type *engine_##name(struct ut_engine *e, uint16_t i)    \
	{                                                              \
		assert(i < e->config.count);                           \
		return (struct type *)at_offset(e, e->name##s_at) + i; \
	}
ARRAY(listener, listener, n_listeners)
ARRAY(tunnel, tunnel, n_tunnels)
ARRAY(session, session, n_sessions)
ARRAY(client, client, n_clients)
ARRAY(link, link, n_links)
ARRAY(connection, connection, n_connections)
ARRAY(call, call, n_calls)
#undef ARRAY

struct ut_l2tp_params *
engine_params(struct ut_engine *e, uint16_t i)
{
	assert(i < e->config.n_params);
	return (struct ut_l2tp_params *)at_offset(e, e->params_at) + i;
}

struct ut_block *
engine_blocks(struct ut_engine *e)
{
	return (struct ut_block *)at_offset(e, e->blocks_at);
}

struct ut_wheel_node *
engine_nodes(struct ut_engine *e)
{
	return (struct ut_wheel_node *)at_offset(e, e->nodes_at);
}

static struct ut_index
index_at(struct ut_engine *e, uint32_t buckets_at, uint32_t next_at, uint32_t mask)
{
	return (struct ut_index){ (uint16_t *)at_offset(e, buckets_at), (uint16_t *)at_offset(e, next_at),
				  mask };
}

struct ut_index
engine_tid_index(struct ut_engine *e)
{
	return index_at(e, e->tid_buckets_at, e->tid_next_at, e->tid_mask);
}

struct ut_index
engine_sid_index(struct ut_engine *e)
{
	return index_at(e, e->sid_buckets_at, e->sid_next_at, e->sid_mask);
}

struct ut_index
engine_peer_index(struct ut_engine *e)
{
	return index_at(e, e->peer_buckets_at, e->peer_next_at, e->peer_mask);
}

struct ut_pptp_params *
engine_pptp_params(struct ut_engine *e, uint16_t i)
{
	assert(i < e->config.n_pptp_params);
	return (struct ut_pptp_params *)at_offset(e, e->pptp_params_at) + i;
}

struct ut_index
engine_call_index(struct ut_engine *e)
{
	return index_at(e, e->call_buckets_at, e->call_next_at, e->call_mask);
}

struct ut_index
engine_call_peer_index(struct ut_engine *e)
{
	return index_at(e, e->call_peer_buckets_at, e->call_peer_next_at, e->call_mask);
}

/* `first`: the index that number 0 has in a ref. */
#define NUMBERS(type, first)                                                                        \
	uint16_t type##_number(struct ut_engine *e, const struct type *x)                           \
	{                                                                                           \
		return (uint16_t)(x - (const struct type *)at_offset(e, e->type##s_at));            \
	}                                                                                           \
	struct ut_ref type##_ref(struct ut_engine *e, const struct type *x)                         \
	{                                                                                           \
		return (struct ut_ref){ (uint16_t)(type##_number(e, x) + (first)), x->generation }; \
	}
NUMBERS(tunnel, 0)
NUMBERS(session, 0)
NUMBERS(client, 0)
NUMBERS(link, 0)
NUMBERS(connection, e->config.n_tunnels)
NUMBERS(call, e->config.n_sessions)
#undef NUMBERS

/* ---- configuration ---- */

struct ut_l2tp_params
ut_l2tp_params_default(void)
{
	struct ut_l2tp_params p;

	memset(&p, 0, sizeof p);
	memcpy(p.host_name, "uptun", 5);
	p.host_name_octets = 5;
	p.receive_window = 8;
	p.hello_s = 60;
	p.ack_delay_ms = 50;
	p.retransmit_ms = 1000;
	p.retransmit_cap_ms = 8000;
	p.call_setup_s = 60;
	p.tries = 6; /* RFC 2661 5.8, five retransmissions, 31 s */
	p.framing = 3;
	p.tx_connect_speed = 100000000;
	return p;
}

void
ut_engine_set_params(struct ut_engine *e, uint16_t index, const struct ut_l2tp_params *params)
{
	assert(params->host_name_octets > 0 && params->tries > 0);
	assert(params->receive_window > 0 && params->receive_window <= L2TP_WINDOW_MAX);
	*engine_params(e, index) = *params;
}

/* The top two bits of a path say what it is; the top one alone tells listeners. */
enum path_kind { PATH_CLIENT, PATH_ACCEPTED, PATH_LISTENER };

static struct ut_path
path_name(enum path_kind kind, uint16_t index, uint16_t use)
{
	return (struct ut_path){ (uint32_t)kind << 30 | (uint32_t)(use & 0x3fff) << 16 | index };
}

bool
path_is_listener(struct ut_path path)
{
	return path.v >> 30 == PATH_LISTENER;
}

static bool
listen(struct ut_engine *e, enum ut_protocol protocol, uint16_t params, struct ut_path *path)
{
	for (uint16_t i = 0; i < e->config.n_listeners; i++) {
		if (engine_listener(e, i)->used)
			continue;
		*engine_listener(e, i) =
		    (struct listener){ .params = params, .used = 1, .protocol = (uint8_t)protocol };
		*path = path_name(PATH_LISTENER, i, 0);
		return true;
	}
	return false;
}

bool
ut_engine_listen(struct ut_engine *e, uint16_t params, struct ut_path *path)
{
	assert(params < e->config.n_params);
	return listen(e, UT_L2TP, params, path);
}

bool
ut_engine_listen_pptp(struct ut_engine *e, uint16_t params, struct ut_path *path)
{
	assert(params < e->config.n_pptp_params);
	return listen(e, UT_PPTP, params, path);
}

struct ut_path
connection_path(struct ut_engine *e, const struct connection *c)
{
	return path_name(PATH_ACCEPTED, connection_number(e, c), c->path_use);
}

struct ut_path
client_path(struct ut_engine *e, const struct client *c)
{
	return path_name(PATH_CLIENT, client_number(e, c), c->path_use);
}

struct client *
client_of_path(struct ut_engine *e, struct ut_path path)
{
	uint16_t i = (uint16_t)(path.v & 0xffff);

	if (path.v >> 30 != PATH_CLIENT || i >= e->config.n_clients)
		return NULL;
	return client_path(e, engine_client(e, i)).v == path.v ? engine_client(e, i) : NULL;
}

static uint16_t
free_links_between(struct ut_engine *e, uint16_t n, uint16_t first, uint16_t end)
{
	uint16_t run = 0;

	for (uint16_t i = first; i < end; i++) {
		run = engine_link(e, i)->used ? 0 : (uint16_t)(run + 1);
		if (run == n)
			return (uint16_t)(i + 1 - n);
	}
	return UT_NONE;
}

/* n links in a row that are free: the first one, or UT_NONE.  The search begins where the last one ended. */
static uint16_t
free_links(struct ut_engine *e, uint16_t n)
{
	uint16_t found = free_links_between(e, n, e->free_link, e->config.n_links);

	if (found == UT_NONE)
		found = free_links_between(e, n, 0, e->config.n_links);
	if (found != UT_NONE)
		e->free_link = (uint16_t)(found + n);
	return found;
}

static uint16_t
free_client(struct ut_engine *e)
{
	for (uint16_t k = 0; k < e->config.n_clients; k++) {
		uint16_t i = (uint16_t)((e->free_client + k) % e->config.n_clients);

		if (engine_client(e, i)->used)
			continue;
		e->free_client = (uint16_t)(i + 1);
		return i;
	}
	return UT_NONE;
}

bool
ut_engine_client_new(struct ut_engine *e, const struct ut_client_config *config, struct ut_ref *client,
		     uint16_t *first_link)
{
	uint16_t i = free_client(e), first = free_links(e, config->n_links);
	struct client *c;

	assert(config->n_links > 0 && config->protocol < UT_PROTOCOL_N);
	assert(config->params < (config->protocol == UT_PPTP ? e->config.n_pptp_params : e->config.n_params));
	if (i == UT_NONE || first == UT_NONE)
		return false;
	c = engine_client(e, i);
	*c = (struct client){ .config = *config, .generation = c->generation, .path_use = c->path_use };
	c->used = 1;
	c->tunnel = UT_NONE;
	c->first_link = first;
	for (uint16_t k = 0; k < config->n_links; k++) {
		struct link *l = engine_link(e, (uint16_t)(first + k));

		*l = (struct link){ .generation = l->generation, .used = 1, .client = i, .session = UT_NONE };
	}
	*client = client_ref(e, c);
	*first_link = first;
	return true;
}

void
ut_engine_client_free(struct ut_engine *e, struct ut_ref ref)
{
	struct client *c = engine_client(e, ref.index);

	if (c->generation != ref.generation || !c->used)
		return;
	assert(c->state == UT_CLIENT_IDLE && c->tunnel == UT_NONE);
	for (uint16_t k = 0; k < c->config.n_links; k++) {
		struct link *l = engine_link(e, (uint16_t)(c->first_link + k));

		l->used = 0;
		l->generation++;
	}
	c->used = 0;
	c->generation++;
	e->free_client = ref.index;
	e->free_link = c->first_link;
}

/* ---- one step ---- */

static bool
is_starving(const struct ut_engine *e)
{
	return e->random_n < RANDOM_NEED;
}

static bool
has_room(const struct ut_effects *out)
{
	return out->cap - out->n >= UT_EFFECTS_MIN && out->octets_cap - out->octets_n >= UT_EFFECT_OCTETS_MIN;
}

static void
feed_random(struct ut_engine *e, struct ut_slice bytes)
{
	size_t room = (size_t)RANDOM_MAX - e->random_n, n = bytes.n < room ? bytes.n : room;

	if (n > 0)
		memcpy(e->random + e->random_n, bytes.p, n);
	e->random_n = (uint16_t)(e->random_n + n);
	if (e->hash_seed == 0 && e->random_n > sizeof e->hash_seed) {
		(void)random_take(e, &e->hash_seed, sizeof e->hash_seed);
		e->hash_seed |= 1; /* never 0 again: what was added under it must be found */
	}
}

static bool
run_work(struct step *st)
{
	struct ut_engine *e = st->e;
	struct work w;

	if (e->work_n == 0)
		return false;
	w = e->work[e->work_head];
	e->work_head = (uint16_t)((e->work_head + 1) % WORK_MAX);
	e->work_n--;
	work_run(st, &w);
	return true;
}

static bool
run_timer(struct step *st)
{
	struct ut_engine *e = st->e;
	uint16_t i = ut_wheel_take(&e->wheel, engine_nodes(e), st->now);

	if (i == UT_WHEEL_NONE)
		return false;
	timer_run(st, i);
	return true;
}

/* Works until nothing is left or the effects are full; true when something is left. */
static bool
drain(struct step *st, bool timers)
{
	for (;;) {
		if (!has_room(st->out) || (is_starving(st->e) && st->e->work_n > 0))
			return true;
		if (!run_work(st) && !(timers && run_timer(st)))
			return false;
	}
}

/* One message after the other, each with all that comes of it, as long as there is room. */
static void
take_stream(struct step *st, const struct ut_event *in)
{
	struct ut_slice rest = in->bytes;

	while (!drain(st, false) && stream_read(st, in->path, &rest))
		continue;
	st->out->taken = in->bytes.n - rest.n;
}

static void
take_event(struct step *st, const struct ut_event *in)
{
	switch (in->kind) {
	case UT_EV_CONTINUE:
	case UT_EV_DEADLINE:
	case UT_EVENT_N:
		break;
	case UT_EV_RANDOM:
		feed_random(st->e, in->bytes);
		break;
	case UT_EV_DATAGRAM:
		receive_datagram(st, in);
		break;
	case UT_EV_ACCEPTED:
		stream_accepted(st, in);
		break;
	case UT_EV_STREAM:
		take_stream(st, in);
		break;
	case UT_EV_STREAM_CLOSED:
		stream_closed(st, in);
		break;
	case UT_EV_SESSION_RESERVED:
		call_event(st, in);
		break;
	case UT_EV_START:
	case UT_EV_STOP:
	case UT_EV_RESOLVED:
	case UT_EV_PROTECTED:
	case UT_EV_PROBED:
	case UT_EV_PATH_OPENED:
	case UT_EV_PATH_LOST:
	case UT_EV_NETWORK:
		client_event(st, in);
		break;
	case UT_EV_SESSION_OPENED:
	case UT_EV_SESSION_CLOSE:
		session_event(st, in);
		call_event(st, in);
		break;
	case UT_EV_TUNNEL_CLOSE:
	case UT_EV_CALL:
		tunnel_event(st, in);
		connection_event(st, in);
		break;
	case UT_EV_PPP_STARTED:
	case UT_EV_PPP_UP:
	case UT_EV_PPP_ENDED:
		link_event(st, in);
		break;
	}
}

/* 32-bit milliseconds back to microseconds near `now`; rounded up, so that a deadline is never early. */
static struct ut_time
time_of_tick(const struct ut_engine *e, struct ut_tick tick)
{
	uint64_t now_ms = e->now.us / 1000;
	int32_t ahead = (int32_t)(tick.ms - (uint32_t)now_ms);

	return (struct ut_time){ ahead <= 0 ? e->now.us : (now_ms + (uint32_t)ahead) * 1000 };
}

static void
set_deadline(struct ut_engine *e, struct ut_effects *out)
{
	struct ut_tick when;

	out->has_deadline = ut_wheel_next(&e->wheel, &when);
	if (out->has_deadline)
		out->deadline = time_of_tick(e, when);
}

/* A quarter of what 32-bit milliseconds can tell apart: twelve days without an event. */
#define GAP_MAX_US ((UINT64_C(1) << 30) * 1000)

void
ut_engine_step(struct ut_engine *e, const struct ut_event *in, struct ut_effects *out)
{
	struct step st = { .e = e, .out = out };
	uint64_t gap_us;

	assert(out->cap >= UT_EFFECTS_MIN && out->octets_cap >= UT_EFFECT_OCTETS_MIN);
	out->n = out->octets_n = out->taken = 0;
	gap_us = in->now.us > e->now.us ? in->now.us - e->now.us : 0;
	e->now.us += gap_us;
	st.now = (struct ut_tick){ (uint32_t)(e->now.us / 1000) };
	if (!e->wheel_started) {
		ut_wheel_init(&e->wheel, engine_nodes(e), engine_n_nodes(e), st.now);
		e->wheel_started = 1;
	}
	if (gap_us > GAP_MAX_US)
		timer_all_due(&st);
	timer_keep_time(&st);
	assert(e->work_n <= WORK_MAX - 8); /* `more` was set, and not answered with randomness and CONTINUE */
	take_event(&st, in);
	out->more = drain(&st, in->kind == UT_EV_DEADLINE || in->kind == UT_EV_CONTINUE);
	out->random_wanted =
	    e->random_n < RANDOM_MAX / 2 + RANDOM_NEED ? (size_t)RANDOM_MAX - e->random_n : 0;
	set_deadline(e, out);
}

/* ---- looking in ---- */

const char *
ut_pool_name(enum ut_pool pool)
{
	static const char *const names[UT_POOL_N] = {
		"tunnels", "sessions", "message blocks", "randomness", "control connections", "calls"
	};

	return pool < UT_POOL_N ? names[pool] : "?";
}

const char *
ut_engine_client_state(const struct ut_engine *e, struct ut_ref ref)
{
	return ut_client_machine.states[engine_client((struct ut_engine *)(uintptr_t)e, ref.index)->state];
}

const char *
ut_engine_link_state(const struct ut_engine *e, struct ut_ref ref)
{
	return ut_link_machine.states[engine_link((struct ut_engine *)(uintptr_t)e, ref.index)->state];
}

const char *
ut_engine_link_session_state(const struct ut_engine *engine, struct ut_ref ref)
{
	struct ut_engine *e = (struct ut_engine *)(uintptr_t)engine;

	return protocol_session_state(e, engine_link(e, ref.index));
}

const char *
ut_engine_tunnel_state(const struct ut_engine *engine, struct ut_ref ref)
{
	struct ut_engine *e = (struct ut_engine *)(uintptr_t)engine;
	uint16_t n = e->config.n_tunnels;

	if (ref.index >= n)
		return pptp_cc_orig_machine.states[engine_connection(e, (uint16_t)(ref.index - n))->state];
	return l2tp_cc_machine.states[engine_tunnel(e, ref.index)->state];
}

const char *
ut_engine_client_tunnel_state(const struct ut_engine *engine, struct ut_ref ref)
{
	struct ut_engine *e = (struct ut_engine *)(uintptr_t)engine;
	const struct client *c = engine_client(e, ref.index);
	const unsigned first = c->config.protocol == UT_PPTP ? e->config.n_tunnels : 0;

	if (c->tunnel == UT_NONE)
		return NULL;
	return ut_engine_tunnel_state(e, (struct ut_ref){ .index = (uint16_t)(first + c->tunnel) });
}

struct ut_engine_counts
ut_engine_counts(const struct ut_engine *engine)
{
	struct ut_engine *e = (struct ut_engine *)(uintptr_t)engine;
	struct ut_engine_counts n = { .tunnels = e->n_tunnels,
				      .sessions = e->n_sessions,
				      .connections = e->n_connections,
				      .calls = e->n_calls,
				      .blocks_free = e->blocks.n_free };

	for (uint16_t i = 0; i < e->config.n_tunnels; i++) {
		const struct tunnel *t = engine_tunnel(e, i);

		if ((t->flags & TUNNEL_USED) != 0 && t->state == L2TP_CC_ESTABLISHED)
			n.established++;
		if ((t->flags & TUNNEL_DRAINING) != 0)
			n.draining++;
	}
	for (uint16_t i = 0; i < e->config.n_connections; i++)
		n.connections_established =
		    (uint16_t)(n.connections_established +
			       (engine_connection(e, i)->state == PPTP_CC_ESTABLISHED));
	for (uint16_t i = 0; i < e->config.n_clients; i++)
		n.clients = (uint16_t)(n.clients + engine_client(e, i)->used);
	for (uint16_t i = 0; i < e->config.n_links; i++)
		n.links = (uint16_t)(n.links + engine_link(e, i)->used);
	return n;
}
