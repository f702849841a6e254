/* pptp_pns_oc.c - an outgoing call, seen by the PNS (RFC 2637 3.2.4.2)
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fsm/pptp_call_rows.h"

#define IN(s) UT_BIT(PPTP_PNS_OC_##s)
#define ANYWHERE (UT_BIT(PPTP_PNS_OC_STATE_N) - 1)
#define TO(s) PPTP_PNS_OC_##s

/* clang-format off */
static const struct ut_row rows[] = {
/*  source, states, events, answer, actions, new state */
{ "3.2.4.2 idle -> wait_reply",             IN(IDLE),            ON(OPEN),    ALWAYS,       DO(SEND_OCRQ),           TO(WAIT_REPLY) },
{ "3.2.4.2 wait_reply -> idle",             IN(WAIT_REPLY),      ON(RX_OCRP), IF_DATA(NO),  DO(CLEAN_UP),            TO(IDLE) },
{ "3.2.4.2 wait_reply -> established",      IN(WAIT_REPLY),      ON(RX_OCRP), IF_DATA(YES), DO(NOTHING),             TO(ESTABLISHED) },
{ "3.2.4.2 wait_reply -> wait_disconnect",  IN(WAIT_REPLY),      ON(CLOSE),   ALWAYS,       DO2(SEND_CCRQ, HANG_UP), TO(WAIT_DISCONNECT) },
{ "3.2.4.2 established -> idle",            IN(ESTABLISHED),     ON(RX_CDN),  ALWAYS,       DO(CLEAN_UP),            TO(IDLE) },
{ "3.2.4.2 established -> wait_disconnect", IN(ESTABLISHED),     ON(CLOSE),   ALWAYS,       DO2(SEND_CCRQ, HANG_UP), TO(WAIT_DISCONNECT) },
{ "3.2.4.2 wait_disconnect -> idle",        IN(WAIT_DISCONNECT), ON(RX_CDN),  ALWAYS,       DO(CLEAN_UP),            TO(IDLE) },
/* ---- not in the RFC's diagram ---- */
{ "design: PPP starts once the kernel carries the call",
  IN(WAIT_REPLY),     ON(RX_OCRP),                        IF_DATA(LATER), DO(OPEN_DATA_PATH),           TO(WAIT_REPLY) },
{ "design: PPP starts once the kernel carries the call",
  IN(WAIT_REPLY),     ON(DATA_PATH_UP),                   ALWAYS,         DO(NOTHING),                  TO(ESTABLISHED) },
{ "2.13: a Call-Disconnect-Notify comes for any reason",
  IN(WAIT_REPLY),     ON(RX_CDN),                         ALWAYS,         DO(CLEAN_UP),                 TO(IDLE) },
{ "interop 42: some servers clear as if they were the PNS",
  IN(WAIT_REPLY) | IN(ESTABLISHED) | IN(WAIT_DISCONNECT), ON(RX_CCRQ), ALWAYS, DO2(SEND_CDN, CLEAN_UP), TO(IDLE) },
{ "interop 41: the Call-Disconnect-Notify may never come",
  IN(WAIT_DISCONNECT), ON(CLEAR_OVERDUE),                 ALWAYS,         DO(CLEAN_UP),                 TO(IDLE) },
{ "local: no call without its data path",
  IN(WAIT_REPLY) | IN(ESTABLISHED), ON(DATA_PATH_FAILED), ALWAYS,         DO2(SEND_CCRQ, HANG_UP),      TO(WAIT_DISCONNECT) },
{ "local: the peer has not heard of it",
  IN(IDLE),           ON(CLOSE) | ON(DATA_PATH_FAILED),   ALWAYS,         DO(CLEAN_UP),                 TO(IDLE) },
{ "3.2.4.2: the reply crossed with the end of its call",
  IN(WAIT_DISCONNECT), ON(RX_OCRP),                       ALWAYS,         DO(NOTHING),                  TO(WAIT_DISCONNECT) },
{ "local: answered already",
  IN(ESTABLISHED),    ON(RX_OCRP),                        ALWAYS,         DO(NOTHING),                  TO(ESTABLISHED) },
{ "local: nothing was asked",
  IN(IDLE),           ON(RX_OCRP) | ON(RX_CCRQ) | ON(RX_CDN), ALWAYS,     DO(NOTHING),                  TO(IDLE) },
{ "local: being cleared",
  IN(WAIT_DISCONNECT), ON(CLOSE) | ON(DATA_PATH_UP) | ON(DATA_PATH_FAILED), ALWAYS, DO(NOTHING),        TO(WAIT_DISCONNECT) },
{ "local: it is up, or not to be opened yet",
  IN(IDLE) | IN(ESTABLISHED), ON(DATA_PATH_UP),           ALWAYS,         DO(NOTHING),                  TO_SAME },
{ "local: asked twice",
  IN(WAIT_REPLY) | IN(ESTABLISHED) | IN(WAIT_DISCONNECT), ON(OPEN), ALWAYS, DO(NOTHING),                TO_SAME },
{ "local: no CDN is waited for",
  IN(IDLE) | IN(WAIT_REPLY) | IN(ESTABLISHED), ON(CLEAR_OVERDUE), ALWAYS, DO(NOTHING),                  TO_SAME },
COMMON_ROWS(ON(RX_OCRQ) | ON(RX_ICRQ) | ON(RX_ICRP) | ON(RX_ICCN)),
};
/* clang-format on */

PPTP_CALL_MACHINE(pptp_pns_oc_machine, "pptp-pns-outgoing", PPTP_PNS_OC_STATES, 7);
