/* track_letter.c - messages on their way: sent, and not yet acknowledged by who should have them
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/replay/track_internal.h"

/* How far `a` lies behind `b`: Ns has 16 bits, TCP 32. */
static int32_t
distance(enum track_protocol protocol, uint32_t a, uint32_t b)
{
	return protocol == TRACK_L2TP ? (int16_t)(uint16_t)(b - a) : (int32_t)(b - a);
}

/* True if acknowledging `position` says that this letter has arrived. */
static bool
is_covered(const struct track_connection *c, const struct track_letter *letter, uint32_t position)
{
	const int32_t ahead = distance(c->protocol, letter->position, position);

	return c->protocol == TRACK_L2TP ? ahead > 0 : ahead >= 0;
}

static void
measure(struct tracker *t, struct track_end *to, const struct track_letter *letter)
{
	const uint64_t rtt = t->now_ns - letter->time_ns;

	if (letter->is_repeated || t->now_ns < letter->time_ns)
		return;
	to->rtt_n++;
	to->rtt_sum_ns += rtt;
	if (rtt > to->rtt_max_ns)
		to->rtt_max_ns = rtt;
}

/* Takes the first letter out and has its machine receive it. */
static void
deliver(struct tracker *t, struct track_connection *c, unsigned end)
{
	struct track_end *const to = &c->ends[end];
	const struct track_letter letter = to->letters[0];
	struct track_machine *const m =
	    letter.session != NULL ? &letter.session->machines[end] : &to->machine;
	const struct track_actor a = {
		.t = t, .connection = c, .session = letter.session, .end = end, .machine = m
	};

	to->letters_n--;
	memmove(to->letters, to->letters + 1, to->letters_n * sizeof to->letters[0]);
	m->has_fault = m->has_fault || letter.is_faulty;
	if (letter.event == TRACK_NO_EVENT)
		return;
	track_machine_receive(&a, letter.event, letter.answer);
	track_after(t, c, letter.session, end);
}

void
track_letter_post(struct tracker *t, struct track_connection *c, unsigned to,
		  const struct track_letter *letter)
{
	struct track_end *const e = &c->ends[to];
	unsigned i;

	if (e->letters_n == TRACK_LETTERS)
		deliver(t, c, to);
	i = e->letters_n;
	while (i > 0 && distance(c->protocol, e->letters[i - 1].position, letter->position) < 0) {
		e->letters[i] = e->letters[i - 1];
		i--;
	}
	e->letters[i] = *letter;
	e->letters_n++;
}

void
track_letters_receive(struct tracker *t, struct track_connection *c, unsigned end, uint32_t position)
{
	struct track_end *const e = &c->ends[end];

	while (e->letters_n != 0 && is_covered(c, &e->letters[0], position)) {
		measure(t, e, &e->letters[0]);
		deliver(t, c, end);
	}
}

void
track_letters_receive_all(struct tracker *t, struct track_connection *c, unsigned end)
{
	while (c->ends[end].letters_n != 0)
		deliver(t, c, end);
}

void
track_letter_repeated(struct track_connection *c, unsigned to, uint32_t position)
{
	struct track_end *const e = &c->ends[to];

	for (unsigned i = 0; i < e->letters_n; i++)
		if (e->letters[i].position == position)
			e->letters[i].is_repeated = true;
}

void
track_letters_forget(struct track_connection *c, const struct track_session *s)
{
	for (unsigned end = 0; end < 2; end++) {
		struct track_end *const e = &c->ends[end];
		uint8_t n = 0;

		for (unsigned i = 0; i < e->letters_n; i++)
			if (e->letters[i].session != s)
				e->letters[n++] = e->letters[i];
		e->letters_n = n;
	}
}
