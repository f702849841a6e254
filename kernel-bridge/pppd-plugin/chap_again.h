/* chap_again.h - our CHAP Response, repeated when the answer to it was lost (RFC 1994 4.1)
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNEL_BRIDGE_PPPD_PLUGIN_CHAP_AGAIN_H
#define KERNEL_BRIDGE_PPPD_PLUGIN_CHAP_AGAIN_H

/* Hooks itself into what pppd sends and receives.  Call once, when the plugin is loaded. */
void chap_again_init(void);

#endif
