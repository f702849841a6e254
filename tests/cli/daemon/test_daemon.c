/* test_daemon.c - orders, replies and events of a daemon whose tunnels are virtual
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/cli/daemon/office.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/daemon/daemon_state.h"
#include "cli/message_check.h"

static struct office *
open_office(void)
{
	struct office *o = office_new();

	office_open(o);
	return o;
}

/* ---- orders without content ---- */

#define ORDER(CASE, member, type, TYPE)                    \
	Uptun__Request request = UPTUN__REQUEST__INIT;     \
	Uptun__##type order = UPTUN__##TYPE##__INIT;       \
	request.order_case = UPTUN__REQUEST__ORDER_##CASE; \
	request.member = &order;                           \
	request.id = 77

static struct api_message *
ask_status(struct office *o, int fd, uint32_t tunnel)
{
	ORDER(STATUS, status, Status, STATUS);

	order.tunnel = tunnel;
	return office_ask(o, fd, &request);
}

static struct api_message *
ask_down(struct office *o, int fd, uint32_t tunnel, bool all)
{
	ORDER(DOWN, down, Down, DOWN);

	order.tunnel = tunnel;
	order.all = all;
	return office_ask(o, fd, &request);
}

static struct api_message *
ask_list(struct office *o, int fd, uint32_t from)
{
	ORDER(LIST, list, List, LIST);

	order.from = from;
	return office_ask(o, fd, &request);
}

static struct api_message *
ask_version(struct office *o, int fd)
{
	ORDER(VERSION, version, Version, VERSION);

	(void)order;
	return office_ask(o, fd, &request);
}

static struct api_message *
ask_watch(struct office *o, int fd, uint32_t tunnel, bool steps, bool log)
{
	ORDER(WATCH, watch, Watch, WATCH);

	order.tunnel = tunnel;
	order.steps = steps;
	order.log = log;
	return office_ask(o, fd, &request);
}

static void
assert_error(struct api_message *m, Uptun__Error__Code code, const char *field)
{
	assert_non_null(m);
	assert_int_equal(api_reply(m)->result_case, UPTUN__REPLY__RESULT_ERROR);
	if (api_reply(m)->error->code != code || strcmp(api_reply(m)->error->field, field) != 0)
		fail_msg("error %d of \"%s\": %s", (int)api_reply(m)->error->code, api_reply(m)->error->field,
			 api_reply(m)->error->text);
	(void)api_message_free(m);
}

/* ---- a life ---- */

/* Events of `tunnel` until its last one, or until it is up: a letter each. */
static void
collect(struct office *o, int fd, uint32_t tunnel, char *out, size_t cap)
{
	static const char letters[] = "AaRDIdTSPrxstpbW";
	struct api_message *m;
	size_t n = 0;

	while (n + 1 < cap && (m = office_next(o, fd, 10 * OFFICE_SECOND)) != NULL) {
		const Uptun__Event *e = api_event(m);

		assert_non_null(e);
		assert_int_equal(e->tunnel, tunnel);
		out[n++] = e->what_case == UPTUN__EVENT__WHAT_CHANGE ? letters[e->change->kind] : '.';
		(void)api_message_free(m);
		if (out[n - 1] == '.' || out[n - 1] == 'P')
			break;
	}
	out[n] = '\0';
}

static void
a_tunnel_comes_up_is_looked_at_and_goes_down(void **state)
{
	struct office *o = open_office();
	const int fd = office_client(o);
	const uint32_t id = office_up(o, fd, 1, true);
	const Uptun__TunnelStatus *s;
	struct api_message *m;
	char events[64];

	(void)state;
	assert_int_equal(id, 1);
	collect(o, fd, id, events, sizeof events);
	assert_string_equal(events, "AaRDdTSP");
	m = ask_status(o, fd, id);
	assert_non_null(m);
	assert_int_equal(api_reply(m)->id, 77);
	assert_int_equal(api_reply(m)->result_case, UPTUN__REPLY__RESULT_STATUS);
	s = api_reply(m)->status;
	assert_string_equal(s->name, "t1");
	assert_string_equal(s->protocol, "l2tp");
	assert_string_equal(s->state, "tunnel");
	assert_string_equal(s->address, "203.0.113.1");
	assert_int_equal(s->owner_uid, getuid());
	assert_int_equal(s->attempt, 1);
	assert_true(s->milestones->ppp_up_us >= s->milestones->session_up_us);
	assert_true(s->milestones->session_up_us >= s->milestones->tunnel_up_us);
	assert_true(s->milestones->tunnel_up_us > s->milestones->dialling_us);
	assert_int_equal(s->n_session, 1);
	assert_string_equal(s->session[0]->state, "up");
	assert_string_equal(s->session[0]->session_state, "established");
	assert_true(s->session[0]->interface[0] != '\0');
	(void)api_message_free(m);
	m = ask_down(o, fd, id, false);
	assert_int_equal(api_reply(m)->down->tunnels, 1);
	(void)api_message_free(m);
	collect(o, fd, id, events, sizeof events);
	assert_string_equal(events + strlen(events) - 1, ".");
	assert_error(ask_status(o, fd, id), UPTUN__ERROR__CODE__NO_SUCH_TUNNEL, "");
	(void)close(fd);
	office_end(o);
}

