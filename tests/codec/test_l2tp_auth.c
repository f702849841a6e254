/* test_l2tp_auth.c - challenge responses and hidden AVPs (RFC 2661 sections 4.3 and 5.1.1)
 * SPDX-License-Identifier: Apache-2.0
 *
 * The expected octets were computed with another MD5 (Python's hashlib).
 */
#include "codec/l2tp_hiding.h"
#include "tests/codec/l2tp_build.h"
#include "tests/codec/l2tp_samples.h"

/* What the messages are sent with; for none of these tests does it matter. */
static const struct l2tp_header a_header = { .tid = { 7 }, .sid = { 9 }, .ns = 3, .nr = 5 };
static const struct l2tp_header no_header = { .tid = { 0 } };

static const struct l2tp_secret secret = { .octets = "secret", .n = 6 };
static const uint8_t vector[L2TP_VECTOR_OCTETS] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };

/* Called Number "": two octets of length, hidden. */
static const char hidden_empty[] = "\x13\x63";
static const char hidden_tid_42[] = "\xbe\x6a\x1d\xed";
/* Original Length 0xffff before two octets. */
static const char hidden_ffff[] = "\xec\x9c\x09\xf4";
/* "the called number runs over three blocks" and five octets 0xaa of padding. */
static const char hidden_called[] =
    "\x13\x4b\x1c\xfe\x13\xef\xe8\x83\xd1\x3c\x2d\x7e\x46\x12\x28\x1a\x67\x2a\x6e\xd1\x2f\xc0\xe3\xb8"
    "\x11\x44\x5f\x78\xdf\x08\xd2\x81\x2d\x6e\x65\xe3\xf2\xd6\x14\x91\x7d\xa4\x12\xb0\xa6\xd4\x22";

enum { CALLED_OCTETS = sizeof hidden_called - 1 };

struct unhiding {
	struct l2tp_secret secret;
	uint8_t scratch[2048];
	struct l2tp_unhide u;
};

static struct l2tp_unhide *
unhide_with(struct unhiding *s, size_t cap)
{
	s->secret = secret;
	s->u = (struct l2tp_unhide){ .secret = &s->secret, .scratch = s->scratch, .cap = cap };
	return &s->u;
}

static void
responses_are_md5_of_type_secret_and_challenge(void **state)
{
	uint8_t out[L2TP_RESPONSE_OCTETS];

	(void)state;
	l2tp_challenge_response(out, L2TP_SCCRP, &secret, ut_slice_str("challenge-octets"));
	assert_memory_equal(out, "\x0c\x58\x6e\x38\x1f\x9e\x65\x26\x0b\xc8\x4d\x54\x93\x73\xff\x0b",
			    sizeof out);
	l2tp_challenge_response(out, L2TP_SCCCN, &secret, ut_slice_str("challenge-octets"));
	assert_memory_equal(out, "\x4d\xae\x01\x0e\x35\x2d\xad\x30\x57\x39\xd8\xb7\x26\x04\xd5\x0c",
			    sizeof out);
}

static void
a_wiped_secret_is_none(void **state)
{
	static const struct l2tp_secret none;
	struct l2tp_secret s = secret;

	(void)state;
	l2tp_secret_wipe(&s);
	assert_memory_equal(&s, &none, sizeof s);
}

static void
hiding_gives_the_octets_of_the_rfc_and_unhiding_takes_them_back(void **state)
{
	char subformat[CALLED_OCTETS + 1] =
	    "\0\x28the called number runs over three blocks\xaa\xaa\xaa\xaa\xaa";
	uint8_t octets[CALLED_OCTETS], back[CALLED_OCTETS];

	(void)state;
	memcpy(octets, subformat, sizeof octets);
	l2tp_hide_octets(octets, sizeof octets, L2TP_AVP_CALLED_NUMBER, &secret,
			 ut_slice(vector, sizeof vector));
	assert_memory_equal(octets, hidden_called, sizeof octets);
	l2tp_unhide_octets(back, ut_slice(octets, sizeof octets), L2TP_AVP_CALLED_NUMBER, &secret,
			   ut_slice(vector, sizeof vector));
	assert_memory_equal(back, subformat, sizeof back);
}

