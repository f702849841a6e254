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

/* Profiles on their way: checked, secrets not yet read. */
struct run {
	struct profile *profiles; /* owned, heap: 20 KiB each */
	size_t n;
	bool json;
	enum output_level level;
	const char *journal;		     /* the file to keep one in; NULL: none; borrowed */
	const struct run_recorder *recorder; /* of that journal */
};

/* Room for n profiles, each as after profile_init().  False: no memory. */
bool run_init(struct run *run, size_t n) UT_MUST_USE;

/* Wipes and frees. */
void run_fini(struct run *run);

/* Asks for privileges, reads the secrets, then brings everything up and stays until it has ended, by itself or
 * by a signal.  Says what goes wrong.  Returns the exit status. */
int run_all(struct run *run);

#endif
