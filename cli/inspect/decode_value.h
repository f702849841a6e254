/* decode_value.h - the value of an AVP in words
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_INSPECT_DECODE_VALUE_H
#define CLI_INSPECT_DECODE_VALUE_H

#include "cli/inspect/decode_words.h"
#include "codec/l2tp.h"

/* Says what an AVP of the IETF's `type` means in a message of `message_type`.  A value of a length its type
 * does not have, and one of an unknown type, is shown as octets. */
void decode_value(struct decode_words *out, unsigned type, unsigned message_type, struct ut_slice value);

#endif
