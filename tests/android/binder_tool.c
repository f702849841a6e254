/* binder_tool.c - the rest of Android that a binder service needs to be tried: a service manager, and a caller
 * SPDX-License-Identifier: Apache-2.0
 *
 *   binder_tool manager                     knows services by name, tells what it hears on standard output
 *   binder_tool call NAME FILE              IUptun.call(FILE's octets); the answer's octets on standard output
 *   binder_tool watch NAME FILE             IUptun.watch(), then a line for each event; the answer's length first
 *   binder_tool raw NAME CODE FILE          any code with FILE's octets as the whole parcel; the answer in hexadecimal
 *
 * Exit status of the callers: 0, or 1 when there is no answer, or 2 for an exception, whose text is on standard error.
 */
#include "android/binder/aidl.h"
#include "android/binder/driver.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

enum { SERVICES_MAX = 8, ANSWER_MS = 15000, RELEASE = 13 };

static void
fail(const char *what, int err)
{
	fprintf(stderr, "binder_tool: %s: %s\n", what, strerror(err));
	exit(1);
}

/* ---- the service manager ---- */

struct service {
	char name[PARCEL_TEXT_MAX + 1];
	uint32_t handle;
	bool is_there;
};

struct manager {
	struct driver *driver;
	struct service services[SERVICES_MAX];
	unsigned n;
};

static void
add_service(struct manager *m, const struct driver_call *call, struct parcel_reader *data, const char *name,
	    struct parcel *answer)
{
	uint32_t handle;

	if (m->n == SERVICES_MAX || !parcel_read_handle(data, &handle)) {
		parcel_exception(answer, AIDL_EX_ILLEGAL_ARGUMENT, "no object");
		return;
	}
	struct service *s = &m->services[m->n++];
	*s = (struct service){ .handle = handle, .is_there = true };
	strcpy(s->name, name);
	driver_acquire(m->driver, handle);
	driver_watch_death(m->driver, handle, m->n);
	printf("%s is registered by user %u\n", name, (unsigned)call->euid);
	parcel_exception(answer, AIDL_EX_NONE, NULL);
}

/* Somebody else's object; its handle is the kernel's to translate. */
static void
put_handle(struct parcel *answer, uint32_t handle)
{
	const struct parcel_form *form = parcel_form_find(RELEASE);
	struct flat_binder_object object;

	parcel_binder(answer, form, 0, 0);
	memcpy(&object, answer->octets + answer->object, sizeof object);
	object.hdr.type = BINDER_TYPE_HANDLE;
	object.binder = 0;
	object.handle = handle;
	memcpy(answer->octets + answer->object, &object, sizeof object);
}

static void
get_service(const struct manager *m, const char *name, struct parcel *answer)
{
	for (unsigned i = m->n; i-- > 0;) {
		if (!m->services[i].is_there || strcmp(m->services[i].name, name) != 0)
			continue;
		parcel_exception(answer, AIDL_EX_NONE, NULL);
		put_handle(answer, m->services[i].handle);
		return;
	}
	parcel_exception(answer, AIDL_EX_ILLEGAL_ARGUMENT, "no such service");
}

static void
manager_call(void *ctx, const struct driver_call *call, struct parcel *answer)
{
	struct manager *m = ctx;
	struct parcel_reader data = call->data;
	char name[PARCEL_TEXT_MAX + 1];

	if (!parcel_read_token(&data, AIDL_MANAGER)) {
		parcel_exception(answer, AIDL_EX_SECURITY, "not the service manager's");
		return;
	}
	parcel_read_text(&data, name);
	if (call->code == AIDL_ADD_SERVICE)
		add_service(m, call, &data, name, answer);
	else
		get_service(m, name, answer);
}

static void
manager_died(void *ctx, binder_uintptr_t cookie)
{
	struct manager *m = ctx;
	struct service *s = &m->services[cookie - 1];

	s->is_there = false;
	driver_release(m->driver, s->handle);
	printf("%s is gone\n", s->name);
}

static void
serve_for_ever(struct driver *d)
{
	struct pollfd pollfd = { .fd = driver_fd(d), .events = POLLIN };
	int r;

	driver_enter(d);
	while ((r = driver_turn(d)) == 0)
		(void)poll(&pollfd, 1, -1);
	fail("the device", -r);
}

static void
run_manager(const char *device)
{
	static const struct driver_ops ops = { .call = manager_call, .died = manager_died };
	static struct manager m;
	struct kb_error why;
	uint32_t zero = 0;

	if (driver_open(device, &ops, &m, &m.driver, &why) < 0)
		fail(why.text, why.err);
	if (ioctl(driver_fd(m.driver), BINDER_SET_CONTEXT_MGR, &zero) < 0)
		fail("BINDER_SET_CONTEXT_MGR", errno);
	puts("ready");
	serve_for_ever(m.driver);
}

/* ---- a caller ---- */

struct caller {
	struct driver *driver;
	uint32_t service;
	bool has_ended;
};

static bool
take_service(void *ctx, struct parcel_reader *answer)
{
	struct caller *c = ctx;

	if (parcel_read_int32(answer) != AIDL_EX_NONE || !parcel_read_handle(answer, &c->service))
		return false;
	driver_acquire(c->driver, c->service);
	return true;
}

