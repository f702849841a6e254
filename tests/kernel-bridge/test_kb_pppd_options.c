/* test_kb_pppd_options.c - the options file pppd gets: quoting, refusals, order
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernel-bridge/kb_pppd_options.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const char *
quoted(const char *word, char *buffer, size_t size)
{
	struct kb_pppd_text text = { .base = buffer, .cap = size - 1 };
	struct kb_error why;

	assert_int_equal(kb_pppd_put_word(&text, (const uint8_t *)word, strlen(word), &why), 0);
	assert_false(text.full);
	buffer[text.len] = '\0';
	return buffer;
}

static void
every_word_is_quoted_so_that_pppd_reads_it_back(void **state)
{
	/* clang-format off */
	static const struct { const char *what, *word, *file; } cases[] = {
		{ "plain",              "joe",            "\"joe\" " },
		{ "empty",              "",               "\"\" " },
		{ "blank",              "a b",            "\"a b\" " },
		{ "double quote",       "a\"b",           "\"a\\\"b\" " },
		{ "single quote",       "a'b",            "\"a'b\" " },
		{ "backslash",          "a\\b",           "\"a\\\\b\" " },
		{ "what looks escaped", "\\n\\x41\\s",    "\"\\\\n\\\\x41\\\\s\" " },
		{ "comment sign",       "#1",             "\"#1\" " },
		{ "only backslash",     "\\",             "\"\\\\\" " },
		{ "only quote",         "\"",             "\"\\\"\" " },
		{ "UTF-8",              "\xc3\xa9",       "\"\xc3\xa9\" " },
		{ "octet 255",          "\xff",           "\"\xff\" " },
	};
	/* clang-format on */
	char buffer[64];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		if (strcmp(quoted(cases[i].word, buffer, sizeof buffer), cases[i].file) != 0)
			fail_msg("%s: got %s", cases[i].what, buffer);
	}
}

static void
control_characters_are_refused_with_their_offset(void **state)
{
	(void)state;
	for (unsigned c = 0; c < 0x20; c++) {
		const uint8_t word[] = { 'a', 'b', (uint8_t)c };
		char buffer[64];
		struct kb_pppd_text text = { .base = buffer, .cap = sizeof buffer };
		struct kb_error why;

		assert_int_equal(kb_pppd_put_word(&text, word, sizeof word, &why), -EINVAL);
		assert_non_null(strstr(why.text, "octet 2"));
		assert_int_equal(text.len, 0);
	}
}

static void
a_word_longer_than_pppds_is_refused(void **state)
{
	uint8_t word[KB_PPPD_WORD_MAX + 1];
	char buffer[4096];
	struct kb_pppd_text text = { .base = buffer, .cap = sizeof buffer };
	struct kb_error why;

	(void)state;
	memset(word, 'x', sizeof word);
	assert_int_equal(kb_pppd_put_word(&text, word, sizeof word - 1, &why), 0);
	assert_int_equal(kb_pppd_put_word(&text, word, sizeof word, &why), -EINVAL);
}

static void
options_that_would_harm_are_refused_with_a_reason(void **state)
{
	static const char *const refused[] = { "password",	"pppol2tp", "pppol2tp_lns_mode",
					       "uptun-session", "detach",   "updetach",
					       "persist",	"demand",   "connect",
					       "pty",		"logfd",    "dryrun",
					       "bad\nword",	"tab\there" };
	static const char *const allowed[] = {
		"plugin", "require-mppe-128", "debug",	 "defaultroute", "file", "10.0.0.1:10.0.0.2",
		"",	  "connect-delay",    "passive", "idle"
	};
	struct kb_error why;

	(void)state;
	for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
		why.text[0] = '\0';
		if (kb_pppd_check_option(refused[i], &why) != -EINVAL || strlen(why.text) < 20)
			fail_msg("%s: not refused, or without a reason (%s)", refused[i], why.text);
	}
	for (size_t i = 0; i < sizeof allowed / sizeof allowed[0]; i++) {
		if (kb_pppd_check_option(allowed[i], &why) != 0)
			fail_msg("%s: %s", allowed[i], why.text);
	}
}

static struct kb_pppd_request
plain_request(void)
{
	return (struct kb_pppd_request){ .session_fd = 9, .plugin_path = "/opt/uptun/uptun-pppox.so" };
}

static const char *
file_of(const struct kb_pppd_request *request)
{
	static char buffer[KB_PPPD_OPTIONS_MAX + 1];
	struct kb_pppd_text text = { .base = buffer, .cap = KB_PPPD_OPTIONS_MAX };
	struct kb_error why;

	if (kb_pppd_put_options(&text, request, &why) < 0)
		fail_msg("%s", why.text);
	buffer[text.len] = '\0';
	return buffer;
}

