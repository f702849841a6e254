/* sandbox.h - what is left to the daemon proper: a user of its own, two capabilities, some system calls
 * SPDX-License-Identifier: Apache-2.0
 *
 * Entered once, by a single thread, when everything that needs root has been done: launcher started, profiles read,
 * socket made, drivers probed (host_probe_drivers()).  There is no way back.
 */
#ifndef CLI_LAUNCHER_SANDBOX_H
#define CLI_LAUNCHER_SANDBOX_H

#include "kernel-bridge/kb.h"

#include <sys/types.h>

/* What becomes of a system call that is not on the list. */
enum sandbox_seccomp {
	SANDBOX_KILL, /* the process is killed (SIGSYS), and the launcher cleans up */
	SANDBOX_LOG, /* it is done and logged by the kernel: for builds with sanitizers, and to find what is lacking */
	SANDBOX_OFF,
	SANDBOX_SECCOMP_N
};

struct sandbox_config {
	const char *user; /* a name or a number; NULL: "uptun" */
	bool low_ports;	  /* CAP_NET_BIND_SERVICE is kept beside CAP_NET_ADMIN */
	enum sandbox_seccomp seccomp;
};

/* What was reached, for the status and the log. */
struct sandbox_state {
	uid_t uid;
	gid_t gid;
	enum sandbox_seccomp seccomp; /* SANDBOX_OFF also where the kernel has none: lacks_seccomp */
	bool lacks_seccomp;
};

/* The ids of `config->user`, also before the sandbox is entered, to give the socket to its group.
 * -ENOENT with a sentence when there is no such user. */
int sandbox_user(const struct sandbox_config *config, uid_t *uid, gid_t *gid,
		 struct kb_error *why) KB_MUST_USE;

/* Becomes the user with its own group alone; keeps CAP_NET_ADMIN (and CAP_NET_BIND_SERVICE) permitted and effective,
 * nothing inheritable, ambient or bounding; sets no_new_privs, makes the process untraceable and without core files;
 * and loads the filter.  A kernel without seccomp filters is no failure: `out` says so, and the caller warns.
 * Failing, the process is half-way there: it must end. */
int sandbox_enter(const struct sandbox_config *config, struct sandbox_state *out,
		  struct kb_error *why) KB_MUST_USE;

/* SANDBOX_KILL; in a build with ASan, whose run time does more than we list, SANDBOX_LOG. */
enum sandbox_seccomp sandbox_usual_seccomp(void);

/* "killed", "logged", "off", or "off: this kernel has no seccomp filters". */
const char *sandbox_seccomp_name(const struct sandbox_state *state);

#endif
