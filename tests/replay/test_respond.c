/* test_respond.c - our own client in the place of a captured one
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/replay/make_capture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cli/replay/respond.h"

enum { CLIENT_TID = 11, SERVER_TID = 22, CLIENT_SID = 33, SERVER_SID = 44 };

static void
send(struct made *made, unsigned from, enum l2tp_message_type type, unsigned ns, unsigned nr)
{
	const bool is_client = from == CLIENT;
	const bool is_call = l2tp_message_is_session(type) && type != L2TP_ICRQ;
	struct l2tp_message m = {
		.type = type, .protocol_version = 0x0100, .framing_capabilities = 3, .framing_type = 1
	};
	const struct l2tp_header h = { .tid = { type == L2TP_SCCRQ ? 0
								   : (is_client ? SERVER_TID : CLIENT_TID) },
				       .sid = { !is_call ? 0 : (is_client ? SERVER_SID : CLIENT_SID) },
				       .ns = (uint16_t)ns,
				       .nr = (uint16_t)nr };
	uint8_t octets[1500];
	struct ut_put w = ut_put_into(octets, sizeof octets);

	m.present = l2tp_message_avps(type)->required | l2tp_message_avps(type)->expected;
	m.host_name = ut_slice_str("host");
	m.assigned_tid.v = is_client ? CLIENT_TID : SERVER_TID;
	m.assigned_sid.v = is_client ? CLIENT_SID : SERVER_SID;
	m.result = type == L2TP_CDN ? L2TP_CDN_ADMIN : L2TP_STOPCCN_SHUTDOWN;
	l2tp_message_encode(&w, &h, &m, NULL);
	assert_false(w.full);
	made_udp(made, from, ut_slice(octets, w.len));
}

static struct made *
begin(void)
{
	struct made *made = calloc(1, sizeof *made);

	assert_non_null(made);
	made_begin(made, 1);
	send(made, CLIENT, L2TP_SCCRQ, 0, 0);
	return made;
}

/* The differences; the text is to hold these words. */
static unsigned
respond(struct made *made, const char *words)
{
	struct capture *capture = made_open(made);
	char *text = NULL;
	unsigned differences;
	size_t n;
	FILE *out = open_memstream(&text, &n);

	assert_non_null(out);
	assert_int_equal(respond_capture(capture, out, &differences), 0);
	fclose(out);
	if (strstr(text, words) == NULL)
		fail_msg("\"%s\" is not in:\n%s", words, text);
	capture_close(capture);
	free(text);
	free(made);
	return differences;
}

static void
a_client_that_does_as_ours_does_is_no_different(void **state)
{
	struct made *made = begin();

	(void)state;
	send(made, SERVER, L2TP_SCCRP, 0, 1);
	send(made, CLIENT, L2TP_SCCCN, 1, 1);
	send(made, CLIENT, L2TP_ICRQ, 2, 1);
	send(made, CLIENT, L2TP_ICRQ, 2, 1);
	send(made, SERVER, L2TP_ICRP, 1, 3);
	send(made, CLIENT, L2TP_ICCN, 3, 2);
	send(made, SERVER, L2TP_ZLB, 2, 4);
	send(made, CLIENT, L2TP_CDN, 4, 2);
	send(made, CLIENT, L2TP_STOPCCN, 5, 2);
	assert_int_equal(respond(made, "StopCCN          0.080  StopCCN"), 0);
}

static void
what_ours_would_have_sent_is_told(void **state)
{
	struct made *made = begin();

	(void)state;
	send(made, SERVER, L2TP_SCCRP, 0, 1);
	send(made, CLIENT, L2TP_ICRQ, 1, 1);
	assert_int_equal(respond(made, "-  -                0.010  SCCCN        DIFFERS: ours sends it"), 1);
}

static void
what_ours_would_not_have_sent_is_told(void **state)
{
	struct made *made = begin();

	(void)state;
	send(made, SERVER, L2TP_SCCRP, 0, 1);
	send(made, CLIENT, L2TP_SCCCN, 1, 1);
	send(made, CLIENT, L2TP_ICRQ, 2, 1);
	send(made, CLIENT, L2TP_ICCN, 3, 1); /* before the server has answered */
	assert_int_equal(respond(made, "ICCN                 -  -            DIFFERS: ours does not send it"),
			 1);
}

