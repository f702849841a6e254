/* test_daemon_hostile.c - clients that send garbage, halves and floods, that never read, that are too many or not
 * allowed: others and the tunnels do not notice
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/daemon/daemon_state.h"
#include "tests/cli/daemon/office.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* An office with a tunnel that is up and a client that is well-behaved. */
struct peace {
	struct office *o;
	int fd;
	uint32_t tunnel;
};

static struct peace
make_peace(void)
{
	struct peace p = { .o = office_new() };

	office_open(p.o);
	p.fd = office_client(p.o);
	p.tunnel = office_up(p.o, p.fd, 1, false);
	office_run(p.o, 2 * OFFICE_SECOND);
	assert_int_equal(daemon_n_up(p.o->daemon), 1);
	return p;
}

static Uptun__Request *
version_request(void)
{
	static Uptun__Version version;
	static Uptun__Request request;

	uptun__version__init(&version);
	uptun__request__init(&request);
	request.order_case = UPTUN__REQUEST__ORDER_VERSION;
	request.version = &version;
	return &request;
}

/* The well-behaved client is served, and the tunnel was up all the time. */
static void
assert_peace(struct peace *p)
{
	struct api_message *m = office_ask(p->o, p->fd, version_request());
	Uptun__Request request = UPTUN__REQUEST__INIT;
	Uptun__Status status;

	assert_non_null(m);
	assert_int_equal(api_reply(m)->result_case, UPTUN__REPLY__RESULT_VERSION);
	(void)api_message_free(m);
	assert_int_equal(daemon_n_up(p->o->daemon), 1);
	uptun__status__init(&status);
	status.tunnel = p->tunnel;
	request.order_case = UPTUN__REQUEST__ORDER_STATUS;
	request.status = &status;
	m = office_ask(p->o, p->fd, &request);
	assert_int_equal(api_reply(m)->status->attempt, 1);
	(void)api_message_free(m);
}

static void
end_peace(struct peace *p)
{
	assert_peace(p);
	(void)close(p->fd);
	office_end(p->o);
}

static void
send_octets(int fd, const void *octets, size_t n)
{
	assert_int_equal(send(fd, octets, n, MSG_NOSIGNAL | MSG_DONTWAIT), n);
}

/* It hears this error, and the connection is closed. */
static void
assert_turned_out(struct office *o, int fd, Uptun__Error__Code code)
{
	struct api_message *m = office_next(o, fd, OFFICE_SECOND);

	assert_non_null(m);
	assert_int_equal(api_reply(m)->result_case, UPTUN__REPLY__RESULT_ERROR);
	assert_int_equal(api_reply(m)->error->code, code);
	assert_true(api_reply(m)->error->text[0] != '\0');
	(void)api_message_free(m);
	office_run(o, OFFICE_SECOND);
	assert_true(office_is_closed(o, fd));
	(void)close(fd);
}

static void
garbage_is_answered_and_ends_its_connection_alone(void **state)
{
	static const struct {
		const char *what, *octets;
		size_t n;
	} cases[] = {
		{ "a length that does not end", "\xff\xff\xff\xff", 4 },
		{ "a message too long", "\x81\x80\x04", 3 },
		{ "a message that is none", "\x02\xff\xff", 3 },
		{ "HTTP", "GET / HTTP/1.1\r\nHost: x\r\n\r\n", 27 },
	};
	struct peace p = make_peace();

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		uint8_t padded[256] = { 0 };
		const int fd = office_client(p.o);

		memcpy(padded, cases[i].octets, cases[i].n);
		send_octets(fd, padded, sizeof padded);
		assert_turned_out(p.o, fd, UPTUN__ERROR__CODE__BAD_REQUEST);
		assert_peace(&p);
	}
	end_peace(&p);
}

static void
a_request_without_an_order_is_refused_and_the_next_is_served(void **state)
{
	struct peace p = make_peace();
	Uptun__Request request = UPTUN__REQUEST__INIT;
	struct api_message *m;

	(void)state;
	request.id = 9;
	m = office_ask(p.o, p.fd, &request);
	assert_int_equal(api_reply(m)->id, 9);
	assert_int_equal(api_reply(m)->error->code, UPTUN__ERROR__CODE__BAD_REQUEST);
	(void)api_message_free(m);
	end_peace(&p);
}

