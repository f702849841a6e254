/* track_machine.c - the machine of an end that is only listened to
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/replay/track_internal.h"

/* ---- how each table is used ---- */

static const uint8_t l2tp_cc_local[] = { L2TP_CC_EV_LOCAL_OPEN, L2TP_CC_EV_ADMIN_CLOSE };
static const uint8_t l2tp_session_local[] = { L2TP_SESSION_EV_LOCAL_OPEN, L2TP_SESSION_EV_TUNNEL_OPEN,
					      L2TP_SESSION_EV_BEARER_ANSWER, L2TP_SESSION_EV_LOCAL_CLOSE,
					      L2TP_SESSION_EV_BEARER_FAILURE };
static const uint8_t pptp_cc_local[] = { PPTP_CC_EV_TCP_OPEN, PPTP_CC_EV_LOCAL_TERMINATE,
					 PPTP_CC_EV_CALLS_CLEARED, PPTP_CC_EV_QUIET };
static const uint8_t pptp_call_local[] = { PPTP_CALL_EV_OPEN, PPTP_CALL_EV_DATA_PATH_UP, PPTP_CALL_EV_CLOSE,
					   PPTP_CALL_EV_DATA_PATH_FAILED };
static const uint8_t l2tp_cc_favourable[] = { 0, L2TP_ACCEPT_YES, L2TP_TIE_NONE };
static const uint8_t l2tp_session_favourable[] = { 0, L2TP_ACCEPT_YES, L2TP_DATA_YES };
static const uint8_t pptp_cc_favourable[] = { 0, PPTP_REPLY_IS_OK, PPTP_REQUEST_IS_OK, PPTP_CALLS_NONE };
static const uint8_t pptp_call_favourable[] = { 0, PPTP_ACCEPT_YES, PPTP_DATA_YES };

#define A(machine, action) UT_BIT(machine##_DO_##action)
static const struct track_words l2tp_cc_words = {
	.sends = A(L2TP_CC, SEND_SCCRQ) | A(L2TP_CC, SEND_SCCRP) | A(L2TP_CC, SEND_SCCCN) |
		 A(L2TP_CC, SEND_STOPCCN),
	.local = l2tp_cc_local,
	.local_n = sizeof l2tp_cc_local,
	.fault = L2TP_CC_EV_RX_FAULT,
	.clean_up = L2TP_CC_DO_CLEAN_UP,
	.favourable = l2tp_cc_favourable,
};
static const struct track_words l2tp_session_words = {
	.sends = A(L2TP_SESSION, SEND_ICRQ) | A(L2TP_SESSION, SEND_ICRP) | A(L2TP_SESSION, SEND_ICCN) |
		 A(L2TP_SESSION, SEND_OCRQ) | A(L2TP_SESSION, SEND_OCRP) | A(L2TP_SESSION, SEND_OCCN) |
		 A(L2TP_SESSION, SEND_CDN),
	.local = l2tp_session_local,
	.local_n = sizeof l2tp_session_local,
	.fault = L2TP_SESSION_EV_RX_FAULT,
	.clean_up = L2TP_SESSION_DO_CLEAN_UP,
	.favourable = l2tp_session_favourable,
};
static const struct track_words pptp_cc_words = {
	.sends = A(PPTP_CC, SEND_SCCRQ) | A(PPTP_CC, SEND_SCCRP) | A(PPTP_CC, SEND_SCCRP_ERROR) |
		 A(PPTP_CC, SEND_STOPCCRQ) | A(PPTP_CC, SEND_STOPCCRP) | A(PPTP_CC, SEND_ECHORQ) |
		 A(PPTP_CC, SEND_ECHORP),
	.local = pptp_cc_local,
	.local_n = sizeof pptp_cc_local,
	.fault = TRACK_NO_EVENT,
	.favourable = pptp_cc_favourable,
};
static const struct track_words pptp_call_words = {
	.sends = A(PPTP_CALL, SEND_OCRQ) | A(PPTP_CALL, SEND_OCRP) | A(PPTP_CALL, SEND_OCRP_ERROR) |
		 A(PPTP_CALL, SEND_ICRQ) | A(PPTP_CALL, SEND_ICRP) | A(PPTP_CALL, SEND_ICRP_ERROR) |
		 A(PPTP_CALL, SEND_ICCN) | A(PPTP_CALL, SEND_CCRQ) | A(PPTP_CALL, SEND_CDN),
	.local = pptp_call_local,
	.local_n = sizeof pptp_call_local,
	.fault = TRACK_NO_EVENT,
	.clean_up = PPTP_CALL_DO_CLEAN_UP,
	.favourable = pptp_call_favourable,
};
#undef A

