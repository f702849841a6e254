/* engine_pptp_turn.c - one request at a time towards a peer, and whose turn it is
 * SPDX-License-Identifier: Apache-2.0
 *
 * Some servers read one message a turn of their loop, or give up when their answer does not fit (interop 39).  So
 * a request of ours waits until the one before it is answered; answers of ours do not.
 */
#include "fsm/engine_pptp.h"

#include <assert.h>

void
pptp_turn_queue(struct step *st, struct connection *c)
{
	if ((c->flags & CONNECTION_TURN) != 0 || c->n_wanting == 0)
		return;
	c->flags |= CONNECTION_TURN;
	work_add(st, WORK_TURN, 0, connection_ref(st->e, c));
}

void
pptp_turn_take(struct connection *c, enum connection_asks asks, uint16_t call)
{
	c->asks = (uint8_t)asks;
	c->asks_call = call;
}

void
pptp_turn_over(struct step *st, struct connection *c, enum connection_asks asks, uint16_t call)
{
	if (c->asks != asks || c->asks_call != call)
		return;
	pptp_turn_take(c, ASKS_NOTHING, UT_NONE);
	pptp_turn_queue(st, c);
}

/* A request may always be taken back: that of this very call is no hindrance. */
bool
pptp_turn_is_free_for(struct ut_engine *e, const struct connection *c, const struct call *s)
{
	return c->asks == ASKS_NOTHING || (c->asks == ASKS_CALL && c->asks_call == call_number(e, s));
}

/* What ends goes before what begins. */
static struct call *
next_wanting(struct ut_engine *e, const struct connection *c)
{
	struct call *opens = NULL;

	for (uint16_t i = c->first_call; i != UT_NONE; i = engine_call(e, i)->next) {
		struct call *s = engine_call(e, i);

		if ((s->flags & CALL_OWES_CLEAR) != 0)
			return s;
		if ((s->flags & CALL_WANTS_OPEN) != 0 && opens == NULL)
			opens = s;
	}
	return opens;
}

static void
open_call(struct step *st, struct connection *c, struct call *s)
{
	struct pptp_occasion o = { .message = NULL };

	if ((c->flags & CONNECTION_CLEARING) != 0)
		return;
	if (call_needs_data_path(st->e, s) && (s->flags & CALL_RESERVED) == 0) {
		if ((s->flags & CALL_RESERVING) == 0)
			call_reserve(st, s);
		return; /* its result brings another turn */
	}
	s->flags &= (uint8_t)~CALL_WANTS_OPEN;
	c->n_wanting--;
	call_step(st, s, PPTP_CALL_EV_OPEN, &o);
}

void
pptp_turn_run(struct step *st, struct connection *c)
{
	struct pptp_occasion o = { .message = NULL };
	struct call *s;

	c->flags &= (uint8_t)~CONNECTION_TURN;
	if (c->asks != ASKS_NOTHING || c->state != PPTP_CC_ESTABLISHED || c->n_wanting == 0)
		return;
	s = next_wanting(st->e, c);
	assert(s != NULL);
	if ((s->flags & CALL_OWES_CLEAR) == 0) {
		open_call(st, c, s);
		return;
	}
	s->flags &= (uint8_t)~CALL_OWES_CLEAR;
	c->n_wanting--;
	send_pptp_call(st, s, PPTP_CCRQ, &o);
}
