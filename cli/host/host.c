/* host.c - the life of a host: made, given profiles, turned, undone
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/host/host_state.h"

#include "cli/host/host_memory.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

/* ---- sizes ---- */

/* A tunnel that was given up still acknowledges while the next one is dialled: hence two of each, and some.  Of many
 * not all are dialled again at once, and every slot costs a timer, of which the engine has 65534. */
static unsigned
twice_and_some(unsigned n)
{
	enum { TWICE_UP_TO = 256, ONE_MORE_IN = 16 };
	const unsigned more = TWICE_UP_TO + n / ONE_MORE_IN;

	return n > 0 ? n + (n < more ? n : more) + 2 : 0;
}

/* For messages in flight: plenty where there are few, four where there are many (fsm/engine.h). */
static unsigned
blocks_for(unsigned tunnels)
{
	enum { PLENTY = 32, BLOCKS_MAX = 65534 };

	return tunnels < BLOCKS_MAX / PLENTY ? PLENTY * tunnels : BLOCKS_MAX;
}

static struct ut_engine_config
engine_config(const struct host_config *config)
{
	const bool is_any = config->any_protocol;
	const unsigned pptp_profiles = is_any ? config->max_profiles : config->pptp_profiles;
	const unsigned pptp_sessions = is_any ? config->max_sessions : config->pptp_sessions;
	const unsigned profiles = config->max_profiles - (is_any ? 0 : pptp_profiles);
	const unsigned sessions = config->max_sessions - (is_any ? 0 : pptp_sessions);

	return (struct ut_engine_config){
		.n_params = (uint16_t)profiles,
		.n_tunnels = (uint16_t)twice_and_some(profiles),
		.n_sessions = (uint16_t)twice_and_some(sessions),
		.n_pptp_params = (uint16_t)pptp_profiles,
		.n_connections = (uint16_t)twice_and_some(pptp_profiles),
		.n_calls = (uint16_t)twice_and_some(pptp_sessions),
		.n_clients = (uint16_t)config->max_profiles,
		.n_links = (uint16_t)config->max_sessions,
		.n_blocks = (uint16_t)blocks_for(twice_and_some(profiles)),
		.trace = config->trace || config->observer != NULL,
	};
}

static unsigned
count_timers(const struct ut_engine_config *c)
{
	return (unsigned)c->n_tunnels + c->n_clients + c->n_links + c->n_connections + c->n_calls;
}

static int
check_sizes(struct host_config *config, struct kb_error *why)
{
	enum { TIMERS_MAX = 65534 };

	if (config->max_profiles == 0)
		config->max_profiles = 1;
	if (config->max_profiles > HOST_PROFILES_MAX || config->max_sessions > HOST_SESSIONS_MAX)
		return kb_fail(why, E2BIG, "at most %d profiles and %d sessions in one process",
			       HOST_PROFILES_MAX, HOST_SESSIONS_MAX);
	if (config->max_sessions == 0)
		config->max_sessions = config->max_profiles < HOST_SESSIONS_MAX / PROFILE_SESSIONS_MAX
					   ? config->max_profiles * PROFILE_SESSIONS_MAX
					   : HOST_SESSIONS_MAX;
	if (!config->any_protocol &&
	    (config->pptp_profiles > config->max_profiles || config->pptp_sessions > config->max_sessions))
		return kb_fail(why, EINVAL, "more of PPTP than there is in all");
	const struct ut_engine_config c = engine_config(config);
	if (count_timers(&c) <= TIMERS_MAX)
		return 0;
	return kb_fail(why, E2BIG,
		       "%u profiles and %u sessions of these protocols need more than the engine's %d "
		       "timers: of L2TP alone more would fit (--max-pptp)",
		       config->max_profiles, config->max_sessions, TIMERS_MAX);
}

/* ---- making ---- */

/* One a tunnel, one that is being closed of each PPTP profile, and no more than slots can number. */
static unsigned
count_paths(const struct host *h)
{
	const unsigned n = host_n_tunnels(h) + h->engine_config.n_pptp_params;

	return n < HOST_SLOT_NONE ? n : HOST_SLOT_NONE - 1;
}

