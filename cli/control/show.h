/* show.h - what the daemon says about tunnels, for people and for programs
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_CONTROL_SHOW_H
#define CLI_CONTROL_SHOW_H

#include <stdbool.h>
#include <stdio.h>

#include "cli/control/words.h"
#include "uptun.pb-c.h"

enum { SHOW_STATE_OCTETS = 64 };

#define SHOW_NOTHING "There are no tunnels.\n"

/* One or two words: "up", "1 of 2 up", "dialling", "retry in 12 s". */
void show_state(const Uptun__TunnelStatus *tunnel, char out[SHOW_STATE_OCTETS]);

/* A table of n tunnels, a row for each session; in the short one, a row for each tunnel.  `now_ms` since 1970.  False:
 * rows are missing, for there was no memory. */
bool show_table(const Uptun__TunnelStatus *const *tunnels, size_t n, uint64_t now_ms, FILE *out);
bool show_list(const Uptun__TunnelStatus *const *tunnels, size_t n, FILE *out);

/* Everything about one, in lines. */
void show_tunnel(const Uptun__TunnelStatus *tunnel, uint64_t now_ms, FILE *out);

/* JSON objects, one a line: the tunnel, then each of its sessions; `is_short`: the tunnel alone. */
void show_json(const Uptun__TunnelStatus *tunnel, uint64_t now_ms, bool is_short, FILE *out);

/* The end of a tunnel, out of its last event. */
void show_ended(const Uptun__Event *event, FILE *out);
void show_ended_json(const Uptun__Event *event, FILE *out);

/* A line of the log. */
void show_line(const Uptun__LogLine *line, FILE *out);
void show_line_json(const Uptun__LogLine *line, FILE *out);

#endif
