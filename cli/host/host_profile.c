/* host_profile.c - a profile in its host: taken, asked to end, undone, forgotten
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/host/host_state.h"

#include "cli/host/host_memory.h"

#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* ---- its memory ---- */

static void
free_memory(struct host_profile *p)
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
	p->routes.v = p->wanted;
	p->reserved = HOST_RESERVED_NULL;
	p->tunnel = HOST_NO_REF;
	host_list_init(&p->paths);
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
	free_memory(p);
	return NULL;
}

/* ---- taken ---- */

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

static void
set_params(struct host *h, const struct host_profile *p)
{
	if (p->config.protocol == PROFILE_PPTP)
		set_pptp_params(h, &p->config, p->params);
	else
		set_l2tp_params(h, &p->config, p->params);
}

static int
take_client(struct host *h, struct host_profile *p, struct kb_error *why)
{
	const struct ut_client_config config = host_client_config(&p->config, p->params);

	set_params(h, p);
	if (!ut_engine_client_new(h->engine, &config, &p->client, &p->first_link))
		return kb_fail(why, ENOSPC, "%s: more sessions than this host was made for", p->config.name);
	host_observe_client(h, &config, p->client, p->first_link);
	h->clients[p->client.index] = p;
	return 0;
}

/* Its number, its parameters' and its client. */
static int
take_slots(struct host *h, struct host_profile *p, struct kb_error *why)
{
	struct host_slots *params = &h->params[p->config.protocol];

	if (!host_slots_has_room(&h->slots) || !host_slots_has_room(params))
		return kb_fail(why, ENOSPC, "%s: more profiles than this host was made for", p->config.name);
	p->params = host_slots_take(params);
	const int r = take_client(h, p, why);
	if (r == 0)
		p->index = host_slots_take(&h->slots);
	else
		host_slots_give(params, p->params);
	return r;
}

static void
enter(struct host *h, struct host_profile *p)
{
	h->profiles[p->index] = p;
	h->n_profiles++;
	host_list_add(&h->all, &p->all);
	p->wants_start = true;
	host_list_add(&h->ordered, &p->ordered);
	host_list_add(&h->catch_up, &p->catch_up);
	p->added_us = p->attempt_us = h->io.ops->now(h->io.self).us;
	for (unsigned i = 0; i < p->config.sessions_n; i++)
		h->links[p->first_link + i] = (struct host_link){ .host = h,
								  .profile = p,
								  .number = i,
								  .ref = HOST_NO_REF,
								  .session = HOST_NO_REF,
								  .ppp = KB_PPPD_NULL };
}

int
host_add(struct host *h, const struct profile *profile, unsigned *index, struct kb_error *why)
{
	int r = check_profile(profile, why);

	if (r < 0)
		return r;
	struct host_profile *p = copy_profile(h, profile);
	if (p == NULL)
		return kb_fail(why, ENOMEM, "%s: no memory", profile->name);
	r = take_slots(h, p, why);
	if (r < 0) {
		free_memory(p);
		return r;
	}
	enter(h, p);
	*index = p->index;
	return 0;
}

/* ---- asked to end ---- */

static void
stop(struct host_profile *p)
{
	enum { STOPS_MAX = 2 };

	if (p->is_ended || p->stops_asked == STOPS_MAX)
		return;
	p->stops_asked++;
	host_list_add(&p->host->ordered, &p->ordered);
}

void
host_stop(struct host *h, unsigned index)
{
	if (index < h->engine_config.n_clients && h->profiles[index] != NULL)
		stop(h->profiles[index]);
	for (struct host_list *i = h->all.next; index == UINT_MAX && i != &h->all; i = i->next)
		stop(HOST_OF(i, struct host_profile, all));
	host_streams_hurry(h);
}

/* ---- undone and forgotten ---- */

static void
wipe_secrets(struct host_profile *p)
{
	ut_wipe(&p->config.l2tp.secret, sizeof p->config.l2tp.secret);
	for (unsigned i = 0; i < p->config.sessions_n; i++)
		ut_wipe(&p->config.sessions[i].password, sizeof p->config.sessions[i].password);
}

void
host_profile_drop_ppp(struct host_profile *p)
{
	for (unsigned i = 0; i < p->config.sessions_n; i++)
		host_ppp_drop(&p->host->links[p->first_link + i]);
}

void
host_profile_undo(struct host_profile *p)
{
	host_resolve_cancel(p);
	host_protect_release(p);
	host_profile_drop_ppp(p);
	host_routes_down(p);
	wipe_secrets(p);
}

/* The engine's copy of the secret goes too; nobody uses these parameters any more. */
static void
give_back_params(struct host *h, const struct host_profile *p)
{
	if (p->config.protocol == PROFILE_L2TP) {
		const struct ut_l2tp_params none = ut_l2tp_params_default();

		ut_engine_set_params(h->engine, p->params, &none);
	}
	host_slots_give(&h->params[p->config.protocol], p->params);
}

static void
leave(struct host *h, struct host_profile *p)
{
	struct host_list *path;

	while ((path = host_list_take(&p->paths)) != NULL)
		HOST_OF(path, struct host_path, of_profile)->profile = NULL;
	for (unsigned i = 0; i < p->config.sessions_n; i++)
		h->links[p->first_link + i].profile = NULL;
	host_list_remove(&p->all);
	host_list_remove(&p->ordered);
	host_list_remove(&p->catch_up);
	host_list_remove(&p->ended);
	host_groups_leave(&h->groups, &p->by_way);
	host_groups_leave(&h->groups, &p->by_address);
	host_timers_stop(&h->timers, p->index);
	h->clients[p->client.index] = NULL;
	h->profiles[p->index] = NULL;
	h->n_profiles--;
}

void
host_profile_free(struct host_profile *p)
{
	struct host *h = p->host;

	host_profile_undo(p);
	if (p->is_ended) {
		ut_engine_client_free(h->engine, p->client);
		host_observe_client_freed(h, p->client);
		give_back_params(h, p);
		host_slots_give(&h->slots, (uint16_t)p->index);
	}
	leave(h, p);
	free_memory(p);
}
