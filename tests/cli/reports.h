/* reports.h - one report of every kind, for the tests of the output
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_CLI_REPORTS_H
#define TESTS_CLI_REPORTS_H

#include "cli/host/host.h"

/* Calls `each` with a report of every kind, and some twice, in the order of a tunnel's life. */
void reports_tell(host_report_fn *each, void *ctx);

#endif
