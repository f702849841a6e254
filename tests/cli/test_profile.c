/* test_profile.c - profiles: defaults, limits, files, secrets
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>
#include <cmocka.h>

#include "cli/profile.h"
#include "uptun.pb-c.h"

static const struct profile_listener deaf = { NULL, NULL };

/* One profile for all tests: it is too large for comfort on a stack. */
static struct profile p;

/* Reads and checks a text; NULL when it passes, else the formatted error. */
static const char *
try_text(const char *text, char out[512])
{
	struct profile_source *source = NULL;
	struct profile_error why;
	enum profile_result result;

	profile_init(&p);
	result = profile_read_text(&p, ut_slice_str(text), &source, &why);
	if (result == PROFILE_OK)
		result = profile_check(&p, source, &why);
	(void)profile_source_free(source);
	if (result == PROFILE_OK)
		return NULL;
	profile_error_format(&why, "F", out, 512);
	return out;
}

static char *
repeat(char c, size_t n)
{
	char *s = malloc(n + 1);

	assert_non_null(s);
	memset(s, c, n);
	s[n] = '\0';
	return s;
}

/* ---- defaults ---- */

static void
a_server_is_all_a_profile_needs(void **state)
{
	char error[512];

	(void)state;
	assert_null(try_text("server: 'vpn.example.net'", error));
	assert_string_equal(p.name, "vpn.example.net");
	assert_int_equal(p.server_port, 1701);
	assert_int_equal(p.local_port, 0);
	assert_string_equal(p.interface, "");
	assert_int_equal(p.protocol, PROFILE_L2TP);
	assert_string_equal(p.l2tp.host_name, "uptun");
	assert_int_equal(p.l2tp.window, 8);
	assert_int_equal(p.l2tp.tries, 6);
	assert_int_equal(p.l2tp.hello_interval_s, 60);
	assert_int_equal(p.sessions_n, 1);
	assert_int_equal(p.sessions[0].mtu, 1400);
	assert_int_equal(p.sessions[0].mru, 1400);
	assert_int_equal(p.sessions[0].mppe, PROFILE_MPPE_UNSAID);
	assert_int_equal(p.ppp_plugin, PROFILE_PLUGIN_UPTUN);
	assert_int_equal(p.dns, PROFILE_DNS_REPORT);
	assert_int_equal(p.data_path, PROFILE_DATA_AUTO);
	assert_int_equal(p.timeouts.setup_s, 60);
	assert_int_equal(p.timeouts.close_s, 5);
	assert_false(p.reconnect.enabled);
	assert_int_equal(p.reconnect.first_delay_ms, 1000);
	assert_int_equal(p.reconnect.max_delay_s, 60);
	profile_fini(&p);
}

static void
pptp_has_defaults_of_its_own(void **state)
{
	char error[512];

	(void)state;
	assert_null(try_text("server: 'vpn.example.net' pptp {} session {} session { mppe: OFF }", error));
	assert_int_equal(p.protocol, PROFILE_PPTP);
	assert_int_equal(p.server_port, 1723);
	assert_string_equal(p.pptp.host_name, "uptun");
	assert_int_equal(p.pptp.echo_interval_s, 60);
	assert_int_equal(p.pptp.reply_timeout_s, 60);
	assert_int_equal(p.pptp.window, 64);
	assert_int_equal(p.sessions[0].mppe, PROFILE_MPPE_ALLOW);
	assert_int_equal(p.sessions[1].mppe, PROFILE_MPPE_OFF);
	profile_fini(&p);
}

static void
every_field_of_pptp_arrives(void **state)
{
	char error[512];

	(void)state;
	assert_null(try_text("server: 'a' server_port: 1 pptp { host_name: 'h' echo_interval_s: 0 "
			     "reply_timeout_s: 9 window: 3 } session { mppe: REQUIRE } data_path: OPNS",
			     error));
	assert_int_equal(p.server_port, 1);
	assert_string_equal(p.pptp.host_name, "h");
	assert_int_equal(p.pptp.echo_interval_s, 0);
	assert_int_equal(p.pptp.reply_timeout_s, 9);
	assert_int_equal(p.pptp.window, 3);
	assert_int_equal(p.sessions[0].mppe, PROFILE_MPPE_REQUIRE);
	assert_int_equal(p.data_path, PROFILE_DATA_OPNS);
	profile_fini(&p);
}

