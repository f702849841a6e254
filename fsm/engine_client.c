/* engine_client.c - the client's questions and actions
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fsm/engine_protocol.h"

#include <assert.h>

void
client_blame(struct client *c, struct ut_end end)
{
	c->end = ut_end_merge(c->end, end);
}

/* ---- answers ---- */

/* A refusal that will be repeated is not asked for again, unless it worked before. */
static enum ut_retry
answer_retry(const struct client *c)
{
	bool refused = ut_end_is_refusal(c->end);

	if (!c->config.reconnect || c->stops > 0)
		return UT_RETRY_NO;
	if (refused && !c->was_up)
		return UT_RETRY_NO;
	if (c->config.max_attempts > 0 && c->attempts >= c->config.max_attempts)
		return UT_RETRY_NO;
	return UT_RETRY_YES;
}

static uint8_t
answer(const struct client *c, uint8_t question)
{
	if (question == UT_CLIENT_ASK_RETRY)
		return (uint8_t)answer_retry(c);
	if (question == UT_CLIENT_ASK_CLOSED)
		return c->n_live > 0 ? UT_CLOSED_LINKS : (uint8_t)answer_retry(c);
	if (question == UT_CLIENT_ASK_STOP)
		return c->stops > 1 ? UT_STOP_AGAIN : UT_STOP_FIRST;
	return 0;
}

/* ---- actions ---- */

static void
ask(struct step *st, struct client *c, enum ut_effect_kind kind)
{
	struct ut_effect *fx = effect_add(st, kind, client_ref(st->e, c));

	fx->peer = c->peer;
	fx->path = client_path(st->e, c);
	fx->protocol = (uint8_t)c->config.protocol;
}

static void
resolve(struct step *st, struct client *c)
{
	c->attempts = (uint16_t)(c->attempts + (c->attempts < UINT16_MAX));
	c->end = (struct ut_end){ .cause = UT_CAUSE_NONE };
	c->started = st->now;
	report_add(st, UT_REPORT_ATTEMPT, client_ref(st->e, c))->number = c->attempts;
	timer_stop_client(st, c);
	if (c->config.setup_ms > 0)
		timer_set_client(st, c, c->config.setup_ms);
	ask(st, c, UT_FX_RESOLVE);
}

static void
open_path(struct step *st, struct client *c)
{
	protocol_tunnel_leave(st, c);
	c->path_use++;
	c->path_open = true;
	ask(st, c, UT_FX_OPEN_PATH);
}

static void
to_links(struct step *st, struct client *c, enum ut_link_event event)
{
	work_add(st, WORK_LINKS, (uint8_t)event, link_ref(st->e, engine_link(st->e, c->first_link)));
}

static void
open_tunnel(struct step *st, struct client *c)
{
	if (!protocol_tunnel_open(st, c)) {
		client_blame(c, (struct ut_end){ .cause = UT_CAUSE_SYSTEM });
		work_client(st, client_number(st->e, c), UT_CLIENT_EV_TUNNEL_DOWN);
		return;
	}
	report_add(st, UT_REPORT_DIALLING, client_ref(st->e, c))->peer = c->peer;
	c->n_live = c->config.n_links;
	to_links(st, c, UT_LINK_EV_START);
}

static void
end_links(struct step *st, struct client *c)
{
	timer_stop_client(st, c);
	if (c->n_live == 0)
		work_client(st, client_number(st->e, c), UT_CLIENT_EV_LINKS_ENDED);
	else
		to_links(st, c, UT_LINK_EV_STOP);
}

static void
hurry(struct step *st, struct client *c)
{
	if (c->n_live > 0)
		to_links(st, c, UT_LINK_EV_HURRY);
	else
		timer_set_client(st, c, 0);
}

static void
close_tunnel(struct step *st, struct client *c)
{
	timer_set_client(st, c, c->stops > 1 ? 0 : c->config.close_ms);
	protocol_tunnel_close(st, c);
}

