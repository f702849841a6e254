/* engine_receive.c - from a datagram to an event of a machine
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fsm/engine_internal.h"

#include <assert.h>

enum { SCRATCH_MAX = 2048, ACK_WITHOUT_DELAY = 2 };

/* A control message under way through the engine. */
struct arrival {
	struct ut_slice datagram;
	struct l2tp_header header;
	struct l2tp_message message;
	struct l2tp_fault fault;
	struct ut_path path;
	struct ut_peer peer;
	size_t unhidden; /* octets of the scratch buffer that hold plaintext */
};

/* Only what somebody may read before it is decoded: a message is large. */
static void
arrival_init(struct arrival *a, struct ut_slice datagram, struct ut_path path, const struct ut_peer *peer)
{
	a->datagram = datagram;
	a->message.type = L2TP_ZLB;
	a->message.present = 0;
	a->path = path;
	a->peer = *peer;
	a->unhidden = 0;
}

/* ---- who is it from, and for ---- */

static bool
is_same_host(const struct ut_peer *a, const struct ut_peer *b)
{
	return a->family == b->family && a->scope == b->scope &&
	       memcmp(a->address, b->address, sizeof a->address) == 0;
}

/* After the first valid reply address and port are pinned; before, any port of the same host (interop 18). */
static bool
is_from_peer(const struct tunnel *t, const struct arrival *a)
{
	if (t->path.v != a->path.v || !is_same_host(&t->peer, &a->peer))
		return false;
	return (t->flags & TUNNEL_PINNED) == 0 || t->peer.port == a->peer.port;
}

/* Some peers answer with tunnel id 0 (interop 22): a client's socket has one tunnel. */
static struct tunnel *
tunnel_of_zero(struct ut_engine *e, const struct arrival *a)
{
	struct client *c = client_of_path(e, a->path);

	if (c != NULL && c->tunnel != UT_NONE && engine_tunnel(e, c->tunnel)->state == L2TP_CC_WAIT_CTL_REPLY)
		return engine_tunnel(e, c->tunnel);
	return NULL;
}

static void
report_fault(struct step *st, struct ut_ref tunnel, const struct arrival *a)
{
	struct ut_effect *fx = report_add(st, UT_REPORT_FAULT, tunnel);
	const struct client *c = client_of_path(st->e, a->path);

	if (c != NULL)
		fx->client = client_ref(st->e, c);
	fx->fault = a->fault;
	fx->number = a->message.type;
	fx->path = a->path;
	fx->peer = a->peer;
}

static struct tunnel *
find_tunnel(struct ut_engine *e, const struct arrival *a)
{
	struct tunnel *t = a->header.tid.v == 0 ? tunnel_of_zero(e, a) : tunnel_by_tid(e, a->header.tid);

	return t != NULL && is_from_peer(t, a) ? t : NULL;
}

static bool
decode(struct step *st, const struct tunnel *t, struct arrival *a, uint8_t scratch[SCRATCH_MAX],
       uint16_t params)
{
	const struct ut_l2tp_params *p = engine_params(st->e, t != NULL ? t->params : params);
	struct l2tp_unhide unhide = { .secret = &p->secret, .scratch = scratch, .cap = SCRATCH_MAX };

	enum l2tp_fault_reason reason;

	a->message.present = 0;
	a->message.type = L2TP_ZLB;
	/* These are looked at even in a message that lacks them. */
	a->message.assigned_tid.v = a->message.assigned_sid.v = 0;
	a->message.result = a->message.error = 0;
	a->message.error_message = ut_slice(NULL, 0);
	reason = l2tp_message_decode(a->datagram, &a->header, &unhide, &a->message, &a->fault);
	a->unhidden = unhide.used;
	return reason == L2TP_FAULT_NONE;
}

/* ---- to the control connection ---- */

