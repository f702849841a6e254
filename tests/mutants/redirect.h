/* redirect.h - included before each source of the mutable build: its machines are the copies
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_MUTANTS_REDIRECT_H
#define TESTS_MUTANTS_REDIRECT_H

#include "tests/mutants/mutable.h"

#define l2tp_cc_machine mutable_l2tp_cc_machine
#define l2tp_lac_ic_machine mutable_l2tp_lac_ic_machine
#define l2tp_lns_ic_machine mutable_l2tp_lns_ic_machine
#define l2tp_lac_oc_machine mutable_l2tp_lac_oc_machine
#define l2tp_lns_oc_machine mutable_l2tp_lns_oc_machine
#define pptp_cc_orig_machine mutable_pptp_cc_orig_machine
#define pptp_cc_recv_machine mutable_pptp_cc_recv_machine
#define pptp_pns_oc_machine mutable_pptp_pns_oc_machine
#define pptp_pac_oc_machine mutable_pptp_pac_oc_machine
#define pptp_pac_ic_machine mutable_pptp_pac_ic_machine
#define pptp_pns_ic_machine mutable_pptp_pns_ic_machine
#define ut_client_machine mutable_ut_client_machine
#define ut_link_machine mutable_ut_link_machine

#endif
