/* command_text.h - what is said about the commands; --help and the manual pages are made from it
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_CONTROL_COMMAND_TEXT_H
#define CLI_CONTROL_COMMAND_TEXT_H

#include "cli/command.h"

enum { COMMAND_USAGES = 4, COMMAND_EXAMPLES = 6 };

struct command_text {
	const char *usages[COMMAND_USAGES]; /* after "uptun NAME"; [ ] optional, CAPITALS a value */
	const char *operand; /* what shells complete: words between bars, or the name of a value */
	const char *summary; /* one line, no full stop */
	const char *text;    /* paragraphs, parted by empty lines */
	const char *examples[COMMAND_EXAMPLES]; /* whole command lines */
};

/* Indexed by enum command_id. */
extern const struct command_text command_texts[COMMAND_N];

#endif
