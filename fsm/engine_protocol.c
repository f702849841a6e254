/* engine_protocol.c - L2TP or PPTP: the one place where clients and links branch
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fsm/engine_protocol.h"
#include "fsm/engine_pptp.h"

static struct tunnel *
own_tunnel(struct ut_engine *e, const struct client *c)
{
	return c->tunnel == UT_NONE ? NULL : engine_tunnel(e, c->tunnel);
}

static struct connection *
own_connection(struct ut_engine *e, const struct client *c)
{
	return c->tunnel == UT_NONE ? NULL : engine_connection(e, c->tunnel);
}

static void
close_own_path(struct step *st, struct client *c)
{
	struct ut_effect *fx;

	if (!c->path_open)
		return;
	c->path_open = false;
	fx = effect_add(st, UT_FX_CLOSE_PATH, client_ref(st->e, c));
	fx->protocol = (uint8_t)c->config.protocol;
	fx->path = client_path(st->e, c);
}

/* ---- L2TP ---- */

static bool
l2tp_open(struct step *st, struct client *c)
{
	struct tunnel *t =
	    tunnel_new(st, c->config.params, client_number(st->e, c), client_path(st->e, c), c->peer);

	c->tunnel = t == NULL ? UT_NONE : tunnel_number(st->e, t);
	return t != NULL;
}

static void
l2tp_close(struct step *st, struct client *c)
{
	struct tunnel *t = own_tunnel(st->e, c);

	if (t == NULL || (t->flags & TUNNEL_LINGERING) != 0) {
		work_client(st, client_number(st->e, c), UT_CLIENT_EV_TUNNEL_GONE);
	} else if ((t->flags & TUNNEL_DRAINING) == 0) {
		t->end = ut_end_merge(t->end, c->end);
		work_cc(st, t, L2TP_CC_EV_ADMIN_CLOSE);
	}
}

static void
l2tp_leave(struct step *st, struct client *c)
{
	struct tunnel *t = own_tunnel(st->e, c);

	if (t != NULL) {
		c->tunnel = UT_NONE;
		tunnel_free(st, t);
	}
	close_own_path(st, c);
}

/* As if it had fallen silent: nothing is sent any more, and the links end at once. */
static void
l2tp_drop(struct step *st, struct client *c)
{
	struct tunnel *t = own_tunnel(st->e, c);

	t->end = ut_end_merge(t->end, c->end);
	work_cc(st, t, L2TP_CC_EV_NO_ANSWER);
}

/* ---- PPTP: the connection owns the path once there is one ---- */

static bool
pptp_open(struct step *st, struct client *c)
{
	struct connection *n = connection_new(st, c->config.params, client_number(st->e, c));

	if (n == NULL)
		return false;
	n->flags |= CONNECTION_ORIGINATED;
	n->path = client_path(st->e, c);
	n->peer = c->peer;
	n->local = c->local;
	c->path_open = false;
	c->tunnel = connection_number(st->e, n);
	work_add(st, WORK_CONNECTION, PPTP_CC_EV_TCP_OPEN, connection_ref(st->e, n));
	return true;
}

static void
pptp_tell(struct step *st, struct client *c, enum pptp_cc_event event)
{
	struct connection *n = own_connection(st->e, c);

	n->end = ut_end_merge(n->end, c->end);
	work_add(st, WORK_CONNECTION, (uint8_t)event, connection_ref(st->e, n));
}

static void
pptp_close(struct step *st, struct client *c)
{
	if (c->tunnel == UT_NONE) {
		close_own_path(st, c); /* TCP is still being connected */
		work_client(st, client_number(st->e, c), UT_CLIENT_EV_TUNNEL_GONE);
	} else {
		pptp_tell(st, c, PPTP_CC_EV_LOCAL_TERMINATE);
	}
}

/* The connection ends by itself, on its own path. */
static void
pptp_leave(struct step *st, struct client *c)
{
	struct connection *n = own_connection(st->e, c);

	close_own_path(st, c);
	if (n == NULL)
		return;
	n->client = c->tunnel = UT_NONE;
	connection_end(st, n, PPTP_CC_EV_GIVE_UP, c->end);
}

/* Anything that comes is a sign of life; when something is under way, that is asked already. */
static void
pptp_ask(struct step *st, struct client *c)
{
	struct connection *n = own_connection(st->e, c);

	if (n->asks == ASKS_NOTHING && (n->flags & CONNECTION_CLEARING) == 0)
		pptp_tell(st, c, PPTP_CC_EV_QUIET);
}

