/* textproto_type.h - protobuf types in a protobuf-c struct; private to the reader and the writer
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_TEXTPROTO_TYPE_H
#define CLI_TEXTPROTO_TYPE_H

#include <protobuf-c/protobuf-c.h>

#include "codec/bytes.h"

/* Octets one value of the type takes in its struct or array. */
size_t textproto_type_octets(ProtobufCType type) UT_MUST_USE;

#endif
