/* engine_link.c - a client link's questions and actions
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fsm/engine_protocol.h"

#include <assert.h>

/* How PPP is asked to end, ever harder. */
enum press { PRESS_NONE, PRESS_STOP, PRESS_HANGUP, PRESS_KILL, PRESS_GIVEN_UP };

enum { HANGUP_MS = 1000, KILL_MS = 1000 };

bool
link_is_live(const struct link *l)
{
	return l->state != UT_LINK_IDLE;
}

static struct client *
owner(struct ut_engine *e, const struct link *l)
{
	return engine_client(e, l->client);
}

static bool
another_is_active(struct ut_engine *e, const struct link *l)
{
	const struct client *c = owner(e, l);

	for (uint16_t k = 0; k < c->config.n_links; k++) {
		const struct link *other = engine_link(e, (uint16_t)(c->first_link + k));

		if (other != l && link_is_live(other) && other->state != UT_LINK_BACKOFF)
			return true;
	}
	return false;
}

/* Another attempt in the same tunnel makes sense while the tunnel stands and another link holds it. */
static enum ut_retry
answer_retry(struct ut_engine *e, const struct link *l)
{
	const struct client *c = owner(e, l);

	if (!c->config.reconnect || c->stops > 0 || c->state != UT_CLIENT_TUNNEL || ut_end_is_refusal(l->end))
		return UT_RETRY_NO;
	if (!protocol_tunnel_is_up(e, c))
		return UT_RETRY_NO;
	return another_is_active(e, l) ? UT_RETRY_YES : UT_RETRY_NO;
}

/* ---- actions ---- */

static void
link_effect(struct step *st, const struct link *l, enum ut_effect_kind kind)
{
	struct ut_effect *fx = effect_add(st, kind, link_ref(st->e, l));

	fx->client = client_ref(st->e, owner(st->e, l));
	fx->link = fx->ref;
	fx->session = protocol_session_ref(st->e, l);
	fx->protocol = (uint8_t)owner(st->e, l)->config.protocol;
}

/* What is left of the client's set-up time, so that the whole way counts. */
static uint32_t
set_up_left(struct step *st, const struct client *c)
{
	uint32_t spent = st->now.ms - c->started.ms;

	return spent < c->config.setup_ms ? c->config.setup_ms - spent : 1;
}

static void
open_session(struct step *st, struct link *l)
{
	struct client *c = owner(st->e, l);

	l->end = (struct ut_end){ .cause = UT_CAUSE_NONE };
	l->press = PRESS_NONE;
	l->attempts = (uint16_t)(l->attempts + (l->attempts < UINT16_MAX));
	if (!protocol_session_open(st, l)) {
		l->end = (struct ut_end){ .cause = UT_CAUSE_SYSTEM };
		work_link(st, link_number(st->e, l), UT_LINK_EV_SESSION_DOWN);
		return;
	}
	if (c->config.setup_ms > 0)
		timer_set_link(st, l, c->state == UT_CLIENT_DIAL ? set_up_left(st, c) : c->config.setup_ms);
}

static void
close_session(struct step *st, struct link *l)
{
	timer_stop_link(st, l);
	if (l->session != UT_NONE)
		protocol_session_close(st, l);
}

static void
start_ppp(struct step *st, struct link *l)
{
	l->ppp_runs = 1;
	link_effect(st, l, UT_FX_START_PPP);
}

static void
stop_ppp(struct step *st, struct link *l)
{
	l->press = PRESS_STOP;
	link_effect(st, l, UT_FX_STOP_PPP);
	timer_set_link(st, l, owner(st->e, l)->config.stop_ms);
}

/* The call is gone, and LCP's own end may be on its way: wait for pppd's word before pressing. */
static void
await_ppp(struct step *st, struct link *l)
{
	l->press = PRESS_STOP;
	timer_set_link(st, l, owner(st->e, l)->config.settle_ms);
}

static void
press_ppp(struct step *st, struct link *l)
{
	if (l->press < PRESS_HANGUP) {
		l->press = PRESS_HANGUP;
		link_effect(st, l, UT_FX_HANGUP_PPP);
		timer_set_link(st, l, HANGUP_MS);
	} else if (l->press < PRESS_KILL) {
		l->press = PRESS_KILL;
		link_effect(st, l, UT_FX_KILL_PPP);
		timer_set_link(st, l, KILL_MS);
	} else {
		/* not even SIGKILL: it is stuck in the kernel; nothing more can be done for it */
		l->ppp_runs = 0;
		work_link(st, link_number(st->e, l), UT_LINK_EV_PPP_ENDED);
	}
}

static void
kill_ppp(struct step *st, struct link *l)
{
	l->press = PRESS_KILL;
	link_effect(st, l, UT_FX_KILL_PPP);
	timer_set_link(st, l, KILL_MS);
}

