/* test_api_client.c - the client against a daemon that is scripted
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/api/client.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/api/frame.h"

enum { SHORT_MS = 50 };

struct pair {
	struct api_client *client;
	int daemon; /* the daemon's end */
};

static struct pair
make_pair(void)
{
	struct pair p;
	int fds[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	assert_int_equal(api_client_adopt(fds[0], &p.client, NULL), 0);
	p.daemon = fds[1];
	return p;
}

static void
end_pair(struct pair *p)
{
	assert_null(api_client_free(p->client));
	if (p->daemon >= 0)
		(void)close(p->daemon);
}

static void
tell(int fd, const Uptun__ToClient *message)
{
	struct api_frame frame;

	assert_int_equal(api_pack(&message->base, &frame), API_PACKED);
	assert_int_equal(write(fd, frame.octets, frame.n), frame.n);
	api_frame_fini(&frame);
}

static void
tell_event(int fd, uint32_t tunnel)
{
	Uptun__ToClient message = UPTUN__TO_CLIENT__INIT;
	Uptun__Event event = UPTUN__EVENT__INIT;

	event.tunnel = tunnel;
	message.what_case = UPTUN__TO_CLIENT__WHAT_EVENT;
	message.event = &event;
	tell(fd, &message);
}

static void
tell_version(int fd, uint32_t id)
{
	Uptun__ToClient message = UPTUN__TO_CLIENT__INIT;
	Uptun__Reply reply = UPTUN__REPLY__INIT;
	Uptun__VersionReply version = UPTUN__VERSION_REPLY__INIT;

	reply.id = id;
	version.api = 1;
	reply.result_case = UPTUN__REPLY__RESULT_VERSION;
	reply.version = &version;
	message.what_case = UPTUN__TO_CLIENT__WHAT_REPLY;
	message.reply = &reply;
	tell(fd, &message);
}

static int
ask(struct pair *p, struct api_message **out, struct kb_error *why)
{
	Uptun__Request request = UPTUN__REQUEST__INIT;
	Uptun__Version version = UPTUN__VERSION__INIT;

	request.order_case = UPTUN__REQUEST__ORDER_VERSION;
	request.version = &version;
	return api_client_ask(p->client, &request, SHORT_MS, out, why);
}

static void
a_reply_is_told_from_events_and_from_late_replies(void **state)
{
	struct pair p = make_pair();
	struct api_message *m = NULL;
	struct kb_error why;

	(void)state;
	assert_int_equal(ask(&p, &m, &why), -ETIMEDOUT);
	tell_version(p.daemon, 1); /* of the question given up */
	tell_event(p.daemon, 5);
	tell_event(p.daemon, 6);
	tell_version(p.daemon, 2);
	assert_int_equal(ask(&p, &m, &why), 0);
	assert_int_equal(api_reply(m)->id, 2);
	m = api_message_free(m);
	for (uint32_t tunnel = 5; tunnel <= 6; tunnel++) {
		assert_int_equal(api_client_next(p.client, SHORT_MS, &m, &why), 1);
		assert_int_equal(api_event(m)->tunnel, tunnel);
		m = api_message_free(m);
	}
	assert_int_equal(api_client_next(p.client, 0, &m, &why), 0);
	end_pair(&p);
}

static void
events_that_are_too_many_to_keep_are_counted(void **state)
{
	enum { QUESTIONS = 11, EACH = 100, EVENTS = QUESTIONS * EACH, KEPT = 1024 };
	struct pair p = make_pair();
	struct api_message *m = NULL;
	struct kb_error why;

	(void)state;
	for (uint32_t question = 1, event = 1; question <= QUESTIONS; question++) {
		for (unsigned i = 0; i < EACH; i++)
			tell_event(p.daemon, event++);
		tell_version(p.daemon, question);
		assert_int_equal(ask(&p, &m, &why), 0);
		m = api_message_free(m);
	}
	assert_int_equal(api_client_next(p.client, 0, &m, &why), 1);
	assert_int_equal(api_event(m)->tunnel, EVENTS - KEPT + 1);
	assert_int_equal(api_event(m)->lost, EVENTS - KEPT);
	m = api_message_free(m);
	end_pair(&p);
}

static void
a_daemon_that_goes_away_is_noticed(void **state)
{
	struct pair p = make_pair();
	struct api_message *m = NULL;
	struct kb_error why;

	(void)state;
	(void)close(p.daemon);
	p.daemon = -1;
	assert_int_equal(api_client_next(p.client, -1, &m, &why), -ECONNRESET);
	assert_int_equal(ask(&p, &m, &why), -ECONNRESET);
	assert_non_null(strstr(why.text, "closed the connection"));
	end_pair(&p);
}

static void
what_is_no_message_is_an_error_with_its_place(void **state)
{
	static const struct {
		const char *what, *octets;
		size_t n;
		const char *text;
	} cases[] = {
		{ "a length that does not end", "\xff\xff\xff\xff", 4, "at octet 0" },
		{ "a message that is none", "\x02\xff\xff", 3, "not a message" },
		{ "a string that is not UTF-8", "\x08\x0a\x06\x52\x04\x12\x02\xff\xff", 9, "not UTF-8" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct pair p = make_pair();
		struct api_message *m = NULL;
		struct kb_error why;

		assert_int_equal(write(p.daemon, cases[i].octets, cases[i].n), cases[i].n);
		if (api_client_next(p.client, SHORT_MS, &m, &why) != -EPROTO ||
		    strstr(why.text, cases[i].text) == NULL)
			fail_msg("%s: %s", cases[i].what, why.text);
		end_pair(&p);
	}
}

static void
a_daemon_that_does_not_read_is_given_up(void **state)
{
	struct pair p = make_pair();
	struct api_message *m = NULL;
	struct kb_error why;
	int r;

	(void)state;
	do
		r = ask(&p, &m, &why);
	while (r == -ETIMEDOUT && strcmp(why.text, "the daemon does not answer") != 0);
	assert_int_equal(r, -ETIMEDOUT);
	end_pair(&p);
}

static void
where_nobody_listens_is_said(void **state)
{
	struct api_client *c;
	struct kb_error why;
	char path[200];

	(void)state;
	assert_int_equal(api_client_open("/nonexistent/uptun.sock", &c, &why), -ENOENT);
	assert_non_null(strstr(why.text, "uptun daemon"));
	memset(path, 'x', sizeof path);
	path[sizeof path - 1] = '\0';
	assert_int_equal(api_client_open(path, &c, &why), -ENAMETOOLONG);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reply_is_told_from_events_and_from_late_replies),
		cmocka_unit_test(events_that_are_too_many_to_keep_are_counted),
		cmocka_unit_test(a_daemon_that_goes_away_is_noticed),
		cmocka_unit_test(what_is_no_message_is_an_error_with_its_place),
		cmocka_unit_test(a_daemon_that_does_not_read_is_given_up),
		cmocka_unit_test(where_nobody_listens_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
