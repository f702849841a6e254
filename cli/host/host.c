/* host.c - the life of a host: made, given profiles, turned, undone
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/host/host_state.h"

#include "cli/host/host_memory.h"

#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* ---- sizes ---- */

/* A tunnel that was given up still acknowledges while the next one is dialled: hence two of each, and some. */
static uint16_t
twice_and_some(unsigned n)
{
	return (uint16_t)(n > 0 ? 2 * n + 2 : 0);
}

static struct ut_engine_config
engine_config(const struct host_config *config)
{
	const unsigned profiles = config->max_profiles - config->pptp_profiles;
	const unsigned sessions = config->max_sessions - config->pptp_sessions;

	return (struct ut_engine_config){
		.n_params = (uint16_t)profiles,
		.n_tunnels = twice_and_some(profiles),
		.n_sessions = twice_and_some(sessions),
		.n_pptp_params = (uint16_t)config->pptp_profiles,
		.n_connections = twice_and_some(config->pptp_profiles),
		.n_calls = twice_and_some(config->pptp_sessions),
		.n_clients = (uint16_t)config->max_profiles,
		.n_links = (uint16_t)config->max_sessions,
		.n_blocks = (uint16_t)(32 * twice_and_some(profiles)),
		.trace = config->trace || config->observer != NULL,
	};
}

static int
check_sizes(struct host_config *config, struct kb_error *why)
{
	enum { PROFILES_MAX = 256, SESSIONS_MAX = 4096 };

	if (config->max_profiles == 0)
		config->max_profiles = 1;
	if (config->max_sessions == 0)
		config->max_sessions = config->max_profiles * PROFILE_SESSIONS_MAX;
	if (config->pptp_profiles > config->max_profiles || config->pptp_sessions > config->max_sessions)
		return kb_fail(why, EINVAL, "more of PPTP than there is in all");
	if (config->max_profiles <= PROFILES_MAX && config->max_sessions <= SESSIONS_MAX)
		return 0;
	return kb_fail(why, E2BIG, "at most %d profiles and %d sessions in one process", PROFILES_MAX,
		       SESSIONS_MAX);
}

/* ---- making ---- */

static bool
allocate(struct host *h)
{
	const struct ut_engine_config *c = &h->engine_config;

	h->memory_octets = ut_engine_octets(c);
	h->memory = host_memory_new(h->memory_octets);
	h->queue_cap = 16u * c->n_clients + 8u * c->n_links + 32;
	h->queue = malloc(h->queue_cap * sizeof *h->queue);
	h->buffers = malloc(sizeof *h->buffers); /* calloc would touch pages that most runs never need */
	h->profiles = calloc(c->n_clients, sizeof(struct host_profile *));
	h->n_paths = host_n_tunnels(h) + c->n_pptp_params; /* and one that is being closed */
	h->paths = calloc(h->n_paths, sizeof *h->paths);
	h->tunnels = calloc(host_n_tunnels(h), sizeof *h->tunnels);
	h->sessions = calloc(host_n_sessions(h), sizeof *h->sessions);
	h->links = calloc(c->n_links, sizeof *h->links);
	return h->memory != NULL && h->queue != NULL && h->buffers != NULL && h->profiles != NULL &&
	       h->paths != NULL && h->tunnels != NULL && h->sessions != NULL && h->links != NULL;
}

static void
set_empty(struct host *h)
{
	for (unsigned i = 0; i < h->n_paths; i++)
		h->paths[i].fd = -1;
	for (unsigned i = 0; i < host_n_tunnels(h); i++)
		h->tunnels[i] = (struct host_tunnel){ .ref = HOST_NO_REF, .kernel = KB_TUNNEL_NULL };
	for (unsigned i = 0; i < host_n_sessions(h); i++)
		h->sessions[i] = (struct host_session){ .ref = HOST_NO_REF,
							.dead = HOST_NO_REF,
							.kernel = KB_SESSION_NULL };
	for (unsigned i = 0; i < h->engine_config.n_links; i++)
		h->links[i] = (struct host_link){ .host = h,
						  .profile = UINT_MAX,
						  .ref = HOST_NO_REF,
						  .session = HOST_NO_REF,
						  .ppp = KB_PPPD_NULL };
}

static int
open_system(struct host *h, struct kb_error *why)
{
	struct host_system system = h->config.system;
	int r = 0;

	if (system.ops == NULL) {
		r = host_system_linux_new(&system, why);
		h->owns_system = r == 0;
	}
	h->system = system.ops;
	h->system_self = system.self;
	return r;
}

static struct host *
free_memory(struct host *h)
{
	host_memory_free(h->memory, h->memory_octets);
	free(h->queue);
	free(h->buffers);
	free(h->profiles);
	free(h->paths);
	free(h->tunnels);
	free(h->sessions);
	free(h->links);
	free(h);
	return NULL;
}

