/* daemon.c - the life of a daemon: made, turned, stopped, undone
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/daemon/daemon_state.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "cli/plain_text.h"

enum {
	GOODBYE_US = 500 * US_PER_MS, /* clients are given to take the last events */
	SESSIONS_A_TUNNEL = 2,	      /* on average, where that is not too many */
	MANY_TUNNELS = 1024
};

/* ---- time ---- */

uint64_t
daemon_now_us(const struct daemon *d)
{
	return d->io.ops->now(d->io.self).us;
}

uint64_t
daemon_unix_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_REALTIME, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* ---- the log ---- */

void
daemon_say(struct daemon *d, bool is_warning, const char *format, ...)
{
	char text[512], safe[512];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text, sizeof text, format, args);
	va_end(args);
	plain_text_copy(text, safe, sizeof safe);
	events_log(d, &(struct log_line){ .unix_ms = daemon_unix_ms(),
					  .name = "",
					  .what = "",
					  .text = safe,
					  .is_warning = is_warning });
}

/* ---- making ---- */

/* Every tunnel may have as many sessions as a profile may, as long as the others leave room. */
static unsigned
sessions_for(unsigned tunnels)
{
	return tunnels > MANY_TUNNELS ? tunnels : SESSIONS_A_TUNNEL * tunnels + PROFILE_SESSIONS_MAX;
}

static int
open_host(struct daemon *d, struct kb_error *why)
{
	const struct daemon_config *c = &d->config;
	const bool any = c->max_pptp >= c->max_tunnels;
	const struct host_config config = { .io = c->io,
					    .system = c->system,
					    .driver = c->driver,
					    .report = events_report,
					    .report_ctx = d,
					    .max_profiles = c->max_tunnels,
					    .max_sessions = sessions_for(c->max_tunnels),
					    .any_protocol = any,
					    .pptp_profiles = any ? 0 : c->max_pptp,
					    .pptp_sessions =
						any || c->max_pptp == 0 ? 0 : sessions_for(c->max_pptp),
					    .stays = true,
					    .trace = true };

	return host_new(&config, &d->host, why);
}

static int
fill(struct daemon *d, struct kb_error *why)
{
	const unsigned n = d->config.max_tunnels;

	d->tunnels = calloc(n, sizeof(struct tunnel *));
	d->by_index = calloc(n, sizeof(struct tunnel *));
	if (d->tunnels == NULL || d->by_index == NULL || !arena_init(&d->arena, ARENA_OCTETS))
		return kb_fail(why, ENOMEM, "no memory for a daemon");
	return open_host(d, why);
}

int
daemon_new(const struct daemon_config *config, struct daemon **out, struct kb_error *why)
{
	struct daemon *d;
	int r;

	if (config->max_tunnels == 0 || config->max_tunnels > DAEMON_TUNNELS_MAX)
		return kb_fail(why, E2BIG, "1 to %d tunnels in one process", DAEMON_TUNNELS_MAX);
	d = calloc(1, sizeof *d);
	if (d == NULL)
		return kb_fail(why, ENOMEM, "no memory for a daemon");
	d->config = *config;
	d->io = config->io;
	d->level = config->level;
	d->listener = -1;
	d->started_unix_s = daemon_unix_ms() / 1000;
	output_init(&d->words, &output_text, OUTPUT_STEPS, stdout, stderr);
	for (unsigned i = 0; i < DAEMON_CLIENTS_MAX; i++)
		d->clients[i] = (struct connection){ .d = d, .fd = -1 };
	r = fill(d, why);
	if (r < 0) {
		(void)daemon_free(d);
		return r;
	}
	*out = d;
	return 0;
}

void
daemon_prepare(struct daemon *d)
{
	host_probe_drivers(d->host);
}

void
daemon_set_sandbox(struct daemon *d, const char *const *names)
{
	d->sandbox = names;
}

/* ---- turning ---- */

static void
keep_earlier(uint64_t *next, uint64_t other)
{
	if (other < *next)
		*next = other;
}

static bool
is_over(struct daemon *d, uint64_t now_us)
{
	if (d->stops == 0 || d->tunnels_n > 0)
		return false;
	if (d->goodbye_us == 0)
		d->goodbye_us = now_us + GOODBYE_US;
	return now_us >= d->goodbye_us || !clients_have_octets(d);
}

bool
daemon_turn(struct daemon *d)
{
	uint64_t now = daemon_now_us(d), next;
	struct ut_time until;

	if (is_over(d, now))
		return false;
	next = clients_next_us(d, now);
	if (d->goodbye_us != 0)
		keep_earlier(&next, d->goodbye_us);
	until.us = next;
	if (!host_turn_until(d->host, next != UINT64_MAX ? &until : NULL)) {
		d->err = -EIO;
		return false;
	}
	now = daemon_now_us(d);
	clients_tend(d, now);
	return !is_over(d, now);
}

int
daemon_error(const struct daemon *d)
{
	return d->err;
}

void
daemon_stop(struct daemon *d)
{
	if (d->stops++ == 0)
		daemon_say(d, false, "going down; tunnels to be ended first: %u", d->tunnels_n);
	host_stop(d->host, UINT_MAX);
}

unsigned
daemon_n_tunnels(const struct daemon *d)
{
	return d->tunnels_n;
}

unsigned
daemon_n_up(const struct daemon *d)
{
	return d->tunnels_up;
}

/* ---- undoing ---- */

static void
free_tunnels(struct daemon *d)
{
	for (unsigned i = 0; i < d->tunnels_n; i++)
		free(d->tunnels[i]);
	free(d->tunnels);
	free(d->by_index);
	d->tunnels = d->by_index = NULL;
	d->tunnels_n = 0;
}

struct daemon *
daemon_free(struct daemon *d)
{
	if (d == NULL)
		return NULL;
	if (d->host != NULL)
		clients_close_all(d);
	d->host = host_free(d->host);
	free_tunnels(d);
	metrics_drop(d->metrics);
	log_ring_fini(&d->ring);
	arena_fini(&d->arena);
	free(d);
	return NULL;
}