static enum l2tp_cc_event
cc_event(enum l2tp_message_type type)
{
	switch (type) {
	case L2TP_SCCRQ:
		return L2TP_CC_EV_RX_SCCRQ;
	case L2TP_SCCRP:
		return L2TP_CC_EV_RX_SCCRP;
	case L2TP_SCCCN:
		return L2TP_CC_EV_RX_SCCCN;
	case L2TP_STOPCCN:
		return L2TP_CC_EV_RX_STOPCCN;
	case L2TP_HELLO:
		return L2TP_CC_EV_RX_HELLO;
	case L2TP_ZLB:
	case L2TP_OCRQ:
	case L2TP_OCRP:
	case L2TP_OCCN:
	case L2TP_ICRQ:
	case L2TP_ICRP:
	case L2TP_ICCN:
	case L2TP_CDN:
	case L2TP_WEN:
	case L2TP_SLI:
	case L2TP_MESSAGE_N:
		break;
	}
	return L2TP_CC_EVENT_N;
}

/* What an SCCRQ or SCCRP tells about the peer, before it is judged. */
static void
learn(struct step *st, struct tunnel *t, const struct arrival *a)
{
	const struct l2tp_message *m = &a->message;

	if ((t->flags & TUNNEL_PINNED) == 0) {
		struct ut_effect *fx;

		tunnel_learn_peer_tid(st->e, t, (struct l2tp_tid){ 0 });
		t->peer.port = a->peer.port;
		t->flags |= TUNNEL_PINNED;
		fx = effect_add(st, UT_FX_CONNECT_PATH, tunnel_ref(st->e, t));
		fx->path = t->path;
		fx->peer = t->peer;
	}
	if ((m->present & L2TP_HAS(ASSIGNED_TUNNEL_ID)) != 0 && m->assigned_tid.v != 0 && t->peer_tid.v == 0)
		tunnel_learn_peer_tid(st->e, t, m->assigned_tid);
	if ((m->present & L2TP_HAS(RECEIVE_WINDOW_SIZE)) != 0)
		l2tp_transport_set_peer_window(&t->transport, m->receive_window);
}

/* A tunnel that the peer opens may not stay half open. */
static void
await_connection(struct step *st, struct tunnel *t)
{
	uint32_t cap = engine_params(st->e, t->params)->retransmit_cap_ms;

	if (t->state == L2TP_CC_WAIT_CTL_CONN)
		timer_set_tunnel(st, t, TIMER_END, tunnel_cycle_ms(st->e, t) + cap);
}

static void
to_cc(struct step *st, struct tunnel *t, struct arrival *a, enum l2tp_cc_event event)
{
	struct occasion o = { .message = &a->message, .header = &a->header, .fault = &a->fault };
	bool opens = a->message.type == L2TP_SCCRP && t->state == L2TP_CC_WAIT_CTL_REPLY;

	if (opens)
		learn(st, t, a);
	cc_step(st, t, event, &o);
	if (o.turn_away)
		send_stateless_stopccn(st, a->path, &a->peer, a->message.assigned_tid,
				       (struct l2tp_result){ L2TP_STOPCCN_EXISTS, 0 });
	if (o.requeue) {
		struct occasion again = { .message = &a->message, .header = &a->header, .fault = &a->fault };

		t->flags |= TUNNEL_HEARD;
		learn(st, t, a);
		t->transport.nr = (uint16_t)(a->header.ns + 1);
		cc_step(st, t, event, &again);
		await_connection(st, t);
	}
}

/* ---- to a session ---- */

struct session_event_of {
	enum l2tp_message_type type;
	enum l2tp_session_event event;
};
static const struct session_event_of session_events[] = {
	{ L2TP_OCRQ, L2TP_SESSION_EV_RX_OCRQ }, { L2TP_OCRP, L2TP_SESSION_EV_RX_OCRP },
	{ L2TP_OCCN, L2TP_SESSION_EV_RX_OCCN }, { L2TP_ICRQ, L2TP_SESSION_EV_RX_ICRQ },
	{ L2TP_ICRP, L2TP_SESSION_EV_RX_ICRP }, { L2TP_ICCN, L2TP_SESSION_EV_RX_ICCN },
	{ L2TP_CDN, L2TP_SESSION_EV_RX_CDN },	{ L2TP_WEN, L2TP_SESSION_EV_RX_WEN },
	{ L2TP_SLI, L2TP_SESSION_EV_RX_SLI },
};