static void
every_field_arrives(void **state)
{
	char error[512];

	(void)state;
	assert_null(
	    try_text("name: 'n-1' server: '2001:db8::1' server_port: 1 local_port: 65535 interface: 'eth0' "
		     "fwmark: 0xffffffff l2tp { host_name: 'h' secret: 's\\000t' hide_avps: true window: 4 "
		     "  tries: 9 hello_interval_s: 0 } "
		     "session { user: 'u' password: 'p' mtu: 128 mru: 16384 interface_name: 'x0'"
		     "  option: ['a', 'b c'] } session { password_file: '/f' }"
		     "ppp_plugin: PPPOL2TP route: ['192.0.2.0/24', '2001:db8::/32'] default_route: true "
		     "dns: NONE data_path: NULL_PATH timeouts { setup_s: 1 close_s: 2 } require_ipsec: true "
		     "reconnect { enabled: true first_delay_ms: 10 max_delay_s: 3 max_attempts: 7 }",
		     error));
	assert_string_equal(p.name, "n-1");
	assert_string_equal(p.server, "2001:db8::1");
	assert_int_equal(p.server_port, 1);
	assert_int_equal(p.local_port, 65535);
	assert_string_equal(p.interface, "eth0");
	assert_int_equal(p.fwmark, 0xffffffff);
	assert_string_equal(p.l2tp.host_name, "h");
	assert_int_equal(p.l2tp.secret.n, 3);
	assert_memory_equal(p.l2tp.secret.octets, "s\0t", 3);
	assert_true(p.l2tp.hide_avps);
	assert_int_equal(p.l2tp.window, 4);
	assert_int_equal(p.l2tp.tries, 9);
	assert_int_equal(p.l2tp.hello_interval_s, 0);
	assert_int_equal(p.sessions_n, 2);
	assert_string_equal(p.sessions[0].user, "u");
	assert_int_equal(p.sessions[0].password.n, 1);
	assert_int_equal(p.sessions[0].mtu, 128);
	assert_int_equal(p.sessions[0].mru, 16384);
	assert_string_equal(p.sessions[0].interface_name, "x0");
	assert_string_equal(p.sessions[0].options[1], "b c");
	assert_null(p.sessions[0].options[2]);
	assert_string_equal(p.sessions[1].password.file, "/f");
	assert_int_equal(p.ppp_plugin, PROFILE_PLUGIN_PPPOL2TP);
	assert_int_equal(p.routes_n, 2);
	assert_int_equal(p.routes[1].family, 6);
	assert_int_equal(p.routes[1].length, 32);
	assert_memory_equal(p.routes[0].address, "\xc0\x00\x02\x00", 4);
	assert_true(p.default_route);
	assert_int_equal(p.dns, PROFILE_DNS_NONE);
	assert_int_equal(p.data_path, PROFILE_DATA_NULL);
	assert_int_equal(p.timeouts.setup_s, 1);
	assert_int_equal(p.timeouts.close_s, 2);
	assert_true(p.require_ipsec);
	assert_true(p.reconnect.enabled);
	assert_int_equal(p.reconnect.first_delay_ms, 10);
	assert_int_equal(p.reconnect.max_delay_s, 3);
	assert_int_equal(p.reconnect.max_attempts, 7);
	profile_fini(&p);
}

static void
a_checked_profile_passes_again_unchanged(void **state)
{
	static struct profile before;
	struct profile_error why;
	char error[512];

	(void)state;
	assert_null(try_text(
	    "server: 'fe80::1%eth0' session { mtu: 1000 option: 'x' } timeouts { close_s: 3 }", error));
	assert_string_equal(p.name, "fe80__1_eth0");
	before = p;
	assert_int_equal(profile_check(&p, NULL, &why), PROFILE_OK);
	assert_memory_equal(&p, &before, sizeof p);
	profile_fini(&p);
}

/* ---- refusals ---- */

