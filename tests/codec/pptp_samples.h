/* pptp_samples.h - one control message of each type with every field filled, for tests and fuzz seeds
 * SPDX-License-Identifier: Apache-2.0
 *
 * The two octets of every call id differ, so that one who swaps them is found out.
 */
#ifndef TESTS_CODEC_PPTP_SAMPLES_H
#define TESTS_CODEC_PPTP_SAMPLES_H

#include "codec/pptp.h"

#define PPTP_SAMPLE_TEXT(text)                                      \
	{                                                           \
		.p = (const uint8_t *)(text), .n = sizeof(text) - 1 \
	}

/* Type, number and length are put in by pptp_sample(). */
static const struct pptp_message pptp_samples[PPTP_MESSAGE_N] = {
	[PPTP_SCCRQ] = { .protocol_version = 0x0100,
			 .framing = 3,
			 .bearer = 0x01020304,
			 .maximum_channels = 0x0506,
			 .firmware_revision = 0x0708,
			 .host_name = PPTP_SAMPLE_TEXT("pns.example"),
			 .vendor_name = PPTP_SAMPLE_TEXT("uptun") },
	[PPTP_SCCRP] = { .protocol_version = 0x0100,
			 .result = 2,
			 .error = 6,
			 .framing = 0x01020304,
			 .bearer = 3,
			 .maximum_channels = 0x0506,
			 .firmware_revision = 0x0708,
			 .host_name = PPTP_SAMPLE_TEXT("pac.example"),
			 .vendor_name = PPTP_SAMPLE_TEXT(
			     "a vendor whose name takes all of the field, which has 64 octets.") },
	[PPTP_STOPCCRQ] = { .result = 3 },
	[PPTP_STOPCCRP] = { .result = 2, .error = 5 },
	[PPTP_ECHORQ] = { .identifier = 0x01020304 },
	[PPTP_ECHORP] = { .identifier = 0xfffefdfc, .result = 1, .error = 2 },
	[PPTP_OCRQ] = { .call_id = { 0x1f2e },
			.call_serial = 0x3d4c,
			.minimum_bps = 2400,
			.maximum_bps = 100000000,
			.bearer = 3,
			.framing = 2,
			.window = 64,
			.processing_delay = 1,
			.phone_number = PPTP_SAMPLE_TEXT("5551212"),
			.subaddress = PPTP_SAMPLE_TEXT("12") },
	[PPTP_OCRP] = { .call_id = { 0x5b6a },
			.peer_call_id = { 0x1f2e },
			.result = 4,
			.error = 1,
			.cause = 0x1011,
			.connect_speed = 0x05f5e100,
			.window = 16,
			.processing_delay = 3,
			.physical_channel = 0x0a0b0c0d },
	[PPTP_ICRQ] = { .call_id = { 0x7988 },
			.call_serial = 0x9706,
			.bearer = 2,
			.physical_channel = 0x0a0b0c0d,
			.dialed_number = PPTP_SAMPLE_TEXT("5553434"),
			.dialing_number = PPTP_SAMPLE_TEXT(
			    "0123456789012345678901234567890123456789012345678901234567890123"),
			.subaddress = PPTP_SAMPLE_TEXT("34") },
	[PPTP_ICRP] = { .call_id = { 0x1f2e },
			.peer_call_id = { 0x7988 },
			.result = 3,
			.error = 4,
			.window = 0x2021,
			.processing_delay = 0x2223 },
	[PPTP_ICCN] = { .peer_call_id = { 0x1f2e },
			.connect_speed = 115200,
			.window = 0x2021,
			.processing_delay = 0x2223,
			.framing = 1 },
	[PPTP_CCRQ] = { .call_id = { 0x1f2e } },
	[PPTP_CDN] = { .call_id = { 0x5b6a },
		       .result = 4,
		       .error = 3,
		       .cause = 0x1011,
		       .statistics = PPTP_SAMPLE_TEXT("in 1234 out 5678") },
	[PPTP_WEN] = { .peer_call_id = { 0x1f2e }, .call_errors = { 1, 2, 3, 0x01000000, 5, 6 } },
	[PPTP_SLI] = { .peer_call_id = { 0x5b6a }, .send_accm = 0x000a0000, .receive_accm = 0xfffffffe },
};

static inline struct pptp_message
pptp_sample(enum pptp_message_type type)
{
	struct pptp_message m = pptp_samples[type];

	m.type = type;
	m.number = (uint16_t)type;
	m.length = (uint16_t)pptp_message_octets((unsigned)type);
	return m;
}

#endif
