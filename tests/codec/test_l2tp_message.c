/* test_l2tp_message.c - all 14 messages out and back in, and what the encoder refuses (RFC 2661 section 6)
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/codec/l2tp_build.h"
#include "tests/codec/l2tp_samples.h"

/* What the messages are sent with; for none of these tests does it matter. */
static const struct l2tp_header a_header = { .tid = { 7 }, .sid = { 9 }, .ns = 3, .nr = 5 };

static struct ut_slice
encode(struct build *b, const struct l2tp_message *m)
{
	b->w = ut_put_into(b->octets, sizeof b->octets);
	l2tp_message_encode(&b->w, &a_header, m, NULL);
	return ut_slice(b->octets, b->w.len);
}

static struct l2tp_message
decode(struct guard *g, struct ut_slice d)
{
	struct l2tp_message m = { .present = 0 };
	struct l2tp_fault fault;
	const enum l2tp_fault_reason reason = build_decode(g, d, NULL, &m, &fault);

	if (reason != L2TP_FAULT_NONE)
		fail_msg("%s at %u", l2tp_fault_sentence(reason), (unsigned)fault.offset);
	return m;
}

static void
all_14_messages_with_every_avp_they_list_come_back_the_same(void **state)
{
	for (size_t i = 0; i < L2TP_SAMPLE_N; i++) {
		const struct l2tp_message in = l2tp_sample_message(l2tp_sample_types[i]);
		struct build b, again;
		struct l2tp_message out;
		const struct ut_slice d = encode(&b, &in);

		print_message("%s\n", l2tp_message_name(in.type));
		assert_false(b.w.full);
		out = decode(*state, d);
		assert_int_equal(out.type, in.type);
		assert_true(out.present == in.present);
		assert_true(out.hidden == 0);
		assert_true(ut_slice_is_equal(encode(&again, &out), d));
	}
}

static void
every_field_comes_back_the_same(void **state)
{
	struct l2tp_message m;
	struct build b;

	m = l2tp_sample_message(L2TP_SCCRQ);
	m = decode(*state, encode(&b, &m));
	assert_int_equal(m.protocol_version, l2tp_sample.protocol_version);
	assert_int_equal(m.framing_capabilities, l2tp_sample.framing_capabilities);
	assert_int_equal(m.bearer_capabilities, l2tp_sample.bearer_capabilities);
	assert_true(m.tie_breaker == l2tp_sample.tie_breaker);
	assert_int_equal(m.firmware_revision, l2tp_sample.firmware_revision);
	assert_true(ut_slice_is_equal(m.host_name, l2tp_sample.host_name));
	assert_true(ut_slice_is_equal(m.vendor_name, l2tp_sample.vendor_name));
	assert_int_equal(m.assigned_tid.v, l2tp_sample.assigned_tid.v);
	assert_int_equal(m.receive_window, l2tp_sample.receive_window);
	assert_true(ut_slice_is_equal(m.challenge, l2tp_sample.challenge));
	m = l2tp_sample_message(L2TP_SCCCN);
	m = decode(*state, encode(&b, &m));
	assert_true(ut_slice_is_equal(m.challenge_response, l2tp_sample.challenge_response));
	m = l2tp_sample_message(L2TP_OCRQ);
	m = decode(*state, encode(&b, &m));
	assert_int_equal(m.assigned_sid.v, l2tp_sample.assigned_sid.v);
	assert_int_equal(m.call_serial, l2tp_sample.call_serial);
	assert_int_equal(m.minimum_bps, l2tp_sample.minimum_bps);
	assert_int_equal(m.maximum_bps, l2tp_sample.maximum_bps);
	assert_int_equal(m.bearer_type, l2tp_sample.bearer_type);
	assert_int_equal(m.framing_type, l2tp_sample.framing_type);
	assert_true(ut_slice_is_equal(m.called_number, l2tp_sample.called_number));
	assert_true(ut_slice_is_equal(m.sub_address, l2tp_sample.sub_address));
	m = l2tp_sample_message(L2TP_ICRQ);
	m = decode(*state, encode(&b, &m));
	assert_int_equal(m.physical_channel, l2tp_sample.physical_channel);
	assert_true(ut_slice_is_equal(m.calling_number, l2tp_sample.calling_number));
	m = l2tp_sample_message(L2TP_ICCN);
	m = decode(*state, encode(&b, &m));
	assert_int_equal(m.tx_connect_speed, l2tp_sample.tx_connect_speed);
	assert_int_equal(m.rx_connect_speed, l2tp_sample.rx_connect_speed);
	assert_true(ut_slice_is_equal(m.initial_received_confreq, l2tp_sample.initial_received_confreq));
	assert_true(ut_slice_is_equal(m.last_sent_confreq, l2tp_sample.last_sent_confreq));
	assert_true(ut_slice_is_equal(m.last_received_confreq, l2tp_sample.last_received_confreq));
	assert_int_equal(m.proxy_type, l2tp_sample.proxy_type);
	assert_int_equal(m.proxy_id, l2tp_sample.proxy_id);
	assert_true(ut_slice_is_equal(m.proxy_name, l2tp_sample.proxy_name));
	assert_true(ut_slice_is_equal(m.proxy_challenge, l2tp_sample.proxy_challenge));
	assert_true(ut_slice_is_equal(m.proxy_response, l2tp_sample.proxy_response));
	assert_true(ut_slice_is_equal(m.private_group, l2tp_sample.private_group));
	assert_true(m.present & L2TP_HAS(SEQUENCING_REQUIRED));
	m = l2tp_sample_message(L2TP_CDN);
	m = decode(*state, encode(&b, &m));
	assert_int_equal(m.result, l2tp_sample.result);
	assert_int_equal(m.error, l2tp_sample.error);
	assert_true(m.has_error);
	assert_true(ut_slice_is_equal(m.error_message, l2tp_sample.error_message));
	assert_int_equal(m.cause_code, l2tp_sample.cause_code);
	assert_int_equal(m.cause_message, l2tp_sample.cause_message);
	assert_true(ut_slice_is_equal(m.cause_advisory, l2tp_sample.cause_advisory));
	m = l2tp_sample_message(L2TP_WEN);
	m = decode(*state, encode(&b, &m));
	assert_memory_equal(m.call_errors, l2tp_sample.call_errors, sizeof m.call_errors);
	m = l2tp_sample_message(L2TP_SLI);
	m = decode(*state, encode(&b, &m));
	assert_int_equal(m.send_accm, l2tp_sample.send_accm);
	assert_int_equal(m.receive_accm, l2tp_sample.receive_accm);
}

