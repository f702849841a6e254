/* driver.c - the kernel's binder driver, by its own ioctls
 * SPDX-License-Identifier: Apache-2.0
 *
 * The device is read without blocking, and waited for by poll().  A thread that waits for an answer is handed no calls,
 * so that few can come in between; those are kept until it is their turn.
 */
#include "android/binder/driver.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
	BUFFER_OCTETS = 1024 * 1024 - 8192, /* as Android's own processes map */
	COMMAND_OCTETS = 4096,
	CALLS_MAX = 8,
	FINISH_MS = 1000 /* for the driver to say that it has taken something */
};

/* What became of the transaction we sent last. */
enum outcome { WAITS, TAKEN, ANSWERED, DEAD, FAILED };

struct driver {
	int fd;
	void *buffer;
	const struct driver_ops *ops;
	void *ctx;
	uint8_t commands[COMMAND_OCTETS]; /* to be written with the next exchange */
	size_t n_commands;
	struct binder_transaction_data calls[CALLS_MAX];
	unsigned n_calls;
	enum outcome outcome;
	struct binder_transaction_data answer;
	struct parcel reply;
};

/* ---- commands ---- */

static void
put(struct driver *d, const void *p, size_t n)
{
	memcpy(d->commands + d->n_commands, p, n);
	d->n_commands += n;
}

static int exchange(struct driver *d);

/* One command and its operand, behind those that wait. */
static void
command(struct driver *d, uint32_t code, const void *operand, size_t n)
{
	if (d->n_commands + sizeof code + n > sizeof d->commands)
		(void)exchange(d);
	put(d, &code, sizeof code);
	put(d, operand, n);
}

static void
free_buffer(struct driver *d, const struct binder_transaction_data *data)
{
	const binder_uintptr_t at = data->data.ptr.buffer;

	command(d, BC_FREE_BUFFER, &at, sizeof at);
}

void
driver_acquire(struct driver *d, uint32_t handle)
{
	command(d, BC_INCREFS, &handle, sizeof handle);
	command(d, BC_ACQUIRE, &handle, sizeof handle);
}

void
driver_release(struct driver *d, uint32_t handle)
{
	command(d, BC_RELEASE, &handle, sizeof handle);
	command(d, BC_DECREFS, &handle, sizeof handle);
}

void
driver_watch_death(struct driver *d, uint32_t handle, binder_uintptr_t cookie)
{
	const struct binder_handle_cookie who = { .handle = handle, .cookie = cookie };

	command(d, BC_REQUEST_DEATH_NOTIFICATION, &who, sizeof who);
}

void
driver_unwatch_death(struct driver *d, uint32_t handle, binder_uintptr_t cookie)
{
	const struct binder_handle_cookie who = { .handle = handle, .cookie = cookie };

	command(d, BC_CLEAR_DEATH_NOTIFICATION, &who, sizeof who);
}

/* ---- what the driver returns ---- */

static void
keep_call(struct driver *d, const struct binder_transaction_data *data)
{
	if (d->n_calls < CALLS_MAX)
		d->calls[d->n_calls++] = *data;
	else
		free_buffer(d, data);
}

static void
on_death(struct driver *d, const uint8_t *operand)
{
	binder_uintptr_t cookie;

	memcpy(&cookie, operand, sizeof cookie);
	command(d, BC_DEAD_BINDER_DONE, &cookie, sizeof cookie);
	d->ops->died(d->ctx, cookie);
}

static void
on_return(struct driver *d, uint32_t code, const uint8_t *operand)
{
	struct binder_transaction_data data;

	switch (code) {
	case BR_INCREFS:
		command(d, BC_INCREFS_DONE, operand, sizeof(struct binder_ptr_cookie));
		break;
	case BR_ACQUIRE:
		command(d, BC_ACQUIRE_DONE, operand, sizeof(struct binder_ptr_cookie));
		break;
	case BR_TRANSACTION:
		memcpy(&data, operand, sizeof data);
		keep_call(d, &data);
		break;
	case BR_REPLY:
		memcpy(&d->answer, operand, sizeof d->answer);
		d->outcome = ANSWERED;
		break;
	case BR_TRANSACTION_COMPLETE:
	case BR_ONEWAY_SPAM_SUSPECT:
		d->outcome = d->outcome == WAITS ? TAKEN : d->outcome;
		break;
	case BR_DEAD_REPLY:
		d->outcome = DEAD;
		break;
	case BR_FAILED_REPLY:
	case BR_FROZEN_REPLY:
		d->outcome = FAILED;
		break;
	case BR_DEAD_BINDER:
		on_death(d, operand);
		break;
	default: /* no-ops, and references to an object that lives as long as we do */
		break;
	}
}

