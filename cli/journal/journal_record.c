/* journal_record.c - the engine's structs as records of the journal and back
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/journal/journal_record.h"

#include <assert.h>

#include "fsm/machines.h"

/* ---- names that both have ---- */

/* X(token): events and effects have their places in the schema, whatever the engine's are. */
#define EVENTS(X)           \
	X(CONTINUE)         \
	X(RANDOM)           \
	X(DEADLINE)         \
	X(DATAGRAM)         \
	X(ACCEPTED)         \
	X(STREAM)           \
	X(STREAM_CLOSED)    \
	X(START)            \
	X(STOP)             \
	X(RESOLVED)         \
	X(PROTECTED)        \
	X(PROBED)           \
	X(PATH_OPENED)      \
	X(PATH_LOST)        \
	X(NETWORK)          \
	X(SESSION_RESERVED) \
	X(SESSION_OPENED)   \
	X(SESSION_CLOSE)    \
	X(TUNNEL_CLOSE)     \
	X(CALL)             \
	X(PPP_STARTED)      \
	X(PPP_UP)           \
	X(PPP_ENDED)
#define EFFECTS(X)         \
	X(RESOLVE)         \
	X(PROTECT)         \
	X(PROBE)           \
	X(OPEN_PATH)       \
	X(CONNECT_PATH)    \
	X(CLOSE_PATH)      \
	X(CANCEL)          \
	X(SEND)            \
	X(ACCEPT_PATH)     \
	X(REFUSE_PATH)     \
	X(SEND_STREAM)     \
	X(RESET_PATH)      \
	X(RESERVE_SESSION) \
	X(OPEN_SESSION)    \
	X(CLOSE_SESSION)   \
	X(CLOSE_TUNNEL)    \
	X(FRAME)           \
	X(START_PPP)       \
	X(STOP_PPP)        \
	X(HANGUP_PPP)      \
	X(KILL_PPP)        \
	X(REPORT)          \
	X(TRACE)
#define REPORTS(X)       \
	X(ATTEMPT)       \
	X(RESOLVED)      \
	X(DIALLING)      \
	X(TUNNEL_UP)     \
	X(TUNNEL_ENDED)  \
	X(SESSION_UP)    \
	X(SESSION_ENDED) \
	X(LINK_ENDED)    \
	X(BACKOFF)       \
	X(ENDED)         \
	X(FAULT)         \
	X(REFUSED)       \
	X(RETRANSMIT)    \
	X(LINK_INFO)     \
	X(WAN_ERRORS)    \
	X(COLLISION)

static Uptun__Journal__Step__Event
event_number(enum ut_event_kind kind)
{
	static const Uptun__Journal__Step__Event numbers[] = {
#define X(token) [UT_EV_##token] = UPTUN__JOURNAL__STEP__EVENT__##token,
		EVENTS(X)
#undef X
	};

	_Static_assert(UT_COUNT(numbers) == UT_EVENT_N, "every event has a number");
	return numbers[kind];
}

static bool
event_kind(Uptun__Journal__Step__Event number, enum ut_event_kind *out)
{
	for (int kind = 0; kind < UT_EVENT_N; kind++) {
		if (event_number((enum ut_event_kind)kind) != number)
			continue;
		*out = (enum ut_event_kind)kind;
		return true;
	}
	return false;
}

static Uptun__Journal__Effect__Kind
effect_number(enum ut_effect_kind kind)
{
	static const Uptun__Journal__Effect__Kind numbers[] = {
#define X(token) [UT_FX_##token] = UPTUN__JOURNAL__EFFECT__KIND__##token,
		EFFECTS(X)
#undef X
	};

	_Static_assert(UT_COUNT(numbers) == UT_EFFECT_N, "every effect has a number");
	return numbers[kind];
}

static Uptun__Journal__Effect__Report
report_number(enum ut_report_kind kind)
{
	static const Uptun__Journal__Effect__Report numbers[] = {
#define X(token) [UT_REPORT_##token] = UPTUN__JOURNAL__EFFECT__REPORT__##token,
		REPORTS(X)
#undef X
	};

	_Static_assert(UT_COUNT(numbers) == UT_REPORT_N, "every report has a number");
	return numbers[kind];
}

