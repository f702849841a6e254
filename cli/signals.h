/* signals.h - the signals that ask us to end, as a descriptor
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_SIGNALS_H
#define CLI_SIGNALS_H

/* Blocks SIGINT, SIGTERM and SIGHUP, ignores SIGPIPE, and returns a descriptor that can be read when one of
 * the three has come; -errno. */
int signals_open(void);

/* Takes one from the descriptor: its number, or 0 when there is none now. */
int signals_take(int fd);

#endif
