/* test_order_up.c - uptun up --daemon against a daemon that is scripted
 * SPDX-License-Identifier: Apache-2.0
 *
 * The daemon is a child process, which exits with 0 when it was asked what it should have been.
 */
#include "cli/control/order_up.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/api/frame.h"
#include "cli/api/message.h"

enum { TUNNEL = 7, REQUEST_OCTETS = 4096, EVENTS_MAX = 6 };

/* What the daemon tells after the reply. */
enum tale { NOTHING, UP_0, UP_1, DOWN_0, BACKOFF, OTHERS_END, END };

struct script {
	const char *what;
	bool foreground;
	unsigned sessions;
	int refusal; /* the code of an Error in the place of UpReply; 0: none */
	enum tale tales[EVENTS_MAX];
	int end_status; /* of END */
	int wanted;	/* exit status; 1 also when the daemon just leaves */
};

/* ---- the daemon ---- */

static void
tell(int fd, Uptun__ToClient *message)
{
	struct api_frame frame;

	if (api_pack(&message->base, &frame) != API_PACKED || write(fd, frame.octets, frame.n) < 0)
		_exit(3);
	api_frame_fini(&frame);
}

static void
tell_change(int fd, Uptun__TunnelChange__Kind kind, uint32_t session)
{
	Uptun__ToClient message = UPTUN__TO_CLIENT__INIT;
	Uptun__Event event = UPTUN__EVENT__INIT;
	Uptun__TunnelChange change = UPTUN__TUNNEL_CHANGE__INIT;

	change.kind = kind;
	change.session = session;
	event.tunnel = TUNNEL;
	event.what_case = UPTUN__EVENT__WHAT_CHANGE;
	event.change = &change;
	message.what_case = UPTUN__TO_CLIENT__WHAT_EVENT;
	message.event = &event;
	tell(fd, &message);
}

static void
tell_end(int fd, uint32_t tunnel, int status)
{
	Uptun__ToClient message = UPTUN__TO_CLIENT__INIT;
	Uptun__Event event = UPTUN__EVENT__INIT;
	Uptun__Ending ending = UPTUN__ENDING__INIT;

	ending.status = status;
	event.tunnel = tunnel;
	event.what_case = UPTUN__EVENT__WHAT_ENDED;
	event.ended = &ending;
	message.what_case = UPTUN__TO_CLIENT__WHAT_EVENT;
	message.event = &event;
	tell(fd, &message);
}

static void
tell_tale(int fd, enum tale tale, const struct script *s)
{
	switch (tale) {
	case NOTHING:
		return;
	case UP_0:
	case UP_1:
		tell_change(fd, UPTUN__TUNNEL_CHANGE__KIND__PPP_UP, tale == UP_1);
		return;
	case DOWN_0:
		tell_change(fd, UPTUN__TUNNEL_CHANGE__KIND__PPP_ENDED, 0);
		return;
	case BACKOFF:
		tell_change(fd, UPTUN__TUNNEL_CHANGE__KIND__BACKOFF, 0);
		return;
	case OTHERS_END:
		tell_end(fd, TUNNEL + 1, 3);
		return;
	case END:
		tell_end(fd, TUNNEL, s->end_status);
		return;
	}
}

static void
reply(int fd, const Uptun__Request *request, const struct script *s)
{
	Uptun__ToClient message = UPTUN__TO_CLIENT__INIT;
	Uptun__Reply answer = UPTUN__REPLY__INIT;
	Uptun__UpReply up = UPTUN__UP_REPLY__INIT;
	Uptun__Error error = UPTUN__ERROR__INIT;

	up.tunnel = TUNNEL;
	error.code = (Uptun__Error__Code)s->refusal;
	answer.id = request->id;
	answer.result_case = s->refusal != 0 ? UPTUN__REPLY__RESULT_ERROR : UPTUN__REPLY__RESULT_UP;
	if (s->refusal != 0)
		answer.error = &error;
	else
		answer.up = &up;
	message.what_case = UPTUN__TO_CLIENT__WHAT_REPLY;
	message.reply = &answer;
	tell(fd, &message);
}

/* The profile as it should have come: with the secret's octets, and without a path. */
static bool
is_as_ordered(const Uptun__Request *request, const struct script *s)
{
	static const char secret[] = "open sesame";
	const Uptun__Up *up = request->order_case == UPTUN__REQUEST__ORDER_UP ? request->up : NULL;
	const Uptun__Profile *p = up != NULL ? up->profile : NULL;

	return p != NULL && up->watch && (up->while_connected != 0) == s->foreground &&
	       strcmp(p->name, "office") == 0 && p->n_session == s->sessions &&
	       p->protocol_case == UPTUN__PROFILE__PROTOCOL_L2TP &&
	       p->l2tp->secret_source_case == UPTUN__L2TP__SECRET_SOURCE_SECRET &&
	       p->l2tp->secret.len == sizeof secret - 1 &&
	       memcmp(p->l2tp->secret.data, secret, sizeof secret - 1) == 0;
}