static void
start_icrq(struct build *b)
{
	build_start(b, L2TP_ICRQ);
	build_avp(b, M, 0, L2TP_AVP_RANDOM_VECTOR, vector, sizeof vector);
	build_u16(b, M, L2TP_AVP_ASSIGNED_SESSION_ID, 5);
	build_u32(b, M, L2TP_AVP_CALL_SERIAL_NUMBER, 6);
}

static void
hidden_avps_of_one_and_of_three_blocks_are_read(void **state)
{
	struct unhiding s;
	struct build b;
	struct l2tp_message m;
	struct l2tp_fault fault;

	build_start(&b, L2TP_STOPCCN);
	build_avp(&b, M, 0, L2TP_AVP_RANDOM_VECTOR, vector, sizeof vector);
	build_avp(&b, M | H, 0, L2TP_AVP_ASSIGNED_TUNNEL_ID, hidden_tid_42, 4);
	build_avp(&b, M | H, 0, L2TP_AVP_CALLED_NUMBER, hidden_called, CALLED_OCTETS);
	assert_int_equal(build_decode(*state, build_end(&b), unhide_with(&s, 4 + CALLED_OCTETS), &m, &fault),
			 L2TP_FAULT_NONE);
	assert_int_equal(m.assigned_tid.v, 42);
	assert_true(m.hidden == (L2TP_HAS(ASSIGNED_TUNNEL_ID) | L2TP_HAS(CALLED_NUMBER)));
	assert_true(
	    ut_slice_is_equal(m.called_number, ut_slice_str("the called number runs over three blocks")));
	assert_true(m.called_number.p >= s.scratch && m.called_number.p < s.scratch + s.u.used);
	assert_int_equal(s.u.used, s.u.cap);
}

static void
scratch_is_shared_by_all_hidden_avps_of_a_message(void **state)
{
	struct unhiding s;
	struct build b;
	struct l2tp_message m;
	struct l2tp_fault fault;

	build_start(&b, L2TP_STOPCCN);
	build_avp(&b, M, 0, L2TP_AVP_RANDOM_VECTOR, vector, sizeof vector);
	build_avp(&b, M | H, 0, L2TP_AVP_ASSIGNED_TUNNEL_ID, hidden_tid_42, 4);
	build_avp(&b, M | H, 0, L2TP_AVP_CALLED_NUMBER, hidden_called, CALLED_OCTETS);
	assert_int_equal(
	    build_decode(*state, build_end(&b), unhide_with(&s, 4 + CALLED_OCTETS - 1), &m, &fault),
	    L2TP_FAULT_AVP_HIDDEN_TOO_MANY);
	assert_int_equal(m.assigned_tid.v, 42);
	assert_int_equal(s.u.used, 4);
}

static void
an_empty_value_can_be_hidden(void **state)
{
	struct unhiding s;
	struct build b;
	struct l2tp_message m;
	struct l2tp_fault fault;

	start_icrq(&b);
	build_avp(&b, M | H, 0, L2TP_AVP_CALLED_NUMBER, hidden_empty, 2);
	assert_int_equal(build_decode(*state, build_end(&b), unhide_with(&s, 2), &m, &fault),
			 L2TP_FAULT_NONE);
	assert_true(m.present & L2TP_HAS(CALLED_NUMBER));
	assert_int_equal(m.called_number.n, 0);
}

/* RFC 2661 4.4.1, a hidden AVP uses the Random Vector most closely preceding it. */
static void
a_later_random_vector_rules_what_follows_it(void **state)
{
	struct unhiding s;
	struct build b;
	struct l2tp_message m;
	struct l2tp_fault fault;

	build_start(&b, L2TP_STOPCCN);
	build_text(&b, M, L2TP_AVP_RANDOM_VECTOR, "another vector");
	build_avp(&b, M, 0, L2TP_AVP_RANDOM_VECTOR, vector, sizeof vector);
	build_avp(&b, M | H, 0, L2TP_AVP_ASSIGNED_TUNNEL_ID, hidden_tid_42, 4);
	assert_int_equal(build_decode(*state, build_end(&b), unhide_with(&s, 64), &m, &fault),
			 L2TP_FAULT_NONE);
	assert_int_equal(m.assigned_tid.v, 42);
}

