/* world_stream.c - TCP connections: opened, accepted, cut, merged, closed, reset and refused
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/model/world_internal.h"

#include <stdlib.h>

enum { REFUSED = 111, TIMED_OUT = 110, CONNECTION_RESET = 104 };
static const uint32_t unnamed = UINT32_MAX; /* a path that the engine has not named yet */

static unsigned
side_of_end(const struct world_pipe *p, unsigned end)
{
	return end == 0 ? p->side : !p->side;
}

static void
free_pipe_if_done(struct world_pipe *p)
{
	if (!p->connecting && !p->accepting && !p->is_open[0] && !p->is_open[1])
		memset(p, 0, sizeof *p);
}

static struct world_pipe *
pipe_of_path(struct world *w, unsigned side, struct ut_path path, unsigned *end)
{
	for (unsigned i = 0; i < w->n_pipes; i++)
		for (*end = 0; *end < 2; ++*end) {
			struct world_pipe *const p = &w->pipes[i];

			if (p->used && side_of_end(p, *end) == side && p->path[*end].v == path.v &&
			    (p->is_open[*end] || (p->connecting && *end == 0)))
				return p;
		}
	return NULL;
}

void
world_pipe_open(struct world *w, unsigned side, const struct ut_effect *fx)
{
	for (unsigned i = 0; i < w->n_pipes; i++) {
		struct world_pipe *const p = &w->pipes[i];

		if (p->used)
			continue;
		p->used = p->connecting = true;
		p->side = (uint8_t)side;
		p->client = fx->ref;
		p->path[0] = fx->path;
		return;
	}
	world_breaks(w, "more connections are open than this conversation can need");
}

/* Octets for an end that can still read them. */
static void
push(struct world *w, struct world_pipe *p, unsigned end, struct ut_slice bytes)
{
	struct world_flow *const flow = &p->to[end];

	if (w->is_severed || flow->fin || flow->reset || (!p->is_open[end] && !(p->accepting && end == 1)))
		return;
	if (flow->n + bytes.n > sizeof flow->octets) {
		world_breaks(w, "more is under way than this conversation can need");
		return;
	}
	memcpy(flow->octets + flow->n, bytes.p, bytes.n);
	flow->n = (uint16_t)(flow->n + bytes.n);
}

void
world_pipe_accepted(struct world *w, unsigned side, const struct ut_effect *fx)
{
	for (unsigned i = 0; i < w->n_pipes; i++) {
		struct world_pipe *const p = &w->pipes[i];

		if (!p->used || side_of_end(p, 1) != side || p->path[1].v != unnamed)
			continue;
		p->path[1] = fx->path;
		p->is_open[1] = fx->kind == UT_FX_ACCEPT_PATH;
		if (p->is_open[1])
			return;
		push(w, p, 0, fx->bytes);
		p->to[0].fin = !w->is_severed;
	}
}

void
world_pipe_send(struct world *w, unsigned side, const struct ut_effect *fx)
{
	unsigned end;
	struct world_pipe *const p = pipe_of_path(w, side, fx->path, &end);

	if (p == NULL) {
		world_breaks(w, "something is sent on a connection that was given back");
		return;
	}
	if (fx->bytes.n > PPTP_HEADER_OCTETS && ut_get_u16(fx->bytes.p + 8) == PPTP_STOPCCRQ)
		w->is_stopped = true;
	push(w, p, !end, fx->bytes);
}

static void
drop_octets(struct world_flow *flow)
{
	memset(flow, 0, sizeof *flow);
}

