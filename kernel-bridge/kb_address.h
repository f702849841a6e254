/* kb_address.h - addresses as text, for the bridge's error sentences
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNEL_BRIDGE_KB_ADDRESS_H
#define KERNEL_BRIDGE_KB_ADDRESS_H

#include "kernel-bridge/kb.h"

enum { KB_ADDRESS_TEXT_OCTETS = 80 };

/* "192.0.2.1 port 1701" or "2001:db8::1 port 1701" in `text`, which is returned. */
const char *kb_address_text(const union kb_sockaddr *a, char text[KB_ADDRESS_TEXT_OCTETS]);

#endif
