/* office.h - a daemon in this process: tunnels in a world of memory, clients over socket pairs
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_CLI_DAEMON_OFFICE_H
#define TESTS_CLI_DAEMON_OFFICE_H

#include "cli/api/frame.h"
#include "cli/api/message.h"
#include "cli/daemon/daemon.h"
#include "tests/cli/daemon/mixed_io.h"
#include "tests/cli/host/load.h"

enum { OFFICE_SECOND = 1000000 };

struct office {
	struct load *load;
	struct mixed_io io;
	struct rights rights;
	struct daemon *daemon;
	struct log_sink sink; /* before office_open() */
	unsigned max_tunnels; /* likewise */
	bool is_ticking;
	struct frame_inbox inboxes[MIXED_WATCHES]; /* of clients, by descriptor */
};

struct office *office_new(void); /* not open yet; its rights are root's and the user's */
void office_open(struct office *o);
/* Ends it, whatever its state, and checks that nothing is left. */
void office_end(struct office *o);

/* Turns for so long; the world's time goes on though nothing happens. */
void office_run(struct office *o, uint64_t us);

/* A client's end of a socket pair whose other end the daemon has. */
int office_client(struct office *o);

/* Sends a request as it is. */
void office_send(int fd, const Uptun__Request *request);
/* Sends it, turns until the reply is there, and gives it; events before it are dropped.  NULL: the connection is closed. */
struct api_message *office_ask(struct office *o, int fd, const Uptun__Request *request);
/* The next message; turns until there is one, at most for `us` of the world's time.  NULL: none, or closed. */
struct api_message *office_next(struct office *o, int fd, uint64_t us);
/* Has the daemon closed the connection, with nothing left to read? */
bool office_is_closed(struct office *o, int fd);

/* A profile that the world's server takes; fill() sets `name`. */
struct office_profile {
	char name[32];
	Uptun__Profile profile;
	Uptun__L2tp l2tp;
	Uptun__Reconnect reconnect;
	Uptun__Up up;
	Uptun__Request request;
};
void office_profile(struct office_profile *p, unsigned number);

/* Asks for tunnel `number` and gives its id. */
uint32_t office_up(struct office *o, int fd, unsigned number, bool watch);

#endif
