/* test_show.c - what the daemon says about tunnels, as people and programs see it
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/control/screen.h"
#include "cli/control/show.h"
#include "cli/control/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, DAY = 24 * HOUR };

#define NOW (UINT64_C(1000) * DAY)

/* ---- what is printed ---- */

struct page {
	FILE *out;
	char *text;
	size_t n;
};

static void
page_open(struct page *p)
{
	*p = (struct page){ .n = 0 };
	p->out = open_memstream(&p->text, &p->n);
	assert_non_null(p->out);
}

static void
page_expect(struct page *p, const char *wanted)
{
	assert_int_equal(fclose(p->out), 0);
	assert_string_equal(p->text, wanted);
	free(p->text);
}

static void
page_expect_part(struct page *p, const char *wanted)
{
	assert_int_equal(fclose(p->out), 0);
	if (strstr(p->text, wanted) == NULL)
		fail_msg("\"%s\" is not in:\n%s", wanted, p->text);
	free(p->text);
}

/* ---- a tunnel ---- */

struct sample {
	Uptun__TunnelStatus tunnel;
	Uptun__Milestones milestones;
	Uptun__SessionStatus sessions[2];
	Uptun__SessionStatus *list[2];
	Uptun__Counters counters;
	Uptun__Ending end;
	char *dns[2], *routes[1];
};

static char *
text(const char *literal)
{
	return (char *)(uintptr_t)literal;
}

static void
sample_session(struct sample *s, unsigned i, const char *state, const char *interface)
{
	Uptun__SessionStatus *session = &s->sessions[i];

	uptun__session_status__init(session);
	session->session = i;
	session->state = text(state);
	session->interface = text(interface);
	session->counters = &s->counters;
	s->list[i] = session;
}

/* "office", up for 2 h 03 min with `n` sessions, of which the first is on ppp0. */
static void
sample_init(struct sample *s, unsigned n)
{
	*s = (struct sample){ .dns = { text("10.20.0.53"), text("10.20.0.53") },
			      .routes = { text("10.20.0.0/24 via ppp0") } };
	uptun__tunnel_status__init(&s->tunnel);
	uptun__milestones__init(&s->milestones);
	uptun__counters__init(&s->counters);
	s->counters.tx_octets = 812;
	s->counters.rx_octets = 3400000;
	s->milestones.resolved_us = 2000;
	s->milestones.ppp_up_us = 12300000;
	s->tunnel.tunnel = 3;
	s->tunnel.name = text("office");
	s->tunnel.protocol = text("l2tp");
	s->tunnel.server = text("vpn.example.org");
	s->tunnel.state = text("tunnel");
	s->tunnel.attempt = 1;
	s->tunnel.attempt_unix_ms = NOW - 2 * HOUR - 3 * MINUTE - 12300;
	s->tunnel.milestones = &s->milestones;
	for (unsigned i = 0; i < n; i++)
		sample_session(s, i, "up", i == 0 ? "ppp0" : "ppp1");
	s->sessions[0].local = text("10.10.0.10");
	s->sessions[0].remote = text("10.10.0.1");
	s->sessions[0].dns = s->dns;
	s->sessions[0].n_dns = 2;
	s->tunnel.session = s->list;
	s->tunnel.n_session = n;
}

/* ---- states and words ---- */

static void
a_state_is_told_in_a_few_words(void **state)
{
	static const struct {
		const char *what, *client, *first, *second;
		uint32_t backoff_ms;
		const char *wanted;
	} cases[] = {
		{ "up", "tunnel", "up", "up", 0, "up" },
		{ "half of it", "tunnel", "up", "ppp", 0, "1 of 2 up" },
		{ "PPP is negotiated", "tunnel", "ppp", "session", 0, "starting PPP" },
		{ "the session is asked for", "tunnel", "session", "idle", 0, "opening session" },
		{ "a pause", "backoff", "idle", "idle", 12000, "retry in 12 s" },
		{ "nearly over", "backoff", "idle", "idle", 1, "retry in 1 s" },
		{ "on the way", "dial", "idle", "idle", 0, "dialling" },
		{ "sessions of before", "dial", "up", "up", 0, "dialling" },
		{ "not there any more", "", "", "", 0, "ending" },
		{ "a newer daemon's word", "meditate", "idle", "idle", 0, "meditate" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char words[SHOW_STATE_OCTETS];
		struct sample s;

		sample_init(&s, 2);
		s.tunnel.state = text(cases[i].client);
		s.tunnel.backoff_ms = cases[i].backoff_ms;
		s.sessions[0].state = text(cases[i].first);
		s.sessions[1].state = text(cases[i].second);
		show_state(&s.tunnel, words);
		if (strcmp(words, cases[i].wanted) != 0)
			fail_msg("%s: \"%s\", wanted \"%s\"", cases[i].what, words, cases[i].wanted);
	}
}

static void
ages_have_units(void **state)
{
	static const struct {
		uint64_t ms;
		const char *wanted;
	} cases[] = {
		{ 0, "0 s" },
		{ 59999, "59 s" },
		{ 185 * SECOND, "3 min 05 s" },
		{ 2 * HOUR + 3 * MINUTE, "2 h 03 min" },
		{ UINT64_C(3) * DAY + 4 * HOUR, "3 d 04 h" },
	};
	char out[WORDS_OCTETS];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		words_age(cases[i].ms, out);
		assert_string_equal(out, cases[i].wanted);
	}
}

