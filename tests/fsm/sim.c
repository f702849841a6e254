/* sim.c - two engines and the network between them, in virtual time
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/fsm/sim.h"
#include "tests/fsm/rows.h"

#include <assert.h>
#include <stdlib.h>

uint64_t
sim_random(struct sim *s)
{
	s->seed ^= s->seed << 13;
	s->seed ^= s->seed >> 7;
	s->seed ^= s->seed << 17;
	return s->seed;
}

struct sim_setup
sim_setup_default(void)
{
	struct sim_setup d;

	memset(&d, 0, sizeof d);
	d.client_params = d.server_params = ut_l2tp_params_default();
	d.server_params.accept_tunnels = d.server_params.accept_calls = true;
	d.client = (struct ut_client_config){ .n_links = 1,
					      .needs_data_path = true,
					      .setup_ms = 60000,
					      .close_ms = 3000,
					      .stop_ms = 3000,
					      .settle_ms = 1000,
					      .backoff_first_ms = 1000,
					      .backoff_cap_ms = 60000 };
	d.engine[SIM_CLIENT] = (struct ut_engine_config){ .n_params = 1,
							  .n_tunnels = 4,
							  .n_sessions = 20,
							  .n_clients = 1,
							  .n_links = SIM_LINKS,
							  .n_blocks = 64,
							  .trace = true };
	d.engine[SIM_SERVER] = (struct ut_engine_config){ .n_params = 1,
							  .n_listeners = 1,
							  .n_tunnels = 8,
							  .n_sessions = 20,
							  .n_blocks = 64,
							  .trace = true };
	d.seed = 1;
	return d;
}

static struct ut_peer
address(uint8_t last, uint16_t port)
{
	struct ut_peer p;

	memset(&p, 0, sizeof p);
	p.family = 4;
	p.port = port;
	p.address[0] = 10;
	p.address[3] = last;
	return p;
}

static struct ut_engine *
make_engine(const struct ut_engine_config *config, const struct ut_l2tp_params *params)
{
	struct ut_engine *e = ut_engine_init(malloc(ut_engine_octets(config)), config);

	ut_engine_set_params(e, 0, params);
	return e;
}

static void
feed_random(struct sim *s, unsigned side, size_t n)
{
	uint8_t octets[512] = { 0 };
	struct ut_event ev = { .kind = UT_EV_RANDOM, .bytes = ut_slice(octets, n) };

	for (size_t k = 0; k < n; k++)
		octets[k] = (uint8_t)sim_random(s);
	sim_feed(s, side, ev);
}

struct sim *
sim_new(const struct sim_setup *setup)
{
	struct sim *s = calloc(1, sizeof *s);
	uint16_t first_link;

	s->seed = setup->seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
	s->now.us = 1000000;
	s->delay_us = 1000;
	s->ppp_comes_up = true;
	s->engine[SIM_CLIENT] = make_engine(&setup->engine[SIM_CLIENT], &setup->client_params);
	s->engine[SIM_SERVER] = make_engine(&setup->engine[SIM_SERVER], &setup->server_params);
	for (unsigned side = 0; side < SIM_SIDES; side++)
		s->octets[side] = ut_engine_octets(&setup->engine[side]);
	s->address[SIM_CLIENT] = address(2, 40000);
	s->address[SIM_SERVER] = address(1, L2TP_PORT);
	if (!ut_engine_listen(s->engine[SIM_SERVER], 0, &s->listen) ||
	    !ut_engine_client_new(s->engine[SIM_CLIENT], &setup->client, &s->client, &first_link))
		abort();
	feed_random(s, SIM_CLIENT, 128);
	feed_random(s, SIM_SERVER, 128);
	return s;
}

void
sim_free(struct sim *s)
{
	for (unsigned side = 0; side < SIM_SIDES; side++) {
		ut_engine_fini(s->engine[side]);
		free(s->engine[side]);
		free(s->twin[side]);
	}
	free(s);
}

/* ---- the wire ---- */

static unsigned
message_type(const uint8_t *octets, size_t n)
{
	return n >= 20 ? ut_get_u16(octets + 18) : 0;
}