static const struct {
	const struct ut_machine *table;
	const struct track_words *words;
	const char *rule;
} tables[] = {
	{ &l2tp_cc_machine, &l2tp_cc_words, "RFC 2661 7.2.1" },
	{ &l2tp_lac_ic_machine, &l2tp_session_words, "RFC 2661 7.4.1" },
	{ &l2tp_lns_ic_machine, &l2tp_session_words, "RFC 2661 7.4.2" },
	{ &l2tp_lac_oc_machine, &l2tp_session_words, "RFC 2661 7.5.1" },
	{ &l2tp_lns_oc_machine, &l2tp_session_words, "RFC 2661 7.5.2" },
	{ &pptp_cc_orig_machine, &pptp_cc_words, "RFC 2637 3.1.1" },
	{ &pptp_cc_recv_machine, &pptp_cc_words, "RFC 2637 3.1.2" },
	{ &pptp_pac_ic_machine, &pptp_call_words, "RFC 2637 3.2.3.1" },
	{ &pptp_pns_ic_machine, &pptp_call_words, "RFC 2637 3.2.3.2" },
	{ &pptp_pac_oc_machine, &pptp_call_words, "RFC 2637 3.2.4.1" },
	{ &pptp_pns_oc_machine, &pptp_call_words, "RFC 2637 3.2.4.2" },
};

const struct track_words *
track_words_of(const struct ut_machine *table)
{
	for (size_t i = 0; i < UT_COUNT(tables); i++)
		if (tables[i].table == table)
			return tables[i].words;
	return NULL;
}

const char *
track_rule_of(const struct ut_machine *table)
{
	for (size_t i = 0; i < UT_COUNT(tables); i++)
		if (tables[i].table == table)
			return tables[i].rule;
	return "";
}

void
track_machine_init(struct track_machine *m, const struct ut_machine *table, bool is_learning)
{
	*m = (struct track_machine){ .table = table, .is_learning = is_learning };
	if (table != NULL)
		m->state = table->initial;
}

/* ---- rows ---- */

static uint32_t
actions_of(const struct ut_row *row)
{
	uint32_t set = 0;

	for (unsigned i = 0; i < UT_ROW_ACTIONS && row->actions[i] != 0; i++)
		set |= UT_BIT(row->actions[i]);
	return set;
}

static uint8_t
next_of(const struct ut_row *row, uint8_t state)
{
	return row->next == UT_SAME ? state : row->next;
}

static void
tell_step(const struct track_actor *a, const struct ut_row *row, uint8_t event, uint8_t to)
{
	struct track_news *const n = &a->t->news;

	if (n->steps_n == TRACK_STEPS) {
		n->steps_more++;
		return;
	}
	n->steps[n->steps_n++] = (struct track_step){ .machine = a->machine->table,
						      .session = a->session,
						      .row = row,
						      .end = (uint8_t)a->end,
						      .from = a->machine->state,
						      .event = event,
						      .answer = row != NULL ? row->answer : 0,
						      .to = to,
						      .is_asked = row != NULL && row->question != 0 };
}

/* `seen`: the action whose message is on the wire already. */
static void
apply(const struct track_actor *a, const struct ut_row *row, uint8_t event, uint32_t seen)
{
	struct track_machine *const m = a->machine;
	const struct track_words *const words = track_words_of(m->table);
	const uint32_t actions = actions_of(row);
	const uint8_t to = next_of(row, m->state);

	tell_step(a, row, event, to);
	m->owed |= actions & words->sends & ~seen;
	m->is_over =
	    to == m->table->initial &&
	    (m->is_over || m->state != to || (words->clean_up != 0 && (actions & UT_BIT(words->clean_up))));
	m->state = to;
	m->pending = 0;
}

