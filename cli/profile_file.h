/* profile_file.h - reads a small file whole; private to the profile's files
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_PROFILE_FILE_H
#define CLI_PROFILE_FILE_H

#include "codec/bytes.h"

struct profile_file {
	size_t octets;
	bool is_open_to_others; /* a regular file whose mode lets group or others read it */
};

/* Reads `path` ("-": standard input) into `buffer`; no copy stays elsewhere.  Returns 0, or a
 * positive errno, then with `buffer` wiped; EFBIG: more than `cap` octets. */
int profile_file_read(const char *path, uint8_t *buffer, size_t cap, struct profile_file *out) UT_MUST_USE;

#endif
