/* test_l2tp_avp.c - what the decoder does with each kind of right and wrong AVP (RFC 2661 4.1, 7.1)
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/codec/l2tp_build.h"

static void
expect(struct guard *g, struct build *b, enum l2tp_fault_reason reason, unsigned avp, size_t offset)
{
	struct l2tp_message m;
	struct l2tp_fault fault = { .reason = L2TP_FAULT_NONE };

	assert_int_equal(build_decode(g, build_end(b), NULL, &m, &fault), reason);
	if (reason == L2TP_FAULT_NONE)
		return;
	assert_int_equal(fault.reason, reason);
	assert_int_equal(fault.avp, avp);
	assert_int_equal(fault.offset, offset);
}

static struct l2tp_message
accept_message(struct guard *g, struct build *b)
{
	struct l2tp_message m;
	struct l2tp_fault fault = { .reason = L2TP_FAULT_NONE };
	const enum l2tp_fault_reason reason = build_decode(g, build_end(b), NULL, &m, &fault);

	if (reason != L2TP_FAULT_NONE)
		fail_msg("%s at %u", l2tp_fault_sentence(reason), (unsigned)fault.offset);
	return m;
}

static void
an_avp_length_below_6_is_refused(void **state)
{
	for (unsigned length = 0; length < 6; length++) {
		struct build b;
		size_t at;

		build_sccrq(&b);
		at = b.w.len;
		build_text(&b, 0, L2TP_AVP_VENDOR_NAME, "v");
		ut_put_u16_at(&b.w, at, (uint16_t)length);
		expect(*state, &b, L2TP_FAULT_AVP_LENGTH, L2TP_AVP_VENDOR_NAME, at);
	}
}

static void
an_avp_length_past_the_message_is_refused(void **state)
{
	struct build b;
	size_t at;

	build_sccrq(&b);
	at = b.w.len;
	build_text(&b, 0, L2TP_AVP_VENDOR_NAME, "v");
	ut_put_u16_at(&b.w, at, 8);
	expect(*state, &b, L2TP_FAULT_AVP_LENGTH, L2TP_AVP_VENDOR_NAME, at);
}

static void
fewer_than_6_octets_of_avp_header_are_refused(void **state)
{
	for (size_t n = 1; n < 6; n++) {
		struct build b;

		build_sccrq(&b);
		ut_put_slice(&b.w, ut_slice("\x80\x08\0\0\0", n));
		expect(*state, &b, L2TP_FAULT_AVP_TRUNCATED, UINT16_MAX, b.w.len);
	}
}

static void
typed_avps_have_exactly_their_length(void **state)
{
	static const struct {
		unsigned type, octets;
	} typed[] = { { L2TP_AVP_FIRMWARE_REVISION, 2 },   { L2TP_AVP_BEARER_CAPABILITIES, 4 },
		      { L2TP_AVP_TIE_BREAKER, 8 },	   { L2TP_AVP_CHALLENGE_RESPONSE, 16 },
		      { L2TP_AVP_CALL_ERRORS, 26 },	   { L2TP_AVP_ACCM, 10 },
		      { L2TP_AVP_SEQUENCING_REQUIRED, 0 }, { L2TP_AVP_RX_CONNECT_SPEED, 4 } };
	static const uint8_t value[32];

	for (size_t i = 0; i < sizeof typed / sizeof typed[0]; i++)
		for (unsigned n = 0; n < sizeof value; n++) {
			struct build b;
			size_t at;

			build_start(&b, L2TP_SCCCN);
			at = b.w.len;
			build_avp(&b, M, 0, typed[i].type, value, n);
			expect(*state, &b,
			       n == typed[i].octets ? L2TP_FAULT_NONE : L2TP_FAULT_AVP_VALUE_LENGTH,
			       typed[i].type, at);
		}
}

static void
a_wrong_length_without_m_is_ignored_unless_the_avp_is_required(void **state)
{
	struct build b;
	struct l2tp_message m;
	size_t at;

	build_start(&b, L2TP_ICCN); /* the RFC's own example: 7.1 */
	build_u32(&b, M, L2TP_AVP_TX_CONNECT_SPEED, 1);
	build_u16(&b, 0, L2TP_AVP_RX_CONNECT_SPEED, 1);
	m = accept_message(*state, &b);
	assert_false(m.present & L2TP_HAS(RX_CONNECT_SPEED));
	assert_true(m.present & L2TP_HAS(TX_CONNECT_SPEED));

	build_start(&b, L2TP_ICRP);
	at = b.w.len;
	build_u32(&b, 0, L2TP_AVP_ASSIGNED_SESSION_ID, 1);
	expect(*state, &b, L2TP_FAULT_AVP_VALUE_LENGTH, L2TP_AVP_ASSIGNED_SESSION_ID, at);
}