struct hidden_case {
	const char *what;
	unsigned type;
	const char *value;
	size_t n;
	size_t cap;
	bool has_vector, has_secret;
	enum l2tp_fault_reason reason;
};

static const struct hidden_case cases[] = {
	{ "no secret", 21, hidden_called, CALLED_OCTETS, 64, true, false, L2TP_FAULT_AVP_HIDDEN_NO_SECRET },
	{ "no vector", 21, hidden_called, CALLED_OCTETS, 64, false, true, L2TP_FAULT_AVP_HIDDEN_NO_VECTOR },
	{ "no octet", 21, "", 0, 64, true, true, L2TP_FAULT_AVP_HIDDEN_LENGTH },
	{ "half a length", 21, "x", 1, 64, true, true, L2TP_FAULT_AVP_HIDDEN_LENGTH },
	{ "original length 0xffff in one block (9554ce05)", 21, hidden_ffff, 4, 64, true, true,
	  L2TP_FAULT_AVP_HIDDEN_LENGTH },
	{ "original length one more than came", 21, hidden_called, 41, 64, true, true,
	  L2TP_FAULT_AVP_HIDDEN_LENGTH },
	{ "as many as came", 21, hidden_called, 42, 64, true, true, L2TP_FAULT_NONE },
	{ "scratch one octet short", 21, hidden_called, CALLED_OCTETS, CALLED_OCTETS - 1, true, true,
	  L2TP_FAULT_AVP_HIDDEN_TOO_MANY },
	{ "Host Name", L2TP_AVP_HOST_NAME, hidden_called, CALLED_OCTETS, 64, true, true,
	  L2TP_FAULT_AVP_HIDDEN_FORBIDDEN },
	{ "Result Code", L2TP_AVP_RESULT_CODE, hidden_called, CALLED_OCTETS, 64, true, true,
	  L2TP_FAULT_AVP_HIDDEN_FORBIDDEN },
	{ "a tunnel id of 40 octets", L2TP_AVP_ASSIGNED_TUNNEL_ID, hidden_called, CALLED_OCTETS, 64, true,
	  true, L2TP_FAULT_AVP_HIDDEN_LENGTH }, /* another attribute number: noise */
	{ "unknown type", 20, hidden_called, CALLED_OCTETS, 64, true, true,
	  L2TP_FAULT_AVP_UNKNOWN_MANDATORY },
};

/* Both accel-ppp defects (CVE-2020-15173 and 9554ce05) were lengths of hidden AVPs believed. */
static void
a_bad_hidden_avp_is_refused_with_m_and_skipped_without(void **state)
{
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		for (unsigned mandatory = 0; mandatory <= M; mandatory += M) {
			const struct hidden_case *c = &cases[i];
			struct unhiding s;
			struct build b;
			struct l2tp_message m;
			struct l2tp_fault fault;
			size_t at;

			print_message("%s%s\n", c->what, mandatory ? ", M" : "");
			build_start(&b, L2TP_HELLO);
			if (c->has_vector)
				build_avp(&b, M, 0, L2TP_AVP_RANDOM_VECTOR, vector, sizeof vector);
			at = b.w.len;
			build_avp(&b, mandatory | H, 0, c->type, c->value, c->n);
			unhide_with(&s, c->cap);
			if (!c->has_secret)
				s.secret.n = 0;
			if (c->reason == L2TP_FAULT_NONE || mandatory == 0) {
				assert_int_equal(build_decode(*state, build_end(&b), &s.u, &m, &fault),
						 L2TP_FAULT_NONE);
				assert_true(m.hidden ==
					    (c->reason == L2TP_FAULT_NONE ? L2TP_HAS(CALLED_NUMBER) : 0));
				continue;
			}
			assert_int_equal(build_decode(*state, build_end(&b), &s.u, &m, &fault), c->reason);
			assert_int_equal(fault.offset, at);
			assert_int_equal(fault.avp, c->type);
			assert_true(s.u.used <= s.u.cap);
		}
}