static void
half_a_message_is_given_ten_seconds(void **state)
{
	struct peace p = make_peace();
	const int fd = office_client(p.o);

	(void)state;
	send_octets(fd, "\x05\x08", 2);
	office_run(p.o, 9 * OFFICE_SECOND);
	assert_false(office_is_closed(p.o, fd));
	send_octets(fd, "\x01", 1); /* a drop now and then does not help */
	office_run(p.o, OFFICE_SECOND / 2);
	assert_turned_out(p.o, fd, UPTUN__ERROR__CODE__BAD_REQUEST);
	end_peace(&p);
}

static void
a_whole_message_in_drops_is_served(void **state)
{
	static const uint8_t octets[] = { 5, 0x08, 0x07, 0x8a, 0x01, 0x00 };
	struct peace p = make_peace();
	const int fd = office_client(p.o);
	struct api_message *m;

	(void)state;
	for (size_t i = 0; i < sizeof octets; i++) {
		send_octets(fd, octets + i, 1);
		office_run(p.o, OFFICE_SECOND);
	}
	m = office_next(p.o, fd, OFFICE_SECOND);
	assert_non_null(m);
	assert_int_equal(api_reply(m)->id, 7);
	assert_int_equal(api_reply(m)->result_case, UPTUN__REPLY__RESULT_VERSION);
	(void)api_message_free(m);
	(void)close(fd);
	end_peace(&p);
}

/* Sends requests until the socket takes no more: how many octets. */
static size_t
flood(int fd)
{
	struct api_frame frame;
	size_t sent = 0;
	ssize_t n;

	assert_int_equal(api_pack(&version_request()->base, &frame), API_PACKED);
	while ((n = send(fd, frame.octets, frame.n, MSG_NOSIGNAL | MSG_DONTWAIT)) > 0)
		sent += (size_t)n;
	api_frame_fini(&frame);
	return sent;
}

static void
a_flood_whose_replies_nobody_reads_is_held_back_then_cut_off(void **state)
{
	struct peace p = make_peace();
	const int fd = office_client(p.o);

	(void)state;
	for (unsigned i = 0; i < 50; i++) {
		(void)flood(fd);
		office_run(p.o, OFFICE_SECOND / 10);
		assert_peace(&p);
	}
	assert_int_equal(flood(fd), 0); /* nothing of it is read any more */
	office_run(p.o, 40 * OFFICE_SECOND);
	assert_int_equal(send(fd, "x", 1, MSG_NOSIGNAL | MSG_DONTWAIT), -1);
	assert_int_equal(errno, EPIPE);
	(void)close(fd);
	end_peace(&p);
}

static void
a_flood_whose_replies_are_read_is_served_to_the_last(void **state)
{
	enum { REQUESTS = 2000 };
	struct peace p = make_peace();
	const int fd = office_client(p.o);
	unsigned sent = 0, served = 0;

	(void)state;
	while (served < REQUESTS) {
		struct api_message *m;

		for (unsigned i = 0; i < 100 && sent < REQUESTS; i++, sent++)
			office_send(fd, version_request());
		while ((m = office_next(p.o, fd, OFFICE_SECOND / 10)) != NULL) {
			served++;
			m = api_message_free(m);
		}
	}
	assert_int_equal(served, REQUESTS);
	(void)close(fd);
	end_peace(&p);
}

/* ---- watchers ---- */

static void
watch_all(struct office *o, int fd)
{
	Uptun__Request request = UPTUN__REQUEST__INIT;
	Uptun__Watch watch = UPTUN__WATCH__INIT;

	watch.steps = watch.log = true;
	request.order_case = UPTUN__REQUEST__ORDER_WATCH;
	request.watch = &watch;
	(void)api_message_free(office_ask(o, fd, &request));
}

static void
a_tunnel_watched_again_and_again_is_noted_once(void **state)
{
	struct connection c = { .watches_all = true };

	(void)state;
	for (unsigned n = 0; n < 1000; n++)
		assert_true(client_watch(&c, 7));
	assert_true(client_watch(&c, 3));
	assert_int_equal(c.watched_n, 2);
	free(c.watched);
}

