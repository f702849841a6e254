/* run.h - brings profiles up and stays until they have ended
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_RUN_H
#define CLI_RUN_H

#include "cli/output.h"

/* Exit statuses of the front itself; those of tunnels come from ut_end_status(). */
enum { STATUS_OK = 0, STATUS_SYSTEM = 1, STATUS_USER = 5 };

enum { RUN_PROFILES_MAX = 64 };

/* Who keeps a journal, in the executable that can. */
struct run_recorder {
	/* `profiles` are borrowed until the host was made.  0 or -errno. */
	int (*open)(const char *path, const struct profile *profiles, size_t n, void **out,
		    struct kb_error *why);
	void (*close)(void *journal);
	const struct host_observer *observer; /* its context is what open() made */
};

/* The loop of a run. */
struct run_front;

/* Who goes along with a run, and what for; what is NULL is not wanted. */
struct run_companion {
	void *ctx;
	/* The loop is there and nothing has been sent: may watch descriptors.  0 or -errno, which ends the run. */
	int (*begin)(void *ctx, const struct ut_io *io, struct run_front *front);
	void (*report)(void *ctx, const struct host_report *report);
	void (*signal)(void *ctx, int signal); /* one that asks for the end */
	void (*end)(void *ctx);		       /* after begin(), whatever that returned: unwatches them */
	const struct host_observer *observer;  /* only where no journal is kept */
	void *observer_ctx;
	bool is_voice; /* tells people all there is to tell: the run prints no report */
};

/* Asks everything to end, as a signal does.  From within the loop only. */
void run_stop(struct run_front *front);

/* Profiles on their way: checked, secrets not yet read. */
struct run {
	struct profile *profiles; /* owned, heap: 20 KiB each */
	size_t n;
	bool json;
	enum output_level level;
	const char *journal;		       /* the file to keep one in; NULL: none; borrowed */
	const struct run_recorder *recorder;   /* of that journal */
	const struct run_companion *companion; /* NULL: nobody; borrowed */
};

/* Room for n profiles, each as after profile_init().  False: no memory. */
bool run_init(struct run *run, size_t n) UT_MUST_USE;

/* Wipes and frees. */
void run_fini(struct run *run);

/* What comes before anything is sent: checks the words for pppd and, when the tunnels are to be this process's own, its
 * privileges; prepares for signals; reads the secrets.  Says what goes wrong.  STATUS_OK, and the caller closes
 * `*signal_fd` (see signals_open()); or the exit status. */
int run_prepare(struct run *run, bool is_ours, int *signal_fd) UT_MUST_USE;

/* Asks for privileges, reads the secrets, then brings everything up and stays until it has ended, by itself or
 * by a signal.  Says what goes wrong.  Returns the exit status. */
int run_all(struct run *run);

#endif