static void
unknown_avps_are_skipped_without_m_and_refused_with_it(void **state)
{
	static const struct {
		unsigned vendor, type;
	} unknown[] = { { 0, 20 },     { 0, 40 }, { 0, 47 },   { 0, 63 }, { 0, 64 },	 { 0, 0x8000 },
			{ 0, 0xffff }, { 9, 1 },  { 3561, 2 }, { 1, 9 },  { 0xffff, 36 } };

	for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++)
		for (unsigned n = 0; n < 3; n++) {
			struct build b;
			struct l2tp_message m;
			size_t at;

			build_sccrq(&b);
			build_avp(&b, 0, unknown[i].vendor, unknown[i].type, "xx", n);
			m = accept_message(*state, &b);
			assert_int_equal(m.present, l2tp_message_avps(L2TP_SCCRQ)->required);
			assert_int_equal(m.assigned_tid.v, 42);

			build_sccrq(&b);
			at = b.w.len;
			build_avp(&b, M, unknown[i].vendor, unknown[i].type, "xx", n);
			expect(*state, &b, L2TP_FAULT_AVP_UNKNOWN_MANDATORY, unknown[i].type, at);
		}
}

/* xelerance#163: a Broadband Forum AVP of type 2 is no Protocol Version. */
static void
a_vendor_avp_never_stands_for_an_ietf_one(void **state)
{
	struct build b;
	struct l2tp_message m;

	build_sccrq(&b);
	build_avp(&b, 0, 3561, L2TP_AVP_RECEIVE_WINDOW_SIZE, "\0\x09", 2);
	m = accept_message(*state, &b);
	assert_false(m.present & L2TP_HAS(RECEIVE_WINDOW_SIZE));
}

static void
a_reserved_bit_makes_an_avp_unrecognized(void **state)
{
	for (unsigned bit = 0x0400; bit <= 0x2000; bit <<= 1) {
		struct build b;
		struct l2tp_message m;
		size_t at;

		build_sccrq(&b);
		build_text(&b, bit, L2TP_AVP_VENDOR_NAME, "v");
		m = accept_message(*state, &b);
		assert_false(m.present & L2TP_HAS(VENDOR_NAME));

		build_sccrq(&b);
		at = b.w.len;
		build_text(&b, M | bit, L2TP_AVP_VENDOR_NAME, "v");
		expect(*state, &b, L2TP_FAULT_AVP_RESERVED, L2TP_AVP_VENDOR_NAME, at);
	}
}

static void
of_an_avp_that_comes_twice_the_first_counts(void **state)
{
	struct build b;
	struct l2tp_message m;

	build_sccrq(&b);
	build_u16(&b, M, L2TP_AVP_ASSIGNED_TUNNEL_ID, 43);
	build_text(&b, M, L2TP_AVP_ASSIGNED_TUNNEL_ID, "a wrong length, too");
	build_u16(&b, M, L2TP_AVP_MESSAGE_TYPE, L2TP_ICRQ);
	m = accept_message(*state, &b);
	assert_int_equal(m.assigned_tid.v, 42);
	assert_int_equal(m.type, L2TP_SCCRQ);
}

