/* service.c - the daemon as a binder service: IUptun (android/aidl) in front of its socket
 * SPDX-License-Identifier: Apache-2.0
 */
#include "android/binder/service.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "android/binder/aidl.h"
#include "android/binder/gate.h"
#include "android/binder/watchers.h"

enum { MANAGER = 0, REGISTER_MS = 5000, DUMP_PRIORITY_DEFAULT = 8 };

/* Names the service manager's death; watchers' are 1, 2, ... */
static const binder_uintptr_t manager_cookie = 0;
/* Our one object: the kernel only hands these two back. */
static const binder_uintptr_t service_ptr = 1, service_cookie = 1;

struct service {
	const struct service_config *config;
	struct driver *driver;
	struct api_client *orders; /* NULL: not connected */
	struct watchers watchers;
	struct parcel out;
	bool is_orphaned; /* the service manager is gone */
};

/* ---- one call ---- */

struct order {
	struct api_message *request;
	bool wants_events;
};

static bool
read_order(const struct driver_call *call, struct parcel_reader *data, struct order *out,
	   struct parcel *answer)
{
	struct kb_error why = { .err = 0 };
	size_t n;
	const uint8_t *octets = parcel_read_array(data, &n);

	if (data->has_failed) {
		parcel_exception(answer, AIDL_EX_ILLEGAL_ARGUMENT, "there is no byte array");
		return false;
	}
	out->request = gate_read((struct ut_slice){ octets, n }, &out->wants_events, &why);
	if (out->request == NULL) {
		parcel_exception(answer, AIDL_EX_ILLEGAL_ARGUMENT, why.text);
		return false;
	}
	if (out->wants_events == (call->code == AIDL_WATCH))
		return true;
	parcel_exception(answer, AIDL_EX_ILLEGAL_ARGUMENT,
			 out->wants_events ? "this order watches: it is for watch()"
					   : "this order does not watch: it is for call()");
	out->request = api_message_free(out->request);
	return false;
}

/* Asks, and writes the daemon's answer.  True: it was not a refusal. */
static bool
ask(struct service *s, struct api_client **client, const struct order *order, uid_t euid,
    struct parcel *answer)
{
	struct kb_error why = { .err = 0 };
	struct gate_answer got = { .n = 0 };

	int r = gate_connect(client, s->config->socket, &why);
	if (r == 0)
		r = gate_ask(client, order->request, euid, &got, &why);
	if (r < 0) {
		parcel_exception(answer, AIDL_EX_ILLEGAL_STATE, why.text);
		return false;
	}
	parcel_exception(answer, AIDL_EX_NONE, NULL);
	parcel_array(answer, got.octets, got.n);
	free(got.octets);
	return !got.is_refused;
}

static void
on_order(struct service *s, const struct driver_call *call, struct parcel_reader *data, struct parcel *answer)
{
	struct order order;

	if (!read_order(call, data, &order, answer))
		return;
	(void)ask(s, &s->orders, &order, call->euid, answer);
	(void)api_message_free(order.request);
}

static void
on_watch(struct service *s, const struct driver_call *call, struct parcel_reader *data, struct parcel *answer)
{
	struct api_client *client = NULL;
	struct order order;
	uint32_t handle;

	if (!read_order(call, data, &order, answer))
		return;
	if (!parcel_read_handle(data, &handle))
		parcel_exception(answer, AIDL_EX_ILLEGAL_ARGUMENT, "there is nobody to tell events to");
	else if (!watchers_has_room(&s->watchers))
		parcel_exception(answer, AIDL_EX_ILLEGAL_STATE, "there are too many watchers");
	else if (ask(s, &client, &order, call->euid, answer))
		watchers_add(&s->watchers, client, handle);
	else if (client != NULL)
		(void)api_client_free(client);
	(void)api_message_free(order.request);
}