static bool
has_line_start(const char *file, const char *start)
{
	const char *at = strstr(file, start);

	return at != NULL && (at == file || at[-1] == '\n' || at[-1] == ' ');
}

static void
the_defaults_keep_pppd_ours_and_quick(void **state)
{
	static const char *const wanted[] = { "nodetach",      "nopersist",	"noauth",
					      "hide-password", "noipdefault",	"nodefaultroute",
					      "refuse-eap",    "lcp-restart 1", "lcp-max-configure 30",
					      "nodeflate",     "nobsdcomp",	"uptun-session 4",
					      "uptun-report 5" };
	const struct kb_pppd_request request = plain_request();
	const char *file = file_of(&request);

	(void)state;
	assert_memory_equal(file, "\"plugin\" \"/opt/uptun/uptun-pppox.so\"", 36);
	for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
		if (!has_line_start(file, wanted[i]))
			fail_msg("%s is missing in:\n%s", wanted[i], file);
	}
	assert_null(strstr(file, "usepeerdns"));
	assert_null(strstr(file, "mtu"));
	assert_null(strstr(file, "user"));
	assert_null(strstr(file, "password\" \""));
}

static void
a_default_gives_way_to_the_users_option(void **state)
{
	static const char *const users[] = { "lcp-restart", "3", "defaultroute", "require-eap", NULL };
	struct kb_pppd_request request = plain_request();

	(void)state;
	request.options = users;
	const char *file = file_of(&request);
	assert_null(strstr(file, "lcp-restart 1"));
	assert_null(strstr(file, "nodefaultroute"));
	assert_null(strstr(file, "refuse-eap"));
	assert_non_null(strstr(file, "\"lcp-restart\" \"3\" \"defaultroute\" \"require-eap\" \n"));
}

static void
the_users_options_come_last(void **state)
{
	static const char *const users[] = { "mtu", "1280", NULL };
	struct kb_pppd_request request = plain_request();

	(void)state;
	request.options = users;
	request.mtu = request.mru = 1400;
	request.user = "joe";
	request.password = (const uint8_t *)"s e";
	request.password_octets = 3;
	request.ifname = "vpn0";
	request.use_peer_dns = true;
	const char *file = file_of(&request);
	const char *users_part = strstr(file, "\"mtu\" \"1280\"");
	assert_non_null(users_part);
	assert_string_equal(users_part, "\"mtu\" \"1280\" \n");
	assert_true(strstr(file, "mtu 1400\n") < users_part);
	assert_true(strstr(file, "\"user\" \"joe\" \n") < users_part);
	assert_true(strstr(file, "\"password\" \"s e\" \n") < users_part);
	assert_true(strstr(file, "\"ifname\" \"vpn0\" \n") < users_part);
	assert_true(strstr(file, "usepeerdns\n") < users_part);
}

static void
the_stock_plugin_gets_its_own_words(void **state)
{
	struct kb_pppd_request request = plain_request();

	(void)state;
	request.stock_plugin = true;
	request.plugin_path = NULL;
	const char *file = file_of(&request);
	assert_memory_equal(file, "plugin pppol2tp.so\npppol2tp 4\n", 30);
	assert_null(strstr(file, "uptun"));
}

static void
mppe_is_spelt_as_pppd_has_it(void **state)
{
	/* clang-format off */
	static const struct { enum kb_mppe mppe; const char *number, *words; } cases[] = {
		{ KB_MPPE_UNSAID,  "uptun-mppe 0\n", NULL },
		{ KB_MPPE_OFF,     "uptun-mppe 1\n", "nomppe\n" },
		{ KB_MPPE_ALLOW,   "uptun-mppe 2\n", NULL },
		{ KB_MPPE_REQUIRE, "uptun-mppe 3\n", "require-mppe-128 refuse-pap refuse-chap refuse-mschap\n" },
	};
	/* clang-format on */
	struct kb_pppd_request request = plain_request();

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		request.mppe = cases[i].mppe;
		const char *file = file_of(&request);
		assert_true(has_line_start(file, cases[i].number));
		if (cases[i].words != NULL)
			assert_true(has_line_start(file, cases[i].words));
		else
			assert_false(has_line_start(file, "nomppe") || has_line_start(file, "require-mppe"));
		assert_true(has_line_start(file, "nodeflate nobsdcomp\n") &&
			    has_line_start(file, "refuse-eap\n"));
		assert_null(strstr(file, "noccp"));
	}
	request.stock_plugin = true;
	assert_null(strstr(file_of(&request), "uptun-mppe"));
}