/* ---- tables ---- */

static void
a_table_has_a_row_for_each_session(void **state)
{
	const Uptun__TunnelStatus *tunnels[1];
	struct sample s;
	struct page p;

	(void)state;
	sample_init(&s, 2);
	tunnels[0] = &s.tunnel;
	page_open(&p);
	assert_true(show_table(tunnels, 1, NOW, p.out));
	page_expect(&p, "ID  NAME    PROTOCOL  SERVER           STATE         FOR  INTERFACE  ADDRESS        "
			"   SENT  RECEIVED\n"
			" 3  office  l2tp      vpn.example.org  up     2 h 03 min  ppp0       10.10.0.10  "
			"812 octets    3.4 MB\n"
			"      2.                               up                 ppp1                   "
			"812 octets    3.4 MB\n");
}

static void
a_list_has_a_row_for_each_tunnel(void **state)
{
	const Uptun__TunnelStatus *tunnels[1];
	struct sample s;
	struct page p;

	(void)state;
	sample_init(&s, 2);
	tunnels[0] = &s.tunnel;
	page_open(&p);
	assert_true(show_list(tunnels, 1, p.out));
	page_expect(&p, "ID  NAME    PROTOCOL  SERVER           STATE\n"
			" 3  office  l2tp      vpn.example.org  up\n");
}

static void
columns_are_as_wide_as_a_terminal_shows_them(void **state)
{
	static const struct table_column columns[] = { { "A", false }, { "B", true } };
	struct table t;
	struct page p;

	(void)state;
	table_init(&t, columns, 2);
	table_add(&t, "%s", "b\xc3\xbcro"); /* an umlaut: one column */
	table_add(&t, "%u", 1u);
	table_add(&t, "%s", "\xe4\xba\x8b\xe5\x8b\x99"); /* two ideographs: four */
	table_add(&t, "%u", 22u);
	table_add(&t, "%s", "e\xcc\x81"); /* combined: one */
	table_add(&t, "%u", 333u);
	table_add(&t, "%s", "a row that is not whole");
	page_open(&p);
	assert_true(table_print(&t, p.out));
	table_fini(&t);
	page_expect(&p, "A                          B\n"
			"b\xc3\xbcro                       1\n"
			"\xe4\xba\x8b\xe5\x8b\x99                      22\n"
			"e\xcc\x81                        333\n");
}

static void
nothing_from_outside_reaches_the_terminal_raw(void **state)
{
	const Uptun__TunnelStatus *tunnels[1];
	Uptun__LogLine line = UPTUN__LOG_LINE__INIT;
	struct sample s;
	struct page p;

	(void)state;
	sample_init(&s, 1);
	tunnels[0] = &s.tunnel;
	s.tunnel.server = text("x\033[2J\xc2\x9b");
	s.tunnel.peer_name = s.tunnel.server;
	line.text = s.tunnel.server;
	line.name = s.tunnel.server;
	page_open(&p);
	assert_true(show_table(tunnels, 1, NOW, p.out));
	show_tunnel(&s.tunnel, NOW, p.out);
	show_json(&s.tunnel, NOW, false, p.out);
	show_line(&line, p.out);
	show_line_json(&line, p.out);
	assert_int_equal(fclose(p.out), 0);
	assert_null(strchr(p.text, '\033'));
	assert_null(strstr(p.text, "\xc2\x9b"));
	free(p.text);
}

/* ---- one tunnel ---- */

static void
everything_about_a_tunnel_is_told(void **state)
{
	struct sample s;
	struct page p;

	(void)state;
	sample_init(&s, 1);
	uptun__ending__init(&s.end);
	s.end.cause = text("remote requested");
	s.end.from = text("CDN received");
	s.end.result_text = text("busy");
	s.end.peer_text = text("come back later");
	s.tunnel.last_end = &s.end;
	s.tunnel.address = text("192.0.2.7");
	s.tunnel.port = 1701;
	s.tunnel.peer_name = text("lns1");
	s.tunnel.data_path = text("netlink");
	s.tunnel.local_tid = 5;
	s.tunnel.peer_tid = 6;
	s.tunnel.route = s.routes;
	s.tunnel.n_route = 1;
	s.sessions[0].mtu = 1400;
	s.sessions[0].mppe_bits = 128;
	page_open(&p);
	show_tunnel(&s.tunnel, NOW, p.out);
	page_expect(&p,
		    "tunnel      3, office, asked for by user 0\n"
		    "server      l2tp, vpn.example.org -> 192.0.2.7 port 1701, calls itself \"lns1\"\n"
		    "state       up for 2 h 03 min, attempt 1; machines: client tunnel\n"
		    "data path   netlink, tunnel 5/6\n"
		    "took        resolved 2 ms, ppp 12.3 s\n"
		    "session 1   up on ppp0: 10.10.0.10 -> 10.10.0.1, MTU 1400, MPPE 128, DNS 10.20.0.53; "
		    "sent 812 octets, received 3.4 MB\n"
		    "route       10.20.0.0/24 via ppp0\n"
		    "last end    remote requested, CDN received: busy, \"come back later\"\n");
}