/* Every prefix, once as the network would cut it and once with a Length that owns up to it. */
static void
no_prefix_of_a_message_is_read_past_its_end(void **state)
{
	for (size_t i = 0; i < L2TP_SAMPLE_N; i++) {
		const struct l2tp_message in = l2tp_sample_message(l2tp_sample_types[i]);
		struct build b;
		const struct ut_slice whole = encode(&b, &in);

		for (size_t n = 0; n < whole.n; n++) {
			struct l2tp_message m;
			struct l2tp_fault fault;

			ut_put_u16_at(&b.w, 2, (uint16_t)whole.n);
			assert_int_equal(build_decode(*state, ut_slice(whole.p, n), NULL, &m, &fault),
					 n < 12 ? L2TP_FAULT_TRUNCATED : L2TP_FAULT_HEADER_LENGTH);
			if (n < 12)
				continue;
			ut_put_u16_at(&b.w, 2, (uint16_t)n);
			if (build_decode(*state, ut_slice(whole.p, n), NULL, &m, &fault) != L2TP_FAULT_NONE) {
				assert_true(fault.offset <= n);
				assert_true(fault.reason == L2TP_FAULT_AVP_TRUNCATED ||
					    fault.reason == L2TP_FAULT_AVP_LENGTH ||
					    fault.reason == L2TP_FAULT_AVP_MISSING);
			}
		}
	}
}

static void
a_zlb_is_twelve_octets(void **state)
{
	static const uint8_t expected[] = { 0xc8, 0x02, 0, 12, 0, 7, 0, 9, 0, 3, 0, 5 };
	const struct l2tp_message zlb = { .type = L2TP_ZLB };
	struct build b;
	const struct ut_slice d = encode(&b, &zlb);

	assert_int_equal(d.n, sizeof expected);
	assert_memory_equal(d.p, expected, sizeof expected);
	assert_int_equal(decode(*state, d).type, L2TP_ZLB);
	assert_true(decode(*state, d).present == 0);
}

