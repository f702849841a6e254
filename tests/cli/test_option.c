/* test_option.c - the table of options, and reading command lines by it
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/control/option_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { WORDS_MAX = 16, LINE_OCTETS = 256 };

/* A line cut into words, as a shell would without quotes. */
struct line {
	char text[LINE_OCTETS];
	char *words[WORDS_MAX + 1];
	int n;
};

static void
cut(struct line *line, const char *text)
{
	char *save = NULL;

	memset(line, 0, sizeof *line);
	memcpy(line->text, text, strlen(text) + 1);
	for (char *word = strtok_r(line->text, " ", &save); word != NULL; word = strtok_r(NULL, " ", &save))
		line->words[line->n++] = word;
}

static const struct {
	const char *line, *error;
} bad_lines[] = {
	{ "up --mtu", "--mtu needs an argument, N: octets, 128 to 16384" },
	{ "up --mtu abc", "--mtu: \"abc\" is not right; wanted: octets, 128 to 16384" },
	{ "up --mtu 127", "--mtu: \"127\" is not right; wanted: octets, 128 to 16384" },
	{ "up --mtu 16385", "--mtu: \"16385\" is not right; wanted: octets, 128 to 16384" },
	{ "up --mtu -1", "--mtu: \"-1\" is not right; wanted: octets, 128 to 16384" },
	{ "up --mtu +400", "--mtu: \"+400\" is not right; wanted: octets, 128 to 16384" },
	{ "up --mtu 14a", "--mtu: \"14a\" is not right; wanted: octets, 128 to 16384" },
	{ "up --port 99999999999999999999",
	  "--port: \"99999999999999999999\" is not right; wanted: port, 1 to 65535" },
	{ "up --mark 0x",
	  "--mark: \"0x\" is not right; wanted: 32-bit firewall mark, decimal or 0x hexadecimal" },
	{ "up --dns maybe", "--dns: \"maybe\" is not right; wanted: report|none" },
	{ "up --data-path tun",
	  "--data-path: \"tun\" is not right; wanted: auto|netlink|ol2tp|olac|pptp|opns|null" },
	{ "up --mppe yes", "--mppe: \"yes\" is not right; wanted: require|allow|off" },
	{ "up --user=", "--user: \"\" is not right; wanted: at most 255 octets" },
	{ "up --json=yes", "--json takes no argument" },
	{ "up --frob", "there is no option --frob; see uptun up --help" },
	{ "up -x", "there is no option -x; see uptun up --help" },
	{ "up -vx", "there is no option -x; see uptun up --help" },
	{ "up --=1", "there is no option --; see uptun up --help" },
	{ "up --mtu --", "--mtu needs an argument, N: octets, 128 to 16384" },
	{ "up --h", "there is no option --h; see uptun up --help" },
	{ "up --hex", "there is no option --hex; see uptun up --help" },
	{ "up --prot 3", "there is no option --prot: is --port meant? See uptun up --help" },
	{ "up --ports 3", "there is no option --ports: is --port meant? See uptun up --help" },
	{ "up --deamon", "there is no option --deamon: is --daemon meant? See uptun up --help" },
	{ "up --MTU 3", "there is no option --MTU: is --mtu meant? See uptun up --help" },
	{ "up --password_file x",
	  "there is no option --password_file: is --password-file meant? See uptun up --help" },
	{ "up --passwort=x", "there is no option --passwort; see uptun up --help" },
	{ "up --m", "there is no option --m; see uptun up --help" },
	{ "up --password hunter2",
	  "--password: everybody can read a secret on the command line; put it into a file "
	  "and name that with --password-file" },
	{ "up --pass=hunter2",
	  "--pass: everybody can read a secret on the command line; put it into a file and name "
	  "that with --password-file" },
	{ "up --secret hunter2",
	  "--secret: everybody can read a secret on the command line; put it into a file and "
	  "name that with --secret-file" },
};

static void
a_bad_line_is_refused_with_one_sentence(void **state)
{
	struct options options;
	struct option_error why;
	struct line line;

	(void)state;
	for (size_t i = 0; i < sizeof bad_lines / sizeof bad_lines[0]; i++) {
		cut(&line, bad_lines[i].line);
		assert_int_equal(options_parse(COMMAND_UP, line.n, line.words, &options, &why), OPTIONS_BAD);
		assert_string_equal(why.text, bad_lines[i].error);
	}
}

static void
options_operands_and_pppd_words_are_told_apart(void **state)
{
	struct options options;
	struct option_error why;
	struct line line;

	(void)state;
	cut(&line, "up l2tp --mtu 1380 server -vv --json --mark=0x20 -- debug -- --mtu");
	assert_int_equal(options_parse(COMMAND_UP, line.n, line.words, &options, &why), OPTIONS_OK);
	assert_int_equal(options.operands_n, 2);
	assert_string_equal(options.operands[1], "server");
	assert_int_equal(options.rest_n, 3);
	assert_string_equal(options.rest[2], "--mtu");
	assert_int_equal(options_count(&options, OPTION_VERBOSE), 2);
	assert_int_equal(options_count(&options, OPTION_JSON), 1);
	assert_int_equal(options.given[0].number, 1380);
	assert_int_equal(options.given[options.given_n - 1].number, 0x20);
}

