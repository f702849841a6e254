/* profile_message.h - a decoded uptun.Profile into the plain struct; private to the profile's files
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_PROFILE_MESSAGE_H
#define CLI_PROFILE_MESSAGE_H

#include "cli/profile.h"
#include "uptun.pb-c.h"

/* Octets protobuf-c may hold at once for one profile. */
enum { PROFILE_QUOTA_OCTETS = 1024 * 1024 };

/* Copies the message through the setters into `p`, which is fresh from profile_init().  On PROFILE_BAD `p`
 * holds what came before the fault. */
enum profile_result profile_from_message(struct profile *p, const Uptun__Profile *message,
					 struct profile_error *why) UT_MUST_USE;

#endif
