/* output.h - what people and programs see of a host's reports
 * SPDX-License-Identifier: Apache-2.0
 *
 * One interface, two voices: text (output_text.c) and JSON (output_json.c).  Whatever comes from outside is
 * made safe to print; no report carries a secret.
 */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <stdio.h>

#include "cli/host/host.h"

/* How much is told: each level adds to those before it. */
enum output_level { OUTPUT_MILESTONES, OUTPUT_NOTES, OUTPUT_STEPS, OUTPUT_LEVEL_N };

struct output;

struct output_ops {
	void (*report)(struct output *o, const struct host_report *report);
};

struct output {
	const struct output_ops *ops;
	FILE *out, *err; /* borrowed */
	enum output_level level;
	bool has_asked, has_colour;	/* text only */
	size_t name_width;		/* of the longest profile name, in characters; text only */
	const struct profile *profiles; /* as host_add() numbered them; borrowed; for the servers' names */
	size_t profiles_n;
};

extern const struct output_ops output_text;
extern const struct output_ops output_json;

/* Coloured when the voice is text, `out` a terminal, TERM not "dumb" and NO_COLOR not set. */
void output_init(struct output *o, const struct output_ops *ops, enum output_level level, FILE *out,
		 FILE *err);

/* The profiles that reports will be about. */
void output_set_profiles(struct output *o, const struct profile *profiles, size_t n);

/* A host_report_fn; `ctx` is the struct output. */
void output_report(void *ctx, const struct host_report *report);

/* The level a kind of report belongs to. */
enum output_level output_level_of(const struct host_report *report);

/* "192.0.2.7" into `text` (INET6_ADDRSTRLEN), with the port apart. */
void output_address(const union kb_sockaddr *address, char *text, size_t cap, unsigned *port);

/* "2 ms", "12.3 s", "4 min 2 s", "3 h 20 min"; "812 octets", "3.4 MB". */
void output_duration(uint64_t us, char *out, size_t cap);
void output_octets(uint64_t n, char *out, size_t cap);

/* The words of a step: its parts point into the machine's table. */
struct output_step {
	const char *machine, *state, *event, *next, *source;
	const char *answer; /* NULL: nothing was asked */
	const char *actions[UT_ROW_ACTIONS];
	size_t actions_n;
};
void output_step_words(const struct ut_trace *trace, struct output_step *out);

/* The words of an end's codes; "" where there are none. */
const char *output_result_text(struct ut_end end);
const char *output_error_text(struct ut_end end);
/* What brought them: "StopCCN received"; NULL where there are none. */
const char *output_codes_from(struct ut_end end);

/* The second column of a line of text, "tunnel", and what comes after it, made safe to print and cut off at `cap`. */
const char *output_text_head(enum host_report_kind kind);
void output_text_particulars(const struct output *o, const struct host_report *report, char *out, size_t cap);

/* Writes the description of the JSON objects as Markdown; made from the table that writes them. */
void output_json_describe(FILE *out);

#endif