static void
an_sccrq_is_byte_for_byte_what_the_rfc_draws(void **state)
{
	static const uint8_t expected[] = "\xc8\x02\x00\x37\x00\x07\x00\x09\x00\x03\x00\x05"
					  "\x80\x08\x00\x00\x00\x00\x00\x01" /* SCCRQ */
					  "\x80\x08\x00\x00\x00\x02\x01\x00" /* version 1.0 */
					  "\x80\x09\x00\x00\x00\x07lac"
					  "\x80\x0a\x00\x00\x00\x03\x00\x00\x00\x03"
					  "\x80\x08\x00\x00\x00\x09\x4e\x5d";
	struct l2tp_message m = l2tp_sample_message(L2TP_SCCRQ);
	struct build b;
	struct ut_slice d;

	(void)state;
	m.present = l2tp_message_avps(L2TP_SCCRQ)->required;
	m.host_name = ut_slice_str("lac");
	d = encode(&b, &m);
	assert_false(b.w.full);
	assert_int_equal(d.n, sizeof expected - 1);
	assert_memory_equal(d.p, expected, d.n);
}

/* Interop 5: M exactly where the RFC says so; no H, no reserved bit. */
static void
m_bits_are_those_of_the_rfc(void **state)
{
	static const bool is_mandatory[L2TP_AVP_N] = {
#define X(token, number, name, kind, min, max, m, h) [number] = (m),
		L2TP_AVPS(X)
#undef X
	};

	for (size_t i = 0; i < L2TP_SAMPLE_N; i++) {
		const struct l2tp_message m = l2tp_sample_message(l2tp_sample_types[i]);
		struct build b;
		const struct ut_slice d = guard_put(*state, encode(&b, &m));
		struct l2tp_header h;
		struct l2tp_fault fault;
		struct l2tp_avp_walk walk;
		struct l2tp_avp avp;

		assert_int_equal(l2tp_header_decode(d, &h, &fault), L2TP_FAULT_NONE);
		l2tp_avp_walk_init(&walk, &h, d);
		for (unsigned n = 0; l2tp_avp_walk_next(&walk, &avp); n++) {
			assert_int_equal(avp.flags & ~L2TP_AVP_LENGTH, is_mandatory[avp.type] ? M : 0);
			assert_int_equal(avp.vendor, 0);
			assert_true((n == 0) == (avp.type == L2TP_AVP_MESSAGE_TYPE));
		}
		assert_int_equal(walk.rest.n, 0);
	}
}

/* Interop 2. */
static void
an_sccrq_begins_with_the_five_avps_in_the_order_servers_expect(void **state)
{
	static const unsigned order[] = { 0, 2, 7, 3, 9 };
	const struct l2tp_message m = l2tp_sample_message(L2TP_SCCRQ);
	struct build b;
	const struct ut_slice d = guard_put(*state, encode(&b, &m));
	struct l2tp_header h;
	struct l2tp_fault fault;
	struct l2tp_avp_walk walk;
	struct l2tp_avp avp;

	assert_int_equal(l2tp_header_decode(d, &h, &fault), L2TP_FAULT_NONE);
	l2tp_avp_walk_init(&walk, &h, d);
	for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
		assert_true(l2tp_avp_walk_next(&walk, &avp));
		assert_int_equal(avp.type, order[i]);
	}
}

/* Interop 1. */
static void
a_result_code_always_has_its_error_code(void **state)
{
	struct l2tp_message m = l2tp_sample_message(L2TP_STOPCCN);
	struct build b;

	m.has_error = false;
	m.error = 0;
	m.error_message = ut_slice(NULL, 0);
	m = decode(*state, encode(&b, &m));
	assert_true(m.has_error);
	assert_int_equal(m.error, 0);
	assert_int_equal(b.w.len, 12 + 8 + 8 + 10);
}

/* Interop 7: Watchguard. */
static void
an_rx_speed_equal_to_the_tx_speed_is_left_out(void **state)
{
	struct l2tp_message m = l2tp_sample_message(L2TP_ICCN);
	struct build b;

	m.rx_connect_speed = m.tx_connect_speed;
	m = decode(*state, encode(&b, &m));
	assert_false(m.present & L2TP_HAS(RX_CONNECT_SPEED));
}

