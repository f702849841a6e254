/* mppe.h - Microsoft's encryption: allowed, required, and looked at in the kernel (RFC 3078)
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNEL_BRIDGE_PPPD_PLUGIN_MPPE_H
#define KERNEL_BRIDGE_PPPD_PLUGIN_MPPE_H

#include "kernel-bridge/kb_pppd_record.h"

/* Set by option: enum kb_pppd_record_mppe. */
extern int mppe_mode;

struct mppe_listener {
	void (*settled)(void); /* ask mppe_may_pass() again: what was waited for has come, or something new */
	void (*ended)(enum kb_pppd_record_mppe_end end); /* the link is ending for want of encryption; once */
};

/* When the plugin is loaded: before any option is read.  The listener is copied. */
void mppe_init(const struct mppe_listener *listener);

/* After the last option. */
void mppe_check_options(void);

/* Key length in bits of the weaker direction, as the kernel runs both now; 0: at least one is in the clear. */
int mppe_bits(void);

/* May an interface that is up be told of?  Not while encryption is still being negotiated: settled() follows, after a few
 * seconds at the latest.  And not without encryption where it is required: then the link is ended. */
int mppe_may_pass(void);

#endif
