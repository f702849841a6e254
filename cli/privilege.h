/* privilege.h - what the process may do
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_PRIVILEGE_H
#define CLI_PRIVILEGE_H

#include <stdbool.h>

/* NULL when tunnels can be made; otherwise one sentence that says what is missing and what to do. */
const char *privilege_missing(void);

#endif
