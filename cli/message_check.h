/* message_check.h - what protobuf-c lets pass and we do not
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_MESSAGE_CHECK_H
#define CLI_MESSAGE_CHECK_H

#include <protobuf-c/protobuf-c.h>

#include "cli/profile.h"

/* Refuses strings that a NUL cuts short or that are not UTF-8, anywhere, and fields that the schema does not know
 * inside a Profile.  The message was unpacked with a quota (cli/quota.h).  On PROFILE_BAD `why` names the field, with
 * its path from this message. */
enum profile_result message_check(const ProtobufCMessage *message, struct profile_error *why) UT_MUST_USE;

#endif
