/* pptp_names.c - words for the numbers of PPTP (RFC 2637 sections 1.4 and 2)
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/pptp.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const char *const message_names[PPTP_MESSAGE_N] = {
#define X(token, number, octets, name, letters) [number] = (name),
	PPTP_MESSAGES(X)
#undef X
};

static const char *const message_letters[PPTP_MESSAGE_N] = {
#define X(token, number, octets, name, letters) [number] = (letters),
	PPTP_MESSAGES(X)
#undef X
};

static const char *const fault_sentences[PPTP_FAULT_N] = {
#define X(token, sentence) [PPTP_FAULT_##token] = (sentence),
	PPTP_FAULTS(X)
#undef X
};

static const char *const sccrp_results[] = {
	[PPTP_SCCRP_OK] = "control connection established",
	[PPTP_SCCRP_ERROR] = "general error, see the Error Code",
	[PPTP_SCCRP_EXISTS] = "control connection already exists",
	[PPTP_SCCRP_UNAUTHORIZED] = "not authorized to establish a control connection",
	[PPTP_SCCRP_VERSION] = "protocol version not supported",
};

static const char *const stop_reasons[] = {
	[PPTP_STOP_NONE] = "general request to clear the control connection",
	[PPTP_STOP_PROTOCOL] = "protocol version not supported",
	[PPTP_STOP_LOCAL_SHUTDOWN] = "peer is being shut down",
};

static const char *const stopccrp_results[] = {
	[PPTP_REPLY_OK] = "control connection closed",
	[PPTP_REPLY_ERROR] = "general error, see the Error Code",
};

static const char *const echorp_results[] = {
	[PPTP_REPLY_OK] = "valid",
	[PPTP_REPLY_ERROR] = "general error, see the Error Code",
};

static const char *const ocrp_results[] = {
	[PPTP_OCRP_CONNECTED] = "call established",
	[PPTP_OCRP_ERROR] = "general error, see the Error Code",
	[PPTP_OCRP_NO_CARRIER] = "no carrier detected",
	[PPTP_OCRP_BUSY] = "busy signal",
	[PPTP_OCRP_NO_DIAL_TONE] = "no dial tone",
	[PPTP_OCRP_TIMEOUT] = "call not established within the time allotted",
	[PPTP_OCRP_NOT_ACCEPTED] = "call prohibited by the peer's administrator",
};

static const char *const icrp_results[] = {
	[PPTP_ICRP_CONNECT] = "call is to be answered",
	[PPTP_ICRP_ERROR] = "general error, see the Error Code",
	[PPTP_ICRP_NOT_ACCEPTED] = "call is not to be accepted",
};

static const char *const cdn_results[] = {
	[PPTP_CDN_LOST_CARRIER] = "loss of carrier",
	[PPTP_CDN_ERROR] = "general error, see the Error Code",
	[PPTP_CDN_ADMIN] = "disconnected for administrative reasons",
	[PPTP_CDN_REQUEST] = "disconnected by Call-Clear-Request",
};

static const char *const errors[] = {
	[PPTP_ERROR_NONE] = "no general error",
	[PPTP_ERROR_NOT_CONNECTED] = "no control connection exists yet",
	[PPTP_ERROR_FORMAT] = "length or Magic Cookie is wrong",
	[PPTP_ERROR_VALUE] = "a field value was out of range or a reserved field non-zero",
	[PPTP_ERROR_RESOURCES] = "insufficient resources",
	[PPTP_ERROR_CALL_ID] = "Call ID invalid in this context",
	[PPTP_ERROR_PAC] = "vendor-specific error of the PAC",
};

struct words {
	const char *const *words;
	size_t n;
};
#define WORDS(a)              \
	(struct words)        \
	{                     \
		(a), COUNT(a) \
	}

static const char *
word(struct words w, unsigned i)
{
	return i < w.n ? w.words[i] : NULL;
}

static const char *
word_or_unassigned(struct words w, unsigned i)
{
	const char *found = word(w, i);

	return found != NULL ? found : "unassigned";
}

const char *
pptp_message_name(unsigned type)
{
	return word(WORDS(message_names), type);
}

const char *
pptp_message_letters(unsigned type)
{
	return word(WORDS(message_letters), type);
}

const char *
pptp_fault_sentence(enum pptp_fault_reason reason)
{
	return word_or_unassigned(WORDS(fault_sentences), (unsigned)reason);
}

const char *
pptp_error_name(unsigned error)
{
	return word_or_unassigned(WORDS(errors), error);
}

static struct words
results_of(enum pptp_message_type type)
{
	switch (type) {
	case PPTP_SCCRP:
		return WORDS(sccrp_results);
	case PPTP_STOPCCRQ:
		return WORDS(stop_reasons);
	case PPTP_STOPCCRP:
		return WORDS(stopccrp_results);
	case PPTP_ECHORP:
		return WORDS(echorp_results);
	case PPTP_OCRP:
		return WORDS(ocrp_results);
	case PPTP_ICRP:
		return WORDS(icrp_results);
	case PPTP_CDN:
		return WORDS(cdn_results);
	case PPTP_SCCRQ:
	case PPTP_ECHORQ:
	case PPTP_OCRQ:
	case PPTP_ICRQ:
	case PPTP_ICCN:
	case PPTP_CCRQ:
	case PPTP_WEN:
	case PPTP_SLI:
	case PPTP_MESSAGE_N:
		break;
	}
	return (struct words){ NULL, 0 };
}

const char *
pptp_result_name(enum pptp_message_type type, unsigned result)
{
	return word_or_unassigned(results_of(type), result);
}
