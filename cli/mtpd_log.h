/* mtpd_log.h - what happens, in the words that mtpd wrote to Android's log
 * SPDX-License-Identifier: Apache-2.0
 *
 * Programs and people look for those words, so they are kept where uptun does what they say; docs/mtpd.md lists where it
 * says something else.  Numbers of descriptors, which mean nothing outside the process, are left out.
 */
#ifndef CLI_MTPD_LOG_H
#define CLI_MTPD_LOG_H

#include <stdio.h>

#include "cli/host/host.h"

struct mtpd_log {
	FILE *out;		     /* borrowed; Android has a log of its own and does not look at it */
	struct pptp_stream received; /* what the server sent so far */
	const char *driver;	     /* of the data path; NULL: not known yet; borrowed from the host */
	uint32_t pppd_pid;	     /* 0: it does not run */
	bool is_ending;		     /* by our own wish: what the server then says is no hanging up */
};

/* One line: 'D', 'I', 'W', 'E' or 'F', and a sentence.  Made safe to print; never give it a secret. */
void mtpd_log_line(const struct mtpd_log *log, char level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The protocol and the server. */
void mtpd_log_begin(struct mtpd_log *log, FILE *out, const struct profile *profile);

/* host_observer's step; `ctx` is the struct mtpd_log.  The messages, as they come and go. */
void mtpd_log_step(void *ctx, const struct ut_event *event, const struct ut_effects *effects);

/* A host_report_fn; `ctx` is the struct mtpd_log.  pppd, warnings, and the sentence about a failure. */
void mtpd_log_report(void *ctx, const struct host_report *report);

/* The last word: the exit status. */
void mtpd_log_end(const struct mtpd_log *log, int status);

#endif
