/* test_allow.c - which words for pppd are passed on: ours, root's own additions, and never what would hand out root
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/launcher/allow.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static bool
is_refused(const char *const *words, const char *const *extra, struct kb_error *why)
{
	why->text[0] = '\0';
	const int r = launcher_check_options(words, extra, NULL, why);
	assert_true(r == 0 || r == -EINVAL);
	assert_true((r == 0) == (why->text[0] == '\0'));
	return r < 0;
}

#define WORDS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void
harmless_words_pass(void **state)
{
	static const struct {
		const char *what;
		const char *words[6];
	} cases[] = {
		{ "none at all", { NULL } },
		{ "flags", { "noccp", "novj", "debug" } },
		{ "a number", { "mtu", "1400" } },
		{ "the least and the most", { "mru", "128", "mtu", "16384" } },
		{ "keepalive", { "lcp-echo-interval", "5", "lcp-echo-failure", "3" } },
		{ "encryption", { "require-mppe-128", "mppe-stateful" } },
		{ "ways to authenticate", { "refuse-pap", "refuse-eap" } },
	};
	struct kb_error why;

	(void)state;
	assert_int_equal(launcher_check_options(NULL, NULL, NULL, &why), 0);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		if (is_refused(cases[i].words, NULL, &why))
			fail_msg("%s: %s", cases[i].what, why.text);
	}
}

/* clang-format off */
static const struct {
	const char *what;
	const char *words[4];
	size_t bad; /* index of the word that is refused */
} attacks[] = {
	{ "a plugin",                     { "plugin", "/tmp/evil.so" }, 0 },
	{ "a connect script",             { "connect", "/bin/sh" }, 0 },
	{ "a program in the line's place", { "pty", "/bin/sh" }, 0 },
	{ "an init script",               { "init", "/bin/sh" }, 0 },
	{ "a welcome script",             { "welcome", "/bin/sh" }, 0 },
	{ "a disconnect script",          { "disconnect", "/bin/sh" }, 0 },
	{ "scripts of another place",     { "ip-up-script", "/tmp/evil" }, 0 },
	{ "an options file",              { "file", "/etc/shadow" }, 0 },
	{ "a peer's options",             { "call", "provider" }, 0 },
	{ "an argument for root's scripts", { "ipparam", "$(reboot)" }, 0 },
	{ "their environment",            { "set", "PATH=/tmp" }, 0 },
	{ "a log anywhere",               { "logfile", "/etc/passwd" }, 0 },
	{ "a record anywhere",            { "record", "/etc/passwd" }, 0 },
	{ "a file named by the link",     { "linkname", "../../etc/cron.d/x" }, 0 },
	{ "a bare path",                  { "/etc/shadow" }, 0 },
	{ "a path after a flag",          { "noccp", "/etc/shadow" }, 1 },
	{ "a path as a number",           { "mtu", "/etc/shadow" }, 0 },
	{ "a word as a number",           { "mtu", "plugin", "/tmp/evil.so" }, 0 },
	{ "a certificate",                { "ca", "/etc/shadow" }, 0 },
	{ "a key",                        { "key", "/etc/shadow" }, 0 },
	{ "a password file",              { "+ua", "/etc/shadow" }, 0 },
	{ "another's secret",             { "user", "root" }, 0 },
	{ "another's secret by our name", { "name", "root" }, 0 },
	{ "another's secret by the peer's", { "remotename", "bank" }, 0 },
	{ "a password in sight",          { "show-password" }, 0 },
	{ "a password here",              { "password", "hunter2" }, 0 },
	{ "asking the system's passwords", { "login" }, 0 },
	{ "testing root's secrets",       { "require-pap" }, 0 },
	{ "an address",                   { "10.0.0.1:10.0.0.2" }, 0 },
	{ "a default route that is not ours", { "defaultroute" }, 0 },
	{ "our plugin's own options",     { "uptun-session", "4" }, 0 },
	{ "the stock plugin's",           { "pppol2tp", "4" }, 0 },
	{ "a socket",                     { "socket", "example.org:80" }, 0 },
	{ "detaching",                    { "updetach" }, 0 },
	{ "another name for it",          { "Plugin", "x" }, 0 },
	{ "a beginning",                  { "noc" }, 0 },
	{ "more than a word",             { "noccp plugin" }, 0 },
	{ "two lines",                    { "noccp\nplugin" }, 0 },
	{ "an empty word",                { "" }, 0 },
	{ "too small an MTU",             { "mtu", "127" }, 0 },
	{ "too large an MRU",             { "mru", "16385" }, 0 },
	{ "a negative number",            { "idle", "-1" }, 0 },
	{ "a number with a tail",         { "idle", "1x" }, 0 },
	{ "a number with a blank",        { "idle", " 1" }, 0 },
	{ "too many digits",              { "idle", "0000001" }, 0 },
	{ "too long a time",              { "idle", "604801" }, 0 },
	{ "no number",                    { "mtu" }, 0 },
	{ "no number at the end",         { "noccp", "novj", "mtu" }, 2 },
};
/* clang-format on */

static void
whatever_else_is_refused_by_its_word(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof attacks / sizeof attacks[0]; i++) {
		struct kb_error why;
		size_t bad = 99;

		if (launcher_check_options(attacks[i].words, NULL, &bad, &why) != -EINVAL)
			fail_msg("%s passed", attacks[i].what);
		assert_int_equal(bad, attacks[i].bad);
		const bool is_printable = strchr(attacks[i].words[bad], '\n') == NULL;
		if (is_printable && strstr(why.text, attacks[i].words[bad]) == NULL)
			fail_msg("%s: the sentence does not name the word: %s", attacks[i].what, why.text);
	}
}

