/* serve.h - the launcher's own life: requests in, pppds out, and the clean-up at the end
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_LAUNCHER_SERVE_H
#define CLI_LAUNCHER_SERVE_H

#include "cli/launcher/launcher.h"

/* Serves the SOCK_SEQPACKET socket `fd` until its other end closes or says something that no daemon of ours would; then
 * deletes the routes and ends the pppds.  For a process of its own (launcher_start()). */
void launcher_serve(const struct launcher_config *config, int fd);

#endif