static bool
allocate_slots(struct host *h)
{
	const struct ut_engine_config *c = &h->engine_config;

	return host_slots_init(&h->slots, c->n_clients) &&
	       host_slots_init(&h->params[PROFILE_L2TP], c->n_params) &&
	       host_slots_init(&h->params[PROFILE_PPTP], c->n_pptp_params) && host_paths_init(h) &&
	       host_groups_init(&h->groups, 2u * c->n_clients + c->n_links) &&
	       host_timers_init(&h->timers, host_timers_count(h), h->io.ops->now(h->io.self).us);
}

/* Messages go through them, and with these what is hidden in some. */
static bool
allocate_queues(struct host *h)
{
	h->queue_cap = 16u * h->engine_config.n_clients + 8u * h->engine_config.n_links + 32;
	h->queue = host_memory_new(h->queue_cap * sizeof *h->queue);
	h->buffers = host_memory_new(sizeof *h->buffers);
	return h->queue != NULL && h->buffers != NULL;
}

/* Last what is large and mostly never written to: what is small and is stays together. */
static bool
allocate(struct host *h)
{
	const struct ut_engine_config *c = &h->engine_config;

	assert(c->n_clients > 0 && c->n_links > 0 && host_n_tunnels(h) > 0 && host_n_sessions(h) > 0);
	h->memory_octets = ut_engine_octets(c);
	h->memory = host_memory_new(h->memory_octets);
	h->profiles = host_memory_new(c->n_clients * sizeof(struct host_profile *));
	h->clients = host_memory_new(c->n_clients * sizeof(struct host_profile *));
	h->n_paths = count_paths(h);
	h->tunnels = host_memory_new(host_n_tunnels(h) * sizeof *h->tunnels);
	h->sessions = host_memory_new(host_n_sessions(h) * sizeof *h->sessions);
	h->links = host_memory_new(c->n_links * sizeof *h->links);
	return h->memory != NULL && h->profiles != NULL && h->clients != NULL && h->tunnels != NULL &&
	       h->sessions != NULL && h->links != NULL && allocate_slots(h) && allocate_queues(h);
}

