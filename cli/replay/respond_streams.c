/* respond_streams.c - the connections of PPTP in a capture, message by message
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/replay/respond.h"

struct respond_letter
respond_pptp_letter(const struct pptp_message *message, uint16_t number)
{
	return (struct respond_letter){ .type = message->number,
					.header.ns = number,
					.times = 1,
					.assigned = message->call_id.v,
					.result = message->result,
					.error = message->error };
}

static uint64_t
since(const struct respond_talk *talk, const struct capture_packet *p)
{
	return p->time_ns > talk->began_ns ? (p->time_ns - talk->began_ns) / 1000 : 0;
}

static bool
add(struct respond_talk *talk, const struct capture_packet *p, unsigned from, struct respond_letter letter,
    struct ut_slice octets)
{
	letter.header.ns = talk->streams[from].messages++;
	letter.is_of_client = from == 0;
	letter.time_us = since(talk, p);
	return respond_letters_add(&talk->letters, &letter, octets);
}

/* The message is whole. */
static bool
add_message(struct respond_talk *talk, const struct capture_packet *p, unsigned from)
{
	struct respond_stream *const s = &talk->streams[from];
	struct pptp_stream stream = { .offset = 0 };
	struct ut_slice octets = ut_slice(s->message, s->have);
	const struct ut_slice whole = octets;
	struct respond_letter letter = { .times = 1, .type = ut_get_u16(s->message + 8) };
	struct pptp_message message;
	struct pptp_fault fault;

	s->have = 0;
	if (pptp_stream_read(&stream, &octets, &message, &fault) == PPTP_STREAM_MESSAGE)
		letter = respond_pptp_letter(&message, 0);
	return add(talk, p, from, letter, whole);
}

/* False: no memory. */
static bool
split(struct respond_talk *talk, const struct capture_packet *p, unsigned from, struct ut_slice octets)
{
	struct respond_stream *const s = &talk->streams[from];

	for (size_t i = 0; i < octets.n && !s->is_lost; i++) {
		size_t length;

		s->message[s->have++] = octets.p[i];
		if (s->have < 2)
			continue;
		length = ut_get_u16(s->message);
		s->is_lost = length < PPTP_HEADER_OCTETS || length > PPTP_MESSAGE_OCTETS;
		if (s->have == length && !add_message(talk, p, from))
			return false;
	}
	return true;
}

/* Behind a gap nothing is read any more: our client cannot be told what is not there. */
static bool
drain(struct respond_talk *talk, const struct capture_packet *p, unsigned from)
{
	struct ut_slice octets;
	uint64_t gap;

	while (stream_next(&talk->streams[from].stream, &octets, &gap)) {
		talk->streams[from].is_lost |= gap != 0;
		if (!split(talk, p, from, octets))
			return false;
	}
	return true;
}

static bool
is_of(const struct respond_talk *t, const struct capture_end *client, const struct capture_end *server)
{
	return t->protocol == UT_PPTP && capture_end_has_address_of(&t->client, client) &&
	       t->client.port == client->port && capture_end_has_address_of(&t->server, server) &&
	       t->server.port == server->port;
}

/* The newest between these ends; one begins with its SYN. */
static struct respond_talk *
find(struct respond_talks *talks, const struct capture_packet *p, unsigned *from)
{
	const bool is_syn = (p->tcp_flags & (CAPTURE_SYN | CAPTURE_ACK)) == CAPTURE_SYN;
	struct respond_talk *t;

	for (size_t i = talks->n; i-- > 0;) {
		t = &talks->v[i];
		*from = is_of(t, &p->from, &p->to) ? 0 : 1;
		if ((*from == 0 || is_of(t, &p->to, &p->from)) && (!is_syn || t->letters.n == 0))
			return t;
	}
	if (!is_syn || p->to.port != PPTP_PORT || talks->n == RESPOND_TALKS_MAX)
		return NULL;
	*from = 0;
	t = &talks->v[talks->n++];
	*t = (struct respond_talk){
		.protocol = UT_PPTP, .client = p->from, .server = p->to, .began_ns = p->time_ns
	};
	return t;
}

static bool
take_end(struct respond_talk *talk, const struct capture_packet *p, unsigned from)
{
	const struct respond_letter letter = { .type = RESPOND_TCP_CLOSED, .times = 1 };

	if (talk->streams[from].is_closed)
		return true;
	talk->streams[from].is_closed = true;
	return add(talk, p, from, letter, ut_slice(NULL, 0));
}

bool
respond_streams_take(struct respond_talks *talks, const struct capture_packet *p)
{
	unsigned from;
	struct respond_talk *const talk = find(talks, p, &from);
	struct stream *stream;

	if (talk == NULL)
		return true;
	stream = &talk->streams[from].stream;
	if ((p->tcp_flags & CAPTURE_SYN) != 0 && !stream->is_begun)
		stream_begin(stream, p->tcp_sequence);
	if ((p->tcp_flags & CAPTURE_SYN) != 0 && from == 1 && talk->letters.n == 0)
		talk->began_ns = p->time_ns; /* from here on a client can speak */
	if ((p->tcp_flags & CAPTURE_ACK) != 0)
		stream_acknowledged(&talk->streams[1 - from].stream, p->tcp_acknowledgment);
	if (!drain(talk, p, 1 - from))
		return false;
	if ((p->tcp_flags & CAPTURE_SYN) == 0)
		stream_put(stream, p->tcp_sequence, p->payload);
	if (!drain(talk, p, from))
		return false;
	return (p->tcp_flags & (CAPTURE_FIN | CAPTURE_RST)) == 0 || take_end(talk, p, from);
}
