/* engine_pptp_send.c - building PPTP's messages
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fsm/engine_pptp.h"

#include <assert.h>

enum { BEARER_DIGITAL = 2, FRAMING_SYNC = 2 };

static struct ut_slice
put_message(struct step *st, const struct pptp_message *m)
{
	size_t n = pptp_message_octets(m->type);
	uint8_t *octets = effect_octets(st, n);
	struct ut_put w = ut_put_into(octets, n);

	pptp_message_encode(&w, m);
	assert(!w.full && w.len == n);
	return ut_slice(octets, n);
}

static void
send_message(struct step *st, struct connection *c, const struct pptp_message *m)
{
	struct ut_effect *fx;

	assert((c->flags & CONNECTION_CLOSED) == 0);
	fx = effect_add(st, UT_FX_SEND_STREAM, connection_ref(st->e, c));
	fx->protocol = UT_PPTP;
	fx->path = c->path;
	fx->peer = c->peer;
	fx->bytes = put_message(st, m);
}

/* ---- the control connection's messages: RFC 2637 2.1 to 2.6 ---- */

static void
fill_start(const struct ut_pptp_params *p, struct pptp_message *m)
{
	m->protocol_version = PPTP_VERSION;
	m->framing = p->framing;
	m->bearer = p->bearer;
	m->maximum_channels = p->maximum_channels;
	m->firmware_revision = p->firmware_revision;
	m->host_name = ut_slice(p->host_name, p->host_name_octets);
	m->vendor_name = ut_slice(p->vendor_name, p->vendor_name_octets);
}

static void
fill_cc(struct step *st, struct connection *c, const struct pptp_occasion *o, struct pptp_message *m)
{
	if (m->type == PPTP_SCCRQ || m->type == PPTP_SCCRP)
		fill_start(connection_params(st->e, c), m);
	if (m->type == PPTP_ECHORQ)
		m->identifier = ++c->echo_id;
	if (m->type == PPTP_ECHORP)
		m->identifier = o->message->identifier;
	if (m->type == PPTP_STOPCCRP || m->type == PPTP_ECHORP)
		m->result = PPTP_REPLY_OK;
	if (m->type == PPTP_SCCRP || m->type == PPTP_STOPCCRQ) {
		m->result = o->result;
		m->error = o->error;
	}
}

static enum connection_asks
asks_with(enum pptp_message_type type)
{
	if (type == PPTP_SCCRQ)
		return ASKS_START;
	if (type == PPTP_ECHORQ)
		return ASKS_ECHO;
	return type == PPTP_STOPCCRQ ? ASKS_STOP : ASKS_NOTHING;
}

void
send_pptp_cc(struct step *st, struct connection *c, enum pptp_message_type type,
	     const struct pptp_occasion *o)
{
	struct pptp_message m = { .type = type };

	fill_cc(st, c, o, &m);
	send_message(st, c, &m);
	if (asks_with(type) != ASKS_NOTHING)
		pptp_turn_take(c, asks_with(type), UT_NONE);
}

struct ut_slice
put_sccrp_without_resources(struct step *st, uint16_t params)
{
	struct pptp_message m = { .type = PPTP_SCCRP,
				  .result = PPTP_SCCRP_ERROR,
				  .error = PPTP_ERROR_RESOURCES };

	fill_start(engine_pptp_params(st->e, params), &m);
	return put_message(st, &m);
}

/* ---- a call's messages: RFC 2637 2.7 to 2.13 ---- */

static void
fill_call(struct step *st, const struct call *s, struct pptp_message *m)
{
	const struct ut_pptp_params *p = connection_params(st->e, engine_connection(st->e, s->connection));

	m->call_id = s->local_id;
	m->peer_call_id = s->peer_id;
	m->call_serial = s->serial;
	m->minimum_bps = p->minimum_bps;
	m->maximum_bps = p->maximum_bps;
	m->connect_speed = p->connect_speed;
	m->framing = p->framing;
	m->bearer = p->bearer;
	m->window = p->window;
	m->processing_delay = p->processing_delay;
	/* RFC 2637 2.9, 2.11, a call that came in is of one kind, not of any */
	if (m->type == PPTP_ICRQ)
		m->bearer = BEARER_DIGITAL;
	if (m->type == PPTP_ICCN)
		m->framing = FRAMING_SYNC;
}

/* A call that was not accepted has no id of ours. */
static void
refuse(struct pptp_message *m, const struct pptp_occasion *o)
{
	m->result = o->result;
	m->error = o->error;
	m->call_id.v = 0;
	m->connect_speed = 0;
}

static bool
is_refusal(enum pptp_message_type type, const struct pptp_occasion *o)
{
	return (type == PPTP_OCRP && o->result > PPTP_OCRP_CONNECTED) ||
	       (type == PPTP_ICRP && o->result > PPTP_ICRP_CONNECT);
}

void
send_pptp_call(struct step *st, struct call *s, enum pptp_message_type type, const struct pptp_occasion *o)
{
	struct connection *c = engine_connection(st->e, s->connection);
	struct pptp_message m = { .type = type, .result = PPTP_OCRP_CONNECTED };
	uint16_t number = call_number(st->e, s);

	fill_call(st, s, &m);
	if (is_refusal(type, o))
		refuse(&m, o);
	if (type == PPTP_CDN) {
		m.result = o->result;
		m.error = o->error;
	}
	send_message(st, c, &m);
	if (type == PPTP_OCRQ || type == PPTP_ICRQ)
		pptp_turn_take(c, ASKS_CALL, number);
	if (type == PPTP_CCRQ) {
		pptp_turn_take(c, ASKS_CLEAR, number);
		timer_set_call(st, s, connection_clear_ms(st->e, c));
	}
}

void
send_pptp_refusal(struct step *st, struct connection *c, const struct pptp_message *request,
		  const struct pptp_occasion *o)
{
	struct pptp_message m = { .type = request->type == PPTP_OCRQ ? PPTP_OCRP : PPTP_ICRP,
				  .peer_call_id = request->call_id };

	refuse(&m, o);
	send_message(st, c, &m);
}
