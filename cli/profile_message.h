/* profile_message.h - between uptun.Profile and the plain struct; for who speaks protobuf
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

/* A message that says what a profile does, and borrows its texts and secrets: `p` must outlive it.  Nothing of it may
 * be freed by protobuf-c. */
struct profile_parts;
struct profile_parts *profile_parts_new(const struct profile *p) UT_MUST_USE; /* NULL: no memory */
Uptun__Profile *profile_parts_message(struct profile_parts *parts);
void profile_parts_free(struct profile_parts *parts); /* NULL is fine */

#endif
