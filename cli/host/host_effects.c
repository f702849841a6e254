/* host_effects.c - one effect, carried out
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/host/host_state.h"

#include <assert.h>

struct host_profile *
host_profile_of_client(struct host *h, struct ut_ref client)
{
	struct host_profile *p = client.index < h->engine_config.n_clients ? h->clients[client.index] : NULL;

	return p != NULL && host_ref_is_same(p->client, client) ? p : NULL;
}

struct host_link *
host_link_of(struct host *h, struct ut_ref link)
{
	if (link.index >= h->engine_config.n_links || h->links[link.index].profile == NULL)
		return NULL;
	return &h->links[link.index];
}

static void
cancel(struct host_profile *p)
{
	host_resolve_cancel(p);
	host_protect_cancel(p);
}

/* Effects of a client: what has no client any more is not done. */
static void
carry_out_client(struct host *h, const struct ut_effect *e)
{
	struct host_profile *p = host_profile_of_client(h, e->ref);

	if (p == NULL)
		return;
	if (e->kind == UT_FX_RESOLVE)
		host_resolve(p);
	else if (e->kind == UT_FX_PROTECT)
		host_protect(p, e);
	else if (e->kind == UT_FX_PROBE)
		host_probe(h, p);
	else if (e->kind == UT_FX_OPEN_PATH && e->protocol == UT_PPTP)
		host_stream_open(h, p, e);
	else if (e->kind == UT_FX_OPEN_PATH)
		host_path_open(h, p, e);
	else
		cancel(p);
}

/* Effects of a link's PPP. */
static void
carry_out_ppp(struct host *h, const struct ut_effect *e)
{
	if (e->kind == UT_FX_START_PPP)
		host_ppp_start(h, e);
	else if (e->kind == UT_FX_STOP_PPP)
		host_ppp_stop(h, e->ref);
	else if (e->kind == UT_FX_HANGUP_PPP)
		host_ppp_hang_up(h, e->ref);
	else
		host_ppp_kill(h, e->ref);
}

void
host_carry_out(struct host *h, const struct ut_effect *e)
{
	assert(e->kind < UT_EFFECT_N);
	switch (e->kind) {
	case UT_FX_RESOLVE:
	case UT_FX_PROTECT:
	case UT_FX_PROBE:
	case UT_FX_OPEN_PATH:
	case UT_FX_CANCEL:
		carry_out_client(h, e);
		break;
	case UT_FX_CONNECT_PATH:
		host_path_connect(h, e);
		break;
	case UT_FX_CLOSE_PATH:
		host_path_close(h, e->path);
		break;
	case UT_FX_SEND:
		host_path_send(h, e);
		break;
	case UT_FX_OPEN_SESSION:
		host_session_open(h, e);
		break;
	case UT_FX_CLOSE_SESSION:
		host_session_close(h, e->ref);
		break;
	case UT_FX_CLOSE_TUNNEL:
		host_tunnel_close(h, e->ref);
		break;
	case UT_FX_START_PPP:
	case UT_FX_STOP_PPP:
	case UT_FX_HANGUP_PPP:
	case UT_FX_KILL_PPP:
		carry_out_ppp(h, e);
		break;
	case UT_FX_REPORT:
		host_engine_report(h, e);
		break;
	case UT_FX_TRACE:
		host_engine_trace(h, e);
		break;
	case UT_FX_SEND_STREAM:
		host_stream_send(h, e);
		break;
	case UT_FX_RESET_PATH:
		host_stream_reset(h, e->path);
		break;
	case UT_FX_RESERVE_SESSION:
		host_session_reserve(h, e);
		break;
	case UT_FX_ACCEPT_PATH: /* a host has no listener */
	case UT_FX_REFUSE_PATH:
	case UT_FX_FRAME: /* the kernel carries frames; one that comes here was sent before it did */
	case UT_EFFECT_N:
		break;
	}
}
