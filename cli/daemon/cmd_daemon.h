/* cmd_daemon.h - uptun daemon
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_DAEMON_CMD_DAEMON_H
#define CLI_DAEMON_CMD_DAEMON_H

int cmd_daemon(int argc, char **argv);

#endif
