/* pptp_pns_ic.c - an incoming call, seen by the PNS (RFC 2637 3.2.3.2)
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fsm/pptp_call_rows.h"

#define IN(s) UT_BIT(PPTP_PNS_IC_##s)
#define ANYWHERE (UT_BIT(PPTP_PNS_IC_STATE_N) - 1)
#define TO(s) PPTP_PNS_IC_##s

/* clang-format off */
static const struct ut_row rows[] = {
/*  source, states, events, answer, actions, new state */
{ "3.2.3.2 idle -> idle",                   IN(IDLE),            ON(RX_ICRQ), IF_DATA(NO),  DO2(SEND_ICRP_ERROR, CLEAN_UP), TO(IDLE) },
{ "3.2.3.2 idle -> wait_connect",           IN(IDLE),            ON(RX_ICRQ), IF_DATA(YES), DO(SEND_ICRP),           TO(WAIT_CONNECT) },
{ "3.2.3.2 wait_connect -> idle",           IN(WAIT_CONNECT),    ON(RX_CDN),  ALWAYS,       DO(CLEAN_UP),            TO(IDLE) },
{ "3.2.3.2 wait_connect -> established",    IN(WAIT_CONNECT),    ON(RX_ICCN), ALWAYS,       DO(NOTHING),             TO(ESTABLISHED) },
{ "3.2.3.2 established -> idle",            IN(ESTABLISHED),     ON(RX_CDN),  ALWAYS,       DO(CLEAN_UP),            TO(IDLE) },
{ "3.2.3.2 established -> wait_disconnect", IN(ESTABLISHED),     ON(CLOSE),   ALWAYS,       DO2(SEND_CCRQ, HANG_UP), TO(WAIT_DISCONNECT) },
{ "3.2.3.2 wait_disconnect -> idle",        IN(WAIT_DISCONNECT), ON(RX_CDN),  ALWAYS,       DO(CLEAN_UP),            TO(IDLE) },
/* ---- not in the RFC's diagram ---- */
{ "design: the kernel carries the call before ICRP goes out",
  IN(IDLE),           ON(RX_ICRQ),                        IF_DATA(LATER), DO(OPEN_DATA_PATH),           TO(IDLE) },
{ "design: the kernel carries the call before ICRP goes out",
  IN(IDLE),           ON(DATA_PATH_UP),                   ALWAYS,         DO(SEND_ICRP),                TO(WAIT_CONNECT) },
{ "local: no call without its data path, or no call any more",
  IN(IDLE),           ON(DATA_PATH_FAILED) | ON(CLOSE),   ALWAYS,         DO2(SEND_ICRP_ERROR, CLEAN_UP), TO(IDLE) },
{ "2.13: a Call-Disconnect-Notify comes for any reason",
  IN(IDLE),           ON(RX_CDN),                         ALWAYS,         DO(CLEAN_UP),                 TO(IDLE) },
{ "2.12: a call can be cleared in any state",
  IN(WAIT_CONNECT),   ON(CLOSE),                          ALWAYS,         DO2(SEND_CCRQ, HANG_UP),      TO(WAIT_DISCONNECT) },
{ "local: no call without its data path",
  IN(WAIT_CONNECT) | IN(ESTABLISHED), ON(DATA_PATH_FAILED), ALWAYS,       DO2(SEND_CCRQ, HANG_UP),      TO(WAIT_DISCONNECT) },
{ "interop 42: some end a call with the other end's message",
  ANYWHERE,           ON(RX_CCRQ),                        ALWAYS,         DO2(SEND_CDN, CLEAN_UP),      TO(IDLE) },
{ "interop 41: the Call-Disconnect-Notify may never come",
  IN(WAIT_DISCONNECT), ON(CLEAR_OVERDUE),                 ALWAYS,         DO(CLEAN_UP),                 TO(IDLE) },
{ "3.2.3.2: sent before the PAC heard of the end",
  IN(WAIT_DISCONNECT), ON(RX_ICCN),                       ALWAYS,         DO(NOTHING),                  TO(WAIT_DISCONNECT) },
{ "local: being cleared",
  IN(WAIT_DISCONNECT), ON(CLOSE) | ON(DATA_PATH_UP) | ON(DATA_PATH_FAILED), ALWAYS, DO(NOTHING),        TO(WAIT_DISCONNECT) },
{ "local: not connected yet, or connected already",
  IN(IDLE) | IN(ESTABLISHED), ON(RX_ICCN),                ALWAYS,         DO(NOTHING),                  TO_SAME },
{ "local: asked already",
  IN(WAIT_CONNECT) | IN(ESTABLISHED) | IN(WAIT_DISCONNECT), ON(RX_ICRQ), ALWAYS, DO(NOTHING),           TO_SAME },
{ "local: it is up",
  IN(WAIT_CONNECT) | IN(ESTABLISHED), ON(DATA_PATH_UP),   ALWAYS,         DO(NOTHING),                  TO_SAME },
{ "local: no CDN is waited for",
  IN(IDLE) | IN(WAIT_CONNECT) | IN(ESTABLISHED), ON(CLEAR_OVERDUE), ALWAYS, DO(NOTHING),                TO_SAME },
{ "local: a PNS opens no incoming call",
  ANYWHERE,           ON(OPEN),                           ALWAYS,         DO(NOTHING),                  TO_SAME },
COMMON_ROWS(ON(RX_OCRQ) | ON(RX_OCRP) | ON(RX_ICRP)),
};
/* clang-format on */

PPTP_CALL_MACHINE(pptp_pns_ic_machine, "pptp-pns-incoming", PPTP_PNS_IC_STATES, 7);