static void
the_last_event_says_why(void **state)
{
	struct office *o = open_office();
	const int fd = office_client(o);
	const uint32_t id = office_up(o, fd, 1, true);
	struct api_message *m;
	char events[64];
	bool is_over = false;

	(void)state;
	collect(o, fd, id, events, sizeof events);
	(void)api_message_free(ask_down(o, fd, id, false));
	while (!is_over && (m = office_next(o, fd, 10 * OFFICE_SECOND)) != NULL) {
		is_over = api_event(m)->what_case == UPTUN__EVENT__WHAT_ENDED;
		if (is_over) {
			assert_string_equal(api_event(m)->ended->cause, "user requested");
			assert_int_equal(api_event(m)->ended->status, 5);
			assert_true(api_event(m)->ended->text[0] != '\0');
		}
		(void)api_message_free(m);
	}
	assert_true(is_over);
	(void)close(fd);
	office_end(o);
}

static void
ids_are_never_given_again_but_room_is(void **state)
{
	struct office *o = open_office();
	const int fd = office_client(o);

	(void)state;
	for (uint32_t round = 0; round < 3; round++) {
		for (unsigned i = 0; i < o->max_tunnels; i++)
			assert_int_equal(office_up(o, fd, i, false), round * o->max_tunnels + i + 1);
		(void)api_message_free(ask_down(o, fd, 0, true));
		office_run(o, 10 * OFFICE_SECOND);
		assert_int_equal(daemon_n_tunnels(o->daemon), 0);
	}
	(void)close(fd);
	office_end(o);
}

static void
a_profile_that_cannot_be_had_is_refused_with_its_reason(void **state)
{
	struct office *o = open_office();
	const int fd = office_client(o);
	struct office_profile p;
	char *words[] = { (char *)(uintptr_t) "nobsdcomp", (char *)(uintptr_t) "plugin",
			  (char *)(uintptr_t) "/tmp/evil.so" };
	Uptun__PppSession session = UPTUN__PPP_SESSION__INIT;
	Uptun__PppSession *sessions[] = { &session };

	(void)state;
	office_profile(&p, 1);
	p.profile.server_port = 65536;
	assert_error(office_ask(o, fd, &p.request), UPTUN__ERROR__CODE__BAD_PROFILE, "server_port");
	office_profile(&p, 1);
	p.l2tp.secret_source_case = UPTUN__L2TP__SECRET_SOURCE_SECRET_FILE;
	p.l2tp.secret_file = (char *)(uintptr_t) "/etc/shadow";
	assert_error(office_ask(o, fd, &p.request), UPTUN__ERROR__CODE__BAD_PROFILE, "l2tp.secret_file");
	office_profile(&p, 1);
	p.profile.n_session = 1;
	p.profile.session = sessions;
	session.password_source_case = UPTUN__PPP_SESSION__PASSWORD_SOURCE_PASSWORD_FILE;
	session.password_file = (char *)(uintptr_t) "-";
	assert_error(office_ask(o, fd, &p.request), UPTUN__ERROR__CODE__BAD_PROFILE,
		     "session[0].password_file");
	uptun__ppp_session__init(&session);
	session.n_option = 3;
	session.option = words;
	assert_error(office_ask(o, fd, &p.request), UPTUN__ERROR__CODE__BAD_PROFILE, "session[0].option[1]");
	assert_int_equal(daemon_n_tunnels(o->daemon), 0);
	(void)close(fd);
	office_end(o);
}