static void
set_up_done(struct step *st, struct link *l)
{
	struct client *c = owner(st->e, l);

	timer_stop_link(st, l);
	l->attempts = 0;
	c->attempts = 0;
	c->was_up = 1;
}

static void
set_backoff(struct step *st, struct link *l)
{
	const struct ut_client_config *config = &owner(st->e, l)->config;
	uint32_t ms = config->backoff_first_ms;
	struct ut_effect *fx = report_add(st, UT_REPORT_LINK_ENDED, link_ref(st->e, l));

	for (unsigned k = 1; k < l->attempts && ms < config->backoff_cap_ms; k++)
		ms *= 2;
	ms = ms < config->backoff_cap_ms ? ms : config->backoff_cap_ms;
	fx->end = l->end;
	fx->number = ms;
	timer_set_link(st, l, ms);
}

static void
end(struct step *st, struct link *l)
{
	struct client *c = owner(st->e, l);

	timer_stop_link(st, l);
	client_blame(c, l->end);
	report_add(st, UT_REPORT_LINK_ENDED, link_ref(st->e, l))->end = l->end;
	assert(c->n_live > 0);
	c->n_live--;
	if (c->n_live == 0)
		work_client(st, l->client, UT_CLIENT_EV_LINKS_ENDED);
	else if (c->state == UT_CLIENT_TUNNEL && !ut_end_is_refusal(l->end) && !another_is_active(st->e, l))
		/* the others only wait: all start afresh together, or this one would be left behind */
		work_add(st, WORK_LINKS, UT_LINK_EV_STOP, link_ref(st->e, engine_link(st->e, c->first_link)));
}

static void
act(struct step *st, struct link *l, uint8_t action)
{
	switch ((enum ut_link_action)action) {
	case UT_LINK_DO_NOTHING:
		break;
	case UT_LINK_DO_OPEN_SESSION:
		open_session(st, l);
		break;
	case UT_LINK_DO_CLOSE_SESSION:
		close_session(st, l);
		break;
	case UT_LINK_DO_START_PPP:
		start_ppp(st, l);
		break;
	case UT_LINK_DO_STOP_PPP:
		stop_ppp(st, l);
		break;
	case UT_LINK_DO_AWAIT_PPP:
		await_ppp(st, l);
		break;
	case UT_LINK_DO_PRESS_PPP:
		press_ppp(st, l);
		break;
	case UT_LINK_DO_KILL_PPP:
		kill_ppp(st, l);
		break;
	case UT_LINK_DO_SET_UP_DONE:
		set_up_done(st, l);
		break;
	case UT_LINK_DO_SET_BACKOFF:
		set_backoff(st, l);
		break;
	case UT_LINK_DO_END:
		end(st, l);
		break;
	case UT_LINK_ACTION_N:
		assert(false && "an action");
	}
}

void
link_step(struct step *st, struct link *l, enum ut_link_event event)
{
	const struct ut_machine *m = &ut_link_machine;
	uint8_t state = l->state, said = 0;
	const struct ut_row *row;

	if (event == UT_LINK_EV_STOP || event == UT_LINK_EV_HURRY)
		l->end = ut_end_merge(l->end, owner(st->e, l)->end);
	if (event == UT_LINK_EV_TIMER && state != UT_LINK_STOPPING && state != UT_LINK_BACKOFF)
		l->end = ut_end_merge(l->end,
				      (struct ut_end){ .cause = UT_CAUSE_NETWORK, .code = UT_CODE_TIMEOUT });
	if (ut_table_question(m, state, (uint8_t)event) == UT_LINK_ASK_RETRY)
		said = (uint8_t)answer_retry(st->e, l);
	row = machine_step(st, m, link_ref(st->e, l), &l->state, (uint8_t)event, said);
	trace_owner(st, l->client, link_number(st->e, l));
	for (unsigned k = 0; k < UT_ROW_ACTIONS && row->actions[k] != 0; k++)
		act(st, l, row->actions[k]);
}

void
link_event(struct step *st, const struct ut_event *in)
{
	struct link *l;

	if (in->ref.index >= st->e->config.n_links)
		return;
	l = engine_link(st->e, in->ref.index);
	if (!l->used || l->generation != in->ref.generation)
		return;
	if (in->kind == UT_EV_PPP_UP) {
		link_step(st, l, UT_LINK_EV_PPP_UP);
	} else if (in->kind == UT_EV_PPP_ENDED) {
		l->ppp_runs = 0;
		l->end = ut_end_merge(l->end, in->end);
		link_step(st, l, UT_LINK_EV_PPP_ENDED);
	} else if (in->err != 0) {
		l->ppp_runs = l->state == UT_LINK_UP; /* what is up did start */
		l->end = ut_end_merge(l->end, (struct ut_end){ .cause = UT_CAUSE_SYSTEM, .code = in->err });
		link_step(st, l, UT_LINK_EV_PPP_FAILED);
	}
}