/* Interop 16b. */
static void
an_iccn_never_carries_an_assigned_session_id(void **state)
{
	struct l2tp_message m = l2tp_sample_message(L2TP_ICCN);
	struct build b;

	m.present |= L2TP_HAS(ASSIGNED_SESSION_ID) | L2TP_HAS(PPP_DISCONNECT_CAUSE);
	m = decode(*state, encode(&b, &m));
	assert_false(m.present & L2TP_HAS(ASSIGNED_SESSION_ID));
	assert_false(m.present & L2TP_HAS(PPP_DISCONNECT_CAUSE));
}

/* Interop 9 and 2: what the RFC requires we send, or nothing. */
static void
a_message_without_an_avp_the_rfc_requires_is_not_written(void **state)
{
	(void)state;
	for (size_t i = 0; i < L2TP_SAMPLE_N; i++) {
		const struct l2tp_message_avps *avps = l2tp_message_avps(l2tp_sample_types[i]);
		const uint64_t must = (avps->required | avps->expected) & ~L2TP_HAS(MESSAGE_TYPE);

		for (unsigned type = 1; type < L2TP_AVP_N; type++) {
			struct l2tp_message m = l2tp_sample_message(l2tp_sample_types[i]);
			struct build b;

			m.present &= ~((uint64_t)1 << type);
			encode(&b, &m);
			assert_true(b.w.full == ((must >> type & 1) != 0));
		}
	}
}

static struct l2tp_message
with_window(uint16_t window)
{
	struct l2tp_message m = l2tp_sample_message(L2TP_SCCRQ);

	m.receive_window = window;
	return m;
}

static void
values_no_peer_should_see_are_not_written(void **state)
{
	struct l2tp_message m;
	struct build b;
	uint8_t longest[L2TP_AVP_VALUE_MAX + 1] = { 0 };

	(void)state;
	m = with_window(0); /* interop 4 */
	encode(&b, &m);
	assert_true(b.w.full);
	m = with_window(L2TP_WINDOW_MAX + 1);
	encode(&b, &m);
	assert_true(b.w.full);
	m = with_window(L2TP_WINDOW_MAX);
	encode(&b, &m);
	assert_false(b.w.full);
	m = l2tp_sample_message(L2TP_SCCRQ);
	m.assigned_tid.v = 0;
	encode(&b, &m);
	assert_true(b.w.full);
	m = l2tp_sample_message(L2TP_ICRQ);
	m.assigned_sid.v = 0;
	encode(&b, &m);
	assert_true(b.w.full);
	m = l2tp_sample_message(L2TP_CDN);
	m.assigned_sid.v = 0;
	encode(&b, &m);
	assert_false(b.w.full);
	m = l2tp_sample_message(L2TP_SCCRQ);
	m.host_name.n = 0;
	encode(&b, &m);
	assert_true(b.w.full);
	m = l2tp_sample_message(L2TP_SCCRQ);
	m.host_name = ut_slice(longest, sizeof longest);
	encode(&b, &m);
	assert_true(b.w.full);
	m.host_name.n = L2TP_AVP_VALUE_MAX;
	encode(&b, &m);
	assert_false(b.w.full);
	m = l2tp_sample_message(L2TP_CDN);
	m.error_message = ut_slice(longest, L2TP_AVP_VALUE_MAX - 3);
	encode(&b, &m);
	assert_true(b.w.full);
	m = l2tp_sample_message(L2TP_SCCCN);
	m.challenge_response.n = 15;
	encode(&b, &m);
	assert_true(b.w.full);
	m = (struct l2tp_message){ .type = (enum l2tp_message_type)5 };
	encode(&b, &m);
	assert_true(b.w.full);
	m.type = L2TP_MESSAGE_N;
	encode(&b, &m);
	assert_true(b.w.full);
}

static void
a_buffer_one_octet_short_is_full_and_not_overrun(void **state)
{
	struct guard *g = *state;

	for (size_t i = 0; i < L2TP_SAMPLE_N; i++) {
		const struct l2tp_message m = l2tp_sample_message(l2tp_sample_types[i]);
		struct build b;
		const size_t whole = encode(&b, &m).n;

		for (size_t cap = 0; cap <= whole; cap++) {
			struct ut_put w = ut_put_into(g->map + g->room - cap, cap);

			l2tp_message_encode(&w, &a_header, &m, NULL);
			assert_true(w.full == (cap < whole));
		}
	}
}

