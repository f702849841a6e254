/* command.h - the commands of uptun as data
 * SPDX-License-Identifier: Apache-2.0
 *
 * One table says what there is; --help and the manual page's command list are made from it.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

enum command_id {
	COMMAND_UP,
	COMMAND_MTPD,
	COMMAND_DECODE,
	COMMAND_GRAPH,
	COMMAND_REPLAY,
	COMMAND_VERSION,
	COMMAND_HELP,
	COMMAND_N
};

enum { COMMAND_USAGES = 4, COMMAND_EXAMPLES = 6 };

struct command {
	const char *name;
	const char *usages[COMMAND_USAGES];	/* after "uptun NAME"; [ ] optional, CAPITALS a value */
	const char *summary;			/* one line, no full stop */
	const char *text;			/* paragraphs, parted by empty lines */
	const char *examples[COMMAND_EXAMPLES]; /* whole command lines */
};

/* Indexed by enum command_id. */
extern const struct command commands[COMMAND_N];

/* NULL: there is none of that name. */
const struct command *command_find(const char *name);

/* What main() calls: argv[0] is the command's name; they return the exit status. */
int cmd_up(int argc, char **argv);
int cmd_mtpd(int argc, char **argv);
int cmd_decode(int argc, char **argv);
int cmd_graph(int argc, char **argv);
int cmd_replay(int argc, char **argv);
int cmd_version(int argc, char **argv);
int cmd_help(int argc, char **argv);

#endif
