/* roster.h - all tunnels of the daemon, for somebody who watches: listed once, then kept by what events tell
 * SPDX-License-Identifier: Apache-2.0
 *
 * An event has the tunnel as it is after it, so what has changed need not be asked for.  Only what no event tells is:
 * what the first tunnels have carried, for as many as there is room to show; and everything, after events were lost.
 */
#ifndef CLI_CONTROL_ROSTER_H
#define CLI_CONTROL_ROSTER_H

#include "cli/control/talk.h"

/* A message that rows look into. */
struct roster_source;

struct roster_row {
	const Uptun__TunnelStatus *tunnel; /* into the source */
	struct roster_source *source;
	bool is_news; /* changed since roster_forget_news() */
};

struct roster {
	struct roster_row *rows; /* owned; by the numbers of the tunnels */
	size_t n, cap;
	bool is_stale; /* events were lost: roster_fetch() all */
};

enum roster_result { ROSTER_TAKEN, ROSTER_NO_MEMORY, ROSTER_RESULT_N };

void roster_fini(struct roster *r);

/* A page of the list, which begins with the tunnel number `from`: what it has takes the place of what is known from there
 * to its end.  The message is the roster's from now on, also on failure. */
enum roster_result roster_take_page(struct roster *r, uint32_t from, struct api_message *page) UT_MUST_USE;

/* An event; the message likewise. */
enum roster_result roster_take_event(struct roster *r, struct api_message *event) UT_MUST_USE;

void roster_forget_news(struct roster *r);

/* Called with each event that comes while a page is waited for, before the roster takes it. */
struct roster_listener {
	void (*heard)(void *arg, const Uptun__Event *event);
	void *arg;
};

/* Asks for the first tunnels, `wanted` of them or more; SIZE_MAX: for all.  Says what goes wrong, and returns the exit
 * status. */
int roster_fetch(struct roster *r, struct talk *t, size_t wanted,
		 const struct roster_listener *listener) UT_MUST_USE;

#endif