static void
on_call(void *ctx, const struct driver_call *call, struct parcel *answer)
{
	struct service *s = ctx;
	struct parcel_reader data = call->data;

	if (call->code == AIDL_PING)
		return;
	if (call->code == AIDL_INTERFACE) {
		parcel_text(answer, AIDL_SERVICE);
		return;
	}
	if (!parcel_read_token(&data, AIDL_SERVICE))
		parcel_exception(answer, AIDL_EX_SECURITY, "this is not a call of " AIDL_SERVICE);
	else if (call->is_one_way)
		return; /* nobody would hear the answer */
	else if (call->code == AIDL_CALL)
		on_order(s, call, &data, answer);
	else if (call->code == AIDL_WATCH)
		on_watch(s, call, &data, answer);
	else
		parcel_exception(answer, AIDL_EX_UNSUPPORTED, AIDL_SERVICE " has no such call");
}

static void
on_death(void *ctx, binder_uintptr_t cookie)
{
	struct service *s = ctx;

	if (cookie == manager_cookie)
		s->is_orphaned = true;
	else
		watchers_died(&s->watchers, cookie);
}

static const struct driver_ops service_ops = { .call = on_call, .died = on_death };

/* ---- life ---- */

static bool
is_registered(void *ctx, struct parcel_reader *answer)
{
	(void)ctx;
	return parcel_read_int32(answer) == AIDL_EX_NONE && !answer->has_failed;
}

static int
enroll(struct service *s, struct kb_error *why)
{
	const struct service_config *config = s->config;

	parcel_clear(&s->out);
	parcel_token(&s->out, config->form, AIDL_MANAGER);
	parcel_text(&s->out, config->name);
	parcel_binder(&s->out, config->form, service_ptr, service_cookie);
	parcel_int32(&s->out, 0); /* isolated processes are not served */
	parcel_int32(&s->out, DUMP_PRIORITY_DEFAULT);
	const struct driver_listener listener = { .take = is_registered, .timeout_ms = REGISTER_MS };
	const int r = driver_transact(s->driver, MANAGER, AIDL_ADD_SERVICE, &s->out, &listener);
	if (r == -EPIPE)
		return kb_fail(why, EPIPE, "there is no service manager on %s; start it first",
			       config->device);
	if (r < 0)
		return kb_fail(why, -r,
			       "the service manager does not take \"%s\": %s; does its policy allow it?",
			       config->name, strerror(-r));
	driver_acquire(s->driver, MANAGER); /* else there is nobody whose death could be told */
	driver_watch_death(s->driver, MANAGER, manager_cookie);
	return 0;
}

/* A call or an event may have come while another was handed on: nothing is waited for before all are. */
static int
turn(struct service *s, struct kb_error *why)
{
	struct pollfd fds[1 + WATCHERS_MAX] = { { .fd = driver_fd(s->driver), .events = POLLIN } };

	const int r = driver_turn(s->driver);
	if (r < 0)
		return kb_fail(why, -r, "%s fails: %s", s->config->device, strerror(-r));
	if (s->is_orphaned)
		return kb_fail(why, EPIPE, "the service manager is gone, and our name with it; start anew");
	watchers_turn(&s->watchers);
	const int timeout_ms = watchers_poll(&s->watchers, fds + 1);
	if (poll(fds, 1 + WATCHERS_MAX, driver_has_calls(s->driver) ? 0 : timeout_ms) < 0 && errno != EINTR)
		return kb_fail(why, errno, "cannot wait: %s", strerror(errno));
	return 0;
}

static void
serve(struct service *s, struct kb_error *why)
{
	s->watchers = (struct watchers){ .driver = s->driver, .form = s->config->form };
	int r = enroll(s, why);

	driver_enter(s->driver);
	while (r == 0)
		r = turn(s, why);
	watchers_end(&s->watchers);
	if (s->orders != NULL)
		(void)api_client_free(s->orders);
}

void
service_run(const struct service_config *config, struct kb_error *why)
{
	struct service *s = calloc(1, sizeof *s);

	if (s == NULL) {
		(void)kb_fail(why, ENOMEM, "no memory for the service");
		return;
	}
	s->config = config;
	if (driver_open(config->device, &service_ops, s, &s->driver, why) == 0)
		serve(s, why);
	s->driver = driver_close(s->driver);
	free(s);
}