static void
set_empty(struct host *h)
{
	struct host_list *const heads[] = { &h->all,	  &h->ordered, &h->catch_up, &h->ended,
					    &h->awaiting, &h->closing, &h->looking,  &h->open_sessions };

	for (unsigned i = 0; i < sizeof heads / sizeof heads[0]; i++)
		host_list_init(heads[i]);
	for (unsigned i = 0; i < h->n_paths; i++)
		h->paths[i].fd = -1;
	for (unsigned i = 0; i < host_n_tunnels(h); i++)
		h->tunnels[i] = (struct host_tunnel){ .ref = HOST_NO_REF, .kernel = KB_TUNNEL_NULL };
	for (unsigned i = 0; i < host_n_sessions(h); i++)
		h->sessions[i] = (struct host_session){ .ref = HOST_NO_REF,
							.dead = HOST_NO_REF,
							.link = HOST_NO_REF,
							.kernel = KB_SESSION_NULL };
	for (unsigned i = 0; i < h->engine_config.n_links; i++)
		h->links[i] = (struct host_link){
			.host = h, .ref = HOST_NO_REF, .session = HOST_NO_REF, .ppp = KB_PPPD_NULL
		};
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

static void
close_system(struct host *h)
{
	struct host_system system = { .ops = h->system, .self = h->system_self };

	if (h->owns_system)
		host_system_linux_free(&system);
}

static struct host *
free_memory(struct host *h)
{
	const struct ut_engine_config *c = &h->engine_config;

	host_memory_free(h->memory, h->memory_octets);
	host_memory_free(h->queue, h->queue_cap * sizeof *h->queue);
	host_memory_free(h->buffers, sizeof *h->buffers);
	host_memory_free(h->profiles, c->n_clients * sizeof(struct host_profile *));
	host_memory_free(h->clients, c->n_clients * sizeof(struct host_profile *));
	host_slots_fini(&h->slots);
	for (int i = 0; i < PROFILE_PROTOCOL_N; i++)
		host_slots_fini(&h->params[i]);
	host_paths_fini(h);
	host_groups_fini(&h->groups);
	host_timers_fini(&h->timers);
	host_memory_free(h->tunnels, host_n_tunnels(h) * sizeof *h->tunnels);
	host_memory_free(h->sessions, host_n_sessions(h) * sizeof *h->sessions);
	host_memory_free(h->links, c->n_links * sizeof *h->links);
	return host_memory_free(h, sizeof *h);
}

/* What fails leaves the rest to host_new(). */
static int
prepare(struct host *h, struct kb_error *why)
{
	int r = check_sizes(&h->config, why);

	if (r == 0)
		r = open_system(h, why);
	if (r < 0)
		return r;
	h->engine_config = engine_config(&h->config);
	return allocate(h) ? 0 : kb_fail(why, ENOMEM, "no memory for a host");
}

int
host_new(const struct host_config *config, struct host **out, struct kb_error *why)
{
	struct host *h = host_memory_new(sizeof *h);

	if (h == NULL)
		return kb_fail(why, ENOMEM, "no memory for a host");
	h->config = *config;
	h->io = config->io;
	h->monitor_fd = h->ipsec_fd = h->losses_fd = -1;
	const int r = prepare(h, why);
	if (r < 0) {
		close_system(h);
		free_memory(h);
		return r;
	}
	set_empty(h);
	h->engine = ut_engine_init(h->memory, &h->engine_config);
	host_observe_engine(h);
	h->random_wanted = 1;
	*out = h;
	return 0;
}

/* ---- the loop ---- */

static bool
is_anything_to_do(const struct host *h)
{
	return h->config.stays || h->n_profiles > 0 || !host_list_is_empty(&h->closing);
}

static void
keep_earlier(const struct ut_time *other, struct ut_time *until, bool *has_until)
{
	if (*has_until && until->us <= other->us)
		return;
	*until = *other;
	*has_until = true;
}

static int
wait_for_something(struct host *h, const struct ut_time *at_most)
{
	struct ut_time until;
	bool has_until = host_waits_next(h, &until);

	if (h->has_deadline)
		keep_earlier(&h->deadline, &until, &has_until);
	if (at_most != NULL)
		keep_earlier(at_most, &until, &has_until);
	return h->io.ops->wait(h->io.self, has_until ? &until : NULL);
}

static void
watch_network(struct host_profile *p)
{
	struct host *h = p->host;
	struct kb_error why = { 0 };

	if (h->is_watching)
		return;
	h->is_watching = true;
	if (host_network_watch(h, &why) < 0)
		host_note(p, "%s: changes of the network will be found by silence only", why.text);
}

/* What the first message does not wait for. */
static void
catch_up(struct host *h)
{
	struct host_list *next;

	while ((next = host_list_take(&h->catch_up)) != NULL) {
		struct host_profile *p = HOST_OF(next, struct host_profile, catch_up);

		watch_network(p);
		host_report_now(p);
		host_network_find_way(p);
	}
}

bool
host_turn(struct host *h)
{
	return host_turn_until(h, NULL);
}

bool
host_turn_until(struct host *h, const struct ut_time *until)
{
	host_drain(h);
	if (!is_anything_to_do(h))
		return false;
	catch_up(h);
	host_sweep_turn(h);
	h->err = wait_for_something(h, until);
	if (h->err < 0)
		return false;
	host_waits_run(h);
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

struct host *
host_free(struct host *h)
{
	if (h == NULL)
		return NULL;
	for (struct host_list *i = h->all.next; i != &h->all; i = i->next)
		host_profile_drop_ppp(HOST_OF(i, struct host_profile, all));
	close_kernel(h);
	while (!host_list_is_empty(&h->all))
		host_profile_free(HOST_OF(h->all.next, struct host_profile, all));
	if (h->monitor_fd >= 0)
		h->io.ops->unwatch(h->io.self, h->monitor_fd);
	if (h->ipsec_fd >= 0)
		h->io.ops->unwatch(h->io.self, h->ipsec_fd);
	host_drivers_end(h);
	ut_engine_fini(h->engine);
	close_system(h);
	return free_memory(h);
}
