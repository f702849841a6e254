/* engine_check.c - what always holds of an engine, asserted; for tests and fuzzing
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fsm/engine_pptp.h"
#include "fsm/engine_protocol.h"

#include <assert.h>

static void
check_tunnel(struct ut_engine *e, const struct tunnel *t)
{
	const struct l2tp_transport *x = &t->transport;
	uint16_t n = 0;

	assert(t->local_tid.v != 0 && tunnel_by_tid(e, t->local_tid) == t);
	assert(t->state < L2TP_CC_STATE_N);
	assert((uint16_t)(x->ns - x->una) <= e->config.n_blocks);
	assert((uint16_t)(x->next - x->una) <= (uint16_t)(x->ns - x->una));
	assert((x->tx_head == UT_BLOCK_NONE) == (x->una == x->ns));
	/* no more is out than the peer has room for: RFC 2661 5.8 */
	assert((uint16_t)(x->next - x->una) <= (x->peer_window > 1 ? x->peer_window : 1));
	for (uint16_t i = t->first_session; i != UT_NONE; i = engine_session(e, i)->next) {
		assert(engine_session(e, i)->tunnel == tunnel_number(e, t));
		assert(++n <= t->n_sessions);
	}
	assert(n == t->n_sessions);
	/* a session does not outlive its tunnel's end */
	assert((t->flags & TUNNEL_ENDED) == 0 || n == 0);
	if (t->client != UT_NONE)
		assert(engine_client(e, t->client)->tunnel == tunnel_number(e, t));
	/* something unacknowledged always has a timer that will end it */
	if (l2tp_transport_is_waiting(x))
		assert((t->armed >> TIMER_RETRANSMIT & 1) != 0 &&
		       ut_wheel_is_armed(engine_nodes(e), tunnel_number(e, t)));
}

static void
check_session(struct ut_engine *e, const struct session *s)
{
	const struct tunnel *t = engine_tunnel(e, s->tunnel);

	assert((t->flags & TUNNEL_USED) != 0);
	assert(s->local_sid.v != 0 && session_by_sid(e, t, s->local_sid) == s);
	assert(s->state < l2tp_session_machine((enum l2tp_session_kind)s->kind)->n_states);
	if (s->link != UT_NONE)
		assert(engine_link(e, s->link)->session == session_number(e, s));
}

static void
check_client(struct ut_engine *e, const struct client *c)
{
	uint16_t live = 0;

	for (uint16_t k = 0; k < c->config.n_links; k++) {
		const struct link *l = engine_link(e, (uint16_t)(c->first_link + k));

		assert(l->used && l->client == client_number(e, c));
		live = (uint16_t)(live + link_is_live(l));
	}
	assert(live <= c->n_live); /* links that are yet to be started count as live */
	assert(c->state != UT_CLIENT_IDLE || (c->n_live == 0 && c->tunnel == UT_NONE && !c->path_open));
}

/* ---- between two events, when no work is left ---- */

static void
check_tunnel_at_rest(const struct tunnel *t)
{
	/* idle is a tunnel that is over, and no other */
	assert((t->state == L2TP_CC_IDLE) == ((t->flags & TUNNEL_DRAINING) != 0));
	assert((t->flags & TUNNEL_DRAINING) == 0 || t->n_sessions == 0);
	/* and asks for no sign of life, nor looks at calls */
	assert((t->flags & TUNNEL_DRAINING) == 0 ||
	       (t->armed & (1U << TIMER_HELLO | 1U << TIMER_CALLS)) == 0);
}

static void
check_session_at_rest(struct ut_engine *e, const struct session *s)
{
	const uint8_t tunnel = engine_tunnel(e, s->tunnel)->state;

	/* an idle call is no call yet: its data path is being opened first */
	assert(s->state != L2TP_SESSION_IDLE || (s->flags & SESSION_OPENING) != 0);
	assert((s->state == L2TP_SESSION_ESTABLISHED) == ((s->flags & SESSION_WAS_UP) != 0));
	assert(session_is_waiting(s) || tunnel == L2TP_CC_ESTABLISHED);
	/* a call that waits does so for the tunnel, or for its data path */
	assert(!session_is_waiting(s) || tunnel != L2TP_CC_ESTABLISHED || (s->flags & SESSION_OPENING) != 0);
}

static void
check_link_at_rest(struct ut_engine *e, const struct link *l)
{
	const uint16_t node = (uint16_t)(e->config.n_tunnels + e->config.n_clients + link_number(e, l));
	const bool is_timed = ut_wheel_is_armed(engine_nodes(e), node);
	const bool has_session = l->session != UT_NONE;

	switch ((enum ut_link_state)l->state) {
	case UT_LINK_IDLE:
		assert(!has_session && !l->ppp_runs && !is_timed);
		break;
	case UT_LINK_SESSION:
	case UT_LINK_LINK:
		assert(has_session && !l->ppp_runs);
		break;
	case UT_LINK_PPP:
		assert(has_session && l->ppp_runs);
		break;
	case UT_LINK_UP:
		assert(has_session && l->ppp_runs && !is_timed);
		break;
	case UT_LINK_STOPPING:
		assert(l->ppp_runs && is_timed);
		break;
	case UT_LINK_BACKOFF:
		assert(!has_session && !l->ppp_runs && is_timed);
		break;
	case UT_LINK_STATE_N:
		assert(false && "a state");
	}
}

