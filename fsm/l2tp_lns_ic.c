/* l2tp_lns_ic.c - an incoming call, seen by the LNS (RFC 2661 7.4.2)
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fsm/l2tp_session_rows.h"

#define IN(s) UT_BIT(L2TP_LNS_IC_##s)
#define ANYWHERE (UT_BIT(L2TP_LNS_IC_STATE_N) - 1)
#define TO(s) L2TP_LNS_IC_##s

/* clang-format off */
static const struct ut_row rows[] = {
/*  source, states, events, answer, actions, new state */
{ "7.4.2 r1", IN(IDLE),                          ON(RX_ICRQ),                                     IF_DATA(YES),   DO(SEND_ICRP),             TO(WAIT_CONNECT) },
{ "7.4.2 r2", IN(IDLE),                          ON(RX_ICRQ),                                     IF_DATA(NO),    DO2(SEND_CDN, CLEAN_UP),   TO(IDLE) },
{ "7.4.2 r3", IN(IDLE),                          ON(RX_ICRP),                                     ALWAYS,         DO2(SEND_CDN, CLEAN_UP),   TO(IDLE) },
{ "7.4.2 r4", IN(IDLE),                          ON(RX_ICCN),                                     ALWAYS,         DO(CLEAN_UP),              TO(IDLE) },
{ "7.4.2 r5", IN(WAIT_CONNECT),                  ON(RX_ICCN),                                     IF_ACCEPT(YES), DO(PREPARE_DATA),          TO(ESTABLISHED) },
{ "7.4.2 r6", IN(WAIT_CONNECT),                  ON(RX_ICCN),                                     IF_ACCEPT(NO),  DO2(SEND_CDN, CLEAN_UP),   TO(IDLE) },
{ "7.4.2 r7", IN(WAIT_CONNECT),                  ON(RX_ICRQ) | ON(RX_ICRP),                       ALWAYS,         DO2(SEND_CDN, CLEAN_UP),   TO(IDLE) },
{ "7.4.2 r8", IN(IDLE) | IN(WAIT_CONNECT) | IN(ESTABLISHED), ON(RX_CDN),                                      ALWAYS,         DO(CLEAN_UP),              TO(IDLE) },
{ "7.4.2 r9", IN(WAIT_CONNECT) | IN(ESTABLISHED), ON(LOCAL_CLOSE),                                 ALWAYS,         DO2(SEND_CDN, CLEAN_UP),   TO(IDLE) },
{ "7.4.2 r10",IN(ESTABLISHED),                   ON(RX_ICRQ) | ON(RX_ICRP) | ON(RX_ICCN),         ALWAYS,         DO2(SEND_CDN, CLEAN_UP),   TO(IDLE) },
/* ---- not in the RFC's table ---- */
{ "design: the kernel session stands before ICRP goes out",
            IN(IDLE),                          ON(RX_ICRQ),                                     IF_DATA(LATER), DO(OPEN_DATA_PATH),        TO(IDLE) },
{ "design: the kernel session stands before ICRP goes out",
            IN(IDLE),                          ON(DATA_PATH_UP),                                ALWAYS,         DO(SEND_ICRP),             TO(WAIT_CONNECT) },
{ "local: no call without its data path",
            ANYWHERE,                          ON(DATA_PATH_FAILED),                            ALWAYS,         DO2(SEND_CDN, CLEAN_UP),   TO(IDLE) },
{ "local: it is up",
            IN(WAIT_CONNECT) | IN(ESTABLISHED), ON(DATA_PATH_UP),                                ALWAYS,         DO(NOTHING),               TO_SAME },
{ "local: close while the data path opens",
            IN(IDLE),                          ON(LOCAL_CLOSE),                                 ALWAYS,         DO2(SEND_CDN, CLEAN_UP),   TO(IDLE) },
{ "local: an LNS does not open incoming calls",
            ANYWHERE,                          ON(LOCAL_OPEN) | ON(TUNNEL_OPEN) | ON(BEARER_ANSWER) | ON(BEARER_FAILURE), ALWAYS,         DO(NOTHING),               TO_SAME },
COMMON_ROWS(IN(WAIT_CONNECT) | IN(ESTABLISHED), IN(IDLE), IN(IDLE) | IN(WAIT_CONNECT), ON(RX_OCRQ) | ON(RX_OCRP) | ON(RX_OCCN)),
};
/* clang-format on */

L2TP_SESSION_MACHINE(l2tp_lns_ic_machine, "l2tp-lns-incoming", L2TP_LNS_IC_STATES, 10);