static void
a_name_is_one_tunnels_and_room_is_bounded(void **state)
{
	struct office *o = open_office();
	const int fd = office_client(o);
	struct office_profile p;

	(void)state;
	for (unsigned i = 0; i < o->max_tunnels; i++)
		(void)office_up(o, fd, i, false);
	office_profile(&p, 0);
	assert_error(office_ask(o, fd, &p.request), UPTUN__ERROR__CODE__NAME_IN_USE, "name");
	office_profile(&p, 99);
	assert_error(office_ask(o, fd, &p.request), UPTUN__ERROR__CODE__NO_ROOM, "");
	(void)close(fd);
	office_end(o);
}

static void
a_tunnel_may_end_with_its_client(void **state)
{
	struct office *o = open_office();
	const int one = office_client(o), other = office_client(o);
	struct office_profile p;

	(void)state;
	office_profile(&p, 1);
	p.up.while_connected = true;
	(void)api_message_free(office_ask(o, one, &p.request));
	(void)office_up(o, one, 2, false);
	office_run(o, 2 * OFFICE_SECOND);
	assert_int_equal(daemon_n_up(o->daemon), 2);
	(void)close(one);
	office_run(o, 10 * OFFICE_SECOND);
	assert_int_equal(daemon_n_tunnels(o->daemon), 1);
	assert_int_equal(daemon_n_up(o->daemon), 1);
	(void)close(other);
	office_end(o);
}

static void
a_server_that_goes_is_dialled_again_and_both_are_told(void **state)
{
	struct office *o = open_office();
	const int fd = office_client(o);
	const uint32_t id = office_up(o, fd, 1, true);
	struct api_message *m;
	char events[64];

	(void)state;
	collect(o, fd, id, events, sizeof events);
	load_close(o->load, 1);
	collect(o, fd, id, events, sizeof events);
	assert_non_null(strchr(events, 'b'));
	assert_string_equal(events + strlen(events) - 1, "P");
	m = ask_status(o, fd, id);
	assert_int_equal(api_reply(m)->status->attempt, 2);
	assert_string_equal(api_reply(m)->status->last_end->cause, "remote requested");
	(void)api_message_free(m);
	(void)close(fd);
	office_end(o);
}

/* What the host reports of an attempt that ends, as if it were so. */
static void
pretend_end(struct office *o, enum host_report_kind kind, enum ut_cause cause, const char *text)
{
	events_report(o->daemon,
		      &(struct host_report){ .kind = kind, .end.cause = (uint8_t)cause, .text = text });
}

static void
assert_last_end(struct office *o, int fd, uint32_t id, const char *cause, const char *peer_text)
{
	struct api_message *m = ask_status(o, fd, id);

	assert_string_equal(api_reply(m)->status->last_end->cause, cause);
	assert_string_equal(api_reply(m)->status->last_end->peer_text, peer_text);
	(void)api_message_free(m);
}

static void
the_servers_words_stay_with_the_attempt_they_ended(void **state)
{
	struct office *o = open_office();
	const int fd = office_client(o);
	const uint32_t id = office_up(o, fd, 1, false);

	(void)state;
	office_run(o, OFFICE_SECOND);
	pretend_end(o, HOST_SESSION_ENDED, UT_CAUSE_REMOTE, "no lines left");
	pretend_end(o, HOST_TUNNEL_ENDED, UT_CAUSE_REMOTE, "");
	pretend_end(o, HOST_BACKOFF, UT_CAUSE_REMOTE, NULL);
	assert_last_end(o, fd, id, "remote requested", "no lines left");
	pretend_end(o, HOST_ATTEMPT, UT_CAUSE_NONE, NULL);
	pretend_end(o, HOST_SESSION_ENDED, UT_CAUSE_REMOTE, "maintenance");
	assert_last_end(o, fd, id, "remote requested", "no lines left");
	pretend_end(o, HOST_BACKOFF, UT_CAUSE_REMOTE, NULL);
	assert_last_end(o, fd, id, "remote requested", "maintenance");
	pretend_end(o, HOST_ATTEMPT, UT_CAUSE_NONE, NULL);
	pretend_end(o, HOST_BACKOFF, UT_CAUSE_NETWORK, NULL);
	assert_last_end(o, fd, id, "network error", "");
	(void)close(fd);
	office_end(o);
}

/* ---- looking ---- */