static void
check_client_at_rest(struct ut_engine *e, const struct client *c)
{
	const bool is_timed =
	    ut_wheel_is_armed(engine_nodes(e), (uint16_t)(e->config.n_tunnels + client_number(e, c)));
	const bool has_tunnel = c->tunnel != UT_NONE;

	switch ((enum ut_client_state)c->state) {
	case UT_CLIENT_IDLE:
		assert(!is_timed && !has_tunnel && c->n_live == 0);
		break;
	case UT_CLIENT_RESOLVE:
	case UT_CLIENT_PROTECT:
	case UT_CLIENT_PROBE:
		assert(c->n_live == 0);
		break;
	case UT_CLIENT_DIAL:
		assert(c->path_open || has_tunnel);
		break;
	case UT_CLIENT_TUNNEL:
		assert(protocol_tunnel_is_up(e, c) && c->n_live > 0 && !is_timed);
		break;
	case UT_CLIENT_CLOSING:
		assert(is_timed || c->n_live > 0);
		break;
	case UT_CLIENT_BACKOFF:
		assert(is_timed && c->n_live == 0);
		break;
	case UT_CLIENT_STATE_N:
		assert(false && "a state");
	}
}

static void
check_at_rest(struct ut_engine *e)
{
	for (uint16_t i = 0; i < e->config.n_tunnels; i++)
		if ((engine_tunnel(e, i)->flags & TUNNEL_USED) != 0)
			check_tunnel_at_rest(engine_tunnel(e, i));
	for (uint16_t i = 0; i < e->config.n_sessions; i++)
		if ((engine_session(e, i)->flags & SESSION_USED) != 0)
			check_session_at_rest(e, engine_session(e, i));
	for (uint16_t i = 0; i < e->config.n_clients; i++)
		if (engine_client(e, i)->used)
			check_client_at_rest(e, engine_client(e, i));
	for (uint16_t i = 0; i < e->config.n_links; i++)
		if (engine_link(e, i)->used)
			check_link_at_rest(e, engine_link(e, i));
}

static uint16_t
count_blocks(struct ut_engine *e, uint16_t message)
{
	uint16_t n = 0;

	for (; message != UT_BLOCK_NONE; message = engine_blocks(e)[message].next_message)
		for (uint16_t i = message; i != UT_BLOCK_NONE; i = engine_blocks(e)[i].next)
			n++;
	return n;
}

/* ---- what finds things: nothing that is gone, and each thing once ---- */

static void
check_indexes(struct ut_engine *e)
{
	uint16_t named = 0;

	for (uint16_t i = 0; i < e->config.n_tunnels; i++)
		named = (uint16_t)(named + (engine_tunnel(e, i)->peer_tid.v != 0));
	assert(ut_index_count(engine_tid_index(e), e->config.n_tunnels) == e->n_tunnels);
	assert(ut_index_count(engine_sid_index(e), e->config.n_sessions) == e->n_sessions);
	assert(ut_index_count(engine_peer_index(e), e->config.n_tunnels) == named);
}

/* Who is not there has no timer, and a tunnel's is no later than its first deadline. */
static void
check_timers(struct ut_engine *e)
{
	const struct ut_wheel_node *const nodes = engine_nodes(e);
	uint16_t armed = 0;

	for (uint16_t i = 0; i < engine_n_nodes(e); i++)
		armed = (uint16_t)(armed + ut_wheel_is_armed(nodes, i));
	assert(armed == e->wheel.n_armed || !e->wheel_started);
	for (uint16_t i = 0; i < e->config.n_tunnels && e->wheel_started; i++) {
		const struct tunnel *t = engine_tunnel(e, i);

		assert(ut_wheel_is_armed(nodes, i) == (t->armed != 0));
		for (unsigned k = 0; k < TIMER_N; k++)
			assert((t->armed >> k & 1) == 0 || ut_tick_is_reached(t->at[k], nodes[i].when));
	}
}

void
ut_engine_check(const struct ut_engine *engine)
{
	struct ut_engine *e = (struct ut_engine *)(uintptr_t)engine;
	uint16_t tunnels = 0, sessions = 0, blocks = e->blocks.n_free;

	for (uint16_t i = 0; i < e->config.n_tunnels; i++) {
		const struct tunnel *t = engine_tunnel(e, i);

		if ((t->flags & TUNNEL_USED) == 0)
			continue;
		check_tunnel(e, t);
		tunnels++;
		blocks = (uint16_t)(blocks + count_blocks(e, t->transport.tx_head) +
				    count_blocks(e, t->transport.rx_head));
	}
	for (uint16_t i = 0; i < e->config.n_sessions; i++) {
		if ((engine_session(e, i)->flags & SESSION_USED) == 0)
			continue;
		check_session(e, engine_session(e, i));
		sessions++;
	}
	for (uint16_t i = 0; i < e->config.n_clients; i++)
		if (engine_client(e, i)->used)
			check_client(e, engine_client(e, i));
	assert(tunnels == e->n_tunnels && sessions == e->n_sessions && blocks == e->config.n_blocks);
	for (unsigned i = e->random_n; i < RANDOM_MAX; i++)
		assert(e->random[i] == 0); /* what became an id or a challenge is not kept */
	check_indexes(e);
	check_timers(e);
	pptp_check(e);
	if (e->work_n == 0)
		check_at_rest(e);
}