static void
a_watcher_that_does_not_read_loses_events_and_is_told_how_many(void **state)
{
	struct peace p = make_peace();
	const int slow = office_client(p.o), quick = office_client(p.o);
	uint64_t seen_quick = 0, seen = 0, lost = 0;
	struct api_message *m;

	(void)state;
	watch_all(p.o, slow);
	watch_all(p.o, quick);
	for (unsigned round = 0; round < 60; round++) {
		(void)office_up(p.o, p.fd, 100 + round, false);
		office_run(p.o, 2 * OFFICE_SECOND);
		Uptun__Request request = UPTUN__REQUEST__INIT;
		Uptun__Down down = UPTUN__DOWN__INIT;

		request.order_case = UPTUN__REQUEST__ORDER_DOWN;
		request.down = &down;
		down.tunnel = p.tunnel + 1 + round;
		(void)api_message_free(office_ask(p.o, p.fd, &request));
		office_run(p.o, 5 * OFFICE_SECOND);
		while ((m = office_next(p.o, quick, 0)) != NULL) {
			assert_int_equal(api_event(m)->lost, 0);
			seen_quick++;
			m = api_message_free(m);
		}
	}
	while ((m = office_next(p.o, slow, OFFICE_SECOND)) != NULL) {
		seen++;
		lost += api_event(m)->lost;
		m = api_message_free(m);
	}
	assert_int_equal(lost, 0); /* the gap stands before the next event */
	(void)office_up(p.o, p.fd, 1000, false);
	office_run(p.o, 2 * OFFICE_SECOND);
	while ((m = office_next(p.o, slow, 0)) != NULL) {
		if (lost == 0)
			seen_quick -= lost = api_event(m)->lost;
		m = api_message_free(m);
	}
	assert_true(lost > 0);
	assert_int_equal(seen, seen_quick);
	(void)close(slow);
	(void)close(quick);
	(void)close(p.fd);
	office_end(p.o);
}

/* ---- too many, or others ---- */

static void
of_three_hundred_connections_those_there_is_no_room_for_are_told_so(void **state)
{
	enum { CONNECTIONS = 300 };
	struct peace p = make_peace();
	int fds[CONNECTIONS];
	unsigned refused = 0;

	(void)state;
	for (unsigned i = 0; i < CONNECTIONS; i++)
		fds[i] = office_client(p.o);
	office_run(p.o, OFFICE_SECOND);
	assert_peace(&p);
	for (unsigned i = 0; i < CONNECTIONS; i++) {
		struct api_message *m = office_next(p.o, fds[i], 0);

		if (m == NULL)
			continue;
		assert_int_equal(api_reply(m)->error->code, UPTUN__ERROR__CODE__NO_ROOM);
		refused++;
		(void)api_message_free(m);
	}
	assert_in_range(refused, CONNECTIONS + 1 - DAEMON_CLIENTS_MAX, CONNECTIONS - 1);
	for (unsigned i = 0; i < CONNECTIONS; i++)
		(void)close(fds[i]);
	office_run(p.o, OFFICE_SECOND);
	fds[0] = office_client(p.o);
	struct api_message *m = office_ask(p.o, fds[0], version_request());

	assert_int_equal(api_reply(m)->result_case, UPTUN__REPLY__RESULT_VERSION);
	(void)api_message_free(m);
	(void)close(fds[0]);
	end_peace(&p);
}

static void
on_behalf_of_others_only_a_gate_may_ask(void **state)
{
	struct peace p = make_peace();
	Uptun__Request *request = version_request();
	struct api_message *m;

	(void)state;
	request->on_behalf_of_case = UPTUN__REQUEST__ON_BEHALF_OF_UID;
	request->uid = 0;
	m = office_ask(p.o, p.fd, request);
	if (geteuid() == 0)
		assert_int_equal(api_reply(m)->result_case, UPTUN__REPLY__RESULT_VERSION);
	else
		assert_int_equal(api_reply(m)->error->code, UPTUN__ERROR__CODE__NOT_ALLOWED);
	(void)api_message_free(m);
	request = version_request();
	request->on_behalf_of_case = UPTUN__REQUEST__ON_BEHALF_OF_UID;
	request->uid = 54321;
	m = office_ask(p.o, p.fd, request);
	assert_int_equal(api_reply(m)->result_case, UPTUN__REPLY__RESULT_ERROR);
	assert_int_equal(api_reply(m)->error->code, UPTUN__ERROR__CODE__NOT_ALLOWED);
	(void)api_message_free(m);
	end_peace(&p);
}

