/* test_replay.c - what uptun replay says of captures made here, where each has one thing wrong or odd
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/replay/track.h"
#include "tests/replay/make_capture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
/* cmocka wants the ones above first */
#include <cmocka.h>

enum {
	CLIENT_TID = 0x4e5d,
	SERVER_TID = 7,
	CLIENT_SID = 11,
	SERVER_SID = 12,
	LINK_ETHERNET = 1,
	SAID_MAX = 1 << 16
};

static const struct ut_slice nothing = { .p = NULL, .n = 0 };

/* Everything that was found, and where the machines went, as text. */
struct told {
	char text[SAID_MAX];
	size_t n;
	struct track_totals totals;
	uint64_t data[TRACK_PPP_N];
	enum track_ending ending;
};

static void
tell(void *ctx, const struct track_news *news)
{
	struct told *const t = ctx;

	for (size_t i = 0; i < news->findings_n; i++)
		t->n += (size_t)snprintf(t->text + t->n, SAID_MAX - t->n, "frame %d: %s %s\n",
					 news->packet != NULL ? (int)news->packet->frame : 0,
					 news->findings[i].text, news->findings[i].rule);
	for (size_t i = 0; i < news->steps_n; i++)
		t->n += (size_t)snprintf(t->text + t->n, SAID_MAX - t->n, "%s > %s\n",
					 news->steps[i].machine->name,
					 news->steps[i].machine->states[news->steps[i].to]);
}

static void
session_over(void *ctx, const struct track_session *s)
{
	struct told *const t = ctx;

	for (unsigned i = 0; i < TRACK_PPP_N; i++)
		t->data[i] += s->flows[0].ppp[i] + s->flows[1].ppp[i];
}

static void
connection_over(void *ctx, const struct track_connection *c)
{
	((struct told *)ctx)->ending = c->ending;
}

static struct told *
replay_within(const struct made *m, struct track_limits limits)
{
	struct told *const t = calloc(1, sizeof *t);
	const struct track_sink sink = {
		.ctx = t, .tell = tell, .session_over = session_over, .connection_over = connection_over
	};
	struct tracker *const tracker = tracker_new(&sink, limits);
	struct capture *const c = made_open(m);
	struct capture_packet p;

	assert_non_null(t);
	assert_non_null(tracker);
	assert_non_null(c);
	while (capture_next(c, &p) == CAPTURE_PACKET)
		tracker_take(tracker, &p);
	tracker_finish(tracker);
	t->totals = *tracker_totals(tracker);
	tracker_free(tracker);
	capture_close(c);
	return t;
}

static struct told *
replay(const struct made *m)
{
	return replay_within(m, (struct track_limits){ .connections = 0 });
}

static void
assert_told(const struct told *t, const char *words)
{
	if (strstr(t->text, words) == NULL)
		fail_msg("\"%s\" is not in:\n%s", words, t->text);
}

/* ---- messages ---- */

static struct l2tp_message
message_of(enum l2tp_message_type type)
{
	struct l2tp_message m = { .type = type };

	m.present = l2tp_message_avps(type)->required | l2tp_message_avps(type)->expected;
	m.protocol_version = 0x0100;
	m.framing_capabilities = 3;
	m.host_name = ut_slice_str("host");
	m.assigned_tid.v = CLIENT_TID;
	m.assigned_sid.v = CLIENT_SID;
	m.framing_type = 1;
	m.result = 1;
	return m;
}

static size_t
encode(uint8_t *out, size_t cap, const struct l2tp_message *m, unsigned tid, unsigned sid, unsigned ns,
       unsigned nr)
{
	const struct l2tp_header h = {
		.tid = { (uint16_t)tid }, .sid = { (uint16_t)sid }, .ns = (uint16_t)ns, .nr = (uint16_t)nr
	};
	struct ut_put w = ut_put_into(out, cap);

	l2tp_message_encode(&w, &h, m, NULL);
	assert_false(w.full);
	return w.len;
}

