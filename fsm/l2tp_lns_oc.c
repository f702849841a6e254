/* l2tp_lns_oc.c - an outgoing call, seen by the LNS (RFC 2661 7.5.2)
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fsm/l2tp_session_rows.h"

#define IN(s) UT_BIT(L2TP_LNS_OC_##s)
#define ANYWHERE (UT_BIT(L2TP_LNS_OC_STATE_N) - 1)
#define TO(s) L2TP_LNS_OC_##s

/* clang-format off */
static const struct ut_row rows[] = {
/*  source, states, events, answer, actions, new state */
{ "7.5.2 r1", IN(IDLE),                          ON(LOCAL_OPEN),                                  ALWAYS,         DO(OPEN_TUNNEL),           TO(WAIT_TUNNEL) },
{ "7.5.2 r2", IN(IDLE),                          ON(RX_OCCN) | ON(RX_OCRP),                       ALWAYS,         DO(CLEAN_UP),              TO(IDLE) },
{ "7.5.2 r3", IN(WAIT_TUNNEL),                   ON(TUNNEL_OPEN),                                 ALWAYS,         DO(SEND_OCRQ),             TO(WAIT_REPLY) },
{ "7.5.2 r4", IN(WAIT_REPLY),                    ON(RX_OCRP),                                     IF_DATA(YES),   DO(NOTHING),               TO(WAIT_CONNECT) },
{ "7.5.2 r5", IN(WAIT_REPLY),                    ON(RX_OCRP),                                     IF_DATA(NO),    DO2(SEND_CDN, CLEAN_UP),   TO(IDLE) },
{ "7.5.2 r6", IN(WAIT_REPLY),                    ON(RX_OCCN) | ON(RX_OCRQ),                       ALWAYS,         DO2(SEND_CDN, CLEAN_UP),   TO(IDLE) },
{ "7.5.2 r7", IN(WAIT_CONNECT),                  ON(RX_OCCN),                                     ALWAYS,         DO(NOTHING),               TO(ESTABLISHED) },
{ "7.5.2 r8", IN(WAIT_CONNECT),                  ON(RX_OCRQ) | ON(RX_OCRP),                       ALWAYS,         DO2(SEND_CDN, CLEAN_UP),   TO(IDLE) },
{ "7.5.2 r9", IN(IDLE) | IN(WAIT_REPLY) | IN(WAIT_CONNECT) | IN(ESTABLISHED), ON(RX_CDN),                                      ALWAYS,         DO(CLEAN_UP),              TO(IDLE) },
{ "7.5.2 r10",IN(ESTABLISHED),                   ON(RX_OCRQ) | ON(RX_OCRP) | ON(RX_OCCN),         ALWAYS,         DO2(SEND_CDN, CLEAN_UP),   TO(IDLE) },
{ "7.5.2 r11",IN(WAIT_REPLY) | IN(WAIT_CONNECT) | IN(ESTABLISHED), ON(LOCAL_CLOSE),                                 ALWAYS,         DO2(SEND_CDN, CLEAN_UP),   TO(IDLE) },
{ "7.5.2 r12",IN(WAIT_TUNNEL),                   ON(LOCAL_CLOSE),                                 ALWAYS,         DO(CLEAN_UP),              TO(IDLE) },
/* ---- not in the RFC's table ---- */
{ "design: the kernel session stands before the call connects",
            IN(WAIT_REPLY),                    ON(RX_OCRP),                                     IF_DATA(LATER), DO(OPEN_DATA_PATH),        TO(WAIT_CONNECT) },
{ "local: no call without its data path",
            IN(WAIT_REPLY) | IN(WAIT_CONNECT) | IN(ESTABLISHED), ON(DATA_PATH_FAILED),                            ALWAYS,         DO2(SEND_CDN, CLEAN_UP),   TO(IDLE) },
{ "local: it is up",
            IN(WAIT_REPLY) | IN(WAIT_CONNECT) | IN(ESTABLISHED), ON(DATA_PATH_UP),                                ALWAYS,         DO(NOTHING),               TO_SAME },
{ "local: result for a call that is gone or needs none",
            IN(IDLE) | IN(WAIT_TUNNEL),        ON(DATA_PATH_UP) | ON(DATA_PATH_FAILED),         ALWAYS,         DO(NOTHING),               TO_SAME },
{ "local: nothing to close",
            IN(IDLE),                          ON(LOCAL_CLOSE),                                 ALWAYS,         DO(CLEAN_UP),              TO(IDLE) },
{ "local: an LNS takes no outgoing call from the tunnel",
            IN(IDLE),                          ON(RX_OCRQ),                                     ALWAYS,         DO2(SEND_CDN, CLEAN_UP),   TO(IDLE) },
{ "local: the peer does not know this call yet",
            IN(WAIT_TUNNEL),                   ON(RX_ICRQ) | ON(RX_ICRP) | ON(RX_ICCN) | ON(RX_CDN) | ON(RX_OCRQ) | ON(RX_OCRP) | ON(RX_OCCN), ALWAYS,         DO(NOTHING),               TO(WAIT_TUNNEL) },
{ "local: asked twice",
            IN(WAIT_TUNNEL) | IN(WAIT_REPLY) | IN(WAIT_CONNECT) | IN(ESTABLISHED), ON(LOCAL_OPEN),                                  ALWAYS,         DO(NOTHING),               TO_SAME },
{ "local: the tunnel opened for another call",
            IN(IDLE) | IN(WAIT_REPLY) | IN(WAIT_CONNECT) | IN(ESTABLISHED), ON(TUNNEL_OPEN),                                 ALWAYS,         DO(NOTHING),               TO_SAME },
{ "local: the bearer is the other end's",
            ANYWHERE,                          ON(BEARER_ANSWER) | ON(BEARER_FAILURE),          ALWAYS,         DO(NOTHING),               TO_SAME },
COMMON_ROWS(IN(WAIT_REPLY) | IN(WAIT_CONNECT) | IN(ESTABLISHED), IN(IDLE) | IN(WAIT_TUNNEL), IN(WAIT_REPLY) | IN(WAIT_CONNECT), ON(RX_ICRQ) | ON(RX_ICRP) | ON(RX_ICCN)),
};
/* clang-format on */

L2TP_SESSION_MACHINE(l2tp_lns_oc_machine, "l2tp-lns-outgoing", L2TP_LNS_OC_STATES, 12);
