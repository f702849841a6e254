/* load.c - a host of thousands of tunnels: made, watched, counted
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/cli/host/load_parts.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* splitmix64 */
unsigned
load_draw(struct load *l, unsigned n)
{
	uint64_t z = (l->random += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (unsigned)((z ^ (z >> 31)) % n);
}

/* ---- counting ---- */

static void
set_up(struct load *l, unsigned profile, bool is_up)
{
	if (l->is_up[profile] == is_up)
		return;
	l->is_up[profile] = is_up;
	l->counts.up += is_up ? 1u : -1u;
}

static void
on_report(void *ctx, const struct host_report *r)
{
	struct load *l = ctx;

	if (r->kind == HOST_PPP_UP)
		set_up(l, r->profile, true);
	else if (r->kind == HOST_PPP_ENDED || r->kind == HOST_ENDED)
		set_up(l, r->profile, false);
	l->counts.ended += r->kind == HOST_ENDED;
	l->counts.attempts += r->kind == HOST_ATTEMPT;
	if (l->spec.report != NULL)
		l->spec.report(l->spec.report_ctx, r);
}

struct load_counts
load_counts(const struct load *l)
{
	struct load_counts counts = l->counts;

	counts.kernel = l->machine.kernel;
	counts.ppps = l->machine.n_running;
	counts.datagrams = l->server.datagrams;
	counts.server_ns = l->server.spent_ns;
	return counts;
}

/* ---- its life ---- */

static union kb_sockaddr
address(uint32_t ip)
{
	return (union kb_sockaddr){ .in = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(ip) } };
}

static void
fill_in(struct profile *p)
{
	struct profile_session *s = &p->sessions[0];

	snprintf(p->name, sizeof p->name, "load");
	snprintf(p->server, sizeof p->server, "203.0.113.1");
	p->server_port = 1701;
	snprintf(p->l2tp.host_name, sizeof p->l2tp.host_name, "client");
	p->l2tp.window = 8;
	p->l2tp.tries = 6;
	p->l2tp.hello_interval_s = 60;
	snprintf(s->user, sizeof s->user, "joe");
	s->mtu = s->mru = 1400;
	p->sessions_n = 1;
	p->timeouts = (struct profile_timeouts){ .setup_s = 60, .close_s = 5 };
	p->reconnect =
	    (struct profile_reconnect){ .enabled = true, .first_delay_ms = 1000, .max_delay_s = 60 };
}

/* Slots of descriptors are touched once, for the same reason as in load_machine_init(). */
static void
touch_descriptors(struct load *l)
{
	int *fds = malloc(l->machine.n_fds * sizeof fds[0]);
	unsigned n = 0;

	assert(fds != NULL);
	while (n < l->machine.n_fds && (fds[n] = ut_world_fd(l->world)) >= 0)
		n++;
	while (n > 0)
		l->io.ops->udp_close(l->io.self, fds[--n]);
	free(fds);
}

struct load *
load_new(const struct load_spec *spec)
{
	enum { DESCRIPTORS_EACH = 4, DELAY_US = 5000 };
	struct load *l = calloc(1, sizeof *l);
	const union kb_sockaddr client = address(LOAD_CLIENT_IP), server = address(LOAD_SERVER_IP);

	if (l == NULL)
		return NULL;
	l->spec = *spec;
	l->random = spec->seed;
	l->machine.n_fds = DESCRIPTORS_EACH * spec->tunnels + 64;
	l->world = ut_world_new(&(struct ut_world_spec){ .seed = spec->seed,
							 .delay_us = DELAY_US,
							 .sockets = l->machine.n_fds,
							 .flights = 4 * spec->tunnels + 64 });
	l->profile = calloc(1, sizeof *l->profile);
	l->is_up = calloc(spec->tunnels, sizeof l->is_up[0]);
	if (l->world == NULL || l->profile == NULL || l->is_up == NULL)
		return load_free(l);
	l->io = ut_world_io(l->world, &client);
	touch_descriptors(l);
	fill_in(l->profile);
	load_driver_use(l);
	return load_machine_init(l) && load_server_open(l, &server) ? l : load_free(l);
}

struct load *
load_free(struct load *l)
{
	l->host = host_free(l->host);
	load_server_close(l);
	assert(l->machine.n_running == 0 && l->machine.kernel == 0);
	assert(l->world == NULL || ut_world_open_fds(l->world) ==
				       (l->machine.monitor_fd > 0 ? 1 : 0)); /* not the host's to close */
	load_machine_fini(l);
	ut_world_free(l->world);
	free(l->profile);
	free(l->is_up);
	free(l);
	return NULL;
}

struct host_config
load_config(struct load *l)
{
	return (struct host_config){ .io = l->io,
				     .system = { .ops = &load_system_ops, .self = l },
				     .driver = &load_driver,
				     .max_profiles = l->spec.tunnels,
				     .max_sessions = l->spec.tunnels,
				     .trace = l->spec.trace,
				     .stays = true };
}

struct ut_world *
load_world(struct load *l)
{
	return l->world;
}

const struct profile *
load_profile(const struct load *l)
{
	return l->profile;
}

void
load_open(struct load *l)
{
	struct host_config config = load_config(l);
	struct kb_error why;

	config.report = on_report;
	config.report_ctx = l;
	const int r = host_new(&config, &l->host, &why);
	assert(r == 0);
}

struct host *
load_host(struct load *l)
{
	return l->host;
}

void
load_add(struct load *l, unsigned n)
{
	struct kb_error why;
	unsigned index;

	for (unsigned i = 0; i < n; i++) {
		const int r = host_add(l->host, l->profile, &index, &why);

		assert(r == 0);
	}
}

/* ---- time ---- */

static void
nothing(void *ctx)
{
	(void)ctx;
}

typedef bool is_so_fn(const struct load *l, unsigned n);

static bool
run_until(struct load *l, is_so_fn *is_so, unsigned n, uint64_t us)
{
	const uint64_t limit = ut_world_now(l->world).us + us;

	(void)ut_world_at(l->world, us, nothing, NULL);
	while (ut_world_now(l->world).us < limit) {
		if (is_so(l, n))
			return true;
		if (!host_turn(l->host))
			break;
	}
	return is_so(l, n);
}

static bool
never(const struct load *l, unsigned n)
{
	(void)l;
	(void)n;
	return false;
}

static bool
are_up(const struct load *l, unsigned n)
{
	return l->counts.up >= n;
}

static bool
have_ended(const struct load *l, unsigned n)
{
	return l->counts.ended >= n;
}

void
load_run(struct load *l, uint64_t us)
{
	(void)run_until(l, never, 0, us);
}

bool
load_run_until_up(struct load *l, unsigned n, uint64_t us)
{
	return run_until(l, are_up, n, us);
}

bool
load_run_until_ended(struct load *l, unsigned n, uint64_t us)
{
	return run_until(l, have_ended, n, us);
}
