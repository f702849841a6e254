/* graph_promela.c - a table as a model for spin
 * SPDX-License-Identifier: Apache-2.0
 *
 * The table is one choice of `if`, a branch a row; a cell without a row is an assertion that fails.  Around it stands
 * what may happen.  Of l2tp-control, whose two ends are the same machine, the model is two peers over FIFO channels:
 * the reliable delivery below is taken for granted, down to its giving up.  Every other machine is fed all events in
 * any order.  Questions are free choices, but both ends of a tie answer alike.
 */
#include "cli/inspect/graph.h"

#include <ctype.h>
#include <string.h>

/* ---- names as identifiers ---- */

static void
print_identifier(FILE *out, const char *prefix, const char *name)
{
	bool gap = false;

	fputs(prefix, out);
	for (; *name != '\0'; name++) {
		if (isalnum((unsigned char)*name) == 0) {
			gap = true;
			continue;
		}
		fprintf(out, "%s%c", gap ? "_" : "", toupper((unsigned char)*name));
		gap = false;
	}
}

static void
define_all(FILE *out, const char *prefix, const char *const *names, uint8_t n)
{
	for (uint8_t i = 0; i < n; i++) {
		fputs("#define ", out);
		print_identifier(out, prefix, names[i]);
		fprintf(out, " %u\n", i);
	}
	fputc('\n', out);
}

/* ---- actions ---- */

/* "Send X to somebody": the event "Receive X"; n_events: the action sends no message. */
static uint8_t
event_of_message(const struct ut_machine *m, const char *message)
{
	static const char receive[] = "Receive ";
	const size_t n = strcspn(message, " ");
	uint8_t e;

	for (e = 0; e < m->n_events; e++)
		if (strncmp(m->events[e], receive, sizeof receive - 1) == 0 &&
		    strlen(m->events[e] + sizeof receive - 1) == n &&
		    strncmp(m->events[e] + sizeof receive - 1, message, n) == 0)
			break;
	return e;
}

/* LAUNCH: the message is not about this connection. */
static void
print_action(FILE *out, const struct ut_machine *m, const char *action)
{
	static const char send[] = "Send ", requeue[] = "Re-queue ";
	uint8_t e = m->n_events;

	fprintf(out, "\t\t\t/* %s */", action);
	if (strncmp(action, send, sizeof send - 1) == 0)
		e = event_of_message(m, action + sizeof send - 1);
	if (e < m->n_events) {
		print_identifier(out, strstr(action, " to that ") != NULL ? " LAUNCH(ON_" : " SEND(ON_",
				 m->events[e]);
		fputs(");", out);
	} else if (strncmp(action, requeue, sizeof requeue - 1) == 0) {
		fputs(" REQUEUE;", out);
	}
	fputc('\n', out);
}

/* ---- rows ---- */

static void
print_set(FILE *out, const char *variable, const char *prefix, const char *const *names, uint8_t n,
	  uint32_t set)
{
	const char *separator = "(";

	if (set == UT_BIT(n) - 1) {
		fputs("true", out);
		return;
	}
	for (uint8_t i = 0; i < n; i++) {
		if ((set & UT_BIT(i)) == 0)
			continue;
		fprintf(out, "%s%s == ", separator, variable);
		print_identifier(out, prefix, names[i]);
		separator = " || ";
	}
	fputc(')', out);
}

static void
print_row(FILE *out, const struct ut_machine *m, uint16_t r)
{
	const struct ut_row *const row = &m->rows[r];

	fprintf(out, "\t\t/* %s */\n\t\t:: ", row->source);
	print_set(out, "STATE", "AT_", m->states, m->n_states, row->states);
	fputs(" && ", out);
	print_set(out, "event", "ON_", m->events, m->n_events, row->events);
	if (row->question != 0)
		print_identifier(out, " && MAY_BE_", m->questions[row->question].answers[row->answer]);
	fprintf(out, " ->\n\t\t\trow = %u;\n", r);
	for (unsigned k = 0; k < UT_ROW_ACTIONS && row->actions[k] != 0; k++)
		print_action(out, m, m->actions[row->actions[k]]);
	if (row->next != UT_SAME) {
		print_identifier(out, "\t\t\tSTATE = AT_", m->states[row->next]);
		fputs(";\n", out);
	}
}