static void
each_wrong_field_is_named_with_its_place(void **state)
{
	static const struct {
		const char *what, *text, *error;
	} cases[] = {
		{ "no server", "name: 'x'", "F:1:1: server: not given" },
		{ "an empty server", "\nserver: ''", "F:2:1: server: not given" },
		{ "a server with a port", "server: 'vpn.example.net:1701'",
		  "F:1:1: server: without a port: that is given apart, as --port or server_port" },
		{ "a server with a space", "server: 'a b'",
		  "F:1:1: server: neither a host name nor an IPv4 or IPv6 address" },
		{ "a server like an option", "server: '-a'",
		  "F:1:1: server: neither a host name nor an IPv4 or IPv6 address" },
		{ "a name with a slash", "server: 'a' name: 'x/y'",
		  "F:1:13: name: a character other than A-Z a-z 0-9 . _ -" },
		{ "a control character", "server: 'a\\n'",
		  "F:1:1: server: control characters are not allowed" },
		{ "a C1 control character", "server: 'a' session { user: '\\u0085' }",
		  "F:1:23: session[0].user: control characters are not allowed" },
		{ "a port", "server: 'a'\nserver_port: 65536", "F:2:1: server_port: 65536 is above 65535" },
		{ "a local port", "server: 'a' local_port: 70000",
		  "F:1:13: local_port: 70000 is above 65535" },
		{ "an interface too long", "server: 'a' interface: '1234567890123456'",
		  "F:1:13: interface: 16 octets are more than 15" },
		{ "an interface of dots", "server: 'a' interface: '..'",
		  "F:1:13: interface: not the name of an interface" },
		{ "an interface with a colon", "server: 'a' session { interface_name: 'a:1' }",
		  "F:1:23: session[0].interface_name: not the name of an interface" },
		{ "one interface name twice",
		  "server: 'a' session { interface_name: 'x' } session { interface_name: 'x' }",
		  "F:1:55: session[1].interface_name: another session has this name" },
		{ "an mtu in the second session", "server: 'a'\nsession {}\nsession {\n  mtu: 70 }",
		  "F:4:3: session[1].mtu: 70 is below 128" },
		{ "an mru", "server: 'a' session { mru: 16385 }",
		  "F:1:23: session[0].mru: 16385 is above 16384" },
		{ "a window", "server: 'a' l2tp { window: 32769 }",
		  "F:1:20: l2tp.window: 32769 is above 32768" },
		{ "tries", "server: 'a' l2tp { tries: 101 }", "F:1:20: l2tp.tries: 101 is above 100" },
		{ "a hello interval", "server: 'a' l2tp { hello_interval_s: 86401 }",
		  "F:1:20: l2tp.hello_interval_s: 86401 is above 86400" },
		{ "the largest hello interval", "server: 'a' l2tp { hello_interval_s: 4294967295 }",
		  "F:1:20: l2tp.hello_interval_s: 4294967295 is above 86400" },
		{ "hiding without a secret", "server: 'a' l2tp { hide_avps: true }",
		  "F:1:20: l2tp.hide_avps: needs a tunnel secret" },
		{ "an empty secret", "server: 'a' l2tp { secret: '' }", "F:1:20: l2tp.secret: empty" },
		{ "an empty password file", "server: 'a' session { password_file: '' }",
		  "F:1:23: session[0].password_file: empty" },
		{ "two secrets", "server: 'a' l2tp { secret: 'x' secret_file: 'y' }",
		  "F:1:32: l2tp: secret and secret_file exclude each other" },
		{ "standard input twice",
		  "server: 'a' l2tp { secret_file: '-' } session { password_file: '-' }",
		  "F:1:49: session[0].password_file: standard input is already read for another secret" },
		{ "two protocols", "server: 'a' pptp {} l2tp {}",
		  "F:1:21: pptp and l2tp exclude each other" },
		{ "an L2TP driver", "server: 'a' pptp {} data_path: OLAC",
		  "F:1:21: data_path: this driver carries L2TP, not PPTP" },
		{ "the stock plugin", "server: 'a' pptp {} ppp_plugin: PPPOL2TP",
		  "F:1:21: ppp_plugin: this plugin takes no PPTP session" },
		{ "IPsec", "server: 'a' pptp {} require_ipsec: true",
		  "F:1:21: require_ipsec: PPTP's frames leave the kernel through no socket that IPsec could "
		  "be "
		  "fixed to; use L2TP, or require MPPE instead" },
		{ "an echo interval", "server: 'a' pptp { echo_interval_s: 86401 }",
		  "F:1:20: pptp.echo_interval_s: 86401 is above 86400" },
		{ "the largest echo interval", "server: 'a' pptp { echo_interval_s: 4294967295 }",
		  "F:1:20: pptp.echo_interval_s: 4294967295 is above 86400" },
		{ "a reply timeout", "server: 'a' pptp { reply_timeout_s: 3601 }",
		  "F:1:20: pptp.reply_timeout_s: 3601 is above 3600" },
		{ "a window of PPTP", "server: 'a' pptp { window: 32769 }",
		  "F:1:20: pptp.window: 32769 is above 32768" },
		{ "MPPE of another kind", "server: 'a' session { mppe: 4 }",
		  "F:1:23: session[0].mppe: 4 is no known value" },
		{ "MPPE that nobody verifies", "server: 'a' session { mppe: REQUIRE } ppp_plugin: PPPOL2TP",
		  "F:1:23: session[0].mppe: with this ppp_plugin nobody can tell whether it is on" },
		{ "a PPTP driver", "server: 'a' data_path: OPNS",
		  "F:1:13: data_path: this driver carries PPTP, not L2TP" },
		{ "an unknown driver", "server: 'a' data_path: 99",
		  "F:1:13: data_path: 99 is no known value" },
		{ "a negative choice", "server: 'a' dns: -1", "F:1:13: dns: -1 is no known value" },
		{ "an unknown plugin", "server: 'a' ppp_plugin: 2",
		  "F:1:13: ppp_plugin: 2 is no known value" },
		{ "delays the wrong way round",
		  "server: 'a' reconnect { first_delay_ms: 2001 max_delay_s: 2 }",
		  "F:1:25: reconnect.first_delay_ms: longer than max_delay_s, 2 s" },
		{ "an empty option", "server: 'a' session { option: ['a', ''] }",
		  "F:1:37: session[0].option[1]: empty" },
		{ "a name that is nearly one", "server: 'a' requires_ipsec: true",
		  "F:1:13: Profile has no field \"requires_ipsec\"" },
		{ "a route without length", "server: 'a' route: '192.0.2.0'",
		  "F:1:13: route[0]: 192.0.2.0: no /LENGTH: a network is ADDRESS/LENGTH" },
		{ "a second route", "server: 'a' route: ['192.0.2.0/24',\n '192.0.2.1/24']",
		  "F:2:2: route[1]: 192.0.2.1/24: bits behind the length are not 0" },
		{ "a route twice", "server: 'a' route: '::/0' route: '0::0/0'",
		  "F:1:27: route[1]: 0::0/0 is given twice" },
	};
	char error[512];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const char *have = try_text(cases[i].text, error);

		if (have == NULL)
			fail_msg("%s: passed", cases[i].what);
		if (strcmp(have, cases[i].error) != 0)
			fail_msg("%s: %s", cases[i].what, have);
		profile_fini(&p);
	}
}

