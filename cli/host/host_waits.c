/* host_waits.c - what the host waits for itself: pauses, second thoughts, and things given up
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/host/host_state.h"

static uint64_t
now_us(const struct host *h)
{
	return h->io.ops->now(h->io.self).us;
}

unsigned
host_timer_own(const struct host *h, enum host_own_timer timer)
{
	return (unsigned)h->engine_config.n_clients + h->engine_config.n_links + timer;
}

unsigned
host_timers_count(const struct host *h)
{
	return host_timer_own(h, HOST_OWN_TIMER_N);
}

static unsigned
timer_of_link(const struct host_link *l)
{
	return (unsigned)(l->host->engine_config.n_clients + (l - l->host->links));
}

/* ---- a profile's: one timer for all it waits for ---- */

static void
earliest(uint64_t *next, uint64_t since, uint64_t pause)
{
	if (since != 0 && since + pause < *next)
		*next = since + pause;
}

void
host_waits_changed(struct host_profile *p)
{
	struct host *h = p->host;
	uint64_t next = UINT64_MAX;

	earliest(&next, p->network_waits ? p->network_us : 0, HOST_NETWORK_PAUSE_US);
	earliest(&next, p->address_gone_us, HOST_ADDRESS_GONE_US);
	earliest(&next, p->reserved.waits_since_us, HOST_IPSEC_WAIT_US);
	if (next != UINT64_MAX)
		host_timers_set(&h->timers, p->index, now_us(h), next);
}

static bool
is_over(uint64_t now, uint64_t since, uint64_t pause)
{
	return since != 0 && now - since >= pause;
}

static void
look_at_profile(struct host_profile *p, uint64_t now)
{
	if (p->network_waits && is_over(now, p->network_us, HOST_NETWORK_PAUSE_US))
		host_network_ask(p);
	if (is_over(now, p->address_gone_us, HOST_ADDRESS_GONE_US))
		host_network_address_is_lost(p);
	if (is_over(now, p->reserved.waits_since_us, HOST_IPSEC_WAIT_US))
		host_protect_give_up(p);
	host_waits_changed(p);
}

/* ---- a link's: its interface is gone ---- */

void
host_waits_for_pppd(struct host_link *l)
{
	host_timers_set(&l->host->timers, timer_of_link(l), now_us(l->host),
			l->vanished_us + HOST_VANISHED_US);
}

static void
look_at_link(struct host_link *l, uint64_t now)
{
	if (l->is_running && is_over(now, l->vanished_us, HOST_VANISHED_US))
		host_network_link_is_lost(l);
	else if (l->is_running && l->vanished_us != 0)
		host_waits_for_pppd(l);
}

/* ---- the host's own ---- */

void
host_waits_own(struct host *h, enum host_own_timer timer, uint64_t at_us)
{
	host_timers_set_once(&h->timers, host_timer_own(h, timer), now_us(h), at_us);
}

static void
look_at_own(struct host *h, enum host_own_timer timer, uint64_t now)
{
	switch (timer) {
	case HOST_TIMER_STREAMS:
		host_streams_timers(h, now);
		break;
	case HOST_TIMER_LOOK:
		host_drivers_look(h, now);
		break;
	case HOST_TIMER_SWEEP:
		host_sweep_turn(h);
		break;
	case HOST_OWN_TIMER_N:
		break;
	}
}

static void
run(struct host *h, unsigned timer, uint64_t now)
{
	const unsigned links = h->engine_config.n_clients, own = host_timer_own(h, 0);

	if (timer >= own)
		look_at_own(h, (enum host_own_timer)(timer - own), now);
	else if (timer >= links)
		look_at_link(&h->links[timer - links], now);
	else if (h->profiles[timer] != NULL && !h->profiles[timer]->is_ended)
		look_at_profile(h->profiles[timer], now);
}

void
host_waits_run(struct host *h)
{
	const uint64_t now = now_us(h);
	uint16_t timer;

	while ((timer = host_timers_take(&h->timers, now)) != UT_WHEEL_NONE)
		run(h, timer, now);
}

bool
host_waits_next(const struct host *h, struct ut_time *until)
{
	const uint64_t now = now_us(h);

	if (host_sweep_is_under_way(h)) {
		until->us = now;
		return true;
	}
	return host_timers_next(&h->timers, now, &until->us);
}
