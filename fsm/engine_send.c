/* engine_send.c - building messages and handing them to the transport
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fsm/engine_internal.h"

#include <assert.h>

enum {
	MESSAGE_MAX = 1400, /* of ours; the longest is far below */
	VERSION_1_0 = 0x0100,
	FRAMING_SYNC = 1 /* RFC 2661 4.4.5, the S bit */
};

/* AVPs worth hiding: what identifies a caller or proves a secret; ids too, since the RFC lets them. */
static const uint64_t hide_these =
    L2TP_HAS(FRAMING_CAPABILITIES) | L2TP_HAS(BEARER_CAPABILITIES) | L2TP_HAS(VENDOR_NAME) |
    L2TP_HAS(ASSIGNED_TUNNEL_ID) | L2TP_HAS(CHALLENGE) | L2TP_HAS(CHALLENGE_RESPONSE) |
    L2TP_HAS(ASSIGNED_SESSION_ID) | L2TP_HAS(CALL_SERIAL_NUMBER) | L2TP_HAS(MINIMUM_BPS) |
    L2TP_HAS(MAXIMUM_BPS) | L2TP_HAS(BEARER_TYPE) | L2TP_HAS(FRAMING_TYPE) | L2TP_HAS(CALLED_NUMBER) |
    L2TP_HAS(TX_CONNECT_SPEED);

/* Fills in how to hide; NULL when nothing is to be hidden. */
static const struct l2tp_hide *
hiding(struct step *st, const struct tunnel *t, struct l2tp_message *m, struct l2tp_hide *hide)
{
	const struct ut_l2tp_params *p = engine_params(st->e, t->params);
	bool got;

	m->hidden = 0;
	/* Not in SCCRQ: a peer picks the secret by the Host Name in it (xl2tpd, only once it is read whole). */
	if (!p->hide_avps || p->secret.n == 0 || m->type == L2TP_SCCRQ || (m->present & hide_these) == 0)
		return NULL;
	memset(hide, 0, sizeof *hide);
	got = random_take(st->e, hide->vector, sizeof hide->vector) &&
	      random_take(st->e, hide->padding, sizeof hide->padding);
	assert(got);
	(void)got;
	hide->secret = &p->secret;
	hide->padding_octets = hide->vector[0] & 7; /* the length of what is hidden says less */
	m->hidden = m->present & hide_these;
	return hide;
}

/* What is to be random must be: no challenge is left out and nothing to be hidden goes bare for want of it. */
static bool
has_randomness_for(struct step *st, const struct tunnel *t, enum l2tp_message_type type)
{
	const struct ut_l2tp_params *p = engine_params(st->e, t->params);
	size_t need = 0;

	if (type == L2TP_SCCRQ || type == L2TP_SCCRP)
		need += sizeof t->challenge + sizeof t->tie_breaker;
	if (p->hide_avps && p->secret.n > 0)
		need += L2TP_VECTOR_OCTETS + L2TP_PADDING_MAX;
	return st->e->random_n >= need;
}

/* A pool is empty: nothing can be said, so the tunnel is cleared. */
static void
out_of(struct step *st, struct tunnel *t, enum ut_pool pool)
{
	report_add_tunnel(st, UT_REPORT_REFUSED, t)->number = pool;
	if ((t->flags & TUNNEL_DRAINING) != 0)
		return;
	t->end = ut_end_merge(t->end, (struct ut_end){ .cause = UT_CAUSE_SYSTEM });
	work_cc(st, t, L2TP_CC_EV_NO_ANSWER);
}

static void
send_direct(struct step *st, struct ut_path path, const struct ut_peer *peer, struct ut_ref ref,
	    struct ut_slice bytes)
{
	struct ut_effect *fx = effect_add(st, UT_FX_SEND, ref);

	fx->path = path;
	fx->peer = *peer;
	fx->bytes = bytes;
}

