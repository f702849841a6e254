/* engine_pptp_check.c - what always holds of PPTP's part of an engine, asserted; for tests and fuzzing
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fsm/engine_pptp.h"

#include <assert.h>

static void
check_list(struct ut_engine *e, const struct connection *c)
{
	uint16_t n = 0, wanting = 0, last = UT_NONE;

	for (uint16_t i = c->first_call; i != UT_NONE; i = engine_call(e, i)->next) {
		const struct call *s = engine_call(e, i);

		assert(s->connection == connection_number(e, c) && s->prev == last);
		assert(++n <= c->n_calls);
		wanting = (uint16_t)(wanting + ((s->flags & (CALL_WANTS_OPEN | CALL_OWES_CLEAR)) != 0));
		last = i;
	}
	assert(n == c->n_calls && wanting == c->n_wanting && last == c->last_call);
}

static bool
is_call_of(struct ut_engine *e, const struct connection *c, uint16_t i)
{
	const struct call *s = engine_call(e, i);

	return (s->flags & CALL_USED) != 0 && s->connection == connection_number(e, c);
}

static void
check_connection(struct ut_engine *e, const struct connection *c)
{
	bool closed = (c->flags & CONNECTION_CLOSED) != 0;
	uint16_t node = (uint16_t)(e->config.n_tunnels + e->config.n_clients + e->config.n_links +
				   connection_number(e, c));

	assert(c->state < ((c->flags & CONNECTION_ORIGINATED) != 0 ? (unsigned)PPTP_CC_STATE_N
								   : (unsigned)PPTP_CC_RECV_STATE_N));
	assert(closed || connection_of_path(e, c->path) == c);
	assert(!closed || (c->state == PPTP_CC_IDLE && c->asks == ASKS_NOTHING));
	check_list(e, c);
	if (c->client != UT_NONE)
		assert(engine_client(e, c->client)->tunnel == connection_number(e, c));
	/* what waits for an answer has a timer that will end it */
	if (c->asks == ASKS_START || c->asks == ASKS_ECHO || c->asks == ASKS_STOP)
		assert(ut_wheel_is_armed(engine_nodes(e), node));
	if (c->asks == ASKS_CALL || c->asks == ASKS_CLEAR)
		assert(is_call_of(e, c, c->asks_call));
	assert(c->cursor == UT_NONE || is_call_of(e, c, c->cursor));
}

static void
check_call(struct ut_engine *e, const struct call *s)
{
	const struct connection *c = engine_connection(e, s->connection);

	assert((c->flags & CONNECTION_USED) != 0);
	assert(s->local_id.v != 0 && call_by_id(e, c, s->local_id) == s);
	assert((s->flags & CALL_PEER_KNOWN) == 0 || call_by_peer_id(e, c, s->peer_id) != NULL);
	assert(s->state < pptp_call_machine((enum pptp_call_kind)s->kind)->n_states);
	if (s->link != UT_NONE)
		assert(engine_link(e, s->link)->session == call_number(e, s));
	/* nothing is carried for what is over, and nothing is asked */
	if ((s->flags & CALL_OVER) != 0)
		assert(s->link == UT_NONE &&
		       (s->flags & (CALL_RESERVING | CALL_RESERVED | CALL_OPENING | CALL_WANTS_OPEN)) == 0);
}

/* What finds things finds nothing that is gone, and each thing once; who is not there has no timer. */
static void
check_finding(struct ut_engine *e)
{
	const struct ut_wheel_node *const nodes = engine_nodes(e);
	uint16_t named = 0,
		 node = (uint16_t)(engine_n_nodes(e) - e->config.n_connections - e->config.n_calls);

	for (uint16_t i = 0; i < e->config.n_connections; i++, node++)
		assert((engine_connection(e, i)->flags & CONNECTION_USED) != 0 || !e->wheel_started ||
		       !ut_wheel_is_armed(nodes, node));
	for (uint16_t i = 0; i < e->config.n_calls; i++, node++) {
		const struct call *s = engine_call(e, i);

		named = (uint16_t)(named + ((s->flags & CALL_PEER_KNOWN) != 0));
		assert((s->flags & CALL_USED) != 0 || !e->wheel_started || !ut_wheel_is_armed(nodes, node));
	}
	assert(ut_index_count(engine_call_index(e), e->config.n_calls) == e->n_calls);
	assert(ut_index_count(engine_call_peer_index(e), e->config.n_calls) == named);
}

void
pptp_check(struct ut_engine *e)
{
	uint16_t connections = 0, calls = 0;

	for (uint16_t i = 0; i < e->config.n_connections; i++) {
		if ((engine_connection(e, i)->flags & CONNECTION_USED) == 0)
			continue;
		check_connection(e, engine_connection(e, i));
		connections++;
	}
	for (uint16_t i = 0; i < e->config.n_calls; i++) {
		if ((engine_call(e, i)->flags & CALL_USED) == 0)
			continue;
		check_call(e, engine_call(e, i));
		calls++;
	}
	assert(connections == e->n_connections && calls == e->n_calls);
	check_finding(e);
}
