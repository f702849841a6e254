/* decode_pptp_field.c - the fields of PPTP control messages, where they stand and what their values mean (RFC 2637 2)
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/inspect/decode_pptp_field.h"

enum { FIELDS_MAX = 14, TENTHS = 10 };

#define MEMBER(m) offsetof(struct pptp_message, m)
#define U16(o, name, m)                             \
	{                                           \
		name, DECODE_PPTP_U16, o, MEMBER(m) \
	}
#define U32(o, name, m)                             \
	{                                           \
		name, DECODE_PPTP_U32, o, MEMBER(m) \
	}
#define TEXT(o, name, m)                             \
	{                                            \
		name, DECODE_PPTP_TEXT, o, MEMBER(m) \
	}
#define RESULT(o, name)                                     \
	{                                                   \
		name, DECODE_PPTP_RESULT, o, MEMBER(result) \
	}
#define ERROR(o)                                                  \
	{                                                         \
		"Error Code", DECODE_PPTP_ERROR, o, MEMBER(error) \
	}
#define CALL_ID(o)                                                   \
	{                                                            \
		"Call ID", DECODE_PPTP_U16_HEX, o, MEMBER(call_id.v) \
	}
#define PEER_CALL_ID(o)                                                          \
	{                                                                        \
		"Peer's Call ID", DECODE_PPTP_U16_HEX, o, MEMBER(peer_call_id.v) \
	}
#define FRAMING(o, name)                                      \
	{                                                     \
		name, DECODE_PPTP_FRAMING, o, MEMBER(framing) \
	}
#define BEARER(o, name)                                     \
	{                                                   \
		name, DECODE_PPTP_BEARER, o, MEMBER(bearer) \
	}
#define BPS(o, name, m)                             \
	{                                           \
		name, DECODE_PPTP_BPS, o, MEMBER(m) \
	}
#define WINDOW(o)                                                                 \
	{                                                                         \
		"Packet Recv. Window Size", DECODE_PPTP_WINDOW, o, MEMBER(window) \
	}
#define DELAY(o, name)                                               \
	{                                                            \
		name, DECODE_PPTP_DELAY, o, MEMBER(processing_delay) \
	}
#define LENGTH(o, name, m)                                    \
	{                                                     \
		name, DECODE_PPTP_NUMBER_LENGTH, o, MEMBER(m) \
	}
#define ACCM(o, name, m)                            \
	{                                           \
		name, DECODE_PPTP_HEX, o, MEMBER(m) \
	}
#define VERSION(o)                                                                   \
	{                                                                            \
		"Protocol Version", DECODE_PPTP_VERSION, o, MEMBER(protocol_version) \
	}
#define FIRMWARE(o)                                                                    \
	{                                                                              \
		"Firmware Revision", DECODE_PPTP_U16_HEX, o, MEMBER(firmware_revision) \
	}

#define CAPABILITIES                                                                                       \
	FRAMING(16, "Framing Capabilities"), BEARER(20, "Bearer Capabilities"),                            \
	    U16(24, "Maximum Channels", maximum_channels), FIRMWARE(26), TEXT(28, "Host Name", host_name), \
	    TEXT(92, "Vendor String", vendor_name)

/* clang-format off */
static const struct decode_pptp_field fields[PPTP_MESSAGE_N][FIELDS_MAX] = {
	[PPTP_SCCRQ] = { VERSION(12), CAPABILITIES },
	[PPTP_SCCRP] = { VERSION(12), RESULT(14, "Result Code"), ERROR(15), CAPABILITIES },
	[PPTP_STOPCCRQ] = { RESULT(12, "Reason") },
	[PPTP_STOPCCRP] = { RESULT(12, "Result Code"), ERROR(13) },
	[PPTP_ECHORQ] = { U32(12, "Identifier", identifier) },
	[PPTP_ECHORP] = { U32(12, "Identifier", identifier), RESULT(16, "Result Code"), ERROR(17) },
	[PPTP_OCRQ] = { CALL_ID(12), U16(14, "Call Serial Number", call_serial),
			BPS(16, "Minimum BPS", minimum_bps), BPS(20, "Maximum BPS", maximum_bps),
			BEARER(24, "Bearer Type"), FRAMING(28, "Framing Type"), WINDOW(32),
			DELAY(34, "Packet Processing Delay"), LENGTH(36, "Phone Number Length", phone_number),
			TEXT(40, "Phone Number", phone_number), TEXT(104, "Subaddress", subaddress) },
	[PPTP_OCRP] = { CALL_ID(12), PEER_CALL_ID(14), RESULT(16, "Result Code"), ERROR(17),
			U16(18, "Cause Code", cause), BPS(20, "Connect Speed", connect_speed), WINDOW(24),
			DELAY(26, "Packet Processing Delay"), U32(28, "Physical Channel ID", physical_channel) },
	[PPTP_ICRQ] = { CALL_ID(12), U16(14, "Call Serial Number", call_serial), BEARER(16, "Call Bearer Type"),
			U32(20, "Physical Channel ID", physical_channel),
			LENGTH(24, "Dialed Number Length", dialed_number),
			LENGTH(26, "Dialing Number Length", dialing_number),
			TEXT(28, "Dialed Number", dialed_number), TEXT(92, "Dialing Number", dialing_number),
			TEXT(156, "Subaddress", subaddress) },
	[PPTP_ICRP] = { CALL_ID(12), PEER_CALL_ID(14), RESULT(16, "Result Code"), ERROR(17), WINDOW(18),
			DELAY(20, "Packet Transmit Delay") },
	[PPTP_ICCN] = { PEER_CALL_ID(12), BPS(16, "Connect Speed", connect_speed), WINDOW(20),
			DELAY(22, "Packet Transmit Delay"), FRAMING(24, "Framing Type") },
	[PPTP_CCRQ] = { CALL_ID(12) },
	[PPTP_CDN] = { CALL_ID(12), RESULT(14, "Result Code"), ERROR(15), U16(16, "Cause Code", cause),
		       TEXT(20, "Call Statistics", statistics) },
	[PPTP_WEN] = { PEER_CALL_ID(12), U32(16, "CRC Errors", call_errors[0]),
		       U32(20, "Framing Errors", call_errors[1]), U32(24, "Hardware Overruns", call_errors[2]),
		       U32(28, "Buffer Overruns", call_errors[3]), U32(32, "Time-out Errors", call_errors[4]),
		       U32(36, "Alignment Errors", call_errors[5]) },
	[PPTP_SLI] = { PEER_CALL_ID(12), ACCM(16, "Send ACCM", send_accm), ACCM(20, "Receive ACCM", receive_accm) },
};
/* clang-format on */

