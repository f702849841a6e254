/* option.h - the options of uptun as data, and reading them from a command line
 * SPDX-License-Identifier: Apache-2.0
 *
 * One list, option_list.h, says what there is; the parser's table, --help, the manual page's lists and the
 * assignment to a profile are made from it.
 */
#ifndef CLI_OPTION_H
#define CLI_OPTION_H

#include "cli/command.h"
#include "cli/profile.h"

/* What an option's argument is. */
enum option_kind {
	OPTION_FLAG, /* there is none; a bool */
	OPTION_TEXT,
	OPTION_NUMBER, /* decimal, or hexadecimal after 0x */
	OPTION_FILE,   /* where a secret is read from */
	OPTION_ROUTE,
	OPTION_CHOICE,
	OPTION_KIND_N
};

/* What an option changes. */
enum option_target {
	OPTION_OF_PROFILE,	 /* a field of every profile */
	OPTION_OF_SESSIONS,	 /* a field of every session of every profile */
	OPTION_OF_FIRST_SESSION, /* a field of the first session */
	OPTION_PROFILE_FILE,	 /* the others are asked for by the front, with option_count() */
	OPTION_JSON,
	OPTION_VERBOSE,
	OPTION_HELP,
	OPTION_HEX,
	OPTION_DECODE_SECRET,
	OPTION_DECODE_PPTP,
	OPTION_DECODE_GRE,
	OPTION_FORMAT,
	OPTION_LIST,
	OPTION_REPLAY_COUNT,
	OPTION_REPLAY_RESPOND,
	OPTION_REPLAY_TABLE,
	OPTION_REPLAY_SVG,
	OPTION_REPLAY_HTML,
	OPTION_JOURNAL,
	OPTION_FORCE,
	OPTION_SOCKET,
	OPTION_SOCKET_FD,
	OPTION_GROUP,
	OPTION_USER,
	OPTION_ALLOW_UID,
	OPTION_SHIM_UID,
	OPTION_PROFILES,
	OPTION_MAX_TUNNELS,
	OPTION_MAX_PPTP,
	OPTION_ALLOW_PPPD,
	OPTION_LOW_PORTS,
	OPTION_NO_LAUNCHER,
	OPTION_BY_DAEMON,
	OPTION_FOREGROUND,
	OPTION_WATCH,
	OPTION_QUIET,
	OPTION_ALL,
	OPTION_FOLLOW,
	OPTION_LINES,
	OPTION_TARGET_N
};

/* Which words an OPTION_CHOICE takes. */
enum option_choices {
	OPTION_CHOICES_DNS,
	OPTION_CHOICES_PLUGIN,
	OPTION_CHOICES_DATA_PATH,
	OPTION_CHOICES_MPPE
};

enum {
	OPTION_NAME_OCTETS = 20,
	OPTION_FIELD_OCTETS = 24,
	OPTION_ARGUMENT_OCTETS = 40,
	OPTION_UNIT_OCTETS = 56,
	OPTION_WORD_OCTETS = 12
};

struct option_choice {
	enum option_choices list;
	int value;
	char word[OPTION_WORD_OCTETS];
};

extern const struct option_choice option_choices[];
extern const size_t option_choices_n;

struct option_spec {
	char name[OPTION_NAME_OCTETS]; /* without the dashes */
	char letter;		       /* 0: none */
	bool is_single;		       /* makes sense for one profile only */
	uint16_t offset, octets;       /* of the field, in struct profile or struct profile_session */
	unsigned commands;	       /* set of enum command_id, bit = id */
	enum option_kind kind;
	enum option_target target;
	char field[OPTION_FIELD_OCTETS]; /* path in the schema, within the session for options of sessions */
	struct option_twin {
		char field[OPTION_FIELD_OCTETS]; /* "": there is none */
		uint16_t offset, octets;
	} pptp;		    /* the same with PPTP, where that has a field of its own */
	unsigned protocols; /* set of enum profile_protocol, bit = protocol; 0: any */
	uint32_t min, max;
	enum option_choices choices;
};

/* What an argument should be; looked at when one is wrong. */
struct option_wanted {
	char argument[OPTION_ARGUMENT_OCTETS]; /* "": there is none */
	char unit[OPTION_UNIT_OCTETS];	       /* of the argument, with its range */
};

/* option_list.h as the parser needs it; both have option_table_n rows. */
extern const struct option_spec option_table[];
extern const struct option_wanted option_wanted[];
extern const size_t option_table_n;

/* ---- reading a command line ---- */

enum { OPTIONS_GIVEN_MAX = 256, OPTION_ERROR_OCTETS = 256 };

struct option_given {
	const struct option_spec *spec;
	const char *value; /* borrowed from argv; NULL: a flag */
	uint32_t number;   /* OPTION_NUMBER; OPTION_CHOICE: the choice's value */
};

/* A command line taken apart.  Borrows argv, whose words it reorders. */
struct options {
	size_t given_n;
	char **operands; /* what is no option */
	int operands_n;
	char **rest; /* behind "--" */
	int rest_n;
	struct option_given given[OPTIONS_GIVEN_MAX]; /* in order; last: most of it is never touched */
};

struct option_error {
	char text[OPTION_ERROR_OCTETS]; /* one sentence, without the command's name */
};

enum options_result { OPTIONS_OK, OPTIONS_BAD, OPTIONS_RESULT_N };

/* Reads argv[1] and on; argv[0] is the command's name.  Words are moved so that
 * operands stand first, and none is lost: what was read once can be read again.  On OPTIONS_BAD `why` says what is
 * wrong.  (getopt_long() has global state, and costs every start two pages.) */
enum options_result options_parse(enum command_id command, int argc, char **argv, struct options *out,
				  struct option_error *why) UT_MUST_USE;

/* How often an option of this target was given; the argument of the last one, or NULL; its number, or `fallback`. */
unsigned options_count(const struct options *options, enum option_target target);
const char *options_value(const struct options *options, enum option_target target);
uint32_t options_number(const struct options *options, enum option_target target, uint32_t fallback);

/* The first option given that makes sense for one profile only, or NULL. */
const struct option_given *options_first_single(const struct options *options);

/* ---- to a profile ---- */

/* Sets the fields that the options and the words behind "--" name, over what the profile has; `source` (may
 * be NULL) forgets where they stood.  On PROFILE_BAD `why` names the field. */
enum profile_result options_apply(const struct options *options, struct profile *p,
				  struct profile_source *source, struct profile_error *why) UT_MUST_USE;

/* The option given that a field's path belongs to, or NULL. */
const struct option_spec *options_of_field(const struct options *options, const char *field);

#endif
