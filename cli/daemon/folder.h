/* folder.h - profiles that the daemon brings up when it starts
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_DAEMON_FOLDER_H
#define CLI_DAEMON_FOLDER_H

#include "cli/daemon/daemon.h"

/* Brings up what the files of the folder describe: *.textproto, *.txtpb and *.pb, in the order of their names.  The folder
 * and each file belong to root or to the user of the process, and nobody else may write them.  What cannot be
 * brought up is told in the log, and the others are.  Files of secrets are read.  -errno: the folder itself is of no use. */
int folder_load(struct daemon *d, const char *path, struct kb_error *why) KB_MUST_USE;

#endif
