/* solo.h - one engine against a peer that the test plays itself
 * SPDX-License-Identifier: Apache-2.0
 *
 * The host answers every effect at once and well, unless told otherwise; what the engine sends is kept, and the
 * test says what the peer says, word by word.  The engine is a client that dials, or a server that listens.
 */
#ifndef TESTS_FSM_SOLO_H
#define TESTS_FSM_SOLO_H

#include "fsm/engine.h"
#include "tests/fsm/machines.h"

enum solo_role { SOLO_CLIENT, SOLO_SERVER };
enum { SOLO_SENT = 256, SOLO_OCTETS = 1500, SOLO_TID = 77, SOLO_SID = 99 };

/* A datagram of the engine, decoded with the test's secret. */
struct solo_sent {
	struct l2tp_header header;
	struct l2tp_message message;
	struct ut_path path;
	struct ut_peer peer;
	struct ut_time at;
	size_t n;
	uint8_t octets[SOLO_OCTETS], scratch[SOLO_OCTETS];
};

struct solo {
	enum solo_role role;
	struct ut_engine *e;
	struct ut_engine_config config;
	struct ut_time now;
	struct l2tp_secret secret; /* of the peer */
	struct ut_ref client;
	struct ut_path path;
	struct ut_peer peer;
	uint16_t ns, nr;     /* of the peer */
	struct l2tp_tid tid; /* the engine's, once it told */
	struct l2tp_sid sid; /* the engine's last session's */
	struct ut_ref tunnel, session, link;
	bool starve;   /* no more randomness */
	bool in_parts; /* a step ends after its first effects, and the test feeds UT_EV_CONTINUE itself */
	bool silent[UT_EFFECT_N], fails[UT_EFFECT_N]; /* the host does not answer, or answers badly */
	bool ppp_comes_up;
	int ppp_status; /* pppd's exit status when stopped */
	unsigned n_effects[UT_EFFECT_N], n_reports[UT_REPORT_N];
	uint32_t refused_pool;
	uint32_t backoff_ms[32]; /* of each UT_REPORT_BACKOFF */
	struct ut_end ended, tunnel_end, session_end, link_end;
	size_t end_octets; /* of the peer's words, in the last report of an end */
	struct solo_sent sent[SOLO_SENT];
	unsigned n_sent, n_read;
	bool has_deadline;
	struct ut_time deadline;
};

struct solo_setup {
	struct ut_l2tp_params params;
	struct ut_client_config client;
	struct ut_engine_config config;
};
struct solo_setup solo_setup_default(enum solo_role role);

struct solo *solo_new(enum solo_role role, const struct solo_setup *setup);
/* Stops everything, and requires that nothing is left of it. */
void solo_end(struct solo *s);

void solo_feed(struct solo *s, struct ut_event event);
void solo_start(struct solo *s);
void solo_stop(struct solo *s);
/* Virtual time goes by; deadlines are fed. */
void solo_run(struct solo *s, uint64_t ms);

/* A message of the peer with everything its table requires, ready to be changed and said. */
struct l2tp_message solo_message(struct solo *s, enum l2tp_message_type type);
/* Says it with the peer's next Ns; `sid` 0 for the control connection. */
void solo_say(struct solo *s, const struct l2tp_message *m, struct l2tp_sid sid);
void solo_say_type(struct solo *s, enum l2tp_message_type type);
/* The same, with a mandatory AVP nobody knows at its end. */
void solo_say_faulty(struct solo *s, enum l2tp_message_type type);
void solo_say_octets(struct solo *s, const void *octets, size_t n);
/* Acknowledges everything the engine sent. */
void solo_ack(struct solo *s);

/* The next datagram of the engine that is not a ZLB; NULL: it said nothing. */
const struct solo_sent *solo_heard(struct solo *s);
/* ... which must be of this type. */
const struct solo_sent *solo_expect(struct solo *s, enum l2tp_message_type type);
/* How many datagrams of this type went out so far; L2TP_ZLB too. */
unsigned solo_count(const struct solo *s, enum l2tp_message_type type);

/* Brings the control connection, or one call as well, up. */
void solo_tunnel_up(struct solo *s);
void solo_call_up(struct solo *s);

#endif