void
world_pipe_give_back(struct world *w, unsigned side, const struct ut_effect *fx)
{
	unsigned end;
	struct world_pipe *const p = pipe_of_path(w, side, fx->path, &end);

	if (p == NULL) {
		world_breaks(w, "a connection is given back twice");
		return;
	}
	if (p->connecting) {
		p->connecting = false;
	} else {
		p->is_open[end] = false;
		drop_octets(&p->to[end]);
		if (fx->kind == UT_FX_RESET_PATH)
			drop_octets(&p->to[!end]);
		if (!w->is_severed && (p->is_open[!end] || p->accepting) && !p->to[!end].reset) {
			p->to[!end].fin = fx->kind == UT_FX_CLOSE_PATH;
			p->to[!end].reset = fx->kind == UT_FX_RESET_PATH;
		}
	}
	free_pipe_if_done(p);
}

/* ---- moves ---- */

static void
connect_pipe(struct world *w, struct world_pipe *p, int err)
{
	const struct ut_event ev = { .kind = UT_EV_PATH_OPENED,
				     .ref = p->client,
				     .local = world_address(UT_PPTP, p->side),
				     .err = err };
	const unsigned side = p->side;

	p->connecting = false;
	p->is_open[0] = true;
	p->accepting = err == 0;
	p->path[1].v = err == 0 ? unnamed : 0;
	world_feed(w, side, ev);
}

static void
accept_pipe(struct world *w, struct world_pipe *p)
{
	const unsigned side = side_of_end(p, 1);
	const struct ut_event ev = { .kind = UT_EV_ACCEPTED,
				     .path = w->side[side].listen,
				     .local = world_address(UT_PPTP, side),
				     .peer = world_address(UT_PPTP, p->side) };

	p->accepting = false;
	world_feed(w, side, ev);
	free_pipe_if_done(p);
}

/* How much is missing of the message in which the next `n` octets end. */
static unsigned
rest_after(const struct world_flow *flow, unsigned n)
{
	unsigned at = flow->rest;

	while (at < n)
		at += ut_get_u16(flow->octets + at); /* Length: our own messages are whole or not there */
	return at - n;
}

/* The engine takes what it has room for, and is fed the rest: world_feed() sees to that. */
static void
read_pipe(struct world *w, struct world_pipe *p, unsigned end, unsigned n)
{
	struct world_flow *const flow = &p->to[end];
	const unsigned side = side_of_end(p, end);
	uint8_t octets[WORLD_STREAM_OCTETS];
	struct ut_event ev = { .kind = UT_EV_STREAM, .path = p->path[end], .bytes = ut_slice(octets, n) };

	if (n == 0) {
		ev.kind = UT_EV_STREAM_CLOSED;
		ev.err = flow->reset ? CONNECTION_RESET : 0;
		flow->fin = flow->reset = false;
	}
	memcpy(octets, flow->octets, n);
	flow->rest = (uint16_t)rest_after(flow, n);
	flow->n = (uint16_t)(flow->n - n);
	memmove(flow->octets, flow->octets + n, flow->n);
	memset(flow->octets + flow->n, 0, n);
	world_feed(w, side, ev);
}

/* Each end hears of it in its own time. */
static void
reset_pipe(struct world_pipe *p)
{
	for (unsigned end = 0; end < 2; end++) {
		drop_octets(&p->to[end]);
		p->to[end].reset = p->is_open[end] || (p->accepting && end == 1);
	}
}

void
world_pipe_sever(struct world *w)
{
	for (unsigned i = 0; i < w->n_pipes; i++) {
		drop_octets(&w->pipes[i].to[0]);
		drop_octets(&w->pipes[i].to[1]);
	}
}

/* ---- choices ---- */

static bool
is_readable(const struct world_pipe *p, unsigned end)
{
	return p->is_open[end] && (p->to[end].n > 0 || p->to[end].fin || p->to[end].reset);
}

static struct world_choice
choice_of(enum choice_kind kind, unsigned which, unsigned octets)
{
	return (struct world_choice){ (uint8_t)kind, (uint8_t)which, (uint16_t)octets };
}

/* Where one message ends and the next begins, and within one at each cut_step. */
static bool
is_cut(const struct world *w, const struct world_flow *flow, unsigned at)
{
	return rest_after(flow, at) == 0 || at % w->cut_step == 0;
}

