/* journal_record.h - the engine's structs as records of the journal and back; private to the journal's files
 * SPDX-License-Identifier: Apache-2.0
 *
 * Messages that are filled in borrow: from the struct they are made of, and from the parts given with them.
 */
#ifndef CLI_JOURNAL_JOURNAL_RECORD_H
#define CLI_JOURNAL_JOURNAL_RECORD_H

#include "fsm/engine.h"
#include "journal.pb-c.h"

typedef Uptun__Journal__Record journal_record;
typedef Uptun__Journal__Step journal_step;
typedef Uptun__Journal__Effect journal_effect;

enum {
	JOURNAL_EFFECTS_MAX = 256,
	JOURNAL_EFFECT_OCTETS_MAX = 65536,
	JOURNAL_COUNTS = 6,
	JOURNAL_DATAGRAM_MAX = 2048 /* octets; an engine reads no longer one */
};

/* Refs as numbers: 0 is none. */
uint32_t journal_ref(struct ut_ref ref);
bool journal_ref_read(uint32_t number, struct ut_ref *out);

/* The machines in the order of the header's list; NULL: no such number. */
const struct ut_machine *journal_machine(unsigned number);

/* 64-bit FNV-1a over all tables of this program, and the names of causes. */
uint64_t journal_tables_hash(void);

/* ---- configuration ---- */
void journal_put_engine(Uptun__Journal__EngineConfig *to, const struct ut_engine_config *from, size_t effects,
			size_t effect_octets);
void journal_put_l2tp_params(Uptun__Journal__L2tpParams *to, uint16_t index,
			     const struct ut_l2tp_params *from);
void journal_put_pptp_params(Uptun__Journal__PptpParams *to, uint16_t index,
			     const struct ut_pptp_params *from);
void journal_put_client(Uptun__Journal__Client *to, const struct ut_client_config *from, struct ut_ref client,
			uint16_t first_link);

/* The way back.  False: a number is out of the range that an engine takes.  The secret stays empty. */
bool journal_get_engine(const Uptun__Journal__EngineConfig *from, struct ut_engine_config *to) UT_MUST_USE;
bool journal_get_l2tp_params(const Uptun__Journal__L2tpParams *from, struct ut_l2tp_params *to) UT_MUST_USE;
bool journal_get_pptp_params(const Uptun__Journal__PptpParams *from, struct ut_pptp_params *to) UT_MUST_USE;
bool journal_get_client(const Uptun__Journal__Client *from, struct ut_client_config *to) UT_MUST_USE;

/* ---- a step ---- */

/* The messages within one effect. */
struct journal_effect_parts {
	journal_effect effect;
	Uptun__Journal__Peer peer;
	Uptun__Journal__Ending end;
	Uptun__Journal__Fault fault;
	Uptun__Journal__Trace trace;
	uint32_t counts[JOURNAL_COUNTS];
};

/* The messages within one step; some 100 KiB, for the heap. */
struct journal_step_parts {
	journal_step step;
	Uptun__Journal__Peer peer, local;
	Uptun__Journal__Ending end;
	uint8_t datagram[JOURNAL_DATAGRAM_MAX]; /* the event's, without what must not be kept */
	journal_effect *list[JOURNAL_EFFECTS_MAX];
	struct journal_effect_parts effects[JOURNAL_EFFECTS_MAX];
};

/* Fills in a step of at most JOURNAL_EFFECTS_MAX effects.  The payload of data messages and of UT_FX_FRAME is left
 * out: only its length is told.  A Proxy Authen Response, which may be a password (RFC 2661 4.4.5), is blanked. */
void journal_put_step(struct journal_step_parts *to, const struct ut_event *event,
		      const struct ut_effects *effects);

/* The event of a step; `bytes` borrows from `from`, and what was left out of them is not there.  False: a number is
 * out of its range. */
bool journal_get_event(const journal_step *from, struct ut_event *to) UT_MUST_USE;

#endif
