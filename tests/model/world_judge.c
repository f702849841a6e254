/* world_judge.c - coming to rest, and what must hold of a world at rest
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/model/world_internal.h"

/* What an engine counts, in one word for both protocols. */
struct standing {
	unsigned tunnels, established, draining, sessions, carried;
};

static unsigned
bits(unsigned v)
{
	return (unsigned)__builtin_popcount(v);
}

static struct standing
standing_of(const struct world *w, unsigned side)
{
	const struct ut_engine_counts n = ut_engine_counts(world_engine(w, side));
	struct standing s = { n.tunnels, n.established, n.draining, n.sessions, 0 };

	if (w->protocol == UT_PPTP)
		s = (struct standing){ n.connections, n.connections_established, 0, n.calls, 0 };
	for (unsigned i = 0; i < WORLD_SESSIONS; i++)
		s.carried += w->side[side].kernel[i].is_carried;
	return s;
}

static bool
is_running(const struct world_side *s)
{
	return s->client.index != UT_REF_NONE && s->is_started && !s->has_ended;
}

bool
world_has_ended(const struct world *w)
{
	return !is_running(&w->side[WORLD_CLIENT]) && !is_running(&w->side[WORLD_SERVER]);
}

/* ---- coming to rest ---- */

static bool
start_one(struct world *w)
{
	for (uint8_t side = 0; side < WORLD_SIDES; side++) {
		struct world_side *const s = &w->side[side];

		if (s->client.index == UT_REF_NONE || s->is_started)
			continue;
		world_take(w, (struct world_choice){ .kind = CHOICE_START, .which = side });
		return true;
	}
	return false;
}

static bool
pass_time_until(struct world *w, uint64_t until_us)
{
	for (unsigned i = 0; i < WORLD_SIDES; i++)
		if (w->side[i].has_deadline && w->side[i].deadline_us <= until_us) {
			w->left.timeouts = 1;
			world_take(w, (struct world_choice){ .kind = CHOICE_TIME });
			return true;
		}
	return false;
}

bool
world_settle_move(struct world *w, uint64_t until_us)
{
	memset(&w->left, 0, sizeof w->left);
	if (w->n_tasks > 0)
		world_answer(w, 0, true);
	else if (w->n_flights > 0)
		world_deliver(w, 0, false);
	else
		return world_pipe_go_on(w) || start_one(w) || pass_time_until(w, until_us);
	return true;
}

/* ---- judging ---- */

static const char *
half_open(const struct world_side *side, const struct standing *n)
{
	if (n->tunnels != n->established + n->draining)
		return "a tunnel is neither up nor gone";
	if (n->sessions > 0 && n->established == 0)
		return "a session outlives its control connection";
	if (n->carried != n->sessions)
		return "a session has no data path, or a data path no session";
	if (bits(side->tunnels_told) != n->established || bits(side->sessions_told) != n->sessions)
		return "what was reported is not what there is";
	if (side->links_started != side->links_up)
		return "pppd runs, and PPP does not";
	return NULL;
}

/* Each end calls a session what the other calls its peer's. */
static bool
is_same_session(const struct world_session *a, const struct world_session *b)
{
	return b->is_carried && a->id == b->peer_id && a->peer_id == b->id && a->local_tid == b->peer_tid &&
	       a->peer_tid == b->local_tid;
}

static bool
has_other_end(const struct world *w, const struct world_session *session)
{
	for (unsigned i = 0; i < WORLD_SESSIONS; i++)
		if (is_same_session(session, &w->side[WORLD_SERVER].kernel[i]))
			return true;
	return false;
}

static const char *
mismatch(const struct world *w)
{
	for (unsigned i = 0; i < WORLD_SESSIONS; i++) {
		const struct world_session *const s = &w->side[WORLD_CLIENT].kernel[i];

		if (s->is_carried && !has_other_end(w, s))
			return "the ends of a session do not know each other by the same ids";
	}
	return NULL;
}

static unsigned
links_up(const struct world *w)
{
	return bits(w->side[WORLD_CLIENT].links_up) + bits(w->side[WORLD_SERVER].links_up);
}

/* Nothing is left when all have ended, and nobody goes on when somebody stopped. */
static const char *
leak(const struct world *w, const struct standing *c, const struct standing *s)
{
	const struct ut_engine_config config = world_config((enum ut_protocol)w->protocol);

	if (!world_has_ended(w)) {
		if (w->is_severed)
			return "the network is gone, and a tunnel stands";
		return w->is_stopped && w->side[WORLD_SERVER].client.index == UT_REF_NONE
			   ? "somebody stopped, and a tunnel stands"
			   : NULL;
	}
	if (c->tunnels != 0 || s->tunnels != 0 || c->sessions != 0 || s->sessions != 0)
		return "a slot is left behind";
	for (unsigned side = 0; side < WORLD_SIDES; side++) {
		if (ut_engine_counts(world_engine(w, side)).blocks_free != config.n_blocks)
			return "a message is left behind";
		if (w->side[side].has_deadline)
			return "a timer is left behind";
		for (unsigned i = 0; i < WORLD_SESSIONS; i++)
			if (w->side[side].kernel[i].is_reserved)
				return "an id is left behind";
	}
	for (unsigned i = 0; i < w->n_pipes; i++)
		if (w->pipes[i].used)
			return "a connection is left behind";
	return NULL;
}

const char *
world_disagreement(struct world *w)
{
	const struct standing c = standing_of(w, WORLD_CLIENT), s = standing_of(w, WORLD_SERVER);

	if (w->broken != NULL)
		return w->broken;
	if (half_open(&w->side[WORLD_CLIENT], &c) != NULL)
		return half_open(&w->side[WORLD_CLIENT], &c);
	if (half_open(&w->side[WORLD_SERVER], &s) != NULL)
		return half_open(&w->side[WORLD_SERVER], &s);
	if (c.established != s.established)
		return "one end has a tunnel and the other has none";
	if (c.sessions != s.sessions)
		return "one end has a session and the other has none";
	if (mismatch(w) != NULL)
		return mismatch(w);
	if (world_has_ended(w) == (c.established > 0))
		return "a client has ended and its tunnel has not, or the other way round";
	if (w->has_called ? links_up(w) > c.sessions : links_up(w) != c.sessions)
		return "PPP runs without a session, or a session without PPP";
	return leak(w, &c, &s);
}

bool
world_is_alike(const struct world *a, const struct world *b)
{
	if (a->now_us != b->now_us || memcmp(a->side, b->side, sizeof a->side) != 0 ||
	    memcmp(a->tasks, b->tasks, sizeof a->tasks) != 0 || !world_flights_are_alike(a, b))
		return false;
	return world_engines_are_alike(a, b, WORLD_CLIENT) && world_engines_are_alike(a, b, WORLD_SERVER);
}
