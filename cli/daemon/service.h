/* service.h - what the daemon tells the system's manager of services, and gets from it
 * SPDX-License-Identifier: Apache-2.0
 *
 * One of service_systemd.c, service_android.c and service_plain.c, which knows of none.
 */
#ifndef CLI_DAEMON_SERVICE_H
#define CLI_DAEMON_SERVICE_H

#include "cli/daemon/log.h"
#include "kernel-bridge/kb.h"

/* A listening Unix socket that the manager made; -1: there is none; another -errno with a sentence: it is of no use. */
int service_listener(struct kb_error *why) KB_MUST_USE;

/* How often service_alive() is expected, in microseconds; 0: nobody waits for it. */
uint64_t service_period_us(void);

void service_ready(const char *status);
void service_alive(const char *status);
void service_stopping(const char *status);

/* The system's log, when that is where our standard error goes; a sink without write(): it is not. */
struct log_sink service_log(void);

#endif