/* Doubling from the first to the cap, less up to a quarter at random, so that many do not come at once. */
static uint32_t
backoff_ms(struct step *st, const struct client *c)
{
	uint32_t ms = c->config.backoff_first_ms;
	uint16_t jitter = 0;

	for (unsigned k = 1; k < c->attempts && ms < c->config.backoff_cap_ms; k++)
		ms *= 2;
	if (ms > c->config.backoff_cap_ms)
		ms = c->config.backoff_cap_ms;
	(void)random_take(st->e, &jitter, sizeof jitter);
	return ms - (uint32_t)((uint64_t)(ms / 4) * jitter / UINT16_MAX);
}

static void
set_backoff(struct step *st, struct client *c)
{
	uint32_t ms = backoff_ms(st, c);
	struct ut_effect *fx = report_add(st, UT_REPORT_BACKOFF, client_ref(st->e, c));

	fx->number = ms;
	fx->end = c->end;
	timer_set_client(st, c, ms);
}

static void
end(struct step *st, struct client *c)
{
	timer_stop_client(st, c);
	protocol_tunnel_leave(st, c);
	report_add(st, UT_REPORT_ENDED, client_ref(st->e, c))->end = c->end;
}

static void
act(struct step *st, struct client *c, uint8_t action)
{
	switch ((enum ut_client_action)action) {
	case UT_CLIENT_DO_NOTHING:
		break;
	case UT_CLIENT_DO_RESOLVE:
		resolve(st, c);
		break;
	case UT_CLIENT_DO_PROTECT:
		report_add(st, UT_REPORT_RESOLVED, client_ref(st->e, c))->peer = c->peer;
		ask(st, c, UT_FX_PROTECT);
		break;
	case UT_CLIENT_DO_PROBE:
		ask(st, c, UT_FX_PROBE);
		break;
	case UT_CLIENT_DO_OPEN_PATH:
		open_path(st, c);
		break;
	case UT_CLIENT_DO_OPEN_TUNNEL:
		open_tunnel(st, c);
		break;
	case UT_CLIENT_DO_SET_UP_DONE:
		timer_stop_client(st, c);
		break;
	case UT_CLIENT_DO_CANCEL:
		effect_add(st, UT_FX_CANCEL, client_ref(st->e, c));
		break;
	case UT_CLIENT_DO_END_LINKS:
		end_links(st, c);
		break;
	case UT_CLIENT_DO_CLOSE_TUNNEL:
		close_tunnel(st, c);
		break;
	case UT_CLIENT_DO_DROP_TUNNEL:
		protocol_tunnel_drop(st, c);
		break;
	case UT_CLIENT_DO_HURRY:
		hurry(st, c);
		break;
	case UT_CLIENT_DO_ASK_PEER:
		protocol_tunnel_ask(st, c);
		break;
	case UT_CLIENT_DO_SET_BACKOFF:
		set_backoff(st, c);
		break;
	case UT_CLIENT_DO_END:
		end(st, c);
		break;
	case UT_CLIENT_ACTION_N:
		assert(false && "an action");
	}
}

void
client_step(struct step *st, struct client *c, enum ut_client_event event)
{
	const struct ut_machine *m = &ut_client_machine;
	uint8_t state = c->state, said;
	const struct ut_row *row;

	if (event == UT_CLIENT_EV_TIMER && (state == UT_CLIENT_RESOLVE || state == UT_CLIENT_DIAL ||
					    state == UT_CLIENT_PROTECT || state == UT_CLIENT_PROBE))
		client_blame(c, (struct ut_end){ .cause = UT_CAUSE_NETWORK, .code = UT_CODE_TIMEOUT });
	said = answer(c, ut_table_question(m, state, (uint8_t)event));
	row = machine_step(st, m, client_ref(st->e, c), &c->state, (uint8_t)event, said);
	trace_owner(st, client_number(st->e, c), UT_NONE);
	for (unsigned k = 0; k < UT_ROW_ACTIONS && row->actions[k] != 0; k++)
		act(st, c, row->actions[k]);
}

/* ---- events from the host ---- */

