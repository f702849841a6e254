/* kb_pppox.h - is this descriptor a session that pppd may be given?
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNEL_BRIDGE_KB_PPPOX_H
#define KERNEL_BRIDGE_KB_PPPOX_H

#include <stdbool.h>

/* A socket of family AF_PPPOX and a protocol of ours: L2TP or PPTP, mainline's or Android's.  Asks the kernel, so that it
 * may be anybody's descriptor. */
bool kb_pppox_is_session(int fd);

#endif
