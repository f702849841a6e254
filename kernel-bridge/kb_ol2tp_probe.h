/* kb_ol2tp_probe.h - does this kernel have PPPoL2TP, and if not, what to do about it
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNEL_BRIDGE_KB_OL2TP_PROBE_H
#define KERNEL_BRIDGE_KB_OL2TP_PROBE_H

#include "kernel-bridge/kb.h"

/* `probe` of kb_ol2tp: /dev/ppp opens, and a throwaway tunnel and session connect over 127.0.0.1. */
int kb_ol2tp_probe(struct kb_error *why);

/* Turns the positive errno of a PPPoX socket() or connect() into a sentence; `doing` completes "cannot ...". */
int kb_ol2tp_explain(int err, const char *doing, struct kb_error *why);

#endif
