/* help.h - what the tables of commands and options say, as text and as mdoc
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_CONTROL_HELP_H
#define CLI_CONTROL_HELP_H

#include <stdio.h>

#include "cli/command.h"

/* --help of one command; of the whole program. */
void help_command(FILE *out, enum command_id command);
void help_program(FILE *out);

/* Parts of a manual page in mdoc(7): the synopsis of every command, and one command's text, options and
 * examples. */
void help_mdoc_synopsis(FILE *out);
void help_mdoc_command(FILE *out, enum command_id command);

/* The topic "pppd-options": words for pppd that the daemon passes on. */
void help_pppd(FILE *out);
void help_mdoc_pppd(FILE *out);

#endif
