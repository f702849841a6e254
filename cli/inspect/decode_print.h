/* decode_print.h - an L2TP message in words, AVP by AVP
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_INSPECT_DECODE_PRINT_H
#define CLI_INSPECT_DECODE_PRINT_H

#include "codec/l2tp.h"

#include <stdio.h>

enum decode_form { DECODE_TEXT, DECODE_JSON };

/* Prints a datagram to `out`: header, as far as it goes, then each AVP whose length can be trusted, then for a malformed one a
 * line to `err`: reason, AVP, offset in octets from the start of the datagram.  Octets that are not printable
 * ASCII are escaped.  Hidden AVPs are shown as hidden, or in the clear with the `secret` of the tunnel (NULL
 * or empty: none).  JSON: one object for the header, one for each AVP, one for a fault, a line each; nothing
 * to `err`.  Returns what is wrong with the message; hidden AVPs for which no secret was given are not wrong,
 * only unchecked, which is told where a fault would be. */
enum l2tp_fault_reason decode_print(FILE *out, FILE *err, struct ut_slice datagram, enum decode_form form,
				    const struct l2tp_secret *secret);

#endif