/* From the client, who has called the server, or from the server; ids assigned go with the sender. */
static void
send(struct made *made, unsigned from, enum l2tp_message_type type, unsigned ns, unsigned nr)
{
	struct l2tp_message m = message_of(type);
	const bool is_call = l2tp_message_is_session(type) && type != L2TP_ICRQ;
	uint8_t octets[1500];
	unsigned tid = from == CLIENT ? SERVER_TID : CLIENT_TID, sid = 0;

	if (from == SERVER) {
		m.assigned_tid.v = SERVER_TID;
		m.assigned_sid.v = SERVER_SID;
	}
	if (is_call)
		sid = from == CLIENT ? SERVER_SID : CLIENT_SID;
	if (type == L2TP_SCCRQ)
		tid = 0;
	made_udp(made, from, ut_slice(octets, encode(octets, sizeof octets, &m, tid, sid, ns, nr)));
}

static void
send_data(struct made *made, unsigned from, struct ut_slice frame)
{
	const struct l2tp_header h = { .tid = { from == CLIENT ? SERVER_TID : CLIENT_TID },
				       .sid = { from == CLIENT ? SERVER_SID : CLIENT_SID } };
	uint8_t octets[200];
	struct ut_put w = ut_put_into(octets, sizeof octets);

	l2tp_data_header_encode(&w, &h, frame.n);
	memcpy(octets + w.len, frame.p, frame.n);
	made_udp(made, from, ut_slice(octets, w.len + frame.n));
}

static void
open_tunnel(struct made *m)
{
	made_begin(m, LINK_ETHERNET);
	send(m, CLIENT, L2TP_SCCRQ, 0, 0);
	send(m, SERVER, L2TP_SCCRP, 0, 1);
	send(m, CLIENT, L2TP_SCCCN, 1, 1);
	send(m, SERVER, L2TP_ZLB, 1, 2);
}

static void
open_call(struct made *m)
{
	open_tunnel(m);
	send(m, CLIENT, L2TP_ICRQ, 2, 1);
	send(m, SERVER, L2TP_ICRP, 1, 3);
	send(m, CLIENT, L2TP_ICCN, 3, 2);
	send(m, SERVER, L2TP_ZLB, 2, 4);
}

static void
close_tunnel(struct made *m)
{
	send(m, CLIENT, L2TP_CDN, 4, 2);
	send(m, SERVER, L2TP_ZLB, 2, 5);
	send(m, CLIENT, L2TP_STOPCCN, 5, 2);
	send(m, SERVER, L2TP_ZLB, 2, 6);
}

static struct made made; /* a megabyte, too large for the stack */

/* ---- tests ---- */

static void
a_tunnel_that_keeps_to_the_rules_has_no_violation(void **state)
{
	struct told *t;

	(void)state;
	open_call(&made);
	close_tunnel(&made);
	t = replay(&made);
	assert_int_equal(t->totals.violations, 0);
	assert_int_equal(t->totals.repeated + t->totals.missing, 0);
	assert_int_equal(t->totals.l2tp_control, 12);
	assert_int_equal(t->totals.l2tp_zlbs, 4);
	assert_int_equal(t->ending, TRACK_ENDING_STOPPED);
	assert_told(t, "l2tp-lns-incoming > established");
	assert_told(t, "l2tp-control > established");
	free(t);
}

static void
an_icrp_sent_twice_is_a_violation_of_7_4_2(void **state)
{
	struct told *t;

	(void)state;
	open_tunnel(&made);
	send(&made, CLIENT, L2TP_ICRQ, 2, 1);
	send(&made, SERVER, L2TP_ICRP, 1, 3);
	send(&made, SERVER, L2TP_ICRP, 2, 3);
	t = replay(&made);
	assert_int_equal(t->totals.violations, 1);
	assert_told(t, "frame 7: LNS sent ICRP twice, now in state wait-connect RFC 2661 7.4.2");
	free(t);
}

static void
a_message_to_a_session_that_nobody_assigned_is_a_violation(void **state)
{
	const struct l2tp_message iccn = message_of(L2TP_ICCN);
	uint8_t octets[1500];
	struct told *t;

	(void)state;
	open_tunnel(&made);
	send(&made, CLIENT, L2TP_ICRQ, 2, 1);
	send(&made, SERVER, L2TP_ICRP, 1, 3);
	made_udp(&made, CLIENT,
		 ut_slice(octets, encode(octets, sizeof octets, &iccn, SERVER_TID, 999, 3, 2)));
	t = replay(&made);
	assert_int_equal(t->totals.violations, 1);
	assert_told(t, "frame 7: LAC sent ICCN to session 999, which nobody assigned RFC 2661 3.1");
	free(t);
}