/* A child with this user connects; the daemon has the other end, and asks the kernel who it is. */
static void
client_of_user(struct office *o, uid_t uid, pid_t *child)
{
	int listener = socket(AF_UNIX, SOCK_STREAM, 0), fd;
	struct sockaddr address = { .sa_family = AF_UNIX };
	struct sockaddr_storage bound;
	socklen_t octets = sizeof bound;

	assert_int_equal(bind(listener, &address, sizeof address.sa_family), 0); /* the kernel names it */
	assert_int_equal(getsockname(listener, (struct sockaddr *)&bound, &octets), 0);
	assert_int_equal(listen(listener, 1), 0);
	*child = fork();
	if (*child == 0) {
		fd = socket(AF_UNIX, SOCK_STREAM, 0);
		if (setgid(uid) != 0 || setuid(uid) != 0 ||
		    connect(fd, (struct sockaddr *)&bound, octets) != 0)
			_exit(1);
		(void)pause();
		_exit(0);
	}
	fd = accept(listener, NULL, NULL);
	assert_true(fd >= 0);
	(void)close(listener);
	assert_int_equal(daemon_attach(o->daemon, fd), 0);
}

static void
a_user_who_is_not_allowed_is_not_even_asked(void **state)
{
	enum { NOBODY = 65534, FRIEND = 54322 };
	struct peace p = make_peace();
	pid_t children[2];

	(void)state;
	if (geteuid() != 0) {
		end_peace(&p);
		skip();
	}
	p.o->rights.uids[0] = FRIEND;
	p.o->rights.uids_n = 1;
	client_of_user(p.o, NOBODY, &children[0]);
	client_of_user(p.o, FRIEND, &children[1]);
	office_run(p.o, OFFICE_SECOND);
	assert_int_equal(daemon_n_clients(p.o->daemon), 2); /* ours and the friend's */
	for (unsigned i = 0; i < 2; i++) {
		(void)kill(children[i], SIGKILL);
		assert_int_equal(waitpid(children[i], NULL, 0), children[i]);
	}
	end_peace(&p);
}

static void
rights_are_by_user_group_and_list(void **state)
{
	uid_t members[] = { 7 };
	const gid_t groups[] = { 5, 100 };
	struct rights r = { .own = 3, .has_group = true, .group = 100, .uids = { 4 }, .uids_n = 1 };

	(void)state;
	r.members = members;
	r.members_n = 1;
	assert_true(rights_allow(&r, 0, NULL, 0));
	assert_true(rights_allow(&r, 3, NULL, 0));
	assert_true(rights_allow(&r, 4, NULL, 0));
	assert_true(rights_allow(&r, 9, groups, 2));
	assert_false(rights_allow(&r, 9, groups, 1));
	assert_false(rights_allow(&r, 7, NULL, 0)); /* who left the group since it connected */
	assert_true(rights_allow_user(&r, 7));
	assert_false(rights_allow_user(&r, 9));
	r.has_gate = true;
	r.gate = 9;
	assert_true(rights_allow(&r, 9, NULL, 0));
	assert_false(rights_allow_user(&r, 9));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(garbage_is_answered_and_ends_its_connection_alone),
		cmocka_unit_test(a_request_without_an_order_is_refused_and_the_next_is_served),
		cmocka_unit_test(half_a_message_is_given_ten_seconds),
		cmocka_unit_test(a_whole_message_in_drops_is_served),
		cmocka_unit_test(a_flood_whose_replies_nobody_reads_is_held_back_then_cut_off),
		cmocka_unit_test(a_flood_whose_replies_are_read_is_served_to_the_last),
		cmocka_unit_test(a_tunnel_watched_again_and_again_is_noted_once),
		cmocka_unit_test(a_watcher_that_does_not_read_loses_events_and_is_told_how_many),
		cmocka_unit_test(of_three_hundred_connections_those_there_is_no_room_for_are_told_so),
		cmocka_unit_test(on_behalf_of_others_only_a_gate_may_ask),
		cmocka_unit_test(a_user_who_is_not_allowed_is_not_even_asked),
		cmocka_unit_test(rights_are_by_user_group_and_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