static enum l2tp_session_event
session_event_for(enum l2tp_message_type type)
{
	for (size_t k = 0; k < sizeof session_events / sizeof session_events[0]; k++)
		if (session_events[k].type == type)
			return session_events[k].event;
	return L2TP_SESSION_EVENT_N;
}

/* The session whose peer calls it `sid`; for CDNs that name no session of ours (interop 23). */
static struct session *
session_by_peer_sid(struct ut_engine *e, const struct tunnel *t, struct l2tp_sid sid)
{
	for (uint16_t i = t->first_session; i != UT_NONE; i = engine_session(e, i)->next)
		if (engine_session(e, i)->peer_sid.v == sid.v && sid.v != 0)
			return engine_session(e, i);
	return NULL;
}

/* The one call that waits for its answer: what such a CDN refuses before the peer has named its session. */
static struct session *
only_unanswered(struct ut_engine *e, const struct tunnel *t)
{
	struct session *found = NULL;

	for (uint16_t i = t->first_session; i != UT_NONE; i = engine_session(e, i)->next) {
		struct session *s = engine_session(e, i);

		if (s->peer_sid.v != 0 || session_is_waiting(s))
			continue;
		if (found != NULL)
			return NULL;
		found = s;
	}
	return found;
}

static struct session *
find_session(struct step *st, struct tunnel *t, const struct arrival *a)
{
	const struct l2tp_message *m = &a->message;
	struct session *s;

	if (a->header.sid.v != 0)
		return session_by_sid(st->e, t, a->header.sid);
	if (m->type != L2TP_CDN)
		return NULL;
	s = session_by_peer_sid(st->e, t, m->assigned_sid);
	return s != NULL ? s : only_unanswered(st->e, t);
}

void
session_refuse(struct step *st, struct tunnel *t, struct l2tp_sid peer_sid, struct l2tp_result result)
{
	/* No session, hence no id of ours; the field must not be 0, and the peer does not use it. */
	send_cdn_bare(st, t, peer_sid, peer_sid, result);
}

/* A call that the peer opens. */
static void
receive_new_session(struct step *st, struct tunnel *t, struct arrival *a)
{
	enum l2tp_session_kind kind = a->message.type == L2TP_ICRQ ? L2TP_LNS_IC : L2TP_LAC_OC;
	struct occasion o = { .message = &a->message, .header = &a->header };
	struct session *s;

	if (t->state != L2TP_CC_ESTABLISHED) {
		session_refuse(st, t, a->message.assigned_sid,
			       (struct l2tp_result){ L2TP_CDN_ERROR, L2TP_ERROR_NO_CONTROL_CONNECTION });
		return;
	}
	s = session_new(st, t, kind, UT_NONE);
	if (s == NULL) {
		session_refuse(
		    st, t, a->message.assigned_sid,
		    (struct l2tp_result){ L2TP_CDN_NO_FACILITIES_TEMPORARY, L2TP_ERROR_RESOURCES });
		return;
	}
	s->peer_sid = a->message.assigned_sid;
	session_watch(st, s);
	session_step(st, s, session_event_for(a->message.type), &o);
}

static void
to_session(struct step *st, struct tunnel *t, struct arrival *a, bool is_faulty)
{
	struct occasion o = { .message = &a->message, .header = &a->header, .fault = &a->fault };
	enum l2tp_message_type type = a->message.type;
	struct session *s = find_session(st, t, a);

	if (s == NULL && is_faulty) {
		if (a->message.present & L2TP_HAS(ASSIGNED_SESSION_ID) && a->message.assigned_sid.v != 0)
			session_refuse(st, t, a->message.assigned_sid, l2tp_fault_result(&a->fault, type));
		return;
	}
	if (s == NULL) {
		if ((type == L2TP_ICRQ || type == L2TP_OCRQ) && a->header.sid.v == 0)
			receive_new_session(st, t, a);
		return; /* about a call that is gone: RFC 2661 7.4.1 r2, nothing to clean up */
	}
	if ((type == L2TP_ICRP || type == L2TP_OCRP) && s->peer_sid.v == 0)
		s->peer_sid = a->message.assigned_sid;
	session_step(st, s, is_faulty ? L2TP_SESSION_EV_RX_FAULT : session_event_for(type), &o);
}