/* What follows would all be wrong if it were taken for nothing. */
static void
a_message_of_no_known_type_is_told_once(void **state)
{
	enum { TYPE_AT = 18, NO_TYPE = 99 };
	const struct l2tp_message scccn = message_of(L2TP_SCCCN);
	uint8_t octets[1500];
	size_t n;
	struct told *t;

	(void)state;
	made_begin(&made, LINK_ETHERNET);
	send(&made, CLIENT, L2TP_SCCRQ, 0, 0);
	send(&made, SERVER, L2TP_SCCRP, 0, 1);
	n = encode(octets, sizeof octets, &scccn, SERVER_TID, 0, 1, 1);
	octets[TYPE_AT + 1] = NO_TYPE;
	made_udp(&made, CLIENT, ut_slice(octets, n));
	send(&made, CLIENT, L2TP_ICRQ, 2, 1);
	send(&made, SERVER, L2TP_ICRP, 1, 3);
	send(&made, CLIENT, L2TP_ICCN, 3, 2);
	close_tunnel(&made);
	t = replay(&made);
	assert_told(t, "frame 3: malformed: unknown Message Type");
	assert_int_equal(t->totals.known, 0);
	assert_in_range(t->totals.violations, 0, 1);
	free(t);
}

/* RFC 2661 4.4.3 has 4 where no Receive Window Size was given. */
static void
more_messages_than_the_window_takes_are_noted_once(void **state)
{
	struct told *t;

	(void)state;
	open_call(&made);
	for (unsigned ns = 4; ns < 10; ns++)
		send(&made, CLIENT, L2TP_HELLO, ns, 2);
	t = replay(&made);
	assert_int_equal(t->totals.violations, 0);
	assert_int_equal(t->totals.notes, 1);
	assert_told(t, "5 messages are under way, and the window of LNS is 4 RFC 2661 5.8");
	free(t);
}

static void
a_repeated_message_is_a_retransmission_and_no_violation(void **state)
{
	struct told *t;

	(void)state;
	open_tunnel(&made);
	send(&made, CLIENT, L2TP_ICRQ, 2, 1);
	send(&made, CLIENT, L2TP_ICRQ, 2, 1);
	send(&made, SERVER, L2TP_ICRP, 1, 3);
	t = replay(&made);
	assert_int_equal(t->totals.violations, 0);
	assert_int_equal(t->totals.repeated, 1);
	free(t);
}

static void
a_number_used_again_for_another_message_is_a_violation(void **state)
{
	struct told *t;

	(void)state;
	open_tunnel(&made);
	send(&made, CLIENT, L2TP_ICRQ, 2, 1);
	send(&made, CLIENT, L2TP_HELLO, 2, 1);
	send(&made, SERVER, L2TP_ICRP, 1, 3);
	t = replay(&made);
	assert_int_equal(t->totals.violations, 1);
	assert_told(
	    t, "Ns 2 again, which was that of its ICRQ: this HELLO is taken for a duplicate RFC 2661 5.8");
	free(t);
}

static void
a_swapped_tunnel_id_is_known_by_name(void **state)
{
	const struct l2tp_message m = message_of(L2TP_SCCRP);
	struct l2tp_message reply = m;
	uint8_t octets[1500];
	struct told *t;

	(void)state;
	reply.assigned_tid.v = SERVER_TID;
	made_begin(&made, LINK_ETHERNET);
	send(&made, CLIENT, L2TP_SCCRQ, 0, 0);
	made_udp(&made, SERVER, ut_slice(octets, encode(octets, sizeof octets, &reply, 0x5d4e, 0, 0, 1)));
	t = replay(&made);
	assert_told(t, "frame 2: swapped tunnel id");
	assert_told(t, "sent to tunnel 0x5d4e, which nobody assigned: it is 0x4e5d with its octets swapped");
	assert_int_equal(t->totals.violations, 1);
	free(t);
}

