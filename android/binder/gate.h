/* gate.h - requests of others, handed to the daemon in their name
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ANDROID_BINDER_GATE_H
#define ANDROID_BINDER_GATE_H

#include "cli/api/client.h"

/* Reads a request of a caller's; wants_events: one that belongs to a connection of its own.  NULL: `why` says what
 * is wrong. */
struct api_message *gate_read(struct ut_slice octets, bool *wants_events, struct kb_error *why) UT_MUST_USE;

/* Opens a connection where there is none, or the last one has ended. */
int gate_connect(struct api_client **client, const char *socket, struct kb_error *why) UT_MUST_USE;

/* The Reply as octets, the caller's to free. */
struct gate_answer {
	uint8_t *octets;
	size_t n;
	bool is_refused; /* the daemon said no */
};

/* Asks in the name of `uid`.  0, or -errno, and then the connection is closed. */
int gate_ask(struct api_client **client, const struct api_message *request, uint32_t uid,
	     struct gate_answer *out, struct kb_error *why) UT_MUST_USE;

#endif
