/* equivalent.c - faults that nobody can notice, each with the reason
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/mutants/equivalent.h"
#include "fsm/machines.h"
#include "tests/fsm/unreached.h"

#include <string.h>

/* By machine, kind and how the row's source begins; `member`, `to`: the event or
 * state that is moved, and how the source of the row begins that gets it. */
struct excuse {
	const struct ut_machine *machine;
	enum mutant_kind kind;
	const char *source, *member, *to, *why;
};
static const char no_tunnel[] = "in this state there is no tunnel to give up, or one that has ended";
static const char begins[] = "a request begins a call of its own: none that stands hears it";
static const char other_kind[] = "a reply to a call of the other kind is dropped before the table";
static const char stopping[] = "the first stop has made a link stop whose PPP runs";
static const char over[] = "a call that was hung up hears nothing of its data path any more";

static const struct excuse excuses[] = {
	{ &l2tp_cc_machine, MUTANT_DROP_ACTION, "local: nothing was opened yet", NULL, NULL,
	  "an idle tunnel that is closed has been cleaned up already" },
	{ &ut_client_machine, MUTANT_MOVE_STATE, "late result", "idle", "protection lost", no_tunnel },
	{ &ut_client_machine, MUTANT_MOVE_STATE, "late result", "resolve", "protection lost", no_tunnel },
	{ &ut_client_machine, MUTANT_MOVE_STATE, "late result", "probe", "protection lost", no_tunnel },
	{ &ut_client_machine, MUTANT_MOVE_STATE, "late result", "backoff", "protection lost", no_tunnel },
	{ &ut_client_machine, MUTANT_MOVE_STATE, "no tunnel depends on it", "idle", "nothing sent",
	  no_tunnel },
	{ &ut_client_machine, MUTANT_MOVE_STATE, "no tunnel depends on it", "resolve", "nothing sent",
	  no_tunnel },
	{ &ut_client_machine, MUTANT_MOVE_STATE, "no tunnel depends on it", "protect", "nothing sent",
	  no_tunnel },
	{ &ut_client_machine, MUTANT_MOVE_STATE, "no tunnel depends on it", "probe", "nothing sent",
	  no_tunnel },
	{ &ut_client_machine, MUTANT_MOVE_STATE, "no tunnel depends on it", "backoff", "nothing sent",
	  no_tunnel },
	{ &ut_client_machine, MUTANT_MOVE_STATE, "of a tunnel given up", "resolve", "the peer closed",
	  no_tunnel },
	{ &ut_client_machine, MUTANT_MOVE_STATE, "of a tunnel given up", "protect", "the peer closed",
	  no_tunnel },
	{ &ut_client_machine, MUTANT_MOVE_STATE, "of a tunnel given up", "probe", "the peer closed",
	  no_tunnel },
	{ &ut_client_machine, MUTANT_MOVE_STATE, "of a tunnel given up", "backoff", "the peer closed",
	  no_tunnel },
	{ &ut_link_machine, MUTANT_MOVE_STATE, "stop asked twice", "ppp", "stop asked twice", stopping },
	{ &ut_link_machine, MUTANT_MOVE_STATE, "stop asked twice", "up", "stop asked twice", stopping },
	{ &pptp_cc_recv_machine, MUTANT_MOVE_STATE, "local: it waits for its calls no more", "idle", "2.12",
	  "an idle connection has given its stream back, and hears nothing any more" },
	{ &pptp_pac_ic_machine, MUTANT_MOVE_EVENT, "local: not a message of this kind", "Receive ICRQ",
	  "3.2.1", begins },
	{ &pptp_pac_ic_machine, MUTANT_MOVE_EVENT, "local: not a message of this kind", "Receive OCRQ",
	  "3.2.1", begins },
	{ &pptp_pac_oc_machine, MUTANT_MOVE_EVENT, "local: not a message of this kind", "Receive ICRQ",
	  "3.2.1", begins },
	{ &pptp_pns_oc_machine, MUTANT_MOVE_EVENT, "local: not a message of this kind", "Receive ICRQ",
	  "3.2.1", begins },
	{ &pptp_pns_oc_machine, MUTANT_MOVE_EVENT, "local: not a message of this kind", "Receive OCRQ",
	  "3.2.1", begins },
	{ &pptp_pac_ic_machine, MUTANT_MOVE_EVENT, "local: not a message of this kind", "Receive OCRP",
	  "3.2.1", other_kind },
	{ &pptp_pac_oc_machine, MUTANT_MOVE_EVENT, "local: not a message of this kind", "Receive OCRP",
	  "3.2.1", other_kind },
	{ &pptp_pac_oc_machine, MUTANT_MOVE_EVENT, "local: not a message of this kind", "Receive ICRP",
	  "3.2.1", other_kind },
	{ &pptp_pns_oc_machine, MUTANT_MOVE_EVENT, "local: not a message of this kind", "Receive ICRP",
	  "3.2.1", other_kind },
	{ &pptp_pns_oc_machine, MUTANT_MOVE_EVENT, "local: being cleared", "Telco Answer", "interop 41",
	  over },
	{ &pptp_pns_oc_machine, MUTANT_MOVE_EVENT, "local: being cleared", "Incomplete Call", "interop 41",
	  over },
};

/* Every cell that the fault leaves without a row, or with two, is noticed by the proof of the table. */
static bool
leaves_a_hole(const struct mutant *mutant)
{
	return mutant->kind == MUTANT_DELETE || mutant->kind == MUTANT_DROP_STATE ||
	       mutant->kind == MUTANT_DROP_EVENT;
}

static bool
begins_with(const char *text, const char *beginning)
{
	return strncmp(text, beginning, strlen(beginning)) == 0;
}

static bool
is_meant(const struct excuse *excuse, const struct ut_machine *m, const struct mutant *mutant)
{
	const unsigned moved = mutant->argument / MUTANT_ROWS, to = mutant->argument % MUTANT_ROWS;

	if (excuse->machine != m || excuse->kind != mutant->kind ||
	    !begins_with(m->rows[mutant->row].source, excuse->source))
		return false;
	if (excuse->member == NULL)
		return true;
	return begins_with(mutant->kind == MUTANT_MOVE_STATE ? m->states[moved] : m->events[moved],
			   excuse->member) &&
	       begins_with(m->rows[to].source, excuse->to);
}

const char *
mutant_excuse(const struct ut_machine *m, const struct mutant *mutant)
{
	if (leaves_a_hole(mutant))
		return NULL;
	for (size_t k = 0; k < UT_COUNT(excuses); k++)
		if (is_meant(&excuses[k], m, mutant))
			return excuses[k].why;
	return row_unreached(m, &m->rows[mutant->row]);
}