int
host_new(const struct host_config *config, struct host **out, struct kb_error *why)
{
	struct host *h = calloc(1, sizeof *h);

	if (h == NULL)
		return kb_fail(why, ENOMEM, "no memory for a host");
	h->config = *config;
	h->io = config->io;
	h->monitor_fd = h->ipsec_fd = h->losses_fd = -1;
	int r = check_sizes(&h->config, why);
	if (r < 0) {
		free(h);
		return r;
	}
	h->engine_config = engine_config(&h->config);
	if (!allocate(h)) {
		free_memory(h);
		return kb_fail(why, ENOMEM, "no memory for a host");
	}
	set_empty(h);
	r = open_system(h, why);
	if (r < 0) {
		free_memory(h);
		return r;
	}
	h->engine = ut_engine_init(h->memory, &h->engine_config);
	host_observe_engine(h);
	h->random_wanted = 1;
	*out = h;
	return 0;
}

/* ---- profiles ---- */

static void
free_profile(struct host_profile *p)
{
	for (unsigned i = 0; i < p->config.sessions_n; i++) {
		for (unsigned k = 0; k < p->config.sessions[i].options_n; k++)
			free(p->config.sessions[i].options[k]);
	}
	host_memory_free(p, sizeof *p);
}

static bool
copy_options(struct profile_session *to, const struct profile_session *from)
{
	memset(to->options, 0, sizeof to->options);
	to->options_n = 0;
	for (unsigned i = 0; i < from->options_n; i++) {
		to->options[i] = strdup(from->options[i]);
		if (to->options[i] == NULL)
			return false;
		to->options_n = i + 1;
	}
	return true;
}

/* What was given, into zeroed memory: pages of what was not stay untouched. */
static void
copy_given(struct profile *to, const struct profile *from)
{
	memcpy(to, from, offsetof(struct profile, sessions));
	memcpy(to->sessions, from->sessions, from->sessions_n * sizeof from->sessions[0]);
	memcpy(to->routes, from->routes, from->routes_n * sizeof from->routes[0]);
}

static bool
has_secret(const struct profile *p)
{
	for (unsigned i = 0; i < p->sessions_n; i++)
		if (p->sessions[i].password.n != 0)
			return true;
	return p->l2tp.secret.n != 0;
}

static struct host_profile *
copy_profile(struct host *h, const struct profile *from)
{
	struct host_profile *p = host_memory_new(sizeof *p);
	bool is_whole = true;

	if (p == NULL)
		return NULL;
	p->host = h;
	p->query_fd = -1;
	p->mppe_end = KB_MPPE_END_N;
	p->reserved = HOST_RESERVED_NULL;
	if (has_secret(from)) {
		host_memory_lock(p, sizeof *p);
		host_memory_lock(h->memory, h->memory_octets);
	}
	copy_given(&p->config, from);
	p->config.l2tp.secret.file = NULL;
	for (unsigned i = 0; i < p->config.sessions_n; i++) {
		p->config.sessions[i].password.file = NULL;
		is_whole &= copy_options(&p->config.sessions[i], &from->sessions[i]);
	}
	if (is_whole)
		return p;
	free_profile(p);
	return NULL;
}

static int
check_profile(const struct profile *profile, struct kb_error *why)
{
	if (host_has_driver(profile->protocol, profile->data_path))
		return 0;
	return kb_fail(why, EPROTONOSUPPORT, "%s: this data path is not there: use auto", profile->name);
}

static void
set_l2tp_params(struct host *h, const struct profile *profile, uint16_t index)
{
	struct ut_l2tp_params params = host_params(profile);

	ut_engine_set_params(h->engine, index, &params);
	host_observe_l2tp_params(h, index, &params);
	ut_wipe(&params, sizeof params);
}

static void
set_pptp_params(struct host *h, const struct profile *profile, uint16_t index)
{
	const struct ut_pptp_params params = host_pptp_params(profile);

	ut_engine_set_pptp_params(h->engine, index, &params);
	host_observe_pptp_params(h, index, &params);
}

static bool
has_room(const struct host *h, enum profile_protocol protocol)
{
	const struct ut_engine_config *c = &h->engine_config;

	return h->n_params[protocol] < (protocol == PROFILE_PPTP ? c->n_pptp_params : c->n_params);
}

static int
take_client(struct host *h, struct host_profile *p, struct kb_error *why)
{
	const enum profile_protocol protocol = p->config.protocol;
	const uint16_t index = h->n_params[protocol]++;
	const struct ut_client_config config = host_client_config(&p->config, index);

	if (protocol == PROFILE_PPTP)
		set_pptp_params(h, &p->config, index);
	else
		set_l2tp_params(h, &p->config, index);
	if (!ut_engine_client_new(h->engine, &config, &p->client, &p->first_link))
		return kb_fail(why, ENOSPC, "%s: more sessions than this host was made for", p->config.name);
	host_observe_client(h, &config, p->client, p->first_link);
	return 0;
}