static void
of_random_vectors_the_last_counts(void **state)
{
	struct build b;
	struct l2tp_message m;

	build_start(&b, L2TP_HELLO);
	build_text(&b, M, L2TP_AVP_RANDOM_VECTOR, "first");
	build_text(&b, M, L2TP_AVP_RANDOM_VECTOR, "second");
	m = accept_message(*state, &b);
	assert_true(ut_slice_is_equal(m.random_vector, ut_slice_str("second")));
}

static void
the_first_avp_must_be_message_type(void **state)
{
	struct build b;

	build_header(&b);
	build_u16(&b, M, L2TP_AVP_PROTOCOL_VERSION, 0x0100);
	build_u16(&b, M, L2TP_AVP_MESSAGE_TYPE, L2TP_SCCRQ);
	expect(*state, &b, L2TP_FAULT_FIRST_AVP_NOT_TYPE, L2TP_AVP_PROTOCOL_VERSION, 12);

	build_header(&b);
	build_avp(&b, M, 9, 0, "\0\1", 2);
	expect(*state, &b, L2TP_FAULT_FIRST_AVP_NOT_TYPE, 0, 12);

	build_header(&b);
	build_u16(&b, M | H, L2TP_AVP_MESSAGE_TYPE, L2TP_SCCRQ);
	expect(*state, &b, L2TP_FAULT_AVP_HIDDEN_FORBIDDEN, 0, 12);

	build_header(&b);
	build_u16(&b, M | 0x0400, L2TP_AVP_MESSAGE_TYPE, L2TP_SCCRQ);
	expect(*state, &b, L2TP_FAULT_AVP_RESERVED, 0, 12);

	build_header(&b);
	build_u32(&b, M, L2TP_AVP_MESSAGE_TYPE, L2TP_SCCRQ);
	expect(*state, &b, L2TP_FAULT_AVP_VALUE_LENGTH, 0, 12);

	build_header(&b);
	build_avp(&b, M, 0, L2TP_AVP_MESSAGE_TYPE, "", 0);
	expect(*state, &b, L2TP_FAULT_AVP_VALUE_LENGTH, 0, 12);
}

static void
a_first_avp_with_a_length_that_does_not_fit_is_refused(void **state)
{
	static const unsigned lengths[] = { 0, 1, 2, 3, 4, 5, 9, 1023 };

	for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
		struct build b;

		build_start(&b, L2TP_HELLO);
		ut_put_u16_at(&b.w, 12, (uint16_t)(M | lengths[i]));
		expect(*state, &b, L2TP_FAULT_AVP_LENGTH, 0, 12);
	}
}

static void
unknown_message_types_tell_by_m_whether_to_clear_or_ignore(void **state)
{
	static const unsigned unknown[] = { 0, 5, 13, 17, 63, 0x0100, 0xffff };

	for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
		struct build b;
		struct l2tp_message m;
		struct l2tp_fault fault;

		build_start(&b, unknown[i]);
		assert_int_equal(build_decode(*state, build_end(&b), NULL, &m, &fault),
				 L2TP_FAULT_MESSAGE_UNKNOWN_MANDATORY);
		assert_int_equal(m.type, L2TP_MESSAGE_N);
		assert_int_equal(l2tp_fault_result(&fault, m.type).result, L2TP_STOPCCN_ERROR);
		build_header(&b);
		build_u16(&b, 0, L2TP_AVP_MESSAGE_TYPE, unknown[i]);
		assert_int_equal(build_decode(*state, build_end(&b), NULL, &m, &fault),
				 L2TP_FAULT_MESSAGE_UNKNOWN);
		assert_int_equal(l2tp_fault_result(&fault, m.type).result, 0);
	}
}

static void
a_missing_required_avp_is_named(void **state)
{
	struct build b;

	build_start(&b, L2TP_SCCRQ);
	build_u16(&b, M, L2TP_AVP_PROTOCOL_VERSION, 0x0100);
	build_text(&b, M, L2TP_AVP_HOST_NAME, "lac");
	build_u32(&b, M, L2TP_AVP_FRAMING_CAPABILITIES, 3);
	expect(*state, &b, L2TP_FAULT_AVP_MISSING, L2TP_AVP_ASSIGNED_TUNNEL_ID, b.w.len);
}

