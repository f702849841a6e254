/* test_table_laws.c - what holds of every row of a table, also of those that nothing leads to
 * SPDX-License-Identifier: Apache-2.0
 *
 * Laws are in the printed words.  A machine is named by how its name begins.
 */
#include "tests/fsm/machines.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

struct law {
	const char *machine, *action, *then;
};

/* A row with this action leads to this state. */
static const struct law leads[] = {
	{ "l2tp-control", "Send SCCRQ", "wait-ctl-reply" },
	{ "l2tp-control", "Send SCCRP", "wait-ctl-conn" },
	{ "l2tp-control", "Send SCCCN", "established" },
	{ "l2tp-control", "Send tunnel-open event to waiting sessions", "established" },
	{ "l2tp-control", "Send StopCCN", "idle" },
	{ "l2tp-control", "Clean up", "idle" },
	{ "l2tp-l", "Initiate local tunnel open", "wait-tunnel" },
	{ "l2tp-l", "Send ICRQ", "wait-reply" },
	{ "l2tp-l", "Send ICRP", "wait-connect" },
	{ "l2tp-l", "Send ICCN", "established" },
	{ "l2tp-l", "Send OCRQ", "wait-reply" },
	{ "l2tp-l", "Send OCRP", "wait-cs-answer" },
	{ "l2tp-l", "Send OCCN", "established" },
	{ "l2tp-l", "Prepare for data", "established" },
	{ "l2tp-l", "Send CDN", "idle" },
	{ "l2tp-l", "Clean up", "idle" },
	{ "pptp-control", "Send SCCRQ", "wait-ctl-reply" },
	{ "pptp-control", "Send SCCRP", "established" },
	{ "pptp-control", "Send SCCRP with Error", "idle" },
	{ "pptp-control", "Clear the calls", "established" },
	{ "pptp-control", "Send EchoRQ", "established" },
	{ "pptp-control", "Send StopCCRQ", "wait-stop-reply" },
	{ "pptp-control", "Send StopCCRP", "idle" },
	{ "pptp-control", "Close TCP", "idle" },
	{ "pptp-control", "Reset TCP", "idle" },
	{ "pptp-p", "Send OCRQ", "wait-reply" },
	{ "pptp-p", "Send OCRP", "established" },
	{ "pptp-p", "Send OCRP with Error", "idle" },
	{ "pptp-p", "Send ICRQ", "wait-reply" },
	{ "pptp-p", "Send ICRP", "wait-connect" },
	{ "pptp-p", "Send ICRP Not Accepting", "idle" },
	{ "pptp-p", "Send ICCN", "established" },
	{ "pptp-p", "Send CCRQ", "wait-disconnect" },
	{ "pptp-p", "Hang up: close data path", "wait-disconnect" },
	{ "pptp-p", "Send CDN", "idle" },
	{ "pptp-p", "Clean up", "idle" },
	{ "client", "Resolve the server", "resolve" },
	{ "client", "Check the protection", "protect" },
	{ "client", "Probe the data path", "probe" },
	{ "client", "Open a socket", "dial" },
	{ "client", "Open the control connection", "dial" },
	{ "client", "Close the control connection", "closing" },
	{ "client", "End the links", "closing" },
	{ "client", "End at once", "closing" },
	{ "client", "Report the end", "idle" },
	{ "client", "Wait before the next attempt", "backoff" },
	{ "client-link", "Open a session", "session" },
	{ "client-link", "Start PPP", "ppp" },
	{ "client-link", "Stop the set-up timer", "up" },
	{ "client-link", "Ask PPP to end", "stopping" },
	{ "client-link", "Wait for PPP's own end", "stopping" },
	{ "client-link", "Press PPP harder", "stopping" },
	{ "client-link", "Kill PPP", "stopping" },
};

/* A row with the first action has the second behind it. */
static const struct law pairs[] = {
	{ "l2tp-control", "Send SCCCN", "Send tunnel-open event to waiting sessions" },
	{ "l2tp-control", "Send StopCCN", "Clean up" },
	{ "l2tp-l", "Send CDN", "Clean up" },
	{ "pptp-control", "Send SCCRP with Error", "Close TCP" },
	{ "pptp-control", "Send StopCCRP", "Close TCP" },
	{ "pptp-p", "Send OCRP with Error", "Clean up" },
	{ "pptp-p", "Send ICRP Not Accepting", "Clean up" },
	{ "pptp-p", "Send CDN", "Clean up" },
	{ "pptp-p", "Send CCRQ", "Hang up: close data path" },
};

