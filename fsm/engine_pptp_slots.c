/* engine_pptp_slots.c - slots, ids, lists and timers of PPTP's control connections and calls
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fsm/engine_pptp.h"

#include <assert.h>

struct ut_pptp_params *
connection_params(struct ut_engine *e, const struct connection *c)
{
	return engine_pptp_params(e, c->params);
}

/* ---- timers: a node a connection, then a node a call, behind all others ---- */

static uint16_t
first_node(const struct ut_engine *e)
{
	return (uint16_t)(e->config.n_tunnels + e->config.n_clients + e->config.n_links);
}

static uint16_t
connection_node(struct ut_engine *e, const struct connection *c)
{
	return (uint16_t)(first_node(e) + connection_number(e, c));
}

static uint16_t
call_node(struct ut_engine *e, const struct call *s)
{
	return (uint16_t)(first_node(e) + e->config.n_connections + call_number(e, s));
}

void
timer_set_connection(struct step *st, struct connection *c, uint32_t ms)
{
	ut_wheel_arm(&st->e->wheel, engine_nodes(st->e), connection_node(st->e, c), ut_tick_add(st->now, ms));
}

void
timer_stop_connection(struct step *st, struct connection *c)
{
	ut_wheel_disarm(&st->e->wheel, engine_nodes(st->e), connection_node(st->e, c));
}

void
timer_set_call(struct step *st, struct call *s, uint32_t ms)
{
	ut_wheel_arm(&st->e->wheel, engine_nodes(st->e), call_node(st->e, s), ut_tick_add(st->now, ms));
}

void
timer_stop_call(struct step *st, struct call *s)
{
	ut_wheel_disarm(&st->e->wheel, engine_nodes(st->e), call_node(st->e, s));
}

void
pptp_timer_run(struct step *st, uint16_t node)
{
	struct ut_engine *e = st->e;
	uint16_t i = (uint16_t)(node - first_node(e));

	if (i < e->config.n_connections)
		connection_timer(st, engine_connection(e, i));
	else
		call_timer(st, engine_call(e, (uint16_t)(i - e->config.n_connections)));
}

/* ---- connections ---- */

static struct connection *
free_connection(struct ut_engine *e)
{
	for (uint16_t k = 0; e->n_connections < e->config.n_connections && k < e->config.n_connections; k++) {
		uint16_t i = (uint16_t)((e->free_connection + k) % e->config.n_connections);

		if ((engine_connection(e, i)->flags & CONNECTION_USED) == 0) {
			e->free_connection = (uint16_t)(i + 1);
			return engine_connection(e, i);
		}
	}
	return NULL;
}

struct connection *
connection_new(struct step *st, uint16_t params, uint16_t client)
{
	struct ut_engine *e = st->e;
	struct connection *c = free_connection(e);

	if (c == NULL) {
		report_add(st, UT_REPORT_REFUSED, (struct ut_ref){ UT_REF_NONE, 0 })->number =
		    UT_POOL_CONNECTIONS;
		return NULL;
	}
	*c = (struct connection){ .generation = c->generation,
				  .path_use = (uint16_t)(c->path_use + 1),
				  .flags = CONNECTION_USED,
				  .params = params,
				  .client = client,
				  .first_call = UT_NONE,
				  .last_call = UT_NONE,
				  .cursor = UT_NONE,
				  .asks_call = UT_NONE };
	e->n_connections++;
	return c;
}

void
connection_free(struct step *st, struct connection *c)
{
	uint16_t generation = (uint16_t)(c->generation + 1), path_use = c->path_use;

	assert(c->first_call == UT_NONE);
	timer_stop_connection(st, c);
	*c = (struct connection){ .generation = generation, .path_use = path_use };
	st->e->n_connections--;
}

struct connection *
connection_of_path(struct ut_engine *e, struct ut_path path)
{
	uint16_t i = (uint16_t)(path.v & 0xffff);
	struct client *owner = client_of_path(e, path);
	struct connection *c;

	if (owner != NULL && owner->config.protocol == UT_PPTP)
		i = owner->tunnel;
	if (i >= e->config.n_connections)
		return NULL;
	c = engine_connection(e, i);
	return (c->flags & CONNECTION_USED) != 0 && c->path.v == path.v ? c : NULL;
}

/* ---- finding calls ---- */

static uint32_t
id_hash(uint16_t connection, struct pptp_call_id id)
{
	return id.v + connection * UINT32_C(40503);
}

struct call *
call_by_id(struct ut_engine *e, const struct connection *c, struct pptp_call_id id)
{
	struct ut_index ix = engine_call_index(e);
	uint16_t connection = connection_number(e, c);
	uint16_t i = ut_index_first(ix, id_hash(connection, id));

	for (; i != UT_INDEX_NONE; i = ut_index_next(ix, i))
		if (engine_call(e, i)->local_id.v == id.v && engine_call(e, i)->connection == connection)
			return engine_call(e, i);
	return NULL;
}

struct call *
call_by_peer_id(struct ut_engine *e, const struct connection *c, struct pptp_call_id id)
{
	struct ut_index ix = engine_call_peer_index(e);
	uint16_t connection = connection_number(e, c);
	uint16_t i = ut_index_first(ix, id_hash(connection, id));

	for (; i != UT_INDEX_NONE; i = ut_index_next(ix, i))
		if (engine_call(e, i)->peer_id.v == id.v && engine_call(e, i)->connection == connection)
			return engine_call(e, i);
	return NULL;
}

