/* engine_pptp_receive.c - from the octets of a stream to an event of a machine
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fsm/engine_pptp.h"

#include <assert.h>

/* ---- connections that the peer opens ---- */

static const struct listener *
listener_of(struct ut_engine *e, struct ut_path path)
{
	uint16_t i = (uint16_t)(path.v & 0xffff);

	if (!path_is_listener(path) || i >= e->config.n_listeners || !engine_listener(e, i)->used ||
	    engine_listener(e, i)->protocol != UT_PPTP)
		return NULL;
	return engine_listener(e, i);
}

static void
refuse(struct step *st, const struct ut_event *in, const struct listener *listener)
{
	struct ut_effect *fx = effect_add(st, UT_FX_REFUSE_PATH, (struct ut_ref){ UT_REF_NONE, 0 });

	fx->protocol = UT_PPTP;
	fx->path = in->path;
	fx->peer = in->peer;
	if (listener != NULL)
		fx->bytes = put_sccrp_without_resources(st, listener->params);
}

void
stream_accepted(struct step *st, const struct ut_event *in)
{
	const struct listener *listener = listener_of(st->e, in->path);
	struct connection *c = listener == NULL ? NULL : connection_new(st, listener->params, UT_NONE);
	struct ut_effect *fx;

	if (c == NULL) {
		refuse(st, in, listener);
		return;
	}
	c->path = connection_path(st->e, c);
	c->peer = in->peer;
	c->local = in->local;
	/* RFC 2637 3.1.4, it may not wait for its SCCRQ for ever */
	timer_set_connection(st, c, connection_params(st->e, c)->reply_s * UINT32_C(1000));
	fx = effect_add(st, UT_FX_ACCEPT_PATH, connection_ref(st->e, c));
	fx->protocol = UT_PPTP;
	fx->path = c->path;
	fx->peer = c->peer;
}

/* Some servers answer the last Call-Clear-Request by closing TCP (interop 41): that is no end of theirs. */
static bool
is_goodbye_said(const struct connection *c)
{
	return c->state == PPTP_CC_WAIT_STOP_REPLY || (c->flags & CONNECTION_CLEARING) != 0 ||
	       (c->asks == ASKS_CLEAR && c->n_calls == 1);
}

void
stream_closed(struct step *st, const struct ut_event *in)
{
	struct connection *c = connection_of_path(st->e, in->path);
	struct ut_end end = { .cause = in->err == 0 ? UT_CAUSE_REMOTE : UT_CAUSE_NETWORK,
			      .scope = UT_END_PPTP_CLOSED,
			      .code = in->err };

	if (c != NULL && is_goodbye_said(c))
		end = (struct ut_end){ .cause = UT_CAUSE_NONE };
	if (c != NULL)
		connection_end(st, c, PPTP_CC_EV_TCP_CLOSED, end);
}

/* ---- collisions: RFC 2637 3.1.3 ---- */

/* Compared as unsigned numbers, the first octet the most significant; IPv6 alike. */
static int
compare_hosts(const struct ut_peer *a, const struct ut_peer *b)
{
	return a->family == b->family ? memcmp(a->address, b->address, sizeof a->address) : 0;
}

/* Our own SCCRQ to the same peer is on its way. */
static struct connection *
colliding(struct ut_engine *e, const struct connection *c)
{
	for (uint16_t i = 0; i < e->config.n_clients; i++) {
		const struct client *owner = engine_client(e, i);
		struct connection *ours;

		if (!owner->used || owner->config.protocol != UT_PPTP || owner->tunnel == UT_NONE)
			continue;
		ours = engine_connection(e, owner->tunnel);
		if (ours != c && ours->state == PPTP_CC_WAIT_CTL_REPLY &&
		    ours->peer.family == c->peer.family && compare_hosts(&ours->peer, &c->peer) == 0)
			return ours;
	}
	return NULL;
}

static void
report_collision(struct step *st, const struct connection *ours, bool stays)
{
	struct ut_effect *fx = report_add(st, UT_REPORT_COLLISION, connection_ref(st->e, ours));

	fx->protocol = UT_PPTP;
	fx->client = client_ref(st->e, engine_client(st->e, ours->client));
	fx->peer = ours->peer;
	fx->number = stays;
}

/* The client goes on with the connection that the peer opened, and with all calls that wait. */
static void
yield(struct step *st, struct connection *ours, struct connection *theirs)
{
	struct ut_engine *e = st->e;

	theirs->client = ours->client;
	engine_client(e, theirs->client)->tunnel = connection_number(e, theirs);
	ours->client = UT_NONE;
	while (ours->first_call != UT_NONE)
		call_move(e, engine_call(e, ours->first_call), theirs);
	connection_end(st, ours, PPTP_CC_EV_COLLISION, (struct ut_end){ .cause = UT_CAUSE_NONE });
}

