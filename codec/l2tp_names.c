/* l2tp_names.c - words for the numbers of L2TP, and the codes to close with (RFC 2661 3.2, 4.4.2)
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/l2tp.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const char *const message_names[L2TP_MESSAGE_N] = { [L2TP_ZLB] = "ZLB",
#define X(token, number, name) [number] = (name),
							   L2TP_MESSAGES(X)
#undef X
};

static const char *const avp_names[L2TP_AVP_N] = {
#define X(token, number, name, kind, min, max, m, h) [number] = (name),
	L2TP_AVPS(X)
#undef X
};

static const char *const fault_sentences[L2TP_FAULT_N] = {
#define X(token, sentence) [L2TP_FAULT_##token] = (sentence),
	L2TP_FAULTS(X)
#undef X
};

static const char *const stopccn_results[] = {
	[L2TP_STOPCCN_GENERAL] = "general request to clear the control connection",
	[L2TP_STOPCCN_ERROR] = "general error, see the Error Code",
	[L2TP_STOPCCN_EXISTS] = "control channel already exists",
	[L2TP_STOPCCN_UNAUTHORIZED] = "not authorized to open a control channel",
	[L2TP_STOPCCN_VERSION] = "protocol version not supported, the Error Code is the highest that is",
	[L2TP_STOPCCN_SHUTDOWN] = "peer is being shut down",
	[L2TP_STOPCCN_FSM] = "finite state machine error",
};

static const char *const cdn_results[] = {
	[L2TP_CDN_CARRIER] = "loss of carrier",
	[L2TP_CDN_ERROR] = "general error, see the Error Code",
	[L2TP_CDN_ADMIN] = "disconnected for administrative reasons",
	[L2TP_CDN_NO_FACILITIES_TEMPORARY] = "no facilities for the call, for now",
	[L2TP_CDN_NO_FACILITIES] = "no facilities for the call, permanently",
	[L2TP_CDN_INVALID_DESTINATION] = "invalid destination",
	[L2TP_CDN_NO_CARRIER] = "no carrier detected",
	[L2TP_CDN_BUSY] = "busy signal",
	[L2TP_CDN_NO_DIAL_TONE] = "no dial tone",
	[L2TP_CDN_TIMEOUT] = "call not established within the time allotted",
	[L2TP_CDN_NO_FRAMING] = "connected, but no appropriate framing detected",
};

static const char *const errors[] = {
	[L2TP_ERROR_NONE] = "no general error",
	[L2TP_ERROR_NO_CONTROL_CONNECTION] = "no control connection exists yet",
	[L2TP_ERROR_LENGTH] = "length is wrong",
	[L2TP_ERROR_VALUE] = "a field value was out of range or a reserved field non-zero",
	[L2TP_ERROR_RESOURCES] = "insufficient resources",
	[L2TP_ERROR_SESSION_ID] = "Session ID invalid in this context",
	[L2TP_ERROR_VENDOR] = "vendor-specific error",
	[L2TP_ERROR_TRY_ANOTHER] = "try another server",
	[L2TP_ERROR_UNKNOWN_MANDATORY] = "unknown AVP with the M bit",
};

static const char *
word(const char *const *words, size_t n, unsigned i)
{
	return i < n ? words[i] : NULL;
}

static const char *
word_or_unassigned(const char *const *words, size_t n, unsigned i)
{
	const char *found = word(words, n, i);

	return found != NULL ? found : "unassigned";
}

const char *
l2tp_message_name(unsigned type)
{
	return word(message_names, COUNT(message_names), type);
}

const char *
l2tp_avp_name(unsigned type)
{
	return word(avp_names, COUNT(avp_names), type);
}

const char *
l2tp_fault_sentence(enum l2tp_fault_reason reason)
{
	return word_or_unassigned(fault_sentences, COUNT(fault_sentences), (unsigned)reason);
}

const char *
l2tp_stopccn_result_name(unsigned result)
{
	return word_or_unassigned(stopccn_results, COUNT(stopccn_results), result);
}

const char *
l2tp_cdn_result_name(unsigned result)
{
	return word_or_unassigned(cdn_results, COUNT(cdn_results), result);
}

const char *
l2tp_error_name(unsigned error)
{
	return word_or_unassigned(errors, COUNT(errors), error);
}

bool
l2tp_message_is_session(unsigned type)
{
	return (type >= L2TP_OCRQ && type <= L2TP_ICCN) || (type >= L2TP_CDN && type <= L2TP_SLI);
}

uint16_t
l2tp_result_normalize(uint16_t result)
{
	return (result & 0xff) == 0 ? (uint16_t)(result >> 8) : result;
}

/* Result Code 2, "Error Code says what", is the same number in StopCCN and CDN. */
static struct l2tp_result
general_error(enum l2tp_error error)
{
	return (struct l2tp_result){ .result = L2TP_STOPCCN_ERROR, .error = (uint16_t)error };
}

struct l2tp_result
l2tp_fault_result(const struct l2tp_fault *fault, unsigned type)
{
	(void)type;
	switch (fault->reason) {
	case L2TP_FAULT_NONE:
	case L2TP_FAULT_TRUNCATED:
	case L2TP_FAULT_VERSION:
	case L2TP_FAULT_HEADER_FLAGS:
	case L2TP_FAULT_HEADER_LENGTH:
	case L2TP_FAULT_OFFSET_SIZE:
	case L2TP_FAULT_MESSAGE_UNKNOWN:
	case L2TP_FAULT_N:
		return (struct l2tp_result){ .result = 0, .error = L2TP_ERROR_NONE };
	case L2TP_FAULT_AVP_TRUNCATED:
	case L2TP_FAULT_AVP_LENGTH:
	case L2TP_FAULT_AVP_VALUE_LENGTH:
	case L2TP_FAULT_AVP_HIDDEN_LENGTH:
		return general_error(L2TP_ERROR_LENGTH);
	case L2TP_FAULT_AVP_VALUE:
	case L2TP_FAULT_AVP_HIDDEN_NO_VECTOR:
	case L2TP_FAULT_AVP_HIDDEN_FORBIDDEN:
	case L2TP_FAULT_FIRST_AVP_NOT_TYPE:
	case L2TP_FAULT_MESSAGE_UNKNOWN_MANDATORY:
	case L2TP_FAULT_AVP_MISSING:
		return general_error(L2TP_ERROR_VALUE);
	case L2TP_FAULT_AVP_HIDDEN_TOO_MANY:
		return general_error(L2TP_ERROR_RESOURCES);
	case L2TP_FAULT_AVP_RESERVED:
	case L2TP_FAULT_AVP_UNKNOWN_MANDATORY:
	case L2TP_FAULT_AVP_HIDDEN_NO_SECRET:
		return general_error(L2TP_ERROR_UNKNOWN_MANDATORY);
	}
	return general_error(L2TP_ERROR_VALUE);
}
