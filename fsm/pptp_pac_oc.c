/* pptp_pac_oc.c - an outgoing call, seen by the PAC (RFC 2637 3.2.4.1)
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fsm/pptp_call_rows.h"

#define IN(s) UT_BIT(PPTP_PAC_OC_##s)
#define ANYWHERE (UT_BIT(PPTP_PAC_OC_STATE_N) - 1)
#define TO(s) PPTP_PAC_OC_##s

/* clang-format off */
static const struct ut_row rows[] = {
/*  source, states, events, answer, actions, new state */
{ "3.2.4.1 idle -> idle",               IN(IDLE),        ON(RX_OCRQ),          IF_ACCEPT(NO),  DO2(SEND_OCRP_ERROR, CLEAN_UP), TO(IDLE) },
{ "3.2.4.1 idle -> wait_cs_ans",        IN(IDLE),        ON(RX_OCRQ),          IF_ACCEPT(YES), DO(OPEN_DATA_PATH),             TO(WAIT_CS_ANS) },
{ "3.2.4.1 wait_cs_ans -> idle",        IN(WAIT_CS_ANS), ON(DATA_PATH_FAILED), ALWAYS,         DO2(SEND_OCRP_ERROR, CLEAN_UP), TO(IDLE) },
{ "3.2.4.1 wait_cs_ans -> idle",        IN(WAIT_CS_ANS), ON(RX_CCRQ),          ALWAYS,         DO2(SEND_CDN, CLEAN_UP),        TO(IDLE) },
{ "3.2.4.1 wait_cs_ans -> established", IN(WAIT_CS_ANS), ON(DATA_PATH_UP),     ALWAYS,         DO(SEND_OCRP),                  TO(ESTABLISHED) },
{ "3.2.4.1 established -> idle",        IN(ESTABLISHED), ON(RX_CCRQ) | ON(CLOSE) | ON(DATA_PATH_FAILED), ALWAYS, DO2(SEND_CDN, CLEAN_UP), TO(IDLE) },
/* ---- not in the RFC's diagram ---- */
{ "local: close before the telco answered",
  IN(WAIT_CS_ANS),    ON(CLOSE),                          ALWAYS,         DO2(SEND_OCRP_ERROR, CLEAN_UP), TO(IDLE) },
{ "interop 42: some end a call with the other end's message",
  IN(WAIT_CS_ANS) | IN(ESTABLISHED), ON(RX_CDN),          ALWAYS,         DO(CLEAN_UP),                 TO(IDLE) },
{ "local: nothing to close",
  IN(IDLE),           ON(CLOSE),                          ALWAYS,         DO(CLEAN_UP),                 TO(IDLE) },
{ "local: nothing was asked",
  IN(IDLE),           ON(RX_CCRQ) | ON(RX_CDN) | ON(DATA_PATH_UP) | ON(DATA_PATH_FAILED), ALWAYS, DO(NOTHING), TO(IDLE) },
{ "local: asked already",
  IN(WAIT_CS_ANS) | IN(ESTABLISHED), ON(RX_OCRQ),         ALWAYS,         DO(NOTHING),                  TO_SAME },
{ "local: it is up",
  IN(ESTABLISHED),    ON(DATA_PATH_UP),                   ALWAYS,         DO(NOTHING),                  TO(ESTABLISHED) },
{ "local: a PAC opens no outgoing call, and clears without waiting",
  ANYWHERE,           ON(OPEN) | ON(CLEAR_OVERDUE),       ALWAYS,         DO(NOTHING),                  TO_SAME },
COMMON_ROWS(ON(RX_OCRP) | ON(RX_ICRQ) | ON(RX_ICRP) | ON(RX_ICCN)),
};
/* clang-format on */

PPTP_CALL_MACHINE(pptp_pac_oc_machine, "pptp-pac-outgoing", PPTP_PAC_OC_STATES, 6);
