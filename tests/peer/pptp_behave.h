/* pptp_behave.h - what real PPTP servers do and the RFC does not foresee, between an engine and the stream
 * SPDX-License-Identifier: Apache-2.0
 *
 * A filter of whole control messages: the engine behind it stays correct; what it sends is rewritten, withheld or
 * joined by messages of our own, and what comes for it may go unheard.  The rules are those of docs/interop.md.
 * Makes no system call and reads no clock.
 */
#ifndef TESTS_PEER_PPTP_BEHAVE_H
#define TESTS_PEER_PPTP_BEHAVE_H

#include "codec/pptp.h"

/* X(token, name, rule, what it takes, what it does) - a MESSAGE is one of RFC 2637's short names: SCCRQ, OCRQ, ... */
#define PPTP_BEHAVIOURS(X)                                                                               \
	X(REFUSE_CONNECTION, "refuse-connection", 36, CODES, "=RESULT[:ERROR]  SCCRP says no")           \
	X(REFUSE_CALL, "refuse-call", 37, CODES, "=RESULT[:ERROR]  OCRP says no")                        \
	X(RESULT_ZERO, "result-zero", 36, NOTHING, "Result Code 0 for success")                          \
	X(RESERVED, "reserved", 38, NOTHING, "reserved fields that are not 0")                           \
	X(LONG, "long", 39, NOTHING, "8 octets more than the RFC has in every message")                  \
	X(CDN_THEIR_ID, "cdn-their-id", 40, NOTHING, "Call-Disconnect-Notify with the client's call id") \
	X(NO_CDN, "no-cdn", 41, NOTHING, "Call-Clear-Request is not answered")                           \
	X(CLEARS, "clears", 42, NOTHING, "hangs up by Call-Clear-Request, with its own call id")         \
	X(CLEARS_THEIR_ID, "clears-their-id", 42, NOTHING, "the same with the client's call id")         \
	X(SILENT, "silent", 41, MESSAGE, "=MESSAGE  hears nothing from the first of these on")           \
	X(CLOSE, "close", 41, MESSAGE, "=MESSAGE  closes the connection at the first of these")          \
	X(RESET, "reset", 45, MESSAGE, "=MESSAGE  resets the connection at the first of these")          \
	X(GARBAGE, "garbage", 45, MESSAGE, "=MESSAGE  answers the first of these out of step")           \
	X(UNKNOWN, "unknown", 45, NOTHING, "unknown and oversized messages before each")                 \
	X(EARLY_ECHO, "early-echo", 46, NOTHING, "Echo-Request before SCCRP, after it and before OCRP")  \
	X(SLI, "sli", 46, NOTHING, "Set-Link-Info after OCRP and with each echo")                        \
	X(WEN, "wen", 46, NOTHING, "WAN-Error-Notify likewise")                                          \
	X(OCTETS, "octets", 48, NOTHING, "one octet at a time")                                          \
	X(PIECES, "pieces", 48, NOTHING, "7 octets at a time")

enum pptp_behaviour {
#define X(token, name, rule, takes, what) PPTP_BEHAVE_##token,
	PPTP_BEHAVIOURS(X)
#undef X
	    PPTP_BEHAVE_N
};

struct pptp_behave_rule {
	const char *name, *what;
	unsigned rule; /* of docs/interop.md */
};
const struct pptp_behave_rule *pptp_behave_rule(enum pptp_behaviour b);

struct pptp_behave_codes {
	uint8_t result, error;
};

struct pptp_behave {
	uint32_t set;			 /* bit = enum pptp_behaviour */
	uint8_t messages[PPTP_BEHAVE_N]; /* enum pptp_message_type, of those that take one */
	struct pptp_behave_codes refuse_connection, refuse_call;
};

/* Reads "sli,silent=OCRQ,refuse-call=2:4".  NULL, or the word that is wrong. */
const char *pptp_behave_parse(struct pptp_behave *b, const char *words);
bool pptp_behave_has(const struct pptp_behave *b, enum pptp_behaviour which);

/* How what is sent is cut: at most so many octets at once; 0: not at all. */
size_t pptp_behave_piece(const struct pptp_behave *b);

/* One control connection; all zero at its start. */
struct pptp_behave_talk {
	uint8_t message[PPTP_MESSAGE_OCTETS]; /* the first `have` octets of the one that is coming */
	size_t have;
	bool is_deaf, is_cleared;      /* hears nothing any more; has had Call-Clear-Request */
	uint16_t our_call, their_call; /* the last call's ids, host order */
	unsigned echoes;	       /* answers to Echo-Requests of ours */
};

enum pptp_behave_then { PPTP_BEHAVE_GOES_ON, PPTP_BEHAVE_CLOSES, PPTP_BEHAVE_RESETS };

/* The least room `out` and `forward` need for one call with n octets. */
enum { PPTP_BEHAVE_ROOM = 16 * 1024, PPTP_BEHAVE_IN = 2048 };

/* Whole messages of the engine become what goes out. */
void pptp_behave_send(const struct pptp_behave *b, struct pptp_behave_talk *t, struct ut_slice messages,
		      struct ut_put *out);

/* At most PPTP_BEHAVE_IN octets from the client become what the engine hears, and answers of our own. */
enum pptp_behave_then pptp_behave_receive(const struct pptp_behave *b, struct pptp_behave_talk *t,
					  struct ut_slice octets, struct ut_put *forward, struct ut_put *out);

#endif
