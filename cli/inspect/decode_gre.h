/* decode_gre.h - a packet of enhanced GRE in words: its header, and what its PPP frame is
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_INSPECT_DECODE_GRE_H
#define CLI_INSPECT_DECODE_GRE_H

#include "cli/inspect/decode_print.h"
#include "codec/gre.h"

/* Prints a packet that starts at its GRE header to `out`, of one that is cut off what is there; on a fault a line to
 * `err`, with offset in octets. JSON: one object for the packet, one for a fault; nothing to `err`. Returns what is wrong with the header. */
enum gre_fault_reason decode_gre_print(FILE *out, FILE *err, struct ut_slice packet, enum decode_form form);

#endif