/* A row with both actions has them in this order. */
static const struct law orders[] = {
	{ "l2tp-control", "Clean up", "Re-queue SCCRQ for idle state" },
	{ "l2tp-lac-outgoing", "Send OCRP", "Open bearer" },
	{ "client", "Cancel what is under way", "Report the end" },
	{ "client", "Cancel what is under way", "Wait before the next attempt" },
	{ "client-link", "Close the session", "Report the end" },
	{ "client-link", "Close the session", "Wait before the next attempt" },
};

/* Who comes from another state to this one does one of the actions, which are named beginning so. */
static const struct law entries[] = {
	{ "l2tp-control", "Clean up", "idle" },
	{ "l2tp-control", "Send tunnel-open", "established" },
	{ "l2tp-l", "Clean up", "idle" },
	{ "pptp-control", "Close TCP|Reset TCP", "idle" },
	{ "pptp-control", "Send StopCCRQ", "wait-stop-reply" },
	{ "pptp-p", "Clean up", "idle" },
	{ "pptp-p", "Hang up", "wait-disconnect" },
	{ "client", "Report the end", "idle" },
	{ "client", "Close the control connection|End the links", "closing" },
	{ "client", "Wait before the next attempt", "backoff" },
	{ "client-link", "Report the end", "idle" },
	{ "client-link", "Ask PPP to end|Wait for PPP's own end|Kill PPP", "stopping" },
	{ "client-link", "Wait before the next attempt", "backoff" },
};

/* What this event is answered with, in every state; the action is for no other event. */
static const struct law answers[] = {
	{ "pptp-p", "Receive WEN, SLI", "Take note" },
};

/* These are no more than an answer, or less: the state stays, as with no action at all. */
static const struct law asides[] = {
	{ "l2tp-control", "Send StopCCN to that SCCRQ", NULL },
	{ "pptp-control", "Send EchoRP", NULL },
	{ "pptp-control", "Send EchoRQ", NULL },
	{ "pptp-p", "Take note", NULL },
	{ "client", "Ask the peer for a sign of life", NULL },
	{ "client", "Give up the control connection", NULL },
};

/* Rows that do nothing and go somewhere all the same: by how their source begins. */
static const struct law moves[] = {
	{ "l2tp-lns-outgoing", "7.5.2 r4", NULL },
	{ "l2tp-lns-outgoing", "7.5.2 r7", NULL },
	{ "pptp-control-originator", "3.1.1 wait_ctl_reply -> established", NULL },
	{ "pptp-pns-outgoing", "3.2.4.2 wait_reply -> established", NULL },
	{ "pptp-pns-outgoing", "design: PPP starts once", NULL },
	{ "pptp-pns-incoming", "3.2.3.2 wait_connect -> established", NULL },
	{ "client-link", "the way up", NULL },
};

static bool
begins_with(const char *text, const char *beginning)
{
	return strncmp(text, beginning, strlen(beginning)) == 0;
}

/* Of a list "a|b": is one of them how the text begins? */
static bool
begins_with_any(const char *text, const char *list)
{
	for (size_t n; *list != '\0'; list += n + (list[n] == '|')) {
		n = strcspn(list, "|");
		if (strncmp(text, list, n) == 0)
			return true;
	}
	return false;
}

/* The client's own laws are not those of its links. */
static bool
is_about(const struct law *law, const struct ut_machine *m)
{
	if (strcmp(law->machine, "client") == 0)
		return strcmp(m->name, "client") == 0;
	return begins_with(m->name, law->machine);
}

/* Where an action stands in a row, from 1; 0: not at all. */
static unsigned
place_of(const struct ut_machine *m, const struct ut_row *row, const char *action)
{
	for (unsigned k = 0; k < UT_ROW_ACTIONS && row->actions[k] != 0; k++)
		if (strcmp(m->actions[row->actions[k]], action) == 0)
			return k + 1;
	return 0;
}

/* Does the row lead from `state` to the one of that name? */
static bool
leads_to(const struct ut_machine *m, const struct ut_row *row, uint8_t state, const char *name)
{
	return strcmp(m->states[row->next == UT_SAME ? state : row->next], name) == 0;
}

typedef bool holds_fn(const struct ut_machine *m, const struct ut_row *row, uint8_t state,
		      const struct law *law);

static bool
leads_where_it_must(const struct ut_machine *m, const struct ut_row *row, uint8_t state,
		    const struct law *law)
{
	return place_of(m, row, law->action) == 0 || leads_to(m, row, state, law->then);
}

static bool
has_both(const struct ut_machine *m, const struct ut_row *row, uint8_t state, const struct law *law)
{
	const unsigned first = place_of(m, row, law->action), second = place_of(m, row, law->then);

	(void)state;
	return first == 0 || first < second;
}