static struct ut_end
end_of_errno(enum ut_cause cause, int err)
{
	return (struct ut_end){ .cause = (uint8_t)cause, .code = err };
}

/* A result that nobody waits for explains nothing. */
static bool
is_late(const struct client *c, enum ut_client_event event)
{
	return ut_table_match(&ut_client_machine, c->state, (uint8_t)event, 0)->actions[0] ==
	       UT_CLIENT_DO_NOTHING;
}

static void
judge(struct step *st, struct client *c, const struct ut_event *in, enum ut_client_event ok,
      enum ut_client_event bad, enum ut_cause cause)
{
	enum ut_client_event event = in->err == 0 ? ok : bad;

	if (in->err != 0 && !is_late(c, event))
		client_blame(c, end_of_errno(cause, in->err));
	client_step(st, c, event);
}

static void
take(struct step *st, struct client *c, const struct ut_event *in)
{
	switch (in->kind) {
	case UT_EV_START:
		if (c->state == UT_CLIENT_IDLE) {
			c->stops = 0;
			c->was_up = 0;
			c->attempts = 0;
		}
		client_step(st, c, UT_CLIENT_EV_START);
		break;
	case UT_EV_STOP:
		c->stops = (uint8_t)(c->stops + (c->stops < UINT8_MAX));
		if (c->state == UT_CLIENT_BACKOFF) /* that attempt is over: its end is not ours */
			c->end = (struct ut_end){ .cause = UT_CAUSE_NONE };
		client_blame(c, in->end);
		client_step(st, c, UT_CLIENT_EV_STOP);
		break;
	case UT_EV_RESOLVED:
		if (in->err == 0 && c->state == UT_CLIENT_RESOLVE)
			c->peer = in->peer;
		judge(st, c, in, UT_CLIENT_EV_RESOLVED, UT_CLIENT_EV_RESOLVE_FAILED, UT_CAUSE_NETWORK);
		break;
	case UT_EV_PROTECTED:
		judge(st, c, in, UT_CLIENT_EV_PROTECTED, UT_CLIENT_EV_PROTECT_FAILED, UT_CAUSE_NETWORK);
		break;
	case UT_EV_PROBED:
		judge(st, c, in, UT_CLIENT_EV_PROBED, UT_CLIENT_EV_PROBE_FAILED, UT_CAUSE_SYSTEM);
		break;
	case UT_EV_PATH_OPENED:
		if (c->tunnel != UT_NONE)
			break; /* it was opened before */
		c->local = in->local;
		judge(st, c, in, UT_CLIENT_EV_PATH_OPEN, UT_CLIENT_EV_PATH_FAILED, UT_CAUSE_NETWORK);
		break;
	case UT_EV_PATH_LOST:
		if (!is_late(c, UT_CLIENT_EV_PATH_LOST))
			client_blame(c, end_of_errno(UT_CAUSE_NETWORK, in->err));
		client_step(st, c, UT_CLIENT_EV_PATH_LOST);
		break;
	case UT_EV_NETWORK:
		client_step(st, c, UT_CLIENT_EV_NETWORK);
		break;
	case UT_EV_CONTINUE:
	case UT_EV_RANDOM:
	case UT_EV_DEADLINE:
	case UT_EV_DATAGRAM:
	case UT_EV_ACCEPTED:
	case UT_EV_STREAM:
	case UT_EV_STREAM_CLOSED:
	case UT_EV_SESSION_RESERVED:
	case UT_EV_CALL:
	case UT_EV_SESSION_OPENED:
	case UT_EV_SESSION_CLOSE:
	case UT_EV_TUNNEL_CLOSE:
	case UT_EV_PPP_STARTED:
	case UT_EV_PPP_UP:
	case UT_EV_PPP_ENDED:
	case UT_EVENT_N:
		assert(false && "an event of a client");
	}
}

void
client_event(struct step *st, const struct ut_event *in)
{
	struct client *c;

	if (in->ref.index >= st->e->config.n_clients)
		return;
	c = engine_client(st->e, in->ref.index);
	if (c->used && c->generation == in->ref.generation)
		take(st, c, in);
}