static void
read_returns(struct driver *d, const uint8_t *at, size_t n)
{
	while (n >= sizeof(uint32_t)) {
		uint32_t code;
		memcpy(&code, at, sizeof code);
		const size_t operand = _IOC_SIZE(code);

		if (operand > n - sizeof code)
			return;
		on_return(d, code, at + sizeof code);
		at += sizeof code + operand;
		n -= sizeof code + operand;
	}
}

/* Writes what waits and reads what is there.  0, -EAGAIN: there was nothing, or -errno. */
static int
exchange(struct driver *d)
{
	uint8_t commands[COMMAND_OCTETS], returns[1024];
	struct binder_write_read both = { .write_size = d->n_commands,
					  .write_buffer = (uintptr_t)commands,
					  .read_size = sizeof returns,
					  .read_buffer = (uintptr_t)returns };
	int r;

	memcpy(commands, d->commands, d->n_commands);
	d->n_commands = 0;
	do
		r = ioctl(d->fd, BINDER_WRITE_READ, &both);
	while (r < 0 && errno == EINTR);
	r = r < 0 ? -errno : 0;
	read_returns(d, returns, (size_t)both.read_consumed);
	return r;
}

/* ---- transactions ---- */

static struct binder_transaction_data
transaction(const struct parcel *p, uint32_t handle, uint32_t code, uint32_t flags)
{
	return (struct binder_transaction_data){ .target.handle = handle,
						 .code = code,
						 .flags = flags,
						 .data_size = p->n,
						 .offsets_size = p->n_objects * sizeof p->object,
						 .data.ptr.buffer = (uintptr_t)p->octets,
						 .data.ptr.offsets = (uintptr_t)&p->object };
}

/* Until it is taken, or (with an answer) answered. */
static int
await(struct driver *d, bool wants_answer, int timeout_ms)
{
	struct pollfd pollfd = { .fd = d->fd, .events = POLLIN };
	int r = 0;

	while (r == 0 && (d->outcome == WAITS || (wants_answer && d->outcome == TAKEN))) {
		r = exchange(d);
		if (r != -EAGAIN)
			continue;
		const int ready = poll(&pollfd, 1, timeout_ms);
		r = ready > 0 || (ready < 0 && errno == EINTR) ? 0 : -ETIMEDOUT;
	}
	if (d->outcome == DEAD)
		return -EPIPE;
	return d->outcome == FAILED ? -EAGAIN : r;
}

int
driver_transact(struct driver *d, uint32_t handle, uint32_t code, const struct parcel *data,
		const struct driver_listener *listener)
{
	const struct binder_transaction_data out = transaction(data, handle, code, 0);

	if (data->is_overflown)
		return -EMSGSIZE;
	d->outcome = WAITS;
	command(d, BC_TRANSACTION, &out, sizeof out);
	int r = await(d, true, listener->timeout_ms);
	if (r < 0)
		return r;
	struct parcel_reader answer = parcel_reader_of(&d->answer);
	if (!listener->take(listener->ctx, &answer))
		r = -EPROTO;
	free_buffer(d, &d->answer);
	return r;
}

int
driver_tell(struct driver *d, uint32_t handle, uint32_t code, const struct parcel *data)
{
	const struct binder_transaction_data out = transaction(data, handle, code, TF_ONE_WAY);

	if (data->is_overflown)
		return -EMSGSIZE;
	d->outcome = WAITS;
	command(d, BC_TRANSACTION, &out, sizeof out);
	return await(d, false, FINISH_MS);
}

