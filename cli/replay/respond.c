/* respond.c - the connections of a capture, message by message, for our own client to stand in
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/replay/respond.h"

#include <stdlib.h>

/* ---- one message ---- */

enum { PLAINTEXTS_OCTETS = 4096 };

static void
read_avp(struct respond_letter *out, const struct l2tp_avp *avp)
{
	const bool is_hidden = (avp->flags & L2TP_AVP_BIT_H) != 0;

	if (avp->vendor != 0 || avp->type >= 64)
		return;
	out->present |= UINT64_C(1) << avp->type;
	out->has_hidden |= is_hidden;
	if (is_hidden || avp->value.n < 2)
		return;
	if (avp->type == L2TP_AVP_ASSIGNED_TUNNEL_ID || avp->type == L2TP_AVP_ASSIGNED_SESSION_ID)
		out->assigned = ut_get_u16(avp->value.p);
	if (avp->type == L2TP_AVP_RESULT_CODE) {
		out->result = ut_get_u16(avp->value.p);
		out->error = avp->value.n >= 4 ? ut_get_u16(avp->value.p + 2) : 0;
	}
}

/* Of a message whose id is hidden. */
static void
unhide_assigned(struct respond_letter *out, struct ut_slice datagram, const struct l2tp_secret *secret)
{
	uint8_t plaintexts[PLAINTEXTS_OCTETS];
	struct l2tp_unhide unhide = { .secret = secret, .scratch = plaintexts, .cap = sizeof plaintexts };
	struct l2tp_message m;
	struct l2tp_fault fault;

	if (l2tp_message_decode(datagram, &out->header, &unhide, &m, &fault) == L2TP_FAULT_NONE) {
		if ((m.present & L2TP_HAS(ASSIGNED_TUNNEL_ID)) != 0)
			out->assigned = m.assigned_tid.v;
		if ((m.present & L2TP_HAS(ASSIGNED_SESSION_ID)) != 0)
			out->assigned = m.assigned_sid.v;
	}
	ut_wipe(plaintexts, unhide.used);
}

bool
respond_letter_read(struct respond_letter *out, struct ut_slice datagram, const struct l2tp_secret *secret)
{
	struct l2tp_avp_walk walk;
	struct l2tp_fault fault;
	struct l2tp_avp avp;

	memset(out, 0, sizeof *out);
	if (l2tp_header_decode(datagram, &out->header, &fault) != L2TP_FAULT_NONE || !out->header.is_control)
		return false;
	out->times = 1;
	out->type = L2TP_ZLB;
	l2tp_avp_walk_init(&walk, &out->header, datagram);
	for (bool is_first = true; l2tp_avp_walk_next(&walk, &avp); is_first = false) {
		if (is_first && avp.type == L2TP_AVP_MESSAGE_TYPE && avp.value.n == 2)
			out->type = ut_get_u16(avp.value.p);
		read_avp(out, &avp);
	}
	if (out->has_hidden && secret->n > 0)
		unhide_assigned(out, datagram, secret);
	out->header.payload = ut_slice(NULL, 0);
	return true;
}

bool
respond_letters_add(struct respond_letters *to, const struct respond_letter *letter, struct ut_slice octets)
{
	struct respond_letter *room;

	to->is_full |= to->n == RESPOND_LETTERS_MAX;
	if (to->is_full)
		return true;
	if ((to->n & (to->n - 1)) == 0) { /* a power of two is full, and 0 is */
		room = realloc(to->v, (to->n == 0 ? 1 : 2 * to->n) * sizeof *room);
		if (room == NULL)
			return false;
		to->v = room;
	}
	to->v[to->n] = *letter;
	to->v[to->n].octets = octets.n > 0 ? malloc(octets.n) : NULL;
	to->v[to->n].n = octets.n;
	if (octets.n > 0 && to->v[to->n].octets == NULL)
		return false;
	if (octets.n > 0)
		memcpy(to->v[to->n].octets, octets.p, octets.n);
	to->n++;
	return true;
}

void
respond_letters_fini(struct respond_letters *letters)
{
	for (size_t i = 0; i < letters->n; i++)
		free(letters->v[i].octets);
	free(letters->v);
	*letters = (struct respond_letters){ .v = NULL };
}

