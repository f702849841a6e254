/* behave.h - what real peers do and the RFC does not foresee, between an engine and the wire
 * SPDX-License-Identifier: Apache-2.0
 *
 * A filter: the engine behind it stays correct; what it sends is rewritten, doubled, delayed, or joined by
 * messages of our own, and numbers in what comes back are set right again.  The rules are those of
 * docs/interop.md.  Makes no system call and reads no clock.
 */
#ifndef TESTS_PEER_BEHAVE_H
#define TESTS_PEER_BEHAVE_H

#include "fsm/engine.h"
#include "tests/peer/wire.h"

/* X(token, name, rule, what it does) - in the order in which they are applied */
#define BEHAVIOURS(X)                                                                                 \
	X(REFUSE_TUNNEL, "refuse-tunnel", 25, "=RESULT[:ERROR]  StopCCN instead of SCCRP")            \
	X(REFUSE_CALL, "refuse-call", 25, "=RESULT[:ERROR]  CDN instead of ICRP")                     \
	X(NEW_PORT, "new-port", 18, "every reply comes from another port than was called")            \
	X(BARE, "bare", 26, "no AVP but those that are insisted on: no speeds, framing, window")      \
	X(WINDOW_1, "window-1", 13, "Receive Window Size 1")                                          \
	X(EXTRA_AVPS, "extra-avps", 31, "unknown, vendor's and misplaced AVPs in every message")      \
	X(SHORT_AVPS, "short-avps", 8, "Call Serial Number of 2 octets; Result Code of 8 octets")     \
	X(LONG_AVPS, "long-avps", 31, "AVPs as long as they may be")                                  \
	X(LOUD_RESULT, "loud-result", 25, "an error message full of control characters")              \
	X(SWAPPED_RESULT, "swapped-result", 25, "Result Code in the wrong byte order")                \
	X(WRONG_M, "wrong-m", 19, "every M bit the other way round")                                  \
	X(WRONG_TID, "wrong-tid", 24, "StopCCN with an Assigned Tunnel ID that is nobody's")          \
	X(TUNNEL_ZERO, "tunnel-zero", 22, "SCCRP to tunnel 0")                                        \
	X(CDN_ZERO, "cdn-zero", 23, "CDN to session 0")                                               \
	X(EARLY_HELLO, "early-hello", 20, "HELLO before ICRP")                                        \
	X(SLI_WEN, "sli-wen", 21, "SLI and WEN before ICRP and before each HELLO")                    \
	X(DATA_FRAMES, "data-frames", 27, "a data frame without Length before every control message") \
	X(REPEAT_SCCRP, "repeat-sccrp", 30, "SCCRP three times at once, and twice more later")        \
	X(LATE, "late", 28, "everything late, and once more much later")                              \
	X(FROM_1701, "from-1701", 34, "who does not call from port 1701 is not heard")                \
	X(ZERO_CHECKSUM, "zero-checksum", 35, "UDP checksum 0")

enum behaviour {
#define X(token, name, rule, what) BEHAVE_##token,
	BEHAVIOURS(X)
#undef X
	    BEHAVE_N
};

struct behave_rule {
	const char *name, *what;
	unsigned rule; /* of docs/interop.md */
};
const struct behave_rule *behave_rule(enum behaviour b);

enum { BEHAVE_TALKS = 64, BEHAVE_INSERTS = 32 };

/* Messages of ours in front of one of the engine's, so that the numbers after it are shifted. */
struct behave_insert {
	uint16_t before; /* the engine's Ns */
	uint8_t types[3];
	uint8_t n;
};

/* One tunnel, told apart by the peer's address; a new tunnel from there begins anew. */
struct behave_talk {
	struct ut_peer peer;
	struct ut_ref tunnel;
	uint16_t peer_sid;
	uint16_t n_inserts;
	struct behave_insert inserts[BEHAVE_INSERTS];
};

struct behave {
	uint32_t set; /* bit = enum behaviour */
	struct l2tp_result refuse_tunnel, refuse_call;
	struct l2tp_secret secret; /* of the engine, to read what it hides */
	unsigned next_talk, n_talks;
	struct behave_talk talks[BEHAVE_TALKS];
};

/* Reads "new-port,refuse-call=4:7".  NULL, or the word that is wrong. */
const char *behave_parse(struct behave *b, const char *words);
bool behave_has(const struct behave *b, enum behaviour which);

/* Puts one datagram on the wire after `delay_ms`; called any number of times. */
typedef void behave_emit_fn(void *ctx, struct ut_slice datagram, uint32_t delay_ms);

/* A datagram of the engine's tunnel `tunnel`, to `to`. */
void behave_send(struct behave *b, const struct ut_peer *to, struct ut_ref tunnel, struct ut_slice datagram,
		 behave_emit_fn *emit, void *ctx);

/* A datagram for the engine, changed in place; false: it is not to be heard. */
bool behave_receive(struct behave *b, const struct ut_peer *from, uint8_t *octets, size_t n);

#endif