int
host_add(struct host *h, const struct profile *profile, unsigned *index, struct kb_error *why)
{
	int r = check_profile(profile, why);

	if (r < 0)
		return r;
	if (!has_room(h, profile->protocol))
		return kb_fail(why, ENOSPC, "%s: more profiles than this host was made for", profile->name);
	struct host_profile *p = copy_profile(h, profile);
	if (p == NULL)
		return kb_fail(why, ENOMEM, "%s: no memory", profile->name);
	r = take_client(h, p, why);
	if (r < 0) {
		free_profile(p);
		return r;
	}
	p->index = h->n_profiles;
	p->is_live = p->wants_start = true;
	p->attempt_us = h->io.ops->now(h->io.self).us;
	for (unsigned i = 0; i < profile->sessions_n; i++) {
		h->links[p->first_link + i].profile = p->index;
		h->links[p->first_link + i].number = i;
	}
	h->profiles[h->n_profiles++] = p;
	*index = p->index;
	return 0;
}

void
host_stop(struct host *h, unsigned index)
{
	enum { STOPS_MAX = 2 };

	for (unsigned i = 0; i < h->n_profiles; i++) {
		if ((index == UINT_MAX || index == i) && h->profiles[i]->stops_asked < STOPS_MAX)
			h->profiles[i]->stops_asked++;
	}
	host_streams_hurry(h);
}

/* ---- the loop ---- */

static bool
is_any_live(const struct host *h)
{
	for (unsigned i = 0; i < h->n_profiles; i++) {
		if (h->profiles[i]->is_live)
			return true;
	}
	return false;
}

static bool
is_anything_to_do(const struct host *h)
{
	return is_any_live(h) || host_streams_are_closing(h);
}

static int
wait_for_something(struct host *h)
{
	struct ut_time until;
	bool has_until = host_network_next(h, &until);

	if (h->has_deadline && (!has_until || h->deadline.us < until.us)) {
		until = h->deadline;
		has_until = true;
	}
	return h->io.ops->wait(h->io.self, has_until ? &until : NULL);
}

static void
watch_network(struct host *h)
{
	struct kb_error why = { 0 };

	if (h->is_watching || h->n_profiles == 0)
		return;
	h->is_watching = true;
	if (host_network_watch(h, &why) < 0)
		host_note(h->profiles[0], "%s: changes of the network will be found by silence only",
			  why.text);
}

/* What the first message does not wait for. */
static void
catch_up(struct host *h)
{
	watch_network(h);
	for (unsigned i = 0; i < h->n_profiles; i++) {
		if (!h->profiles[i]->is_live)
			continue;
		host_report_now(h->profiles[i]);
		host_network_find_way(h->profiles[i]);
	}
}

bool
host_turn(struct host *h)
{
	host_drain(h);
	if (!is_anything_to_do(h))
		return false;
	catch_up(h);
	h->err = wait_for_something(h);
	if (h->err < 0)
		return false;
	host_network_timers(h);
	if (h->has_deadline && h->io.ops->now(h->io.self).us >= h->deadline.us)
		host_feed(h, (struct ut_event){ .kind = UT_EV_DEADLINE });
	host_drain(h);
	return is_anything_to_do(h);
}

int
host_run(struct host *h)
{
	while (host_turn(h))
		continue;
	return h->err;
}

/* ---- undoing ---- */

static void
close_kernel(struct host *h)
{
	for (unsigned i = 0; i < host_n_sessions(h); i++)
		host_session_close(h, h->sessions[i].ref);
	for (unsigned i = 0; i < host_n_tunnels(h); i++)
		host_tunnel_close(h, h->tunnels[i].ref);
	host_streams_end(h);
	for (unsigned i = 0; i < h->n_paths; i++) {
		if (h->paths[i].is_open)
			host_path_close(h, h->paths[i].id);
	}
}

static void
drop_ppp(struct host *h)
{
	for (unsigned i = 0; i < h->engine_config.n_links; i++) {
		if (h->links[i].profile < h->n_profiles)
			host_ppp_drop(&h->links[i]);
	}
}

struct host *
host_free(struct host *h)
{
	struct host_system system;

	if (h == NULL)
		return NULL;
	drop_ppp(h);
	close_kernel(h);
	for (unsigned i = 0; i < h->n_profiles; i++)
		host_profile_end(h->profiles[i]);
	if (h->monitor_fd >= 0)
		h->io.ops->unwatch(h->io.self, h->monitor_fd);
	if (h->ipsec_fd >= 0)
		h->io.ops->unwatch(h->io.self, h->ipsec_fd);
	host_drivers_end(h);
	ut_engine_fini(h->engine);
	for (unsigned i = 0; i < h->n_profiles; i++)
		free_profile(h->profiles[i]);
	if (h->owns_system) {
		system = (struct host_system){ .ops = h->system, .self = h->system_self };
		host_system_linux_free(&system);
	}
	return free_memory(h);
}
