/* track_after.c - what follows when a machine has moved, or nobody knows whether
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/replay/track_internal.h"

void
track_lose(struct track_connection *c)
{
	for (unsigned i = 0; i < 2; i++)
		c->ends[i].machine.is_learning = true;
	for (struct track_session *s = c->sessions; s != NULL; s = s->next)
		s->machines[0].is_learning = s->machines[1].is_learning = true;
}

static void
close_sessions(struct tracker *t, struct track_connection *c, unsigned end)
{
	const uint8_t event = c->protocol == TRACK_L2TP ? (uint8_t)L2TP_SESSION_EV_TUNNEL_CLOSED
							: (uint8_t)PPTP_CALL_EV_CONNECTION_CLOSED;

	for (struct track_session *s = c->sessions; s != NULL; s = s->next) {
		const struct track_actor a = {
			.t = t, .connection = c, .session = s, .end = end, .machine = &s->machines[end]
		};

		if (a.machine->is_over)
			continue;
		if (a.machine->table != NULL)
			track_machine_receive(&a, event, TRACK_NO_ANSWER);
		a.machine->is_over = true;
		if (s->machines[1 - end].is_over)
			track_session_say_over(t, s);
	}
}

static void
after_session(struct tracker *t, struct track_session *s)
{
	if (s->up_ns == 0 && s->machines[0].table != NULL &&
	    s->machines[0].state == L2TP_SESSION_ESTABLISHED &&
	    s->machines[1].state == L2TP_SESSION_ESTABLISHED)
		s->up_ns = t->now_ns;
	if (s->machines[0].is_over && s->machines[1].is_over)
		track_session_say_over(t, s);
}

static void
after_connection(struct tracker *t, struct track_connection *c, unsigned end)
{
	const struct track_machine *const m = &c->ends[end].machine;
	const struct track_machine *const other = &c->ends[1 - end].machine;

	if (m->is_over)
		close_sessions(t, c, end);
	else if (c->up_ns == 0 && !c->is_learnt && m->state == other->state &&
		 m->state ==
		     (c->protocol == TRACK_L2TP ? (int)L2TP_CC_ESTABLISHED : (int)PPTP_CC_ESTABLISHED))
		c->up_ns = t->now_ns;
}

void
track_after(struct tracker *t, struct track_connection *c, struct track_session *s, unsigned end)
{
	if (s != NULL)
		after_session(t, s);
	else
		after_connection(t, c, end);
}