static void
networks_are_told_from_what_is_not_one(void **state)
{
	static const struct {
		const char *cidr;
		bool is_good;
	} cases[] = {
		{ "0.0.0.0/0", true },
		{ "255.255.255.255/32", true },
		{ "128.0.0.0/1", true },
		{ "::/0", true },
		{ "2001:db8::1/128", true },
		{ "8000::/1", true },
		{ "::ffff:1.2.3.4/128", true },
		{ "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255/128", true },
		{ "0.0.0.1/0", false },
		{ "192.0.2.0/23x", false },
		{ "192.0.3.0/23", false },
		{ "192.0.2.0/33", false },
		{ "192.0.2.0/", false },
		{ "192.0.2.0/024", false },
		{ "192.0.2.0/-1", false },
		{ "192.0.2/24", false },
		{ "192.0.2.0/24/1", false },
		{ "2001:db8::/129", false },
		{ "2001:db8::1/127", false },
		{ "2001:db8::/ 32", false },
		{ "/24", false },
		{ "", false },
		{ "1.2.3.4/4294967328", false },
		{ "example.net/24", false },
		{ " 192.0.2.0/24", false },
		{ "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255/1288", false },
	};
	struct profile_error why;

	(void)state;
	profile_init(&p);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		if ((profile_add_route(&p, ut_slice_str(cases[i].cidr), &why) == PROFILE_OK) !=
		    cases[i].is_good)
			fail_msg("%s", cases[i].cidr);
	profile_fini(&p);
}

/* ---- limits ---- */

static void
texts_are_taken_up_to_their_limit(void **state)
{
	static const struct {
		const char *what, *before, *after;
		size_t max;
	} cases[] = {
		{ "name", "server: 'a' name: '", "'", 64 },
		{ "server", "server: '", "'", 255 },
		{ "host name", "server: 'a' l2tp { host_name: '", "' }", 255 },
		{ "host name of PPTP", "server: 'a' pptp { host_name: '", "' }", 64 },
		{ "secret", "server: 'a' l2tp { secret: '", "' }", 255 },
		{ "user", "server: 'a' session { user: '", "' }", 255 },
		{ "password", "server: 'a' session { password: '", "' }", 255 },
		{ "option", "server: 'a' session { option: '", "' }", 1023 },
		{ "path", "server: 'a' session { password_file: '", "' }", 4095 },
	};
	char text[4300], error[512];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		for (size_t more = 0; more < 2; more++) {
			char *middle = repeat('x', cases[i].max + more);

			(void)snprintf(text, sizeof text, "%s%s%s", cases[i].before, middle, cases[i].after);
			if ((try_text(text, error) == NULL) != (more == 0))
				fail_msg("%s: %zu octets", cases[i].what, cases[i].max + more);
			profile_fini(&p);
			free(middle);
		}
	}
}

static void
lists_are_taken_up_to_their_limit(void **state)
{
	struct profile_error why;
	char cidr[32];

	(void)state;
	profile_init(&p);
	for (unsigned i = 0; i <= PROFILE_ROUTES_MAX; i++) {
		(void)snprintf(cidr, sizeof cidr, "10.%u.0.0/16", i);
		assert_int_equal(profile_add_route(&p, ut_slice_str(cidr), &why) == PROFILE_OK,
				 i < PROFILE_ROUTES_MAX);
	}
	assert_string_equal(why.text, "more than 64 routes");
	assert_non_null(profile_session_at(&p, PROFILE_SESSIONS_MAX - 1));
	assert_null(profile_session_at(&p, PROFILE_SESSIONS_MAX));
	assert_int_equal(p.sessions_n, PROFILE_SESSIONS_MAX);
	for (unsigned i = 0; i <= PROFILE_OPTIONS_MAX; i++)
		assert_int_equal(profile_add_option(&p, 15, ut_slice_str("x"), &why) == PROFILE_OK,
				 i < PROFILE_OPTIONS_MAX);
	assert_string_equal(why.field, "session[15].option[64]");
	profile_fini(&p);
}

/* ---- the command line ---- */

static void
the_command_line_passes_the_same_rules_without_a_place(void **state)
{
	struct profile_error why;
	char line[256];

	(void)state;
	profile_init(&p);
	assert_int_equal(profile_set_text(p.server, sizeof p.server, "server", ut_slice_str("a"), &why),
			 PROFILE_OK);
	profile_session_at(&p, 0)->mtu = 70;
	assert_int_equal(profile_check(&p, NULL, &why), PROFILE_BAD);
	profile_error_format(&why, NULL, line, sizeof line);
	assert_string_equal(line, "session[0].mtu: 70 is below 128");
	profile_fini(&p);
}

