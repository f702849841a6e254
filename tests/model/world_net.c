/* world_net.c - datagrams under way
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/model/world_internal.h"

int
world_compare_flights(const struct world_flight *a, const struct world_flight *b)
{
	if (a->to != b->to)
		return a->to - b->to;
	if (a->n != b->n)
		return a->n - b->n;
	return memcmp(a->octets, b->octets, a->n);
}

unsigned
world_flight_type(const struct world_flight *f)
{
	enum { AT = 18 }; /* the value of the first AVP */

	return f->n >= AT + 2 ? ut_get_u16(f->octets + AT) : 0;
}

void
world_launch(struct world *w, unsigned to, struct ut_slice bytes)
{
	struct world_flight f;
	unsigned i = w->n_flights;

	if (w->is_severed)
		return;
	if (w->n_flights == WORLD_FLIGHTS || bytes.n > sizeof f.octets) {
		world_breaks(w, "more is under way than this conversation can need");
		return;
	}
	memset(&f, 0, sizeof f);
	f.to = (uint8_t)to;
	f.n = (uint16_t)bytes.n;
	memcpy(f.octets, bytes.p, bytes.n);
	if (world_flight_type(&f) == L2TP_STOPCCN)
		w->is_stopped = true;
	for (; i > 0 && world_compare_flights(&w->flights[i - 1], &f) > 0; i--)
		w->flights[i] = w->flights[i - 1];
	w->flights[i] = f;
	w->n_flights++;
}

void
world_land(struct world *w, unsigned i)
{
	w->n_flights--;
	memmove(&w->flights[i], &w->flights[i + 1], (size_t)(w->n_flights - i) * sizeof w->flights[0]);
	memset(&w->flights[w->n_flights], 0, sizeof w->flights[0]);
}

/* Who listens hears everything there; who does not, on the socket of its client. */
void
world_deliver(struct world *w, unsigned i, bool again)
{
	const struct world_flight f = w->flights[i];
	const struct world_side *const s = &w->side[f.to];
	struct ut_event ev = { .kind = UT_EV_DATAGRAM,
			       .peer = world_address(UT_L2TP, !f.to),
			       .bytes = ut_slice(f.octets, f.n) };

	if (!again)
		world_land(w, i);
	if (!s->listens && !s->has_path)
		return; /* nobody is there */
	ev.path = s->listens ? s->listen : s->path;
	world_feed(w, f.to, ev);
}

/* Overwrites the Challenge Response of a message. */
static void
blank_response(struct world_flight *f)
{
	struct l2tp_avp_walk walk;
	struct l2tp_header header;
	struct l2tp_fault fault;
	struct l2tp_avp avp;
	const struct ut_slice all = ut_slice(f->octets, f->n);

	if (l2tp_header_decode(all, &header, &fault) != L2TP_FAULT_NONE)
		return;
	l2tp_avp_walk_init(&walk, &header, all);
	while (l2tp_avp_walk_next(&walk, &avp))
		if (avp.type == L2TP_AVP_CHALLENGE_RESPONSE)
			memset(f->octets + avp.offset + L2TP_AVP_HEADER_OCTETS, 0, avp.value.n);
}

bool
world_flights_are_alike(const struct world *a, const struct world *b)
{
	if (a->n_flights != b->n_flights)
		return false;
	for (unsigned i = 0; i < a->n_flights; i++) {
		struct world_flight x = a->flights[i], y = b->flights[i];

		blank_response(&x);
		blank_response(&y);
		if (world_compare_flights(&x, &y) != 0)
			return false;
	}
	return true;
}
