/* pptp_pac_ic.c - an incoming call, seen by the PAC (RFC 2637 3.2.3.1)
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fsm/pptp_call_rows.h"

#define IN(s) UT_BIT(PPTP_PAC_IC_##s)
#define ANYWHERE (UT_BIT(PPTP_PAC_IC_STATE_N) - 1)
#define TO(s) PPTP_PAC_IC_##s

/* clang-format off */
static const struct ut_row rows[] = {
/*  source, states, events, answer, actions, new state */
{ "3.2.3.1 idle -> wait_reply",        IN(IDLE),        ON(OPEN),    ALWAYS,       DO(SEND_ICRQ),           TO(WAIT_REPLY) },
{ "3.2.3.1 wait_reply -> idle",        IN(WAIT_REPLY),  ON(RX_ICRP), IF_DATA(NO),  DO(CLEAN_UP),            TO(IDLE) },
{ "3.2.3.1 wait_reply -> idle",        IN(WAIT_REPLY),  ON(CLOSE),   ALWAYS,       DO2(SEND_CDN, CLEAN_UP), TO(IDLE) },
{ "3.2.3.1 wait_reply -> established", IN(WAIT_REPLY),  ON(RX_ICRP), IF_DATA(YES), DO(SEND_ICCN),           TO(ESTABLISHED) },
{ "3.2.3.1 established -> idle",       IN(ESTABLISHED), ON(RX_CCRQ) | ON(CLOSE) | ON(DATA_PATH_FAILED), ALWAYS, DO2(SEND_CDN, CLEAN_UP), TO(IDLE) },
/* ---- not in the RFC's diagram ---- */
{ "design: the kernel carries the call before ICCN goes out",
  IN(WAIT_REPLY),     ON(RX_ICRP),                        IF_DATA(LATER), DO(OPEN_DATA_PATH),           TO(WAIT_REPLY) },
{ "design: the kernel carries the call before ICCN goes out",
  IN(WAIT_REPLY),     ON(DATA_PATH_UP),                   ALWAYS,         DO(SEND_ICCN),                TO(ESTABLISHED) },
{ "local: no call without its data path",
  IN(WAIT_REPLY),     ON(DATA_PATH_FAILED),               ALWAYS,         DO2(SEND_CDN, CLEAN_UP),      TO(IDLE) },
{ "2.12: a call can be cleared in any state",
  IN(WAIT_REPLY),     ON(RX_CCRQ),                        ALWAYS,         DO2(SEND_CDN, CLEAN_UP),      TO(IDLE) },
{ "interop 42: some end a call with the other end's message",
  IN(WAIT_REPLY) | IN(ESTABLISHED), ON(RX_CDN),           ALWAYS,         DO(CLEAN_UP),                 TO(IDLE) },
{ "local: the peer has not heard of it",
  IN(IDLE),           ON(CLOSE) | ON(DATA_PATH_FAILED),   ALWAYS,         DO(CLEAN_UP),                 TO(IDLE) },
{ "local: nothing was asked",
  IN(IDLE),           ON(RX_ICRP) | ON(RX_CCRQ) | ON(RX_CDN), ALWAYS,     DO(NOTHING),                  TO(IDLE) },
{ "local: answered already",
  IN(ESTABLISHED),    ON(RX_ICRP),                        ALWAYS,         DO(NOTHING),                  TO(ESTABLISHED) },
{ "local: it is up, or not to be opened yet",
  IN(IDLE) | IN(ESTABLISHED), ON(DATA_PATH_UP),           ALWAYS,         DO(NOTHING),                  TO_SAME },
{ "local: asked twice",
  IN(WAIT_REPLY) | IN(ESTABLISHED), ON(OPEN),             ALWAYS,         DO(NOTHING),                  TO_SAME },
{ "local: a PAC clears without waiting",
  ANYWHERE,           ON(CLEAR_OVERDUE),                  ALWAYS,         DO(NOTHING),                  TO_SAME },
COMMON_ROWS(ON(RX_OCRQ) | ON(RX_OCRP) | ON(RX_ICRQ) | ON(RX_ICCN)),
};
/* clang-format on */

PPTP_CALL_MACHINE(pptp_pac_ic_machine, "pptp-pac-incoming", PPTP_PAC_IC_STATES, 5);