static void
a_long_list_comes_in_pieces(void **state)
{
	enum { TUNNELS = 400 };
	struct office *o = office_new();
	uint32_t from = 0;
	size_t seen = 0;
	unsigned pieces = 0;
	int fd;

	(void)state;
	o->max_tunnels = TUNNELS;
	office_open(o);
	fd = office_client(o);
	for (unsigned i = 0; i < TUNNELS; i++)
		(void)office_up(o, fd, i, false);
	office_run(o, 5 * OFFICE_SECOND);
	assert_int_equal(daemon_n_up(o->daemon), TUNNELS);
	do {
		struct api_message *m = ask_list(o, fd, from);
		const Uptun__ListReply *list = api_reply(m)->list;

		for (size_t i = 0; i < list->n_tunnel; i++)
			assert_int_equal(list->tunnel[i]->tunnel, ++seen);
		from = list->next;
		pieces++;
		(void)api_message_free(m);
	} while (from != 0);
	assert_int_equal(seen, TUNNELS);
	assert_true(pieces > 1);
	(void)close(fd);
	office_end(o);
}

static void
steps_and_lines_come_to_those_who_ask(void **state)
{
	struct office *o = open_office();
	const int fd = office_client(o), quiet = office_client(o);
	unsigned steps = 0, lines = 0, changes = 0;
	struct api_message *m;

	(void)state;
	(void)api_message_free(ask_watch(o, fd, 0, true, true));
	(void)api_message_free(ask_watch(o, quiet, 0, false, false));
	(void)office_up(o, quiet, 1, false);
	office_run(o, 5 * OFFICE_SECOND);
	while ((m = office_next(o, fd, 0)) != NULL) {
		const Uptun__Event *e = api_event(m);

		steps += e->what_case == UPTUN__EVENT__WHAT_STEP && e->step->source[0] != '\0';
		lines += e->what_case == UPTUN__EVENT__WHAT_LOG && e->log->text[0] != '\0';
		changes += e->what_case == UPTUN__EVENT__WHAT_CHANGE;
		m = api_message_free(m);
	}
	assert_true(steps > 5 && lines > 2 && changes > 5);
	while ((m = office_next(o, quiet, 0)) != NULL) {
		assert_int_equal(api_event(m)->what_case, UPTUN__EVENT__WHAT_CHANGE);
		m = api_message_free(m);
	}
	assert_error(ask_watch(o, quiet, 12345, false, false), UPTUN__ERROR__CODE__NO_SUCH_TUNNEL, "");
	(void)close(fd);
	(void)close(quiet);
	office_end(o);
}

static void
the_log_has_what_its_level_lets_in(void **state)
{
	struct office *o = open_office();
	const int fd = office_client(o);
	ORDER(LOGS, logs, Logs, LOGS);
	Uptun__Request other = UPTUN__REQUEST__INIT;
	Uptun__SetLogLevel level = UPTUN__SET_LOG_LEVEL__INIT;
	struct api_message *m;
	size_t before;

	(void)state;
	(void)office_up(o, fd, 1, false);
	office_run(o, 2 * OFFICE_SECOND);
	m = office_ask(o, fd, &request);
	before = api_reply(m)->logs->n_line;
	assert_true(before >= 3);
	assert_string_equal(api_reply(m)->logs->line[before - 1]->name, "t1");
	m = api_message_free(m);
	other.order_case = UPTUN__REQUEST__ORDER_SET_LOG_LEVEL;
	other.set_log_level = &level;
	level.level = (Uptun__LogLevel)9;
	assert_error(office_ask(o, fd, &other), UPTUN__ERROR__CODE__BAD_REQUEST, "level");
	level.level = UPTUN__LOG_LEVEL__LOG_STEPS;
	m = office_ask(o, fd, &other);
	assert_int_equal(api_reply(m)->set_log_level->before, UPTUN__LOG_LEVEL__LOG_MILESTONES);
	m = api_message_free(m);
	(void)office_up(o, fd, 2, false);
	office_run(o, 2 * OFFICE_SECOND);
	order.lines = 1000;
	order.tunnel = 2;
	m = office_ask(o, fd, &request);
	assert_true(api_reply(m)->logs->n_line > before + 10);
	assert_int_equal(api_reply(m)->logs->line[0]->tunnel, 2);
	(void)api_message_free(m);
	(void)close(fd);
	office_end(o);
}