static void
a_receive_window_of_0_is_out_of_range(void **state)
{
	struct build b;
	struct l2tp_message m;
	size_t at;

	build_sccrq(&b);
	at = b.w.len;
	build_u16(&b, M, L2TP_AVP_RECEIVE_WINDOW_SIZE, 0);
	expect(*state, &b, L2TP_FAULT_AVP_VALUE, L2TP_AVP_RECEIVE_WINDOW_SIZE, at);

	build_sccrq(&b);
	build_u16(&b, 0, L2TP_AVP_RECEIVE_WINDOW_SIZE, 0);
	m = accept_message(*state, &b);
	assert_false(m.present & L2TP_HAS(RECEIVE_WINDOW_SIZE));
}

static void
an_assigned_id_of_0_is_out_of_range_where_the_id_is_required(void **state)
{
	static const struct {
		unsigned message, avp;
	} cases[] = {
		{ L2TP_SCCRQ, L2TP_AVP_ASSIGNED_TUNNEL_ID }, { L2TP_SCCRP, L2TP_AVP_ASSIGNED_TUNNEL_ID },
		{ L2TP_ICRQ, L2TP_AVP_ASSIGNED_SESSION_ID }, { L2TP_ICRP, L2TP_AVP_ASSIGNED_SESSION_ID },
		{ L2TP_OCRQ, L2TP_AVP_ASSIGNED_SESSION_ID }, { L2TP_OCRP, L2TP_AVP_ASSIGNED_SESSION_ID }
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		for (unsigned m = 0; m <= M; m += M) {
			struct build b;

			build_start(&b, cases[i].message);
			build_u16(&b, m, cases[i].avp, 0);
			expect(*state, &b, L2TP_FAULT_AVP_VALUE, cases[i].avp, 20);
		}
}

/* Interop 23, 24. */
static void
stopccn_and_cdn_may_carry_an_id_of_0_or_none(void **state)
{
	struct build b;
	struct l2tp_message m;

	build_start(&b, L2TP_STOPCCN);
	build_u16(&b, M, L2TP_AVP_ASSIGNED_TUNNEL_ID, 0);
	m = accept_message(*state, &b);
	assert_int_equal(m.assigned_tid.v, 0);
	assert_true(m.present & L2TP_HAS(ASSIGNED_TUNNEL_ID));

	build_start(&b, L2TP_CDN);
	build_u16(&b, M, L2TP_AVP_ASSIGNED_SESSION_ID, 0);
	m = accept_message(*state, &b);
	assert_true(m.present & L2TP_HAS(ASSIGNED_SESSION_ID));

	build_start(&b, L2TP_CDN);
	m = accept_message(*state, &b);
	assert_int_equal(m.present, L2TP_HAS(MESSAGE_TYPE));
}

/* Interop 1, xelerance#90: mtpd and MikroTik send 8. */
static void
a_result_code_is_taken_with_and_without_its_error_code(void **state)
{
	static const struct {
		size_t octets;
		bool has_error;
		unsigned error;
		const char *text;
	} forms[] = { { 2, false, 0, "" }, { 3, false, 0, "" }, { 4, true, 6, "" }, { 9, true, 6, "later" } };

	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
		struct build b;
		struct l2tp_message m;

		build_start(&b, L2TP_STOPCCN);
		build_avp(&b, M, 0, L2TP_AVP_RESULT_CODE, "\0\2\0\6later", forms[i].octets);
		m = accept_message(*state, &b);
		assert_int_equal(m.result, 2);
		assert_int_equal(m.has_error, forms[i].has_error);
		assert_int_equal(m.error, forms[i].error);
		assert_true(ut_slice_is_equal(m.error_message, ut_slice_str(forms[i].text)));
	}
}