const struct decode_pptp_field *
decode_pptp_fields(enum pptp_message_type type)
{
	return fields[type];
}

static unsigned
u8_of(const uint8_t *at)
{
	return *at;
}

static unsigned
u16_of(const uint8_t *at)
{
	uint16_t v;

	memcpy(&v, at, sizeof v);
	return v;
}

static uint32_t
u32_of(const uint8_t *at)
{
	uint32_t v;

	memcpy(&v, at, sizeof v);
	return v;
}

static struct ut_slice
text_of(const uint8_t *at)
{
	struct ut_slice v;

	memcpy(&v, at, sizeof v);
	return v;
}

void
decode_pptp_value(struct decode_words *out, const struct decode_pptp_field *field,
		  const struct pptp_message *message)
{
	const uint8_t *const at = (const uint8_t *)message + field->member;

	out->n = 0;
	out->text[0] = '\0';
	switch (field->kind) {
	case DECODE_PPTP_U16:
		decode_say(out, "%u", u16_of(at));
		break;
	case DECODE_PPTP_U32:
		decode_say(out, "%u", u32_of(at));
		break;
	case DECODE_PPTP_HEX:
		decode_say(out, "0x%08x", u32_of(at));
		break;
	case DECODE_PPTP_U16_HEX:
		decode_say(out, "%u (0x%04x)", u16_of(at), u16_of(at));
		break;
	case DECODE_PPTP_VERSION:
		decode_say(out, "%u.%u", u16_of(at) >> 8, u16_of(at) & 0xff);
		break;
	case DECODE_PPTP_RESULT:
		decode_say(out, "%u, %s", u8_of(at), pptp_result_name(message->type, u8_of(at)));
		break;
	case DECODE_PPTP_ERROR:
		decode_say(out, "%u, %s", u8_of(at), pptp_error_name(u8_of(at)));
		break;
	case DECODE_PPTP_FRAMING:
		decode_say_mask(out, u32_of(at), "synchronous", "asynchronous");
		break;
	case DECODE_PPTP_BEARER:
		decode_say_mask(out, u32_of(at), "digital", "analog");
		break;
	case DECODE_PPTP_BPS:
		decode_say(out, "%u bit/s", u32_of(at));
		break;
	case DECODE_PPTP_WINDOW:
		decode_say(out, "%u packets", u16_of(at));
		break;
	case DECODE_PPTP_DELAY:
		decode_say(out, "%u.%u s", u16_of(at) / TENTHS, u16_of(at) % TENTHS);
		break;
	case DECODE_PPTP_NUMBER_LENGTH:
		decode_say(out, "%zu octets", text_of(at).n);
		break;
	case DECODE_PPTP_TEXT:
		decode_say_text(out, text_of(at));
		break;
	}
}
