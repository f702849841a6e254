/* daemon.h - any number of tunnels in one process, which takes orders as protobuf over a Unix socket
 * SPDX-License-Identifier: Apache-2.0
 *
 * One loop, one host, one engine.  Whatever a client does or does not do, a tunnel never waits for it: reading and
 * writing do not block, what is kept for a client is bounded, a watcher that is too slow loses events and is told how
 * many, and one that does not take its replies is cut off.
 *
 * The API is proto-defs/uptun.proto.
 */
#ifndef CLI_DAEMON_DAEMON_H
#define CLI_DAEMON_DAEMON_H

#include "cli/daemon/log.h"
#include "cli/daemon/rights.h"
#include "cli/host/host.h"

enum { DAEMON_CLIENTS_MAX = 256, DAEMON_TUNNELS_MAX = HOST_PROFILES_MAX };

struct daemon_config {
	struct ut_io io;
	struct host_system system;	/* all zero: the machine itself */
	const struct kb_driver *driver; /* NULL: by the profiles' preference */
	unsigned max_tunnels;		/* at a time, 1 to DAEMON_TUNNELS_MAX */
	unsigned max_pptp;		/* how many of them may be PPTP's; max_tunnels or more: any */
	const struct rights *rights;
	const char *const *extra_options; /* NULL-terminated: words for pppd beside the list; NULL: none */
	enum log_level level;
	struct log_sink sink;
};

struct daemon;

/* 0 or -errno with a sentence.  What `config` points to must outlive the daemon. */
int daemon_new(const struct daemon_config *config, struct daemon **out, struct kb_error *why) KB_MUST_USE;
struct daemon *daemon_free(struct daemon *d); /* undoes everything; returns NULL */

/* Everything that needs rights the process will not keep: see host_probe_drivers(). */
void daemon_prepare(struct daemon *d);

/* Names of what the daemon is kept from doing, for Version; borrowed, NULL-terminated. */
void daemon_set_sandbox(struct daemon *d, const char *const *names);

/* Takes clients from a listening Unix socket, which stays the caller's.  0 or -errno. */
int daemon_listen(struct daemon *d, int listener) KB_MUST_USE;

/* Takes a connected socket for a client, and closes it in the end, also on failure.  0 or -errno. */
int daemon_attach(struct daemon *d, int fd) KB_MUST_USE;

/* Who a tunnel is for. */
struct daemon_origin {
	uid_t owner;
	bool is_configured; /* it comes from the folder of profiles */
	uint64_t client;    /* it ends with this client's connection; 0: it does not */
};

enum daemon_refusal {
	DAEMON_ADDED,
	DAEMON_BAD_PROFILE, /* `field` */
	DAEMON_NO_ROOM,
	DAEMON_NAME_IN_USE,
	DAEMON_SYSTEM, /* `err` */
	DAEMON_ENDING,
	DAEMON_REFUSAL_N
};

struct daemon_fault {
	char field[160];
	char text[256];
	int err; /* errno, or 0 */
};

/* Brings a checked profile, whose secrets are loaded, up; checks its words for pppd. */
enum daemon_refusal daemon_add(struct daemon *d, const struct profile *profile,
			       const struct daemon_origin *origin, uint32_t *id,
			       struct daemon_fault *why) UT_MUST_USE;

/* One turn: false when it was stopped and everything has ended, or the loop failed. */
bool daemon_turn(struct daemon *d);
/* -errno of a loop that failed, else 0. */
int daemon_error(const struct daemon *d);

/* Ends all tunnels in good order and then the daemon; asked again, at once. */
void daemon_stop(struct daemon *d);

/* How many tunnels there are, how many of them are up, and how many clients. */
unsigned daemon_n_tunnels(const struct daemon *d);
unsigned daemon_n_up(const struct daemon *d);
unsigned daemon_n_clients(const struct daemon *d);

/* A line about the daemon itself. */
void daemon_say(struct daemon *d, bool is_warning, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