static void
a_line_that_was_read_can_be_read_again(void **state)
{
	struct options options;
	struct option_error why;
	struct line line;

	(void)state;
	cut(&line, "up --mtu 1380 l2tp -v server --mark 7 - -- debug");
	for (int time = 0; time < 2; time++) {
		assert_int_equal(options_parse(COMMAND_UP, line.n, line.words, &options, &why), OPTIONS_OK);
		assert_int_equal(options.operands_n, 3);
		assert_string_equal(options.operands[0], "l2tp");
		assert_string_equal(options.operands[1], "server");
		assert_string_equal(options.operands[2], "-");
		assert_int_equal(options.given_n, 3);
		assert_int_equal(options.given[0].number, 1380);
		assert_int_equal(options.given[2].number, 7);
		assert_int_equal(options.rest_n, 1);
	}
}

static void
a_name_may_be_cut_short_while_it_is_that_of_one(void **state)
{
	struct options options;
	struct option_error why;
	struct line line;

	(void)state;
	cut(&line, "up --tr 7 --ifn=vpn0 --route 10.0.0.0/8");
	assert_int_equal(options_parse(COMMAND_UP, line.n, line.words, &options, &why), OPTIONS_OK);
	assert_string_equal(options.given[0].spec->name, "tries");
	assert_string_equal(options.given[1].value, "vpn0");
	assert_string_equal(options.given[2].spec->name, "route");
	cut(&line, "up --m 1380");
	assert_int_equal(options_parse(COMMAND_UP, line.n, line.words, &options, &why), OPTIONS_BAD);
	assert_string_equal(why.text, "there is no option --m; see uptun up --help");
}

static void
apply_line(const char *text, struct profile *p)
{
	struct options options;
	struct option_error why;
	struct profile_error error;
	struct line line;

	cut(&line, text);
	assert_int_equal(options_parse(COMMAND_UP, line.n, line.words, &options, &why), OPTIONS_OK);
	assert_int_equal(options_apply(&options, p, NULL, &error), PROFILE_OK);
}

static void
every_field_arrives(void **state)
{
	struct profile *p = malloc(sizeof *p);

	(void)state;
	profile_init(p);
	apply_line("up --port 1702 --local-port 9 --interface eth0 --mark 5 --hello 0 --tries 7 --window 4 "
		   "--mtu 1380",
		   p);
	apply_line(
	    "up --user joe --password-file /p --secret-file - --hide-avps --ifname vpn0 --mru 1390 --name n",
	    p);
	apply_line(
	    "up --default-route --route 10.0.0.0/8 --dns none --timeout 9 --reconnect --ppp-plugin pppol2tp",
	    p);
	apply_line("up --data-path null --host-name lac -- debug", p);
	assert_int_equal(p->server_port, 1702);
	assert_int_equal(p->local_port, 9);
	assert_string_equal(p->interface, "eth0");
	assert_int_equal(p->fwmark, 5);
	assert_int_equal(p->l2tp.hello_interval_s, 0);
	assert_int_equal(p->l2tp.tries, 7);
	assert_int_equal(p->l2tp.window, 4);
	assert_string_equal(p->l2tp.secret.file, "-");
	assert_true(p->l2tp.hide_avps);
	assert_string_equal(p->l2tp.host_name, "lac");
	assert_string_equal(p->name, "n");
	assert_int_equal(p->sessions_n, 1);
	assert_string_equal(p->sessions[0].user, "joe");
	assert_string_equal(p->sessions[0].password.file, "/p");
	assert_string_equal(p->sessions[0].interface_name, "vpn0");
	assert_string_equal(p->sessions[0].options[0], "debug");
	assert_int_equal(p->sessions[0].mtu, 1380);
	assert_int_equal(p->sessions[0].mru, 1390);
	assert_true(p->default_route);
	assert_int_equal(p->routes_n, 1);
	assert_int_equal(p->dns, PROFILE_DNS_NONE);
	assert_int_equal(p->timeouts.setup_s, 9);
	assert_true(p->reconnect.enabled);
	assert_int_equal(p->ppp_plugin, PROFILE_PLUGIN_PPPOL2TP);
	assert_int_equal(p->data_path, PROFILE_DATA_NULL);
	profile_fini(p);
	free(p);
}

static void
pptp_takes_its_own_fields(void **state)
{
	struct profile *p = malloc(sizeof *p);

	(void)state;
	profile_init(p);
	p->protocol = PROFILE_PPTP;
	apply_line("up --host-name pns --window 5 --echo 7 --mppe require --port 1 --data-path pptp", p);
	assert_string_equal(p->pptp.host_name, "pns");
	assert_string_equal(p->l2tp.host_name, "");
	assert_int_equal(p->pptp.window, 5);
	assert_int_equal(p->l2tp.window, 0);
	assert_int_equal(p->pptp.echo_interval_s, 7);
	assert_int_equal(p->sessions[0].mppe, PROFILE_MPPE_REQUIRE);
	assert_int_equal(p->data_path, PROFILE_DATA_PPTP);
	profile_fini(p);
	free(p);
}

