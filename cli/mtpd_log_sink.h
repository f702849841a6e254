/* mtpd_log_sink.h - where the lines of mtpd's log go
 * SPDX-License-Identifier: Apache-2.0
 *
 * Android's log where uptun was built for Android (mtpd_log_sink_android.c); else a stream, as logcat prints lines
 * without their time (mtpd_log_sink.c).
 */
#ifndef CLI_MTPD_LOG_SINK_H
#define CLI_MTPD_LOG_SINK_H

#include <stdio.h>

/* Level 'D', 'I', 'W', 'E' or 'F'; one sentence without a newline. */
void mtpd_log_put(FILE *out, char level, const char *sentence);

#endif
