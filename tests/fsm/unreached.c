/* unreached.c - rows that no event of a peer or a host leads to
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/fsm/unreached.h"
#include "fsm/client.h"
#include "fsm/l2tp_session.h"
#include "fsm/machines.h"

#include <string.h>

/* By machine and how their source begins. */
struct reason {
	const struct ut_machine *machine;
	const char *source;
	const char *why;
};
/* Of rows whose sources begin alike those of these states, or of these events; 0: any. */
struct narrow_reason {
	uint32_t states, events;
	struct reason reason;
};
static const char no_tunnel[] = "an idle tunnel is no tunnel: SCCRP and SCCCN to nobody are dropped before";
static const char idle_call[] = "an idle call is no call: a message about it finds none";
static const char not_told[] = "only the matcher asks: the engine has no such event for this kind of call";
static const char once[] = "the engine gives this event once, and only where it is waited for";
static const char gone[] =
    "what it came from is freed, or its event is taken, before the client or link moves on";

static const char data_path_first[] =
    "who takes calls opens a data path first: the answer is never plain yes";
static const char first_stop[] = "the first stop has ended it in these states";
static const char closed[] = "an idle connection has given its stream back, and hears nothing any more";
static const char timed[] = "a timer's event is given only where that timer runs";
static const char fresh[] =
    "an id in use is refused, and replies to what was answered are dropped, before the table";

static const struct reason reasons[] = {
	{ &pptp_cc_orig_machine, "local: nothing was sent that could be answered", closed },
	{ &pptp_cc_orig_machine, "local: open, being opened", once },
	{ &pptp_cc_orig_machine, "3.1.3: no SCCRQ of ours is waiting", once },
	{ &pptp_cc_orig_machine, "local: it waits for its calls no more", once },
	{ &pptp_cc_orig_machine, "local: a reply is waited for anyway", timed },
	{ &pptp_cc_orig_machine, "local: being closed, or nothing was agreed", timed },
	{ &pptp_cc_orig_machine, "local: a call's own machine hears it", not_told },
	{ &pptp_cc_recv_machine, "local: the peer opens TCP here", not_told },
	{ &pptp_cc_recv_machine, "local: a reply is waited for anyway", timed },
	{ &pptp_cc_recv_machine, "local: being closed, or nothing was agreed", timed },
	{ &pptp_cc_recv_machine, "local: a call's own machine hears it", not_told },
	{ &pptp_pns_oc_machine, "local: answered already", fresh },
	{ &pptp_pns_oc_machine, "local: nothing was asked", idle_call },
	{ &pptp_pns_oc_machine, "local: it is up, or not to be opened yet", once },
	{ &pptp_pns_oc_machine, "local: asked twice", once },
	{ &pptp_pns_oc_machine, "local: no CDN is waited for", timed },
	{ &pptp_pac_oc_machine, "local: nothing to close", idle_call },
	{ &pptp_pac_oc_machine, "local: nothing was asked", idle_call },
	{ &pptp_pac_oc_machine, "local: asked already", fresh },
	{ &pptp_pac_oc_machine, "local: it is up", once },
	{ &pptp_pac_oc_machine, "local: a PAC opens no outgoing call", not_told },
	{ &pptp_pac_ic_machine, "local: nothing was asked", idle_call },
	{ &pptp_pac_ic_machine, "local: answered already", fresh },
	{ &pptp_pac_ic_machine, "local: it is up, or not to be opened yet", once },
	{ &pptp_pac_ic_machine, "local: asked twice", once },
	{ &pptp_pac_ic_machine, "local: a PAC clears without waiting", timed },
	{ &pptp_pns_ic_machine, "3.2.3.2 idle -> wait_connect", data_path_first },
	{ &pptp_pns_ic_machine, "local: being cleared", once },
	{ &pptp_pns_ic_machine, "local: asked already", fresh },
	{ &pptp_pns_ic_machine, "local: it is up", once },
	{ &pptp_pns_ic_machine, "local: no CDN is waited for", timed },
	{ &pptp_pns_ic_machine, "local: a PNS opens no incoming call", not_told },
	{ &pptp_pns_ic_machine, "local: not a message of this kind of call", fresh },
	{ &l2tp_cc_machine, "7.2.1 r4", no_tunnel },
	{ &l2tp_cc_machine, "7.2.1 r5", no_tunnel },
	{ &l2tp_cc_machine, "local: open, being opened", once },
	{ &l2tp_lac_ic_machine, "7.4.1 r2", idle_call },
	{ &l2tp_lac_ic_machine, "local: result for a call that is gone", idle_call },
	{ &l2tp_lac_ic_machine, "local: it is up", once },
	{ &l2tp_lac_ic_machine, "local: nothing to close", idle_call },
	{ &l2tp_lac_ic_machine, "local: a LAC takes no incoming call", idle_call },
	{ &l2tp_lac_ic_machine, "local: the peer does not know this call yet",
	  "its id was never on the wire" },
	{ &l2tp_lac_ic_machine, "local: asked twice", once },
	{ &l2tp_lac_ic_machine, "local: the tunnel opened for another call", once },
	{ &l2tp_lac_ic_machine, "local: an incoming call has no bearer", not_told },
	{ &l2tp_lns_ic_machine, "7.4.2 r6", "nothing an ICCN may hold is unacceptable" },
	{ &l2tp_lns_ic_machine, "local: it is up", once },
	{ &l2tp_lns_ic_machine, "local: an LNS does not open incoming calls", not_told },
	{ &l2tp_lac_oc_machine, "7.5.1 r3", idle_call },
	{ &l2tp_lac_oc_machine, "7.5.1 r4", idle_call },
	{ &l2tp_lac_oc_machine, "local: nothing to close", idle_call },
	{ &l2tp_lac_oc_machine, "local: the bearer is the data path", not_told },
	{ &l2tp_lac_oc_machine, "local: it is up", once },
	{ &l2tp_lac_oc_machine, "local: result for a call that is gone", idle_call },
	{ &l2tp_lac_oc_machine, "local: a LAC does not open outgoing calls", not_told },
	{ &l2tp_lac_oc_machine, "local: the peer does not know this call yet", idle_call },
	{ &l2tp_lns_ic_machine, "local: it is not half open", once },
	{ &l2tp_lac_ic_machine, "4.4.2: a call may not stay half open", not_told },
	{ &l2tp_lac_ic_machine, "local: it is not half open", not_told },
	{ &l2tp_lac_oc_machine, "local: it is not half open", once },
	{ &l2tp_lns_oc_machine, "7.5.2 r2", idle_call },
	{ &l2tp_lns_oc_machine, "7.5.2 r4",
	  "who places calls opens a data path first: the answer is never plain yes" },
	{ &l2tp_lns_oc_machine, "7.5.2 r5", "nothing an OCRP may hold is unacceptable" },
	{ &l2tp_lns_oc_machine, "7.5.2 r12", "the host does not know a call before it has a data path" },
	{ &l2tp_lns_oc_machine, "local: result for a call that is gone", idle_call },
	{ &l2tp_lns_oc_machine, "local: nothing to close", idle_call },
	{ &l2tp_lns_oc_machine, "local: an LNS takes no outgoing call", idle_call },
	{ &l2tp_lns_oc_machine, "local: the peer does not know this call yet",
	  "its id was never on the wire" },
	{ &l2tp_lns_oc_machine, "local: asked twice", once },
	{ &l2tp_lns_oc_machine, "local: the tunnel opened for another call", once },
	{ &l2tp_lns_oc_machine, "local: the bearer is the other end's", not_told },
	{ &l2tp_lns_oc_machine, "local: it is not half open", once },
	{ &ut_client_machine, "no links are live here", gone },
	{ &ut_client_machine, "no timer runs here", gone },
	{ &ut_link_machine, "started already", once },
	{ &ut_link_machine, "no timer runs here", gone },
};

