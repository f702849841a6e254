/* respond_l2tp.c - what our own client says and hears in the place of a captured LAC
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/replay/respond_stand.h"

/* ---- what it says ---- */

/* Of our own, the one with that number. */
static struct respond_letter *
find_sent(const struct stand *s, uint16_t ns)
{
	for (size_t i = 0; i < s->answer->sent.n; i++)
		if (s->answer->sent.v[i].header.ns == ns)
			return &s->answer->sent.v[i];
	return NULL;
}

static bool
is_noise_from(const struct stand *s, size_t at, struct ut_slice octets)
{
	for (size_t i = 0; i < octets.n; i++)
		if (stand_noise(s, at + i) != octets.p[i])
			return false;
	return true;
}

/* Our SCCRQ, in the rehearsal: its challenge is among what was fed. */
static void
find_challenge(struct stand *s, struct ut_slice datagram)
{
	struct l2tp_header header;
	struct l2tp_avp_walk walk;
	struct l2tp_fault fault;
	struct l2tp_avp avp;
	size_t at = 0;

	if (s->challenge_at != SIZE_MAX || l2tp_header_decode(datagram, &header, &fault) != L2TP_FAULT_NONE)
		return;
	l2tp_avp_walk_init(&walk, &header, datagram);
	do {
		if (!l2tp_avp_walk_next(&walk, &avp))
			return;
	} while (avp.vendor != 0 || avp.type != L2TP_AVP_CHALLENGE);
	while (at < s->noise_n && !is_noise_from(s, at, avp.value))
		at++;
	s->challenge_at = at;
}

void
stand_l2tp_send(struct stand *s, struct ut_slice datagram)
{
	struct respond_letter letter, *before;

	if (!respond_letter_read(&letter, datagram, &s->secret.secret) || letter.type == L2TP_ZLB)
		return;
	if (letter.type == L2TP_SCCRQ && s->authentication.is_challenged)
		find_challenge(s, datagram);
	if (letter.header.ns != s->next_ns) {
		before = find_sent(s, letter.header.ns);
		if (before != NULL)
			before->times++;
		return;
	}
	s->next_ns++;
	if (letter.type == L2TP_SCCRQ)
		s->tid = letter.assigned;
	if (letter.type == L2TP_ICRQ && s->calls.n_ours < RESPOND_CALLS_MAX)
		s->calls.ours[s->calls.n_ours++] = letter.assigned;
	stand_keep(s, &letter);
}

/* ---- what it hears ---- */

static void
put_u16(uint8_t *at, uint16_t v)
{
	at[0] = (uint8_t)(v >> 8);
	at[1] = (uint8_t)v;
}

/* The session of ours that takes the place of the captured client's; 0: we have none.  An id that the captured client
 * hid is learnt from its first use. */
static uint16_t
sid_for(struct stand *s, uint16_t captured)
{
	unsigned i = 0;

	while (i < s->calls.n_captured && s->calls.captured[i] != captured)
		i++;
	for (unsigned k = 0; i == s->calls.n_captured && k < s->calls.n_captured; k++) {
		if (s->calls.captured[k] != 0)
			continue;
		s->calls.captured[k] = captured;
		i = k;
	}
	return i < s->calls.n_captured && i < s->calls.n_ours ? s->calls.ours[i] : 0;
}

/* What the captured client had sent is acknowledged: so is what ours has.  Else no more than then. */
static uint16_t
nr_for(const struct stand *s, uint16_t captured)
{
	if (captured == s->captured_next_ns || (uint16_t)(s->next_ns - captured) >= 0x8000)
		return s->next_ns;
	return captured;
}

/* Ids and numbers of the header become those of our client.  False: it has no such session. */
static bool
readdress(struct stand *s, const struct respond_letter *m, uint8_t *octets)
{
	uint8_t *at = octets + (m->header.has_length ? 4 : 2);
	const uint16_t sid = m->header.sid.v == 0 ? 0 : sid_for(s, m->header.sid.v);

	if (m->header.tid.v != 0)
		put_u16(at, s->tid);
	put_u16(at + 2, sid);
	put_u16(at + 6, nr_for(s, m->header.nr));
	return m->header.sid.v == 0 || sid != 0;
}

void
stand_l2tp_from_server(struct stand *s, const struct respond_letter *m)
{
	if (m->n > STAND_DATAGRAM_OCTETS_MAX)
		return;
	memcpy(s->datagram, m->octets, m->n);
	if (!readdress(s, m, s->datagram))
		return;
	if (s->authentication.secret != RESPOND_SECRET_FITS &&
	    journal_stand_in_receive(&s->secret, s->datagram, m->n, s->is_accepted) != JOURNAL_STAND_IN_OK) {
		s->answer->is_hidden = true;
		s->answer->until_us = m->time_us;
		return;
	}
	stand_feed(s, (struct ut_event){ .kind = UT_EV_DATAGRAM,
					 .path = s->path,
					 .peer = stand_server(s),
					 .bytes = ut_slice(s->datagram, m->n) });
}

void
stand_l2tp_from_client(struct stand *s, const struct respond_letter *m)
{
	if (m->type != L2TP_ZLB && (uint16_t)(m->header.ns - s->captured_next_ns) < 0x8000)
		s->captured_next_ns = (uint16_t)(m->header.ns + 1);
	if (m->type == L2TP_STOPCCN || m->type == L2TP_CDN)
		stand_stop(s);
}

/* ---- what the whole conversation tells beforehand: calls, and what the client wants kept secret ---- */

void
stand_l2tp_look_ahead(struct stand *s, struct ut_l2tp_params *params)
{
	for (size_t i = 0; i < s->talk->letters.n; i++) {
		const struct respond_letter *m = &s->talk->letters.v[i];

		if (!m->is_of_client)
			continue;
		params->hide_avps |= m->has_hidden;
		if (m->type == L2TP_SCCRQ && (m->present & L2TP_HAS(CHALLENGE)) != 0)
			params->authenticate_peer = true;
		s->is_accepted |= m->type == L2TP_SCCCN;
		if (m->type == L2TP_ICRQ)
			stand_add_call(s, m->header.ns, m->assigned);
	}
	if (s->authentication.secret != RESPOND_SECRET_IDLE)
		params->secret = s->secret.secret;
}