static void
an_sccrq_out_of_order_is_known_by_name(void **state)
{
	struct told *t;

	(void)state;
	made_begin(&made, LINK_ETHERNET);
	send(&made, CLIENT, L2TP_SCCRQ, 1, 0);
	t = replay(&made);
	assert_told(t, "frame 1: out-of-order SCCRQ");
	assert_told(t, "a tunnel begins with Ns 0, not 1 RFC 2661 5.8");
	free(t);
}

static void
a_result_code_of_8_octets_is_known_by_name_and_no_violation(void **state)
{
	static const uint8_t stop[] = { 0xc8, 2, 0,    36,   0,	   7, 0, 0, 0,	  2, 0, 1,
					0x80, 8, 0,    0,    0,	   0, 0, 4, 0x80, 8, 0, 0,
					0,    9, 0x4e, 0x5d, 0x80, 8, 0, 0, 0,	  1, 0, 1 };
	struct told *t;

	(void)state;
	open_tunnel(&made);
	made_udp(&made, CLIENT, ut_slice(stop, sizeof stop));
	t = replay(&made);
	assert_told(t, "frame 5: 8-octet result code");
	assert_int_equal(t->totals.violations, 0);
	assert_int_equal(t->totals.known, 1);
	free(t);
}

static void
mppe_refused_is_seen_in_the_frames(void **state)
{
	static const uint8_t reject[] = { 0xff, 3, 0x80, 0xfd, 4, 1, 0, 10, 18, 6, 1, 0, 0, 0x40 };
	static const uint8_t ip[] = { 0xff, 3, 0, 0x21, 0x45 };
	struct told *t;

	(void)state;
	open_call(&made);
	send_data(&made, SERVER, ut_slice(reject, sizeof reject));
	send_data(&made, CLIENT, ut_slice(ip, sizeof ip));
	close_tunnel(&made);
	t = replay(&made);
	assert_told(t, "frame 9: MPPE refused: LNS rejects the option (CCP Configure-Reject)");
	assert_int_equal(t->data[TRACK_PPP_CCP], 1);
	assert_int_equal(t->data[TRACK_PPP_IP], 1);
	assert_int_equal(t->totals.l2tp_data, 2);
	free(t);
}

static void
a_call_before_the_tunnel_is_open_is_a_violation(void **state)
{
	struct told *t;

	(void)state;
	made_begin(&made, LINK_ETHERNET);
	send(&made, CLIENT, L2TP_SCCRQ, 0, 0);
	send(&made, SERVER, L2TP_SCCRP, 0, 1);
	send(&made, CLIENT, L2TP_ICRQ, 1, 1);
	t = replay(&made);
	assert_told(t, "sent ICRQ while its tunnel was wait-ctl-reply RFC 2661 7.2.1");
	free(t);
}

static void
fragments_and_vlan_tags_change_nothing(void **state)
{
	for (unsigned way = 0; way < 4; way++) {
		struct l2tp_message m = message_of(L2TP_SCCRQ);
		uint8_t octets[1500];
		struct told *t;

		(void)state;
		m.host_name =
		    ut_slice_str("a host name that is long enough for the datagram to be cut in pieces");
		made_begin(&made, LINK_ETHERNET);
		made.vlan_tags = way / 2 * 2;
		made_udp_fragments(&made, CLIENT,
				   ut_slice(octets, encode(octets, sizeof octets, &m, 0, 0, 0, 0)),
				   way % 2 == 1);
		send(&made, SERVER, L2TP_SCCRP, 0, 1);
		t = replay(&made);
		assert_int_equal(t->totals.l2tp_control, 2);
		assert_int_equal(t->totals.violations, 0);
		assert_told(t, "l2tp-control > wait-ctl-conn");
		free(t);
	}
}

static void
what_the_capture_cut_off_is_not_held_against_its_sender(void **state)
{
	struct told *t;

	(void)state;
	made_begin(&made, LINK_ETHERNET);
	made.snap = 64;
	send(&made, CLIENT, L2TP_SCCRQ, 0, 0);
	t = replay(&made);
	assert_int_equal(t->totals.violations, 0);
	assert_int_equal(t->totals.l2tp_control, 1);
	assert_told(t, "frame 1: the capture has 22 of its");
	free(t);
}

