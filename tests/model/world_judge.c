/* world_judge.c - coming to rest, and what must hold of a world at rest
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/model/world_internal.h"

/* What an engine counts, in one word for both protocols. */
struct standing {
	unsigned tunnels, established, draining, sessions, carried;
};

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
half_open(const struct standing *n)
{
	if (n->tunnels != n->established + n->draining)
		return "a tunnel is neither up nor gone";
	if (n->sessions > 0 && n->established == 0)
		return "a session outlives its control connection";
	if (n->carried != n->sessions)
		return "a session has no data path, or a data path no session";
	return NULL;
}

static unsigned
links_up(const struct world *w)
{
	return (unsigned)__builtin_popcount(w->side[WORLD_CLIENT].links_up) +
	       (unsigned)__builtin_popcount(w->side[WORLD_SERVER].links_up);
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
	if (half_open(&c) != NULL)
		return half_open(&c);
	if (half_open(&s) != NULL)
		return half_open(&s);
	if (c.established != s.established)
		return "one end has a tunnel and the other has none";
	if (c.sessions != s.sessions)
		return "one end has a session and the other has none";
	if (world_has_ended(w) == (c.established > 0))
		return "a client has ended and its tunnel has not, or the other way round";
	if (w->has_called ? links_up(w) > c.sessions : links_up(w) != c.sessions)
		return "PPP runs without a session, or a session without PPP";
	return leak(w, &c, &s);
}
