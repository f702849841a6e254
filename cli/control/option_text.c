/* option_text.c - what is said about the options
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/control/option_text.h"

#include <stddef.h>

#define TEXT(...) __VA_ARGS__

/* "" in the list is none. */
#define OR_NULL(text) (sizeof(text) > 1 ? (text) : NULL)

const struct option_text option_texts[] = {
#define OPTION(name, commands, argument_, unit_, row, text) \
	{ .argument = OR_NULL(argument_), .unit = OR_NULL(unit_), text },
#include "cli/option_list.h"
#undef OPTION
};

static const char *const titles[OPTION_GROUP_N] = {
	[OPTION_GROUP_PROFILE] = "What to bring up",
	[OPTION_GROUP_SERVER] = "The way to the server",
	[OPTION_GROUP_L2TP] = "L2TP",
	[OPTION_GROUP_PPTP] = "PPTP",
	[OPTION_GROUP_PPP] = "PPP",
	[OPTION_GROUP_ROUTES] = "Routes and names",
	[OPTION_GROUP_LIFE] = "Start, end and data path",
	[OPTION_GROUP_CLIENTS] = "Clients",
	[OPTION_GROUP_TUNNELS] = "Tunnels",
	[OPTION_GROUP_RIGHTS] = "Rights",
	[OPTION_GROUP_OUTPUT] = "Output",
	[OPTION_GROUP_INPUT] = "Input",
	[OPTION_GROUP_HIDDEN] = "",
};

const char *
option_group_title(enum option_group group)
{
	return titles[group];
}