uint32_t
journal_ref(struct ut_ref ref)
{
	return (uint32_t)ref.generation << 16 | (uint16_t)(ref.index + 1u);
}

bool
journal_ref_read(uint32_t number, struct ut_ref *out)
{
	*out = (struct ut_ref){ .index = (uint16_t)(number - 1u), .generation = (uint16_t)(number >> 16) };
	return out->index != UT_REF_NONE;
}

/* ---- tables ---- */

static const struct ut_machine *const machines[] = {
#define X(machine) &machine,
	UT_MACHINES(X)
#undef X
};

const struct ut_machine *
journal_machine(unsigned number)
{
	return number < UT_COUNT(machines) ? machines[number] : NULL;
}

static uint32_t
machine_number(const struct ut_machine *m)
{
	uint32_t i = 0;

	while (i < UT_COUNT(machines) && machines[i] != m)
		i++;
	return i;
}

static uint64_t
hash_octets(uint64_t hash, const void *octets, size_t n)
{
	const uint8_t *p = octets;

	for (size_t i = 0; i < n; i++)
		hash = (hash ^ p[i]) * UINT64_C(0x100000001b3);
	return hash;
}

static uint64_t
hash_number(uint64_t hash, uint32_t v)
{
	const uint8_t octets[] = { (uint8_t)(v >> 24), (uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v };

	return hash_octets(hash, octets, sizeof octets);
}

/* With its NUL: "ab", "c" is not "a", "bc". */
static uint64_t
hash_text(uint64_t hash, const char *text)
{
	return text == NULL ? hash_number(hash, 0) : hash_octets(hash, text, strlen(text) + 1);
}

static uint64_t
hash_texts(uint64_t hash, const char *const *texts, uint8_t n)
{
	hash = hash_number(hash, n);
	for (uint8_t i = 0; i < n; i++)
		hash = hash_text(hash, texts[i]);
	return hash;
}

static uint64_t
hash_row(uint64_t hash, const struct ut_row *row)
{
	hash = hash_text(hash, row->source);
	hash = hash_number(hash, row->states);
	hash = hash_number(hash, row->events);
	hash = hash_number(hash, (uint32_t)row->question << 16 | (uint32_t)row->answer << 8 | row->next);
	return hash_octets(hash, row->actions, sizeof row->actions);
}

static uint64_t
hash_machine(uint64_t hash, const struct ut_machine *m)
{
	hash = hash_text(hash, m->name);
	hash = hash_texts(hash, m->states, m->n_states);
	hash = hash_texts(hash, m->events, m->n_events);
	hash = hash_texts(hash, m->actions, m->n_actions);
	for (uint8_t i = 0; i < m->n_questions; i++) {
		hash = hash_text(hash, m->questions[i].name);
		hash = hash_texts(hash, m->questions[i].answers, m->questions[i].n_answers);
	}
	for (uint16_t i = 0; i < m->n_rows; i++)
		hash = hash_row(hash, &m->rows[i]);
	return hash;
}

uint64_t
journal_tables_hash(void)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < UT_COUNT(machines); i++)
		hash = hash_machine(hash, machines[i]);
	for (int cause = 0; cause < UT_CAUSE_N; cause++)
		hash = hash_text(hash, ut_cause_name((enum ut_cause)cause));
	return hash;
}

/* ---- a step, to the journal ---- */

static ProtobufCBinaryData
borrow(struct ut_slice s)
{
	return (ProtobufCBinaryData){ .len = s.n, .data = (uint8_t *)(uintptr_t)s.p };
}

/* NULL, which is not sent, when there is no address. */
static Uptun__Journal__Peer *
put_peer(Uptun__Journal__Peer *to, const struct ut_peer *from)
{
	if (from->family == 0)
		return NULL;
	uptun__journal__peer__init(to);
	to->address = borrow(ut_slice(from->address, from->family == 6 ? 16 : 4));
	to->port = from->port;
	to->scope = from->scope;
	return to;
}

static Uptun__Journal__Ending *
put_end(Uptun__Journal__Ending *to, struct ut_end from)
{
	if (from.cause == 0 && from.scope == 0 && from.result == 0 && from.error == 0 && from.code == 0)
		return NULL;
	uptun__journal__ending__init(to);
	to->cause = from.cause;
	to->scope = from.scope;
	to->result = from.result;
	to->error = from.error;
	to->code = from.code;
	return to;
}

