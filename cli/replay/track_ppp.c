/* track_ppp.c - PPP frames inside a session: counted by protocol; MPPE's refusal seen
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/replay/track_internal.h"

enum {
	CODE_REQUEST = 1,
	CODE_REJECT = 4,
	CODE_TERMINATE = 5,
	CODE_PROTOCOL_REJECT = 8,
	CONTROL_HEADER = 4,
	OPTION_MPPE = 18
};

static const struct {
	uint16_t number;
	const char *name;
} protocols[TRACK_PPP_N] = {
#define X(token, number, name) [TRACK_PPP_##token] = { number, name },
	TRACK_PPP(X)
#undef X
};

const char *
track_ppp_name(enum track_ppp ppp)
{
	return protocols[ppp].name;
}

unsigned
track_ppp_number(enum track_ppp ppp)
{
	return protocols[ppp].number;
}

static enum track_ppp
find_protocol(unsigned number)
{
	unsigned i = TRACK_PPP_N - 1;

	while (i > 0 && protocols[i].number != number)
		i--;
	return (enum track_ppp)i;
}

/* The protocol of a frame, of one octet where it is compressed (RFC 1661 6.5); what follows it is left. */
static unsigned
open_frame(struct ut_slice *frame)
{
	size_t octets = 0;
	unsigned number;

	if (frame->n >= 2 && frame->p[0] == 0xff && frame->p[1] == 0x03)
		octets = 2;
	if (frame->n < octets + 2)
		return 0;
	number = (frame->p[octets] & 1) != 0 ? frame->p[octets] : ut_get_u16(frame->p + octets);
	octets += (frame->p[octets] & 1) != 0 ? 1 : 2;
	*frame = ut_slice(frame->p + octets, frame->n - octets);
	return number;
}

static bool
has_option(struct ut_slice packet, unsigned wanted)
{
	size_t at = CONTROL_HEADER, end = ut_get_u16(packet.p + 2);

	if (end > packet.n)
		end = packet.n;
	while (at + 2 <= end && packet.p[at + 1] >= 2) {
		if (packet.p[at] == wanted)
			return true;
		at += packet.p[at + 1];
	}
	return false;
}

static void
tell_refused(struct tracker *t, struct track_session *s, unsigned end, const char *how)
{
	if (s->is_mppe_refused)
		return;
	s->is_mppe_refused = true;
	track_find(t, TRACK_KNOWN, "RFC 3078", "MPPE refused: %s %s", track_role(s->connection, end), how);
}

static void
look_at_ccp(struct tracker *t, struct track_session *s, unsigned end, struct ut_slice packet)
{
	const bool has_mppe = has_option(packet, OPTION_MPPE);

	if (packet.p[0] == CODE_REQUEST && has_mppe)
		s->has_mppe_offer = true;
	else if (packet.p[0] == CODE_REJECT && has_mppe)
		tell_refused(t, s, end, "rejects the option (CCP Configure-Reject)");
	else if (packet.p[0] == CODE_TERMINATE && s->has_mppe_offer)
		tell_refused(t, s, end, "ends CCP (Terminate-Request)");
}

/* The rejected packet stands behind its protocol. */
static bool
rejects_offer(struct ut_slice packet)
{
	enum { COPY = CONTROL_HEADER + 2 };

	return packet.n >= COPY + CONTROL_HEADER &&
	       has_option(ut_slice(packet.p + COPY, packet.n - COPY), OPTION_MPPE);
}

static void
look_at_lcp(struct tracker *t, struct track_session *s, unsigned end, struct ut_slice packet)
{
	unsigned rejected;

	if (packet.p[0] != CODE_PROTOCOL_REJECT || packet.n < CONTROL_HEADER + 2)
		return;
	rejected = ut_get_u16(packet.p + CONTROL_HEADER);
	if (rejected == track_ppp_number(TRACK_PPP_CCP) && (s->has_mppe_offer || rejects_offer(packet)))
		tell_refused(t, s, end, "does not know CCP (LCP Protocol-Reject)");
	else if (rejected == track_ppp_number(TRACK_PPP_COMPRESSED))
		tell_refused(t, s, end, "does not know encrypted frames (LCP Protocol-Reject)");
}

void
track_frame(struct tracker *t, struct track_session *s, unsigned end, struct ut_slice frame)
{
	struct track_flow *const f = &s->flows[end];
	enum track_ppp ppp;

	f->frames++;
	f->octets += frame.n;
	ppp = find_protocol(open_frame(&frame));
	f->ppp[ppp]++;
	t->news.ppp = track_ppp_name(ppp);
	if (frame.n < CONTROL_HEADER)
		return;
	if (ppp == TRACK_PPP_CCP)
		look_at_ccp(t, s, end, frame);
	else if (ppp == TRACK_PPP_LCP)
		look_at_lcp(t, s, end, frame);
}