/* ---- delivery ---- */

/* One message, in order and for the first time. */
static void
deliver(struct step *st, struct tunnel *t, struct arrival *a)
{
	uint8_t scratch[SCRATCH_MAX];
	bool ok = decode(st, t, a, scratch, 0);

	if (!ok)
		report_fault(st, tunnel_ref(st->e, t), a);
	if (!ok && a->fault.reason == L2TP_FAULT_MESSAGE_UNKNOWN)
		return; /* acknowledged and ignored: RFC 2661 4.4.1 */
	if (l2tp_message_is_session(a->message.type))
		to_session(st, t, a, !ok);
	else
		to_cc(st, t, a, ok ? cc_event(a->message.type) : L2TP_CC_EV_RX_FAULT);
	ut_wipe(scratch, a->unhidden);
}

/* The machine is done with this tunnel: the transport only acknowledges, and hears the peer's own end. */
static void
drain_delivery(struct step *st, struct tunnel *t, struct arrival *a)
{
	uint8_t scratch[SCRATCH_MAX];
	bool ok = decode(st, t, a, scratch, 0);

	ut_wipe(scratch, a->unhidden);
	if (!ok || a->message.type != L2TP_STOPCCN || (t->flags & TUNNEL_LINGERING) != 0)
		return;
	t->flags |= TUNNEL_LINGERING;
	l2tp_transport_clear(&t->transport, &st->e->blocks, engine_blocks(st->e));
	timer_stop_tunnel(st, t, TIMER_RETRANSMIT);
	send_ack(st, t);
	if (t->client != UT_NONE && (t->flags & TUNNEL_ENDED) != 0)
		tunnel_release(st, t); /* both have said so: nothing is left to wait for */
	else
		timer_set_tunnel(st, t, TIMER_END, tunnel_cycle_ms(st->e, t));
}

static void
hand_over(struct step *st, struct tunnel *t, struct arrival *a)
{
	if ((t->flags & TUNNEL_DRAINING) != 0)
		drain_delivery(st, t, a);
	else
		deliver(st, t, a);
}

/* An acknowledgement is owed: at once, after the messages that are ready and carry it, or within the delay. */
static void
owe_ack(struct step *st, struct tunnel *t, bool at_once)
{
	uint16_t delay = engine_params(st->e, t->params)->ack_delay_ms;

	if (at_once)
		send_ack(st, t);
	else if (delay == 0 || t->transport.owed >= ACK_WITHOUT_DELAY)
		work_add(st, WORK_ACK, 0, tunnel_ref(st->e, t));
	else if ((t->armed >> TIMER_ACK & 1) == 0)
		timer_set_tunnel(st, t, TIMER_ACK, delay);
}

static void
on_progress(struct step *st, struct tunnel *t)
{
	const struct ut_l2tp_params *p = engine_params(st->e, t->params);

	timer_stop_tunnel(st, t, TIMER_RETRANSMIT);
	if (l2tp_transport_is_waiting(&t->transport))
		timer_set_tunnel(
		    st, t, TIMER_RETRANSMIT,
		    l2tp_transport_interval(&t->transport, p->retransmit_ms, p->retransmit_cap_ms));
	tunnel_queue_flush(st, t);
}

/* Heard from: the peer lives (interop 30: only what is received puts HELLO off). */
static void
on_heard(struct step *st, struct tunnel *t)
{
	uint16_t hello_s = engine_params(st->e, t->params)->hello_s;

	t->flags |= TUNNEL_HEARD;
	if (t->state == L2TP_CC_ESTABLISHED && hello_s > 0)
		timer_set_tunnel(st, t, TIMER_HELLO, hello_s * UINT32_C(1000));
}

static bool
is_gone(const struct tunnel *t, uint16_t generation)
{
	return t->generation != generation || (t->flags & TUNNEL_USED) == 0;
}

