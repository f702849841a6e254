/* host_sweep.c - what a change means for everybody, asked a few at a time
 * SPDX-License-Identifier: Apache-2.0
 *
 * After a change of the network every profile's way to its server is looked up, each with a question to the kernel.
 * Of a few profiles that is done at once.  Many are gone through a slice a turn, so that no tunnel waits for it, and no
 * more than once a second, however often something changes: their own interfaces and routes are changes too.
 */
#include "cli/host/host_state.h"

enum { SLICE = 64, SWEEP_PAUSE_US = 1000000 };

static uint64_t
now_us(const struct host *h)
{
	return h->io.ops->now(h->io.self).us;
}

static void
begin(struct host *h)
{
	struct host_sweep *s = &h->sweep;

	s->what = s->wanted;
	s->wanted = 0;
	s->next = 0;
	s->began_us = now_us(h);
}

static void
check(struct host_profile *p, unsigned what)
{
	if ((what & HOST_SWEEP_WAY) != 0)
		host_network_check_profile(p);
	if ((what & HOST_SWEEP_IPSEC) != 0)
		host_protect_check(p);
	if ((what & HOST_SWEEP_ASK) != 0)
		host_network_ask(p);
}

static void
go_on(struct host *h)
{
	struct host_sweep *s = &h->sweep;
	unsigned n = 0;

	for (; s->next < h->slots.n_fresh && n < SLICE; s->next++) {
		struct host_profile *p = h->profiles[s->next];

		if (p == NULL || p->is_ended)
			continue;
		check(p, s->what);
		n++;
	}
	if (s->next >= h->slots.n_fresh)
		s->what = 0;
}

static bool
may_begin(const struct host *h, uint64_t now)
{
	return h->n_profiles <= SLICE || h->sweep.began_us == 0 || now - h->sweep.began_us >= SWEEP_PAUSE_US;
}

void
host_sweep_turn(struct host *h)
{
	struct host_sweep *s = &h->sweep;
	const uint64_t now = now_us(h);

	if (s->what == 0 && s->wanted != 0 && may_begin(h, now))
		begin(h);
	if (s->what != 0)
		go_on(h);
	if (s->what == 0 && s->wanted != 0)
		host_timers_set_once(&h->timers, host_timer_own(h, HOST_TIMER_SWEEP), now,
				     s->began_us + SWEEP_PAUSE_US);
}

bool
host_sweep_is_under_way(const struct host *h)
{
	return h->sweep.what != 0;
}

void
host_sweep_want(struct host *h, unsigned what)
{
	h->sweep.wanted |= what;
	if (h->sweep.what == 0)
		host_sweep_turn(h);
}
