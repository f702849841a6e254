/* engine_tunnel.c - a tunnel's slot, its ids, its transport and its end
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fsm/engine_internal.h"

#include <assert.h>

/* ---- finding ---- */

struct tunnel *
tunnel_by_tid(struct ut_engine *e, struct l2tp_tid tid)
{
	struct ut_index ix = engine_tid_index(e);

	for (uint16_t i = ut_index_first(ix, tid.v); i != UT_INDEX_NONE; i = ut_index_next(ix, i))
		if (engine_tunnel(e, i)->local_tid.v == tid.v)
			return engine_tunnel(e, i);
	return NULL;
}

/* Keyed, because peers choose what is hashed. */
static uint32_t
peer_hash(const struct ut_engine *e, const struct ut_peer *peer, struct l2tp_tid peer_tid)
{
	uint64_t h = e->hash_seed, word;

	for (unsigned k = 0; k < sizeof peer->address; k += sizeof word) {
		memcpy(&word, peer->address + k, sizeof word);
		h = (h ^ word) * UINT64_C(0x9e3779b97f4a7c15);
		h ^= h >> 29;
	}
	h = (h ^ (uint64_t)peer->port << 16 ^ peer_tid.v) * UINT64_C(0x9e3779b97f4a7c15);
	return (uint32_t)(h >> 32);
}

struct tunnel *
tunnel_by_peer(struct ut_engine *e, struct ut_path path, const struct ut_peer *peer, struct l2tp_tid peer_tid)
{
	struct ut_index ix = engine_peer_index(e);
	uint16_t i = ut_index_first(ix, peer_hash(e, peer, peer_tid));

	for (; i != UT_INDEX_NONE; i = ut_index_next(ix, i)) {
		struct tunnel *t = engine_tunnel(e, i);

		if (t->path.v == path.v && t->peer_tid.v == peer_tid.v &&
		    memcmp(&t->peer, peer, sizeof *peer) == 0)
			return t;
	}
	return NULL;
}

static void
forget_peer_tid(struct ut_engine *e, struct tunnel *t)
{
	if (t->peer_tid.v != 0)
		ut_index_remove(engine_peer_index(e), peer_hash(e, &t->peer, t->peer_tid),
				tunnel_number(e, t));
	t->peer_tid.v = 0;
}

void
tunnel_learn_peer_tid(struct ut_engine *e, struct tunnel *t, struct l2tp_tid tid)
{
	forget_peer_tid(e, t);
	t->peer_tid = tid;
	if (tid.v != 0)
		ut_index_add(engine_peer_index(e), peer_hash(e, &t->peer, tid), tunnel_number(e, t));
}

/* ---- slots ---- */

/* A random id, not 0 and not in use; 0 when randomness ran out. */
static struct l2tp_tid
new_tid(struct ut_engine *e)
{
	struct l2tp_tid tid = { 0 };

	while (tid.v == 0 || tunnel_by_tid(e, tid) != NULL)
		if (!random_take(e, &tid.v, sizeof tid.v))
			return (struct l2tp_tid){ 0 };
	return tid;
}

static struct tunnel *
free_slot(struct ut_engine *e)
{
	for (uint16_t k = 0; k < e->config.n_tunnels; k++) {
		uint16_t i = (uint16_t)((e->free_tunnel + k) % e->config.n_tunnels);

		if ((engine_tunnel(e, i)->flags & TUNNEL_USED) == 0) {
			e->free_tunnel = (uint16_t)(i + 1);
			return engine_tunnel(e, i);
		}
	}
	return NULL;
}

static void
report_refused(struct step *st, enum ut_pool pool)
{
	report_add(st, UT_REPORT_REFUSED, (struct ut_ref){ UT_REF_NONE, 0 })->number = pool;
}

