/* argv_secret.h - secrets that came on the command line leave it
 * SPDX-License-Identifier: Apache-2.0
 *
 * Everybody may read /proc/PID/cmdline.  What is overwritten here is not there any more; the word then reads
 * as one of the same length without meaning, so that the line keeps its form.
 */
#ifndef CLI_ARGV_SECRET_H
#define CLI_ARGV_SECRET_H

#include "cli/profile.h"

/* Overwrites the octets of a word of argv. */
void argv_secret_overwrite(char *word);

/* Overwrites what stands behind each "password" among n words; true when there was one. */
bool argv_secret_overwrite_passwords(char **words, int n);

/* Moves a word into `to`, and overwrites it in any case. */
enum profile_result argv_secret_move(char *word, struct profile_secret *to, const char *field,
				     struct profile_error *why) UT_MUST_USE;

#endif