/* Interop 25. */
static void
a_byte_swapped_result_code_is_kept_raw_and_can_be_normalized(void **state)
{
	struct build b;
	struct l2tp_message m;

	build_start(&b, L2TP_CDN);
	build_avp(&b, M, 0, L2TP_AVP_RESULT_CODE, "\3\0\0\0", 4);
	m = accept_message(*state, &b);
	assert_int_equal(m.result, 0x0300);
	assert_int_equal(l2tp_result_normalize(m.result), L2TP_CDN_ADMIN);
	assert_int_equal(l2tp_result_normalize(11), 11);
	assert_int_equal(l2tp_result_normalize(0), 0);
	assert_int_equal(l2tp_result_normalize(0x0201), 0x0201);
}

/* Interop 8, tunnel-forge#7. */
static void
a_call_serial_number_of_2_octets_is_taken_and_of_3_is_not(void **state)
{
	struct build b;
	struct l2tp_message m;
	size_t at;

	build_start(&b, L2TP_ICRQ);
	build_u16(&b, M, L2TP_AVP_ASSIGNED_SESSION_ID, 5);
	build_u16(&b, M, L2TP_AVP_CALL_SERIAL_NUMBER, 0xfffe);
	m = accept_message(*state, &b);
	assert_int_equal(m.call_serial, 0xfffe);

	build_start(&b, L2TP_ICRQ);
	build_u16(&b, M, L2TP_AVP_ASSIGNED_SESSION_ID, 5);
	at = b.w.len;
	build_avp(&b, M, 0, L2TP_AVP_CALL_SERIAL_NUMBER, "abc", 3);
	expect(*state, &b, L2TP_FAULT_AVP_VALUE_LENGTH, L2TP_AVP_CALL_SERIAL_NUMBER, at);
}

/* Interop 19: Huawei and others have M bits of their own. */
static void
m_bits_need_not_be_those_of_the_rfc(void **state)
{
	struct build b;
	struct l2tp_message m;

	build_header(&b);
	build_u16(&b, 0, L2TP_AVP_MESSAGE_TYPE, L2TP_SCCRQ);
	build_u16(&b, 0, L2TP_AVP_PROTOCOL_VERSION, 0x0100);
	build_text(&b, 0, L2TP_AVP_HOST_NAME, "lac");
	build_u32(&b, 0, L2TP_AVP_FRAMING_CAPABILITIES, 3);
	build_u16(&b, 0, L2TP_AVP_ASSIGNED_TUNNEL_ID, 42);
	build_text(&b, M, L2TP_AVP_VENDOR_NAME, "v");
	m = accept_message(*state, &b);
	assert_true(ut_slice_is_equal(m.vendor_name, ut_slice_str("v")));
}

/* Interop 26. */
static void
an_iccn_without_speed_and_framing_is_accepted(void **state)
{
	struct build b;
	struct l2tp_message m;

	build_start(&b, L2TP_ICCN);
	m = accept_message(*state, &b);
	assert_int_equal(m.present, L2TP_HAS(MESSAGE_TYPE));
}

/* Interop 31: MPD5 and its SCCCN. */
static void
avps_that_a_message_does_not_list_are_read_all_the_same(void **state)
{
	struct build b;
	struct l2tp_message m;

	build_start(&b, L2TP_SCCCN);
	build_text(&b, M, L2TP_AVP_HOST_NAME, "lac");
	build_u16(&b, M, L2TP_AVP_ASSIGNED_TUNNEL_ID, 42);
	m = accept_message(*state, &b);
	assert_int_equal(m.assigned_tid.v, 42);
	assert_true(ut_slice_is_equal(m.host_name, ut_slice_str("lac")));
}

/* xelerance#153. */
static void
the_ppp_disconnect_cause_of_rfc_3145_is_read(void **state)
{
	struct build b;
	struct l2tp_message m;

	build_start(&b, L2TP_CDN);
	build_avp(&b, 0, 0, L2TP_AVP_PPP_DISCONNECT_CAUSE, "\0\x0d\xc0\x23\1bye", 8);
	m = accept_message(*state, &b);
	assert_int_equal(m.disconnect_code, 13);
	assert_int_equal(m.disconnect_protocol, 0xc023);
	assert_int_equal(m.disconnect_direction, 1);
	assert_true(ut_slice_is_equal(m.disconnect_message, ut_slice_str("bye")));
}