static struct call *
pptp_place(struct step *st, const struct link *l)
{
	const struct client *c = engine_client(st->e, l->client);
	struct connection *n = own_connection(st->e, c);

	if (n == NULL || (n->flags & (CONNECTION_CLOSED | CONNECTION_CLEARING)) != 0)
		return NULL;
	return call_place(st, n, link_number(st->e, l));
}

/* ---- either ---- */

static bool
is_pptp(const struct client *c)
{
	return c->config.protocol == UT_PPTP;
}

bool
protocol_tunnel_open(struct step *st, struct client *c)
{
	return is_pptp(c) ? pptp_open(st, c) : l2tp_open(st, c);
}

void
protocol_tunnel_close(struct step *st, struct client *c)
{
	if (is_pptp(c))
		pptp_close(st, c);
	else
		l2tp_close(st, c);
}

void
protocol_tunnel_drop(struct step *st, struct client *c)
{
	if (c->tunnel == UT_NONE) /* its socket is still being opened */
		work_client(st, client_number(st->e, c), UT_CLIENT_EV_TUNNEL_DOWN);
	else if (is_pptp(c))
		pptp_tell(st, c, PPTP_CC_EV_DROP);
	else
		l2tp_drop(st, c);
}

void
protocol_tunnel_leave(struct step *st, struct client *c)
{
	if (is_pptp(c))
		pptp_leave(st, c);
	else
		l2tp_leave(st, c);
}

void
protocol_tunnel_ask(struct step *st, struct client *c)
{
	if (c->tunnel == UT_NONE)
		return;
	if (is_pptp(c))
		pptp_ask(st, c);
	else
		send_hello(st, own_tunnel(st->e, c));
}

bool
protocol_tunnel_is_up(struct ut_engine *e, const struct client *c)
{
	if (c->tunnel == UT_NONE)
		return false;
	if (is_pptp(c))
		return own_connection(e, c)->state == PPTP_CC_ESTABLISHED;
	return own_tunnel(e, c)->state == L2TP_CC_ESTABLISHED;
}

bool
protocol_session_open(struct step *st, struct link *l)
{
	const struct client *c = engine_client(st->e, l->client);
	struct session *s = NULL;
	struct call *call;

	if (is_pptp(c)) {
		call = pptp_place(st, l);
		l->session = call == NULL ? UT_NONE : call_number(st->e, call);
		return call != NULL;
	}
	if (c->tunnel != UT_NONE)
		s = session_new(st, engine_tunnel(st->e, c->tunnel), L2TP_LAC_IC, link_number(st->e, l));
	if (s == NULL)
		return false;
	l->session = session_number(st->e, s);
	work_session(st, s, L2TP_SESSION_EV_LOCAL_OPEN);
	return true;
}

void
protocol_session_close(struct step *st, struct link *l)
{
	if (is_pptp(engine_client(st->e, l->client))) {
		struct call *call = engine_call(st->e, l->session);

		call->end = ut_end_merge(call->end, l->end);
		work_add(st, WORK_CALL, PPTP_CALL_EV_CLOSE, call_ref(st->e, call));
	} else {
		struct session *s = engine_session(st->e, l->session);

		s->end = ut_end_merge(s->end, l->end);
		work_session(st, s, L2TP_SESSION_EV_LOCAL_CLOSE);
	}
}

struct ut_ref
protocol_session_ref(struct ut_engine *e, const struct link *l)
{
	if (l->session == UT_NONE)
		return (struct ut_ref){ UT_REF_NONE, 0 };
	if (is_pptp(engine_client(e, l->client)))
		return call_ref(e, engine_call(e, l->session));
	return session_ref(e, engine_session(e, l->session));
}

const char *
protocol_session_state(struct ut_engine *e, const struct link *l)
{
	if (l->session == UT_NONE)
		return NULL;
	if (is_pptp(engine_client(e, l->client))) {
		const struct call *call = engine_call(e, l->session);

		return pptp_call_machine((enum pptp_call_kind)call->kind)->states[call->state];
	}
	const struct session *s = engine_session(e, l->session);
	return l2tp_session_machine((enum l2tp_session_kind)s->kind)->states[s->state];
}