static Uptun__Journal__Fault *
put_fault(Uptun__Journal__Fault *to, const struct ut_effect *from)
{
	uptun__journal__fault__init(to);
	if (from->protocol == UT_PPTP) {
		to->reason = from->pptp_fault.reason;
		to->offset = from->pptp_fault.offset;
		to->number = from->pptp_fault.number;
		to->length = from->pptp_fault.length;
	} else {
		to->reason = from->fault.reason;
		to->offset = from->fault.offset;
		to->avp = from->fault.avp;
		to->vendor = from->fault.vendor;
	}
	return to;
}

static Uptun__Journal__Trace *
put_trace(Uptun__Journal__Trace *to, const struct ut_trace *from)
{
	uptun__journal__trace__init(to);
	to->machine = machine_number(from->machine);
	to->ref = journal_ref(from->ref);
	to->state = from->state;
	to->event = from->event;
	to->answer = from->answer;
	to->next = from->next;
	to->row = from->row;
	return to;
}

static void
put_counts(struct journal_effect_parts *to, const struct ut_effect *from)
{
	to->effect.count = to->counts;
	if (from->report == UT_REPORT_WAN_ERRORS) {
		to->effect.n_count = UT_COUNT(from->call_errors);
		memcpy(to->counts, from->call_errors, sizeof from->call_errors);
	} else if (from->report == UT_REPORT_LINK_INFO) {
		to->effect.n_count = 2;
		to->counts[0] = from->accm.send;
		to->counts[1] = from->accm.receive;
	}
}

static void
put_report(struct journal_effect_parts *to, const struct ut_effect *from)
{
	to->effect.report = report_number(from->report);
	to->effect.number = from->number;
	to->effect.end = put_end(&to->end, from->end);
	if (from->report == UT_REPORT_FAULT)
		to->effect.fault = put_fault(&to->fault, from);
	put_counts(to, from);
}

static void
put_effect(struct journal_effect_parts *to, const struct ut_effect *from)
{
	journal_effect *m = &to->effect;

	uptun__journal__effect__init(m);
	m->kind = effect_number(from->kind);
	m->ref = journal_ref(from->ref);
	m->client = journal_ref(from->client);
	m->link = journal_ref(from->link);
	m->tunnel = journal_ref(from->tunnel);
	m->session = journal_ref(from->session);
	m->path = from->path.v;
	m->peer = put_peer(&to->peer, &from->peer);
	if (from->kind == UT_FX_FRAME)
		m->left_out = (uint32_t)from->bytes.n;
	else
		m->bytes = borrow(from->bytes);
	m->local_tid = from->local_tid.v;
	m->peer_tid = from->peer_tid.v;
	m->local_id = from->protocol == UT_PPTP ? from->local_call.v : from->local_sid.v;
	m->peer_id = from->protocol == UT_PPTP ? from->peer_call.v : from->peer_sid.v;
	m->is_lns = from->is_lns;
	m->send_sequence = from->send_sequence;
	m->protocol = from->protocol;
	if (from->kind == UT_FX_REPORT)
		put_report(to, from);
	if (from->kind == UT_FX_TRACE)
		m->trace = put_trace(&to->trace, &from->trace);
}

/* Of a datagram: the octets the engine looks at.  A data message is all frame behind its header; of one whose header
 * makes no sense, or that is too long, no more than the longest header is kept. */
static size_t
octets_to_keep(struct ut_slice s)
{
	enum { LONGEST_HEADER = 14, IS_CONTROL = 0x80 };
	struct l2tp_header header;
	struct l2tp_fault fault;

	if (s.n <= LONGEST_HEADER)
		return s.n;
	if (s.n > JOURNAL_DATAGRAM_MAX)
		return LONGEST_HEADER;
	if ((s.p[0] & IS_CONTROL) != 0)
		return s.n;
	if (l2tp_header_decode(s, &header, &fault) == L2TP_FAULT_NONE)
		return (size_t)(header.payload.p - s.p);
	return LONGEST_HEADER;
}

