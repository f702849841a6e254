/* decode_value.c - the value of an AVP in words (RFC 2661 section 4.4)
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/inspect/decode_value.h"

enum kind {
	KIND_UNKNOWN,
	KIND_U16,
	KIND_U32,
	KIND_U64,
	KIND_BYTES,
	KIND_FLAG,
	KIND_SERIAL,
	KIND_RESULT,
	KIND_CAUSE,
	KIND_CALL_ERRORS,
	KIND_ACCM,
	KIND_DISCONNECT
};

struct row {
	enum kind kind;
	size_t min, max;
};

static const struct row rows[L2TP_AVP_N] = {
#define X(token, number, name, kind_, min_, max_, m, h) [number] = { KIND_##kind_, (min_), (max_) },
	L2TP_AVPS(X)
#undef X
};

static bool
is_text(unsigned type)
{
	return type == L2TP_AVP_HOST_NAME || type == L2TP_AVP_VENDOR_NAME || type == L2TP_AVP_CALLED_NUMBER ||
	       type == L2TP_AVP_CALLING_NUMBER || type == L2TP_AVP_SUB_ADDRESS ||
	       type == L2TP_AVP_PROXY_AUTHEN_NAME || type == L2TP_AVP_PRIVATE_GROUP_ID;
}

static const char *
proxy_type_name(unsigned type)
{
	static const char *const names[] = { "reserved",	  "textual user name and password",
					     "PPP CHAP",	  "PPP PAP",
					     "no authentication", "MS-CHAPv1" };

	return type < sizeof names / sizeof names[0] ? names[type] : "unassigned";
}

static void
say_u16(struct decode_words *out, unsigned type, unsigned v)
{
	const char *const name = type == L2TP_AVP_MESSAGE_TYPE && v != 0 ? l2tp_message_name(v) : NULL;

	if (name != NULL)
		decode_say(out, "%s (%u)", name, v);
	else if (type == L2TP_AVP_PROTOCOL_VERSION)
		decode_say(out, "%u.%u", v >> 8, v & 0xff);
	else if (type == L2TP_AVP_PROXY_AUTHEN_TYPE)
		decode_say(out, "%u, %s", v, proxy_type_name(v));
	else if (type == L2TP_AVP_ASSIGNED_TUNNEL_ID || type == L2TP_AVP_ASSIGNED_SESSION_ID ||
		 type == L2TP_AVP_FIRMWARE_REVISION)
		decode_say(out, "%u (0x%04x)", v, v);
	else
		decode_say(out, "%u", v);
}

static void
say_u32(struct decode_words *out, unsigned type, uint32_t v)
{
	switch (type) {
	case L2TP_AVP_FRAMING_CAPABILITIES:
	case L2TP_AVP_FRAMING_TYPE:
		decode_say_mask(out, v, "asynchronous", "synchronous");
		break;
	case L2TP_AVP_BEARER_CAPABILITIES:
	case L2TP_AVP_BEARER_TYPE:
		decode_say_mask(out, v, "analog", "digital");
		break;
	case L2TP_AVP_MINIMUM_BPS:
	case L2TP_AVP_MAXIMUM_BPS:
	case L2TP_AVP_TX_CONNECT_SPEED:
	case L2TP_AVP_RX_CONNECT_SPEED:
		decode_say(out, "%u bit/s", v);
		break;
	default: /* numbers of the wire, not of an enum of ours */
		decode_say(out, "%u", v);
		break;
	}
}

static void
say_result(struct decode_words *out, unsigned message_type, struct ut_slice value)
{
	const unsigned raw = ut_get_u16(value.p), result = l2tp_result_normalize((uint16_t)raw);
	const char *const name =
	    message_type == L2TP_CDN ? l2tp_cdn_result_name(result) : l2tp_stopccn_result_name(result);

	decode_say(out, "%u, %s%s", result, name, raw != result ? " (sent byte-swapped)" : "");
	if (value.n < 4)
		return;
	decode_say(out, "; error %u, %s", ut_get_u16(value.p + 2), l2tp_error_name(ut_get_u16(value.p + 2)));
	if (value.n > 4) {
		decode_say(out, "; ");
		decode_say_text(out, ut_slice(value.p + 4, value.n - 4));
	}
}

static void
say_cause(struct decode_words *out, struct ut_slice value)
{
	decode_say(out, "Q.931 cause %u, message 0x%02x", ut_get_u16(value.p), value.p[2]);
	if (value.n > 3) {
		decode_say(out, "; ");
		decode_say_text(out, ut_slice(value.p + 3, value.n - 3));
	}
}

static void
say_disconnect(struct decode_words *out, struct ut_slice value)
{
	decode_say(out, "code %u, protocol 0x%04x, direction %u", ut_get_u16(value.p),
		   ut_get_u16(value.p + 2), value.p[4]);
	if (value.n > 5) {
		decode_say(out, "; ");
		decode_say_text(out, ut_slice(value.p + 5, value.n - 5));
	}
}

static void
say_call_errors(struct decode_words *out, struct ut_slice value)
{
	static const char *const names[] = { "CRC",	 "framing",  "hardware overrun", "buffer overrun",
					     "time-out", "alignment" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		decode_say(out, "%s%u %s", i != 0 ? ", " : "", ut_get_u32(value.p + 2 + 4 * i), names[i]);
}

static void
say_value(struct decode_words *out, unsigned type, unsigned message_type, struct ut_slice value)
{
	switch (rows[type].kind) {
	case KIND_U16:
		say_u16(out, type, ut_get_u16(value.p));
		break;
	case KIND_U32:
		say_u32(out, type, ut_get_u32(value.p));
		break;
	case KIND_U64:
		decode_say(out, "0x%016llx", (unsigned long long)ut_get_u64(value.p));
		break;
	case KIND_SERIAL:
		decode_say(out, "%u", value.n == 2 ? ut_get_u16(value.p) : ut_get_u32(value.p));
		break;
	case KIND_FLAG:
		decode_say(out, "yes");
		break;
	case KIND_RESULT:
		say_result(out, message_type, value);
		break;
	case KIND_CAUSE:
		say_cause(out, value);
		break;
	case KIND_DISCONNECT:
		say_disconnect(out, value);
		break;
	case KIND_CALL_ERRORS:
		say_call_errors(out, value);
		break;
	case KIND_ACCM:
		decode_say(out, "send 0x%08x, receive 0x%08x", ut_get_u32(value.p + 2),
			   ut_get_u32(value.p + 6));
		break;
	case KIND_BYTES:
		if (is_text(type))
			decode_say_text(out, value);
		else
			decode_octets(out, value);
		break;
	case KIND_UNKNOWN:
		decode_octets(out, value);
		break;
	}
}

static bool
has_wrong_length(unsigned type, size_t n)
{
	return rows[type].kind != KIND_UNKNOWN &&
	       (n < rows[type].min || n > rows[type].max || (rows[type].kind == KIND_SERIAL && n == 3));
}

void
decode_value(struct decode_words *out, unsigned type, unsigned message_type, struct ut_slice value)
{
	out->n = 0;
	out->text[0] = '\0';
	if (type >= L2TP_AVP_N) {
		decode_octets(out, value);
	} else if (has_wrong_length(type, value.n)) {
		decode_say(out, "%zu octets, a wrong length: ", value.n);
		decode_octets(out, value);
	} else {
		say_value(out, type, message_type, value);
	}
}