static void
every_end_for_want_of_mppe_has_a_sentence(void **state)
{
	(void)state;
	for (int i = 0; i <= KB_MPPE_END_N; i++)
		assert_non_null(strstr(kb_mppe_end_name((enum kb_mppe_end)i), "MPPE"));
	assert_string_equal(kb_mppe_end_name(KB_MPPE_PEER_REFUSED), "MPPE required but peer refused");
}

static int
result_of(const struct kb_pppd_request *request, struct kb_error *why)
{
	static char buffer[KB_PPPD_OPTIONS_MAX];
	struct kb_pppd_text text = { .base = buffer, .cap = sizeof buffer };

	return kb_pppd_put_options(&text, request, why);
}

static void
what_pppd_could_not_hold_is_refused(void **state)
{
	static char long_text[300];
	static const char *many[400];
	struct kb_pppd_request request = plain_request();
	struct kb_error why;

	(void)state;
	memset(long_text, 'x', sizeof long_text - 1);
	request.user = long_text;
	assert_int_equal(result_of(&request, &why), -EINVAL);
	assert_null(strstr(why.text, "xxx"));
	request = plain_request();
	request.password = (const uint8_t *)long_text;
	request.password_octets = 256;
	assert_int_equal(result_of(&request, &why), -EINVAL);
	assert_null(strstr(why.text, "xxx"));
	request = plain_request();
	request.plugin_path = "uptun-pppox.so";
	assert_int_equal(result_of(&request, &why), -EINVAL);
	request = plain_request();
	for (size_t i = 0; i + 1 < sizeof many / sizeof many[0]; i++)
		many[i] = long_text;
	request.options = many;
	assert_int_equal(result_of(&request, &why), -E2BIG);
}

static void
a_refused_option_stops_the_start(void **state)
{
	static const char *const users[] = { "password", "geheim", NULL };
	struct kb_pppd_request request = plain_request();
	struct kb_pppd pppd = KB_PPPD_NULL;
	struct kb_error why;

	(void)state;
	request.options = users;
	assert_int_equal(kb_pppd_start(&request, &pppd, &why), -EINVAL);
	assert_non_null(strstr(why.text, "--password-file"));
	assert_null(strstr(why.text, "geheim"));
	assert_int_equal(pppd.pid, -1);
	assert_int_equal(pppd.pidfd, -1);
}

static void
a_missing_pppd_is_named(void **state)
{
	struct kb_pppd_request request = plain_request();
	struct kb_pppd pppd = KB_PPPD_NULL;
	struct kb_error why;

	(void)state;
	request.session_fd = 0;
	request.plugin_path = "/dev/null";
	request.pppd_path = "/nonexistent/pppd";
	assert_int_equal(kb_pppd_start(&request, &pppd, &why), -ENOENT);
	assert_non_null(strstr(why.text, "/nonexistent/pppd"));
	assert_int_equal(pppd.pid, -1);
}

static void
a_missing_plugin_is_named(void **state)
{
	struct kb_pppd_request request = plain_request();
	struct kb_pppd pppd = KB_PPPD_NULL;
	struct kb_error why;

	(void)state;
	request.session_fd = 0;
	request.plugin_path = "/nonexistent/uptun-pppox.so";
	assert_int_equal(kb_pppd_start(&request, &pppd, &why), -ENOENT);
	assert_non_null(strstr(why.text, "/nonexistent/uptun-pppox.so"));
	assert_non_null(strstr(why.text, "UPTUN_PLUGIN_DIR"));
	assert_int_equal(pppd.pid, -1);
}

static void
every_exit_status_has_a_name(void **state)
{
	(void)state;
	for (int i = -1; i < 300; i++)
		assert_true(strlen(kb_pppd_exit_name(i)) > 0);
	assert_string_equal(kb_pppd_exit_name(19), "authentication failed");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_word_is_quoted_so_that_pppd_reads_it_back),
		cmocka_unit_test(control_characters_are_refused_with_their_offset),
		cmocka_unit_test(a_word_longer_than_pppds_is_refused),
		cmocka_unit_test(options_that_would_harm_are_refused_with_a_reason),
		cmocka_unit_test(the_defaults_keep_pppd_ours_and_quick),
		cmocka_unit_test(a_default_gives_way_to_the_users_option),
		cmocka_unit_test(the_users_options_come_last),
		cmocka_unit_test(the_stock_plugin_gets_its_own_words),
		cmocka_unit_test(mppe_is_spelt_as_pppd_has_it),
		cmocka_unit_test(every_end_for_want_of_mppe_has_a_sentence),
		cmocka_unit_test(what_pppd_could_not_hold_is_refused),
		cmocka_unit_test(a_refused_option_stops_the_start),
		cmocka_unit_test(a_missing_pppd_is_named),
		cmocka_unit_test(a_missing_plugin_is_named),
		cmocka_unit_test(every_exit_status_has_a_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