static void
a_tunnel_of_an_older_daemon_lacks_parts(void **state)
{
	Uptun__TunnelStatus bare = UPTUN__TUNNEL_STATUS__INIT;
	Uptun__SessionStatus session = UPTUN__SESSION_STATUS__INIT;
	Uptun__SessionStatus *list[] = { &session };
	const Uptun__TunnelStatus *tunnels[] = { &bare };
	struct page p;

	(void)state;
	bare.session = list;
	bare.n_session = 1;
	page_open(&p);
	assert_true(show_table(tunnels, 1, NOW, p.out));
	show_tunnel(&bare, NOW, p.out);
	show_json(&bare, NOW, false, p.out);
	page_expect_part(&p, "\"last_cause\":null");
}

static void
programs_get_an_object_for_the_tunnel_and_for_each_session(void **state)
{
	struct sample s;
	struct page p;

	(void)state;
	sample_init(&s, 1);
	page_open(&p);
	show_json(&s.tunnel, NOW, false, p.out);
	page_expect_part(
	    &p,
	    "\n{\"object\":\"session\",\"tunnel\":3,\"profile\":\"office\",\"session\":0,\"state\":\"up\","
	    "\"local_sid\":0,\"peer_sid\":0,\"interface\":\"ppp0\",\"local\":\"10.10.0.10\","
	    "\"remote\":\"10.10.0.1\",\"dns\":[\"10.20.0.53\",\"10.20.0.53\"],\"mtu\":0,\"mppe_bits\":0,"
	    "\"tx_octets\":812,\"rx_octets\":3400000,\"tx_packets\":0,\"rx_packets\":0}\n");
	page_open(&p);
	show_json(&s.tunnel, NOW, true, p.out);
	page_expect(&p, "{\"object\":\"tunnel\",\"tunnel\":3,\"profile\":\"office\",\"protocol\":\"l2tp\","
			"\"server\":\"vpn.example.org\",\"state\":\"up\",\"is_up\":true}\n");
}

static void
a_warning_is_called_one_once(void **state)
{
	static const struct {
		const char *text, *wanted;
	} cases[] = {
		{ "warning: no route", "  office: warning: no route\n" },
		{ "no memory", "  office: warning: no memory\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		Uptun__LogLine line = UPTUN__LOG_LINE__INIT;
		struct page p;

		line.name = text("office");
		line.warning = true;
		line.text = text(cases[i].text);
		page_open(&p);
		show_line(&line, p.out);
		page_expect_part(&p, cases[i].wanted);
	}
}

/* ---- the screen ---- */

static void
a_screen_is_drawn_over_and_cut(void **state)
{
	char lines[64 * 3 + 1];
	struct page p;
	FILE *null = fopen("/dev/null", "w");

	(void)state;
	assert_false(screen_is_there(null));
	(void)fclose(null);
	for (size_t i = 0; i < 64; i++)
		memcpy(lines + i * 3, "ab\n", 4);
	page_open(&p);
	screen_draw(p.out, "one\ntwo\n", 0);
	page_expect(&p, "\033[Hone\033[K\ntwo\033[K\n\033[J");
	page_open(&p);
	screen_draw(p.out, lines, 0); /* 24 rows, as no terminal says otherwise */
	page_expect_part(&p, "ab\033[K\nand 42 more lines\033[K\n\033[J");
	page_open(&p);
	screen_draw(p.out, "one\ntwo\n", 10000); /* of which the caller knows */
	page_expect(&p, "\033[Hone\033[K\ntwo\033[K\nand 10000 more lines\033[K\n\033[J");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_state_is_told_in_a_few_words),
		cmocka_unit_test(ages_have_units),
		cmocka_unit_test(a_table_has_a_row_for_each_session),
		cmocka_unit_test(a_list_has_a_row_for_each_tunnel),
		cmocka_unit_test(columns_are_as_wide_as_a_terminal_shows_them),
		cmocka_unit_test(nothing_from_outside_reaches_the_terminal_raw),
		cmocka_unit_test(everything_about_a_tunnel_is_told),
		cmocka_unit_test(a_tunnel_of_an_older_daemon_lacks_parts),
		cmocka_unit_test(programs_get_an_object_for_the_tunnel_and_for_each_session),
		cmocka_unit_test(a_warning_is_called_one_once),
		cmocka_unit_test(a_screen_is_drawn_over_and_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
