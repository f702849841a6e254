/* l2tp_samples.h - one message of each type with every AVP it may carry, for tests and fuzz seeds
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_CODEC_L2TP_SAMPLES_H
#define TESTS_CODEC_L2TP_SAMPLES_H

#include "codec/l2tp.h"

#define SAMPLE_TEXT(text)                                           \
	{                                                           \
		.p = (const uint8_t *)(text), .n = sizeof(text) - 1 \
	}

/* Every field filled, so that a message is the sample with another type and set. */
static const struct l2tp_message l2tp_sample = {
	.result = 2,
	.error = 6,
	.has_error = true,
	.error_message = SAMPLE_TEXT("out of order"),
	.protocol_version = 0x0100,
	.framing_capabilities = 3,
	.bearer_capabilities = 1,
	.tie_breaker = 0x0123456789abcdef,
	.firmware_revision = 0x0690,
	.host_name = SAMPLE_TEXT("lac.example"),
	.vendor_name = SAMPLE_TEXT("uptun"),
	.assigned_tid = { 0x4e5d },
	.receive_window = 8,
	.challenge = SAMPLE_TEXT("challenge-octets"),
	.challenge_response = SAMPLE_TEXT("0123456789abcdef"),
	.cause_code = 16,
	.cause_message = 0x45,
	.cause_advisory = SAMPLE_TEXT("normal clearing"),
	.assigned_sid = { 0x1f2e },
	.call_serial = 0x80000001,
	.minimum_bps = 9600,
	.maximum_bps = 0xffffffff,
	.bearer_type = 2,
	.framing_type = 1,
	.called_number = SAMPLE_TEXT("5551212"),
	.calling_number = SAMPLE_TEXT("5553434"),
	.sub_address = SAMPLE_TEXT("12"),
	.tx_connect_speed = 100000000,
	.rx_connect_speed = 10000000,
	.physical_channel = 77,
	.initial_received_confreq = SAMPLE_TEXT("\x01\x04\x05\xdc"),
	.last_sent_confreq = SAMPLE_TEXT("\x05\x06\x12\x34\x56\x78"),
	.last_received_confreq = SAMPLE_TEXT("\x03\x05\xc2\x23\x05"),
	.proxy_type = 2,
	.proxy_id = 33,
	.proxy_name = SAMPLE_TEXT("user@example"),
	.proxy_challenge = SAMPLE_TEXT("abcdefgh"),
	.proxy_response = SAMPLE_TEXT("a response of more than sixteen octets"),
	.call_errors = { 1, 2, 3, 0x01000000, 5, 6 },
	.send_accm = 0x000a0000,
	.receive_accm = 0xffffffff,
	.private_group = SAMPLE_TEXT("vrf-red"),
};

static const enum l2tp_message_type l2tp_sample_types[] = {
#define X(token, number, name) L2TP_##token,
	L2TP_MESSAGES(X)
#undef X
};

enum { L2TP_SAMPLE_N = sizeof l2tp_sample_types / sizeof l2tp_sample_types[0] };

/* The sample as a message of `type` with everything its table lists. */
static inline struct l2tp_message
l2tp_sample_message(enum l2tp_message_type type)
{
	const struct l2tp_message_avps *avps = l2tp_message_avps(type);
	struct l2tp_message m = l2tp_sample;

	m.type = type;
	m.present = avps->required | avps->expected | avps->optional;
	return m;
}

#endif
