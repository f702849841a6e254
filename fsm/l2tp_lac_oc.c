/* l2tp_lac_oc.c - an outgoing call, seen by the LAC (RFC 2661 7.5.1)
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fsm/l2tp_session_rows.h"

#define IN(s) UT_BIT(L2TP_LAC_OC_##s)
#define ANYWHERE (UT_BIT(L2TP_LAC_OC_STATE_N) - 1)
#define TO(s) L2TP_LAC_OC_##s

/* clang-format off */
static const struct ut_row rows[] = {
/*  source, states, events, answer, actions, new state */
{ "7.5.1 r1", IN(IDLE),                          ON(RX_OCRQ),                                     IF_ACCEPT(YES), DO2(SEND_OCRP, OPEN_BEARER), TO(WAIT_CS_ANSWER) },
{ "7.5.1 r2", IN(IDLE),                          ON(RX_OCRQ),                                     IF_ACCEPT(NO),  DO2(SEND_CDN, CLEAN_UP),   TO(IDLE) },
{ "7.5.1 r3", IN(IDLE),                          ON(RX_OCRP),                                     ALWAYS,         DO2(SEND_CDN, CLEAN_UP),   TO(IDLE) },
{ "7.5.1 r4", IN(IDLE),                          ON(RX_OCCN) | ON(RX_CDN),                        ALWAYS,         DO(CLEAN_UP),              TO(IDLE) },
{ "7.5.1 r5", IN(WAIT_CS_ANSWER),                ON(BEARER_ANSWER),                               ALWAYS,         DO(SEND_OCCN),             TO(ESTABLISHED) },
{ "7.5.1 r6", IN(WAIT_CS_ANSWER),                ON(BEARER_FAILURE),                              ALWAYS,         DO2(SEND_CDN, CLEAN_UP),   TO(IDLE) },
{ "7.5.1 r7", IN(WAIT_CS_ANSWER),                ON(RX_OCRQ) | ON(RX_OCRP) | ON(RX_OCCN),         ALWAYS,         DO2(SEND_CDN, CLEAN_UP),   TO(IDLE) },
{ "7.5.1 r8", IN(ESTABLISHED),                   ON(RX_OCRQ) | ON(RX_OCRP) | ON(RX_OCCN),         ALWAYS,         DO2(SEND_CDN, CLEAN_UP),   TO(IDLE) },
{ "7.5.1 r9", IN(WAIT_CS_ANSWER) | IN(ESTABLISHED), ON(RX_CDN),                                      ALWAYS,         DO(CLEAN_UP),              TO(IDLE) },
{ "7.5.1 r10",IN(ESTABLISHED),                   ON(LOCAL_CLOSE),                                 ALWAYS,         DO2(SEND_CDN, CLEAN_UP),   TO(IDLE) },
/* ---- not in the RFC's table ---- */
{ "local: close before the bearer answered",
            IN(WAIT_CS_ANSWER),                ON(LOCAL_CLOSE),                                 ALWAYS,         DO2(SEND_CDN, CLEAN_UP),   TO(IDLE) },
{ "local: nothing to close",
            IN(IDLE),                          ON(LOCAL_CLOSE),                                 ALWAYS,         DO(CLEAN_UP),              TO(IDLE) },
{ "local: the bearer is the data path",
            IN(WAIT_CS_ANSWER) | IN(ESTABLISHED), ON(DATA_PATH_FAILED),                            ALWAYS,         DO2(SEND_CDN, CLEAN_UP),   TO(IDLE) },
{ "local: bearer lost",
            IN(ESTABLISHED),                   ON(BEARER_FAILURE),                              ALWAYS,         DO2(SEND_CDN, CLEAN_UP),   TO(IDLE) },
{ "local: it is up",
            IN(ESTABLISHED),                   ON(BEARER_ANSWER),                               ALWAYS,         DO(NOTHING),               TO(ESTABLISHED) },
{ "local: result for a call that is gone",
            IN(IDLE),                          ON(BEARER_ANSWER) | ON(BEARER_FAILURE) | ON(DATA_PATH_FAILED), ALWAYS,         DO(NOTHING),               TO(IDLE) },
{ "local: a LAC does not open outgoing calls",
            ANYWHERE,                          ON(LOCAL_OPEN) | ON(TUNNEL_OPEN) | ON(DATA_PATH_UP), ALWAYS,         DO(NOTHING),               TO_SAME },
COMMON_ROWS(IN(WAIT_CS_ANSWER) | IN(ESTABLISHED), IN(IDLE), IN(WAIT_CS_ANSWER), ON(RX_ICRQ) | ON(RX_ICRP) | ON(RX_ICCN)),
};
/* clang-format on */

L2TP_SESSION_MACHINE(l2tp_lac_oc_machine, "l2tp-lac-outgoing", L2TP_LAC_OC_STATES, 10);