static struct l2tp_header
header_of(const struct tunnel *t, struct l2tp_sid sid, uint16_t ns)
{
	return (struct l2tp_header){ .tid = t->peer_tid, .sid = sid, .ns = ns, .nr = t->transport.nr };
}

static void
queue_message(struct step *st, struct tunnel *t, struct l2tp_sid sid, struct l2tp_message *m)
{
	uint8_t octets[MESSAGE_MAX];
	struct ut_put w = ut_put_into(octets, sizeof octets);
	struct l2tp_header header = header_of(t, sid, t->transport.ns);
	struct l2tp_hide hide;

	if (!has_randomness_for(st, t, L2TP_ZLB)) {
		out_of(st, t, UT_POOL_RANDOM);
		return;
	}
	l2tp_message_encode(&w, &header, m, hiding(st, t, m, &hide));
	assert(!w.full);
	if (!l2tp_transport_queue(&t->transport, &st->e->blocks, engine_blocks(st->e),
				  ut_slice(octets, w.len))) {
		out_of(st, t, UT_POOL_BLOCKS);
		return;
	}
	tunnel_queue_flush(st, t);
}

/* ---- the control connection's messages: RFC 2661 section 6.1 to 6.5 ---- */

static void
fill_capabilities(struct step *st, struct tunnel *t, struct l2tp_message *m)
{
	const struct ut_l2tp_params *p = engine_params(st->e, t->params);

	m->present = L2TP_HAS(MESSAGE_TYPE) | L2TP_HAS(PROTOCOL_VERSION) | L2TP_HAS(HOST_NAME) |
		     L2TP_HAS(FRAMING_CAPABILITIES) | L2TP_HAS(ASSIGNED_TUNNEL_ID) |
		     L2TP_HAS(RECEIVE_WINDOW_SIZE);
	m->protocol_version = VERSION_1_0;
	m->host_name = ut_slice(p->host_name, p->host_name_octets);
	m->framing_capabilities = p->framing;
	m->assigned_tid = t->local_tid;
	m->receive_window = p->receive_window;
	if (p->bearer != 0) {
		m->present |= L2TP_HAS(BEARER_CAPABILITIES);
		m->bearer_capabilities = p->bearer;
	}
	if (p->vendor_name_octets > 0) {
		m->present |= L2TP_HAS(VENDOR_NAME);
		m->vendor_name = ut_slice(p->vendor_name, p->vendor_name_octets);
	}
	if (p->authenticate_peer && p->secret.n > 0 &&
	    random_take(st->e, t->challenge, sizeof t->challenge)) {
		t->flags |= TUNNEL_CHALLENGED;
		m->present |= L2TP_HAS(CHALLENGE);
		m->challenge = ut_slice(t->challenge, sizeof t->challenge);
	}
}

/* The peer challenged us in the message of the occasion. */
static void
fill_response(struct step *st, const struct tunnel *t, const struct occasion *o, struct l2tp_message *m,
	      uint8_t response[L2TP_RESPONSE_OCTETS])
{
	if (o->message == NULL || (o->message->present & L2TP_HAS(CHALLENGE)) == 0)
		return;
	l2tp_challenge_response(response, m->type, &engine_params(st->e, t->params)->secret,
				o->message->challenge);
	m->present |= L2TP_HAS(CHALLENGE_RESPONSE);
	m->challenge_response = ut_slice(response, L2TP_RESPONSE_OCTETS);
}

static void
fill_stopccn(const struct tunnel *t, const struct occasion *o, struct l2tp_message *m)
{
	m->present = L2TP_HAS(MESSAGE_TYPE) | L2TP_HAS(RESULT_CODE) | L2TP_HAS(ASSIGNED_TUNNEL_ID);
	m->assigned_tid = t->local_tid;
	m->result = o->refuse.result;
	m->error = o->refuse.error;
	m->error_message = ut_slice(NULL, 0);
}

