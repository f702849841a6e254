/* respond_pptp.c - what our own client says and hears in the place of a captured PNS
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/replay/respond_stand.h"

enum { AT_PEER_CALL_OF_OCRP = 14, AT_PEER_CALL = 12 };

void
stand_pptp_look_ahead(struct stand *s)
{
	for (size_t i = 0; i < s->talk->letters.n; i++) {
		const struct respond_letter *m = &s->talk->letters.v[i];

		if (m->is_of_client && m->type == PPTP_OCRQ)
			stand_add_call(s, m->header.ns, m->assigned);
	}
}

void
stand_pptp_send(struct stand *s, struct ut_slice octets)
{
	struct pptp_stream stream = { .offset = 0 };
	struct pptp_message message;
	struct pptp_fault fault;

	while (pptp_stream_read(&stream, &octets, &message, &fault) == PPTP_STREAM_MESSAGE) {
		struct respond_letter letter = respond_pptp_letter(&message, s->next_ns++);

		if (letter.type == PPTP_OCRQ && s->calls.n_ours < RESPOND_CALLS_MAX)
			s->calls.ours[s->calls.n_ours++] = letter.assigned;
		stand_keep(s, &letter);
	}
}

/* Where a message of the server's names a call of its peer's; 0: it does not. */
static size_t
peer_call_at(unsigned type)
{
	if (type == PPTP_OCRP)
		return AT_PEER_CALL_OF_OCRP;
	return type == PPTP_SLI || type == PPTP_WEN ? AT_PEER_CALL : 0;
}

/* Its peer's call becomes ours.  False: we have none in its place. */
static bool
readdress(const struct stand *s, unsigned type, uint8_t *octets)
{
	const struct stand_calls *const c = &s->calls;
	const size_t at = peer_call_at(type);
	const uint16_t id = at != 0 ? ut_get_u16(octets + at) : 0;

	if (at == 0)
		return true;
	for (unsigned i = 0; i < c->n_captured && i < c->n_ours; i++) {
		if (c->captured[i] != id)
			continue;
		octets[at] = (uint8_t)(c->ours[i] >> 8);
		octets[at + 1] = (uint8_t)c->ours[i];
		return true;
	}
	return false;
}

void
stand_pptp_from_server(struct stand *s, const struct respond_letter *m)
{
	size_t at = 0;

	if (m->type == RESPOND_TCP_CLOSED) {
		stand_feed(s, (struct ut_event){ .kind = UT_EV_STREAM_CLOSED, .path = s->path });
		return;
	}
	if (m->type == PPTP_ECHORP) /* ours asks for none */
		return;
	memcpy(s->datagram, m->octets, m->n);
	if (!readdress(s, m->type, s->datagram))
		return;
	do {
		stand_feed(s, (struct ut_event){ .kind = UT_EV_STREAM,
						 .path = s->path,
						 .bytes = ut_slice(s->datagram + at, m->n - at) });
		at += s->taken;
	} while (s->taken > 0 && at < m->n);
}

void
stand_pptp_from_client(struct stand *s, const struct respond_letter *m)
{
	if (m->type == PPTP_CCRQ || m->type == PPTP_STOPCCRQ || m->type == RESPOND_TCP_CLOSED)
		stand_stop(s);
}