void
call_learn_peer(struct ut_engine *e, struct call *s, struct pptp_call_id id)
{
	if ((s->flags & CALL_PEER_KNOWN) != 0)
		return;
	s->flags |= CALL_PEER_KNOWN;
	s->peer_id = id;
	ut_index_add(engine_call_peer_index(e), id_hash(s->connection, id), call_number(e, s));
}

/* A random id, not in use on this connection and not 0, by which kernels understand "any"; 0 when randomness ran out. */
static struct pptp_call_id
new_id(struct ut_engine *e, const struct connection *c)
{
	struct pptp_call_id id = { 0 };

	while (id.v == 0 || call_by_id(e, c, id) != NULL)
		if (!random_take(e, &id.v, sizeof id.v))
			return (struct pptp_call_id){ 0 };
	return id;
}

bool
call_renumber(struct step *st, struct call *s)
{
	struct ut_engine *e = st->e;
	struct ut_index ix = engine_call_index(e);
	struct pptp_call_id id = new_id(e, engine_connection(e, s->connection));

	if (id.v == 0)
		return false;
	ut_index_remove(ix, id_hash(s->connection, s->local_id), call_number(e, s));
	s->local_id = id;
	ut_index_add(ix, id_hash(s->connection, id), call_number(e, s));
	return true;
}

/* ---- call slots ---- */

static struct call *
free_call(struct ut_engine *e)
{
	for (uint16_t k = 0; e->n_calls < e->config.n_calls && k < e->config.n_calls; k++) {
		uint16_t i = (uint16_t)((e->free_call + k) % e->config.n_calls);

		if ((engine_call(e, i)->flags & CALL_USED) == 0) {
			e->free_call = (uint16_t)(i + 1);
			return engine_call(e, i);
		}
	}
	return NULL;
}

/* Last in its connection's list: turns are taken oldest first. */
static void
list_append(struct ut_engine *e, struct connection *c, struct call *s)
{
	uint16_t i = call_number(e, s);

	s->connection = connection_number(e, c);
	s->next = UT_NONE;
	s->prev = c->last_call;
	if (s->prev != UT_NONE)
		engine_call(e, s->prev)->next = i;
	else
		c->first_call = i;
	c->last_call = i;
	c->n_calls++;
	if ((s->flags & (CALL_WANTS_OPEN | CALL_OWES_CLEAR)) != 0)
		c->n_wanting++;
	ut_index_add(engine_call_index(e), id_hash(s->connection, s->local_id), i);
}

static void
list_remove(struct ut_engine *e, struct connection *c, struct call *s)
{
	uint16_t i = call_number(e, s);

	if (c->cursor == i)
		c->cursor = s->next;
	if (s->prev != UT_NONE)
		engine_call(e, s->prev)->next = s->next;
	else
		c->first_call = s->next;
	if (s->next != UT_NONE)
		engine_call(e, s->next)->prev = s->prev;
	else
		c->last_call = s->prev;
	c->n_calls--;
	if ((s->flags & (CALL_WANTS_OPEN | CALL_OWES_CLEAR)) != 0)
		c->n_wanting--;
	ut_index_remove(engine_call_index(e), id_hash(s->connection, s->local_id), i);
}

struct call *
call_new(struct step *st, struct connection *c, enum pptp_call_kind kind, uint16_t link)
{
	struct ut_engine *e = st->e;
	struct call *s = free_call(e);
	struct pptp_call_id id = s == NULL ? (struct pptp_call_id){ 0 } : new_id(e, c);

	if (id.v == 0) {
		report_add(st, UT_REPORT_REFUSED, connection_ref(e, c))->number =
		    s == NULL ? UT_POOL_CALLS : UT_POOL_RANDOM;
		return NULL;
	}
	*s = (struct call){ .generation = s->generation,
			    .kind = (uint8_t)kind,
			    .flags = CALL_USED,
			    .local_id = id,
			    .link = link,
			    .serial = (uint16_t)++e->call_serial };
	list_append(e, c, s);
	e->n_calls++;
	return s;
}

void
call_free(struct step *st, struct call *s)
{
	struct ut_engine *e = st->e;
	struct connection *c = engine_connection(e, s->connection);
	uint16_t generation = (uint16_t)(s->generation + 1), i = call_number(e, s);

	timer_stop_call(st, s);
	if ((s->flags & CALL_PEER_KNOWN) != 0)
		ut_index_remove(engine_call_peer_index(e), id_hash(s->connection, s->peer_id), i);
	list_remove(e, c, s);
	*s = (struct call){ .generation = generation };
	e->n_calls--;
	pptp_turn_over(st, c, ASKS_CALL, i);
	pptp_turn_over(st, c, ASKS_CLEAR, i);
	if ((c->flags & CONNECTION_CLEARING) != 0 && c->n_calls == 0)
		work_add(st, WORK_CONNECTION, PPTP_CC_EV_CALLS_CLEARED, connection_ref(e, c));
}

void
call_move(struct ut_engine *e, struct call *s, struct connection *to)
{
	assert(s->state == PPTP_CALL_IDLE && (s->flags & CALL_PEER_KNOWN) == 0);
	list_remove(e, engine_connection(e, s->connection), s);
	list_append(e, to, s);
}