static void
a_length_past_the_end_is_malformed_with_its_offset(void **state)
{
	static const uint8_t hello[] = { 0xc8, 2, 0, 40, 0, 7, 0, 0, 0, 2, 0, 1, 0x80, 8, 0, 0, 0, 0, 0, 6 };
	struct told *t;

	(void)state;
	open_tunnel(&made);
	made_udp(&made, CLIENT, ut_slice(hello, sizeof hello));
	t = replay(&made);
	assert_told(t,
		    "frame 5: malformed: Length field does not fit the datagram, at offset 2 RFC 2661 3.1");
	assert_int_equal(t->totals.violations, 1);
	free(t);
}

static void
a_capture_that_begins_in_the_middle_learns_and_accuses_nobody(void **state)
{
	static const uint8_t ip[] = { 0, 0x21, 0x45 };
	struct told *t;

	(void)state;
	made_begin(&made, LINK_ETHERNET);
	send_data(&made, CLIENT, ut_slice(ip, sizeof ip));
	send(&made, SERVER, L2TP_HELLO, 17, 30);
	send(&made, CLIENT, L2TP_ZLB, 30, 18);
	send(&made, CLIENT, L2TP_CDN, 30, 18);
	send(&made, SERVER, L2TP_ZLB, 18, 31);
	send(&made, CLIENT, L2TP_STOPCCN, 31, 18);
	send(&made, SERVER, L2TP_ZLB, 18, 32);
	t = replay(&made);
	assert_int_equal(t->totals.violations, 0);
	assert_int_equal(t->totals.connections, 1);
	assert_int_equal(t->totals.sessions, 1);
	assert_int_equal(t->ending, TRACK_ENDING_STOPPED);
	free(t);
}

static void
a_message_the_capture_missed_is_told_and_accuses_nobody(void **state)
{
	struct told *t;

	(void)state;
	made_begin(&made, LINK_ETHERNET);
	send(&made, CLIENT, L2TP_SCCRQ, 0, 0);
	send(&made, SERVER, L2TP_SCCRP, 0, 1);
	send(&made, CLIENT, L2TP_ICRQ, 2, 1); /* SCCCN is not there */
	send(&made, SERVER, L2TP_ICRP, 1, 3);
	send(&made, CLIENT, L2TP_ICCN, 3, 2);
	t = replay(&made);
	assert_int_equal(t->totals.missing, 1);
	if (t->totals.violations != 0)
		fail_msg("%s", t->text);
	free(t);
}

static void
memory_is_bounded_by_giving_up_who_was_silent_longest(void **state)
{
	struct told *t;

	(void)state;
	made_begin(&made, LINK_ETHERNET);
	for (unsigned i = 1; i <= 100; i++) {
		struct l2tp_message m = message_of(L2TP_SCCRQ);
		uint8_t octets[200];

		m.assigned_tid.v = (uint16_t)i;
		made_udp(&made, CLIENT, ut_slice(octets, encode(octets, sizeof octets, &m, 0, 0, 0, 0)));
	}
	t = replay_within(&made, (struct track_limits){ .connections = 3, .sessions = 3 });
	assert_int_equal(t->totals.connections, 100);
	assert_int_equal(t->totals.violations, 0);
	free(t);
}

/* ---- both ask at once ---- */

enum { A_TID = 11, B_TID = 12, NO_TIE_BREAKER = 0 };

/* A message of one of two ends that may both be clients; with its own id, and to that of the other, except a request. */
static void
send_between(unsigned from, enum l2tp_message_type type, unsigned ns, unsigned nr, uint64_t tie_breaker)
{
	struct l2tp_message m = message_of(type);
	const unsigned own = from == CLIENT ? A_TID : B_TID, other = from == CLIENT ? B_TID : A_TID;
	uint8_t octets[1500];

	m.assigned_tid.v = (uint16_t)own;
	m.tie_breaker = tie_breaker;
	if (tie_breaker != NO_TIE_BREAKER)
		m.present |= L2TP_HAS(TIE_BREAKER);
	else
		m.present &= ~L2TP_HAS(TIE_BREAKER);
	made_udp(
	    &made, from,
	    ut_slice(octets, encode(octets, sizeof octets, &m, type == L2TP_SCCRQ ? 0 : other, 0, ns, nr)));
}

