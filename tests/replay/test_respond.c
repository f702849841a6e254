/* test_respond.c - our own client in the place of a captured one
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/replay/make_capture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cli/replay/respond.h"

static const struct l2tp_secret none = { .n = 0 };

enum { CLIENT_TID = 11, SERVER_TID = 22, CLIENT_SID = 33, SERVER_SID = 44 };

static struct l2tp_message
message(unsigned from, enum l2tp_message_type type)
{
	const bool is_client = from == CLIENT;

	return (struct l2tp_message){
		.type = type,
		.protocol_version = 0x0100,
		.framing_capabilities = 3,
		.framing_type = 1,
		.present = l2tp_message_avps(type)->required | l2tp_message_avps(type)->expected,
		.host_name = ut_slice_str("host"),
		.assigned_tid.v = is_client ? CLIENT_TID : SERVER_TID,
		.assigned_sid.v = is_client ? CLIENT_SID : SERVER_SID,
		.result = type == L2TP_CDN ? L2TP_CDN_ADMIN : L2TP_STOPCCN_SHUTDOWN,
	};
}

static void
put(struct made *made, unsigned from, const struct l2tp_message *m, unsigned ns, unsigned nr)
{
	const bool is_client = from == CLIENT;
	const enum l2tp_message_type type = m->type;
	const bool is_call = l2tp_message_is_session(type) && type != L2TP_ICRQ;
	const struct l2tp_header h = { .tid = { type == L2TP_SCCRQ ? 0
								   : (is_client ? SERVER_TID : CLIENT_TID) },
				       .sid = { !is_call ? 0 : (is_client ? SERVER_SID : CLIENT_SID) },
				       .ns = (uint16_t)ns,
				       .nr = (uint16_t)nr };
	uint8_t octets[1500];
	struct ut_put w = ut_put_into(octets, sizeof octets);

	l2tp_message_encode(&w, &h, m, NULL);
	assert_false(w.full);
	made_udp(made, from, ut_slice(octets, w.len));
}

static void
send(struct made *made, unsigned from, enum l2tp_message_type type, unsigned ns, unsigned nr)
{
	const struct l2tp_message m = message(from, type);

	put(made, from, &m, ns, nr);
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
respond_to(struct capture *capture, const struct l2tp_secret *secret, const char *words)
{
	char *text = NULL;
	unsigned differences;
	size_t n;
	FILE *out = open_memstream(&text, &n);

	assert_non_null(out);
	assert_int_equal(respond_capture(capture, secret, out, &differences), 0);
	fclose(out);
	if (strstr(text, words) == NULL)
		fail_msg("\"%s\" is not in:\n%s", words, text);
	capture_close(capture);
	free(text);
	return differences;
}

static unsigned
respond(struct made *made, const char *words)
{
	const unsigned differences = respond_to(made_open(made), &none, words);

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

/* ---- with a secret ---- */

static const struct l2tp_secret right = { .octets = "between-us-two", .n = 14 };
static const struct l2tp_secret other = { .octets = "something-else", .n = 14 };

#define JUDGED "the server's proof is judged "
#define AS_THEN JUDGED "as the captured client judged it"
#define FOREIGN "the secret given is not that of this tunnel: " AS_THEN

static const struct test_case {
	const char *what, *capture;
	const struct l2tp_secret *secret;
	const char *words;
	unsigned differences;
} cases[] = {
	{ "the client hides", "hidden", &right, "authenticated: " JUDGED "with the secret given\n", 0 },
	{ "the client hides, and no secret is given", "hidden", &none, "--secret-file " AS_THEN "\n", 0 },
	{ "the client hides, and another secret is given", "hidden", &other, FOREIGN "\n", 0 },
	{ "both hide", "both-hide", &right, "StopCCN          2.060  StopCCN     \n", 0 },
	{ "both hide: the server's ids are read", "both-hide", &right, "tunnel 1722/21056\n", 0 },
	{ "both hide, and no secret is given", "both-hide", &none, "fed and compared from there on\n", 0 },
	{ "both hide, and another secret is given", "both-hide", &other, FOREIGN "\n  the server hid", 0 },
	{ "the client had another secret, and ours has the server's", "wrong-secret", &right,
	  "DIFFERS: result 4, ours 6;", 3 },
	{ "no secret in it", "plain", &other, "tunnel 62940/1769\n   seconds", 0 },
};

static void
a_secret_proves_what_it_proved_then(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct test_case *const test = &cases[i];
		char path[256], why[CAPTURE_ERROR_OCTETS];
		unsigned differences;

		snprintf(path, sizeof path, CAPTURES "/l2tp-%s.pcap", test->capture);
		differences = respond_to(capture_open(path, why), test->secret, test->words);
		if (differences != test->differences)
			fail_msg("%s: %u differences", test->what, differences);
	}
}

/* RFC 2661 4.4.3 gives a challenge no length; ours has 16 octets. */
static void
a_proof_for_a_longer_challenge_is_judged_as_it_was_judged_then(void **state)
{
	static const uint8_t challenge[20] = { 1, 2, 3 };
	uint8_t response[L2TP_RESPONSE_OCTETS];
	struct made *made = calloc(1, sizeof *made);
	struct l2tp_message m = message(CLIENT, L2TP_SCCRQ);

	(void)state;
	assert_non_null(made);
	made_begin(made, 1);
	m.present |= L2TP_HAS(CHALLENGE);
	m.challenge = ut_slice(challenge, sizeof challenge);
	put(made, CLIENT, &m, 0, 0);
	m = message(SERVER, L2TP_SCCRP);
	m.present |= L2TP_HAS(CHALLENGE_RESPONSE);
	l2tp_challenge_response(response, L2TP_SCCRP, &right, ut_slice(challenge, sizeof challenge));
	m.challenge_response = ut_slice(response, sizeof response);
	put(made, SERVER, &m, 0, 1);
	send(made, CLIENT, L2TP_SCCCN, 1, 1);
	send(made, CLIENT, L2TP_ICRQ, 2, 1);
	assert_int_equal(respond_to(made_open(made), &right, "has not the 16 octets that ours has"), 0);
	free(made);
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
		cmocka_unit_test(a_secret_proves_what_it_proved_then),
		cmocka_unit_test(a_proof_for_a_longer_challenge_is_judged_as_it_was_judged_then),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