/* A client takes nothing else: names of files and words for pppd are anybody's octets, and sentences have an end. */
static void
whatever_is_said_is_utf_8(void **state)
{
	struct office *o = open_office();
	const int fd = office_client(o);
	char word[] = "x\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9"
		      "\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9";
	char *words[] = { word };
	Uptun__PppSession session = UPTUN__PPP_SESSION__INIT;
	Uptun__PppSession *sessions[] = { &session };
	ORDER(LOGS, logs, Logs, LOGS);
	struct profile_error why = { .line = 0 };
	struct office_profile p;
	struct api_message *m;

	(void)state;
	(void)order;
	daemon_say(o->daemon, true, "/etc/uptun/\xff\033[2J.pb: is not a file");
	m = office_ask(o, fd, &request);
	assert_int_equal(message_check(m->message, &why), PROFILE_OK);
	assert_string_equal(api_reply(m)->logs->line[0]->text, "/etc/uptun/\ufffd?[2J.pb: is not a file");
	(void)api_message_free(m);
	office_profile(&p, 1);
	p.profile.n_session = 1;
	p.profile.session = sessions;
	session.n_option = 1;
	session.option = words;
	m = office_ask(o, fd, &p.request);
	assert_int_equal(message_check(m->message, &why), PROFILE_OK);
	assert_error(m, UPTUN__ERROR__CODE__BAD_PROFILE, "session[0].option[0]");
	(void)close(fd);
	office_end(o);
}

static void
stats_and_version_answer(void **state)
{
	struct office *o = open_office();
	const int fd = office_client(o);
	ORDER(STATS, stats, Stats, STATS);
	static const char *const sandbox[] = { "launcher", "no-new-privs", NULL };
	struct api_message *m;

	(void)state;
	order.tunnel = office_up(o, fd, 1, false);
	office_run(o, 10 * OFFICE_SECOND);
	m = office_ask(o, fd, &request);
	assert_int_equal(api_reply(m)->stats->attempts, 1);
	assert_int_equal(api_reply(m)->stats->n_session, 1);
	assert_in_range(api_reply(m)->stats->up_ms, 9000, 10000);
	m = api_message_free(m);
	daemon_set_sandbox(o->daemon, sandbox);
	m = ask_version(o, fd);
	assert_int_equal(api_reply(m)->version->n_sandbox, 2);
	assert_int_equal(api_reply(m)->version->tunnels_max, o->max_tunnels);
	assert_true(api_reply(m)->version->tables != 0);
	(void)api_message_free(m);
	(void)close(fd);
	office_end(o);
}

/* ---- the end ---- */

static void
a_daemon_that_goes_down_ends_its_tunnels_first(void **state)
{
	struct office *o = open_office();
	const int fd = office_client(o);
	const uint32_t id = office_up(o, fd, 1, true);
	struct office_profile p;
	char events[64];

	(void)state;
	collect(o, fd, id, events, sizeof events);
	daemon_stop(o->daemon);
	office_profile(&p, 2);
	assert_error(office_ask(o, fd, &p.request), UPTUN__ERROR__CODE__ENDING, "");
	office_run(o, 20 * OFFICE_SECOND);
	assert_int_equal(daemon_n_tunnels(o->daemon), 0);
	assert_false(daemon_turn(o->daemon));
	collect(o, fd, id, events, sizeof events);
	assert_string_equal(events + strlen(events) - 1, ".");
	(void)close(fd);
	office_end(o);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_tunnel_comes_up_is_looked_at_and_goes_down),
		cmocka_unit_test(the_last_event_says_why),
		cmocka_unit_test(ids_are_never_given_again_but_room_is),
		cmocka_unit_test(a_profile_that_cannot_be_had_is_refused_with_its_reason),
		cmocka_unit_test(a_name_is_one_tunnels_and_room_is_bounded),
		cmocka_unit_test(a_tunnel_may_end_with_its_client),
		cmocka_unit_test(a_server_that_goes_is_dialled_again_and_both_are_told),
		cmocka_unit_test(the_servers_words_stay_with_the_attempt_they_ended),
		cmocka_unit_test(a_long_list_comes_in_pieces),
		cmocka_unit_test(steps_and_lines_come_to_those_who_ask),
		cmocka_unit_test(the_log_has_what_its_level_lets_in),
		cmocka_unit_test(whatever_is_said_is_utf_8),
		cmocka_unit_test(stats_and_version_answer),
		cmocka_unit_test(a_daemon_that_goes_down_ends_its_tunnels_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