static void
an_option_overrides_the_file_and_takes_the_blame(void **state)
{
	static const char text[] = "server: 'a' session { mtu: 1200 } l2tp { secret: 'x' hide_avps: true }";
	struct profile_source *source = NULL;
	struct profile_error why;

	(void)state;
	profile_init(&p);
	assert_int_equal(profile_read_text(&p, ut_slice_str(text), &source, &why), PROFILE_OK);
	p.sessions[0].mtu = 70;
	assert_int_equal(profile_check(&p, source, &why), PROFILE_BAD);
	assert_int_equal(why.line, 1);
	profile_source_override(source, "session[0].mtu");
	assert_int_equal(profile_check(&p, source, &why), PROFILE_BAD);
	assert_string_equal(why.field, "session[0].mtu");
	assert_int_equal(why.line, 0);
	p.sessions[0].mtu = 1300;
	assert_int_equal(profile_set_secret_file(&p.l2tp.secret, "l2tp.secret_file", ut_slice_str("-"), &why),
			 PROFILE_OK);
	assert_int_equal(p.l2tp.secret.n, 0);
	assert_int_equal(profile_check(&p, source, &why), PROFILE_OK);
	(void)profile_source_free(source);
	profile_fini(&p);
}

static void
secrets_are_wiped(void **state)
{
	static const struct profile_secret none;
	struct profile_error why;

	(void)state;
	profile_init(&p);
	assert_int_equal(profile_set_secret(&p.l2tp.secret, "x", ut_slice_str("hush"), &why), PROFILE_OK);
	assert_int_equal(
	    profile_set_secret(&profile_session_at(&p, 3)->password, "x", ut_slice_str("hush"), &why),
	    PROFILE_OK);
	profile_fini(&p);
	assert_memory_equal(&p.l2tp.secret, &none, sizeof none);
	assert_memory_equal(&p.sessions[3].password, &none, sizeof none);
}

/* ---- binary ---- */

static const char *
try_binary(const char *octets, size_t n, char out[512])
{
	struct profile_error why;

	profile_init(&p);
	if (profile_read_binary(&p, ut_slice(octets, n), &why) == PROFILE_OK &&
	    profile_check(&p, NULL, &why) == PROFILE_OK)
		return NULL;
	profile_error_format(&why, "F", out, 512);
	return out;
}

#define BINARY(octets) octets, sizeof octets - 1

static void
binary_profiles_are_read_or_refused(void **state)
{
	static const struct {
		const char *what, *octets;
		size_t n;
		const char *error;
	} cases[] = {
		{ "a server",
		  BINARY("\x12\x01"
			 "a"),
		  NULL },
		{ "nothing", BINARY(""), "F: server: not given" },
		{ "a string cut short",
		  BINARY("\x12\x05"
			 "a"),
		  "F: not a binary uptun.Profile, or cut short" },
		{ "an octet too many",
		  BINARY("\x12\x01"
			 "a\x80"),
		  "F: not a binary uptun.Profile, or cut short" },
		{ "a wrong wire type", BINARY("\x10\x01"), "F: not a binary uptun.Profile, or cut short" },
		{ "NUL in a string",
		  BINARY("\x12\x03"
			 "a\0b"),
		  "F: server: a NUL octet in a string" },
		{ "NUL at a string's end",
		  BINARY("\x12\x02"
			 "a\0"),
		  "F: server: a NUL octet in a string" },
		{ "NUL inside",
		  BINARY("\x12\x01"
			 "a\xa2\x01\x05\xf2\x01\x02"
			 "b\0"),
		  "F: session[0].option[0]: a NUL octet in a string" },
		{ "not UTF-8",
		  BINARY("\x12\x02"
			 "a\xff"),
		  "F: server: not UTF-8" },
		{ "a field we do not know",
		  BINARY("\x12\x01"
			 "a\xb8\x04\x01"),
		  "F: Profile has no field number 71" },
		{ "one inside",
		  BINARY("\x12\x01"
			 "a\x52\x03\x98\x06\x01"),
		  "F: l2tp: L2tp has no field number 99" },
		{ "an enum out of range",
		  BINARY("\x12\x01"
			 "a\x80\x02\x63"),
		  "F: dns: 99 is no known value" },
		{ "an empty secret",
		  BINARY("\x12\x01"
			 "a\x52\x02\x52\x00"),
		  "F: l2tp.secret: empty" },
	};
	char error[512];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char *exact = malloc(cases[i].n + 1);
		const char *have;

		assert_non_null(exact);
		memcpy(exact, cases[i].octets, cases[i].n);
		have = try_binary(exact, cases[i].n, error);
		if ((have == NULL) != (cases[i].error == NULL) ||
		    (have != NULL && strcmp(have, cases[i].error) != 0))
			fail_msg("%s: %s", cases[i].what, have == NULL ? "passed" : have);
		free(exact);
		profile_fini(&p);
	}
}