static void
of_two_requests_that_cross_the_lower_tie_breaker_wins(void **state)
{
	static const struct {
		const char *what;
		uint64_t a, b;
		unsigned winner;
		const char *says;
	} cases[] = {
		{ "the first is lower", 1, 2, CLIENT, "which wins: this tunnel is to be discarded" },
		{ "the second is lower", 2, 1, SERVER, "which loses: that tunnel is to be discarded" },
		{ "the first has one", 9, NO_TIE_BREAKER, CLIENT, "which wins" },
		{ "the second has one", NO_TIE_BREAKER, 9, SERVER, "which loses" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const unsigned winner = cases[i].winner, loser = 1 - winner;
		struct told *t;

		made_begin(&made, LINK_ETHERNET);
		send_between(CLIENT, L2TP_SCCRQ, 0, 0, cases[i].a);
		send_between(SERVER, L2TP_SCCRQ, 0, 0, cases[i].b);
		send_between(loser, L2TP_SCCRP, 0, 1, NO_TIE_BREAKER);
		send_between(winner, L2TP_SCCCN, 1, 1, NO_TIE_BREAKER);
		send_between(loser, L2TP_ZLB, 1, 2, NO_TIE_BREAKER);
		send_between(winner, L2TP_STOPCCN, 2, 1, NO_TIE_BREAKER);
		send_between(loser, L2TP_ZLB, 1, 3, NO_TIE_BREAKER);
		t = replay(&made);
		if (t->totals.violations != 0 || t->totals.connections != 2 || t->totals.missing != 0)
			fail_msg("%s: %s", cases[i].what, t->text);
		assert_told(t, cases[i].says);
		assert_told(t, "l2tp-control > established");
		free(t);
	}
}

static void
who_answers_a_request_that_lost_the_tie_breaks_a_rule(void **state)
{
	struct told *t;

	(void)state;
	made_begin(&made, LINK_ETHERNET);
	send_between(CLIENT, L2TP_SCCRQ, 0, 0, 1);
	send_between(SERVER, L2TP_SCCRQ, 0, 0, 2);
	send_between(CLIENT, L2TP_SCCRP, 0, 1, NO_TIE_BREAKER);
	t = replay(&made);
	assert_int_equal(t->totals.violations, 1);
	assert_told(t, "answers an SCCRQ that has lost the tie RFC 2661 4.4.3");
	free(t);
}

static void
without_tie_breakers_two_requests_make_two_tunnels(void **state)
{
	struct told *t;

	(void)state;
	made_begin(&made, LINK_ETHERNET);
	send_between(CLIENT, L2TP_SCCRQ, 0, 0, NO_TIE_BREAKER);
	send_between(SERVER, L2TP_SCCRQ, 0, 0, NO_TIE_BREAKER);
	t = replay(&made);
	assert_int_equal(t->totals.violations, 0);
	assert_told(t, "both without a tie breaker: there may be two tunnels");
	free(t);
}

/* ---- PPTP ---- */

static size_t
encode_pptp(uint8_t *out, enum pptp_message_type type)
{
	struct pptp_message m = {
		.type = type, .protocol_version = PPTP_VERSION, .result = 1, .call_id = { 5 }
	};
	struct ut_put w = ut_put_into(out, PPTP_MESSAGE_OCTETS);

	pptp_message_encode(&w, &m);
	return w.len;
}

static void
segments_of_pptp_are_put_in_order(void **state)
{
	uint8_t request[PPTP_MESSAGE_OCTETS], reply[PPTP_MESSAGE_OCTETS], call[PPTP_MESSAGE_OCTETS];
	const size_t a = encode_pptp(request, PPTP_SCCRQ), b = encode_pptp(reply, PPTP_SCCRP),
		     c = encode_pptp(call, PPTP_OCRQ);
	struct told *t;

	(void)state;
	made_begin(&made, LINK_ETHERNET);
	made_tcp(&made, CLIENT, CAPTURE_SYN, 100, 0, nothing);
	made_tcp(&made, SERVER, CAPTURE_SYN | CAPTURE_ACK, 500, 101, nothing);
	made_tcp(&made, CLIENT, CAPTURE_ACK, 121, 501, ut_slice(request + 20, a - 20));
	made_tcp(&made, CLIENT, CAPTURE_ACK, 101, 501, ut_slice(request, 20));
	made_tcp(&made, CLIENT, CAPTURE_ACK, 101, 501, ut_slice(request, 20));
	made_tcp(&made, SERVER, CAPTURE_ACK, 501, 101 + (uint32_t)a, ut_slice(reply, b));
	made_tcp(&made, CLIENT, CAPTURE_ACK, 101 + (uint32_t)a, 501 + (uint32_t)b, ut_slice(call, c));
	t = replay(&made);
	assert_int_equal(t->totals.pptp_messages, 3);
	assert_int_equal(t->totals.violations, 0);
	assert_int_equal(t->totals.repeated, 1);
	assert_told(t, "pptp-control-originator > established");
	assert_told(t, "pptp-pns-outgoing > wait-reply");
	free(t);
}

static void
a_second_sccrp_of_pptp_is_a_violation(void **state)
{
	uint8_t request[PPTP_MESSAGE_OCTETS], reply[PPTP_MESSAGE_OCTETS];
	const size_t a = encode_pptp(request, PPTP_SCCRQ), b = encode_pptp(reply, PPTP_SCCRP);
	struct told *t;

	(void)state;
	made_begin(&made, LINK_ETHERNET);
	made_tcp(&made, CLIENT, CAPTURE_SYN, 100, 0, nothing);
	made_tcp(&made, SERVER, CAPTURE_SYN | CAPTURE_ACK, 500, 101, nothing);
	made_tcp(&made, CLIENT, CAPTURE_ACK, 101, 501, ut_slice(request, a));
	made_tcp(&made, SERVER, CAPTURE_ACK, 501, 101 + (uint32_t)a, ut_slice(reply, b));
	made_tcp(&made, SERVER, CAPTURE_ACK, 501 + (uint32_t)b, 101 + (uint32_t)a, ut_slice(reply, b));
	t = replay(&made);
	assert_int_equal(t->totals.violations, 1);
	assert_told(t, "receiver sent SCCRP twice, now in state established RFC 2637 3.1.2");
	free(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_tunnel_that_keeps_to_the_rules_has_no_violation),
		cmocka_unit_test(an_icrp_sent_twice_is_a_violation_of_7_4_2),
		cmocka_unit_test(a_repeated_message_is_a_retransmission_and_no_violation),
		cmocka_unit_test(a_swapped_tunnel_id_is_known_by_name),
		cmocka_unit_test(a_message_to_a_session_that_nobody_assigned_is_a_violation),
		cmocka_unit_test(a_message_of_no_known_type_is_told_once),
		cmocka_unit_test(more_messages_than_the_window_takes_are_noted_once),
		cmocka_unit_test(a_number_used_again_for_another_message_is_a_violation),
		cmocka_unit_test(an_sccrq_out_of_order_is_known_by_name),
		cmocka_unit_test(a_result_code_of_8_octets_is_known_by_name_and_no_violation),
		cmocka_unit_test(mppe_refused_is_seen_in_the_frames),
		cmocka_unit_test(a_call_before_the_tunnel_is_open_is_a_violation),
		cmocka_unit_test(fragments_and_vlan_tags_change_nothing),
		cmocka_unit_test(what_the_capture_cut_off_is_not_held_against_its_sender),
		cmocka_unit_test(a_length_past_the_end_is_malformed_with_its_offset),
		cmocka_unit_test(a_capture_that_begins_in_the_middle_learns_and_accuses_nobody),
		cmocka_unit_test(a_message_the_capture_missed_is_told_and_accuses_nobody),
		cmocka_unit_test(memory_is_bounded_by_giving_up_who_was_silent_longest),
		cmocka_unit_test(of_two_requests_that_cross_the_lower_tie_breaker_wins),
		cmocka_unit_test(who_answers_a_request_that_lost_the_tie_breaks_a_rule),
		cmocka_unit_test(without_tie_breakers_two_requests_make_two_tunnels),
		cmocka_unit_test(segments_of_pptp_are_put_in_order),
		cmocka_unit_test(a_second_sccrp_of_pptp_is_a_violation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