static void
a_refusal_says_what_could_be_done(void **state)
{
	struct kb_error why;

	(void)state;
	assert_int_equal(launcher_check_option("defaultroute", NULL, &why), -EINVAL);
	assert_non_null(strstr(why.text, "uptun-profile(5)"));
	assert_non_null(strstr(why.text, "--allow-pppd-option"));
	assert_int_equal(launcher_check_option("plugin", NULL, &why), -EINVAL);
	assert_non_null(strstr(why.text, "runs code as root"));
	assert_null(strstr(why.text, "--allow-pppd-option"));
	assert_true(is_refused(WORDS("mtu", "9"), NULL, &why));
	assert_non_null(strstr(why.text, "128 to 16384"));
}

static void
root_adds_words_with_and_without_arguments(void **state)
{
	static const char *const extra[] = { "defaultroute", "ms-dns:1", "bsdcomp:1", NULL };
	struct kb_error why;

	(void)state;
	assert_false(is_refused(WORDS("defaultroute", "ms-dns", "10.0.0.1", "noccp"), extra, &why));
	assert_int_equal(launcher_check_option("ms-dns", extra, &why), 0);
	assert_true(is_refused(WORDS("ms-dns"), extra, &why));
	assert_non_null(strstr(why.text, "lacks"));
	assert_true(is_refused(WORDS("ms-dns:1"), extra, &why));
	assert_true(is_refused(WORDS("ms-wins", "10.0.0.1"), extra, &why));
	assert_true(is_refused(WORDS("defaultroute", "10.0.0.1"), extra, &why));
}

static void
an_argument_of_root_s_words_is_no_word_that_hands_out_root(void **state)
{
	static const char *const extra[] = { "defaultroute:1", NULL }; /* miscounted: pppd would read on */
	struct kb_error why;

	(void)state;
	assert_true(is_refused(WORDS("defaultroute", "plugin"), extra, &why));
	assert_true(is_refused(WORDS("defaultroute", "file"), extra, &why));
	assert_true(is_refused(WORDS("defaultroute", "a\nplugin"), extra, &why));
}

static void
root_cannot_add_what_would_hand_out_root(void **state)
{
	static const char *const never[] = {
		"plugin",    "plugin:1",  "file:1",   "call:1",	   "connect:1", "pty:1", "init:1",
		"welcome:1", "logfile:1", "record:1", "ipparam:1", "set:1",	"",	 ":1",
		"a:b:1",     "mtu/x",	  "x:4",      "x:0",	   "x:11",	"x\ny",	 "uptun-session:1"
	};
	struct kb_error why;

	(void)state;
	for (size_t i = 0; i < sizeof never / sizeof never[0]; i++) {
		if (launcher_check_extra(never[i], &why) != -EINVAL)
			fail_msg("\"%s\" can be allowed", never[i]);
	}
	assert_int_equal(launcher_check_extra("defaultroute", &why), 0);
	assert_int_equal(launcher_check_extra("ms-dns:1", &why), 0);
}

/* ---- the list against pppd itself ---- */

/* pppd's exit status is 2 when it cannot read its options, and something else, for want of a kernel, when it can. */
static bool
pppd_understands(const char *options)
{
	enum { OPTION_ERROR = 2 };
	char path[] = "/tmp/uptun-test-XXXXXX", command[128];
	const int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(dprintf(fd, "nodetach notty dryrun\n%s\n", options) < 0, 0);
	close(fd);
	snprintf(command, sizeof command, "/usr/sbin/pppd file %s </dev/null >/dev/null 2>&1", path);
	const int status = system(command);
	unlink(path);
	return WIFEXITED(status) && WEXITSTATUS(status) != OPTION_ERROR;
}

static void
every_word_is_pppd_s_with_as_many_arguments(void **state)
{
	char line[80];
	struct launcher_word word;

	(void)state;
	if (geteuid() != 0 || access("/usr/sbin/pppd", X_OK) != 0 || !pppd_understands("debug") ||
	    pppd_understands("bogus")) {
		printf("skipped: no pppd that we may start\n");
		skip();
	}
	for (size_t i = 0; launcher_allowed_word(i, &word); i++) {
		struct kb_error why;
		const bool has_number = is_refused(WORDS(word.name), NULL, &why);

		assert_true(strlen(word.because) > 10);
		assert_true(has_number == (word.argument[0] != '\0'));
		snprintf(line, sizeof line, "%s%s debug", word.name, has_number ? " 128" : "");
		if (strcmp(word.name, "vj-max-slots") == 0)
			snprintf(line, sizeof line, "%s 8 debug", word.name);
		if (!pppd_understands(line))
			fail_msg("pppd does not understand \"%s\"", line);
		snprintf(line, sizeof line, "%s%s bogus", word.name, has_number ? " 128" : "");
		assert_false(pppd_understands(line));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(harmless_words_pass),
		cmocka_unit_test(whatever_else_is_refused_by_its_word),
		cmocka_unit_test(a_refusal_says_what_could_be_done),
		cmocka_unit_test(root_adds_words_with_and_without_arguments),
		cmocka_unit_test(an_argument_of_root_s_words_is_no_word_that_hands_out_root),
		cmocka_unit_test(root_cannot_add_what_would_hand_out_root),
		cmocka_unit_test(every_word_is_pppd_s_with_as_many_arguments),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