static int
answer_call(struct driver *d)
{
	const struct binder_transaction_data out = transaction(&d->reply, 0, 0, 0);

	d->outcome = WAITS;
	command(d, BC_REPLY, &out, sizeof out);
	return await(d, false, FINISH_MS);
}

static int
serve(struct driver *d, const struct binder_transaction_data *data)
{
	const struct driver_call call = { .cookie = data->cookie,
					  .code = data->code,
					  .euid = data->sender_euid,
					  .pid = data->sender_pid,
					  .is_one_way = (data->flags & TF_ONE_WAY) != 0,
					  .data = parcel_reader_of(data) };

	parcel_clear(&d->reply);
	d->ops->call(d->ctx, &call, &d->reply);
	if (d->reply.is_overflown) {
		parcel_clear(&d->reply);
		parcel_exception(&d->reply, -5, "the answer is too long"); /* illegal state */
	}
	free_buffer(d, data);
	return call.is_one_way ? 0 : answer_call(d);
}

int
driver_turn(struct driver *d)
{
	int r = exchange(d);

	while (d->n_calls > 0 && (r == 0 || r == -EAGAIN)) {
		const struct binder_transaction_data data = d->calls[0];

		memmove(d->calls, d->calls + 1, --d->n_calls * sizeof d->calls[0]);
		r = serve(d, &data);
		if (r == 0)
			r = exchange(d); /* the buffer is given back at once */
	}
	return r == -EAGAIN ? 0 : r;
}

/* ---- life ---- */

int
driver_fd(const struct driver *d)
{
	return d->fd;
}

bool
driver_has_calls(const struct driver *d)
{
	return d->n_calls > 0;
}

void
driver_enter(struct driver *d)
{
	command(d, BC_ENTER_LOOPER, "", 0);
}

static int
prepare(struct driver *d, const char *device, struct kb_error *why)
{
	struct binder_version version = { 0 };
	uint32_t no_more_threads = 0;

	d->fd = open(device, O_RDWR | O_CLOEXEC | O_NONBLOCK);
	if (d->fd < 0)
		return kb_fail(why, errno,
			       "cannot open %s: %s; is the driver there (CONFIG_ANDROID_BINDER_IPC, module "
			       "binder_linux)?",
			       device, strerror(errno));
	if (ioctl(d->fd, BINDER_VERSION, &version) < 0 ||
	    version.protocol_version != BINDER_CURRENT_PROTOCOL_VERSION)
		return kb_fail(why, EPROTO, "%s speaks version %d of binder's protocol, not %d", device,
			       (int)version.protocol_version, BINDER_CURRENT_PROTOCOL_VERSION);
	if (ioctl(d->fd, BINDER_SET_MAX_THREADS, &no_more_threads) < 0)
		return kb_fail(why, errno, "%s: BINDER_SET_MAX_THREADS: %s", device, strerror(errno));
	d->buffer = mmap(NULL, BUFFER_OCTETS, PROT_READ, MAP_PRIVATE | MAP_NORESERVE, d->fd, 0);
	if (d->buffer == MAP_FAILED)
		return kb_fail(why, errno, "cannot map the buffer of %s: %s", device, strerror(errno));
	return 0;
}

int
driver_open(const char *device, const struct driver_ops *ops, void *ctx, struct driver **out,
	    struct kb_error *why)
{
	struct driver *d = calloc(1, sizeof *d);

	if (d == NULL)
		return kb_fail(why, ENOMEM, "no memory for binder");
	*d = (struct driver){ .fd = -1, .buffer = MAP_FAILED, .ops = ops, .ctx = ctx };
	const int r = prepare(d, device, why);
	if (r < 0)
		d = driver_close(d);
	*out = d;
	return r;
}

struct driver *
driver_close(struct driver *d)
{
	if (d == NULL)
		return NULL;
	if (d->buffer != MAP_FAILED)
		(void)munmap(d->buffer, BUFFER_OCTETS);
	if (d->fd >= 0)
		(void)close(d->fd);
	free(d);
	return NULL;
}