/* CVE-2020-15173 (2324bcd5): an AVP Length below 6 with H set. */
static void
a_hidden_avp_with_a_length_below_6_is_refused(void **state)
{
	for (unsigned length = 0; length < 6; length++) {
		struct unhiding s;
		struct build b;
		struct l2tp_message m;
		struct l2tp_fault fault;
		size_t at;

		start_icrq(&b);
		at = b.w.len;
		build_avp(&b, M | H, 0, L2TP_AVP_CALLED_NUMBER, hidden_called, CALLED_OCTETS);
		ut_put_u16_at(&b.w, at, (uint16_t)(M | H | length));
		assert_int_equal(build_decode(*state, build_end(&b), unhide_with(&s, 64), &m, &fault),
				 L2TP_FAULT_AVP_LENGTH);
		assert_int_equal(s.u.used, 0);
	}
}

static void
without_an_unhide_hidden_avps_have_no_secret(void **state)
{
	struct build b;
	struct l2tp_message m;
	struct l2tp_fault fault;

	start_icrq(&b);
	build_avp(&b, M | H, 0, L2TP_AVP_CALLED_NUMBER, hidden_called, CALLED_OCTETS);
	assert_int_equal(build_decode(*state, build_end(&b), NULL, &m, &fault),
			 L2TP_FAULT_AVP_HIDDEN_NO_SECRET);
}

static void
a_wrong_secret_never_reads_past_the_octets_that_came(void **state)
{
	for (unsigned i = 0; i < 256; i++) {
		struct unhiding s;
		struct build b;
		struct l2tp_message m;
		struct l2tp_fault fault;

		start_icrq(&b);
		build_avp(&b, M | H, 0, L2TP_AVP_CALLED_NUMBER, hidden_called, CALLED_OCTETS);
		unhide_with(&s, 64);
		s.secret.octets[0] = (uint8_t)i;
		if (build_decode(*state, build_end(&b), &s.u, &m, &fault) == L2TP_FAULT_NONE)
			assert_true(m.called_number.n <= CALLED_OCTETS - 2);
	}
}

static struct l2tp_hide
hide_with(uint8_t padding)
{
	struct l2tp_hide h = { .secret = &secret, .padding_octets = padding };

	memcpy(h.vector, vector, sizeof h.vector);
	memset(h.padding, 0xaa, sizeof h.padding);
	return h;
}

static void
all_14_messages_come_back_from_hiding(void **state)
{
	for (size_t i = 0; i < L2TP_SAMPLE_N; i++)
		for (uint8_t padding = 0; padding <= L2TP_PADDING_MAX; padding++) {
			struct l2tp_message in = l2tp_sample_message(l2tp_sample_types[i]);
			const struct l2tp_hide hide = hide_with(padding);
			struct unhiding s;
			struct build b;
			struct l2tp_message out;
			struct l2tp_fault fault;

			in.hidden = in.present;
			b.w = ut_put_into(b.octets, sizeof b.octets);
			l2tp_message_encode(&b.w, &a_header, &in, &hide);
			assert_false(b.w.full);
			assert_int_equal(build_decode(*state, ut_slice(b.octets, b.w.len),
						      unhide_with(&s, sizeof s.scratch), &out, &fault),
					 L2TP_FAULT_NONE);
			assert_true((out.present & ~L2TP_HAS(RANDOM_VECTOR)) == in.present);
			assert_true((out.hidden != 0) == ((out.present & L2TP_HAS(RANDOM_VECTOR)) != 0));
			assert_false(out.hidden &
				     (L2TP_HAS(HOST_NAME) | L2TP_HAS(RESULT_CODE) | L2TP_HAS(TIE_BREAKER)));
			out.hidden = 0;
			in.hidden = 0;
			b.w.len = 0;
			l2tp_message_encode(&b.w, &a_header, &in, NULL);
			struct build again;
			again.w = ut_put_into(again.octets, sizeof again.octets);
			l2tp_message_encode(&again.w, &a_header, &out, NULL);
			assert_true(ut_slice_is_equal(ut_slice(b.octets, b.w.len),
						      ut_slice(again.octets, again.w.len)));
		}
}

