/* secret_file.h - the secret of a tunnel, from a file named on the command line
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_INSPECT_SECRET_FILE_H
#define CLI_INSPECT_SECRET_FILE_H

#include "codec/l2tp.h"

/* One newline at its end is not part of it.  False: why is said.  The caller wipes `to`, which should not be dumped. */
bool secret_file_load(const char *path, struct l2tp_secret *to) UT_MUST_USE;

#endif