static const struct narrow_reason narrow_reasons[] = {
	{ UT_BIT(L2TP_SESSION_IDLE), 0, { &l2tp_lns_ic_machine, "7.4.2 r1", data_path_first } },
	{ 0,
	  UT_BIT(UT_LINK_EV_SESSION_ANSWERED),
	  { &ut_link_machine, "late news of a session given up", gone } },
	{ 0, UT_BIT(UT_LINK_EV_SESSION_UP), { &ut_link_machine, "late news of a session given up", gone } },
	{ UT_BIT(L2TP_SESSION_IDLE),
	  0,
	  { &l2tp_lac_ic_machine, "local: a message of the other kind", idle_call } },
	{ UT_BIT(L2TP_SESSION_IDLE),
	  0,
	  { &l2tp_lac_oc_machine, "local: a message of the other kind", idle_call } },
	{ UT_BIT(L2TP_SESSION_IDLE),
	  0,
	  { &l2tp_lns_oc_machine, "local: a message of the other kind", idle_call } },
	{ UT_BIT(UT_LINK_SESSION) | UT_BIT(UT_LINK_LINK),
	  0,
	  { &ut_link_machine, "stop asked twice", first_stop } },
	{ UT_BIT(UT_LINK_BACKOFF), 0, { &ut_link_machine, "stop asked twice", first_stop } },
};

static bool
is_meant(const struct reason *reason, const struct ut_machine *m, const struct ut_row *row)
{
	return reason->machine == m && strncmp(row->source, reason->source, strlen(reason->source)) == 0;
}

static bool
is_narrowly_meant(const struct narrow_reason *n, const struct ut_machine *m, const struct ut_row *row)
{
	return (n->states == 0 || n->states == row->states) && (n->events == 0 || n->events == row->events) &&
	       is_meant(&n->reason, m, row);
}

const char *
row_unreached(const struct ut_machine *m, const struct ut_row *row)
{
	for (size_t k = 0; k < UT_COUNT(reasons); k++)
		if (is_meant(&reasons[k], m, row))
			return reasons[k].why;
	for (size_t k = 0; k < UT_COUNT(narrow_reasons); k++)
		if (is_narrowly_meant(&narrow_reasons[k], m, row))
			return narrow_reasons[k].reason.why;
	return NULL;
}
