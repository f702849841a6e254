/* command.h - the commands of uptun, and which executable carries them out
 * SPDX-License-Identifier: Apache-2.0
 *
 * One list says what there is; what is said about them stands in command_text.c.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

/* The executables; program.c has their names. */
enum program_id {
	PROGRAM_UPTUN,
	PROGRAM_INSPECT, /* reads what others wrote: messages, captures, journals, the tables */
	PROGRAM_CONTROL, /* help, and the clients of the daemon */
	PROGRAM_JOURNAL, /* uptun up that keeps a journal */
	PROGRAM_DAEMON,
	PROGRAM_N
};

/* X(ID, name, program) */
#define COMMANDS(X)                        \
	X(UP, "up", UPTUN)                 \
	X(MTPD, "mtpd", UPTUN)             \
	X(DECODE, "decode", INSPECT)       \
	X(GRAPH, "graph", INSPECT)         \
	X(REPLAY, "replay", INSPECT)       \
	X(DAEMON, "daemon", DAEMON)        \
	X(STATUS, "status", CONTROL)       \
	X(LIST, "list", CONTROL)           \
	X(DOWN, "down", CONTROL)           \
	X(LOGS, "logs", CONTROL)           \
	X(LOG_LEVEL, "log-level", CONTROL) \
	X(METRICS, "metrics", CONTROL)     \
	X(VERSION, "version", UPTUN)       \
	X(HELP, "help", CONTROL)

enum command_id {
#define X(ID, name, program) COMMAND_##ID,
	COMMANDS(X)
#undef X
	    COMMAND_N
};

enum { COMMAND_NAME_OCTETS = 12 };

/* Without pointers, so that nothing of it need be relocated. */
struct command {
	char name[COMMAND_NAME_OCTETS];
	enum program_id program;
};

/* Indexed by enum command_id. */
extern const struct command commands[COMMAND_N];

/* NULL: there is none of that name. */
const struct command *command_find(const char *name);

/* What program_main() calls: argv[0] is the command's name; they return the exit status. */
int cmd_up(int argc, char **argv);
int cmd_mtpd(int argc, char **argv);
int cmd_decode(int argc, char **argv);
int cmd_graph(int argc, char **argv);
int cmd_replay(int argc, char **argv);
int cmd_status(int argc, char **argv);
int cmd_list(int argc, char **argv);
int cmd_down(int argc, char **argv);
int cmd_logs(int argc, char **argv);
int cmd_log_level(int argc, char **argv);
int cmd_metrics(int argc, char **argv);
int cmd_version(int argc, char **argv);
int cmd_help(int argc, char **argv);

#endif