static void
a_message_bomb_ends_at_the_quota(void **state)
{
	static char bomb[PROFILE_FILE_MAX + 1];
	char error[512];

	(void)state;
	for (size_t i = 0; i + 3 <= PROFILE_FILE_MAX; i += 3)
		memcpy(bomb + i, "\xa2\x01\x00", 3);
	assert_string_equal(try_binary(bomb, PROFILE_FILE_MAX - PROFILE_FILE_MAX % 3, error),
			    "F: takes more memory than a profile may");
	assert_string_equal(try_binary(bomb, sizeof bomb, error), "F: longer than 65536 octets");
	assert_string_equal(try_binary(bomb, 17 * 3, error), "F: session[16]: more than 16 sessions");
}

/* ---- files ---- */

struct temporary {
	char path[64];
};

static struct temporary
make_file(const char *suffix, const void *octets, size_t n, mode_t mode)
{
	struct temporary t;
	int fd;

	(void)snprintf(t.path, sizeof t.path, "/tmp/uptun-profile-XXXXXX%s", suffix);
	fd = mkstemps(t.path, (int)strlen(suffix));
	assert_true(fd >= 0);
	assert_int_equal(write(fd, octets, n), (ssize_t)n);
	assert_int_equal(fchmod(fd, mode), 0);
	assert_int_equal(close(fd), 0);
	return t;
}

/* Counts warnings and keeps the last. */
struct heard {
	unsigned n;
	char last[256];
};

static void
hear(void *arg, const char *sentence)
{
	struct heard *heard = arg;

	heard->n++;
	(void)snprintf(heard->last, sizeof heard->last, "%s", sentence);
}

static void
a_files_kind_is_told_by_name_or_content(void **state)
{
	static const char binary[] = "\x12\x01"
				     "a";
	static const char named_binary[] = "\x0a\x09" /* looks like white space, until the server's tag */
					   "ninechars\x12\x01"
					   "a";
	static const struct {
		const char *what, *suffix, *octets;
		size_t n;
		bool is_read;
	} cases[] = {
		{ "text by name", ".textproto", "server: 'a'", 11, true },
		{ "text by the short name", ".txtpb", "server: 'a'", 11, true },
		{ "binary by name", ".pb", binary, sizeof binary - 1, true },
		{ "text by content", ".conf", "server: 'a'\n", 12, true },
		{ "binary by content", ".conf", binary, sizeof binary - 1, true },
		{ "binary with a name, by content", "", named_binary, sizeof named_binary - 1, true },
		{ "text named as binary", ".pb", "server: 'a'", 11, false },
		{ "binary named as text", ".textproto", binary, sizeof binary - 1, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct temporary t = make_file(cases[i].suffix, cases[i].octets, cases[i].n, 0600);
		struct profile_source *source = NULL;
		struct profile_error why;
		enum profile_result result;

		profile_init(&p);
		result = profile_read(&p, t.path, &source, deaf, &why);
		if ((result == PROFILE_OK) != cases[i].is_read)
			fail_msg("%s: %s", cases[i].what, result == PROFILE_OK ? "was read" : why.text);
		assert_true(result != PROFILE_OK || strcmp(p.server, "a") == 0);
		(void)profile_source_free(source);
		profile_fini(&p);
		assert_int_equal(unlink(t.path), 0);
	}
}

static void
a_profile_with_a_secret_that_others_can_read_is_warned_of(void **state)
{
	static const char open[] = "server: 'a' session { password: 'x' }", closed[] = "server: 'a'";
	static const struct {
		const char *text;
		mode_t mode;
		unsigned warnings;
	} cases[] = { { open, 0644, 1 }, { open, 0640, 1 }, { open, 0600, 0 }, { closed, 0644, 0 } };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct temporary t =
		    make_file(".textproto", cases[i].text, strlen(cases[i].text), cases[i].mode);
		struct profile_source *source = NULL;
		struct profile_error why;
		struct heard heard = { 0, "" };

		profile_init(&p);
		assert_int_equal(
		    profile_read(&p, t.path, &source, (struct profile_listener){ hear, &heard }, &why),
		    PROFILE_OK);
		assert_int_equal(heard.n, cases[i].warnings);
		(void)profile_source_free(source);
		profile_fini(&p);
		assert_int_equal(unlink(t.path), 0);
	}
}

static void
a_file_that_cannot_be_read_or_is_too_long_says_so(void **state)
{
	char *long_text = repeat(' ', PROFILE_FILE_MAX + 1);
	const struct temporary t = make_file(".textproto", long_text, PROFILE_FILE_MAX + 1, 0600);
	struct profile_source *source = NULL;
	struct profile_error why;

	(void)state;
	profile_init(&p);
	assert_int_equal(profile_read(&p, "/nonexistent/x.pb", &source, deaf, &why), PROFILE_BAD);
	assert_string_equal(why.text, "cannot be read: No such file or directory");
	assert_int_equal(profile_read(&p, "/tmp", &source, deaf, &why), PROFILE_BAD);
	assert_string_equal(why.text, "cannot be read: Is a directory");
	assert_int_equal(profile_read(&p, t.path, &source, deaf, &why), PROFILE_BAD);
	assert_string_equal(why.text, "longer than 65536 octets");
	assert_int_equal(unlink(t.path), 0);
	free(long_text);
}