static void
receive_on_tunnel(struct step *st, struct tunnel *t, struct arrival *a)
{
	struct ut_engine *e = st->e;
	uint16_t generation = t->generation;
	struct l2tp_rx_message m = { a->header.ns, a->header.nr, a->header.payload.n == 0, a->datagram };
	struct l2tp_rx_verdict v = l2tp_transport_receive(&t->transport, &e->blocks, engine_blocks(e), &m);

	if (v.rx == L2TP_RX_BAD)
		return;
	on_heard(st, t);
	if (v.progress)
		on_progress(st, t);
	if (v.rx == L2TP_RX_NEW)
		hand_over(st, t, a);
	if (is_gone(t, generation))
		return;
	if (v.rx == L2TP_RX_NEW && t->transport.rx_head != UT_BLOCK_NONE)
		work_add(st, WORK_DELIVER, 0, tunnel_ref(e, t));
	if (v.rx != L2TP_RX_ZLB && t->transport.owed + (v.rx != L2TP_RX_NEW) > 0)
		owe_ack(st, t, v.rx != L2TP_RX_NEW);
	if ((t->flags & (TUNNEL_ENDED | TUNNEL_LINGERING)) == TUNNEL_ENDED &&
	    t->transport.una == t->transport.ns)
		tunnel_release(st, t); /* our StopCCN is acknowledged: nothing is left to say */
}

void
receive_early(struct step *st, struct tunnel *t)
{
	struct ut_engine *e = st->e;
	uint16_t generation = t->generation, block = l2tp_transport_deliver(&t->transport, engine_blocks(e));
	uint8_t octets[SCRATCH_MAX];
	struct arrival a;

	if (block == UT_BLOCK_NONE)
		return;
	assert(engine_blocks(e)[block].octets <= sizeof octets);
	ut_blocks_get(engine_blocks(e), block, octets);
	arrival_init(&a, ut_slice(octets, engine_blocks(e)[block].octets), t->path, &t->peer);
	ut_blocks_drop(&e->blocks, engine_blocks(e), block);
	if (l2tp_header_decode(a.datagram, &a.header, &a.fault) == L2TP_FAULT_NONE)
		hand_over(st, t, &a);
	ut_wipe(octets, a.datagram.n);
	if (is_gone(t, generation))
		return;
	owe_ack(st, t, false);
	work_add(st, WORK_DELIVER, 0, tunnel_ref(e, t));
}

/* ---- a tunnel that the peer opens ---- */

static void
receive_new_tunnel(struct step *st, struct arrival *a, uint16_t params)
{
	struct tunnel *t = tunnel_new(st, params, UT_NONE, a->path, a->peer);
	struct occasion o = { .message = &a->message, .header = &a->header, .fault = &a->fault };

	if (t == NULL) {
		send_stateless_stopccn(st, a->path, &a->peer, a->message.assigned_tid,
				       (struct l2tp_result){ L2TP_STOPCCN_ERROR, L2TP_ERROR_RESOURCES });
		return;
	}
	t->flags |= TUNNEL_HEARD | TUNNEL_PINNED;
	t->transport.nr = (uint16_t)(a->header.ns + 1);
	learn(st, t, a);
	cc_step(st, t, L2TP_CC_EV_RX_SCCRQ, &o);
	await_connection(st, t);
}

/* Our own SCCRQ to the same host is under way: the tie is decided there (RFC 2661 4.4.3). */
static struct tunnel *
colliding_tunnel(struct ut_engine *e, const struct arrival *a)
{
	struct tunnel *t = tunnel_of_zero(e, a);

	return t != NULL && is_same_host(&t->peer, &a->peer) ? t : NULL;
}

static const struct listener *
listener_of(struct ut_engine *e, struct ut_path path)
{
	uint16_t i = (uint16_t)(path.v & 0xffff);

	if (!path_is_listener(path) || i >= e->config.n_listeners || !engine_listener(e, i)->used ||
	    engine_listener(e, i)->protocol != UT_L2TP)
		return NULL;
	return engine_listener(e, i);
}