static void
settle_collision(struct step *st, struct connection *c, struct pptp_occasion *o)
{
	struct connection *ours;
	int order = compare_hosts(&c->local, &c->peer);

	if (c->state != PPTP_CC_IDLE || (c->flags & CONNECTION_ORIGINATED) != 0 || order == 0 ||
	    o->message->protocol_version < PPTP_VERSION || !connection_params(st->e, c)->accept_connections)
		return;
	ours = colliding(st->e, c);
	if (ours == NULL)
		return;
	report_collision(st, ours, order > 0);
	o->loses = order > 0;
	if (order < 0)
		yield(st, ours, c);
}

/* ---- to a call ---- */

/* Which call a CDN or CCRQ means: the RFC has the sender's id in it, some write the receiver's, accel-ppp for years with
 * its octets swapped (interop 40). */
static struct call *
call_ended(struct ut_engine *e, const struct connection *c, struct pptp_call_id id)
{
	struct pptp_call_id swapped = { (uint16_t)(id.v >> 8 | id.v << 8) };
	struct call *s = call_by_peer_id(e, c, id);

	if (s == NULL)
		s = call_by_id(e, c, id);
	if (s == NULL)
		s = call_by_id(e, c, swapped);
	/* A PAC's id that we never heard: of the one request it has not answered. */
	if (s == NULL && (c->asks == ASKS_CALL || c->asks == ASKS_CLEAR) &&
	    (engine_call(e, c->asks_call)->flags & CALL_PEER_KNOWN) == 0)
		s = engine_call(e, c->asks_call);
	return s;
}

static struct call *
find_call(struct ut_engine *e, const struct connection *c, const struct pptp_message *m)
{
	if (m->type == PPTP_CDN || m->type == PPTP_CCRQ)
		return call_ended(e, c, m->call_id);
	return call_by_id(e, c, m->peer_call_id);
}

/* The answer to a request of ours. */
static void
to_asking_call(struct step *st, struct connection *c, struct call *s, struct pptp_occasion *o)
{
	bool is_ocrp = o->message->type == PPTP_OCRP;

	if (s->kind != (is_ocrp ? PPTP_PNS_OC : PPTP_PAC_IC) || (s->flags & CALL_PEER_KNOWN) != 0)
		return; /* nobody asked, or it was answered */
	if (o->message->result <= PPTP_OCRP_CONNECTED)
		call_learn_peer(st->e, s, o->message->call_id);
	pptp_turn_over(st, c, ASKS_CALL, call_number(st->e, s));
	call_step(st, s, is_ocrp ? PPTP_CALL_EV_RX_OCRP : PPTP_CALL_EV_RX_ICRP, o);
}

/* May the peer have a call?  Fills in what the refusal says. */
static bool
judge_request(struct ut_engine *e, const struct connection *c, struct pptp_occasion *o)
{
	const struct pptp_message *m = o->message;

	if (!connection_params(e, c)->accept_calls || (c->flags & CONNECTION_CLEARING) != 0) {
		o->result =
		    m->type == PPTP_OCRQ ? (uint8_t)PPTP_OCRP_NOT_ACCEPTED : (uint8_t)PPTP_ICRP_NOT_ACCEPTED;
	} else if (call_by_peer_id(e, c, m->call_id) != NULL) {
		o->result = PPTP_OCRP_ERROR; /* the same number in both */
		o->error = PPTP_ERROR_CALL_ID;
	}
	return o->result == 0;
}

static void
receive_request(struct step *st, struct connection *c, struct pptp_occasion *o)
{
	bool is_ocrq = o->message->type == PPTP_OCRQ, is_ok = judge_request(st->e, c, o);
	struct call *s = call_new(st, c, is_ocrq ? PPTP_PAC_OC : PPTP_PNS_IC, UT_NONE);

	if (s == NULL) {
		o->result = PPTP_OCRP_ERROR;
		o->error = PPTP_ERROR_RESOURCES;
		send_pptp_refusal(st, c, o->message, o);
		return;
	}
	if (is_ok)
		call_learn_peer(st->e, s, o->message->call_id);
	else
		s->peer_id = o->message->call_id;
	call_step(st, s, is_ocrq ? PPTP_CALL_EV_RX_OCRQ : PPTP_CALL_EV_RX_ICRQ, o);
}