static void
put_in_flight(struct sim *s, unsigned to, const uint8_t *octets, size_t n, uint64_t delay_us)
{
	for (unsigned k = 0; k < SIM_IN_FLIGHT; k++) {
		struct sim_datagram *d = &s->in_flight[k];

		if (d->used)
			continue;
		assert(n <= sizeof d->octets);
		d->used = true;
		d->to = (uint8_t)to;
		d->at.us = s->now.us + delay_us;
		d->order = s->order++;
		d->from = s->address[!to];
		d->n = (uint16_t)n;
		memcpy(d->octets, octets, n);
		return;
	}
	abort(); /* a storm */
}

static bool
chance(struct sim *s, unsigned percent)
{
	return sim_random(s) % 100 < percent;
}

static void
transmit(struct sim *s, unsigned from, struct ut_slice bytes)
{
	uint64_t delay = s->delay_us;

	s->sent[from][message_type(bytes.p, bytes.n) % L2TP_MESSAGE_N]++;
	if (s->on_send != NULL)
		s->on_send(s, from, bytes.p, bytes.n);
	if (s->drop != NULL && s->drop(s, from, bytes.p, bytes.n))
		return;
	if (chance(s, s->loss_percent))
		return;
	if (chance(s, s->reorder_percent))
		delay += 1000 + sim_random(s) % 50000;
	put_in_flight(s, !from, bytes.p, bytes.n, delay);
	if (chance(s, s->double_percent))
		put_in_flight(s, !from, bytes.p, bytes.n, delay + sim_random(s) % 50000);
}

void
sim_inject(struct sim *s, unsigned to, const void *octets, size_t n)
{
	put_in_flight(s, to, octets, n, 0);
}

/* ---- the simulated host ---- */

static void
narrate(struct sim *s, unsigned side, const struct ut_effect *fx)
{
	const struct ut_trace *t = &fx->trace;

	if (s->narrate == NULL)
		return;
	fprintf(s->narrate, "%8.3f %s %-18s %s, %s -> %s  [%s]\n", (double)s->now.us / 1e6,
		side == SIM_CLIENT ? "client" : "server", t->machine->name, t->machine->states[t->state],
		t->machine->events[t->event], t->machine->states[t->next], t->machine->rows[t->row].source);
}

static unsigned
machine_number(const struct ut_machine *m)
{
	for (unsigned k = 0; k < MACHINES; k++)
		if (machine_of(k) == m)
			return k;
	abort();
}

static void
take_report(struct sim *s, unsigned side, const struct ut_effect *fx)
{
	s->n_reports[side][fx->report]++;
	if (side != SIM_CLIENT)
		return;
	if (fx->report == UT_REPORT_ENDED) {
		s->ended = fx->end;
		s->has_ended = true;
	} else if (fx->report == UT_REPORT_SESSION_ENDED) {
		s->session_end = fx->end;
	} else if (fx->report == UT_REPORT_TUNNEL_ENDED) {
		s->tunnel_end = fx->end;
	}
}

static bool
answer_kind(enum ut_effect_kind fx, enum ut_event_kind *ev)
{
	switch ((int)fx) {
	case UT_FX_RESOLVE:
		*ev = UT_EV_RESOLVED;
		return true;
	case UT_FX_PROTECT:
		*ev = UT_EV_PROTECTED;
		return true;
	case UT_FX_PROBE:
		*ev = UT_EV_PROBED;
		return true;
	case UT_FX_OPEN_PATH:
		*ev = UT_EV_PATH_OPENED;
		return true;
	case UT_FX_OPEN_SESSION:
		*ev = UT_EV_SESSION_OPENED;
		return true;
	case UT_FX_START_PPP:
		*ev = UT_EV_PPP_STARTED;
		return true;
	default:
		return false;
	}
}

static void
carry_out(struct sim *s, unsigned side, const struct ut_effect *fx)
{
	s->n_effects[side][fx->kind]++;
	if (fx->kind == UT_FX_SEND)
		transmit(s, side, fx->bytes);
	if (fx->kind == UT_FX_REPORT)
		take_report(s, side, fx);
	if (fx->kind == UT_FX_OPEN_PATH)
		s->client_path = fx->path;
	if (fx->kind == UT_FX_TRACE) {
		s->rows_hit[side][machine_number(fx->trace.machine)][fx->trace.row]++;
		rows_count(&fx->trace);
		narrate(s, side, fx);
	}
}

