/* machines.h - all machines, for what treats them alike
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef FSM_MACHINES_H
#define FSM_MACHINES_H

#include "fsm/client.h"
#include "fsm/l2tp_cc.h"
#include "fsm/l2tp_session.h"
#include "fsm/pptp_call.h"
#include "fsm/pptp_cc.h"

/* X(machine) */
#define UT_MACHINES(X)          \
	X(l2tp_cc_machine)      \
	X(l2tp_lac_ic_machine)  \
	X(l2tp_lns_ic_machine)  \
	X(l2tp_lac_oc_machine)  \
	X(l2tp_lns_oc_machine)  \
	X(pptp_cc_orig_machine) \
	X(pptp_cc_recv_machine) \
	X(pptp_pns_oc_machine)  \
	X(pptp_pac_oc_machine)  \
	X(pptp_pac_ic_machine)  \
	X(pptp_pns_ic_machine)  \
	X(ut_client_machine)    \
	X(ut_link_machine)

#endif
