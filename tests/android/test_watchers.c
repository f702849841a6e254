/* test_watchers.c - who is told of events, over a driver that only remembers what it was told
 * SPDX-License-Identifier: Apache-2.0
 */
#include "android/binder/watchers.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "android/binder/aidl.h"

/* ---- the driver ---- */

enum { HANDLES = 8 };

static struct pretended {
	int held[HANDLES];		 /* references of ours */
	binder_uintptr_t named[HANDLES]; /* as whose death is watched; 0: it is not */
	int answer;			 /* of the next driver_tell() */
	bool is_told_of_death;		 /* amid it */
	unsigned told, ends;
	struct watchers *watchers;
} driver;

void
driver_acquire(struct driver *d, uint32_t handle)
{
	(void)d;
	driver.held[handle]++;
}

void
driver_release(struct driver *d, uint32_t handle)
{
	(void)d;
	driver.held[handle]--;
}

void
driver_watch_death(struct driver *d, uint32_t handle, binder_uintptr_t cookie)
{
	(void)d;
	assert_true(cookie != 0);
	driver.named[handle] = cookie;
}

void
driver_unwatch_death(struct driver *d, uint32_t handle, binder_uintptr_t cookie)
{
	(void)d;
	assert_int_equal(driver.named[handle], cookie);
	driver.named[handle] = 0;
}

int
driver_tell(struct driver *d, uint32_t handle, uint32_t code, const struct parcel *data)
{
	const int r = driver.answer;

	(void)d;
	assert_false(data->is_overflown);
	driver.answer = 0;
	driver.told++;
	driver.ends += code == AIDL_ON_END;
	if (driver.is_told_of_death)
		watchers_died(driver.watchers, driver.named[handle]);
	driver.is_told_of_death = false;
	return r;
}

/* ---- watchers ---- */

static void
begin(struct watchers *w)
{
	*w = (struct watchers){ .form = parcel_form_find(13) };
	driver = (struct pretended){ .watchers = w };
}

/* The daemon's end of a new watcher's connection. */
static int
add(struct watchers *w, uint32_t handle)
{
	struct api_client *client;
	struct kb_error why;
	int fds[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
	assert_int_equal(api_client_adopt(fds[0], &client, &why), 0);
	assert_true(watchers_has_room(w));
	watchers_add(w, client, handle);
	return fds[1];
}

static void
send_event(int fd)
{
	Uptun__ToClient message = UPTUN__TO_CLIENT__INIT;
	Uptun__Event event = UPTUN__EVENT__INIT;
	struct api_frame frame;

	message.what_case = UPTUN__TO_CLIENT__WHAT_EVENT;
	message.event = &event;
	assert_int_equal(api_pack(&message.base, &frame), API_PACKED);
	assert_int_equal(send(fd, frame.octets, frame.n, MSG_NOSIGNAL), frame.n);
	api_frame_fini(&frame);
}

/* Ends them, and checks that nothing is held any more. */
static void
end(struct watchers *w)
{
	watchers_end(w);
	for (size_t i = 0; i < HANDLES; i++)
		assert_int_equal(driver.held[i], 0);
}

static void
an_event_is_handed_out_once(void **state)
{
	struct watchers *w = malloc(sizeof *w);

	(void)state;
	begin(w);
	const int fd = add(w, 1);
	send_event(fd);
	driver.answer = -EAGAIN;
	watchers_turn(w);
	assert_int_equal(driver.told, 1);
	watchers_turn(w);
	watchers_turn(w);
	assert_int_equal(driver.told, 2);
	(void)close(fd);
	watchers_turn(w);
	assert_int_equal(driver.ends, 1);
	assert_int_equal(driver.held[1], 0);
	end(w);
	free(w);
}

/* The kernel may have the news under way when its name is given up. */
static void
news_of_a_death_is_not_taken_for_anothers(void **state)
{
	struct watchers *w = malloc(sizeof *w);

	(void)state;
	begin(w);
	const int first = add(w, 1);
	const binder_uintptr_t name = driver.named[1];
	send_event(first);
	driver.answer = -EPIPE;
	watchers_turn(w);
	assert_int_equal(driver.held[1], 0);
	const int second = add(w, 2);
	watchers_died(w, name);
	assert_int_equal(driver.held[2], 1);
	send_event(second);
	watchers_turn(w);
	assert_int_equal(driver.told, 2);
	watchers_died(w, driver.named[2]);
	assert_int_equal(driver.held[2], 0);
	(void)close(first);
	(void)close(second);
	end(w);
	free(w);
}

static void
a_death_heard_of_while_it_is_told_something_ends_it_once(void **state)
{
	struct watchers *w = malloc(sizeof *w);

	(void)state;
	begin(w);
	const int one = add(w, 1), other = add(w, 2);
	send_event(one);
	driver.answer = -EPIPE;
	driver.is_told_of_death = true;
	watchers_turn(w);
	assert_int_equal(driver.held[1], 0);
	assert_int_equal(driver.held[0], 0);
	(void)close(other);
	driver.is_told_of_death = true;
	watchers_turn(w);
	assert_int_equal(driver.ends, 1);
	assert_int_equal(driver.held[2], 0);
	(void)close(one);
	end(w);
	free(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_event_is_handed_out_once),
		cmocka_unit_test(news_of_a_death_is_not_taken_for_anothers),
		cmocka_unit_test(a_death_heard_of_while_it_is_told_something_ends_it_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
