/* first_request.h - the first LCP Configure-Request, repeated until the peer says its first word
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNEL_BRIDGE_PPPD_PLUGIN_FIRST_REQUEST_H
#define KERNEL_BRIDGE_PPPD_PLUGIN_FIRST_REQUEST_H

/* Once, when the plugin is loaded. */
void first_request_init(void);

#endif