static void
fill_cc(struct step *st, struct tunnel *t, const struct occasion *o, struct l2tp_message *m,
	uint8_t response[L2TP_RESPONSE_OCTETS])
{
	m->present = L2TP_HAS(MESSAGE_TYPE);
	if (m->type == L2TP_STOPCCN) {
		fill_stopccn(t, o, m);
		return;
	}
	if (m->type == L2TP_SCCRQ || m->type == L2TP_SCCRP)
		fill_capabilities(st, t, m);
	if (m->type == L2TP_SCCRQ && engine_params(st->e, t->params)->tie_breaker &&
	    random_take(st->e, &t->tie_breaker, sizeof t->tie_breaker)) {
		m->present |= L2TP_HAS(TIE_BREAKER);
		m->tie_breaker = t->tie_breaker;
	}
	if (m->type == L2TP_SCCRP || m->type == L2TP_SCCCN)
		fill_response(st, t, o, m, response);
}

/* A last word to a peer never heard of: once, since it cannot acknowledge what it does not know. */
static void
send_unheard(struct step *st, struct tunnel *t, struct l2tp_message *m)
{
	uint8_t *octets = effect_octets(st, 64);
	struct ut_put w = ut_put_into(octets, 64);
	struct l2tp_header header = header_of(t, (struct l2tp_sid){ 0 }, t->transport.ns);

	l2tp_message_encode(&w, &header, m, NULL);
	assert(!w.full);
	send_direct(st, t->path, &t->peer, tunnel_ref(st->e, t), ut_slice(octets, w.len));
}

void
send_cc(struct step *st, struct tunnel *t, enum l2tp_message_type type, struct occasion *o)
{
	struct l2tp_message m;
	uint8_t response[L2TP_RESPONSE_OCTETS];

	if (!has_randomness_for(st, t, type)) {
		out_of(st, t, UT_POOL_RANDOM);
		return;
	}
	m.type = type;
	fill_cc(st, t, o, &m, response);
	if (type == L2TP_STOPCCN && (t->flags & TUNNEL_HEARD) == 0) {
		send_unheard(st, t, &m);
		return;
	}
	if (type == L2TP_STOPCCN)
		l2tp_transport_end(&t->transport, &st->e->blocks, engine_blocks(st->e));
	queue_message(st, t, (struct l2tp_sid){ 0 }, &m);
	ut_wipe(response, sizeof response);
}

void
send_hello(struct step *st, struct tunnel *t)
{
	uint16_t hello_s = engine_params(st->e, t->params)->hello_s;
	struct l2tp_message m;

	if (hello_s > 0)
		timer_set_tunnel(st, t, TIMER_HELLO, hello_s * UINT32_C(1000));
	if (t->state != L2TP_CC_ESTABLISHED || l2tp_transport_is_waiting(&t->transport))
		return; /* what is under way asks the same question */
	m.type = L2TP_HELLO;
	m.present = L2TP_HAS(MESSAGE_TYPE);
	queue_message(st, t, (struct l2tp_sid){ 0 }, &m);
}

/* RFC 2661 5.8, a ZLB takes no number. */
void
send_ack(struct step *st, struct tunnel *t)
{
	uint8_t *octets = effect_octets(st, 12);
	struct ut_put w = ut_put_into(octets, 12);
	struct l2tp_header header = header_of(t, (struct l2tp_sid){ 0 }, t->transport.limit);
	struct l2tp_message m;

	m.type = L2TP_ZLB;
	m.present = 0;
	l2tp_message_encode(&w, &header, &m, NULL);
	assert(!w.full);
	send_direct(st, t->path, &t->peer, tunnel_ref(st->e, t), ut_slice(octets, w.len));
	t->transport.owed = 0;
	timer_stop_tunnel(st, t, TIMER_ACK);
}

/* ---- a session's messages: RFC 2661 section 6.6 to 6.12 ---- */