/* accel-ppp 2bbf451b, MPD CVE-2020-7465: the longest value there is, borrowed and not copied. */
static void
values_of_1017_octets_are_borrowed_where_they_lie(void **state)
{
	struct guard *g = *state;
	uint8_t longest[L2TP_AVP_VALUE_MAX];
	struct build b;
	struct l2tp_message m;

	memset(longest, 'x', sizeof longest);
	build_start(&b, L2TP_CDN);
	build_avp(&b, M, 0, L2TP_AVP_CAUSE_CODE, longest, sizeof longest);
	m = accept_message(*state, &b);
	assert_int_equal(m.cause_advisory.n, L2TP_AVP_VALUE_MAX - 3);
	assert_ptr_equal(m.cause_advisory.p + m.cause_advisory.n, g->map + g->room);
}

/* osmo-el2tpd: more than 64 AVPs overflowed its stack. */
static void
hundreds_of_avps_are_walked_six_octets_at_a_time(void **state)
{
	struct build b;

	build_start(&b, L2TP_HELLO);
	for (unsigned i = 0; i < 600; i++)
		build_avp(&b, 0, 0, 999, "", 0);
	accept_message(*state, &b);
	build_avp(&b, M, 0, 999, "", 0);
	expect(*state, &b, L2TP_FAULT_AVP_UNKNOWN_MANDATORY, 999, b.w.len - 6);
}

static void
what_was_read_before_a_fault_is_kept(void **state)
{
	struct build b;
	struct l2tp_message m;
	struct l2tp_fault fault;

	build_sccrq(&b);
	build_avp(&b, M, 0, 999, "", 0);
	build_u16(&b, M, L2TP_AVP_RECEIVE_WINDOW_SIZE, 4);
	assert_int_equal(build_decode(*state, build_end(&b), NULL, &m, &fault),
			 L2TP_FAULT_AVP_UNKNOWN_MANDATORY);
	assert_int_equal(m.type, L2TP_SCCRQ);
	assert_int_equal(m.assigned_tid.v, 42);
	assert_false(m.present & L2TP_HAS(RECEIVE_WINDOW_SIZE));
}

static void
faults_close_the_session_or_the_tunnel_with_the_rfcs_codes(void **state)
{
	static const struct {
		enum l2tp_fault_reason reason;
		unsigned result, error;
	} rows[] = {
		{ L2TP_FAULT_NONE, 0, 0 },
		{ L2TP_FAULT_VERSION, 0, 0 },
		{ L2TP_FAULT_MESSAGE_UNKNOWN, 0, 0 },
		{ L2TP_FAULT_AVP_TRUNCATED, 2, L2TP_ERROR_LENGTH },
		{ L2TP_FAULT_AVP_LENGTH, 2, L2TP_ERROR_LENGTH },
		{ L2TP_FAULT_AVP_VALUE_LENGTH, 2, L2TP_ERROR_LENGTH },
		{ L2TP_FAULT_AVP_HIDDEN_LENGTH, 2, L2TP_ERROR_LENGTH },
		{ L2TP_FAULT_AVP_VALUE, 2, L2TP_ERROR_VALUE },
		{ L2TP_FAULT_AVP_MISSING, 2, L2TP_ERROR_VALUE },
		{ L2TP_FAULT_MESSAGE_UNKNOWN_MANDATORY, 2, L2TP_ERROR_VALUE },
		{ L2TP_FAULT_AVP_HIDDEN_TOO_MANY, 2, L2TP_ERROR_RESOURCES },
		{ L2TP_FAULT_AVP_UNKNOWN_MANDATORY, 2, L2TP_ERROR_UNKNOWN_MANDATORY },
		{ L2TP_FAULT_AVP_RESERVED, 2, L2TP_ERROR_UNKNOWN_MANDATORY },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct l2tp_fault fault = { .reason = rows[i].reason };
		const struct l2tp_result r = l2tp_fault_result(&fault, L2TP_ICRQ);

		assert_int_equal(r.result, rows[i].result);
		assert_int_equal(r.error, rows[i].error);
	}
}

