/* client.h - the other end of the daemon's socket: asks and waits, hears events
 * SPDX-License-Identifier: Apache-2.0
 *
 * Calls block, within the time they are given.  Not for threads.
 */
#ifndef CLI_API_CLIENT_H
#define CLI_API_CLIENT_H

#include "cli/api/message.h"
#include "kernel-bridge/kb.h"

/* Where the daemon listens when nobody says otherwise. */
#define API_SOCKET_PATH "/run/uptun.sock"

enum { API_TIMEOUT_MS = 10000 };

struct api_client;

/* Connects to the daemon's socket.  0 or -errno; `why` is a sentence for people. */
int api_client_open(const char *path, struct api_client **out, struct kb_error *why) UT_MUST_USE;

/* The same over a connected stream socket, which is the client's from now on, also on failure. */
int api_client_adopt(int fd, struct api_client **out, struct kb_error *why) UT_MUST_USE;

struct api_client *api_client_free(struct api_client *c); /* closes; returns NULL */

/* Its descriptor, for poll(); what was read ahead is had from api_client_next() only, so call that until it says 0. */
int api_client_fd(const struct api_client *c);

/* Sends an order, whose id it sets, and waits for the reply; events that come meanwhile are kept for
 * api_client_next().  0, and `*out` has a reply, which the caller frees; or -errno: -ETIMEDOUT, -ECONNRESET the daemon
 * is gone, -EPROTO it sent what is no message of the API, -EMSGSIZE the request is too long.  An Error in the reply
 * is no failure of this call. */
int api_client_ask(struct api_client *c, Uptun__Request *request, unsigned timeout_ms,
		   struct api_message **out, struct kb_error *why) UT_MUST_USE;

/* How many events api_client_next() has at once; right after api_client_ask(): those that came before the reply. */
unsigned api_client_kept(const struct api_client *c);

/* The next event.  1, and `*out` has it, which the caller frees; 0: none in timeout_ms (negative: wait without end);
 * -errno as above. */
int api_client_next(struct api_client *c, int timeout_ms, struct api_message **out,
		    struct kb_error *why) UT_MUST_USE;

#endif
