/* option_table.c - the options, as far as the parser needs them: without pointers, so that nothing need be relocated
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/option.h"

/* Where a field is, and how large. */
#define PROFILE_FIELD(member)                                                    \
	.target = OPTION_OF_PROFILE, .offset = offsetof(struct profile, member), \
	.octets = sizeof(((struct profile *)0)->member)
#define PPTP_FIELD(name)                                              \
	.pptp = { "pptp." #name, offsetof(struct profile, pptp.name), \
		  sizeof(((struct profile *)0)->pptp.name) }
#define SESSION_FIELD(member)                               \
	.offset = offsetof(struct profile_session, member), \
	.octets = sizeof(((struct profile_session *)0)->member)

enum {
	UP = 1u << COMMAND_UP,
	DECODE = 1u << COMMAND_DECODE,
	GRAPH = 1u << COMMAND_GRAPH,
	REPLAY = 1u << COMMAND_REPLAY,
	DAEMON = 1u << COMMAND_DAEMON,
	STATUS = 1u << COMMAND_STATUS,
	LIST = 1u << COMMAND_LIST,
	DOWN = 1u << COMMAND_DOWN,
	LOGS = 1u << COMMAND_LOGS,
	LOG_LEVEL = 1u << COMMAND_LOG_LEVEL,
	METRICS = 1u << COMMAND_METRICS,
	CLIENTS = STATUS | LIST | DOWN | LOGS | LOG_LEVEL | METRICS,
	HELP = 1u << COMMAND_HELP,
	ANY = (1u << COMMAND_N) - 1
};

/* Whose an option is. */
enum { L2TP = 1u << PROFILE_L2TP, PPTP = 1u << PROFILE_PPTP };

#define ROW(...) __VA_ARGS__

const struct option_spec option_table[] = {
#define OPTION(name_, commands_, argument, unit, row, text) { .name = name_, .commands = commands_, row },
#include "cli/option_list.h"
#undef OPTION
};

const size_t option_table_n = sizeof option_table / sizeof option_table[0];

const struct option_wanted option_wanted[] = {
#define OPTION(name, commands, argument, unit, row, text) { argument, unit },
#include "cli/option_list.h"
#undef OPTION
};

/* Each ends with a NUL. */
#define OPTION(name, commands, argument, unit, row, text)                                          \
	_Static_assert(sizeof(name) <= OPTION_NAME_OCTETS && sizeof(unit) <= OPTION_UNIT_OCTETS && \
			   sizeof(argument) <= OPTION_ARGUMENT_OCTETS,                             \
		       "make room in option.h");
#include "cli/option_list.h"
#undef OPTION

const struct option_choice option_choices[] = {
	{ OPTION_CHOICES_DNS, PROFILE_DNS_REPORT, "report" },
	{ OPTION_CHOICES_DNS, PROFILE_DNS_NONE, "none" },
	{ OPTION_CHOICES_PLUGIN, PROFILE_PLUGIN_UPTUN, "uptun" },
	{ OPTION_CHOICES_PLUGIN, PROFILE_PLUGIN_PPPOL2TP, "pppol2tp" },
	{ OPTION_CHOICES_DATA_PATH, PROFILE_DATA_AUTO, "auto" },
	{ OPTION_CHOICES_DATA_PATH, PROFILE_DATA_NETLINK, "netlink" },
	{ OPTION_CHOICES_DATA_PATH, PROFILE_DATA_OL2TP, "ol2tp" },
	{ OPTION_CHOICES_DATA_PATH, PROFILE_DATA_OLAC, "olac" },
	{ OPTION_CHOICES_DATA_PATH, PROFILE_DATA_PPTP, "pptp" },
	{ OPTION_CHOICES_DATA_PATH, PROFILE_DATA_OPNS, "opns" },
	{ OPTION_CHOICES_DATA_PATH, PROFILE_DATA_NULL, "null" },
	{ OPTION_CHOICES_MPPE, PROFILE_MPPE_REQUIRE, "require" },
	{ OPTION_CHOICES_MPPE, PROFILE_MPPE_ALLOW, "allow" },
	{ OPTION_CHOICES_MPPE, PROFILE_MPPE_OFF, "off" },
};

const size_t option_choices_n = sizeof option_choices / sizeof option_choices[0];