static void
the_walk_shows_every_avp_and_stops_at_a_bad_length(void **state)
{
	struct build b;
	struct ut_slice d;
	struct l2tp_header h;
	struct l2tp_fault fault;
	struct l2tp_avp_walk walk;
	struct l2tp_avp avp;

	build_start(&b, L2TP_HELLO);
	build_avp(&b, M, 9, 77, "abc", 3);
	build_avp(&b, 0, 0, 999, "", 0);
	ut_put_u16_at(&b.w, b.w.len - 6, 5);
	d = guard_put(*state, build_end(&b));
	assert_int_equal(l2tp_header_decode(d, &h, &fault), L2TP_FAULT_NONE);
	l2tp_avp_walk_init(&walk, &h, d);
	assert_true(l2tp_avp_walk_next(&walk, &avp));
	assert_int_equal(avp.offset, 12);
	assert_int_equal(avp.type, 0);
	assert_true(l2tp_avp_walk_next(&walk, &avp));
	assert_int_equal(avp.offset, 20);
	assert_int_equal(avp.vendor, 9);
	assert_int_equal(avp.type, 77);
	assert_int_equal(avp.flags, M | 9);
	assert_true(ut_slice_is_equal(avp.value, ut_slice_str("abc")));
	assert_false(l2tp_avp_walk_next(&walk, &avp));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_avp_length_below_6_is_refused),
		cmocka_unit_test(an_avp_length_past_the_message_is_refused),
		cmocka_unit_test(fewer_than_6_octets_of_avp_header_are_refused),
		cmocka_unit_test(typed_avps_have_exactly_their_length),
		cmocka_unit_test(a_wrong_length_without_m_is_ignored_unless_the_avp_is_required),
		cmocka_unit_test(unknown_avps_are_skipped_without_m_and_refused_with_it),
		cmocka_unit_test(a_vendor_avp_never_stands_for_an_ietf_one),
		cmocka_unit_test(a_reserved_bit_makes_an_avp_unrecognized),
		cmocka_unit_test(of_an_avp_that_comes_twice_the_first_counts),
		cmocka_unit_test(of_random_vectors_the_last_counts),
		cmocka_unit_test(the_first_avp_must_be_message_type),
		cmocka_unit_test(a_first_avp_with_a_length_that_does_not_fit_is_refused),
		cmocka_unit_test(unknown_message_types_tell_by_m_whether_to_clear_or_ignore),
		cmocka_unit_test(a_missing_required_avp_is_named),
		cmocka_unit_test(a_receive_window_of_0_is_out_of_range),
		cmocka_unit_test(an_assigned_id_of_0_is_out_of_range_where_the_id_is_required),
		cmocka_unit_test(stopccn_and_cdn_may_carry_an_id_of_0_or_none),
		cmocka_unit_test(a_result_code_is_taken_with_and_without_its_error_code),
		cmocka_unit_test(a_byte_swapped_result_code_is_kept_raw_and_can_be_normalized),
		cmocka_unit_test(a_call_serial_number_of_2_octets_is_taken_and_of_3_is_not),
		cmocka_unit_test(m_bits_need_not_be_those_of_the_rfc),
		cmocka_unit_test(an_iccn_without_speed_and_framing_is_accepted),
		cmocka_unit_test(avps_that_a_message_does_not_list_are_read_all_the_same),
		cmocka_unit_test(the_ppp_disconnect_cause_of_rfc_3145_is_read),
		cmocka_unit_test(values_of_1017_octets_are_borrowed_where_they_lie),
		cmocka_unit_test(hundreds_of_avps_are_walked_six_octets_at_a_time),
		cmocka_unit_test(what_was_read_before_a_fault_is_kept),
		cmocka_unit_test(faults_close_the_session_or_the_tunnel_with_the_rfcs_codes),
		cmocka_unit_test(the_walk_shows_every_avp_and_stops_at_a_bad_length),
	};

	return cmocka_run_group_tests(tests, build_setup, guard_teardown);
}