static void
what_is_sent_hidden_is_what_the_rfc_computes(void **state)
{
	struct l2tp_message in = l2tp_sample_message(L2TP_STOPCCN);
	const struct l2tp_hide hide = hide_with(0);
	struct build b;

	(void)state;
	in.assigned_tid.v = 42;
	in.hidden = L2TP_HAS(ASSIGNED_TUNNEL_ID);
	b.w = ut_put_into(b.octets, sizeof b.octets);
	l2tp_message_encode(&b.w, &(struct l2tp_header){ .tid = { 7 }, .ns = 3, .nr = 5 }, &in, &hide);
	assert_memory_equal(b.octets + 20, "\x80\x16\0\0\0\x24", 6);
	assert_memory_equal(b.octets + 26, vector, sizeof vector);
	assert_memory_equal(b.octets + 42, "\xc0\x0a\0\0\0\x09", 6);
	assert_memory_equal(b.octets + 48, hidden_tid_42, 4);
}

static void
nothing_to_be_hidden_goes_out_in_the_clear_for_want_of_a_secret(void **state)
{
	static const struct l2tp_secret none;
	struct l2tp_message in = l2tp_sample_message(L2TP_SCCRQ);
	struct l2tp_hide hide = hide_with(0);
	struct build b;

	(void)state;
	in.hidden = L2TP_HAS(CHALLENGE);
	hide.secret = &none;
	b.w = ut_put_into(b.octets, sizeof b.octets);
	l2tp_message_encode(&b.w, &no_header, &in, &hide);
	assert_true(b.w.full);
	in.hidden = L2TP_HAS(HOST_NAME);
	b.w = ut_put_into(b.octets, sizeof b.octets);
	l2tp_message_encode(&b.w, &no_header, &in, &hide);
	assert_false(b.w.full);
}

static void
a_value_too_long_to_hide_is_not_written(void **state)
{
	static const uint8_t longest[L2TP_AVP_VALUE_MAX];
	struct l2tp_message in = l2tp_sample_message(L2TP_SCCRQ);
	struct l2tp_hide hide = hide_with(1);
	struct build b;

	(void)state;
	in.hidden = L2TP_HAS(CHALLENGE);
	in.challenge = ut_slice(longest, L2TP_AVP_VALUE_MAX - 2);
	b.w = ut_put_into(b.octets, sizeof b.octets);
	l2tp_message_encode(&b.w, &no_header, &in, &hide);
	assert_true(b.w.full);
	hide.padding_octets = 0;
	b.w = ut_put_into(b.octets, sizeof b.octets);
	l2tp_message_encode(&b.w, &no_header, &in, &hide);
	assert_false(b.w.full);
	hide.padding_octets = L2TP_PADDING_MAX + 1;
	in.challenge.n = 1;
	b.w = ut_put_into(b.octets, sizeof b.octets);
	l2tp_message_encode(&b.w, &no_header, &in, &hide);
	assert_true(b.w.full);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(responses_are_md5_of_type_secret_and_challenge),
		cmocka_unit_test(a_wiped_secret_is_none),
		cmocka_unit_test(hiding_gives_the_octets_of_the_rfc_and_unhiding_takes_them_back),
		cmocka_unit_test(hidden_avps_of_one_and_of_three_blocks_are_read),
		cmocka_unit_test(scratch_is_shared_by_all_hidden_avps_of_a_message),
		cmocka_unit_test(an_empty_value_can_be_hidden),
		cmocka_unit_test(a_later_random_vector_rules_what_follows_it),
		cmocka_unit_test(a_bad_hidden_avp_is_refused_with_m_and_skipped_without),
		cmocka_unit_test(a_hidden_avp_with_a_length_below_6_is_refused),
		cmocka_unit_test(without_an_unhide_hidden_avps_have_no_secret),
		cmocka_unit_test(a_wrong_secret_never_reads_past_the_octets_that_came),
		cmocka_unit_test(all_14_messages_come_back_from_hiding),
		cmocka_unit_test(what_is_sent_hidden_is_what_the_rfc_computes),
		cmocka_unit_test(nothing_to_be_hidden_goes_out_in_the_clear_for_want_of_a_secret),
		cmocka_unit_test(a_value_too_long_to_hide_is_not_written),
	};

	return cmocka_run_group_tests(tests, build_setup, guard_teardown);
}