struct tunnel *
tunnel_new(struct step *st, uint16_t params, uint16_t client, struct ut_path path, struct ut_peer peer)
{
	struct ut_engine *e = st->e;
	struct tunnel *t = e->n_tunnels == e->config.n_tunnels ? NULL : free_slot(e);
	struct l2tp_tid tid;

	if (t == NULL) {
		report_refused(st, UT_POOL_TUNNELS);
		return NULL;
	}
	/* Enough for the challenge too: none may go unsent for want of randomness. */
	tid = e->random_n < RANDOM_NEED ? (struct l2tp_tid){ 0 } : new_tid(e);
	if (tid.v == 0) {
		report_refused(st, UT_POOL_RANDOM);
		return NULL;
	}
	*t = (struct tunnel){ .generation = t->generation, .flags = TUNNEL_USED, .local_tid = tid };
	t->params = params;
	t->client = client;
	t->path = path;
	t->peer = peer;
	t->first_session = t->cursor = UT_NONE;
	l2tp_transport_init(&t->transport, engine_params(e, params)->receive_window);
	ut_index_add(engine_tid_index(e), tid.v, tunnel_number(e, t));
	e->n_tunnels++;
	return t;
}

void
tunnel_free(struct step *st, struct tunnel *t)
{
	struct ut_engine *e = st->e;
	uint16_t generation = (uint16_t)(t->generation + 1);

	assert(t->first_session == UT_NONE);
	l2tp_transport_clear(&t->transport, &e->blocks, engine_blocks(e));
	forget_peer_tid(e, t);
	ut_index_remove(engine_tid_index(e), t->local_tid.v, tunnel_number(e, t));
	ut_wheel_disarm(&e->wheel, engine_nodes(e), tunnel_number(e, t));
	ut_wipe(t, sizeof *t);
	t->generation = generation;
	e->n_tunnels--;
}

/* ---- sending what the window lets out ---- */

static void
start_retransmit_timer(struct step *st, struct tunnel *t)
{
	const struct ut_l2tp_params *p = engine_params(st->e, t->params);

	if (l2tp_transport_is_waiting(&t->transport))
		timer_set_tunnel(
		    st, t, TIMER_RETRANSMIT,
		    l2tp_transport_interval(&t->transport, p->retransmit_ms, p->retransmit_cap_ms));
	else
		timer_stop_tunnel(st, t, TIMER_RETRANSMIT);
}

void
tunnel_queue_flush(struct step *st, struct tunnel *t)
{
	if ((t->flags & TUNNEL_FLUSH) != 0)
		return;
	t->flags |= TUNNEL_FLUSH;
	work_add(st, WORK_FLUSH, 0, tunnel_ref(st->e, t));
}

void
tunnel_flush(struct step *st, struct tunnel *t)
{
	struct ut_block *blocks = engine_blocks(st->e);
	bool was_waiting = l2tp_transport_is_waiting(&t->transport);
	uint16_t block = l2tp_transport_next(&t->transport, blocks);
	struct ut_effect *fx;
	uint8_t *octets;

	t->flags &= (uint8_t)~TUNNEL_FLUSH;
	if (block == UT_BLOCK_NONE)
		return;
	octets = effect_octets(st, blocks[block].octets);
	ut_blocks_get(blocks, block, octets);
	l2tp_message_set_nr(octets, t->transport.nr);
	fx = effect_add(st, UT_FX_SEND, tunnel_ref(st->e, t));
	fx->path = t->path;
	fx->peer = t->peer;
	fx->bytes = ut_slice(octets, blocks[block].octets);
	timer_stop_tunnel(st, t, TIMER_ACK);
	if (!was_waiting)
		start_retransmit_timer(st, t);
	tunnel_queue_flush(st, t);
}

/* ---- timers ---- */

static bool
is_due(struct step *st, struct tunnel *t, enum tunnel_timer which)
{
	if ((t->armed >> which & 1) == 0 || !ut_tick_is_reached(st->now, t->at[which]))
		return false;
	t->armed &= (uint8_t) ~(1U << which);
	return true;
}

/* RFC 2661 5.8, send again with backoff, and after so many tries clear the tunnel. */
static void
retransmit(struct step *st, struct tunnel *t)
{
	const struct ut_l2tp_params *p = engine_params(st->e, t->params);

	if (t->transport.transmissions >= p->tries) {
		if ((t->flags & TUNNEL_DRAINING) != 0) {
			tunnel_release(st, t);
			return;
		}
		t->end = ut_end_merge(t->end, (struct ut_end){ .cause = UT_CAUSE_NETWORK });
		work_cc(st, t, L2TP_CC_EV_NO_ANSWER);
		return;
	}
	l2tp_transport_timeout(&t->transport);
	report_add_tunnel(st, UT_REPORT_RETRANSMIT, t)->number = t->transport.transmissions + 1U;
	tunnel_flush(st, t);
}