static void
blank_passwords(uint8_t *octets, size_t n)
{
	struct l2tp_header header;
	struct l2tp_fault fault;
	struct l2tp_avp_walk walk;
	struct l2tp_avp avp;

	if (l2tp_header_decode(ut_slice(octets, n), &header, &fault) != L2TP_FAULT_NONE || !header.is_control)
		return;
	l2tp_avp_walk_init(&walk, &header, ut_slice(octets, n));
	while (l2tp_avp_walk_next(&walk, &avp))
		if (avp.vendor == 0 && avp.type == L2TP_AVP_PROXY_AUTHEN_RESPONSE)
			memset(octets + (avp.value.p - octets), 0, avp.value.n);
}

static struct ut_slice
datagram_to_keep(struct journal_step_parts *to, struct ut_slice datagram)
{
	const size_t n = octets_to_keep(datagram);

	if (n > 0)
		memcpy(to->datagram, datagram.p, n);
	blank_passwords(to->datagram, n);
	return ut_slice(to->datagram, n);
}

static void
put_event(struct journal_step_parts *to, const struct ut_event *from)
{
	const struct ut_slice kept =
	    from->kind == UT_EV_DATAGRAM ? datagram_to_keep(to, from->bytes) : from->bytes;
	journal_step *m = &to->step;

	m->time_us = from->now.us;
	m->event = event_number(from->kind);
	m->ref = journal_ref(from->ref);
	m->path = from->path.v;
	m->peer = put_peer(&to->peer, &from->peer);
	m->local = put_peer(&to->local, &from->local);
	m->bytes = borrow(kept);
	m->left_out = (uint32_t)(from->bytes.n - kept.n);
	m->end = put_end(&to->end, from->end);
	m->error = from->err;
}

void
journal_put_step(struct journal_step_parts *to, const struct ut_event *event,
		 const struct ut_effects *effects)
{
	journal_step *m = &to->step;

	assert(effects->n <= JOURNAL_EFFECTS_MAX);
	uptun__journal__step__init(m);
	put_event(to, event);
	for (size_t i = 0; i < effects->n; i++) {
		put_effect(&to->effects[i], &effects->v[i]);
		to->list[i] = &to->effects[i].effect;
	}
	m->n_effect = effects->n;
	m->effect = to->list;
	m->more = effects->more;
	m->has_deadline = effects->has_deadline;
	m->deadline_us = effects->has_deadline ? effects->deadline.us : 0;
	m->taken = event->kind == UT_EV_STREAM ? effects->taken : 0;
	m->random_wanted = effects->random_wanted;
}

/* ---- an event, from the journal ---- */

static bool
get_peer(const Uptun__Journal__Peer *from, struct ut_peer *to)
{
	memset(to, 0, sizeof *to);
	if (from == NULL)
		return true;
	if ((from->address.len != 4 && from->address.len != 16) || from->port > UINT16_MAX)
		return false;
	to->family = from->address.len == 4 ? 4 : 6;
	to->port = (uint16_t)from->port;
	to->scope = from->scope;
	memcpy(to->address, from->address.data, from->address.len);
	return true;
}

static bool
get_end(const Uptun__Journal__Ending *from, struct ut_end *to)
{
	*to = (struct ut_end){ .cause = 0 };
	if (from == NULL)
		return true;
	*to = (struct ut_end){ .cause = (uint8_t)from->cause,
			       .scope = (uint8_t)from->scope,
			       .result = (uint16_t)from->result,
			       .error = (uint16_t)from->error,
			       .code = from->code };
	return from->cause < UT_CAUSE_N && from->scope <= UT_END_PPTP_OUT_OF_STEP &&
	       from->result <= UINT16_MAX && from->error <= UINT16_MAX;
}

bool
journal_get_event(const journal_step *from, struct ut_event *to)
{
	memset(to, 0, sizeof *to);
	to->now.us = from->time_us;
	to->path.v = from->path;
	to->bytes = ut_slice(from->bytes.data, from->bytes.len);
	to->err = from->error;
	(void)journal_ref_read(from->ref, &to->ref);
	return event_kind(from->event, &to->kind) && get_peer(from->peer, &to->peer) &&
	       get_peer(from->local, &to->local) && get_end(from->end, &to->end);
}