static void
receive_sccrq(struct step *st, struct arrival *a)
{
	struct tunnel *t = tunnel_by_peer(st->e, a->path, &a->peer, a->message.assigned_tid);
	const struct listener *listener = listener_of(st->e, a->path);

	if (t != NULL) { /* seen before: the transport knows what to do with a duplicate */
		receive_on_tunnel(st, t, a);
		return;
	}
	t = colliding_tunnel(st->e, a);
	if (t != NULL)
		to_cc(st, t, a, L2TP_CC_EV_RX_SCCRQ);
	else if (listener != NULL && engine_params(st->e, listener->params)->accept_tunnels)
		receive_new_tunnel(st, a, listener->params);
	else
		send_stateless_stopccn(st, a->path, &a->peer, a->message.assigned_tid,
				       (struct l2tp_result){ L2TP_STOPCCN_UNAUTHORIZED, 0 });
}

/* A control message for tunnel 0: SCCRQ, or a StopCCN of a peer that was never told our id. */
static void
receive_for_zero(struct step *st, struct arrival *a)
{
	uint8_t scratch[SCRATCH_MAX];
	const struct listener *listener = listener_of(st->e, a->path);
	struct client *c = client_of_path(st->e, a->path);
	struct tunnel *t;
	size_t unhidden;
	bool ok;

	if (listener == NULL && c == NULL)
		return;
	ok = decode(st, NULL, a, scratch, listener != NULL ? listener->params : c->config.params);
	unhidden = a->unhidden;
	if (!ok) {
		report_fault(st, (struct ut_ref){ UT_REF_NONE, 0 }, a);
		if (a->message.type == L2TP_SCCRQ &&
		    (a->message.present & L2TP_HAS(ASSIGNED_TUNNEL_ID)) != 0 &&
		    a->message.assigned_tid.v != 0 && listener != NULL)
			send_stateless_stopccn(st, a->path, &a->peer, a->message.assigned_tid,
					       l2tp_fault_result(&a->fault, L2TP_SCCRQ));
	} else if (a->message.type == L2TP_SCCRQ) {
		receive_sccrq(st, a);
	} else if (a->message.type == L2TP_STOPCCN) {
		t = tunnel_by_peer(st->e, a->path, &a->peer, a->message.assigned_tid);
		if (t != NULL)
			receive_on_tunnel(st, t, a);
	}
	ut_wipe(scratch, unhidden);
}

/* ---- data ---- */

static void
receive_data(struct step *st, const struct arrival *a)
{
	struct tunnel *t = tunnel_by_tid(st->e, a->header.tid);
	struct session *s;
	struct ut_effect *fx;

	if (t == NULL || !is_from_peer(t, a))
		return;
	s = session_by_sid(st->e, t, a->header.sid);
	if (s == NULL || s->state != L2TP_SESSION_ESTABLISHED)
		return;
	fx = effect_add(st, UT_FX_FRAME, session_ref(st->e, s));
	fx->bytes = a->header.payload;
}

/* An SCCRQ never belongs to the tunnel that waits on the same socket: it asks for one of its own. */
static bool
is_sccrq(const struct arrival *a)
{
	enum { TYPE_AT = L2TP_AVP_HEADER_OCTETS };
	struct ut_slice p = a->header.payload;

	return a->header.tid.v == 0 && p.n >= TYPE_AT + 2 && ut_get_u16(p.p + TYPE_AT) == L2TP_SCCRQ;
}

void
receive_datagram(struct step *st, const struct ut_event *in)
{
	struct arrival a;
	struct tunnel *t;

	if (in->bytes.n > SCRATCH_MAX)
		return; /* no control message of L2TP is so long, and no data belongs here */
	arrival_init(&a, in->bytes, in->path, &in->peer);
	if (l2tp_header_decode(in->bytes, &a.header, &a.fault) != L2TP_FAULT_NONE) {
		report_fault(st, (struct ut_ref){ UT_REF_NONE, 0 }, &a);
		return;
	}
	a.datagram = ut_slice(in->bytes.p, a.header.has_length ? a.header.length : in->bytes.n);
	if (!a.header.is_control) {
		receive_data(st, &a);
		return;
	}
	t = is_sccrq(&a) ? NULL : find_tunnel(st->e, &a);
	if (t != NULL)
		receive_on_tunnel(st, t, &a);
	else if (a.header.tid.v == 0)
		receive_for_zero(st, &a);
}