/* It lingered long enough, or was half open for too long. */
static void
time_is_up(struct step *st, struct tunnel *t)
{
	if ((t->flags & TUNNEL_DRAINING) != 0) {
		tunnel_release(st, t);
		return;
	}
	t->end = ut_end_merge(t->end, (struct ut_end){ .cause = UT_CAUSE_NETWORK, .code = UT_CODE_TIMEOUT });
	work_cc(st, t, L2TP_CC_EV_ADMIN_CLOSE);
}

void
tunnel_timer(struct step *st, struct tunnel *t)
{
	if (is_due(st, t, TIMER_END)) {
		time_is_up(st, t);
		return;
	}
	if (is_due(st, t, TIMER_CALLS))
		session_end_overdue(st, t);
	if (is_due(st, t, TIMER_ACK))
		send_ack(st, t);
	if (is_due(st, t, TIMER_HELLO))
		send_hello(st, t);
	if (is_due(st, t, TIMER_RETRANSMIT))
		retransmit(st, t);
}

uint32_t
tunnel_cycle_ms(struct ut_engine *e, const struct tunnel *t)
{
	const struct ut_l2tp_params *p = engine_params(e, t->params);
	uint32_t sum = 0, ms = p->retransmit_ms;

	for (unsigned k = 0; k < p->tries; k++) {
		sum += ms < p->retransmit_cap_ms ? ms : p->retransmit_cap_ms;
		ms = ms < p->retransmit_cap_ms ? ms * 2 : ms;
	}
	return sum;
}

/* ---- the end ---- */

/* The machine is idle and every session gone: tell the client, and let the transport finish. */
void
tunnel_ended(struct step *st, struct tunnel *t)
{
	struct ut_effect *fx = effect_add(st, UT_FX_CLOSE_TUNNEL, tunnel_ref(st->e, t));

	fx->local_tid = t->local_tid;
	fx->peer_tid = t->peer_tid;
	t->flags |= TUNNEL_ENDED;
	if (t->client != UT_NONE)
		client_blame(engine_client(st->e, t->client), t->end);
	work_client(st, t->client, UT_CLIENT_EV_TUNNEL_DOWN);
	if ((t->flags & TUNNEL_LINGERING) != 0)
		timer_set_tunnel(st, t, TIMER_END, tunnel_cycle_ms(st->e, t));
	else if (t->transport.una == t->transport.ns || (t->flags & TUNNEL_HEARD) == 0)
		tunnel_release(st, t);
}

/* The slot is free again; its client, if any, hears that nothing is left of it. */
void
tunnel_release(struct step *st, struct tunnel *t)
{
	uint16_t client = t->client;

	if (client != UT_NONE) {
		engine_client(st->e, client)->tunnel = UT_NONE;
		work_client(st, client, UT_CLIENT_EV_TUNNEL_GONE);
	}
	tunnel_free(st, t);
}

/* A call of ours to an LAC (RFC 2661 7.5.2); it waits for the tunnel, if that is not open yet. */
static void
place_call(struct step *st, struct tunnel *t)
{
	struct occasion o = { .message = NULL };
	struct session *s;

	if ((t->flags & TUNNEL_DRAINING) != 0)
		return;
	s = session_new(st, t, L2TP_LNS_OC, UT_NONE);
	if (s == NULL)
		return; /* which was reported */
	session_watch(st, s);
	session_step(st, s, L2TP_SESSION_EV_LOCAL_OPEN, &o);
}

void
tunnel_event(struct step *st, const struct ut_event *in)
{
	struct tunnel *t;

	if (in->ref.index >= st->e->config.n_tunnels)
		return;
	t = engine_tunnel(st->e, in->ref.index);
	if (t->generation != in->ref.generation || (t->flags & TUNNEL_USED) == 0)
		return;
	if (in->kind == UT_EV_CALL) {
		place_call(st, t);
		return;
	}
	t->end = ut_end_merge(t->end, in->end);
	work_cc(st, t, L2TP_CC_EV_ADMIN_CLOSE);
}