static void
the_examples_are_good_profiles(void **state)
{
	static const char *const files[] = { UT_EXAMPLES };

	(void)state;
	assert_true(sizeof files / sizeof files[0] >= 4);
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		struct profile_source *source = NULL;
		struct profile_error why;
		char line[512];

		profile_init(&p);
		if (profile_read(&p, files[i], &source, deaf, &why) != PROFILE_OK ||
		    profile_check(&p, source, &why) != PROFILE_OK) {
			profile_error_format(&why, files[i], line, sizeof line);
			fail_msg("%s", line);
		}
		(void)profile_source_free(source);
		profile_fini(&p);
	}
}

/* ---- writing ---- */

static size_t
write_profile(char *out, size_t cap)
{
	struct ut_put w = ut_put_into(out, cap - 1);

	assert_true(profile_write(&p, &w));
	assert_false(w.full);
	out[w.len] = '\0';
	return w.len;
}

static void
a_written_profile_reads_back_the_same(void **state)
{
	static const char *const files[] = { UT_EXAMPLES };
	static char first[8192], second[8192];

	(void)state;
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		struct profile_source *source = NULL;
		struct profile_error why;
		char error[512];

		profile_init(&p);
		assert_int_equal(profile_read(&p, files[i], &source, deaf, &why), PROFILE_OK);
		assert_int_equal(profile_check(&p, source, &why), PROFILE_OK);
		(void)profile_source_free(source);
		assert_true(write_profile(first, sizeof first) > 100);
		profile_fini(&p);
		assert_null(try_text(first, error));
		(void)write_profile(second, sizeof second);
		assert_string_equal(first, second);
		profile_fini(&p);
	}
}

static void
a_written_profile_has_its_defaults_and_no_secret(void **state)
{
	static char text[8192];
	char error[512];

	(void)state;
	assert_null(try_text(
	    "server: 'a' l2tp { secret: 'hush' } session { password: 'hush' } route: '2001:DB8:0::/32'",
	    error));
	(void)write_profile(text, sizeof text);
	assert_null(strstr(text, "hush"));
	assert_non_null(strstr(text, "  # secret: 4 octets, not shown\n"));
	assert_non_null(strstr(text, "  # password: 4 octets, not shown\n"));
	assert_non_null(strstr(text, "\nroute: \"2001:db8::/32\"\n"));
	assert_non_null(strstr(text, "  hello_interval_s: 60\n"));
	profile_fini(&p);
}

/* ---- secrets from files ---- */

static void
secrets_are_read_from_their_files(void **state)
{
	static const struct {
		const char *what, *octets;
		size_t n;
		mode_t mode;
		const char *want; /* NULL: refused */
		size_t want_n;
		unsigned warnings;
	} cases[] = {
		{ "plain", "hush", 4, 0600, "hush", 4, 0 },
		{ "with a newline", "hush\n", 5, 0600, "hush", 4, 0 },
		{ "with any octet", "\x80\xff", 2, 0400, "\x80\xff", 2, 0 },
		{ "open to others", "hush\n", 5, 0644, "hush", 4, 1 },
		{ "empty", "", 0, 0600, NULL, 0, 0 },
		{ "a newline only", "\n", 1, 0600, NULL, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct temporary t = make_file("", cases[i].octets, cases[i].n, cases[i].mode);
		struct profile_secret *secret;
		struct profile_error why;
		struct heard heard = { 0, "" };
		enum profile_result result;

		profile_init(&p);
		secret = &profile_session_at(&p, 1)->password;
		assert_int_equal(profile_set_secret_file(secret, "x", ut_slice_str(t.path), &why),
				 PROFILE_OK);
		result = profile_load_secrets(&p, (struct profile_listener){ hear, &heard }, &why);
		if ((result == PROFILE_OK) != (cases[i].want != NULL) || heard.n != cases[i].warnings)
			fail_msg("%s: %s", cases[i].what, result == PROFILE_OK ? heard.last : why.text);
		if (result == PROFILE_OK) {
			assert_int_equal(secret->n, cases[i].want_n);
			assert_memory_equal(secret->octets, cases[i].want, cases[i].want_n);
			assert_null(secret->file);
		} else {
			assert_string_equal(why.field, "session[1].password_file");
		}
		profile_fini(&p);
		assert_int_equal(unlink(t.path), 0);
	}
}

/* The octets in a file, as a password, and as a tunnel's secret. */
static void
load_both(const char *octets, size_t n, struct profile_error *as_password, enum profile_result *as_secret)
{
	const struct temporary t = make_file("", octets, n, 0600);
	struct profile_error why;

	profile_init(&p);
	assert_int_equal(
	    profile_set_secret_file(&profile_session_at(&p, 0)->password, "x", ut_slice_str(t.path), &why),
	    PROFILE_OK);
	assert_int_equal(profile_load_secrets(&p, deaf, as_password), PROFILE_BAD);
	profile_fini(&p);
	profile_init(&p);
	assert_int_equal(profile_set_secret_file(&p.l2tp.secret, "x", ut_slice_str(t.path), &why),
			 PROFILE_OK);
	*as_secret = profile_load_secrets(&p, deaf, &why);
	profile_fini(&p);
	assert_int_equal(unlink(t.path), 0);
}

static void
a_password_that_pppd_could_not_be_told_is_refused_before_anything_is_sent(void **state)
{
	static const struct {
		const char *octets;
		size_t n;
		const char *said;
	} cases[] = {
		{ "hush\n\n", 6, "has another newline (0x0a) at offset 4" },
		{ "joe\nhush\n", 9, "has another newline (0x0a) at offset 3" },
		{ "hush\r\n", 6, "has a carriage return (0x0d) at offset 4" },
		{ "hu\0sh", 5, "has a control character (0x00) at offset 2" },
		{ "\x7f", 1, "has a control character (0x7f) at offset 0" },
	};
	struct profile_error why;
	enum profile_result as_secret;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		load_both(cases[i].octets, cases[i].n, &why, &as_secret);
		assert_non_null(strstr(why.text, cases[i].said));
		assert_int_equal(as_secret, PROFILE_OK);
	}
}

