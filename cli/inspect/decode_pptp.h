/* decode_pptp.h - a stream of PPTP control messages in words, field by field
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_INSPECT_DECODE_PPTP_H
#define CLI_INSPECT_DECODE_PPTP_H

#include "cli/inspect/decode_print.h"

/* Prints every message of the stream to `out`, then its fields; for each fault a line to `err`, with offset in octets
 * from the start of the stream. Octets that are not printable ASCII are escaped. JSON: one object for each message,
 * field and fault, a line each; nothing to `err`. False if there was a fault, or the end of a message is missing. */
bool decode_pptp_print(FILE *out, FILE *err, struct ut_slice stream, enum decode_form form);

#endif