static void
print_table(FILE *out, const struct ut_machine *m)
{
	fputs("\n\t\tif /* the table */\n", out);
	for (uint16_t r = 0; r < m->n_rows; r++)
		print_row(out, m, r);
	fputs("\t\t:: else -> assert(false /* a cell without a row */)\n\t\tfi;\n", out);
}

/* Questions may share answers: was this one among those of an earlier question? */
static bool
is_answer_before(const struct ut_machine *m, uint8_t question, const char *answer)
{
	for (uint8_t q = 1; q < question; q++)
		for (uint8_t a = 0; a < m->questions[q].n_answers; a++)
			if (strcmp(m->questions[q].answers[a], answer) == 0)
				return true;
	return false;
}

/* Every answer may be given at any time, except to the question `fixed` (NULL: none is). */
static void
define_answers(FILE *out, const struct ut_machine *m, const char *fixed)
{
	for (uint8_t q = 1; q < m->n_questions; q++) {
		const bool is_free = fixed == NULL || strcmp(m->questions[q].name, fixed) != 0;

		for (uint8_t a = 0; is_free && a < m->questions[q].n_answers; a++) {
			if (is_answer_before(m, q, m->questions[q].answers[a]))
				continue;
			print_identifier(out, "#define MAY_BE_", m->questions[q].answers[a]);
			fputs(" true\n", out);
		}
	}
}

/* ---- what stands around it ---- */

/* Two peers.  Each may open and close once, begin a call, say HELLO, and find one message faulty.  Once the network is
 * cut, what is under way and whatever is sent is lost, and who has a connection finds out. */
static const char peers_head[] =
    "#define MAY_BE_WIN_TIE_BREAKER (winner == me)\n"
    "#define MAY_BE_LOSE_TIE_BREAKER (winner == OTHER)\n"
    "#define MAY_BE_EQUAL_TIE_BREAKERS (winner == 2)\n"
    "#define MAY_BE_NO_TIE_BREAKER (winner == 3)\n"
    "#define OTHER (1 - me)\n"
    "#define STATE at[me]\n"
    "#define ROOM 10 /* messages under way; more are not needed, which is asserted */\n"
    "#define LAUNCH(message) assert(nfull(wire[OTHER])); if :: is_cut :: else -> wire[OTHER]!message fi\n"
    "#define SEND(message) LAUNCH(message); has_stopped = has_stopped || message == ON_RECEIVE_STOPCCN\n"
    "#define REQUEUE is_queued[me] = true\n"
    "#define MAYBE(what) if :: what = true :: skip fi\n"
    "\n"
    "chan wire[2] = [ROOM] of { byte }; /* to each peer */\n"
    "byte at[2];\n"
    "byte winner;\n"
    "bool is_queued[2], is_cut, may_cut;\n"
    "bool may_open[2], may_call[2], may_close[2], may_greet[2], may_fail[2];\n"
    "hidden byte row;\n"
    "\n"
    "proctype peer(bit me)\n"
    "{\n"
    "\tbyte event;\n"
    "\tbool has_stopped;\n"
    "end:\n"
    "\tdo\n"
    "\t:: atomic {\n"
    "\t\tif /* what happens */\n"
    "\t\t:: is_queued[me] -> is_queued[me] = false; event = ON_RECEIVE_SCCRQ\n"
    "\t\t:: !is_queued[me] && nempty(wire[me]) ->\n"
    "\t\t\twire[me]?event;\n"
    "\t\t\tif\n"
    "\t\t\t:: true\n"
    "\t\t\t:: may_fail[me] -> may_fail[me] = false; event = ON_RECEIVE_A_FAULTY_MESSAGE\n"
    "\t\t\tfi\n"
    "\t\t:: !is_queued[me] && may_open[me] -> may_open[me] = false; event = ON_LOCAL_OPEN_REQUEST\n"
    "\t\t:: !is_queued[me] && may_call[me] -> may_call[me] = false; event = ON_LOCAL_OPEN_REQUEST_NEW_CALL\n"
    "\t\t:: !is_queued[me] && may_close[me] -> may_close[me] = false; event = ON_ADMIN_TUNNEL_CLOSE\n"
    "\t\t:: !is_queued[me] && is_cut && STATE != AT_IDLE -> event = ON_RETRANSMISSIONS_EXHAUSTED\n"
    "\t\t:: !is_queued[me] && may_greet[me] && STATE == AT_ESTABLISHED ->\n"
    "\t\t\tmay_greet[me] = false; LAUNCH(ON_RECEIVE_HELLO); goto end\n"
    "\t\tfi;\n"
    "\t\thas_stopped = event == ON_RECEIVE_STOPCCN;\n";
