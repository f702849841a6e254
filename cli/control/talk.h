/* talk.h - asking the daemon, and telling people what went wrong
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_CONTROL_TALK_H
#define CLI_CONTROL_TALK_H

#include "cli/api/client.h"
#include "cli/option.h"
#include "cli/run.h"

/* Exit status of the daemon's clients beside STATUS_OK and STATUS_SYSTEM: there is no such tunnel. */
enum { STATUS_NO_TUNNEL = 2 };

struct talk {
	struct api_client *client;
};

/* Connects to the daemon that --socket names, or the usual one.  All of these say what goes wrong and return the exit
 * status. */
int talk_open(struct talk *t, const struct options *options) UT_MUST_USE;
void talk_close(struct talk *t);

/* Asks, and takes no other reply than `wanted`.  On STATUS_OK the caller frees `*out`, in which api_reply() is it. */
int talk_ask(struct talk *t, Uptun__Request *request, Uptun__Reply__ResultCase wanted,
	     struct api_message **out) UT_MUST_USE;

/* Events are wanted from now on, as the order says which.  Returns the exit status. */
int talk_watch(struct talk *t, const Uptun__Watch *order) UT_MUST_USE;

/* The next event, as api_client_next() has it: 1, 0, or negative, and then it was said why. */
int talk_next(struct talk *t, int timeout_ms, struct api_message **out) UT_MUST_USE;

/* ---- all tunnels ---- */

struct tunnels {
	const Uptun__TunnelStatus **at; /* into the pages */
	size_t n;
	struct api_message **pages;
	size_t pages_n;
};

/* One page of the list, from the tunnel with this number on; `*next` says where the next begins, 0: that was all.  On
 * STATUS_OK the caller frees `*out`, in which api_reply() has it. */
int talk_page(struct talk *t, uint32_t from, uint32_t *next, struct api_message **out) UT_MUST_USE;

int talk_list(struct talk *t, struct tunnels *out) UT_MUST_USE;
void tunnels_fini(struct tunnels *tunnels);

/* The id of the tunnel that a word of the command line names: all digits are the id itself, else it is a name. */
int talk_find(struct talk *t, const char *word, uint32_t *id) UT_MUST_USE;

/* Reads the command line of a client: at most `operands` words that are no options. */
int talk_options(enum command_id command, int argc, char **argv, int operands,
		 struct options *out) UT_MUST_USE;

#endif