static void
to_call(struct step *st, struct connection *c, struct pptp_occasion *o)
{
	const struct pptp_message *m = o->message;
	struct call *s = find_call(st->e, c, m);

	if (m->type == PPTP_OCRQ || m->type == PPTP_ICRQ)
		receive_request(st, c, o);
	else if (s == NULL)
		return; /* about a call that is gone */
	else if (m->type == PPTP_OCRP || m->type == PPTP_ICRP)
		to_asking_call(st, c, s, o);
	else if (m->type == PPTP_ICCN)
		call_step(st, s, PPTP_CALL_EV_RX_ICCN, o);
	else if (m->type == PPTP_CCRQ)
		call_step(st, s, PPTP_CALL_EV_RX_CCRQ, o);
	else if (m->type == PPTP_CDN)
		call_step(st, s, PPTP_CALL_EV_RX_CDN, o);
	else
		call_step(st, s, PPTP_CALL_EV_RX_NOTE, o);
}

/* ---- to the control connection ---- */

static enum pptp_cc_event
cc_event(enum pptp_message_type type)
{
	switch (type) {
	case PPTP_SCCRQ:
		return PPTP_CC_EV_RX_SCCRQ;
	case PPTP_SCCRP:
		return PPTP_CC_EV_RX_SCCRP;
	case PPTP_STOPCCRQ:
		return PPTP_CC_EV_RX_STOPCCRQ;
	case PPTP_STOPCCRP:
		return PPTP_CC_EV_RX_STOPCCRP;
	case PPTP_ECHORQ:
		return PPTP_CC_EV_RX_ECHORQ;
	case PPTP_ECHORP:
		return PPTP_CC_EV_RX_ECHORP;
	case PPTP_OCRQ:
	case PPTP_OCRP:
	case PPTP_ICRQ:
	case PPTP_ICRP:
	case PPTP_ICCN:
	case PPTP_CCRQ:
	case PPTP_CDN:
	case PPTP_WEN:
	case PPTP_SLI:
	case PPTP_MESSAGE_N:
		break;
	}
	return PPTP_CC_EV_RX_CALL;
}

static void
deliver(struct step *st, struct connection *c, const struct pptp_message *m)
{
	struct pptp_occasion o = { .message = m };
	enum pptp_cc_event event = cc_event(m->type);

	if (event == PPTP_CC_EV_RX_CALL && c->state == PPTP_CC_ESTABLISHED) {
		to_call(st, c, &o);
	} else {
		if (event == PPTP_CC_EV_RX_SCCRQ)
			settle_collision(st, c, &o);
		if (event == PPTP_CC_EV_RX_ECHORP && m->identifier == c->echo_id)
			pptp_turn_over(st, c, ASKS_ECHO, UT_NONE);
		connection_step(st, c, event, &o);
	}
	if ((c->flags & (CONNECTION_USED | CONNECTION_CLOSED)) == CONNECTION_USED)
		connection_heard(st, c);
}

static void
report_fault(struct step *st, const struct connection *c, const struct pptp_fault *fault)
{
	struct ut_effect *fx = report_add(st, UT_REPORT_FAULT, connection_ref(st->e, c));

	fx->protocol = UT_PPTP;
	if (c->client != UT_NONE)
		fx->client = client_ref(st->e, engine_client(st->e, c->client));
	fx->path = c->path;
	fx->peer = c->peer;
	fx->number = fault->number;
	fx->pptp_fault = *fault;
}

bool
stream_read(struct step *st, struct ut_path path, struct ut_slice *rest)
{
	struct connection *c = connection_of_path(st->e, path);
	struct pptp_message m;
	struct pptp_fault fault;
	struct ut_end lost = { .cause = UT_CAUSE_PROTOCOL, .scope = UT_END_PPTP_OUT_OF_STEP };

	if (c == NULL || (c->flags & CONNECTION_CLOSED) != 0) {
		*rest = ut_slice(NULL, 0);
		return false;
	}
	switch (pptp_stream_read(&c->stream, rest, &m, &fault)) {
	case PPTP_STREAM_MORE:
		break;
	case PPTP_STREAM_MESSAGE:
		deliver(st, c, &m);
		break;
	case PPTP_STREAM_SKIPPED:
		report_fault(st, c, &fault);
		break;
	case PPTP_STREAM_LOST:
		report_fault(st, c, &fault);
		connection_end(st, c, PPTP_CC_EV_OUT_OF_STEP, lost);
		*rest = ut_slice(NULL, 0);
		break;
	}
	return rest->n > 0;
}