/* The answer that an end gave without a word: the favourable one, if its row sends nothing. */
static const struct ut_row *
silent_row(const struct track_machine *m, const struct track_words *words, uint8_t event, uint8_t question)
{
	const struct ut_row *const row =
	    ut_table_match(m->table, m->state, event, words->favourable[question]);

	return row != NULL && (actions_of(row) & words->sends) == 0 ? row : NULL;
}

/* Where messages are missing, what the row sends may be one of them: as if it had been sent, and still a guess. */
static const struct ut_row *
believed_row(const struct track_machine *m, const struct track_words *words, uint8_t event, uint8_t question)
{
	return ut_table_match(m->table, m->state, event, words->favourable[question]);
}

/* In a state that is a guess an event is believed if a row of the RFC goes on with it from anywhere. */
static void
guess_state_of(struct track_machine *m, const struct track_words *words, uint8_t event)
{
	for (uint16_t i = 0; i < m->table->n_rfc_rows; i++) {
		const struct ut_row *const row = &m->table->rows[i];
		const bool goes_on = row->question != 0 && row->answer == words->favourable[row->question];

		if ((row->events & UT_BIT(event)) == 0 || !goes_on)
			continue;
		m->state = (uint8_t)__builtin_ctz(row->states);
		m->is_learning = false;
		return;
	}
}

void
track_machine_receive(const struct track_actor *a, uint8_t event, uint8_t answer)
{
	struct track_machine *const m = a->machine;
	const bool is_guess = m->is_learning;
	const struct track_words *words;
	const struct ut_row *row;
	uint8_t question;

	if (m->table == NULL)
		return;
	words = track_words_of(m->table);
	if (is_guess)
		guess_state_of(m, words, event);
	question = ut_table_question(m->table, m->state, event);
	if (question == 0)
		row = ut_table_match(m->table, m->state, event, 0);
	else if (answer != TRACK_NO_ANSWER && answer < m->table->questions[question].n_answers)
		row = ut_table_match(m->table, m->state, event, answer);
	else
		row = silent_row(m, words, event, question);
	if (row != NULL) {
		apply(a, row, event, 0);
	} else if (is_guess && (row = believed_row(m, words, event, question)) != NULL) {
		apply(a, row, event, words->sends);
		m->is_learning = true;
	} else {
		m->pending = (uint8_t)(event + 1);
	}
}

/* ---- what an end sends ---- */

/* A row of (state, event) that sends `action`, whatever was answered. */
static const struct ut_row *
row_sending(const struct ut_machine *table, uint8_t state, uint8_t event, uint8_t action)
{
	const uint8_t question = ut_table_question(table, state, event);
	const uint8_t answers = question == 0 ? 1 : table->questions[question].n_answers;

	for (uint8_t answer = 0; answer < answers; answer++) {
		const struct ut_row *const row = ut_table_match(table, state, event, answer);

		if (row != NULL && (actions_of(row) & UT_BIT(action)) != 0)
			return row;
	}
	return NULL;
}

static bool
is_answer_to_pending(const struct track_actor *a, uint8_t action)
{
	struct track_machine *const m = a->machine;
	const uint8_t event = (uint8_t)(m->pending - 1);
	const struct ut_row *row;

	if (m->pending == 0)
		return false;
	row = row_sending(m->table, m->state, event, action);
	if (row != NULL)
		apply(a, row, event, UT_BIT(action));
	return row != NULL;
}

static bool
is_local(const struct track_actor *a, uint8_t action)
{
	struct track_machine *const m = a->machine;
	const struct track_words *const words = track_words_of(m->table);

	if (m->has_fault && words->fault != TRACK_NO_EVENT) {
		const struct ut_row *const row = row_sending(m->table, m->state, words->fault, action);

		m->has_fault = false;
		if (row != NULL) {
			apply(a, row, words->fault, UT_BIT(action));
			return true;
		}
	}
	for (unsigned i = 0; i < words->local_n; i++) {
		const struct ut_row *const row = row_sending(m->table, m->state, words->local[i], action);

		if (row != NULL) {
			apply(a, row, words->local[i], UT_BIT(action));
			return true;
		}
	}
	return false;
}