/* ---- whose it is ---- */

static bool
is_between(const struct capture_packet *p, const struct capture_end *from, const struct capture_end *to)
{
	return capture_end_has_address_of(&p->from, from) && capture_end_has_address_of(&p->to, to);
}

static struct respond_talk *
begin_talk(struct respond_talks *talks, const struct capture_packet *p, const struct respond_letter *letter)
{
	struct respond_talk *t;

	for (size_t i = 0; i < talks->n; i++)
		if (talks->v[i].protocol == UT_L2TP &&
		    is_between(p, &talks->v[i].client, &talks->v[i].server) &&
		    talks->v[i].client_tid == letter->assigned)
			return &talks->v[i];
	if (talks->n == RESPOND_TALKS_MAX || letter->assigned == 0)
		return NULL;
	t = &talks->v[talks->n++];
	*t = (struct respond_talk){
		.client = p->from, .server = p->to, .began_ns = p->time_ns, .client_tid = letter->assigned
	};
	return t;
}

/* The newest that fits; sets whether the client sent it. */
static struct respond_talk *
find_talk(struct respond_talks *talks, const struct capture_packet *p, struct respond_letter *letter)
{
	for (size_t i = talks->n; i-- > 0;) {
		struct respond_talk *t = &talks->v[i];
		const uint16_t tid = letter->header.tid.v;

		if (t->protocol != UT_L2TP)
			continue;
		letter->is_of_client = is_between(p, &t->client, &t->server);
		if (letter->is_of_client && (t->server_tid == 0 || tid == t->server_tid))
			return t;
		letter->is_of_client = false;
		if (is_between(p, &t->server, &t->client) && (tid == t->client_tid || tid == 0))
			return t;
	}
	return NULL;
}

static bool
take(struct respond_talks *talks, const struct capture_packet *p, const struct l2tp_secret *secret)
{
	struct respond_letter letter;
	struct respond_talk *t;

	if (p->kind == CAPTURE_TCP)
		return respond_streams_take(talks, p);
	if (p->kind != CAPTURE_UDP || capture_is_cut(p) || !respond_letter_read(&letter, p->payload, secret))
		return true;
	if (letter.type == L2TP_SCCRQ) {
		t = begin_talk(talks, p, &letter);
		letter.is_of_client = true;
	} else {
		t = find_talk(talks, p, &letter);
	}
	if (t == NULL)
		return true;
	if (letter.type == L2TP_SCCRP && !letter.is_of_client)
		t->server_tid = letter.assigned;
	letter.time_us = p->time_ns > t->began_ns ? (p->time_ns - t->began_ns) / 1000 : 0;
	return respond_letters_add(&t->letters, &letter, p->payload);
}

/* ---- all of it ---- */

static bool
tell_talk(FILE *out, const struct respond_talk *talk, const struct l2tp_secret *secret, unsigned *differences)
{
	struct respond_answer answer = { .is_hidden = false };
	const bool is_run =
	    respond_client_run(talk, secret, &answer) && respond_compare(out, talk, &answer, differences);

	respond_letters_fini(&answer.sent);
	return is_run;
}

static void
forget(struct respond_talk *talk)
{
	respond_letters_fini(&talk->letters);
	stream_fini(&talk->streams[0].stream);
	stream_fini(&talk->streams[1].stream);
}

int
respond_capture(struct capture *capture, const struct l2tp_secret *secret, FILE *out, unsigned *differences)
{
	struct respond_talks *talks = calloc(1, sizeof *talks);
	enum capture_result result = CAPTURE_END;
	bool has_memory = talks != NULL;
	struct capture_packet p;

	*differences = 0;
	while (has_memory && (result = capture_next(capture, &p)) == CAPTURE_PACKET)
		has_memory = take(talks, &p, secret);
	for (size_t i = 0; has_memory && i < talks->n; i++)
		has_memory = tell_talk(out, &talks->v[i], secret, differences);
	if (has_memory && talks->n == 0)
		fprintf(out, "no connection of L2TP or PPTP begins in this capture\n");
	for (size_t i = 0; talks != NULL && i < talks->n; i++)
		forget(&talks->v[i]);
	free(talks);
	if (!has_memory)
		return 1;
	return result == CAPTURE_BROKEN ? -1 : 0;
}