/* The transport encodes into a buffer that holds something already. */
static void
the_length_counts_from_where_the_message_begins(void **state)
{
	const struct l2tp_message m = { .type = L2TP_HELLO };
	struct build b;

	(void)state;
	b.w = ut_put_into(b.octets, sizeof b.octets);
	ut_put_u32(&b.w, 0);
	l2tp_message_encode(&b.w, &(struct l2tp_header){ .tid = { 7 } }, &m, NULL);
	assert_int_equal(ut_get_u16(b.octets + 4 + 2), 20);
}

static void
nr_can_be_set_in_an_encoded_message(void **state)
{
	const struct l2tp_message m = { .type = L2TP_HELLO };
	struct build b;
	struct l2tp_header h;
	struct l2tp_fault fault;
	const struct ut_slice d = encode(&b, &m);

	(void)state;
	l2tp_message_set_nr(b.octets, 0xfffe);
	assert_int_equal(l2tp_header_decode(d, &h, &fault), L2TP_FAULT_NONE);
	assert_int_equal(h.nr, 0xfffe);
	assert_int_equal(h.ns, 3);
}

static void
every_number_has_its_name(void **state)
{
	(void)state;
	assert_string_equal(l2tp_message_name(L2TP_STOPCCN), "StopCCN");
	assert_string_equal(l2tp_message_name(L2TP_ZLB), "ZLB");
	assert_null(l2tp_message_name(5));
	assert_null(l2tp_message_name(17));
	assert_null(l2tp_message_name(0x10001));
	assert_string_equal(l2tp_avp_name(24), "(Tx) Connect Speed");
	assert_null(l2tp_avp_name(20));
	assert_null(l2tp_avp_name(47));
	for (unsigned i = 0; i < L2TP_FAULT_N; i++)
		assert_string_not_equal(l2tp_fault_sentence((enum l2tp_fault_reason)i), "unassigned");
	assert_string_equal(l2tp_cdn_result_name(L2TP_CDN_BUSY), "busy signal");
	assert_string_equal(l2tp_cdn_result_name(0), "unassigned");
	assert_string_equal(l2tp_cdn_result_name(12), "unassigned");
	assert_string_equal(l2tp_stopccn_result_name(8), "unassigned");
	assert_string_equal(l2tp_error_name(9), "unassigned");
	assert_string_equal(l2tp_error_name(0), "no general error");
}

static void
messages_belong_to_the_tunnel_or_to_a_session(void **state)
{
	static const unsigned sessions[] = { 7, 8, 9, 10, 11, 12, 14, 15, 16 };
	unsigned n = 0;

	(void)state;
	for (unsigned type = 0; type < 70000; type++)
		if (l2tp_message_is_session(type))
			assert_int_equal(type, sessions[n++]);
	assert_int_equal(n, sizeof sessions / sizeof sessions[0]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_14_messages_with_every_avp_they_list_come_back_the_same),
		cmocka_unit_test(every_field_comes_back_the_same),
		cmocka_unit_test(no_prefix_of_a_message_is_read_past_its_end),
		cmocka_unit_test(a_zlb_is_twelve_octets),
		cmocka_unit_test(an_sccrq_is_byte_for_byte_what_the_rfc_draws),
		cmocka_unit_test(m_bits_are_those_of_the_rfc),
		cmocka_unit_test(an_sccrq_begins_with_the_five_avps_in_the_order_servers_expect),
		cmocka_unit_test(a_result_code_always_has_its_error_code),
		cmocka_unit_test(an_rx_speed_equal_to_the_tx_speed_is_left_out),
		cmocka_unit_test(an_iccn_never_carries_an_assigned_session_id),
		cmocka_unit_test(a_message_without_an_avp_the_rfc_requires_is_not_written),
		cmocka_unit_test(values_no_peer_should_see_are_not_written),
		cmocka_unit_test(a_buffer_one_octet_short_is_full_and_not_overrun),
		cmocka_unit_test(the_length_counts_from_where_the_message_begins),
		cmocka_unit_test(nr_can_be_set_in_an_encoded_message),
		cmocka_unit_test(every_number_has_its_name),
		cmocka_unit_test(messages_belong_to_the_tunnel_or_to_a_session),
	};

	return cmocka_run_group_tests(tests, build_setup, guard_teardown);
}