static struct api_message *
read_request(int fd)
{
	static const char empty[] = "";
	uint8_t octets[REQUEST_OCTETS];
	struct profile_error why;
	struct ut_slice message = ut_slice(empty, 0);
	size_t n = 0, used;

	while (frame_read(ut_slice(octets, n), &message, &used) == FRAME_MORE) {
		const ssize_t some = read(fd, octets + n, sizeof octets - n);

		if (some <= 0)
			_exit(4);
		n += (size_t)some;
	}
	return api_unpack(&uptun__request__descriptor, message, &why);
}

/* Never returns. */
static void
be_daemon(int listener, const struct script *s)
{
	const int fd = accept(listener, NULL, NULL);
	struct api_message *m = read_request(fd);
	const bool is_right = m != NULL && is_as_ordered(api_request(m), s);

	if (m == NULL)
		_exit(5);
	reply(fd, api_request(m), s);
	for (size_t i = 0; i < EVENTS_MAX && s->refusal == 0; i++)
		tell_tale(fd, s->tales[i], s);
	(void)api_message_free(m);
	(void)close(fd);
	_exit(is_right ? 0 : 6);
}

/* ---- the client ---- */

static void
set_profile(struct profile *p, unsigned sessions)
{
	struct profile_error why;

	memcpy(p->name, "office", sizeof "office");
	memcpy(p->server, "vpn", sizeof "vpn");
	(void)profile_session_at(p, sessions - 1);
	assert_int_equal(
	    profile_set_secret(&p->l2tp.secret, "l2tp.secret", ut_slice_str("open sesame"), &why),
	    PROFILE_OK);
	assert_int_equal(profile_check(p, NULL, &why), PROFILE_OK);
}

static int
order(const struct script *s, char *path)
{
	char name[] = "up", daemon[] = "--daemon", socket[] = "--socket", foreground[] = "--foreground";
	char *line[] = { name, daemon, socket, path, foreground, NULL };
	struct options options;
	struct option_error why;
	struct run run;
	int status;

	assert_int_equal(options_parse(COMMAND_UP, s->foreground ? 5 : 4, line, &options, &why), OPTIONS_OK);
	assert_true(run_init(&run, 1));
	set_profile(&run.profiles[0], s->sessions);
	status = order_up(&run, &options);
	run_fini(&run);
	return status;
}

static int
listen_at(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	(void)snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
	assert_int_equal(bind(fd, (const struct sockaddr *)&address, sizeof address), 0);
	assert_int_equal(listen(fd, 1), 0);
	return fd;
}

static void
play(const struct script *s)
{
	char folder[] = "/tmp/uptun-order-XXXXXX", path[sizeof folder + 8];
	int listener, daemon_status = -1, status;
	pid_t daemon;

	assert_non_null(mkdtemp(folder));
	(void)snprintf(path, sizeof path, "%s/socket", folder);
	listener = listen_at(path);
	daemon = fork();
	if (daemon == 0)
		be_daemon(listener, s);
	(void)close(listener);
	status = order(s, path);
	assert_int_equal(waitpid(daemon, &daemon_status, 0), daemon);
	(void)unlink(path);
	(void)rmdir(folder);
	if (status != s->wanted || daemon_status != 0)
		fail_msg("%s: status %d, wanted %d; the daemon's %d", s->what, status, s->wanted,
			 daemon_status);
}

static void
it_returns_when_all_is_decided(void **state)
{
	static const struct script scripts[] = {
		{ "up", false, 1, 0, { UP_0 }, 0, 0 },
		{ "all its sessions", false, 2, 0, { UP_1, UP_0 }, 0, 0 },
		{ "half of them, and the daemon leaves", false, 2, 0, { UP_1 }, 0, 1 },
		{ "one is gone again", false, 2, 0, { UP_0, DOWN_0, UP_1 }, 0, 1 },
		{ "and comes back", false, 2, 0, { UP_0, DOWN_0, BACKOFF, UP_1, UP_0 }, 0, 0 },
		{ "a refused password", false, 1, 0, { END }, 51, 51 },
		{ "another's end is not ours", false, 1, 0, { OTHERS_END, UP_0 }, 0, 0 },
		{ "it stays", true, 1, 0, { UP_0, END }, 6, 6 },
		{ "it stays over a pause", true, 1, 0, { UP_0, DOWN_0, BACKOFF, UP_0, END }, 0, 0 },
		{ "refused", false, 1, UPTUN__ERROR__CODE__NAME_IN_USE, { NOTHING }, 0, 1 },
		{ "no room", true, 1, UPTUN__ERROR__CODE__NO_ROOM, { NOTHING }, 0, 1 },
		{ "the daemon leaves at once", false, 1, 0, { NOTHING }, 0, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof scripts / sizeof scripts[0]; i++)
		play(&scripts[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_returns_when_all_is_decided),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
