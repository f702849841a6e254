/* option_text.h - what is said about the options; --help and the manual page's lists are made from it
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_CONTROL_OPTION_TEXT_H
#define CLI_CONTROL_OPTION_TEXT_H

#include "cli/option.h"

enum option_group {
	OPTION_GROUP_PROFILE,
	OPTION_GROUP_SERVER,
	OPTION_GROUP_L2TP,
	OPTION_GROUP_PPTP,
	OPTION_GROUP_PPP,
	OPTION_GROUP_ROUTES,
	OPTION_GROUP_LIFE,
	OPTION_GROUP_CLIENTS,
	OPTION_GROUP_TUNNELS,
	OPTION_GROUP_RIGHTS,
	OPTION_GROUP_OUTPUT,
	OPTION_GROUP_INPUT,
	OPTION_GROUP_HIDDEN, /* in no help and no manual page */
	OPTION_GROUP_N
};
const char *option_group_title(enum option_group group);

struct option_text {
	enum option_group group;
	const char *argument; /* NULL: none */
	const char *unit;     /* of the argument, with its range */
	const char *fallback; /* what holds when it is not given */
	const char *help;     /* one line, no full stop */
	const char *text;     /* what the manual says on top of it; NULL: nothing */
	const char *example;
};

/* Row by row those of option_table. */
extern const struct option_text option_texts[];

#endif