/* After all effects of the step: what the host did comes back as events. */
static void
answer(struct sim *s, unsigned side, const struct ut_effect *fx)
{
	struct ut_event ev = { .ref = fx->ref };
	enum sim_answer how = side == SIM_CLIENT ? s->answers[fx->kind] : SIM_DO;

	if (how == SIM_IGNORE)
		return;
	if (answer_kind(fx->kind, &ev.kind)) {
		ev.err = how == SIM_FAIL ? 5 : 0;
		ev.peer = s->address[SIM_SERVER];
		sim_feed(s, side, ev);
	}
	if (fx->kind == UT_FX_START_PPP && s->ppp_comes_up && how == SIM_DO) {
		s->link_up[fx->ref.index] = true;
		sim_feed(s, side, (struct ut_event){ .kind = UT_EV_PPP_UP, .ref = fx->ref });
	}
	if (fx->kind == UT_FX_STOP_PPP || fx->kind == UT_FX_HANGUP_PPP || fx->kind == UT_FX_KILL_PPP) {
		s->link_up[fx->ref.index] = false;
		sim_feed(
		    s, side,
		    (struct ut_event){ .kind = UT_EV_PPP_ENDED, .ref = fx->ref, .end = ut_end_of_pppd(5) });
	}
}

/* ---- twins ---- */

void
sim_make_twins(struct sim *s)
{
	for (unsigned side = 0; side < SIM_SIDES; side++) {
		s->twin[side] = malloc(s->octets[side]);
		memcpy(s->twin[side], s->engine[side], s->octets[side]);
	}
}

static bool
is_same_effect(const struct ut_effect *a, const struct ut_effect *b)
{
	struct ut_effect x = *a, y = *b;

	if (!ut_slice_is_equal(x.bytes, y.bytes))
		return false;
	x.bytes = y.bytes = ut_slice(NULL, 0);
	if (x.kind != UT_FX_REPORT && x.kind != UT_FX_TRACE)
		return memcmp(&x, &y, offsetof(struct ut_effect, report)) == 0;
	return memcmp(&x, &y, sizeof x) == 0;
}

static void
step_twin(struct sim *s, unsigned side, const struct ut_event *event, const struct ut_effects *want)
{
	struct ut_effect *v;
	uint8_t *octets;
	struct ut_effects out;

	if (s->twin[side] == NULL)
		return;
	v = malloc(want->cap * sizeof *v);
	octets = malloc(want->octets_cap);
	out =
	    (struct ut_effects){ .v = v, .cap = want->cap, .octets = octets, .octets_cap = want->octets_cap };
	ut_engine_step(s->twin[side], event, &out);
	assert(out.n == want->n && out.octets_n == want->octets_n && out.more == want->more);
	assert(out.has_deadline == want->has_deadline && out.random_wanted == want->random_wanted);
	assert(!out.has_deadline || out.deadline.us == want->deadline.us);
	assert(memcmp(out.octets, want->octets, out.octets_n) == 0);
	for (size_t k = 0; k < out.n; k++)
		assert(is_same_effect(&out.v[k], &want->v[k]));
	assert(memcmp(s->twin[side], s->engine[side], s->octets[side]) == 0);
	free(v);
	free(octets);
}

void
sim_feed(struct sim *s, unsigned side, struct ut_event event)
{
	struct ut_effect *v = malloc(SIM_EFFECTS * sizeof *v);
	uint8_t *octets = malloc(SIM_EFFECT_OCTETS);
	struct ut_effects out = {
		.v = v, .cap = SIM_EFFECTS, .octets = octets, .octets_cap = SIM_EFFECT_OCTETS
	};
	bool more;
	size_t wanted;

	event.now = s->now;
	ut_engine_step(s->engine[side], &event, &out);
	step_twin(s, side, &event, &out);
	more = out.more;
	wanted = out.random_wanted;
	for (size_t k = 0; k < out.n; k++)
		carry_out(s, side, &v[k]);
	for (size_t k = 0; k < out.n; k++)
		answer(s, side, &v[k]);
	free(v);
	free(octets);
	if (wanted > 0)
		feed_random(s, side, wanted);
	if (more)
		sim_feed(s, side, (struct ut_event){ .kind = UT_EV_CONTINUE });
	ut_engine_check(s->engine[side]);
}