static const char peers_foot[] =
    "\t\tassert(!has_stopped || STATE == AT_IDLE); /* StopCCN, sent or received, is the end */\n"
    "\t\thas_stopped = false;\n"
    "\t\tevent = 0\n"
    "\t}\n"
    "\tod\n"
    "}\n"
    "\n"
    "init {\n"
    "\tatomic {\n"
    "\t\tselect(winner : 0 .. 3);\n"
    "\t\tMAYBE(may_open[0]); MAYBE(may_call[0]); MAYBE(may_close[0]); MAYBE(may_greet[0]); "
    "MAYBE(may_fail[0]);\n"
    "\t\tMAYBE(may_open[1]); MAYBE(may_call[1]); MAYBE(may_close[1]); MAYBE(may_greet[1]); "
    "MAYBE(may_fail[1]);\n"
    "\t\tMAYBE(may_cut);\n"
    "\t\trun peer(0);\n"
    "\t\trun peer(1)\n"
    "\t}\n"
    "\tatomic {\n"
    "\t\tmay_cut ->\n"
    "\t\tis_cut = true;\n"
    "\t\tdo\n"
    "\t\t:: nempty(wire[0]) -> wire[0]?_\n"
    "\t\t:: nempty(wire[1]) -> wire[1]?_\n"
    "\t\t:: empty(wire[0]) && empty(wire[1]) -> break\n"
    "\t\tod\n"
    "\t} unless timeout;\n"
    "\ttimeout ->\n"
    "\tassert(at[0] == at[1]); /* both settle alike */\n"
    "\tassert(at[0] == AT_IDLE || at[0] == AT_ESTABLISHED)\n"
    "}\n";

/* One machine, to which anything happens at any time. */
static const char alone_head[] = "#define STATE at\n"
				 "#define SEND(message) skip\n"
				 "#define LAUNCH(message) skip\n"
				 "#define REQUEUE skip\n"
				 "\n"
				 "byte at;\n"
				 "hidden byte row;\n"
				 "\n"
				 "active proctype machine()\n"
				 "{\n"
				 "\tbyte event;\n"
				 "\tdo\n"
				 "\t:: atomic {\n";
static const char alone_foot[] = "\t\tevent = 0\n"
				 "\t}\n"
				 "\tod\n"
				 "}\n";

static bool
is_of_peers(const struct ut_machine *m)
{
	return m == &l2tp_cc_machine;
}

void
graph_promela(FILE *out, const struct ut_machine *m)
{
	fprintf(out, "/* %s: a model for spin, printed by uptun graph */\n\n", m->name);
	define_all(out, "AT_", m->states, m->n_states);
	define_all(out, "ON_", m->events, m->n_events);
	define_answers(out, m, is_of_peers(m) ? "tie-breaker" : NULL);
	fputs(is_of_peers(m) ? peers_head : alone_head, out);
	if (!is_of_peers(m))
		fprintf(out, "\t\tselect(event : 0 .. %u);\n", m->n_events - 1U);
	print_table(out, m);
	fputs(is_of_peers(m) ? peers_foot : alone_foot, out);
}