static bool
has_them_in_order(const struct ut_machine *m, const struct ut_row *row, uint8_t state, const struct law *law)
{
	return place_of(m, row, law->then) == 0 || has_both(m, row, state, law);
}

static bool
enters_properly(const struct ut_machine *m, const struct ut_row *row, uint8_t state, const struct law *law)
{
	if (strcmp(m->states[state], law->then) == 0 || !leads_to(m, row, state, law->then))
		return true;
	for (unsigned k = 0; k < UT_ROW_ACTIONS && row->actions[k] != 0; k++)
		if (begins_with_any(m->actions[row->actions[k]], law->action))
			return true;
	return false;
}

static void
check_row(const struct ut_machine *m, const struct ut_row *row, const struct law *law, holds_fn *holds)
{
	for (uint8_t s = 0; s < m->n_states; s++)
		if ((row->states & UT_BIT(s)) != 0 && !holds(m, row, s, law))
			fail_msg("%s, %s, in %s: \"%s\", \"%s\"", m->name, row->source, m->states[s],
				 law->action, law->then);
}

static void
check_laws(const struct law *laws, size_t n, holds_fn *holds)
{
	for (size_t k = 0; k < n; k++) {
		unsigned machines = 0;

		for (unsigned i = 0; i < MACHINES; i++) {
			const struct ut_machine *const m = machine_of(i);

			machines += is_about(&laws[k], m);
			for (uint16_t r = 0; is_about(&laws[k], m) && r < m->n_rows; r++)
				check_row(m, &m->rows[r], &laws[k], holds);
		}
		assert_true(machines > 0);
	}
}

static void
an_action_leads_to_its_state(void **state)
{
	(void)state;
	check_laws(leads, UT_COUNT(leads), leads_where_it_must);
}

static void
last_words_are_followed_by_the_end(void **state)
{
	(void)state;
	check_laws(pairs, UT_COUNT(pairs), has_both);
}

static void
what_is_given_up_is_given_up_before_the_end_is_told(void **state)
{
	(void)state;
	check_laws(orders, UT_COUNT(orders), has_them_in_order);
}

static void
no_state_is_entered_without_its_action(void **state)
{
	(void)state;
	check_laws(entries, UT_COUNT(entries), enters_properly);
}

static bool
may_move(const struct ut_machine *m, const struct ut_row *row)
{
	for (size_t k = 0; k < UT_COUNT(moves); k++)
		if (is_about(&moves[k], m) && begins_with(row->source, moves[k].action))
			return true;
	return false;
}

static bool
is_aside(const struct ut_machine *m, const struct ut_row *row)
{
	for (size_t k = 0; k < UT_COUNT(asides); k++)
		if (is_about(&asides[k], m) && place_of(m, row, asides[k].action) == 1)
			return true;
	return row->actions[0] == 0;
}

static void
who_does_nothing_stays_where_he_is(void **state)
{
	(void)state;
	for (unsigned i = 0; i < MACHINES; i++) {
		const struct ut_machine *const m = machine_of(i);

		for (uint16_t r = 0; r < m->n_rows; r++) {
			const struct ut_row *const row = &m->rows[r];

			if (is_aside(m, row) && row->next != UT_SAME && row->states != UT_BIT(row->next) &&
			    !may_move(m, row))
				fail_msg("%s, %s: it does nothing that matters, and leads to %s", m->name,
					 row->source, m->states[row->next]);
		}
	}
}

static void
check_answer(const struct ut_machine *m, const struct law *law)
{
	for (uint16_t r = 0; r < m->n_rows; r++) {
		const bool answers_so = place_of(m, &m->rows[r], law->then) != 0;

		for (uint8_t e = 0; e < m->n_events; e++)
			if ((m->rows[r].events & UT_BIT(e)) != 0 &&
			    (strcmp(m->events[e], law->action) == 0) != answers_so)
				fail_msg("%s, %s: \"%s\" on \"%s\"", m->name, m->rows[r].source, law->then,
					 m->events[e]);
	}
}

static void
what_an_event_is_answered_with_is_for_no_other(void **state)
{
	(void)state;
	for (size_t k = 0; k < UT_COUNT(answers); k++)
		for (unsigned i = 0; i < MACHINES; i++)
			if (is_about(&answers[k], machine_of(i)))
				check_answer(machine_of(i), &answers[k]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_action_leads_to_its_state),
		cmocka_unit_test(last_words_are_followed_by_the_end),
		cmocka_unit_test(what_is_given_up_is_given_up_before_the_end_is_told),
		cmocka_unit_test(no_state_is_entered_without_its_action),
		cmocka_unit_test(what_an_event_is_answered_with_is_for_no_other),
		cmocka_unit_test(who_does_nothing_stays_where_he_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