void
sim_start(struct sim *s)
{
	sim_feed(s, SIM_CLIENT, (struct ut_event){ .kind = UT_EV_START, .ref = s->client });
}

void
sim_stop(struct sim *s)
{
	sim_feed(
	    s, SIM_CLIENT,
	    (struct ut_event){ .kind = UT_EV_STOP, .ref = s->client, .end = { .cause = UT_CAUSE_USER } });
}

/* ---- time ---- */

static struct sim_datagram *
next_datagram(struct sim *s)
{
	struct sim_datagram *first = NULL;

	for (unsigned k = 0; k < SIM_IN_FLIGHT; k++) {
		struct sim_datagram *d = &s->in_flight[k];

		if (d->used && (first == NULL || d->at.us < first->at.us ||
				(d->at.us == first->at.us && d->order < first->order)))
			first = d;
	}
	return first;
}

/* Peeks the engine's next deadline: CONTINUE changes nothing when nothing is left. */
static bool
deadline_of(struct sim *s, unsigned side, struct ut_time *at)
{
	struct ut_effect *v = malloc(SIM_EFFECTS * sizeof *v);
	uint8_t octets[UT_EFFECT_OCTETS_MIN];
	struct ut_effects out = { .v = v, .cap = SIM_EFFECTS, .octets = octets, .octets_cap = sizeof octets };
	struct ut_event ev = { .kind = UT_EV_RANDOM, .now = s->now };

	ut_engine_step(s->engine[side], &ev, &out);
	step_twin(s, side, &ev, &out);
	assert(out.n == 0);
	free(v);
	*at = out.deadline;
	return out.has_deadline;
}

static void
deliver(struct sim *s, struct sim_datagram *d)
{
	struct ut_event ev = { .kind = UT_EV_DATAGRAM, .peer = d->from, .bytes = ut_slice(d->octets, d->n) };
	unsigned to = d->to;
	struct sim_datagram copy = *d;

	ev.bytes.p = copy.octets;
	ev.path = to == SIM_CLIENT ? s->client_path : s->listen;
	d->used = false;
	if (!s->cut[to])
		sim_feed(s, to, ev);
}

/* One thing happens, at or before `until`; false when nothing does. */
static bool
turn(struct sim *s, uint64_t until_us)
{
	struct sim_datagram *d = next_datagram(s);
	uint64_t first = d != NULL ? d->at.us : UINT64_MAX;
	int who = -1;

	for (unsigned side = 0; side < SIM_SIDES; side++) {
		struct ut_time at;

		if (deadline_of(s, side, &at) && at.us < first) {
			first = at.us;
			who = (int)side;
		}
	}
	if (first > until_us)
		return false;
	if (first > s->now.us)
		s->now.us = first;
	if (who >= 0)
		sim_feed(s, (unsigned)who, (struct ut_event){ .kind = UT_EV_DEADLINE });
	else
		deliver(s, d);
	return true;
}

bool
sim_turn(struct sim *s, uint64_t ms)
{
	return turn(s, s->now.us + ms * 1000);
}

bool
sim_run_until(struct sim *s, bool (*done)(const struct sim *), uint64_t ms)
{
	uint64_t until = s->now.us + ms * 1000;

	while (done == NULL || !done(s)) {
		if (!turn(s, until)) {
			s->now.us = until;
			return done != NULL && done(s);
		}
	}
	return true;
}

void
sim_run(struct sim *s, uint64_t ms)
{
	(void)sim_run_until(s, NULL, ms);
}

bool
sim_is_link_up(const struct sim *s)
{
	return s->link_up[0];
}

bool
sim_has_ended(const struct sim *s)
{
	return s->has_ended;
}