static unsigned
cuts(const struct world *w, unsigned which, const struct world_flow *flow, struct world_choice *out)
{
	unsigned n = 0;

	for (unsigned at = 1; w->left.cuts > 0 && at < flow->n; at++)
		if (is_cut(w, flow, at))
			out[n++] = choice_of(CHOICE_READ, which, at);
	return n;
}

static unsigned
choices_of_pipe(const struct world *w, unsigned i, struct world_choice *out)
{
	const struct world_pipe *const p = &w->pipes[i];
	unsigned n = 0;

	if (p->connecting && !w->is_severed)
		out[n++] = choice_of(CHOICE_CONNECT, i, 0);
	if (p->connecting && (w->left.failures > 0 || w->is_severed))
		out[n++] = choice_of(CHOICE_REFUSE, i, 0);
	if (p->accepting)
		out[n++] = choice_of(CHOICE_ACCEPT, i, 0);
	if (!p->connecting && w->left.resets > 0)
		out[n++] = choice_of(CHOICE_RESET, i, 0);
	for (unsigned end = 0; end < 2; end++) {
		if (!is_readable(p, end))
			continue;
		out[n++] = choice_of(CHOICE_READ, i * 2 + end, p->to[end].n);
		n += cuts(w, i * 2 + end, &p->to[end], out + n);
	}
	return n;
}

unsigned
world_pipe_choices(const struct world *w, struct world_choice *out)
{
	unsigned n = 0;

	for (unsigned i = 0; i < w->n_pipes; i++)
		if (w->pipes[i].used)
			n += choices_of_pipe(w, i, out + n);
	return n;
}

static bool
is_cutting(const struct world *w, struct world_choice c)
{
	return c.kind == CHOICE_READ && c.octets < w->pipes[c.which / 2].to[c.which % 2].n;
}

void
world_pipe_take(struct world *w, struct world_choice c)
{
	if (is_cutting(w, c))
		w->left.cuts--;
	if (c.kind == CHOICE_CONNECT) {
		connect_pipe(w, &w->pipes[c.which], 0);
	} else if (c.kind == CHOICE_REFUSE) {
		w->left.failures = (uint8_t)(w->left.failures - (w->is_severed ? 0 : 1));
		connect_pipe(w, &w->pipes[c.which], w->is_severed ? TIMED_OUT : REFUSED);
	} else if (c.kind == CHOICE_ACCEPT) {
		accept_pipe(w, &w->pipes[c.which]);
	} else if (c.kind == CHOICE_READ) {
		read_pipe(w, &w->pipes[c.which / 2], c.which % 2, c.octets);
	} else if (c.kind == CHOICE_RESET) {
		w->left.resets--;
		reset_pipe(&w->pipes[c.which]);
	} else {
		abort();
	}
}

bool
world_pipe_go_on(struct world *w)
{
	for (unsigned i = 0; i < w->n_pipes; i++) {
		struct world_pipe *const p = &w->pipes[i];

		if (p->used && p->connecting)
			connect_pipe(w, p, w->is_severed ? TIMED_OUT : 0);
		else if (p->used && p->accepting)
			accept_pipe(w, p);
		else if (p->used && is_readable(p, 0))
			read_pipe(w, p, 0, p->to[0].n);
		else if (p->used && is_readable(p, 1))
			read_pipe(w, p, 1, p->to[1].n);
		else
			continue;
		return true;
	}
	return false;
}

const char *
world_pipe_word(const struct world *w, struct world_choice c)
{
	const struct world_flow *flow;

	if (c.kind != CHOICE_READ)
		return "the connection";
	flow = &w->pipes[c.which / 2].to[c.which % 2];
	if (flow->n == 0)
		return flow->reset ? "RST" : "FIN";
	if (flow->n < PPTP_HEADER_OCTETS || pptp_message_letters(ut_get_u16(flow->octets + 8)) == NULL)
		return "the rest of a message";
	return pptp_message_letters(ut_get_u16(flow->octets + 8));
}
