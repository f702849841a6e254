/* order_up.h - uptun up --daemon: has the daemon bring profiles up
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_CONTROL_ORDER_UP_H
#define CLI_CONTROL_ORDER_UP_H

#include "cli/up.h"

/* Hands the profiles to the daemon, secrets as octets, and prints what becomes of them: until every one is up or has
 * ended, with --foreground until every one has ended.  A signal takes those down that are not up; with --foreground,
 * all.  Returns the exit status. */
int order_up(struct run *run, const struct options *options);

#endif
