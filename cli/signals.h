/* signals.h - the signals that ask us to end, as a descriptor
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_SIGNALS_H
#define CLI_SIGNALS_H

/* From now on SIGINT, SIGTERM and SIGHUP end the program at once with STATUS_USER: as long as nothing was made that
 * would have to be undone.  Those that were ignored stay so. */
void signals_end_at_once(void);

/* Blocks SIGINT, SIGTERM and SIGHUP, ignores SIGPIPE, and returns a descriptor that can be read when one of
 * the three has come; -errno. */
int signals_open(void);

/* Around a read that may take for ever, after signals_open(): lets them end the program at once, and holds them back
 * again. */
void signals_release(void);
void signals_hold(void);

/* Takes one from the descriptor: its number, or 0 when there is none now. */
int signals_take(int fd);

#endif
