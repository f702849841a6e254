/* kb_pptp_control.h - a "tunnel" of PPTP: no kernel object, but the addresses of its control connection
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNEL_BRIDGE_KB_PPTP_CONTROL_H
#define KERNEL_BRIDGE_KB_PPTP_CONTROL_H

#include "kernel-bridge/kb_datapath.h"

/* tunnel_open of both drivers: asks the connected TCP socket for its two addresses, so that no name is resolved twice
 * and no route chosen twice.  IPv4 mapped into IPv6 is IPv4. */
int kb_pptp_tunnel_open(const struct kb_tunnel_spec *spec, struct kb_tunnel *out, struct kb_error *why);

/* Turns the positive errno of socket(AF_PPPOX, ...) into a sentence. */
int kb_pptp_explain_socket(int err, struct kb_error *why);

#endif