static void
an_option_of_the_other_protocol_is_refused(void **state)
{
	static const struct {
		const char *line;
		enum profile_protocol protocol;
		const char *option, *text;
	} cases[] = {
		{ "up --hello 7", PROFILE_PPTP, "hello", "makes sense with L2TP only" },
		{ "up --tries 7", PROFILE_PPTP, "tries", "makes sense with L2TP only" },
		{ "up --hide-avps", PROFILE_PPTP, "hide-avps", "makes sense with L2TP only" },
		{ "up --secret-file s", PROFILE_PPTP, "secret-file", "makes sense with L2TP only" },
		{ "up --echo 7", PROFILE_L2TP, "echo", "makes sense with PPTP only" },
	};
	struct options options;
	struct option_error why;
	struct profile *p = malloc(sizeof *p);
	struct profile_error error;
	struct line line;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		profile_init(p);
		p->protocol = cases[i].protocol;
		cut(&line, cases[i].line);
		assert_int_equal(options_parse(COMMAND_UP, line.n, line.words, &options, &why), OPTIONS_OK);
		assert_int_equal(options_apply(&options, p, NULL, &error), PROFILE_BAD);
		assert_string_equal(error.text, cases[i].text);
		assert_string_equal(options_of_field(&options, error.field)->name, cases[i].option);
		profile_fini(p);
	}
	free(p);
}

/* Sets one number to `value` in a profile that is right otherwise, and checks it. */
static enum profile_result
check_number(const struct option_spec *spec, uint32_t value)
{
	struct profile *p = calloc(1, sizeof *p);
	struct profile_error why;
	uint8_t *base = (uint8_t *)p;
	enum profile_result result;

	profile_init(p);
	(void)profile_session_at(p, 0);
	memcpy(p->server, "s", 2);
	if (spec->target != OPTION_OF_PROFILE)
		base = (uint8_t *)&p->sessions[0];
	memcpy(base + spec->offset, &value, sizeof value);
	result = profile_check(p, NULL, &why);
	profile_fini(p);
	free(p);
	return result;
}

static void
the_ranges_are_those_of_the_profile(void **state)
{
	(void)state;
	for (size_t i = 0; i < option_table_n; i++) {
		const struct option_spec *spec = &option_table[i];

		if (spec->kind != OPTION_NUMBER || spec->field[0] == '\0')
			continue;
		assert_int_equal(check_number(spec, spec->min), PROFILE_OK);
		assert_int_equal(check_number(spec, spec->max), PROFILE_OK);
		if (spec->max != UINT32_MAX)
			assert_int_equal(check_number(spec, spec->max + 1), PROFILE_BAD);
		if (spec->min > 1)
			assert_int_equal(check_number(spec, spec->min - 1), PROFILE_BAD);
	}
}

static void
every_option_has_what_its_manual_needs(void **state)
{
	(void)state;
	for (size_t i = 0; i < option_table_n; i++) {
		const struct option_spec *spec = &option_table[i];
		const struct option_text *text = &option_texts[i];

		assert_true(spec->name[0] != '\0');
		assert_non_null(text->help);
		assert_non_null(text->fallback);
		assert_non_null(text->example);
		assert_true(spec->commands != 0);
		assert_true((text->argument != NULL) == (spec->kind != OPTION_FLAG));
		assert_true((text->unit != NULL) == (text->argument != NULL));
	}
}

static void
an_error_in_a_field_is_told_by_its_option(void **state)
{
	struct options options;
	struct option_error why;
	struct line line;

	(void)state;
	cut(&line, "up --mtu 1380 --route 10.0.0.0/8 --hide-avps --window 3");
	assert_int_equal(options_parse(COMMAND_UP, line.n, line.words, &options, &why), OPTIONS_OK);
	assert_string_equal(options_of_field(&options, "session[3].mtu")->name, "mtu");
	assert_string_equal(options_of_field(&options, "route[2]")->name, "route");
	assert_string_equal(options_of_field(&options, "l2tp.hide_avps")->name, "hide-avps");
	assert_string_equal(options_of_field(&options, "pptp.window")->name, "window");
	assert_null(options_of_field(&options, "pptp.host_name"));
	assert_null(options_of_field(&options, "server"));
	assert_null(options_of_field(&options, "session[0].mru"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_bad_line_is_refused_with_one_sentence),
		cmocka_unit_test(options_operands_and_pppd_words_are_told_apart),
		cmocka_unit_test(a_line_that_was_read_can_be_read_again),
		cmocka_unit_test(a_name_may_be_cut_short_while_it_is_that_of_one),
		cmocka_unit_test(every_field_arrives),
		cmocka_unit_test(pptp_takes_its_own_fields),
		cmocka_unit_test(an_option_of_the_other_protocol_is_refused),
		cmocka_unit_test(the_ranges_are_those_of_the_profile),
		cmocka_unit_test(every_option_has_what_its_manual_needs),
		cmocka_unit_test(an_error_in_a_field_is_told_by_its_option),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