/* The row by which an end moves by itself and sends nothing, or NULL. */
static const struct ut_row *
quiet_row(const struct track_machine *m, const struct track_words *words, uint8_t event)
{
	const uint8_t question = ut_table_question(m->table, m->state, event);
	const struct ut_row *const row =
	    ut_table_match(m->table, m->state, event, words->favourable[question]);

	if (row == NULL || (actions_of(row) & words->sends) != 0 || next_of(row, m->state) == m->state)
		return NULL;
	return row;
}

/* Two steps: one that nobody sees (a call waits for its tunnel), then the one that sends. */
static bool
is_local_after_quiet(const struct track_actor *a, uint8_t action)
{
	struct track_machine *const m = a->machine;
	const struct track_words *const words = track_words_of(m->table);

	for (unsigned i = 0; i < words->local_n; i++) {
		const struct ut_row *const quiet = quiet_row(m, words, words->local[i]);

		if (quiet == NULL)
			continue;
		for (unsigned k = 0; k < words->local_n; k++) {
			const struct ut_row *const row =
			    row_sending(m->table, next_of(quiet, m->state), words->local[k], action);

			if (row == NULL)
				continue;
			apply(a, quiet, words->local[i], 0);
			apply(a, row, words->local[k], UT_BIT(action));
			return true;
		}
	}
	return false;
}

enum track_sent
track_machine_send(const struct track_actor *a, uint8_t action)
{
	struct track_machine *const m = a->machine;

	if (is_answer_to_pending(a, action))
		return TRACK_SENT_ALLOWED;
	if ((m->owed & UT_BIT(action)) != 0) {
		m->owed &= ~UT_BIT(action);
		return TRACK_SENT_ALLOWED;
	}
	if (m->is_over)
		return TRACK_SENT_NOT_ALLOWED;
	if (!m->is_learning && (is_local(a, action) || is_local_after_quiet(a, action)))
		return TRACK_SENT_ALLOWED;
	return TRACK_SENT_NOT_ALLOWED;
}

void
track_machine_learn(const struct track_actor *a, uint8_t action)
{
	struct track_machine *const m = a->machine;

	m->owed = 0;
	m->pending = 0;
	for (uint16_t i = 0; i < m->table->n_rows; i++) {
		const struct ut_row *const row = &m->table->rows[i];
		const uint8_t from = (uint8_t)__builtin_ctz(row->states);

		if ((actions_of(row) & UT_BIT(action)) == 0)
			continue;
		tell_step(a, NULL, TRACK_NO_EVENT, next_of(row, from));
		m->state = next_of(row, from);
		m->is_over = m->state == m->table->initial;
		m->is_learning = false;
		return;
	}
}

/* "tunnel", "session", "connection", "call". */
static const char *
what_ended(const struct track_actor *a)
{
	if (a->connection->protocol == TRACK_L2TP)
		return a->session != NULL ? "session" : "tunnel";
	return a->session != NULL ? "call" : "connection";
}

void
track_violation(const struct track_actor *a, uint8_t action, unsigned type, const char *name)
{
	struct track_machine *const m = a->machine;
	const char *const role = track_role(a->connection, a->end);
	const char *const rule = track_rule_of(m->table), *const state = m->table->states[m->state];

	if (m->is_over)
		track_find(a->t, TRACK_VIOLATION, rule, "%s sent %s after the %s had ended", role, name,
			   what_ended(a));
	else if ((m->sent & UT_BIT(type)) != 0)
		track_find(a->t, TRACK_VIOLATION, rule, "%s sent %s twice, now in state %s", role, name,
			   state);
	else
		track_find(a->t, TRACK_VIOLATION, rule, "%s sent %s in state %s, where no row does", role,
			   name, state);
	track_machine_learn(a, action);
	m->is_learning = true;
}
