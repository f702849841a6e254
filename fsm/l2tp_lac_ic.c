/* l2tp_lac_ic.c - an incoming call, seen by the LAC (RFC 2661 7.4.1)
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fsm/l2tp_session_rows.h"

#define IN(s) UT_BIT(L2TP_LAC_IC_##s)
#define ANYWHERE (UT_BIT(L2TP_LAC_IC_STATE_N) - 1)
#define TO(s) L2TP_LAC_IC_##s

/* clang-format off */
static const struct ut_row rows[] = {
/*  source, states, events, answer, actions, new state */
{ "7.4.1 r1", IN(IDLE),                          ON(LOCAL_OPEN),                                  ALWAYS,         DO(OPEN_TUNNEL),           TO(WAIT_TUNNEL) },
{ "7.4.1 r2", IN(IDLE),                          ON(RX_ICCN) | ON(RX_ICRP) | ON(RX_CDN),          ALWAYS,         DO(CLEAN_UP),              TO(IDLE) },
{ "7.4.1 r3", IN(WAIT_TUNNEL),                   ON(LOCAL_CLOSE),                                 ALWAYS,         DO(CLEAN_UP),              TO(IDLE) },
{ "7.4.1 r4", IN(WAIT_TUNNEL),                   ON(TUNNEL_OPEN),                                 ALWAYS,         DO(SEND_ICRQ),             TO(WAIT_REPLY) },
{ "7.4.1 r5", IN(WAIT_REPLY),                    ON(RX_ICRP),                                     IF_DATA(YES),   DO(SEND_ICCN),             TO(ESTABLISHED) },
{ "7.4.1 r6", IN(WAIT_REPLY),                    ON(RX_ICRP),                                     IF_DATA(NO),    DO2(SEND_CDN, CLEAN_UP),   TO(IDLE) },
{ "7.4.1 r7", IN(WAIT_REPLY),                    ON(RX_ICRQ),                                     ALWAYS,         DO2(SEND_CDN, CLEAN_UP),   TO(IDLE) },
{ "7.4.1 r8", IN(WAIT_REPLY),                    ON(RX_CDN) | ON(RX_ICCN),                        ALWAYS,         DO(CLEAN_UP),              TO(IDLE) },
{ "7.4.1 r9", IN(WAIT_REPLY),                    ON(LOCAL_CLOSE),                                 ALWAYS,         DO2(SEND_CDN, CLEAN_UP),   TO(IDLE) },
{ "7.4.1 r10",IN(ESTABLISHED),                   ON(RX_CDN),                                      ALWAYS,         DO(CLEAN_UP),              TO(IDLE) },
{ "7.4.1 r11",IN(ESTABLISHED),                   ON(RX_ICRQ) | ON(RX_ICRP) | ON(RX_ICCN),         ALWAYS,         DO2(SEND_CDN, CLEAN_UP),   TO(IDLE) },
{ "7.4.1 r12",IN(ESTABLISHED),                   ON(LOCAL_CLOSE),                                 ALWAYS,         DO2(SEND_CDN, CLEAN_UP),   TO(IDLE) },
/* ---- not in the RFC's table ---- */
{ "design: the kernel session stands before ICCN goes out",
            IN(WAIT_REPLY),                    ON(RX_ICRP),                                     IF_DATA(LATER), DO(OPEN_DATA_PATH),        TO(WAIT_REPLY) },
{ "design: the kernel session stands before ICCN goes out",
            IN(WAIT_REPLY),                    ON(DATA_PATH_UP),                                ALWAYS,         DO(SEND_ICCN),             TO(ESTABLISHED) },
{ "local: no call without its data path",
            IN(WAIT_REPLY) | IN(ESTABLISHED),  ON(DATA_PATH_FAILED),                            ALWAYS,         DO2(SEND_CDN, CLEAN_UP),   TO(IDLE) },
{ "local: result for a call that is gone or needs none",
            IN(IDLE) | IN(WAIT_TUNNEL),        ON(DATA_PATH_UP) | ON(DATA_PATH_FAILED),         ALWAYS,         DO(NOTHING),               TO_SAME },
{ "local: it is up",
            IN(ESTABLISHED),                   ON(DATA_PATH_UP),                                ALWAYS,         DO(NOTHING),               TO(ESTABLISHED) },
{ "local: nothing to close",
            IN(IDLE),                          ON(LOCAL_CLOSE),                                 ALWAYS,         DO(CLEAN_UP),              TO(IDLE) },
{ "local: a LAC takes no incoming call from the tunnel",
            IN(IDLE),                          ON(RX_ICRQ),                                     ALWAYS,         DO2(SEND_CDN, CLEAN_UP),   TO(IDLE) },
{ "local: the peer does not know this call yet",
            IN(WAIT_TUNNEL),                   ON(RX_ICRQ) | ON(RX_ICRP) | ON(RX_ICCN) | ON(RX_CDN) | ON(RX_OCRQ) | ON(RX_OCRP) | ON(RX_OCCN), ALWAYS,         DO(NOTHING),               TO(WAIT_TUNNEL) },
{ "local: asked twice",
            IN(WAIT_TUNNEL) | IN(WAIT_REPLY) | IN(ESTABLISHED), ON(LOCAL_OPEN),                                  ALWAYS,         DO(NOTHING),               TO_SAME },
{ "local: the tunnel opened for another call",
            IN(IDLE) | IN(WAIT_REPLY) | IN(ESTABLISHED), ON(TUNNEL_OPEN),                                 ALWAYS,         DO(NOTHING),               TO_SAME },
{ "local: an incoming call has no bearer of ours",
            ANYWHERE,                          ON(BEARER_ANSWER) | ON(BEARER_FAILURE),          ALWAYS,         DO(NOTHING),               TO_SAME },
COMMON_ROWS(IN(WAIT_REPLY) | IN(ESTABLISHED), IN(IDLE) | IN(WAIT_TUNNEL), IN(WAIT_REPLY), ON(RX_OCRQ) | ON(RX_OCRP) | ON(RX_OCCN)),
};
/* clang-format on */

L2TP_SESSION_MACHINE(l2tp_lac_ic_machine, "l2tp-lac-incoming", L2TP_LAC_IC_STATES, 12);
