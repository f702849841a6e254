/* drive.c - an engine driven by an input: what the engine targets of both protocols do alike
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fuzz/drive.h"

enum { RANDOM_OCTETS = 256 };

unsigned
drive_take(struct drive *d)
{
	return d->in < d->end ? *d->in++ : 0;
}

uint64_t
drive_noise(struct drive *d)
{
	d->noise ^= d->noise << 13;
	d->noise ^= d->noise >> 7;
	d->noise ^= d->noise << 17;
	return d->noise;
}

/* ---- answers ---- */

enum ut_event_kind
drive_answer_to(enum ut_effect_kind kind)
{
	static const struct {
		enum ut_effect_kind effect;
		enum ut_event_kind event;
	} answers[] = {
		{ UT_FX_RESOLVE, UT_EV_RESOLVED },
		{ UT_FX_PROTECT, UT_EV_PROTECTED },
		{ UT_FX_PROBE, UT_EV_PROBED },
		{ UT_FX_OPEN_PATH, UT_EV_PATH_OPENED },
		{ UT_FX_RESERVE_SESSION, UT_EV_SESSION_RESERVED },
		{ UT_FX_OPEN_SESSION, UT_EV_SESSION_OPENED },
		{ UT_FX_START_PPP, UT_EV_PPP_UP },
		{ UT_FX_STOP_PPP, UT_EV_PPP_ENDED },
		{ UT_FX_HANGUP_PPP, UT_EV_PPP_ENDED },
		{ UT_FX_KILL_PPP, UT_EV_PPP_ENDED },
	};

	for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++)
		if (answers[i].effect == kind)
			return answers[i].event;
	return UT_EVENT_N;
}

void
drive_owe(struct drive *d, struct ut_event ev)
{
	if (d->n_pending < DRIVE_PENDING_MAX)
		d->pending[d->n_pending++] = ev;
}

struct ut_event
drive_due(struct drive *d, unsigned i)
{
	const struct ut_event ev = d->pending[i];

	d->pending[i] = d->pending[--d->n_pending];
	return ev;
}

void
drive_answer_all(struct drive *d)
{
	for (unsigned n = 0; d->n_pending > 0 && n < DRIVE_PENDING_MAX; n++)
		d->answer(d, 0, 0);
}

/* ---- steps ---- */

/* What comes out has its own allocations, so that a sanitizer sees their ends. */
static void
step(struct drive *d, struct ut_event ev, bool *more, size_t *wanted)
{
	struct ut_effect *v = malloc(d->effects_cap * sizeof *v);
	uint8_t *octets = malloc(UT_EFFECT_OCTETS_MIN);
	struct ut_effects out = {
		.v = v, .cap = d->effects_cap, .octets = octets, .octets_cap = UT_EFFECT_OCTETS_MIN
	};

	CHECK(v != NULL && octets != NULL);
	ev.now = d->now;
	ut_engine_step(d->e, &ev, &out);
	CHECK(out.n <= out.cap && out.octets_n <= out.octets_cap);
	for (size_t k = 0; k < out.n; k++)
		d->carry_out(d, &v[k]);
	*more = out.more;
	*wanted = out.random_wanted;
	d->has_deadline = out.has_deadline;
	d->deadline = out.deadline;
	if (ev.kind == UT_EV_STREAM)
		d->taken = out.taken;
	free(v);
	free(octets);
}

static void
top_up(struct drive *d, bool *more, size_t *wanted)
{
	uint8_t octets[RANDOM_OCTETS] = { 0 };
	size_t n = *wanted < sizeof octets ? *wanted : sizeof octets;

	for (size_t k = 0; k < n; k++)
		octets[k] = (uint8_t)drive_noise(d);
	step(d, (struct ut_event){ .kind = UT_EV_RANDOM, .bytes = ut_slice(octets, n) }, more, wanted);
}

void
drive_feed(struct drive *d, struct ut_event ev)
{
	bool more;
	size_t wanted;

	step(d, ev, &more, &wanted);
	for (unsigned n = 0; more || wanted > 0; n++) {
		CHECK(n < d->steps_max);
		if (wanted > 0)
			top_up(d, &more, &wanted);
		else
			step(d, (struct ut_event){ .kind = UT_EV_CONTINUE }, &more, &wanted);
	}
	ut_engine_check(d->e);
}

/* ---- time ---- */

static void
go_to_deadline(struct drive *d)
{
	if (d->deadline.us > d->now.us)
		d->now = d->deadline;
}

void
drive_time(struct drive *d, unsigned how)
{
	if (how < 128 && d->has_deadline)
		go_to_deadline(d);
	else
		d->now.us += (uint64_t)1000 << (how % 20);
	drive_feed(d, (struct ut_event){ .kind = UT_EV_DEADLINE });
}

void
drive_settle(struct drive *d, uint64_t ms)
{
	const uint64_t until = d->now.us + ms * 1000;
	unsigned n = 0;

	while (d->has_deadline && d->deadline.us <= until && ++n < d->steps_max) {
		go_to_deadline(d);
		if (d->hush != NULL)
			d->hush(d);
		drive_feed(d, (struct ut_event){ .kind = UT_EV_DEADLINE });
		drive_answer_all(d);
	}
	CHECK(n < d->steps_max);
}

/* ---- beginning and end ---- */

void
drive_make_engine(struct drive *d)
{
	d->e = ut_engine_init(malloc(ut_engine_octets(&d->config)), &d->config);
	for (unsigned k = 0; k < DRIVE_LINKS; k++)
		d->link[k].index = UT_REF_NONE;
}

void
drive_make_clients(struct drive *d, struct ut_client_config c, unsigned links)
{
	uint16_t first;

	for (unsigned k = 0; k < DRIVE_CLIENTS; k++) {
		c.n_links = (uint16_t)(1 + (links >> k & 1));
		CHECK(ut_engine_client_new(d->e, &c, &d->client[k], &first));
	}
}

void
drive_stop_clients(struct drive *d)
{
	for (unsigned k = 0; k < DRIVE_CLIENTS; k++)
		drive_feed(d, (struct ut_event){ .kind = UT_EV_STOP,
						 .ref = d->client[k],
						 .end = { .cause = UT_CAUSE_USER } });
	drive_answer_all(d);
}

void
drive_free_clients(struct drive *d)
{
	for (unsigned k = 0; k < DRIVE_CLIENTS; k++) {
		CHECK(strcmp(ut_engine_client_state(d->e, d->client[k]), "idle") == 0);
		ut_engine_client_free(d->e, d->client[k]);
	}
	CHECK(ut_engine_counts(d->e).links == 0);
}

void
drive_free_engine(struct drive *d)
{
	ut_engine_fini(d->e);
	free(d->e);
}