static void
a_tunnel_secret_from_another_system_is_warned_of(void **state)
{
	const struct temporary t = make_file("", "hush\r\n", 6, 0600);
	struct heard heard = { 0, "" };
	struct profile_error why;

	(void)state;
	profile_init(&p);
	assert_int_equal(profile_set_secret_file(&p.l2tp.secret, "x", ut_slice_str(t.path), &why),
			 PROFILE_OK);
	assert_int_equal(profile_load_secrets(&p, (struct profile_listener){ hear, &heard }, &why),
			 PROFILE_OK);
	assert_int_equal(heard.n, 1);
	assert_non_null(strstr(heard.last, "carriage return"));
	profile_fini(&p);
	assert_int_equal(unlink(t.path), 0);
}

static void
a_secret_file_is_read_up_to_its_limit(void **state)
{
	static const struct {
		size_t letters;
		bool has_newline, is_read;
	} cases[] = { { 255, false, true },
		      { 255, true, true },
		      { 256, false, false },
		      { 256, true, false },
		      { 999, true, false } };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char *octets = repeat('x', cases[i].letters + 1);
		struct profile_error why;
		struct temporary t;

		octets[cases[i].letters] = '\n';
		t = make_file("", octets, cases[i].letters + (cases[i].has_newline ? 1 : 0), 0600);
		profile_init(&p);
		assert_int_equal(profile_set_secret_file(&p.l2tp.secret, "x", ut_slice_str(t.path), &why),
				 PROFILE_OK);
		assert_int_equal(profile_load_secrets(&p, deaf, &why) == PROFILE_OK, cases[i].is_read);
		profile_fini(&p);
		assert_int_equal(unlink(t.path), 0);
		free(octets);
	}
}

static void
a_missing_secret_file_is_named(void **state)
{
	struct profile_error why;

	(void)state;
	profile_init(&p);
	assert_int_equal(profile_set_secret_file(&p.l2tp.secret, "x", ut_slice_str("/nonexistent/s"), &why),
			 PROFILE_OK);
	assert_int_equal(profile_load_secrets(&p, deaf, &why), PROFILE_BAD);
	assert_string_equal(why.field, "l2tp.secret_file");
	assert_string_equal(
	    why.text, "the tunnel secret's file /nonexistent/s cannot be read: No such file or directory");
	profile_fini(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_server_is_all_a_profile_needs),
		cmocka_unit_test(pptp_has_defaults_of_its_own),
		cmocka_unit_test(every_field_of_pptp_arrives),
		cmocka_unit_test(every_field_arrives),
		cmocka_unit_test(a_checked_profile_passes_again_unchanged),
		cmocka_unit_test(each_wrong_field_is_named_with_its_place),
		cmocka_unit_test(networks_are_told_from_what_is_not_one),
		cmocka_unit_test(texts_are_taken_up_to_their_limit),
		cmocka_unit_test(lists_are_taken_up_to_their_limit),
		cmocka_unit_test(the_command_line_passes_the_same_rules_without_a_place),
		cmocka_unit_test(an_option_overrides_the_file_and_takes_the_blame),
		cmocka_unit_test(secrets_are_wiped),
		cmocka_unit_test(binary_profiles_are_read_or_refused),
		cmocka_unit_test(a_message_bomb_ends_at_the_quota),
		cmocka_unit_test(a_files_kind_is_told_by_name_or_content),
		cmocka_unit_test(a_profile_with_a_secret_that_others_can_read_is_warned_of),
		cmocka_unit_test(a_file_that_cannot_be_read_or_is_too_long_says_so),
		cmocka_unit_test(the_examples_are_good_profiles),
		cmocka_unit_test(a_written_profile_reads_back_the_same),
		cmocka_unit_test(a_written_profile_has_its_defaults_and_no_secret),
		cmocka_unit_test(secrets_are_read_from_their_files),
		cmocka_unit_test(a_password_that_pppd_could_not_be_told_is_refused_before_anything_is_sent),
		cmocka_unit_test(a_tunnel_secret_from_another_system_is_warned_of),
		cmocka_unit_test(a_secret_file_is_read_up_to_its_limit),
		cmocka_unit_test(a_missing_secret_file_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
