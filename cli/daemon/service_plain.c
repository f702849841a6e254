/* service_plain.c - no manager of services: nothing is told, nothing is got
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/daemon/service.h"

int
service_listener(struct kb_error *why)
{
	(void)why;
	return -1;
}

uint64_t
service_period_us(void)
{
	return 0;
}

void
service_ready(const char *status)
{
	(void)status;
}

void
service_alive(const char *status)
{
	(void)status;
}

void
service_stopping(const char *status)
{
	(void)status;
}

struct log_sink
service_log(void)
{
	return (struct log_sink){ .write = NULL };
}
