/* driver.h - the kernel's binder driver, by its own ioctls
 * SPDX-License-Identifier: Apache-2.0
 *
 * One thread, one context.  The driver attests who calls: the effective user of the process, whatever the
 * transaction says.
 */
#ifndef ANDROID_BINDER_DRIVER_H
#define ANDROID_BINDER_DRIVER_H

#include "android/binder/parcel.h"
#include "kernel-bridge/kb.h"

struct driver;

/* A transaction for an object of ours. */
struct driver_call {
	binder_uintptr_t cookie; /* of our object */
	uint32_t code;
	uid_t euid; /* of the caller, as the kernel has it */
	pid_t pid;  /* 0 when it waits for no answer */
	bool is_one_way;
	struct parcel_reader data;
};

struct driver_ops {
	/* Fills in the answer, which is empty. */
	void (*call)(void *ctx, const struct driver_call *call, struct parcel *answer);
	/* Somebody else's object died, as driver_watch_death() asked to be told. */
	void (*died)(void *ctx, binder_uintptr_t cookie);
};

/* Opens the device and maps its buffer.  0, or -errno and a sentence. */
int driver_open(const char *device, const struct driver_ops *ops, void *ctx, struct driver **out,
		struct kb_error *why) KB_MUST_USE;
struct driver *driver_close(struct driver *d); /* returns NULL */

/* Readable when driver_turn() has something to do.  It has, too, when a call came while an answer was waited for. */
int driver_fd(const struct driver *d);
bool driver_has_calls(const struct driver *d);
/* From the next turn on calls come in on this thread. */
void driver_enter(struct driver *d);
/* Does what there is to do, without waiting.  0 or -errno: the device is of no use any more. */
int driver_turn(struct driver *d);

/* Who waits for an answer: `take` sees it and may keep nothing; false: it is not what was asked for. */
struct driver_listener {
	bool (*take)(void *ctx, struct parcel_reader *answer);
	void *ctx;
	int timeout_ms;
};

/* Calls somebody else's object and waits for the answer.  0, or -errno: -EPIPE when it is dead. */
int driver_transact(struct driver *d, uint32_t handle, uint32_t code, const struct parcel *data,
		    const struct driver_listener *listener) KB_MUST_USE;
/* Tells it something.  0; -EAGAIN: its buffer is full now; -EPIPE: it is dead; other -errno. */
int driver_tell(struct driver *d, uint32_t handle, uint32_t code, const struct parcel *data);

/* A handle is ours to use from within the call that brought it to the release. */
void driver_acquire(struct driver *d, uint32_t handle);
void driver_release(struct driver *d, uint32_t handle);
void driver_watch_death(struct driver *d, uint32_t handle, binder_uintptr_t cookie);
void driver_unwatch_death(struct driver *d, uint32_t handle, binder_uintptr_t cookie);

#endif
