/* completion.h - what a shell can complete, from the tables
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_CONTROL_COMPLETION_H
#define CLI_CONTROL_COMPLETION_H

#include <stdio.h>

/* A script for bash-completion. */
void completion_bash(FILE *out);

#endif