static void
fill_call(struct step *st, const struct session *s, struct l2tp_message *m)
{
	const struct ut_l2tp_params *p = engine_params(st->e, engine_tunnel(st->e, s->tunnel)->params);

	m->assigned_sid = s->local_sid;
	m->call_serial = s->call_serial;
	m->tx_connect_speed = p->tx_connect_speed;
	m->framing_type = FRAMING_SYNC;
	m->bearer_type = p->bearer;
	m->minimum_bps = 0;
	m->maximum_bps = p->tx_connect_speed;
	m->called_number = ut_slice(NULL, 0);
}

static uint64_t
avps_of(enum l2tp_message_type type, bool sequencing)
{
	uint64_t type_only = L2TP_HAS(MESSAGE_TYPE);
	uint64_t connected = type_only | L2TP_HAS(TX_CONNECT_SPEED) | L2TP_HAS(FRAMING_TYPE) |
			     (sequencing ? L2TP_HAS(SEQUENCING_REQUIRED) : 0);

	if (type == L2TP_ICRQ)
		return type_only | L2TP_HAS(ASSIGNED_SESSION_ID) | L2TP_HAS(CALL_SERIAL_NUMBER);
	if (type == L2TP_ICRP || type == L2TP_OCRP)
		return type_only | L2TP_HAS(ASSIGNED_SESSION_ID);
	if (type == L2TP_OCRQ)
		return type_only | L2TP_HAS(ASSIGNED_SESSION_ID) | L2TP_HAS(CALL_SERIAL_NUMBER) |
		       L2TP_HAS(MINIMUM_BPS) | L2TP_HAS(MAXIMUM_BPS) | L2TP_HAS(BEARER_TYPE) |
		       L2TP_HAS(FRAMING_TYPE) | L2TP_HAS(CALLED_NUMBER);
	if (type == L2TP_ICCN || type == L2TP_OCCN)
		return connected;
	return type_only;
}

void
send_session(struct step *st, struct session *s, enum l2tp_message_type type, struct occasion *o)
{
	struct tunnel *t = engine_tunnel(st->e, s->tunnel);
	struct l2tp_message m;

	if (type == L2TP_CDN) {
		send_cdn_bare(st, t, s->local_sid, s->peer_sid, o->refuse);
		return;
	}
	m.type = type;
	m.present = avps_of(type, engine_params(st->e, t->params)->send_sequence);
	fill_call(st, s, &m);
	queue_message(st, t, s->peer_sid, &m);
}

void
send_cdn_bare(struct step *st, struct tunnel *t, struct l2tp_sid local_sid, struct l2tp_sid peer_sid,
	      struct l2tp_result result)
{
	struct l2tp_message m;

	m.type = L2TP_CDN;
	m.present = L2TP_HAS(MESSAGE_TYPE) | L2TP_HAS(RESULT_CODE) | L2TP_HAS(ASSIGNED_SESSION_ID);
	m.assigned_sid = local_sid;
	m.result = result.result;
	m.error = result.error;
	m.error_message = ut_slice(NULL, 0);
	queue_message(st, t, peer_sid, &m);
}

void
send_stateless_stopccn(struct step *st, struct ut_path path, const struct ut_peer *peer,
		       struct l2tp_tid peer_tid, struct l2tp_result result)
{
	uint8_t *octets = effect_octets(st, 64);
	struct ut_put w = ut_put_into(octets, 64);
	struct l2tp_message m;

	m.type = L2TP_STOPCCN;
	m.present = L2TP_HAS(MESSAGE_TYPE) | L2TP_HAS(RESULT_CODE) | L2TP_HAS(ASSIGNED_TUNNEL_ID);
	/* No tunnel, hence no id of ours; the field must not be 0, and the peer does not use it. */
	m.assigned_tid = peer_tid;
	m.result = result.result;
	m.error = result.error;
	m.error_message = ut_slice(NULL, 0);
	l2tp_message_encode(&w, &(struct l2tp_header){ .tid = peer_tid, .nr = 1 }, &m, NULL);
	assert(!w.full);
	send_direct(st, path, peer, (struct ut_ref){ UT_REF_NONE, 0 }, ut_slice(octets, w.len));
}