static void
a_capture_without_a_beginning_says_so(void **state)
{
	struct made *made = calloc(1, sizeof *made);

	(void)state;
	assert_non_null(made);
	made_begin(made, 1);
	send(made, SERVER, L2TP_SCCRP, 0, 1);
	assert_int_equal(respond(made, "no connection of L2TP or PPTP begins"), 0);
}

static void
how_often_a_message_was_sent_is_told_and_no_difference(void **state)
{
	struct made *made = begin();

	(void)state;
	send(made, CLIENT, L2TP_SCCRQ, 0, 0);
	made->time_ms += 3500; /* ours asks again after 1 and after 3 seconds (RFC 2661 5.8) */
	send(made, SERVER, L2TP_SCCRP, 0, 1);
	send(made, CLIENT, L2TP_SCCCN, 1, 1);
	send(made, CLIENT, L2TP_ICRQ, 2, 1);
	assert_int_equal(respond(made, "sent 2 times, ours 3;"), 0);
}

/* ---- PPTP ---- */

enum { CALL = 77, PEER_CALL = 78, SHUT_DOWN = 3 };

struct talking {
	struct made *made;
	uint32_t next[2]; /* sequence numbers */
};

static void
say(struct talking *t, unsigned from, enum pptp_message_type type)
{
	const bool is_client = from == CLIENT;
	const struct pptp_message m = { .type = type,
					.protocol_version = PPTP_VERSION,
					.result = type == PPTP_STOPCCRQ ? SHUT_DOWN : 1,
					.call_id = { is_client ? CALL : PEER_CALL },
					.peer_call_id = { is_client ? PEER_CALL : CALL } };
	uint8_t octets[PPTP_MESSAGE_OCTETS];
	struct ut_put w = ut_put_into(octets, sizeof octets);

	pptp_message_encode(&w, &m);
	made_tcp(t->made, from, CAPTURE_ACK, t->next[from], t->next[1 - from], ut_slice(octets, w.len));
	t->next[from] += (uint32_t)w.len;
}

static struct talking
begin_pptp(void)
{
	static const struct ut_slice nothing = { .p = NULL, .n = 0 };
	struct talking t = { .made = calloc(1, sizeof *t.made), .next = { 101, 501 } };

	assert_non_null(t.made);
	made_begin(t.made, 1);
	made_tcp(t.made, CLIENT, CAPTURE_SYN, 100, 0, nothing);
	made_tcp(t.made, SERVER, CAPTURE_SYN | CAPTURE_ACK, 500, 101, nothing);
	say(&t, CLIENT, PPTP_SCCRQ);
	return t;
}

static void
a_client_of_pptp_that_does_as_ours_does_is_no_different(void **state)
{
	struct talking t = begin_pptp();

	(void)state;
	say(&t, SERVER, PPTP_SCCRP);
	say(&t, CLIENT, PPTP_OCRQ);
	say(&t, SERVER, PPTP_OCRP);
	say(&t, SERVER, PPTP_SLI);
	say(&t, SERVER, PPTP_ECHORQ);
	say(&t, CLIENT, PPTP_ECHORP);
	say(&t, CLIENT, PPTP_CCRQ);
	say(&t, SERVER, PPTP_CDN);
	say(&t, CLIENT, PPTP_STOPCCRQ);
	assert_int_equal(respond(t.made, "StopCCRQ         0.090  StopCCRQ"), 0);
}

static void
a_call_of_pptp_before_the_connection_stands_differs(void **state)
{
	struct talking t = begin_pptp();

	(void)state;
	say(&t, CLIENT, PPTP_OCRQ);
	assert_int_equal(
	    respond(t.made, "OCRQ                 -  -            DIFFERS: ours does not send it"), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_client_that_does_as_ours_does_is_no_different),
		cmocka_unit_test(what_ours_would_have_sent_is_told),
		cmocka_unit_test(what_ours_would_not_have_sent_is_told),
		cmocka_unit_test(how_often_a_message_was_sent_is_told_and_no_difference),
		cmocka_unit_test(a_client_of_pptp_that_does_as_ours_does_is_no_different),
		cmocka_unit_test(a_call_of_pptp_before_the_connection_stands_differs),
		cmocka_unit_test(a_capture_without_a_beginning_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