static void
look_up(struct caller *c, const char *name)
{
	static struct parcel p;

	parcel_token(&p, parcel_form_find(RELEASE), AIDL_MANAGER);
	parcel_text(&p, name);
	const struct driver_listener listener = { .take = take_service, .ctx = c, .timeout_ms = ANSWER_MS };
	const int r = driver_transact(c->driver, 0, AIDL_GET_SERVICE, &p, &listener);
	if (r < 0)
		fail("no service of that name", -r);
}

static bool
is_exception(struct parcel_reader *answer)
{
	char text[PARCEL_TEXT_MAX + 1];
	const int32_t code = (int32_t)parcel_read_int32(answer);

	if (code == AIDL_EX_NONE)
		return false;
	parcel_read_text(answer, text);
	fprintf(stderr, "exception %" PRId32 ": %s\n", code, text);
	exit(2);
}

static bool
print_octets(void *ctx, struct parcel_reader *answer)
{
	size_t n;

	(void)ctx;
	if (is_exception(answer))
		return false;
	const uint8_t *octets = parcel_read_array(answer, &n);
	return fwrite(octets, 1, n, stdout) == n;
}

static bool
print_length(void *ctx, struct parcel_reader *answer)
{
	size_t n;

	(void)ctx;
	if (is_exception(answer))
		return false;
	(void)parcel_read_array(answer, &n);
	printf("answer of %zu octets\n", n);
	return true;
}

static bool
print_hex(void *ctx, struct parcel_reader *answer)
{
	(void)ctx;
	for (size_t i = 0; i < answer->n; i++)
		printf("%02x", answer->octets[i]);
	putchar('\n');
	return true;
}

static size_t
read_file(const char *path, uint8_t *out, size_t cap)
{
	FILE *file = fopen(path, "rb");

	if (file == NULL)
		fail(path, errno);
	const size_t n = fread(out, 1, cap, file);
	fclose(file);
	return n;
}

static void
caller_call(void *ctx, const struct driver_call *call, struct parcel *answer)
{
	struct caller *c = ctx;
	struct parcel_reader data = call->data;
	char text[PARCEL_TEXT_MAX + 1];
	size_t n;

	(void)answer;
	if (!parcel_read_token(&data, AIDL_EVENTS))
		return;
	if (call->code == AIDL_ON_EVENT) {
		(void)parcel_read_array(&data, &n);
		printf("event of %zu octets\n", n);
	} else {
		parcel_read_text(&data, text);
		printf("end: %s\n", text);
		c->has_ended = true;
	}
}

static void
service_died(void *ctx, binder_uintptr_t cookie)
{
	struct caller *c = ctx;

	(void)cookie;
	puts("the service died");
	c->has_ended = true;
}

static void
hear_events(struct caller *c)
{
	struct pollfd pollfd = { .fd = driver_fd(c->driver), .events = POLLIN };

	driver_enter(c->driver);
	while (driver_turn(c->driver) == 0 && !c->has_ended)
		(void)poll(&pollfd, 1, -1);
}

static int
run_caller(const char *device, int argc, char **argv)
{
	static const struct driver_ops ops = { .call = caller_call, .died = service_died };
	static struct caller c;
	static uint8_t octets[PARCEL_OCTETS_MAX];
	static struct parcel p;
	struct kb_error why;
	const bool watches = strcmp(argv[1], "watch") == 0, is_raw = strcmp(argv[1], "raw") == 0;
	const struct parcel_form *form = parcel_form_find(RELEASE);

	if (driver_open(device, &ops, &c, &c.driver, &why) < 0)
		fail(why.text, why.err);
	look_up(&c, argv[2]);
	const size_t n = read_file(argv[argc - 1], octets, sizeof octets - 256);
	if (is_raw) {
		memcpy(p.octets, octets, n);
		p.n = n;
		const uint32_t code = (uint32_t)strtoul(argv[3], NULL, 0);
		return driver_transact(c.driver, c.service, code, &p,
				       &(struct driver_listener){ print_hex, NULL, ANSWER_MS }) < 0;
	}
	parcel_token(&p, form, AIDL_SERVICE);
	parcel_array(&p, octets, n);
	if (!watches)
		return driver_transact(c.driver, c.service, AIDL_CALL, &p,
				       &(struct driver_listener){ print_octets, NULL, ANSWER_MS }) < 0;
	parcel_binder(&p, form, 1, 1);
	driver_watch_death(c.driver, c.service, 1);
	if (driver_transact(c.driver, c.service, AIDL_WATCH, &p,
			    &(struct driver_listener){ print_length, NULL, ANSWER_MS }) < 0)
		return 1;
	hear_events(&c);
	return 0;
}

int
main(int argc, char **argv)
{
	const char *device = getenv("BINDER") != NULL ? getenv("BINDER") : "/dev/binder";

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc == 2 && strcmp(argv[1], "manager") == 0)
		run_manager(device);
	if (argc >= 4)
		return run_caller(device, argc, argv);
	fputs("binder_tool: see the top of its source\n", stderr);
	return EXIT_FAILURE;
}
