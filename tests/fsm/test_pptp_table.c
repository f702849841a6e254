/* test_pptp_table.c - PPTP's tables are what RFC 2637's diagrams are
 * SPDX-License-Identifier: Apache-2.0
 *
 * The second transcription, rfc2637-*.tsv, was typed from the diagrams, in their words.  Those differ from diagram to
 * diagram; the table of words below says what each of them means here.
 */
#include "tests/fsm/machines.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "tests/fsm/rfc_lines.h"

enum { LINES_MAX = 32 };

/* ---- the diagrams' words ---- */

struct word {
	const char *rfc, *ours;
};
static const struct word words[] = {
	/* events */
	{ "Receive Start Control Connection Request", "Receive SCCRQ" },
	{ "Receive Control Connection Request", "Receive SCCRQ" },
	{ "Receive Start Ctl Connection Request", "Receive SCCRQ" },
	{ "Receive Start Ctl Connection Reply", "Receive SCCRP" },
	{ "Receive Stop-Control-Connection-Request", "Receive StopCCRQ" },
	{ "Receive Stop Control Connection Request", "Receive StopCCRQ" },
	{ "Receive Stop-Control-Connection-Reply", "Receive StopCCRP" },
	{ "Receive Stop Control Connection Reply", "Receive StopCCRP" },
	{ "Open Indication", "Open Indication or Ring" },
	{ "Ring", "Open Indication or Ring" },
	{ "Abort", "Abort or Local Terminate" },
	{ "Local Terminate", "Abort or Local Terminate" },
	{ "local terminate", "Abort or Local Terminate" },
	{ "local disconnect", "Abort or Local Terminate" },
	{ "telco call dropped", "Incomplete Call: data path failed or lost" },
	{ "telco disconnect", "Incomplete Call: data path failed or lost" },
	{ "Incomplete Call", "Incomplete Call: data path failed or lost" },
	{ "Telco Answer", "Telco Answer: data path up" },
	{ "Receive Incoming Call Request", "Receive ICRQ" },
	{ "Receive Incoming Call Req.", "Receive ICRQ" },
	{ "Receive Incoming Call Reply", "Receive ICRP" },
	{ "Receive Incoming Call Connect", "Receive ICCN" },
	{ "Receive Outgoing Call Request", "Receive OCRQ" },
	{ "Receive Outgoing Call Reply", "Receive OCRP" },
	{ "Receive Clear Call Request", "Receive CCRQ" },
	{ "Receive Call Clear Request", "Receive CCRQ" },
	{ "Recv. Call Clear Req.", "Receive CCRQ" },
	{ "Receive Call Disconnect Notify", "Receive CDN" },
	/* guards */
	{ "-", "no calls" },
	{ "Not Accepting", "not acceptable" },
	{ "Accepting", "acceptable" },
	{ "Error", "not acceptable" },
	{ "OK", "acceptable" },
	{ "in Error", "not acceptable" },
	{ "with Error", "not acceptable" },
	{ "No Error", "acceptable" },
	/* actions; to clean up and to hang up go without saying there */
	{ "-", "none" },
	{ "-", "Clean up" },
	{ "Send Start Control Connection Request", "Send SCCRQ" },
	{ "Send Start Control Connection Reply", "Send SCCRP" },
	{ "Send Start Control Connection Reply with Error, Close TCP", "Send SCCRP with Error, Close TCP" },
	{ "Send Stop-Control-Connection-Request", "Send StopCCRQ" },
	{ "Send Stop Control Request", "Send StopCCRQ" },
	{ "Send Stop Control Conn. Request", "Send StopCCRQ" },
	{ "Send Stop-Control-Connection-Reply, Close TCP", "Send StopCCRP, Close TCP" },
	{ "Send Stop Control Reply, Close TCP", "Send StopCCRP, Close TCP" },
	{ "Send Stop Reply, Close TCP", "Send StopCCRP, Close TCP" },
	{ "Send Incoming Call Request", "Send ICRQ" },
	{ "Send Incoming Call Reply OK", "Send ICRP" },
	{ "Send Incoming Call Reply Not Accepting", "Send ICRP Not Accepting, Clean up" },
	{ "Answer call, Send Call Connected", "Send ICCN" },
	{ "Send Outgoing Call Request", "Send OCRQ" },
	{ "Send Outgoing Call Reply.", "Send OCRP" },
	{ "Send Outgoing Call Reply with Error", "Send OCRP with Error, Clean up" },
	{ "Off Hook; Dial", "Off Hook, Dial: open data path" },
	{ "Send Call Disconnect Notify", "Send CDN, Clean up" },
	{ "Send Disconnect Notify", "Send CDN, Clean up" },
	{ "Hangup call, Send Call Disconnect Notify", "Send CDN, Clean up" },
	{ "Send Call Clear Request", "Send CCRQ, Hang up: close data path" },
};

