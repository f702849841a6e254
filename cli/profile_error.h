/* profile_error.h - filling in what is wrong with a profile; private to its files
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_PROFILE_ERROR_H
#define CLI_PROFILE_ERROR_H

#include "cli/profile.h"

/* Fills in `why`, without a place, and returns PROFILE_BAD. */
enum profile_result profile_fail(struct profile_error *why, const char *field, const char *format, ...)
    __attribute__((format(printf, 3, 4))) UT_MUST_USE;

/* Formats a sentence for the listener, if there is one. */
void profile_warn(struct profile_listener listener, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
