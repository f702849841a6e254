/* kb_probe.h - does this kernel have a data path, and if not, what to do about it
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNEL_BRIDGE_KB_PROBE_H
#define KERNEL_BRIDGE_KB_PROBE_H

#include "kernel-bridge/kb_datapath.h"

/* /dev/ppp opens: the kernel has PPP, and we may use it. */
int kb_probe_ppp(struct kb_error *why);

/* It does, and a throwaway tunnel and session of this driver connect over 127.0.0.1 (lab fact 11). */
int kb_probe(const struct kb_driver *driver, struct kb_error *why);

/* Turns the positive errno of a PPPoX socket() or connect() into a sentence; `doing` completes "cannot ...". */
int kb_ol2tp_explain(int err, const char *doing, struct kb_error *why);

#endif