static bool
is_same_word(const char *rfc, const char *ours)
{
	for (size_t k = 0; k < sizeof words / sizeof words[0]; k++)
		if (strcmp(rfc, words[k].rfc) == 0 && strcmp(ours, words[k].ours) == 0)
			return true;
	return strcmp(rfc, ours) == 0;
}

/* "wait_reply", "Wait-Reply": one state, which we write "wait-reply". */
static bool
is_same_state(const char *rfc, const char *ours)
{
	for (; *rfc != '\0' && *ours != '\0'; rfc++, ours++) {
		char c = *rfc == '_' ? '-' : (char)(*rfc >= 'A' && *rfc <= 'Z' ? *rfc - 'A' + 'a' : *rfc);

		if (c != *ours)
			return false;
	}
	return *rfc == *ours;
}

static void
join_actions(const struct ut_machine *m, const struct ut_row *row, char out[96])
{
	snprintf(out, 96, "%s", m->actions[row->actions[0]]);
	for (unsigned k = 1; k < UT_ROW_ACTIONS && row->actions[k] != 0; k++) {
		size_t at = strlen(out);

		snprintf(out + at, 96 - at, ", %s", m->actions[row->actions[k]]);
	}
}

static bool
is_same_line(const struct ut_machine *m, const struct ut_row *row, uint8_t state, uint8_t event,
	     const struct rfc_line *l)
{
	const char *guard = row->question == 0 ? "-" : m->questions[row->question].answers[row->answer];
	char actions[96];

	join_actions(m, row, actions);
	return is_same_state(l->state, m->states[state]) && is_same_word(l->event, m->events[event]) &&
	       is_same_word(l->guard, guard) && is_same_word(l->actions, actions) &&
	       is_same_state(l->next, m->states[row->next]) && strcmp(l->source, row->source) == 0;
}

static void
match_cell(const struct ut_machine *m, const struct ut_row *row, uint8_t state, uint8_t event,
	   struct rfc_line *lines, unsigned n)
{
	bool found = false;

	for (unsigned k = 0; k < n; k++)
		if (is_same_line(m, row, state, event, &lines[k]))
			found = lines[k].matched = true;
	if (!found)
		fail_msg("not in the RFC: %s: %s, %s", row->source, m->states[state], m->events[event]);
}

static void
our_rows_and_the_diagrams_agree_both_ways(void **state)
{
	static const struct {
		const struct ut_machine *m;
		const char *section;
	} all[] = {
		{ &pptp_cc_orig_machine, "3.1.1" },  { &pptp_cc_recv_machine, "3.1.2" },
		{ &pptp_pac_ic_machine, "3.2.3.1" }, { &pptp_pns_ic_machine, "3.2.3.2" },
		{ &pptp_pac_oc_machine, "3.2.4.1" }, { &pptp_pns_oc_machine, "3.2.4.2" },
	};
	static struct rfc_line lines[LINES_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		const struct ut_machine *m = all[i].m;
		unsigned n = rfc_lines_read(2637, all[i].section, lines, LINES_MAX);

		for (uint16_t r = 0; r < m->n_rfc_rows; r++)
			for (uint8_t s = 0; s < m->n_states; s++)
				for (uint8_t e = 0; e < m->n_events; e++)
					if ((m->rows[r].states & UT_BIT(s)) != 0 &&
					    (m->rows[r].events & UT_BIT(e)) != 0)
						match_cell(m, &m->rows[r], s, e, lines, n);
		for (unsigned k = 0; k < n; k++) {
			assert_string_equal(lines[k].machine, m->name);
			if (!lines[k].matched)
				fail_msg("only in the RFC: %s: %s", lines[k].source, lines[k].event);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(our_rows_and_the_diagrams_agree_both_ways),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
