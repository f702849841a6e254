/* test_output.c - every report as text and as JSON, against files of what it should be
 * SPDX-License-Identifier: Apache-2.0
 *
 * With `text` or `json` as its argument the program prints what it would compare.
 */
#include "cli/output.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/cli/reports.h"

enum { FILE_OCTETS = 32768 };

static void
tell_all(bool json, enum output_level level, FILE *out, FILE *err)
{
	struct profile *p = malloc(sizeof *p);
	struct output o;

	profile_init(p);
	(void)snprintf(p->name, sizeof p->name, "office");
	(void)snprintf(p->server, sizeof p->server, "vpn.example.org");
	(void)profile_session_at(p, 0);
	output_init(&o, json ? &output_json : &output_text, level, out, err);
	output_set_profiles(&o, p, 1);
	reports_tell(output_report, &o);
	profile_fini(p);
	free(p);
}

static void
read_file(const char *path, char *text)
{
	FILE *in = fopen(path, "r");
	size_t n;

	assert_non_null(in);
	n = fread(text, 1, FILE_OCTETS - 1, in);
	text[n] = '\0';
	assert_int_equal(fclose(in), 0);
}

static void
compare(bool json, const char *path)
{
	char *told = NULL, *wanted = malloc(FILE_OCTETS);
	size_t n = 0;
	FILE *out = open_memstream(&told, &n);

	tell_all(json, OUTPUT_STEPS, out, out);
	assert_int_equal(fclose(out), 0);
	read_file(path, wanted);
	assert_string_equal(told, wanted);
	free(told);
	free(wanted);
}

static void
every_report_is_a_line_of_text(void **state)
{
	(void)state;
	compare(false, "tests/data/cli/reports.text");
}

static void
every_report_is_a_json_object(void **state)
{
	(void)state;
	compare(true, "tests/data/cli/reports.json");
}

/* The members of the section "## EVENT" of the description, as they must begin in an object, in order. */
static void
expect_members(const char *section, const char **object)
{
	const char *end = strstr(section, "\n## ");
	char name[64];

	for (const char *row = strstr(section, "\n| `"); row != NULL && (end == NULL || row < end);
	     row = strstr(row + 1, "\n| `")) {
		const int n = (int)strcspn(row + 4, "`");

		(void)snprintf(name, sizeof name, "\"%.*s\":", n, row + 4);
		*object = strstr(*object, name);
		assert_non_null(*object);
		*object += strlen(name);
	}
}

static size_t
count(const char *text, const char *what, const char *end)
{
	size_t n = 0;

	for (const char *at = strstr(text, what); at != NULL && (end == NULL || at < end);
	     at = strstr(at + 1, what))
		n++;
	return n;
}

static void
check_object(const char *line, const char *description)
{
	const char *end = strchr(line, '\n'), *at = line, *section,
		   *common = strstr(description, "\n## Every object\n");
	char head[64];
	size_t members;

	(void)snprintf(head, sizeof head, "\n## %.*s\n", (int)strcspn(line + 10, "\""), line + 10);
	section = strstr(description, head);
	assert_non_null(section);
	expect_members(common + 1, &at);
	expect_members(section + 1, &at);
	assert_true(at < end);
	members = 1 + count(common, "\n| `", strstr(common + 1, "\n## "));
	members += count(section, "\n| `", strstr(section + 1, "\n## "));
	assert_int_equal(count(line, "\":", end), members);
}

static void
an_object_has_exactly_the_members_that_are_documented(void **state)
{
	char *description = malloc(FILE_OCTETS), *lines = malloc(FILE_OCTETS);

	(void)state;
	read_file("docs/json.md", description);
	read_file("tests/data/cli/reports.json", lines);
	for (const char *line = lines; *line != '\0'; line = strchr(line, '\n') + 1)
		check_object(line, description);
	assert_int_equal(count(description, "\n## ", NULL), 1 + HOST_REPORT_N);
	free(description);
	free(lines);
}

static void
milestones_alone_are_told_unless_asked(void **state)
{
	char *told = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&told, &n);

	(void)state;
	tell_all(true, OUTPUT_MILESTONES, out, out);
	assert_int_equal(fclose(out), 0);
	assert_null(strstr(told, "\"event\":\"step\""));
	assert_null(strstr(told, "\"event\":\"note\""));
	assert_null(strstr(told, "\"number\":1}"));
	assert_non_null(strstr(told, "\"number\":2}"));
	free(told);
}

static void
failures_go_to_standard_error(void **state)
{
	char *told = NULL, *failed = NULL;
	size_t told_n = 0, failed_n = 0;
	FILE *out = open_memstream(&told, &told_n), *err = open_memstream(&failed, &failed_n);

	(void)state;
	tell_all(false, OUTPUT_MILESTONES, out, err);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(fclose(err), 0);
	assert_string_equal(failed, "uptun: office: the server rejected joe's password: check --user and "
				    "--password-file\n");
	assert_null(strstr(told, "rejected"));
	free(told);
	free(failed);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_report_is_a_line_of_text),
		cmocka_unit_test(every_report_is_a_json_object),
		cmocka_unit_test(an_object_has_exactly_the_members_that_are_documented),
		cmocka_unit_test(milestones_alone_are_told_unless_asked),
		cmocka_unit_test(failures_go_to_standard_error),
	};

	if (argc > 1) {
		tell_all(strcmp(argv[1], "json") == 0, OUTPUT_STEPS, stdout, stdout);
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
